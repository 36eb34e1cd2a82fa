"""Tables in `data/mps_dashboard/` and `data/mps_women_and_girls/`: offences with a flag."""

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.gaps import borough_gaps, month_gaps
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

MONTH_COLUMN = c.date(
    "Month in which the police recorded the offences, as its first day", c.FIRST_OF_MONTH
)
MEASURE_COLUMN = c.text("What is counted, by the name in reference/flagged_measures.csv")

TABLES: dict[str, TableSchema] = {
    "flagged_offences": table_schema(
        "mps_dashboard/flagged_offences.parquet",
        "Offences with a flag, and positive outcomes, by borough and month; flags overlap",
        ["measure", "area_code", "month", "release"],
        "mps_flagged_offences",
        borough_gaps("release", "measure", "month"),
        month=MONTH_COLUMN,
        area_code=c.AREA_COLUMN,
        measure=MEASURE_COLUMN,
        # Twice the largest count of a measure in a borough and month.
        count=c.whole("Offences, or victims", c.between(0, 20_000), unit="offences or victims"),
        positive_outcomes=c.number(
            "Positive outcomes given in the month, often for offences of earlier months; blank "
            "where none are published of the measure",
            c.NOT_NEGATIVE,
            unit="positive outcomes",
            blank=True,
        ),
        release=c.RELEASE_COLUMN,
    ),
    "women_and_girls": table_schema(
        "mps_women_and_girls/boroughs.csv",
        "Violence against women and girls: offences and victims by borough and month",
        ["area_code", "month"],
        "mps_women_and_girls",
        lambda table: month_gaps(table) or borough_gaps("month")(table),
        month=MONTH_COLUMN,
        area_code=c.AREA_COLUMN,
        offences=c.whole("Offences with one of the dashboard's flags", unit="offences"),
        victims=c.whole("Victims of these offences", unit="victims"),
        release=c.RELEASE_COLUMN,
    ),
    "women_and_girls_kinds": table_schema(
        "mps_women_and_girls/london_kinds.csv",
        "Violence against women and girls: offences of each kind in London, by month",
        ["measure", "month"],
        "mps_women_and_girls",
        month_gaps,
        month=MONTH_COLUMN,
        measure=MEASURE_COLUMN,
        offences=c.whole("Offences with one of the dashboard's flags", unit="offences"),
        release=c.RELEASE_COLUMN,
    ),
}
