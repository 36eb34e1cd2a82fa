"""A ratio of two counts over the same months, neither of which is a part of the other."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from safer_communities.statistics import validation
from safer_communities.statistics.rates import rate_interval
from safer_communities.statistics.validation import Numbers


@dataclass(frozen=True)
class RatioInterval:
    """A ratio per `per` of the denominator and the ends of its interval, in the same unit."""

    ratio: float
    ci_low: float
    ci_high: float


def ratio_interval(
    numerators: Numbers, denominators: Numbers, *, per: float = 1.0, alpha: float = 0.05
) -> RatioInterval:
    """The sum of one count over the sum of another, with an interval that lets both vary.

    Each is a count a month (or another step), in the same order. The spread of the months about the
    ratio gives its standard error, so counts that rise and fall together widen it less; where the
    months are more even than chance would make them, that of two independent Poisson counts is
    taken instead. The interval is symmetric on the logarithm, with Student's t of the months less
    one. Without any count above the line its upper end is that of a Poisson count of 0.

    Raises ValueError for counts that are negative or not whole, lists that differ in length or hold
    fewer than two, and denominators that add up to 0.

    Source: Cochran (1977), Sampling Techniques, third edition, section 2.11 (the variance of a
    ratio); the logarithm by the delta method.
    """
    top, bottom = (
        validation.counts(name, value).ravel()
        for name, value in (("numerators", numerators), ("denominators", denominators))
    )
    per = validation.single_positive("per", per)
    alpha = validation.open_probability("alpha", alpha)
    if len(top) != len(bottom) or len(top) < 2:
        raise ValueError(
            f"denominators: {len(bottom)} beside {len(top)} numerators; give two or more of each"
        )
    if not bottom.sum():
        raise ValueError("denominators: they add up to 0")
    if not top.sum():
        high = rate_interval(0, float(bottom.sum()), per=per, alpha=alpha).ci_high
        return RatioInterval(0.0, 0.0, float(high))
    months = len(top)
    ratio = top.sum() / bottom.sum()
    spread = months / (months - 1) * ((top - ratio * bottom) ** 2).sum() / bottom.sum() ** 2
    independent = 1 / top.sum() + 1 / bottom.sum()
    error = np.sqrt(max(spread / ratio**2, independent))
    reach = np.exp(stdtrit(months - 1, 1 - alpha / 2) * error)
    return RatioInterval(
        ratio=float(per * ratio),
        ci_low=float(per * ratio / reach),
        ci_high=float(per * ratio * reach),
    )
