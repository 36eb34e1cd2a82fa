"""Running chapters: made notebooks that fail in every way, and what the others keep.

Each run is a process of its own, so the notebooks of all tests are run once, together.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest

from safer_communities.errors import InputError
from safer_communities.project import DATA, ROOT
from safer_communities.settings import Settings
from safer_communities.site.run import execution, processes
from safer_communities.site.run.text_notebooks import text_notebook

pytestmark = pytest.mark.slow

WORDS = nbformat.v4.new_markdown_cell("Cells are counted as the reader of the notebook sees them.")
GOOD = {
    "names": ["shared = 6 * 7", "print('shared' in globals())\nshared"],
    "alone": ["print('shared' in globals())"],
    "settings": [
        "import os, pathlib",
        "print(os.environ['BOROUGH'], os.environ['EDITION'], pathlib.Path.cwd().name)",
    ],
    "glue": [
        "from IPython.display import display",
        "data = {'text/plain': 'x', 'application/vnd.made+json': {'a': 1}}\n"
        "display(data, raw=True, metadata={'m': 2})",
    ],
    "quiet": ["value = 1;"],
    "reads": ["from safer_communities.datasets import load\nlen(load.table('boroughs'))"],
}
BAD = {
    "error": (["good = 1", "1 / 0", "print('never run')"], "ZeroDivisionError: division by zero"),
    "input": (
        ["from safer_communities.errors import InputError", "raise InputError('a', 'bad', 'mend')"],
        "What to do: mend",
    ),
    "syntax": (["if"], "SyntaxError"),
    "name": (["value = 1", "valeu"], "'valeu' is not defined; write 'value'"),
    "attribute": (["'text'.uper()"], "no attribute 'uper'; write 'upper'"),
    "warning": (["import warnings", "warnings.warn('made warning')"], "made warning"),
    "invalid": (
        ["1", "from IPython.display import display\ndisplay({'text/plain': {}}, raw=True)"],
        "its output cannot be stored in a notebook",
    ),
    "exit": (["import os", "os._exit(0)"], "the process that ran it ended"),
    "endless": (["import re", "while True:\n    pass"], "more than 1 seconds of the processor"),
    # Asks Python for nothing while it runs.
    "backtracking": (
        ["import re", "re.match('(a+)+$', 'a' * 60 + 'b')"],
        "more than 1 seconds of the processor",
    ),
}


@dataclass(frozen=True)
class Run:
    good: dict[str, nbformat.NotebookNode]
    files: dict[str, frozenset[Path]]
    errors: dict[str, Exception]
    reports: list[str]
    together: str
    kept: list[str]


def made(code: list[str]) -> nbformat.NotebookNode:
    cells = [WORDS, *map(nbformat.v4.new_code_cell, code)]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("chapters")
    good = {name: made(code) for name, code in GOOD.items()}
    bad = {name: made(code) for name, (code, _) in BAD.items()}
    settings = Settings("Kingston upon Thames", 2025)
    done: dict[str, execution.ExecutedNotebook] = {}
    execution.execute_all(
        {folder / f"{name}.ipynb": notebook for name, notebook in good.items()},
        settings,
        jobs=2,
        report=lambda line: None,
        done=lambda path, executed: done.update({path.stem: executed}),
    )
    all_of_them = bad | {"names": good["names"]}
    reports: list[str] = []
    kept: list[str] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(execution, "LONGEST_CELL_SECONDS", 1)
        with pytest.raises(ExceptionGroup) as caught:
            execution.execute_all(
                {folder / f"{name}.ipynb": each for name, each in all_of_them.items()},
                settings,
                jobs=3,
                report=reports.append,
                done=lambda path, executed: kept.append(path.stem),
            )
    errors = {error.place.partition(".")[0]: error for error in caught.value.exceptions}
    notebooks = {name: executed.notebook for name, executed in done.items()}
    files = {name: executed.files for name, executed in done.items()}
    return Run(notebooks, files, errors, reports, caught.value.message, kept)


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [output for cell in notebook.cells[1:] for output in cell.outputs]


def test_cells_of_one_chapter_see_each_others_names(run: Run) -> None:
    printed, result = outputs(run.good["names"])
    assert printed.text == "True\n"
    assert result.data["text/plain"] == "42"
    assert result.execution_count == 2


def test_chapters_do_not_see_each_others_names(run: Run) -> None:
    (printed,) = outputs(run.good["alone"])
    assert printed.text == "False\n"


def test_settings_and_folder_reach_the_chapter(run: Run) -> None:
    (printed,) = outputs(run.good["settings"])
    assert printed.text.startswith("Kingston upon Thames 2025 chapters")


def test_the_files_that_a_chapter_opened_and_imported_are_known(run: Run) -> None:
    assert DATA / "reference" / "boroughs.csv" in run.files["reads"]
    assert ROOT / "src" / "safer_communities" / "datasets" / "load.py" in run.files["reads"]
    assert DATA / "reference" / "offences.csv" not in run.files["reads"]
    assert DATA / "reference" / "boroughs.csv" not in run.files["names"]


def test_what_was_imported_before_the_fork_counts_as_imported(run: Run) -> None:
    source = ROOT / "src" / "safer_communities"
    for name in GOOD:
        # No cell imports it: the process had it when the first cell began.
        assert source / "site" / "run" / "cells.py" in run.files[name]
        assert source / "site" / "build.py" not in run.files[name]


@pytest.mark.parametrize("name", processes.PRELOADED)
def test_what_is_imported_before_the_fork_exists(name: str) -> None:
    """A name that is nowhere would be passed over without a word, and every chapter be slower."""
    assert find_spec(name)


def test_what_is_shown_keeps_its_types_and_metadata(run: Run) -> None:
    (shown,) = outputs(run.good["glue"])
    assert shown.output_type == "display_data"
    assert shown.data == {"text/plain": "x", "application/vnd.made+json": {"a": 1}}
    assert shown.metadata == {"m": 2}


def test_every_code_cell_is_counted_and_prose_is_left(run: Run) -> None:
    for name, code in GOOD.items():
        first, *cells = run.good[name].cells
        assert first == WORDS | {"id": first.id}
        assert [cell.execution_count for cell in cells] == list(range(1, len(code) + 1))
    assert outputs(run.good["quiet"]) == []


def test_executed_notebooks_are_valid_and_bear_no_trace_of_the_machine(run: Run) -> None:
    for notebook in run.good.values():
        nbformat.validate(notebook)
        assert notebook.metadata == {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }


@pytest.mark.parametrize("name", BAD)
def test_a_failure_names_the_notebook_the_cell_and_the_cause(run: Run, name: str) -> None:
    code, problem = BAD[name]
    error = run.errors[name]
    assert isinstance(error, InputError)
    # The prose counts, so the second code cell is the third cell.
    line = ", line 1" if name in ("error", "input", "syntax", "name", "attribute") else ""
    assert error.place == f"{name}.ipynb, cell {min(len(code), 2) + 1}{line}"
    assert problem in error.problem
    assert ".." not in str(error)
    assert "make lab" in error.remedy


def test_every_chapter_runs_though_others_fail(run: Run) -> None:
    assert run.together == f"{len(BAD)} of {len(BAD) + 1} chapters failed"
    assert set(run.errors) == set(BAD)
    assert run.kept == ["names"]
    assert len(run.reports) == len(BAD) + 1
    for name in BAD:
        assert any(f"] {name}: failed" in line for line in run.reports)
    assert any("] names: " in line and "failed" not in line for line in run.reports)
    everyone = len(BAD) + 1
    assert run.reports[-1].startswith(f"  [{everyone}/{everyone}]")


def test_each_line_says_what_runs_and_how_many_wait(run: Run) -> None:
    first, last = run.reports[0], run.reports[-1]
    running = first.partition("; running ")[2].partition(";")[0].rstrip(")").split(", ")
    assert set(running) <= {*BAD, "names"}
    # Of all the notebooks one has ended: the others run or wait.
    waiting = int(first.partition(" waiting")[0].rpartition(" ")[2])
    assert 1 <= len(running) <= 3
    assert 1 + len(running) + waiting == len(BAD) + 1
    assert last.endswith("s so far)")


def test_a_cell_that_waits_for_what_never_comes_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However short: the cell takes no time of the processor, and ends in no time.
    monkeypatch.setattr(execution, "LONGEST_WAIT_SECONDS", 1)
    notebook = made(["import threading; threading.Event().wait()"])
    with pytest.raises(InputError, match=r"cell 2.*it gave no result in 1 seconds"):
        execution.execute(tmp_path / "waiting.ipynb", notebook, Settings())


def test_a_failure_in_a_page_of_text_names_its_line(tmp_path: Path) -> None:
    page = "---\nfile_format: mystnb\n---\n\n# Title\n\n```{code-cell}\n1 / 0\n```\n"
    with pytest.raises(InputError) as caught:
        execution.execute(tmp_path / "made.md", text_notebook(page), Settings())
    assert caught.value.place == "made.md, line 8"
