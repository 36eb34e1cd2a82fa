"""Calls to the Metropolitan Police about anti-social behaviour, London, by month (GLA)."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from safer_communities.datasets.codes import LONDON
from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Publication, Release

NAME = "gla_asb_calls"
SERIES = "ASB Calls"
DATASET = "sol_asb"
# The first lockdown brought 2.8 times the calls of the month before: the largest step there was.
LARGEST_STEP = 4
# The last month may be half there. The steepest real fall, in July 2020, was to 0.63 of what the
# three months before it had.
THINNEST_LAST_MONTH = 0.55


def parse(path: Path) -> pd.DataFrame:
    """Calls in each month, in order: month, calls. Raises InputError, or a group of them."""
    problems = ErrorCollector(path.name)
    table = reading.read_csv(path, problems)
    reading.require_columns(table, ["dataset", "month", "value", "series"], problems)
    reading.unique_rows(table, ["month"], problems)
    for column, expected in (("series", SERIES), ("dataset", DATASET)):
        is_other = table[column] != expected
        reading.note_cells(table[column], is_other, expected, problems, "delete the row")
    months = reading.first_days(table["month"], problems)
    calls = reading.whole_numbers(table["value"], problems)
    problems.raise_any()
    reading.every_month(months, problems)
    rows = pd.DataFrame({"month": months, "calls": calls}).sort_values("month")
    around = rows["calls"].rolling(3, center=True, min_periods=2).median()
    strange = (rows["calls"] < around / LARGEST_STEP) | (rows["calls"] > around * LARGEST_STEP)
    before = rows["calls"].shift(1).rolling(3).median()
    last = rows.index == rows.index[-1]
    strange |= last & (rows["calls"] < THINNEST_LAST_MONTH * before)
    for row, calls_then in rows.loc[strange, "calls"].items():
        problems.add(
            f"{calls_then:,} calls, where the months around it have about {around[row]:,.0f}",
            "compare it with the publisher's page, and fetch the file again",
            row=row,
            column="value",
        )
    problems.raise_any()
    return rows.reset_index(drop=True)


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table, by its path."""
    path = reading.only_file(files)
    table = parse(path)
    release = crosswalks.release_of(NAME, table["month"], path.name)
    table = table.assign(area_code=LONDON, release=release)
    return {"asb/london_asb_calls.csv": table[["month", "area_code", "calls", "release"]]}


def releases(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    """The release that each file is."""
    for path in files:
        yield Release.of_months(NAME, parse(path)["month"], path.name)


PUBLICATION = Publication(
    NAME, files=("asb/*.csv",), tidy=tidy, releases=releases, awaited="ASB calls"
)
