"""Residents by ward on Census day, 21 March 2021 (ONS)."""

import re
from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Publication

NAME = "census_ward_population"
WARD = "Electoral wards and divisions"
RESIDENCE = "Residence type (2 categories)"
WARD_CODE = re.compile(r"E05[0-9]{6}|E09000001")
# The sum of TS001 over the wards of London. A census is not revised.
LONDON_RESIDENTS = 8_799_716
RESIDENCE_TYPES = ["Lives in a household", "Lives in a communal establishment"]


def parse(path: Path) -> pd.DataFrame:
    """Residents of each ward, in households and communal establishments together.

    Columns ward_code, ward_name, residents. Raises InputError, or a group of them, as needed.
    """
    problems = ErrorCollector(path.name)
    table = reading.read_csv(path, problems, sum_is_known=True)
    reading.require_columns(
        table, [f"{WARD} Code", WARD, f"{RESIDENCE} Code", RESIDENCE, "Observation"], problems
    )
    reading.unique_rows(table, [f"{WARD} Code", RESIDENCE], problems)
    is_none = ~table[RESIDENCE].isin(RESIDENCE_TYPES)
    reading.note_cells(table[RESIDENCE], is_none, " or ".join(RESIDENCE_TYPES), problems)
    residents = reading.whole_numbers(table["Observation"], problems)
    wards = table.assign(residents=residents).groupby([f"{WARD} Code", WARD])
    for code in sorted({code for code in table[f"{WARD} Code"] if not WARD_CODE.fullmatch(code)}):
        problems.add_cell(
            table.index[table[f"{WARD} Code"] == code][0],
            f"{WARD} Code",
            code,
            "the code of a ward, or of the City of London",
            reading.FETCH_AGAIN,
        )
    odd = wards.size()[wards.size() != len(RESIDENCE_TYPES)]
    for (code, _), parts in zip(odd.index, odd, strict=True):
        each = f"where each ward has {len(RESIDENCE_TYPES)}"
        problems.add(f"{parts} rows for {code}, {each}", reading.FETCH)
    problems.raise_any()
    sums = wards["residents"].sum().reset_index()
    return sums.set_axis(["ward_code", "ward_name", "residents"], axis="columns")


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table, by its path."""
    path = reading.only_file(files)
    problems = ErrorCollector(path.name)
    table = parse(path)
    total = table["residents"].sum()
    if total != LONDON_RESIDENTS:
        problems.add(
            f"{total:,} residents in total; this table should have {LONDON_RESIDENTS:,} for London",
            reading.FETCH,
            column="Observation",
        )
    problems.raise_any()
    release = crosswalks.release(NAME, "census-2021", problems)["release"]
    return {"population/ward_population.csv": table.assign(release=release)}


PUBLICATION = Publication(NAME, files=("population/ons_census*_ward_population.csv",), tidy=tidy)
