"""The process that builds a preview: it imports everything once, and makes what changed."""

import gc
import re
import shutil
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from sphinx.application import builtin_extensions

from safer_communities.datasets import load
from safer_communities.datasets.atomic import replace_folder
from safer_communities.errors import InputError, leaves
from safer_communities.settings import Settings
from safer_communities.site.making import make_pages
from safer_communities.site.pages.jupyter_book import in_fork
from safer_communities.site.run.book import Chapters, executed_book
from safer_communities.site.run.inputs import inputs_of
from safer_communities.site.run.processes import start_importing

# What Jupyter Book would import in each process that makes pages.
JUPYTER_BOOK = (
    *builtin_extensions,
    "jupyter_book.cli.main",
    "jupyter_book.config",
    "jupyter_book.sphinx",
    "myst_nb.sphinx_ext",
    "sphinx.builders.html",
    "sphinx_book_theme",
    "sphinx_design",
    "sphinx_external_toc.collectors",
)
HEADING = re.compile(r"^#+ .*$", re.MULTILINE)


def keep_building(
    asked: Connection, settings: Settings, root: Path, folder: Path, templates: bool
) -> None:
    """Builds the book of `settings` in `folder` each time it is asked, and answers with a problem.

    The answer is empty where the book is built. Ends when the other end of `asked` is closed.
    """
    # Ctrl+C is for the process that asks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    start_importing(*JUPYTER_BOOK)
    # Garbage is looked for when nobody waits.
    gc.disable()
    preview = Preview(settings, root, folder, templates)
    while True:
        try:
            asked.recv()
        except EOFError:
            return
        problem = ""
        try:
            preview.build()
        except* InputError as errors:
            problem = "\n\n".join(map(str, leaves(errors)))
        asked.send(problem)
        gc.collect()


class Preview:
    """A book in `folder`, of which each build makes only the pages that changed."""

    def __init__(self, settings: Settings, root: Path, folder: Path, templates: bool) -> None:
        self.settings = settings
        self.templates = templates
        self.root = root
        self.folder = folder
        self.shared: list = []

    def build(self) -> None:
        """Builds the book in `html/`, where the last good one stays until this one is whole."""
        load.forget()
        inputs = inputs_of(self.root)
        cache = self.root / "_build" / "cache"
        executed = executed_book(
            self.settings,
            root=self.root,
            inputs=inputs,
            cache=cache,
            jobs=None,
            report=print,
            templates=self.templates,
        )
        work = self.folder / "work"
        if self.shared != (shared := _on_every_page(executed, inputs, self.root)):
            shutil.rmtree(work, ignore_errors=True)
        # Known only once the pages are made: after a failure all of them are made again.
        self.shared = []
        html = make_pages(
            executed,
            inputs,
            self.settings,
            root=self.root,
            work=work,
            cache=cache,
            jobs=None,
            run=in_fork,
        )
        self.shared = shared
        replace_folder(html, self.folder / "html")


def _on_every_page(executed: Chapters, inputs: dict[str, str], root: Path) -> list:
    """What pages hold of one another: contents, headings, terms, the look."""
    whole = [
        (path, digest)
        for path, digest in inputs.items()
        if (not path.startswith(("data/", "notebooks/", "src/")) and not path.endswith(".md"))
        or path == "book/glossary.md"
    ]
    texts = {path.name: path.read_text(encoding="utf-8") for path in (root / "book").glob("*.md")}
    for path, notebook in executed.items():
        prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
        texts[path.name] = "\n".join(prose)
    return [whole, {name: HEADING.findall(text) for name, text in texts.items()}]
