"""Every notebook shows what was committed with it: the book that was built says the same."""

from pathlib import Path

import nbformat
import pytest

from safer_communities.project import ROOT
from safer_communities.site.run.template_pages import PAGE, is_template

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
REMEDY = "where that is right, run `make notebooks` and commit the notebook with it"


def outputs_of(notebook: nbformat.NotebookNode) -> list[tuple[str, list]]:
    """The code and the outputs of each code cell."""
    return [(cell.source, cell.outputs) for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_is_saved_with_it(
    executed: dict[Path, nbformat.NotebookNode], path: Path
) -> None:
    """A template is saved with the outputs of its first page."""
    saved = nbformat.read(path, as_version=4)
    built = executed.get(path)
    if is_template(saved):
        built = next(
            page
            for of, page in executed.items()
            if PAGE in page.metadata and of.stem.startswith(f"{path.stem}_")
        )
    for (code, then), (same, now) in zip(outputs_of(saved), outputs_of(built), strict=True):
        assert code == same
        assert now == then, f"{path.name}: {REMEDY}\n{code}"
