"""Pages of text with code cells, which run as notebooks do, and what they say, to be compared.

Such a page is Markdown that begins with the header of MyST-NB; Jupyter Book reads it by itself too.
It holds no outputs: what it says of the strategy's own edition is kept in one table beside it.
"""

import csv
import io
import re
from pathlib import Path

import nbformat
import yaml

from safer_communities.facts.output_types import FACT_MIME, GLUE_PREFIX, records_in
from safer_communities.facts.word_check import words_of

# What the pages say, in the folder of the project.
SAVED = Path("book", "text_notebooks.csv")
_HEADER = re.compile(r"\A---\n(?P<metadata>.*?)^---\n", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"^```\{code-cell\}.*\n(?P<code>(?s:.*?))^```$", re.MULTILINE)


def read_chapters(root: Path) -> dict[Path, nbformat.NotebookNode]:
    """The chapters of the project in `root` by their file: pages with code cells, and notebooks."""
    chapters = {}
    for path in sorted((root / "book").glob("*.md")):
        page = text_notebook(path.read_text(encoding="utf-8"))
        if page is not None:
            chapters[path] = page
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        chapters[path] = nbformat.read(path, as_version=4)
    return chapters


def text_notebook(text: str) -> nbformat.NotebookNode | None:
    """A page as a notebook, the `line` of each cell in its metadata; None without the header."""
    header = _HEADER.match(text)
    metadata = yaml.load(header["metadata"], yaml.CSafeLoader) if header else {}
    if header is None or metadata.get("file_format") != "mystnb":
        return None
    notebook = nbformat.v4.new_notebook(metadata=metadata)

    def add(kind: str, source: str, start: int, **of_kind: object) -> None:
        blank = len(source) - len(source.lstrip("\n"))
        if source := source.strip("\n"):
            line = text.count("\n", 0, start + blank) + 1
            # nbformat's own functions check each cell, which takes longer than all else here.
            cell = {
                **{"id": f"cell-{len(notebook.cells)}", "cell_type": kind, "source": source},
                **{"metadata": {"line": line}, **of_kind},
            }
            notebook.cells.append(nbformat.from_dict(cell))

    end = header.end()
    for found in _CODE.finditer(text, end):
        add("markdown", text[end : found.start()], end)
        add("code", found["code"], found.start("code"), execution_count=None, outputs=[])
        end = found.end()
    add("markdown", text[end:], end)
    return notebook


def what_they_say(pages: dict[str, nbformat.NotebookNode]) -> str:
    """CSV text: a row for each wording that executed pages quote, and for each fact they state."""
    buffer = io.StringIO()
    table = csv.writer(buffer, lineterminator="\n")
    table.writerow(["page", "name", "words", "value"])
    for page, notebook in sorted(pages.items()):
        words = words_of(notebook)
        values = {
            fact["id"].partition(".")[2]: fact["value"]
            for records in records_in(notebook, f"{GLUE_PREFIX}{FACT_MIME}")
            for fact in records
        }
        for name in dict.fromkeys([*words, *values]):
            table.writerow([page, name, words.get(name, ""), values.get(name, "")])
    return buffer.getvalue()
