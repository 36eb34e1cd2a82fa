"""Tables in `data/calibration/`: how often tests, forecasts and control charts are right."""

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema


def _share(of: str) -> dict:
    """The columns of the tests that know how far counts move between ordinary years."""
    share = c.between(0, 100)
    return {
        "own": c.number(f"{of}, against the own past", share, unit="%"),
        "london": c.number(f"{of}, beside the other boroughs", share, unit="%"),
        "either": c.number(f"{of} by at least one of the two", share, unit="%"),
    }


MEASURE = c.text("Measure of recorded crime, or every measure")
COMPARISONS = c.whole("Pairs of years and boroughs", unit="comparisons")

TABLES: dict[str, TableSchema] = {
    "ordinary_changes": table_schema(
        "calibration/ordinary_changes.csv",
        "Changes between ordinary years before the pandemic in which tests find one",
        ["years_apart", "measure"],
        "this_book",
        years_apart=c.whole("How far the two years are apart", unit="years"),
        measure=MEASURE,
        offences=c.number("Mean count of a borough's year", unit="offences", blank=True),
        comparisons=COMPARISONS,
        areas_percent=c.number(
            "How far a borough moves against the others in a year: a standard deviation",
            unit="%",
            blank=True,
        ),
        common_percent=c.number(
            "How far all boroughs move together in a year: a standard deviation",
            unit="%",
            blank=True,
        ),
        events=c.number("Found if offences were independent", c.between(0, 100), unit="%"),
        **_share("Found"),
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
        bound=c.number(
            "Beyond all but the outermost 5% of these ordinary changes, beside the other boroughs",
            c.between(0, 100),
            unit="%",
        ),
    ),
    "forecasts": table_schema(
        "calibration/forecasts.csv",
        "Forecasts of boroughs' years, each year left out of its own intervals, and what came",
        ["year"],
        "this_book",
        year=c.text("The twelve months forecast, or every year"),
        boroughs=c.whole("Forecasts made, one a borough and year", unit="forecasts"),
        came_percent=c.number("The middle borough's count above the forecast", unit="%"),
        **{
            f"coverage_{share}": c.number(
                f"Boroughs within the {share}% interval", c.between(0, 100), unit="%"
            )
            for share in (80, 95)
        },
        **{
            f"reach_{share}": c.number(f"Upper end of the {share}% interval", unit="%")
            for share in (80, 95)
        },
    ),
    "ordinary_months": table_schema(
        "calibration/ordinary_months.csv",
        "Months of ordinary years before the pandemic that control charts mark",
        ["measure"],
        "this_book",
        measure=c.text("Measure of recorded crime"),
        months=c.whole("Months of boroughs", unit="months"),
        outside=c.number("Outside the limits", c.between(0, 100), unit="%"),
        other=c.number("Marked by another rule alone", c.between(0, 100), unit="%"),
    ),
}
