"""Who publishes the site: `publisher.yml` read and checked, and what pages say of it."""

from pathlib import Path

import pytest
import yaml

from safer_communities.analysis.editions import edition_of
from safer_communities.chapter.front.imprint import Imprint
from safer_communities.datasets import load
from safer_communities.errors import InputError, leaves
from safer_communities.publisher import PUBLISHER, publisher_of
from safer_communities.site.pages.imprint import config_with_imprint

COUNCIL = """
publisher: Enfield Council
council: yes
address: https://safer.enfield.example/
email: safer@enfield.example
telephone: 020 8000 0000
feedback: https://safer.enfield.example/contact
reply_days: 10
statement_prepared: 2026-10-01
statement_reviewed: 2026-11-02
editions:
  2026: {published: 2026-11-03, next: 2027-09}
"""


def read(folder: Path, text: str, borough: str = "Enfield"):
    path = folder / "publisher.yml"
    path.write_text(text, encoding="utf-8")
    return publisher_of(borough, path)


def imprint_of(publisher, year: int = 2026) -> Imprint:
    return Imprint(publisher, edition_of(year, load.table("editions")), newest=2026)


def test_as_committed_it_is_an_analysis_of_this_project_and_no_draft() -> None:
    found = imprint_of(publisher_of("Barnet"))
    assert "not by a council" in found.who
    assert found.draft == ""
    assert "open an issue" in found.report.data
    assert "Which rules apply" in found.statement("enforcement").data
    assert "To be decided" not in PUBLISHER.read_text(encoding="utf-8")


def test_a_council_that_says_all_speaks_for_itself_in_the_words_of_the_law(tmp_path: Path) -> None:
    found = imprint_of(read(tmp_path, COUNCIL))
    assert found.who == "Published by Enfield Council."
    assert found.when == (
        "2026 edition (newest) · figures to March 2026 · published 3 November 2026 · "
        "next edition planned for September 2027"
    )
    assert found.draft == ""
    assert "Enforcement procedure" in found.statement("enforcement").data
    assert "https://safer.enfield.example/contact" in found.report.data
    assert "10 days" in found.contact.data


def test_an_older_edition_says_which_one_followed(tmp_path: Path) -> None:
    found = imprint_of(publisher_of("Barnet"), 2024)
    assert found.when.endswith("published 27 November 2026 · followed by the 2025 edition")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("email: safer@enfield.example", "an email address"),
        ("reply_days: 10", "the days within which it answers"),
        ("statement_reviewed: 2026-11-02", "when the accessibility statement was last read"),
        ("  2026: {published: 2026-11-03, next: 2027-09}", "the date of publication"),
    ],
)
def test_a_council_with_a_gap_has_a_draft_that_says_which(
    tmp_path: Path, line: str, said: str
) -> None:
    found = imprint_of(read(tmp_path, COUNCIL.replace(line, "")))
    config = yaml.safe_load(config_with_imprint("html: {extra_footer: <p>Foot</p>}", found))
    for place in ("announcement", "extra_footer"):
        assert "This site is a draft" in config["html"][place]
        assert said in config["html"][place]
    assert config["html"]["extra_footer"].endswith("<p>Foot</p>")


def test_a_borough_of_its_own_takes_nothing_from_the_others(tmp_path: Path) -> None:
    own = "boroughs:\n  Barnet: {publisher: Barnet Council, council: yes}\n"
    found = read(tmp_path, COUNCIL + own, "Barnet")
    assert (found.publisher, found.email) == ("Barnet Council", "")
    assert found.dates(2026).published == "3 November 2026"


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ("council: yes", "council: perhaps", "council"),
        ("email: safer@enfield.example", "email: safer at enfield", "email"),
        ("email:", "e-mail:", "write 'email'"),
        ("address: https://", "address: javascript:", "address"),
        ("feedback: https://", "feedback: ftp://", "feedback"),
        ("telephone: 020", "telephone: ring", "telephone"),
        ("reply_days: 10", "reply_days: soon", "reply_days"),
        ("prepared: 2026-10-01", "prepared: 01/10/2026", "statement_prepared"),
        ("published: 2026-11-03", "published: 2026-11-31", "2026-11-31"),
        ("next: 2027-09", "next: 2027-13", "2027-13"),
        ("next: 2027-09", "then: 2027-09", "then"),
        ("  2026:", "  newest:", "newest"),
        ("publisher: Enfield Council", "publisher:", "publisher"),
        ("publisher: Enfield Council", "publisher: {name: A}", "publisher"),
        ("council: yes", "council: [", "line"),
    ],
)
def test_a_line_that_is_wrong_is_told_with_its_remedy(
    tmp_path: Path, right: str, wrong: str, named: str
) -> None:
    assert right in COUNCIL
    with pytest.raises((InputError, ExceptionGroup)) as raised:
        read(tmp_path, COUNCIL.replace(right, wrong))
    (error,) = leaves(raised.value)
    assert error.place == "publisher.yml"
    assert named in str(error)


def test_without_the_file_the_remedy_says_where_it_is_explained(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"docs/hosting.md"):
        publisher_of("Barnet", tmp_path / "publisher.yml")
