"""Tables in `data/population/`."""

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.gaps import borough_gaps, population_gaps
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

TABLES: dict[str, TableSchema] = {
    "mid_year_population": table_schema(
        "population/mid_year_population.csv",
        "Residents and median age by borough, at the middle of each year",
        ["release", "area_code", "mid_year"],
        "ons_mid_year_population",
        population_gaps,
        area_code=c.AREA_COLUMN,
        mid_year=c.whole("Year, at 30 June", c.between(2001, 2100), unit="year"),
        population=c.whole("Usual residents", unit="people"),
        median_age=c.number("Median age of residents", c.between(10, 90), unit="years"),
        release=c.text("Release of the estimates", c.matches(r"mid-[0-9]{4}")),
    ),
    "population_by_age": table_schema(
        "population/population_by_age.csv",
        "Residents by single year of age and borough, at the middle of the newest year",
        ["release", "area_code", "age"],
        "ons_mid_year_population",
        borough_gaps("release", "age"),
        area_code=c.AREA_COLUMN,
        mid_year=c.whole("Year, at 30 June", c.between(2001, 2100), unit="year"),
        age=c.whole("Age; 90 is 90 and over", c.between(0, 90), unit="years"),
        population=c.whole("Usual residents", unit="people"),
        release=c.text("Release of the estimates", c.matches(r"mid-[0-9]{4}")),
    ),
    "households": table_schema(
        "population/households.csv",
        "Households by borough on Census day",
        ["release", "area_code"],
        "census_households",
        borough_gaps("release"),
        area_code=c.AREA_COLUMN,
        census_year=c.whole("Year of the Census", c.between(1801, 2100), unit="year"),
        households=c.whole("Households with a usual resident", unit="households"),
        release=c.RELEASE_NAME_COLUMN,
    ),
    "ward_population": table_schema(
        "population/ward_population.csv",
        "Residents by ward on Census day, 2022 wards",
        ["release", "ward_code"],
        "census_ward_population",
        ward_code=c.text("ONS code of the ward; the City of London is one row", c.matches(c.WARD)),
        ward_name=c.text("Name of the ward"),
        residents=c.whole("Usual residents", unit="people"),
        release=c.RELEASE_NAME_COLUMN,
    ),
}
