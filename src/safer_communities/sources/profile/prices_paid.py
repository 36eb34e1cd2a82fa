"""Mean and median house prices paid, by year to December 2017 (HM Land Registry, by the GLA)."""

import re
from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.profile import figures

YEAR = re.compile(r"Year ending Dec ((?:19|20)[0-9]{2})")
SHEETS = {"Mean": "mean_house_price", "Median": "median_house_price"}


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """The mean and the median of the prices of all homes sold in each calendar year."""
    parts, last = [], 0
    for sheet, indicator in SHEETS.items():
        cells = reading.sheet_cells(path, sheet)
        table = reading.table_below(cells, ["Code", "Area"], f"{path.name}, sheet {sheet}")
        years = {name: found[1] for name in map(str, table) if (found := YEAR.fullmatch(name))}
        if not years:
            problems.stop(f"sheet {sheet} has no column of a year", reading.FETCH)
        last = max(last, *map(int, years.values()))
        columns = {
            name: (indicator, f"year to December {year}", figures.last_day(year))
            for name, year in years.items()
        }
        named = table.rename(columns={"Code": "area_code", "Area": "area"})
        parts.append(figures.wide(named, columns, problems))
    return figures.Cells(str(last), pd.concat(parts))


PUBLICATION = figures.publication(
    "gla_prices_paid", ("profile/gla_land_registry_house_prices_*.xls*",), "prices_paid", parse
)
