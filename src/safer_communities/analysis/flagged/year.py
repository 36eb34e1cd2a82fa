"""One flagged measure in twelve months: its counts, rates, outcomes, and the newest change."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from safer_communities.analysis.changes.year_on_year import YearOnYear
from safer_communities.analysis.outcomes import listed_apart
from safer_communities.analysis.recorded_crime import LONDON, LONDON_AREA
from safer_communities.datasets.periods import when_in_words
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity

if TYPE_CHECKING:
    from safer_communities.analysis.flagged.offences import FlaggedOffences

_NO_TWO_YEARS = (
    "No change is given: there are no two full years to compare, as the figures begin with {}."
)
_BROKEN = (
    "No change is given: {} lies between all full years that could be compared, and the figures "
    "before and after it count differently."
)
_CHANGED = "{} count {}, from {} in the {} to {} in the {}."
_EARLIER = (
    "Years before and after {} are not compared, as the police's records changed. In the newest "
    "two full years that can be compared, the"
)


@dataclass(frozen=True)
class FlaggedYear:
    """One measure in the twelve months of its subject, in the borough and in London.

    `change` is the newest change that can be stated, perhaps of earlier years.
    """

    series: "FlaggedOffences"
    measure: str
    change: YearOnYear | None

    @property
    def in_words(self) -> str:
        """The change in one to three sentences, or why there is none, and what is listed apart."""
        called, months = listed_apart(self.series.area_code, self.series.counts.months.to_series())
        months = months[months <= self.series.period.end]
        if months.empty:
            return self._moved
        apart = f"{when_in_words(months)} offences {called} are in no borough's figures here."
        return f"{self._moved} {apart}"

    @property
    def _moved(self) -> str:
        if self.change is None:
            return self._why_not
        year, unit = self.change, self.series.units[self.measure]
        few = year.is_few
        # From nought there is no per cent.
        moved = wording.verb(year.change) if few else wording.rose_by(year.change_percent)
        told = _CHANGED.format(
            "The" if year.period == self.series.period else _EARLIER.format(self._break),
            moved,
            wording.counted(year.base_count, unit.removesuffix("s")),
            year.base_period.label,
            wording.number(year.count),
            year.period.label,
        )
        if few:
            return f"{told} So few say nothing of a trend."
        past = "" if year.own_past_is_unknown else f" That is {year.own_past_in_words}."
        cautions = self.series.breaks.cautions(self.measure, year.base_period, year.period)
        return " ".join([f"{told}{past}", year.in_words, *cautions]).strip()

    @property
    def _why_not(self) -> str:
        series = self.series
        if series.period.previous().start < series.begins:
            return _NO_TWO_YEARS.format(f"{series.begins:%B %Y}")
        return _BROKEN.format(self._break)

    @property
    def _break(self) -> str:
        """The month of the last break of the measure up to its period."""
        dates = [date for date, _ in self.series.breaks.of(self.measure)]
        return f"{max(date for date in dates if date <= self.series.period.end):%B %Y}"

    def facts(self) -> dict[str, Quantity | str]:
        """Its count, London's, the `share` of London's, the `rate` and London's rate per 1,000.

        Where positive outcomes are published, `outcomes` per 100 offences, and London's. Where a
        change can be stated, `change` with its interval, both counts (`now` and `base`) and
        `against` the other boroughs. Texts: `period` of the counts, `change_told`.
        """
        series, measure = self.series, self.measure
        period, unit = series.period, series.units[measure]
        about: Callable[..., Quantity] = partial(
            Quantity, source=series.cited(period), period=period
        )
        own, london = series.count(measure), series.count(measure, LONDON)
        rates = series.rates(measure)
        said = wording.in_sentence(measure)
        share = about(100 * own / max(london, 1), "%", f"Share of those in the 32 boroughs: {said}")
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
        return facts | self._outcome_facts(own) | self._change_facts(about, said, unit)

    def _outcome_facts(self, own: int) -> dict[str, Quantity | str]:
        outcomes, measure = self.series.outcomes, self.measure
        if not own or measure not in set(outcomes.table["offence"]):
            return {}
        return {
            "outcomes": outcomes.of_year(measure),
            "outcomes_london": outcomes.of_year(measure, LONDON),
        }

    def _change_facts(
        self, about: Callable[..., Quantity], said: str, unit: str
    ) -> dict[str, Quantity | str]:
        year = self.change
        if year is None or year.is_few:
            return {}
        both = f"{year.period.label}, against {year.base_period.label}"
        about = partial(about, source=self.series.cited(year.base_period, year.period))
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
