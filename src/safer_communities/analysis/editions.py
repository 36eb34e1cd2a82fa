"""One year's book: its period, its classification, its releases and what each of them gave."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from safer_communities.datasets.periods import Period
from safer_communities.errors import InputError, did_you_mean

SAME_SIZE_POINTS = 1.0


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
        raise InputError(
            place="EDITION",
            problem=f"there is no edition {year}",
            remedy=f"{did_you_mean(year, editions['edition'])}, or add a row to data/editions.csv",
        )
    own = rows.drop(columns="label").to_dict("records")[0]
    row = {str(name): value for name, value in own.items()}
    return Edition(
        year=row.pop("edition"),
        period=Period.year_to(row.pop("period_end")),
        borough_crime_releases=tuple(row.pop("borough_crime_releases").split()),
        survey_waves=tuple(row.pop("survey_waves").split()),
        **row,
    )


def combine_releases(releases: list[pd.DataFrame]) -> pd.DataFrame:
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
        months = months.union(pd.DatetimeIndex(frame["month"].unique()))
    return pd.concat(parts, ignore_index=True)


def with_areas_joined(counts: pd.DataFrame, apart: pd.DataFrame) -> pd.DataFrame:
    """Counts of one classification, offences in areas listed apart given to their borough.

    `counts` has the columns area_code and classification, `apart` those of
    `data/reference/areas_apart.csv`. An area that is listed apart in some months only would
    otherwise make its borough fall and rise.
    """
    rows = apart[apart["classification"].isin(counts["classification"].unique())]
    borough = rows.set_index("area_code")["counted_in"].to_dict()
    return counts.assign(area_code=counts["area_code"].replace(borough))


def counts_by_release(
    releases: dict[str, pd.DataFrame], area_code: str, period: Period
) -> pd.DataFrame:
    """All recorded offences of one area in `period` and in the year before, release by release.

    `releases` maps a release to its table (month, area_code, count, classification). Columns:
    classification, release, base_count, count, change_percent; a count that the release does not
    hold in full is missing. Releases that hold neither year are left out.
    """
    rows = []
    for release, table in sorted(releases.items()):
        monthly = table[table["area_code"] == area_code].groupby("month")["count"].sum()
        count = _in_full(monthly, period)
        base = _in_full(monthly, period.previous())
        if count is None and base is None:
            continue
        change = None if count is None or base is None else 100 * (count - base) / base
        rows.append(
            {
                "classification": table["classification"].iloc[0],
                "release": release,
                "base_count": base,
                "count": count,
                "change_percent": change,
            }
        )
    table = pd.DataFrame(rows)
    return table.sort_values(["classification", "release"], ignore_index=True)


def headline_revisions(published: pd.Series, newest: pd.Series) -> list[str]:
    """What a headline change did between print and the newest release, in words.

    Both are in per cent. A change counts as the same size within one percentage point.
    """
    before, after = published.to_numpy(), newest.to_numpy()
    moved = [before * after < 0, np.abs(after - before) > SAME_SIZE_POINTS]
    return np.select(moved, ["direction", "size"], default="nothing").tolist()


def _in_full(monthly: pd.Series, period: Period) -> int | None:
    months = monthly[monthly.index.isin(period.months())]
    return int(months.sum()) if len(months) == 12 else None
