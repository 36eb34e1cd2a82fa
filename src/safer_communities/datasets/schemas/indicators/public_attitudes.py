"""Tables in `data/public_attitudes/`."""

import pandas as pd

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.gaps import borough_gaps
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

MEASURES = (
    "good_job",
    "trust",
    "relied_on",
    "treats_fairly",
    "listens",
    "understands",
    "informed",
    "ward_officer",
)


def quarter_gaps(table: pd.DataFrame) -> list[str]:
    """The boroughs missing in a quarter, and the quarters missing between a measure's ends."""
    gaps = borough_gaps("measure", "month")(table)
    for measure, months in table.groupby("measure")["month"]:
        every = pd.date_range(months.min(), months.max(), freq="QS-MAR")
        missing = every.difference(pd.DatetimeIndex(months.unique()))
        gaps += [f"{measure} has no rows for {month:%B %Y}" for month in missing]
    return gaps


TABLES: dict[str, TableSchema] = {
    "public_attitudes": table_schema(
        "public_attitudes/public_attitudes.csv",
        "What residents think of the police, by borough, in twelve months to each quarter",
        ["measure", "area_code", "month"],
        "mopac_public_attitude_survey",
        quarter_gaps,
        month=c.date("Last month of the twelve in which people were asked", c.FIRST_OF_MONTH),
        area_code=c.AREA_COLUMN,
        measure=c.text(
            "Share of people who say that the police do a good job in the local area (good_job), "
            "who trust the Metropolitan Police (trust), who say that the police can be relied on "
            "to be there when needed (relied_on), treat everyone fairly (treats_fairly), listen to "
            "the concerns of local people (listens), understand the issues that affect the area "
            "(understands), who feel well informed about the police locally (informed), and who "
            "know how to contact their ward officer (ward_officer)",
            c.one_of(*MEASURES),
        ),
        percent=c.whole("Share of the people asked, weighted", c.between(0, 100), unit="%"),
        release=c.RELEASE_COLUMN,
    ),
}
