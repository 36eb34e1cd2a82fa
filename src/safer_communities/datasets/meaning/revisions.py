"""A release beside an earlier one: the counts of the same months, which are revised a little."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import starmap

import numpy as np
import pandas as pd

from safer_communities.datasets.meaning.counts import AXES, Counts, added_up
from safer_communities.datasets.meaning.findings import Finding, beyond
from safer_communities.statistics.changes.departures import exchanged_pairs, taken_for

# Where a release has no offence of a kind in a place and the one before had some in the same
# months, it had one or two.
LOST_COUNT = 4
# Offences are recorded late, so that small counts grow. None fell by more square roots, beyond a
# share, than 2.1 in a borough's month (352 to 297) and 1.8 in a ward's (13 to 6), but for those
# that are in the table of confirmed changes.
FALL, FALL_IN_A_WARD = 2.4, 2.0
# A count that no other month of its offence and place fell with fell by less than 2 and 1.1 square
# roots, once the release before had a month after it. Where one did, the offence is recorded anew,
# as shoplifting in Lambeth: 352 became 297, and 363 became 308. Of those that are recorded last
# some leave again: 124 became 99.
ALONE_FEW, ALONE_ROOTS, ALONE_TIMES, SETTLED_MONTHS = 2.0, 1.1, 2.0, 2
LEAST_MONTHS = 4
# Of more places each month takes too long, and they are too small to tell.
FEW_AREAS = 50
# How much better two places have to fit when exchanged.
EXCHANGED = 0.5


@dataclass(frozen=True)
class RevisionLimit:
    """How far the counts of a level may be revised: the sum of the changes, up and down alike.

    A share of the old count and a number of its square roots, each with what a year between the
    releases adds, and `few` offences whatever the count. `lost` is the least count of which nothing
    may be left; by no more than the share and `fall` square roots may a count become less.
    """

    level: tuple[str, ...]
    share: float
    share_a_year: float
    roots: float
    roots_a_year: float
    lost: float = np.inf
    fall: float = np.inf
    few: float = 0

    def allowed(self, old: np.ndarray, years: float) -> np.ndarray:
        """The largest sum of changes that is usual, for each old count."""
        share = self.share + self.share_a_year * years
        roots = self.roots + self.roots_a_year * years
        return self.few + share * old + roots * np.sqrt(np.maximum(old, 1))

    def fallen(self, old: np.ndarray, new: np.ndarray) -> np.ndarray:
        """By how much more counts fell than is usual, or to nothing; below 0 where none is odd."""
        usual = self.share * old + self.fall * np.sqrt(np.maximum(old, 1))
        return np.where((new == 0) & (old >= self.lost), old, old - new - usual)


# Learnt from every two releases held of one classification, 1 to 33 months apart:
# `tests/test_revision_limits.py` finds the largest revisions anew, and what room is left.
LIMITS = {
    "area_code": tuple(
        starmap(
            RevisionLimit,
            [
                (("month",), 0.05, 0.01, 0, 0),
                (("area",), 0.03, 0.02, 2, 0),
                (("offence",), 0.05, 0, 6, 4, LOST_COUNT),
                (("area", "month"), 0.05, 0, 1, 0.5),
                (("offence", "month"), 0.05, 0, 5, 4),
                (("offence", "area"), 0.05, 0, 6, 3, LOST_COUNT),
                (("offence", "area", "month"), 0.05, 0, 2, 1, LOST_COUNT, FALL, 8),
            ],
        )
    ),
    "ward_code": tuple(
        starmap(
            RevisionLimit,
            [
                (("month",), 0.05, 0.01, 0, 0),
                (("area",), 0.05, 0, 2, 1),
                (("offence",), 0.05, 0, 6, 4, LOST_COUNT),
                (("area", "month"), 0.05, 0, 3, 1),
                (("offence", "month"), 0.05, 0, 5, 4),
                (("offence", "area"), 0.05, 0, 2, 1, LOST_COUNT, np.inf, 8),
                (("offence", "area", "month"), 0.05, 0, 1, 0.5, LOST_COUNT, FALL_IN_A_WARD, 7),
            ],
        )
    ),
}


def revised(
    old: Counts, new: Counts, years: float, limits: tuple[RevisionLimit, ...]
) -> Iterator[tuple[RevisionLimit, np.ndarray, np.ndarray, np.ndarray]]:
    """Each limit with the old counts, the new ones, the changes, and what of them is too much."""
    changes = np.abs(new.values - old.values)
    for limit in limits:
        before, after, change = (
            added_up(values, limit.level) for values in (old.values, new.values, changes)
        )
        yield limit, before, after, change - limit.allowed(before, years)


def unusual_revisions(
    old: Counts, new: Counts, release: str, years: float, limits: tuple[RevisionLimit, ...]
) -> list[Finding]:
    """Where `new` differs from `old`, of the release named, by more than releases have so far.

    Both have the same offences, places and months. What is wider comes first.
    """
    findings = misplaced(old, new, f"of release {release}")
    for limit, was, found, excess in revised(old, new, years, limits):
        excess = np.maximum(excess, limit.fallen(was, found))
        findings += beyond(new, limit.level, found, was, excess, f"release {release} has")
    alone = fallen_alone(old, new, release)
    return findings + beyond(new, AXES, new.values, old.values, alone, f"release {release} has")


def fallen_alone(old: Counts, new: Counts, release: str) -> np.ndarray:
    """By how much more single counts fell than is usual; below 0 where none is odd.

    Of boroughs alone: in wards counts are too small to tell, and 0 is what stands for them.
    """
    falls = np.maximum(old.values - new.values, 0)
    if len(old.areas) > FEW_AREAS or falls.shape[2] < LEAST_MONTHS:
        return np.zeros_like(falls)
    second, largest = np.moveaxis(np.partition(falls, [-2, -1], axis=2)[..., -2:], 2, 0)
    others = np.where(falls == largest[..., None], second[..., None], largest[..., None])
    usual = ALONE_FEW + ALONE_ROOTS * np.sqrt(old.values) + ALONE_TIMES * others
    age = pd.Period(release).ordinal - old.months.to_period("M").asi8
    return np.where(age >= SETTLED_MONTHS, falls - usual, 0)


def misplaced(expected: Counts, found: Counts, compared: str) -> list[Finding]:
    """Offences, places and months whose counts are another's: exchanged, or moved by a month."""
    findings = []
    for axis, (name, labels) in enumerate(
        (
            ("offence", found.offences),
            ("area", found.areas),
            ("month", found.months.strftime("%Y-%m")),
        )
    ):
        rows, usual = (
            np.moveaxis(counts.values, axis, 0).reshape(len(labels), -1)
            for counts in (found, expected)
        )
        findings += [
            Finding(
                **dict.fromkeys(AXES, "") | {name: str(labels[row])},
                said=f"the counts are those {compared} for {labels[other]}",
            )
            for row, other in taken_for(rows, usual)
        ]
    if len(found.areas) <= FEW_AREAS:
        findings += _exchanged_in_a_month(expected, found, compared)
    if len(found.months) >= LEAST_MONTHS:
        findings += _shifted(expected, found, compared, ("offence", "area"))
        findings += _shifted(expected, found, compared, ("area", "month"))
    return findings


def _exchanged_in_a_month(expected: Counts, found: Counts, compared: str) -> list[Finding]:
    """Two places of which each has, in one month, what the other should have."""
    return [
        Finding(
            "",
            str(found.areas[one]),
            f"{month:%Y-%m}",
            f"the counts are those {compared} for {found.areas[other]}, and the other way round",
        )
        for at, month in enumerate(found.months)
        for one, other in exchanged_pairs(
            found.values[:, :, at].T, expected.values[:, :, at].T, EXCHANGED
        )
    ]


def _shifted(
    expected: Counts, found: Counts, compared: str, level: tuple[str, ...]
) -> list[Finding]:
    """Rows whose counts are those of the month before or after, of all months or of one."""
    own, later, earlier = (
        np.take(expected.values, np.arange(len(found.months)) + way, axis=2, mode="clip")
        for way in (0, 1, -1)
    )
    kept = [AXES.index(axis) for axis in level]
    rest = next(place for place in range(len(AXES)) if place not in kept)

    def rows(values: np.ndarray) -> np.ndarray:
        return np.moveaxis(values, rest, -1).reshape(-1, values.shape[rest])

    shape = [found.values.shape[place] for place in kept]
    return [
        Finding(
            **dict.fromkeys(AXES, "")
            | found.key(level, tuple(int(at) for at in np.unravel_index(row, shape))),
            said=f"the counts are those {compared} of a month {'earlier' if way else 'later'}",
        )
        for row, way in taken_for(rows(found.values), rows(own), [rows(later), rows(earlier)])
    ]
