"""Tables in `data/asb/`."""

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.gaps import month_gaps
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

TABLES: dict[str, TableSchema] = {
    "london_asb_calls": table_schema(
        "asb/london_asb_calls.csv",
        "Calls to the Metropolitan Police about anti-social behaviour, all London, by month",
        ["area_code", "month"],
        "gla_asb_calls",
        month_gaps,
        month=c.MONTH_COLUMN,
        area_code=c.AREA_COLUMN,
        calls=c.whole("Calls", unit="calls"),
        release=c.RELEASE_COLUMN,
    ),
    "asb_incidents": table_schema(
        "asb/asb_incidents.csv",
        "Incidents of anti-social behaviour by borough and month; none from July 2018 to "
        "September 2023",
        ["area_code", "month", "release"],
        "police_uk_asb",
        month=c.MONTH_COLUMN,
        area_code=c.AREA_COLUMN,
        incidents=c.whole("Incidents", c.between(0, 10_000), unit="incidents"),
        complete=c.flag("Whether the whole borough is in the count, nearly all its small areas"),
        release=c.RELEASE_COLUMN,
    ),
    "asb_incidents_wards": table_schema(
        "asb/asb_incidents_wards.parquet",
        "Incidents of anti-social behaviour by ward and month; small areas go to the ward that "
        "fits them best",
        ["ward_code", "month", "release"],
        "police_uk_asb",
        month_gaps,
        month=c.MONTH_COLUMN,
        ward_code=c.WARD_COLUMN,
        area_code=c.AREA_COLUMN,
        incidents=c.whole("Incidents", c.between(0, 10_000), unit="incidents"),
        complete=c.flag("Whether the whole ward is in the count, most of its small areas"),
        release=c.RELEASE_COLUMN,
    ),
}
