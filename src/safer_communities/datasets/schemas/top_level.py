"""Tables that lie in `data/` itself."""

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.gaps import borough_gaps, outcome_gaps
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

TABLES: dict[str, TableSchema] = {
    "positive_outcomes": table_schema(
        "positive_outcomes.csv",
        "Recorded offences and positive outcomes by borough, group of offences and month",
        ["offence", "area_code", "month"],
        "mps_positive_outcomes",
        outcome_gaps,
        month=c.MONTH_COLUMN,
        area_code=c.AREA_COLUMN,
        offence=c.text("Group of offences, or Total notifiable offences"),
        offences=c.whole("Offences recorded in the month", unit="offences"),
        positive_outcomes=c.whole(
            "Positive outcomes given in the month, often for offences of earlier months",
            unit="positive outcomes",
        ),
        release=c.RELEASE_COLUMN,
    ),
    "burglary_outcomes": table_schema(
        "burglary_outcomes.csv",
        "Burglaries by what came of them, by borough, years to March",
        ["area_code", "month", "outcome", "release"],
        "police_uk_burglary_outcomes",
        borough_gaps("release", "month"),
        month=c.date("Last of the twelve months in which they were recorded", c.FIRST_OF_MONTH),
        area_code=c.AREA_COLUMN,
        outcome=c.text("What came of them, as last known when the release was made"),
        burglaries=c.whole("Burglaries of all kinds", c.between(0, 20_000), unit="burglaries"),
        release=c.RELEASE_COLUMN,
    ),
    "borough_areas": table_schema(
        "borough_areas.csv",
        "Area of each borough",
        ["area_code"],
        "borough_areas",
        borough_gaps("release"),
        area_code=c.AREA_COLUMN,
        hectares=c.number("Area, to mean high water", c.between(100, 100_000), unit="hectares"),
        release=c.RELEASE_COLUMN,
    ),
    "editions": table_schema(
        "editions.csv",
        "Editions of the book and the releases that each uses",
        ["edition"],
        "this_book",
        edition=c.whole("Year of the edition", c.between(2000, 2100), unit="year"),
        label=c.text("Name of the edition"),
        period_end=c.date("Last month of the edition's twelve months", c.FIRST_OF_MONTH),
        classification=c.CLASSIFICATION_COLUMN,
        borough_crime_releases=c.text(
            "Releases of recorded crime by borough, preferred first",
            c.matches(f"{c.MONTH}( {c.MONTH})*"),
        ),
        ward_crime_release=c.text("Release of recorded crime by ward", c.matches(c.MONTH)),
        population_release=c.text("Release of the population estimates"),
        population_year=c.whole("Year of the population", c.between(2001, 2100), unit="year"),
        household_release=c.text("Release of the number of households"),
        survey_waves=c.free_text("Survey waves shown, by survey and wave"),
        strategy_borough=c.free_text("Borough whose strategy the edition checks"),
        stands_for=c.date("Date for which the edition speaks"),
        note=c.NOTE_COLUMN,
    ),
}
