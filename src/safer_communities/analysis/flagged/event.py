"""The months from an event on beside the same months a year earlier: counts, without a test."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd

from safer_communities.analysis.recorded_crime import LONDON, LONDON_AREA
from safer_communities.facts import wording
from safer_communities.facts.fact import fact_name
from safer_communities.facts.quantity import Quantity

# So many months, the event's own the first.
MONTHS = 3
_NOT_HELD = (
    "The figures of this edition hold no three months from {} on with the same months a year "
    "before: later editions do."
)
_TOLD = (
    "{}: {} from {}, after {} in the same months a year before; in the 32 boroughs {}, after {}."
)


@dataclass(frozen=True)
class MonthsAfter:
    """Counts of each measure in three months and a year before, in the borough and in London.

    `table` has the columns measure, area (an area code, or LONDON), before and after; it is empty
    where the edition does not hold all of these months.
    """

    table: pd.DataFrame
    first: pd.Timestamp
    borough: str
    source: str

    @classmethod
    def of(
        cls,
        monthly: Mapping[tuple[str, str], pd.Series],
        first: pd.Timestamp,
        borough: str,
        source: str,
    ) -> "MonthsAfter":
        """From counts by month, by measure and area; `first` is the month of the event."""
        months = pd.date_range(first, periods=MONTHS, freq="MS")
        earlier = months - pd.DateOffset(years=1)
        rows = [
            {
                "measure": measure,
                "area": area,
                "before": int(counts.reindex(earlier).sum()),
                "after": int(counts.reindex(months).sum()),
            }
            for (measure, area), counts in monthly.items()
            if months.union(earlier).isin(counts.index).all()
        ]
        return cls(pd.DataFrame(rows), first, borough, source)

    @property
    def months(self) -> str:
        """For example "October to December 2023"."""
        return _named(self.first)

    def facts(self) -> dict[str, Quantity | str]:
        """The text `told`: a sentence a measure, or that they are not held; and all the counts."""
        if self.table.empty:
            return {"told": _NOT_HELD.format(f"{self.first:%B %Y}")}
        periods = {"after": self.months, "before": _named(self.first - pd.DateOffset(years=1))}
        facts: dict[str, Quantity | str] = {}
        told = []
        for measure, rows in self.table.groupby("measure", sort=False):
            said = []
            for row in rows.to_dict("records"):
                in_london = row["area"] == LONDON
                about = partial(
                    Quantity,
                    unit="offences",
                    label=str(measure),
                    area=LONDON_AREA if in_london else None,
                    source=self.source,
                )
                for when, period in periods.items():
                    key = f"{fact_name(str(measure))}{'_london' * in_london}_{when}"
                    facts[key] = about(row[when], period=period)
                    said.append(wording.number(row[when]))
            told.append(_TOLD.format(measure, said[0], self.months, *said[1:]))
        return facts | {"told": " ".join(told)}


def _named(first: pd.Timestamp) -> str:
    last = first + pd.DateOffset(months=MONTHS - 1)
    year = "" if last.year == first.year else f" {first:%Y}"
    return f"{first:%B}{year} to {last:%B %Y}"
