"""Rates of the boroughs and their ranks: of one measure, of every offence, by every denominator."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from safer_communities.analysis.people import Denominator
from safer_communities.analysis.recorded_crime import LONDON, TOTAL, RecordedCrime
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity
from safer_communities.statistics import rankings, rates

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
