"""Reads what the claims are checked against, at the edge of the package: no check reads a file."""

import pandas as pd

from safer_communities import load
from safer_communities.claims.evidence import Evidence
from safer_communities.denominators import households, residents
from safer_communities.editions import Edition, edition_of, stitch
from safer_communities.periods import Period
from safer_communities.recorded_crime import RecordedCrime
from safer_communities.surveys import SurveyTables

PUBLICATION = "mps_borough_crime"


def gather_evidence() -> Evidence:
    """The evidence for the strategy's own borough and edition, whatever book is being made."""
    editions = load.table("editions")
    with_strategy = editions[editions["strategy_borough"] != ""]
    edition = edition_of(int(with_strategy["edition"].iloc[0]), editions)
    boroughs = load.table("boroughs")
    own = boroughs[boroughs["borough"] == edition.strategy_borough].iloc[0]
    newest = _crime(list(edition.borough_crime_releases), edition, own["area_code"])
    around = releases_around(load.table("releases"), edition)
    population = load.table("mid_year_population")
    by_age = load.table("population_by_age")
    release = edition.population_release
    return Evidence(
        crime=newest,
        fresh_crime=_crime([around["fresh"]], edition, own["area_code"]),
        earlier_crime={
            pd.Timestamp(around[name]).strftime("%B %Y"): _crime(
                [around[name]], edition, own["area_code"]
            )
            for name in ("before", "after")
        },
        residents=residents(population, boroughs, release=release, year=edition.population_year),
        households=households(
            load.table("households"), boroughs, release=edition.household_release
        ),
        population=population[population["release"] == release],
        population_by_age=by_age[by_age["release"] == release],
        areas=load.table("borough_areas"),
        asb_calls=load.table("london_asb_calls"),
        surveys=SurveyTables(
            load.table("waves"), load.table("percentages"), load.table("comparisons")
        ),
        priorities=load.table("priorities"),
        borough=own["borough"],
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


def _crime(names: list[str], edition: Edition, area_code: str) -> RecordedCrime:
    offences = load.table("offences")
    return RecordedCrime(
        counts=stitch([load.recorded_crime(name) for name in names]),
        offences=offences[offences["classification"] == edition.classification],
        boroughs=load.table("boroughs"),
        area_code=area_code,
        period=edition.period,
    )
