"""Checks of meaning: whether the tables agree with each other and with what releases usually do.

Every function is pure and returns a list of problems in words, empty where there is none. The
import asks about revisions and wards before it writes; every loading of the population and of the
outcomes asks whether their parts add up (see `schemas`).

What no check here or in the import can tell, as nothing published says otherwise:

- a count of a month that no earlier release has, wrong by less than three tenths of the month's
  total in the whole file: a digit mistyped, or two cells exchanged;
- a count that an earlier release has, changed by less than twelve times its square root, where the
  sums over boroughs, months and offences stay within the limits below (52 more on a count of 19);
- a row lost of which the earlier release has fewer than four offences in the months of both, where
  another borough has fewer than ten of the offence in the file;
- two wards' names exchanged throughout a file of recorded crime;
- two boroughs' residents or median ages exchanged within a year, where they differ by less than 10
  per cent or 2 years; two boroughs' households, areas or ward residents exchanged;
- a month of calls about anti-social behaviour that is wrong by less than a factor of four;
- positive outcomes of a place that is not a borough, all rows of a month lost together.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

# Below this a share of the old count says nothing: 2 more on 1 is 200%.
SMALL_COUNT = 50
SAID_AT_MOST = 20
# Where a release has no offence of a kind in a place and the one before had some in the same
# months, it had one or two.
LOST_COUNT = 4

# How the codes of places that are not a borough begin.
NO_BOROUGH = "MPS-"
LONDON_REGION = "E12000007"
CITY = "E09000001"
# The airports lie in Hillingdon. The borough files and the ward files divide the offences there
# differently, and more of them are placed in no ward.
HILLINGDON = "E09000017"

# Wards fall short of their borough by the offences without a place. Over 24 months the releases
# here show 0.7% to 7.2%, in a month -4.0% (just after a revision) to 16.1%.
WARD_GAP_PERCENT = (0.0, 9.0)
WARD_GAP_IN_A_MONTH_PERCENT = (-6.0, 20.0)


@dataclass(frozen=True)
class RevisionLimit:
    """How much the sum of `keys` may change: a share of the old sum, or square roots of it."""

    keys: tuple[str, ...]
    unit: str
    limit: float

    def sizes(self, old: pd.Series, new: pd.Series) -> pd.Series:
        """The size of each revision in the unit of the limit."""
        change = (new - old).abs()
        if self.unit == "share":
            return change / old.clip(lower=SMALL_COUNT)
        return change / np.sqrt(old.clip(lower=1))


# By the column of the place. About half as much again as the largest revision between two
# successive releases here, which `tests/test_cross_checks.py` finds out anew.
REVISION_LIMITS: dict[str, tuple[RevisionLimit, ...]] = {
    "area_code": (
        RevisionLimit(("offence", "area_code", "month"), "root", 12.0),
        RevisionLimit(("offence", "area_code"), "share", 0.6),
        RevisionLimit(("offence",), "share", 0.6),
        RevisionLimit(("area_code", "month"), "share", 0.08),
        RevisionLimit(("area_code",), "share", 0.03),
        RevisionLimit(("month",), "share", 0.06),
    ),
    "ward_code": (
        RevisionLimit(("offence", "ward_code", "month"), "root", 10.0),
        RevisionLimit(("offence", "ward_code"), "share", 0.6),
        RevisionLimit(("ward_code", "month"), "share", 0.4),
        RevisionLimit(("ward_code",), "share", 0.12),
        RevisionLimit(("month",), "share", 0.06),
    ),
}


def comparable(
    old: pd.DataFrame,
    new: pd.DataFrame,
    groups: Mapping[str, str] | None = None,
    place: str = "area_code",
) -> pd.DataFrame:
    """The counts that two releases both give: offence, place, month, old, new.

    Only places and months of both count, and no place that is not a borough: offences move out of
    "unknown" as they are placed. A row that one of the two lacks is 0 there. `groups` gives
    each offence's group: a group that gained an offence is compared as a whole, because the new
    rows came out of its others. Without `groups` no offence is expected to be new.
    """
    groups = groups or {}
    gained = {
        groups.get(name) for name in set(new["offence"].unique()) - set(old["offence"].unique())
    } - {None}
    names = {name: group for name, group in groups.items() if group in gained}
    months = set(old["month"].unique()) & set(new["month"].unique())
    places = {
        code
        for code in set(old[place].unique()) & set(new[place].unique())
        if not code.startswith(NO_BOROUGH)
    }
    keys = ["offence", place, "month"]
    parts = []
    for frame, column in ((old, "old"), (new, "new")):
        rows = frame[frame["month"].isin(months) & frame[place].isin(places)]
        offences = rows["offence"].replace(names) if names else rows["offence"]
        parts.append(rows[[place, "month"]].assign(offence=offences, **{column: rows["count"]}))
    # Categories make the sums of half a million rows of text five times faster.
    both = pd.concat(parts).fillna({"old": 0, "new": 0})
    both = both.astype({"offence": "category", place: "category"})
    return both.groupby(keys, observed=True)[["old", "new"]].sum().reset_index()


def unusual_revisions(
    old: pd.DataFrame,
    new: pd.DataFrame,
    groups: Mapping[str, str] | None = None,
    place: str = "area_code",
) -> list[str]:
    """Revisions larger than the releases have ever shown, the largest first at each level.

    `old` and `new` are tables of recorded crime of two releases of one classification, by the
    column `place` (area_code or ward_code); `groups` as in `comparable`. The limits are
    `REVISION_LIMITS`. Each asks for a look: a file may be damaged, or counts have been moved.
    """
    counts = comparable(old, new, groups, place)
    rows = counts.groupby(["offence", place], observed=True)[["old", "new"]].sum()
    problems = [
        f"{key_in_words(key)}: all {count:,.0f} offences are lost"
        for key, count in rows.loc[(rows["new"] == 0) & (rows["old"] >= LOST_COUNT), "old"].items()
    ][:SAID_AT_MOST]
    for limit in REVISION_LIMITS[place]:
        sums = counts.groupby(list(limit.keys), observed=True)[["old", "new"]].sum()
        sizes = limit.sizes(sums["old"], sums["new"]).sort_values(ascending=False)
        for key in sizes.index[sizes > limit.limit][:SAID_AT_MOST]:
            before, after = sums.loc[key]
            problems.append(f"{key_in_words(key)}: {before:,.0f} became {after:,.0f}")
    return problems


def boroughs_against_london(population: pd.DataFrame) -> list[str]:
    """Years in which the boroughs and the City do not add up to London.

    `population` has the columns release, area_code, mid_year, population.
    """
    problems = []
    for (release, year), rows in population.groupby(["release", "mid_year"]):
        people = rows.set_index("area_code")["population"]
        if LONDON_REGION not in people:
            problems.append(f"{release}, {year}: no row for London")
            continue
        parts, london = people.drop(LONDON_REGION).sum(), people[LONDON_REGION]
        if parts != london:
            problems.append(f"{release}, {year}: {parts:,} in the boroughs, {london:,} in London")
    return problems


def wards_against_boroughs(wards: pd.DataFrame, boroughs: pd.DataFrame) -> list[str]:
    """Boroughs of which the wards have more offences than they may, or lack more than is usual.

    Both are tables of recorded crime; the months of both are compared, in sum and one by one.
    Hillingdon is left out (see `HILLINGDON`).
    """
    sums = pd.DataFrame(
        {
            "wards": wards.groupby(["area_code", "month"])["count"].sum(),
            "borough": boroughs.groupby(["area_code", "month"])["count"].sum(),
        }
    )
    months = set(wards["month"].unique()) & set(boroughs["month"].unique())
    codes = sums.index.get_level_values("area_code")
    kept = codes.str.startswith("E09") & ~codes.isin([CITY, HILLINGDON])
    sums = sums[kept & sums.index.get_level_values("month").isin(months)].fillna(0)
    in_all = sums.groupby("area_code").sum()
    problems = []
    for table, limits in ((in_all, WARD_GAP_PERCENT), (sums, WARD_GAP_IN_A_MONTH_PERCENT)):
        gap = 100 * (1 - table["wards"] / table["borough"])
        in_wards, in_borough = table["wards"], table["borough"]
        for key in gap.index[~gap.between(*limits)]:
            problems.append(
                f"{key_in_words(key)}: {in_wards[key]:,.0f} offences in the wards, "
                f"{in_borough[key]:,.0f} in the borough"
            )
    return problems


def absent_wards(wards: pd.DataFrame, residents: pd.DataFrame) -> list[str]:
    """The wards of 2022 that a table of recorded crime lacks, where it is one of those wards.

    `residents` is the table of ward residents. A table of older wards has few of the codes.
    """
    known = set(residents["ward_code"].unique()) - {CITY}
    found = set(wards["ward_code"].unique())
    if len(found & known) < len(found) / 2:
        return []
    return [f"no offence in ward {code}" for code in sorted(known - found)]


def outcomes_against_totals(outcomes: pd.DataFrame, total: str) -> list[str]:
    """Places and months whose total of offences or outcomes is not the sum of the groups.

    `outcomes` is the table of positive outcomes, in which `total` names the rows of totals.
    """
    keys, columns = ["area_code", "month"], ["offences", "positive_outcomes"]
    is_total = outcomes["offence"] == total
    parts = outcomes[~is_total].groupby(keys)[columns].sum()
    totals = outcomes[is_total].set_index(keys)[columns]
    gap = totals.sub(parts, fill_value=0)
    return [
        f"{key_in_words(key)}: the groups do not add up"
        for key in gap.index[(gap != 0).any(axis=1)]
    ]


def key_in_words(key: object) -> str:
    """A key of one or several parts as a reader would say it: "Theft, E09000003, March 2022"."""
    parts = key if isinstance(key, tuple) else (key,)
    return ", ".join(f"{p:%B %Y}" if isinstance(p, pd.Timestamp) else str(p) for p in parts)
