"""What a comparison found: counts that are not what others lead one to expect."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from safer_communities.datasets.meaning.counts import AXES, Counts

# Of one comparison at one level no more are told: a fault in every row is one fault.
TOLD_AT_MOST = 20


@dataclass(frozen=True)
class Finding:
    """An offence, a place and a month (each empty where it is all of them), and what is odd there.

    `said` is the rest of the sentence; places stand in it by their codes.
    """

    offence: str
    area: str
    month: str
    said: str

    @property
    def where(self) -> tuple[str, str, str]:
        """What tells findings apart: the columns of a row of confirmed changes."""
        return self.offence, self.area, self.month


def beyond(
    counts: Counts,
    level: tuple[str, ...],
    found: np.ndarray,
    expected: np.ndarray,
    excess: np.ndarray,
    compared: str,
) -> list[Finding]:
    """A finding for every sum of a level whose excess over its limit is above 0, largest first.

    `compared` says what the expected counts rest on.
    """
    order = np.argsort(excess, axis=None)[::-1][:TOLD_AT_MOST]
    places = [np.unravel_index(at, excess.shape) for at in order if excess.flat[at] > 0]
    return [
        Finding(
            **dict.fromkeys(AXES, "") | counts.key(level, place),
            said=f"{found[place]:,.0f} offences, where {compared} {expected[place]:,.0f}",
        )
        for place in places
    ]


def unexplained(
    findings: Iterable[Finding], confirmed: Iterable[tuple[str, str, str]]
) -> list[Finding]:
    """The findings to tell: each fault once, and none that somebody has confirmed.

    A finding is part of another where it lies within it: May 2026 in Barnet within Barnet.
    """
    found = list({finding.where: finding for finding in reversed(list(findings))}.values())[::-1]
    accepted = [*confirmed]
    wider = [*accepted, *(finding.where for finding in found)]
    return [
        finding
        for finding in found
        if not any(_within(finding.where, each) for each in wider) and finding.where not in accepted
    ]


def _within(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether `other` is wider: the same, or all, in each part, and not the same in each."""
    return one != other and all(b in ("", a) for a, b in zip(one, other, strict=True))
