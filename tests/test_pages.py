"""The generated parts of the narrative pages: everything in the tables is on the page."""

from itertools import takewhile

import pytest
import yaml
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from safer_communities import load
from safer_communities.edition_data import EditionData
from safer_communities.periods import Period
from safer_communities.project import DATA, ROOT
from safer_communities.settings import Settings
from safer_communities.site.pages import with_generated

PRIORITIES = sorted(load.table("outcomes")["priority"].unique())


@pytest.fixture(scope="module")
def data() -> EditionData:
    return EditionData(Settings())


def rows(html: str) -> list[list[str]]:
    table = BeautifulSoup(html, "lxml").table
    return [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tbody tr")]


def test_an_unknown_marker_is_refused_with_its_page(data: EditionData) -> None:
    with pytest.raises(ValueError, match="revisions asks for 'wishes', which nothing makes"):
        with_generated("# Title\n\n% generated: wishes\n", "revisions", data)


def test_only_the_markers_line_is_replaced(data: EditionData) -> None:
    text = (
        "# Title\n\nSee % generated: outcomes here.\n\n% a comment\n\n    % generated: outcomes\n"
    )
    assert with_generated(text, "priority_1", data) == text


def test_every_marker_in_the_book_can_be_made(data: EditionData) -> None:
    pages = sorted((ROOT / "book").glob("*.md"))
    marked = [page for page in pages if "% generated:" in page.read_text(encoding="utf-8")]
    assert len(marked) >= 7
    for page in marked:
        text = with_generated(page.read_text(encoding="utf-8"), page.stem, data)
        assert "% generated:" not in text


@pytest.mark.parametrize("priority", PRIORITIES)
def test_a_priority_lists_every_outcome_of_its_own(data: EditionData, priority: int) -> None:
    html = with_generated("% generated: outcomes", f"priority_{priority}", data)
    outcomes = load.table("outcomes")
    expected = outcomes[outcomes["priority"] == priority]
    found = rows(html)
    assert [row[0] for row in found] == list(expected["summary"])
    for row, indicators in zip(found, expected["indicators"], strict=True):
        assert row[1].split("; ") == (indicators or "Nothing published can").split(";")


def test_generated_tables_are_one_block(data: EditionData) -> None:
    """A blank line would end the HTML, and the rest would be read as Markdown."""
    for marker, page in (("outcomes", "priority_1"), ("revisions", "revisions")):
        html = with_generated(f"% generated: {marker}", page, data)
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


def test_every_source_is_named_with_licence_attribution_and_tables(data: EditionData) -> None:
    sections = sections_of(with_generated("% generated: data sources", "data_sources", data))
    package = yaml.safe_load((DATA / "datapackage.yaml").read_text(encoding="utf-8"))
    assert set(sections) == {resource["sources"][0]["title"] for resource in package["resources"]}
    for resource in package["resources"]:
        text, links = sections[resource["sources"][0]["title"]]
        assert f"{resource['title']} (data/{resource['path']}, " in text
        assert resource["attribution"] in text
        assert resource["publisher"] in text
        for licence in resource["licenses"]:
            assert licence["title"] in text
        named = [*resource["sources"], *resource["licenses"]]
        assert {each["path"] for each in named if "path" in each} <= set(links)


def test_revisions_show_each_release_as_it_gave_the_year(data: EditionData) -> None:
    found = rows(with_generated("% generated: revisions", "revisions", data))
    by_release = {row[0]: row[1:] for row in found}
    assert by_release["release of February 2024"] == ["2019", "26,086", "27,826", "6.7"]
    assert len(by_release) == len(found) >= 5


def test_revisions_follow_the_borough_and_stay_with_the_strategys_year() -> None:
    other = EditionData(Settings("Enfield", 2025))
    html = with_generated("% generated: revisions", "revisions", other)
    page = BeautifulSoup(html, "lxml")
    assert page.caption.get_text().startswith("Offences recorded in Enfield")
    headings = [th.get_text() for th in page.select("thead th")]
    assert "12 months to March 2022" in headings
    counts = {row[0]: row[3] for row in rows(html)}
    strategy_year = Period.year_to("2022-03")
    assert counts["release of April 2025"] == f"{other.crime.count(period=strategy_year):,}"


def test_revised_headlines_name_those_that_turned(data: EditionData) -> None:
    found = rows(with_generated("% generated: revised headlines", "revisions", data))
    moved = {row[0]: row[-1] for row in found}
    assert moved["Change in possession of weapons"] == "direction"
    assert moved["Change in drug offences"] == "size"
    assert moved["Change in public order offences"] == "nothing"


def test_every_edition_lists_its_releases(data: EditionData) -> None:
    found = rows(with_generated("% generated: releases used", "revisions", data))
    assert [row[0] for row in found] == ["2022", "2023", "2024", "2025", "2026"]
    assert found[-1][2] == "2026-07, 2026-01, 2025-12, 2025-04"
