"""The whole book as one accessible spreadsheet: a cover, notes, and one table a sheet."""

import io
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import gptables
import pandas as pd

from safer_communities.facts.output_types import TABLE_MIME, records_in
from safer_communities.statistics.precision import with_significant_numbers

LONGEST_SHEET_NAME = 31
# A date of its own would make two builds of the same book differ.
CREATED = datetime(2000, 1, 1)
NOTES = [
    (
        "rounding",
        "Values have ten significant digits, all that every processor agrees on, and are not "
        "rounded otherwise. The pages of the book round half up.",
    ),
    ("sources", "Every sheet names its source, release and period below its title."),
]
LEGEND = ["[x] = not available", "[z] = not applicable"]
# "[words](address)" becomes a link and "$$name$$" a note.
_LIBRARY_MARKS = re.compile(r"(\](?=\()|\$(?=\$))")
_LETTER = re.compile("[a-zA-Z0-9]")
SYMBOLS = {"%": "per cent", "£": "pounds"}


@dataclass(frozen=True)
class Sheet:
    """One table with its title and its source line; `name` is the sheet's."""

    name: str
    title: str
    source: str
    table: pd.DataFrame


def sheets_of(notebooks: list[dict]) -> list[Sheet]:
    """The tables of executed notebooks, in order, each on a sheet named after it."""
    return [
        Sheet(
            name=record["name"][:LONGEST_SHEET_NAME],
            title=record["caption"],
            source=record["source"],
            table=pd.read_csv(io.StringIO(record["csv"]), keep_default_na=False, na_values=[""]),
        )
        for notebook in notebooks
        for record in records_in(notebook, TABLE_MIME)
    ]


def write_workbook(path: Path, title: str, sheets: list[Sheet]) -> None:
    """Writes the spreadsheet; a table without rows gets no sheet.

    Raises ValueError where two sheets would have one name.
    """
    names = [sheet.name for sheet in sheets]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"sheets: more than one is called {', '.join(twice)}")
    workbook = gptables.produce_workbook(
        filename=str(path),
        sheets={sheet.name: _gptable(sheet) for sheet in sheets if len(sheet.table)},
        cover=gptables.Cover(
            title=title,
            intro=["Every table of the book, one a sheet. Numbers have ten significant digits."],
            about=[
                "Contains public sector information licensed under the Open Government Licence "
                "v3.0. Each sheet names its source and release."
            ],
        ),
        notes_table=pd.DataFrame(NOTES, columns=["Note reference", "Note text"]),
        # Text is text: nothing in it may act as a formula or a link.
        workbook_options={"strings_to_formulas": False, "strings_to_urls": False},
    )
    workbook.set_properties({"created": CREATED, "title": title})
    workbook.close()


def _gptable(sheet: Sheet) -> gptables.GPTable:
    # An empty cell, or one with a symbol alone, says nothing to a screen reader.
    table = with_significant_numbers(sheet.table).astype(object)
    table = table.where(table.notna(), "[x]").replace({"": "[z]", **SYMBOLS})
    table = table.map(_as_text).rename(columns=_as_text)
    return gptables.GPTable(
        table=table,
        table_name=sheet.name,
        title=f"{_as_text(sheet.title)}$$rounding$$",
        subtitles=[f"{_as_text(sheet.source)}$$sources$$"],
        legend=LEGEND,
        index_columns={},
    )


def _as_text(cell: object) -> object:
    """A cell in which gptables finds no mark of its own, and nothing that it refuses.

    It knows no way to write such a mark as text, so a space goes between its two signs. A cell
    without a Latin letter or a digit it takes for a symbol.
    """
    if not isinstance(cell, str):
        return cell
    text = _LIBRARY_MARKS.sub(r"\1 ", cell)
    return text if _LETTER.search(text) else f"{text} (text)"
