"""Rates of the boroughs: on made tables whose answers are known by hand, and on the real ones."""

from dataclasses import replace

import pandas as pd
import pytest

from rows_of_counts import rows_of
from safer_communities.analysis.monthly_counts import MonthlyCounts
from safer_communities.analysis.people import Denominator
from safer_communities.analysis.places.rates import BoroughRates, borough_rates, ranks_by_measure
from safer_communities.analysis.recorded_crime import LONDON, TOTAL, RecordedCrime
from safer_communities.chapter.book import Book
from safer_communities.datasets.periods import Period
from safer_communities.settings import Settings

YEAR = Period.year_to("2022-03")


def made_crime(counts: dict[str, dict[str, int]]) -> RecordedCrime:
    """A series made for these tests: the same number of offences in every month of two years."""
    months = pd.date_range("2020-04-01", "2022-03-01", freq="MS")
    rows = [
        {"month": month, "area_code": area, "offence": offence, "count": count}
        for offence, by_area in counts.items()
        for area, count in by_area.items()
        for month in months
    ]
    offences = pd.DataFrame(
        {"offence": list(counts), "offence_group": list(counts), "counted_in_total": True}
    )
    boroughs = pd.DataFrame(
        {"area_code": ["A", "B", "C"], "borough": ["Zedford", "Beeton", "Ceeton"]}
    )
    return RecordedCrime(
        MonthlyCounts(pd.DataFrame(rows).assign(release="")), offences, boroughs, "A", YEAR
    )


CRIME = made_crime(
    {
        "Arson": {"A": 10, "B": 100, "C": 10, "AIRPORT": 1000},
        "Fraud": {"A": 30, "B": 10, "C": 100},
    }
)
# A and C have as many residents, B four times as many.
RESIDENTS = Denominator(
    pd.Series({"A": 10_000, "B": 40_000, "C": 10_000, LONDON: 60_000}), "residents", "made", "made"
)


@pytest.fixture(scope="module")
def real() -> BoroughRates:
    return Book(Settings()).crime.rates()


def test_the_own_row_is_the_boroughs_own() -> None:
    own = borough_rates(CRIME, RESIDENTS, "Fraud").own
    assert own["area"] == "Zedford"
    assert own["count"] == 12 * 30
    assert own["rate"] == pytest.approx(1000 * 360 / 10_000)
    assert own["ci_low"] < own["rate"] < own["ci_high"]


def test_londons_rate_is_total_over_total() -> None:
    """Not the mean of the boroughs' rates, which is 18; and without the airport."""
    london = borough_rates(CRIME, RESIDENTS, "Arson").london
    assert london.rate == pytest.approx(1000 * 12 * 120 / 60_000)
    assert london.ci_low < london.rate < london.ci_high


def test_boroughs_come_lowest_rate_first_and_equal_rates_share_a_rank() -> None:
    result = borough_rates(CRIME, RESIDENTS, "Arson")
    assert list(result.table["area"]) == ["Ceeton", "Zedford", "Beeton"]
    assert list(result.table["rank"]) == [1, 1, 3]
    assert list(result.table["size"]) == [10_000, 10_000, 40_000]
    assert result.boroughs == 3


def test_an_earlier_year_can_be_asked_for() -> None:
    rows = rows_of(CRIME)
    doubled = rows["count"] * (1 + (rows["month"] <= YEAR.previous().end))
    crime = replace(CRIME, counts=MonthlyCounts(rows.assign(count=doubled)))
    result = borough_rates(crime, RESIDENTS, "Fraud", YEAR.previous())
    assert result.period == YEAR.previous()
    assert result.own["count"] == 2 * 12 * 30
    assert result.london.rate == pytest.approx(1000 * 2 * 12 * 140 / 60_000)
    with pytest.raises(ValueError, match="lacks 12 months"):
        borough_rates(CRIME, RESIDENTS, "Fraud", YEAR.shift_years(-2))


def test_each_measure_has_the_boroughs_own_rank() -> None:
    table = ranks_by_measure(CRIME, RESIDENTS, [TOTAL, "Fraud", "Arson"])
    assert list(table["measure"]) == ["Arson", "Fraud", TOTAL]
    assert list(table["rank"]) == [1, 2, 2]
    assert list(table["count"]) == [120, 360, 480]
    assert table.loc[0, "london_rate"] == pytest.approx(24)


def test_real_rates_are_ordered_and_each_rank_lies_in_its_interval(real: BoroughRates) -> None:
    table = real.table
    assert real.boroughs == 32
    assert table["rate"].is_monotonic_increasing
    assert table["rank"].is_monotonic_increasing
    assert (table["rank"] == table["rate"].rank(method="min")).all()
    assert (table["rank_low"] <= table["rank"]).all()
    assert (table["rank"] <= table["rank_high"]).all()
    assert table["rank_low"].min() == 1
    assert table["rank_high"].max() == 32


def test_londons_real_rate_lies_among_the_boroughs(real: BoroughRates) -> None:
    assert real.london.rate == pytest.approx(1000 * real.table["count"].sum() / 8_991_550)
    assert real.table["rate"].iloc[0] < real.london.rate < real.table["rate"].iloc[-1]
    assert real.own["rate"] == pytest.approx(1000 * 27_826 / 399_007)


def test_an_unknown_denominator_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no 'hectares'; write 'households' or 'residents'"):
        Book(Settings()).crime.rates(per="hectares")


def test_ranks_are_less_sure_where_months_vary_more() -> None:
    """The months of A swing, out of step with the year before; those of B and C do not."""
    crime = made_crime({"Fraud": {"A": 30, "B": 35, "C": 50}})
    same = Denominator(
        pd.Series({"A": 10**6, "B": 10**6, "C": 10**6, LONDON: 3 * 10**6}), "residents", "", ""
    )
    counts = rows_of(crime)
    counts.loc[counts["area_code"] == "A", "count"] = [2, 58] * 6 + [58, 2] * 6
    own = borough_rates(replace(crime, counts=MonthlyCounts(counts)), same, "Fraud").own
    assert (own["rank_low"], own["rank_high"]) == (1, 3)
    steady_own = borough_rates(crime, same, "Fraud").own
    assert (steady_own["rank_low"], steady_own["rank_high"]) == (1, 2)
    assert steady_own["ci_low"] > own["ci_low"]
    assert steady_own["ci_high"] < own["ci_high"]


def test_ranks_and_rates_are_less_sure_where_people_are_counted_badly() -> None:
    crime = made_crime({"Fraud": {"A": 300, "B": 350, "C": 500}})
    size = pd.Series({"A": 10**6, "B": 10**6, "C": 10**6, LONDON: 3 * 10**6})
    exact = borough_rates(crime, Denominator(size, "residents", "", ""), "Fraud").own
    unsure = Denominator(size, "residents", "", "", error=0.1)
    found = borough_rates(crime, unsure, "Fraud")
    assert (exact["rank_low"], exact["rank_high"]) == (1, 1)
    assert (found.own["rank_low"], found.own["rank_high"]) == (1, 2)
    # One and 3,600 offences x 0.1 squared.
    assert found.own["dispersion"] == pytest.approx(37)
    half = (found.own["ci_high"] - found.own["ci_low"]) / 2
    assert half == pytest.approx(1.96 * 3.6 * (0.1**2 + 1 / 3600) ** 0.5, rel=0.04)


def test_one_borough_alone_is_surer_of_its_rank_than_all_together(real: BoroughRates) -> None:
    on_map = real.table.set_index("area").loc["Barnet"]
    # 12 months to March 2022, release of February 2024, residents of mid-2020.
    assert on_map["rank_low"] <= real.own["rank_low"] <= 7 <= real.own["rank_high"]
    assert real.own["rank_high"] <= on_map["rank_high"]
    lower = (real.table["against_own"] == "lower").sum()
    assert real.own["rank_low"] == 1 + lower


def test_estimates_of_people_drift_with_the_years_since_the_census() -> None:
    people = {edition: Book(Settings(edition=edition)).people for edition in (2022, 2023, 2026)}
    # Half of the boroughs were off by 1.8% and more in mid-2020: 2.7% is the standard deviation of
    # such a normal distribution. Releases of mid-2020 and of mid-2023.
    assert people[2022].residents.error == pytest.approx(0.0267, abs=0.0001)
    assert people[2023].residents.error == pytest.approx(0.0267 / 9, abs=0.0001)
    assert people[2026].residents.error == pytest.approx(0.0267 / 9 * 3, abs=0.0001)
    assert people[2022].households.error == 0


def test_dispersion_of_each_borough() -> None:
    """Months that are all alike, or too few offences to tell, count as independent."""
    found = CRIME.dispersion_by_borough("Fraud")
    assert found.to_dict() == {"A": 1, "B": 1, "C": 1}
    none = replace(CRIME, counts=MonthlyCounts(rows_of(CRIME).assign(count=0)))
    assert none.dispersion_by_borough("Fraud").to_dict() == {"A": 1, "B": 1, "C": 1}


def test_of_equal_ranks_the_surest_comes_nearest_to_its_end() -> None:
    """Both offences give A the lowest rate and the highest; one of each is surer."""
    crime = made_crime(
        {
            "Low, few": {"A": 1, "B": 2, "C": 2},
            "Low, many": {"A": 100, "B": 200, "C": 200},
            "High, few": {"A": 2, "B": 1, "C": 1},
            "High, many": {"A": 200, "B": 100, "C": 100},
        }
    )
    same = Denominator(
        pd.Series({"A": 10**6, "B": 10**6, "C": 10**6, LONDON: 3 * 10**6}), "residents", "", ""
    )
    table = ranks_by_measure(crime, same, sorted(set(crime.members) - {TOTAL}))
    assert list(table["measure"]) == ["Low, many", "Low, few", "High, few", "High, many"]
