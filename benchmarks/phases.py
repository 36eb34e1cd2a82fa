"""Where the time of a build goes: each part run by itself, one after the other."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from time import perf_counter

from safer_communities.chapter.book import Book
from safer_communities.project import ROOT
from safer_communities.settings import Settings
from safer_communities.site.finish.all_pages import finish_site
from safer_communities.site.pages.imprint import config_with_imprint
from safer_communities.site.pages.jupyter_book import make_html
from safer_communities.site.pages.staging import add_first_page, stage
from safer_communities.site.run import processes
from safer_communities.site.run.book import executed_book
from safer_communities.site.run.build_cache import BuildCache
from safer_communities.site.run.inputs import inputs_of
from safer_communities.site.take_away.downloads import write_downloads

# Runs in a process of its own, where nothing has been imported yet.
CHAPTERS = "from phases import time_chapters; time_chapters()"


def phases(cache: Path, work: Path) -> dict[str, float]:
    """Seconds by part; `cache` holds the chapters' outputs, `work` is a folder to make."""
    seconds: dict[str, float] = {}

    @contextmanager
    def part(name: str) -> Iterator[None]:
        started = perf_counter()
        yield
        seconds[name] = perf_counter() - started

    with part("Start of Python"):
        subprocess.run([sys.executable, "-c", ""], check=True)
    chapters = subprocess.run(
        [sys.executable, "-c", CHAPTERS],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds |= json.loads(chapters.stdout.splitlines()[-1])
    executed = executed_book(
        Settings(),
        root=ROOT,
        inputs=inputs_of(ROOT),
        cache=cache,
        jobs=None,
        report=print,
        templates=False,
    )
    with part("Write what Sphinx reads"):
        config = (ROOT / "_config.yml").read_text(encoding="utf-8")
        config = config_with_imprint(config, Book(Settings()).imprint)
        source, borough = work / "source", Settings().borough
        files = stage(executed, root=ROOT, source=source, config=config, borough=borough)
    with part("Sphinx"):
        html = make_html(work / "source", work)
    with part("Downloads"):
        (html / "downloads").mkdir()
        write_downloads(html / "downloads", list(executed.values()), files, Settings())
    add_first_page(html)
    with part("Finish the pages"):
        finish_site(html, BuildCache(work / "made", made_by={}))
    shutil.rmtree(work)
    return seconds


def time_chapters() -> None:
    """Runs every chapter in this process, and prints the seconds by part as JSON."""
    started = perf_counter()
    for name in processes.PRELOADED:
        __import__(name)
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    from safer_communities.chapter import charts
    from safer_communities.site.run.template_pages import is_template
    from safer_communities.site.run.text_notebooks import read_chapters

    imported = perf_counter()
    drawing = [0.0]
    for name in charts.__all__:
        if name[0].islower():
            setattr(charts, name, _adding(getattr(charts, name), drawing))
    loaded = perf_counter()
    shell = InteractiveShell.instance(colors="nocolor")
    for notebook in read_chapters(ROOT).values():
        shell.reset(new_session=False)
        for cell in [] if is_template(notebook) else notebook.cells:
            if cell.cell_type == "code":
                with capture_output():
                    shell.run_cell(cell.source).raise_error()
    whole = perf_counter() - loaded
    seconds = {
        "Import": imported - started,
        "Compute": whole - drawing[0],
        "Draw": drawing[0],
    }
    print(json.dumps(seconds))


def _adding(draw: Callable, seconds: list[float]) -> Callable:
    """`draw`, with the time that it takes added to `seconds`."""

    @wraps(draw)
    def timed(*arguments: object, **options: object) -> object:
        started = perf_counter()
        try:
            return draw(*arguments, **options)
        finally:
            seconds[0] += perf_counter() - started

    return timed
