"""What the text pages show of the tables: all that is there is on the page."""

from itertools import takewhile

import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from safer_communities.chapter.book import Book
from safer_communities.chapter.data_sources import data_sources
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period
from safer_communities.project import DATA, ROOT
from safer_communities.settings import Settings

PRIORITIES = sorted(load.table("outcomes")["priority"].unique())


@pytest.fixture(scope="module")
def book() -> Book:
    return Book(Settings())


def page(name: str) -> str:
    return (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")


def test_each_priority_shows_its_own_outcomes() -> None:
    for priority in PRIORITIES:
        assert page(f"priority_{priority}").count("strategy.outcomes(") == 1
        assert f"strategy.outcomes({priority})" in page(f"priority_{priority}")


def test_the_actions_of_every_part_are_shown() -> None:
    text = page("foreword") + page("how_we_will_deliver")
    for part in load.table("actions")["part"].unique():
        assert text.count(f'strategy.actions("{part}")') == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "priority",
    # One with figures and the one without.
    [pytest.param(n, marks=[] if n in (1, 4) else pytest.mark.long) for n in PRIORITIES],
)
def test_a_priority_lists_every_outcome_of_its_own(book: Book, priority: int) -> None:
    outcomes = load.table("outcomes")
    expected = outcomes[outcomes["priority"] == priority]
    shown = book.strategy.outcomes(priority)
    assert list(shown.iloc[:, 0]) == list(expected["summary"])
    for text, indicators in zip(shown.iloc[:, 1], expected["indicators"], strict=True):
        named = [each.rpartition(" (")[0] or each for each in text.split("; ")]
        assert named == (indicators or "None").split(";")
    assert list(shown.iloc[:, 2]) == list(expected["note"])


def test_the_actions_of_a_part_stand_with_what_was_found_and_lead_to_the_page(book: Book) -> None:
    actions = load.table("actions")
    shown = BeautifulSoup(book.strategy.actions("Foreword").to_html(), "lxml").select("tbody tr")
    expected = actions[actions["part"] == "Foreword"].to_dict("records")
    for row, own in zip(shown, expected, strict=True):
        assert [cell.get_text() for cell in row.select("th, td")] == [
            *(own[column] for column in ("promise", "finding", "found")),
            f"{own['source']}, {own['date']}",
        ]
        assert [link["href"] for link in row.select("a")] == [own["address"]]


def test_the_kinds_of_evidence_add_up_to_the_promises(book: Book) -> None:
    found = {name: each.value for name, each in book.strategy.promises().items()}
    kinds = load.table("actions")["finding"].value_counts()
    assert found["promises"] == found["nothing"] + found["reported"] + found["shown"]
    assert found["reported"] == kinds["reported by the council"]
    assert found["nothing"] == kinds["nothing found"]


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


def test_every_source_is_named_with_licence_attribution_and_tables() -> None:
    sections = sections_of(data_sources().data)
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


def test_every_table_says_which_years_it_covers() -> None:
    text = data_sources().data
    lines = {line.split("`")[1]: line for line in text.splitlines() if "- **Table:**" in line}
    last = load.table("london_asb_calls")["month"].max()
    assert f", January 2019 to {last:%B %Y} (" in lines["data/asb/london_asb_calls.csv"]
    assert ", 2021 (" in lines["data/population/households.csv"]
    last = load.table("mid_year_population")["mid_year"].max()
    assert f", 2001 to {last} (" in lines["data/population/mid_year_population.csv"]
    # A table without a time of its own names none.
    assert "boroughs (`" in lines["data/reference/boroughs.csv"]


def by_first(table: pd.DataFrame) -> dict[str, list]:
    return {row[0]: row[1:] for row in table.to_numpy().tolist()}


@pytest.mark.slow
def test_revisions_show_each_release_as_it_gave_the_year(book: Book) -> None:
    table = book.strategy.year_by_release()
    found = by_first(table)
    classification, before, count, change = found["February 2024"]
    assert (classification, before, count) == ("2019", 26086, 27826)
    assert change == pytest.approx(6.67, abs=0.005)
    assert len(found) == len(table) >= 5


@pytest.mark.slow
def test_revisions_follow_the_borough_and_stay_with_the_strategys_year() -> None:
    other = Book(Settings("Enfield", 2025))
    table = other.strategy.year_by_release().set_index("Release")
    strategy_year = Period.year_to("2022-03")
    assert table.loc["April 2026", strategy_year.label] == other.crime.count(period=strategy_year)


@pytest.mark.slow
def test_revised_headlines_name_those_that_turned(book: Book) -> None:
    table = book.strategy.revised_headlines().frame
    moved = dict(zip(table["claim"], table["moved"], strict=True))
    assert moved["Change in possession of weapons"] == "direction"
    assert moved["Change in drug offences"] == "size"
    assert moved["Change in public order offences"] == "nothing"


def test_every_edition_lists_its_releases(book: Book) -> None:
    found = by_first(book.releases_by_edition())
    editions = load.table("editions")
    assert list(found) == list(editions["label"])
    assert [row[1].split(", ") for row in found.values()] == [
        names.split() for names in editions["borough_crime_releases"]
    ]
    label = dict(zip(editions["edition"], editions["label"], strict=True))[2026]
    assert found[label][1] == "2026-04"
