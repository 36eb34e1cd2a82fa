"""Counts beside the same offence's and place's own past, where no other publication has them."""

from collections.abc import Collection

import numpy as np

from safer_communities.datasets.meaning.counts import AXES, Counts, added_up
from safer_communities.datasets.meaning.findings import Finding, beyond
from safer_communities.statistics.changes.departures import (
    ANSCOMBE,
    MAD_TO_SD,
    MEMORY,
    YEAR,
    Departures,
    exchanged_pairs,
    residuals,
    share_departures,
)

# In standard deviations of the past of the same row: more, less. Of one offence in one borough and
# month the largest of a usual year is 7.4 more and 5.8 less, of sums about two thirds of the limit;
# what lies beyond is a festival, a lockdown, or an error.
MONTH = {
    ("offence", "area", "month"): (8.0, 6.5),
    ("area", "month"): (7.0, 4.0),
    ("offence", "month"): (8.0, 8.0),
}
# Of one offence with a victim: so many times the most, and the least, that it had in any borough's
# month before, and at least so much, where there are years to tell. What the police find by
# themselves, such as drugs, comes in operations.
OF_ITS_OFFENCE, LEAST_OF_AN_OFFENCE, ENOUGH_MONTHS = 1.4, (6.25, 5.75), 24
# And how far it may stand out from the months beside it, in its own usual changes. Of the months
# since 2015 one does, and none lies beyond the limit before but for the lockdowns; of numbers of 60
# to 300 that are doubled half are found by one of the two, and a third by the limit for all.
STANDS_OUT = 6.5
TWELVE_MONTHS = {("offence", "area"): (12.0, 10.0), ("offence",): (13.0, 13.0)}
# Two boroughs fit better exchanged if their misfits add up to less of their own. Of all pairs and
# years since 2012 the least was 1.07, and 0.88 the most of pairs that had been exchanged.
EXCHANGED_AREAS = 0.95
EXCHANGED_OFFENCES = 0.5
# How much worse all rows of a month may fit than those of an average month before.
WORST_FIT = 1.6
# How many times what the month before and the season lead one to expect all offences together may
# be, or that them. Since 2014 it was at most 1.11, in October 2023, but for the lockdowns.
ALL_OFFENCES = 1.16
# Of how many years before the usual change from each month to the next is found, and from how many
# offences in London a month; what it varies by at least, as a logarithm.
SEASONS, LARGE, VARIES = 5, 50, 0.05
# How far the share of an offence in London may change from a month to the next, against the season
# and in its own usual changes (a logarithm, of at least so much), where it has so many offences in
# every month. Since 2018 the largest is 5.7; nine in ten that are halved in one month have more.
STEP, STEP_VARIES, MANY = 6.5, 0.04, 100
# Two months fit better exchanged where their score is less (see `_months_exchanged`). The least of
# all pairs but for the Olympics of 2012 and the lockdowns is -115; nine in ten exchanged have less.
EXCHANGED_MONTHS = -125.0
A_SEASON = 6.0
# Two boroughs fit better exchanged in one month where their squared residuals do by so much. The
# most of all pairs and months since 2012 is 41; of those that are exchanged 99% have more.
EXCHANGED_IN_A_MONTH = 50.0
# No single offence of a borough counts for more, as at a festival.
LARGEST_SQUARE = 5.0**2
# As many months as the comparison looks at: a year to measure a share, a year of departures of
# twelve months, and the three years of them that are its measure.
MONTHS_NEEDED = 6 * YEAR
# More, and less: of all, or of each offence.
Limits = tuple[float | np.ndarray, float | np.ndarray]
YEAR_BEFORE = "the year before leads one to expect"
MONTH_BEFORE = "the month before and the season lead one to expect"


def unlike_its_past(
    series: Counts, new_months: int, with_victims: Collection[str] = ()
) -> list[Finding]:
    """Where the last `new_months` of a series are unlike the years before them.

    Each borough is measured by its share of London, each offence by its share of all; the last
    twelve months are compared as a whole too. Of offences `with_victims` a month is held to what
    the same offence had in other boroughs.
    """
    findings: list[Finding] = []
    if len(series.months) < 3 * YEAR or not new_months:
        return findings
    findings += _all_together(series, new_months) + _exchanged(series)
    for level, limits in TWELVE_MONTHS.items():
        by_month = added_up(series.values, (*level, "month"))
        findings += _beyond(series, level, share_departures(by_month, months=YEAR), 1, limits)
    findings += _scattered_months(series, new_months) + _months_exchanged(series, new_months)
    findings += _boroughs_exchanged_in_a_month(series, new_months)
    findings += _unlike_the_month_before(series, new_months)
    own = np.asarray(series.offences.isin(with_victims))
    for level, limits in MONTH.items():
        departures = share_departures(added_up(series.values, level))
        room: Limits = limits
        if level == AXES:
            room = _of_its_offence(departures, new_months, own)
        findings += _beyond(series, level, departures, new_months, room)
    return findings + _standing_out(series, new_months, own)


def _of_its_offence(
    departures: Departures, new_months: int, own: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The limits of a month by offence: of those in `own` from their past, within those of all."""
    past = departures.size[..., :-new_months][..., -MEMORY:]
    limits = []
    for furthest, least, most in zip((past, -past), LEAST_OF_AN_OFFENCE, MONTH[AXES], strict=True):
        limit = np.full(len(own), most)
        if past.shape[-1] >= ENOUGH_MONTHS:
            limit[own] = np.clip(OF_ITS_OFFENCE * furthest[own].max(axis=(1, 2)), least, most)
        limits.append(limit[:, None, None])
    return limits[0], limits[1]


def _standing_out(series: Counts, new_months: int, own: np.ndarray) -> list[Finding]:
    """Counts that the months beside them, of their offence (one in `own`) and borough, are not.

    Of two months beside each other the one that stands out more is told; one that stood out a year
    before too, as at the carnival, is not.
    """
    departures = share_departures(series.values)
    apart = residuals(departures.counts, departures.expected)
    months = apart.shape[-1]
    # The last month has one beside it.
    beside = np.concatenate([(apart[..., :-2] + apart[..., 2:]) / 2, apart[..., -2:-1]], axis=-1)
    between, steps = apart[..., 1:-1] - beside[..., :-1], np.diff(apart)
    sizes = np.zeros_like(apart)
    for at in range(max(months - new_months - 1 - YEAR, ENOUGH_MONTHS + 2), months):
        past = (steps if at == months - 1 else between)[..., : at - 1][..., -MEMORY:]
        spread = np.maximum(MAD_TO_SD * np.median(np.abs(past), axis=-1), 1)
        sizes[..., at] = (apart[..., at] - beside[..., at - 1]) / spread
    a_year_before = np.concatenate([np.zeros_like(sizes[..., :YEAR]), sizes[..., :-YEAR]], axis=-1)
    far = np.minimum(np.abs(sizes), np.abs(sizes - a_year_before))
    around = np.pad(far, ((0, 0), (0, 0), (1, 1)))
    told = (far > STANDS_OUT) & (far > around[..., :-2]) & (far >= around[..., 2:])
    told[~own] = False
    told[..., : months - new_months] = False
    findings = []
    for offence, area, at in np.argwhere(told):
        expected = departures.expected[offence, area, at]
        root = np.sqrt(expected + ANSCOMBE) + beside[offence, area, at - 1] / 2
        count, usual = departures.counts[offence, area, at], max(root, 0) ** 2
        said = f"{count:,.0f} offences, where the months beside it lead one to expect {usual:,.0f}"
        month = f"{series.months[departures.first + at]:%Y-%m}"
        findings.append(
            Finding(str(series.offences[offence]), str(series.areas[area]), month, said)
        )
    return findings


def _all_together(series: Counts, new_months: int) -> list[Finding]:
    """Months in which all offences together are unlike the one before: shares do not show it."""
    total, days = series.values.sum(axis=(0, 1)), series.months.days_in_month.to_numpy()
    changes = np.diff(np.log(np.maximum(total, 1) / days))
    findings = []
    for at in range(len(series.months) - new_months, len(series.months)):
        more = changes[at - 1] - _of_the_season(changes, at - 1)
        if abs(more) > np.log(ALL_OFFENCES):
            said = f"{total[at]:,.0f} offences in all boroughs, where {MONTH_BEFORE} "
            said += f"{total[at] / np.exp(more):,.0f}"
            findings.append(Finding("", "", f"{series.months[at]:%Y-%m}", said))
    return findings


def _of_the_season(changes: np.ndarray, at: int) -> np.ndarray:
    """The usual change from a month to the next, of the same months of the years before."""
    years = [at - YEAR * year for year in range(1, SEASONS + 1) if at >= YEAR * year]
    return np.median(changes[..., years], axis=-1)


def _beyond(
    series: Counts,
    level: tuple[str, ...],
    departures: Departures,
    new_months: int,
    limits: Limits,
) -> list[Finding]:
    counts, expected, size = (
        values[..., -new_months:]
        for values in (departures.counts, departures.expected, departures.size)
    )
    if "month" not in level:
        counts, expected, size = counts[..., -1], expected[..., -1], size[..., -1]
    more, less = limits
    excess = np.maximum(size - more, -size - less)
    recent = Counts(
        series.values[..., -new_months:], series.offences, series.areas, series.months[-new_months:]
    )
    return beyond(recent, level, counts, expected, excess, YEAR_BEFORE)


def _exchanged(series: Counts) -> list[Finding]:
    """Two boroughs, or two offences, of which each has in twelve months what the other had."""
    now, before = (
        series.values[..., slice_].sum(axis=-1)
        for slice_ in (slice(-YEAR, None), slice(-2 * YEAR, -YEAR))
    )
    usual = before * (now.sum(axis=1) / np.maximum(before.sum(axis=1), 1))[:, None]
    return [
        Finding(
            **dict.fromkeys(AXES, "") | {name: str(labels[row])},
            said=f"the last 12 months fit the year before of {labels[other]}, and those of "
            f"{labels[other]} fit {labels[row]}",
        )
        for name, labels, pairs in (
            ("area", series.areas, exchanged_pairs(now.T, usual.T, EXCHANGED_AREAS)),
            ("offence", series.offences, exchanged_pairs(now, before, EXCHANGED_OFFENCES)),
        )
        for row, other in pairs
    ]


def _scattered_months(series: Counts, new_months: int) -> list[Finding]:
    """Months whose rows fit their past much worse than those of other months: moved cells."""
    departures = share_departures(series.values)
    misfit = np.abs(residuals(departures.counts, departures.expected)).mean(axis=(0, 1))
    usual = np.median(misfit[:-new_months]) if len(misfit) > new_months else misfit[0]
    months = series.months[-new_months:].strftime("%Y-%m")
    return [
        Finding("", "", str(month), "the counts of offences and boroughs do not fit those before")
        for month, size in zip(months, misfit[-new_months:], strict=True)
        if size > WORST_FIT * usual
    ]


def _months_exchanged(series: Counts, new_months: int) -> list[Finding]:
    """Months that fit those before them better with the counts of the month before.

    The score has two parts, of which each is a logarithm of likelihoods' ratio but for a factor: by
    how much more the shares of boroughs in each offence changed since the month before the two than
    they would exchanged, and how much the changes of all London are those of the season.
    """
    departures = share_departures(series.values)
    shares = residuals(departures.counts, departures.expected)
    first = departures.first
    findings = []
    for at in range(len(series.months) - new_months, len(series.months) - 1):
        if at <= first:
            continue
        before, one, other = (shares[..., place - first] for place in (at - 1, at, at + 1))
        nearer = _squares(other - before).sum() - _squares(one - before).sum()
        if nearer + A_SEASON * _like_the_season(series, at) < EXCHANGED_MONTHS:
            month, next_month = series.months[[at, at + 1]]
            said = f"the counts of all offences fit those before exchanged with {month:%B %Y}"
            findings.append(Finding("", "", f"{next_month:%Y-%m}", said))
    return findings


def _like_the_season(series: Counts, at: int) -> float:
    """How far the changes of offences from a month to the next are those of the same months before.

    Each counts for its size and steadiness; below 0 where they are the other way round, and 0 where
    there are not enough years to tell.
    """
    counts = series.values.sum(axis=1)
    changes = np.diff(np.log(counts[(counts >= LARGE).all(axis=1)]), axis=1)
    past = changes[:, [at - YEAR * year for year in range(1, SEASONS + 1) if at >= YEAR * year]]
    if past.shape[1] < SEASONS:
        return 0.0
    usual = np.median(past, axis=1)
    spread = MAD_TO_SD * np.median(np.abs(past - usual[:, None]), axis=1)
    return float((changes[:, at] * usual / np.maximum(spread, VARIES) ** 2).sum())


def _unlike_the_month_before(series: Counts, new_months: int) -> list[Finding]:
    """Offences whose share of all London changed from the month before as it never has."""
    counts = series.values.sum(axis=1)
    kept = np.flatnonzero((counts >= MANY).all(axis=1))
    changes = np.diff(np.log(counts[kept]) - np.log(counts.sum(axis=0)), axis=1)
    findings = []
    for at in range(max(len(series.months) - new_months, MEMORY + 1), len(series.months)):
        past = changes[:, at - 1 - MEMORY : at - 1]
        more = changes[:, at - 1] - _of_the_season(changes, at - 1)
        middle = np.median(past, axis=1, keepdims=True)
        spread = MAD_TO_SD * np.median(np.abs(past - middle), axis=1)
        for row in np.flatnonzero(np.abs(more) > STEP * np.maximum(spread, STEP_VARIES)):
            found = counts[kept[row], at]
            expected = found / np.exp(more[row])
            said = f"{found:,.0f} offences, where {MONTH_BEFORE} {expected:,.0f}"
            offence, month = str(series.offences[kept[row]]), f"{series.months[at]:%Y-%m}"
            findings.append(Finding(offence, "", month, said))
    return findings


def _boroughs_exchanged_in_a_month(series: Counts, new_months: int) -> list[Finding]:
    """Two boroughs of which each has in one month about what the other is expected to have."""
    departures = share_departures(series.values)
    findings = []
    for at in range(max(len(series.months) - new_months, departures.first), len(series.months)):
        counts, expected = (
            values[..., at - departures.first]
            for values in (departures.counts, departures.expected)
        )
        misfits = _squares(residuals(counts[:, :, None], expected[:, None, :])).sum(axis=0)
        own = np.diag(misfits)
        better = own[:, None] + own - misfits - misfits.T
        for one, other in np.argwhere(np.triu(better) > EXCHANGED_IN_A_MONTH):
            said = f"the counts fit those before of {series.areas[other]}, and the other way round"
            month = f"{series.months[at]:%Y-%m}"
            findings.append(Finding("", str(series.areas[one]), month, said))
    return findings


def _squares(values: np.ndarray) -> np.ndarray:
    return np.minimum(values**2, LARGEST_SQUARE)
