"""Whether a change of a total rests on one of its parts, or on a few months in a row."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from safer_communities.statistics import validation
from safer_communities.statistics.significance.shares import compare_proportions
from safer_communities.statistics.validation import Numbers

# A reader told of the total alone would be misled by a third or more of its change.
LEAST_SHARE_OF_A_PART = 1 / 3
# A part that was large before is where most of any change is to be expected.
LARGEST_BEFORE = 0.1
# Half of the change and more, in months that moved at least twice as fast as the others.
LEAST_SHARE_OF_MONTHS = 0.5
TIMES_AS_FAST = 2
MOST_MONTHS = 5


@dataclass(frozen=True)
class Concentration:
    """The part of a total that its change rests on: the positions `first` to `last`, both in it.

    `before` and `after` are its counts; `share` is its change as a part of the total's (1 is all of
    it, more where the rest moved the other way).
    """

    first: int
    last: int
    before: int
    after: int
    share: float

    @property
    def change(self) -> int:
        """Its change in events."""
        return self.after - self.before


def one_part(
    counts_before: Numbers, counts_after: Numbers, *, alpha: float = 0.05
) -> Concentration | None:
    """The one part (a ward, say) that makes much of the change of all parts together, or None.

    Both counts have one value a part, in the same order. The part with the largest share of the
    change is told where it makes at least a third of it, held at most a tenth of all events before,
    and its share of all events changed by more than chance: the test of two proportions, its
    `alpha` divided by the number of parts, since the largest is picked.

    Raises ValueError for counts that are negative or not whole, and for lists of two lengths.
    """
    first, second, change = _both(counts_before, counts_after)
    alpha = validation.open_probability("alpha", alpha)
    if change == 0 or not first.any() or not second.any():
        return None
    found = int(np.argmax((second - first) / change))
    told = _part(first, second, found, found)
    small = told.before <= LARGEST_BEFORE * first.sum()
    if told.share < LEAST_SHARE_OF_A_PART or not small:
        return None
    test = compare_proportions(told.before, first.sum(), told.after, second.sum())
    return told if test.p_value <= alpha / len(first) else None


def few_months(
    counts_before: Numbers, counts_after: Numbers, *, dispersion: float = 1.0, alpha: float = 0.05
) -> Concentration | None:
    """The few months in a row that make most of the change between two years, or None.

    Both counts have one value a month, in the same order. Of all runs of at most five months that
    make at least half of the change, whose months changed at least twice as fast as the others, and
    whose share of the year changed by more than chance, the one that makes most of it is told.
    Months that vary more than chance are allowed for by `dispersion` (see `rates.dispersion`),
    which divides the square of the test's z; `alpha` is divided by the number of runs tried.

    Raises ValueError as `one_part` does, and for a `dispersion` below 1.
    """
    first, second, change = _both(counts_before, counts_after)
    dispersion = validation.single_positive("dispersion", dispersion)
    if dispersion < 1:
        raise ValueError(f"dispersion: {dispersion!r} is below 1")
    alpha = validation.open_probability("alpha", alpha)
    if change == 0 or not first.any() or not second.any():
        return None
    months = len(first)
    runs = [
        _part(first, second, start, start + length - 1)
        for length in range(1, min(MOST_MONTHS, months) + 1)
        for start in range(months - length + 1)
    ]
    table = pd.DataFrame(runs)
    length = table["last"] - table["first"] + 1
    # A run that moves so many times as fast as the rest makes this share of the change.
    fast = TIMES_AS_FAST * length / (TIMES_AS_FAST * length + months - length)
    z = compare_proportions(table["before"], first.sum(), table["after"], second.sum()).z
    limit = -ndtri(alpha / len(runs) / 2) * np.sqrt(dispersion)
    told = table[(table["share"] >= fast.clip(LEAST_SHARE_OF_MONTHS)) & (abs(z) >= limit)]
    return runs[told["share"].idxmax()] if len(told) else None


def _both(counts_before: Numbers, counts_after: Numbers) -> tuple[np.ndarray, np.ndarray, float]:
    """The counts as arrays of one length, and the change of their sums."""
    first, second = (
        validation.counts("counts_before", counts_before),
        validation.counts("counts_after", counts_after),
    )
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"counts_after: {second.size} where counts_before has {first.size}")
    return first, second, second.sum() - first.sum()


def _part(first: np.ndarray, second: np.ndarray, start: int, end: int) -> Concentration:
    before, after = first[start : end + 1].sum(), second[start : end + 1].sum()
    share = (after - before) / (second.sum() - first.sum())
    return Concentration(start, end, int(before), int(after), float(share))
