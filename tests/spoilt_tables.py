"""Tables of real releases spoilt in their meaning: form and sums of a file stay as they should be.

Each kind is a function that takes a table of recorded crime by borough, as the import makes it, and
returns another. The places in them are those of the release of July 2026, of which the months to
March 2025 are in an earlier release, and those to March 2026 in a file by ward.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

Spoil = Callable[[pd.DataFrame], pd.DataFrame]

BARNET, BRENT, CAMDEN, ENFIELD = "E09000003", "E09000005", "E09000007", "E09000010"
HILLINGDON = "E09000017"
BURGLARY, INJURY, SHOPS = "Residential burglary", "Violence with injury", "Shoplifting"
MONTHS = pd.date_range("2024-07-01", "2026-06-01", freq="MS")
IN_WARDS = pd.Timestamp("2026-02-01")
IN_RELEASE = pd.Timestamp("2024-10-01")
YEAR = MONTHS[-12:]


def times(factor: float, offence: str, area: str, months: object) -> Spoil:
    """The counts of an offence (of all where it is empty) in an area and months, multiplied."""

    def spoil(table: pd.DataFrame) -> pd.DataFrame:
        rows = table["area_code"].eq(area) if area else table["area_code"].ne("")
        rows &= table["month"].isin(pd.DatetimeIndex(np.atleast_1d(months)))
        rows &= table["offence"].eq(offence) if offence else True
        changed = (table["count"] * factor).round().astype(int)
        return table.assign(count=table["count"].where(~rows, changed))

    return spoil


def exchanged(column: str, one: object, other: object, **within: object) -> Spoil:
    """Two values of a column exchanged, in the rows that have the values given of others."""

    def spoil(table: pd.DataFrame) -> pd.DataFrame:
        rows = pd.Series(True, table.index)
        for name, values in within.items():
            rows &= table[name].isin(values)
        values = table[column]
        other_way = values.mask(values == one, other).mask(values == other, one)
        return table.assign(**{column: values.where(~rows, other_way)})

    return spoil


def rows_moved(moved: Callable[[pd.DataFrame], None]) -> Spoil:
    """The file as it is published, a row an offence and borough, after `moved` was done to it."""

    def spoil(table: pd.DataFrame) -> pd.DataFrame:
        wide = table.pivot(index=["offence", "area_code"], columns="month", values="count")
        moved(wide)
        counts = wide.stack().rename("count").astype(int).reset_index()
        rest = table[["classification", "release"]].iloc[0]
        return counts.assign(**rest)[list(table.columns)]

    return spoil


def shifted_row(offence: str, area: str) -> Spoil:
    """One row moved by a month."""

    def moved(wide: pd.DataFrame) -> None:
        wide.loc[(offence, area)] = np.roll(wide.loc[(offence, area)].to_numpy(), 1)

    return rows_moved(moved)


def shifted_column(place: int) -> Spoil:
    """One month's column moved down by a row."""

    def moved(wide: pd.DataFrame) -> None:
        wide.isetitem(place, np.roll(wide.iloc[:, place].to_numpy(), 1))

    return rows_moved(moved)


def without(column: str, value: str) -> Spoil:
    """The table without some of its rows."""
    return lambda table: table[table[column] != value]


# Kinds that a file by ward shows, whether or not anything else does.
SPOILT: dict[str, Spoil] = {
    "burglary x10 in a month": times(10, BURGLARY, BARNET, IN_WARDS),
    "burglary x10 in a month of an earlier release": times(10, BURGLARY, BARNET, IN_RELEASE),
    "burglary x10 in the last month": times(10, BURGLARY, BARNET, MONTHS[-1]),
    "burglary x2 all year": times(2, BURGLARY, BARNET, YEAR),
    "burglary x2 all year where the airports are": times(2, BURGLARY, HILLINGDON, YEAR),
    "burglary x2 in every month": times(2, BURGLARY, BARNET, MONTHS),
    "burglary 0 all year": times(0, BURGLARY, BARNET, YEAR),
    "burglary 0 in a month": times(0, BURGLARY, BARNET, MONTHS[-3]),
    "shoplifting and violence exchanged": exchanged("offence", SHOPS, INJURY),
    "shoplifting and violence exchanged all year": exchanged("offence", SHOPS, INJURY, month=YEAR),
    "shoplifting and violence exchanged in a borough": exchanged(
        "offence", SHOPS, INJURY, area_code=[BARNET]
    ),
    "shoplifting x2 in London all year": times(2, SHOPS, "", YEAR),
    "two boroughs exchanged all year": exchanged("area_code", BARNET, ENFIELD, month=YEAR),
    "two other boroughs exchanged all year": exchanged("area_code", BARNET, BRENT, month=YEAR),
    "two boroughs exchanged for a year before": exchanged(
        "area_code", BARNET, ENFIELD, month=MONTHS[:12]
    ),
    "a borough's last month 0": times(0, "", BARNET, MONTHS[-1]),
    "a borough's last month at 80%": times(0.8, "", BARNET, MONTHS[-1]),
    "a borough's last month at 150%": times(1.5, "", BARNET, MONTHS[-1]),
    "car theft at half in London in the last month": times(
        0.5, "Theft or taking of a motor vehicle", "", MONTHS[-1]
    ),
    "the last month x2": times(2, "", "", MONTHS[-1]),
    "the last month at 70%": times(0.7, "", "", MONTHS[-1]),
    "shoplifting at 60% in a month of an earlier release": times(0.6, SHOPS, BARNET, IN_RELEASE),
    "bicycle theft 0 in a month of an earlier release": times(
        0, "Bicycle theft", BARNET, IN_RELEASE
    ),
    "two months exchanged": exchanged("month", MONTHS[-4], MONTHS[-5]),
    "all last two months exchanged": exchanged("month", MONTHS[-1], MONTHS[-2]),
    "two like boroughs exchanged in the last month": exchanged(
        "area_code", BARNET, ENFIELD, month=MONTHS[-1:]
    ),
    "two months of a borough exchanged": exchanged(
        "month", MONTHS[-4], MONTHS[-5], area_code=[BARNET]
    ),
    "a row shifted": shifted_row(BURGLARY, BARNET),
    "a large row shifted": shifted_row(INJURY, BARNET),
    "the first column shifted": shifted_column(0),
    "a column shifted": shifted_column(12),
    "the last column shifted": shifted_column(-1),
    "two cells exchanged": exchanged(
        "area_code", BARNET, CAMDEN, month=MONTHS[-1:], offence=["Theft from the person"]
    ),
    "no rows without a borough": without("area_code", "MPS-UNKNOWN"),
    "rape dropped": without("offence", "Rape"),
    "homicide dropped": without("offence", "Homicide"),
}
# What no file by ward and no earlier release has, and the past cannot tell from a real month.
CANNOT_BE_TOLD: dict[str, Spoil] = {
    "a borough's last two months exchanged": exchanged(
        "month", MONTHS[-1], MONTHS[-2], area_code=[BARNET]
    ),
    "two like offences of a borough exchanged in the last month": exchanged(
        "offence", SHOPS, INJURY, month=MONTHS[-1:], area_code=[BARNET]
    ),
}
# Of the kinds above, those that only the file by ward or the dashboard shows.
NEEDS_OTHER_FILES = {
    "two months exchanged",
    "two months of a borough exchanged",
    "a large row shifted",
    "burglary x2 all year",
    "burglary x2 all year where the airports are",
}
