"""Tables in `data/population/`."""

from safer_communities.datasets.schemas.columns import (
    AREA_COLUMN,
    RELEASE_NAME_COLUMN,
    WARD,
    between,
    matches,
    number,
    text,
    whole,
)
from safer_communities.datasets.schemas.gaps import borough_gaps, population_gaps
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

TABLES: dict[str, TableSchema] = {
    "mid_year_population": table_schema(
        "population/mid_year_population.csv",
        "Residents and median age by borough, at the middle of each year",
        {
            "area_code": AREA_COLUMN,
            "mid_year": whole("Year, at 30 June", between(2001, 2100), unit="year"),
            "population": whole("Usual residents", unit="people"),
            "median_age": number("Median age of residents", between(10, 90), unit="years"),
            "release": text("Release of the estimates", matches(r"mid-[0-9]{4}")),
        },
        ["release", "area_code", "mid_year"],
        "ons_mid_year_population",
        population_gaps,
    ),
    "population_by_age": table_schema(
        "population/population_by_age.csv",
        "Residents by single year of age and borough, at the middle of the newest year",
        {
            "area_code": AREA_COLUMN,
            "mid_year": whole("Year, at 30 June", between(2001, 2100), unit="year"),
            "age": whole("Age; 90 is 90 and over", between(0, 90), unit="years"),
            "population": whole("Usual residents", unit="people"),
            "release": text("Release of the estimates", matches(r"mid-[0-9]{4}")),
        },
        ["release", "area_code", "age"],
        "ons_mid_year_population",
        borough_gaps("release", "age"),
    ),
    "households": table_schema(
        "population/households.csv",
        "Households by borough on Census day",
        {
            "area_code": AREA_COLUMN,
            "census_year": whole("Year of the Census", between(1801, 2100), unit="year"),
            "households": whole("Households with a usual resident", unit="households"),
            "release": RELEASE_NAME_COLUMN,
        },
        ["release", "area_code"],
        "census_households",
        borough_gaps("release"),
    ),
    "ward_population": table_schema(
        "population/ward_population.csv",
        "Residents by ward on Census day, 2022 wards",
        {
            "ward_code": text("ONS code of the ward; the City of London is one row", matches(WARD)),
            "ward_name": text("Name of the ward"),
            "residents": whole("Usual residents", unit="people"),
            "release": RELEASE_NAME_COLUMN,
        },
        ["release", "ward_code"],
        "census_ward_population",
    ),
}
