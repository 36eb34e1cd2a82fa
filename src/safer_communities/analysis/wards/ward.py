"""One ward of a borough: its offences beside the other wards, its years, and where it lies."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import pandas as pd

from safer_communities.analysis.editions import Edition, month_release
from safer_communities.analysis.recorded_crime import TOTAL
from safer_communities.analysis.wards.ward_rates import (
    ALL_CRIME,
    FEWEST,
    IN_WORDS,
    WardRates,
    in_words,
)
from safer_communities.analysis.wards.wards import Wards
from safer_communities.analysis.wards.year_before import WardMoves
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording
from safer_communities.facts.fact import fact_name
from safer_communities.facts.quantity import Quantity
from safer_communities.statistics import rankings, rates


@dataclass(frozen=True)
class Ward:
    """The ward `code` of `wards`.

    `all_years` is what `years_of_wards` gives of the borough, `moves` what `ward_moves` does.
    """

    wards: Wards
    code: str
    all_years: pd.DataFrame
    moves: WardMoves

    @cached_property
    def name(self) -> str:
        """The name of the ward."""
        return str(self.wards.table.loc[self.code, "area"])

    @cached_property
    def ranks(self) -> tuple[int, int, int]:
        """Its rank by all recorded crime, and the lowest and highest it could be.

        From the tests of this one ward, and so narrower than those of `Wards.rates`.
        """
        return self._ranks(self.wards.rates())

    def _ranks(self, found: WardRates) -> tuple[int, int, int]:
        table = found.table.set_index("ward_code")
        against = rankings.compared_with(
            table["count"], table["residents"], self.code, dispersion=table["dispersion"]
        )
        low, high = (int((against == end).sum()) for end in ("lower", "higher"))
        return int(table["rank"].loc[self.code]), 1 + low, len(table) - high

    @cached_property
    def offences(self) -> "WardOffences":
        """Each kind of offence beside the other wards."""
        parts = []
        for measure in self.wards.measures:
            found = self.wards.rates(measure)
            row = found.table[found.table["ward_code"] == self.code].drop(columns="shape")
            page = "wards" if measure == TOTAL else f"wardmap_{fact_name(measure)}"
            _, row["rank_low"], row["rank_high"] = self._ranks(found)
            label = ALL_CRIME if measure == TOTAL else measure
            parts.append(row.assign(label=label, whole=found.whole, page=page))
        table = pd.concat(parts, ignore_index=True)
        return WardOffences(self.name, self.wards.crime.borough, self.wards.period, table)

    def years(self) -> "WardYears":
        """The years of all recorded crime that the releases by ward hold, oldest first."""
        table = self.all_years[self.all_years["ward_code"] == self.code].reset_index(drop=True)
        residents = int(self.wards.table["residents"].loc[self.code])
        interval = vars(rates.rate_interval(table["count"], residents))
        return WardYears(table.assign(**interval))

    def place(self) -> pd.DataFrame:
        """The wards of the borough: area, shape."""
        return self.wards.table[["area", "shape"]].reset_index(drop=True)

    def facts(self) -> dict[str, Quantity | str]:
        """The count and the rate of all recorded crime, with the rank, and the rate of all wards.

        Texts: `ward`, `beside` (how the rate compares with the others together), `moved_told` (its
        change on the year before, beside the wards of London), `above_list` and `below_list` (the
        kinds of offence of which its rate is clearly above or below theirs), and `unclear` (how
        many others cannot be told apart).
        """
        total, own = self.wards.rates(), self.offences.table.iloc[0]
        about = partial(Quantity, source="wards", period=self.wards.period, area=self.name)
        rate = partial(about, unit="per 1,000 residents", denominator=total.denominator)
        table = self.offences.table.iloc[1:]
        lists = {
            key: [in_words(name) for name in table.loc[table["compared"] == key, "label"]]
            for key in IN_WORDS
        }
        return {
            "ward": self.name,
            "count": about(int(own["count"]), unit="offences", label="All recorded crime"),
            "rate": rate(
                own["rate"],
                label="Rate of all recorded crime",
                low=own["ci_low"],
                high=own["ci_high"],
            ),
            "wards_rate": rate(
                total.whole, label="Rate of all recorded crime", area=self.wards.crime.borough
            ),
            "residents": about(
                int(own["residents"]),
                unit="residents",
                label="Residents",
                source="ward_residents",
                period=self.wards.counted_on,
            ),
            "rank": about(
                self.ranks[0],
                unit="rank",
                label="Rank of the rate of all recorded crime (1 = lowest)",
                low=self.ranks[1],
                high=self.ranks[2],
                of=len(total.table),
                denominator=total.denominator,
            ),
            "wards": Quantity(len(total.table), "wards", "Wards", source="wards"),
            "beside": IN_WORDS[own["compared"]],
            "moved_told": self.moves.told(self.wards.area_code, self.code),
            "above_list": wording.listed(lists["above"]) or "none",
            "below_list": wording.listed(lists["below"]) or "none",
            "unclear": about(
                len(lists["unclear"]),
                unit="kinds of crime",
                label="Kinds of crime with a rate not clearly different from the other wards",
            ),
            "note": total.note,
        }


def years_of_wards(
    editions: list[Edition],
    read: Callable[[str], pd.DataFrame],
    sensitive: pd.DataFrame,
    area_code: str,
) -> pd.DataFrame:
    """All recorded crime in each ward of a borough in the year of each edition, the newest last.

    A year is read from the release of the newest edition where that holds it, else from that of its
    own. `read` gives a release by ward, `sensitive` is the table of sensitive offences. Columns:
    label (the twelve months), list (of offence types), release, ward_code, count.
    """
    newest = editions[-1].ward_crime_release
    held = {name: read(name) for name in {each.ward_crime_release for each in editions}}
    held = {name: rows[rows["area_code"] == area_code] for name, rows in held.items()}
    sensitive = sensitive[sensitive["area_code"] == area_code]
    parts = []
    for each in editions:
        months = each.period.months()
        own = months.isin(held[newest]["month"].unique()).all()
        release = newest if own else each.ward_crime_release
        rows = held[release][held[release]["month"].isin(months)]
        counts = rows.groupby("ward_code")["count"].sum()
        more = sensitive[sensitive["month"] == each.period.end].set_index("ward_code")["count"]
        counts += more.reindex(counts.index).fillna(0).astype("int64")
        about = {"label": each.period.label, "list": f"{each.classification} list"}
        parts.append(counts.reset_index().assign(**about, release=month_release(release)))
    return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True)
class WardOffences:
    """`table` has a row a kind of offence: label, whole (the rate of all wards), and the columns of
    `ward_rates.WardRates` but the shape; rank_low and rank_high are from the tests of this ward.
    """

    area: str
    borough: str
    period: Period
    table: pd.DataFrame

    @property
    def shown(self) -> dict[str, Any]:
        """What a table of it need not be told."""
        return {
            "name": "offences",
            "source": "wards",
            "period": self.period.label,
            "in_table": (
                *("label", "rate", "whole", "beside", "count"),
                *("rank", "rank_low", "rank_high"),
            ),
            "headings": {
                "label": "Offence",
                "count": "Offences",
                "rate": f"{self.area}: rate per 1,000 residents",
                "whole": f"{self.borough}: rate per 1,000 residents",
                "beside": "Beside the other wards",
            },
        }

    def differences(self) -> "WardDifferences":
        """How far each rate is from that of the other wards, where there are offences enough."""
        rows = self.table[self.table["count"] >= FEWEST]
        columns = {"against_percent": "change", "against_low": "ci_low", "against_high": "ci_high"}
        rows = rows[["label", *columns, "beside"]].rename(columns={**columns, "beside": "verdict"})
        return WardDifferences(rows.reset_index(drop=True), self.period)


@dataclass(frozen=True)
class WardDifferences:
    """`table` has a row a kind of offence: label, change (per cent that the ward's rate is above
    that of the others together), ci_low, ci_high (holding for all wards at once) and verdict.
    """

    table: pd.DataFrame
    period: Period

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        return {"name": "beside", "source": "wards", "period": self.period.label}


@dataclass(frozen=True)
class WardYears:
    """`table` has a row for each year of each list of offences: label (the twelve months), list,
    count, rate per 1,000 of the edition's residents with ci_low and ci_high, and release.
    """

    table: pd.DataFrame

    @property
    def shown(self) -> dict[str, Any]:
        """What a table of it need not be told."""
        return {
            "name": "years",
            "source": "ward_years",
            "in_table": ("label", "list", "count", "rate", "ci_low", "ci_high", "release"),
            "headings": {
                "label": "Twelve months",
                "list": "List of offence types",
                "count": "Offences",
                "rate": "Rate per 1,000 residents",
                "release": "Release",
            },
        }
