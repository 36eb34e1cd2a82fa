"""Tables of recorded crime: in `data/recorded_crime_borough/` and `data/recorded_crime_ward/`."""

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.gaps import area_gaps, month_gaps
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

MONTH_COLUMN = c.date(
    "Month in which the police recorded the offences, as its first day", c.FIRST_OF_MONTH
)
OFFENCE_COLUMN = c.text("Offence, by the name in reference/offences.csv")
# Twice the largest count of an offence in a borough and month that any release has had.
COUNT_COLUMN = c.whole("Recorded offences", c.between(0, 10_000), unit="offences")

TABLES: dict[str, TableSchema] = {
    "recorded_crime_borough": table_schema(
        "recorded_crime_borough/{release}.parquet",
        "Recorded offences by borough, offence and month",
        ["offence", "area_code", "month"],
        "mps_borough_crime",
        area_gaps,
        month=MONTH_COLUMN,
        area_code=c.AREA_COLUMN,
        offence=OFFENCE_COLUMN,
        count=COUNT_COLUMN,
        classification=c.CLASSIFICATION_COLUMN,
        release=c.RELEASE_COLUMN,
    ),
    "recorded_crime_ward": table_schema(
        "recorded_crime_ward/{release}.parquet",
        "Recorded offences by ward, offence and month",
        ["offence", "area_code", "ward_code", "month"],
        "mps_ward_crime",
        month_gaps,
        month=MONTH_COLUMN,
        ward_code=c.text("ONS code of the ward", c.matches(c.WARD)),
        ward_name=c.text("Name of the ward"),
        area_code=c.AREA_COLUMN,
        offence=OFFENCE_COLUMN,
        count=COUNT_COLUMN,
        classification=c.CLASSIFICATION_COLUMN,
        release=c.RELEASE_COLUMN,
    ),
}
