"""Positive outcomes year by year: complete years only, one area or the 32 boroughs."""

import pandas as pd
import pytest

from safer_communities.analysis.outcomes import Outcomes, detection_changes
from safer_communities.analysis.recorded_crime import LONDON
from safer_communities.chapter.book import Book
from safer_communities.datasets.periods import Period
from safer_communities.settings import Settings

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


def test_one_areas_share_and_its_interval() -> None:
    found = Outcomes(TABLE, BOROUGHS, "A", YEAR).positive("Burglary").iloc[0]
    assert (found["offences"], found["positive_outcomes"]) == (1200, 72)
    assert found["percent"] == pytest.approx(6)
    # Wilson's interval of 72 of 1,200, by hand: centre 0.0614, half-width 0.0135.
    assert found["ci_low"] == pytest.approx(4.79, abs=0.01)
    assert found["ci_high"] == pytest.approx(7.49, abs=0.01)


def test_london_is_the_boroughs_without_the_airports() -> None:
    found = Outcomes(TABLE, BOROUGHS, "A", YEAR).positive("Burglary", LONDON).iloc[0]
    assert found["percent"] == pytest.approx(100 * 48 / 400)


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


def test_real_shares_are_shares() -> None:
    data = Book(Settings())
    for area in (None, LONDON):
        found = data.outcomes.positive("Burglary", area)
        assert len(found) >= 3
        assert found["period_end"].is_monotonic_increasing
        assert found["percent"].between(0, 100).all()
        assert (found["ci_low"] < found["percent"]).all()
        assert (found["percent"] < found["ci_high"]).all()


def test_printed_detection_rates_are_tested_on_their_offences() -> None:
    """15.4% of 570 and 12.5% of 580 by hand: z = 1.418 with a pooled share of 13.94%."""
    rates = pd.DataFrame(
        {"before": [15.4, 9.4], "after": [12.5, 7.5]}
        | {"offences_before": [570, 20_000], "offences": [580, 20_000]}
    )
    found = detection_changes(rates)
    assert found["change_points"].tolist() == pytest.approx([-2.9, -1.9])
    assert found["p_value"][0] == pytest.approx(0.156, abs=0.001)
    assert found["verdict"].tolist() == ["not distinguishable", "more than chance"]
    assert (found["ci_low"] < found["change_points"]).all()
    assert found["ci_high"][0] > 0 > found["ci_high"][1]
