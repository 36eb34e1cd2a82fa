"""Calls to the police about anti-social behaviour, by month and in twelve-month totals."""

from dataclasses import dataclass

import pandas as pd

from safer_communities.datasets.periods import Period, complete_years


@dataclass(frozen=True)
class AsbCalls:
    """Calls to the Metropolitan Police about anti-social behaviour, all London.

    `calls` has the columns month and calls; years end in the month of `period`.
    """

    calls: pd.DataFrame
    period: Period

    def by_month(self) -> pd.DataFrame:
        """A row a month (see `calls_by_month`)."""
        return calls_by_month(self.calls)

    def by_year(self) -> pd.DataFrame:
        """A row for each whole twelve months, with the change on the year before."""
        return calls_by_year(self.calls, self.period)


def calls_by_month(calls: pd.DataFrame) -> pd.DataFrame:
    """A row a month, oldest first: month, label ("April 2020") and count.

    `calls` has the columns month and calls.
    """
    table = calls.sort_values("month", ignore_index=True)
    return pd.DataFrame(
        {
            "month": table["month"],
            "label": table["month"].dt.strftime("%B %Y"),
            "count": table["calls"],
        }
    )


def calls_by_year(calls: pd.DataFrame, period: Period) -> pd.DataFrame:
    """A row for each twelve months that end in the period's month, oldest first.

    Only the twelve months that the table holds in full. Columns: period_end, label, count and
    change_percent on the year before (missing in the first row).
    """
    monthly = calls.set_index("month")["calls"]
    table = pd.DataFrame(
        [
            {
                "period_end": year.end,
                "label": year.financial_year,
                "count": int(monthly[monthly.index.isin(year.months())].sum()),
            }
            for year in complete_years(pd.DatetimeIndex(monthly.index), period)
        ]
    )
    return table.assign(change_percent=100 * table["count"].pct_change())
