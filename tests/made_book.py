"""A small book made for tests: two chapters and one page, and nothing of the project's data."""

from pathlib import Path

import nbformat


def write_notebook(root: Path, name: str, *code: str, prose: str = "# Title") -> None:
    cells = [nbformat.v4.new_markdown_cell(prose), *map(nbformat.v4.new_code_cell, code)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    metadata = {"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.write(notebook, root / "notebooks" / f"{name}.ipynb")


def make_book(folder: Path) -> Path:
    """The book in a folder of its own below `folder`."""
    root = folder / "project"
    for folder in ("book", "data", "notebooks", "src"):
        (root / folder).mkdir(parents=True)
    (root / "_config.yml").write_text("title: Made\nexecute: {execute_notebooks: 'off'}\n")
    (root / "_toc.yml").write_text(
        "format: jb-book\nroot: notebooks/summary\nchapters:\n"
        "- file: notebooks/other\n- file: book/page\n"
    )
    (root / "requirements.lock").write_text("made==1\n")
    (root / "book" / "page.md").write_text("# A page\n\nWords.\n")
    (root / "data" / "table.csv").write_text("a\n1\n")
    (root / "src" / "code.py").write_text("A = 1\n")
    write_notebook(root, "summary", "1 + 1", "2 + 2")
    write_notebook(root, "other", "3 + 3")
    return root
