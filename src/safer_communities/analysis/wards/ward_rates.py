"""One kind of offence in each ward of a borough: rates, ranks, and which are clearly apart."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from safer_communities.analysis.editions import month_release
from safer_communities.analysis.recorded_crime import TOTAL
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording
from safer_communities.facts.fact import amount
from safer_communities.facts.quantity import Quantity
from safer_communities.statistics import rankings, rates

# From fewer offences no rate is worked out: it would be mostly chance.
FEWEST = 5
# So many wards are named in a headline.
MOST_NAMED = 3
ALL_CRIME = "All recorded crime"
COMPARED = {"higher": "above", "lower": "below", "unclear": "unclear"}
IN_WORDS = {
    "above": "clearly above",
    "below": "clearly below",
    "unclear": "not clearly different from",
}


@dataclass(frozen=True)
class WardRates:
    """The rates of `measure` in the wards of `borough` in twelve months.

    `table` has a row a ward, lowest rate first: ward_code, area (the ward's name), page (that of
    the ward), shape (degrees), count, residents, rate per 1,000 residents with ci_low and ci_high
    (missing below five offences), rank, rank_low, rank_high (1 = lowest), compared ("above",
    "below" or "unclear", against the other wards together, allowing for so many comparisons), and
    how the rate differs from theirs in per cent with the ends of its interval: against_percent,
    against_low, against_high. `whole` is the rate of all wards together, `placed_percent` the share
    of the borough's offences that have a ward. `note` says what the counts leave out, `releases`
    which that of the wards and that of the borough's count are, where they are two.
    """

    measure: str
    period: Period
    borough: str
    table: pd.DataFrame
    whole: float
    placed_percent: float
    denominator: str
    note: str = ""
    releases: tuple[str, ...] = ()

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        return {
            "name": "rates",
            "benchmark": (self.borough, self.whole),
            "unit": "offences per 1,000 residents",
            "source": "ward_map",
            "period": self.period.label,
            "in_table": ("area", "rate", "ci_low", "ci_high", "count", "residents", "beside"),
            "headings": {
                "area": "Ward",
                "count": "Offences",
                "rate": "Rate per 1,000 residents",
                "residents": "Residents",
                "beside": f"Beside {self.borough}",
            },
        }

    def facts(self) -> dict[str, Quantity | str]:
        """The lowest and the highest ward with their rates, and that of all.

        The texts `headline` and `verdicts` say which wards had the highest and lowest rate and how
        many are clearly above and below the rest, `low_area` and `high_area` name the two, and
        `ends` both with their rates, among those that have one; `note`
        says what is left out, or is empty. `placed` is the share that has a ward, `placed_told` a
        sentence of it. Where no ward has a rate there is neither a lowest nor a highest.
        """
        about = partial(Quantity, source="wards", period=self.period)
        measure = in_words(self.measure)
        rate = partial(
            about,
            unit="per 1,000 residents",
            label=f"Rate of {measure}",
            denominator=self.denominator,
        )
        number = partial(about, unit="wards")
        counted = self.table["compared"].value_counts()
        facts: dict[str, Quantity | str] = {
            "measure": measure,
            "headline": self._headline(),
            "verdicts": self._verdicts(),
            "note": self.note,
            "ends": self._ends(),
            "wards_rate": rate(self.whole),
            "wards": number(len(self.table), label="Wards"),
            "placed": about(self.placed_percent, unit="%", label=f"{self.measure} with a ward"),
            "placed_told": self._placed_told(),
        }
        for end, place in {"low": 0, "high": -1}.items() if len(self._known) else ():
            row = self._known.iloc[place]
            facts |= {
                f"{end}_area": row["area"],
                f"{end}_rate": rate(row["rate"], area=row["area"]),
            }
        for key in ("above", "below", "unclear"):
            label = f"Wards {IN_WORDS[key]} the rest: {measure}"
            facts[key] = number(int(counted.get(key, 0)), label=label)
        return facts

    @property
    def _known(self) -> pd.DataFrame:
        """The wards with offences enough for a rate, lowest rate first."""
        return self.table[self.table["rate"].notna()]

    def _ends(self) -> str:
        """The lowest and the highest rate: of how many wards, where some have none."""
        known, many = self._known, len(self.table)
        if known.empty:
            return "No ward has offences enough for a rate."
        low, high = (
            f"{row['area']}, {amount(row['rate'], 'per 1,000 residents')}"
            for row in (known.iloc[0], known.iloc[-1])
        )
        if len(known) == 1:
            return f"One ward has offences enough for a rate: {high} per 1,000 residents."
        of = "" if len(known) == many else f"Of the {wording.cardinal(len(known))} with a rate: "
        return f"{of}{'L' if not of else 'l'}owest {low} per 1,000 residents; highest {high}."

    def _placed_told(self) -> str:
        """How many of the borough's offences have one of the wards, and where the rest are."""
        share = wording.percent(self.placed_percent)
        what = "the borough's offences" if self.measure == TOTAL else "these offences"
        if not self.releases:
            return (
                f"The police place {share} of {what} in one of these wards; the rest have no exact "
                "location, or one elsewhere."
            )
        wards, borough = map(month_release, self.releases)
        return (
            f"By the {wards}, these wards have {share} of {what} in the {borough}. Some have no "
            "exact location, or one elsewhere."
        )

    def _headline(self) -> str:
        """Which ward has the highest rate, as far as the ranks can tell, and which the lowest."""
        measure = in_words(self.measure)
        high = self.table.loc[self.table["rank_high"] == len(self.table), "area"].tolist()[::-1]
        low = self.table.loc[self.table["rank_low"] == 1, "area"].tolist()
        if len(high) <= MOST_NAMED:
            also = f" and {low[0]} the lowest" if len(low) == 1 else ""
            return f"{_either(high)} had the highest rate of {measure}{also}"
        for key, words in {"above": "higher", "below": "lower"}.items():
            names = sorted(self.table.loc[self.table["compared"] == key, "area"])
            if names:
                named = wording.named_or_counted(names, "wards")
                named = f"{named[:1].upper()}{named[1:]}"
                return f"{named} had a clearly {words} rate of {measure} than the other wards"
        return f"No ward had a clearly higher or lower rate of {measure} than the others"

    def _verdicts(self) -> str:
        """Which wards, or how many, are clearly above the others together, and which below."""
        named = {
            key: sorted(self.table.loc[self.table["compared"] == key, "area"])
            for key in ("above", "below")
        }
        said = [
            f"{wording.named_or_counted(names, 'wards')} {'is' if len(names) == 1 else 'are'} "
            f"clearly {key} {'the rate of the other wards together' if first else 'it'}"
            for first, (key, names) in zip((True, not named["above"]), named.items(), strict=True)
            if names
        ]
        unclear = int((self.table["compared"] == "unclear").sum())
        if not said:
            return "No ward is clearly above or below the rate of the other wards together."
        text = ", and ".join(said)
        rest = "One is" if unclear == 1 else f"The other {wording.cardinal(unclear)} are"
        told = f" {rest} too close to call." if unclear else ""
        return f"{text[:1].upper()}{text[1:]}.{told}"


def in_words(measure: str) -> str:
    """A measure as it stands inside a sentence."""
    return wording.in_sentence(ALL_CRIME if measure == TOTAL else measure)


def _either(names: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def ward_rates(
    measure: str,
    period: Period,
    borough: str,
    wards: pd.DataFrame,
    years: pd.DataFrame,
    placed_percent: float,
    denominator: str,
    note: str = "",
) -> WardRates:
    """The rates of one kind of offence in the wards of a borough.

    `wards` has ward_code (the index), area, page, shape, residents and count; `years` the counts of
    two whole years of months, a row a month and a column a ward: how irregular a ward's months are
    says how sure its rate is.
    """
    counts, residents = wards["count"], wards["residents"]
    irregular = pd.Series({code: _dispersion(years[code]) for code in wards.index})
    interval = pd.DataFrame(vars(rates.rate_interval(counts, residents, dispersion=irregular)))
    ranks = rankings.rank_intervals(counts, residents, dispersion=irregular).drop(columns="rate")
    against = rankings.against_the_rest(counts, residents, dispersion=irregular)
    compared = against["shown"].map(COMPARED)
    table = wards.assign(
        **interval.where(counts >= FEWEST),
        **ranks,
        compared=compared,
        beside=compared.map(IN_WORDS).str.removesuffix(" from"),
        against_percent=100 * (against["ratio"] - 1),
        against_low=100 * (against["ci_low"] - 1),
        against_high=100 * (against["ci_high"] - 1),
        dispersion=irregular,
        as_counted=interval["rate"],
    )
    table = table.sort_values(["as_counted", "area"]).drop(columns="as_counted")
    return WardRates(
        measure=measure,
        period=period,
        borough=borough,
        table=table.reset_index(names="ward_code"),
        whole=1000 * counts.sum() / residents.sum(),
        placed_percent=placed_percent,
        denominator=denominator,
        note=note,
    )


def _dispersion(months: pd.Series) -> float:
    """How irregular the months of a ward are, 1 where they are as even as chance.

    Where one of the years has too few to tell, all months are set against their mean.
    """
    try:
        return rates.dispersion(months.to_numpy())
    except ValueError:
        return rates.index_of_dispersion(months)
