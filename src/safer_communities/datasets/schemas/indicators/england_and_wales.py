"""Tables in `data/england_and_wales/`."""

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.gaps import borough_gaps
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

RELEASE = c.text(
    "Release: the month and year that its twelve months end with", c.matches(r"[a-z]+-[0-9]{4}")
)
PARTNERSHIP = c.text("Code of the Community Safety Partnership", c.matches("(E22|W14)[0-9]{6}"))


TABLES: dict[str, TableSchema] = {
    "partnerships": table_schema(
        "england_and_wales/partnerships.csv",
        "Community Safety Partnerships of England and Wales",
        ["release", "csp_code"],
        "ons_police_force_areas",
        borough_gaps("release"),
        csp_code=PARTNERSHIP,
        partnership=c.text("Name of the partnership"),
        force=c.text("Police force"),
        area_code=c.text(
            "ONS code of the borough; empty outside London", c.matches(f"({c.AREA})?")
        ),
        unassigned_percent=c.number(
            "Share of the force's offences that no partnership has", c.between(0, 100), unit="%"
        ),
        residents=c.whole("Usual residents, rounded to 100", unit="people"),
        households=c.whole("Households, rounded to 100", unit="households"),
        residents_year=c.whole("Year of the residents", c.between(2001, 2100), unit="year"),
        households_year=c.whole("Year of the households", c.between(2001, 2100), unit="year"),
        release=RELEASE,
    ),
    "partnership_crime": table_schema(
        "england_and_wales/recorded_crime.parquet",
        "Recorded crime by Community Safety Partnership and kind of offence, one year",
        ["release", "csp_code", "offence"],
        "ons_police_force_areas",
        csp_code=PARTNERSHIP,
        offence=c.text("Kind of offence, as published; some are parts of others"),
        offences=c.whole("Offences recorded in the twelve months", unit="offences"),
        rate=c.number(
            "Rate as published, per 1,000 residents, of residential burglary per 1,000 households; "
            "empty for the City of London",
            c.NOT_NEGATIVE,
            unit="per 1,000",
            blank=True,
        ),
        release=RELEASE,
    ),
}
