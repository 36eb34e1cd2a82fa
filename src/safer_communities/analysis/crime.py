"""Recorded crime in one borough's edition: rates and ranks among the boroughs, months, breaks."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from safer_communities.analysis.changes.year_on_year import LondonChange, YearOnYear
from safer_communities.analysis.over_time.monthly_pattern import MonthlyPattern, monthly_pattern
from safer_communities.analysis.over_time.revisions import Growth, Revisions
from safer_communities.analysis.people import People
from safer_communities.analysis.places.funnel import BoroughFunnel, borough_funnel
from safer_communities.analysis.places.rates import (
    RANK_COLUMNS,
    BoroughPlaces,
    BoroughRates,
    DenominatorRanks,
    OffenceRanks,
    borough_rates,
    ranks_by_measure,
)
from safer_communities.analysis.recorded_crime import (
    ALL_OF_LONDON,
    LONDON,
    PANDEMIC_START,
    TOTAL,
    RecordedCrime,
)
from safer_communities.datasets.periods import Period
from safer_communities.facts.series import TimeSeries
from safer_communities.facts.wording import BOROUGHS, in_sentence
from safer_communities.statistics.rates import rate_interval

# Of a kind of crime that is ranked, for each borough: a rank among a handful is chance.
FEWEST_A_BOROUGH = 20


@dataclass(frozen=True)
class BoroughCrime(RecordedCrime):
    """Recorded crime beside the people it is counted against and its revisions."""

    people: People
    revisions: Revisions | None = None

    def year_on_year(
        self,
        measure: str = TOTAL,
        area: str | None = None,
        period: Period | None = None,
        base: Period | None = None,
    ) -> YearOnYear:
        """As in `RecordedCrime`, with the growth that is usual of a count as new as the second.

        No change across a break that leaves nothing to compare.
        """
        year = super().year_on_year(measure, area, period, base)
        if self.breaks.forbid(measure, year.base_period, year.period):
            return year.not_compared()
        # Growth is that of offences with a borough: those without one become fewer instead.
        growth = None if area == ALL_OF_LONDON else self.growth(measure, year.period)
        return replace(year, growth_percent=growth.percent) if growth else year

    def growth(self, measure: str = TOTAL, period: Period | None = None) -> Growth | None:
        """How much a count that is as old usually grows in a year (see `Revisions.growth`)."""
        return self.revisions.growth(measure, period) if self.revisions else None

    def london_change(self, measure: str = TOTAL) -> LondonChange:
        """London's own change on the year before, and that of the 32 boroughs together."""
        own, boroughs = (self.year_on_year(measure, area) for area in (ALL_OF_LONDON, LONDON))
        return LondonChange(own, boroughs)

    @staticmethod
    def how_unusual(changes: Mapping[str, YearOnYear]) -> str:
        """Whether each change, by what it is called, is within the usual ups and downs."""
        said = {name: change.own_past_in_words for name, change in changes.items()}
        if len({*said.values()}) == 1:
            both = "Both changes are" if len(said) == 2 else "Each change is"
            return f"{both} {next(iter(said.values()))}."
        return " ".join(f"The change in {name} is {words}." for name, words in said.items())

    def before_pandemic(self) -> Period:
        """The last twelve months before the pandemic that end in the edition's month."""
        return self.period.last_before(PANDEMIC_START)

    def rates(
        self, measure: str = TOTAL, per: str = "residents", period: Period | None = None
    ) -> BoroughRates:
        """Every borough's rate of `measure` per 1,000 residents, or `per="households"`."""
        return borough_rates(self, self.people.per(per), measure, period)

    def funnel(self, measure: str = TOTAL, per: str = "residents") -> BoroughFunnel:
        """The boroughs' rates against their size, inside the limits of a funnel."""
        return borough_funnel(self.rates(measure, per))

    @cached_property
    def ranked(self) -> list[str]:
        """The measures with enough offences for a rank (see `ranked_measures`)."""
        return self.ranked_measures(FEWEST_A_BOROUGH * len(self.boroughs))

    def ranks(self) -> OffenceRanks:
        """The borough's rate per 1,000 residents and its rank for each measure in `ranked`."""
        table = ranks_by_measure(self, self.people.residents, self.ranked)
        return OffenceRanks(
            table,
            len(self.boroughs),
            "crime_per_resident",
            self.people.residents.label,
            self.sharing_nothing(self.ranked),
        )

    def ranks_of_boroughs(self) -> BoroughPlaces:
        """Every borough's rank by its rate per resident, for all offences and for each group."""
        groups = {TOTAL, *self.offences["offence_group"]}
        counts = pd.DataFrame({m: self.counts_by_borough(m) for m in self.ranked if m in groups})
        size = self.people.residents.boroughs().loc[counts.index]
        ranks = counts.div(size, axis="index").rank(method="min").astype(int)
        names = self.boroughs.set_index("area_code")["borough"].loc[ranks.index]
        ranks = ranks.set_index(pd.Index(names, name="borough"))
        return BoroughPlaces(ranks.sort_values([*ranks.columns]))

    def ranks_by_denominator(self) -> DenominatorRanks:
        """The borough's rate and rank of all offences by the edition's residents and by others.

        Apart from these two estimates of residents, its rate by household.
        """
        people = self.people
        rows = []
        for key, denominator in {
            "own": people.residents,
            "rebased": people.other_residents,
        }.items():
            found = borough_rates(self, denominator)
            described: dict[Hashable, object] = {
                "key": key,
                "denominator": denominator.label,
                "place": found.place,
            }
            rows.append(described | found.own[["rate", *RANK_COLUMNS]].to_dict())
        households = borough_rates(self, people.households)
        return DenominatorRanks(pd.DataFrame(rows), len(self.boroughs), households)

    def tiles(self, rates: BoroughRates) -> pd.DataFrame:
        """The boroughs on the tile grid: their rank as label, the ranks it could be as span."""
        places = self.boroughs.set_index("area_code")[["tile_column", "tile_row"]]
        table = rates.table.join(places, on="area_code")
        spans = [
            "" if low == high else f"{low}\N{EN DASH}{high}"
            for low, high in zip(table["rank_low"], table["rank_high"], strict=True)
        ]
        return table.assign(label=table["rank"].astype(str), span=spans)

    def trend(self, measure: str = TOTAL) -> TimeSeries:
        """The borough's years, with the breaks of the measure (see `RecordedCrime.annual`)."""
        return TimeSeries(
            self.annual(measure).assign(series=self.borough),
            unit="offences",
            label=measure,
            own=self.borough,
            source=self.source,
            breaks=self.breaks.of(measure),
        )

    def per_household(self, measure: str) -> TimeSeries:
        """Offences per 1,000 households of each year, as projected, here and in all 32 boroughs."""
        return self._rates_by_year(
            measure,
            "households",
            lambda year: self.people.projected_households(year.start.year).size,
            source="crime_per_projected_household",
            denominator="households in the middle of each year, ONS projections",
        )

    def level(self, measure: str = TOTAL) -> TimeSeries:
        """Offences per 1,000 residents of each year, in the borough and in all 32."""
        return self._rates_by_year(
            measure,
            "residents",
            self.people.residents_in,
            source="crime_per_resident",
            denominator="residents in the middle of each year, ONS population estimates",
        )

    def _rates_by_year(
        self, measure: str, per: str, sizes: Callable[[Period], pd.Series], **about: str
    ) -> TimeSeries:
        """Each year's rate with its 95% interval; `sizes` gives what it is `per`, by area code."""
        parts = []
        for name, area in ((self.borough, self.area_code), (BOROUGHS, LONDON)):
            rows = self.annual(measure, area)
            size = [sizes(Period.year_to(end))[area] for end in rows["period_end"]]
            found = vars(rate_interval(rows["count"], pd.Series(size, index=rows.index)))
            table = rows[["period_end", "label", "count"]].assign(**{per: size}, **found)
            parts.append(table.rename(columns={"rate": "value"}).assign(series=name))
        return TimeSeries(
            pd.concat(parts, ignore_index=True),
            unit=f"per 1,000 {per}",
            label=f"Rate of {in_sentence(measure)}",
            own=self.borough,
            breaks=self.breaks.of(measure),
            **about,
        )

    def trends(self, measures: list[str], start: Period) -> TimeSeries:
        """The borough's years from `start` of several measures, a panel each."""
        panels = [self.annual(measure).assign(panel=measure) for measure in measures]
        years = pd.concat(panels, ignore_index=True)
        return TimeSeries(
            years[years["period_end"] >= start.end],
            unit="offences",
            label=", ".join(measures),
            source=self.source,
            breaks=self.breaks.of(*measures),
        )

    def monthly_pattern(self, measure: str = TOTAL) -> MonthlyPattern:
        """The borough's months up to the end of the period (see `monthly_pattern`)."""
        monthly = self.monthly(measure).loc[: self.period.end]
        return monthly_pattern(monthly, self.breaks.restarts(measure), self.breaks.of(measure))

    def months(self, measure: str = TOTAL) -> TimeSeries:
        """The borough's months as counted, up to the end of the period."""
        counts = self.monthly(measure).loc[: self.period.end]
        # A month that the police's table lacks stays a hole.
        counts = counts.reindex(pd.date_range(counts.index[0], self.period.end, freq="MS"))
        labels = [f"{month:%B %Y}" for month in counts.index]
        return TimeSeries(
            counts.rename_axis("month").reset_index().assign(label=labels),
            unit="offences",
            label=measure,
            breaks=self.breaks.of(measure),
        )
