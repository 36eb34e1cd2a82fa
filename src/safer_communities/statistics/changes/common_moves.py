"""Months at which nearly all areas move the same way at once: where a series may have a break."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from safer_communities.statistics import validation

YEAR = 12
# A change of counting moves areas alike: their mean is so many standard deviations from nothing.
ALIKE = 2.0
NEARLY_ALL = 0.9
NONE_UNUSUAL = pd.DatetimeIndex([])


@dataclass(frozen=True)
class CommonMove:
    """Twelve months from `month` on against the twelve before: nearly all areas moved one way.

    `areas` are compared, `same_way` of them rose where the whole rose, or fell where it fell.
    `whole_percent` is the change of their sum; `mean_percent` and `sd_percent` are the mean and
    the standard deviation of the areas' own changes. In per cent, a fall below 0.
    """

    month: pd.Timestamp
    areas: int
    same_way: int
    whole_percent: float
    mean_percent: float
    sd_percent: float

    @property
    def is_alike(self) -> bool:
        """Whether the areas' own changes differ little beside their mean."""
        return abs(self.mean_percent) >= ALIKE * self.sd_percent


def common_moves(
    monthly: pd.DataFrame,
    *,
    nearly_all: float = NEARLY_ALL,
    unusual: pd.DatetimeIndex = NONE_UNUSUAL,
) -> list[CommonMove]:
    """Where a series moved in nearly all areas at once, beyond what its earlier years show.

    `monthly` has a row a month, none missing, and a column an area, two or more. Every month is
    tried as the first of a new state: the twelve months from it against the twelve before. It is
    kept where at least the share `nearly_all` of the areas went the way of the whole, and the
    whole went further that way than between any two adjoining years that lay before both, of
    which a year of months has to be there. Of months in a row, the one with the largest change of
    the whole is given. Areas without events in the first year are left out, and months
    that leave fewer than two. Two years that hold a month of `unusual` are not set against each
    other, nor do they show what is usual: after a lockdown no later change would be beyond them.

    That is a question and no answer: a change of counting moves all areas alike (a standard
    deviation that is small beside the mean), a lockdown does too, and a crime that spreads less
    so. A list of breaks needs evidence of another kind for each.

    Raises ValueError for counts that are negative or not whole, months that do not follow each
    other, fewer than two areas and a share not between 0 and 1.

    Source: the comparison of areas before and after a date at every date, as in Andrews (1993),
    Econometrica 61:821, with the earlier years in place of a distribution.
    """
    validation.consecutive_months("monthly", monthly.index)
    counts = validation.counts("monthly", monthly.to_numpy())
    if counts.shape[1] < 2:
        raise ValueError(f"monthly: {counts.shape[1]} areas are fewer than two")
    nearly_all = validation.open_probability("nearly_all", nearly_all)
    apart = np.flatnonzero(monthly.index.isin(unusual))
    tried = [
        each
        for each in _tried(counts)
        if not ((each[0] - YEAR <= apart) & (apart < each[0] + YEAR)).any()
    ]
    found: list[tuple[int, CommonMove]] = []
    for place, changes, whole in tried:
        upwards = whole > 0
        earlier = [past if upwards else -past for at, _, past in tried if at <= place - YEAR]
        same_way = int((changes > 0).sum() if upwards else (changes < 0).sum())
        size = abs(whole)
        if len(earlier) <= YEAR or same_way < nearly_all * len(changes) or size <= max(earlier):
            continue
        move = CommonMove(
            month=monthly.index[place],
            areas=len(changes),
            same_way=same_way,
            whole_percent=whole,
            mean_percent=float(changes.mean()),
            sd_percent=float(changes.std(ddof=1)),
        )
        if found and found[-1][0] == place - 1:
            best = max(found.pop()[1], move, key=lambda each: abs(each.whole_percent))
            found.append((place, best))
        else:
            found.append((place, move))
    return [move for _, move in found]


def _tried(counts: np.ndarray) -> list[tuple[int, np.ndarray, float]]:
    """Each month with a year before and from it: its place, the areas' changes and the whole's."""
    sums = np.cumsum(np.vstack([np.zeros(counts.shape[1]), counts]), axis=0)
    tried = []
    for place in range(YEAR, len(counts) - YEAR + 1):
        first, second = (sums[at] - sums[at - YEAR] for at in (place, place + YEAR))
        some = first > 0
        if some.sum() > 1:
            changes = 100 * (second[some] / first[some] - 1)
            tried.append((place, changes, float(100 * (second.sum() / first.sum() - 1))))
    return tried
