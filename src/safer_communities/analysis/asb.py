"""Anti-social behaviour: calls to the police in London, and incidents by borough and ward."""

from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from typing import Any

import pandas as pd

from safer_communities.analysis.people import Denominator, People
from safer_communities.analysis.wards.wards import Wards
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period, newest_year_held, yearly_sums
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries, missing_year, row_of
from safer_communities.statistics import rankings, rates

# Of fewer whole months a rate says too little of a year.
FEWEST_MONTHS = 6
RATE_UNIT = "incidents per 1,000 residents"


@dataclass(frozen=True)
class AsbCalls:
    """Calls to the Metropolitan Police about anti-social behaviour, all London.

    `calls` has the columns month and calls; years end in the month of `period`.
    """

    calls: pd.DataFrame
    period: Period

    def by_month(self) -> TimeSeries:
        """The count of each month up to the end of the period, labelled "April 2020"."""
        table = self.calls.sort_values("month", ignore_index=True)
        table = table[table["month"] <= self.period.end]
        label = table["month"].dt.strftime("%B %Y")
        rows = pd.DataFrame({"month": table["month"], "label": label, "count": table["calls"]})
        return TimeSeries(rows, "calls", "Calls about ASB in a month", source="asb", area="London")

    def by_year(self) -> pd.DataFrame:
        """A row for each whole twelve months that end like the period, up to it, oldest first.

        The first that is held, where the period ends before it. Columns: period_end, label, count
        and change_percent on the year before (missing in the first row).
        """
        monthly = self.calls.set_index("month")[["calls"]].set_axis(["count"], axis="columns")
        table = yearly_sums(monthly, self.period)
        table = table.assign(change_percent=100 * table["count"].pct_change())
        # An edition shows no year that came after its own.
        told = table[table["period_end"] <= self.period.end]
        return table.head(1) if told.empty else told

    def facts(self) -> dict[str, Quantity | str]:
        """`london_count`, the calls of the edition's year, and `london`, their change in per cent.

        The text `asb_year` names that year; `notice` says so where it is another.
        """
        years = self.by_year()
        year = row_of(years, self.period)
        period = Period.year_to(year["period_end"])
        about = partial(Quantity, area="London", source="asb")
        return {
            "asb_year": year["label"],
            "notice": missing_year(years, self.period),
            "london_count": about(year["count"], "calls", "Calls about ASB", period=period),
            "london": about(
                year["change_percent"],
                "%",
                "Change in calls about ASB",
                period=f"{period.label}, against {period.previous().label}",
            ),
        }


@dataclass(frozen=True)
class IncidentRates:
    """Incidents in the whole months of a borough, per 1,000 residents, by borough or by ward.

    `table` has a row for each place that is whole in all of these months, lowest rate first: area,
    count, residents, rate, ci_low, ci_high, rank, rank_low, rank_high. `together` is the rate of
    all of them, named `benchmark`; `period` says which months they are.
    """

    table: pd.DataFrame
    together: float
    benchmark: str
    period: str
    denominator: str
    source: str
    own: str | None = None

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        return {
            "name": "incidents",
            "highlight": self.own,
            "benchmark": (self.benchmark, self.together),
            "unit": RATE_UNIT,
            "source": self.source,
            "period": self.period,
            "in_table": list(self.table),
            "headings": {"area": "Place", "count": "Incidents"},
        }

    def facts(self) -> dict[str, Quantity | str]:
        """The lowest and highest rate and that of all together, and how many places there are.

        With an own borough its `count`, its rate (no name of its own) and its `place` in words.
        """
        rate = partial(
            Quantity,
            unit="per 1,000 residents",
            label="Rate of anti-social behaviour incidents",
            denominator=self.denominator,
            period=self.period,
            source=self.source,
        )
        low, high = self.table.iloc[0], self.table.iloc[-1]
        facts: dict[str, Quantity | str] = {
            "together": rate(self.together, area=self.benchmark),
            "low": rate(low["rate"], area=low["area"]),
            "high": rate(high["rate"], area=high["area"]),
            "low_area": low["area"],
            "high_area": high["area"],
        }
        about = partial(Quantity, period=self.period, source=self.source)
        number = len(self.table)
        facts["places"] = about(number, "places", "Places compared", area=self.benchmark)
        if self.own is None:
            return facts
        (row,) = self.table[self.table["area"] == self.own].to_dict("records")
        facts[""] = rate(row["rate"], low=row["ci_low"], high=row["ci_high"])
        facts["count"] = about(row["count"], "incidents", "Anti-social behaviour incidents")
        facts["place"] = wording.rank_place(
            row["rank"], row["rank_low"], row["rank_high"], of=len(self.table)
        )
        return facts


@dataclass(frozen=True)
class AsbIncidents:
    """Incidents of anti-social behaviour in the borough `area_code`, beside the others.

    `counts` has the columns month, area_code, incidents and complete, `wards` also ward_code: in
    some months parts of a borough are missing from the publication, so that a year of it is an
    undercount, and rates are those of whole months alone. `ward_residents` has ward_code,
    ward_name and residents. `period` is the edition's, `boroughs` lists the 32.
    """

    counts: pd.DataFrame
    wards: pd.DataFrame
    ward_residents: pd.DataFrame
    boroughs: pd.DataFrame
    residents: Denominator
    area_code: str
    period: Period

    @cached_property
    def year(self) -> Period:
        """The newest twelve months held up to the edition's, or the first there are."""
        return newest_year_held(self.wards["month"], self.period)

    @cached_property
    def own(self) -> pd.DataFrame:
        """The borough's rows, each month of the newest release that has it, oldest first."""
        rows = self.counts[self.counts["area_code"] == self.area_code].sort_values("release")
        return rows.drop_duplicates("month", keep="last").sort_values("month", ignore_index=True)

    @cached_property
    def whole_months(self) -> pd.DatetimeIndex:
        """The months of the year in which the whole borough is in the publication."""
        rows = self.own[self.own["month"].isin(self.year.months()) & self.own["complete"]]
        return pd.DatetimeIndex(rows["month"])

    @property
    def months_in_words(self) -> str:
        """For example "eight of the 12 months to March 2026"."""
        if len(self.whole_months) == len(self.year.months()):
            return f"the {self.year.label}"
        return f"{wording.cardinal(len(self.whole_months))} of the {self.year.label}"

    @property
    def months_held(self) -> str:
        """From the first month to the last that is told of: "April 2016 to March 2026"."""
        months = self.by_month()["month"]
        return f"{months.iloc[0]:%B %Y} to {months.iloc[-1]:%B %Y}"

    def by_month(self) -> pd.DataFrame:
        """Incidents of each month from the first to the last of the year told of: month, incidents.

        Missing where there is no month, or a part of the borough is not in it.
        """
        rows = self.own.set_index("month").loc[: self.year.end]
        months = pd.date_range(rows.index.min(), rows.index.max(), freq="MS", name="month")
        rows = rows.reindex(months)
        incidents = rows["incidents"].where(rows["complete"].eq(True))
        return pd.DataFrame({"month": months, "incidents": incidents.to_numpy()})

    def rates(self) -> IncidentRates:
        """Every borough that is whole in the borough's own whole months, beside it.

        Raises ValueError where these are fewer than six.
        """
        names = self.boroughs.set_index("area_code")["borough"]
        table = self._table(self.counts, "area_code", names, self.residents.boroughs())
        return self._rates(table, "These boroughs together", self.residents.label, names)

    def ward_rates(self) -> IncidentRates:
        """The borough's wards in its whole months. Raises ValueError as `rates` does."""
        people = self.ward_residents.set_index("ward_code")
        names = people["ward_name"].str.replace(r" \(.+\)$", "", regex=True)
        own = self.wards[self.wards["area_code"] == self.area_code]
        table = self._table(own, "ward_code", names, people["residents"])
        label = f"ONS residents of wards, {self.ward_residents['release'].iloc[0]} release"
        return self._rates(table, "The wards together", label)

    def told_of_ward(self, name: str) -> str:
        """The incidents and the rate of the ward `name` beside all wards."""
        found = self.ward_rates()
        rows = found.table[found.table["area"] == name]
        if rows.empty:
            return "The incidents of anti-social behaviour here are not known in whole."
        row = rows.iloc[0]
        ends = wording.interval(row["ci_low"], row["ci_high"])
        return (
            f"{wording.number(row['count'])} incidents of anti-social behaviour were logged here "
            f"in {self.months_in_words}: {wording.number(row['rate'], 1)} for every 1,000 people "
            f"(95% interval {ends}). All wards together had {wording.number(found.together, 1)}."
        )

    def _rates(
        self, table: pd.DataFrame, together: str, label: str, names: pd.Series | None = None
    ) -> IncidentRates:
        return IncidentRates(
            table=table,
            together=1000 * table["count"].sum() / table["residents"].sum(),
            benchmark=together,
            period=self.months_in_words.removeprefix("the "),
            denominator=label,
            source="asb_incidents_wards" if names is None else "asb_incidents_per_resident",
            own=None if names is None else names[self.area_code],
        )

    def _table(
        self, rows: pd.DataFrame, place: str, names: pd.Series, residents: pd.Series
    ) -> pd.DataFrame:
        """The table of `IncidentRates`; intervals and ranks allow for months that vary more."""
        if len(self.whole_months) < FEWEST_MONTHS:
            raise ValueError(f"months: only {len(self.whole_months)} of the year are whole")
        rows = rows[rows["month"].isin(self.whole_months) & rows[place].isin(names.index)]
        monthly = rows.pivot_table(index=place, columns="month", values="incidents", aggfunc="sum")
        whole = rows.pivot_table(index=place, columns="month", values="complete", aggfunc="all")
        monthly = monthly[whole.reindex(monthly.index).eq(True).all(axis="columns")].astype(int)
        counts, size = monthly.sum(axis="columns"), residents.loc[monthly.index]
        dispersion = rates.dispersion_by_area(monthly)
        found = vars(rates.rate_interval(counts, size, dispersion=dispersion))
        ranks = rankings.rank_intervals(counts, size, dispersion=dispersion).drop(columns="rate")
        table = pd.DataFrame(
            {"area": names.loc[counts.index], "count": counts, "residents": size, **found}
        ).join(ranks)
        return table.sort_values(["rate", "area"], ignore_index=True)

    def facts(self) -> dict[str, Quantity | str]:
        """`held`, the incidents of the year as the publication has them.

        Texts: `year` and `months` name the twelve months and the whole ones of them, `notice` says
        where the year is not the edition's, `gap` where the year is an undercount, and `before`
        which months have no figures.
        """
        rows = self.own[self.own["month"].isin(self.year.months())]
        held = Quantity(
            int(rows["incidents"].sum()),
            "incidents",
            "Anti-social behaviour incidents held",
            period=self.year,
            source="asb_incidents",
        )
        return {
            "held": held,
            "year": self.year.label,
            "months": self.months_in_words,
            "notice": self._notice,
            "gap": self._gap,
            "before": self._before,
        }

    @property
    def _notice(self) -> str:
        if self.year == self.period:
            return ""
        if self.year.end > self.period.end:
            begins = self.wards["month"].min()
            return (
                f"The figures by ward begin with {begins:%B %Y}, so these are of the first year "
                f"there is, which is later than the {self.period.label} of this edition."
            )
        return f"The newest figures held are those of the {self.year.label}."

    @property
    def _before(self) -> str:
        months = self.own["month"]
        month = pd.DateOffset(months=1)
        wide = [(one, other) for one, other in pairwise(months) if other > one + month]
        if not wide:
            return (
                f"The figures begin with {months.min():%B %Y}: none from earlier months were found."
            )
        first, last = wide[-1][0] + month, wide[-1][1] - month
        return (
            f"No figures were found from {first:%B %Y} to {last:%B %Y}, so that what came before "
            "and what came after cannot be joined."
        )

    @property
    def _gap(self) -> str:
        missing = len(self.year.months()) - len(self.whole_months)
        if not missing:
            return "Every one of these months is complete."
        many = "one month" if missing == 1 else f"{wording.cardinal(missing)} months"
        return (
            f"In {many} of these, part of the borough is missing from the file, so the true number "
            "is higher, and no change from year to year can be given."
        )


def asb_incidents(area_code: str, period: Period, people: People, wards: Wards) -> AsbIncidents:
    """The incidents of the borough `area_code` beside the others (see `AsbIncidents`)."""
    return AsbIncidents(
        load.table("asb_incidents"),
        load.table("asb_incidents_wards"),
        wards.residents,
        people.boroughs,
        people.residents,
        area_code,
        period,
    )
