"""The wards of a borough: how often each offence was recorded in them, per 1,000 residents."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import shapely

from safer_communities.analysis.once import once
from safer_communities.analysis.recorded_crime import TOTAL, RecordedCrime
from safer_communities.analysis.wards.results import (
    HIGHEST,
    LondonWards,
    SmallWards,
    WardOverview,
)
from safer_communities.analysis.wards.ward_rates import FEWEST, WardRates, ward_rates
from safer_communities.datasets.periods import Period
from safer_communities.errors import did_you_mean
from safer_communities.facts import wording
from safer_communities.facts.fact import fact_name
from safer_communities.statistics import rates, small_areas


@dataclass(frozen=True)
class Wards:
    """The wards of a borough, as one release by ward has them, in the period of `crime`.

    `counts` has the columns month, ward_code, area_code, offence and count, without sensitive
    offences. `sensitive` has those of all kinds together in twelve months (month, the last of them,
    ward_code, area_code and count, missing where it is withheld): see `small_numbers`. `residents`
    has ward_code, ward_name, residents and release; `shapes` ward_code, area_code and shape
    (well-known text).
    `crime` is what the borough's own table counts, in the same classification.
    """

    counts: pd.DataFrame
    sensitive: pd.DataFrame
    residents: pd.DataFrame
    shapes: pd.DataFrame
    crime: RecordedCrime

    @property
    def area_code(self) -> str:
        """The code of the borough."""
        return self.crime.area_code

    @property
    def period(self) -> Period:
        """The twelve months."""
        return self.crime.period

    @cached_property
    def table(self) -> pd.DataFrame:
        """The wards of the borough: area (the name), page, shape, residents, by ward_code.

        A ward that has a month's offences under another place alone is left out: the police list
        all of Heathrow's ward under the airport from May 2023 on, and 0 would be no count. Raises
        ValueError where a ward has no residents or no shape in its table, or a month of the period
        is missing.
        """
        own = self.counts["area_code"] == self.area_code
        rows = self.counts[own & self.counts["month"].isin(self.period.months())]
        months = rows["month"].nunique()
        if months != 12:
            raise ValueError(f"counts: {12 - months} months of the {self.period.label} are missing")
        people = self.residents.set_index("ward_code")
        codes = rows["ward_code"].drop_duplicates()
        codes = codes[~codes.isin(_wards_under_another_place(self.counts, rows))].sort_values()
        for name, known in (("residents", people.index), ("shapes", self.shapes["ward_code"])):
            unknown = sorted(set(codes) - set(known))
            if unknown:
                raise ValueError(f"{name}: none for the wards {', '.join(unknown)}")
        people = people.loc[codes]
        names = people["ward_name"].str.replace(r" \(.+\)$", "", regex=True)
        shapes = self.shapes.set_index("ward_code")["shape"].loc[codes]
        return pd.DataFrame(
            {
                "area": names,
                "page": [f"ward_{fact_name(name)}" for name in names],
                "shape": shapely.from_wkt(shapes.to_numpy()),
                "residents": people["residents"],
            }
        )

    @cached_property
    def keys(self) -> dict[str, str]:
        """The code of each ward by the end of the address of its page, in order of name."""
        table = self.table.sort_values("area")
        return {page.removeprefix("ward_"): str(code) for code, page in table["page"].items()}

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """The offences that each measure adds up of which wards tell, by the measure.

        Wards tell of no sensitive offence, nor of what would give one away; what is counted in one
        row by ward is one measure.
        """
        offences = self.crime.offences.drop_duplicates(["offence", "offence_group"])
        rows = offences[offences["ward_offence"] != ""].groupby("ward_offence")["offence"]
        told = {_together(str(name), parts): tuple(parts) for name, parts in rows.unique().items()}
        known = {*offences.loc[offences["ward_offence"] != "", "offence"]}
        groups = {group: self.crime.members[group] for group in offences["offence_group"]}
        whole = {name: parts for name, parts in groups.items() if known.issuperset(parts)}
        return told | whole | {TOTAL: self.crime.members[TOTAL]}

    @cached_property
    def measures(self) -> list[str]:
        """The total and the groups of offences; of a group that is not told, its offences that are.

        Those with fewer than five offences a ward are left out.
        """
        found = [TOTAL]
        for group in sorted(self.crime.offences["offence_group"].unique()):
            inside = set(self.crime.members[group])
            parts = [name for name, of in self.members.items() if inside.issuperset(of)]
            found += [group] if group in self.members else sorted(parts)
        enough = FEWEST * len(self.table)
        return [name for name in found if self.borough_count(name) >= enough]

    @cached_property
    def mapped(self) -> dict[str, str]:
        """The measures but the total by the end of the address of their map: "drug_offences"."""
        return {fact_name(measure): measure for measure in self.measures[1:]}

    def measure(self, key: str) -> str:
        """The measure of a map's page. Raises ValueError where there is no such page."""
        if key not in self.mapped:
            raise ValueError(f"key: no map {key!r}; {did_you_mean(key, self.mapped)}")
        return self.mapped[key]

    def borough_count(self, measure: str) -> int:
        """The borough's offences of the period, with or without a ward; 0 if not all are listed."""
        if measure == TOTAL:
            return self.crime.count()
        parts = self.members[measure]
        return sum(map(self.crime.count, parts)) if all(map(self.crime.covers, parts)) else 0

    @once
    def rates(self, measure: str = TOTAL) -> WardRates:
        """Offences in twelve months per 1,000 residents in each ward of the borough.

        Raises ValueError as `table` does, where wards do not tell of the measure, and where the
        year of sensitive offences is missing.
        """
        if measure not in self.members:
            remedy = did_you_mean(measure, self.members)
            raise ValueError(f"measure: wards do not tell of {measure!r}; {remedy}")
        months = self.monthly(measure)
        counts = months[months.index.isin(self.period.months())].sum()
        if measure == TOTAL:
            counts += self._sensitive.reindex(counts.index).fillna(0).astype("int64")
        borough = self.borough_count(measure)
        return ward_rates(
            measure,
            self.period,
            self.crime.borough,
            self.table.assign(count=counts),
            months.tail(24),
            100 * counts.sum() / borough if borough else 0.0,
            self.denominator,
            " ".join(
                filter(
                    None, (self._withheld_note if measure == TOTAL else "", self.left_out(measure))
                )
            ),
        )

    def overview(self) -> WardOverview:
        """For each measure but the total, which wards are clearly above the rest, and below."""
        rows = []
        for key, measure in self.mapped.items():
            found = self.rates(measure)
            named = found.table.sort_values("area").groupby("compared")["area"].agg(list)
            ends = {
                key: wording.named_or_counted(named.get(key, ["none"]), "wards")
                for key in ("above", "below")
            }
            rows.append({"measure": measure, "page": f"wardmap_{key}", "rate": found.whole, **ends})
        return WardOverview(pd.DataFrame(rows), self.period)

    def monthly(self, measure: str) -> pd.DataFrame:
        """Offences that are not sensitive: a row for each month of the release, a column a ward."""
        offences = self.crime.offences
        inside = offences["offence"].isin(self.members[measure])
        names = offences.loc[inside, "ward_offence"].unique()
        rows = self._own[self._own["offence"].isin(names)]
        wide = rows.pivot_table(
            index="month", columns="ward_code", values="count", aggfunc="sum", fill_value=0
        )
        months = pd.DatetimeIndex(sorted(self._own["month"].unique()))
        return wide.reindex(index=months, columns=self.table.index, fill_value=0)

    @cached_property
    def _own(self) -> pd.DataFrame:
        return self.counts[self.counts["area_code"] == self.area_code]

    @cached_property
    def _sensitive(self) -> pd.Series:
        """Sensitive offences of the period by ward_code; missing where they are withheld."""
        rows = self._sensitive_of_london
        return rows[rows.index.get_level_values("area_code") == self.area_code].droplevel(0)

    @cached_property
    def _sensitive_of_london(self) -> pd.Series:
        rows = self.sensitive[self.sensitive["month"] == self.period.end]
        if rows.empty:
            raise ValueError(f"sensitive: no counts of the {self.period.label}")
        return rows.set_index(["area_code", "ward_code"])["count"]

    @cached_property
    def _withheld_note(self) -> str:
        """That the totals of some wards lack something, so that no small count is told."""
        missing = self._sensitive.index[self._sensitive.isna()]
        names = self.table.loc[self.table.index.isin(missing), "area"]
        if names.empty:
            return ""
        return (
            f"The counts of {wording.listed([*names])} leave these offences out, so that no count "
            "below 5 can be worked out."
        )

    def left_out(self, measure: str = TOTAL) -> str:
        """Which wards of the borough are not among the others, and why; empty where all are.

        With how many offences of the measure that are not sensitive the police list there.
        """
        shapes, months = self.shapes, self.period.months()
        codes = set(shapes.loc[shapes["area_code"] == self.area_code, "ward_code"])
        rows = self.counts[self.counts["month"].isin(months) & (self.counts["count"] > 0)]
        missing = rows[rows["ward_code"].isin(codes - {*self.table.index})]
        people = self.residents.set_index("ward_code")["ward_name"]
        names = sorted(people.loc[missing["ward_code"].unique()])
        if not names:
            return ""
        offences = self.crime.offences
        inside = offences["offence"].isin(self.members[measure])
        told = missing["offence"].isin(offences.loc[inside, "ward_offence"])
        many = wording.number(missing.loc[told, "count"].sum())
        but = " with those of sexual offences, hate crimes and homicides left out"
        return (
            f"{wording.listed(names)} {'is' if len(names) == 1 else 'are'} not shown: in some or "
            f"all of the {self.period.label} the police list the offences there "
            f"({many}{but if measure == TOTAL else ''}) under another of their areas, not under "
            f"{self.crime.borough}."
        )

    def small(self, offence: str) -> SmallWards:
        """One offence in each ward of the borough, its rates drawn towards that of all of them.

        Raises ValueError as `rates` does.
        """
        table = self.rates(offence).table.set_index("ward_code")[["area", "residents", "count"]]
        found = small_areas.shrunken_rates(table["count"], table["residents"], highest=HIGHEST)
        found = found.assign(among_highest_percent=100 * found.pop("among_highest"))
        table = table.join(found).sort_values(["among_highest_percent", "rate"], ascending=False)
        return SmallWards(offence, self.period, table.reset_index())

    @property
    def counted_on(self) -> str:
        """When the residents were counted, or estimated for: "mid-2024"."""
        release = str(self.residents["release"].iloc[0])
        return "Census day, 21 March 2021" if release == "census-2021" else release

    @property
    def denominator(self) -> str:
        """The residents that rates are of: "ONS residents of wards, mid-2024 release"."""
        return f"ONS residents of wards, {self.residents['release'].iloc[0]} release"

    def in_london(self) -> LondonWards:
        """Every ward of the 32 boroughs but those that `table` leaves out."""
        year = self.counts[self.counts["month"].isin(self.period.months())]
        year = year[year["area_code"].str.startswith("E09")]
        year = year[~year["ward_code"].isin(_wards_under_another_place(self.counts, year))]
        counts = year.groupby(["area_code", "ward_code"])["count"].sum()
        counts += self._sensitive_of_london.reindex(counts.index).fillna(0).astype("int64")
        table = counts.reset_index().merge(self.residents[["ward_code", "ward_name", "residents"]])
        rate = rates.rate_interval(table["count"], table["residents"]).rate
        table = table.assign(rate=rate, own=table["area_code"] == self.area_code)
        return LondonWards(table.sort_values("rate", ignore_index=True), self.denominator)


def _together(name: str, parts: Iterable[str]) -> str:
    """What a row by ward is called that counts several offences, or the one."""
    others = [wording.in_sentence(part) for part in parts if part != name]
    return f"{name}, with {wording.listed(others)}" if others else name


def _wards_under_another_place(ward_counts: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """The wards of the borough's `rows` with a month whose offences all have another area_code."""
    months = ["ward_code", "month"]
    own = rows.groupby(months)["count"].sum()
    same = ward_counts["ward_code"].isin(rows["ward_code"].unique())
    everywhere = ward_counts[same].groupby(months)["count"].sum().reindex(own.index)
    elsewhere = own.index[(own == 0) & (everywhere > 0)]
    return elsewhere.get_level_values("ward_code").unique().tolist()
