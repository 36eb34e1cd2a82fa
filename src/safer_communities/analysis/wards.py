"""Recorded offences in each ward of a borough, per 1,000 residents."""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import pandas as pd

from safer_communities.analysis.recorded_crime import LONDON_AREA
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity
from safer_communities.statistics import rankings, rates, small_areas

# Of how many wards a reader asks which are the highest, and what is likely or possible (per cent).
HIGHEST = 3
LIKELY, POSSIBLE = 50, 10


@dataclass(frozen=True)
class WardRates:
    """`table` has a row a ward, lowest rate first: ward_code, area (the ward's name), count,
    residents, rate, ci_low, ci_high, rank, rank_low, rank_high. `wards_rate` is the
    rate of the wards together; `placed_percent` is the share of the borough's offences that the
    ward table places in a ward. `withheld` names the wards whose sensitive offences are too few to
    be told: their counts are without them.
    """

    period: Period
    table: pd.DataFrame
    wards_rate: float
    placed_percent: float
    denominator: str
    withheld: tuple[str, ...] = ()

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told, but for the `benchmark`, the borough's wards."""
        return {
            "name": "rates",
            "unit": "offences per 1,000 residents",
            "source": "wards",
            "period": self.period.label,
            "in_table": [name for name in self.table if name not in ("ward_code", "rank")],
            "headings": {
                "area": "Ward",
                "count": "Offences",
                "rate": "Rate per 1,000 residents",
            },
        }

    def facts(self) -> dict[str, Quantity | str]:
        """The lowest and the highest ward with their rates, that of all, and how many were placed.

        The texts `low_area` and `high_area` name the two wards, `low_note` and `high_note` say
        which others chance lets stand there; `headline` names those that are sure enough, and
        `withheld_note` the wards whose sensitive offences are withheld (else it is empty).
        """
        low, high = self.table.iloc[0], self.table.iloc[-1]
        rate = partial(
            Quantity,
            unit="per 1,000 residents",
            source="wards",
            label="Rate of recorded crime",
            denominator=self.denominator,
        )
        about = partial(Quantity, source="wards")
        return {
            "headline": self._headline(),
            "low_area": low["area"],
            "high_area": high["area"],
            "high_note": wording.within_chance(self.perhaps_highest, "highest", "wards"),
            "low_note": wording.within_chance(self.perhaps_lowest, "lowest", "wards"),
            "low_rate": rate(low["rate"], area=low["area"]),
            "high_rate": rate(high["rate"], area=high["area"]),
            "wards_rate": rate(self.wards_rate),
            "wards": about(len(self.table), unit="wards", label="Wards"),
            "ratio": about(
                high["rate"] / low["rate"],
                unit="ratio",
                decimals=1,
                label="Highest ward rate as a multiple of the lowest",
            ),
            "withheld_note": _withheld_note(self.withheld),
            "placed": about(self.placed_percent, unit="%", label="Offences placed in a ward"),
        }

    def _headline(self) -> str:
        """Which ward had the highest and which the lowest rate, where that could not be half."""
        most = len(self.table) / 2
        ends = {"highest": self.perhaps_highest, "lowest": self.perhaps_lowest}
        said = [f"{a[0]} had the {end}" for end, a in ends.items() if len(a) <= most]
        if not said:
            return f"The crime rates of the {len(self.table)} wards were too close to be placed"
        return f"Of the {len(self.table)} wards, {wording.listed(said)} crime rate"

    @property
    def perhaps_highest(self) -> list[str]:
        """The wards that chance lets have the highest rate; the one that has it comes first."""
        return list(self.table.loc[self.table["rank_high"] == len(self.table), "area"])[::-1]

    @property
    def perhaps_lowest(self) -> list[str]:
        """The wards that chance lets have the lowest rate; the one that has it comes first."""
        return list(self.table.loc[self.table["rank_low"] == 1, "area"])


@dataclass(frozen=True)
class Wards:
    """The wards of the borough `area_code` in the twelve months of `period`.

    `counts` has the columns month, ward_code, area_code, offence and count, without sensitive
    offences. `sensitive` has those of all kinds together in twelve months (month, the last of them,
    ward_code, area_code and count, missing where it is withheld): see `small_numbers`. `residents`
    has ward_code, ward_name and residents; `borough_count` is what the borough's own table counts.
    """

    counts: pd.DataFrame
    sensitive: pd.DataFrame
    residents: pd.DataFrame
    area_code: str
    period: Period
    borough_count: int

    def rates(self) -> WardRates:
        """Offences in twelve months per 1,000 residents in each ward of the borough.

        A ward that has a month's offences under another place alone is left out: the police list
        all of Heathrow's ward under the airport from May 2023 to March 2025, and 0 would be no
        count. Raises ValueError where a ward has no residents in the table, a month of the period
        is missing, or the year of sensitive offences is.
        """
        own = self.counts["area_code"] == self.area_code
        rows = self.counts[own & self.counts["month"].isin(self.period.months())]
        months = rows["month"].nunique()
        if months != 12:
            raise ValueError(f"counts: {12 - months} months of the {self.period.label} are missing")
        counts = self._totals(rows).droplevel("area_code")
        counts = counts.drop(_wards_under_another_place(self.counts, rows))
        people = self.residents.set_index("ward_code")
        unknown = sorted(set(counts.index) - set(people.index))
        if unknown:
            raise ValueError(f"residents: none for the wards {', '.join(unknown)}")
        residents = people.loc[counts.index, "residents"]
        names = people.loc[counts.index, "ward_name"].str.replace(r" \(.+\)$", "", regex=True)
        found = vars(rates.rate_interval(counts, residents))
        table = pd.DataFrame({"area": names, "count": counts, "residents": residents, **found})
        ranks = rankings.rank_intervals(counts, residents).drop(columns="rate")
        table = table.join(ranks).reset_index(names="ward_code")
        withheld = self._year.index[self._year.isna()].get_level_values("ward_code")
        return WardRates(
            period=self.period,
            table=table.sort_values("rate", ignore_index=True),
            wards_rate=1000 * counts.sum() / residents.sum(),
            placed_percent=100 * counts.sum() / self.borough_count,
            denominator=self.denominator,
            withheld=tuple(names[names.index.isin(withheld)]),
        )

    @cached_property
    def _year(self) -> pd.Series:
        """Sensitive offences of the period by area_code and ward_code; missing if withheld."""
        rows = self.sensitive[self.sensitive["month"] == self.period.end]
        if rows.empty:
            raise ValueError(f"sensitive: no counts of the {self.period.label}")
        return rows.set_index(["area_code", "ward_code"])["count"]

    def _totals(self, rows: pd.DataFrame) -> pd.Series:
        """Offences of all kinds by area_code and ward_code, without those that are withheld."""
        counts = rows.groupby(["area_code", "ward_code"])["count"].sum()
        return (counts + self._year.reindex(counts.index).fillna(0)).astype("int64")

    def small(self, offence: str) -> "SmallWards":
        """One offence in each ward of the borough, its rates drawn towards that of all of them.

        Raises ValueError as `rates` does, and where the table has no such offence.
        """
        table = self.rates().table[["ward_code", "area", "residents"]].set_index("ward_code")
        rows = self.counts[self.counts["month"].isin(self.period.months())]
        rows = rows[(rows["offence"] == offence) & (rows["area_code"] == self.area_code)]
        if rows.empty:
            raise ValueError(f"offence: no ward has {offence!r} in the {self.period.label}")
        counts = rows.groupby("ward_code")["count"].sum().reindex(table.index, fill_value=0)
        table = table.assign(count=counts.astype(int))
        found = small_areas.shrunken_rates(table["count"], table["residents"], highest=HIGHEST)
        found = found.assign(among_highest_percent=100 * found.pop("among_highest"))
        table = table.join(found).sort_values(["among_highest_percent", "rate"], ascending=False)
        return SmallWards(offence, self.period, table.reset_index())

    @property
    def denominator(self) -> str:
        """The residents that rates are of: "ONS residents of wards, mid-2024 release"."""
        return f"ONS residents of wards, {self.residents['release'].iloc[0]} release"

    def in_london(self) -> "LondonWards":
        """Every ward of the 32 boroughs but those that `ward_rates` leaves out."""
        year = self.counts[self.counts["month"].isin(self.period.months())]
        year = year[year["area_code"].str.startswith("E09")]
        year = year[~year["ward_code"].isin(_wards_under_another_place(self.counts, year))]
        counts = self._totals(year).rename("count").reset_index()
        table = counts.merge(self.residents[["ward_code", "ward_name", "residents"]])
        rate = rates.rate_interval(table["count"], table["residents"]).rate
        table = table.assign(rate=rate, own=table["area_code"] == self.area_code)
        return LondonWards(table.sort_values("rate", ignore_index=True), self.denominator)


@dataclass(frozen=True)
class SmallWards:
    """`table` has a row a ward, the likeliest among the highest three first: ward_code, area,
    residents, count, rate (as counted, per 1,000 residents), shrunken_rate (drawn towards the rate
    of all wards as far as chance explains it), ci_low and ci_high (its 95% interval) and
    among_highest_percent: the probability that its true rate is among the highest three.
    """

    offence: str
    period: Period
    table: pd.DataFrame

    @property
    def shown(self) -> dict[str, Any]:
        """What its table need not be told."""
        columns = ["area", "residents", "count", "rate", "shrunken_rate", "ci_low", "ci_high"]
        return {
            "source": "wards",
            "period": self.period.label,
            "in_table": [*columns, "among_highest_percent"],
            "headings": {
                "area": "Ward",
                "count": "Offences",
                "rate": "Rate as counted",
                "shrunken_rate": "Rate with chance taken out",
                "among_highest_percent": "Chance of being among the highest three",
            },
        }

    def facts(self) -> dict[str, Quantity | str]:
        """How many wards are likely, and how many could well be, among the highest three.

        The texts `measure`, `highest_area` and `told`: the three highest as counted, each with the
        probability that it is truly one of them.
        """
        about = partial(Quantity, source="wards")
        chance = self.table["among_highest_percent"]
        as_counted = self.table.sort_values("rate", ascending=False).head(HIGHEST)
        told = [
            f"{row['area']} ({_chance(row['among_highest_percent'])})"
            for row in as_counted.to_dict("records")
        ]
        return {
            "measure": wording.in_sentence(self.offence),
            "told": wording.listed(told),
            "likely": about(
                int((chance >= LIKELY).sum()),
                unit="wards",
                label="Wards more likely than not among the highest three",
            ),
            "possible": about(
                int((chance >= POSSIBLE).sum()),
                unit="wards",
                label=f"Wards with a chance of {POSSIBLE}% or more to be among the highest three",
            ),
            "fewest": about(
                int(self.table["count"].min()), unit="offences", label="Fewest offences in a ward"
            ),
            "most": about(
                int(self.table["count"].max()), unit="offences", label="Most offences in a ward"
            ),
        }


def _chance(percent: float) -> str:
    """A probability as a reader sees it: none that is not certain is printed as 0% or 100%."""
    if percent > 99:
        return "over 99%"
    return "under 1%" if percent < 1 else wording.percent(percent, 0)


@dataclass(frozen=True)
class LondonWards:
    """`table` has a row for each ward of London, lowest rate first: ward_code, area_code, count,
    ward_name, residents, rate (per 1,000 residents), and own: whether it is of the borough.
    """

    table: pd.DataFrame
    denominator: str

    @property
    def own(self) -> pd.DataFrame:
        """The rows of the borough's wards."""
        return self.table[self.table["own"]]

    def facts(self) -> dict[str, Quantity]:
        """How many wards there are, their median rate, and how many of the borough's exceed it."""
        median = self.table["rate"].median()
        about = partial(Quantity, source="wards")
        rate = about(
            median,
            unit="per 1,000 residents",
            area=LONDON_AREA,
            label="Median rate of wards",
            denominator=self.denominator,
        )
        above = int((self.own["rate"] > median).sum())
        return {
            "count": about(
                len(self.table), unit="wards", area=LONDON_AREA, label="Wards of London"
            ),
            "median": rate,
            "above": about(above, unit="wards", label="Wards above the median of London's wards"),
        }


def _withheld_note(wards: tuple[str, ...]) -> str:
    """That the totals of these wards lack something, so that no small count is told."""
    if not wards:
        return ""
    return (
        f"The counts of {wording.listed([*wards])} leave these offences out, so that no count "
        "below 5 can be worked out."
    )


def _wards_under_another_place(ward_counts: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """The wards of the borough's `rows` with a month whose offences all have another area_code."""
    months = ["ward_code", "month"]
    own = rows.groupby(months)["count"].sum()
    same = ward_counts["ward_code"].isin(rows["ward_code"].unique())
    everywhere = ward_counts[same].groupby(months)["count"].sum().reindex(own.index)
    elsewhere = own.index[(own == 0) & (everywhere > 0)]
    return elsewhere.get_level_values("ward_code").unique().tolist()
