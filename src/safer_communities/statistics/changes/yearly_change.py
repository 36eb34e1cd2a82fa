"""Changes between years: how far areas move by themselves, and what goes beyond it."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from safer_communities.statistics import validation
from safer_communities.statistics.rates import CountChange, rate_ratio, score_odds
from safer_communities.statistics.validation import Numbers, aligned

# Where scores are cut off in the fit: a few real jumps do not make all years look restless.
CUT = 2.0
# The mean square of a standard normal value that is cut off there.
MEAN_SQUARE = 1 - 2 * ndtr(-CUT) - 2 * CUT * np.exp(-(CUT**2) / 2) / np.sqrt(2 * np.pi)
MEAN_SQUARE += 2 * CUT**2 * ndtr(-CUT)
# Such a spread makes hundredfold counts usual: no test is left.
LARGEST_SD = 5.0


def compare_years(
    count_1: Numbers,
    count_2: Numbers,
    *,
    year_to_year_sd: Numbers,
    exposure_1: Numbers = 1.0,
    exposure_2: Numbers = 1.0,
    alpha: float = 0.05,
) -> CountChange:
    """The second year's count against the first, where years differ by more than their events.

    As `rates.compare_counts`, with one thing more: each year has an effect of its own, such that
    the logarithm of the ratio of two years would vary with the standard deviation
    `year_to_year_sd` (0.05: about 5%) however many events there are. With 0 this is the score test
    of independent events.

    The effects are gamma distributed, so that a count is negative binomial, with the variance
    mean + sd^2 / 2 x mean^2, and the second count given the sum n of both beta-binomial: its
    variance is that of n / (1 + (n - 1) r) independent events (the effective count). Where both
    exposures are equal r is v / (1 + v) with v = sd^2 / 4; otherwise v = sd^2 q (1 - q), q the
    second's share of the exposures. The test is the score test of the second count's share, and the
    interval holds the ratios that it does not reject (Wilson's form): it excludes 1 exactly where
    p < `alpha`.

    Infinite and zero ratios as in `compare_counts`. Raises ValueError as that does, and for an
    `year_to_year_sd` that is negative or above 5.

    Source: Spiegelhalter (2005), Statistics in Medicine 24:1185, and Quality and Safety in Health
    Care 14:347, on additive random effects; Williams (1982), JRSS C 31:144, for the variance of
    the share; Rao and Scott (1999), Statistics in Medicine 18:1373, for effective counts; Wilson
    (1927), JASA 22:209, for the inversion.
    """
    arrays, restore = aligned(
        count_1=(validation.counts, count_1),
        count_2=(validation.counts, count_2),
        exposure_1=(validation.positive, exposure_1),
        exposure_2=(validation.positive, exposure_2),
        year_to_year_sd=(_spread, year_to_year_sd),
    )
    return _compare(arrays, validation.open_probability("alpha", alpha), restore)


def compare_with_others(
    count_1: Numbers,
    count_2: Numbers,
    others_1: Numbers,
    others_2: Numbers,
    *,
    year_to_year_sd: Numbers,
    alpha: float = 0.05,
) -> CountChange:
    """An area's change divided by that of others: ratio of ratios, its test and interval.

    `others_1` and `others_2` count the same in the other areas together, 1 or more, without the
    area itself. What moves all areas at once (the season, a way of recording, a pandemic) cancels.
    `year_to_year_sd` is how far areas move against each other (see that function); the chance in
    the others' own counts is added to it. Otherwise as `compare_years`.

    Source: as `compare_years`; Altman and Bland (2003), BMJ 326:219, on comparing two ratios.
    """
    (first, second, others_1, others_2, spread), restore = aligned(
        count_1=(validation.counts, count_1),
        count_2=(validation.counts, count_2),
        others_1=(validation.bases, others_1),
        others_2=(validation.bases, others_2),
        year_to_year_sd=(_spread, year_to_year_sd),
    )
    spread = np.sqrt(spread**2 + 1 / others_1 + 1 / others_2)
    alpha = validation.open_probability("alpha", alpha)
    return _compare([first, second, others_1, others_2, spread], alpha, restore)


def year_to_year_sd(first: Numbers | pd.DataFrame, second: Numbers | pd.DataFrame) -> float:
    """How far areas move against each other between two years, beyond what events by chance do.

    `first` and `second` are tables of counts of one shape: a row a pair of years, a column an area,
    three areas or more. The result is the standard deviation of the logarithm of an area's ratio
    over that of the other areas, for `compare_with_others`; 0 where the counts vary no more than
    independent events do, and where there are none to compare; 5 at most.

    A movement that all areas share is taken out: that is `common_sd`. Each area's score is what
    `compare_with_others` would give it; the standard deviation is the one with which they have the
    mean square of a standard normal, scores beyond 2 cut off at 2 in both. So a real jump in one
    area counts, but not for more than that. Areas without an event in both years are left out.

    Raises ValueError for counts that are negative or not whole, tables that do not fit, and fewer
    than three areas.

    Source: Paule and Mandel (1982), Journal of Research of the National Bureau of Standards 87:377,
    for the moment equation; Huber (1964), Annals of Mathematical Statistics 35:73, proposal 2, and
    Spiegelhalter (2005), Statistics in Medicine 24:1185, for cutting scores off.
    """
    before, after = _pairs_of_years(first, second)
    others = [table.sum(axis=1, keepdims=True) - table for table in (before, after)]
    known = (before + after > 0) & (others[0] > 0) & (others[1] > 0)
    if not known.any():
        return 0.0
    count_1, count_2, others_1, others_2 = (table[known] for table in (before, after, *others))

    def excess(spread: float) -> float:
        spreads = np.full(count_2.shape, spread)
        *_, score = _scores(count_1, count_2, others_1, others_2, spreads)
        return float(np.mean(np.minimum(score**2, CUT**2)) - MEAN_SQUARE)

    if excess(0) <= 0:
        return 0.0
    if excess(LARGEST_SD) > 0:
        return LARGEST_SD
    return float(brentq(excess, 0, LARGEST_SD))


def common_sd(first: Numbers | pd.DataFrame, second: Numbers | pd.DataFrame) -> float:
    """How far all areas together move between two years: a standard deviation about no change.

    Tables as in `year_to_year_sd`. The result is the root mean square of the logarithm of the sum
    of all areas in the second year over that in the first, of the pairs that have events in both; 0
    where none has. With `np.hypot` of it and `year_to_year_sd` an area's own change is compared
    with what is usual. A trend is not taken out: a count that rose each year usually rises.

    Raises ValueError as `year_to_year_sd`.
    """
    sums = [table.sum(axis=1) for table in _pairs_of_years(first, second)]
    known = (sums[0] > 0) & (sums[1] > 0)
    if not known.any():
        return 0.0
    return float(np.sqrt(np.mean(np.log(sums[1][known] / sums[0][known]) ** 2)))


def _pairs_of_years(
    first: Numbers | pd.DataFrame, second: Numbers | pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    before = validation.counts("first", np.asarray(first))
    after = validation.counts("second", np.asarray(second))
    if before.shape != after.shape or before.ndim != 2 or before.shape[1] < 3:
        raise ValueError(
            f"first, second: tables of {before.shape} and {after.shape} are not the same pairs of "
            "years by three areas or more"
        )
    return before, after


def _spread(name: str, value: Numbers) -> np.ndarray:
    array = validation.numbers(name, value)
    validation.reject(name, array, array < 0, "is negative")
    validation.reject(name, array, array > LARGEST_SD, f"is above {LARGEST_SD:g}")
    return array


def _compare(arrays: list[np.ndarray], alpha: float, restore: Callable) -> CountChange:
    count_1, count_2, exposure_1, exposure_2, _ = arrays
    ratio = rate_ratio(count_1, count_2, exposure_1, exposure_2)
    share, effective, score = _scores(*arrays)
    low, high = score_odds(share, effective, float(ndtri(alpha / 2)) ** 2)
    odds_to_ratio = exposure_1 / exposure_2
    return CountChange(
        percent_change=restore((ratio - 1) * 100),
        ratio=restore(ratio),
        ci_low=restore(low * odds_to_ratio),
        ci_high=restore(high * odds_to_ratio),
        p_value=restore(2 * ndtr(-np.abs(score))),
    )


def _scores(
    count_1: np.ndarray,
    count_2: np.ndarray,
    exposure_1: np.ndarray,
    exposure_2: np.ndarray,
    spread: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The second count's share of both, its effective count, and its score if nothing changed."""
    total = count_1 + count_2
    share = count_2 / np.maximum(total, 1)
    before, after = (part / (exposure_1 + exposure_2) for part in (exposure_1, exposure_2))
    years = spread**2 * before * after
    effective = total / (1 + np.maximum(total - 1, 0) * years / (1 + years))
    score = (share - after) * np.sqrt(effective / (before * after))
    return share, effective, score
