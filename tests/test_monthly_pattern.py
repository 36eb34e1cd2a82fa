"""The monthly pattern, on series made for these tests."""

import numpy as np
import pandas as pd
import pytest

from safer_communities.analysis.monthly_pattern import monthly_pattern

MONTHS = pd.date_range("2012-04-01", "2022-03-01", freq="MS")


def made_series(level: int = 3000, winter: int = 0, last_year: int = 0) -> pd.Series:
    """Made counts: a level, more in November, and a different level in the last twelve months."""
    noise = np.random.default_rng(7).integers(-20, 21, len(MONTHS))
    counts = level * MONTHS.days_in_month / 30.4375 + noise
    counts = counts + winter * (MONTHS.month == 11) + last_year * (MONTHS >= "2021-04-01")
    return pd.Series(counts.astype(int), index=MONTHS)


def test_equal_months_take_out_the_length_of_the_month() -> None:
    pattern = monthly_pattern(made_series(), [])
    assert pattern.months["value"].std() < 20
    assert len(pattern.months) == 60
    assert pattern.signals_in_last_year == 0
    assert pattern.signals_in_words == "none of the 12"


def test_a_new_level_stands_out_unless_a_break_explains_it() -> None:
    series = made_series(last_year=600)
    assert monthly_pattern(series, []).signals_in_last_year == 12
    explained = monthly_pattern(series, [pd.Timestamp("2021-04-01")])
    assert explained.signals_in_last_year == 0
    centres = explained.months["centre"].round(-2).unique()
    assert list(centres) == pytest.approx([3000, 3600], abs=50)


def test_a_break_outside_the_years_shown_changes_nothing() -> None:
    series = made_series(winter=300)
    early = monthly_pattern(series, [pd.Timestamp("2013-04-01")])
    assert early.months.equals(monthly_pattern(series, []).months)


def test_the_season_is_found_and_named() -> None:
    pattern = monthly_pattern(made_series(winter=600), [])
    assert pattern.busiest == "November"
    assert pattern.busiest_percent == pytest.approx(100 * 550 / 3050, abs=2)
    assert pattern.quietest_percent < 0


def test_the_outlook_starts_with_the_month_after_the_last() -> None:
    pattern = monthly_pattern(made_series(winter=600), [])
    table = pattern.outlook_table()
    assert list(table["label"])[:2] == ["April 2022", "May 2022"]
    assert (table["low_95"] <= table["low_80"]).all()
    assert (table["low_80"] <= table["forecast"]).all()
    assert table.loc[7, "forecast"] > table["forecast"].median() + 400
