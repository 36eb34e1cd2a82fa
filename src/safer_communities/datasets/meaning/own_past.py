"""Counts beside the same offence's and place's own past, where no other publication has them."""

import numpy as np
import pandas as pd

from safer_communities.datasets.meaning.counts import AXES, Counts, added_up
from safer_communities.datasets.meaning.findings import Finding, beyond
from safer_communities.statistics.changes.departures import (
    MAD_TO_SD,
    YEAR,
    Departures,
    exchanged_pairs,
    residuals,
    share_departures,
)

# In standard deviations of the past of the same row: more, less. The largest in a usual year of
# 2012 to 2026 is about two thirds of it; what lies beyond is a festival, a lockdown, or an error.
MONTH = {
    ("offence", "area", "month"): (9.0, 7.0),
    ("area", "month"): (7.0, 4.0),
    ("offence", "month"): (8.0, 8.0),
}
TWELVE_MONTHS = {("offence", "area"): (12.0, 10.0), ("offence",): (13.0, 13.0)}
# Two boroughs fit better exchanged if their misfits add up to less of their own. Of all pairs and
# years since 2012 the least was 1.07, and 0.88 the most of pairs that had been exchanged.
EXCHANGED_AREAS = 0.95
EXCHANGED_OFFENCES = 0.5
# How much worse all rows of a month may fit than those of an average month before.
WORST_FIT = 1.6
# How many times the usual day of the twelve months before a day of a month may have of all offences
# together, or that day it. Since 2011 it was at most 1.15, but for the lockdowns.
ALL_OFFENCES = 1.2
# Of how many years before the usual change from each month to the next is found, and from how many
# offences in London a month; what it varies by at least, as a logarithm.
SEASONS, LARGE, VARIES = 5, 50, 0.05
# Two months fit better exchanged where the changes of all offences, each times its usual change and
# by its variance, add up to less. The least of all months but those of the pandemic is -4.4; six in
# seven that are exchanged have less than -6.
EXCHANGED_MONTHS = -6.0
# As many months as the comparison looks at: a year to measure a share, a year of departures of
# twelve months, and the three years of them that are its measure.
MONTHS_NEEDED = 6 * YEAR
YEAR_BEFORE = "the year before leads one to expect"


def unlike_its_past(series: Counts, new_months: int) -> list[Finding]:
    """Where the last `new_months` of a series are unlike the years before them.

    Each borough is measured by its share of London, each offence by its share of all; the last
    twelve months are compared as a whole too.
    """
    findings: list[Finding] = []
    if len(series.months) < 3 * YEAR or not new_months:
        return findings
    findings += _all_together(series, new_months) + _exchanged(series)
    for level, limits in TWELVE_MONTHS.items():
        by_month = added_up(series.values, (*level, "month"))
        findings += _beyond(series, level, share_departures(by_month, months=YEAR), 1, limits)
    findings += _scattered_months(series, new_months) + _months_exchanged(series, new_months)
    for level, limits in MONTH.items():
        departures = share_departures(added_up(series.values, level))
        findings += _beyond(series, level, departures, new_months, limits)
    return findings


def _all_together(series: Counts, new_months: int) -> list[Finding]:
    """Months in which all offences together are unlike the year before: shares do not show it."""
    total = pd.Series(series.values.sum(axis=(0, 1)), series.months)
    days = series.months.days_in_month
    usual = (total / days).rolling(YEAR).median().shift() * days
    ratio = (total / usual).iloc[-new_months:]
    odd = ratio[(ratio > ALL_OFFENCES) | (ratio < 1 / ALL_OFFENCES)].index
    return [
        Finding(
            *("", "", f"{month:%Y-%m}"),
            f"{total[month]:,.0f} offences in all boroughs, where {YEAR_BEFORE} "
            f"{usual[month]:,.0f}",
        )
        for month in odd
    ]


def _beyond(
    series: Counts,
    level: tuple[str, ...],
    departures: Departures,
    new_months: int,
    limits: tuple[float, float],
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
    """Months that fit the seasons of the years before better with the counts of the month before.

    It is the logarithm of a ratio of likelihoods, by half, of normal changes from month to month.
    """
    counts = series.values.sum(axis=1)
    counts = counts[(counts >= LARGE).all(axis=1)]
    changes = np.diff(np.log(counts), axis=1)
    findings = []
    for at in range(changes.shape[1] - new_months + 1, changes.shape[1]):
        past = changes[:, [at - YEAR * year for year in range(1, SEASONS + 1) if at >= YEAR * year]]
        if past.shape[1] < SEASONS:
            continue
        usual = np.median(past, axis=1)
        spread = MAD_TO_SD * np.median(np.abs(past - usual[:, None]), axis=1)
        fit = (changes[:, at] * usual / np.maximum(spread, VARIES) ** 2).sum()
        if fit < EXCHANGED_MONTHS:
            one, other = series.months[[at, at + 1]]
            said = f"the counts of all offences fit the years before exchanged with {one:%B %Y}"
            findings.append(Finding("", "", f"{other:%Y-%m}", said))
    return findings
