"""Small counts withheld from the parts of a total, so that the total gives none of them away."""

import pandas as pd

from safer_communities.statistics import validation

SMALLEST_COUNT_SHOWN = 5


def withhold_small_parts(counts: pd.Series, *, minimum: int = SMALLEST_COUNT_SHOWN) -> pd.Series:
    """The counts of the parts of one total (Int64), with `<NA>` for those that must not be shown.

    Counts below `minimum`, zero included, are withheld. Their total is published, so
    that a single gap could be worked out from the rest: while only one cell is withheld, or those
    withheld add up to less than `minimum`, the smallest one shown is withheld too.

    Raises ValueError for counts that are negative or not whole and a `minimum` below 2.

    Source: Government Statistical Service (2014), Disclosure control guidance for tables produced
    from surveys: primary and secondary suppression.
    """
    minimum = validation.whole("minimum", minimum, at_least=2)
    values = pd.Series(validation.counts("counts", counts), index=counts.index)
    withheld = values < minimum
    while withheld.any() and not withheld.all():
        if withheld.sum() > 1 and values[withheld].sum() >= minimum:
            break
        withheld |= values.index == values[~withheld].idxmin()
    return values.astype("Int64").mask(withheld)
