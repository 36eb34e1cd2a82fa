"""Rates of areas of all sizes: limits of a funnel, small areas drawn towards the rate of all."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from scipy.special import gammaincc, gammaincinv, ndtri

from safer_communities.statistics import validation
from safer_communities.statistics.validation import Numbers, aligned

# Of the areas' distances from the rate of all, so many at each end are pulled in before the spread
# is measured: a few that are out of line do not widen the funnel for themselves.
PULLED_IN = 0.1
CONFIDENCES = {"95": 0.95, "998": 0.998}
CURVE_POINTS = 80
# Limits further off than by this power of e are no numbers any more.
FURTHEST = 200
# Points of the integral over an area's own rate: its error is below a whole per cent.
POINTS = 200


def shrunken_rates(
    counts: Numbers, exposures: Numbers, *, per: float = 1000, highest: int = 3, alpha: float = 0.05
) -> pd.DataFrame:
    """Each area's rate, what is to be believed of it, and how likely it is among the highest.

    `counts` of events and `exposures` (residents), one value an area, two areas or more. Columns:
    `rate` (events per `per` of exposure), `shrunken_rate` (the mean of what the true rate may be,
    in the same unit), `ci_low` and `ci_high` (what it may be with a probability of 1 - `alpha`) and
    `among_highest`, the probability that the true rate is one of the
    `highest` highest; these add up to `highest`. The index is that of the Series given, in its
    order.

    The true rates are taken to come from one gamma distribution, whose mean is the rate of all
    areas together and whose variance is what is left of the variance between areas when chance is
    taken out. A small area's rate, of which chance is the larger part, is drawn further towards the
    mean. Where nothing is left, all areas have the mean, and are equally likely the highest.

    The probability is an integral over the area's own rate of the chance that fewer than `highest`
    others lie above it (their number is a sum of independent events). Nothing is simulated: the
    same input gives the same result.

    Raises ValueError for counts that are negative or not whole, none at all, exposures and a `per`
    not above 0, fewer than two areas, and a `highest` that is not from 1 to the number of areas.

    Source: Clayton and Kaldor (1987), Biometrics 43:671, for gamma and Poisson; Marshall (1991),
    JRSS C 40:283, for the moments; Laird and Louis (1989), Journal of Educational Statistics 14:29,
    for the probability of a rank.
    """
    (count, exposure), restore = aligned(
        counts=(validation.counts, counts), exposures=(validation.positive, exposures)
    )
    if count.ndim != 1 or len(count) < 2:
        raise ValueError(f"counts: {counts!r} is not a list of two areas or more")
    if not count.any():
        raise ValueError("counts: no area has an event")
    per = validation.single_positive("per", per)
    highest = validation.whole("highest", highest, at_least=1)
    if highest > len(count):
        raise ValueError(f"highest: {highest} is above the number of areas, {len(count)}")
    alpha = validation.open_probability("alpha", alpha)
    shape, scale = _posterior(count, exposure)
    return pd.DataFrame(
        {
            "rate": restore(count / exposure * per),
            "shrunken_rate": restore(shape * scale * per),
            "ci_low": restore(gammaincinv(shape, alpha / 2) * scale * per),
            "ci_high": restore(gammaincinv(shape, 1 - alpha / 2) * scale * per),
            "among_highest": restore(_among_highest(shape, scale, highest)),
        }
    )


@dataclass(frozen=True)
class Funnel:
    """The rates of areas against their size, and the limits within which most would lie.

    `areas` has a row an area: rate, low_95, high_95, low_998, high_998 (the limits at its size) and
    place ("within", "above 95", "above 998", "below 95" or "below 998"). `curve` has the limits by
    `exposure`, from the smallest area's to the largest's. `target` is the rate of all areas
    together. `spread` is how far areas differ beyond chance, as a standard deviation of the
    logarithm of the rate (0.2: about 20%).
    """

    areas: pd.DataFrame
    curve: pd.DataFrame
    target: float
    spread: float


def funnel(counts: Numbers, exposures: Numbers, *, per: float = 1000) -> Funnel:
    """The limits of a funnel plot for areas that differ by more than chance.

    `counts` of events and `exposures` (residents), one value an area, three areas or more. The
    variance of the logarithm of a rate is that of chance, one by the events expected at the rate of
    all, and a part that is the same for all areas (over-dispersion, additive): the moment estimate
    from the areas' distances in standard errors, those beyond the tenth at either end pulled in to
    it. An area without events lies below both lower limits, but is drawn at a rate of 0.

    Raises ValueError for counts that are negative or not whole, none at all, exposures and a `per`
    not above 0, and fewer than three areas.

    Source: Spiegelhalter (2005), Statistics in Medicine 24:1185, and Quality and Safety in Health
    Care 14:347.
    """
    (count, exposure), restore = aligned(
        counts=(validation.counts, counts), exposures=(validation.positive, exposures)
    )
    if count.ndim != 1 or len(count) < 3:
        raise ValueError(f"counts: {counts!r} is not a list of three areas or more")
    if not count.any():
        raise ValueError("counts: no area has an event")
    per = validation.single_positive("per", per)
    target = count.sum() / exposure.sum()
    expected = target * exposure
    # Half an event stands for none, whose logarithm there is not.
    away = np.log(np.maximum(count, 0.5) / expected) * np.sqrt(expected)
    away = np.clip(away, *np.quantile(away, [PULLED_IN, 1 - PULLED_IN]))
    beyond = (away**2).sum() - (len(count) - 1)
    # None is left where one area has all of the events that are expected.
    weight = expected.sum() - (expected**2).sum() / expected.sum()
    between = max(beyond / weight, 0.0) if weight > expected.sum() * 1e-12 else 0.0
    grid = np.linspace(exposure.min(), exposure.max(), CURVE_POINTS)
    own, curve = (_limits(target, size, between, per) for size in (exposure, grid))
    rate = count / exposure * per
    place = np.full(len(count), "within", dtype=object)
    for name in CONFIDENCES:
        place[rate > own[f"high_{name}"]] = f"above {name}"
        place[rate < own[f"low_{name}"]] = f"below {name}"
    areas = {"rate": rate, **own, "place": place}
    return Funnel(
        pd.DataFrame({name: restore(column) for name, column in areas.items()}),
        pd.DataFrame({"exposure": grid, **curve}),
        float(target * per),
        float(np.sqrt(between)),
    )


def _limits(
    target: float, exposure: np.ndarray, between: float, per: float
) -> dict[str, np.ndarray]:
    """The limits of the rate at each exposure, by their names."""
    sd = np.sqrt(1 / (target * exposure) + between)
    return {
        f"{end}_{name}": per
        * target
        * np.exp(np.clip(sign * ndtri((1 + confidence) / 2) * sd, -FURTHEST, FURTHEST))
        for name, confidence in CONFIDENCES.items()
        for end, sign in (("low", -1), ("high", 1))
    }


def _posterior(count: np.ndarray, exposure: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shape and scale of the gamma distribution of each area's rate, given its count."""
    mean = count.sum() / exposure.sum()
    spread = (exposure * (count / exposure - mean) ** 2).sum() / exposure.sum()
    between = spread - mean / exposure.mean()
    if between <= 0:
        same = np.ones(len(count))
        return count.sum() * same, same / exposure.sum()
    return count + mean**2 / between, 1 / (exposure + mean / between)


@cache
def _rule() -> tuple[np.ndarray, np.ndarray]:
    """The points and weights of Gauss and Legendre, which take longer than what is done there."""
    return np.polynomial.legendre.leggauss(POINTS)


def _among_highest(shape: np.ndarray, scale: np.ndarray, highest: int) -> np.ndarray:
    """The probability that each area is among the highest, by Gauss and Legendre's rule."""
    points, weights = _rule()
    likely = np.zeros(len(shape))
    for own in range(len(shape)):
        rates = gammaincinv(shape[own], (points + 1) / 2) * scale[own]
        # The chance of each number of others above, up to one too many: a row a number.
        above = np.zeros((highest, POINTS))
        above[0] = 1
        for other in range(len(shape)):
            if other != own:
                chance = gammaincc(shape[other], rates / scale[other])
                above[1:] = above[1:] * (1 - chance) + above[:-1] * chance
                above[0] *= 1 - chance
        likely[own] = above.sum(axis=0) @ weights / 2
    return likely
