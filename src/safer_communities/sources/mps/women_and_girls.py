"""Violence against women and girls by borough and month, and its kinds in London (MPS)."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import parquet, reading
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.parquet import DATE, TEXT, WHOLE
from safer_communities.sources.publication import Publication, Release

NAME = "mps_women_and_girls"
MONTH = "recorded_date_months"
PLACES = ["bcu_location", "borough_name", "ward_name_clean_2"]
COLUMNS = {
    **dict.fromkeys(PLACES, TEXT),
    MONTH: DATE,
    "date_committed_from_date_months": DATE,
    "count": WHOLE,
    "sheet": TEXT,
}
# The sheets of each file: the first is by place, the others divide the same counts another way.
KINDS = "Offence count classification"
CLASS = ["crimsec_group", "crimseccodeexpansion", "crimsec_offences", "vawg_offence"]
OFFENCES = {"Offence count location": PLACES, KINDS: CLASS}
AGE, ETHNIC = ["age_group"], ["ethnic_appearance_group_group"]
VICTIMS = {
    "Victim count by location": PLACES,
    "Victim count by age group": AGE,
    "Victim count by ethnic group": ETHNIC,
}


def read(path: Path, sheets: dict[str, list[str]]) -> pd.DataFrame:
    """The rows of one file. Raises InputError, or a group of them, for all that is wrong.

    In each month the sheets have to add up to the same: they divide the same records.
    """
    problems = ErrorCollector(path.name)
    parts = [name for columns in sheets.values() for name in columns]
    table = parquet.read_parquet(path, COLUMNS | dict.fromkeys(parts, TEXT), problems)
    parquet.first_days(table[MONTH], problems)
    parquet.one_of(table["sheet"], [*sheets], problems)
    problems.raise_any()
    reading.every_month(table[MONTH], problems)
    first, *others = ((name, table[table["sheet"] == name]) for name in sheets)
    for name, rows in (first, *others):
        dates = [MONTH, "date_committed_from_date_months"]
        reading.unique_rows(
            rows.astype(dict.fromkeys(dates, str)), [*dates, *sheets[name]], problems
        )
    whole = first[1].groupby(MONTH)["count"].sum()
    for name, rows in others:
        gap = whole.sub(rows.groupby(MONTH)["count"].sum(), fill_value=0)
        for month in gap.index[gap != 0]:
            problems.add(
                f"the sheets {first[0]!r} and {name!r} differ by {abs(gap[month]):,.0f} in "
                f"{month:%B %Y}",
                reading.FETCH_AGAIN,
                column="count",
            )
    problems.raise_any()
    return table


def by_area(
    table: pd.DataFrame, sheet: str, crosswalks: Crosswalks, problems: ErrorCollector
) -> pd.Series:
    """The counts of the sheet by place, by month and area code; nought where there is no row."""
    rows = table[table["sheet"] == sheet]
    areas = crosswalks.area_codes(rows["borough_name"], NAME, problems)
    problems.raise_any()
    counts = rows.groupby([MONTH, areas.rename("area_code")])["count"].sum().unstack()
    for code in crosswalks.boroughs["area_code"]:
        none = counts.index[counts[code].isna()] if code in counts else counts.index
        for month in none[:1]:
            problems.add(f"no row for {code} in {month:%B %Y}", reading.FETCH)
    problems.raise_any()
    return reading.one_cell_a_row(counts.fillna(0), "area_code", "count").set_index(
        [MONTH, "area_code"]
    )["count"]


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table of boroughs, and that of the kinds of offence in London, by their paths."""
    errors = ErrorCollector(NAME)
    found = {}
    marks = {"offences": OFFENCES, "victims": VICTIMS}
    for mark, sheets in marks.items():
        with errors.collecting():
            path = parquet.file_of(files, mark)
            found[mark] = (path, read(path, sheets))
    errors.raise_any()
    counts = {}
    for mark, (path, table) in found.items():
        with errors.collecting():
            problems = ErrorCollector(path.name)
            counts[mark] = by_area(table, next(iter(marks[mark])), crosswalks, problems)
    errors.raise_any()
    path, offences = found["offences"]
    named = {"release": crosswalks.release_of(NAME, offences[MONTH], path.name)}
    _check_same_months(found)
    boroughs = pd.DataFrame(counts).fillna(0).astype("int64").rename_axis(["month", "area_code"])
    boroughs = boroughs.reset_index().sort_values(["area_code", "month"], ignore_index=True)
    kinds = _by_kind(offences[offences["sheet"] == KINDS], crosswalks, path.name)
    return {
        "mps_women_and_girls/boroughs.csv": _dated(boroughs).assign(**named),
        "mps_women_and_girls/london_kinds.csv": _dated(kinds).assign(**named)[
            ["month", "measure", "offences", "release"]
        ],
    }


def releases(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    """The release that both files are of."""
    path = parquet.file_of(files, "offences")
    yield Release.of_months(NAME, read(path, OFFENCES)[MONTH], path.name)


def _by_kind(rows: pd.DataFrame, crosswalks: Crosswalks, file: str) -> pd.DataFrame:
    """The offences of all London by kind and month: month, measure, offences."""
    problems = ErrorCollector(file)
    published = pd.DataFrame({"crime_type": KINDS, "crime_subtype": rows["crimsec_group"]})
    kinds = crosswalks.flagged(published, NAME, problems)
    problems.raise_any()
    counts = rows.groupby([kinds.rename("measure"), MONTH])["count"].sum().unstack(fill_value=0)
    return reading.one_cell_a_row(counts, "month", "offences")


def _dated(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(month=table["month"].astype("datetime64[ns]"))


def _check_same_months(found: dict[str, tuple[Path, pd.DataFrame]]) -> None:
    """Raises InputError where offences and victims are not of the same months."""
    (one, offences), (other, victims) = found.values()
    first, second = (set(table[MONTH]) for table in (offences, victims))
    if first != second:
        problems = ErrorCollector(f"{one.name} and {other.name}")
        problems.stop("they cover other months", "fetch both of one release")


PUBLICATION = Publication(
    NAME,
    files=("mps_vawg/*.parquet",),
    tidy=tidy,
    releases=releases,
    awaited="violence against women and girls",
)
