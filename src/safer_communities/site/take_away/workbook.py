"""The whole book as one accessible spreadsheet: cover, contents, notes, and one table a sheet.

Laid out as the government's Analysis Function asks: a title in the first cell, one marked table a
sheet, no empty cell. https://analysisfunction.civilservice.gov.uk/policy-store/releasing-statistics-in-spreadsheets/
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from safer_communities.charts.columns import columns_of
from safer_communities.charts.table import Column, is_number
from safer_communities.facts.output_types import TABLE_MIME, records_in
from safer_communities.statistics.precision import significant

LONGEST_SHEET_NAME = 31
LONGEST_HEADING = 255
WIDEST_COLUMN = 60
# A date of its own would make two builds of the same book differ.
CREATED = datetime(2000, 1, 1)
ABOUT = [
    "Every table of the book, one a sheet. Contents has links to all of them.",
    "Contains public sector information licensed under the Open Government Licence v3.0. Each "
    "sheet names its source and release.",
]
NOTES = [
    "Values have ten significant digits, all that every processor agrees on, and are not rounded "
    "otherwise. What a cell shows of them is a matter of its format.",
    "Every sheet names its source, release and period below its title.",
    "[x] = not available; [z] = not applicable.",
]
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?", re.ASCII)
# Whole numbers that look like years are shown without a comma.
_YEARS = range(1900, 2101)


@dataclass(frozen=True)
class Sheet:
    """One table with its title and its source line; `name` is the sheet's.

    Columns up to the last that heads the rows stay in sight.
    """

    name: str
    title: str
    source: str
    table: pd.DataFrame
    columns: Sequence[Column]


def sheets_of(notebooks: list[dict]) -> list[Sheet]:
    """The tables of executed notebooks, in order, each on a sheet named after it."""
    sheets = []
    for notebook in notebooks:
        for record in records_in(notebook, TABLE_MIME):
            texts = pd.read_csv(io.StringIO(record["csv"]), dtype=str, keep_default_na=False)
            table = texts.map(_number_in).astype(object)
            columns = columns_of(table.infer_objects())
            name = sheet_name(record["name"])
            sheets.append(Sheet(name, record["caption"], record["source"], table, columns))
    return sheets


def sheet_name(table: str) -> str:
    """What the sheet of a table is called: as many of the last words of its name as it may have."""
    words = table.removesuffix("_table").replace("_", " ").title()
    while len(words) > LONGEST_SHEET_NAME and " " in words:
        words = words.partition(" ")[2]
    return words[:LONGEST_SHEET_NAME]


def plain_columns(table: pd.DataFrame) -> list[Column]:
    """The columns of a table that keep their own names; the first heads the rows."""
    return [
        Column(name, name, kind="written number", row_header=name == table.columns[0])
        for name in table.columns
    ]


def write_workbook(path: Path, title: str, sheets: list[Sheet]) -> None:
    """Writes the spreadsheet; a table without rows gets no sheet.

    Raises ValueError where two sheets would have one name.
    """
    names = [sheet.name.casefold() for sheet in sheets]
    twice = sorted({sheet.name for sheet in sheets if names.count(sheet.name.casefold()) > 1})
    if twice:
        raise ValueError(f"sheets: more than one is called {', '.join(twice)}")
    sheets = [sheet for sheet in sheets if len(sheet.table)]
    workbook = _Workbook(str(path))
    workbook.set_properties({"created": CREATED, "title": title})
    _write_texts(workbook, "Cover", title, ABOUT)
    contents = _write_texts(workbook, "Contents", "Contents", [])
    for row, sheet in enumerate(sheets, start=1):
        link = f"internal:'{sheet.name}'!A1"
        contents.write_url(row, 0, link, workbook.look(font_color="blue", underline=1), sheet.name)
        contents.write_string(row, 1, sheet.title)
    contents.set_column(0, 0, LONGEST_SHEET_NAME + 2)
    _write_texts(workbook, "Notes", "Notes", NOTES)
    for number, sheet in enumerate(sheets):
        _write_sheet(workbook, sheet, f"table_{number}")
    workbook.close()


class _Workbook(xlsxwriter.Workbook):
    """A workbook that makes each look of a cell once."""

    def look(self, **properties: object) -> object:
        looks = self.__dict__.setdefault("looks", {})
        key = tuple(sorted(properties.items()))
        if key not in looks:
            looks[key] = self.add_format({"font_name": "Arial", "valign": "top", **properties})
        return looks[key]


def _write_texts(workbook: _Workbook, name: str, title: str, texts: list[str]) -> Worksheet:
    worksheet = workbook.add_worksheet(name)
    worksheet.write_string(0, 0, title, workbook.look(bold=True, font_size=14))
    for row, text in enumerate(texts, start=1):
        worksheet.write_string(row, 0, text, workbook.look(text_wrap=True))
    worksheet.set_column(0, 0, 90)
    return worksheet


def _write_sheet(workbook: _Workbook, sheet: Sheet, name: str) -> None:
    worksheet = workbook.add_worksheet(sheet.name)
    worksheet.write_string(0, 0, sheet.title, workbook.look(bold=True, font_size=14))
    worksheet.write_string(1, 0, sheet.source, workbook.look())
    worksheet.write_string(2, 0, NOTES[-1], workbook.look())
    top, last = 3, len(sheet.columns) - 1
    headings = _headings(sheet.columns)
    heading_look = workbook.look(bold=True, text_wrap=True, bottom=2)
    worksheet.add_table(
        top,
        0,
        top + len(sheet.table),
        last,
        {
            "name": name,
            "style": None,
            "columns": [{"header": text, "header_format": heading_look} for text in headings],
        },
    )
    for place, column in enumerate(sheet.columns):
        widest = 10
        for row, value in enumerate(sheet.table[column.key], start=top + 1):
            if isinstance(value, str) and _NUMBER.fullmatch(value):
                value = _number_in(value)
            if isinstance(value, pd.Timestamp):
                worksheet.write_datetime(row, place, value, workbook.look(num_format="mmm yyyy"))
            elif is_number(value):
                look = workbook.look(num_format=_number_format(value, column))
                worksheet.write_number(row, place, significant(value), look)
            else:
                # An empty cell says nothing to a screen reader.
                text = str(value) if value is not None and value == value else "[x]"
                worksheet.write_string(row, place, text or "[z]", workbook.look(text_wrap=True))
                widest = max(widest, len(text))
        worksheet.set_column(place, place, min(widest + 2, WIDEST_COLUMN))
    frozen = max((n for n, column in enumerate(sheet.columns) if column.row_header), default=-1)
    worksheet.freeze_panes(top + 1, frozen + 1)


def _headings(columns: Sequence[Column]) -> list[str]:
    """The headings with their units, or the columns' own names where two would be the same."""
    texts = [f"{c.heading} ({c.unit})" if c.unit else c.heading for c in columns]
    texts = [text[:LONGEST_HEADING] for text in texts]
    if len({text.casefold() for text in texts}) < len(texts):
        return [column.key[:LONGEST_HEADING] for column in columns]
    return texts


def _number_format(value: float, column: Column) -> str:
    if float(value).is_integer() and not (column.kind == "number" and column.decimals):
        return "0" if value in _YEARS and column.kind != "number" else "#,##0"
    return f"#,##0.{'0' * (column.decimals or 1)}{'' if column.decimals else '##'}"


def _number_in(text: str) -> object:
    """The number that a cell of CSV is, None where it is empty, or its text."""
    if not _NUMBER.fullmatch(text):
        return text or None
    value = float(text)
    return int(value) if value.is_integer() else value
