"""Households by borough on Census day, 21 March 2021 (ONS)."""

import re
from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector, InputError, plain
from safer_communities.sources import reading
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Publication

NAME = "census_households"
CENSUS_YEAR = 2021
# The sum of TS041 over the boroughs and the City. A census is not revised.
LONDON_HOUSEHOLDS = 3_423_890

# As Nomis and the ONS head the two columns wanted.
CODE = re.compile(r"(geography|.*) code|mnemonic", re.IGNORECASE)
HOUSEHOLDS = re.compile(r"observation|number of households.*", re.IGNORECASE)
FORM = (
    "give a table of the boroughs and the City with the columns area_code and households, with a "
    "row such as E09000003,148917 and no lines above or below; a download of TS041 from Nomis as "
    "CSV (comma separated) has them as geography code and Number of households"
)


def _own_columns(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the publisher's headings of the two columns by the names used here."""
    names = {}
    for own, pattern in (("area_code", CODE), ("households", HOUSEHOLDS)):
        found = [name for name in table.columns if pattern.fullmatch(name)]
        if own not in table.columns and len(found) == 1:
            names[found[0]] = own
    return table.rename(columns=names)


def parse(path: Path, areas: list[str]) -> pd.DataFrame:
    """Households of each of `areas`: area_code, households. Raises InputError as needed."""
    problems = ErrorCollector(path.name)
    table = _own_columns(reading.read_csv(path, problems, sum_is_known=True, form=FORM))
    if missing := [name for name in ("area_code", "households") if name not in table]:
        found = plain(", ".join(table.columns))
        raise InputError(
            path.name, f"no column {' and '.join(missing)}; the columns are {found}", FORM
        )
    problems.raise_any()
    table = table[["area_code", "households"]]
    reading.unique_rows(table, ["area_code"], problems)
    codes = table["area_code"]
    expected = "the code of a London borough"
    reading.note_cells(codes, ~codes.isin(areas), expected, problems, "take it out")
    if lacking := sorted(set(areas) - set(table["area_code"])):
        problems.add(f"no row for {', '.join(lacking)}", reading.FETCH)
    table["households"] = reading.whole_numbers(table["households"], problems)
    problems.raise_any()
    total = table["households"].sum()
    if total != LONDON_HOUSEHOLDS:
        problems.add(
            f"{total:,} households in total; the Census found {LONDON_HOUSEHOLDS:,} in London",
            reading.FETCH,
            column="households",
        )
    problems.raise_any()
    return table.sort_values("area_code", ignore_index=True)


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table, by its path."""
    known = crosswalks.area_names
    path = reading.only_file(files)
    table = parse(path, sorted(known.loc[known["publication"] == NAME, "area_code"]))
    release = f"census-{CENSUS_YEAR}"
    crosswalks.release(NAME, release, ErrorCollector(path.name))
    table = table.assign(census_year=CENSUS_YEAR, release=release)
    return {
        "population/households.csv": table[["area_code", "census_year", "households", "release"]]
    }


PUBLICATION = Publication(NAME, files=("population/census*_households_*.csv",), tidy=tidy)
