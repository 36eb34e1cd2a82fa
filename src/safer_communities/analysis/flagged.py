"""Offences with a flag, such as domestic abuse, hate and knives: one subject of the dashboards."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import pandas as pd

from safer_communities.analysis.breaks import Breaks
from safer_communities.analysis.changes.year_on_year import YearOnYear
from safer_communities.analysis.crime import BoroughCrime
from safer_communities.analysis.outcomes import Outcomes
from safer_communities.analysis.people import People
from safer_communities.analysis.recorded_crime import LONDON, LONDON_AREA, PANDEMIC_START
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period
from safer_communities.errors import did_you_mean
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity

# What the table of breaks calls these series.
CLASSIFICATION = "dashboard"
# The citation of each publication.
SOURCES = {"mps_flagged_offences": "flagged", "mps_women_and_girls": "women_and_girls"}
_NO_TWO_YEARS = (
    "No change is given: there are no two full years to compare, as the figures begin with {}."
)
_BROKEN = (
    "No change is given: {} lies between all full years that could be compared, and the figures "
    "before and after it count differently."
)
_CHANGED = "The count {}, from {} in the {} to {} in the {}."
# Below it a change in per cent says nothing.
FEWEST = 10
_EARLIER = "The newest two full years that can be compared are earlier ones. "


@dataclass(frozen=True, kw_only=True)
class FlaggedOffences(BoroughCrime):
    """The measures of one subject, as the borough and the edition have them.

    A measure is an offence, or a kind of victim, in the words of `BoroughCrime`; flags overlap, so
    measures are never added up. `period` is the newest twelve months held up to the edition's, or
    the first there are; each month is of the newest release that has it. `units` says what a
    measure counts, `outcomes` has the positive outcomes, where they are published, `of_edition` is
    the edition's period.
    """

    units: dict[str, str]
    outcomes: Outcomes
    of_edition: Period

    @cached_property
    def begins(self) -> pd.Timestamp:
        """The first month held."""
        return pd.Timestamp(self.counts["month"].min())

    @cached_property
    def ends(self) -> pd.Timestamp:
        """The last month held, whatever the edition."""
        return pd.Timestamp(self.counts["month"].max())

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
        return f"The newest figures held are those of the {self.period.label}."

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

    def year(self, measure: str) -> "FlaggedYear":
        """The measure in the period: counts, rates, share of London's, the newest change."""
        return FlaggedYear(self, measure, self.comparable(measure))


@dataclass(frozen=True)
class FlaggedYear:
    """One measure in the twelve months of its subject, in the borough and in London.

    `change` is the newest change that can be stated, perhaps of earlier years.
    """

    series: FlaggedOffences
    measure: str
    change: YearOnYear | None

    @property
    def in_words(self) -> str:
        """The change in one to three sentences, or why there is none."""
        if self.change is None:
            return self._why_not
        year, unit = self.change, self.series.units[self.measure]
        few = min(year.count, year.base_count) < FEWEST
        moved = wording.rose_by(year.change_percent, wording.percent(abs(year.change_percent)))
        told = _CHANGED.format(
            wording.verb(year.change) if few else moved,
            f"{wording.number(year.base_count)} {unit}",
            year.base_period.label,
            wording.number(year.count),
            year.period.label,
        )
        if few:
            return f"{told} So few say nothing of a trend."
        earlier = "" if year.period == self.series.period else _EARLIER
        past = "" if year.own_past_is_unknown else f" That is {year.own_past_in_words}."
        cautions = self.series.breaks.cautions(self.measure, year.base_period, year.period)
        return " ".join([f"{earlier}{told}{past}", year.in_words, *cautions]).strip()

    @property
    def _why_not(self) -> str:
        series = self.series
        last = series.period.previous()
        if last.start < series.begins:
            return _NO_TWO_YEARS.format(f"{series.begins:%B %Y}")
        dates = [date for date, _ in series.breaks.of(self.measure) if date > last.start]
        return _BROKEN.format(f"{dates[-1]:%B %Y}")

    def facts(self) -> dict[str, Quantity | str]:
        """Its count, London's, the `share` of London's, the `rate` and London's rate per 1,000.

        Where a change can be stated, `change` with its interval, both counts (`now` and `base`) and
        `against` the other boroughs. Texts: `period` of the counts, `change_told`.
        """
        series, measure = self.series, self.measure
        period, unit = series.period, series.units[measure]
        about: Callable[..., Quantity] = partial(Quantity, source=series.source, period=period)
        own, london = series.count(measure), series.count(measure, LONDON)
        rates = series.rates(measure)
        said = wording.in_sentence(measure)
        share = about(100 * own / max(london, 1), "%", f"Share of London's: {said}")
        rate = partial(
            about,
            unit=rates.denominator.rate_unit,
            label=f"Rate of {said}",
            denominator=rates.denominator.label,
        )
        facts: dict[str, Quantity | str] = {
            "": about(own, unit, measure),
            "london": about(london, unit, measure, area=LONDON_AREA),
            "share": share,
            "rate": rate(rates.own["rate"], low=rates.own["ci_low"], high=rates.own["ci_high"]),
            "rate_london": rate(rates.london.rate, area=LONDON_AREA),
            "period": period.label,
            "change_told": self.in_words,
        }
        facts = {
            key: replace(fact, source=rates.source) if key.startswith("rate") else fact
            for key, fact in facts.items()
            if isinstance(fact, Quantity)
        } | {key: fact for key, fact in facts.items() if isinstance(fact, str)}
        return facts | self._change_facts(about, said, unit)

    def _change_facts(
        self, about: Callable[..., Quantity], said: str, unit: str
    ) -> dict[str, Quantity | str]:
        year = self.change
        if year is None or min(year.count, year.base_count) < FEWEST:
            return {}
        both = f"{year.period.label}, against {year.base_period.label}"
        interval: dict[str, Any] = {}
        if not year.own_past_is_unknown:
            interval = {"low": year.ci_low, "high": year.ci_high}
        facts: dict[str, Quantity | str] = {
            "now": about(year.count, unit, year.measure, period=year.period),
            "base": about(year.base_count, unit, year.measure, period=year.base_period),
            "change": about(year.change_percent, "%", f"Change in {said}", period=both, **interval),
            "verdict": year.verdict,
        }
        if year.in_words:
            facts["against"] = about(
                year.against_others_percent,
                "%",
                f"Change in {said}, divided by that in the other boroughs",
                period=both,
                low=year.against_others_low,
                high=year.against_others_high,
            )
        return facts


def flagged_offences(
    subject: str, edition: Period, boroughs: pd.DataFrame, area_code: str, people: People
) -> FlaggedOffences:
    """The measures of a subject of `data/reference/flagged_measures.csv`.

    `edition` is the edition's period, `boroughs` lists the 32 boroughs. Raises ValueError where
    there is no such subject.
    """
    measures = load.table("flagged_measures")
    measures = measures[measures["area"] == "borough"]
    if subject not in set(measures["subject"]):
        remedy = did_you_mean(subject, measures["subject"].unique())
        raise ValueError(f"subject: there is no {subject!r}; {remedy}")
    own = measures[measures["subject"] == subject].drop_duplicates("measure")
    table = _counts(own)
    period = _period_held(table["month"], edition)
    counted = table[table["positive_outcomes"].notna() & (table["month"] <= period.end)]
    source = SOURCES[own["publication"].iloc[0]]
    return FlaggedOffences(
        counts=table.drop(columns="positive_outcomes"),
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
        breaks=Breaks(load.table("series_breaks"), CLASSIFICATION),
        source=source,
        units=dict(zip(own["measure"], own["unit"], strict=True)),
        outcomes=Outcomes(
            counted.rename(columns={"count": "offences"}), boroughs, area_code, period, source
        ),
        of_edition=edition,
    )


def london_kinds(period: Period) -> pd.DataFrame:
    """The kinds of violence against women and girls in London: a row a kind, the commonest first.

    Columns: measure, offences, percent (of all of them), in the newest twelve months held up to
    `period`. The publisher gives kinds for all London alone.
    """
    table = load.table("women_and_girls_kinds")
    months = _period_held(table["month"], period).months()
    sums = table[table["month"].isin(months)].groupby("measure")["offences"].sum()
    kinds = sums.sort_values(ascending=False).reset_index()
    return kinds.assign(percent=100 * kinds["offences"] / kinds["offences"].sum())


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


def _period_held(months: pd.Series, edition: Period) -> Period:
    """The newest twelve months held up to the edition's; the first where it begins later."""
    first = Period.year_to(months.min() + pd.DateOffset(months=11))
    return max(first, Period.year_to(min(months.max(), edition.end)), key=lambda period: period.end)
