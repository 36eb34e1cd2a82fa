"""Households by borough and year (ONS 2018-based household projections)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.crosswalks import Crosswalks, Release
from safer_communities.sources.publication import Publication

NAME = "ons_household_projections"
SHEET = "406"
RELEASE = "base-2018"
YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def parse(path: Path, areas: list[str]) -> pd.DataFrame:
    """Households of each of `areas` at the middle of each year: area_code, mid_year, households.

    Raises InputError, or a group of them, for all that is wrong.
    """
    problems = ErrorCollector(f"{path.name}, sheet {SHEET}")
    table = reading.read_sheet(path, SHEET, "Area code")
    years = [name for name in table.columns if YEAR.fullmatch(name)]
    if not years or len(years) != int(years[-1]) - int(years[0]) + 1:
        problems.add("the columns are not one a year", reading.FETCH)
    rows = table[table["Area code"].isin(areas)]
    reading.unique_rows(rows, ["Area code"], problems)
    for area in sorted(set(areas) - set(rows["Area code"])):
        problems.add(f"no row for {area}", reading.FETCH)
    values = pd.DataFrame(
        {int(year): reading.whole_numbers(rows[year], problems) for year in years}
    )
    problems.raise_any()
    values.index = pd.Index(rows["Area code"], name="area_code")
    return reading.one_cell_a_row(values, "mid_year", "households")


def _release(table: pd.DataFrame) -> Release:
    years = table["mid_year"]
    return Release(NAME, RELEASE, "", str(years.min()), str(years.max()))


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table, by its path."""
    path = reading.only_file(files)
    table = parse(path, list(crosswalks.boroughs["area_code"]))
    problems = ErrorCollector(path.name)
    crosswalks.covered(_release(table), problems)
    problems.raise_any()
    table = table.sort_values(["area_code", "mid_year"], ignore_index=True)
    return {"population/household_projections.csv": table.assign(release=RELEASE)}


def releases(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    """The release that the file is, with the years that it covers."""
    yield _release(parse(reading.only_file(files), list(crosswalks.boroughs["area_code"])))


PUBLICATION = Publication(
    NAME, files=("population/ons_household_projections_*.xlsx",), tidy=tidy, releases=releases
)
