"""How far counts are from what other counts lead one to expect, where both have the same cells.

Plain arrays in and out: the last axis is months, the one before it the parts of a whole (areas of
London, say).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

YEAR = 12
MEMORY = 36
# Of a normal distribution the standard deviation is this many median absolute deviations.
MAD_TO_SD = 1.4826
ANSCOMBE = 3 / 8
HALF = 0.5
CLOSE = 0.1
FAR_BETTER = 2.0


@dataclass(frozen=True)
class Departures:
    """Counts of spans of months beside what was expected, the last axis the first month of each.

    `size` is in standard deviations of the same part's own departures before; `first` is the place
    of the month that the first span begins with.
    """

    counts: np.ndarray
    expected: np.ndarray
    size: np.ndarray
    first: int


def residuals(counts: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """The departure of counts from what is expected, of variance 1 where chance alone acts.

    Twice the difference of the square roots: unlike (count - expected) / sqrt(expected) it is as
    ready to see a loss as a gain.

    Source: Anscombe (1948), Biometrika 35:246.
    """
    return 2 * (np.sqrt(counts + ANSCOMBE) - np.sqrt(expected + ANSCOMBE))


def share_departures(counts: np.ndarray, *, months: int = 1) -> Departures:
    """Each part's counts in spans of `months` beside its share of the whole in the year before.

    `counts` has parts on its last axis but one, months on its last. What moves the whole moves
    every part's expectation, so a season or a lockdown is no departure. A part that always departs
    much (a place of festivals) has a large spread of its own: the size is the residual over the
    robust spread of the same part's residuals in the three years before, which is at least 1.

    Spans for which no year of departures lies before are left out.
    """
    sums = np.concatenate([np.zeros((*counts.shape[:-1], 1)), counts.cumsum(axis=-1)], axis=-1)
    starts = np.arange(YEAR, counts.shape[-1] - months + 1)
    past = sums[..., starts] - sums[..., starts - YEAR]
    found = sums[..., starts + months] - sums[..., starts]
    whole = past.sum(axis=-2, keepdims=True)
    share = np.divide(past, whole, out=np.zeros_like(past), where=whole > 0)
    expected = share * found.sum(axis=-2, keepdims=True)
    residual = residuals(found, expected)
    # A span is compared with spans that ended before it began.
    first = YEAR + months - 1
    spread = np.ones_like(residual)
    for place in range(first, residual.shape[-1]):
        before = residual[..., max(0, place - months + 1 - MEMORY) : place - months + 1]
        spread[..., place] = MAD_TO_SD * np.median(np.abs(before), axis=-1)
    size = residual / np.maximum(spread, 1)
    kept = (..., slice(first, None))
    return Departures(found[kept], expected[kept], size[kept], YEAR + first)


def taken_for(
    counts: np.ndarray, expected: np.ndarray, others: Sequence[np.ndarray] = ()
) -> list[tuple[int, int]]:
    """Rows of `counts` that fit another row of `expected` far better than their own, with that one.

    Both are of shape (rows, cells). A misfit is the sum of the absolute differences; the other's is
    less than half of the row's own, less by more than chance explains, and small. Rows that have
    been exchanged are found so whatever their sums are. Where `others` are given, arrays like
    `expected`, a row is tried with the same row of each, and the second number says which.
    """
    own = np.abs(counts - expected).sum(axis=1)
    if others:
        misfits = np.stack([np.abs(counts - other).sum(axis=1) for other in others], axis=1)
    else:
        misfits = _misfits(counts, expected)
        np.fill_diagonal(misfits, np.inf)
    nearest = misfits.argmin(axis=1)
    best = misfits[np.arange(len(own)), nearest]
    chance = FAR_BETTER * np.sqrt(np.maximum(expected.sum(axis=1), 1))
    is_close = best < CLOSE * counts.sum(axis=1) + chance
    rows = np.flatnonzero((best < HALF * own) & (own - best > chance) & is_close)
    return [(int(row), int(nearest[row])) for row in rows]


def exchanged_pairs(
    counts: np.ndarray, expected: np.ndarray, share: float
) -> list[tuple[int, int]]:
    """Pairs of rows that would fit better the other way round: the best first, each row once.

    Their misfits with each other's expectation are together less than `share` of those with their
    own, and less by more than chance explains.
    """
    misfits = _misfits(counts, expected)
    sizes = expected.sum(axis=1)
    own, size = (row[:, None] + row[None, :] for row in (np.diag(misfits), sizes))
    other = misfits + misfits.T
    ratio = other / np.maximum(own, 1)
    far = (ratio < share) & (own - other > FAR_BETTER * np.sqrt(np.maximum(size, 1)))
    first, second = np.nonzero(np.triu(far, k=1))
    pairs: list[tuple[int, int]] = []
    for at in np.argsort(ratio[first, second]):
        pair = int(first[at]), int(second[at])
        if not set(pair) & {row for other in pairs for row in other}:
            pairs.append(pair)
    return pairs


def _misfits(counts: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """The sums of the absolute differences of each row of counts and each of those expected."""
    return np.stack([np.abs(counts - row).sum(axis=1) for row in expected], axis=1)
