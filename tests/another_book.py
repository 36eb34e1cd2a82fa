"""Which book the tests build beside the strategy's own, and what its tables say."""

from safer_communities.analysis.editions import combine_releases, edition_of
from safer_communities.datasets import load

ANOTHER_BOROUGH = "Kensington and Chelsea"
NEWEST_EDITION = int(load.table("editions")["edition"].max())


def recorded(borough: str, year: int) -> int:
    """All offences of a borough in an edition's twelve months, counted from the tables."""
    edition = edition_of(year, load.table("editions"))
    table = combine_releases([load.recorded_crime(name) for name in edition.borough_crime_releases])
    offences = load.table("offences")
    counted = offences[
        (offences["classification"] == edition.classification) & offences["counted_in_total"]
    ]
    codes = load.table("boroughs").set_index("borough")["area_code"]
    rows = table[
        (table["area_code"] == codes[borough])
        & table["month"].isin(edition.period.months())
        & table["offence"].isin(counted["offence"])
    ]
    return int(rows["count"].sum())
