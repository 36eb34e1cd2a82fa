"""The forecast of the year to come, and how such forecasts did."""

import numpy as np
import pandas as pd
import pytest

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.analysis.over_time.outlook import forecast_scores, yearly_moves
from safer_communities.charts import annual_trend
from safer_communities.datasets import load
from safer_communities.settings import Settings


@pytest.fixture(scope="module")
def book() -> BoroughEdition:
    return BoroughEdition(Settings("Barnet", 2026))


def test_intervals_hold_what_they_say_in_years_that_did_not_make_them() -> None:
    overall = load.table("forecasts").set_index("year").loc["Every year"]
    assert overall["coverage_80"] == pytest.approx(80, abs=1)
    assert overall["coverage_95"] == pytest.approx(95, abs=1)
    assert overall["boroughs"] == 32 * 15


def test_the_committed_scores_are_those_of_the_releases(book: BoroughEdition) -> None:
    made, committed = forecast_scores(book.newest_crime), load.table("forecasts")
    pd.testing.assert_frame_equal(made, committed, check_dtype=False)
    pandemic = committed.set_index("year").loc["12 months to March 2021"]
    # All boroughs together, which no other year foretold.
    assert pandemic["came_percent"] < -10
    assert pandemic["coverage_80"] < 50


def test_a_forecast_is_the_last_count_and_knows_nothing_later(book: BoroughEdition) -> None:
    made = book.outlook()
    assert made.outlook.expected == 29046
    assert made.period.label == "12 months to March 2027"
    earlier = BoroughEdition(Settings("Barnet", 2024))
    moves = yearly_moves(earlier.crime)
    assert moves.index[-1] == pd.Timestamp("2024-03-01")
    barnet = moves["E09000003"].iloc[-1]
    assert np.expm1(barnet) == pytest.approx(28242 / 27524 - 1)


def test_each_edition_beside_what_came(book: BoroughEdition) -> None:
    """Release of April 2026: 27,413 to 27,524 offences, and so on."""
    table = book.scored_outlooks().set_index("edition")
    assert table["came_percent"].round(1).tolist()[:4] == [0.4, 2.6, 0.3, 2.6]
    assert table.loc["2026", "held"] == "not over yet"
    assert set(table["held"][:4]) == {"within the 80% interval"}
    ends = table[["low_95_percent", "low_80_percent", "high_80_percent", "high_95_percent"]]
    assert (ends.diff(axis=1).iloc[:, 1:] > 0).all().all()


def test_the_chart_has_the_forecast_as_a_point_with_its_interval(book: BoroughEdition) -> None:
    made = book.outlook()
    last = made.table.iloc[-1]
    assert (last["series"], last["label"]) == ("Forecast", "2026/27")
    assert (last["ci_low"], last["ci_high"]) == (made.outlook.low_95, made.outlook.high_95)
    assert made.table["ci_low"].notna().sum() == 1
    drawn = annual_trend(made, name="outlook")
    assert "Forecast" in drawn.svg
    assert drawn.svg_narrow


def test_the_facts_say_how_sure_it_is(book: BoroughEdition) -> None:
    facts = book.outlook().facts()
    assert facts["low_95"].value < facts["low_80"].value < facts[""].value < facts["high_80"].value
    assert "29,046 offences" in facts["told"]
    assert "held 80% and 95%" in facts["held"]
    # The 15 years that were forecast, from the 12 months to March 2012 on.
    assert facts["coverage_80"].period == "April 2011 to March 2026"
