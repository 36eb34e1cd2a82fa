"""Makes the pages and the downloads of a book from its executed chapters."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from safer_communities.chapter.book import Book
from safer_communities.settings import Settings
from safer_communities.site.finish.all_pages import finish_site
from safer_communities.site.pages.imprint import config_with_imprint
from safer_communities.site.pages.jupyter_book import Ran, in_new_process, make_html
from safer_communities.site.pages.staging import add_first_page, stage
from safer_communities.site.pages.taken_away import colophon_of
from safer_communities.site.run.book import Chapters
from safer_communities.site.run.build_cache import BuildCache
from safer_communities.site.share.description import describe_first_page
from safer_communities.site.take_away.downloads import copy_tables, write_downloads


def make_pages(
    executed: Chapters,
    inputs: dict[str, str],
    settings: Settings,
    *,
    root: Path,
    work: Path,
    cache: Path,
    jobs: int | None,
    config: str | None = None,
    run: Callable[[list[str]], Ran] = in_new_process,
) -> Path:
    """The folder of the finished pages of executed chapters, somewhere below the folder `work`.

    `inputs` are the digests of the sources in `root`, `config` is the text of `_config.yml`; that
    of `root` unless given; `run` runs Jupyter Book. Where `work` was used before, only pages that
    changed since are made. Raises InputError where Jupyter Book stops or warns.
    """
    book = Book(settings)
    config = config or (root / "_config.yml").read_text(encoding="utf-8")
    files = stage(
        executed,
        root=root,
        source=work / "source",
        config=config_with_imprint(config, book.imprint),
        borough=book.borough,
        colophon=colophon_of(book.imprint, book.borough),
    )
    made_before = BuildCache(cache / "made", made_by=code_of(inputs))
    with ThreadPoolExecutor(max_workers=1) as beside:
        downloads = beside.submit(_downloads, executed, settings, files, inputs, made_before)
        made = make_html(work / "source", work, run)
        # What Sphinx made stays as it is, for the next time.
        html = shutil.copytree(made, work / "site")
        shutil.copytree(downloads.result(), html / "downloads")
    copy_tables(root / "data", html / "downloads" / "data", made_before)
    add_first_page(html)
    finish_site(html, made_before, jobs=jobs)
    describe_first_page(html)
    made_before.remove_unused()
    return html


def code_of(inputs: dict[str, str]) -> dict[str, str]:
    """The digests of the code among those of all sources."""
    return {path: inputs[path] for path in inputs if path.startswith(("src/", "requirements.lock"))}


def _downloads(
    executed: Chapters,
    settings: Settings,
    files: dict[str, str],
    inputs: dict[str, str],
    made_before: BuildCache,
) -> Path:
    """The folder of the downloads of executed chapters; `files` are those of charts and tables."""

    def write(folder: Path) -> None:
        write_downloads(folder, list(executed.values()), files, settings)

    data = {path: inputs[path] for path in inputs if path.startswith("data/")}
    outputs = [[cell.get("outputs") for cell in notebook.cells] for notebook in executed.values()]
    return made_before.get_or_make(["downloads", str(settings), data, outputs, files], write)
