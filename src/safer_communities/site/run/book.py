"""Every chapter of one book with its outputs: from the cache where they hold, else from a run."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import nbformat

from safer_communities.datasets.as_described import check_described
from safer_communities.settings import Settings
from safer_communities.site.rules import check_before_running, check_keys
from safer_communities.site.run.chapter_cache import ChapterCache, code_cells
from safer_communities.site.run.processes import start_importing
from safer_communities.site.run.text_notebooks import read_chapters

# The executed chapters of a book, by their file.
Chapters = dict[Path, nbformat.NotebookNode]


def executed_book(
    settings: Settings,
    *,
    root: Path,
    inputs: dict[str, str],
    cache: Path,
    jobs: int | None,
    report: Callable[[str], None],
) -> Chapters:
    """The chapters of the book of `settings`, the stale ones run, their outputs kept in `cache`.

    `inputs` are the digests of the project's files, by their path in `root`. A chapter that ran is
    kept even where another fails. Raises InputError, or an ExceptionGroup of them, naming each
    file and cell that failed, or that breaks a rule: then none is run.
    """
    own = hashlib.sha256(json.dumps(settings.as_environment()).encode()).hexdigest()[:16]
    chapter_cache = ChapterCache(cache / own, root, inputs)
    chapters = read_chapters(root)
    check_before_running(chapters, root)
    tables = {path.removeprefix("data/"): digest for path, digest in inputs.items()}
    check_described(root / "data", tables)
    outputs = {path: chapter_cache.outputs(path.stem, each) for path, each in chapters.items()}
    stale = {path: chapters[path] for path, found in outputs.items() if found is None}
    if stale:
        outputs |= _run(
            stale, len(chapters), settings, chapter_cache, jobs or os.cpu_count() or 1, report
        )
    for path, notebook in chapters.items():
        for cell, produced in zip(code_cells(notebook), outputs[path] or [], strict=True):
            cell.outputs = nbformat.from_dict(produced["outputs"])
            cell.execution_count = produced["execution_count"]
    check_keys(chapters)
    return chapters


def _run(
    stale: Chapters,
    of: int,
    settings: Settings,
    chapter_cache: ChapterCache,
    jobs: int,
    report: Callable[[str], None],
) -> dict[Path, list[dict]]:
    """The outputs of the stale among `of` chapters, by file, each kept as it finishes."""
    start_importing()
    # Imported late: a build without a stale chapter should not wait for them, and with one they
    # are imported while the process that the chapters are forked from imports the same.
    from safer_communities.chapter.book import Book
    from safer_communities.site.run.execution import ExecutedNotebook, execute_all

    # Named first: a borough or an edition that does not exist is found before any chapter runs.
    data = Book(settings)
    report(f"Running {len(stale)} of {of} chapters: {data.borough}, {data.edition.period.label}")
    outputs: dict[Path, list[dict]] = {}

    def keep(path: Path, executed: ExecutedNotebook) -> None:
        outputs[path] = chapter_cache.keep(path.stem, executed.notebook, executed.files)

    execute_all(stale, settings, jobs=jobs, report=report, done=keep)
    return outputs
