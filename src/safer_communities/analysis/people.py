"""The people and the place: residents, ages, households and area, and rates per each of them."""

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from safer_communities.analysis.editions import Edition
from safer_communities.analysis.recorded_crime import LONDON
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period
from safer_communities.errors import check_known
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries

OLDEST_GROUP_STARTS_AT = 85
# The oldest release rests on the first, all others on the second.
CENSUS_YEARS = (2011, 2021)


@dataclass(frozen=True)
class Denominator:
    """The size of each borough and of London (the 32 boroughs), indexed by area code.

    `unit` names what is counted ("residents"), `label` says which count it is, for a footnote.
    `error` is how far a borough's size may be off, as the standard deviation of its logarithm
    (0.02: about 2%).
    """

    size: pd.Series
    unit: str
    label: str
    release: str
    error: float = 0.0

    @property
    def rate_unit(self) -> str:
        """For example "per 1,000 residents"."""
        return f"per 1,000 {self.unit}"

    def boroughs(self) -> pd.Series:
        """The sizes of the 32 boroughs."""
        return self.size.drop(LONDON)


@dataclass(frozen=True)
class Profile:
    """Residents of mid-`population_year`, households of the census, area in hectares.

    `aged_85_and_over` is of mid-`age_year`, the nearest year that the release gives by age. Ranks
    are among so many `boroughs`; 1 is the smallest. `boundaries` is the month of the boundaries.
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
    boundaries: str
    boroughs: int

    def facts(self) -> dict[str, Quantity | str]:
        """Each of them; the texts `residents_year` and `age_year` say of when the estimates are."""
        people = partial(Quantity, source="population", period=f"mid-{self.population_year}")
        by_age = partial(Quantity, source="population", period=f"mid-{self.age_year}")
        census = partial(Quantity, source="households", period="Census day, 21 March 2021")
        place = partial(Quantity, source="areas", period=self.boundaries)
        rank: dict[str, Any] = {"of": self.boroughs, "ends": ("smallest", "largest")}
        by_residents, by_area = "Rank by residents (1 = fewest)", "Rank by area (1 = smallest)"
        return {
            "residents_year": str(self.population_year),
            "residents": people(self.residents, "residents", "Residents"),
            "residents_rank": people(self.residents_rank, "rank", by_residents, **rank),
            "median_age": people(self.median_age, "years", "Median age"),
            "age_year": str(self.age_year),
            "aged_85": by_age(self.aged_85_and_over, "residents", "Residents aged 85 or over"),
            "households": census(self.households, "households", "Households"),
            "hectares": place(self.hectares, "hectares", "Area"),
            "hectares_rank": place(self.hectares_rank, "rank", by_area, **rank),
        }


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
        """Residents of every borough, from the estimate that the edition uses.

        Raises ValueError where its release lacks the year or a borough.
        """
        return self._residents(self.edition.population_release, self.edition.population_year)

    @cached_property
    def other_residents(self) -> Denominator:
        """The newest estimate of another release for the edition's year or the latest before it."""
        return self._residents(*self.other_estimate)

    @cached_property
    def other_estimate(self) -> tuple[str, int]:
        """The release and the year of the estimate of `other_residents`."""
        population = load.table("mid_year_population")
        known = population[population["mid_year"] <= self.edition.period.start.year]
        known = known[known["release"] != self.edition.population_release]
        newest = known.sort_values(["mid_year", "release"]).iloc[-1]
        return newest["release"], int(newest["mid_year"])

    @cached_property
    def yearly_error(self) -> float:
        """How far estimates of a borough drift from the truth with each year after a Census.

        Of the differences that the Census of 2021 brought to light in the last year that two
        releases share, as logarithms: the standard deviation of a normal distribution with their
        median size, by the years since the Census before. A few boroughs were off by far more.
        """
        table = load.table("mid_year_population").pivot_table(
            index="area_code", columns=["release", "mid_year"], values="population"
        )
        oldest, rebased = sorted(table.columns.unique("release"))[:2]
        year = max(set(table[oldest].columns) & set(table[rebased].columns))
        sizes = table.loc[list(self.boroughs["area_code"])]
        off = np.log(sizes[(rebased, year)] / sizes[(oldest, year)]).abs()
        return float(off.median() / ndtri(0.75) / (year - CENSUS_YEARS[-2]))

    @cached_property
    def households(self) -> Denominator:
        """Households of every borough on Census day 2021. Raises ValueError where one lacks."""
        table, release = load.table("households"), self.edition.household_release
        size = table[table["release"] == release].set_index("area_code")["households"]
        return self._denominator(size, "households", "Census 2021 households", release)

    def projected_households(self, year: int) -> Denominator:
        """Households of every borough in the middle of a year, as the ONS projected them.

        Its years up to the base of the projection are estimates. Raises ValueError for a year
        that the projection lacks.
        """
        table = load.table("household_projections")
        rows = table[table["mid_year"] == year].set_index("area_code")
        label = f"ONS household projections, mid-{year}"
        release = str(table["release"].iloc[0])
        return self._denominator(rows["households"], "households", label, release)

    @property
    def households_told(self) -> str:
        """How many households the projections have in the year of the Census, and it counted."""
        year = CENSUS_YEARS[-1]
        both = (self.projected_households(year), self.households)
        projected, counted = (wording.number(int(each.size[self.area_code])) for each in both)
        return (
            f"For the middle of {year} that is {projected} in the borough, where the Census of "
            f"that year counted {counted}."
        )

    def per(self, unit: str) -> Denominator:
        """The denominator of that name. Raises ValueError for one that is not known."""
        known = {"residents": self.residents, "households": self.households}
        check_known("per", unit, known)
        return known[unit]

    def profile(self) -> Profile:
        """The borough's residents, ages, households and area."""
        year, code = self.edition.population_year, self.area_code
        borough_codes = list(self.boroughs["area_code"])
        rows = self._estimate(self.edition.population_release, year).loc[borough_codes]
        by_age = load.table("population_by_age")
        ages = by_age[
            (by_age["release"] == self.edition.population_release)
            & (by_age["area_code"] == code)
            & (by_age["age"] >= OLDEST_GROUP_STARTS_AT)
        ]
        age_year = min(ages["mid_year"].unique(), key=lambda known: abs(known - year))
        areas = load.table("borough_areas").set_index("area_code").loc[borough_codes]
        hectares = areas["hectares"]
        return Profile(
            population_year=year,
            residents=int(rows["population"].loc[code]),
            residents_rank=int(rows["population"].rank(method="min")[code]),
            median_age=float(rows["median_age"].loc[code]),
            aged_85_and_over=int(ages.loc[ages["mid_year"] == age_year, "population"].sum()),
            age_year=int(age_year),
            households=int(self.households.size[code]),
            hectares=float(hectares[code]),
            hectares_rank=int(hectares.rank(method="min")[code]),
            boundaries=f"{pd.Timestamp(areas['release'].iloc[0]):%B %Y}",
            boroughs=len(borough_codes),
        )

    def residents_in(self, year: Period) -> pd.Series:
        """Residents of the 32 boroughs and of London at the middle of `year`, by area code.

        Of the newest release that the edition has and that knows the year; where the edition's own
        estimate is earlier, that one.
        """
        middle = min(year.start.year, self.edition.population_year)
        size = self._residents_known[middle]
        return pd.concat([size, pd.Series({LONDON: size.sum()})])

    @cached_property
    def _residents_known(self) -> pd.DataFrame:
        """Residents of the boroughs, a column a middle of the year, of the newest release held."""
        newest = self._newest_known
        by_year = newest.pivot(index="area_code", columns="mid_year", values="population")
        return by_year.loc[list(self.boroughs["area_code"])]

    @cached_property
    def _newest_known(self) -> pd.DataFrame:
        table = load.table("mid_year_population")
        held = table[table["release"] <= self.edition.population_release].sort_values("release")
        return held.drop_duplicates(["area_code", "mid_year"], keep="last")

    @property
    def step_told(self) -> str:
        """What to say of rates by year whose newest residents are of another release; or empty."""
        releases = self._newest_known.groupby("mid_year")["release"].first()
        year = self.edition.population_year
        after = releases[year]
        before = releases.get(year - 1, after)
        if before == after:
            return ""
        return (
            f"From {year}/{(year + 1) % 100:02} on, rates take residents of the {after} release, "
            f"and before of the {before} release, which was corrected since. A small step there "
            "need not be crime."
        )

    def residents_by_year(self) -> TimeSeries:
        """Residents at each mid-year, a series for each release, oldest release first.

        Its period_end is 1 July of the year; the newest release with several years is told of.
        """
        population = load.table("mid_year_population")
        rows = population[population["area_code"] == self.area_code]
        rows = rows.sort_values(["release", "mid_year"], ignore_index=True)
        year = rows["mid_year"].astype(str)
        table = pd.DataFrame(
            {
                "series": rows["release"] + " release",
                "period_end": pd.to_datetime(year + "-07-01"),
                "label": year,
                "value": rows["population"],
            }
        )
        newest = table.loc[table["series"].duplicated(), "series"].iloc[-1]
        return TimeSeries(
            table, "residents", "Residents", own=newest, source="population_series", when="mid-{}"
        )

    def rebasing(self) -> dict[str, Quantity | str]:
        """The last year that the oldest release shares with a newer one, and the change of it.

        `rebased`, the change, is in per cent of the oldest release, to the newest of the releases
        that have the year. The text `rebased_year` names it, `told_release` the release that the
        series tells of, and `alone` says that a newer one has one year alone, or is empty.
        """
        series = self.residents_by_year()
        years = series.table.pivot(index="label", columns="series", values="value")
        newest = series.table.iloc[-1]
        alone = (
            f"The {newest['series']} has {newest['label']} alone. It came with corrections of "
            "earlier years, so the step to it is not growth alone."
        )
        oldest, *others = (years[name] for name in years.columns)
        sharing = [other for other in others if (oldest.notna() & other.notna()).any()]
        before, after = pd.concat([oldest, sharing[-1]], axis="columns").dropna().iloc[-1]
        year = str(sharing[-1][oldest.notna()].last_valid_index())
        rebased = Quantity(
            100 * (after / before - 1),
            "%",
            "Residents in the newest release against the oldest",
            period=f"mid-{year}",
            source="population_series",
        )
        return {
            "rebased_year": year,
            "rebased": rebased,
            "told_release": str(series.own),
            "alone": "" if newest["series"] == series.own else alone,
        }

    def _residents(self, release: str, year: int) -> Denominator:
        size = self._estimate(release, year)["population"]
        label = f"ONS mid-{year} population estimate, {release} release"
        oldest = load.table("mid_year_population")["release"].min()
        census = CENSUS_YEARS[-2 if release == oldest else -1]
        error = self.yearly_error * max(year - census, 1)
        return replace(self._denominator(size, "residents", label, release), error=error)

    def _estimate(self, release: str, year: int) -> pd.DataFrame:
        """The rows of one release and year, by area code."""
        rows = load.table("mid_year_population")
        rows = rows[(rows["release"] == release) & (rows["mid_year"] == year)]
        return rows.set_index("area_code")

    def _denominator(self, size: pd.Series, unit: str, label: str, release: str) -> Denominator:
        codes = list(self.boroughs["area_code"])
        missing = sorted(set(codes) - set(size.index))
        if missing:
            raise ValueError(f"size: no denominator for {', '.join(missing)}")
        boroughs = size.loc[codes].astype(int)
        with_london = pd.concat([boroughs, pd.Series({LONDON: int(boroughs.sum())})])
        return Denominator(with_london, unit, label, release)
