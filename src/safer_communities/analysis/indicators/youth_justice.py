"""Children in the youth justice system: first-time entrants and reoffending, beside London.

The publisher gives rates and shares without the counts they are of. Each interval says what count
it takes: for a rate, that of the children that the borough has by the estimate of the edition; for
a share, the fewest children that could give it.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from safer_communities.analysis.changes.year_on_year import Movement, YearOnYear, year_on_year
from safer_communities.analysis.recorded_crime import FEWEST_PAIRS, OTHERS_AREA
from safer_communities.datasets import load
from safer_communities.datasets.codes import LONDON
from safer_communities.datasets.periods import Period
from safer_communities.facts.fact import texts
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries
from safer_communities.statistics.changes.yearly_change import LARGEST_SD, year_to_year_sd
from safer_communities.statistics.rates import rate_interval
from safer_communities.statistics.significance import wilson_interval

SOURCE = "youth_justice"
AGES = (10, 17)
PER = 100_000
UNIT = "per 100,000 aged 10 to 17"
ENTRANTS, REOFFENDING = "first_time_entrants", "reoffending_15_17"
# The month that a year of each ends with.
ENDS = {ENTRANTS: 12, REOFFENDING: 3}
LABELS = {
    ENTRANTS: "First-time entrants to the youth justice system",
    REOFFENDING: "Reoffending at 15 to 17",
}
_SINCE = "That is {} since then."
_FEW = "So few children say nothing of a trend."
# More children than any share printed with two decimals needs.
MOST = 10_000


def fewest_children(percent: float) -> tuple[int, int]:
    """The fewest children, and how many of them, whose share is `percent` to two decimals."""
    base = np.arange(1, MOST + 1)
    count = np.rint(base * percent / 100)
    fits = np.abs(100 * count / base - percent) <= 0.005 + 1e-9
    first = int(np.flatnonzero(fits)[0])
    return int(base[first]), int(count[first])


@dataclass(frozen=True)
class YouthJustice:
    """The figures of the borough `area_code` and of London, up to the edition's `period`.

    `table` has the columns indicator, area_code, year and value (missing where withheld);
    `children` is how many aged 10 to 17 live in the borough and in London, by area code; `borough`
    is its name.
    """

    table: pd.DataFrame
    children: pd.Series
    area_code: str
    borough: str
    period: Period

    def _years(self, indicator: str) -> pd.DataFrame:
        """A row for each area and year within the period: series, period_end, label and value."""
        areas = {self.area_code: self.borough, LONDON: "London"}
        rows = self.table[
            (self.table["indicator"] == indicator) & self.table["area_code"].isin(list(areas))
        ].dropna(subset="value")
        ends = pd.to_datetime({"year": rows["year"], "month": ENDS[indicator], "day": 1})
        rows = rows.assign(
            period_end=ends,
            series=rows["area_code"].map(areas),
            label=rows["year"].astype(str),
        )
        return rows[rows["period_end"] <= self.period.end].sort_values(["series", "year"])

    def entrants(self) -> TimeSeries:
        """First-time entrants per 100,000 aged 10 to 17, in calendar years, with intervals."""
        rows = self._years(ENTRANTS)
        size = rows["area_code"].map(self.children)
        found = rate_interval((rows["value"] * size / PER).round(), size, per=PER)
        rows = rows.assign(ci_low=found.ci_low, ci_high=found.ci_high)
        # The rate as printed lies within, though its count is a whole number.
        columns = ["series", "period_end", "label", "value", "ci_low", "ci_high"]
        return TimeSeries(
            rows[columns].reset_index(drop=True),
            UNIT,
            LABELS[ENTRANTS],
            own=self.borough,
            source=SOURCE,
            when="12 months to December {}",
        )

    def change(self, first: int, last: int) -> YearOnYear:
        """First-time entrants in the calendar year `last` beside those in `first`.

        The counts are those that the children of the edition make of the rates. What is usual for
        one borough cannot be learnt from so few years: the change has no interval of its own, and
        is set beside the other boroughs alone (those that are not withheld in either year).
        """
        rows = self.table[self.table["indicator"] == ENTRANTS]
        rates = rows.pivot(index="year", columns="area_code", values="value")
        ended = [_calendar_year(year).end <= self.period.end for year in rates.index]
        rates = rates.loc[ended, self.children.index.drop(LONDON)]
        counts = (rates * self.children / PER).round()[rates.columns]
        known = counts.loc[[first, last]].dropna(axis="columns").astype(int)
        own = [int(count) for count in known[self.area_code]]
        others = known.drop(columns=self.area_code).sum(axis="columns").astype(int)
        apart, whole = last - first, counts.dropna(axis="columns")
        lag = max(1, min(apart, len(whole) - FEWEST_PAIRS))
        moved = float((apart / lag) ** 0.5 * year_to_year_sd(whole[:-lag], whole[lag:]))
        found = year_on_year(
            LABELS[ENTRANTS],
            self.area_code,
            (_calendar_year(first), _calendar_year(last)),
            (own[0], own[1]),
            Movement(areas=min(moved, LARGEST_SD), common=LARGEST_SD),
            (int(others.iloc[0]), int(others.iloc[1])),
        )
        here = rates.loc[[first, last], self.area_code].to_numpy(dtype=float)
        percent = float(100 * (here[1] / here[0] - 1))
        return replace(found, change_percent=percent).without_own_past()

    def reoffending(self) -> pd.DataFrame:
        """The share of those aged 15 to 17 who offended again, beside London, oldest year first.

        Columns: label (the year as the publisher names it), percent, ci_low, ci_high (Wilson's, for
        the fewest children that could give the share), children (these), london_percent. Years in
        which the borough's share is withheld are missing.
        """
        rows = self._years(REOFFENDING)
        own = rows[rows["area_code"] == self.area_code].set_index("label")
        london = rows[rows["area_code"] == LONDON].set_index("label")["value"]
        found = [fewest_children(value) for value in own["value"]]
        ends = [wilson_interval(count, base) for base, count in found]
        return pd.DataFrame(
            {
                "period_end": own["period_end"],
                "percent": own["value"],
                "ci_low": [100 * float(end.ci_low) for end in ends],
                "ci_high": [100 * float(end.ci_high) for end in ends],
                "children": [base for base, _ in found],
                "london_percent": london.reindex(own.index),
            }
        ).reset_index()

    def facts(self) -> dict[str, Quantity | str]:
        """The newest rate of entrants and share of reoffending, London's, and since the first year.

        Texts: `entrants_told` is the change since the first year, beside the other boroughs, and
        `entrants_headline` the same for a heading; of few children that alone. `again_share` is the
        share with its interval, or "none".
        """
        series = self.entrants()
        own, london = (
            series.table[series.table["series"] == name].reset_index(drop=True)
            for name in (self.borough, "London")
        )
        first, last = own.iloc[0], own.iloc[-1]
        there = london[london["label"] == last["label"]].iloc[0]
        change = self.change(int(first["label"]), int(last["label"]))
        both = f"{change.period.label}, against {change.base_period.label}"
        about: Any = partial(Quantity, source=SOURCE)
        facts: dict[str, Quantity | str] = {
            "entrants": series.quantity(last),
            "entrants_first": series.quantity(first),
            "entrants_london": about(
                there["value"],
                UNIT,
                LABELS[ENTRANTS],
                low=there["ci_low"],
                high=there["ci_high"],
                period=f"12 months to December {there['label']}",
                area="London",
                decimals=0,
            ),
            "entrants_others": about(
                change.others_percent,
                "%",
                "Change in first-time entrants",
                period=both,
                area=OTHERS_AREA,
            ),
            "entrants_told": _FEW,
            "entrants_headline": "is of too few children to compare",
            "entrants_when": f"12 months to December {last['label']}",
            "entrants_since": f"12 months to December {first['label']}",
        }
        if not change.is_few:
            moved = about(change.change_percent, "%", "Change in first-time entrants", period=both)
            since = _SINCE.format(texts("it", moved)["it_noun"])
            facts |= {
                "entrants_change": moved,
                "entrants_told": f"{since} {change.in_words}",
                "entrants_headline": change.headline,
            }
        again = self.reoffending()
        if again.empty:
            return facts | {
                "again_told": "Reoffending is withheld in every year, for few children."
            }
        newest = again.iloc[-1]
        when = f"12 months to March {newest['label']}"
        facts["again"] = share = about(
            newest["percent"],
            "%",
            LABELS[REOFFENDING],
            low=newest["ci_low"],
            high=newest["ci_high"],
            period=when,
        )
        facts["again_london"] = about(
            newest["london_percent"], "%", LABELS[REOFFENDING], period=when, area="London"
        )
        said = texts("it", share)
        told = f"{said['it']} (95% interval {said['it_interval']})"
        facts["again_share"] = told if newest["percent"] else "none"
        first_year = f"12 months to March {again['label'].iloc[0]}"
        return facts | {"again_when": when, "again_all": f"{first_year} to {when}"}


def _calendar_year(year: int) -> Period:
    return Period.year_to(pd.Timestamp(year, ENDS[ENTRANTS], 1))


def youth_justice(
    area_code: str, borough: str, period: Period, population_release: str, boroughs: pd.DataFrame
) -> YouthJustice:
    """The figures in the tables of `data/`, with the children of a release of the estimates."""
    ages = load.table("population_by_age")
    ages = ages[(ages["release"] == population_release) & ages["age"].between(*AGES)]
    children = ages.groupby("area_code")["population"].sum().loc[list(boroughs["area_code"])]
    children[LONDON] = children.sum()
    return YouthJustice(load.table("youth_justice"), children, area_code, borough, period)
