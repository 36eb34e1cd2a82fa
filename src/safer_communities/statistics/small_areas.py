"""Rates of small areas: drawn towards the rate of all, and who is likely among the highest."""

import numpy as np
import pandas as pd
from scipy.special import gammaincc, gammaincinv

from safer_communities.statistics import validation
from safer_communities.statistics.validation import Numbers, aligned

# Points of the integral over an area's own rate: its error is below a whole per cent.
POINTS = 200


def shrunken_rates(
    counts: Numbers, exposures: Numbers, *, per: float = 1000, highest: int = 3
) -> pd.DataFrame:
    """Each area's rate, what is to be believed of it, and how likely it is among the highest.

    `counts` of events and `exposures` (residents), one value an area, two areas or more. Columns:
    `rate` (events per `per` of exposure), `shrunken_rate` (the mean of what the true rate may be,
    in the same unit) and `among_highest`, the probability that the true rate is one of the
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
    shape, scale = _posterior(count, exposure)
    return pd.DataFrame(
        {
            "rate": restore(count / exposure * per),
            "shrunken_rate": restore(shape * scale * per),
            "among_highest": restore(_among_highest(shape, scale, highest)),
        }
    )


def _posterior(count: np.ndarray, exposure: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shape and scale of the gamma distribution of each area's rate, given its count."""
    mean = count.sum() / exposure.sum()
    spread = (exposure * (count / exposure - mean) ** 2).sum() / exposure.sum()
    between = spread - mean / exposure.mean()
    if between <= 0:
        same = np.ones(len(count))
        return count.sum() * same, same / exposure.sum()
    return count + mean**2 / between, 1 / (exposure + mean / between)


def _among_highest(shape: np.ndarray, scale: np.ndarray, highest: int) -> np.ndarray:
    """The probability that each area is among the highest, by Gauss and Legendre's rule."""
    points, weights = np.polynomial.legendre.leggauss(POINTS)
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
