"""The limits on revisions, found out anew from every two releases held of one classification."""

from dataclasses import replace
from itertools import combinations

import pandas as pd
import pytest

from safer_communities.datasets import load
from safer_communities.datasets.meaning.counts import Counts, joined_groups
from safer_communities.datasets.meaning.revisions import (
    LIMITS,
    fallen_alone,
    revised,
    unusual_revisions,
)

RELEASES = load.table("releases")
# What came later is held to the limits, not to the room.
LAST_MEASURED = "2026-07"
# An offence of which no other release had so little: see the table of confirmed changes.
LEFT_OUT = {"2019": "Public fear, alarm or distress", "2024": "Aggravated vehicle taking"}
ROOM = 1.1


def pairs(publication: str) -> list[tuple[str, str, str]]:
    """Every two releases of one classification with months in common: classification, old, new."""
    rows = RELEASES[RELEASES["publication"] == publication]
    return [
        (kind, old.release, new.release)
        for kind, own in rows[rows["classification"] != ""].groupby("classification")
        for old, new in combinations(own.sort_values("release").itertuples(), 2)
        if old.last_month >= new.first_month
    ]


def compared(kind: str, old: pd.DataFrame, new: pd.DataFrame, place: str) -> tuple:
    """The counts of both, as the import compares them."""
    offences = load.table("offences").query("classification == @kind")
    groups = dict(zip(offences["offence"], offences["offence_group"], strict=True))
    names = joined_groups(old, new, groups)
    months = pd.DatetimeIndex(sorted(set(old["month"].unique()) & set(new["month"].unique())))
    areas = pd.Index(sorted(set(old[place].unique()) & set(new[place].unique())))
    areas = areas[areas.str.startswith("E0")]
    tables = [table[table["offence"] != LEFT_OUT[kind]] for table in (old, new)]
    listed = {names.get(name, name) for table in tables for name in table["offence"].unique()}
    return tuple(
        Counts.of(table, areas, months, pd.Index(sorted(listed)), names=names, place=place)
        for table in tables
    )


def without_confirmed(publication: str, old: str, new: str, was: Counts, found: Counts) -> Counts:
    """The new counts, but as they were where somebody has confirmed a change since."""
    values = found.values.copy()
    rows = load.table("confirmed_changes")
    own = rows[(rows["publication"] == publication) & rows["release"].between(old, new)]
    for offence, area, month in own[["offence", "area_code", "month"]].itertuples(index=False):
        if offence in found.offences and area in found.areas and month:
            place = (
                found.offences.get_loc(offence),
                found.areas.get_loc(area),
                found.months.get_indexer([pd.Timestamp(month)]),
            )
            values[place] = was.values[place]
    return replace(found, values=values)


def years_between(old: str, new: str) -> float:
    return (pd.Period(new) - pd.Period(old)).n / 12


@pytest.mark.slow
@pytest.mark.parametrize(
    ("publication", "table", "place"),
    [
        pytest.param("mps_borough_crime", load.recorded_crime, "area_code", marks=pytest.mark.long),
        ("mps_ward_crime", load.ward_crime, "ward_code"),
    ],
)
def test_no_two_releases_come_near_a_limit(publication, table, place):
    found = pairs(publication)
    assert {years_between(old, new) > 1 for _, old, new in found} == {True, False}
    for kind, old, new in found:
        if new > LAST_MEASURED:
            continue
        before, now = compared(kind, table(old), table(new), place)
        now = without_confirmed(publication, old, new, before, now)
        years = years_between(old, new)
        for limit, was, counted, excess in revised(before, now, years, LIMITS[place]):
            allowed = limit.allowed(was, years)
            nearest = ((excess + allowed) / allowed).max()
            assert nearest <= 1 / ROOM, (old, new, limit.level)
            assert (limit.fallen(was, was - ROOM * (was - counted)) <= 0).all(), (
                old,
                new,
                limit.level,
            )
        assert (fallen_alone(before, now, old) <= 0).all(), (old, new)


def test_limits_grow_with_the_time_between_releases():
    """Two boroughs were revised by 3.1% and 3.2% in the fifteen months to July 2026."""
    kind, old, new = "2024", "2025-04", "2026-07"
    tables = load.recorded_crime(old), load.recorded_crime(new)
    before, now = compared(kind, *tables, "area_code")
    now = without_confirmed("mps_borough_crime", old, new, before, now)
    years = years_between(old, new)
    assert unusual_revisions(before, now, old, years, LIMITS["area_code"]) == []
    assert unusual_revisions(before, now, old, 0, LIMITS["area_code"]) != []
