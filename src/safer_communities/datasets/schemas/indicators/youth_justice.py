"""Tables in `data/youth_justice/`."""

import pandas as pd

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.gaps import borough_gaps
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema


def _school_gaps(table: pd.DataFrame) -> list[str]:
    """The boroughs that lack a score in a year."""
    return borough_gaps("year")(table[table["area_code"] != ""])


TABLES: dict[str, TableSchema] = {
    "youth_justice": table_schema(
        "youth_justice/youth_justice.csv",
        "Children new to the youth justice system, and those who offend again, by borough and year",
        ["indicator", "area_code", "year"],
        "dfe_local_authority_tool",
        borough_gaps("indicator", "year"),
        indicator=c.text(
            "first_time_entrants: children aged 10 to 17 with a first caution or conviction in the "
            "calendar year, per 100,000 of that age. reoffending_15_17: of those aged 15 to 17 "
            "who were dealt with in a financial year, the share with a proven new offence within "
            "twelve months, in per cent",
            c.one_of("first_time_entrants", "reoffending_15_17"),
        ),
        area_code=c.AREA_COLUMN,
        year=c.whole("Year, as the publisher names it", c.between(2000, 2100), unit="year"),
        value=c.number(
            "The figure as published; empty where it is withheld",
            c.NOT_NEGATIVE,
            unit="as in column indicator",
            blank=True,
        ),
        release=c.RELEASE_COLUMN,
    ),
    "attainment_8": table_schema(
        "youth_justice/attainment_8.csv",
        "Average Attainment 8 score of pupils at 16 by local authority, region and year",
        ["area", "year"],
        "dfe_local_authority_tool",
        _school_gaps,
        area=c.text("Name of the area"),
        area_code=c.text(
            "ONS code of the area; empty outside London", c.matches(f"({c.AREA}|E92000001)?")
        ),
        kind=c.text("Kind of area", c.one_of("authority", "region", "country")),
        year=c.whole("Year in which the school year ends", c.between(2000, 2100), unit="year"),
        score=c.number("Average score of a pupil", c.between(0, 90), unit="points"),
        release=c.RELEASE_COLUMN,
    ),
}
