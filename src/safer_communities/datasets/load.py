"""Typed tables from `data/`, read and checked against their schemas once (see `kept`)."""

import csv
import io
import os
from functools import cache, lru_cache
from pathlib import Path

import pandas as pd
import pandera.errors
import pyarrow
import pyarrow.parquet

from safer_communities.datasets import kept
from safer_communities.datasets.atomic import finish_replacing
from safer_communities.datasets.schemas import TABLES, TableSchema
from safer_communities.errors import ErrorCollector, InputError, did_you_mean
from safer_communities.project import DATA, ROOT

FORMS = {
    "integer": (r"-?[0-9]+", "a whole number"),
    "number": (r"-?[0-9]+(\.[0-9]+)?", "a number"),
    "boolean": (r"true|false", "true or false"),
    "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date such as 2022-03-31"),
}

# What pandera calls a key that two rows share.
REPEATED_KEY = "multiple_fields_uniqueness"


def tables() -> pd.DataFrame:
    """What the tables of `data/` hold: one row for each column of each.

    Columns: table, title, column, type (of the Data Package standard), unit, description.
    """
    return pd.DataFrame(
        [
            {"table": name, "title": table.title, "column": column, "type": about.metadata["type"]}
            | {"unit": about.metadata["unit"], "description": about.description}
            for name, table in TABLES.items()
            for column, about in table.schema.columns.items()
        ]
    )


def table(name: str, release: str | None = None) -> pd.DataFrame:
    """The table of that name: columns and units as `tables` lists them.

    Where each release has a file of its own, that of `release` ("2024-02"), else of the newest: two
    releases count the same months, so they are never added up. Raises ValueError where there is no
    such table or release, naming the nearest, and InputError where a file is bad.
    """
    if name not in TABLES:
        remedy = did_you_mean(name, TABLES, listed_in="tables()")
        raise ValueError(f"name: there is no table {name!r}; {remedy}")
    if TABLES[name].is_one_file:
        if release is not None:
            raise ValueError(f"release: {name} is one table, with all its releases in it")
        return read_table(name, DATA)
    listed = table("releases")
    known = sorted(listed.loc[listed["publication"] == TABLES[name].source, "release"])
    if release is not None and release not in known:
        remedy = did_you_mean(release, known)
        raise ValueError(f"release: {name} has none called {release!r}; {remedy}")
    return read_table(name, DATA, release or known[-1])


def recorded_crime(release: str) -> pd.DataFrame:
    """One release of recorded offences by borough: columns as `schemas` lists them."""
    return read_table("recorded_crime_borough", DATA, release)


def ward_crime(release: str) -> pd.DataFrame:
    """One release of recorded offences by ward: columns as `schemas` lists them."""
    return read_table("recorded_crime_ward", DATA, release)


def read_table(name: str, data_folder: Path, release: str = "") -> pd.DataFrame:
    """A table of a data folder. A change to the frame returned is seen by nobody else."""
    of = _read if TABLES[name].is_one_file else _read_release
    frame, read = of(name, data_folder, release)
    kept.tell(read)
    return frame.copy(deep=False)


def read_anew(name: str, data_folder: Path, release: str = "") -> pd.DataFrame:
    """A table as it stands now; `read_table` keeps what it read first, of releases a few."""
    return _read.__wrapped__(name, data_folder, release)[0]


def forget() -> None:
    """Has this process read every table again, and whatever was made of them."""
    _read.cache_clear()
    _read_release.cache_clear()
    kept.forget()


def check(table: TableSchema, frame: pd.DataFrame, place: str, first_row: int = 0) -> None:
    """Raises InputError, or a group of them, for all that breaks the table's schema.

    `first_row` is the number that the first row goes by in a message.
    """
    problems = ErrorCollector(place)
    try:
        table.schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        repeated = cases["check"] == REPEATED_KEY
        for row in cases.loc[repeated, "index"].unique()[1:]:
            problems.add(
                f"a second row with the {', '.join(table.key)} of an earlier one",
                "delete the row that is wrong, or import the publication again",
                row=int(row) + first_row,
            )
        for case in cases[~repeated].itertuples(index=False):
            problems.add(
                f"{case.failure_case!r} does not satisfy: {case.check}",
                "correct it, or import the publication again",
                row=None if pd.isna(case.index) else int(case.index) + first_row,
                column="" if case.schema_context == "DataFrameSchema" else str(case.column),
            )
    for gap in [] if problems.errors else table.gaps(frame):
        problems.add(gap, "import the publication again from a complete file")
    problems.raise_any()


@cache
def _read(name: str, data_folder: Path, release: str) -> tuple[pd.DataFrame, kept.Tables]:
    """The table, and the digest of its file by its path in the project."""
    finish_replacing(data_folder)
    table = TABLES[name]
    path = data_folder / table.path.format(release=release)
    place = f"{data_folder.name}/{path.relative_to(data_folder)}"
    if not path.is_file():
        raise InputError(place, "there is no such file", "import the publication first")
    # Opened here, not by the library, so that a run can record what it read.
    content = path.read_bytes()
    digest = kept.digest(content)
    made_from = kept.CODE_OF_TABLES, name, release, digest
    entry = kept.KEPT / f"{name}{release}"
    found = kept.read_entry(entry, made_from.__eq__) if data_folder == DATA else None
    if found and found[1] is not None:
        frame = found[1]
    elif path.suffix == ".parquet":
        frame = _read_parquet(content, place)
    else:
        frame = _read_csv(table, content, place)
    if not found:
        check(table, frame, place, first_row=1 if path.suffix == ".parquet" else 2)
        if data_folder == DATA:
            # A Parquet file is small and quick to read: of these, that they were checked is kept.
            kept.write_entry(entry, made_from, None if path.suffix == ".parquet" else frame)
    return frame, {Path(os.path.relpath(path, ROOT)).as_posix(): digest}


# One takes 20 to 50 MB, and a page may go through all of them.
_read_release = lru_cache(maxsize=2)(_read.__wrapped__)


def _read_parquet(content: bytes, place: str) -> pd.DataFrame:
    try:
        return pyarrow.parquet.ParquetFile(pyarrow.BufferReader(content)).read().to_pandas()
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(
            place, "not a complete Parquet file", "import the publication again"
        ) from error


def _read_csv(table: TableSchema, content: bytes, place: str) -> pd.DataFrame:
    """The file's cells in the types of the schema: nothing is guessed from the values."""
    text = _cells(content, place)
    columns = table.schema.columns
    if list(text.columns) != list(columns):
        raise InputError(
            place,
            f"the columns are {', '.join(text.columns)}; expected {', '.join(columns)}",
            "give the columns these names, in this order",
        )
    problems = ErrorCollector(place)
    frame = pd.DataFrame(
        {
            name: _typed(text[name], column.metadata["type"], column.nullable, problems)
            for name, column in columns.items()
        }
    )
    problems.raise_any()
    return frame


def _cells(content: bytes, place: str) -> pd.DataFrame:
    """Every cell as text. pandas alone would fill short rows and shift long ones."""
    problems = ErrorCollector(place)
    try:
        # Excel puts a byte order mark before the first heading.
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        header, *rows = csv.reader(text, strict=True)
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        raise InputError(
            place, f"not a CSV table in UTF-8 ({error})", "import the publication again"
        ) from error
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            problems.add(
                f"{len(row)} cells where the header has {len(header)}",
                "correct the row, or import the publication again",
                row=number,
            )
    problems.raise_any()
    return pd.DataFrame(rows, columns=header, dtype=str)


def _typed(cells: pd.Series, kind: str, nullable: bool, problems: ErrorCollector) -> pd.Series:
    """Text cells as values of a type of the Data Package standard; notes those that are not."""
    if kind == "string":
        return cells
    pattern, expected = FORMS[kind]
    blank = cells.eq("") & nullable
    good = cells.str.fullmatch(pattern)
    if kind == "date":
        good &= pd.to_datetime(cells, errors="coerce", format="%Y-%m-%d").notna()
    wrong = cells[~(good | blank)]
    for row, value in zip(wrong.index, wrong, strict=True):
        problems.add_cell(row + 2, str(cells.name), value, expected, "correct the cell")
    if kind == "date":
        return pd.to_datetime(cells.where(good), format="%Y-%m-%d")
    if kind == "boolean":
        return cells.eq("true")
    if kind == "integer":
        return cells.where(good, "0").astype("int64")
    return cells.where(good).astype("float64")
