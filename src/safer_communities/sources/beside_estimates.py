"""What is odd in estimates and prices beside the other tables that say something of the same."""

from dataclasses import replace

import pandas as pd

from safer_communities.datasets.meaning import parts, residents
from safer_communities.datasets.meaning.findings import Finding
from safer_communities.sources.held import HeldTables

MARCH = 3


def residents_beside(
    held: HeldTables, release: str, frame: pd.DataFrame, compared: set[tuple[str, str]]
) -> list[Finding]:
    """What is odd in estimates of residents, with or without ages, beside the release before."""
    earlier = frame.loc[frame["release"] < release, "release"]
    if earlier.empty:
        return []
    old, new = (frame[frame["release"] == name] for name in (earlier.max(), release))
    if "age" in frame:
        return residents.unlike_last_ages(old, new)
    return residents.unlike_last_estimate(old, new)


def households_beside(
    held: HeldTables, release: str, frame: pd.DataFrame, compared: set[tuple[str, str]]
) -> list[Finding]:
    """What is odd in counts of households beside the newest estimates of residents of that year."""
    people = held.one("mid_year_population")
    if people is None:
        return []
    newest = people.sort_values("release").drop_duplicates(["area_code", "mid_year"], keep="last")
    rows = frame[frame["release"] == release].rename(columns={"census_year": "mid_year"})
    return residents.households_unlike_residents(rows, newest)


def prices_beside(
    held: HeldTables, release: str, frame: pd.DataFrame, compared: set[tuple[str, str]]
) -> list[Finding]:
    """Boroughs where homes are sold for prices that the price index does not lead one to expect."""
    index = held.one("house_price_index")
    if index is None:
        return []
    # The index is of March; a year to December lies between two of them.
    index = index[index["period_end"].dt.month == MARCH].sort_values("release")
    index = index.assign(year=index["period_end"].dt.year)
    index = index.drop_duplicates(["area_code", "year"], keep="last")
    march = index.pivot(index="area_code", columns="year", values="value")
    usual = (march * march.shift(-1, axis=1)) ** 0.5
    rows = frame[frame["release"] == release]
    rows = rows.assign(year=rows["period_end"].dt.year)
    return [
        replace(finding, offence=str(indicator))
        for indicator, own in rows.groupby("indicator")
        for finding in parts.unlike_steps(
            own.pivot(index="area_code", columns="year", values="value"),
            usual,
            parts.PRICES,
            "the house price index",
        )
    ]


def projections_beside(
    held: HeldTables, release: str, frame: pd.DataFrame, compared: set[tuple[str, str]]
) -> list[Finding]:
    """Years that are exchanged in projections of households."""
    rows = frame[frame["release"] == release]
    return residents.years_exchanged(
        rows.pivot(index="area_code", columns="mid_year", values="households")
    )


def ward_residents_beside(
    held: HeldTables, release: str, frame: pd.DataFrame, compared: set[tuple[str, str]]
) -> list[Finding]:
    """Boroughs whose wards do not add up to the newest estimate of the same year ("mid-2024")."""
    year = release.rpartition("-")[2]
    people = held.one("mid_year_population")
    if people is None:
        return []
    rows = people[people["mid_year"] == int(year)].sort_values("release")
    whole = rows.drop_duplicates("area_code", keep="last").set_index("area_code")["population"]
    return residents.wards_unlike_boroughs(frame[frame["release"] == release], whole, year)
