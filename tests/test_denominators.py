"""Residents and households of the boroughs and of London, from made tables and the real ones."""

from types import SimpleNamespace

import pandas as pd
import pytest

from safer_communities.analysis.people import Denominator, People, load
from safer_communities.analysis.recorded_crime import LONDON
from safer_communities.chapter.book import Book
from safer_communities.settings import Settings

# Made for these tests: two boroughs, the City (no borough) and the publisher's own London.
BOROUGHS = pd.DataFrame({"area_code": ["B", "A"], "borough": ["Beeton", "Ayton"]})
POPULATION = pd.DataFrame(
    [
        ("A", 2020, 100, "old"),
        ("B", 2020, 200, "old"),
        ("CITY", 2020, 9, "old"),
        ("REGION", 2020, 309, "old"),
        ("A", 2020, 90, "new"),
        ("B", 2020, 190, "new"),
        ("A", 2021, 91, "new"),
    ],
    columns=["area_code", "mid_year", "population", "release"],
)


HOUSEHOLDS = pd.DataFrame(
    {
        "area_code": ["A", "B", "A", "B"],
        "households": [40, 80, 1, 2],
        "release": ["census-2021"] * 2 + ["other"] * 2,
    }
)


@pytest.fixture(autouse=True)
def made_tables(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "strategys_edition" not in request.node.name:
        tables = {"mid_year_population": POPULATION, "households": HOUSEHOLDS}
        monkeypatch.setattr(load, "table", tables.__getitem__)


def residents(release: str, year: int) -> Denominator:
    edition = SimpleNamespace(population_release=release, population_year=year)
    return People(edition, BOROUGHS, "A").residents


def households(release: str) -> Denominator:
    return People(SimpleNamespace(household_release=release), BOROUGHS, "A").households


def test_london_is_the_sum_of_the_boroughs_without_the_city() -> None:
    found = residents("old", 2020)
    assert found.size.to_dict() == {"A": 100, "B": 200, LONDON: 300}
    assert found.boroughs().to_dict() == {"A": 100, "B": 200}


def test_the_release_decides_which_estimate_of_a_year_is_used() -> None:
    assert residents("new", 2020).size[LONDON] == 280


@pytest.mark.parametrize(
    ("release", "year", "missing"), [("new", 2021, "B"), ("old", 2021, "A, B"), ("x", 2020, "A, B")]
)
def test_a_borough_without_residents_is_named(release: str, year: int, missing: str) -> None:
    with pytest.raises(ValueError, match=f"no denominator for {missing}$"):
        residents(release, year)


def test_a_rate_says_what_it_is_counted_against() -> None:
    found = residents("new", 2020)
    assert found.rate_unit == "per 1,000 residents"
    assert found.label == "ONS mid-2020 population estimate, new release"
    assert found.release == "new"


def test_households_are_those_of_the_release() -> None:
    found = households("census-2021")
    assert found.size[LONDON] == 120
    assert found.rate_unit == "per 1,000 households"
    with pytest.raises(ValueError, match="no denominator for A, B"):
        households("census-2011")


def test_the_strategys_edition_counts_the_residents_that_were_published_then() -> None:
    """The estimate of mid-2020 made before the Census; the later one is 391,046."""
    data = Book(Settings())
    size: Denominator = data.people.residents
    assert size.size[data.area_code] == 399_007
    assert len(size.boroughs()) == 32
    assert size.size[LONDON] == 9_002_488 - 10_938  # London less the City
