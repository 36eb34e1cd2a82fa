"""Positive outcomes year by year: complete years only, one area or the 32 boroughs."""

import numpy as np
import pandas as pd
import pytest

from safer_communities.analysis.outcomes import Outcomes, detection_changes
from safer_communities.analysis.recorded_crime import LONDON, TOTAL
from safer_communities.chapter.book import Book
from safer_communities.datasets.periods import Period
from safer_communities.settings import Settings
from safer_communities.statistics.ratios import ratio_interval

YEAR = Period.year_to("2023-03")
BOROUGHS = pd.DataFrame({"area_code": ["A", "B"]})


def made_table(first: str, last: str) -> pd.DataFrame:
    """Made for these tests: the same counts every month in two boroughs and one other area."""
    counts = {
        ("A", "Burglary"): (100, 6),
        ("B", "Burglary"): (300, 42),
        ("MPS-AIRPORTS", "Burglary"): (900, 900),
        ("A", "Robbery"): (10, 5),
    }
    rows = [
        (month, area, offence, offences, outcomes)
        for month in pd.date_range(first, last, freq="MS")
        for (area, offence), (offences, outcomes) in counts.items()
    ]
    return pd.DataFrame(
        rows, columns=["month", "area_code", "offence", "offences", "positive_outcomes"]
    )


TABLE = made_table("2021-01-01", "2024-05-01")


def test_one_areas_ratio_and_its_interval() -> None:
    found = Outcomes(TABLE, BOROUGHS, "A", YEAR).positive("Burglary").iloc[0]
    assert (found["offences"], found["positive_outcomes"]) == (1200, 72)
    assert found["value"] == pytest.approx(6)
    # Every month is alike, so chance is all there is: exp(2.201 √(1/72 + 1/1200)) = 1.306.
    assert found["ci_low"] == pytest.approx(6 / 1.306, abs=0.005)
    assert found["ci_high"] == pytest.approx(6 * 1.306, abs=0.005)


def test_london_is_the_boroughs_without_the_airports() -> None:
    found = Outcomes(TABLE, BOROUGHS, "A", YEAR).positive("Burglary", LONDON).iloc[0]
    assert found["value"] == pytest.approx(100 * 48 / 400)


@pytest.mark.parametrize(
    ("outcomes", "offences", "expected"),
    [
        # Cochran's variance by hand: Σ (x - 0.5 n)² = 8 of 4 months, 4/3 × 8 / 160² / 0.25 =
        # 0.001667, less than 1/80 + 1/160 = 0.01875, whose root is 0.1369; t = 3.182.
        ([18, 22, 18, 22], [40, 40, 40, 40], (0.5, 0.1369)),
        # Months that differ widely: Σ = 4 × 15², 4/3 × 900 / 160² / 0.25 = 0.1875.
        ([5, 35, 5, 35], [40, 40, 40, 40], (0.5, 0.4330)),
        # Two counts that rise and fall together leave the ratio as it is: chance alone.
        ([10, 30, 10, 30], [20, 60, 20, 60], (0.5, 0.1369)),
    ],
)
def test_a_ratio_lets_both_counts_vary(outcomes, offences, expected) -> None:
    found = ratio_interval(outcomes, offences)
    error = np.log(found.ci_high / found.ratio) / 3.18245
    assert (found.ratio, error) == pytest.approx(expected, abs=5e-5)
    assert found.ci_low * found.ci_high == pytest.approx(found.ratio**2)
    hundred = ratio_interval(outcomes, offences, per=100)
    assert hundred.ci_low == pytest.approx(100 * found.ci_low)
    wider = ratio_interval(outcomes, offences, alpha=0.01)
    assert wider.ci_low < found.ci_low < found.ci_high < wider.ci_high


def test_a_ratio_may_be_above_one_and_none_above_the_line_has_an_upper_end() -> None:
    assert ratio_interval([30, 40], [10, 10]).ratio == pytest.approx(3.5)
    none = ratio_interval([0, 0], [60, 40])
    # Byar's upper end of a count of 0, over 100.
    assert (none.ratio, none.ci_low) == (0, 0)
    assert none.ci_high == pytest.approx(0.0367, abs=5e-4)


@pytest.mark.parametrize(
    ("outcomes", "offences", "problem"),
    [
        ([1], [10], "^denominators: 1 beside 1 numerators"),
        ([1, 2], [10, 10, 10], "^denominators: 3 beside 2 numerators"),
        ([0, 0], [0, 0], "^denominators: they add up to 0"),
        ([-1, 2], [10, 10], "^numerators"),
        ([1, 2], [10, 0.5], "^denominators"),
    ],
)
def test_what_has_no_ratio_is_refused(outcomes, offences, problem) -> None:
    with pytest.raises(ValueError, match=problem):
        ratio_interval(outcomes, offences)


def test_years_that_the_table_holds_in_part_are_left_out() -> None:
    """January to March 2021 and April and May 2024 belong to no complete year."""
    found = Outcomes(TABLE, BOROUGHS, "A", YEAR).positive("Burglary")
    assert list(found["label"]) == ["2021/22", "2022/23", "2023/24"]
    gap = TABLE[TABLE["month"] != pd.Timestamp("2022-10-01")]
    found = Outcomes(gap, BOROUGHS, "A", YEAR).positive("Burglary")
    assert list(found["label"]) == ["2021/22", "2023/24"]


def test_years_end_in_the_editions_month() -> None:
    found = Outcomes(TABLE, BOROUGHS, "A", Period.year_to("2019-12")).positive("Burglary")
    assert list(found["period_end"]) == list(
        pd.to_datetime(["2021-12-01", "2022-12-01", "2023-12-01"])
    )


def test_real_ratios_have_their_interval_about_them() -> None:
    data = Book(Settings())
    for area in (None, LONDON):
        found = data.outcomes.positive("Burglary", area)
        assert len(found) >= 3
        assert found["period_end"].is_monotonic_increasing
        assert found["value"].between(0, 100).all()
        assert (found["ci_low"] < found["value"]).all()
        assert (found["value"] < found["ci_high"]).all()


def test_offences_at_the_airports_are_in_no_ratio_and_that_is_told() -> None:
    """Dashboard of January 2026: 23,858 in Hillingdon; by borough 28,489, 4,628 at the airports."""
    hillingdon = Book(Settings("Hillingdon", 2024)).outcomes
    year = hillingdon.positive(TOTAL).set_index("period_end").loc["2024-03-01"]
    assert year["offences"] == 23_858
    told = (
        "From April 2023 to February 2024 the police list offences at Heathrow and London City "
        "airports apart from the boroughs. The ratios of those months leave them out."
    )
    assert hillingdon.facts()["apart"] == told
    assert str(hillingdon.told("Theft")["outcomes_told"]).endswith(told)
    later = Period.year_to("2025-03")
    assert hillingdon.apart_told(later) == ""
    assert Book(Settings("Barnet", 2024)).outcomes.apart_told() == ""


@pytest.mark.parametrize("edition", [2022, 2026])
def test_every_edition_tells_of_the_newest_twelve_months_held(edition) -> None:
    outcomes = Book(Settings(edition=edition)).outcomes
    facts = outcomes.facts()
    assert facts["newest_label"] == f"12 months to {outcomes.table['month'].max():%B %Y}"
    rows = outcomes.table
    own = rows[(rows["area_code"] == outcomes.area_code) & (rows["offence"] == TOTAL)]
    newest = own.sort_values("month").tail(12)[["offences", "positive_outcomes"]].sum()
    ratio = 100 * newest["positive_outcomes"] / newest["offences"]
    assert facts["newest_rate"].value == pytest.approx(ratio)
    assert facts["newest_rate"].period == facts["newest_label"]
    assert (facts["newest_rate"].area, facts["newest_london_rate"].area) == (
        None,
        "London (32 boroughs)",
    )


def test_printed_detection_rates_are_tested_on_their_offences() -> None:
    """15.4% of 570 and 12.5% of 580 by hand: z = 1.418 with a pooled share of 13.94%."""
    rates = pd.DataFrame(
        {"before": [15.4, 9.4], "after": [12.5, 7.5]}
        | {"offences_before": [570, 20_000], "offences": [580, 20_000]}
    )
    found = detection_changes(rates)
    assert found["change_points"].tolist() == pytest.approx([-2.9, -1.9])
    assert found["p_value"][0] == pytest.approx(0.156, abs=0.001)
    assert found["verdict"].tolist() == ["too close to call", "clear"]
    assert (found["ci_low"] < found["change_points"]).all()
    assert found["ci_high"][0] > 0 > found["ci_high"][1]
