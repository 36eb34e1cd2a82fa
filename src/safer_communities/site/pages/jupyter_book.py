"""Runs Jupyter Book on the sources of a site, in a new process or in one forked from a warm one."""

import gc
import io
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from safer_communities.errors import CANNOT_WRITE, ErrorCollector, InputError
from safer_communities.site.pages.sphinx_warnings import warnings_in
from safer_communities.site.run.processes import FORKED

# The command `jupyter-book`, quicker to start (see `safer_communities.site`).
JUPYTER_BOOK = "from safer_communities.site.pages.jupyter_book import main; main()"


@dataclass(frozen=True)
class Ran:
    """How a run of Jupyter Book ended, and what it wrote."""

    status: int
    output: str
    warnings: str


def in_new_process(arguments: list[str]) -> Ran:
    """Runs Jupyter Book in a process that has to import it."""
    command = [sys.executable, "-c", JUPYTER_BOOK, *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return Ran(run.returncode, run.stdout, run.stderr)


def in_fork(arguments: list[str]) -> Ran:
    """Runs Jupyter Book in a process forked from that of `FORKED`, where it should be preloaded."""
    receiver, sender = FORKED.Pipe(duplex=False)
    process = FORKED.Process(target=_send_run, args=(sender, arguments))
    process.start()
    sender.close()
    try:
        return receiver.recv()
    except EOFError:
        return Ran(1, "", "the process that made the pages ended (out of memory?)")
    finally:
        process.join()


def main(arguments: list[str] | None = None) -> None:
    """Runs the command `jupyter-book`, with the arguments of this process unless given."""
    from jupyter_book.cli.main import main as jupyter_book  # type: ignore[import-untyped]

    # Looking through everything for garbage takes a sixth of its time. What one page leaves is
    # found among what was made last; if nobody looked there, the pages of a whole book would stay
    # in memory.
    gc.freeze()
    gc.set_threshold(300_000, 1_000_000, 1_000_000)
    jupyter_book(arguments)


def _send_run(sender: Connection, arguments: list[str]) -> None:
    output, warnings, status = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(output), redirect_stderr(warnings):
        try:
            main(arguments)
        except SystemExit as end:
            status = int(bool(end.code))
    sender.send(Ran(status, output.getvalue(), warnings.getvalue()))


def make_html(source: Path, work: Path, run: Callable[[list[str]], Ran] = in_new_process) -> Path:
    """The folder of pages that Jupyter Book makes of `source`, below `work`; warnings are errors.

    Where `work` holds those of an earlier run, only what changed in `source` is made again. Raises
    InputError, or an ExceptionGroup of them, with the place of each warning, and OSError where the
    system cannot write.
    """
    options = ["--path-output", str(work), "-W", "--keep-going", "--quiet"]
    ran = run(["build", str(source), *options])
    if ran.status != 0:
        # Sphinx reports it as a fault of its own, or of a page.
        for number in CANNOT_WRITE:
            if os.strerror(number) in ran.output + ran.warnings:
                raise OSError(number, os.strerror(number), str(work))
        warnings = ErrorCollector("the pages of the book")
        warnings.errors += warnings_in(ran.warnings, source)
        warnings.raise_any()
        raise InputError(
            place="the pages of the book",
            problem=f"Jupyter Book stopped:\n{ran.output[-4000:]}\n{ran.warnings[-4000:]}",
            remedy="correct what it names; the last good site was left as it was",
        )
    return work / "_build" / "html"
