"""A warning of Sphinx names the file, cell and line that a person edits, not those of a copy."""

from pathlib import Path

import nbformat
import pytest

from safer_communities.site.pages.exhibits import published
from safer_communities.site.pages.sphinx_warnings import warnings_in

CELLS = [
    nbformat.v4.new_markdown_cell("# Title"),
    nbformat.v4.new_code_cell("1"),
    nbformat.v4.new_code_cell("2"),
    nbformat.v4.new_markdown_cell("One\n\n[two](#three)"),
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """What Sphinx reads: a notebook, and a page of text that is laid out as one."""
    for folder, name in (("notebooks", "levels"), ("book", "text")):
        cells = [nbformat.from_dict(cell) for cell in CELLS]
        for line, cell in enumerate(cells) if folder == "book" else ():
            cell.metadata["line"] = 10 * line + 5
        page = published(nbformat.v4.new_notebook(cells=cells)).notebook
        (tmp_path / folder).mkdir()
        nbformat.write(page, tmp_path / folder / f"{name}.ipynb")
    return tmp_path


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("notebooks/levels.ipynb:40004", "levels.ipynb, cell 4, line 3"),
        ("notebooks/levels.ipynb:10002", "levels.ipynb, cell 1, line 1"),
        ("notebooks/levels.ipynb:", "levels.ipynb"),
        ("book/text.ipynb:40004", "text.md, line 37"),
        ("book/plain.md:12", "plain.md, line 12"),
    ],
)
def test_the_place_is_that_of_the_file_itself(source: Path, place: str, expected: str) -> None:
    output = f"[reading]\n\x1b[91m{source}/{place}: WARNING: id not found [myst.xref]\x1b[0m\nEnd"
    [found] = warnings_in(output, source)
    assert (found.place, found.problem) == (expected, "id not found")


def test_every_warning_is_told_and_nothing_else(source: Path) -> None:
    line = f"{source}/book/plain.md:3: WARNING: {{}}\n"
    output = line.format("first") + "elsewhere.md:1: WARNING: not ours\n" + line.format("second.")
    assert [found.problem for found in warnings_in(output, source)] == ["first", "second"]
