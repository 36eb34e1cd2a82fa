"""Offences with a flag by borough and month: domestic abuse, hate, knives, guns (MPS dashboard)."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector, InputError
from safer_communities.sources import parquet, reading
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.parquet import DATE, TEXT, WHOLE
from safer_communities.sources.publication import Publication, Release

NAME = "mps_flagged_offences"
COLUMNS = {
    "month_year": DATE,
    "area_type": TEXT,
    "borough_snt": TEXT,
    "area_name": TEXT,
    "area_code": TEXT,
    "crime_type": TEXT,
    "crime_subtype": TEXT,
    "measure": TEXT,
    "financial_year": TEXT,
    "fy_fyindex": TEXT,
    "count": WHOLE,
    "refresh_date": DATE,
    "sheet": TEXT,
}
BOROUGH, TEAM = "Borough", "Safer Neighbourhood Teams"
OFFENCES, OUTCOMES = "Offences", "Positive Outcomes"
# What the two kinds of count are called in the table.
COUNTED = {OFFENCES: "count", OUTCOMES: "positive_outcomes"}
KEYS = ["month_year", "crime_type", "crime_subtype", "measure"]
AREA_KEYS = [*KEYS, "borough_snt", "area_name"]
TEAM_KEYS = [*AREA_KEYS, "area_code"]
# So many a month in a usual month: from there on, none at all is a lost row.
USUAL = 15


def tidy_file(path: Path, crosswalks: Crosswalks) -> pd.DataFrame:
    """The counts of one file: a row for each month, area and measure, nought where it has none.

    Columns: month, area_code, measure, count, positive_outcomes (missing where the publisher gives
    none of the measure), release. Raises InputError, or a group of them, for all that is wrong.
    The rows of neighbourhood teams are left out, but have to add up to those of the boroughs.
    """
    problems = ErrorCollector(path.name)
    table = parquet.read_parquet(path, COLUMNS, problems)
    parquet.first_days(table["month_year"], problems)
    parquet.one_of(table["area_type"], [BOROUGH, TEAM], problems)
    parquet.one_of(table["measure"], [*COUNTED], problems)
    problems.raise_any()
    is_borough = table["area_type"] == BOROUGH
    boroughs, teams = table[is_borough], table[~is_borough]
    if boroughs.empty:
        raise InputError(path.name, "no row of a borough", reading.FETCH)
    for rows, key in ((boroughs, AREA_KEYS), (teams, TEAM_KEYS)):
        reading.unique_rows(rows.astype({"month_year": str}), key, problems)
    areas = crosswalks.area_codes(boroughs["borough_snt"], NAME, problems)
    measures = crosswalks.flagged(boroughs, NAME, problems)
    _note_other_codes(boroughs, areas, problems)
    months = reading.every_month(boroughs["month_year"], problems)
    problems.raise_any()
    _note_teams(boroughs, teams, problems)
    release = Release.of_months(NAME, boroughs["month_year"], path.name)
    crosswalks.covered(release, problems)
    rows = pd.DataFrame(
        {
            "measure": measures,
            "area_code": areas,
            "month": boroughs["month_year"].astype("datetime64[ns]"),
            "counted": boroughs["measure"].map(COUNTED),
            "value": boroughs["count"],
        }
    )
    _note_spellings(boroughs, measures, problems)
    keys = ["measure", "area_code", "month"]
    counts = rows.pivot_table(index=keys, columns="counted", values="value", aggfunc="sum")
    known = [pd.Index(sorted(set(rows[key]))) for key in keys[:2]]
    counts = counts.reindex(pd.MultiIndex.from_product([*known, months], names=keys))
    counts = counts.reindex(columns=[*COUNTED.values()]).fillna(0).astype("int64").reset_index()
    listed = crosswalks.flagged_measures
    without = counts["measure"].isin(listed.loc[~listed["has_outcomes"], "measure"])
    counts["positive_outcomes"] = counts["positive_outcomes"].mask(without).astype("float64")
    _note_lost(counts, crosswalks, problems)
    problems.raise_any()
    columns = ["month", "area_code", "measure", *COUNTED.values()]
    counts = counts[columns].rename_axis(columns=None)
    return counts.assign(release=release.release)


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table of every release among the files, by its path."""
    errors = ErrorCollector(NAME)
    tables = []
    for path in files:
        with errors.collecting():
            tables.append(tidy_file(path, crosswalks))
    errors.raise_any()
    table = pd.concat(tables).sort_values(["measure", "area_code", "month", "release"])
    return {"mps_dashboard/flagged_offences.parquet": table.reset_index(drop=True)}


def releases(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    """The release that each file is."""
    for path in files:
        table = parquet.read_parquet(path, COLUMNS, ErrorCollector(path.name))
        months = table.loc[table["area_type"] == BOROUGH, "month_year"].dropna()
        yield Release.of_months(NAME, months, path.name)


def _note_other_codes(boroughs: pd.DataFrame, areas: pd.Series, problems: ErrorCollector) -> None:
    """Notes every borough beside the code of another."""
    published = boroughs["area_code"]
    known = areas.fillna("").str.startswith("E")
    wrong = published[known & (published != areas)]
    for value, same in wrong.groupby(wrong, sort=False):
        row = same.index[0]
        expected = f"the code of {boroughs.loc[row, 'borough_snt']}, {areas[row]}"
        problems.add_cell(row, "area_code", str(value), expected, reading.FETCH_AGAIN)


def _note_spellings(table: pd.DataFrame, measures: pd.Series, problems: ErrorCollector) -> None:
    """Notes every count that stands twice, under two spellings of one measure."""
    keys = table.assign(crime_subtype=measures, month_year=table["month_year"].astype(str))
    reading.unique_rows(keys, [key for key in AREA_KEYS if key != "crime_type"], problems)


def _note_teams(boroughs: pd.DataFrame, teams: pd.DataFrame, problems: ErrorCollector) -> None:
    """Notes where teams do not add up to boroughs, and boroughs with less than their teams.

    Some offences of a borough have no team since February 2024; they stand in a team of no borough.
    """
    whole, parts = (rows.groupby(KEYS)["count"].sum() for rows in (boroughs, teams))
    gap = whole.sub(parts, fill_value=0)
    for key in gap.index[gap != 0]:
        month, _, subtype, counted = key
        problems.add(
            f"{counted} of {subtype!r} in {month:%B %Y} are {whole.get(key, 0):,} in the rows of "
            f"boroughs and {parts.get(key, 0):,} in those of neighbourhood teams",
            reading.FETCH_AGAIN,
            column="count",
        )
    names = boroughs.loc[boroughs["area_code"].str.startswith("E"), "borough_snt"].unique()
    of_team = {
        team: next((name for name in names if team.startswith(f"{name} ")), "")
        for team in teams["borough_snt"].unique()
    }
    by_area = teams.assign(borough_snt=teams["borough_snt"].map(of_team))
    by_area = by_area[by_area["borough_snt"] != ""]
    whole, parts = (
        rows.groupby([*KEYS, "borough_snt"])["count"].sum() for rows in (boroughs, by_area)
    )
    short = whole.reindex(parts.index, fill_value=0) < parts
    for key in parts.index[short]:
        month, _, subtype, counted, borough = key
        problems.add(
            f"{counted} of {subtype!r} in {month:%B %Y} are {whole.get(key, 0):,} in {borough}, "
            f"fewer than the {parts[key]:,} of its neighbourhood teams",
            reading.FETCH_AGAIN,
            column="count",
        )


def _note_lost(counts: pd.DataFrame, crosswalks: Crosswalks, problems: ErrorCollector) -> None:
    """Notes a borough without an offence in a month in which it usually has many, or one lost."""
    boroughs = pd.Index(crosswalks.boroughs["area_code"])
    names = crosswalks.boroughs.set_index("area_code")["borough"]
    for code in boroughs.difference(pd.Index(counts["area_code"])):
        problems.add(f"no row for {names[code]}", reading.FETCH)
    rows = counts[counts["area_code"].isin(boroughs)]
    usual = rows.groupby(["measure", "area_code"])["count"].transform("median")
    rows = rows.assign(usual=usual)
    for row in rows[(rows["usual"] >= USUAL) & (rows["count"] == 0)].itertuples():
        problems.add(
            f"no offence of {row.measure!r} in {names[str(row.area_code)]} in {row.month:%B %Y}, "
            f"where a month usually has about {row.usual:,.0f}",
            reading.FETCH,
        )


PUBLICATION = Publication(
    NAME,
    files=("mps_dashboard/*.parquet",),
    tidy=tidy,
    releases=releases,
    awaited="the dashboard's flagged offences",
)
