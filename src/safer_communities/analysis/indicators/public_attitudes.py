"""What residents think of the police: levels, beside London, and what changed, with intervals.

Shares are published in whole per cent, without the number of people asked. Every interval here
holds whatever the share was before it was rounded, and at the smallest base of the range assumed
(`data/surveys/assumed_bases.csv`). Each figure is of twelve months: years that overlap share
answers, and are never compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from safer_communities.datasets import load
from safer_communities.datasets.codes import LONDON
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries
from safer_communities.statistics.significance import compare_shares, wilson_interval

SOURCE = "attitudes"
SURVEY = "public_attitudes"
LABELS = {
    "good_job": "The police do a good job in the area",
    "trust": "Trust in the Metropolitan Police",
    "relied_on": "The police can be relied on when needed",
    "treats_fairly": "The police treat everyone fairly",
    "listens": "The police listen to local people",
    "understands": "The police understand local issues",
    "informed": "Feel well informed about local policing",
    "ward_officer": "Know how to contact a ward officer",
}
# Half a per cent either way, as a share.
ROUNDING = 0.005
OVER_TIME = {1: "rose", -1: "fell", 0: "no clear change"}
AGAINST_LONDON = {1: "above London", -1: "below London", 0: "no clear difference"}
DEPENDS = "depends on how many were asked"
HEADINGS = {
    "label": "What is asked",
    "percent": "Borough",
    "earlier": "Before (%)",
    "later": "After (%)",
}


Bases = Mapping[str, float]


def shifts(
    before: pd.Series, bases_before: Bases, after: pd.Series, bases_after: Bases
) -> pd.DataFrame:
    """Shares in whole per cent compared, second minus first, each with a range of bases.

    The bases have base_low and base_high, in people. Columns: difference, ci_low, ci_high (points;
    the interval that holds at the smallest bases, whatever was rounded), sure (1 or -1 where it
    leaves out zero) and possible (the same at the largest bases and the rounding that favours it).
    The intervals are Newcombe's (see `compare_shares`).
    """
    one, two = before / 100, after / 100

    def interval(side: str, sign: int) -> tuple[pd.Series, pd.Series]:
        """Both ends where the difference was `sign` times a per cent larger than the printed."""
        first = (one - sign * ROUNDING).clip(0, 1)
        second = (two + sign * ROUNDING).clip(0, 1)
        found = compare_shares(first, bases_before[side], second, bases_after[side])
        return 100 * found.ci_low, 100 * found.ci_high

    low, high = interval("base_low", -1)[0], interval("base_low", 1)[1]
    best_low, best_high = interval("base_high", 1)[0], interval("base_high", -1)[1]
    return pd.DataFrame(
        {
            "difference": after - before,
            "ci_low": low,
            "ci_high": high,
            "sure": np.where(low > 0, 1, np.where(high < 0, -1, 0)),
            "possible": np.where(best_low > 0, 1, np.where(best_high < 0, -1, 0)),
        }
    )


def share_interval(percents: pd.Series, bases: Bases) -> pd.DataFrame:
    """Shares in whole per cent with the interval that holds at the smallest base: ci_low, ci_high.

    Wilson's interval, from the lowest and the highest share that rounds to the one printed.
    """
    base, share = int(bases["base_low"]), percents / 100
    low = np.floor(base * (share - ROUNDING).clip(0, 1)).astype(int)
    high = np.ceil(base * (share + ROUNDING).clip(0, 1)).astype(int)
    return pd.DataFrame(
        {
            "ci_low": 100 * wilson_interval(low, base).ci_low,
            "ci_high": 100 * wilson_interval(high, base).ci_high,
        }
    )


@dataclass(frozen=True)
class PublicAttitudes:
    """The shares of the borough `area_code` and of London, up to the edition's `period`.

    `table` has the columns month (the last of twelve), area_code, measure and percent; `bases` has
    base, base_low and base_high of a "borough" and of "London". `strategy_year` is
    the twelve months that later ones are compared with.
    """

    table: pd.DataFrame
    bases: Mapping[str, Bases]
    area_code: str
    period: Period
    strategy_year: Period

    @property
    def year(self) -> Period:
        """The newest twelve months held that end by the edition's period."""
        months = self.table["month"]
        return Period.year_to(months[months <= self.period.end].max())

    @property
    def first(self) -> Period:
        """The first twelve months that all measures have, of those that end like `year`."""
        begin = self.table.groupby("measure")["month"].min().max()
        return Period.year_to(min(end for end in self._ends if end >= begin))

    @property
    def base(self) -> Period:
        """The strategy's year where no month is in both, else the first year."""
        return self.strategy_year if self.strategy_year.end < self.year.start else self.first

    @property
    def _ends(self) -> dict[pd.Timestamp, str]:
        """The last month of each year that ends like `year`, with what the year is called."""
        months = pd.DatetimeIndex(self.table["month"].unique())
        ends = months[(months.month == self.year.end.month) & (months <= self.year.end)]
        return {end: Period.year_to(end).financial_year for end in ends.sort_values()}

    def _percents(self, area: str, period: Period) -> pd.Series:
        rows = self.table[(self.table["area_code"] == area) & (self.table["month"] == period.end)]
        return rows.set_index("measure")["percent"].reindex(list(LABELS)).dropna()

    def levels(self) -> "Attitudes":
        """Each measure in `year`, beside London: how far apart they are, and whether it is clear.

        Columns: measure, label, percent, london_percent, change_points (borough minus London),
        ci_low, ci_high and verdict.
        """
        own, london = self._percents(self.area_code, self.year), self._percents(LONDON, self.year)
        found = shifts(london, self.bases["London"], own, self.bases["borough"])
        columns = {"percent": own, "london_percent": london}
        return Attitudes(
            _told(found, columns, AGAINST_LONDON),
            self.year.label,
            {"change_points": "Points above or below London"},
        )

    def shares(self) -> pd.DataFrame:
        """The share of each measure in `year`: measure, label, percent, ci_low and ci_high."""
        own = self._percents(self.area_code, self.year)
        table = pd.DataFrame({"label": pd.Series(LABELS)[own.index], "percent": own})
        ends = share_interval(own, self.bases["borough"])
        return table.join(ends).rename_axis("measure").reset_index()

    def changes(self, base: Period | None = None) -> "Attitudes":
        """How each measure changed from `base` (else `self.base`) to `year`, beside London.

        Columns: measure, label, earlier, later, london_points, change_points, ci_low, ci_high and
        verdict. Raises ValueError where the two years share months.
        """
        base = base or self.base
        if base.end >= self.year.start:
            raise ValueError(f"base: the {base.label} and the {self.year.label} share answers")
        before, after = (self._percents(self.area_code, of) for of in (base, self.year))
        bases = self.bases["borough"]
        london = self._percents(LONDON, self.year) - self._percents(LONDON, base)
        columns = {"earlier": before, "later": after, "london_points": london}
        return Attitudes(
            _told(shifts(before, bases, after, bases), columns, OVER_TIME),
            f"{self.year.label}, against {base.label}",
            {"change_points": "Change in points"},
        )

    def _lately_told(self) -> str:
        """What rose and fell clearly in a year; empty where `changes` says it of the same years."""
        before = self.year.previous()
        if before == self.base:
            return ""
        said = self.changes(before).facts()
        return (
            f"Between the {before.label} and the {self.year.label}, clear rises: {said['up']}. "
            f"Clear falls: {said['down']}."
        )

    def trends(self) -> TimeSeries:
        """Each measure in all twelve months that end like `year`, with London's beside it."""
        rows = self.table[self.table["month"].isin(list(self._ends))]
        areas = {self.area_code: "percent", LONDON: "london_percent"}
        rows = rows[rows["area_code"].isin(list(areas))].assign(
            area=rows["area_code"].map(areas), place=rows["measure"].map(list(LABELS).index)
        )
        table = rows.pivot(index=["place", "measure", "month"], columns="area", values="percent")
        table = table.reset_index().rename(columns={"month": "period_end"})
        table = table.join(share_interval(table["percent"], self.bases["borough"]))
        table["panel"] = table["measure"].map(LABELS)
        table["label"] = table["period_end"].map(self._ends)
        columns = ["panel", "period_end", "label", "percent", "ci_low", "ci_high"]
        columns += ["london_percent"]
        return TimeSeries(table[columns], "%", "Share of those asked", source=SOURCE)

    def facts(self) -> dict[str, Quantity | str]:
        """The share of each measure by its name, London's (`trust_london`), and the bases assumed.

        Texts: the years shown, `lately_told` (the changes in a year) and `notice`, what to say
        where the newest is an earlier one.
        """
        about = partial(Quantity, unit="%", decimals=0, source=SOURCE, period=self.year)
        facts: dict[str, Quantity | str] = {
            "newest": self.year.label,
            "first": self.first.label,
            "since": self.base.label,
            "year_before": self.year.previous().label,
            "lately_told": self._lately_told(),
            "notice": ""
            if self.year == self.period
            else f"This book's table ends with {self.year.end:%B %Y}.",
        }
        for row in self.shares().to_dict("records"):
            ends = {"low": row["ci_low"], "high": row["ci_high"]}
            facts[row["measure"]] = about(row["percent"], label=row["label"], **ends)
        for measure, percent in self._percents(LONDON, self.year).items():
            name = str(measure)
            facts[f"{name}_london"] = about(percent, label=LABELS[name], area="London")
        assumed = partial(Quantity, unit="people", source=SOURCE, period=self.year)
        own = self.bases["borough"]
        return facts | {
            "asked": assumed(own["base"], label="People asked, as assumed"),
            "fewest": assumed(own["base_low"], label="People asked, the fewest assumed"),
            "most": assumed(own["base_high"], label="People asked, the most assumed"),
            "asked_london": assumed(
                self.bases["London"]["base"], label="People asked in London", area="London"
            ),
        }


def public_attitudes(area_code: str, period: Period, strategy_year: Period) -> PublicAttitudes:
    """The survey's shares in the tables of `data/`, up to an edition's period."""
    bases = load.table("assumed_bases")
    own = bases[bases["survey"] == SURVEY].set_index("area")[["base", "base_low", "base_high"]]
    known = {str(area): dict(row) for area, row in own.iterrows()}
    return PublicAttitudes(load.table("public_attitudes"), known, area_code, period, strategy_year)


def _told(
    found: pd.DataFrame, columns: dict[str, pd.Series], verdicts: dict[int, str]
) -> pd.DataFrame:
    """The table of `Attitudes`: what `shifts` found, with the shares and a verdict in words."""
    open_to_doubt = (found["sure"] == 0) & (found["possible"] != 0)
    table = found.rename(columns={"difference": "change_points"}).assign(
        **columns,
        label=pd.Series(LABELS),
        verdict=found["sure"].map(verdicts).mask(open_to_doubt, DEPENDS),
    )
    order = ["label", *columns, "change_points", "ci_low", "ci_high", "verdict"]
    # A measure that began after the first of two years has no change.
    table = table.loc[[name for name in LABELS if name in table.index], order].dropna()
    return table.rename_axis("measure").reset_index()


@dataclass(frozen=True)
class Attitudes:
    """Measures compared with London's or with an earlier year's: `table` as the methods make it.

    `when` is the period of the comparison, `called` names the columns of points.
    """

    table: pd.DataFrame
    when: str
    called: dict[str, str]

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        named = {name: said for name, said in HEADINGS.items() if name in self.table}
        return {
            "unit": "percentage points",
            "called": "Points",
            "decimals": 0,
            "source": SOURCE,
            "period": self.when,
            "in_table": [name for name in self.table if name != "measure"],
            "headings": named | self.called,
        }

    def facts(self) -> dict[str, Quantity | str]:
        """Each difference in points with its interval, by the measure, and its `verdict` in words.

        Texts: the measures with each verdict (`up`, `down`, `unclear`), and how many these are.
        """
        facts: dict[str, Quantity | str] = {}
        for row in self.table.to_dict("records"):
            facts[row["measure"]] = Quantity(
                row["change_points"],
                "percentage points",
                f"{self.called['change_points']}: {wording.in_sentence(row['label'])}",
                low=row["ci_low"],
                high=row["ci_high"],
                period=self.when,
                decimals=0,
                source=SOURCE,
            )
            facts[f"{row['measure']}_verdict"] = row["verdict"]
        low, high = self.table["ci_low"], self.table["ci_high"]
        kinds = {"up": low > 0, "down": high < 0, "unclear": (low <= 0) & (high >= 0)}
        of = len(self.table)
        for kind, rows in kinds.items():
            names = [wording.in_sentence(label) for label in self.table.loc[rows, "label"]]
            facts[kind] = wording.listed(names) or "none"
            facts[f"{kind}_many"] = wording.how_many_of(len(names), of)
        return facts
