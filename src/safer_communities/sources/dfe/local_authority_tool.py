"""Youth justice and school results by area (DfE Local Authority Interactive Tool).

The tool is one table of some 700 items, told apart by a short name, and a dictionary of them that
says what each is, in which unit, and when it was last updated.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.parquet

from safer_communities.datasets.codes import ENGLAND, LONDON
from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.crosswalks import Crosswalks, Release
from safer_communities.sources.publication import Publication

NAME = "dfe_local_authority_tool"
COLUMNS = [
    "Short Desc",
    "Data item",
    "Years",
    "LA and Regions",
    "Values",
    "LA Number",
    "Region",
]
ITEM, YEAR, AREA, VALUE, REGION = "Short Desc", "Years", "LA and Regions", "Values", "Region"
UNIT, UPDATED = "y_axis_name", "Last Update"
NOT_PUBLISHED = "-"
NO_REGION = "NA"
WHOLES = {"London": LONDON, "England": ENGLAND}


@dataclass(frozen=True)
class Item:
    """What is kept of the tool: the name here, the dictionary's unit, the highest value there is.

    `of_england` is whether the row of England is in that unit, too.
    """

    name: str
    unit: str
    highest: float
    of_england: bool = True


ATTAINMENT = "AVG_Attain8_Score"
ITEMS = {
    # The row of England is the sum of the rates of the nine regions (1,333 in 2021), and no rate.
    "FirstYJS": Item("first_time_entrants", "Rate per 100,000 of 10-17 population", 1500, False),
    "ReoffYO15-17": Item("reoffending_15_17", "% of reoffending", 100),
    ATTAINMENT: Item("attainment_8", "Score per pupil", 90),
}


def kept_rows(table: pd.DataFrame, problems: ErrorCollector) -> pd.DataFrame:
    """The rows of the items kept, all areas: item, year, area, region and value (missing if "-").

    Raises InputError, or a group of them, for all that is wrong: an item, year or area that is
    missing or stands twice, a cell that is no number or too high, a London outside its boroughs.
    """
    reading.require_columns(table, COLUMNS, problems)
    for item in ITEMS.keys() - set(table[ITEM]):
        problems.add(f"no rows of the item {item}", reading.FETCH)
    rows = table[table[ITEM].isin(list(ITEMS))]
    if rows.empty:
        problems.raise_any()
    reading.unique_rows(rows, [ITEM, YEAR, AREA], problems)
    cells = rows[VALUE].mask(rows[VALUE] == NOT_PUBLISHED)
    values = reading.decimals(cells.dropna(), problems).reindex(rows.index)
    highest = rows[ITEM].map({item: about.highest for item, about in ITEMS.items()})
    of_england = rows[ITEM].isin([item for item, about in ITEMS.items() if about.of_england])
    in_unit = of_england | rows[AREA].ne("England")
    for row in rows.index[in_unit & (values > highest)]:
        expected = f"{highest[row]:,} or less, as {rows.loc[row, ITEM]} is everywhere"
        problems.add_cell(row, VALUE, rows.loc[row, VALUE], expected, reading.FETCH_AGAIN)
    reading.note_cells(rows[YEAR], ~rows[YEAR].str.fullmatch("20[0-9]{2}"), "a year", problems)
    problems.raise_any()
    kept = pd.DataFrame(
        {
            "item": rows[ITEM],
            "year": rows[YEAR].astype("int64"),
            "area": rows[AREA],
            "region": rows[REGION],
            "value": values[in_unit].reindex(rows.index).round(2),
        }
    )
    _note_gaps(kept, problems)
    _note_london(kept, problems)
    problems.raise_any()
    return kept


def release_of(dictionary: pd.DataFrame, rows: pd.DataFrame, problems: ErrorCollector) -> Release:
    """The release: the month in which the dictionary's items were last updated.

    Raises InputError, or a group of them, where an item is not there once, in the unit expected.
    """
    for column in {"Measure_short", UNIT, UPDATED} - set(dictionary.columns):
        problems.add(f"no column {column}", reading.FETCH)
    problems.raise_any()
    days = []
    for item, about in ITEMS.items():
        own = dictionary[dictionary["Measure_short"] == item]
        if len(own) != 1:
            problems.add(f"{len(own)} rows of {item}, where one is expected", reading.FETCH)
            continue
        row, unit, day = own.index[0], own[UNIT].iloc[0], own[UPDATED].iloc[0]
        if unit != about.unit:
            remedy = "find out what the figures count now, and mend the import"
            problems.add_cell(row, UNIT, unit, f"{about.unit!r}", remedy)
        if not (day.isdecimal() and 40_000 < int(day) < 80_000):
            problems.add_cell(row, UPDATED, day, "a day as a spreadsheet counts", reading.FETCH)
            continue
        days.append(int(day))
    problems.raise_any()
    month = (pd.Timestamp("1899-12-30") + pd.Timedelta(days=max(days))).to_period("M")
    return Release(NAME, str(month), "", str(rows["year"].min()), str(rows["year"].max()))


def _note_gaps(rows: pd.DataFrame, problems: ErrorCollector) -> None:
    """Notes the years between the first and the last of an item that lack rows, or some areas."""
    for item, own in rows.groupby("item"):
        areas = {*own["area"], *WHOLES}
        for year in range(own["year"].min(), own["year"].max() + 1):
            missing = sorted(areas - set(own.loc[own["year"] == year, "area"]))
            if missing:
                some = ", ".join(missing[:3])
                problems.add(f"{item} in {year}: no row for {some}", reading.FETCH)


def _note_london(rows: pd.DataFrame, problems: ErrorCollector) -> None:
    """Notes where London is not between its lowest and its highest borough: it is their mean."""
    boroughs = rows[rows["region"].isin(["Inner London", "Outer London"])]
    london = rows[rows["area"] == "London"].set_index(["item", "year"])["value"]
    ends = boroughs.groupby(["item", "year"])["value"].agg(["min", "max"]).reindex(london.index)
    odd = (london < ends["min"]) | (london > ends["max"])
    for item, year in odd[odd].index:
        problems.add(
            f"{item} in {year}: London's {london[item, year]} is not between those of its boroughs",
            "compare the file with the publisher's page, and fetch it again",
        )


def tables(rows: pd.DataFrame, crosswalks: Crosswalks, release: str) -> dict[str, pd.DataFrame]:
    """The tables, by path: youth justice of London, and school results of all of England."""
    london = [*crosswalks.boroughs["borough"], "London"]
    codes = dict(zip(crosswalks.boroughs["borough"], crosswalks.boroughs["area_code"], strict=True))
    codes |= WHOLES
    rows = rows.assign(area_code=rows["area"].map(codes).fillna(""), release=release)
    rows["indicator"] = rows["item"].map({item: about.name for item, about in ITEMS.items()})
    youth = rows[rows["item"].ne(ATTAINMENT) & rows["area"].isin(london)]
    schools = rows[rows["item"].eq(ATTAINMENT) & rows["value"].notna()].rename(
        columns={"value": "score"}
    )
    schools["kind"] = "authority"
    schools.loc[schools["region"] == NO_REGION, "kind"] = "region"
    schools.loc[schools["area"] == "England", "kind"] = "country"
    return {
        "youth_justice/youth_justice.csv": _sorted(
            youth, ["indicator", "area_code", "year", "value", "release"]
        ),
        "youth_justice/attainment_8.csv": _sorted(
            schools, ["area", "area_code", "kind", "year", "score", "release"]
        ),
    }


def _sorted(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return rows[columns].sort_values([*columns[:2], "year"], ignore_index=True)


def _read(files: list[Path]) -> tuple[pd.DataFrame, Release]:
    """The rows kept of the tool's table, and the release that its dictionary says it is."""
    path = reading.only_file([path for path in files if path.suffix == ".parquet"])
    dictionary = reading.only_file([path for path in files if path.suffix == ".csv"])
    reading.check_size(path)
    with reading.readable(path, "not a complete Parquet file", pyarrow.ArrowException):
        table = pyarrow.parquet.read_table(path).to_pandas()
    table = table.astype(str).mask(table.isna(), "").set_axis(pd.RangeIndex(1, len(table) + 1))
    rows = kept_rows(table, ErrorCollector(path.name))
    problems = ErrorCollector(dictionary.name)
    return rows, release_of(reading.read_csv(dictionary, problems), rows, problems)


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The tables, by path."""
    rows, release = _read(files)
    crosswalks.covered(release, ErrorCollector(files[0].name))
    return tables(rows, crosswalks, release.release)


def releases(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    """The release that the files are."""
    yield _read(files)[1]


PUBLICATION = Publication(
    NAME,
    files=(
        "youth_justice/*interactive_tool*.parquet",
        "youth_justice/*interactive_tool_dictionary*.csv",
    ),
    tidy=tidy,
    releases=releases,
    awaited="youth justice",
)
