"""Survey shifts: how large, how sure, and what whole percentages can and cannot say.

Every function takes scalars, arrays or Series (matched by label; the index is kept) and gives back
a small frozen dataclass whose fields have the same shape. Nothing returns NaN: where nobody, or
everybody, said yes in both waves, the difference is 0, z is 0 and p is 1. Bad input raises
ValueError naming the argument and its value.

The formulas stand here rather than calls of statsmodels because its `proportions_ztest` takes one
pair at a time and gives NaN for empty cells; the tests hold the two together to 1e-12.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc, ndtr, ndtri

from safer_communities import arguments
from safer_communities.arguments import Numbers, aligned

SIGNIFICANT, NOT_SIGNIFICANT, CANNOT_TELL = "significant", "not significant", "cannot tell"
LARGEST_BASE_SEARCHED = 5000
# With more, the whole numbers of exact rounding would not fit in 64 bits.
MOST_DECIMALS = 6


@dataclass(frozen=True)
class ProportionInterval:
    """A proportion (0 to 1) and the ends of its interval."""

    proportion: Numbers
    ci_low: Numbers
    ci_high: Numbers


@dataclass(frozen=True)
class Comparison:
    """Second proportion minus first, with its test and interval (all as proportions, -1 to 1)."""

    difference: Numbers
    z: Numbers
    p_value: Numbers
    ci_low: Numbers
    ci_high: Numbers
    significant: bool | Numbers


@dataclass(frozen=True)
class SeveralProportions:
    """Whether several proportions differ at all: Pearson's chi-squared and its p."""

    chi_squared: float
    degrees_of_freedom: int
    p_value: float


@dataclass(frozen=True)
class PercentageComparison:
    """A comparison of two printed percentages, at face value and over all that rounds to them.

    `difference`, `ci_low` and `ci_high` are proportions, second minus first. `p_low` and `p_high`
    are the ends of what p can have been; `verdict` is "significant", "not significant" or
    "cannot tell".
    """

    difference: Numbers
    z: Numbers
    p_value: Numbers
    ci_low: Numbers
    ci_high: Numbers
    significant: bool | Numbers
    p_low: Numbers
    p_high: Numbers
    verdict: str | Numbers


@dataclass(frozen=True)
class BaseRangeComparison:
    """What p can have been over ranges of bases, and the bases at which the answer would flip.

    `flip_base_1` is the base nearest to the first assumed base (the second kept as assumed) at
    which the printed percentages, at face value, stop or start being significant; None where no
    base up to 5,000 does that. `flip_base_2` likewise.
    """

    p_low: Numbers
    p_high: Numbers
    verdict: str | Numbers
    flip_base_1: int | Numbers | None
    flip_base_2: int | Numbers | None


@dataclass(frozen=True)
class DetectableShift:
    """The smallest rise and fall, in percentage points; infinite where none is large enough."""

    rise: Numbers
    fall: Numbers


@dataclass(frozen=True)
class ShiftLevels:
    """The levels at which a shift printed without its level would be significant.

    `ranges` holds the first and last percentage (of the first wave) of each run of levels at which
    the shift is significant at face value. `levels` has a row for each possible level: percent_1,
    percent_2, p_value, p_low, p_high, significant, verdict.
    """

    shift_points: float
    ranges: tuple[tuple[float, float], ...]
    levels: pd.DataFrame


def wilson_interval(
    count: Numbers, base: Numbers, *, alpha: float = 0.05, design_effect: float = 1.0
) -> ProportionInterval:
    """The proportion `count` / `base` with its Wilson score interval (no continuity correction).

    `base` people were asked (at least 1), `count` of them (0 to `base`) said yes. The interval
    covers the truth in 1 - `alpha` of surveys; `design_effect` divides the base. It never leaves
    0 to 1 and does not collapse where nobody or everybody said yes.

    Raises ValueError for counts that are negative, not whole or above their base.

    Source: Wilson (1927), JASA 22:209; Newcombe (1998), Statistics in Medicine 17:857, method 3.
    """
    (count, base), restore = aligned(count=(arguments.counts, count), base=(arguments.bases, base))
    arguments.reject_above("count", count, "base", base)
    alpha = arguments.open_probability("alpha", alpha)
    deff = arguments.single_positive("design_effect", design_effect)
    share = count / base
    low, high = _wilson(share, base / deff, alpha)
    return ProportionInterval(restore(share), restore(low), restore(high))


def compare_proportions(
    count_1: Numbers, base_1: Numbers, count_2: Numbers, base_2: Numbers, *, alpha: float = 0.05
) -> Comparison:
    """The second proportion minus the first, its pooled z test and its interval.

    Counts of people who said yes, and bases of people asked (at least 1). The test is two-sided
    with the pooled variance (its square is Pearson's chi-squared without correction); the interval
    covers the true difference in 1 - `alpha` of surveys. `significant` is p <= `alpha`. Where both
    proportions are 0, or both 1, z is 0 and p is 1.

    Raises ValueError for counts that are negative, not whole or above their base.

    Source: test: Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions,
    chapter 3. Interval: Newcombe (1998), Statistics in Medicine 17:873, method 10 (hybrid score).
    """
    (count_1, base_1, count_2, base_2), restore = aligned(
        count_1=(arguments.counts, count_1),
        base_1=(arguments.bases, base_1),
        count_2=(arguments.counts, count_2),
        base_2=(arguments.bases, base_2),
    )
    arguments.reject_above("count_1", count_1, "base_1", base_1)
    arguments.reject_above("count_2", count_2, "base_2", base_2)
    alpha = arguments.open_probability("alpha", alpha)
    found = _compared(count_1 / base_1, base_1, count_2 / base_2, base_2, alpha)
    return Comparison(**{name: restore(value) for name, value in found.items()})


def compare_several_proportions(counts: Numbers, bases: Numbers) -> SeveralProportions:
    """Whether two or more proportions (waves, schools, wards) differ at all.

    Arrays or Series of people who said yes and of people asked. Pearson's chi-squared without
    correction; of two proportions it is the square of z in `compare_proportions`. Where nobody, or
    everybody, said yes, it is 0 and p is 1.

    Raises ValueError for fewer than two, and counts that are negative, not whole or above a base.

    Source: Fleiss, Levin and Paik (2003), chapter 9; R's `prop.test` for several groups.
    """
    (count, base), _ = aligned(counts=(arguments.counts, counts), bases=(arguments.bases, bases))
    arguments.reject_above("counts", count, "bases", base)
    if count.ndim != 1 or count.size < 2:
        raise ValueError(f"counts: {counts!r} is not two or more counts")
    pooled = count.sum() / base.sum()
    variance = pooled * (1 - pooled)
    chi_squared = float((base * (count / base - pooled) ** 2).sum() / variance) if variance else 0.0
    freedom = count.size - 1
    return SeveralProportions(chi_squared, freedom, float(chdtrc(freedom, chi_squared)))


def compare_shares(
    share_1: Numbers,
    effective_base_1: Numbers,
    share_2: Numbers,
    effective_base_2: Numbers,
    *,
    alpha: float = 0.05,
) -> Comparison:
    """`compare_proportions` for weighted shares (0 to 1) with effective bases, whole or not.

    The effective base is the base divided by the design effect: the size of the simple random
    sample that would say as much.

    Raises ValueError for shares outside 0 to 1 and effective bases not above 0.

    Source: Kish (1965), Survey Sampling, section 8.2; the test and interval as in
    `compare_proportions`.
    """
    (share_1, base_1, share_2, base_2), restore = aligned(
        share_1=(arguments.probabilities, share_1),
        effective_base_1=(arguments.positive, effective_base_1),
        share_2=(arguments.probabilities, share_2),
        effective_base_2=(arguments.positive, effective_base_2),
    )
    alpha = arguments.open_probability("alpha", alpha)
    found = _compared(share_1, base_1, share_2, base_2, alpha)
    return Comparison(**{name: restore(value) for name, value in found.items()})


def compare_percentages(
    percent_1: Numbers,
    base_1: Numbers,
    percent_2: Numbers,
    base_2: Numbers,
    *,
    alpha: float = 0.05,
    decimals: int = 0,
    design_effect: float = 1.0,
) -> PercentageComparison:
    """Two printed percentages compared, at face value and over all counts that round to them.

    Percentages 0 to 100 as printed (half up, to `decimals` places) and bases of people asked. The
    face value takes the percentages as exact. `p_low` and `p_high` are the smallest and largest p
    over every pair of whole-number counts that rounds to what is printed; the verdict is
    "significant" where all of them are at most `alpha`, "not significant" where none is, else
    "cannot tell". `design_effect` divides both bases in the test, not in the rounding.

    Exact without trying every pair: z rises with the second count and falls with the first, so the
    largest |z| lies at a corner, and for each first count the smallest |z| lies at the second
    count nearest to the same proportion.

    Raises ValueError for a percentage outside 0 to 100, with more decimals than `decimals`, or that
    no count of its base rounds to (50% of 3).

    Source: as `compare_proportions`; the design effect: Kish (1965), Survey Sampling, section 8.2.
    """
    (percent_1, base_1, percent_2, base_2), restore = aligned(
        percent_1=(arguments.percentages, percent_1),
        base_1=(arguments.bases, base_1),
        percent_2=(arguments.percentages, percent_2),
        base_2=(arguments.bases, base_2),
    )
    alpha = arguments.open_probability("alpha", alpha)
    deff = arguments.single_positive("design_effect", design_effect)
    first = _counts_that_round("percent_1", percent_1, "base_1", base_1, decimals)
    second = _counts_that_round("percent_2", percent_2, "base_2", base_2, decimals)
    p_low, p_high = _p_range(first, base_1, second, base_2, deff)
    found = _compared(percent_1 / 100, base_1 / deff, percent_2 / 100, base_2 / deff, alpha)
    found |= {"p_low": p_low, "p_high": p_high, "verdict": _verdict(p_low, p_high, alpha)}
    return PercentageComparison(**{name: restore(value) for name, value in found.items()})


def compare_percentages_over_bases(
    percent_1: Numbers,
    base_1: Numbers,
    percent_2: Numbers,
    base_2: Numbers,
    *,
    base_1_low: Numbers | None = None,
    base_1_high: Numbers | None = None,
    base_2_low: Numbers | None = None,
    base_2_high: Numbers | None = None,
    alpha: float = 0.05,
    decimals: int = 0,
    design_effect: float = 1.0,
) -> BaseRangeComparison:
    """What p can have been where a base is an assumption, and the base that would flip the answer.

    `base_1` and `base_2` are the published or assumed bases; the `_low` and `_high` ends (the base
    itself unless given) say how far each may be from that. Every whole base in the ranges is tried
    with every count that rounds to the printed percentage; bases to which no count rounds are
    passed over, since nobody can have printed that. Percentages, `decimals` and `design_effect` are
    as in `compare_percentages`.

    Raises ValueError as `compare_percentages` does, and where an end lies on the wrong side of its
    base or no base of a range allows the percentage.
    """
    given = {
        "base_1_low": base_1 if base_1_low is None else base_1_low,
        "base_1_high": base_1 if base_1_high is None else base_1_high,
        "base_2_low": base_2 if base_2_low is None else base_2_low,
        "base_2_high": base_2 if base_2_high is None else base_2_high,
    }
    arrays, restore = aligned(
        percent_1=(arguments.percentages, percent_1),
        base_1=(arguments.bases, base_1),
        percent_2=(arguments.percentages, percent_2),
        base_2=(arguments.bases, base_2),
        **{name: (arguments.bases, value) for name, value in given.items()},
    )
    alpha = arguments.open_probability("alpha", alpha)
    deff = arguments.single_positive("design_effect", design_effect)
    p_1, b_1, p_2, b_2, b_1_low, b_1_high, b_2_low, b_2_high = arrays
    for side, low, base, high in (("1", b_1_low, b_1, b_1_high), ("2", b_2_low, b_2, b_2_high)):
        arguments.reject_above(f"base_{side}_low", low, f"base_{side}", base)
        arguments.reject_above(f"base_{side}", base, f"base_{side}_high", high)
    rows = zip(*(array.ravel() for array in arrays), strict=True)
    ranges = [
        _p_range_over_bases(p, (low_1, high_1), q, (low_2, high_2), decimals, deff)
        for p, _, q, _, low_1, high_1, low_2, high_2 in rows
    ]
    p_low, p_high = (np.reshape(end, p_1.shape) for end in zip(*ranges, strict=True))
    return BaseRangeComparison(
        p_low=restore(p_low),
        p_high=restore(p_high),
        verdict=restore(_verdict(p_low, p_high, alpha)),
        flip_base_1=restore(_flip_bases(p_1, b_1, p_2, b_2, alpha, deff)),
        flip_base_2=restore(_flip_bases(p_2, b_2, p_1, b_1, alpha, deff)),
    )


def power_to_detect(
    percent_1: Numbers,
    base_1: Numbers,
    percent_2: Numbers,
    base_2: Numbers,
    *,
    alpha: float = 0.05,
    design_effect: float = 1.0,
) -> Numbers:
    """The chance (0 to 1) that two waves of these bases find a true shift between these levels.

    True percentages of everybody, not of those asked; the pooled two-sided test at `alpha`, by the
    normal approximation that R's `power.prop.test` uses (the wrong direction counts as a miss).
    Where the two levels are equal this is `alpha` / 2.

    Raises ValueError for percentages outside 0 to 100 and bases that are not whole or below 1.

    Source: Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions,
    chapter 4.
    """
    (percent_1, base_1, percent_2, base_2), restore = aligned(
        percent_1=(arguments.percentages, percent_1),
        base_1=(arguments.bases, base_1),
        percent_2=(arguments.percentages, percent_2),
        base_2=(arguments.bases, base_2),
    )
    alpha = arguments.open_probability("alpha", alpha)
    deff = arguments.single_positive("design_effect", design_effect)
    return restore(_power(percent_1 / 100, base_1 / deff, percent_2 / 100, base_2 / deff, alpha))


def smallest_detectable_shift(
    percent_1: Numbers,
    base_1: Numbers,
    base_2: Numbers,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
    design_effect: float = 1.0,
) -> DetectableShift:
    """The smallest true rise and fall from `percent_1` that two such waves would probably find.

    In percentage points: from a first level of `percent_1` (0 to 100), a shift of this size is
    found significant at `alpha` with a chance of `power` (see `power_to_detect`). Infinite where
    not even a shift to 100% (or to 0%) would be found as often.

    Raises ValueError as `power_to_detect` does, and for a `power` not above `alpha`.

    Source: Fleiss, Levin and Paik (2003), chapter 4, solved for the second proportion.
    """
    (percent_1, base_1, base_2), restore = aligned(
        percent_1=(arguments.percentages, percent_1),
        base_1=(arguments.bases, base_1),
        base_2=(arguments.bases, base_2),
    )
    alpha = arguments.open_probability("alpha", alpha)
    power = arguments.open_probability("power", power)
    if power <= alpha:
        raise ValueError(f"power: {power:g} is not above alpha {alpha:g}")
    deff = arguments.single_positive("design_effect", design_effect)
    level, n_1, n_2 = percent_1 / 100, base_1 / deff, base_2 / deff
    rise = _smallest_shift(level, n_1, n_2, alpha, power)
    fall = _smallest_shift(1 - level, n_1, n_2, alpha, power)
    return DetectableShift(restore(100 * rise), restore(100 * fall))


def levels_at_which_shift_is_significant(
    shift_points: float,
    base_1: int,
    base_2: int,
    *,
    alpha: float = 0.05,
    decimals: int = 0,
    design_effect: float = 1.0,
) -> ShiftLevels:
    """The levels at which a shift printed without a level would be significant.

    `shift_points` is the printed shift in percentage points (a fall is negative), for one shift at
    a time. Every first percentage that can be printed with `decimals` places, such that the second
    stays within 0 to 100, is tested with `compare_percentages`. A shift is easier to tell from
    chance near 0% and 100% than near 50%, so there are usually two runs of levels, or one, or none.

    Raises ValueError for a shift of more than 100 points or with more decimals than `decimals`.
    """
    shift = arguments.single("shift_points", shift_points)
    step = 10 ** arguments.whole("decimals", decimals)
    shift_steps = _steps("shift_points", np.array(shift), decimals)
    if abs(shift) > 100:
        raise ValueError(f"shift_points: {shift:g} is not between -100 and 100")
    n_1, n_2 = (
        arguments.whole("base_1", base_1, at_least=1),
        arguments.whole("base_2", base_2, at_least=1),
    )
    steps = np.arange(100 * step + 1)
    # No count rounds to a second percentage below 0 or above 100.
    possible = np.ones(len(steps), bool)
    for moved, base in ((steps, n_1), (steps + shift_steps, n_2)):
        low, high = _count_range(moved, np.array(base), decimals)
        possible &= low <= high
    steps = steps[possible]
    if not len(steps):
        raise ValueError(f"shift_points: {shift:g} is impossible with bases {n_1} and {n_2}")
    percent_1, percent_2 = steps / step, (steps + shift_steps) / step
    found = compare_percentages(
        percent_1, n_1, percent_2, n_2, alpha=alpha, decimals=decimals, design_effect=design_effect
    )
    levels = pd.DataFrame(
        {
            "percent_1": percent_1,
            "percent_2": percent_2,
            "p_value": found.p_value,
            "p_low": found.p_low,
            "p_high": found.p_high,
            "significant": found.significant,
            "verdict": found.verdict,
        }
    )
    return ShiftLevels(shift, _runs(percent_1, np.asarray(found.significant)), levels)


def adjust_p_values(p_values: Numbers, *, method: str) -> Numbers:
    """The p-values adjusted for having asked many questions, in the order and shape given.

    With `method` "holm", findings at or below 0.05 are wrong, any of them, with a chance of at most
    5% for the whole family; with "bh" (Benjamini-Hochberg), at most 5% of the findings are expected
    to be wrong. Compare the result with the level: p <= 0.05 survives.

    Raises ValueError for p-values outside 0 to 1, none at all, or another method.

    Source: Holm (1979), Scandinavian Journal of Statistics 6:65; Benjamini and Hochberg (1995),
    JRSS B 57:289; computed by statsmodels `multipletests`.
    """
    # Importing statsmodels takes half a second, which most chapters need not wait for.
    from statsmodels.stats.multitest import multipletests

    names = {"holm": "holm", "bh": "fdr_bh"}
    if method not in names:
        raise ValueError(f"method: {method!r} is neither 'holm' nor 'bh'")
    (p_values,), restore = aligned(p_values=(arguments.probabilities, p_values))
    adjusted = multipletests(p_values.ravel(), method=names[method])[1]
    return restore(adjusted.reshape(p_values.shape))


def _wilson(share: np.ndarray, base: np.ndarray, alpha: float) -> tuple[np.ndarray, np.ndarray]:
    z = -ndtri(alpha / 2)
    centre = share * base + z**2 / 2
    half = z * np.sqrt(share * (1 - share) * base + z**2 / 4)
    low, high = (centre - half) / (base + z**2), (centre + half) / (base + z**2)
    # The formula gives 0 and 1 here but for rounding, which may put the end past them.
    return np.where(share == 0, 0.0, low), np.where(share == 1, 1.0, high)


def _z(share_1: np.ndarray, base_1: np.ndarray, share_2: np.ndarray, base_2: np.ndarray):
    pooled = (share_1 * base_1 + share_2 * base_2) / (base_1 + base_2)
    variance = pooled * (1 - pooled) * (1 / base_1 + 1 / base_2)
    # Shares so near 0 that no float holds their variance are not to be told apart.
    same = (share_1 == share_2) | (variance == 0)
    return np.where(same, 0.0, (share_2 - share_1) / np.sqrt(np.where(same, 1.0, variance)))


def _two_sided(z: np.ndarray) -> np.ndarray:
    return 2 * ndtr(-np.abs(z))


def _compared(
    share_1: np.ndarray, base_1: np.ndarray, share_2: np.ndarray, base_2: np.ndarray, alpha: float
) -> dict[str, np.ndarray]:
    difference = share_2 - share_1
    z = _z(share_1, base_1, share_2, base_2)
    p_value = _two_sided(z)
    low_1, high_1 = _wilson(share_1, base_1, alpha)
    low_2, high_2 = _wilson(share_2, base_2, alpha)
    return {
        "difference": difference,
        "z": z,
        "p_value": p_value,
        "ci_low": difference - np.hypot(share_2 - low_2, high_1 - share_1),
        "ci_high": difference + np.hypot(high_2 - share_2, share_1 - low_1),
        "significant": p_value <= alpha,
    }


def _verdict(p_low: np.ndarray, p_high: np.ndarray, alpha: float) -> np.ndarray:
    return np.where(
        p_high <= alpha, SIGNIFICANT, np.where(p_low > alpha, NOT_SIGNIFICANT, CANNOT_TELL)
    )


def _steps(name: str, printed: np.ndarray, decimals: int) -> np.ndarray:
    """What is printed in whole units of its last decimal, so that rounding is exact arithmetic."""
    if arguments.whole("decimals", decimals) > MOST_DECIMALS:
        raise ValueError(f"decimals: {decimals!r} is above {MOST_DECIMALS}")
    scaled = printed * 10 ** int(decimals)
    steps = np.rint(scaled)
    problem = f"has more decimals than decimals={decimals}"
    arguments.reject(name, printed, np.abs(scaled - steps) > 1e-6, problem)
    return steps.astype(np.int64)


def _count_range(steps: np.ndarray, base: np.ndarray, decimals: int):
    """The smallest and largest count that rounds half up to `steps`; none where low > high."""
    # 100 * count / base rounds to s / 10**d where 2s - 1 <= 200 * 10**d * count / base < 2s + 1.
    base = base.astype(np.int64)
    scale = 200 * 10**decimals
    low = -((-(2 * steps - 1) * base) // scale)
    high = -((-(2 * steps + 1) * base) // scale) - 1
    return np.maximum(low, 0), np.minimum(high, base)


def _counts_that_round(
    name: str, percent: np.ndarray, base_name: str, base: np.ndarray, decimals: int
) -> tuple[np.ndarray, np.ndarray]:
    low, high = _count_range(_steps(name, percent, decimals), base, decimals)
    empty = low > high
    if empty.any():
        raise ValueError(
            f"{name}: no count of {base_name} {base[empty].ravel()[0]:g} rounds to "
            f"{percent[empty].ravel()[0]:g}%"
        )
    return low, high


def _p_range(
    first: tuple[np.ndarray, np.ndarray],
    base_1: np.ndarray,
    second: tuple[np.ndarray, np.ndarray],
    base_2: np.ndarray,
    deff: float,
) -> tuple[np.ndarray, np.ndarray]:
    """The smallest and largest p over all counts of the two ranges (see `compare_percentages`)."""
    (low_1, high_1), (low_2, high_2) = first, second
    corners = [
        _z(low_1 / base_1, base_1, high_2 / base_2, base_2),
        _z(high_1 / base_1, base_1, low_2 / base_2, base_2),
    ]
    shrink = np.sqrt(deff)
    largest = np.maximum(*np.abs(corners))
    if (corners[0] * corners[1] > 0).all():
        # Ranges of proportions that do not meet: both ends of z lie at corners.
        return _two_sided(largest / shrink), _two_sided(np.minimum(*np.abs(corners)) / shrink)
    widest = int(np.max(high_1 - low_1)) + 1
    # A range that is shorter than the widest tries its last count more than once.
    count_1 = np.minimum(low_1[..., None] + np.arange(widest), high_1[..., None])
    n_1, n_2 = base_1[..., None], base_2[..., None]
    below = np.floor(count_1 * n_2 / n_1)
    smallest = np.full(count_1.shape, np.inf)
    for count_2 in (below, below + 1):
        count_2 = np.clip(count_2, low_2[..., None], high_2[..., None])
        smallest = np.minimum(smallest, np.abs(_z(count_1 / n_1, n_1, count_2 / n_2, n_2)))
    return _two_sided(largest / shrink), _two_sided(smallest.min(axis=-1) / shrink)


def _p_range_over_bases(
    percent_1: float,
    bases_1: tuple[float, float],
    percent_2: float,
    bases_2: tuple[float, float],
    decimals: int,
    deff: float,
) -> tuple[float, float]:
    tried_1 = _possible_bases("1", percent_1, bases_1, decimals)
    tried_2 = _possible_bases("2", percent_2, bases_2, decimals)
    # p is the same with the waves exchanged: the loop runs over the shorter range.
    if len(tried_1[0]) > len(tried_2[0]):
        tried_1, tried_2 = tried_2, tried_1
    bases, *ends = tried_2
    p_low, p_high = 1.0, 0.0
    for base, low, high in zip(*tried_1, strict=True):
        one = np.full(bases.shape, base)
        both = np.full(bases.shape, low), np.full(bases.shape, high)
        lowest, highest = _p_range(both, one, tuple(ends), bases, deff)
        p_low, p_high = min(p_low, lowest.min()), max(p_high, highest.max())
    return p_low, p_high


def _possible_bases(side: str, percent: float, ends: tuple[float, float], decimals: int):
    """The bases of a range that allow the percentage, with their smallest and largest counts."""
    bases = np.arange(ends[0], ends[1] + 1)
    steps = _steps(f"percent_{side}", np.array(percent), decimals)
    low, high = _count_range(steps, bases, decimals)
    possible = low <= high
    if not possible.any():
        raise ValueError(
            f"percent_{side}: no count of a base from {ends[0]:g} to {ends[1]:g} "
            f"rounds to {percent:g}%"
        )
    return bases[possible], low[possible], high[possible]


def _flip_bases(percent, base, other_percent, other_base, alpha: float, deff: float) -> np.ndarray:
    """For each comparison the base nearest to `base` that changes significance, or None."""
    tried = np.arange(1, LARGEST_BASE_SEARCHED + 1)
    flips = np.empty(percent.shape, dtype=object)
    for place in np.ndindex(percent.shape):
        share, other = percent[place] / 100, other_percent[place] / 100
        n, other_n = base[place], other_base[place] / deff
        now, then = (
            _two_sided(_z(share, size / deff, other, other_n)) <= alpha for size in (n, tried)
        )
        differing = tried[then != now]
        nearest = np.argmin(np.abs(differing - n)) if len(differing) else None
        flips[place] = None if nearest is None else int(differing[nearest])
    return flips


def _power(share_1, base_1, share_2, base_2, alpha: float) -> np.ndarray:
    pooled = (share_1 * base_1 + share_2 * base_2) / (base_1 + base_2)
    error_if_same = np.sqrt(pooled * (1 - pooled) * (1 / base_1 + 1 / base_2))
    error = np.sqrt(share_1 * (1 - share_1) / base_1 + share_2 * (1 - share_2) / base_2)
    beyond = np.abs(share_2 - share_1) + ndtri(alpha / 2) * error_if_same
    # Where both levels are 0% or 100% the samples cannot vary: the shift is found, or is none.
    certain = error == 0
    spread = np.where(certain, 1.0, error)
    same = np.where(share_1 == share_2, alpha / 2, np.where(beyond > 0, 1.0, 0.0))
    return np.where(certain, same, ndtr(beyond / spread))


def _smallest_shift(share, base_1, base_2, alpha: float, power: float) -> np.ndarray:
    """The smallest rise of a share that is found with the given power, by bisection."""
    low, high = 0.0, 1 - share
    found = _power(share, base_1, 1.0, base_2, alpha) >= power
    for _ in range(60):
        middle = (low + high) / 2
        enough = _power(share, base_1, share + middle, base_2, alpha) >= power
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(found, high, np.inf)


def _runs(values: np.ndarray, wanted: np.ndarray) -> tuple[tuple[float, float], ...]:
    """The first and last value of each run of neighbouring wanted values."""
    edges = np.flatnonzero(np.diff([False, *wanted, False]))
    return tuple(
        (float(values[start]), float(values[end - 1])) for start, end in edges.reshape(-1, 2)
    )
