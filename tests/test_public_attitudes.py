"""What residents think of the police: intervals over the bases assumed, and years that overlap."""

import pandas as pd
import pytest

from safer_communities.analysis.indicators.public_attitudes import shifts
from safer_communities.chapter.book import Book
from safer_communities.datasets.periods import Period
from safer_communities.settings import Settings
from safer_communities.statistics.significance import compare_proportions, wilson_interval

BASES = pd.Series({"base": 400, "base_low": 200, "base_high": 800})


@pytest.fixture(scope="module")
def of_2022() -> Book:
    return Book(Settings(edition=2022, borough="Barnet"))


@pytest.fixture(scope="module")
def of_2026() -> Book:
    return Book(Settings(edition=2026, borough="Barnet"))


def test_the_interval_is_that_of_the_fewest_people_and_the_worst_rounding() -> None:
    before, after = pd.Series({"a": 50.0, "b": 50.0, "c": 50.0}), pd.Series([70.0, 57.0, 51.0])
    found = shifts(before, BASES, after.set_axis(["a", "b", "c"]), BASES)
    # Of 200 people 50% may be 99 to 101 of them, and 70% 139 to 141.
    worst = compare_proportions(101, 200, 139, 200)
    assert found.loc["a", "ci_low"] == pytest.approx(100 * worst.ci_low)
    # 7 points are clear for 800 people of each year, and not for 200; one point never is.
    assert list(found["sure"]) == [1, 0, 0]
    assert list(found["possible"]) == [1, 1, 0]


def test_a_level_has_wilsons_interval_of_the_fewest_people(of_2022: Book) -> None:
    trust = of_2022.trust.shares().set_index("measure").loc["trust"]
    assert trust["percent"] == 77
    # 76.5% to 77.5% of 250 people.
    low, high = (wilson_interval(count, 250) for count in (191, 194))
    assert trust["ci_low"] == pytest.approx(100 * low.ci_low)
    assert trust["ci_high"] == pytest.approx(100 * high.ci_high)


def test_nothing_later_than_the_edition_is_shown(of_2022: Book, of_2026: Book) -> None:
    assert of_2022.trust.year == Period.year_to("2022-03")
    assert of_2022.trust.trends().table["period_end"].max() == pd.Timestamp("2022-03-01")
    assert of_2026.trust.year == Period.year_to("2023-12")
    assert of_2026.trust.facts()["notice"] == "This book's table ends with December 2023."


def test_years_that_share_months_are_never_compared(of_2022: Book, of_2026: Book) -> None:
    ends = of_2026.trust.trends().table["period_end"].drop_duplicates()
    assert (ends.diff().dropna().dt.days >= 365).all()
    assert of_2022.trust.base == Period.year_to("2016-03")
    assert of_2026.trust.base == Period.year_to("2022-03")
    with pytest.raises(ValueError, match="share answers"):
        of_2022.trust.changes(Period.year_to("2021-06"))


def test_barnets_changes_of_the_strategys_year(of_2022: Book) -> None:
    """12 months to March 2021 and 2022, in the release of January 2024."""
    found = of_2022.trust.changes(Period.year_to("2021-03")).table.set_index("measure")
    assert found.loc["good_job", ["earlier", "later", "london_points"]].tolist() == [51, 51, -6]
    assert found.loc["trust", ["earlier", "later", "london_points"]].tolist() == [80, 77, -7]
    assert found.loc["trust", "verdict"] == "no clear change"
    assert found.loc["relied_on", "verdict"] == "depends on how many were asked"
