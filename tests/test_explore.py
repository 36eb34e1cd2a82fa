"""The notebook that shows an analyst the data: it runs, and is no page of the book."""

import nbformat
import pytest
import yaml
from matplotlib import pyplot as plt

from safer_communities.project import ROOT

PATH = ROOT / "notebooks" / "explore" / "explore.ipynb"

pytestmark = pytest.mark.slow


def test_it_runs_and_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safer_communities.chapter.chapter.display", lambda *_, **__: None)
    monkeypatch.chdir(PATH.parent)
    names: dict = {}
    drawn = 0
    for cell in nbformat.read(PATH, as_version=4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, PATH.name, "exec"), names)
            drawn += len(plt.get_fignums())
            plt.close("all")
    assert drawn == 2


def test_it_is_saved_with_its_outputs_and_without_an_error() -> None:
    notebook = nbformat.read(PATH, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs and cell.execution_count for cell in code)
    assert not any(output.output_type == "error" for cell in code for output in cell.outputs)


def test_it_is_no_page_of_the_book() -> None:
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    assert "explore" not in str(contents)
    assert PATH not in set((ROOT / "notebooks").glob("*.ipynb"))
