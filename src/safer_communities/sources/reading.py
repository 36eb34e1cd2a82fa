"""Publishers' files read as text, so that an error can name the row, the column and the value."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from safer_communities.errors import ErrorCollector, InputError, plain, shown

LARGEST_FILE_BYTES = 100_000_000
LARGEST_UNPACKED_BYTES = 200_000_000
LARGEST_SHEET_ROWS = 200_000
LONGEST_COLUMN_NAME = 2
CELL_COLUMNS = re.compile(rb'\br\s*=\s*["\']\s*([A-Za-z]+)[0-9]+')
CELL_ROWS = re.compile(rb'\br\s*=\s*["\']\s*[A-Za-z]*([0-9]{1,18})')
# Of more cells that are not as expected, which is a fault of the whole file, one is told.
VALUES_TOLD = 10
FETCH = "fetch the file from the publisher again"
SAVE_AS_CSV = "save it as CSV UTF-8, or fetch the publisher's file again"
FETCH_AGAIN = f"{FETCH}, or correct the cell"
# What a file begins with that is none of text as it is read here.
OTHER_KINDS = {
    b"PK\x03\x04": "a workbook or another ZIP archive",
    b"\xd0\xcf\x11\xe0": "a workbook of an older Excel",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
DAY = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})(?: 00:00:00)?$"


def read_csv(
    path: Path,
    problems: ErrorCollector,
    *,
    sum_is_known: bool = False,
    headed_only: bool = False,
    form: str = "",
    only: Sequence[str] = (),
    first: str = "",
    encoding: str = "utf-8-sig",
) -> pd.DataFrame:
    """The table as text, one string a cell; the index holds each row's line in the file.

    What a spreadsheet or an editor leaves does not count: lines that are empty or of commas alone,
    spaces round a cell or more than one within it. A last line that does not end is noted where it
    stops in a number, which may be cut off, unless a sum that the caller checks would show it
    (`sum_is_known`). Notes rows with more or fewer cells than the header, and every repeated or
    missing heading; with `headed_only` columns without one are left out. Raises InputError where
    the file is not a complete comma-separated UTF-8 table, or has lines above it; `form` says what
    to give then.

    Where a publisher has lines above, the table begins with the row whose first cell is `first`;
    where its other headings are no names, `only` are the columns to keep.
    """
    text = _decode(path, encoding)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    odd: dict[int, list[int]] = {}
    try:
        tops = (row for row in reader if any(map(str.strip, row)))
        top = next((row for row in tops if first in ("", row[0].strip())), [])
        _check_separator(path, top)
        header = _folded(top)
        lines, rows = [], []
        for row in map(_folded, reader):
            if not any(row):
                continue
            if len(row) != len(header):
                odd.setdefault(len(row), []).append(reader.line_num)
            else:
                lines.append(reader.line_num)
                rows.append(row)
    except csv.Error as error:
        raise InputError(
            f"{path.name}, row {reader.line_num}", f"not a CSV table ({error})", "fetch it again"
        ) from error
    if len(header) == 1 and odd:
        raise InputError(
            path.name,
            f"{shown(header[0])} stands above the table",
            form or "take out the lines above and below the table",
        )
    for number, at in odd.items():
        more = f", and in {len(at) - 1:,} more rows" if len(at) > 1 else ""
        problems.add(
            f"{number} cells where the header has {len(header)}{more}",
            "take out lines above or below the table, or fetch the file again: it may be cut off",
            row=at[0],
        )
    if headed_only:
        headed = [place for place, name in enumerate(header) if name]
        header, *rows = [[row[place] for place in headed] for row in (header, *rows)]
    ends = sum_is_known or text.endswith(("\n", "\r"))
    if rows and not ends and rows[-1][-1].isdigit():
        problems.add(
            f"the last line does not end, and its number {rows[-1][-1]} may be cut off",
            "fetch the file again, or end the line if the number is whole",
        )
    _check_header([name for name in header if name in only] if only else header, problems)
    if not rows:
        problems.stop("a header and no rows", "fetch the file again")
    table = pd.DataFrame(rows, columns=header, index=pd.Index(lines, name="row"), dtype=str)
    if not only:
        return table
    if missing := [name for name in only if name not in header]:
        problems.stop(f"no column {', '.join(missing)}", FETCH)
    return table[list(only)]


def read_sheet(path: Path, sheet: str, first_column: str, form: str = "") -> pd.DataFrame:
    """A sheet's table as text, below the row whose first cell is `first_column`.

    The index holds each row's number in the sheet. Spaces in sheet names, and spaces and ends of
    lines in column names, do not matter: publishers vary them. Raises InputError where there is no
    such table; `form` says what to give then.
    """
    place = f"{path.name}, sheet {sheet}"
    form = form or (
        f"give the workbook in the form of earlier releases, in which the table on sheet {sheet} "
        f"has the first heading {first_column}"
    )
    cells = sheet_cells(path, sheet, form)
    tops = [n for n, row in enumerate(cells) if row and _heading(row[0]) == first_column]
    if not tops:
        raise InputError(place, f"no header row that begins {first_column}", form)
    return _below(cells, tops[0], place)


def sheet_cells(path: Path, sheet: str, form: str = "") -> list[list[str]]:
    """All cells of a sheet of a workbook (Excel, OpenDocument) as text, row by row from the first.

    Raises InputError where there is no such sheet; `form` says what to give then.
    """
    check_size(path)
    _check_archive(path)
    with readable(path, "not an Excel file", CalamineError):
        workbook = CalamineWorkbook.from_path(str(path))
        names = {name.replace(" ", ""): name for name in workbook.sheet_names}
        if sheet.replace(" ", "") not in names:
            found = ", ".join(workbook.sheet_names)
            form = form or f"give the workbook in the form of earlier releases, with sheet {sheet}"
            raise InputError(path.name, f"no sheet {sheet}; it has {plain(found)}", form)
        table = workbook.get_sheet_by_name(names[sheet.replace(" ", "")])
        return [[_text(cell) for cell in row] for row in table.to_python(skip_empty_area=False)]


def table_below(cells: list[list[str]], headings: Sequence[str], place: str) -> pd.DataFrame:
    """The rows below the first that has all the headings, as `read_sheet` gives a table.

    Columns without a heading go by their number, from 1. Raises InputError where no row has them,
    or one twice.
    """
    wanted = set(headings)
    for top, row in enumerate(cells):
        if wanted <= {_heading(cell) for cell in row}:
            named = [cell.strip() or str(number) for number, cell in enumerate(row, start=1)]
            return _below([*cells[:top], named, *cells[top + 1 :]], top, place)
    form = "give the workbook in the form of earlier releases, with a table of these headings"
    raise InputError(place, f"no row has the headings {', '.join(headings)}", form)


def _below(cells: list[list[str]], top: int, place: str) -> pd.DataFrame:
    problems = ErrorCollector(place)
    header = [_heading(cell) for cell in cells[top]]
    _check_header(header, problems)
    problems.raise_any()
    rows = cells[top + 1 :]
    numbers = pd.RangeIndex(top + 2, top + 2 + len(rows), name="row")
    return pd.DataFrame(rows, columns=header, index=numbers, dtype=str)


def require_columns(table: pd.DataFrame, columns: list[str], problems: ErrorCollector) -> None:
    """Raises what is wrong with the names of the columns, in one message."""
    missing = [name for name in columns if name not in table.columns]
    unknown = [name for name in table.columns if name not in columns]
    if missing or unknown:
        parts = [f"no column {', '.join(missing)}"] if missing else []
        parts += [f"column {plain(', '.join(unknown))} is not known"] if unknown else []
        problems.stop(
            f"{'; '.join(parts)}; the columns are {plain(', '.join(table.columns))}",
            f"give the file with the columns {', '.join(columns)}, as the publisher did before, or "
            "add the new names to the import",
        )


def note_cells(
    cells: pd.Series,
    wrong: pd.Series,
    expected: str,
    problems: ErrorCollector,
    remedy: str = FETCH_AGAIN,
) -> None:
    """Notes the cells of a column that are `wrong`, of many the first and their number."""
    found = cells[wrong]
    more = f" (nor are {len(found) - 1:,} more such cells)" if len(found) > VALUES_TOLD else ""
    for row, value in (found.head(1) if more else found).items():
        problems.add_cell(row, str(cells.name), str(value), expected + more, remedy)


def whole_numbers(cells: pd.Series, problems: ErrorCollector) -> pd.Series:
    """The cells as whole numbers, 0 or more; notes what is anything else, each value once."""
    return whole_table(cells.to_frame(), problems).iloc[:, 0]


def whole_table(cells: pd.DataFrame, problems: ErrorCollector) -> pd.DataFrame:
    """The cells of several columns as whole numbers, with one message for each other value."""
    return _numbers(cells, r"[0-9]{1,9}", "a whole number", problems).astype("int64")


def decimals(cells: pd.Series, problems: ErrorCollector) -> pd.Series:
    """The cells as numbers, 0 or more; notes what is anything else, each value once."""
    form = r"[0-9]{1,9}(\.[0-9]+)?"
    return _numbers(cells.to_frame(), form, "a number", problems).iloc[:, 0].astype("float64")


def _numbers(cells: pd.DataFrame, form: str, kind: str, problems: ErrorCollector) -> pd.DataFrame:
    good = cells.apply(lambda column: column.str.fullmatch(form))
    if not good.to_numpy().all():
        # Columns of one level stack to a Series; the stubs of pandas allow for several.
        wrong = cast(pd.Series, cells.where(~good).stack())
        told = wrong if wrong.nunique() <= VALUES_TOLD else wrong.str[:0]
        for _, same in wrong.groupby(told, sort=False):
            (row, column), value = same.index[0], same.iloc[0]
            more = f" (nor are {len(same) - 1:,} more such cells)" if len(same) > 1 else ""
            problems.add_cell(row, str(column), str(value), f"{kind}, 0 or more{more}", FETCH_AGAIN)
    return cells.where(good, "0")


def first_days(cells: pd.Series, problems: ErrorCollector) -> pd.Series:
    """The cells as dates; notes every cell that is not the first day of a month."""
    dates = cells.str.extract(DAY, expand=False)
    days = pd.to_datetime(dates, format="%Y-%m-%d", errors="coerce")
    note_cells(cells, days.dt.day != 1, "the first of a month", problems)
    return days


def every_month(months: pd.Series, problems: ErrorCollector) -> pd.DatetimeIndex:
    """Each month from the first to the last; notes those without a row."""
    whole = pd.date_range(months.min(), months.max(), freq="MS", unit="ns")
    for month in whole.difference(pd.DatetimeIndex(months)):
        problems.add(f"no row for {month:%B %Y}", FETCH)
    return whole


def unique_rows(table: pd.DataFrame, key: list[str], problems: ErrorCollector) -> None:
    """Notes every row whose key an earlier row has."""
    for row, values in table.loc[table.duplicated(key), key].iterrows():
        problems.add(
            f"a second row for {plain(', '.join(values))}",
            "delete the row that is wrong, or fetch the file again",
            row=row,
        )


def one_cell_a_row(table: pd.DataFrame, column: str, cell: str) -> pd.DataFrame:
    """The table with a row for each of its cells: its index, then the columns `column`, `cell`."""
    # Columns of one level stack to a Series; the stubs of pandas allow for several.
    cells = cast(pd.Series, table.rename_axis(columns=column).stack())
    return cells.rename(cell).reset_index()


def only_file(files: list[Path]) -> Path:
    """The one file of a publication that has one. Raises InputError where there are more."""
    if len(files) > 1:
        names = " and ".join(path.name for path in files)
        raise InputError(names, f"{len(files)} files of one publication", "keep only the newest")
    return files[0]


@contextmanager
def readable(path: Path, problem: str = "", *damage: type[Exception]) -> Iterator[None]:
    """Raises InputError in place of an error of the system, or of one of `damage`."""
    try:
        yield
    except OSError as error:
        cause = error.strerror or type(error).__name__
        remedy = "make the file readable, or fetch it again"
        raise InputError(path.name, f"cannot be read ({cause})", remedy) from error
    except damage as error:
        said = f"{problem} ({plain(str(error))})"
        raise InputError(path.name, said, "fetch it again") from error


def check_size(path: Path) -> None:
    """Raises InputError where the path is no file, cannot be read, or is over the limit."""
    with readable(path):
        size, is_file = path.stat().st_size, path.is_file()
    if not is_file:
        raise InputError(path.name, "not a file", "move it away, and put the file in its place")
    if size > LARGEST_FILE_BYTES:
        raise InputError(
            path.name,
            f"{size:,} bytes, where the limit is {LARGEST_FILE_BYTES:,}",
            "check that it is the publisher's file",
        )


def _folded(row: list[str]) -> list[str]:
    """The cells with one space where there are several, of whatever kind, and none at the ends."""
    return [" ".join(cell.split()) for cell in row]


def _decode(path: Path, encoding: str = "utf-8-sig") -> str:
    check_size(path)
    with readable(path):
        content = path.read_bytes()
    for mark, kind in OTHER_KINDS.items():
        if content.startswith(mark):
            raise InputError(path.name, f"{kind}, not a CSV table", SAVE_AS_CSV)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 text (byte {error.start})"
        raise InputError(path.name, problem, SAVE_AS_CSV) from error
    start = text.lstrip()[:200].lower()
    if not start:
        raise InputError(path.name, "the file is empty", "fetch it from the publisher again")
    if start.startswith(("<!doctype", "<html", "<head", "<body", "<?xml")):
        raise InputError(path.name, "a web page, not a table", "download the file itself")
    if "\0" in text:
        problem = f"binary data, not a CSV table (character {text.index(chr(0))})"
        raise InputError(path.name, problem, "fetch the CSV file")
    return text


def _check_archive(path: Path) -> None:
    """Raises InputError where a zipped workbook would not unpack to a sheet of a usual size.

    A small file can unpack to more than the memory holds, say too little of its size in its
    directory, or have a cell so far out that the empty cells before it fill the memory. Older
    workbooks are not zipped and cannot.
    """
    damage = zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError
    with readable(path, "a damaged Excel file", *damage):
        if not zipfile.is_zipfile(path):
            return
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            if unpacked > LARGEST_UNPACKED_BYTES:
                raise InputError(
                    path.name,
                    f"unpacks to {unpacked:,} bytes, where the limit is {LARGEST_UNPACKED_BYTES:,}",
                    "check that it is the publisher's file",
                )
            for member in archive.infolist():
                # Reading stops at the stated size, and a false one fails the member's checksum.
                content = archive.read(member)
                if not member.filename.endswith("sharedStrings.xml"):
                    _check_extent(path, content)


def _check_extent(path: Path, sheet: bytes) -> None:
    columns = max(map(len, set(CELL_COLUMNS.findall(sheet))), default=0)
    rows = max((int(row) for row in set(CELL_ROWS.findall(sheet))), default=0)
    if columns > LONGEST_COLUMN_NAME or rows > LARGEST_SHEET_ROWS:
        raise InputError(
            path.name,
            f"a sheet has cells beyond row {LARGEST_SHEET_ROWS:,} or column ZZ",
            "delete the cells far away from the table, or fetch the file again",
        )


def _check_separator(path: Path, header: list[str]) -> None:
    for separator, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(header) == 1 and separator in header[0]:
            raise InputError(
                path.name,
                f"separated by {name}, where commas are expected",
                "save it as CSV with commas, or fetch the publisher's file again",
            )


def _check_header(header: list[str], problems: ErrorCollector) -> None:
    if twice := sorted({name for name in header if name and header.count(name) > 1}):
        names = ", ".join(map(shown, twice))
        problems.add(f"two columns are named {names}", "give each column one name")
    for number, name in enumerate(header, start=1):
        if not name:
            problems.add(f"column {number} has no name", "name it, or delete it if it is empty")
    problems.raise_any()


def _heading(cell: object) -> str:
    """A heading on one line, with one space where there are several or a line ends."""
    return " ".join(_text(cell).split())


def _text(cell: object) -> str:
    """A cell of a sheet as text: 12 for the number 12.0, as a reader of the sheet sees it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
