"""Pages of text with code cells: read as notebooks, and saying what is kept of them."""

import csv
import io
from pathlib import Path

import nbformat
import pytest

from safer_communities.facts.quoted import keys_quoted_in
from safer_communities.project import ROOT
from safer_communities.site.run.text_notebooks import (
    SAVED,
    read_chapters,
    text_notebook,
    what_they_say,
)

PAGES = {path: page for path, page in read_chapters(ROOT).items() if path.suffix == ".md"}
REMEDY = "where that is right, run `make notebooks` and commit book/text_notebooks.csv with it"
HEADER = "---\nfile_format: mystnb\nmystnb: {remove_code_source: true}\n---\n"
TEXT = f"""{HEADER}
# Title

Words.

```{{code-cell}}
a = 1

b = 2
```

```{{code-cell}} ipython3
a + b
```

More `code` and

```{{table}} A caption
| A |
|---|
| 1 |
```
"""


def saved() -> list[dict[str, str]]:
    with (ROOT / SAVED).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_page_becomes_cells_that_know_their_lines() -> None:
    notebook = text_notebook(TEXT)
    nbformat.validate(notebook)
    lines = TEXT.splitlines()
    kinds = [(cell.cell_type, cell.source.splitlines()[0]) for cell in notebook.cells]
    assert kinds == [
        ("markdown", "# Title"),
        ("code", "a = 1"),
        ("code", "a + b"),
        ("markdown", "More `code` and"),
    ]
    assert [lines[cell.metadata.line - 1] for cell in notebook.cells] == [k[1] for k in kinds]
    assert notebook.cells[1].source == "a = 1\n\nb = 2"
    assert notebook.cells[-1].source.endswith("| 1 |\n```")
    assert notebook.metadata.mystnb == {"remove_code_source": True}


@pytest.mark.parametrize("text", ["# Title\n", TEXT.removeprefix(HEADER), "---\nx: 1\n---\n# T\n"])
def test_a_page_without_the_header_is_no_notebook(text: str) -> None:
    assert text_notebook(text) is None


def test_what_pages_say_is_a_row_for_each_wording_and_each_fact() -> None:
    def shown(name: str, **data: str) -> nbformat.NotebookNode:
        data = {f"application/papermill.record/{mime}": text for mime, text in data.items()}
        return nbformat.v4.new_output(
            "display_data", data=data, metadata={"scrapbook": {"name": name}}
        )

    fact = '[{"id": "made.total", "value": 1851}]'
    outputs = [
        shown("total", **{"text/plain": "'1,851'", "text/json": fact}),
        shown("place", **{"text/plain": "'Barnet'"}),
        shown("other", **{"text/json": '[{"id": "made.other", "value": 2}]'}),
    ]
    cell = nbformat.v4.new_code_cell("", outputs=outputs)
    rows = list(csv.reader(io.StringIO(what_they_say({"made": {"cells": [cell]}}))))
    assert rows == [
        ["page", "name", "words", "value"],
        ["made", "total", "1,851", "1851"],
        ["made", "place", "Barnet", ""],
        ["made", "other", "", "2"],
    ]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
class TestPage:
    def test_quotes_what_it_said_when_it_was_last_run(self, path: Path) -> None:
        said = {row["name"] for row in saved() if row["page"] == path.stem}
        assert (keys_quoted_in(path) or set()) - said == set(), REMEDY

    def test_has_short_cells_without_a_loop(self, path: Path) -> None:
        for cell in PAGES[path].cells:
            if cell.cell_type == "code":
                lines = cell.source.splitlines()
                assert len(lines) <= 10
                assert max(map(len, lines)) <= 100
                assert not any(line.lstrip().startswith(("for ", "while ")) for line in lines)

    def test_opens_the_chapter_of_its_own_name(self, path: Path) -> None:
        code = "\n".join(cell.source for cell in PAGES[path].cells if cell.cell_type == "code")
        assert code.count("open_chapter(") == code.count(f'chapter = open_chapter("{path.stem}")')


def test_the_pages_still_say_what_is_kept_of_them(
    executed: dict[Path, nbformat.NotebookNode],
) -> None:
    pages = {path.stem: page for path, page in executed.items() if path in PAGES}
    now = list(csv.DictReader(io.StringIO(what_they_say(pages))))
    then = saved()
    changed = [row for row in now if row not in then] + [row for row in then if row not in now]
    assert changed == [], REMEDY
    assert now == then, REMEDY
