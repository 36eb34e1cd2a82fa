"""Keeps the outputs of the chapters, and knows when they no longer hold.

An entry holds a chapter's outputs for one book, the digest of its code cells, and the digest of
every file of the project that the run opened or imported. It holds while all of these are as they
were: prose may change freely, and so may tables and modules that the chapter does not use.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache as remembered
from pathlib import Path

import nbformat

from safer_communities.settings import Settings

# Every chapter depends on the versions of the libraries.
ALWAYS = ("requirements.lock",)


def executed_notebooks(
    settings: Settings,
    *,
    root: Path,
    cache: Path,
    jobs: int | None,
    report: Callable[[str], None],
) -> dict[str, nbformat.NotebookNode]:
    """Every chapter with its outputs: kept ones where they still hold, else from a new run.

    A chapter that ran is kept even where another fails. Raises InputError, or an ExceptionGroup of
    them, naming each chapter and cell that failed.
    """
    book = cache / hashlib.sha256(json.dumps(settings.as_environment()).encode()).hexdigest()[:16]
    written = {
        path.stem: nbformat.read(path, as_version=4)
        for path in sorted((root / "notebooks").glob("*.ipynb"))
    }
    digest = remembered(_digest_of)
    kept = {
        name: _kept(book / f"{name}.json", notebook, root, digest)
        for name, notebook in written.items()
    }
    stale = [name for name, outputs in kept.items() if outputs is None]
    if stale:
        _run(stale, written, kept, settings, root, book, jobs, report, digest)
    for name, notebook in written.items():
        for cell, produced in zip(_code_cells(notebook), kept[name], strict=True):
            cell.outputs = nbformat.from_dict(produced["outputs"])
            cell.execution_count = produced["execution_count"]
    return written


def _run(
    stale: list[str],
    written: dict[str, nbformat.NotebookNode],
    kept: dict[str, list[dict] | None],
    settings: Settings,
    root: Path,
    book: Path,
    jobs: int | None,
    report: Callable[[str], None],
    digest: Callable[[Path], str],
) -> None:
    """Runs the stale chapters, keeping the outputs of each as it finishes."""
    # Imported late: a build without a stale chapter should not wait for them.
    from safer_communities.edition_data import EditionData
    from safer_communities.site.execution import Executed, execute_all

    # Named first: a borough or an edition that does not exist is found before any chapter runs.
    data = EditionData(settings)
    report(
        f"Running {len(stale)} of {len(written)} chapters: "
        f"{data.borough}, {data.edition.period.label}"
    )
    book.mkdir(parents=True, exist_ok=True)

    def keep(name: str, executed: Executed) -> None:
        kept[name] = [
            {"outputs": cell.outputs, "execution_count": cell.execution_count}
            for cell in _code_cells(executed.notebook)
        ]
        files = {root / name for name in ALWAYS} | {
            file for file in executed.files if _is_source(file, root)
        }
        entry = {
            "python": sys.version,
            "code": _code_digest(written[name]),
            "files": {file.relative_to(root).as_posix(): digest(file) for file in sorted(files)},
            "outputs": kept[name],
        }
        _write_whole(book / f"{name}.json", json.dumps(entry))

    paths = [root / "notebooks" / f"{name}.ipynb" for name in stale]
    execute_all(paths, settings, jobs=jobs or os.cpu_count() or 1, report=report, done=keep)


def _kept(
    entry: Path, notebook: nbformat.NotebookNode, root: Path, digest: Callable[[Path], str]
) -> list[dict] | None:
    """The outputs of an entry that still holds, else None."""
    try:
        found = json.loads(entry.read_text(encoding="utf-8"))
        holds = (
            found["python"] == sys.version
            and found["code"] == _code_digest(notebook)
            and all(digest(root / name) == known for name, known in found["files"].items())
        )
        return found["outputs"] if holds else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_source(file: Path, root: Path) -> bool:
    """Whether a file is one that a person or an import may change: in `src/` or `data/`."""
    inside = file.is_relative_to(root / "src") or file.is_relative_to(root / "data")
    return inside and "__pycache__" not in file.parts and file.is_file()


def _digest_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _code_digest(notebook: nbformat.NotebookNode) -> str:
    code = json.dumps([cell.source for cell in _code_cells(notebook)])
    return hashlib.sha256(code.encode()).hexdigest()


def _write_whole(path: Path, text: str) -> None:
    """Writes beside and renames, so that a reader finds the whole file or none."""
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)
