"""What Sphinx complains of, told with the place in the file that a person edits."""

import re
from pathlib import Path

import nbformat

from safer_communities.errors import InputError

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_WARNING = r"/(?P<page>[^:\n]+):(?P<line>\d*):? (?:WARNING|ERROR): (?P<text>.*)$"
# MyST-NB counts the lines of a notebook's third cell from 30001, the cell's own first being 2.
_LINES_OF_A_CELL = 10_000


def warnings_in(output: str, source: Path) -> list[InputError]:
    """The warnings in what Sphinx printed of the pages in the folder `source`, one error each."""
    warning = re.compile(f"^{re.escape(str(source))}{_WARNING}", re.MULTILINE)
    return [
        InputError(
            _place(source, Path(found["page"]), int(found["line"] or 0)),
            re.sub(r" \[[\w.]+\]$", "", found["text"]).rstrip("."),
            "correct it; the last good site was left as it was",
        )
        for found in warning.finditer(_COLOUR.sub("", output))
    ]


def _place(source: Path, page: Path, line: int) -> str:
    """The place that a line of a staged page comes from: "wards.ipynb, cell 7, line 2"."""
    number, line_in_cell = divmod(line, _LINES_OF_A_CELL)
    if page.suffix != ".ipynb" or number == 0:
        return f"{page.name}, line {line}" if line else page.name
    # Cells were added: each knows what it was before.
    cell = nbformat.read(source / page, as_version=4).cells[number - 1]
    if "line" in cell.metadata:
        return f"{page.stem}.md, line {cell.metadata['line'] + line_in_cell - 2}"
    return f"{page.name}, cell {cell.metadata['number']}, line {line_in_cell - 1}"
