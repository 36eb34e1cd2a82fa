"""Two shares compared: their difference, its test and its interval.

The formulas stand here rather than calls of statsmodels because its `proportions_ztest` takes one
pair at a time and gives NaN for empty cells; the tests hold the two together to 1e-12.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from safer_communities.statistics import validation
from safer_communities.statistics.validation import Numbers, Shaped, aligned


@dataclass(frozen=True)
class ProportionInterval:
    """A proportion (0 to 1) and the ends of its interval."""

    proportion: Shaped
    ci_low: Shaped
    ci_high: Shaped


@dataclass(frozen=True)
class Comparison:
    """Second proportion minus first, with its test and interval (all as proportions, -1 to 1)."""

    difference: Shaped
    z: Shaped
    p_value: Shaped
    ci_low: Shaped
    ci_high: Shaped
    significant: Shaped


def wilson_interval(count: Numbers, base: Numbers, *, alpha: float = 0.05) -> ProportionInterval:
    """The proportion `count` / `base` with its Wilson score interval (no continuity correction).

    `base` people were asked (at least 1), `count` of them (0 to `base`) said yes. The interval
    covers the truth in 1 - `alpha` of surveys. It never leaves 0 to 1 and does not collapse where
    nobody or everybody said yes.

    Raises ValueError for counts that are negative, not whole or above their base.

    Source: Wilson (1927), JASA 22:209; Newcombe (1998), Statistics in Medicine 17:857, method 3.
    """
    (count, base), restore = aligned(
        count=(validation.counts, count), base=(validation.bases, base)
    )
    validation.reject_above("count", count, "base", base)
    alpha = validation.open_probability("alpha", alpha)
    share = count / base
    low, high = _wilson(share, base, alpha)
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
        count_1=(validation.counts, count_1),
        base_1=(validation.bases, base_1),
        count_2=(validation.counts, count_2),
        base_2=(validation.bases, base_2),
    )
    validation.reject_above("count_1", count_1, "base_1", base_1)
    validation.reject_above("count_2", count_2, "base_2", base_2)
    alpha = validation.open_probability("alpha", alpha)
    found = comparison_of_shares(count_1 / base_1, base_1, count_2 / base_2, base_2, alpha)
    return Comparison(**{name: restore(value) for name, value in found.items()})


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
        share_1=(validation.probabilities, share_1),
        effective_base_1=(validation.positive, effective_base_1),
        share_2=(validation.probabilities, share_2),
        effective_base_2=(validation.positive, effective_base_2),
    )
    alpha = validation.open_probability("alpha", alpha)
    found = comparison_of_shares(share_1, base_1, share_2, base_2, alpha)
    return Comparison(**{name: restore(value) for name, value in found.items()})


def comparison_of_shares(
    share_1: np.ndarray, base_1: np.ndarray, share_2: np.ndarray, base_2: np.ndarray, alpha: float
) -> dict[str, np.ndarray]:
    """The fields of a `Comparison`, of shares and bases that have been checked."""
    difference = share_2 - share_1
    z = z_of_difference(share_1, base_1, share_2, base_2)
    p_value = two_sided_p(z)
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


def z_of_difference(
    share_1: np.ndarray, base_1: np.ndarray, share_2: np.ndarray, base_2: np.ndarray
) -> np.ndarray:
    """The pooled z of the second share minus the first; 0 where they are not to be told apart."""
    pooled = (share_1 * base_1 + share_2 * base_2) / (base_1 + base_2)
    variance = pooled * (1 - pooled) * (1 / base_1 + 1 / base_2)
    # Shares so near 0 that no float holds their variance are not to be told apart.
    same = (share_1 == share_2) | (variance == 0)
    return np.where(same, 0.0, (share_2 - share_1) / np.sqrt(np.where(same, 1.0, variance)))


def two_sided_p(z: np.ndarray) -> np.ndarray:
    """The chance of a z at least as far from 0, on either side, where nothing differs."""
    return 2 * ndtr(-np.abs(z))


def _wilson(share: np.ndarray, base: np.ndarray, alpha: float) -> tuple[np.ndarray, np.ndarray]:
    z = -ndtri(alpha / 2)
    centre = share * base + z**2 / 2
    half = z * np.sqrt(share * (1 - share) * base + z**2 / 4)
    low, high = (centre - half) / (base + z**2), (centre + half) / (base + z**2)
    # The formula gives 0 and 1 here but for rounding, which may put the end past them.
    return np.where(share == 0, 0.0, low), np.where(share == 1, 1.0, high)
