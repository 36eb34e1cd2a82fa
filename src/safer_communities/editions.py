"""One year's book: its period, its classification and the releases it is made from."""

from dataclasses import dataclass

import pandas as pd

from safer_communities.errors import InputError
from safer_communities.periods import Period


@dataclass(frozen=True)
class Edition:
    """The settings of one year's book, a row of `data/editions.csv`.

    `strategy_borough` is the borough whose strategy this edition checks; empty for other years.
    """

    year: int
    period: Period
    classification: str
    borough_crime_releases: tuple[str, ...]
    ward_crime_release: str
    population_release: str
    population_year: int
    household_release: str
    survey_waves: tuple[str, ...]
    strategy_borough: str
    stands_for: pd.Timestamp
    note: str


def edition_of(year: int, editions: pd.DataFrame) -> Edition:
    """The edition of `year` from the table of editions.

    Raises InputError where the table has no such year.
    """
    rows = editions[editions["edition"] == year]
    if rows.empty:
        known = ", ".join(str(value) for value in sorted(editions["edition"]))
        raise InputError(
            place="EDITION",
            problem=f"there is no edition {year}",
            remedy=f"choose one of {known}, or add a row to data/editions.csv",
        )
    row = rows.iloc[0]
    return Edition(
        year=int(row["edition"]),
        period=Period.year_to(row["period_end"]),
        classification=str(row["classification"]),
        borough_crime_releases=tuple(row["borough_crime_releases"].split()),
        ward_crime_release=row["ward_crime_release"],
        population_release=row["population_release"],
        population_year=int(row["population_year"]),
        household_release=row["household_release"],
        survey_waves=tuple(row["survey_waves"].split()),
        strategy_borough=row["strategy_borough"],
        stands_for=pd.Timestamp(row["stands_for"]),
        note=row["note"],
    )


def stitch(releases: list[pd.DataFrame]) -> pd.DataFrame:
    """One series of several releases of a classification: each month from the first that has it.

    `releases` come in order of preference, the newest first. Returns their rows with the columns
    they have; raises ValueError where the releases differ in classification.
    """
    classifications = sorted({c for frame in releases for c in frame["classification"].unique()})
    if len(classifications) != 1:
        raise ValueError(
            "releases: they mix the classifications "
            f"{', '.join(classifications)}, which cannot be compared"
        )
    parts, months = [], pd.DatetimeIndex([])
    for frame in releases:
        parts.append(frame[~frame["month"].isin(months)])
        months = months.union(frame["month"].unique())
    return pd.concat(parts, ignore_index=True)
