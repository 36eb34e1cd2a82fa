"""Finishes the site that Sphinx wrote: every page, one style sheet, one script, no unused file."""

import gc
import hashlib
import json
import os
import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path

from safer_communities.site.finish.files import delete_unused_files, version_mark
from safer_communities.site.finish.page import FinishedPage, finished_page
from safer_communities.site.finish.scripts import (
    SCRIPT,
    SEARCH_SCRIPTS,
    add_own_search,
    joined_scripts,
)
from safer_communities.site.finish.search_index import rewrite_index
from safer_communities.site.finish.stylesheets import STYLESHEET, joined, pruned
from safer_communities.site.run.build_cache import BuildCache
from safer_communities.site.run.processes import FORKED

# Fewer are done sooner than other processes have started.
PAGES_WORTH_A_PROCESS = 4


def finish_site(html: Path, cache: BuildCache, *, jobs: int | None = None) -> None:
    """Rewrites every page below `html`, and keeps one style sheet and one script for all.

    Works with `jobs` processes; as many as there are processors unless given.
    """
    pages = _finished_pages(html, cache, jobs or os.cpu_count() or 1)
    add_own_search(html)
    rewrite_index(html, {path: page.words for path, page in pages.items()})
    script = joined_scripts(html, (name for page in pages.values() for name in page.scripts))
    css = _stylesheet(html, list(pages.values()), script, cache)
    versions = {}
    for file, text in {STYLESHEET: css, SCRIPT: script}.items():
        (html / file).write_text(text, encoding="utf-8")
        # It changes with the text, so that no browser keeps an old copy.
        versions[version_mark(file)] = hashlib.sha256(text.encode()).hexdigest()[:8]
    for path, page in pages.items():
        text = page.html
        for mark, version in versions.items():
            text = text.replace(mark, version)
        path.write_text(text, encoding="utf-8")
    delete_unused_files(html, {path: page.addresses for path, page in pages.items()})


def _finished_pages(html: Path, cache: BuildCache, jobs: int) -> dict[Path, FinishedPage]:
    """Every page below `html`, finished by `jobs` processes, by the path of its file."""
    paths = [
        path
        for path in sorted(html.rglob("*.html"))
        if "_static" not in path.relative_to(html).parts
    ]
    new = [path for path in paths if not cache.has(_made_from(path, html))]
    if jobs > 1 and len(new) > PAGES_WORTH_A_PROCESS:
        # Forked from the process that the chapters were forked from, where it is there.
        with ProcessPoolExecutor(jobs, mp_context=FORKED, initializer=gc.disable) as pool:
            list(pool.map(partial(_finished, html=html, cache=cache), new))
    return {path: _finished(path, html, cache) for path in paths}


def _finished(path: Path, html: Path, cache: BuildCache) -> FinishedPage:
    """The page at `path`, finished now or found from an earlier build of the same page."""
    inputs = _made_from(path, html)

    def make(folder: Path) -> None:
        _, name, at_top, raw = inputs
        page = finished_page(raw, is_search=name == "search.html", at_top=at_top)
        (folder / "page.json").write_text(json.dumps(asdict(page)), encoding="utf-8")

    made = cache.get_or_make(inputs, make)
    return FinishedPage(**json.loads((made / "page.json").read_text(encoding="utf-8")))


def _made_from(path: Path, html: Path) -> list:
    """All that a finished page depends on: its name, whether it is at the top, and its text."""
    return ["page", path.name, path.parent == html, path.read_text(encoding="utf-8")]


def _stylesheet(html: Path, pages: list[FinishedPage], script: str, cache: BuildCache) -> str:
    """The text of the one style sheet of all `pages`: the rules that a page or script can use."""
    whole = joined(html / name for name in dict.fromkeys(s for page in pages for s in page.sheets))
    search = [(html / "_static" / name).read_text(encoding="utf-8") for name in SEARCH_SCRIPTS[:2]]
    used = {name for page in pages for name in page.names} | _words("\n".join([script, *search]))
    # A name that no style sheet knows makes no difference to what is left of them.
    names = used & _words(whole)

    def make(folder: Path) -> None:
        (folder / "site.css").write_text(pruned(whole, names), encoding="utf-8")

    made = cache.get_or_make(["css", whole, sorted(names)], make)
    return (made / "site.css").read_text(encoding="utf-8")


def _words(text: str) -> set[str]:
    """Every word of a script or a style sheet: any may be a class or an id."""
    return set(re.findall(r"[A-Za-z_][\w-]*", text))
