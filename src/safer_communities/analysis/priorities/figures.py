"""Which kinds of figures an indicator can be of, by the noun that its row names."""

from collections.abc import Mapping
from functools import partial
from typing import Protocol

from safer_communities.analysis.flagged.offences import FlaggedOffences
from safer_communities.analysis.priorities.followed import Followed, in_crime
from safer_communities.analysis.priorities.progress import Follow
from safer_communities.analysis.recorded_crime import RecordedCrime
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period


class Newest(Protocol):
    """The nouns of the newest edition that indicators are followed in."""

    def flagged(self, subject: str) -> FlaggedOffences:
        """Offences with a flag."""


def figures_of(crime: RecordedCrime, newest: Newest) -> Mapping[str, Follow]:
    """For each noun of `data/strategy/indicators.csv` what follows a measure of it from a year.

    `crime` is recorded crime to the newest edition's period.
    """
    return {"crime": partial(in_crime, crime), "flagged": partial(_in_flagged, newest)}


def _in_flagged(newest: Newest, measure: str, first: Period) -> Followed:
    measures = load.table("flagged_measures").set_index("measure")
    series = newest.flagged(measures.loc[[measure], "subject"].iloc[0])
    unit = series.units[measure]
    return in_crime(series, measure, first, source=series.source, unit=unit)
