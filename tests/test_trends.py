"""Seasons, levels and forecasts of series whose truth is known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from safer_communities.statistics.trends import (
    equal_length_months,
    left_out_coverage,
    outlook,
    reach,
    seasonal_pattern,
    slow_level,
    yearly_moves,
)

SEASON = np.array([20, 10, 5, 0, -5, -10, -20, -10, -5, 0, 5, 10])


def monthly(values, start="2012-01") -> pd.Series:
    return pd.Series(values, index=pd.date_range(start, periods=len(values), freq="MS"))


def noisy(years=10, level=400, seed=3) -> pd.Series:
    means = np.tile(level * (1 + SEASON / 100), years)
    return monthly(np.random.default_rng(seed).poisson(means))


def test_equal_months_have_equal_counts_where_days_have():
    days = pd.date_range("2019-01", "2020-12", freq="MS").days_in_month
    counts = monthly(10 * days.to_numpy(), "2019-01")
    equal = equal_length_months(counts)
    assert equal.to_numpy() == pytest.approx(304.375)
    assert equal.index.equals(counts.index)


def test_season_is_found():
    counts = noisy()
    found = seasonal_pattern(counts)
    # The generated season is per calendar month: February's 28.25 days hold it in less time.
    days = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    expected = (100 + SEASON) * 30.4375 / days
    expected = 100 * (expected / expected.mean() - 1)
    assert found.index.tolist() == list(range(1, 13))
    assert found.to_numpy() == pytest.approx(expected, abs=3)


def test_days_of_equal_counts_have_no_season():
    """A flat series, although Februaries hold fewer."""
    days = pd.date_range("2012-01", periods=60, freq="MS").days_in_month
    assert seasonal_pattern(monthly(10 * days.to_numpy())).abs().max() == pytest.approx(0, abs=1e-6)


def test_a_level_follows_a_slow_rise_and_leaves_one_odd_month_alone():
    rising = np.linspace(100, 160, 60)
    odd = pd.Series(rising + np.tile([1, -1], 30))
    odd[30] += 50
    level = slow_level(odd)
    assert level.to_numpy() == pytest.approx(rising, abs=0.5)
    assert level.index.equals(odd.index)


def test_a_level_starts_anew_where_told():
    uneven = np.tile([1.0, -1.0], 15)
    values = pd.Series([*(100 + uneven), *(110 + uneven)])
    level = slow_level(values, starts=(30,))
    assert level.to_numpy() == pytest.approx(np.repeat([100, 110], 30), abs=0.5)
    # One line through both parts goes from the one level to the other.
    assert (slow_level(values) - level).abs().max() > 1
    # One and two values have no line through their neighbours.
    assert slow_level(pd.Series([4.0, 6.0, 9.0]), starts=(2,)).tolist() == [5, 5, 9]


YEARS = pd.DataFrame({"A": [100, 110, 99, 0], "B": [50, 50, 100, 100]})


def test_moves_are_logarithms_of_one_year_over_the_last():
    moves = yearly_moves(YEARS)
    assert moves["A"].tolist()[:2] == pytest.approx([np.log(1.1), np.log(0.9)])
    assert moves["B"].tolist() == pytest.approx([0, np.log(2), 0])
    # There is no ratio to nothing.
    assert np.isnan(moves["A"].iloc[2])


def test_an_interval_reaches_as_far_as_the_moves_of_its_share():
    moves = np.log1p(np.arange(1, 100) / 100) * np.where(np.arange(99) % 2, 1, -1)
    # Places 80 and 95 of 99: exactly 0.8 and 0.95 of 100.
    made = outlook(1000, moves)
    assert made.expected == 1000
    assert (made.low_80, made.high_80) == pytest.approx((1000 / 1.8, 1800))
    assert (made.low_95, made.high_95) == pytest.approx((1000 / 1.95, 1950))
    assert reach(np.append(moves, np.nan), 0.5) == pytest.approx(np.log(1.5))


@given(
    arrays(float, st.integers(20, 60), elements=st.floats(-1, 1)),
    st.floats(0.05, 0.95),
    st.floats(0.05, 0.95),
)
def test_a_wider_promise_reaches_no_less_far_and_holds_its_share(moves, share, other):
    near, far = sorted((reach(moves, each) if each <= 0.95 else 0) for each in (share, other))
    assert near <= far <= np.abs(moves).max()
    assert np.mean(np.abs(moves) <= reach(moves, share)) >= share


def test_each_year_is_scored_by_the_others_alone():
    moves = pd.DataFrame(np.full((6, 10), 0.1), index=range(6))
    moves.loc[3] = [0.1, -0.1, *[0.5] * 8]
    assert left_out_coverage(moves, 0.8).round(2).tolist() == [1, 1, 1, 0.2, 1, 1]
    made = np.random.default_rng(1).normal(0, 0.1, (15, 32))
    for share in (0.8, 0.95):
        held = left_out_coverage(pd.DataFrame(made), share).mean()
        assert held == pytest.approx(share, abs=0.03)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: equal_length_months([1, 2, 3]), "monthly_counts: list is not a Series"),
        (lambda: equal_length_months(pd.Series([1, 2])), "monthly_counts: its index holds int64"),
        (lambda: outlook(-1, np.ones(30)), "last_count: -1 is negative"),
        (lambda: outlook(1, np.ones(18)), "moves: 18 are too few for an interval of 95%"),
        (lambda: reach(np.ones(9), 1), "share: 1"),
        (lambda: yearly_moves(YEARS - 1), "years: -1 is negative"),
        (lambda: slow_level(pd.Series([1, 2.0]), starts=(2,)), r"starts: \(2,\) leaves a part"),
        (lambda: slow_level(pd.Series([1, 2, 3.0]), starts=(2, 1)), r"starts: \(2, 1\) leaves"),
        (lambda: seasonal_pattern(noisy(2)), "monthly_counts: 24 months are fewer than 36"),
        (lambda: seasonal_pattern(monthly([0] * 48)), "monthly_counts: all are 0"),
        (lambda: seasonal_pattern(noisy() - 1000), "monthly_counts: -.* is negative"),
        (lambda: equal_length_months(monthly([1.5])), r"monthly_counts: 1\.5"),
        (
            lambda: equal_length_months(noisy().drop(pd.Timestamp("2013-05-01"))),
            "monthly_counts: April 2013 is not followed by the next month but by June 2013",
        ),
    ],
)
def test_bad_input_names_the_argument_and_the_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()
