"""Months as a calendar: a table of true counts, a row a year, shaded by how many there were."""

import pandas as pd

from safer_communities.charts.table import Column, Table
from safer_communities.facts.series import TimeSeries

NAME = "calendar"


def calendar(series: TimeSeries) -> Table:
    """The months of `series`: a row for each twelve months, a column for each month of the year.

    What is downloaded is a row a month: month, count. A month that the series lacks is "[x]".
    """
    sheet = series.calendar.T.rename_axis("year").reset_index()
    months = [name for name in sheet.columns if name != "year"]
    columns = [
        Column("year", "Twelve months", kind="text", row_header=True),
        *(Column(month, month, decimals=0) for month in months),
    ]
    known = series.told.dropna(subset=series.value)
    data = pd.DataFrame({"month": known["month"], "count": known[series.value].astype(int)})
    return Table(NAME, sheet, columns, data=data, shaded=True)
