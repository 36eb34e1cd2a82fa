"""Publishers' tables that a third party saved as Parquet: columns, types and values checked."""

from pathlib import Path
from types import MappingProxyType

import pandas as pd
import pyarrow
import pyarrow.parquet
import pyarrow.types

from safer_communities.errors import ErrorCollector, InputError
from safer_communities.sources import reading

# The kinds of column: what they are called in a message, and how pyarrow knows them.
TEXT, DATE, WHOLE = "text", "dates", "whole numbers"
_IS = MappingProxyType(
    {
        TEXT: lambda kind: pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind),
        DATE: pyarrow.types.is_temporal,
        WHOLE: pyarrow.types.is_integer,
    }
)


def read_parquet(path: Path, columns: dict[str, str], problems: ErrorCollector) -> pd.DataFrame:
    """The table, with the columns named and of the kinds given; its index counts rows from 1.

    Spaces at the ends of a text do not count, and a missing text is empty. Raises what is wrong
    with the names and kinds of columns, or InputError where the file is not a complete Parquet
    file. Notes counts below 0 or missing.
    """
    reading.check_size(path)
    with reading.readable(path, "not a complete Parquet file", pyarrow.ArrowException):
        table = pyarrow.parquet.read_table(path)
    # Only the names matter here, so an empty table will do.
    reading.require_columns(pd.DataFrame(columns=table.column_names), [*columns], problems)
    for name, kind in columns.items():
        held = table.schema.field(name).type
        if not _IS[kind](held) and not pyarrow.types.is_null(held):
            problems.add(f"holds {held}, where {kind} are expected", reading.FETCH, column=name)
    if not table.num_rows:
        problems.add("no row", reading.FETCH)
    problems.raise_any()
    frame = table.to_pandas()
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
    for name, kind in columns.items():
        if kind == TEXT:
            frame[name] = frame[name].astype("str").fillna("").str.strip()
        elif kind == DATE:
            frame[name] = pd.to_datetime(frame[name])
        else:
            note_counts(frame[name], problems)
    problems.raise_any()
    return frame


def note_counts(counts: pd.Series, problems: ErrorCollector) -> None:
    """Notes every count that is missing or below 0: these tables leave out what is nought."""
    told = counts.astype("str").where(counts.notna(), "nothing")
    wrong = counts.isna() | (counts < 0)
    reading.note_cells(told, wrong, "a whole number, 0 or more", problems)


def first_days(dates: pd.Series, problems: ErrorCollector) -> pd.Series:
    """The dates; notes every one that is not the first day of a month."""
    for row, value in dates[dates.dt.day != 1].items():
        told = "nothing" if pd.isna(value) else f"{value:%Y-%m-%d}"
        expected = "the first of a month"
        problems.add_cell(row, str(dates.name), told, expected, reading.FETCH_AGAIN)
    return dates.astype("datetime64[ns]")


def one_of(cells: pd.Series, allowed: list[str], problems: ErrorCollector) -> None:
    """Notes each value that is not one of those allowed, once."""
    wrong = cells[~cells.isin(allowed)]
    for value, same in wrong.groupby(wrong, sort=False):
        more = f" (nor are {len(same) - 1:,} more such cells)" if len(same) > 1 else ""
        expected = f"one of {', '.join(allowed)}{more}"
        problems.add_cell(same.index[0], str(cells.name), str(value), expected, reading.FETCH_AGAIN)


def file_of(files: list[Path], mark: str) -> Path:
    """The one file whose name holds `mark`. Raises InputError where there is none, or several."""
    found = [path for path in files if mark in path.name]
    if len(found) != 1:
        names = " and ".join(path.name for path in files)
        remedy = f"give one file with {mark!r} in its name"
        raise InputError(names, f"{len(found)} files of {mark}", remedy)
    return found[0]
