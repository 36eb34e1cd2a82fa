"""The profile of a borough: what an edition may know of it, and what stands beside it."""

import pandas as pd
import pytest

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.analysis.profile import HELD_IN, held
from safer_communities.datasets import load
from safer_communities.datasets.schemas.indicators.profile import INDICATORS, TABLES
from safer_communities.settings import Settings


def profile(borough: str = "Barnet", edition: int = 2022):
    return BoroughEdition(Settings(borough, edition)).profile


def test_every_table_of_the_profile_and_each_of_its_figures_can_be_asked_for():
    assert set(HELD_IN) == set(TABLES)
    for name, indicators in HELD_IN.items():
        assert set(load.table(name)["indicator"]) == set(indicators)
    assert {each for indicators in HELD_IN.values() for each in indicators} == set(INDICATORS)


def test_an_edition_knows_nothing_of_later_than_its_period():
    assert profile().figure("libraries") is None
    assert "public libraries (December 2022)" in profile().facts()["absent"]
    assert profile(edition=2023).facts()["libraries"].value == 14
    assert profile().facts()["average_house_price_period"] == "March 2022"
    assert profile(edition=2026).facts()["claimants_period"] == "2025"


def test_london_is_of_the_same_release_and_period_and_the_newest_release_comes_first():
    employment = profile().facts()
    assert employment["employment_rate"].value == 70.0
    assert (employment["employment_rate"].low, employment["employment_rate"].high) == (65.4, 74.6)
    assert employment["employment_rate_london"].value == 74.9
    assert employment["employment_rate"].source == "ons_local_statistics employment-rate-2023"
    prices = held("average_house_price").query(
        "area_code == 'E09000003' and period == 'March 2022'"
    )
    assert prices["release"].tolist() == ["2022-04", "2023-08"]
    assert profile().facts()["average_house_price"].value == prices["value"].iloc[-1]
    # London's life expectancy is published for 2021 to 2023 alone.
    assert "life_male_london" not in profile().facts()
    assert profile(edition=2024).facts()["life_male_london"].value == 79.8


@pytest.mark.parametrize(("edition", "year", "place"), [(2022, "2021", 149), (2026, "2025", 149)])
def test_attainment_is_that_of_the_last_school_year_that_ended(edition, year, place):
    found = profile(edition=edition).attainment()
    assert found["year"] == year
    assert found["rank"].value == place
    assert found["rank"].of == {"2021": 151, "2025": 152}[year]


def test_prices_over_time_are_a_year_apart_and_those_of_the_newest_release():
    table = profile(edition=2026).over_time("average_house_price").table
    own = table[table["series"] == "Barnet"]
    assert (own["period_end"].dt.month == 3).all()
    assert own["period_end"].diff().dropna().between(pd.Timedelta(365, "D"), "366D").all()
    assert own["label"].iloc[-1] == "March 2023"


def test_an_unknown_figure_is_an_error_that_names_the_nearest():
    with pytest.raises(ValueError, match="write 'claimants'"):
        held("claimant")
