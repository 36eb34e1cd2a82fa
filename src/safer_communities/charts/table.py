"""Tables as accessible HTML and as CSV that is safe to open in a spreadsheet program."""

import csv
import io
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from numbers import Number
from typing import Any, Literal, TypeGuard, get_args

import pandas as pd

from safer_communities.analysis.changes.year_on_year import TOO_FEW
from safer_communities.errors import did_you_mean
from safer_communities.facts import wording
from safer_communities.statistics.precision import significant

# What the government's guidance on tables calls shorthand.
SHORTHAND = {
    "[x]": "not available",
    "[c]": "confidential",
    "[b]": "series break",
    "too few": "the numbers are too small to compare",
}
MISSING = "[x]"
SMALL = "too few"
Kind = Literal["number", "written number", "text", "date", "month"]
KINDS = get_args(Kind)
_NUMBERS = ("number", "written number")
# How many shades a table of counts has.
SHADES = 6
# The column that names the page of each row.
PAGE = "page"
# The columns that say whether what is missing in a row is so because its numbers are too small:
# with yes or no, and with a verdict in words.
FEW, VERDICT = "is_few", "verdict"

# A cell of text that begins with one of these is taken for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")
# It takes "5-9", "1/2" and "2010/11" for days. A day that is meant as one begins with its year.
_LIKE_A_DAY = re.compile(r"(?!\d{4}-\d\d-\d\d$)\d{1,4}[-/]\d{1,2}([-/]\d{1,4})?", re.ASCII)
_FINANCIAL_YEAR = re.compile(r"(\d{4})/\d\d", re.ASCII)
# A number as readers know it: "−17", "37,700", "+6.7%".
_WITH_ITS_INTERVAL = re.compile(r"\+\d[\d,.]*%? \(.*\)", re.ASCII)
_WRITTEN_NUMBER = re.compile(r"[+−-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?%?", re.ASCII)


@dataclass(frozen=True)
class Column:
    """One column of a table: where its cells come from and how they are written.

    `decimals` None writes whole numbers without decimals and others with one. A "written number"
    is a text that holds a number, with decimals of its own. A "date" is a timestamp written as
    "1 March 2022", a "month" one written as "March 2022". A `row_header` names its row. The unit
    stands in the heading, never in the cells. A number that is `never_nought` has as many more
    decimals as it takes not to be written as nought where it is not. Where `address` names a column
    of the frame, a cell leads to the address of another site that this column gives.
    """

    key: str
    heading: str
    unit: str = ""
    decimals: int | None = None
    kind: Kind = "number"
    row_header: bool = False
    address: str = ""
    never_nought: bool = False


@dataclass(frozen=True)
class Table:
    """A tidy frame and how it is shown; `note` stands below the table.

    The row that `own` heads, such as the reader's borough among all, is marked. Where the frame has
    a column `page`, what heads a row leads to the page of that name beside the one it stands on;
    where `anchor` names a column, to the row itself, whose address that column gives. A script lets
    readers choose rows by the headings `filters`. `data` is what is downloaded in place of the
    frame. The numbers of a `shaded` table have one of six shades, and the highest and the lowest
    are marked where they stand alone.
    """

    name: str
    frame: pd.DataFrame
    columns: Sequence[Column]
    caption: str = ""
    note: str = ""
    own: str = ""
    anchor: str = ""
    filters: Sequence[str] = ()
    data: pd.DataFrame | None = None
    shaded: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError for a column that the frame does not have, or of an unknown kind."""
        for column in self.columns:
            if column.key not in self.frame.columns:
                remedy = did_you_mean(column.key, self.frame)
                raise ValueError(f"columns: no column {column.key!r} in the frame; {remedy}")
            if column.kind not in KINDS:
                remedy = did_you_mean(column.kind, KINDS)
                raise ValueError(f"columns: there is no kind {column.kind!r}; {remedy}")

    def to_html(self) -> str:
        """The table with caption, header scopes and, if any cell needs it, the shorthand's key."""
        records = self.frame.to_dict("records")
        rows = self.texts()
        label = escape(self.caption or self.name, quote=True)
        lines = [
            f'<div class="table-scroll" role="region" tabindex="0" aria-label="{label}">',
            f"<table{_attribute('data-filter', '|'.join(self.filters))}>",
        ]
        if self.caption:
            lines.append(f"<caption>{escape(self.caption)}</caption>")
        headings = "".join(_heading(column) for column in self.columns)
        lines.append(f"<thead><tr>{headings}</tr></thead>")
        lines.append("<tbody>")
        for row, record in zip(rows, records, strict=True):
            cells = zip(row, self.columns, strict=True)
            anchor, page = record.get(self.anchor, ""), record.get(PAGE, "")
            link = f"#{anchor}" if anchor else f"{page}.html" if page else ""
            mark = _attribute("id", anchor)
            mark += ' class="own"' if self.own and self.own in self._heads(row) else ""
            written = "".join(
                _cell(t, c, record.get(c.address, link), self._shade(record, c)) for t, c in cells
            )
            lines.append(f"<tr{mark}>{written}</tr>")
        lines += ["</tbody>", "</table>", "</div>"]
        note = " ".join(filter(None, (self.note, _shorthand_key(rows))))
        if note:
            lines.append(f'<p class="table-note">{escape(note)}</p>')
        return "\n".join(lines) + "\n"

    def texts(self) -> list[list[str]]:
        """Each row as it is written: a text for each of the columns.

        What is missing in a row that is said to be of too few is too few, not unknown.
        """
        places = [(column, self._decimals(column)) for column in self.columns]
        texts = []
        for row in self.frame.to_dict("records"):
            cells = [_cell_text(row[column.key], column, decimals) for column, decimals in places]
            said = (value for value in row.values() if isinstance(value, str))
            small = row.get(FEW) is True or TOO_FEW in said
            texts.append([SMALL if small and cell == MISSING else cell for cell in cells])
        return texts

    def to_csv(self) -> str:
        """The columns shown, in their order, as CSV text with numbers to ten significant digits."""
        if self.data is not None:
            return csv_text(self.data)
        return csv_text(self.frame[[column.key for column in self.columns]])

    def _shade(self, row: Mapping[Hashable, Any], column: Column) -> str:
        """The class of a cell by how high its number is among all, from "shade-0" up."""
        value = row[column.key]
        if not self.shaded or column.kind != "number" or not is_number(value):
            return ""
        low, high = self._ends
        ends = self._alone.get(value, "")
        share = (value - low) / (high - low) if high > low else 0
        return f"shade-{min(int(share * SHADES), SHADES - 1)}{ends if high > low else ''}"

    @cached_property
    def _numbers(self) -> list[float]:
        keys = [column.key for column in self.columns if column.kind == "number"]
        return [float(each) for key in keys for each in self.frame[key].dropna()]

    @property
    def _ends(self) -> tuple[float, float]:
        """The lowest and the highest number of the table."""
        return min(self._numbers), max(self._numbers)

    @cached_property
    def _alone(self) -> dict[float, str]:
        """The class of the lowest and of the highest number, where one cell alone holds it."""
        ends = zip(self._ends, (" lowest", " highest"), strict=True)
        return {end: name for end, name in ends if self._numbers.count(end) == 1}

    def _heads(self, row: Sequence[str]) -> list[str]:
        return [text for text, c in zip(row, self.columns, strict=True) if c.row_header]

    def _decimals(self, column: Column) -> int:
        if column.decimals is not None or column.kind != "number":
            return column.decimals or 0
        numbers = [value for value in self.frame[column.key] if is_number(value)]
        return 0 if all(significant(value).is_integer() for value in numbers) else 1


def csv_text(frame: pd.DataFrame) -> str:
    """`frame` as CSV text: a header row, then numbers to ten significant digits and texts.

    No spreadsheet program takes a text for a formula or a day. A text that is one number is
    written plainly ("−1,300" as -1300), a financial year with both its years ("2010/2011").
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([text_in_csv(str(column)) for column in frame.columns])
    # Column by column: a row as a whole would turn whole numbers into floats.
    columns = [[_csv_cell(value) for value in frame[column]] for column in frame.columns]
    writer.writerows(zip(*columns, strict=True))
    return buffer.getvalue()


def _csv_cell(value: object) -> object:
    if _is_missing(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float):
        return significant(value)
    if isinstance(value, Number):
        return value
    return text_in_csv(str(value))


def text_in_csv(text: str) -> str:
    """A text in which a spreadsheet program reads what a reader does."""
    # A lone carriage return would end the row: the csv module quotes line feeds only.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _WRITTEN_NUMBER.fullmatch(text):
        return text.replace("−", "-").replace(",", "").removeprefix("+")
    if year := _FINANCIAL_YEAR.fullmatch(text):
        return f"{year[1]}/{int(year[1]) + 1}"
    if _WITH_ITS_INTERVAL.fullmatch(text):
        return text.removeprefix("+")
    return f"'{text}" if text.startswith(_FORMULA_STARTS) or _LIKE_A_DAY.fullmatch(text) else text


def _is_missing(value: Any) -> bool:
    return value is None or bool(pd.api.types.is_scalar(value) and pd.isna(value))


def is_number(value: object) -> TypeGuard[float]:
    """Whether a cell holds a number: neither missing nor yes or no."""
    return isinstance(value, Number) and not isinstance(value, bool) and not _is_missing(value)


def _cell_text(value: Any, column: Column, decimals: int) -> str:
    if _is_missing(value) or value == "":
        return MISSING if column.kind == "number" or value != "" else ""
    if column.kind == "number" and is_number(value):
        if column.never_nought and decimals:
            decimals = wording.places_shown(value, decimals)
        return wording.number(value, decimals)
    if column.kind == "number" and value not in SHORTHAND:
        raise ValueError(
            f"frame: {value!r} in column {column.key!r} is neither a number nor one of "
            f"{', '.join(SHORTHAND)}"
        )
    if column.kind in ("date", "month"):
        return f"{value:%B %Y}" if column.kind == "month" else f"{value.day} {value:%B %Y}"
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    return str(value)


def _heading(column: Column) -> str:
    unit = f' <span class="unit">({escape(column.unit)})</span>' if column.unit else ""
    # In a narrow column "(1 = lowest)" stays in one line.
    words = escape(column.heading).replace(" = ", "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}")
    return f'<th scope="col"{_class(column)}>{words}{unit}</th>'


def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value, quote=True)}"' if value else ""


def _cell(text: str, column: Column, link: str, shade: str) -> str:
    leads = link and (column.row_header or column.address)
    words = f'<a href="{escape(link)}">{escape(text)}</a>' if leads else escape(text)
    if column.row_header:
        return f'<th scope="row"{_class(column)}>{words}</th>'
    return f"<td{_class(column, shade)}>{words}</td>"


def _class(column: Column, shade: str = "") -> str:
    names = ["number"] if column.kind in _NUMBERS else []
    names += [shade] if shade else []
    return f' class="{" ".join(names)}"' if names else ""


def _shorthand_key(rows: Sequence[Sequence[str]]) -> str:
    used = {text for row in rows for text in row}
    meanings = [f"{mark} = {meaning}" for mark, meaning in SHORTHAND.items() if mark in used]
    return f"Shorthand: {', '.join(meanings)}." if meanings else ""
