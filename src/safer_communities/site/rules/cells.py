"""The cells of a chapter as the rules read them, and where in its file a message points."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import nbformat

_COMMAND = re.compile(r"^[ \t]*[%!?].*$", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """One cell: its text, its number in the notebook from 1, and the line that it begins at.

    `line` counts within a page of text; in a notebook it is 1.
    """

    path: Path
    number: int
    line: int
    source: str
    is_code: bool
    of_notebook: bool

    def place(self, offset: int) -> str:
        """Where the character at `offset` stands: "wards.ipynb, cell 3, line 2"."""
        line = self.line + self.source.count("\n", 0, offset)
        cell = f", cell {self.number}" if self.of_notebook else ""
        return f"{self.path.name}{cell}, line {line}"

    def excerpt(self, offset: int) -> str:
        """The line that `offset` is in, long ones cut around it."""
        start = self.source.rfind("\n", 0, offset) + 1
        end = (self.source + "\n").index("\n", offset)
        first, last = max(start, offset - 40), min(end, offset + 40)
        before, after = "…" * (first > start), "…" * (last < end)
        return f"{before}{self.source[first:last].strip()}{after}"

    def tree(self) -> ast.Module:
        """The code as Python reads it, without lines that are commands of IPython."""
        return _parsed(self.source)

    def span(self, node: ast.expr) -> tuple[int, int]:
        """Where in the source a part of the code begins and ends."""
        starts = [0]
        for line in self.source.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        lines = self.source.splitlines()

        def offset(line: int, column: int) -> int:
            # Python counts columns in bytes.
            return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

        end = (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return offset(node.lineno, node.col_offset), offset(*end)


# Of a preview, most cells are as they were.
@lru_cache(maxsize=1024)
def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError:
        if not _COMMAND.search(source):
            raise
        return ast.parse(_COMMAND.sub("", source))


def cells_of(path: Path, notebook: nbformat.NotebookNode) -> Iterator[Cell]:
    """The Markdown and code cells of the chapter in `path`.

    The cells of a page of text have its `line` in their metadata.
    """
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type in ("markdown", "code"):
            yield Cell(
                path,
                number,
                cell.metadata.get("line", 1),
                cell.source,
                is_code=cell.cell_type == "code",
                of_notebook=path.suffix == ".ipynb",
            )
