"""Reads what the claims are checked against, at the edge of the package: no check reads a file."""

import pandas as pd

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.analysis.editions import Edition
from safer_communities.claims.evidence import Evidence
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period
from safer_communities.settings import Settings
from safer_communities.surveys.shifts import SurveyTables

PUBLICATION = "mps_borough_crime"


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
        surveys=SurveyTables(
            load.table("waves"), load.table("percentages"), load.table("comparisons")
        ),
        priorities=load.table("priorities"),
        borough=book.borough,
    )


def releases_around(releases: pd.DataFrame, edition: Edition) -> dict[str, str]:
    """Which releases to set beside the newest, by their part in the check.

    "fresh" came out soonest after the end of the year before the edition's; "before" is the last
    that ends before the edition's period does, "after" the first that ends later.
    """
    rows = releases[
        (releases["publication"] == PUBLICATION)
        & (releases["classification"] == edition.classification)
    ]
    last = pd.to_datetime(rows["last_month"])
    ends = pd.Series(last.to_numpy(), index=rows["release"]).sort_values()
    period: Period = edition.period
    return {
        "fresh": ends[ends >= period.previous().end].index[0],
        "before": ends[ends < period.end].index[-1],
        "after": ends[ends >= period.end].index[0],
    }
