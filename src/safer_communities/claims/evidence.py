"""The data that claims are checked against, read once and handed to the checks in one piece."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.analysis.editions import Edition
from safer_communities.analysis.people import Denominator
from safer_communities.analysis.recorded_crime import RecordedCrime
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period
from safer_communities.settings import Settings
from safer_communities.surveys.shifts import SurveyTables

PUBLICATION = "mps_borough_crime"
# The strategy names no release. The first that holds its year came out a month after the year's
# end, and it was written soon after.
WRITTEN_MONTHS_AFTER = 2
# The Census that was the newest when the strategy was written.
CENSUS_KNOWN = 2011


@dataclass(frozen=True)
class Evidence:
    """What the data give for the strategy's borough and period.

    `crime` has each month from the release nearest to the strategy (see `nearest_releases`),
    `newest_crime` all of them from the newest release of the same classification, `newest_release`.
    `fresh_crime` is a release as old, when it came out, as the strategy's own was: a month or so
    past a year's end.
    `earlier_crime` maps the month of a release to the releases on either side of the strategy.
    `other_households` are the published numbers that its authors may have used instead of
    `households`. `population` has every mid-year of one release (area_code, mid_year, population,
    median_age), `population_by_age` one mid-year by age, `areas` the hectares and `asb_calls` the
    monthly calls of all London. `surveys` and `priorities` are the project's tables of what the
    strategy prints, `published` the figures of other documents by their id.
    """

    crime: RecordedCrime
    newest_crime: RecordedCrime
    newest_release: str
    fresh_crime: RecordedCrime
    earlier_crime: Mapping[str, RecordedCrime]
    residents: Denominator
    households: Denominator
    other_households: tuple[Denominator, ...]
    population: pd.DataFrame
    population_by_age: pd.DataFrame
    areas: pd.DataFrame
    asb_calls: pd.DataFrame
    surveys: SurveyTables
    priorities: pd.DataFrame
    published: Mapping[str, dict[Hashable, Any]]
    borough: str

    def of_borough(self, borough: str) -> "Evidence":
        """The same as it would be for another borough."""
        code = self.crime.boroughs.set_index("borough")["area_code"].loc[borough]
        series = {
            name: replace(getattr(self, name), area_code=code)
            for name in ("crime", "newest_crime", "fresh_crime")
        }
        earlier = {name: replace(c, area_code=code) for name, c in self.earlier_crime.items()}
        return replace(self, **series, earlier_crime=earlier, borough=borough)

    def calls_in(self, period: Period) -> int:
        """Calls in twelve months, all London; raises ValueError where a month is missing."""
        months = self.asb_calls[self.asb_calls["month"].isin(period.months())]
        if len(months) != 12:
            raise ValueError(f"calls: {12 - len(months)} months of the {period.label} are missing")
        return int(months["calls"].sum())


def gather_evidence() -> Evidence:
    """The evidence for the strategy's own borough and edition, whatever book is being made."""
    edition = BoroughEdition(Settings()).strategy_edition
    book = BoroughEdition(Settings(edition.strategy_borough, edition.year))
    releases = releases_held(load.table("releases"), edition)
    around = releases_around(releases, edition)
    population, by_age = load.table("mid_year_population"), load.table("population_by_age")
    release = edition.population_release
    newest = edition.borough_crime_releases
    return Evidence(
        crime=book.crime_of(edition, nearest_releases(releases, edition)),
        newest_crime=book.crime_of(edition, newest),
        newest_release=f"{pd.Timestamp(newest[0]):%B %Y}",
        fresh_crime=book.crime_of(edition, (around["fresh"],)),
        earlier_crime={
            pd.Timestamp(around[name]).strftime("%B %Y"): book.crime_of(edition, (around[name],))
            for name in ("before", "after")
        },
        residents=book.people.residents,
        households=book.people.households,
        other_households=tuple(
            book.people.projected_households(year)
            for year in (CENSUS_KNOWN, *range(edition.population_year - 2, edition.period.end.year))
        ),
        population=population[population["release"] == release],
        population_by_age=by_age[by_age["release"] == release],
        areas=load.table("borough_areas"),
        asb_calls=load.table("london_asb_calls"),
        surveys=book.surveys.tables,
        priorities=load.table("priorities"),
        published={
            str(row["figure_id"]): row for row in load.table("published_figures").to_dict("records")
        },
        borough=book.borough,
    )


def releases_held(releases: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """The releases of recorded crime in the edition's classification, with dates for months."""
    of_crime = releases["publication"] == PUBLICATION
    rows = releases[of_crime & (releases["classification"] == edition.classification)]
    dates = {name: pd.to_datetime(rows[name]) for name in ("first_month", "last_month")}
    return rows.assign(**dates).reset_index(drop=True)


def written(edition: Edition) -> pd.Period:
    """The month in which the strategy was written, or so."""
    return edition.period.end.to_period("M") + WRITTEN_MONTHS_AFTER


def nearest_releases(releases: pd.DataFrame, edition: Edition) -> tuple[str, ...]:
    """The releases that give each month up to the edition's period, nearest to the strategy first.

    `releases` is as from `releases_held`. Of two as near, the later one comes first; a release
    that adds no month is left out.
    """
    out = pd.to_datetime(releases["release"]).dt.to_period("M")
    months_after = (out - written(edition)).map(lambda months: months.n)
    order = releases.assign(distance=months_after.abs(), earlier=months_after < 0)
    chosen: list[str] = []
    held = pd.DatetimeIndex([])
    for row in order.sort_values(["distance", "earlier"]).to_dict("records"):
        last = min(row["last_month"], edition.period.end)
        months = pd.date_range(row["first_month"], last, freq="MS")
        if not months.isin(held).all():
            chosen.append(row["release"])
            held = held.union(months)
    return tuple(chosen)


def releases_around(releases: pd.DataFrame, edition: Edition) -> dict[str, str]:
    """Which of the releases held to set beside these, by their part in the check.

    "fresh" came out soonest after the end of the year before the edition's; "before" is the last
    that ends before the edition's period does, "after" the first that ends later.
    """
    ends = releases.set_index("release")["last_month"].sort_values()
    period = edition.period
    return {
        "fresh": ends[ends >= period.previous().end].index[0],
        "before": ends[ends < period.end].index[-1],
        "after": ends[ends >= period.end].index[0],
    }
