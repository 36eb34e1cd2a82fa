"""Median house prices and full-time pay by year (ONS, house price to earnings ratio)."""

import re
from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.profile import figures

YEAR = re.compile(r"(?:Year ending Sep )?((?:19|20)[0-9]{2})")
# The sheets of regions and of local authorities, with their headings of code and name.
SHEETS = {
    "1a": ("median_house_price", "Code", "Name"),
    "5a": ("median_house_price", "Local authority code", "Local authority name"),
    "1b": ("full_time_pay", "Code", "Name"),
    "5b": ("full_time_pay", "Local authority code", "Local authority name"),
}


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """Median price paid in the year to September, and median full-time pay of residents."""
    parts, last = [], 0
    for sheet, (indicator, code, area) in SHEETS.items():
        place = f"{path.name}, sheet {sheet}"
        table = reading.table_below(reading.sheet_cells(path, sheet), [code, area], place)
        years = {name: found[1] for name in map(str, table) if (found := YEAR.fullmatch(name))}
        columns = {
            name: (
                (indicator, f"year to September {year}", figures.last_day(f"September {year}"))
                if sheet.endswith("a")
                else (indicator, f"April {year}", figures.last_day(f"April {year}"))
            )
            for name, year in years.items()
        }
        if not columns:
            problems.stop(f"sheet {sheet} has no column of a year", reading.FETCH)
        last = max(last, *map(int, years.values()))
        named = table.rename(columns={code: "area_code", area: "area"})
        parts.append(figures.wide(named, columns, problems))
    return figures.Cells(str(last), pd.concat(parts), withheld=(":",))


PUBLICATION = figures.publication(
    "ons_prices_and_pay", ("profile/ons_ratio_house_price_*.xlsx",), "prices_and_pay", parse
)
