"""Hectares of each borough, from the attributes of its boundary (GLA and Ordnance Survey)."""

import struct
from pathlib import Path

import pandas as pd
import shapefile

from safer_communities.errors import ErrorCollector
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Publication
from safer_communities.sources.reading import FETCH, check_size, only_file, readable

NAME = "borough_areas"
RELEASE = "2013-10"
FIELDS = ("GSS_CODE", "NAME", "HECTARES")
# The sum of the field HECTARES in this release.
LONDON_HECTARES = 159_469.725
ROUNDING = 0.0005
# What reading a damaged file may raise besides the reader's own error.
DAMAGE = (struct.error, ValueError, LookupError, TypeError, OverflowError, MemoryError)


def parse(path: Path, areas: dict[str, str]) -> pd.DataFrame:
    """Hectares of each of `areas`, names by code: area_code, hectares.

    Raises InputError, or a group of them, where a borough is missing or the file is damaged.
    """
    problems = ErrorCollector(path.name)
    check_size(path)
    with (
        readable(path, "not a dBASE table", shapefile.ShapefileException, *DAMAGE),
        shapefile.Reader(dbf=str(path)) as reader,
    ):
        records = [record.as_dict() for record in reader.iterRecords()]
    for name in FIELDS:
        if not records or name not in records[0]:
            problems.add(f"no field {name}", FETCH)
    problems.raise_any()
    for row, record in enumerate(records, start=1):
        if areas.get(record["GSS_CODE"]) != record["NAME"]:
            problems.add_cell(
                row,
                "GSS_CODE",
                f"{record['GSS_CODE']} {record['NAME']}",
                "the code and the name of a London borough",
                "fetch it again",
            )
        if not (isinstance(record["HECTARES"], float) and record["HECTARES"] > 0):
            problems.add_cell(
                row, "HECTARES", str(record["HECTARES"]), "a number above 0", "fetch it again"
            )
    codes = [record["GSS_CODE"] for record in records]
    for area in areas:
        if codes.count(area) != 1:
            problems.add(f"{codes.count(area)} rows for {area}", FETCH)
    problems.raise_any()
    total = sum(record["HECTARES"] for record in records)
    if abs(total - LONDON_HECTARES) > ROUNDING:
        problems.add(
            f"{total:,.3f} hectares in total; these boundaries should have {LONDON_HECTARES:,.3f}",
            FETCH,
            column="HECTARES",
        )
    problems.raise_any()
    table = pd.DataFrame(records)[["GSS_CODE", "HECTARES"]]
    table = table.set_axis(["area_code", "hectares"], axis="columns")
    return table.sort_values("area_code", ignore_index=True)


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table, by its path."""
    path = only_file(files)
    table = parse(path, crosswalks.published_areas(NAME))
    crosswalks.release(NAME, RELEASE, ErrorCollector(path.name))
    return {"borough_areas.csv": table.assign(release=RELEASE)}


PUBLICATION = Publication(NAME, files=("boundaries/london_boroughs/*.dbf",), tidy=tidy)
