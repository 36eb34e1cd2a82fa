"""A change as it would be had every offence been given a borough."""

from safer_communities.analysis.changes.year_on_year import YearOnYear
from safer_communities.analysis.recorded_crime import RecordedCrime
from safer_communities.datasets.periods import Period


def placed_change(crime: RecordedCrime, measure: str, first: Period, last: Period) -> YearOnYear:
    """The change between two years as if offences without a borough were placed like the rest."""
    before, after = (
        round(crime.count(measure, period=year) / (1 - crime.unplaced_share(measure, year)))
        for year in (first, last)
    )
    return crime.changed(measure, crime.area_code, (first, last), (before, after))
