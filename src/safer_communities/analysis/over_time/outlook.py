"""The year to come: what its count may be, and how such forecasts of past years did."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from safer_communities.analysis.recorded_crime import TOTAL, RecordedCrime
from safer_communities.datasets.periods import Period, yearly_sums
from safer_communities.datasets.schemas import TABLES
from safer_communities.facts import wording
from safer_communities.facts.fact import texts
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries
from safer_communities.statistics import trends

EXPECTED = "Forecast"
ALL_YEARS = "Every year"
SHARES = {"80": 0.8, "95": 0.95}
ENDS = ("low_95", "low_80", "high_80", "high_95")
TOLD = (
    "The forecast for the {year} is {expected} offences, as many as in the year before. In four of "
    "five such years the count should lie between {low_80} and {high_80}, and in 19 of 20 between "
    "{low_95} and {high_95}. The ranges rest on how far the counts of all boroughs moved from one "
    "year to the next."
)
HELD = (
    "In years that had no part in making them, ranges made in this way held {coverage_80} and "
    "{coverage_95} of the boroughs' counts. A forecast knows nothing of new laws, new recording or "
    "new events."
)


@dataclass(frozen=True)
class YearOutlook:
    """The forecast of all recorded offences in the twelve months `period`.

    `years` are the borough's years up to now, `scores` is the table of how such forecasts did
    (see `forecast_scores`).
    """

    period: Period
    outlook: trends.Outlook
    years: TimeSeries
    scores: pd.DataFrame

    @property
    def table(self) -> pd.DataFrame:
        """The years and the forecast, a series each, for a chart: with its 95% interval.

        `basis` says which of the two a row is, and the interval in words.
        """
        ahead = {
            "period_end": self.period.end,
            "label": self.period.financial_year,
            "count": self.outlook.expected,
            "ci_low": self.outlook.low_95,
            "ci_high": self.outlook.high_95,
            "series": EXPECTED,
            "basis": "forecast, {} to {}".format(
                *map(wording.number, (self.outlook.low_95, self.outlook.high_95))
            ),
        }
        # A count has been counted: the interval on the page is that of the forecast alone.
        counted = self.years.table.drop(columns=["ci_low", "ci_high"]).assign(basis="counted")
        return pd.concat([counted, pd.DataFrame([ahead])], ignore_index=True)

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        period = f"{self.years.table['label'].iloc[0]} to {self.period.financial_year}"
        columns = {"in_table": ["label", "count", "basis"]}
        return (
            self.years.shown
            | columns
            | {
                "benchmark": EXPECTED,
                "period": period,
                "decimals": 0,
            }
        )

    def facts(self) -> dict[str, Quantity | str]:
        """The count expected "", both ends of both intervals, and the `coverage` of past ones.

        `low_80` and so on; the texts `told` and `held` are sentences of them.
        """
        about = partial(Quantity, unit="offences", label="Forecast", period=self.period.label)
        facts = {"": about(round(self.outlook.expected))}
        is_whole = self.scores["year"] == ALL_YEARS
        overall = self.scores[is_whole].to_dict("records")[0]
        ends = self.scores.loc[~is_whole, "year"].str.removeprefix("12 months to ")
        scored = f"{Period.year_to(ends.iloc[0]).start:%B %Y} to {ends.iloc[-1]}"
        for share in SHARES:
            for end in ("low", "high"):
                label = f"Forecast, {end} end of the {share}% interval"
                value = round(getattr(self.outlook, f"{end}_{share}"))
                facts[f"{end}_{share}"] = about(value, label=label)
            facts[f"coverage_{share}"] = Quantity(
                overall[f"coverage_{share}"],
                unit="%",
                label=f"Past years within their {share}% interval, made without their own figures",
                period=scored,
                area="London (32 boroughs)",
                source="latest_crime",
                decimals=0,
            )
        said = {name or "expected": texts("it", each)["it"] for name, each in facts.items()}
        told = TOLD.format(year=self.period.label, **said)
        return {**facts, "year": self.period.label, "told": told, "held": HELD.format(**said)}


def year_outlook(crime: RecordedCrime, years: TimeSeries, scores: pd.DataFrame) -> YearOutlook:
    """The forecast of the year after the crime's period, from what was counted up to then."""
    moves = yearly_moves(crime).to_numpy().ravel()
    ahead = crime.period.shift_years(1)
    return YearOutlook(ahead, trends.outlook(crime.count(), moves), years, scores)


def yearly_moves(crime: RecordedCrime) -> pd.DataFrame:
    """How far each borough's total moved between years up to the period (see `trends`)."""
    monthly = crime.monthly_by_area(TOTAL).loc[: crime.period.end]
    sums = yearly_sums(monthly[list(crime.boroughs["area_code"])], crime.period)
    years = sums.set_index("period_end").drop(columns="label").astype(int)
    return trends.yearly_moves(years)


def scored_outlooks(editions: Mapping[str, RecordedCrime], newest: RecordedCrime) -> pd.DataFrame:
    """The outlook of each edition beside what came, in per cent of the edition's own year.

    `editions` gives each edition's recorded crime, by its name; what came is counted in `newest`.
    Columns: edition, year (the twelve months forecast), low_95_percent, low_80_percent,
    high_80_percent, high_95_percent, came_percent (missing where it is not over) and held.
    """
    rows = []
    for name, crime in editions.items():
        year, base = crime.period.shift_years(1), crime.period
        made = trends.outlook(100, yearly_moves(crime).to_numpy().ravel())
        ends = {end: getattr(made, end) - 100 for end in ENDS}
        over = newest.covers(period=year)
        came = 100 * newest.count(period=year) / newest.count(period=base) - 100 if over else np.nan
        rows.append(
            {
                "edition": name,
                "year": year.label,
                **{f"{end}_percent": percent for end, percent in ends.items()},
                "came_percent": came,
                "held": _held(came, ends),
            }
        )
    return pd.DataFrame(rows)


def _held(came: float, ends: Mapping[str, float]) -> str:
    if np.isnan(came):
        return "not over yet"
    for share in SHARES:
        if ends[f"low_{share}"] <= came <= ends[f"high_{share}"]:
            return f"within the {share}% interval"
    return "outside both intervals"


def forecast_scores(crime: RecordedCrime) -> pd.DataFrame:
    """How the forecasts of all boroughs' years did, each year left out of its own intervals.

    A row a year forecast, then one for all: year ("12 months to March 2014"), boroughs,
    came_percent (by how much the middle borough's count lay above the forecast), coverage_80 and
    coverage_95 (the per cent of boroughs within the intervals), reach_80 and reach_95 (how far
    these reach upwards, per cent of the forecast).
    """
    moves = yearly_moves(crime)
    rows = pd.DataFrame(
        {
            "year": [Period.year_to(end).label for end in moves.index],
            "boroughs": moves.notna().sum(axis=1).to_numpy(),
            "came_percent": 100 * np.expm1(moves.median(axis=1).to_numpy()),
        }
    )
    whole = {
        "year": ALL_YEARS,
        "boroughs": rows["boroughs"].sum(),
        "came_percent": 100 * np.expm1(float(np.nanmedian(moves.to_numpy()))),
    }
    for name, share in SHARES.items():
        held = trends.left_out_coverage(moves, share)
        rows[f"coverage_{name}"] = 100 * held.to_numpy()
        whole[f"coverage_{name}"] = 100 * np.average(held, weights=rows["boroughs"])
        rows[f"reach_{name}"] = [
            100 * np.expm1(trends.reach(moves.drop(year).to_numpy().ravel(), share))
            for year in moves.index
        ]
        whole[f"reach_{name}"] = 100 * np.expm1(trends.reach(moves.to_numpy().ravel(), share))
    table = pd.concat([rows, pd.DataFrame([whole])], ignore_index=True).round(1)
    return table[list(TABLES["forecasts"].schema.columns)]
