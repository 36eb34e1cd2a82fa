"""The generated parts of the narrative pages: everything in the tables is on the page."""

from itertools import takewhile
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from safer_communities.chapter.book import Book
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period
from safer_communities.project import DATA, ROOT
from safer_communities.settings import Settings
from safer_communities.site.pages.markers import asked_for, with_parts
from safer_communities.site.pages.parts import made_parts

pytestmark = pytest.mark.slow

PRIORITIES = sorted(load.table("outcomes")["priority"].unique())


@pytest.fixture(scope="module")
def data() -> Book:
    return Book(Settings())


def rows(html: str) -> list[list[str]]:
    table = BeautifulSoup(html, "lxml").table
    return [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tbody tr")]


def made(name: str, data: Book) -> str:
    return made_parts({"page": [name]}, data)[name]


def test_a_part_that_nothing_makes_is_refused_with_its_page(data: Book) -> None:
    with pytest.raises(ValueError, match=r"book/revisions\.md: nothing makes 'wishes'"):
        made_parts({"introduction": ["revisions"], "revisions": ["wishes"]}, data)


def test_only_a_line_that_is_a_mark_is_replaced(tmp_path: Path) -> None:
    text = "# A\n\nSee % generated: b here.\n\n% a comment\n\n    % generated: c\n"
    (tmp_path / "page.md").write_text(text + "% generated: outcomes 1\n")
    assert asked_for(tmp_path) == {"page": ["outcomes 1"]}
    parts = {"outcomes 1": r"<b>\1 % generated: d</b>"}
    assert (
        with_parts(text + "% generated: outcomes 1\n", parts) == text + parts["outcomes 1"] + "\n"
    )


def test_every_part_that_the_book_asks_for_can_be_made(data: Book) -> None:
    asked = asked_for(ROOT / "book")
    assert len(asked) >= 7
    parts = made_parts(asked, data)
    assert sorted(parts) == sorted({name for names in asked.values() for name in names})
    for page in (ROOT / "book").glob("*.md"):
        assert "% generated:" not in with_parts(page.read_text(encoding="utf-8"), parts)


def test_each_priority_asks_for_its_own_outcomes() -> None:
    asked = asked_for(ROOT / "book")
    assert {n: asked[f"priority_{n}"] for n in PRIORITIES} == {
        n: [f"outcomes {n}"] for n in PRIORITIES
    }


@pytest.mark.parametrize("priority", PRIORITIES)
def test_a_priority_lists_every_outcome_of_its_own(data: Book, priority: int) -> None:
    html = made(f"outcomes {priority}", data)
    outcomes = load.table("outcomes")
    expected = outcomes[outcomes["priority"] == priority]
    found = rows(html)
    assert [row[0] for row in found] == list(expected["summary"])
    for row, indicators in zip(found, expected["indicators"], strict=True):
        assert row[1].split("; ") == (indicators or "Nothing published can").split(";")


def test_generated_tables_are_one_block(data: Book) -> None:
    """A blank line would end the HTML, and the rest would be read as Markdown."""
    for name in ("outcomes 1", "revisions"):
        html = made(name, data)
        assert "\n\n" not in html
        assert html.startswith("<")


def sections_of(markdown: str) -> dict[str, tuple[str, list[str]]]:
    """The text and the links of each section as a reader meets them, by its heading."""
    page = BeautifulSoup(MarkdownIt().render(markdown), "lxml")
    found = {}
    for heading in page.select("h3"):
        parts = list(takewhile(lambda part: part.name != "h3", heading.find_next_siblings()))
        text = " ".join(part.get_text() for part in parts)
        links = [link["href"] for part in parts for link in part.select("a")]
        found[heading.get_text()] = text, links
    return found


def test_every_source_is_named_with_licence_attribution_and_tables(data: Book) -> None:
    sections = sections_of(made("data sources", data))
    package = yaml.safe_load((DATA / "datapackage.yaml").read_text(encoding="utf-8"))
    assert set(sections) == {resource["sources"][0]["title"] for resource in package["resources"]}
    for resource in package["resources"]:
        text, links = sections[resource["sources"][0]["title"]]
        assert resource["title"] in text
        assert f"(data/{resource['path']}, " in text
        assert resource["attribution"] in text
        assert resource["publisher"] in text
        for licence in resource["licenses"]:
            assert licence["title"] in text
        named = [*resource["sources"], *resource["licenses"]]
        assert {each["path"] for each in named if "path" in each} <= set(links)


def test_every_table_says_which_years_it_covers(data: Book) -> None:
    text = made("data sources", data)
    lines = {line.split("`")[1]: line for line in text.splitlines() if "- **Table:**" in line}
    last = load.table("london_asb_calls")["month"].max()
    assert f", January 2019 to {last:%B %Y} (" in lines["data/asb/london_asb_calls.csv"]
    assert ", 2021 (" in lines["data/population/households.csv"]
    last = load.table("mid_year_population")["mid_year"].max()
    assert f", 2001 to {last} (" in lines["data/population/mid_year_population.csv"]
    # A table without a time of its own names none.
    assert "boroughs (`" in lines["data/reference/boroughs.csv"]


def test_revisions_show_each_release_as_it_gave_the_year(data: Book) -> None:
    found = rows(made("revisions", data))
    by_release = {row[0]: row[1:] for row in found}
    assert by_release["February 2024"] == ["2019", "26,086", "27,826", "6.7"]
    assert len(by_release) == len(found) >= 5


def test_revisions_follow_the_borough_and_stay_with_the_strategys_year() -> None:
    other = Book(Settings("Enfield", 2025))
    html = made("revisions", other)
    page = BeautifulSoup(html, "lxml")
    assert page.caption.get_text().startswith("Offences recorded in Enfield")
    headings = [th.get_text() for th in page.select("thead th")]
    assert "12 months to March 2022" in headings
    counts = {row[0]: row[3] for row in rows(html)}
    strategy_year = Period.year_to("2022-03")
    assert counts["April 2025"] == f"{other.crime.count(period=strategy_year):,}"


def test_revised_headlines_name_those_that_turned(data: Book) -> None:
    found = rows(made("revised headlines", data))
    moved = {row[0]: row[-1] for row in found}
    assert moved["Change in possession of weapons"] == "direction"
    assert moved["Change in drug offences"] == "size"
    assert moved["Change in public order offences"] == "nothing"


def test_every_edition_lists_its_releases(data: Book) -> None:
    found = rows(made("releases used", data))
    editions = load.table("editions")
    assert [row[0] for row in found] == list(editions["label"])
    assert [row[2] for row in found] == [
        ", ".join(names.split()) for names in editions["borough_crime_releases"]
    ]
    assert dict(zip(editions["edition"], found, strict=True))[2026][2] == (
        "2026-07, 2026-01, 2025-12, 2025-04"
    )
