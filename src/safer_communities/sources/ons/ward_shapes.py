"""The shape of each ward of the boroughs (ONS boundaries, an extract of London's as GeoJSON)."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from safer_communities.datasets.codes import CITY_OF_LONDON
from safer_communities.errors import ErrorCollector, InputError, plain
from safer_communities.sources import reading
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Publication

NAME = "ons_ward_boundaries"
RELEASE = "wards-2022"
FIELDS = ("WD22CD", "WD22NM", "LAD22CD", "LAD22NM")
WARD_CODE = re.compile(r"E05[0-9]{6}")
# Degrees of longitude and latitude: London lies within.
LONDON = shapely.box(-0.52, 51.28, 0.34, 51.70)
DECIMALS = 5


def parse(path: Path, boroughs: pd.DataFrame) -> pd.DataFrame:
    """The shape of each ward: ward_code, ward_name, area_code, shape (well-known text, degrees).

    The City of London's wards are left out: another force polices them. Raises InputError, or a
    group of them, for all that is wrong: shapes that are broken, overlap or leave London.
    """
    problems = ErrorCollector(path.name)
    features = _features(path)
    for number, feature in enumerate(features, start=1):
        missing = [name for name in FIELDS if not isinstance(_properties(feature).get(name), str)]
        if missing:
            problems.add(f"no text in {', '.join(missing)}", reading.FETCH, row=number)
    problems.raise_any()
    table = pd.DataFrame([_properties(feature) for feature in features])[list(FIELDS)]
    table.index = pd.RangeIndex(1, len(table) + 1, name="row")
    shapes = [_shape(feature, row, problems) for row, feature in enumerate(features, start=1)]
    table = table.assign(shape=pd.Series(shapes, index=table.index))
    table = table[table["LAD22CD"] != CITY_OF_LONDON]
    _check_names(table, boroughs, problems)
    problems.raise_any()
    for code, wards in table.groupby("LAD22CD")["shape"]:
        if not shapely.coverage_is_valid(wards.to_numpy()):
            problems.add(f"the wards of {code} overlap, or their edges do not meet", reading.FETCH)
    problems.raise_any()
    text = shapely.to_wkt(table["shape"].to_numpy(), rounding_precision=DECIMALS)
    return pd.DataFrame(
        {
            "ward_code": table["WD22CD"],
            "ward_name": table["WD22NM"],
            "area_code": table["LAD22CD"],
            "shape": text,
        }
    ).sort_values("ward_code", ignore_index=True)


def _features(path: Path) -> list[object]:
    reading.check_size(path)
    with reading.readable(path, "not GeoJSON", ValueError, RecursionError):
        content = json.loads(path.read_bytes())
    features = content.get("features") if isinstance(content, dict) else None
    if not (isinstance(features, list) and features):
        raise InputError(path.name, "not GeoJSON: it holds no list of features", reading.FETCH)
    return features


def _properties(feature: object) -> dict:
    found = feature.get("properties") if isinstance(feature, dict) else None
    return found if isinstance(found, dict) else {}


def _shape(feature: object, row: int, problems: ErrorCollector) -> shapely.Geometry | None:
    """The shape of a feature; notes one that is no area, is broken, or leaves London."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except shapely.errors.GEOSException as error:
        problems.add(f"no shape can be read ({plain(str(error))})", reading.FETCH, row=row)
        return None
    if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon) or shape.is_empty:
        problems.add("the shape is no area", reading.FETCH, row=row)
    elif not (np.isfinite(shapely.get_coordinates(shape)).all() and shape.is_valid):
        problems.add("the outline is broken or crosses itself", reading.FETCH, row=row)
    elif not LONDON.contains(shape):
        problems.add("the shape is not within London, in degrees", reading.FETCH, row=row)
    return shape


def _check_names(table: pd.DataFrame, boroughs: pd.DataFrame, problems: ErrorCollector) -> None:
    reading.unique_rows(table, ["WD22CD"], problems)
    names = boroughs.set_index("area_code")["borough"]
    for row, ward in table.iterrows():
        if not WARD_CODE.fullmatch(ward["WD22CD"]):
            problems.add_cell(row, "WD22CD", ward["WD22CD"], "the code of a ward", reading.FETCH)
        if names.get(ward["LAD22CD"]) != ward["LAD22NM"]:
            found = f"{ward['LAD22CD']} {ward['LAD22NM']}"
            expected = "the code and the name of a London borough"
            problems.add_cell(row, "LAD22CD", found, expected, reading.FETCH)
    for code in sorted(set(names.index) - set(table["LAD22CD"])):
        problems.add(f"no ward of {names[code]}", reading.FETCH)


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table, by its path."""
    path = reading.only_file(files)
    table = parse(path, crosswalks.boroughs)
    crosswalks.release(NAME, RELEASE, ErrorCollector(path.name))
    return {"boundaries/ward_shapes.parquet": table.assign(release=RELEASE)}


PUBLICATION = Publication(NAME, files=("boundaries/*_wards_2022.geojson",), tidy=tidy)
