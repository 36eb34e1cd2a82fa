"""Calls to the Metropolitan Police about anti-social behaviour, London, by month (GLA)."""

from pathlib import Path

import pandas as pd

from safer_communities.errors import Problems
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Publication
from safer_communities.sources.reading import (
    FETCH_AGAIN,
    read_csv,
    require_columns,
    unique_rows,
    whole_numbers,
)

NAME = "gla_asb_calls"
SERIES = "ASB Calls"
LONDON_REGION = "E12000007"


def parse(path: Path) -> pd.DataFrame:
    """Calls in each month, in order: month, calls. Raises InputError, or a group of them."""
    problems = Problems(path.name)
    table = read_csv(path)
    require_columns(table, ["dataset", "month", "value", "series"], problems)
    unique_rows(table, ["month"], problems)
    for row, value in table.loc[table["series"] != SERIES, "series"].items():
        problems.add_cell(row, "series", value, SERIES, "take the row out")
    months = pd.to_datetime(table["month"], format="%Y-%m-%d", errors="coerce")
    for row, value in table.loc[months.isna() | (months.dt.day != 1), "month"].items():
        problems.add_cell(row, "month", value, "the first of a month", FETCH_AGAIN)
    calls = whole_numbers(table["value"], problems)
    for month in pd.date_range(months.min(), months.max(), freq="MS").difference(months):
        problems.add(f"no row for {month:%B %Y}", "fetch the file from the publisher again")
    problems.raise_any()
    return pd.DataFrame({"month": months, "calls": calls}).sort_values("month", ignore_index=True)


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table, by its path."""
    table = parse(files[-1])
    release = str(table["month"].max().to_period("M") + 1)
    crosswalks.release(NAME, release, Problems(files[-1].name))
    table = table.assign(area_code=LONDON_REGION, release=release)
    return {"asb/london_asb_calls.csv": table[["month", "area_code", "calls", "release"]]}


PUBLICATION = Publication(NAME, files=("asb/*.csv",), tidy=tidy)
