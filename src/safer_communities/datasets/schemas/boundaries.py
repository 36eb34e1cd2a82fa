"""Tables in `data/boundaries/`."""

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.gaps import borough_gaps
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

TABLES: dict[str, TableSchema] = {
    "ward_shapes": table_schema(
        "boundaries/ward_shapes.parquet",
        "Shape of each ward of the 32 boroughs, for maps: areas are not to be taken from it",
        ["release", "ward_code"],
        "ons_ward_boundaries",
        borough_gaps("release"),
        ward_code=c.WARD_COLUMN,
        ward_name=c.WARD_NAME_COLUMN,
        area_code=c.AREA_COLUMN,
        shape=c.text(
            "Outline as well-known text, longitude and latitude in degrees (WGS84)",
            c.matches(r"(MULTI)?POLYGON \(\(.+\)\)"),
        ),
        release=c.RELEASE_NAME_COLUMN,
    ),
}
