"""Calls to the police about anti-social behaviour, by month and in twelve-month totals."""

import pandas as pd

from safer_communities.periods import Period


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
    monthly = calls.set_index("month")["calls"].sort_index()
    year = period
    while year.end <= monthly.index.max():
        year = year.shift_years(1)
    rows = []
    while year.end > monthly.index.min():
        months = monthly[monthly.index.isin(year.months())]
        if len(months) == 12:
            total = int(months.sum())
            rows.append({"period_end": year.end, "label": year.financial_year, "count": total})
        year = year.previous()
    table = pd.DataFrame(rows[::-1])
    return table.assign(change_percent=100 * table["count"].pct_change())
