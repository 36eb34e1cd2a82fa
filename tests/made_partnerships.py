"""A made workbook of the police force area tables, filled from `data/`, for tests."""

import pandas as pd

from safer_communities.datasets import load
from safer_communities.sources.ons.police_force_area_tables import (
    CODE,
    FORCE,
    FORCE_CODE,
    HOMES,
    NAMED,
    OFFENCES,
    PER_HOUSEHOLD,
    PER_RESIDENT,
    PLACES,
    ROUNDED_BY,
    TOTAL,
)

# Where the made offences that no partnership has are counted.
REST = "Miscellaneous crimes against society"
CITY = "City of London"


def _places() -> pd.DataFrame:
    places = load.table("partnerships").set_index("csp_code")
    return pd.DataFrame(
        {
            FORCE_CODE: "E23000001",
            FORCE: places["force"],
            CODE: places.index,
            NAMED: places["partnership"],
            "Local Authority code": places["area_code"].replace("", "Combined Local Authorities"),
            "Local Authority name": places["partnership"],
        },
        index=places.index,
    )


def counts() -> pd.DataFrame:
    """The sheet of counts as text: each force, its partnerships, and offences without one."""
    crime = load.table("partnership_crime")
    counts = crime.pivot(index="csp_code", columns="offence", values="offences")[OFFENCES]
    places, known = _places(), load.table("partnerships").set_index("csp_code")
    parts = []
    for force, own in places.groupby(FORCE, sort=False):
        numbers = counts.loc[own.index]
        placed, share = numbers[TOTAL].sum(), known.loc[own.index[0], "unassigned_percent"]
        rest = pd.Series(0, index=OFFENCES)
        rest[[TOTAL, REST]] = round(placed * share / (100 - share))
        rows = [own.join(numbers)]
        if force != CITY:
            blank = dict.fromkeys(PLACES, "") | {FORCE_CODE: "E23000001", FORCE: force}
            whole = blank | (numbers.sum() + rest).to_dict()
            without = blank | {NAMED: f"Unassigned {force}"} | rest.to_dict()
            rows = [pd.DataFrame([whole]), *rows, pd.DataFrame([without])]
        parts += rows
    return pd.concat(parts, ignore_index=True).astype(str)


def rates() -> pd.DataFrame:
    """The sheet of rates as text: one that the count and the rounded residents can give."""
    crime = load.table("partnership_crime")
    rate = crime.pivot(index="csp_code", columns="offence", values="rate")[OFFENCES]
    count = crime.pivot(index="csp_code", columns="offence", values="offences")[OFFENCES]
    known = load.table("partnerships").set_index("csp_code")
    table = _places()
    table["Population figures (mid-2022) - rounded to 100"] = known["residents"]
    table["Household figures (mid-2021) - rounded to 100"] = known["households"]
    for offence in OFFENCES:
        size = known["households" if offence == HOMES else "residents"]
        low, high = (1000 * count[offence] / (size + n) for n in (ROUNDED_BY, -ROUNDED_BY))
        own = rate[offence].clip(low, high)
        table[PER_HOUSEHOLD if offence == HOMES else offence] = own
    table[PER_RESIDENT] = (1000 * count[HOMES] / known["residents"]).where(rate[TOTAL].notna())
    values = table[[*OFFENCES[: OFFENCES.index(HOMES)], PER_RESIDENT, PER_HOUSEHOLD]]
    values = values.join(table[OFFENCES[OFFENCES.index(HOMES) + 1 :]])
    sizes = table[table.columns[len(PLACES) : len(PLACES) + 2]]
    texts = values.map(lambda value: f"{value:.10f}".rstrip("0").rstrip("."))
    texts = texts.where(values.notna(), "[u1]")
    return table[PLACES].join(sizes.astype(str)).join(texts).reset_index(drop=True)


def sheets() -> dict[str, list[list[object]]]:
    """The sheets of the workbook, numbers as numbers, headings over several lines."""

    def cell(text: str) -> object:
        return float(text) if text.replace(".", "", 1).isdecimal() else text

    def rows(table: pd.DataFrame) -> list[list[object]]:
        heads = [name.replace("Force Area", "Force\nArea") for name in table.columns]
        return [["Made for tests"], heads, *([*map(cell, row)] for row in table.to_numpy())]

    cover = [["Police force area data tables"], ["Information", "Useful links"]]
    cover += [["Published alongside Crime in England and Wales, year ending December 2024", ""]]
    return {"Cover_sheet": cover, "Table C2": rows(counts()), "Table C4 ": rows(rates())}
