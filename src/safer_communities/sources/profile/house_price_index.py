"""Average house prices by month (UK House Price Index: HM Land Registry and ONS)."""

from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.profile import figures

SHEET = "Average price"
# Months before are kept once a year, at the end of the police's years.
EVERY_MONTH_FROM = 2019
LAST_OF_YEAR = 3


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """The mix-adjusted average price in each month; a release is the month after its last."""
    cells = reading.sheet_cells(path, SHEET)
    place = ErrorCollector(f"{path.name}, sheet {SHEET}")
    if len(cells) < 3 or not any(code.startswith("E09") for code in cells[1]):
        place.stop("no row of area codes below the names", reading.FETCH)
    months = [row[0] for row in cells[2:] if row[0]]
    dates = pd.to_datetime(pd.Series(months), format="%Y-%m-%d", errors="coerce")
    for number, (month, date) in enumerate(zip(months, dates, strict=True), start=3):
        if pd.isna(date) or date.day != 1:
            place.add_cell(number, "A", month, "the first of a month", reading.FETCH_AGAIN)
    place.raise_any()
    reading.every_month(dates, place)
    rows = []
    for number, (row, date) in enumerate(zip(cells[2:], dates, strict=False), start=3):
        if date.year >= EVERY_MONTH_FROM or date.month == LAST_OF_YEAR:
            of = f"{date:%B %Y}", date + pd.offsets.MonthEnd(0)
            rows += [
                (number, code, area, *of, price)
                for area, code, price in zip(cells[0], cells[1], row, strict=True)
                if code
            ]
    place.raise_any()
    names = ["row", "area_code", "area", "period", "period_end", "value"]
    table = pd.DataFrame(rows, columns=names).set_index("row")
    release = str((dates.max() + pd.DateOffset(months=1)).to_period("M"))
    return figures.Cells(release, table.assign(indicator="average_house_price"))


PUBLICATION = figures.publication(
    "house_price_index", ("profile/gla_uk_hpi_*.xlsx",), "house_price_index", parse
)
