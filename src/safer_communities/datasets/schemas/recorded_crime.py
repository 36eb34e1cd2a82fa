"""Tables of recorded crime: by borough, by ward, and sensitive offences by ward and year.

What may be kept of a ward, `small_numbers` says.
"""

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.gaps import area_gaps, month_gaps, years_told_twice
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
        "Recorded offences by ward, offence and month, without sensitive ones",
        ["offence", "area_code", "ward_code", "month"],
        "mps_ward_crime",
        month_gaps,
        month=MONTH_COLUMN,
        ward_code=c.WARD_COLUMN,
        ward_name=c.WARD_NAME_COLUMN,
        area_code=c.AREA_COLUMN,
        offence=OFFENCE_COLUMN,
        count=COUNT_COLUMN,
        classification=c.CLASSIFICATION_COLUMN,
        release=c.RELEASE_COLUMN,
    ),
    "sensitive_ward_crime": table_schema(
        "sensitive_ward_crime.csv",
        "Sensitive offences of all kinds together by ward, years to March",
        ["month", "area_code", "ward_code", "release"],
        "mps_ward_crime",
        years_told_twice,
        month=c.date("Last of the twelve months, as its first day", c.FIRST_OF_MONTH),
        ward_code=c.WARD_COLUMN,
        area_code=c.AREA_COLUMN,
        count=c.number(
            "Sexual offences, hate crime and homicide recorded in the twelve months; empty where "
            "it is withheld, because it or another of the borough is below 5",
            c.between(0, 10_000),
            unit="offences",
            blank=True,
        ),
        release=c.RELEASE_COLUMN,
    ),
}
