"""The people and the place: residents, ages, households and area, and rates per each of them."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from safer_communities.analysis.editions import Edition
from safer_communities.analysis.recorded_crime import LONDON
from safer_communities.datasets import load
from safer_communities.errors import did_you_mean

OLDEST_GROUP_STARTS_AT = 85


@dataclass(frozen=True)
class Denominator:
    """The size of each borough and of London (the 32 boroughs), indexed by area code.

    `unit` names what is counted ("residents"), `label` says which count it is, for a footnote.
    """

    size: pd.Series
    unit: str
    label: str
    release: str

    @property
    def rate_unit(self) -> str:
        """For example "per 1,000 residents"."""
        return f"per 1,000 {self.unit}"

    def boroughs(self) -> pd.Series:
        """The sizes of the 32 boroughs."""
        return self.size.drop(LONDON)


def _with_london(size: pd.Series, borough_codes: list[str]) -> pd.Series:
    missing = sorted(set(borough_codes) - set(size.index))
    if missing:
        raise ValueError(f"size: no denominator for {', '.join(missing)}")
    boroughs = size.loc[borough_codes].astype(int)
    return pd.concat([boroughs, pd.Series({LONDON: int(boroughs.sum())})])


def residents(
    population: pd.DataFrame, boroughs: pd.DataFrame, *, release: str, year: int
) -> Denominator:
    """Residents in the middle of `year`, as the population release `release` gives them.

    Raises ValueError where the release lacks the year or a borough.
    """
    rows = population[(population["release"] == release) & (population["mid_year"] == year)]
    size = rows.set_index("area_code")["population"]
    return Denominator(
        size=_with_london(size, list(boroughs["area_code"])),
        unit="residents",
        label=f"ONS mid-{year} population estimate, {release} release",
        release=release,
    )


def households(table: pd.DataFrame, boroughs: pd.DataFrame, *, release: str) -> Denominator:
    """Households on Census day. Raises ValueError where a borough is missing."""
    rows = table[table["release"] == release]
    return Denominator(
        size=_with_london(rows.set_index("area_code")["households"], list(boroughs["area_code"])),
        unit="households",
        label="Census 2021 households",
        release=release,
    )


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
        residents=int(rows["population"].loc[area_code]),
        residents_rank=int(rows["population"].rank(method="min")[area_code]),
        median_age=float(rows["median_age"].loc[area_code]),
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


class People:
    """Residents and households of the borough `area_code` and the others, as an edition has them.

    `boroughs` lists the 32 boroughs.
    """

    def __init__(self, edition: Edition, boroughs: pd.DataFrame, area_code: str) -> None:
        self.edition = edition
        self.boroughs = boroughs
        self.area_code = area_code

    @cached_property
    def residents(self) -> Denominator:
        """Residents of every borough, from the estimate that the edition uses."""
        return self._residents(self.edition.population_release, self.edition.population_year)

    @cached_property
    def newest_residents(self) -> Denominator:
        """The newest release's estimate for the edition's year, or the latest before it."""
        population = load.table("mid_year_population")
        release = population.iloc[-1]["release"]
        newest = int(population.loc[population["release"] == release, "mid_year"].max())
        return self._residents(release, min(self.edition.period.start.year, newest))

    @cached_property
    def households(self) -> Denominator:
        """Households of every borough on Census day 2021."""
        table, release = load.table("households"), self.edition.household_release
        return households(table, self.boroughs, release=release)

    def per(self, unit: str) -> Denominator:
        """The denominator of that name. Raises ValueError for one that is not known."""
        known = {"residents": self.residents, "households": self.households}
        if unit not in known:
            raise ValueError(f"per: there is no {unit!r}; {did_you_mean(unit, known)}")
        return known[unit]

    def profile(self) -> Profile:
        """The borough's residents, ages, households and area."""
        return profile(
            self.area_code,
            population=load.table("mid_year_population"),
            by_age=load.table("population_by_age"),
            households=self.households.size,
            areas=load.table("borough_areas"),
            borough_codes=list(self.boroughs["area_code"]),
            release=self.edition.population_release,
            year=self.edition.population_year,
        )

    def residents_by_year(self) -> pd.DataFrame:
        """Residents at each mid-year in each release of the estimates (see the function)."""
        return residents_by_year(load.table("mid_year_population"), self.area_code)

    def rebasing(self) -> tuple[str, float]:
        """How the newest estimates changed the residents of a year (see `rebasing_percent`)."""
        return rebasing_percent(self.residents_by_year())

    def _residents(self, release: str, year: int) -> Denominator:
        population = load.table("mid_year_population")
        return residents(population, self.boroughs, release=release, year=year)
