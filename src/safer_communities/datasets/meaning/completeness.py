"""Whether a release has all it should: each offence in each month, offences without a borough."""

import pandas as pd

from safer_communities.datasets.meaning.counts import AXES
from safer_communities.datasets.meaning.findings import Finding
from safer_communities.datasets.meaning.revisions import LOST_COUNT

# How the codes of places that are not a borough begin.
NO_BOROUGH = "MPS-"
NEARBY = pd.DateOffset(months=24)
# A ward has none of an offence of which its borough's rate leads one to expect so many, where each
# ward that should have half as many has at least this share of them. Of shoplifting, which needs
# shops, a real ward had none where 92 were expected, and another a fiftieth.
MANY_IN_A_WARD, LEAST_SHARE, ENOUGH_WARDS = 25, 0.1, 20
# Offences of no known borough may be given one; all of them at once have not been.
MANY_UNPLACED = 100


def offences_that_break_off(frame: pd.DataFrame) -> list[Finding]:
    """Offences that a release counts in some of its months only, though they are not that rare.

    A release may be two files: an offence lost from one of them is still in the other.
    """
    first, last = frame["month"].min(), frame["month"].max()
    spans = frame.groupby("offence")["month"].agg(["min", "max"])
    findings = []
    for offence, start, end in spans[(spans["min"] > first) | (spans["max"] < last)].itertuples():
        own = frame[frame["offence"] == offence]
        near = own["month"].gt(end - NEARBY) if end < last else own["month"].lt(start + NEARBY)
        count = own.loc[near, "count"].sum()
        if count >= LOST_COUNT:
            side = f"after {end:%B %Y}" if end < last else f"before {start:%B %Y}"
            said = f"no row {side}, where the nearest 24 months have {count:,.0f} offences"
            findings.append(Finding(str(offence), "", "", said))
    return findings


def wards_without(frame: pd.DataFrame) -> list[Finding]:
    """Wards without any of an offence of which all others have their part.

    `frame` has the columns area_code, ward_code, offence and count. What is expected of an offence
    is the ward's share of all offences of its borough.
    """
    wards = frame.drop_duplicates("ward_code").set_index("ward_code")["area_code"]
    counts = frame.pivot_table(
        index="offence", columns="ward_code", values="count", aggfunc="sum", fill_value=0
    )
    boroughs = wards.reindex(counts.columns)
    all_offences = counts.sum()
    shares = all_offences / all_offences.groupby(boroughs).transform("sum")
    expected = counts.T.groupby(boroughs).transform("sum").T * shares
    findings = []
    for offence in counts.index:
        found, usual = counts.loc[offence], expected.loc[offence]
        for ward in usual.index[(found == 0) & (usual >= MANY_IN_A_WARD)]:
            others = (usual >= usual[ward] / 2) & (usual.index != ward)
            if others.sum() >= ENOUGH_WARDS and (found / usual)[others].min() >= LEAST_SHARE:
                said = f"no offence, where its part of the borough's would be {usual[ward]:,.0f}"
                findings.append(Finding(str(offence), str(ward), "", said))
    return findings


def rows_lost(old: pd.DataFrame, new: pd.DataFrame, release: str) -> list[Finding]:
    """Offences, and places that are no borough, that the release before has and this one lacks.

    Of the months of both; a few offences do not count.
    """
    months = set(old["month"].unique()) & set(new["month"].unique())
    common = old[old["month"].isin(months)]
    findings = []
    for column, axis, least in (
        ("offence", "offence", LOST_COUNT),
        ("area_code", "area", MANY_UNPLACED),
    ):
        counts = common.groupby(column)["count"].sum()
        for name in counts.index.difference(list(new[column].unique())):
            if counts[name] >= least:
                said = f"no row, where release {release} has {counts[name]:,.0f} offences"
                findings.append(Finding(**dict.fromkeys(AXES, "") | {axis: str(name)}, said=said))
    return findings
