"""Builds the book again whenever a file of it is saved, and shows it in the browser."""

import multiprocessing
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Self

from watchfiles import DefaultFilter, watch

from safer_communities.settings import Settings
from safer_communities.site.preview.builder import keep_building
from safer_communities.site.preview.live_server import State, live_server
from safer_communities.site.run.inputs import SOURCES

# A process that has imported the code does not see it change.
CODE = ("src", "requirements.lock")
# Saved files are told at once; this is how often it asks for them anew.
LOOKS_AGAIN_MILLISECONDS = 500
IGNORED = (*DefaultFilter.ignore_dirs, ".ipynb_checkpoints")


def watch_book(
    settings: Settings,
    port: int,
    *,
    root: Path,
    folder: Path,
    templates: bool = True,
    report: Callable[[str], None] = print,
    stop: Event | None = None,
) -> None:
    """Shows the book of `settings`, kept in `folder`, and builds it at every change in `root`.

    Without `templates` it lacks the pages made from them. A build that fails leaves the last good
    pages, which then say what to correct. Ends with Ctrl+C, or once `stop` is set. Raises
    InputError where the port is taken.
    """
    state = State()
    with (
        live_server(folder / "html", port, state) as server,
        Builder(settings, root, folder, templates) as book,
    ):
        Thread(target=server.serve_forever, daemon=True).start()
        report(f"http://localhost:{server.server_port}/ shows the book, and every change that you")
        report("save (stop with Ctrl+C). The first build takes a minute.")
        places = [root / name for name in SOURCES if (root / name).exists()]
        saves = watch(
            *places,
            watch_filter=DefaultFilter(ignore_dirs=IGNORED),
            debounce=200,
            raise_interrupt=False,
            stop_event=stop,
            yield_on_timeout=True,
            rust_timeout=LOOKS_AGAIN_MILLISECONDS,
        )
        # It looks from here on, so that what is saved during the first build is built too.
        next(saves, None)
        _build(book, state, report)
        for changes in filter(None, saves):
            saved = sorted({Path(path).relative_to(root).as_posix() for _, path in changes})
            report(f"Saved: {', '.join(saved[:3])}{' and more' if len(saved) > 3 else ''}")
            if any(path.startswith(CODE) for path in saved):
                book.restart()
            _build(book, state, report)
        server.shutdown()


def _build(book: "Builder", state: State, report: Callable[[str], None]) -> None:
    started = monotonic()
    problem = book.build()
    report(problem or f"Built in {monotonic() - started:.1f} s")
    state.tell(problem)


class Builder:
    """A process that has imported the code once, and builds a book each time it is asked."""

    def __init__(self, settings: Settings, root: Path, folder: Path, templates: bool) -> None:
        self.arguments = (settings, root, folder, templates)
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def restart(self) -> None:
        """Imports the code as it is now, in a process in place of the one there was."""
        self._end()
        self._start()

    def build(self) -> str:
        """Builds the book; what stopped it, in words, or nothing."""
        try:
            self._connection.send("build")
            return self._connection.recv()
        except (EOFError, BrokenPipeError):
            self.restart()
            return "The process that builds the book ended, and another was started. Save again."

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=keep_building, args=(theirs, *self.arguments))
        self._process.start()
        theirs.close()

    def _end(self) -> None:
        self._connection.close()
        self._process.join()
