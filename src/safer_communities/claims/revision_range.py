"""How far the police have revised a figure since the release that the strategy could have used.

The strategy's own release is not held. A release of the same age is: the one that came out a month
or so after the end of an earlier year. What that release gave, beside what the newest gives for the
same months, shows for each of the 32 boroughs how much a figure of that measure is revised. The
range over the boroughs, always including "not at all", is the allowance.
"""

from dataclasses import dataclass

from safer_communities.claims.evidence import Evidence
from safer_communities.datasets.periods import Period
from safer_communities.statistics.validation import Shaped


@dataclass(frozen=True)
class RevisionRange:
    """The smallest and largest revision from the fresh to the newest release over the boroughs.

    Of a count: a ratio less one (0.05 is five per cent more). Of a change: percentage points.
    """

    low: float
    high: float

    def counts_before(self, newest: Shaped) -> tuple[Shaped, Shaped]:
        """From where to where the fresh release may have put counts or rates of today."""
        return newest / (1 + self.high), newest / (1 + self.low)

    def changes_before(self, newest: float, per_point: float = 1) -> tuple[float, float]:
        """The same of a change, of which a percentage point is `per_point`."""
        return newest - self.high * per_point, newest - self.low * per_point


def fresh_period(evidence: Evidence) -> Period:
    """The last twelve months of the fresh release."""
    return Period.year_to(evidence.fresh_crime.counts.months[-1])


def count_revision(evidence: Evidence, measure: str) -> RevisionRange:
    """How counts of twelve months were revised, as a share of the fresh count."""
    period = fresh_period(evidence)
    fresh = evidence.fresh_crime.counts_by_borough(measure, period)
    newest = evidence.newest_crime.counts_by_borough(measure, period)
    counted = fresh > 0
    return _range((newest[counted] / fresh[counted] - 1).tolist())


def change_revision(evidence: Evidence, measure: str) -> RevisionRange:
    """How year-on-year changes were revised, in percentage points."""
    period = fresh_period(evidence)
    changes = []
    for crime in (evidence.fresh_crime, evidence.newest_crime):
        base = crime.counts_by_borough(measure, period.previous())
        changes.append(100 * (crime.counts_by_borough(measure, period) / base.where(base > 0) - 1))
    fresh, newest = changes
    return _range((newest - fresh).dropna().tolist())


def _range(revisions: list[float]) -> RevisionRange:
    return RevisionRange(min([0.0, *revisions]), max([0.0, *revisions]))
