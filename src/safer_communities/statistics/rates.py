"""Counts and rates: intervals, changes, and how irregular months are.

Every function takes scalars, arrays or Series (matched by label; the index is kept) unless it says
otherwise, and gives back a small frozen dataclass with fields of the same shape. Nothing returns
NaN. Bad input raises ValueError naming the argument and its value.
"""

from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
import pandas as pd
from scipy.special import betainc, betaincinv, ndtri

from safer_communities.statistics import validation
from safer_communities.statistics.validation import Numbers, Shaped, aligned


@dataclass(frozen=True)
class RateInterval:
    """A rate per `per` of the exposure and the ends of its interval, in the same unit."""

    rate: Shaped
    ci_low: Shaped
    ci_high: Shaped


@dataclass(frozen=True)
class CountChange:
    """A second count (or rate) against a first; `ci_low` and `ci_high` are ends of the ratio."""

    percent_change: Shaped
    ratio: Shaped
    ci_low: Shaped
    ci_high: Shaped
    p_value: Shaped


def rate_interval(
    count: Numbers,
    exposure: Numbers,
    *,
    per: float = 1000,
    alpha: float = 0.05,
    dispersion: Numbers = 1.0,
) -> RateInterval:
    """The rate `count` / `exposure` x `per` with Byar's interval.

    `count` events (0 or more) from `exposure` residents, households or the like (above 0). The
    interval takes events as independent (Poisson) and covers the true rate in 1 - `alpha` of cases;
    it agrees with the exact interval to a fraction of a per cent from ten events on. With no events
    it starts at 0 and ends above it.

    Where counts vary more than independent events, a `dispersion` of at least 1 makes the rate as
    sure as that of so many fewer events (effective counts, as in `rankings.rank_intervals`).

    Raises ValueError for counts that are negative or not whole, an exposure or `per` not above 0,
    and a `dispersion` below 1.

    Source: Breslow and Day (1987), Statistical Methods in Cancer Research II, page 69 (IARC); the
    method of the Office for Health Improvement and Disparities for rates.
    """
    (count, exposure, dispersion), restore = aligned(
        count=(validation.counts, count),
        exposure=(validation.positive, exposure),
        dispersion=(validation.positive, dispersion),
    )
    per = validation.single_positive("per", per)
    validation.reject("dispersion", dispersion, dispersion < 1, "is below 1")
    z = -ndtri(validation.open_probability("alpha", alpha) / 2)
    effective = count / dispersion
    some = np.where(count == 0, 1, effective)
    # At a very small alpha the bracket turns negative: no count below 0 is possible.
    low = some * np.maximum(1 - 1 / (9 * some) - z / (3 * np.sqrt(some)), 0) ** 3
    more = effective + 1
    high = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    scale = per / exposure
    return RateInterval(
        rate=restore(count * scale),
        ci_low=restore(np.where(count == 0, 0.0, low) * dispersion * scale),
        ci_high=restore(high * dispersion * scale),
    )


def compare_counts(
    count_1: Numbers,
    count_2: Numbers,
    *,
    exposure_1: Numbers = 1.0,
    exposure_2: Numbers = 1.0,
    alpha: float = 0.05,
) -> CountChange:
    """The second count against the first: ratio of the rates, its exact test and interval.

    Counts of events and what they arose from (1 each unless given: equal lengths of time).
    `percent_change` is in per cent of the first rate; `ratio`, `ci_low` and `ci_high` are second
    rate over first. Events are taken as independent (Poisson).

    The test is the exact conditional one: given the sum of both counts, the second is binomial. It
    is chosen over the score test because some offences number a handful a year and its error is
    never above `alpha`; with thousands the two agree. p is twice the smaller tail, so that the
    interval (Clopper-Pearson, turned into a ratio) excludes 1 exactly where p < `alpha`.

    From a first count of 0 the ratio, its upper end and the change are infinite; to a second count
    of 0 the ratio is 0; with none in either the ratio is taken as 1, from 0 to infinity, with p 1.

    Raises ValueError for counts that are negative or not whole, and exposures not above 0.

    Source: Przyborowski and Wilenski (1940), Biometrika 31:313; Clopper and Pearson (1934),
    Biometrika 26:404; Fay (2010), Biostatistics 11:373, on intervals that match their test.
    """
    (count_1, count_2, exposure_1, exposure_2), restore = aligned(
        count_1=(validation.counts, count_1),
        count_2=(validation.counts, count_2),
        exposure_1=(validation.positive, exposure_1),
        exposure_2=(validation.positive, exposure_2),
    )
    alpha = validation.open_probability("alpha", alpha)
    ratio = rate_ratio(count_1, count_2, exposure_1, exposure_2)
    lower_tail, upper_tail = conditional_tails(count_1, count_2, exposure_1, exposure_2)
    low, high = ratio_ends(count_1, count_2, exposure_1, exposure_2, alpha)
    return CountChange(
        percent_change=restore((ratio - 1) * 100),
        ratio=restore(ratio),
        ci_low=restore(low),
        ci_high=restore(high),
        p_value=restore(np.minimum(1, 2 * np.minimum(lower_tail, upper_tail))),
    )


def ratio_ends(
    count_1: np.ndarray,
    count_2: np.ndarray,
    exposure_1: np.ndarray,
    exposure_2: np.ndarray,
    alpha: float,
) -> tuple[np.ndarray, np.ndarray]:
    """The ends of Clopper and Pearson's interval of the second rate over the first.

    Arrays that fit together, already checked; counts need not be whole (effective counts).
    """
    # Odds of an event being of the second period, at either end.
    low, inverse_high = _low_odds(count_2, count_1, alpha), _low_odds(count_1, count_2, alpha)
    # So few effective events that the end leaves the range of a float: it is as good as infinite.
    with np.errstate(over="ignore"):
        high = np.divide(1, inverse_high, where=inverse_high > 0, out=np.full(low.shape, np.inf))
        return low * exposure_1 / exposure_2, high * exposure_1 / exposure_2


def conditional_tails(
    count_1: np.ndarray, count_2: np.ndarray, exposure_1: np.ndarray, exposure_2: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """One-sided p-values: of a second count so low, and so high, were both rates the same.

    Arrays that fit together, already checked: this is what `compare_counts` and the ranks share.
    """
    share_1, share_2 = (part / (exposure_1 + exposure_2) for part in (exposure_1, exposure_2))
    # betainc(a, b, x) is the chance of at least a of a + b - 1; at least none is certain.
    so_low = betainc(count_1, count_2 + 1, share_1)
    so_high = betainc(count_2, count_1 + 1, share_2)
    return so_low, so_high


def dispersion(monthly_counts: Numbers) -> float:
    """How many times more the months vary than independent events would (at least 1).

    `monthly_counts` covers whole years, oldest first: a multiple of 12 months, 24 or more, in one
    series. Each year may have its level and each month of the year its season; what is left over is
    Pearson's chi-squared divided by its degrees of freedom, 11 x (years - 1): the dispersion of a
    quasi-Poisson regression on year and month of year, which for whole years has this closed form.
    Months of the year without a single event are left out. A figure below 1 is given as 1: months
    that vary less than chance do not make a change surer.

    It sees irregular months, not drift: of a change between years it says little, see
    `yearly_change`.

    Raises ValueError for counts that are negative, not whole or not of whole years, a Series by
    date whose months do not follow each other, and for too few events to tell.

    Source: McCullagh and Nelder (1989), Generalized Linear Models, sections 4.5 and 6.2.
    """
    counts = validation.counts("monthly_counts", monthly_counts)
    if counts.ndim != 1 or len(counts) < 24 or len(counts) % 12:
        raise ValueError(
            f"monthly_counts: {counts.size} values are not two or more whole years of months"
        )
    if _by_date(monthly_counts):
        validation.consecutive_months("monthly_counts", monthly_counts.index)
    found = _pearson_dispersion(counts.reshape(-1, 12))
    if found is None:
        raise ValueError(f"monthly_counts: {counts.sum():g} events are too few to tell")
    return found


def dispersion_by_area(monthly_counts: pd.DataFrame) -> pd.Series:
    """How many times more the months of each area vary than chance would make them (at least 1).

    `monthly_counts` has a row an area and a column a month. What is usual for an area's month is
    its own count shared out as those of all areas together are: an area's part of Pearson's
    chi-squared for the whole table, divided by the months but one. Indexed like the rows. Raises
    ValueError for counts that are negative or not whole, fewer than two months, and an area or a
    month without an event.

    Source: McCullagh and Nelder (1989), Generalized Linear Models, section 4.5.
    """
    counts = validation.counts("monthly_counts", np.asarray(monthly_counts))
    if counts.ndim != 2 or counts.shape[1] < 2:
        raise ValueError("monthly_counts: not a table of areas by two months or more")
    if not (counts.sum(axis=0).all() and counts.sum(axis=1).all()):
        raise ValueError("monthly_counts: an area or a month is without an event")
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    found = ((counts - expected) ** 2 / expected).sum(axis=1) / (counts.shape[1] - 1)
    return pd.Series(np.maximum(found, 1.0), index=monthly_counts.index)


def index_of_dispersion(counts: Numbers) -> float:
    """The variance of counts over their mean (at least 1): 1 for events that come by chance.

    For counts of which one level is assumed, where `dispersion` has too few to tell. It is 1 for no
    event. Raises ValueError for counts that are negative or not whole, and fewer than two.

    Source: Cox and Lewis (1966), The Statistical Analysis of Series of Events, section 6.3.
    """
    values = validation.counts("counts", counts)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"counts: {values.size} values are too few to vary")
    return max(1.0, float(values.var(ddof=1) / values.mean())) if values.any() else 1.0


def _pearson_dispersion(years: np.ndarray) -> float | None:
    """The dispersion of a table of years by months; None where nothing is left to compare."""
    years = years[np.ix_(years.sum(axis=1) > 0, years.sum(axis=0) > 0)]
    if min(years.shape) < 2:
        return None
    freedom = (years.shape[0] - 1) * (years.shape[1] - 1)
    expected = years.sum(axis=1, keepdims=True) * years.sum(axis=0) / years.sum()
    chi_squared = ((years - expected) ** 2 / expected).sum()
    return max(1.0, float(chi_squared / freedom))


def rate_ratio(count_1, count_2, exposure_1, exposure_2) -> np.ndarray:
    """The second rate over the first, of checked arrays: 1 where neither has an event."""
    ratio = np.full(count_1.shape, np.inf)
    np.divide(count_2 * exposure_1, count_1 * exposure_2, where=count_1 > 0, out=ratio)
    return np.where((count_1 == 0) & (count_2 == 0), 1.0, ratio)


def _low_odds(count: np.ndarray, other: np.ndarray, alpha: float) -> np.ndarray:
    """The lower end of Clopper and Pearson's interval of a count's share of both, as odds."""
    share = np.zeros(count.shape)
    betaincinv(count, other + 1, alpha / 2, where=count > 0, out=share)
    return share / (1 - share)


def score_odds(
    share: np.ndarray, effective: np.ndarray, critical_squared: float
) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the odds share : 1 - share that a score test with this critical value accepts.

    Arrays that fit together: a share of `effective` events, which need not be whole. Without any
    event the odds go from 0 to infinity.
    """
    some = effective > 0
    # Wilson's ends solve n (share - x)^2 = critical^2 x (1 - x).
    square = np.divide(critical_squared, effective, where=some, out=np.zeros(np.shape(effective)))
    middle, half = share + square / 2, np.sqrt(share * (1 - share) * square + square**2 / 4)
    low = np.where(some, (middle - half) / (1 + square - middle + half), 0.0)
    high = np.full(np.shape(effective), np.inf)
    np.divide(
        middle + half, 1 + square - middle - half, where=some & (np.asarray(share) < 1), out=high
    )
    return low, high


def _by_date(months: Numbers) -> TypeGuard[pd.Series]:
    return isinstance(months, pd.Series) and isinstance(months.index, pd.DatetimeIndex)
