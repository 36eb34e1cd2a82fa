"""Calls to the police about anti-social behaviour, by month and in twelve-month totals."""

from dataclasses import dataclass
from functools import partial

import pandas as pd

from safer_communities.datasets.periods import Period, yearly_sums
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries, missing_year, row_of


@dataclass(frozen=True)
class AsbCalls:
    """Calls to the Metropolitan Police about anti-social behaviour, all London.

    `calls` has the columns month and calls; years end in the month of `period`.
    """

    calls: pd.DataFrame
    period: Period

    def by_month(self) -> TimeSeries:
        """The count of each month, labelled "April 2020"."""
        table = self.calls.sort_values("month", ignore_index=True)
        label = table["month"].dt.strftime("%B %Y")
        rows = pd.DataFrame({"month": table["month"], "label": label, "count": table["calls"]})
        return TimeSeries(rows, "calls", "Calls about ASB in a month", source="asb", area="London")

    def by_year(self) -> pd.DataFrame:
        """A row for each whole twelve months that end in the period's month, oldest first.

        Columns: period_end, label, count and change_percent on the year before (missing in the
        first row).
        """
        monthly = self.calls.set_index("month")[["calls"]].set_axis(["count"], axis="columns")
        table = yearly_sums(monthly, self.period)
        return table.assign(change_percent=100 * table["count"].pct_change())

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
