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

RANK_COLUMNS = ("rank", "rank_low", "rank_high")


@dataclass(frozen=True)
class BoroughRates:
    """Rates per 1,000 of one measure in twelve months.

    `table` has a row for each of the 32 boroughs, lowest rate first: area_code, area, count, size,
    rate, ci_low, ci_high, rank (1 = lowest), rank_low and rank_high (which hold for all boroughs
    together), dispersion (how many times as much as independent events they vary), and
    against_own: whether its rate is shown to be "lower" or "higher" than that of the
    edition's borough, or "unclear". `own` is that borough's row, its rank_low and rank_high from
    the tests of this one borough, and so narrower. All allow for months that vary more than chance
    and for errors in the count of people. `london` is the rate of the 32 boroughs together,
    `cited` the key of the citation of the counts.
    """

    measure: str
    period: Period
    denominator: Denominator
    table: pd.DataFrame
    own: pd.Series
    london: rates.RateInterval
    cited: str = "crime"

    @property
    def boroughs(self) -> int:
        """How many boroughs are ranked."""
        return len(self.table)

    @property
    def place(self) -> str:
        """Where the borough stands, in words: "the eighth lowest of the 32"."""
        return wording.rank_place(*self.ranks, of=self.boroughs)

    @property
    def ranks(self) -> tuple[int, int, int]:
        """The borough's rank, and the lowest and the highest that it could be."""
        rank, low, high = (int(self.own[column]) for column in RANK_COLUMNS)
        return rank, low, high

    @property
    def source(self) -> str:
        """The key of its citation."""
        return f"{self.cited}_per_{self.denominator.unit.removesuffix('s')}"

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        size = self.denominator.unit.capitalize()
        return {
            "name": "rates",
            "highlight": self.own["area"],
            "benchmark": (wording.BOROUGHS, self.london.rate),
            "unit": f"offences {self.denominator.rate_unit}",
            "source": self.source,
            "period": self.period.label,
            "in_table": ("area", "count", "size", "rate", "ci_low", "ci_high", *RANK_COLUMNS),
            "headings": {
                "area": "Borough",
                "count": "Offences",
                "size": size,
                "rate": f"Rate {self.denominator.rate_unit}",
            },
        }

    def compared(self) -> dict[str, Quantity | list[str] | str]:
        """How many other boroughs, and which, have a rate clearly lower or higher than its own.

        As many are lower as its rank_low says, and as many higher as its rank_high leaves room for.
        """
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
    """The borough's ranks by offence, `table` as `ranks_by_measure` gives it, among `boroughs`.

    `apart` names those that share no offence, so that none counts twice among them.
    """

    table: pd.DataFrame
    boroughs: int
    source: str
    denominator: str
    apart: list[str]

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
        """How many offences are ranked; of the `apart`, how many clearly in which half.

        The texts `best` and `worst` name those of the lowest and the highest rank, or count them
        where they are many. A rank that could be anywhere in half of the table is neither: it says
        too little.
        """
        count = partial(Quantity, unit="kinds of crime")
        table = self.table[self.table["measure"].isin(self.apart)]
        span = table["rank_high"] - table["rank_low"] + 1
        known = table[span <= max(self.boroughs / 2, span.min())]
        lower = int((table["rank_high"] <= self.boroughs / 2).sum())
        upper = int((table["rank_low"] > self.boroughs / 2).sum())
        about = "Kinds of crime with a rank clearly in the"
        facts: dict[str, Quantity | str] = {
            "measures": count(len(self.table), label="Kinds of crime ranked"),
            "apart": count(len(table), label="Kinds of crime ranked that share no offence"),
            "lower_half": count(lower, label=f"{about} lower half"),
            "upper_half": count(upper, label=f"{about} upper half"),
            "either_half": count(
                len(table) - lower - upper, label="Kinds of crime that could be in either half"
            ),
        }
        for end, rank in {"best": known["rank"].min(), "worst": known["rank"].max()}.items():
            found = list(map(wording.in_sentence, known.loc[known["rank"] == rank, "measure"]))
            facts[end] = wording.named_or_counted(found, "kinds of crime")
            facts[f"{end}_rank"] = Quantity(
                rank,
                unit="rank",
                label=f"Rank: {', '.join(found)}",
                of=self.boroughs,
                denominator=self.denominator,
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


# The citation of each denominator, by its key.
SOURCES = {
    "own": "crime_per_resident",
    "rebased": "crime_per_other_resident",
    "households": "crime_per_household",
}


@dataclass(frozen=True)
class DenominatorRanks:
    """The borough's rate and rank as the denominator changes, a row each, among `boroughs`.

    Columns of `table`: denominator, key (for facts), rate, rank, rank_low, rank_high, and place:
    the rank in words ("the eighth lowest of the 32"). All count residents; `households` are the
    rates by household, of which a rank answers another question.
    """

    table: pd.DataFrame
    boroughs: int
    households: BoroughRates

    def facts(self) -> dict[str, Quantity | str]:
        """The rank by each denominator with its interval: `rank_own` and so on by its key.

        The text `ranks_listed` has all of them, `households_place` is the place by household and
        `households_range` its range.
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
                source=SOURCES[row["key"]],
            )
        listed = self.table["place"] + " counted against the " + self.table["denominator"]
        return facts | {
            "ranks_listed": "; ".join(listed),
            "households_place": self.households.place,
            "households_range": wording.rank_range(*self.households.ranks, of=self.boroughs),
        }


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
    # The months, and the count of people: events and people are as sure as so many fewer events.
    dispersion = crime.dispersion_by_borough(measure).loc[counts.index]
    dispersion = dispersion + counts * denominator.error**2
    ranks = rankings.rank_intervals(counts, size, dispersion=dispersion).drop(columns="rate")
    against = rankings.compared_with(counts, size, crime.area_code, dispersion=dispersion)
    names = crime.boroughs.set_index("area_code")["borough"].loc[counts.index]
    interval = vars(rates.rate_interval(counts, size, dispersion=dispersion))
    table = pd.DataFrame({"area": names, "count": counts, "size": size, **interval}).join(ranks)
    table = table.assign(dispersion=dispersion, against_own=against).rename_axis("area_code")
    table = table.reset_index().sort_values(["rate", "area"], ignore_index=True)
    own = table.set_index("area_code").loc[[crime.area_code]].iloc[0].copy()
    own["rank_low"] = 1 + int((against == "lower").sum())
    own["rank_high"] = len(table) - int((against == "higher").sum())
    return BoroughRates(
        measure=measure,
        period=period,
        denominator=denominator,
        table=table,
        own=own,
        london=rates.rate_interval(
            crime.count(measure, LONDON, period), int(denominator.size[LONDON])
        ),
        cited=crime.source,
    )


def ranks_by_measure(
    crime: RecordedCrime, denominator: Denominator, measures: list[str]
) -> pd.DataFrame:
    """The borough's rate and rank for each measure, lowest rank first, the surest among equal ones.

    So the first is the surest of the lowest ranks, and the last the surest of the highest.

    Columns: measure, count, rate, ci_low, ci_high, london_rate, rank, rank_low and rank_high, as of
    `BoroughRates.own`.
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
