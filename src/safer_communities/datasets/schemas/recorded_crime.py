"""Tables of recorded crime: in `data/recorded_crime_borough/` and `data/recorded_crime_ward/`."""

from safer_communities.datasets.schemas.columns import (
    AREA_COLUMN,
    CLASSIFICATION_COLUMN,
    FIRST_OF_MONTH,
    RELEASE_COLUMN,
    WARD,
    between,
    date,
    matches,
    text,
    whole,
)
from safer_communities.datasets.schemas.gaps import area_gaps, month_gaps
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

MONTH_COLUMN = date(
    "Month in which the police recorded the offences, as its first day", FIRST_OF_MONTH
)
OFFENCE_COLUMN = text("Offence, by the name in reference/offences.csv")
# Twice the largest count of an offence in a borough and month that any release has had.
COUNT_COLUMN = whole("Recorded offences", between(0, 10_000), unit="offences")

TABLES: dict[str, TableSchema] = {
    "recorded_crime_borough": table_schema(
        "recorded_crime_borough/{release}.parquet",
        "Recorded offences by borough, offence and month",
        {
            "month": MONTH_COLUMN,
            "area_code": AREA_COLUMN,
            "offence": OFFENCE_COLUMN,
            "count": COUNT_COLUMN,
            "classification": CLASSIFICATION_COLUMN,
            "release": RELEASE_COLUMN,
        },
        ["offence", "area_code", "month"],
        "mps_borough_crime",
        area_gaps,
    ),
    "recorded_crime_ward": table_schema(
        "recorded_crime_ward/{release}.parquet",
        "Recorded offences by ward, offence and month",
        {
            "month": MONTH_COLUMN,
            "ward_code": text("ONS code of the ward", matches(WARD)),
            "ward_name": text("Name of the ward"),
            "area_code": AREA_COLUMN,
            "offence": OFFENCE_COLUMN,
            "count": COUNT_COLUMN,
            "classification": CLASSIFICATION_COLUMN,
            "release": RELEASE_COLUMN,
        },
        ["offence", "area_code", "ward_code", "month"],
        "mps_ward_crime",
        month_gaps,
    ),
}
