"""Hectares of each borough, from the attributes of its boundary (GLA and Ordnance Survey)."""

from pathlib import Path

import pandas as pd
import shapefile

from safer_communities.errors import InputError, Problems
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Publication

NAME = "borough_areas"
RELEASE = "2013-10"


def parse(path: Path, areas: list[str]) -> pd.DataFrame:
    """Hectares of each of `areas`: area_code, hectares. Raises InputError, or a group of them."""
    problems = Problems(path.name)
    try:
        with shapefile.Reader(dbf=str(path)) as reader:
            records = [record.as_dict() for record in reader.iterRecords()]
    except shapefile.ShapefileException as error:
        raise InputError(path.name, f"not a dBASE table ({error})", "fetch it again") from error
    for name in ("GSS_CODE", "HECTARES"):
        if not records or name not in records[0]:
            problems.add(f"no field {name}", "fetch the boundaries from the publisher again")
    problems.raise_any()
    for row, record in enumerate(records, start=1):
        if record["GSS_CODE"] not in areas:
            problems.add_cell(
                row, "GSS_CODE", record["GSS_CODE"], "a London borough", "fetch it again"
            )
        if not (isinstance(record["HECTARES"], float) and record["HECTARES"] > 0):
            problems.add_cell(
                row, "HECTARES", str(record["HECTARES"]), "a number above 0", "fetch it again"
            )
    for area in sorted(set(areas) - {record["GSS_CODE"] for record in records}):
        problems.add(f"no row for {area}", "fetch the boundaries from the publisher again")
    problems.raise_any()
    table = pd.DataFrame(records)[["GSS_CODE", "HECTARES"]]
    table = table.set_axis(["area_code", "hectares"], axis="columns")
    return table.sort_values("area_code", ignore_index=True)


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table, by its path."""
    known = crosswalks.area_names
    table = parse(files[-1], sorted(known.loc[known["publication"] == NAME, "area_code"]))
    crosswalks.release(NAME, RELEASE, Problems(files[-1].name))
    return {"borough_areas.csv": table.assign(release=RELEASE)}


PUBLICATION = Publication(NAME, files=("boundaries/london_boroughs/*.dbf",), tidy=tidy)
