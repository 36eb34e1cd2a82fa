"""How each source is named under a chart and beside a fact."""

from dataclasses import dataclass

import pandas as pd

from safer_communities.analysis.editions import Edition
from safer_communities.facts import wording

POPULATION = "Office for National Statistics, mid-year population estimates"


@dataclass(frozen=True)
class Citation:
    """The publications that a figure comes from, each with its release ("" where it has none)."""

    publications: tuple[tuple[str, str], ...]

    def __add__(self, other: "Citation") -> "Citation":
        return Citation(self.publications + other.publications)

    @property
    def source(self) -> str:
        """The names of the publications."""
        return "; ".join(name for name, _ in self.publications)

    @property
    def release(self) -> str:
        """Their releases, in the same order."""
        return "; ".join(release for _, release in self.publications if release)

    @property
    def line(self) -> str:
        """The line under a chart."""
        named = [f"{name}, {release}" if release else name for name, release in self.publications]
        return f"Source: {'; '.join(named)}."


def month_release(release: str) -> str:
    """ "2024-02" as readers see it: "release of February 2024"."""
    return f"release of {pd.Timestamp(release):%B %Y}"


def citations(
    edition: Edition, of_strategy: Edition, newest: Edition, releases: pd.DataFrame
) -> dict[str, Citation]:
    """The citation of each kind of figure in an edition, by a short key.

    `of_strategy` is the edition of the strategy's year, whose figures are checked; `newest` that of
    the latest year, for figures that follow the strategy up to it; `releases` is the table of
    releases (publication, release, last_month).
    """
    crime = _borough_crime(edition)
    population = _cite(POPULATION, f"{edition.population_release} release")
    known = releases.groupby("publication")
    until = pd.to_datetime(known["last_month"].max(), format="mixed").map("to {:%B %Y}".format)
    estimates = list(known.get_group("ons_mid_year_population")["release"])
    in_wards = edition.population_release in set(
        known.get_group("ons_ward_mid_year_population")["release"]
    )
    households = _cite("Office for National Statistics, households in Census 2021")
    return {
        "crime": crime,
        "crime_per_resident": crime + population,
        "crime_per_household": crime + households,
        "population": population,
        "population_series": _cite(POPULATION, f"{wording.listed(estimates)} releases"),
        "households": households,
        "latest_crime": _borough_crime(newest),
        "wards": _cite(
            "Metropolitan Police Service, recorded crime by ward",
            month_release(edition.ward_crime_release),
        )
        + (
            _cite(f"{POPULATION} for wards", f"{edition.population_release} release")
            if in_wards
            else _cite("Office for National Statistics, residents of wards in Census 2021")
        ),
        "outcomes": _cite(
            "Metropolitan Police Service, monthly crime dashboard data",
            until["mps_positive_outcomes"],
        ),
        "asb": _cite(
            "Greater London Authority, anti-social behaviour calls to the Metropolitan Police",
            until["gla_asb_calls"],
        ),
        "areas": _cite("Greater London Authority, London borough boundaries"),
        "strategy": _cite(
            "Barnet Safer Communities Partnership, Community Safety Strategy 2022-2027"
        ),
        "survey": _cite(
            "percentages as printed in the Barnet Community Safety Strategy 2022-2027; "
            "tests by this book"
        ),
        "council_papers": _cite("Barnet Council committee paper"),
        "check": _cite("This book's check of the Community Safety Strategy 2022-2027")
        + _borough_crime(of_strategy),
    }


def _cite(name: str, release: str = "") -> Citation:
    return Citation(((name, release),))


def _borough_crime(edition: Edition) -> Citation:
    return _cite(
        "Metropolitan Police Service, recorded crime by borough",
        month_release(edition.borough_crime_releases[0]),
    )
