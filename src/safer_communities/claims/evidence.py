"""The data that claims are checked against, read once and handed to the checks in one piece."""

from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Evidence:
    """What the data give for the strategy's borough and period.

    `crime` is the newest release of the classification that the strategy used. `fresh_crime` is a
    release as old, when it came out, as the strategy's own was: a month or so past a year's end.
    `earlier_crime` maps the month of a release to the releases on either side of the strategy.
    `population` has every mid-year of one release (area_code, mid_year, population, median_age),
    `population_by_age` one mid-year by age, `areas` the hectares and `asb_calls` the monthly calls
    of all London. `surveys` and `priorities` are the project's tables of what the strategy prints.
    """

    crime: RecordedCrime
    fresh_crime: RecordedCrime
    earlier_crime: Mapping[str, RecordedCrime]
    residents: Denominator
    households: Denominator
    population: pd.DataFrame
    population_by_age: pd.DataFrame
    areas: pd.DataFrame
    asb_calls: pd.DataFrame
    surveys: SurveyTables
    priorities: pd.DataFrame
    borough: str

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
    around = releases_around(load.table("releases"), edition)
    population, by_age = load.table("mid_year_population"), load.table("population_by_age")
    release = edition.population_release
    return Evidence(
        crime=book.crime,
        fresh_crime=book.crime_of(edition, (around["fresh"],)),
        earlier_crime={
            pd.Timestamp(around[name]).strftime("%B %Y"): book.crime_of(edition, (around[name],))
            for name in ("before", "after")
        },
        residents=book.people.residents,
        households=book.people.households,
        population=population[population["release"] == release],
        population_by_age=by_age[by_age["release"] == release],
        areas=load.table("borough_areas"),
        asb_calls=load.table("london_asb_calls"),
        surveys=book.surveys.tables,
        priorities=load.table("priorities"),
        borough=book.borough,
    )


def releases_around(releases: pd.DataFrame, edition: Edition) -> dict[str, str]:
    """Which releases to set beside the newest, by their part in the check.

    "fresh" came out soonest after the end of the year before the edition's; "before" is the last
    that ends before the edition's period does, "after" the first that ends later.
    """
    of_crime = releases["publication"] == PUBLICATION
    rows = releases[of_crime & (releases["classification"] == edition.classification)]
    ends = pd.to_datetime(rows.set_index("release")["last_month"]).sort_values()
    period = edition.period
    return {
        "fresh": ends[ends >= period.previous().end].index[0],
        "before": ends[ends < period.end].index[-1],
        "after": ends[ends >= period.end].index[0],
    }
