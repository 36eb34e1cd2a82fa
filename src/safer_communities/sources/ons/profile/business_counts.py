"""Businesses and their sites by size (ONS, UK business: activity, size and location)."""

import re
from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.profile import figures

TITLE = re.compile(r"UK, ((?:19|20)[0-9]{2})")
SHEETS = {"Table 10": "enterprises", "Table 22": "local_units"}


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """Enterprises (table 10) and local units (table 22): all, and those with up to 4 employed."""
    years, parts = set(), []
    for sheet, indicator in SHEETS.items():
        cells = reading.sheet_cells(path, sheet)
        year = next((found[1] for row in cells for cell in row if (found := TITLE.match(cell))), "")
        if not year:
            problems.stop(f"sheet {sheet} names no year", reading.FETCH)
        years.add(year)
        of = f"March {year}", figures.last_day(f"March {year}")
        table = reading.table_below(cells, ["0-4", "Total"], f"{path.name}, sheet {sheet}")
        named = {table.columns[0]: "area_code", table.columns[1]: "area"}
        columns = {"Total": (indicator, *of), "0-4": (f"{indicator}_0_4", *of)}
        parts.append(figures.wide(table.rename(columns=named), columns, problems))
    if len(years) > 1:
        problems.stop(f"sheets of {' and '.join(sorted(years))}", reading.FETCH)
    return figures.Cells(years.pop(), pd.concat(parts))


PUBLICATION = figures.publication(
    "ons_business_counts", ("profile/ons_ukbusinessworkbook*.xlsx",), "business_counts", parse
)
