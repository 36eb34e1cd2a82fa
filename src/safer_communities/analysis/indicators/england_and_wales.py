"""Where the borough stands among all partnerships of England and Wales, in one year.

No change is worked out: in London the publisher's year before stands on another basis. The rates
are the publisher's, on older residents than the book's own, and are not set beside those.
"""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import pandas as pd

from safer_communities.datasets import load
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity
from safer_communities.statistics.rankings import compared_with
from safer_communities.statistics.rates import rate_interval

SOURCE = "partnerships"
AREA = "England and Wales"
TOTAL = "Total recorded crime (excluding fraud)"
HOMES = "Residential burglary"
# An offence that half of the partnerships have less often than this is too rare for a rank.
FEWEST_IN_HALF = 50
# Forces of which a larger share of offences, in per cent, has no partnership are named.
MUCH_UNASSIGNED = 5.0


@dataclass(frozen=True)
class EnglandAndWales:
    """All partnerships in the newest year held that ends by the edition's period, if there is one.

    `places` has csp_code, partnership, force, area_code, unassigned_percent, residents, households
    and residents_year; `crime` csp_code, offence, offences and rate; both of one release. `year` is
    None, and the two are of `first`, where even the first year held is later than the edition.
    """

    places: pd.DataFrame
    crime: pd.DataFrame
    area_code: str
    year: Period | None
    first: Period

    @property
    def has_begun(self) -> bool:
        """Whether the edition's period has a year of these figures."""
        return self.year is not None

    @property
    def starts(self) -> str:
        """What to say where it has none; else empty."""
        if self.has_begun:
            return ""
        return (
            f"The figures of all partnerships that this book holds begin with the "
            f"{self.first.label}. That is after the period of this edition; later editions show "
            "them."
        )

    @cached_property
    def _ranked(self) -> pd.DataFrame:
        """Every offence of every partnership that has a rate, with its rank (1 = lowest)."""
        table = self.crime.dropna(subset="rate").merge(self.places, on="csp_code")
        table["rank"] = table.groupby("offence")["rate"].rank(method="min").astype(int)
        table["size"] = table["residents"].where(table["offence"] != HOMES, table["households"])
        return table

    def _own(self) -> pd.Series:
        rows = self._ranked[self._ranked["offence"] == TOTAL]
        return rows[rows["area_code"] == self.area_code].iloc[0]

    def rates(self) -> pd.DataFrame:
        """The rate of all recorded crime of every partnership, lowest first.

        Columns: partnership, force, offences, rate, rank, and where ("London" or "elsewhere").
        """
        rows = self._ranked[self._ranked["offence"] == TOTAL].sort_values(["rate", "partnership"])
        in_london = rows["area_code"] != ""
        where = in_london.map({True: "London", False: "elsewhere"})
        columns = ["partnership", "force", "offences", "rate", "rank", "where"]
        return rows.assign(where=where)[columns].reset_index(drop=True)

    def boroughs(self) -> pd.DataFrame:
        """The London boroughs, lowest rate first: partnership, offences, rate and rank."""
        rows = self.rates().query("where == 'London'")
        return rows.drop(columns=["force", "where"]).reset_index(drop=True)

    def ranks(self) -> "PartnershipRanks":
        """The borough's rate and rank for all recorded crime and each kind that is not too rare.

        See `PartnershipRanks`.
        """
        rows = []
        for offence, all_of_it in self._ranked.groupby("offence"):
            if all_of_it["offences"].median() < FEWEST_IN_HALF:
                continue
            own = all_of_it[all_of_it["area_code"] == self.area_code].iloc[0]
            by_code = all_of_it.set_index("csp_code")
            against = compared_with(by_code["offences"], by_code["size"], own["csp_code"])
            rows.append(
                {
                    "label": offence,
                    "offences": own["offences"],
                    "rate": own["rate"],
                    "median_rate": all_of_it["rate"].median(),
                    "rank": own["rank"],
                    "rank_low": 1 + (against == "lower").sum(),
                    "rank_high": len(against) - (against == "higher").sum(),
                }
            )
        table = pd.DataFrame(rows)
        table = table.assign(part=table["label"] != TOTAL).sort_values(["part", "rank", "label"])
        places = int((self._ranked["offence"] == TOTAL).sum())
        return PartnershipRanks(
            table.drop(columns="part").reset_index(drop=True), places, self.year or self.first
        )

    def facts(self) -> dict[str, Quantity | str]:
        """The borough's rate with its interval and rank, the quarters and the median of all.

        Where the edition has no year of them, the texts `starts` and `residents_year` alone.
        """
        facts: dict[str, Quantity | str] = {
            "starts": self.starts,
            "residents_year": f"mid-{self.places['residents_year'].iloc[0]}",
        }
        if not self.has_begun:
            return facts
        own, rates = self._own(), self._ranked.query("offence == @TOTAL")["rate"]
        found = rate_interval(own["offences"], own["residents"])
        low, middle, high = rates.quantile([0.25, 0.5, 0.75])
        half = "middle half" if low <= own["rate"] <= high else "highest quarter"
        about = partial(
            Quantity,
            unit="per 1,000 residents",
            source=SOURCE,
            period=self.year,
            denominator=f"population estimate of {facts['residents_year']}",
        )
        of_all = partial(about, area=AREA)
        named = self.places.drop_duplicates("force").sort_values("unassigned_percent")[::-1]
        named = named[named["unassigned_percent"] > MUCH_UNASSIGNED]
        force = self.places[self.places["area_code"] == self.area_code].iloc[0]
        return facts | {
            "year": (self.year or self.first).label,
            "rate": about(
                own["rate"],
                label="Rate of all recorded crime but fraud",
                low=found.ci_low,
                high=found.ci_high,
            ),
            "median": of_all(middle, label="Median rate of the partnerships"),
            "quarter": of_all(low, label="Rate that a quarter of partnerships are below"),
            "top_quarter": of_all(high, label="Rate that a quarter of partnerships are above"),
            "half": "lowest quarter" if own["rate"] < low else half,
            "unassigned": Quantity(
                force["unassigned_percent"],
                "%",
                "Offences of the force that no partnership has",
                period=self.year,
                area="London",
                source=SOURCE,
            ),
            "much_unassigned": wording.listed(
                [
                    f"{row['force']} ({wording.percent(row['unassigned_percent'])})"
                    for row in named.to_dict("records")
                ]
            ),
        }


def england_and_wales(area_code: str, period: Period) -> EnglandAndWales:
    """All partnerships in the tables of `data/`, as an edition with that period has them."""
    known = load.table("releases").query("publication == 'ons_police_force_areas'")
    years = {Period.year_to(end): of for end, of in known[["last_month", "release"]].to_numpy()}
    year, first = max((y for y in years if y.end <= period.end), default=None), min(years)
    release = years[year or first]
    places, crime = (
        table[table["release"] == release]
        for table in map(load.table, ("partnerships", "partnership_crime"))
    )
    return EnglandAndWales(places, crime, area_code, year, first)


@dataclass(frozen=True)
class PartnershipRanks:
    """The borough's place among the partnerships, a row an offence, all crime first.

    `table` has label, offences, rate, median_rate (of all partnerships), rank (1 = lowest),
    rank_low and rank_high (as far as chance could move the borough against each other one; see
    `compared_with`). `of` is how many are ranked.
    """

    table: pd.DataFrame
    of: int
    year: Period

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        return {
            "of": self.of,
            "source": SOURCE,
            "period": self.year.label,
            "in_table": list(self.table),
            "headings": {"label": "Kind of crime"},
        }

    def facts(self) -> dict[str, Quantity | str]:
        """The rank for all crime with its interval; texts: the kinds of the lowest and the highest.

        Where several share a rank all are named, or counted.
        """
        own, parts = self.table.iloc[0], self.table.iloc[1:]
        about = partial(
            Quantity, unit="rank", source=SOURCE, period=self.year, of=self.of, denominator=""
        )
        facts: dict[str, Quantity | str] = {
            "partnerships": Quantity(
                self.of,
                "partnerships",
                "Partnerships with a rate",
                period=self.year,
                area=AREA,
                source=SOURCE,
            ),
            "rank": about(
                own["rank"],
                label="Rank of the rate of all recorded crime but fraud",
                low=own["rank_low"],
                high=own["rank_high"],
            ),
        }
        ends = " and ".join(wording.number(own[end]) for end in ("rank_low", "rank_high"))
        sure = own["rank_low"] == own["rank_high"]
        facts["could_be"] = "that one" if sure else f"between {ends}"
        for name, rank in {"lowest": parts["rank"].min(), "highest": parts["rank"].max()}.items():
            kinds = parts.loc[parts["rank"] == rank, "label"].map(wording.in_sentence).tolist()
            facts[name] = wording.named_or_counted(kinds, "kinds of crime")
            facts[f"{name}_rank"] = about(rank, label=f"Rank of the rate: {', '.join(kinds)}")
        return facts
