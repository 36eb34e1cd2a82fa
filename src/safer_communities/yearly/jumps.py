"""Changes that no year has seen, or that all boroughs made alike: a damaged file, or a break."""

import pandas as pd

from safer_communities.analysis.breaks import Breaks
from safer_communities.analysis.editions import Edition
from safer_communities.analysis.recorded_crime import LONDON, TOTAL, RecordedCrime
from safer_communities.datasets.periods import Period
from safer_communities.statistics.changes.common_moves import CommonMove, common_moves

# Below this a group's change from year to year is chance.
ENOUGH_OFFENCES = 1000
# A registered break explains a common move that is found no further from it than this.
NEAR_A_BREAK = pd.Timedelta(days=100)
# From the first lockdown until the last rules ended: these months show nothing of other years.
LOCKDOWNS = pd.date_range("2020-03", "2021-07", freq="MS")


def unseen_jumps(
    crime: RecordedCrime, names: dict[str, str], *, is_explained: bool
) -> tuple[list[str], list[str]]:
    """Changes of all offences that no year has seen, in words: those to stop at, those to look at.

    To stop at: a month or a year that changed more on the year before than any borough did in any
    earlier year. To look at: a year that changed more than the same borough, or the same group of
    offences in London, ever did. `is_explained` makes the first kind the second: a break that is
    written down may move figures as nothing did before.
    """
    monthly = crime.monthly_by_area(TOTAL)[[*names]]
    stop: list[str] = []
    look: list[str] = []
    by_month = _changes(monthly, crime.period.start)
    for area, month, change in _outside(by_month, pooled=True):
        stop.append(
            f"{names[area]}, {month:%B %Y}: {change:+.0f}% on the same month a year before, more "
            "than any borough saw in any earlier year"
        )
    by_year = _changes(_years(monthly, crime.period), crime.period.end)
    beyond_all = {area for area, _, _ in _outside(by_year, pooled=True)}
    for area, _, change in _outside(by_year, pooled=False):
        seen = "any borough" if area in beyond_all else "it"
        (stop if area in beyond_all else look).append(
            f"{names[area]}: {change:+.1f}% in the {crime.period.label}, more than {seen} saw in "
            "any earlier year"
        )
    groups = pd.DataFrame(
        {
            group: crime.monthly(group, LONDON)
            for group in sorted(crime.offences["offence_group"].unique())
            if crime.count(group, LONDON, crime.period.previous()) >= ENOUGH_OFFENCES
        }
    )
    by_group = _changes(_years(groups, crime.period), crime.period.end)
    look += [
        f"{group} in London: {change:+.1f}%, more than in any earlier year"
        for group, _, change in _outside(by_group, pooled=False)
    ]
    return ([], [*stop, *look]) if is_explained else (stop, look)


def has_break(breaks: pd.DataFrame, edition: Edition) -> bool:
    """Whether a break of every measure or of the total lies in the two years compared."""
    start, end = edition.period.previous().start, edition.period.end
    dates = [date for date, _ in Breaks(breaks, edition.classification).of(TOTAL)]
    return any(start <= date <= end for date in dates)


def unregistered_moves(
    crime: RecordedCrime, breaks: pd.DataFrame, since: pd.Timestamp
) -> list[tuple[str, CommonMove]]:
    """Where nearly all boroughs moved alike from a month after `since`, and no break says why.

    Each measure with its move (see `statistics.common_moves`), of measures with 1,000 offences in
    London, the lockdowns apart. `breaks` is the table of registered breaks.
    """
    known = Breaks(breaks, crime.offences["classification"].iloc[0])
    codes = list(crime.boroughs["area_code"])
    found = []
    for measure in crime.ranked_measures(ENOUGH_OFFENCES):
        dates = known.about(measure)["date"]
        for move in common_moves(crime.monthly_by_area(measure)[codes], unusual=LOCKDOWNS):
            registered = ((dates - move.month).abs() <= NEAR_A_BREAK).any()
            if move.month > since and move.is_alike and not registered:
                found.append((measure, move))
    return found


def _years(monthly: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Sums of complete twelve months that end in the period's month, by their last month."""
    sums = monthly.rolling(12).sum().dropna()
    return sums[pd.DatetimeIndex(sums.index).month == period.end.month]


def _changes(table: pd.DataFrame, new_from: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Changes on the year before, per cent: those before `new_from`, and those from then on."""
    year_before = pd.DatetimeIndex(table.index) - pd.DateOffset(years=1)
    earlier = table.reindex(year_before).set_axis(table.index)
    changes = (100 * (table / earlier - 1)).dropna(how="all")
    return changes[changes.index < new_from], changes[changes.index >= new_from]


def _outside(
    changes: tuple[pd.DataFrame, pd.DataFrame], *, pooled: bool
) -> list[tuple[str, pd.Timestamp, float]]:
    """The new changes outside the range of the earlier ones: column, date, change.

    The range is each column's own, or that of all columns together (`pooled`).
    """
    before, now = changes
    low, high = before.min(), before.max()
    if pooled:
        low, high = low.min(), high.max()
    found = now[(now < low) | (now > high)].stack().dropna()
    places = zip(found.index, found, strict=True)
    return [(column, date, change) for (date, column), change in places]
