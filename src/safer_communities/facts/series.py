"""Figures by year or month that know what they count, where, and which breaks lie between."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from safer_communities.datasets.periods import Period
from safer_communities.facts import wording
from safer_communities.facts.fact import amount
from safer_communities.facts.quantity import Quantity

# Twelve months, as the tables label them.
YEAR = re.compile(r"\d{4}/\d{2}|year to \w+ \d{4}")
# What the column of the figures may be called.
_VALUES = ("value", "count", "percent")
# Of fewer years that compare, no text alternative tells the lowest and the highest.
_FEWEST_ALIKE = 3
# And that which names the line or the panel that a row is of.
_NAMES = ("series", "panel")
_DOTTED = (
    "At a dotted line through the years the recording changed: a step there may be no real rise or "
    "fall."
)


@dataclass(frozen=True)
class TimeSeries:
    """Figures over time of one area, or of several one below the other.

    `table` has a row for each month or year, oldest first: month or period_end, label (its name)
    and value, count or percent; with several series also series (its name), and if they are known
    ci_low and ci_high. `own` names the series that is told of, `label` says what is counted, and
    `breaks` are the date and name of each break that no line may cross, `when` how a label reads as
    the period of a figure: "mid-{}", `denominator` what a rate stands against.
    """

    table: pd.DataFrame
    unit: str
    label: str
    own: str | None = None
    source: str = "crime"
    area: str | None = None
    breaks: Sequence[tuple] = ()
    when: str = "{}"
    denominator: str = ""

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
        """From the first label to the last: "2010/11 to 2021/22", or the one there is."""
        in_order = self.table.sort_values(self.date, kind="stable")["label"]
        return " to ".join(dict.fromkeys([in_order.iloc[0], in_order.iloc[-1]]))

    @property
    def calendar(self) -> pd.DataFrame:
        """Months as a sheet: a row for each month of the year, a column for each twelve months.

        The last column ends with the last month, a column is named like "2021/22".
        """
        months = pd.DatetimeIndex(self.told["month"])
        last = Period.year_to(months.max())
        years = [last.shift_years(-back) for back in reversed(range(-(-len(months) // 12)))]
        values = self.told.set_index("month")[self.value]
        return pd.DataFrame(
            {year.financial_year: values.reindex(year.months()).to_numpy() for year in years},
            index=last.months().strftime("%b").rename("month"),
        )

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        names = [name for name in _NAMES if name in self.table and self.table[name].nunique() > 1]
        step = "a month" if self.date == "month" else ""
        return {
            "unit": f"{self.unit} {step}".strip(),
            "highlight": self.own,
            "breaks": self.breaks,
            "source": self.source,
            "period": self.period,
            "in_table": [*names, *(name for name in self.table if name not in _NAMES)],
            "headings": {} if self.unit == "%" else {self.value: self.unit.capitalize()},
        }

    @property
    def dotted(self) -> str:
        """What to say of the dotted lines of its chart; empty where no break lies within it."""
        dates = self.told[self.date]
        lie_within = [dates.min() < pd.Timestamp(date) <= dates.max() for date, _ in self.breaks]
        return _DOTTED if any(lie_within) else ""

    def quantity(self, row: pd.Series) -> Quantity:
        """One row's figure, with its interval where it has one."""
        return Quantity(
            row[self.value],
            unit=self.unit,
            label=self.label,
            low=row.get("ci_low"),
            high=row.get("ci_high"),
            period=self._months(row),
            area=self.area,
            denominator=self.denominator,
            source=self.source,
        )

    @property
    def _alike(self) -> pd.DataFrame:
        """The longest run of rows that compare: years with no break in or between them.

        Of two as long it is the newer. All rows where they are months, or no break parts them.
        """
        rows = self.told
        if self.date == "month" or not self.breaks:
            return rows
        began = [pd.offsets.MonthBegin().rollforward(pd.Timestamp(date)) for date, _ in self.breaks]
        lasts = pd.DatetimeIndex(rows["period_end"]).to_period("M").to_timestamp()
        firsts = lasts - pd.DateOffset(months=11)
        state, then = ([sum(date <= end for date in began) for end in at] for at in (firsts, lasts))
        whole = pd.Series(state, rows.index)[[a == b for a, b in zip(state, then, strict=True)]]
        if whole.empty:
            return rows
        sizes = whole.value_counts().sort_index(ascending=False)
        return rows.loc[whole.index[whole == sizes.idxmax()]]

    def _months(self, row: pd.Series) -> str:
        """What a row is of, in full: "12 months to March 2022" of "2021/22"."""
        label = str(row["label"])
        if YEAR.fullmatch(label):
            return Period.year_to(row[self.date]).label
        return self.when.format(label)

    def facts(self) -> dict[str, Quantity | str]:
        """The first, last, low and high of the series told of, without their intervals.

        The text `first_label` and so on names the month or year of each, `period` the whole. For
        text alternatives `ends` reads "from 20 in 2019/20 to 15 in 2021/22", and `course` goes on:
        "The lowest year was 2020/21 with 10 and the highest 2019/20 with 20". Where breaks part the
        years, low and high are those of the longest run that compares; `among` names it, and so
        does `course`, which leaves them out of a run of one or two. `dotted` says what a dotted
        line of the chart is, where it has one.
        """
        bare = self.told.drop(columns=["ci_low", "ci_high"], errors="ignore")
        alike = bare.loc[self._alike.index]
        values = alike[self.value].to_numpy()
        rows = {"first": bare.iloc[0], "last": bare.iloc[-1]}
        rows |= {"low": alike.iloc[int(values.argmin())], "high": alike.iloc[int(values.argmax())]}
        found = {name: self.quantity(row) for name, row in rows.items()}
        labels = {name: str(row["label"]) for name, row in rows.items()}
        said = {name: (amount(each.value, self.unit), labels[name]) for name, each in found.items()}
        step = "month" if self.date == "month" else "year"
        ends = "from {} in {} to {} in {}".format(*said["first"], *said["last"])
        run = "{} to {}".format(*alike["label"].iloc[[0, -1]])
        parted = len(alike) < len(bare)
        course = f"{ends}. Years on either side of a break do not compare"
        if not parted or len(alike) >= _FEWEST_ALIKE:
            the = f"Of {run}, which can be compared, the" if parted else "The"
            course = f"{ends}. {the} {_extremes(alike, values, said, step)}"
        facts: dict[str, Quantity | str] = {
            "period": self.period,
            "ends": ends,
            "among": f" (of {run}, which can be compared)" if parted else "",
            "course": course,
            "dotted": self.dotted,
        }
        for name, each in found.items():
            facts |= {name: each, f"{name}_label": labels[name]}
        return facts


def _extremes(
    rows: pd.DataFrame, values: np.ndarray, said: dict[str, tuple[str, str]], step: str
) -> str:
    """ "lowest year was 2020/21 with 10 and the highest 2019/20 with 20"; all that are as low."""
    if values.min() == values.max():
        return f"{step}s all had {said['low'][0]}"
    lowest, highest = (
        [str(label) for label in rows.loc[values == end, "label"]]
        for end in (values.min(), values.max())
    )
    if len(lowest) == len(highest) == 1:
        both = f"lowest {step} was {lowest[0]} with {said['low'][0]} "
        return f"{both}and the highest {highest[0]} with {said['high'][0]}"
    low, high = (wording.named_or_counted(labels, f"{step}s") for labels in (lowest, highest))
    return f"lowest was {said['low'][0]} in {low} and the highest {said['high'][0]} in {high}"


def row_of(years: pd.DataFrame, period: Period) -> pd.Series:
    """The row of the year `period` in a table of years, or the last before it.

    A table that only begins later gives its first row, which no later release moves on. `years`
    has the column period_end, oldest first.
    """
    known = years[years["period_end"] <= period.end]
    return years.iloc[0] if known.empty else known.iloc[-1]


def missing_year(years: pd.DataFrame, period: Period) -> str:
    """What to say where a table of years (period_end and label) lacks `period`; else empty."""
    if (years["period_end"] == period.end).any():
        return ""
    known = "first" if years["period_end"].iloc[0] > period.end else "last"
    label = row_of(years, period)["label"]
    return f"No full figure for the {period.label} was found: the {known} is for {label}."
