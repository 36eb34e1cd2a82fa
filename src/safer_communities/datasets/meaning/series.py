"""A table of series beside the release before it: what it says anew of old times, and new times.

Any table with a column of times has series: a figure for each place and kind. What was published
before is revised a little; what is new follows on from a year before, as it did in other years.
"""

from collections.abc import Iterator
from typing import cast

import numpy as np
import pandas as pd

from safer_communities.datasets.meaning import exchanged
from safer_communities.datasets.meaning.completeness import NO_BOROUGH
from safer_communities.datasets.meaning.exchanged import COUNTS, ENOUGH_TO_MATCH, usual_times
from safer_communities.datasets.meaning.findings import Finding
from safer_communities.statistics.changes.departures import MAD_TO_SD, residuals

TIMES = ("month", "year", "mid_year", "period_end")
PLACES = ("ward_code", "area_code", "area")
FIGURES = ("value", "score", "percent")
# What may be revised of a figure, and of a whole series: a share, and of counts square roots, too.
CELL_SHARE, CELL_ROOTS = 0.10, 6.0
SERIES_SHARE, SERIES_ROOTS = 0.04, 4.0
ROUNDED = 1.0
# Where fewer of the series (of one, of its figures) than this were revised, what is revised in one:
# the same as above.
FEW_REVISED = 0.1
# And so is more than half of its figures, whatever the size.
ALONE_SHARE, ALONE_ROOTS, ALONE_ROUNDED = 0.01, 2.0, 0.1
HALF = 0.5
# New figures: how many times their usual spread they may lie from what others of the time lead one
# to expect, or how many times the furthest of the past, whichever is more.
# Where many figures tell what is usual, less is far: each time of each table taken for the newest,
# no real figure goes beyond three quarters of this.
SPREADS, FURTHEST = 9.0, 1.4
MANY, SPREADS_OF_MANY = 500, 6.0
# Figures that change by so many per cent in an ordinary year are of few people.
VARIES = 10
# How much all of a kind may change in a year, where the past has no larger change.
ALL_CHANGED = np.log(1.35)
# From how few a month, or year, is too small to tell.
FEW = 12
TOLD_OF_A_SERIES = 3


def series_columns(key: list[str]) -> tuple[str, str] | None:
    """The columns of the times and the places of a table with this key; none without times."""
    time = next((name for name in TIMES if name in key), None)
    place = next((name for name in PLACES if name in key), "")
    return None if time is None else (time, place)


def unlike_the_release_before(
    old: pd.DataFrame, new: pd.DataFrame, key: list[str], *, follows_on: bool = True
) -> list[Finding]:
    """Figures that are revised or change as none has.

    `old` and `new` have a row for each value of the key's columns but the release. Of what does not
    follow on from a year before, only the figures of the same times are compared.
    """
    columns = series_columns(key)
    if columns is None:
        return []
    time, place = columns
    kinds = [name for name in key if name not in (time, place, "release")]
    findings = _lost(old, new, kinds, place)
    for value in (name for name in (*COUNTS, *FIGURES) if name in new):
        before, now = (_wide(table, kinds, place, time, value) for table in (old, new))
        findings += _revised(before, now, value)
        findings += _rounded(before, now, value)
        if not follows_on:
            continue
        findings += exchanged.places_unlike_a_year_before(before, now, value)
        # A release of one year has the year before in the one before it.
        series = now.combine_first(before.loc[before.index.intersection(now.index)])
        held = pd.DatetimeIndex(before.columns).max()
        findings += _again(series, held, value)
        findings += exchanged.places_at_a_time(series, held, value)
        findings += exchanged.times_after(series, held, value)
        for kind, own in series.groupby(level=0):
            if kind in before.index:
                own_times = before.loc[[kind]].dropna(axis=1, how="all").columns
                last = pd.DatetimeIndex(own_times).max()
                findings += _new(own.droplevel(0), last, str(kind), value)
    return findings


def _lost(old: pd.DataFrame, new: pd.DataFrame, kinds: list[str], place: str) -> list[Finding]:
    """Kinds and places of the newest release in `old` of which `new` has no row.

    Where they have less than half of the kinds in common, the releases are of different files.
    """
    last = old["release"].max()
    before = old[old["release"] == last]
    there, found = (set(map(tuple, t[kinds].astype(str).to_numpy())) for t in (before, new))
    if 2 * len(there & found) < len(there):
        return []
    said = f"no row, where release {last} has some"
    findings = [Finding(", ".join(kind), "", "", said) for kind in sorted(there - found)]
    places = sorted({*before[place]} - {*new[place]}) if place else []
    return findings + [Finding("", str(area), "", said) for area in places]


def _wide(table: pd.DataFrame, kinds: list[str], place: str, time: str, value: str) -> pd.DataFrame:
    """The figures, a row for each kind and place, a column for each time."""
    if "complete" in table:
        table = table[table["complete"]]
    rows = pd.DataFrame(
        {
            "kind": table[kinds[0]].astype(str).str.cat(table[kinds[1:]].astype(str), sep=", ")
            if kinds
            else "",
            "place": table[place] if place else "",
            "time": pd.to_datetime(table[time].astype(str).str[:10]),
            "value": table[value].astype(float),
        }
    )
    # Offences of no borough are given one later, or lose it.
    rows = rows[~rows["place"].astype(str).str.startswith(NO_BOROUGH)]
    return rows.pivot(index=["kind", "place"], columns="time", values="value")


def _revised(before: pd.DataFrame, now: pd.DataFrame, value: str) -> Iterator[Finding]:
    """Series of which figures of the same times are not what they were."""
    rows, times = before.index.intersection(now.index), before.columns.intersection(now.columns)
    if times.empty or rows.empty:
        return
    was, found = before.loc[rows, times], now.loc[rows, times]
    change = (found - was).abs()
    roots = value in COUNTS
    limits = CELL_SHARE, CELL_ROOTS, ROUNDED
    is_revised = (change > 0) if len(rows) == 1 else change.sum(axis=1) > 0
    alone = np.mean(is_revised.to_numpy()) < FEW_REVISED
    if alone:
        limits = ALONE_SHARE, ALONE_ROOTS, ALONE_ROUNDED
    share, in_roots, rounded = limits
    cell = share * was + (in_roots * np.sqrt(was.clip(lower=1)) if roots else rounded)
    whole = was.where(change.notna()).sum(axis=1)
    series = SERIES_SHARE * whole + (SERIES_ROOTS * np.sqrt(whole.clip(lower=1)) if roots else 0)
    far = (change - cell).where(change > cell)
    odd = (change.sum(axis=1) > series) | far.notna().any(axis=1)
    if alone:
        odd |= (change > 0).mean(axis=1) > HALF
    for kind, place in rows[odd]:
        own = change.loc[(kind, place)]
        worst = own.idxmax()
        old, is_now = was.loc[(kind, place), worst], found.loc[(kind, place), worst]
        said = (
            f"{int((own > 0).sum())} of {len(times)} figures ({value}) are not those of the "
            f"release before, as {is_now:,.10g} for {old:,.10g} in {worst:%B %Y}"
        )
        yield Finding(kind, place, "", said)


def _rounded(before: pd.DataFrame, now: pd.DataFrame, value: str) -> list[Finding]:
    """Whether all counts are tens, where before they were not."""
    was, found = (table.to_numpy()[table.notna()] for table in (before, now))
    if value not in COUNTS or found.size < ENOUGH_TO_MATCH or (found % 10).any():
        return []
    return [Finding("", "", "", f"all {value} are tens")] if (was % 10).any() else []


def _again(series: pd.DataFrame, last: pd.Timestamp, value: str) -> Iterator[Finding]:
    """Kinds of which all figures after `last` are those of a year before."""
    times = pd.DatetimeIndex(series.columns)
    new = times[times > last]
    now = series[new]
    then = series.reindex(columns=new - pd.DateOffset(years=1)).set_axis(new, axis=1)
    there = now.notna() & then.notna()
    # Where most places never change, nothing is given again.
    lately = series.loc[:, times > last - pd.DateOffset(years=2)]
    for kind in now.index.unique("kind"):
        found, old = (each.loc[[kind]].to_numpy()[there.loc[[kind]]] for each in (now, then))
        moves = (lately.loc[[kind]].nunique(axis=1) > 1).mean() > HALF
        if found.size >= ENOUGH_TO_MATCH and (found == old).all() and moves:
            said = f"all new figures ({value}) are those of a year before"
            yield Finding(str(kind), "", "", said)


def _new(own: pd.DataFrame, last: pd.Timestamp, kind: str, value: str) -> Iterator[Finding]:
    """Figures of one kind after `last` that do not follow on from those of a year before."""
    all_times = pd.DatetimeIndex(own.columns)
    a_year_before = all_times - pd.DateOffset(years=1)
    pairs = [pair for pair in zip(all_times, a_year_before, strict=True) if pair[1] in own]
    if not pairs or pairs[-1][0] <= last:
        return
    times = pd.DatetimeIndex([time for time, _ in pairs])
    now, then = own[times], own[[before for _, before in pairs]].set_axis(times, axis=1)
    both = now.notna() & then.notna()
    now, then = now.where(both), then.where(both)
    if value in COUNTS:
        ratio = now.sum() / then.sum().mask(lambda sums: sums < FEW)
    else:
        ratio = (now / then.where(then > 0)).median()
    is_new = np.asarray(times > last)
    moved = cast(pd.Series, np.log(ratio.where(ratio > 0, 1e-3))).abs()
    is_usual = usual_times(times, is_new)
    furthest = FURTHEST * moved[is_usual].max() if is_usual.any() else 0.0
    far = (moved > max(furthest, ALL_CHANGED)).to_numpy()
    if value in COUNTS:
        far = far & (np.abs(residuals(now.sum().to_numpy(), then.sum().to_numpy())) > SPREADS)
    for time in times[is_new & far]:
        said = f"all together ({value}) are {ratio[time]:.2f} times those of a year before"
        yield Finding(kind, "", f"{time:%Y-%m}", said)
    expected = then * ratio
    if value in COUNTS:
        size = pd.DataFrame(residuals(now.to_numpy(), expected.to_numpy()), own.index, times)
    else:
        quotient = (now / expected.where(expected > 0)).to_numpy(float)
        logs = 100 * np.log(np.where(quotient > 0, quotient, np.nan))
        # Of few people a rate may be 0: others of the kind have been, or they vary much.
        past = np.abs(logs[:, ~is_new])
        varies = not np.isnan(past).all() and np.nanmedian(past) > VARIES
        if not varies and not (now.loc[:, ~is_new] <= 0).any(axis=None):
            logs = np.where(quotient <= 0, 100 * np.log(1e-3), logs)
        size = pd.DataFrame(logs, own.index, times)
    yield from _far(size, is_new, now, expected, kind, value)


def _far(
    size: pd.DataFrame,
    is_new: np.ndarray,
    now: pd.DataFrame,
    expected: pd.DataFrame,
    kind: str,
    value: str,
) -> Iterator[Finding]:
    """New figures further from what is expected than any was, in the spread of their series."""
    past = size.loc[:, ~is_new].abs()
    usual = MAD_TO_SD * past.median(axis=1)
    typical = MAD_TO_SD * np.nanmedian(past.to_numpy()) if past.notna().any(axis=None) else np.nan
    narrowest = np.nanmax([typical, 1.0 if value in COUNTS else 2.0])
    spread = usual.clip(lower=narrowest).fillna(narrowest)
    scaled = size.abs().div(spread, axis=0)
    sizes = scaled.to_numpy()
    measured = sizes[:, usual_times(size.columns, is_new)]
    known = np.isfinite(measured).sum()
    furthest = np.nanmax(measured) if known else 0.0
    least = SPREADS if known < MANY else SPREADS_OF_MANY
    far = sizes > max(least, FURTHEST * float(furthest))
    far[:, ~is_new] = False
    for row, place in enumerate(size.index):
        for at in np.flatnonzero(far[row])[:TOLD_OF_A_SERIES]:
            count, usually = (float(part.to_numpy()[row, at]) for part in (now, expected))
            said = f"{count:,.10g} ({value}), where the year before leads one to expect "
            said += f"{usually:,.10g}"
            yield Finding(kind, str(place), f"{size.columns[at]:%Y-%m}", said)
