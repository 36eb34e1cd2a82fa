"""A small project made for tests that build it many times, and where changes are counted."""

from pathlib import Path

import nbformat

from safer_communities.project import ROOT

# First in PYTHONPATH, it has every program note what it changes: see the file in it.
COUNTED_CHANGES = Path(__file__).parent / "counted_changes"


def made_project(root: Path) -> None:
    """A project of one chapter and one page, in the folder `root`."""
    for folder in ("book", "data", "notebooks", "src"):
        (root / folder).mkdir(parents=True)
    for name in ("_config.yml", "publisher.yml"):
        (root / name).write_bytes((ROOT / name).read_bytes())
    (root / "_toc.yml").write_text(
        "format: jb-book\nroot: notebooks/summary\nchapters:\n- file: book/page\n"
    )
    (root / "requirements.lock").write_text("made==1\n")
    (root / "book" / "_static").mkdir()
    for file in (ROOT / "book" / "_static").iterdir():
        (root / "book" / "_static" / file.name).write_bytes(file.read_bytes())
    cells = [nbformat.v4.new_markdown_cell("# Made"), nbformat.v4.new_code_cell("1 + 1")]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    notebook = nbformat.v4.new_notebook(
        cells=cells, metadata={"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    )
    nbformat.write(notebook, root / "notebooks" / "summary.ipynb")
