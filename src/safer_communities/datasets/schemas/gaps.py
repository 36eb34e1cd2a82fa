"""What a table lacks, in words: months, boroughs, and parts that add up to their whole."""

from collections.abc import Callable

import pandas as pd

from safer_communities.datasets import cross_checks
from safer_communities.datasets.schemas.columns import BOROUGHS

TOTAL_OFFENCES = "Total notifiable offences"
# What a break in a series does (`data/reference/series_breaks.csv`).
GAP, NO_COMPARISON, CAUTION = "gap", "no comparison", "caution"
UNUSUAL_BASE, NOTE = "unusual base", "note"
# Releases before and after its date give other counts for the same months.
RELEASES = "releases"


def month_gaps(table: pd.DataFrame) -> list[str]:
    """The months missing between the first and the last."""
    months = pd.DatetimeIndex(table["month"].unique())
    missing = pd.date_range(months.min(), months.max(), freq="MS").difference(months)
    return [f"no rows for {month:%B %Y}" for month in missing]


def area_gaps(table: pd.DataFrame) -> list[str]:
    """The boroughs missing, and the offences that lack an area in a month they are counted in."""
    missing = sorted(set(BOROUGHS) - set(table["area_code"].unique()))
    gaps = [f"no rows for {', '.join(missing)}"] if missing else []
    boroughs = table[table["area_code"].isin(BOROUGHS)]
    areas = boroughs.groupby(["offence", "month"], sort=True).size().unstack()
    short = areas.lt(len(BOROUGHS)) & areas.notna()
    for offence in areas.index[short.any(axis=1)]:
        month = areas.columns[short.loc[offence]][0]
        gaps.append(f"{offence!r} lacks boroughs from {month:%B %Y}")
    return month_gaps(table) + gaps


def years_told_twice(table: pd.DataFrame) -> list[str]:
    """The years of which more than one release tells: together they would tell too much."""
    told = table.groupby("month")["release"].unique()
    return [
        f"the year to {month:%B %Y} is told by {' and '.join(names)}"
        for month, names in told.items()
        if len(names) > 1
    ]


def borough_gaps(*by: str) -> Callable[[pd.DataFrame], list[str]]:
    """What finds the boroughs that lack a row, for each value of the columns `by`."""

    def gaps(table: pd.DataFrame) -> list[str]:
        problems = []
        for key, areas in table.groupby(list(by))["area_code"]:
            missing = sorted(set(BOROUGHS) - set(areas.unique()))
            if missing:
                place = cross_checks.key_in_words(key)
                problems.append(f"no rows for {', '.join(missing)} in {place}")
        return problems

    return gaps


def outcome_gaps(table: pd.DataFrame) -> list[str]:
    """The months missing, the boroughs without a row in a month, and totals that are no sums."""
    return (
        month_gaps(table)
        or borough_gaps("month")(table)
        or cross_checks.outcomes_against_totals(table, TOTAL_OFFENCES)
    )


def population_gaps(table: pd.DataFrame) -> list[str]:
    """The boroughs missing in a year, and the years in which they do not add up to London."""
    missing = borough_gaps("release", "mid_year")(table)
    return missing or cross_checks.boroughs_against_london(table)


def blanket_confirmations(table: pd.DataFrame) -> list[str]:
    """The rows that would confirm whatever a release has."""
    return [
        f"{row.publication} {row.release}: name an offence, an area or a month"
        for row in table.itertuples()
        if not (row.offence or row.area_code or row.month)
    ]


def idle_breaks(table: pd.DataFrame) -> list[str]:
    """The breaks whose effect can never show, and the notes that name what they cannot touch."""
    problems = []
    needed = {
        **dict.fromkeys((GAP, NO_COMPARISON, CAUTION), ("classification", "measures", "caution")),
        UNUSUAL_BASE: ("classification", "caution"),
        RELEASES: ("classification", "measures"),
    }
    for row in table.to_dict("records"):
        parts = ("classification", "measures", "caution")
        wanted = needed.get(row["effect"], ())
        for part in parts:
            if part in wanted and not row[part]:
                problems.append(f"{row['break_id']}: effect {row['effect']!r} needs a {part}")
            elif part not in wanted and row[part]:
                problems.append(f"{row['break_id']}: effect {row['effect']!r} has no {part}")
    return problems
