"""The boroughs by their size and rate, between limits that most would keep to."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from safer_communities.analysis.places.rates import BoroughRates
from safer_communities.analysis.recorded_crime import LONDON_AREA
from safer_communities.facts.quantity import Quantity
from safer_communities.statistics import rates as counted_rates
from safer_communities.statistics import small_areas
from safer_communities.statistics.small_areas import Funnel

IN_WORDS = {
    "within": "inside the limits",
    "above 95": "above the 95% limit",
    "above 998": "above the 99.8% limit",
    "below 95": "below the 95% limit",
    "below 998": "below the 99.8% limit",
}
ALONE = "95% limit for a borough of its size if only chance made rates differ"


@dataclass(frozen=True)
class BoroughFunnel:
    """The funnel of `rates`: their table with the place of each borough, and the limits."""

    rates: BoroughRates
    funnel: Funnel

    @property
    def table(self) -> pd.DataFrame:
        """A row a borough, highest rate last: area, count, size, rate, and place in the funnel."""
        table = self.rates.table[["area", "count", "size", "rate"]]
        return table.assign(place=self.funnel.areas["place"].map(IN_WORDS).to_numpy())

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        given = self.rates.shown
        return {
            "name": "funnel",
            "curve": self.funnel.curve,
            "target": self.funnel.target,
            "size_unit": self.rates.denominator.unit,
            **{key: given[key] for key in ("highlight", "unit", "source", "period")},
            "headings": {**given["headings"], "place": "Beside the limits"},
            "in_table": ("area", "count", "size", "rate", "place"),
        }

    def facts(self) -> dict[str, Quantity | str | list[str]]:
        """How far boroughs differ beyond chance, what chance alone would do, and who is outside.

        The texts `place` and `outside_names` say where the borough stands and which are outside.
        """
        about = partial(Quantity, source=self.rates.source, area=LONDON_AREA)
        table = self.table.set_index("area")
        own = table.loc[self.rates.own["area"]]
        outside = sorted(table.index[table["place"] != IN_WORDS["within"]])
        expected = round(self.funnel.target * own["size"] / 1000)
        alone = counted_rates.rate_interval(expected, own["size"])
        rate = partial(
            Quantity,
            unit=self.rates.denominator.rate_unit,
            source=self.rates.source,
            denominator=self.rates.denominator.label,
        )
        return {
            "place": own["place"],
            "spread": about(
                100 * self.funnel.spread,
                unit="%",
                decimals=0,
                label="Spread of the boroughs' rates beyond chance (standard deviation)",
            ),
            "outside": about(len(outside), unit="boroughs", label="Boroughs outside the limits"),
            "outside_names": outside or "none",
            "chance_low": rate(alone.ci_low, label=f"Lower {ALONE}"),
            "chance_high": rate(alone.ci_high, label=f"Upper {ALONE}"),
        }


def borough_funnel(rates: BoroughRates) -> BoroughFunnel:
    """The funnel of the boroughs' rates, its limits widened by how far boroughs really differ."""
    table = rates.table
    return BoroughFunnel(rates, small_areas.funnel(table["count"], table["size"]))
