"""Runs notebooks, several at once, each in a process and a namespace of its own.

The processes are forked from one that has imported the libraries, so that the cost of importing
is paid once. The cells run in IPython's own shell, as they do in a notebook; what is left out is
the network between a kernel and its client, which costs more than a second a chapter.
"""

import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from copy import deepcopy
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.forkserver import ensure_running
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic

import nbformat

from safer_communities.errors import InputError
from safer_communities.settings import Settings

# Of the processor, so that a busy machine does not count against a cell.
LONGEST_CELL_SECONDS = 120
# By the clock, for a cell that does nothing but wait for what never comes.
LONGEST_WAIT_SECONDS = 3600
# Imported before the first fork: the libraries, and nothing of this project but what makes them
# quick to load, so that each chapter's own imports show which of its modules it depends on.
PRELOADED = [
    "safer_communities.site",
    "IPython.core.application",
    "IPython.core.completerlib",
    "IPython.core.interactiveshell",
    "IPython.core.logger",
    "IPython.core.magics",
    "IPython.utils.capture",
    "afcharts.af_colours",
    "lazy_loader",
    "matplotlib.backends.backend_svg",
    "matplotlib.figure",
    "matplotlib.style",
    "nbformat",
    "num2words",
    "pandas",
    "pandas.io.formats.string",
    "pandera.pandas",
    # What pandera would load at its first check: half of the time that a chapter took to begin.
    "pandera.backends.pandas.builtin_checks",
    "pandera.backends.pandas.builtin_hypotheses",
    "pandera.backends.pandas.container",
    "pyarrow.parquet",
    "scipy.special",
    "scipy.stats",
    "statsmodels.stats.multitest",
    "statsmodels.tsa.exponential_smoothing.ets",
    "statsmodels.tsa.seasonal",
]
REMEDY = "open the notebook with `make lab` and run that cell"

_forkserver = multiprocessing.get_context("forkserver")
_forkserver.set_forkserver_preload(PRELOADED)


@dataclass(frozen=True)
class Executed:
    """A notebook with its outputs, and the files of the project that it opened or imported."""

    notebook: nbformat.NotebookNode
    files: frozenset[Path]


def start_importing() -> None:
    """Starts the process that the chapters are forked from, and does not wait for its imports."""
    ensure_running()


def execute(
    name: str, notebook: nbformat.NotebookNode, folder: Path, settings: Settings
) -> Executed:
    """The notebook with the outputs that its code cells give in `folder` under `settings`.

    Raises InputError naming the notebook and the cell where a cell fails, writes a warning, takes
    too long or ends the process.
    """
    notebook = deepcopy(notebook)
    cells = [
        (number, cell)
        for number, cell in enumerate(notebook.cells, start=1)
        if cell.cell_type == "code"
    ]
    receiver, sender = _forkserver.Pipe(duplex=False)
    code = [cell.source for _, cell in cells]
    child = _forkserver.Process(
        target=_run,
        args=(sender, code, settings.as_environment(), str(folder), LONGEST_CELL_SECONDS),
    )
    child.start()
    sender.close()
    try:
        for count, (number, cell) in enumerate(cells, start=1):
            outputs, problem = _next_result(receiver, child)
            if problem:
                place = f"{name}.ipynb, cell {number}"
                raise InputError(place=place, problem=problem, remedy=REMEDY)
            cell.outputs = nbformat.from_dict(outputs)
            cell.execution_count = count
        files = receiver.recv()
    finally:
        child.kill()
        child.join()
    return Executed(tidied(notebook), frozenset(map(Path, files)))


def execute_all(
    notebooks: dict[str, nbformat.NotebookNode],
    settings: Settings,
    *,
    folder: Path,
    jobs: int,
    report: Callable[[str], None],
    done: Callable[[str, Executed], None],
) -> None:
    """Runs every notebook, even where one fails, and hands each to `done` as it finishes.

    Raises the errors of all notebooks that failed together, as an ExceptionGroup.
    """
    started = monotonic()
    failed: list[Exception] = []
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        futures = {
            pool.submit(_timed, name, notebook, folder, settings): name
            for name, notebook in notebooks.items()
        }
        for number, future in enumerate(as_completed(futures), start=1):
            name = futures[future]
            try:
                executed, seconds = future.result()
                done(name, executed)
                outcome = f"{seconds:.1f} s"
            except InputError as error:
                failed.append(error)
                outcome = "failed"
            so_far = f"{monotonic() - started:.0f} s so far{_still_to_come(futures)}"
            report(f"  [{number}/{len(notebooks)}] {name}: {outcome} ({so_far})")
    if failed:
        raise ExceptionGroup(f"{len(failed)} of {len(notebooks)} chapters failed", failed)


def _still_to_come(futures: dict[Future, str]) -> str:
    """What runs and how many notebooks wait, in words; empty when all have ended."""
    running = [name for future, name in futures.items() if future.running()]
    waiting = sum(not (future.running() or future.done()) for future in futures)
    parts = [f"; running {', '.join(running)}"] if running else []
    return "".join([*parts, f"; {waiting} waiting" if waiting else ""])


def tidied(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """`notebook` without what differs from run to run or machine to machine."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    return notebook


def _timed(
    name: str, notebook: nbformat.NotebookNode, folder: Path, settings: Settings
) -> tuple[Executed, float]:
    started = monotonic()
    return execute(name, notebook, folder, settings), monotonic() - started


def _next_result(receiver: Connection, child: BaseProcess) -> tuple[list[dict], str]:
    """The outputs of the next cell and what went wrong in it ("" where nothing did)."""
    if not receiver.poll(LONGEST_WAIT_SECONDS):
        return [], f"nothing came of it in {LONGEST_WAIT_SECONDS} seconds"
    try:
        return receiver.recv()
    except EOFError:
        child.join()
        if child.exitcode == -signal.SIGPROF:
            return [], f"it took more than {LONGEST_CELL_SECONDS} seconds of the processor"
        return [], "the process that ran it ended (out of memory, or a fault in a library)"


def _run(
    sender: Connection, code: list[str], environment: dict[str, str], folder: str, seconds: float
) -> None:
    """In the forked process: runs the cells in turn and sends the result of each.

    The system ends the process when a cell has taken more than `seconds` of the processor.
    """
    from IPython.core.displayhook import CapturingDisplayHook
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    # The process ends before there is much garbage: looking for it takes a sixth of its time.
    gc.disable()
    opened = _recorded_files()
    os.environ.update(environment)
    os.chdir(folder)
    shell = InteractiveShell.instance(colors="nocolor")
    shell.display_formatter.active_types = shell.display_formatter.format_types
    for count, source in enumerate(code, start=1):
        results: list[dict] = []
        shell.display_trap.hook = CapturingDisplayHook(shell=shell, outputs=results)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        with capture_output() as captured:
            ran = shell.run_cell(source, store_history=True)
        error = ran.error_before_exec or ran.error_in_exec
        problem = f"{type(error).__name__}: {error}" if error else ""
        if captured.stderr and not problem:
            problem = f"it wrote a warning: {captured.stderr.strip()}"
        outputs: list[dict] = []
        try:
            outputs = _outputs(count, captured, results)
        except nbformat.ValidationError as invalid:
            problem = problem or f"it showed what a notebook cannot hold: {invalid}"
        sender.send((outputs, problem))
        if problem:
            sys.exit(1)
    modules = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    sender.send(sorted(opened | {str(file) for file in modules if file}))


def _recorded_files() -> set[str]:
    """A set that every path opened from now on is added to."""
    opened: set[str] = set()

    def note(event: str, arguments: tuple) -> None:
        if event == "open" and isinstance(arguments[0], str):
            opened.add(os.path.abspath(arguments[0]))

    sys.addaudithook(note)
    return opened


def _outputs(count: int, captured: object, results: list[dict]) -> list[dict]:
    """What a cell showed, in the notebook format."""
    outputs = [
        nbformat.v4.new_output("display_data", data=shown.data, metadata=shown.metadata or {})
        for shown in captured.outputs
    ]
    if captured.stdout:
        outputs.insert(0, nbformat.v4.new_output("stream", name="stdout", text=captured.stdout))
    for result in results:
        outputs.append(nbformat.v4.new_output("execute_result", execution_count=count, **result))
    return [dict(output) for output in outputs]
