"""Ranks of areas by their rates, and how far chance alone could have moved each."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from safer_communities.statistics import validation
from safer_communities.statistics.rates import conditional_tails, rate_ratio, ratio_ends
from safer_communities.statistics.validation import Numbers, aligned


def rank_intervals(
    counts: Numbers, exposures: Numbers, *, alpha: float = 0.05, dispersion: Numbers = 1.0
) -> pd.DataFrame:
    """Each area's rate, its rank (1 = lowest) and the ranks that chance allows it.

    `counts` of events and `exposures` (residents, households), one value an area. Columns: `rate`
    (events for each unit of exposure), `rank` (areas with equal rates share the better one),
    `rank_low` and `rank_high`; the index is that of the Series given, in its order.

    Each pair of areas is tested both ways with the exact conditional test of
    `rates.compare_counts`; Holm's correction covers all of them, so that all areas' intervals
    together hold the true ranks with a confidence of at least 1 - `alpha`. An area's lowest rank is
    one more than the areas shown to have a lower rate; its highest leaves room for those shown to
    have a higher one. Nothing is simulated: the same input gives the same ranks.

    Events are taken as independent. Where months are known to vary more (`rates.dispersion`), a
    `dispersion` of at least 1, for all areas or for each, divides the counts and exposures in the
    tests: an area's rate is then as sure as that of so many independent events (effective counts).

    Raises ValueError for counts that are negative or not whole, exposures not above 0, labels that
    differ and a `dispersion` below 1.

    Source: Mogstad, Romano, Shaikh and Wilhelm (2024), Review of Economic Studies 91:476; Klein,
    Wright and Wieczorek (2020), JRSS C 69:589; Holm (1979), Scandinavian Journal of Statistics
    6:65; effective counts: Rao and Scott (1999), Statistics in Medicine 18:1373.
    """
    lower, rate, restore = _shown_to_be_lower(counts, exposures, alpha, dispersion)
    rank = 1 + (rate[:, None] > rate[None, :]).sum(axis=1)
    return pd.DataFrame(
        {
            "rate": restore(rate),
            "rank": restore(rank),
            "rank_low": restore(1 + lower.sum(axis=0)),
            "rank_high": restore(len(rate) - lower.sum(axis=1)),
        }
    )


def compared_with(
    counts: pd.Series,
    exposures: pd.Series,
    area: object,
    *,
    alpha: float = 0.05,
    dispersion: Numbers = 1.0,
) -> pd.Series:
    """For each area whether its rate is shown to be "lower" or "higher" than one's, or "unclear".

    Arguments as for `rank_intervals`, and the same tests, but only those of the one `area` (a label
    of the index) against each other one, both ways: Holm's correction covers these. So its rank is
    at least one more than the areas that are lower, and leaves room for those that are higher, with
    a confidence of 1 - `alpha` for this area alone. The intervals of `rank_intervals` hold for all
    areas together, and so are wider.

    Raises ValueError as `rank_intervals` does, and for a label that is not there.
    """
    if area not in counts.index:
        raise ValueError(f"area: {area!r} is none of the areas of counts")
    own = list(counts.index).index(area)
    lower, _, _ = _shown_to_be_lower(counts, exposures, alpha, dispersion, own)
    shown = np.where(lower[:, own], "lower", np.where(lower[own, :], "higher", "unclear"))
    return pd.Series(shown, index=counts.index)


def against_the_rest(
    counts: Numbers, exposures: Numbers, *, alpha: float = 0.05, dispersion: Numbers = 1.0
) -> pd.DataFrame:
    """Each area's rate against that of all the others together.

    Arguments as for `rank_intervals`, for two areas or more. Columns: `ratio` (its rate over
    theirs), `ci_low` and `ci_high` (the ends of its exact conditional interval; the intervals of
    all areas hold together with a confidence of 1 - `alpha`, by Bonferroni's correction), and
    `shown`: "lower" or "higher" where the interval leaves 1 out, else "unclear", so that what is
    said and what is drawn are one. The index is that of the Series given.

    Raises ValueError as `rank_intervals` does, and for a single area.

    Source: as for `rates.compare_counts`; Dunn (1961), Journal of the American Statistical
    Association 56:52; effective counts: Rao and Scott (1999), Statistics in Medicine 18:1373.
    """
    (count, exposure, dispersion), restore = aligned(
        counts=(validation.counts, counts),
        exposures=(validation.positive, exposures),
        dispersion=(validation.positive, dispersion),
    )
    if count.ndim != 1 or len(count) < 2:
        raise ValueError(f"counts: {counts!r} is not a list of two areas or more")
    alpha = validation.open_probability("alpha", alpha)
    validation.reject("dispersion", dispersion, dispersion < 1, "is below 1")
    rest, others = count.sum() - count, exposure.sum() - exposure
    # The variance of a sum is the sum of the variances.
    varied = (count * dispersion).sum() - count * dispersion
    of_rest = np.divide(varied, rest, where=rest > 0, out=np.ones(len(count)))
    pair = rest / of_rest, count / dispersion, others / of_rest, exposure / dispersion
    low, high = ratio_ends(*pair, alpha / len(count))
    shown = np.where(high < 1, "lower", np.where(low > 1, "higher", "unclear"))
    columns = {"ratio": rate_ratio(*pair), "ci_low": low, "ci_high": high, "shown": shown}
    return pd.DataFrame({name: restore(column) for name, column in columns.items()})


def _shown_to_be_lower(
    counts: Numbers,
    exposures: Numbers,
    alpha: float,
    dispersion: Numbers,
    own: int | None = None,
) -> tuple[np.ndarray, np.ndarray, Callable]:
    """Whether the area of each row is shown to have a lower rate than that of each column.

    Only the pairs of the area at the position `own` are tested, where that is given.
    With it the rates, and what makes results like the input (see `validation.aligned`).
    """
    (count, exposure, dispersion), restore = aligned(
        counts=(validation.counts, counts),
        exposures=(validation.positive, exposures),
        dispersion=(validation.positive, dispersion),
    )
    if count.ndim != 1:
        raise ValueError(f"counts: {counts!r} is not a list of areas")
    alpha = validation.open_probability("alpha", alpha)
    validation.reject("dispersion", dispersion, dispersion < 1, "is below 1")
    effective, size = count / dispersion, exposure / dispersion
    so_low, _ = conditional_tails(
        effective[None, :], effective[:, None], size[None, :], size[:, None]
    )
    pairs = ~np.eye(len(count), dtype=bool)
    if own is not None:
        concerned = np.arange(len(count)) == own
        pairs &= concerned[:, None] | concerned[None, :]
    lower = np.zeros(so_low.shape, dtype=bool)
    lower[pairs] = _holm_rejects(so_low[pairs], alpha)
    return lower, count / exposure, restore


def _holm_rejects(p_values: np.ndarray, alpha: float) -> np.ndarray:
    order = np.argsort(p_values)
    within = p_values[order] <= alpha / np.arange(len(p_values), 0, -1)
    rejected = np.empty_like(within)
    rejected[order] = np.logical_and.accumulate(within)
    return rejected
