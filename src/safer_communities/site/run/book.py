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
from safer_communities.site.run.chapter_cache import ChapterCache
from safer_communities.site.run.processes import start_importing
from safer_communities.site.run.template_pages import (
    fill_in,
    is_template,
    outputs_by_page,
    outputs_of,
    pages_of,
)
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
    templates: bool = True,
) -> Chapters:
    """The chapters of the book of `settings`, the stale ones run, their outputs kept in `cache`.

    A template gives each of its pages; without `templates`, none.

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
    if not templates:
        chapters = {path: each for path, each in chapters.items() if not is_template(each)}
    outputs = {path: chapter_cache.outputs(path.stem, each) for path, each in chapters.items()}
    stale = {path: chapters[path] for path, found in outputs.items() if found is None}
    if stale:
        outputs |= _run(
            stale, len(chapters), settings, chapter_cache, jobs or os.cpu_count() or 1, report
        )
    executed: Chapters = {}
    for path, notebook in chapters.items():
        if is_template(notebook):
            executed |= pages_of(path, notebook, outputs[path] or [])
        else:
            fill_in(notebook, outputs[path] or [])
            executed[path] = notebook
    check_keys(executed)
    return executed


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
        pages = executed.pages
        outputs[path] = outputs_by_page(pages) if pages else outputs_of(executed.notebook)
        chapter_cache.keep(path.stem, executed.notebook, outputs[path], executed.files)

    # Templates take longest, and begin first.
    stale = dict(sorted(stale.items(), key=lambda item: not is_template(item[1])))
    execute_all(stale, settings, jobs=jobs, report=report, done=keep, every_page=True)
    return outputs
