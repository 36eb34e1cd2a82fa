"""Two printed percentages compared: at face value, and over all that rounds to them."""

from dataclasses import dataclass

import numpy as np

from safer_communities.statistics import validation
from safer_communities.statistics.significance.rounding import possible_bases, possible_counts
from safer_communities.statistics.significance.shares import (
    comparison_of_shares,
    two_sided_p,
    z_of_difference,
)
from safer_communities.statistics.validation import Numbers, Shaped, aligned

SIGNIFICANT, NOT_SIGNIFICANT, CANNOT_TELL = "significant", "not significant", "cannot tell"
LARGEST_BASE_SEARCHED = 5000


@dataclass(frozen=True)
class PercentageComparison:
    """A comparison of two printed percentages, at face value and over all that rounds to them.

    `difference`, `ci_low` and `ci_high` are proportions, second minus first. `p_low` and `p_high`
    are the ends of what p can have been; `verdict` is "significant", "not significant" or
    "cannot tell".
    """

    difference: Shaped
    z: Shaped
    p_value: Shaped
    ci_low: Shaped
    ci_high: Shaped
    significant: Shaped
    p_low: Shaped
    p_high: Shaped
    verdict: Shaped


@dataclass(frozen=True)
class BaseRangeComparison:
    """What p can have been over ranges of bases, and the bases at which the answer would flip.

    `flip_base_1` is the base nearest to the first assumed base (the second kept as assumed) at
    which the printed percentages, at face value, stop or start being significant; None where no
    base up to 5,000 does that. `flip_base_2` likewise.
    """

    p_low: Shaped
    p_high: Shaped
    verdict: Shaped
    flip_base_1: Shaped
    flip_base_2: Shaped


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
        percent_1=(validation.percentages, percent_1),
        base_1=(validation.bases, base_1),
        percent_2=(validation.percentages, percent_2),
        base_2=(validation.bases, base_2),
    )
    alpha = validation.open_probability("alpha", alpha)
    deff = validation.single_positive("design_effect", design_effect)
    first = possible_counts("percent_1", percent_1, "base_1", base_1, decimals)
    second = possible_counts("percent_2", percent_2, "base_2", base_2, decimals)
    p_low, p_high = _p_range(first, base_1, second, base_2, deff)
    found = comparison_of_shares(
        percent_1 / 100, base_1 / deff, percent_2 / 100, base_2 / deff, alpha
    )
    found |= {"p_low": p_low, "p_high": p_high, "verdict": verdict_of_range(p_low, p_high, alpha)}
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
        percent_1=(validation.percentages, percent_1),
        base_1=(validation.bases, base_1),
        percent_2=(validation.percentages, percent_2),
        base_2=(validation.bases, base_2),
        **{name: (validation.bases, value) for name, value in given.items()},
    )
    alpha = validation.open_probability("alpha", alpha)
    deff = validation.single_positive("design_effect", design_effect)
    p_1, b_1, p_2, b_2, b_1_low, b_1_high, b_2_low, b_2_high = arrays
    for side, low, base, high in (("1", b_1_low, b_1, b_1_high), ("2", b_2_low, b_2, b_2_high)):
        validation.reject_above(f"base_{side}_low", low, f"base_{side}", base)
        validation.reject_above(f"base_{side}", base, f"base_{side}_high", high)
    rows = zip(*(array.ravel() for array in arrays), strict=True)
    ranges = [
        _p_range_over_bases(p, (low_1, high_1), q, (low_2, high_2), decimals, deff)
        for p, _, q, _, low_1, high_1, low_2, high_2 in rows
    ]
    p_low, p_high = (np.reshape(end, p_1.shape) for end in zip(*ranges, strict=True))
    return BaseRangeComparison(
        p_low=restore(p_low),
        p_high=restore(p_high),
        verdict=restore(verdict_of_range(p_low, p_high, alpha)),
        flip_base_1=restore(_flip_bases(p_1, b_1, p_2, b_2, alpha, deff)),
        flip_base_2=restore(_flip_bases(p_2, b_2, p_1, b_1, alpha, deff)),
    )


def verdict_of_range(p_low: Numbers, p_high: Numbers, alpha: float) -> np.ndarray:
    """ "significant" where every p-value is at most `alpha`, "not significant" where none is."""
    unclear = np.where(np.greater(p_low, alpha), NOT_SIGNIFICANT, CANNOT_TELL)
    return np.where(np.less_equal(p_high, alpha), SIGNIFICANT, unclear)


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
        z_of_difference(low_1 / base_1, base_1, high_2 / base_2, base_2),
        z_of_difference(high_1 / base_1, base_1, low_2 / base_2, base_2),
    ]
    shrink = np.sqrt(deff)
    largest = np.maximum(*np.abs(corners))
    if (corners[0] * corners[1] > 0).all():
        # Ranges of proportions that do not meet: both ends of z lie at corners.
        return two_sided_p(largest / shrink), two_sided_p(np.minimum(*np.abs(corners)) / shrink)
    widest = int(np.max(high_1 - low_1)) + 1
    # A range that is shorter than the widest tries its last count more than once.
    count_1 = np.minimum(low_1[..., None] + np.arange(widest), high_1[..., None])
    n_1, n_2 = base_1[..., None], base_2[..., None]
    below = np.floor(count_1 * n_2 / n_1)
    smallest = np.full(count_1.shape, np.inf)
    for count_2 in (below, below + 1):
        count_2 = np.clip(count_2, low_2[..., None], high_2[..., None])
        smallest = np.minimum(
            smallest, np.abs(z_of_difference(count_1 / n_1, n_1, count_2 / n_2, n_2))
        )
    return two_sided_p(largest / shrink), two_sided_p(smallest.min(axis=-1) / shrink)


def _p_range_over_bases(
    percent_1: float,
    bases_1: tuple[float, float],
    percent_2: float,
    bases_2: tuple[float, float],
    decimals: int,
    deff: float,
) -> tuple[float, float]:
    tried_1 = possible_bases("1", percent_1, bases_1, decimals)
    tried_2 = possible_bases("2", percent_2, bases_2, decimals)
    # p is the same with the waves exchanged: the loop runs over the shorter range.
    if len(tried_1[0]) > len(tried_2[0]):
        tried_1, tried_2 = tried_2, tried_1
    bases, least, most = tried_2
    p_low, p_high = 1.0, 0.0
    for base, low, high in zip(*tried_1, strict=True):
        one = np.full(bases.shape, base)
        both = np.full(bases.shape, low), np.full(bases.shape, high)
        lowest, highest = _p_range(both, one, (least, most), bases, deff)
        p_low, p_high = min(p_low, lowest.min()), max(p_high, highest.max())
    return p_low, p_high


def _flip_bases(percent, base, other_percent, other_base, alpha: float, deff: float) -> np.ndarray:
    """For each comparison the base nearest to `base` that changes significance, or None."""
    tried = np.arange(1, LARGEST_BASE_SEARCHED + 1)
    flips = np.empty(percent.shape, dtype=object)
    for place in np.ndindex(percent.shape):
        share, other = percent[place] / 100, other_percent[place] / 100
        n, other_n = base[place], other_base[place] / deff
        now, then = (
            two_sided_p(z_of_difference(share, size / deff, other, other_n)) <= alpha
            for size in (n, tried)
        )
        differing = tried[then != now]
        nearest = np.argmin(np.abs(differing - n)) if len(differing) else None
        flips[place] = None if nearest is None else int(differing[nearest])
    return flips
