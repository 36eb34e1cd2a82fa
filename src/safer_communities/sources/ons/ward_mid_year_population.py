"""Residents by ward at the middle of a year (ONS small-area estimates, an extract of London's)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.crosswalks import Crosswalks, Release
from safer_communities.sources.publication import Publication

NAME = "ons_ward_mid_year_population"
RESIDENTS = re.compile(r"population_(mid(?:19|20)[0-9]{2})")
WARD_CODE = r"E05[0-9]{6}"
CITY = "City of London"


def parse(path: Path, boroughs: pd.DataFrame) -> pd.DataFrame:
    """Residents of each ward of the boroughs: ward_code, ward_name, area_code, residents, release.

    The City of London's wards, most of which have no estimate of their own, are left out. Raises
    InputError, or a group of them, for all that is wrong.
    """
    problems = ErrorCollector(path.name)
    table = reading.read_csv(path, problems)
    years = [name for name in table.columns if RESIDENTS.fullmatch(name)] or ["population_mid2024"]
    reading.require_columns(
        table, ["ward_code", "ward_name", "borough", years[0], "basis"], problems
    )
    reading.unique_rows(table, ["ward_code"], problems)
    table = table[table["borough"] != CITY]
    codes = boroughs.set_index("borough")["area_code"]
    is_none = ~table["borough"].isin(codes.index)
    reading.note_cells(table["borough"], is_none, "a London borough", problems)
    is_none = ~table["ward_code"].str.fullmatch(WARD_CODE)
    reading.note_cells(table["ward_code"], is_none, "the code of a ward", problems)
    for name in sorted(set(codes.index) - set(table["borough"])):
        problems.add(f"no ward of {name}", reading.FETCH)
    residents = reading.whole_numbers(table[years[0]], problems)
    problems.raise_any()
    return pd.DataFrame(
        {
            "ward_code": table["ward_code"],
            "ward_name": table["ward_name"],
            "area_code": table["borough"].map(codes),
            "residents": residents,
            "release": years[0].removeprefix("population_").replace("mid", "mid-"),
        }
    ).sort_values("ward_code", ignore_index=True)


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table, by its path."""
    path = reading.only_file(files)
    table = parse(path, crosswalks.boroughs)
    problems = ErrorCollector(path.name)
    crosswalks.release(NAME, table["release"].iloc[0], problems)
    problems.raise_any()
    return {"population/ward_mid_year_population.csv": table}


def releases(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    """The release that the file is."""
    release = parse(reading.only_file(files), crosswalks.boroughs)["release"].iloc[0]
    yield Release(NAME, release, "", release[-4:], release[-4:])


PUBLICATION = Publication(
    NAME, files=("population/*_ward_mid*_london.csv",), tidy=tidy, releases=releases
)
