"""A borough's people and place: residents, ages, households and area."""

from dataclasses import dataclass

import pandas as pd

OLDEST_GROUP_STARTS_AT = 85


@dataclass(frozen=True)
class Profile:
    """Residents of mid-`population_year`, households of the census, area in hectares.

    `aged_85_and_over` is of mid-`age_year`, the nearest year that the release gives by age. Ranks
    are among the boroughs; 1 is the smallest.
    """

    population_year: int
    residents: int
    residents_rank: int
    median_age: float
    aged_85_and_over: int
    age_year: int
    households: int
    hectares: float
    hectares_rank: int


def profile(
    area_code: str,
    *,
    population: pd.DataFrame,
    by_age: pd.DataFrame,
    households: pd.Series,
    areas: pd.DataFrame,
    borough_codes: list[str],
    release: str,
    year: int,
) -> Profile:
    """The profile of one borough from the population release and year that an edition uses.

    `population` has the columns area_code, mid_year, population, median_age, release; `by_age`
    area_code, mid_year, age, population, release; `areas` area_code, hectares; `households` is
    indexed by area code.
    """
    rows = population[(population["release"] == release) & (population["mid_year"] == year)]
    rows = rows.set_index("area_code").loc[borough_codes]
    ages = by_age[
        (by_age["release"] == release)
        & (by_age["area_code"] == area_code)
        & (by_age["age"] >= OLDEST_GROUP_STARTS_AT)
    ]
    age_year = min(ages["mid_year"].unique(), key=lambda known: abs(known - year))
    hectares = areas.set_index("area_code")["hectares"].loc[borough_codes]
    return Profile(
        population_year=year,
        residents=int(rows.loc[area_code, "population"]),
        residents_rank=int(rows["population"].rank(method="min")[area_code]),
        median_age=float(rows.loc[area_code, "median_age"]),
        aged_85_and_over=int(ages.loc[ages["mid_year"] == age_year, "population"].sum()),
        age_year=int(age_year),
        households=int(households[area_code]),
        hectares=float(hectares[area_code]),
        hectares_rank=int(hectares.rank(method="min")[area_code]),
    )


def residents_by_year(population: pd.DataFrame, area_code: str) -> pd.DataFrame:
    """Residents of the area at each mid-year, a series for each release, oldest release first.

    Columns: series (the release), period_end (1 July of the year), label (the year), value.
    """
    rows = population[population["area_code"] == area_code].sort_values(["release", "mid_year"])
    return pd.DataFrame(
        {
            "series": rows["release"] + " release",
            "period_end": pd.to_datetime(rows["mid_year"].astype(str) + "-07-01"),
            "label": rows["mid_year"].astype(str),
            "value": rows["population"],
        }
    ).reset_index(drop=True)


def rebasing_percent(residents: pd.DataFrame) -> tuple[str, float]:
    """The last year that the oldest and the newest release share, and the change between them.

    `residents` is a table of `residents_by_year`; the change is in per cent of the oldest release.
    """
    releases = [rows.set_index("label")["value"] for _, rows in residents.groupby("series")]
    year = max(releases[0].index.intersection(releases[-1].index))
    return year, 100 * (releases[-1][year] / releases[0][year] - 1)
