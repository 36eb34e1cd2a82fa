"""How often a recorded offence led to a detection or another positive outcome for the police."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd

from safer_communities.analysis.recorded_crime import LONDON, LONDON_AREA, TOTAL
from safer_communities.datasets.periods import Period, yearly_sums
from safer_communities.errors import did_you_mean
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries, missing_year, row_of
from safer_communities.statistics.rates import MORE_THAN_CHANCE, NOT_DISTINGUISHABLE
from safer_communities.statistics.significance import compare_shares, wilson_interval


@dataclass(frozen=True)
class Outcomes:
    """Positive outcomes of recorded offences, for the borough `area_code`.

    `table` has the columns month, area_code, offence, offences and positive_outcomes, `boroughs`
    lists the 32 boroughs; years end in the month of `period`.
    """

    table: pd.DataFrame
    boroughs: pd.DataFrame
    area_code: str
    period: Period

    def positive(self, offence: str, area: str | None = None) -> pd.DataFrame:
        """Positive outcomes as a share of offences, year by year, in the borough or `area`.

        A row for each twelve months that the table holds in full, oldest first: period_end, label,
        offences, positive_outcomes, percent, ci_low, ci_high (Wilson, per cent). An outcome is
        counted in the month it was given, so it may belong to an offence of an earlier month, and
        the interval is a guide only. `area` is an area code, or LONDON for the 32 boroughs. Raises
        ValueError where the area has no such offence.
        """
        area = area or self.area_code
        areas = list(self.boroughs["area_code"]) if area == LONDON else [area]
        own = self.table["area_code"].isin(areas) & (self.table["offence"] == offence)
        counted = self.table[own]
        if counted.empty:
            remedy = did_you_mean(offence, self.table["offence"].unique())
            raise ValueError(f"offence: there is no {offence!r} in {area}; {remedy}")
        months = counted.groupby("month")[["offences", "positive_outcomes"]]
        table = yearly_sums(months.sum(), self.period)
        share = wilson_interval(table["positive_outcomes"], table["offences"])
        return table.assign(
            percent=100 * share.proportion,
            ci_low=100 * share.ci_low,
            ci_high=100 * share.ci_high,
        )

    def trend(self, offence: str = TOTAL) -> TimeSeries:
        """The share with one, year by year, in the borough and in London."""
        own = self.boroughs.set_index("area_code")["borough"].loc[self.area_code]
        areas = {own: self.area_code, "London": LONDON}
        tables = [self.positive(offence, code).assign(series=name) for name, code in areas.items()]
        label = "Positive outcomes, of the number of offences recorded"
        rows = pd.concat(tables, ignore_index=True)
        return TimeSeries(rows, "%", label, own=own, source="outcomes")

    def facts(self) -> dict[str, Quantity | str]:
        """Of all recorded offences: `first_rate`, and in the edition's year `last_rate` and London.

        The texts `first_label` and `last_label` name the two years, `beginning` says when the
        figures begin, and `notice` where those of the edition's year are missing.
        """
        trend = self.trend()
        own, year = trend.told, row_of(trend.told, self.period)
        of_london = row_of(trend.table[trend.table["series"] == "London"], self.period)
        first, last = trend.quantity(own.iloc[0]), trend.quantity(year)
        begins = f"The figures begin with {first.period}, at {wording.percent(first.value)}."
        return {
            "first_label": str(first.period),
            "last_label": str(last.period),
            "notice": missing_year(own, self.period),
            "beginning": begins if first != last else "It is the first year with figures.",
            "first_rate": first,
            "last_rate": last,
            "london_rate": replace(trend.quantity(of_london), area=LONDON_AREA),
        }


@dataclass(frozen=True)
class PrintedDetections:
    """Detection rates that the strategy printed for two years, tested (see `detection_changes`).

    `table` also has label, the offence and "London" where it is not the borough `area`, and key,
    the id of the later figure.
    """

    table: pd.DataFrame
    period: Period
    area: str

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        base = self.period.previous()
        return {
            "name": "detections",
            "unit": "percentage points",
            "decimals": 1,
            "source": "strategy",
            "in_table": [name for name in self.table if name not in ("key", "p_value")],
            "headings": {
                "label": "Offence",
                "before": base.label,
                "after": self.period.label,
                "offences_before": f"Offences, {base.label}",
                "offences": f"Offences, {self.period.label}",
                "verdict": "Is it chance?",
            },
        }

    def facts(self) -> dict[str, Quantity | str]:
        """Both rates and the change of each, by its key; the text `key_chance` is the verdict.

        The text `detections_listed` lists the rates, for a text alternative.
        """
        rows = self.table.to_dict("records")
        rate = "{label}: {before:.1f}% to {after:.1f}%"
        facts: dict[str, Quantity | str] = {
            "detections_listed": "; ".join(rate.format_map(row) for row in rows)
        }
        before = self.period.previous()
        for row in rows:
            area = LONDON_AREA if row["label"].endswith("London") else self.area
            about = partial(Quantity, source="strategy", area=area)
            key, what = row["key"], f"anction detection rate: {row['label']}"
            facts |= {
                f"{key}_before": about(row["before"], "%", f"S{what}", period=before),
                key: about(row["after"], "%", f"S{what}"),
                f"{key}_change": about(
                    row["change_points"],
                    "percentage points",
                    f"Change in the s{what}",
                    *(row["ci_low"], row["ci_high"]),
                ),
                f"{key}_chance": wording.in_chance(row["verdict"]),
            }
        return facts


def detection_changes(rates: pd.DataFrame) -> pd.DataFrame:
    """Two printed detection rates a row, tested: is their difference more than chance?

    `rates` has the columns before and after (per cent) and offences_before and offences (what they
    are shares of). Adds change_points, ci_low and ci_high (percentage points), p_value and verdict
    ("more than chance" where p is at most 0.05, else "not distinguishable"). Every offence counts
    as detected or not, apart from the others; the printed rates are taken as exact.
    """
    found = compare_shares(
        rates["before"] / 100, rates["offences_before"], rates["after"] / 100, rates["offences"]
    )
    verdicts = {True: MORE_THAN_CHANCE, False: NOT_DISTINGUISHABLE}
    return rates.assign(
        change_points=100 * found.difference,
        ci_low=100 * found.ci_low,
        ci_high=100 * found.ci_high,
        p_value=found.p_value,
        verdict=found.significant.map(verdicts),
    )
