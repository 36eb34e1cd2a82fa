"""Every notebook of one book with its outputs: from the cache where they hold, else from a run."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from safer_communities.facts.output_types import PARTS_MIME, records_in
from safer_communities.settings import Settings
from safer_communities.site.pages.markers import asked_for
from safer_communities.site.rules import check_before_running, check_keys
from safer_communities.site.run.chapter_cache import ChapterCache, code_cells
from safer_communities.site.run.processes import start_importing

# The parts of the text pages are made by a notebook that is never shown.
PARTS = "parts of the text pages"


@dataclass(frozen=True)
class ExecutedBook:
    """The chapters' notebooks with their outputs, by name, and the parts of the text pages."""

    chapters: dict[str, nbformat.NotebookNode]
    parts: dict[str, str]


def executed_book(
    settings: Settings,
    *,
    root: Path,
    inputs: dict[str, str],
    cache: Path,
    jobs: int | None,
    report: Callable[[str], None],
) -> ExecutedBook:
    """The book of `settings`, its stale notebooks run and their outputs kept in `cache`.

    `inputs` are the digests of the project's files, by their path in `root`. A notebook that ran is
    kept even where another fails. Raises InputError, or an ExceptionGroup of them, naming each
    notebook and cell that failed, or that breaks a rule: then none is run.
    """
    own = hashlib.sha256(json.dumps(settings.as_environment()).encode()).hexdigest()[:16]
    chapter_cache = ChapterCache(cache / own, root, inputs)
    asked = asked_for(root / "book")
    # First, since it takes longest: last, it would run alone.
    notebooks = {PARTS: _parts_notebook(asked)} if asked else {}
    notebooks |= {
        path.stem: nbformat.read(path, as_version=4)
        for path in sorted((root / "notebooks").glob("*.ipynb"))
    }
    files = {root / "notebooks" / f"{name}.ipynb": each for name, each in notebooks.items()}
    files.pop(root / "notebooks" / f"{PARTS}.ipynb", None)
    check_before_running(files, root)
    outputs = {name: chapter_cache.outputs(name, each) for name, each in notebooks.items()}
    stale = {name: notebooks[name] for name, found in outputs.items() if found is None}
    if stale:
        outputs |= _run(
            stale, len(notebooks), settings, chapter_cache, jobs or os.cpu_count() or 1, report
        )
    for name, notebook in notebooks.items():
        for cell, produced in zip(code_cells(notebook), outputs[name] or [], strict=True):
            cell.outputs = nbformat.from_dict(produced["outputs"])
            cell.execution_count = produced["execution_count"]
    check_keys(files)
    parts = records_in(notebooks.pop(PARTS), PARTS_MIME)[0] if asked else {}
    return ExecutedBook(notebooks, parts)


def _parts_notebook(asked: dict[str, list[str]]) -> nbformat.NotebookNode:
    code = f"from safer_communities.site.pages.parts import show_parts\n\nshow_parts({asked!r})"
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])


def _run(
    stale: dict[str, nbformat.NotebookNode],
    of: int,
    settings: Settings,
    chapter_cache: ChapterCache,
    jobs: int,
    report: Callable[[str], None],
) -> dict[str, list[dict]]:
    """The outputs of the stale among `of` notebooks, by name, each kept as it finishes."""
    start_importing()
    # Imported late: a build without a stale notebook should not wait for them, and with one they
    # are imported while the process that the chapters are forked from imports the same.
    from safer_communities.chapter.book import Book
    from safer_communities.site.run.execution import ExecutedNotebook, execute_all

    # Named first: a borough or an edition that does not exist is found before any chapter runs.
    data = Book(settings)
    report(f"Running {len(stale)} of {of} notebooks: {data.borough}, {data.edition.period.label}")
    outputs: dict[str, list[dict]] = {}

    def keep(name: str, executed: ExecutedNotebook) -> None:
        outputs[name] = chapter_cache.keep(name, executed.notebook, executed.files)

    folder = chapter_cache.root / "notebooks"
    execute_all(stale, settings, folder=folder, jobs=jobs, report=report, done=keep)
    return outputs
