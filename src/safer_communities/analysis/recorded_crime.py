"""Recorded offences of one classification: totals, changes and counts by borough."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from safer_communities.analysis.breaks import EVERY_MEASURE, NO_BREAKS, Breaks
from safer_communities.analysis.changes.year_on_year import (
    FEWEST_COMPARED,
    Movement,
    YearOnYear,
    year_on_year,
)
from safer_communities.analysis.editions import Edition
from safer_communities.analysis.monthly_counts import MonthlyCounts
from safer_communities.analysis.once import once
from safer_communities.datasets.periods import Period
from safer_communities.errors import check_known
from safer_communities.statistics import rates
from safer_communities.statistics.changes.yearly_change import (
    LARGEST_SD,
    common_sd,
    year_to_year_sd,
)

TOTAL = "Total notifiable offences"
# The 32 boroughs together, which a borough is compared with.
LONDON = "LONDON"
# Every row of the police's file: the 32 boroughs, and the offences of no known borough.
ALL_OF_LONDON = "ALL OF LONDON"
LONDON_AREA = "London (32 boroughs)"
OTHERS_AREA = "the other London boroughs together"
AREA_NAMES = {LONDON: LONDON_AREA, ALL_OF_LONDON: "London, borough known or not"}
# The code of offences whose borough the police do not know.
UNPLACED = "MPS-UNKNOWN"
# The first full month of the first lockdown, and the years before it that show what was usual.
PANDEMIC_START = pd.Timestamp("2020-04-01")
# The first and the last month of the year that charts mark.
PANDEMIC = (PANDEMIC_START, PANDEMIC_START + pd.DateOffset(months=11))
USUAL_YEARS = 6
# From fewer pairs of years nothing is learnt of how far counts move.
FEWEST_PAIRS = 3


@dataclass(frozen=True)
class RecordedCrime:
    """One seamless series of recorded offences, seen from one borough and one edition's period.

    `counts` are those of one classification. `offences` has the columns offence, offence_group and
    counted_in_total. `boroughs` lists the 32 boroughs (area_code, borough). `source` is the key of
    its citation, `breaks` are those across which its figures do not compare.
    """

    counts: MonthlyCounts
    offences: pd.DataFrame
    boroughs: pd.DataFrame
    area_code: str
    period: Period
    source: str = field(default="crime", kw_only=True)
    breaks: Breaks = field(default=NO_BREAKS, kw_only=True)

    @cached_property
    def borough(self) -> str:
        """The name of the borough."""
        return str(self.boroughs.set_index("area_code")["borough"].loc[self.area_code])

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """The offences that each measure adds up, by the name of the measure."""
        table = self.offences.drop_duplicates(["offence", "offence_group"])
        members: dict[str, tuple[str, ...]] = {name: (name,) for name in table["offence"]}
        members |= {
            str(group): tuple(rows["offence"].unique())
            for group, rows in table.groupby("offence_group", sort=True)
        }
        members[TOTAL] = tuple(table.loc[table["counted_in_total"], "offence"].unique())
        return members

    @once
    def monthly_by_area(self, measure: str = TOTAL) -> pd.DataFrame:
        """Offences a month: one row a month, one column an area code, plus both of London.

        Raises ValueError where the classification has no such measure.
        """
        check_known("measure", measure, self.members, listed_in="chapter.crime.members")
        areas = self.counts.sums(self.members[measure])
        counts, (boroughs, columns) = areas.to_numpy(), self._columns
        table = np.column_stack([counts, counts[:, boroughs].sum(axis=1), counts.sum(axis=1)])
        return pd.DataFrame(table, index=areas.index, columns=columns)

    @cached_property
    def _columns(self) -> tuple[list[int], pd.Index]:
        """Where the 32 boroughs stand among all areas, and these with both of London."""
        areas = self.counts.areas
        places = pd.Series(range(len(areas)), index=areas).loc[list(self.boroughs["area_code"])]
        return places.to_list(), areas.append(pd.Index([LONDON, ALL_OF_LONDON], name=areas.name))

    def monthly(self, measure: str = TOTAL, area: str | None = None) -> pd.Series:
        """Offences a month in one area (the borough unless named), indexed by month."""
        return self.monthly_by_area(measure)[self._code(area)].rename("count")

    def count(
        self, measure: str = TOTAL, area: str | None = None, period: Period | None = None
    ) -> int:
        """Offences in twelve months; raises ValueError where a month of them is missing."""
        return int(self._year(measure, period)[self._code(area)])

    def releases(self, period: Period | None = None) -> tuple[str, ...]:
        """The releases that the rows of twelve months, or of all months, come from, newest first.

        Raises ValueError where the series has none of them.
        """
        found = self.counts.release_of_month
        if period:
            found = found[found.index.isin(period.months())]
            if found.empty:
                raise ValueError(f"period: no row of recorded crime is of the {period.label}")
        return tuple(sorted(found.unique(), reverse=True))

    def covers(self, measure: str = TOTAL, period: Period | None = None) -> bool:
        """Whether the series lists the measure in every month of the twelve."""
        months = (period or self.period).months()
        return bool(months.isin(self.monthly_by_area(measure).index).all())

    def unplaced_share(self, measure: str = TOTAL, period: Period | None = None) -> float:
        """The share of offences in twelve months that the police could not give to a borough."""
        areas = self._year(measure, period)
        return float(areas.get(UNPLACED, 0) / max(1, areas[ALL_OF_LONDON]))

    def counts_by_borough(self, measure: str = TOTAL, period: Period | None = None) -> pd.Series:
        """Offences in twelve months in each of the 32 boroughs, indexed by area code."""
        return self._year(measure, period).loc[list(self.boroughs["area_code"])].rename("count")

    def year_on_year(
        self,
        measure: str = TOTAL,
        area: str | None = None,
        period: Period | None = None,
        base: Period | None = None,
    ) -> YearOnYear:
        """The change from the twelve months `base` (the year before unless given) to `period`.

        A borough's has also the change with the offences that have no borough placed like the rest.
        """
        period = period or self.period
        base = base or period.previous()
        area, years = self._code(area), (base, period)
        own = self.count(measure, area, base), self.count(measure, area, period)
        movement = self.movement(measure, max(1, period.years_after(base)))
        if area in (LONDON, ALL_OF_LONDON):
            return year_on_year(measure, area, years, own, movement)
        before, after = (self.count(measure, LONDON, year) for year in years)
        others = before - own[0], after - own[1]
        first, last = (1 - self.unplaced_share(measure, year) or 1 for year in years)
        placed = round(own[0] / first), round(own[1] / last)
        found, if_placed = (
            year_on_year(measure, area, years, counts, movement, others) for counts in (own, placed)
        )
        return replace(found, placed_percent=if_placed.change_percent, placed_p=if_placed.p_value)

    @once
    def movement(self, measure: str, apart: int = 1) -> Movement:
        """How far the measure moves between ordinary years `apart` years apart.

        Where fewer than three pairs of years lie so far apart without a break between them, the
        longest time that has three is taken, as if the movement grew with the root of time.
        """
        for lag in range(apart, 0, -1):
            first, second = self.ordinary_pairs(measure, lag)
            if len(first) >= FEWEST_PAIRS:
                break
        longer = (apart / lag) ** 0.5
        return Movement(
            areas=min(longer * year_to_year_sd(first, second), LARGEST_SD),
            common=min(longer * common_sd(first, second), LARGEST_SD),
        )

    def ordinary_pairs(self, measure: str, apart: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The first and the second years of all pairs of ordinary years `apart` years apart.

        As `ordinary_years`; pairs with a break of the measure between them are left out.
        """
        years = self.ordinary_years(measure)
        first, second = years[:-apart], years[apart:]
        ends = zip(first.index, second.index, strict=True)
        whole = [
            not self.breaks.part(measure, Period.year_to(base), Period.year_to(end))
            for base, end in ends
        ]
        return first[whole], second[whole]

    def cautions_of(self, year: YearOnYear) -> list[str]:
        """What to say of the breaks between two years that touch this measure and not all."""
        of_all = self.cautions_of_all(year)
        own = self.breaks.cautions(year.measure, year.base_period, year.period)
        return [caution for caution in own if caution not in of_all]

    def cautions_of_all(self, year: YearOnYear) -> list[str]:
        """What to say of the breaks between two years that touch every measure."""
        return self.breaks.cautions(EVERY_MEASURE, year.base_period, year.period)

    def annual(self, measure: str = TOTAL, area: str | None = None) -> pd.DataFrame:
        """The period and every twelve months before it that are held in full, oldest first.

        Columns: period_end (timestamp), label (for example "2021/22"), count, and the ends of its
        95% interval as a Poisson count, ci_low and ci_high (Byar's method).
        """
        first = self.monthly(measure, area).index.min()
        years: list[Period] = []
        year = self.period
        while year.start >= first:
            # A year that the police's table does not have in full is left out.
            years[:0] = [year] if self.covers(measure, year) else []
            year = year.previous()
        rows = [
            {"period_end": y.end, "label": y.financial_year, "count": self.count(measure, area, y)}
            for y in years
        ]
        table = pd.DataFrame(rows)
        interval = rates.rate_interval(table["count"], 1, per=1)
        return table.assign(ci_low=interval.ci_low, ci_high=interval.ci_high)

    def ranked_measures(self, smallest_count: int) -> list[str]:
        """The total, every group, and every offence within a group of several.

        Measures with fewer than `smallest_count` offences in the 32 boroughs in the period are
        left out: a rank among a handful of offences is chance.
        """
        groups = self.offences.groupby("offence_group")["offence"].unique()
        names = [TOTAL]
        for group, offences in groups.items():
            names += [str(group), *(sorted(offences) if len(offences) > 1 else [])]
        return [
            name
            for name in names
            if self.covers(name) and self.count(name, LONDON) >= smallest_count
        ]

    def usual_dispersion(self, measure: str, area: str) -> float | None:
        """How irregular the months were in the last six years before the pandemic.

        None where the series does not reach that far back or holds too few offences: then the
        months compared have to tell.
        """
        return self._dispersion(measure, area, self._usual_years)

    def dispersion_by_borough(self, measure: str = TOTAL) -> pd.Series:
        """How irregular the months of each of the 32 boroughs are, indexed by area code.

        As `usual_dispersion`; where that is not known, as in the last two years, and 1 where these
        hold too few offences too.
        """
        found = {}
        for area in self.boroughs["area_code"]:
            known = self.usual_dispersion(measure, area)
            found[area] = known or self._dispersion(measure, area, self._last_two_years) or 1.0
        return pd.Series(found).rename("dispersion")

    def changes(self, measures: list[str], base: Period | None = None) -> pd.DataFrame:
        """`year_on_year` of the borough for each measure, one row a measure, in that order."""
        return pd.DataFrame([self.year_on_year(name, base=base).row for name in measures])

    def listed(self, measures: list[str]) -> list[str]:
        """Those of the measures that the series lists in the period and in the year before."""
        years = self.period, self.period.previous()
        return [m for m in measures if m in self.members and all(self.covers(m, y) for y in years)]

    def sharing_nothing(self, measures: list[str]) -> list[str]:
        """Those of the measures that hold no other of them: no offence counts twice among them."""
        members = {name: {*self.members[name]} for name in measures}
        return [
            name for name in measures if not any(members[name] > members[each] for each in measures)
        ]

    def usual_changes(self, measures: list[str]) -> pd.DataFrame:
        """The changes from one ordinary year to the next that the borough saw: a row a measure.

        Columns: measure, pairs (of years, see `ordinary_pairs`), usual_low and usual_high (the
        lowest and highest change seen, per cent). These are missing where a year has so few
        offences that no percentage is given of it.
        """
        rows = []
        for measure in measures:
            first, second = (y[self.area_code].to_numpy() for y in self.ordinary_pairs(measure))
            enough = min(first.min(initial=FEWEST_COMPARED), second.min(initial=FEWEST_COMPARED))
            changes = np.array([np.nan])
            if enough >= FEWEST_COMPARED:
                changes = 100 * (second / first - 1)
            rows.append((measure, len(first), changes.min(), changes.max()))
        return pd.DataFrame(rows, columns=["measure", "pairs", "usual_low", "usual_high"])

    @once
    def ordinary_years(self, measure: str = TOTAL) -> pd.DataFrame:
        """Offences in each whole year before the pandemic that ends in the period's month.

        A row a year, named by its last month, oldest first; a column a borough's area code. Where
        the series has fewer than two such years, they are all of its years up to the period.
        """
        months = self.monthly_by_area(measure)[list(self.boroughs["area_code"])]
        before = months.loc[: self.period.last_before(PANDEMIC_START).end]
        months = before if len(before) >= 24 else months.loc[: self.period.end]
        whole = months.iloc[len(months) % 12 :]
        years = whole.groupby(np.arange(len(whole)) // 12).sum()
        return years.set_axis(whole.index[11::12])

    @cached_property
    def _usual_years(self) -> pd.DatetimeIndex:
        """The months of the last whole years before the pandemic."""
        last = self.period.last_before(PANDEMIC_START)
        return pd.date_range(last.shift_years(1 - USUAL_YEARS).start, last.end, freq="MS")

    @cached_property
    def _last_two_years(self) -> pd.DatetimeIndex:
        return pd.date_range(self.period.previous().start, self.period.end, freq="MS")

    def _dispersion(self, measure: str, area: str, months: pd.DatetimeIndex) -> float | None:
        """That of the months of whole years; None where one is missing or they hold too little."""
        series = self.monthly_by_area(measure)[self._code(area)]
        counts = series.to_numpy()[series.index.slice_indexer(months[0], months[-1])]
        if len(counts) < len(months):
            return None
        if min((counts.reshape(-1, 12).sum(axis=side) > 0).sum() for side in (0, 1)) < 2:
            return None
        return rates.dispersion(counts)

    def _code(self, area: str | None) -> str:
        """The code of an area given by its code or a borough's name; the borough's own for None."""
        if area is None:
            return self.area_code
        if area in (LONDON, ALL_OF_LONDON) or area in self.counts.areas:
            return area
        codes = self.boroughs.set_index("borough")["area_code"]
        check_known("area", area, [*codes.index, LONDON])
        return codes[area]

    @once
    def _year(self, measure: str, period: Period | None) -> pd.Series:
        period = period or self.period
        table = self.monthly_by_area(measure)
        months = table.index.slice_indexer(period.start, period.end)
        if months.stop - months.start != 12:
            wanted = period.months()
            missing = wanted[~wanted.isin(table.index)]
            raise ValueError(
                f"period: {period.label} lacks {len(missing)} months of {measure!r}, "
                f"the first {missing[0]:%B %Y}"
            )
        # Thousands of such sums are taken: pandas' own takes ten times as long.
        return pd.Series(table.to_numpy()[months].sum(axis=0), index=table.columns)


def recorded_crime(
    edition: Edition,
    counts: MonthlyCounts,
    *,
    offences: pd.DataFrame,
    boroughs: pd.DataFrame,
    area_code: str,
) -> RecordedCrime:
    """Recorded offences in the edition's classification and period.

    `offences` is the table of all classifications' offences, `boroughs` that of the boroughs.
    """
    return RecordedCrime(
        counts=counts,
        offences=offences[offences["classification"] == edition.classification],
        boroughs=boroughs,
        area_code=area_code,
        period=edition.period,
    )
