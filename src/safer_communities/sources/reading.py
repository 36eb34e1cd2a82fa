"""Publishers' files read as text, so that an error can name the row, the column and the value."""

import csv
import io
import zipfile
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from safer_communities.errors import InputError, Problems

LARGEST_FILE_BYTES = 100_000_000
LARGEST_UNPACKED_BYTES = 500_000_000
FETCH_AGAIN = "fetch the file from the publisher again, or correct the cell"


def read_csv(path: Path) -> pd.DataFrame:
    """The table as text, one string a cell; the index holds each row's line in the file.

    Raises InputError where the file is no complete comma-separated UTF-8 table.
    """
    text = _decode(path)
    problems = Problems(path.name)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader)]
        lines, rows = [], []
        for row in reader:
            if len(row) != len(header):
                problems.add(
                    f"{len(row)} cells where the header has {len(header)}",
                    "the file may be cut off: fetch it from the publisher again",
                    row=reader.line_num,
                )
            else:
                lines.append(reader.line_num)
                rows.append(row)
    except csv.Error as error:
        raise InputError(path.name, f"not a CSV table ({error})", "fetch the file again") from error
    _check_header(header, problems)
    problems.raise_any()
    if not rows:
        raise InputError(path.name, "a header and no rows", "fetch the file again")
    return pd.DataFrame(rows, columns=header, index=pd.Index(lines, name="row"), dtype=str)


def read_sheet(path: Path, sheet: str, first_column: str) -> pd.DataFrame:
    """A sheet's table as text, below the row whose first cell is `first_column`.

    The index holds each row's number in the sheet. Spaces in sheet names and round column names
    do not matter: publishers vary them. Raises InputError where there is no such table.
    """
    _check_size(path)
    place = f"{path.name}, sheet {sheet}"
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        names = {name.replace(" ", ""): name for name in workbook.sheet_names}
        if sheet.replace(" ", "") not in names:
            found = ", ".join(workbook.sheet_names)
            raise InputError(path.name, f"no sheet {sheet}; it has {found}", "fetch the file again")
        cells = workbook.get_sheet_by_name(names[sheet.replace(" ", "")]).to_python(
            skip_empty_area=False
        )
    except (CalamineError, zipfile.BadZipFile) as error:
        raise InputError(path.name, f"not an Excel file ({error})", "fetch it again") from error
    tops = [number for number, row in enumerate(cells) if row and row[0] == first_column]
    if not tops:
        raise InputError(place, f"no header row that begins {first_column}", "fetch it again")
    top = tops[0]
    problems = Problems(place)
    header = [_text(cell).strip() for cell in cells[top]]
    _check_header(header, problems)
    problems.raise_any()
    rows = [[_text(cell) for cell in row] for row in cells[top + 1 :]]
    numbers = pd.RangeIndex(top + 2, top + 2 + len(rows), name="row")
    return pd.DataFrame(rows, columns=header, index=numbers, dtype=str)


def require_columns(table: pd.DataFrame, columns: list[str], problems: Problems) -> None:
    """Notes every column that is missing and every one that is not expected, and raises them."""
    for name in columns:
        if name not in table.columns:
            problems.add(
                f"no column {name}; the columns are {', '.join(table.columns)}",
                "name the columns as the publisher did before, or teach the import the new name",
            )
    for name in table.columns:
        if name not in columns:
            problems.add(
                f"column {name} is not known",
                "take it out, or teach the import what it holds",
                column=name,
            )
    problems.raise_any()


def whole_numbers(cells: pd.Series, problems: Problems) -> pd.Series:
    """The cells as whole numbers, 0 or more; notes every cell that is anything else."""
    good = cells.str.fullmatch(r"[0-9]{1,9}")
    for row, value in cells[~good].items():
        problems.add_cell(row, str(cells.name), value, "a whole number, 0 or more", FETCH_AGAIN)
    return cells.where(good, "0").astype("int64")


def decimals(cells: pd.Series, problems: Problems) -> pd.Series:
    """The cells as numbers, 0 or more; notes every cell that is anything else."""
    good = cells.str.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?")
    for row, value in cells[~good].items():
        problems.add_cell(row, str(cells.name), value, "a number, 0 or more", FETCH_AGAIN)
    return cells.where(good, "0").astype("float64")


def unique_rows(table: pd.DataFrame, key: list[str], problems: Problems) -> None:
    """Notes every row whose key an earlier row has."""
    for row, values in table.loc[table.duplicated(key), key].iterrows():
        problems.add(
            f"a second row for {', '.join(values)}",
            "take out the row that is wrong, or fetch the file again",
            row=row,
        )


def _decode(path: Path) -> str:
    _check_size(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            path.name,
            f"not UTF-8 text (byte {error.start})",
            "save it as CSV UTF-8, or fetch the publisher's file again",
        ) from error
    start = text.lstrip()[:200].lower()
    if not start:
        raise InputError(path.name, "the file is empty", "fetch it from the publisher again")
    if start.startswith(("<!doctype", "<html", "<?xml")):
        raise InputError(path.name, "a web page, not a table", "download the file itself")
    if "\0" in text:
        raise InputError(path.name, "binary data, not a CSV table", "fetch the CSV file")
    return text


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    else:
        unpacked = 0
    if size > LARGEST_FILE_BYTES or unpacked > LARGEST_UNPACKED_BYTES:
        raise InputError(
            path.name,
            f"{max(size, unpacked):,} bytes is more than any release has had",
            "check that it is the publisher's file",
        )


def _check_header(header: list[str], problems: Problems) -> None:
    for name in sorted({name for name in header if header.count(name) > 1}):
        problems.add(f"two columns are named {name!r}", "give each column one name")


def _text(cell: object) -> str:
    """A cell of a sheet as text: 12 for the number 12.0, as a reader of the sheet sees it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
