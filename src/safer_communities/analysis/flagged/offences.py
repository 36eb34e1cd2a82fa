"""Offences with a flag, such as domestic abuse, hate and knives: one subject of the dashboards."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd
from pandas.tseries.offsets import MonthEnd

from safer_communities.analysis.breaks import Breaks
from safer_communities.analysis.changes.year_on_year import Movement, YearOnYear
from safer_communities.analysis.crime import BoroughCrime
from safer_communities.analysis.flagged.event import MonthsAfter
from safer_communities.analysis.flagged.year import FlaggedYear
from safer_communities.analysis.monthly_counts import MonthlyCounts
from safer_communities.analysis.once import once
from safer_communities.analysis.outcomes import Outcomes, listed_apart
from safer_communities.analysis.people import People
from safer_communities.analysis.places.rates import BoroughRates, ranks_by_measure
from safer_communities.analysis.profile import citation_key
from safer_communities.analysis.recorded_crime import (
    ALL_OF_LONDON,
    AREA_NAMES,
    LONDON,
    PANDEMIC_START,
)
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period, newest_year_held
from safer_communities.datasets.schemas.gaps import NO_COMPARISON
from safer_communities.errors import check_known
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries
from safer_communities.statistics.changes.yearly_change import LARGEST_SD

# What the table of breaks calls these series.
CLASSIFICATION = "dashboard"


@dataclass(frozen=True)
class FlaggedTable:
    """Counts and rates of several measures in twelve months: a row a measure.

    Columns of `table`: measure, count, london_count, rate, ci_low, ci_high, london_rate.
    """

    table: pd.DataFrame
    source: str
    period: Period

    @property
    def shown(self) -> dict[str, Any]:
        """What a table of it need not be told."""
        headings = {"measure": "Flag", "count": "Offences", "london_count": "In the 32 boroughs"}
        return {"source": self.source, "period": self.period.label, "headings": headings}


# As the table of measures calls what the publisher counts outside violence against women and girls.
OTHER_FLAGGED = "Other flagged offences"


@dataclass(frozen=True)
class LondonKinds:
    """The kinds of violence against women and girls in London: a row a kind, the commonest first.

    Columns of `table`: label, value (per cent of all of them), offences. The publisher gives kinds
    for all London alone.
    """

    table: pd.DataFrame
    source: str
    period: Period

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        return {
            "name": "kinds",
            "unit": "%",
            "source": self.source,
            "period": self.period.label,
            "headings": {"label": "Kind of offence", "value": "Share (%)"},
        }

    def facts(self) -> dict[str, Quantity | str]:
        """The share `other` that the publisher counts outside; the text `first` is the largest."""
        shares = self.table.set_index("label")["value"]
        return {
            "first": wording.in_sentence(str(shares.index[0])),
            "other": Quantity(
                shares[OTHER_FLAGGED],
                unit="%",
                label="Other flagged offences, of all flagged offences",
                period=self.period,
                area=AREA_NAMES[ALL_OF_LONDON],
                source=self.source,
            ),
        }


@dataclass(frozen=True, kw_only=True)
class FlaggedOffences(BoroughCrime):
    """The measures of one subject, as the borough and the edition have them.

    A measure is an offence, or a kind of victim, in the words of `BoroughCrime`; flags overlap, so
    measures are never added up. `period` is the newest twelve months held up to the edition's, or
    the first there are; each month is of the newest release that has it. `units` says what a
    measure counts, `outcomes` has the positive outcomes, where they are published, `of_edition` is
    the edition's period, `publication` names that of the counts.
    """

    units: dict[str, str]
    outcomes: Outcomes
    of_edition: Period
    publication: str

    @cached_property
    def begins(self) -> pd.Timestamp:
        """The first month held."""
        return self.counts.months[0]

    @cached_property
    def ends(self) -> pd.Timestamp:
        """The last month held, whatever the edition."""
        return self.counts.months[-1]

    def cited(self, *periods: Period) -> str:
        """The key of the citation of the releases that the rows of these years come from."""
        releases = {release for period in periods for release in self.releases(period)}
        return _cited(self.publication, releases)

    def rates(
        self, measure: str = "", per: str = "residents", period: Period | None = None
    ) -> BoroughRates:
        """As in `BoroughCrime`."""
        found = super().rates(measure, per, period)
        return replace(found, cited=self.cited(found.period))

    @property
    def notice(self) -> str:
        """What to say where its twelve months are not those of the edition; else empty."""
        if self.period == self.of_edition:
            return ""
        if self.period.end > self.of_edition.end:
            return (
                f"The figures begin with {self.begins:%B %Y}: the first full year is the "
                f"{self.period.label}, which is later than the {self.of_edition.label} of this "
                "edition."
            )
        return "These are the newest figures held."

    def year_on_year(
        self,
        measure: str = "",
        area: str | None = None,
        period: Period | None = None,
        base: Period | None = None,
    ) -> YearOnYear:
        """As in `BoroughCrime`; no verdict on its own past where no year before 2020 is held.

        What is usual is learnt from the years before the pandemic: a series that begins later has
        none, and only sets the borough beside the others.
        """
        year = super().year_on_year(measure, area, period, base)
        usual_known = self.begins < PANDEMIC_START - pd.DateOffset(years=2)
        return year if usual_known else year.without_own_past()

    @once
    def movement(self, measure: str, apart: int = 1) -> Movement:
        """As in `RecordedCrime`; where no pair of years compares, so wide that no test is left."""
        if self.ordinary_pairs(measure)[0].empty:
            return Movement(areas=LARGEST_SD, common=LARGEST_SD)
        return super().movement(measure, apart)

    def comparable(self, measure: str) -> YearOnYear | None:
        """The newest change between two full years that no break parts; None where there is none.

        The years end with the period, or with the last month before the break.
        """
        period = self.period
        while period.previous().start >= self.begins:
            if not self.breaks.forbid(measure, period.previous(), period):
                # What is usual is learnt from years that end as these do.
                return replace(self, period=period).year_on_year(measure)
            period = Period.year_to(period.end - pd.DateOffset(months=1))
        return None

    def by_month(self, *measures: str) -> TimeSeries:
        """The borough's months from the first held to the last of the period: a panel a measure."""
        parts = []
        for measure in measures:
            months = self.monthly(measure).loc[: self.period.end]
            label = pd.DatetimeIndex(months.index).strftime("%B %Y")
            part = {"panel": measure, "period_end": months.index, "label": label, "count": months}
            parts.append(pd.DataFrame(part))
        return TimeSeries(
            pd.concat(parts, ignore_index=True),
            unit="offences a month",
            label=", ".join(measures),
            source=self.source,
            breaks=self.breaks.of(*measures),
        )

    def compared(self, *measures: str) -> FlaggedTable:
        """The measures in the period, each with its rate per 1,000 residents and London's."""
        rows = ranks_by_measure(self, self.people.residents, list(measures))
        rows = rows.set_index("measure").loc[list(measures)].reset_index()
        rows.insert(2, "london_count", [self.count(name, LONDON) for name in rows["measure"]])
        columns = ["measure", "count", "london_count", "rate", "ci_low", "ci_high", "london_rate"]
        return FlaggedTable(rows[columns], self.rates(measures[0]).source, self.period)

    def london_kinds(self) -> LondonKinds:
        """The kinds of violence against women and girls in London, in the period."""
        table = load.table("women_and_girls_kinds")
        own = table[table["month"].isin(self.period.months())]
        offences = own.groupby("measure")["offences"].sum().sort_values(ascending=False)
        rows = {"label": offences.index, "value": 100 * offences / offences.sum()}
        kinds = pd.DataFrame(rows | {"offences": offences}).reset_index(drop=True)
        return LondonKinds(kinds, self.source, self.period)

    def after(self, event: str, *measures: str) -> MonthsAfter:
        """The months from an event of the table of breaks on, beside those a year earlier."""
        rows = self.breaks.table.set_index("break_id")["date"]
        check_known("event", event, rows.index)
        first = rows[event].normalize().replace(day=1)
        monthly = {
            (measure, area): self.monthly(measure, area).loc[: self.period.end]
            for measure in measures
            for area in (self.area_code, LONDON)
        }
        return MonthsAfter.of(monthly, first, self.borough, self.source)

    def year(self, measure: str) -> FlaggedYear:
        """The measure in the period: counts, rates, share of London's, the newest change."""
        return FlaggedYear(self, measure, self.comparable(measure))


def flagged_offences(
    subject: str, edition: Period, boroughs: pd.DataFrame, area_code: str, people: People
) -> FlaggedOffences:
    """The measures of a subject of `data/reference/flagged_measures.csv`.

    `edition` is the edition's period, `boroughs` lists the 32 boroughs. Raises ValueError where
    there is no such subject.
    """
    measures = load.table("flagged_measures")
    measures = measures[measures["area"] == "borough"]
    check_known("subject", subject, measures["subject"].unique())
    own = measures[measures["subject"] == subject].drop_duplicates("measure")
    table = _counts(own)
    period = newest_year_held(table["month"], edition)
    counted = table[table["positive_outcomes"].notna() & (table["month"] <= period.end)]
    publication = str(own["publication"].iloc[0])
    source = _cited(publication, set(table["release"]))
    return FlaggedOffences(
        counts=MonthlyCounts(table.drop(columns="positive_outcomes")),
        offences=pd.DataFrame(
            {
                "offence": own["measure"],
                "offence_group": own["measure"],
                "counted_in_total": subject == "All offences",
            }
        ),
        boroughs=boroughs,
        area_code=area_code,
        period=period,
        people=people,
        breaks=_breaks(area_code, own["measure"], table["month"]),
        source=source,
        units=dict(zip(own["measure"], own["unit"], strict=True)),
        outcomes=Outcomes(
            counted.rename(columns={"count": "offences"}), boroughs, area_code, period, source
        ),
        of_edition=edition,
        publication=publication,
    )


def _breaks(area_code: str, measures: pd.Series, months: pd.Series) -> Breaks:
    """The breaks of these series, and of a borough with months that lack an area, their two ends.

    The dashboards have the offences at the airports in no borough from April 2023 to February 2024:
    Hillingdon's share of hate crime is 3.2% before, 2.5% in these months and 3.0% after.
    """
    table = load.table("series_breaks")
    called, apart = listed_apart(area_code, months, partly=False)
    if not apart.empty:
        ends = pd.DataFrame(
            {
                "break_id": ["apart_from", "apart_until"],
                "date": [apart[0], apart[-1] + MonthEnd()],
                "name": f"Offences {called} are listed apart",
                "classification": CLASSIFICATION,
                "measures": ";".join(measures),
                "effect": NO_COMPARISON,
                "caution": "",
            }
        )
        table = pd.concat([table, ends]).sort_values("date", kind="stable")
    return Breaks(table, CLASSIFICATION)


def _cited(publication: str, releases: set[str]) -> str:
    """The key of the citation of several releases, the newest first."""
    return " + ".join(citation_key(publication, each) for each in sorted(releases, reverse=True))


def _counts(measures: pd.DataFrame) -> pd.DataFrame:
    """The rows of the measures, each month from the newest release that has it.

    Columns: month, area_code, offence, count, positive_outcomes, release.
    """
    if measures["publication"].iloc[0] == "mps_women_and_girls":
        table = load.table("women_and_girls")
        units = zip(measures["unit"], measures["measure"], strict=True)
        parts = [
            table.assign(offence=name, count=table[unit], positive_outcomes=float("nan"))
            for unit, name in units
        ]
        rows = pd.concat(parts, ignore_index=True)
    else:
        table = load.table("flagged_offences")
        rows = table[table["measure"].isin(measures["measure"])]
        rows = rows.rename(columns={"measure": "offence"}).sort_values("release")
        newest = rows.groupby(["offence", "month"])["release"].transform("max")
        rows = rows[rows["release"] == newest]
    columns = ["month", "area_code", "offence", "count", "positive_outcomes", "release"]
    return rows[columns].reset_index(drop=True)
