"""How each source is named under a chart and beside a fact."""

from dataclasses import dataclass

import pandas as pd

from safer_communities.editions import Edition


@dataclass(frozen=True)
class Citation:
    """A publication and the release of it that a figure comes from."""

    source: str
    release: str

    @property
    def line(self) -> str:
        """The line under a chart."""
        return f"Source: {', '.join(part for part in (self.source, self.release) if part)}."


def month_release(release: str) -> str:
    """ "2024-02" as readers see it: "release of February 2024"."""
    return f"release of {pd.Timestamp(release):%B %Y}"


def citations(edition: Edition, newest: Edition) -> dict[str, Citation]:
    """The citation of each kind of figure in an edition, by a short key.

    `newest` is the edition of the latest year, for figures that follow the strategy up to it.
    """
    crime = Citation(
        "Metropolitan Police Service, recorded crime by borough",
        month_release(edition.borough_crime_releases[0]),
    )
    population = Citation(
        "Office for National Statistics, mid-year population estimates",
        f"{edition.population_release} release",
    )
    households = Citation("Office for National Statistics, Census 2021 households", "Census 2021")
    return {
        "crime": crime,
        "crime_per_resident": Citation(
            f"{crime.source}; {population.source}", f"{crime.release}; {population.release}"
        ),
        "crime_per_household": Citation(
            f"{crime.source}; {households.source}", f"{crime.release}; {households.release}"
        ),
        "population": population,
        "households": households,
        "latest_crime": Citation(crime.source, month_release(newest.borough_crime_releases[0])),
        "wards": Citation(
            "Metropolitan Police Service, recorded crime by ward; "
            "Office for National Statistics, Census 2021 ward population",
            f"{month_release(edition.ward_crime_release)}; Census 2021",
        ),
        "outcomes": Citation(
            "Metropolitan Police Service, monthly crime dashboard data", "to December 2025"
        ),
        "asb": Citation(
            "Greater London Authority, anti-social behaviour calls to the Metropolitan Police",
            "to March 2024",
        ),
        "areas": Citation("Greater London Authority, London borough boundaries", ""),
        "strategy": Citation(
            "Barnet Safer Communities Partnership, Community Safety Strategy 2022-2027", ""
        ),
        "survey": Citation(
            "percentages as printed in the Barnet Community Safety Strategy 2022-2027; "
            "tests by this book",
            "",
        ),
        "council_papers": Citation("Barnet Council committee paper", ""),
        "check": Citation(
            "This book's check of the Community Safety Strategy 2022-2027", crime.release
        ),
    }
