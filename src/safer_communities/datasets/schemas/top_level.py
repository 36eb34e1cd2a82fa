"""Tables that lie in `data/` itself."""

from safer_communities.datasets.schemas.columns import (
    AREA_COLUMN,
    CLASSIFICATION_COLUMN,
    FIRST_OF_MONTH,
    MONTH,
    NOTE_COLUMN,
    RELEASE_COLUMN,
    between,
    date,
    free_text,
    matches,
    number,
    text,
    whole,
)
from safer_communities.datasets.schemas.gaps import borough_gaps, outcome_gaps
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

TABLES: dict[str, TableSchema] = {
    "positive_outcomes": table_schema(
        "positive_outcomes.csv",
        "Recorded offences and positive outcomes by borough, group of offences and month",
        {
            "month": date("Month, as its first day", FIRST_OF_MONTH),
            "area_code": AREA_COLUMN,
            "offence": text("Group of offences, or Total notifiable offences"),
            "offences": whole("Offences recorded in the month", unit="offences"),
            "positive_outcomes": whole(
                "Positive outcomes given in the month, often for offences of earlier months",
                unit="positive outcomes",
            ),
            "release": RELEASE_COLUMN,
        },
        ["offence", "area_code", "month"],
        "mps_positive_outcomes",
        outcome_gaps,
    ),
    "borough_areas": table_schema(
        "borough_areas.csv",
        "Area of each borough",
        {
            "area_code": AREA_COLUMN,
            "hectares": number("Area, to mean high water", between(100, 100_000), unit="hectares"),
            "release": RELEASE_COLUMN,
        },
        ["area_code"],
        "borough_areas",
        borough_gaps("release"),
    ),
    "editions": table_schema(
        "editions.csv",
        "Editions of the book and the releases that each uses",
        {
            "edition": whole("Year of the edition", between(2000, 2100), unit="year"),
            "label": text("Name of the edition"),
            "period_end": date("Last month of the edition's twelve months", FIRST_OF_MONTH),
            "classification": CLASSIFICATION_COLUMN,
            "borough_crime_releases": text(
                "Releases of recorded crime by borough, preferred first",
                matches(f"{MONTH}( {MONTH})*"),
            ),
            "ward_crime_release": text("Release of recorded crime by ward", matches(MONTH)),
            "population_release": text("Release of the population estimates"),
            "population_year": whole("Year of the population", between(2001, 2100), unit="year"),
            "household_release": text("Release of the number of households"),
            "survey_waves": free_text("Survey waves shown, by survey and wave"),
            "strategy_borough": free_text("Borough whose strategy the edition checks"),
            "stands_for": date("Date for which the edition speaks"),
            "note": NOTE_COLUMN,
        },
        ["edition"],
        "this_book",
    ),
}
