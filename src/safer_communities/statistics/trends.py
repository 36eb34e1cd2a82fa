"""Monthly series over the years: the season and the level in them, and the year to come.

Calendar months differ in length by up to a tenth, so seasons and levels are worked out on counts
per month of 30.4375 days, a twelfth of a year.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from safer_communities.statistics import validation

DAYS_IN_EQUAL_MONTH = 30.4375
MONTHS_TO_LEARN_FROM = 36
# About the window of the trend in STL with a period of 12.
MONTHS_OF_LEVEL = 21


@dataclass(frozen=True)
class Outlook:
    """What the next year's count may be: `expected`, and 80% and 95% prediction intervals."""

    expected: float
    low_80: float
    high_80: float
    low_95: float
    high_95: float


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


def slow_level(values: pd.Series, *, starts: Sequence[int] = ()) -> pd.Series:
    """The level that a series of months moves about, smooth between the positions `starts`.

    A robust local line through the 21 months around each (all of them where a part is shorter); it
    starts anew at each of the positions (from 0). The index is that of the Series given.

    Raises ValueError for values that are missing and positions that are not in order or outside.

    Source: Cleveland (1979), Journal of the American Statistical Association 74:829 (statsmodels
    `lowess`).
    """
    from statsmodels.nonparametric.smoothers_lowess import lowess

    series = validation.numbers("values", values)
    parts = []
    for start, end in validation.segments("starts", starts, len(series)):
        part = series[start:end]
        share = min(1.0, MONTHS_OF_LEVEL / len(part))
        places = np.arange(len(part))
        with np.errstate(invalid="ignore", divide="ignore"):
            smooth = lowess(part, places, frac=share, it=3, return_sorted=False)
        if not np.isfinite(smooth).all():
            # Where most values lie on the line, nothing is left to weigh the others by.
            smooth = lowess(part, places, frac=share, it=0, return_sorted=False)
        # Fewer than three values have no line through their neighbours.
        parts.append(smooth if len(part) > 2 else np.full(len(part), part.mean()))
    return pd.Series(np.concatenate(parts), index=values.index)


def outlook(last_count: float, moves: np.ndarray) -> Outlook:
    """The next year's count, if it is to this year's as other years were to the years before.

    `moves` are the logarithms of ratios of two adjoining years (see `yearly_moves`). The count
    expected is the last one; an interval reaches as far either side of it, as a ratio, as the
    share of `moves` with the smallest size does, counted so that the interval would hold a new one
    as often as it says if it were drawn like them.

    Raises ValueError for a count below 0 and for fewer than 20 moves, too few for 95%.

    Source: split conformal prediction: Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a
    Random World; Lei and others (2018), Journal of the American Statistical Association 113:1094.
    """
    count = validation.single("last_count", last_count)
    validation.reject("last_count", np.array(count), np.array(count < 0), "is negative")
    near, far = (np.exp(reach(moves, share)) for share in (0.8, 0.95))
    return Outlook(count, count / near, count * near, count / far, count * far)


def yearly_moves(years: pd.DataFrame) -> pd.DataFrame:
    """The logarithm of each year's count over that of the year before, of each area.

    `years` has a row a year, oldest first, and a column an area; the result lacks its first row.
    Raises ValueError for counts that are negative or not whole; a move from or to 0 is missing.
    """
    counts = validation.counts("years", years.to_numpy())
    logs = np.log(np.where(counts > 0, counts, np.nan))
    return pd.DataFrame(np.diff(logs, axis=0), index=years.index[1:], columns=years.columns)


def reach(moves: np.ndarray, share: float) -> float:
    """The size that holds a `share` of new moves drawn like these: their conformal quantile.

    Raises ValueError for a share that is not between 0 and 1, and fewer moves than it needs.
    """
    share = validation.open_probability("share", share)
    sizes = np.sort(np.abs(np.asarray(moves)[np.isfinite(moves)]))
    place = int(np.ceil((len(sizes) + 1) * share))
    if place > len(sizes):
        raise ValueError(f"moves: {len(sizes)} are too few for an interval of {share:.0%}")
    return float(sizes[place - 1])


def left_out_coverage(moves: pd.DataFrame, share: float) -> pd.Series:
    """The share of each year's moves within the reach of all other years' moves.

    That is how intervals do in a year that had no part in them. `moves` has a row a year and a
    column an area. Raises ValueError as `reach` does.
    """
    found = {}
    for year in moves.index:
        size = reach(moves.drop(year).to_numpy().ravel(), share)
        known = moves.loc[year].dropna()
        found[year] = float((known.abs() <= size).mean())
    return pd.Series(found, name="coverage")


def _monthly(monthly_counts: pd.Series) -> pd.Series:
    if not isinstance(monthly_counts, pd.Series):
        raise ValueError(f"monthly_counts: {type(monthly_counts).__name__} is not a Series")
    counts = validation.counts("monthly_counts", monthly_counts)
    index = validation.consecutive_months("monthly_counts", monthly_counts.index)
    return pd.Series(counts, index=index)


def _check_length(series: pd.Series, months: int) -> None:
    if len(series) < months:
        raise ValueError(f"monthly_counts: {len(series)} months are fewer than {months}")
