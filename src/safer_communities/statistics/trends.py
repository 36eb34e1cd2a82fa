"""Monthly series over the years: the season in them, and whether they can be forecast.

Calendar months differ in length by up to a tenth, so every method here works on counts per month
of 30.4375 days, a twelfth of a year. Functions take a Series of monthly counts indexed by date,
without gaps, and raise ValueError naming the argument and the value where it is not that.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import brute

from safer_communities.statistics import validation

if TYPE_CHECKING:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

DAYS_IN_EQUAL_MONTH = 30.4375
MONTHS_TO_LEARN_FROM = 36
HORIZON = 12
INTERVAL_ENDS = ("low_80", "high_80", "low_95", "high_95")
MONTHS_BETWEEN_ORIGINS = 3
MOST_ORIGINS = 13
FINEST_SMOOTHING_STEP = 1e-5
STEPS_IN_A_STEP = 5


@dataclass(frozen=True)
class Forecast:
    """Twelve months ahead and how well such forecasts have done.

    `table` is indexed by month: forecast, low_80, high_80, low_95, high_95, in events per calendar
    month. `relative_error` is the mean absolute error of past forecasts over that of the seasonal
    naive (the same month a year before); `beats_naive` is whether it is below 1. `coverage_80` and
    `coverage_95` are the shares of past months inside the intervals, from `origins` forecasts of
    twelve months each.
    """

    table: pd.DataFrame
    relative_error: float
    beats_naive: bool
    coverage_80: float
    coverage_95: float
    origins: int


def equal_length_months(monthly_counts: pd.Series) -> pd.Series:
    """The counts as if every month had 30.4375 days.

    Raises ValueError for counts that are negative or not whole, and months with gaps.
    """
    counts = _monthly(monthly_counts)
    return counts * DAYS_IN_EQUAL_MONTH / pd.DatetimeIndex(counts.index).days_in_month


def seasonal_pattern(monthly_counts: pd.Series) -> pd.Series:
    """What each month of the year (index 1 to 12) adds or takes away, in per cent of the level.

    The season of a series of at least 36 months, on average over its years, by robust STL on months
    of equal length. Raises ValueError for a shorter series, one without events, counts that are
    negative or not whole, and months with gaps.

    Source: Cleveland, Cleveland, McRae and Terpenning (1990), Journal of Official Statistics 6:3
    (statsmodels `STL`, period 12, seasonal smoother 13).
    """
    # Importing statsmodels takes a second, which most chapters need not wait for.
    from statsmodels.tsa.seasonal import STL

    series = equal_length_months(monthly_counts)
    _check_length(series, MONTHS_TO_LEARN_FROM)
    if not series.any():
        raise ValueError("monthly_counts: all are 0, so there is no season")
    season = STL(series.to_numpy(), period=12, seasonal=13, robust=True).fit().seasonal
    month = pd.DatetimeIndex(series.index).month.rename("month")
    return 100 * pd.Series(season, name="percent_of_level").groupby(month).mean() / series.mean()


def forecast(monthly_counts: pd.Series) -> Forecast:
    """The next twelve months of a series of at least 48, with intervals and their track record.

    Exponential smoothing with a level and a season, both additive, on the square root of counts per
    equal month (the square root evens out the noise of counts and cannot go below nothing). There
    is no trend term: a year ahead the level is the safer guess. The score comes from forecasts made
    again from every third month of the last four years, each from the months before it alone (36 at
    least). Show a forecast only where `beats_naive`.

    Raises ValueError for a shorter series, counts that are negative or not whole, months with gaps,
    and a series that the seasonal naive forecasts without error, since nothing can beat that.

    Source: Hyndman, Koehler, Ord and Snyder (2008), Forecasting with Exponential Smoothing, chapter
    6 (statsmodels `ETSModel`, (A,N,A)); rolling origin: Tashman (2000), International Journal of
    Forecasting 16:437; relative error: Hyndman and Koehler (2006), the same 22:679.
    """
    series = equal_length_months(monthly_counts)
    _check_length(series, MONTHS_TO_LEARN_FROM + HORIZON)
    last = series.index[-1].to_period("M")
    ahead = pd.period_range(last + 1, periods=HORIZON).to_timestamp()
    days = ahead.days_in_month.to_numpy() / DAYS_IN_EQUAL_MONTH
    table = _smoothed_forecast(series.to_numpy()).mul(days, axis=0).set_axis(ahead)
    return _with_track_record(table.rename_axis("month"), series.to_numpy())


def _monthly(monthly_counts: pd.Series) -> pd.Series:
    if not isinstance(monthly_counts, pd.Series):
        raise ValueError(f"monthly_counts: {type(monthly_counts).__name__} is not a Series")
    counts = validation.counts("monthly_counts", monthly_counts)
    index = validation.consecutive_months("monthly_counts", monthly_counts.index)
    return pd.Series(counts, index=index)


def _check_length(series: pd.Series, months: int) -> None:
    if len(series) < months:
        raise ValueError(f"monthly_counts: {len(series)} months are fewer than {months}")


def _smoothed_forecast(values: np.ndarray) -> pd.DataFrame:
    """Twelve months ahead of counts per equal month: the forecast and both intervals."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    if (values[12:] == values[:-12]).all():
        # Years that repeat exactly, such as years of nothing, leave no noise to fit a model to.
        same = pd.DataFrame({"forecast": values[-12:]})
        return same.assign(**dict.fromkeys(INTERVAL_ENDS, values[-12:]))
    model = ETSModel(
        pd.Series(np.sqrt(values)),
        error="add",
        seasonal="add",
        seasonal_periods=12,
        initialization_method="heuristic",
    )
    fitted = model.smooth(_most_likely_smoothing(model))
    prediction = fitted.get_prediction(len(values), len(values) + HORIZON - 1)
    roots = {"forecast": np.asarray(prediction.predicted_mean)}
    for percent in (80, 95):
        ends = np.asarray(prediction.pred_int(alpha=1 - percent / 100))
        roots |= {f"low_{percent}": ends[:, 0], f"high_{percent}": ends[:, 1]}
    return pd.DataFrame(roots).clip(lower=0) ** 2


def _most_likely_smoothing(model: "ETSModel") -> np.ndarray:
    """The smoothing of level and season (0 to 1, 1 together at most) that is likeliest, on a grid.

    The grid is made finer around the best point, to a step of 0.000016. Every processor ends at
    the same point; where a search by slopes ends hangs on the last bit of the likelihood.
    """

    def unlikelihood(smoothing: np.ndarray) -> float:
        level, season = smoothing
        # A level that never moves, or does nothing else, has no likelihood here.
        outside = not tiny < level < 1 - tiny or season < -tiny or level + season > 1 + tiny
        return np.inf if outside else -model.loglike(np.abs(smoothing))

    # What the steps add up to may miss 0 or 1 by a last bit.
    tiny = FINEST_SMOOTHING_STEP / 2
    best, reach, step = np.array([0.5, 0.5]), 10, 0.05
    while step > FINEST_SMOOTHING_STEP:
        around = tuple(slice(at - reach * step, at + (reach + 0.5) * step, step) for at in best)
        best = brute(unlikelihood, around, finish=None)
        reach, step = STEPS_IN_A_STEP, step / STEPS_IN_A_STEP
    return np.abs(best)


def _with_track_record(table: pd.DataFrame, values: np.ndarray) -> Forecast:
    last = len(values) - HORIZON
    origins = list(range(last, MONTHS_TO_LEARN_FROM - 1, -MONTHS_BETWEEN_ORIGINS))[:MOST_ORIGINS]
    made = pd.concat([_smoothed_forecast(values[:origin]) for origin in origins])
    actual = np.concatenate([values[origin : origin + HORIZON] for origin in origins])
    naive = np.concatenate([values[origin - 12 : origin - 12 + HORIZON] for origin in origins])
    naive_error = float(np.abs(actual - naive).mean())
    if not naive_error:
        repeat = "they repeat each year exactly, the naive forecast cannot be beaten"
        raise ValueError(f"monthly_counts: {repeat}")
    relative_error = float(np.abs(actual - made["forecast"]).mean()) / naive_error
    return Forecast(
        table,
        relative_error,
        beats_naive=relative_error < 1,
        coverage_80=_coverage(actual, made, 80),
        coverage_95=_coverage(actual, made, 95),
        origins=len(origins),
    )


def _coverage(actual: np.ndarray, made: pd.DataFrame, percent: int) -> float:
    """The share of months that came to lie in the interval forecast for them."""
    low, high = made[f"low_{percent}"].to_numpy(), made[f"high_{percent}"].to_numpy()
    return float(((low <= actual) & (actual <= high)).mean())
