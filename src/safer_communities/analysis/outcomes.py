"""Positive outcomes beside recorded offences, and the detection rates that the strategy printed."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from safer_communities.analysis.recorded_crime import LONDON, LONDON_AREA, TOTAL
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period, complete_years, when_in_words
from safer_communities.errors import did_you_mean
from safer_communities.facts import wording
from safer_communities.facts.fact import texts
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries, missing_year, row_of
from safer_communities.statistics.ratios import ratio_interval
from safer_communities.statistics.significance import compare_shares, wilson_interval

# Of fewer offences in a year a ratio says little.
FEWEST_TOLD = 20
# Positive outcomes are told for so many offences.
PER = 100
UNIT = "per 100 offences"
DENOMINATOR = "offences recorded in the same months"
# As the table of burglary outcomes calls them.
DEALT_WITH = "suspect charged, cautioned or dealt with in another way"
BURGLARY_LABEL = "Burglaries with a suspect charged, cautioned or dealt with in another way"
LABEL = "Positive outcomes, for every 100 offences recorded"


def listed_apart(
    area_code: str, within: pd.Series, *, partly: bool = True
) -> tuple[str, pd.DatetimeIndex]:
    """Where offences are that belong to the borough and are listed apart, in words, and when.

    The months are those `within` in which the newest release by borough has such an area, and their
    longest run: a month alone, as March 2020 with 37 offences, is left out. Those of an area that
    belongs to it in part alone count if `partly`.
    """
    apart = load.table("areas_apart")
    own = apart["counted_in"] == area_code
    if partly:
        own |= apart["partly_in"].str.split().map(lambda codes: area_code in codes)
    apart = apart[own & (apart["counted_in"] != apart["area_code"])]
    if apart.empty:
        return "", pd.DatetimeIndex([])
    release = load.table("editions")["borough_crime_releases"].iloc[-1].split()[0]
    crime = load.recorded_crime(release)
    crime = crime[crime["area_code"].isin(apart["area_code"]) & (crime["count"] > 0)]
    months = crime.loc[crime["month"].isin(within), "month"]
    found = pd.DatetimeIndex(sorted(months.unique()))
    # Months that follow each other are as far from their places in the list.
    runs = pd.Series(found.to_period("M").asi8 - range(len(found)))
    longest = found[runs == runs.mode().max()]
    return wording.listed([*apart["called"]]), longest


@dataclass(frozen=True)
class Outcomes:
    """Positive outcomes of recorded offences, for the borough `area_code`.

    `table` has the columns month, area_code, offence, offences and positive_outcomes, `boroughs`
    lists the 32 boroughs; years end in the month of `period`, `source` is the key of its citation.
    """

    table: pd.DataFrame
    boroughs: pd.DataFrame
    area_code: str
    period: Period
    source: str = "outcomes"

    def positive(self, offence: str, area: str | None = None) -> pd.DataFrame:
        """Positive outcomes for every 100 offences, year by year, in the borough or `area`.

        A row for each twelve months that the table holds in full, oldest first: period_end, label,
        offences, positive_outcomes, value, ci_low, ci_high. An outcome is counted in the month it
        was given, and may belong to an offence of an earlier month: it is no part of the offences
        beside it, so the interval is that of a ratio (`ratio_interval`). `area` is an area code, or
        LONDON for the 32 boroughs. Raises ValueError where the area has no such offence.
        """
        months = self._monthly(offence, area)
        years = complete_years(pd.DatetimeIndex(months.index), self.period)
        return pd.DataFrame([self._year(months, year) for year in years])

    def of_year(self, offence: str, area: str | None = None) -> Quantity:
        """The ratio of an offence in `period`, in the borough or `area`."""
        months = self._monthly(offence, area)
        return self._quantity(pd.Series(self._year(months, self.period)), area)

    def burglary(self) -> "BurglaryOutcomes":
        """What came of burglaries, by the year in which they were recorded."""
        table = load.table("burglary_outcomes")
        newest = table.groupby("month")["release"].transform("max")
        table = table[table["release"] == newest]
        return BurglaryOutcomes(table, self.boroughs, self.area_code, self.period)

    def told(self, offence: str) -> dict[str, Quantity | str]:
        """The ratio of a group of offences in `period`, or the year nearest to it, and in London.

        The text `outcomes_told` says both; where too few offences were recorded, that alone.
        """
        rows = self.positive(offence)
        if rows.empty or row_of(rows, self.period)["offences"] < FEWEST_TOLD:
            return {"outcomes_told": "There are too few of these offences to tell what followed."}
        row, name = row_of(rows, self.period), wording.in_sentence(offence)
        own = self._quantity(row)
        london = self._quantity(row_of(self.positive(offence, LONDON), self.period), LONDON)
        said, of_london = texts("it", own), texts("it", london)["it"]
        text = (
            f"A positive outcome is, for example, a charge or a caution. In the {own.period} there "
            f"were {said['it']} for every {PER} offences recorded under {name} (probably between "
            f"{said['it_interval'].replace(' to ', ' and ')}). In the 32 boroughs there were "
            f"{of_london}. {missing_year(rows, self.period)}"
        )
        apart = self.apart_told(Period.year_to(row["period_end"]))
        text = " ".join(filter(None, (text.strip(), apart)))
        return {"outcomes": own, "outcomes_london": london, "outcomes_told": text}

    def newest(self, area: str | None = None) -> Quantity:
        """The ratio of all offences in the newest twelve months held, in the borough or `area`."""
        months = self._monthly(TOTAL, area)
        period = Period.year_to(months.index.max())
        return self._quantity(pd.Series(self._year(months, period)), area)

    def apart_told(self, period: Period | None = None) -> str:
        """In which months (of a period) the police list offences of the borough apart; else empty.

        The dashboard has them in no borough either: Hillingdon's 12 months to March 2024 are 23,858
        offences in it, and 28,489 with the 4,628 at the airports (releases of January and April
        2026).
        """
        called, months = listed_apart(self.area_code, self.table["month"])
        months = months[months.isin(period.months())] if period else months
        if months.empty:
            return ""
        return (
            f"{when_in_words(months)} the police list offences {called} apart from the boroughs. "
            "The ratios of those months leave them out."
        )

    def _monthly(self, offence: str, area: str | None) -> pd.DataFrame:
        """Offences and positive outcomes a month in the borough or `area`."""
        area = area or self.area_code
        areas = list(self.boroughs["area_code"]) if area == LONDON else [area]
        own = self.table["area_code"].isin(areas) & (self.table["offence"] == offence)
        counted = self.table[own]
        if counted.empty:
            remedy = did_you_mean(offence, self.table["offence"].unique())
            raise ValueError(f"offence: there is no {offence!r} in {area}; {remedy}")
        return counted.groupby("month")[["offences", "positive_outcomes"]].sum()

    def _year(self, months: pd.DataFrame, period: Period) -> dict[str, Any]:
        """A row of `positive`."""
        own = months[months.index.isin(period.months())]
        found = ratio_interval(own["positive_outcomes"], own["offences"], per=PER)
        return {
            "period_end": period.end,
            "label": period.financial_year,
            "offences": int(own["offences"].sum()),
            "positive_outcomes": int(own["positive_outcomes"].sum()),
            "value": found.ratio,
            "ci_low": found.ci_low,
            "ci_high": found.ci_high,
        }

    def trend(self, offence: str = TOTAL) -> TimeSeries:
        """The ratio, year by year, in the borough and in all 32."""
        own = self.boroughs.set_index("area_code")["borough"].loc[self.area_code]
        areas = {own: self.area_code, wording.BOROUGHS: LONDON}
        tables = [self.positive(offence, code).assign(series=name) for name, code in areas.items()]
        rows = pd.concat(tables, ignore_index=True)
        return TimeSeries(rows, UNIT, LABEL, own=own, source=self.source, denominator=DENOMINATOR)

    def _quantity(self, row: pd.Series, area: str | None = None) -> Quantity:
        """A row of `positive` as a quantity of the twelve months in full words."""
        return Quantity(
            row["value"],
            UNIT,
            LABEL,
            low=row["ci_low"],
            high=row["ci_high"],
            period=Period.year_to(row["period_end"]).label,
            area=LONDON_AREA if area == LONDON else None,
            denominator=DENOMINATOR,
            source=self.source,
        )

    def facts(self) -> dict[str, Quantity | str]:
        """Of all recorded offences: `first_rate`, and in the edition's year `last_rate` and London.

        `newest_rate` and `newest_london_rate` are those of the newest twelve months held. The texts
        `first_label`, `last_label` and `newest_label` name the twelve months, `per` is for how many
        offences, `beginning` says when the figures begin, `notice` where those of the edition's
        year are missing, and `apart` which offences are in no borough's ratio.
        """
        own = self.positive(TOTAL)
        first = self._quantity(own.iloc[0])
        last = self._quantity(row_of(own, self.period))
        of_london = row_of(self.positive(TOTAL, LONDON), self.period)
        newest = self.newest()
        begins = f"The figures begin with the {first.period}, at {wording.number(first.value, 1)}."
        return {
            "per": str(PER),
            "first_label": str(first.period),
            "last_label": str(last.period),
            "newest_label": str(newest.period),
            "notice": missing_year(own, self.period),
            "apart": self.apart_told(),
            "beginning": begins if first != last else "It is the first year with figures.",
            "first_rate": first,
            "last_rate": last,
            "london_rate": self._quantity(of_london, LONDON),
            "newest_rate": newest,
            "newest_london_rate": self.newest(LONDON),
        }


@dataclass(frozen=True)
class BurglaryOutcomes:
    """What came of burglaries of all kinds, followed from each to its last known outcome.

    `table` has the columns month (the last of twelve), area_code, outcome and burglaries;
    `boroughs` lists the 32. A suspect who was charged, cautioned or dealt with in another way
    counts, whenever that was, in the year in which the burglary was recorded.
    """

    table: pd.DataFrame
    boroughs: pd.DataFrame
    area_code: str
    period: Period

    def shares(self, area: str | None = None) -> pd.DataFrame:
        """The share of burglaries with a suspect dealt with, in the borough or LONDON, by year.

        Oldest first: period_end, label, burglaries, dealt_with, value (per cent), ci_low, ci_high
        (Wilson).
        """
        areas = list(self.boroughs["area_code"]) if area == LONDON else [self.area_code]
        rows = self.table[self.table["area_code"].isin(areas)]
        rows = rows.assign(dealt=rows["burglaries"].where(rows["outcome"] == DEALT_WITH, 0))
        sums = rows.groupby("month")[["burglaries", "dealt"]].sum()
        found = wilson_interval(sums["dealt"], sums["burglaries"])
        ends = sums.index.to_series()
        return pd.DataFrame(
            {
                "period_end": ends,
                "label": ends.map(lambda end: Period.year_to(end).financial_year),
                "burglaries": sums["burglaries"],
                "dealt_with": sums["dealt"],
                "value": 100 * sums["dealt"] / sums["burglaries"],
                "ci_low": 100 * found.ci_low,
                "ci_high": 100 * found.ci_high,
            }
        ).reset_index(drop=True)

    def trend(self) -> TimeSeries:
        """The shares year by year in the borough and in all 32."""
        own = self.boroughs.set_index("area_code")["borough"].loc[self.area_code]
        areas = {own: None, wording.BOROUGHS: LONDON}
        tables = [self.shares(code).assign(series=name) for name, code in areas.items()]
        rows = pd.concat(tables, ignore_index=True)
        return TimeSeries(rows, "%", BURGLARY_LABEL, own=own, source="burglary_outcomes")

    def facts(self) -> dict[str, Quantity | str]:
        """The share in the edition's year, or the newest held, the `before` of it and London's.

        Texts: `year` names it, `began` the first there is, `notice` where it is not the edition's.
        """
        own, london = self.shares(), self.shares(LONDON)
        held = own[own["period_end"] <= self.period.end]
        last = held.iloc[-1]
        rows = [last, held.iloc[-2], london.set_index("period_end", drop=False).loc[last.iloc[0]]]
        areas = [None, None, LONDON_AREA]
        share, before, of_london = (
            Quantity(
                row["value"],
                "%",
                BURGLARY_LABEL,
                low=row["ci_low"],
                high=row["ci_high"],
                period=Period.year_to(row["period_end"]),
                area=area,
                source="burglary_outcomes",
            )
            for row, area in zip(rows, areas, strict=True)
        )
        return {
            "": share,
            "before": before,
            "london": of_london,
            "year": Period.year_to(last["period_end"]).label,
            "began": Period.year_to(own["period_end"].min()).label,
            "notice": missing_year(own, self.period),
        }


@dataclass(frozen=True)
class PrintedDetections:
    """Detection rates that the strategy printed for two years, tested (see `detection_changes`).

    `table` also has label, the offence and where; area, whose rate it is; and key, the id of the
    later figure.
    """

    table: pd.DataFrame
    period: Period

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        base = self.period.previous()
        return {
            "name": "detections",
            "unit": "percentage points",
            "decimals": 1,
            "source": "strategy",
            "in_table": [name for name in self.table if name not in ("key", "area", "p_value")],
            "headings": {
                "label": "Offence",
                "before": base.label,
                "after": self.period.label,
                "offences_before": f"Offences, {base.label}",
                "offences": f"Offences, {self.period.label}",
                "verdict": "Is it clear?",
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
            about = partial(Quantity, source="strategy", area=row["area"])
            key, what = row["key"], f"anction detection rate: {row['label']}"
            facts |= {
                f"{key}_before": about(row["before"], "%", f"S{what}", period=before),
                key: about(row["after"], "%", f"S{what}", period=self.period),
                f"{key}_change": about(
                    row["change_points"],
                    "percentage points",
                    f"Change in the s{what}",
                    period=f"{self.period.label}, against {before.label}",
                    low=row["ci_low"],
                    high=row["ci_high"],
                ),
                f"{key}_chance": row["verdict"],
            }
        return facts


def detection_changes(rates: pd.DataFrame) -> pd.DataFrame:
    """Two printed detection rates a row, tested: is their difference clear?

    `rates` has the columns before and after (per cent) and offences_before and offences (what they
    are shares of). Adds change_points, ci_low and ci_high (percentage points), p_value and verdict
    ("clear" where p is at most 0.05, else "too close to call"). Every offence counts
    as detected or not, apart from the others; the printed rates are taken as exact.
    """
    found = compare_shares(
        rates["before"] / 100, rates["offences_before"], rates["after"] / 100, rates["offences"]
    )
    verdicts = {True: "clear", False: "too close to call"}
    return rates.assign(
        change_points=100 * found.difference,
        ci_low=100 * found.ci_low,
        ci_high=100 * found.ci_high,
        p_value=found.p_value,
        verdict=found.significant.map(verdicts),
    )
