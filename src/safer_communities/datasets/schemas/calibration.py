"""Tables in `data/calibration/`: how often the tests of changes are right."""

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema


def _share(of: str) -> dict:
    """The columns of the tests that know how far boroughs move by themselves."""
    share = c.between(0, 100)
    return {
        "own": c.number(f"{of}, against the first year", share, unit="%"),
        "london": c.number(f"{of}, against the change of the other boroughs", share, unit="%"),
        "both": c.number(f"{of}, against both", share, unit="%"),
    }


MEASURE = c.text("Measure of recorded crime, or every measure")
COMPARISONS = c.whole("Pairs of years and boroughs", unit="comparisons")

TABLES: dict[str, TableSchema] = {
    "ordinary_changes": table_schema(
        "calibration/ordinary_changes.csv",
        "Changes between ordinary years before the pandemic that tests call more than chance",
        ["measure"],
        "this_book",
        measure=MEASURE,
        offences=c.number("Mean count of a borough's year", unit="offences", blank=True),
        comparisons=COMPARISONS,
        year_to_year_percent=c.number(
            "How far a borough moves against the others by itself: a standard deviation",
            unit="%",
            blank=True,
        ),
        events=c.number(
            "Called more than chance if offences were independent", c.between(0, 100), unit="%"
        ),
        months=c.number(
            "Called more than chance allowing for irregular months", c.between(0, 100), unit="%"
        ),
        **_share("Called more than chance"),
    ),
    "injected_changes": table_schema(
        "calibration/injected_changes.csv",
        "Changes put into the second of two ordinary years that tests find",
        ["change_percent", "offences_low", "measure"],
        "this_book",
        change_percent=c.number("Change put in", unit="%"),
        offences_low=c.whole("Least count of the first year", unit="offences"),
        offences_high=c.whole("Largest count of the first year", unit="offences"),
        measure=MEASURE,
        comparisons=COMPARISONS,
        **_share("Found"),
    ),
}
