"""What is odd in a release of the police beside the other tables that count the same offences."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from safer_communities.datasets.meaning import completeness, own_past, parts
from safer_communities.datasets.meaning.counts import Counts, joined_groups
from safer_communities.datasets.meaning.findings import Finding
from safer_communities.datasets.meaning.revisions import LIMITS, unusual_revisions
from safer_communities.datasets.meaning.series import unlike_the_release_before
from safer_communities.datasets.schemas import TABLES
from safer_communities.datasets.schemas.gaps import TOTAL_OFFENCES
from safer_communities.datasets.small_numbers import told_of_wards, withheld
from safer_communities.errors import ErrorCollector
from safer_communities.sources.held import YEAR, HeldTables

BOROUGHS, WARDS, OUTCOMES = "recorded_crime_borough", "recorded_crime_ward", "positive_outcomes"
# Of fewer common months the gap between two publications says little.
ENOUGH_MONTHS = 6
# A release without any before it is measured by its own first months.
FIRST_MONTHS = 12
# The airports lie in Hillingdon. The borough files and the ward files divide the offences there
# differently, and more of them are placed in no ward; but no home is burgled at an airport.
HILLINGDON, OF_HOMES = "E09000017", "Residential burglary"
DASHBOARD_CLASSIFICATION = "2024"
# Positive outcomes of some groups doubled within a year, and fell back.
UNSTEADY = (OUTCOMES,)
# The two measures of the dashboard that are all offences together.
ALL_OFFENCES = ("Victim-based offences", "Other offences, without a victim")


def boroughs_beside(
    held: HeldTables, release: str, frame: pd.DataFrame, compared: set[tuple[str, str]]
) -> list[Finding]:
    """What is odd in a release of recorded crime by borough, the widest of each kind first.

    `compared` is told of the releases of other publications that were compared with.
    """
    boroughs = pd.Index(held.crosswalks.boroughs["area_code"])
    findings = completeness.offences_that_break_off(frame[frame["area_code"].isin(boroughs)])
    earlier = [name for name in held.releases(BOROUGHS, frame) if name < release][::-1]
    tables = {name: held.table(BOROUGHS, name) for name in earlier[: _needed(held, earlier, frame)]}
    for name, old in list(tables.items())[:1]:
        findings += completeness.rows_lost(old, frame, name)
    findings += _revisions(held, release, frame, tables, "area_code")
    if near := held.nearest(WARDS, frame, release, ENOUGH_MONTHS):
        compared.add(("mps_ward_crime", near[0]))
        findings += _wards_and_boroughs(held, near[1], near[0], frame)
    findings += _dashboard_and_boroughs(held, frame, compared)
    return findings + _past(held, frame, tables, boroughs)


def wards_beside(
    held: HeldTables, release: str, frame: pd.DataFrame, compared: set[tuple[str, str]]
) -> list[Finding]:
    """What is odd in a release of recorded crime by ward (see `boroughs_beside`)."""
    offences = held.crosswalks.offences
    earlier = [name for name in held.releases(WARDS, frame) if name < release][-1:]
    tables = {name: told_of_wards(held.table(WARDS, name), offences) for name in earlier}
    told = told_of_wards(frame, offences)
    findings = _revisions(held, release, told, tables, "ward_code")
    findings += completeness.wards_without(told)
    if near := held.nearest(BOROUGHS, frame, release, ENOUGH_MONTHS):
        compared.add(("mps_borough_crime", near[0]))
        findings += _wards_and_boroughs(held, frame, release, near[1])
    return findings


def outcomes_beside(
    held: HeldTables, release: str, frame: pd.DataFrame, compared: set[tuple[str, str]]
) -> list[Finding]:
    """What is odd in the dashboard's offences beside those of recorded crime by borough."""
    known = frame.assign(classification=DASHBOARD_CLASSIFICATION)
    if near := held.nearest(BOROUGHS, known, release, ENOUGH_MONTHS):
        compared.add(("mps_borough_crime", near[0]))
        return _dashboard(held, frame, release, near[1])
    return []


def flagged_beside(
    held: HeldTables, release: str, frame: pd.DataFrame, compared: set[tuple[str, str]]
) -> list[Finding]:
    """What is odd in the dashboard's flagged offences beside earlier releases and all offences."""
    rows = frame.rename(columns={"measure": "offence"})
    new = rows[rows["release"] == release]
    boroughs = pd.Index(held.crosswalks.boroughs["area_code"])
    # Measures overlap, so that their sum by place or month says nothing.
    limits = tuple(limit for limit in LIMITS["area_code"] if "offence" in limit.level)
    findings = []
    for name in sorted(rows.loc[rows["release"] < release, "release"].unique(), reverse=True):
        old = rows[rows["release"] == name]
        months = _months_of(old).intersection(_months_of(new))
        offences = pd.Index(sorted(set(old["offence"]) & set(new["offence"])))
        if len(months) and len(offences):
            before, now = (Counts.of(table, boroughs, months, offences) for table in (old, new))
            years = (pd.Period(release) - pd.Period(name)).n / 12
            findings += unusual_revisions(before, now, name, years, limits)
    outcomes = held.one(OUTCOMES)
    if outcomes is None or not set(ALL_OFFENCES) <= set(new["offence"]):
        return findings
    totals = outcomes[outcomes["offence"] == TOTAL_OFFENCES].rename(columns={"offences": "count"})
    both = new[new["offence"].isin(ALL_OFFENCES)].assign(offence=TOTAL_OFFENCES)
    months = _months_of(totals).intersection(_months_of(both))
    if len(months) < ENOUGH_MONTHS:
        return findings
    compared.add(("mps_positive_outcomes", outcomes["release"].iloc[0]))
    part, whole = (Counts.of(table, boroughs, months) for table in (both, totals))
    return findings + parts.unlike_the_whole(
        part, whole, parts.DASHBOARD, "offences with and without a victim together have"
    )


def series_beside(held: HeldTables, name: str, release: str, frame: pd.DataFrame) -> list[Finding]:
    """What is odd in a release of any table of series beside what was there before it came."""
    table = TABLES[name]
    if not table.is_one_file:
        return []
    old = frame[frame["release"] < release] if table.keeps_releases else held.written(name)
    if old is None or old.empty:
        return []
    cells = [column for column in table.key if column != "release"]
    old = old.sort_values("release", kind="stable").drop_duplicates(cells, keep="last")
    new = frame[frame["release"] == release]
    return unlike_the_release_before(old, new, table.key, follows_on=name not in UNSTEADY)


def burglaries_beside(
    held: HeldTables, release: str, frame: pd.DataFrame, compared: set[tuple[str, str]]
) -> list[Finding]:
    """Boroughs whose burglaries of a year, or a month, are not about those of recorded crime.

    The table is of years; the months that it was made from come with it (`attrs`).
    """
    known = frame.assign(classification=DASHBOARD_CLASSIFICATION)
    near = held.nearest(BOROUGHS, known, release, ENOUGH_MONTHS)
    if near is None:
        return []
    name, crimes = near
    compared.add(("mps_borough_crime", name))
    recorded = _burglaries(held, crimes)
    years = recorded["month"].dt.to_period("Y-MAR")
    recorded = recorded[recorded["month"].groupby(years).transform("nunique") == YEAR]
    own, others = (
        table.groupby(["area_code", table["month"].dt.to_period("Y-MAR").dt.end_time.dt.year])[
            "burglaries"
        ].sum()
        for table in (frame[frame["release"] == release], recorded)
    )
    has = f"release {name} of recorded crime has"
    findings = parts.unlike_in_a_year(own, others, parts.BURGLARIES, has)
    if "monthly" not in frame.attrs:
        return findings
    by_month = frame.attrs["monthly"]
    left = pd.DatetimeIndex(by_month.index.unique("month"))
    pieces = []
    for other in held.releases(BOROUGHS, known)[::-1]:
        span = held.crosswalks.release("mps_borough_crime", other, ErrorCollector(release))
        months = pd.date_range(span["first_month"], span["last_month"], freq="MS")
        if months.intersection(left).empty:
            continue
        rows = _burglaries(held, held.table(BOROUGHS, other))
        rows = rows[rows["month"].isin(left)]
        left = left.difference(months)
        pieces.append(rows.groupby(["area_code", "month"])["burglaries"].sum())
    return findings + parts.unlike_in_a_month(by_month, pd.concat(pieces), "recorded crime has")


def _burglaries(held: HeldTables, crimes: pd.DataFrame) -> pd.DataFrame:
    """The rows of recorded crime that are burglaries."""
    rows = crimes[crimes["offence"].map(_groups(held, crimes)) == "Burglary"]
    return rows.rename(columns={"count": "burglaries"})


def _needed(held: HeldTables, earlier: list[str], frame: pd.DataFrame) -> int:
    """How many of the earlier releases, the newest first, have all months to look back at."""
    look_back = pd.DateOffset(months=own_past.MONTHS_NEEDED)
    start = min(frame["month"].min(), frame["month"].max() - look_back)
    known = held.crosswalks.releases.set_index(["publication", "release"])
    spans = known.loc["mps_borough_crime"].loc[earlier, ["first_month", "last_month"]]
    left = pd.period_range(start, spans["last_month"].max() if earlier else start, freq="M")
    for number, (first, last) in enumerate(spans.itertuples(index=False), start=1):
        left = left.difference(pd.period_range(first, last, freq="M"))
        if left.empty:
            return number
    return len(earlier)


def _months_of(table: pd.DataFrame) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(sorted(table["month"].unique()))


def _groups(held: HeldTables, frame: pd.DataFrame) -> dict[str, str]:
    offences = held.crosswalks.offences
    rows = offences[offences["classification"] == frame["classification"].iloc[0]]
    return dict(zip(rows["offence"], rows["offence_group"], strict=True))


def _revisions(
    held: HeldTables,
    release: str,
    frame: pd.DataFrame,
    earlier: Mapping[str, pd.DataFrame],
    place: str,
) -> list[Finding]:
    """Each month beside the newest release before that has it."""
    findings = []
    left = _months_of(frame)
    for name, old in earlier.items():
        months = left.intersection(_months_of(old))
        left = left.difference(months)
        if months.empty:
            continue
        areas = pd.Index(frame[place].unique()).intersection(old[place].unique())
        areas = areas[~areas.str.startswith(completeness.NO_BOROUGH)]
        before, now = _alike(held, old, frame, areas, months, place)
        years = (pd.Period(release) - pd.Period(name)).n / 12
        findings += unusual_revisions(before, now, name, years, LIMITS[place])
    return findings


def _alike(
    held: HeldTables,
    one: pd.DataFrame,
    other: pd.DataFrame,
    areas: pd.Index,
    months: pd.DatetimeIndex,
    place: str = "area_code",
    *,
    both_ways: bool = False,
) -> tuple[Counts, Counts]:
    """Two tables' counts of the same rows (see `joined_groups`)."""
    names = joined_groups(one, other, _groups(held, other), both_ways=both_ways)
    found = {names.get(name, name) for table in (one, other) for name in table["offence"].unique()}
    offences = pd.Index(sorted(found))
    first, second = (
        Counts.of(table, areas, months, offences, names=names, place=place)
        for table in (one, other)
    )
    return first, second


def _wards_and_boroughs(
    held: HeldTables, wards: pd.DataFrame, release: str, boroughs: pd.DataFrame
) -> list[Finding]:
    """Wards beside boroughs, by what the table of wards has of offences: a new one has all."""
    offences = held.crosswalks.offences
    if not wards["offence"].isin(withheld(offences, wards["classification"].iloc[0])).any():
        boroughs = told_of_wards(boroughs, offences)
    months = _months_of(wards).intersection(_months_of(boroughs))
    areas = pd.Index(held.crosswalks.boroughs["area_code"])
    wards, boroughs = (
        table[table["area_code"].ne(HILLINGDON) | table["offence"].eq(OF_HOMES)]
        for table in (wards, boroughs)
    )
    part, whole = _alike(held, wards, boroughs, areas, months, both_ways=True)
    return parts.unlike_the_whole(part, whole, parts.WARDS, f"the wards of release {release} have")


def _dashboard_and_boroughs(
    held: HeldTables, frame: pd.DataFrame, compared: set[tuple[str, str]]
) -> list[Finding]:
    outcomes = held.one(OUTCOMES)
    if outcomes is None or frame["classification"].iloc[0] != DASHBOARD_CLASSIFICATION:
        return []
    release = outcomes["release"].iloc[0]
    compared.add(("mps_positive_outcomes", release))
    return _dashboard(held, outcomes, release, frame)


def _dashboard(
    held: HeldTables, outcomes: pd.DataFrame, release: str, boroughs: pd.DataFrame
) -> list[Finding]:
    """The dashboard's offences beside recorded crime, by group of offences."""
    months = _months_of(outcomes).intersection(_months_of(boroughs))
    groups = outcomes.loc[outcomes["offence"] != TOTAL_OFFENCES].rename(
        columns={"offences": "count"}
    )
    areas = pd.Index(held.crosswalks.boroughs["area_code"])
    offences = pd.Index(sorted(groups["offence"].unique()))
    if len(months) < ENOUGH_MONTHS:
        return []
    part, whole = (
        Counts.of(table, areas, months, offences, names=_groups(held, boroughs))
        for table in (groups, boroughs)
    )
    return parts.unlike_the_whole(
        part, whole, parts.DASHBOARD, f"the dashboard of release {release} has"
    )


def _past(
    held: HeldTables,
    frame: pd.DataFrame,
    earlier: Mapping[str, pd.DataFrame],
    boroughs: pd.Index,
) -> list[Finding]:
    """The months that no earlier release has, beside those before them."""
    own = _months_of(frame)
    last = [_months_of(table)[-1] for table in earlier.values()]
    new_months = int((own > max(last)).sum()) if last else FIRST_MONTHS
    if not new_months:
        return []
    apart = held.crosswalks.areas_apart
    apart = apart[apart["counted_in"] != apart["area_code"]]
    counted_in = dict(zip(apart["area_code"], apart["counted_in"], strict=True))
    newest = next(iter(earlier.values()), frame)
    names = joined_groups(newest, frame, _groups(held, frame))
    tables = [frame, *earlier.values()]
    found = {names.get(name, name) for table in tables for name in table["offence"].unique()}
    offences = pd.Index(sorted(found))
    pieces: list[Counts] = []
    left = pd.DatetimeIndex([])
    first = own[-1] - pd.DateOffset(months=own_past.MONTHS_NEEDED)
    for table in tables:
        months = _months_of(table)
        months = months[months > first].difference(left)
        left = left.union(months)
        placed = table.assign(area_code=table["area_code"].replace(counted_in))
        pieces.append(Counts.of(placed, boroughs, months, offences, names=names))
    months = pd.DatetimeIndex(np.concatenate([piece.months for piece in pieces]))
    order = np.argsort(months)
    values = np.concatenate([piece.values for piece in pieces], axis=2)[:, :, order]
    series = Counts(values, offences, boroughs, months[order])
    gaps = np.flatnonzero(np.diff(series.months.to_period("M").asi8) > 1)
    if gaps.size:
        after = gaps[-1] + 1
        series = replace(series, values=values[..., after:], months=series.months[after:])
    known = held.crosswalks.offences
    victims = set(known.loc[known["kind"] == "victim-based", "offence"])
    return own_past.unlike_its_past(series, min(new_months, len(own)), victims)
