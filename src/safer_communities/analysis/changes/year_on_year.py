"""A year's count beside an earlier year's: the change, its interval and what to make of it."""

from dataclasses import dataclass, replace

import numpy as np

from safer_communities.datasets.periods import Period

# The verdict on a change across a break that leaves nothing to compare.
NOT_COMPARABLE = "cannot be compared"
# How far all of London and its 32 boroughs may part before a reader is told of both.
APART_POINTS = 0.3


@dataclass(frozen=True)
class YearOnYear:
    """A count of offences in twelve months beside the count in an earlier twelve months.

    `change` is in offences; `change_percent` and the ends of its 95% interval are in per cent of
    the earlier count. `ci_low`, `ci_high` and `p_value` allow for months that vary more than
    chance, as they did before the pandemic (`rates.compare_counts_overdispersed`); `poisson_low`,
    `poisson_high` and `poisson_p` take every offence as independent (`rates.compare_counts`).
    `verdict` says which of the two would call the change more than chance, or that the two counts
    cannot be compared: then there is no change, interval or p-value (NaN).
    """

    measure: str
    area: str
    period: Period
    base_period: Period
    count: int
    base_count: int
    change: int
    change_percent: float
    ci_low: float
    ci_high: float
    p_value: float
    poisson_low: float
    poisson_high: float
    poisson_p: float
    verdict: str

    def not_compared(self) -> "YearOnYear":
        """The same counts without a change: a break leaves nothing to compare."""
        return replace(
            self,
            change_percent=np.nan,
            ci_low=np.nan,
            ci_high=np.nan,
            p_value=np.nan,
            poisson_low=np.nan,
            poisson_high=np.nan,
            poisson_p=np.nan,
            verdict=NOT_COMPARABLE,
        )


@dataclass(frozen=True)
class LondonChange:
    """London's change in all recorded offences, and in those that have one of the 32 boroughs.

    They part where offences whose borough is not known become fewer or more.
    """

    own: YearOnYear
    boroughs: YearOnYear

    @property
    def is_apart(self) -> bool:
        """Whether the two differ by more than 0.3 percentage points."""
        return abs(self.own.change_percent - self.boroughs.change_percent) > APART_POINTS

    @property
    def unknown(self) -> tuple[int, int]:
        """How many offences have no borough in the first and in the second year."""
        return (
            self.own.base_count - self.boroughs.base_count,
            self.own.count - self.boroughs.count,
        )
