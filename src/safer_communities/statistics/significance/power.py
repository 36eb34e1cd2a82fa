"""The smallest shift between two waves of a survey that they would probably find."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from safer_communities.statistics import validation
from safer_communities.statistics.validation import Numbers, Shaped, aligned


@dataclass(frozen=True)
class DetectableShift:
    """The smallest rise and fall, in percentage points; infinite where none is large enough."""

    rise: Shaped
    fall: Shaped


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
    found significant at `alpha` with a chance of `power`: the pooled two-sided test, by the normal
    approximation that R's `power.prop.test` uses (the wrong direction counts as a miss). True
    percentages of everybody, not of those asked. Infinite where not even a shift to 100% (or to 0%)
    would be found as often.

    Raises ValueError for a percentage outside 0 to 100, bases that are not whole or below 1, and a
    `power` not above `alpha`.

    Source: Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions,
    chapter 4, solved for the second proportion.
    """
    (percent_1, base_1, base_2), restore = aligned(
        percent_1=(validation.percentages, percent_1),
        base_1=(validation.bases, base_1),
        base_2=(validation.bases, base_2),
    )
    alpha = validation.open_probability("alpha", alpha)
    power = validation.open_probability("power", power)
    if power <= alpha:
        raise ValueError(f"power: {power:g} is not above alpha {alpha:g}")
    deff = validation.single_positive("design_effect", design_effect)
    level, n_1, n_2 = percent_1 / 100, base_1 / deff, base_2 / deff
    rise = _smallest_shift(level, n_1, n_2, alpha, power)
    fall = _smallest_shift(1 - level, n_1, n_2, alpha, power)
    return DetectableShift(restore(100 * rise), restore(100 * fall))


def _smallest_shift(share, base_1, base_2, alpha: float, power: float) -> np.ndarray:
    """The smallest rise of a share that is found with the given power, by bisection."""
    low, high = np.zeros(np.shape(share)), 1 - share
    found = _power(share, base_1, 1.0, base_2, alpha) >= power
    for _ in range(60):
        middle = (low + high) / 2
        enough = _power(share, base_1, share + middle, base_2, alpha) >= power
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(found, high, np.inf)


def _power(share_1, base_1, share_2, base_2, alpha: float) -> np.ndarray:
    """The chance that two samples find the difference between these true shares."""
    pooled = (share_1 * base_1 + share_2 * base_2) / (base_1 + base_2)
    error_if_same = np.sqrt(pooled * (1 - pooled) * (1 / base_1 + 1 / base_2))
    error = np.sqrt(share_1 * (1 - share_1) / base_1 + share_2 * (1 - share_2) / base_2)
    beyond = np.abs(share_2 - share_1) + ndtri(alpha / 2) * error_if_same
    # Where both levels are 0% or 100% the samples cannot vary: the shift is found, or is none.
    certain = error == 0
    spread = np.where(certain, 1.0, error)
    same = np.where(share_1 == share_2, alpha / 2, np.where(beyond > 0, 1.0, 0.0))
    return np.where(certain, same, ndtr(beyond / spread))
