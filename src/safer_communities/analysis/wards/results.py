"""Tables of wards: which stand out by offence, few offences, and all wards of London."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from safer_communities.analysis.recorded_crime import LONDON_AREA
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity

# Of how many wards a reader asks which are the highest, and what is likely or possible (per cent).
HIGHEST = 3
LIKELY, POSSIBLE = 50, 10


@dataclass(frozen=True)
class WardOverview:
    """`table` has a row a measure: measure, page (that of its map), rate (of all wards per 1,000
    residents), above and below (the wards clearly above and below the others together, in words).
    """

    table: pd.DataFrame
    period: Period

    @property
    def shown(self) -> dict[str, Any]:
        """What its table need not be told."""
        return {
            "name": "by_offence",
            "source": "wards",
            "period": self.period.label,
            "in_table": ("measure", "rate", "above", "below"),
            "headings": {
                "rate": "Rate per 1,000 residents",
                "above": "Clearly above the other wards",
                "below": "Clearly below them",
            },
        }


@dataclass(frozen=True)
class SmallWards:
    """`table` has a row a ward, the likeliest among the highest three first: ward_code, area,
    residents, count, rate (as counted, per 1,000 residents), shrunken_rate (drawn towards the rate
    of all wards as far as chance explains it), ci_low and ci_high (its 95% interval) and
    among_highest_percent: the probability that its true rate is among the highest three.
    """

    offence: str
    period: Period
    table: pd.DataFrame

    @property
    def shown(self) -> dict[str, Any]:
        """What its table need not be told."""
        columns = ["area", "residents", "count", "rate", "shrunken_rate", "ci_low", "ci_high"]
        return {
            "source": "wards",
            "period": self.period.label,
            "in_table": [*columns, "among_highest_percent"],
            "headings": {
                "area": "Ward",
                "count": "Offences",
                "rate": "Rate as counted",
                "shrunken_rate": "Rate with chance taken out",
                "among_highest_percent": "Chance of being among the highest three",
            },
        }

    def facts(self) -> dict[str, Quantity | str]:
        """How many wards are likely, and how many could well be, among the highest three.

        The texts `measure`, `highest_area` and `told`: the three highest as counted, each with the
        probability that it is truly one of them.
        """
        about = partial(Quantity, source="wards")
        chance = self.table["among_highest_percent"]
        as_counted = self.table.sort_values("rate", ascending=False).head(HIGHEST)
        told = [
            f"{row['area']} ({_chance(row['among_highest_percent'])})"
            for row in as_counted.to_dict("records")
        ]
        return {
            "measure": wording.in_sentence(self.offence),
            "told": wording.listed(told),
            "likely": about(
                int((chance >= LIKELY).sum()),
                unit="wards",
                label="Wards more likely than not among the highest three",
            ),
            "possible": about(
                int((chance >= POSSIBLE).sum()),
                unit="wards",
                label=f"Wards with a chance of {POSSIBLE}% or more to be among the highest three",
            ),
            "fewest": about(
                int(self.table["count"].min()), unit="offences", label="Fewest offences in a ward"
            ),
            "most": about(
                int(self.table["count"].max()), unit="offences", label="Most offences in a ward"
            ),
        }


def _chance(percent: float) -> str:
    """A probability as a reader sees it: none that is not certain is printed as 0% or 100%."""
    if percent > 99:
        return "over 99%"
    return "under 1%" if percent < 1 else wording.percent(percent, 0)


@dataclass(frozen=True)
class LondonWards:
    """`table` has a row for each ward of London, lowest rate first: ward_code, area_code, count,
    ward_name, residents, rate (per 1,000 residents), and own: whether it is of the borough.
    """

    table: pd.DataFrame
    denominator: str

    @property
    def own(self) -> pd.DataFrame:
        """The rows of the borough's wards."""
        return self.table[self.table["own"]]

    def facts(self) -> dict[str, Quantity]:
        """How many wards there are, their median rate, and how many of the borough's exceed it."""
        median = self.table["rate"].median()
        about = partial(Quantity, source="wards")
        rate = about(
            median,
            unit="per 1,000 residents",
            area=LONDON_AREA,
            label="Median rate of wards",
            denominator=self.denominator,
        )
        above = int((self.own["rate"] > median).sum())
        return {
            "count": about(
                len(self.table), unit="wards", area=LONDON_AREA, label="Wards of London"
            ),
            "median": rate,
            "above": about(above, unit="wards", label="Wards above the median of London's wards"),
        }
