"""Calls to the police about anti-social behaviour, by month and in twelve-month totals."""

from dataclasses import dataclass

import pandas as pd

from safer_communities.datasets.periods import Period, yearly_sums


@dataclass(frozen=True)
class AsbCalls:
    """Calls to the Metropolitan Police about anti-social behaviour, all London.

    `calls` has the columns month and calls; years end in the month of `period`.
    """

    calls: pd.DataFrame
    period: Period

    def by_month(self) -> pd.DataFrame:
        """A row a month, oldest first: month, label ("April 2020") and count."""
        table = self.calls.sort_values("month", ignore_index=True)
        label = table["month"].dt.strftime("%B %Y")
        return pd.DataFrame({"month": table["month"], "label": label, "count": table["calls"]})

    def by_year(self) -> pd.DataFrame:
        """A row for each whole twelve months that end in the period's month, oldest first.

        Columns: period_end, label, count and change_percent on the year before (missing in the
        first row).
        """
        monthly = self.calls.set_index("month")[["calls"]].set_axis(["count"], axis="columns")
        table = yearly_sums(monthly, self.period)
        return table.assign(change_percent=100 * table["count"].pct_change())
