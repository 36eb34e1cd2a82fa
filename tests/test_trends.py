"""Seasons and forecasts of series whose truth is known."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from counting import counted
from safer_communities.statistics.trends import equal_length_months, forecast, seasonal_pattern

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


@pytest.mark.slow
def test_forecast_beats_the_naive_where_months_are_noise_about_a_season():
    counts = noisy()
    found = forecast(counts)
    assert found.beats_naive
    assert found.relative_error < 0.9
    assert found.origins == 13
    assert found.table.index.tolist() == list(pd.date_range("2022-01", periods=12, freq="MS"))
    table = found.table
    assert (table["low_95"] < table["low_80"]).all()
    assert (table["low_80"] < table["forecast"]).all()
    assert (table["forecast"] < table["high_80"]).all()
    assert (table["high_80"] < table["high_95"]).all()
    truth = 400 * (1 + SEASON / 100)
    assert table["forecast"].to_numpy() == pytest.approx(truth, rel=0.08)
    assert 0.65 < found.coverage_80 <= found.coverage_95
    assert found.coverage_95 > 0.85


def test_forecast_does_not_beat_the_naive_where_last_year_is_all_there_is_to_know():
    # Three years of noise, then a pattern that repeats but for one event.
    noise = np.random.default_rng(11).integers(50, 150, 36)
    pattern = np.random.default_rng(12).integers(50, 150, 12)
    counts = np.concatenate([noise, np.tile(pattern, 5)])
    counts[70] += 1
    found = forecast(monthly(counts))
    assert found.relative_error > 1
    assert not found.beats_naive


def test_forecast_of_rare_events_is_never_negative():
    rare = monthly(np.random.default_rng(2).poisson(0.4, 84))
    assert (forecast(rare).table >= 0).all().all()


@pytest.mark.slow
def test_forecast_looks_at_nothing_after_its_origin():
    counts = noisy()
    changed = counts.copy()
    changed.iloc[-1] += 300
    # Forecasts are scored before the last month is known: only its own error may differ.
    first, second = forecast(counts), forecast(changed)
    assert first.coverage_80 != second.coverage_80 or first.relative_error != second.relative_error
    assert first.origins == second.origins
    assert forecast(counts.iloc[:48]).origins == 1


@pytest.mark.parametrize("years", [14, 28])
@pytest.mark.slow
def test_a_model_is_fitted_once_for_each_origin_and_soon_found(monkeypatch, years):
    fits = counted(monkeypatch, ETSModel, "smooth")
    tried = counted(monkeypatch, ETSModel, "loglike")
    found = forecast(noisy(years=years))
    assert len(fits) == 1 + found.origins <= 14
    # A grid of two smoothing parameters, made finer five times around its best point.
    assert len(tried) <= 1000 * len(fits)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: forecast([1, 2, 3]), "monthly_counts: list is not a Series"),
        (lambda: forecast(pd.Series([1, 2])), "monthly_counts: its index holds int64"),
        (lambda: forecast(noisy(3)), "monthly_counts: 36 months are fewer than 48"),
        (lambda: seasonal_pattern(noisy(2)), "monthly_counts: 24 months are fewer than 36"),
        (lambda: seasonal_pattern(monthly([0] * 48)), "monthly_counts: all are 0"),
        (lambda: forecast(monthly([0] * 48)), "monthly_counts: they repeat each year exactly"),
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
