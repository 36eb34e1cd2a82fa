"""Figures by year or month that know what they count, where, and which breaks lie between."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from safer_communities.facts.fact import amount
from safer_communities.facts.quantity import Quantity

# What the column of the figures may be called.
_VALUES = ("value", "count", "percent")


@dataclass(frozen=True)
class TimeSeries:
    """Figures over time of one area, or of several one below the other.

    `table` has a row for each month or year, oldest first: month or period_end, label (its name)
    and value, count or percent; with several series also series (its name), and if they are known
    ci_low and ci_high. `own` names the series that is told of, `label` says what is counted, and
    `breaks` are the date and name of each break that no line may cross.
    """

    table: pd.DataFrame
    unit: str
    label: str
    own: str | None = None
    source: str = "crime"
    area: str | None = None
    breaks: Sequence[tuple] = ()

    @property
    def date(self) -> str:
        """The column that dates the rows."""
        return "month" if "month" in self.table else "period_end"

    @property
    def value(self) -> str:
        """The column of the figures."""
        return next(name for name in _VALUES if name in self.table)

    @property
    def told(self) -> pd.DataFrame:
        """The rows of the series that is told of."""
        if "series" not in self.table:
            return self.table
        return self.table[self.table["series"] == self.own]

    @property
    def period(self) -> str:
        """From the first label to the last: "2010/11 to 2021/22"."""
        in_order = self.table.sort_values(self.date, kind="stable")["label"]
        return f"{in_order.iloc[0]} to {in_order.iloc[-1]}"

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        step = "a month" if self.date == "month" else ""
        return {
            "unit": f"{self.unit} {step}".strip(),
            "highlight": self.own,
            "breaks": self.breaks,
            "source": self.source,
            "period": self.period,
            "headings": {self.value: f"{self.unit[:1].upper()}{self.unit[1:]}"},
        }

    def quantity(self, row: pd.Series) -> Quantity:
        """One row's figure, with its interval where it has one."""
        return Quantity(
            row[self.value],
            unit=self.unit,
            label=self.label,
            low=row.get("ci_low"),
            high=row.get("ci_high"),
            period=str(row["label"]),
            area=self.area,
            source=self.source,
        )

    def facts(self) -> dict[str, Quantity | str]:
        """The first, last, low and high of the series told of, without their intervals.

        The text `first_label` and so on names the month or year of each, `period` the whole, and
        `course` tells it as a text alternative may: "from 20 in 2019/20 to 15 in 2021/22. The
        lowest year was 2020/21 with 10 and the highest 2019/20 with 20".
        """
        rows = self.told.drop(columns=["ci_low", "ci_high"], errors="ignore")
        values = rows[self.value].to_numpy()
        places = {"first": 0, "last": -1, "low": int(values.argmin())}
        places["high"] = int(values.argmax())
        found = {name: self.quantity(rows.iloc[place]) for name, place in places.items()}
        said = {
            name: (amount(each.value, self.unit), str(each.period)) for name, each in found.items()
        }
        step = "month" if self.date == "month" else "year"
        facts: dict[str, Quantity | str] = {
            "period": self.period,
            "course": (
                "from {} in {} to {} in {}. ".format(*said["first"], *said["last"])
                + "The lowest {2} was {1} with {0} ".format(*said["low"], step)
                + "and the highest {1} with {0}".format(*said["high"])
            ),
        }
        for name, each in found.items():
            facts |= {name: each, f"{name}_label": str(each.period)}
        return facts
