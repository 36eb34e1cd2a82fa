"""The data that claims are checked against: each table is read when a check first asks for it."""

from collections.abc import Hashable, Mapping
from copy import copy
from functools import cached_property
from typing import Any, Self

import pandas as pd

from safer_communities.analysis import profile
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


class Evidence:
    """What the data give for the borough of `book` and the period of `edition`, the strategy's.

    A chapter that states a few claims reads only the tables that these need.
    """

    def __init__(self, book: BoroughEdition, edition: Edition) -> None:
        self.book = book
        self.edition = edition

    def but(self, **given: object) -> Self:
        """The same with other values in place of those that are read."""
        other = copy(self)
        other.__dict__.update(given)
        return other

    @cached_property
    def borough(self) -> str:
        """The strategy's borough."""
        return self.book.borough

    @property
    def area_code(self) -> str:
        """Its code."""
        return self.crime.area_code

    @cached_property
    def _releases(self) -> pd.DataFrame:
        return releases_held(load.table("releases"), self.edition)

    @cached_property
    def _around(self) -> dict[str, str]:
        return releases_around(self._releases, self.edition)

    @cached_property
    def crime(self) -> RecordedCrime:
        """Each month from the release nearest to the strategy (see `nearest_releases`)."""
        return self.book.crime_of(self.edition, nearest_releases(self._releases, self.edition))

    @cached_property
    def newest_crime(self) -> RecordedCrime:
        """Each month from the newest release of the same classification, `newest_release`."""
        return self.book.crime_of(self.edition, self.edition.borough_crime_releases)

    @cached_property
    def newest_release(self) -> str:
        """The month of that release."""
        return f"{pd.Timestamp(self.edition.borough_crime_releases[0]):%B %Y}"

    @cached_property
    def fresh_crime(self) -> RecordedCrime:
        """A release as old, when it came out, as the strategy's own: a month or so past a year."""
        return self.book.crime_of(self.edition, (self._around["fresh"],))

    @cached_property
    def earlier_crime(self) -> Mapping[str, RecordedCrime]:
        """The releases on either side of the strategy, by the month of each."""
        return {
            f"{pd.Timestamp(self._around[name]):%B %Y}": self.book.crime_of(
                self.edition, (self._around[name],)
            )
            for name in ("before", "after")
        }

    @cached_property
    def residents(self) -> Denominator:
        """Residents of each borough."""
        return self.book.people.residents

    @cached_property
    def households(self) -> Denominator:
        """Households of each borough."""
        return self.book.people.households

    @cached_property
    def other_households(self) -> tuple[Denominator, ...]:
        """The published numbers that the authors may have used instead of `households`."""
        edition = self.edition
        return tuple(
            self.book.people.projected_households(year)
            for year in (CENSUS_KNOWN, *range(edition.population_year - 2, edition.period.end.year))
        )

    @cached_property
    def population(self) -> pd.DataFrame:
        """Every mid-year of one release: area_code, mid_year, population, median_age."""
        table = load.table("mid_year_population")
        return table[table["release"] == self.edition.population_release]

    @cached_property
    def population_by_age(self) -> pd.DataFrame:
        """One mid-year by age."""
        table = load.table("population_by_age")
        return table[table["release"] == self.edition.population_release]

    @cached_property
    def areas(self) -> pd.DataFrame:
        """The hectares of each borough."""
        return load.table("borough_areas")

    @cached_property
    def asb_calls(self) -> pd.DataFrame:
        """The monthly calls of all London."""
        return load.table("london_asb_calls")

    @cached_property
    def attainment(self) -> pd.DataFrame:
        """Attainment 8 of every local authority: area_code, kind, year, score."""
        return load.table("attainment_8")

    def figures(self, indicator: str) -> pd.DataFrame:
        """Every figure of the profile of that kind (see `analysis.profile.held`)."""
        return profile.held(indicator)

    @cached_property
    def titles(self) -> pd.Series:
        """The publisher and title of each publication, by its name."""
        table = load.table("sources").set_index("source")
        return table["publisher"] + ", " + table["title"]

    @cached_property
    def surveys(self) -> SurveyTables:
        """The surveys that the strategy prints."""
        return self.book.surveys.tables

    @cached_property
    def priorities(self) -> pd.DataFrame:
        """The strategy's priorities."""
        return load.table("priorities")

    @cached_property
    def published(self) -> Mapping[str, dict[Hashable, Any]]:
        """The figures of other documents, by their id."""
        rows = load.table("published_figures").to_dict("records")
        return {str(row["figure_id"]): row for row in rows}

    def calls_in(self, period: Period) -> int:
        """Calls in twelve months, all London; raises ValueError where a month is missing."""
        months = self.asb_calls[self.asb_calls["month"].isin(period.months())]
        if len(months) != 12:
            raise ValueError(f"calls: {12 - len(months)} months of the {period.label} are missing")
        return int(months["calls"].sum())


def gather_evidence() -> Evidence:
    """The evidence for the strategy's own borough and edition, whatever book is being made."""
    edition = BoroughEdition(Settings()).strategy_edition
    return Evidence(BoroughEdition(Settings(edition.strategy_borough, edition.year)), edition)


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
