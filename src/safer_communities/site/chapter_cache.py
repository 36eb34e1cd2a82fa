"""Keeps the outputs of notebooks, and knows when they no longer hold.

An entry holds a notebook's outputs for one book, the digest of its code cells, and the digest of
every file of the project that the run opened or imported. It holds while all of these are as they
were: prose may change freely, and so may tables and modules that the notebook does not use.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from safer_communities.records import PARTS_MIME, records_in
from safer_communities.settings import Settings
from safer_communities.site.inputs import digest_of
from safer_communities.site.markers import asked_for

# Every notebook depends on the versions of the libraries.
ALWAYS = ("requirements.lock",)
# The parts of the text pages are made by a notebook that is never shown.
PARTS = "parts of the text pages"


@dataclass(frozen=True)
class Executed:
    """The chapters' notebooks with their outputs, by name, and the parts of the text pages."""

    chapters: dict[str, nbformat.NotebookNode]
    parts: dict[str, str]


def executed_notebooks(
    settings: Settings,
    *,
    root: Path,
    inputs: dict[str, str],
    cache: Path,
    jobs: int | None,
    report: Callable[[str], None],
) -> Executed:
    """Every notebook with its outputs: kept ones where they still hold, else from a new run.

    `inputs` are the digests of the project's files, by their path in `root`. A notebook that ran is
    kept even where another fails. Raises InputError, or an ExceptionGroup of them, naming each
    notebook and cell that failed.
    """
    book = cache / hashlib.sha256(json.dumps(settings.as_environment()).encode()).hexdigest()[:16]
    asked = asked_for(root / "book")
    # First, since it takes longest: last, it would run alone.
    written = {PARTS: _parts_notebook(asked)} if asked else {}
    written |= {
        path.stem: nbformat.read(path, as_version=4)
        for path in sorted((root / "notebooks").glob("*.ipynb"))
    }
    kept = {
        name: _kept(book / f"{name}.json", notebook, inputs) for name, notebook in written.items()
    }
    stale = {name: written[name] for name, outputs in kept.items() if outputs is None}
    if stale:
        _run(stale, len(written), kept, settings, root, inputs, book, jobs, report)
    for name, notebook in written.items():
        for cell, produced in zip(_code_cells(notebook), kept[name], strict=True):
            cell.outputs = nbformat.from_dict(produced["outputs"])
            cell.execution_count = produced["execution_count"]
    parts = records_in(written.pop(PARTS), PARTS_MIME)[0] if asked else {}
    return Executed(written, parts)


def _parts_notebook(asked: dict[str, list[str]]) -> nbformat.NotebookNode:
    code = f"from safer_communities.site.pages import show_parts\n\nshow_parts({asked!r})"
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])


def _run(
    stale: dict[str, nbformat.NotebookNode],
    notebooks: int,
    kept: dict[str, list[dict] | None],
    settings: Settings,
    root: Path,
    inputs: dict[str, str],
    book: Path,
    jobs: int | None,
    report: Callable[[str], None],
) -> None:
    """Runs the stale notebooks, keeping the outputs of each as it finishes."""
    # Imported late: a build without a stale notebook should not wait for them.
    from safer_communities.site.execution import Executed as Run
    from safer_communities.site.execution import execute_all, start_importing

    # This process imports what it needs itself in the meantime.
    start_importing()
    from safer_communities.edition_data import EditionData

    # Named first: a borough or an edition that does not exist is found before any chapter runs.
    data = EditionData(settings)
    report(
        f"Running {len(stale)} of {notebooks} notebooks: "
        f"{data.borough}, {data.edition.period.label}"
    )
    book.mkdir(parents=True, exist_ok=True)

    def keep(name: str, run: Run) -> None:
        kept[name] = [
            {"outputs": cell.outputs, "execution_count": cell.execution_count}
            for cell in _code_cells(run.notebook)
        ]
        used = {file.relative_to(root).as_posix() for file in run.files if _is_source(file, root)}
        # As they were when the build began: a file changed since then makes the entry stale.
        files = {name: inputs.get(name, "") for name in sorted({*ALWAYS, *used})}
        entry = {
            "python": sys.version,
            "code": _code_digest(stale[name]),
            "files": files,
            "outputs": kept[name],
        }
        _write_whole(book / f"{name}.json", json.dumps(entry))

    execute_all(
        stale,
        settings,
        folder=root / "notebooks",
        jobs=jobs or os.cpu_count() or 1,
        report=report,
        done=keep,
    )


def _kept(
    entry: Path, notebook: nbformat.NotebookNode, inputs: dict[str, str]
) -> list[dict] | None:
    """The outputs of an entry that still holds, else None."""
    try:
        found = json.loads(entry.read_text(encoding="utf-8"))
        holds = (
            found["python"] == sys.version
            and found["code"] == _code_digest(notebook)
            and all(inputs.get(name) == known for name, known in found["files"].items())
        )
        return found["outputs"] if holds else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_source(file: Path, root: Path) -> bool:
    """Whether a file is one that a person or an import may change: in `src/` or `data/`."""
    inside = file.is_relative_to(root / "src") or file.is_relative_to(root / "data")
    return inside and "__pycache__" not in file.parts and file.is_file()


def _code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _code_digest(notebook: nbformat.NotebookNode) -> str:
    return digest_of(json.dumps([cell.source for cell in _code_cells(notebook)]).encode())


def _write_whole(path: Path, text: str) -> None:
    """Writes beside and renames, so that a reader finds the whole file or none."""
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)
