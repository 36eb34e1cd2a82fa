"""Recorded crime in one borough's edition: rates and ranks among the boroughs, months, breaks."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import pandas as pd

from safer_communities.analysis.breaks import Breaks
from safer_communities.analysis.changes.progress import placed_change
from safer_communities.analysis.changes.year_on_year import LondonChange, YearOnYear
from safer_communities.analysis.monthly_pattern import YEARS_SHOWN, MonthlyPattern, monthly_pattern
from safer_communities.analysis.people import Denominator, People
from safer_communities.analysis.recorded_crime import (
    ALL_OF_LONDON,
    LONDON,
    PANDEMIC_START,
    TOTAL,
    RecordedCrime,
)
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries
from safer_communities.statistics import rankings, rates

# Of a kind of crime that is ranked, for each borough: a rank among a handful is chance.
FEWEST_A_BOROUGH = 20
RANK_COLUMNS = ("rank", "rank_low", "rank_high", "rank_low_months", "rank_high_months")


@dataclass(frozen=True)
class BoroughRates:
    """Rates per 1,000 of one measure in twelve months.

    `table` has a row for each of the 32 boroughs, lowest rate first: area_code, area, count, size,
    rate, ci_low, ci_high, rank, rank_low, rank_high (rank 1 = lowest; every offence taken as
    independent), rank_low_months and rank_high_months (allowing for months that vary more than
    that), and against_own: whether its rate is shown to be "lower" or "higher" than that of the
    edition's borough, or "unclear", offences taken as independent. `own` is that borough's row;
    `london` is the rate of the 32 boroughs together with its interval.
    """

    measure: str
    period: Period
    denominator: Denominator
    table: pd.DataFrame
    own: pd.Series
    london: rates.RateInterval

    @property
    def boroughs(self) -> int:
        """How many boroughs are ranked."""
        return len(self.table)

    @property
    def source(self) -> str:
        """The key of its citation."""
        return f"crime_per_{self.denominator.unit.removesuffix('s')}"

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        size = self.denominator.unit.capitalize()
        return {
            "name": "rates",
            "highlight": self.own["area"],
            "benchmark": ("London", self.london.rate),
            "unit": f"offences {self.denominator.rate_unit}",
            "source": self.source,
            "period": self.period.label,
            "in_table": ("area", "count", "size", "rate", "ci_low", "ci_high", *RANK_COLUMNS[:3]),
            "headings": {
                "area": "Borough",
                "count": "Offences",
                "size": size,
                "rate": f"Rate {self.denominator.rate_unit}",
            },
        }

    def compared(self) -> dict[str, Quantity | list[str] | str]:
        """How many other boroughs, and which, have a rate clearly lower or higher than its own."""
        others = self.table[self.table["area"] != self.own["area"]]
        facts: dict[str, Quantity | list[str] | str] = {}
        for key in ("clearly_lower", "unclear", "clearly_higher"):
            found = key.removeprefix("clearly_")
            names = sorted(others.loc[others["against_own"] == found, "area"])
            label = f"Boroughs with a rate that is {found}"
            facts[key] = Quantity(len(names), unit="boroughs", label=label, source=self.source)
            facts[f"{key}_names"] = names or "none of the others"
        return facts


@dataclass(frozen=True)
class OffenceRanks:
    """The borough's ranks by offence, `table` as `ranks_by_measure` gives it, among `boroughs`."""

    table: pd.DataFrame
    boroughs: int
    source: str

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        return {
            "name": "ranks",
            "of": self.boroughs,
            "source": self.source,
            "in_table": ("measure", "count", "rate", "london_rate", *RANK_COLUMNS),
            "headings": {"count": "Offences", "rate": "Rate per 1,000 residents"},
        }

    def facts(self) -> dict[str, Quantity | str]:
        """How many offences are ranked, how many in the lower half, and the best and worst rank.

        The texts `best` and `worst` name the offences, or count them where they are many. A rank
        that could be anywhere in half of the table is neither: it says too little.
        """
        count = partial(Quantity, unit="kinds of crime")
        ranks = self.table["rank"]
        span = self.table["rank_high_months"] - self.table["rank_low_months"] + 1
        known = self.table[span <= max(self.boroughs / 2, span.min())]
        half = int((ranks <= self.boroughs / 2).sum())
        facts: dict[str, Quantity | str] = {
            "measures": count(len(ranks), label="Kinds of crime ranked"),
            "lower_half": count(half, label="Kinds of crime with a rank in the lower half"),
        }
        for end, rank in {"best": known["rank"].min(), "worst": known["rank"].max()}.items():
            found = list(map(wording.in_sentence, known.loc[known["rank"] == rank, "measure"]))
            facts[end] = wording.named_or_counted(found, "kinds of crime")
            facts[f"{end}_rank"] = Quantity(
                rank,
                unit="rank",
                label=f"Rank: {', '.join(found)}",
                of=self.boroughs,
                source=self.source,
            )
        return facts


@dataclass(frozen=True)
class BoroughPlaces:
    """The rank of each borough by its rate per resident, 1 the lowest: a row a borough.

    The columns of `table` are the total, by which the rows are sorted, and the groups of offences.
    """

    table: pd.DataFrame

    def facts(self) -> dict[str, Quantity | str]:
        """How many `groups` are ranked; in `top_groups` of them the borough `top` is highest."""
        groups = self.table.iloc[:, 1:]
        highest = groups.eq(len(groups)).sum(axis="columns")
        top = str(highest.idxmax())
        count = partial(Quantity, unit="kinds of crime", source="crime_per_resident")
        label = "Groups of offences with the highest rate of London"
        return {
            "groups": count(groups.shape[1], label="Groups of offences ranked"),
            "top": top,
            "top_groups": count(int(highest.max()), label=label, area=top),
        }


@dataclass(frozen=True)
class DenominatorRanks:
    """The borough's rate and rank as the denominator changes, a row each, among `boroughs`.

    Columns of `table`: denominator, key (for facts), unit, rate, rank, rank_low, rank_high,
    rank_low_months, rank_high_months, and place: the rank in words ("eighth lowest").
    """

    table: pd.DataFrame
    boroughs: int

    def facts(self) -> dict[str, Quantity | str]:
        """The rank by each denominator with its interval: `rank_own` and so on by its key.

        The text `ranks_listed` has all of them.
        """
        facts: dict[str, Quantity | str] = {}
        for row in self.table.to_dict("records"):
            facts[f"rank_{row['key']}"] = Quantity(
                row["rank"],
                unit="rank",
                label="Rank of all recorded crime",
                of=self.boroughs,
                low=row["rank_low"],
                high=row["rank_high"],
                denominator=row["denominator"],
                source="crime_per_resident",
            )
        listed = self.table["place"] + " counted against the " + self.table["denominator"]
        return facts | {"ranks_listed": "; ".join(listed)}


def borough_rates(
    crime: RecordedCrime,
    denominator: Denominator,
    measure: str = TOTAL,
    period: Period | None = None,
) -> BoroughRates:
    """The rate of `measure` in every borough for twelve months (the edition's unless given)."""
    period = period or crime.period
    counts = crime.counts_by_borough(measure, period)
    size = denominator.boroughs().loc[counts.index]
    ranks = rankings.rank_intervals(counts, size).drop(columns="rate")
    irregular = rankings.rank_intervals(
        counts, size, dispersion=crime.dispersion_by_borough(measure)
    )
    names = crime.boroughs.set_index("area_code")["borough"].loc[counts.index]
    interval = vars(rates.rate_interval(counts, size))
    table = pd.DataFrame({"area": names, "count": counts, "size": size, **interval}).join(ranks)
    table = table.assign(
        rank_low_months=irregular["rank_low"],
        rank_high_months=irregular["rank_high"],
        against_own=rankings.compared_with(counts, size, crime.area_code),
    ).rename_axis("area_code")
    table = table.reset_index().sort_values(["rate", "area"], ignore_index=True)
    return BoroughRates(
        measure=measure,
        period=period,
        denominator=denominator,
        table=table,
        own=table.set_index("area_code").loc[[crime.area_code]].iloc[0],
        london=rates.rate_interval(
            crime.count(measure, LONDON, period), int(denominator.size[LONDON])
        ),
    )


def ranks_by_measure(
    crime: RecordedCrime, denominator: Denominator, measures: list[str]
) -> pd.DataFrame:
    """The borough's rate and rank for each measure, lowest rank first, the surest among equal ones.

    So the first is the surest of the lowest ranks, and the last the surest of the highest.

    Columns: measure, count, rate, ci_low, ci_high, london_rate, rank, rank_low, rank_high,
    rank_low_months and rank_high_months (see `BoroughRates`).
    """
    rows = []
    for measure in measures:
        result = borough_rates(crime, denominator, measure)
        own = result.own[["count", "rate", "ci_low", "ci_high", *RANK_COLUMNS]]
        rows.append({"measure": measure, "london_rate": result.london.rate, **own.to_dict()})
    table = pd.DataFrame(rows)
    # Of equal ranks, chance leaves least room to that whose range lies nearest to its own end.
    middle = table["rank_low"] + table["rank_high"]
    return (
        table.assign(middle=middle)
        .sort_values(["rank", "middle", "measure"], ignore_index=True)
        .drop(columns="middle")
    )


@dataclass(frozen=True)
class BoroughCrime(RecordedCrime):
    """Recorded crime beside the people it is counted against and the breaks in it."""

    people: People
    breaks: Breaks

    @cached_property
    def borough(self) -> str:
        """The name of the borough."""
        return self.boroughs.set_index("area_code")["borough"].loc[self.area_code]

    def year_on_year(
        self,
        measure: str = TOTAL,
        area: str | None = None,
        period: Period | None = None,
        base: Period | None = None,
    ) -> YearOnYear:
        """As in `RecordedCrime`; no change across a break that leaves nothing to compare."""
        year = super().year_on_year(measure, area, period, base)
        forbidden = self.breaks.forbid(measure, year.base_period, year.period)
        return year.not_compared() if forbidden else year

    def london_change(self, measure: str = TOTAL) -> LondonChange:
        """London's own change on the year before, and that of the 32 boroughs together."""
        own, boroughs = (self.year_on_year(measure, area) for area in (ALL_OF_LONDON, LONDON))
        return LondonChange(own, boroughs)

    def before_pandemic(self) -> Period:
        """The last twelve months before the pandemic that end in the edition's month."""
        return self.period.last_before(PANDEMIC_START)

    def rates(
        self, measure: str = TOTAL, per: str = "residents", period: Period | None = None
    ) -> BoroughRates:
        """Every borough's rate of `measure` per 1,000 residents, or `per="households"`."""
        return borough_rates(self, self.people.per(per), measure, period)

    @cached_property
    def ranked(self) -> list[str]:
        """The measures with enough offences for a rank (see `ranked_measures`)."""
        return self.ranked_measures(FEWEST_A_BOROUGH * len(self.boroughs))

    def ranks(self) -> OffenceRanks:
        """The borough's rate per 1,000 residents and its rank for each measure in `ranked`."""
        table = ranks_by_measure(self, self.people.residents, self.ranked)
        return OffenceRanks(table, len(self.boroughs), "crime_per_resident")

    def ranks_of_boroughs(self) -> BoroughPlaces:
        """Every borough's rank by its rate per resident, for all offences and for each group."""
        groups = {TOTAL, *self.offences["offence_group"]}
        counts = pd.DataFrame({m: self.counts_by_borough(m) for m in self.ranked if m in groups})
        size = self.people.residents.boroughs().loc[counts.index]
        ranks = counts.div(size, axis="index").rank(method="min").astype(int)
        names = self.boroughs.set_index("area_code")["borough"].loc[ranks.index]
        ranks = ranks.set_index(pd.Index(names, name="borough"))
        return BoroughPlaces(ranks.sort_values([*ranks.columns]))

    def ranks_by_denominator(self, measure: str = TOTAL) -> DenominatorRanks:
        """The borough's rate and rank as the denominator changes.

        The edition's own estimate of residents, the newest release's estimate for the period
        itself where that is another, and households.
        """
        people = self.people
        denominators = {
            "own": people.residents,
            "rebased": people.newest_residents,
            "households": people.households,
        }
        if people.newest_residents.label == people.residents.label:
            del denominators["rebased"]
        rows = []
        for key, denominator in denominators.items():
            own = borough_rates(self, denominator, measure).own
            described: dict[Hashable, object] = {
                "key": key,
                "denominator": denominator.label,
                "unit": denominator.rate_unit,
                "place": wording.rank_from_lowest(own["rank"], len(self.boroughs)),
            }
            rows.append(described | own[["rate", *RANK_COLUMNS]].to_dict())
        return DenominatorRanks(pd.DataFrame(rows), len(self.boroughs))

    def tiles(self, rates: BoroughRates) -> pd.DataFrame:
        """The boroughs on the tile grid: their rank as label, the ranks within chance as span."""
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
            breaks=self.breaks.of(measure),
        )

    def trends(self, measures: list[str], start: Period) -> TimeSeries:
        """The borough's years from `start` of several measures, a panel each."""
        return TimeSeries(
            self.annual_panels(measures, start),
            unit="offences",
            label=", ".join(measures),
            breaks=self.breaks.of(*measures),
        )

    def months(self, measure: str = TOTAL) -> TimeSeries:
        """The borough's months as they were counted, of the last years up to the period's end."""
        months = self.monthly(measure).loc[: self.period.end].tail(12 * YEARS_SHOWN)
        table = months.rename_axis("month").reset_index()
        return TimeSeries(
            table.assign(label=table["month"].dt.strftime("%B %Y")),
            unit="offences",
            label=f"{measure} in a month",
        )

    def monthly_pattern(self, measure: str = TOTAL) -> MonthlyPattern:
        """The borough's months up to the end of the period (see `monthly_pattern`)."""
        monthly = self.monthly(measure).loc[: self.period.end]
        return monthly_pattern(
            monthly, list(self.breaks.about(measure)["date"]), self.breaks.of(measure)
        )

    def percent_if_all_placed(self, year: YearOnYear) -> float:
        """A change in per cent had the offences without a borough been placed like the rest."""
        change = placed_change(self, year.measure, year.base_period, year.period)
        return change.percent_change
