"""A borough's profile: from the release and year of the edition, ranked among the boroughs."""

from types import SimpleNamespace

import pandas as pd
import pytest

from safer_communities.analysis.people import People, load
from safer_communities.chapter.book import Book
from safer_communities.datasets.periods import Period
from safer_communities.settings import Settings

# Made for these tests: boroughs A, B and C, and an area that is none.
POPULATION = pd.DataFrame(
    [
        ("A", 2020, 300, 37.5, "new"),
        ("B", 2020, 200, 36.0, "new"),
        ("C", 2020, 300, 35.0, "new"),
        ("CITY", 2020, 5, 39.0, "new"),
        ("A", 2019, 100, 37.0, "new"),
        ("A", 2020, 999, 30.0, "old"),
    ],
    columns=["area_code", "mid_year", "population", "median_age", "release"],
)
BY_AGE = pd.DataFrame(
    [
        ("A", 2020, 84, 1000, "new"),
        ("A", 2020, 85, 7, "new"),
        ("A", 2020, 90, 5, "new"),
        ("A", 2020, 90, 100, "old"),
        ("B", 2020, 90, 100, "new"),
    ],
    columns=["area_code", "mid_year", "age", "population", "release"],
)
AREAS = pd.DataFrame(
    {"area_code": ["CITY", "A", "B", "C"], "hectares": [1.0, 30.0, 20.0, 10.0]}
).assign(release="2013-10")


HOUSEHOLDS = pd.DataFrame(
    {"area_code": ["A", "B", "C"], "households": [120, 80, 60], "release": "census"}
)
EDITION = SimpleNamespace(
    population_release="new", population_year=2020, household_release="census"
)


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> People:
    tables = {
        "mid_year_population": POPULATION,
        "population_by_age": BY_AGE,
        "households": HOUSEHOLDS,
        "borough_areas": AREAS,
    }
    monkeypatch.setattr(load, "table", tables.__getitem__)
    return People(EDITION, pd.DataFrame({"area_code": ["A", "B", "C"]}), "A")


def test_the_figures_are_those_of_the_release_and_the_year(people: People) -> None:
    found = people.profile()
    assert found.residents == 300
    assert found.median_age == 37.5
    assert found.aged_85_and_over == 12
    assert found.households == 120
    # The City, smaller than all, takes no rank; A and C share the second.
    assert found.residents_rank == 2
    assert found.hectares_rank == 3


def test_each_release_is_a_series_of_its_own_in_the_order_of_years(people: People) -> None:
    table = people.residents_by_year().table
    assert list(table["series"]) == ["new release", "new release", "old release"]
    assert list(table["label"]) == ["2019", "2020", "2020"]
    assert list(table["value"]) == [100, 300, 999]
    assert table["period_end"].iloc[0] == pd.Timestamp("2019-07-01")


def test_the_real_profile_of_the_strategys_borough() -> None:
    found = Book(Settings()).people.profile()
    assert found.residents == 399_007
    assert found.population_year == 2020
    assert 1 <= found.residents_rank <= 32
    assert found.hectares == pytest.approx(8_675, abs=5)
    assert 5_000 < found.aged_85_and_over < 15_000
    assert 30 < found.median_age < 45


def test_rebasing_compares_the_last_year_that_both_releases_have(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = pd.DataFrame(
        {
            "area_code": "A",
            "release": ["mid-2020", "mid-2020", "mid-2023", "mid-2023", "mid-2023"],
            "mid_year": [2019, 2020, 2019, 2020, 2021],
            "population": [100, 200, 100, 190, 300],
        }
    )
    monkeypatch.setattr(load, "table", {"mid_year_population": made}.__getitem__)
    found = people.rebasing()
    assert found["rebased_year"] == "2020"
    assert found["rebased"].value == pytest.approx(-5)


def test_a_step_between_two_estimates_of_residents_is_told() -> None:
    """395,007 in the mid-2023 release and 405,050 in that of mid-2024, which corrected others."""
    newest, before = (Book(Settings("Barnet", year)).people for year in (2026, 2024))
    assert newest.residents_in(Period.year_to("2024-03"))["E09000003"] == 395_007
    assert newest.residents_in(Period.year_to("2025-03"))["E09000003"] == 405_050
    assert newest.step_told.startswith(
        "From 2024/25 on, rates take residents of the mid-2024 release, and before of the mid-2023"
    )
    assert before.step_told == ""
    facts = newest.rebasing()
    assert facts["told_release"] == "mid-2023 release"
    assert str(facts["alone"]).startswith("The mid-2024 release has 2024 alone.")
