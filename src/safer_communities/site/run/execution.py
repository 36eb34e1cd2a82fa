"""Runs notebooks, several at once, each in a process and a namespace of its own."""

import signal
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from copy import deepcopy
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic

import nbformat

from safer_communities.datasets.atomic import replace_file
from safer_communities.errors import InputError
from safer_communities.settings import Page, Settings
from safer_communities.site.run import unshown
from safer_communities.site.run.cells import run_cells
from safer_communities.site.run.processes import FORKED, start_importing
from safer_communities.site.run.template_pages import TEMPLATE, is_template

# Of the processor, so that a busy machine does not count against a cell.
LONGEST_CELL_SECONDS = 120
# By the clock, for a cell that does nothing but wait for what never comes.
LONGEST_WAIT_SECONDS = 3600
REMEDY = "open the notebook with `make lab` and run that cell"


@dataclass(frozen=True)
class ExecutedNotebook:
    """A notebook with its outputs, and the files of the project that it opened or imported.

    Of a template that was run for all of its pages `pages` has the notebook of each.
    """

    notebook: nbformat.NotebookNode
    files: frozenset[Path]
    pages: tuple[tuple[Page, nbformat.NotebookNode], ...] = ()


def execute(
    path: Path,
    notebook: nbformat.NotebookNode,
    settings: Settings,
    *,
    page: str = "",
    every_page: bool = False,
) -> ExecutedNotebook:
    """The notebook of the file `path` with the outputs of its code cells under `settings`.

    They run in the folder of that file; those of a template for one `page`, the first unless named,
    or for every page. Raises InputError naming the file and the cell (of a page of text, the line)
    where a cell fails, leaves a chart or a table that no page would show, writes a warning, takes
    too long or ends the process.
    """
    receiver, sender = FORKED.Pipe(duplex=False)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    environment = settings.as_environment() | {"PAGE": page}
    template = path.stem if every_page else ""
    folder = str(path.parent)
    child = FORKED.Process(
        target=run_cells,
        args=(sender, code, environment, folder, LONGEST_CELL_SECONDS, template),
    )
    child.start()
    sender.close()
    try:
        pages: list[Page] = receiver.recv() if every_page else []
        executed = [
            _received(receiver, child, notebook, f"{path.name}, page {each.key}") for each in pages
        ] or [_received(receiver, child, notebook, path.name)]
        files = receiver.recv()
    except EOFError as error:
        problem = "the process that lists its pages ended"
        raise InputError(place=path.name, problem=problem, remedy=REMEDY) from error
    finally:
        child.kill()
        child.join()
    by_page = tuple(zip(pages, executed, strict=False))
    return ExecutedNotebook(executed[0], frozenset(map(Path, files)), by_page)


def _received(
    receiver: Connection, child: BaseProcess, notebook: nbformat.NotebookNode, name: str
) -> nbformat.NotebookNode:
    """A copy of `notebook` with the outputs that its process sends next."""
    notebook = deepcopy(notebook)
    count = 0
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        count += 1
        outputs, problem, line = _next_result(receiver, child)
        if problem:
            # In a page of text lines are counted from its top, in a notebook from the cell's.
            top = cell.metadata.get("line")
            of_cell = f"cell {number}" + (f", line {line}" if line else "")
            place = f"line {top + max(line - 1, 0)}" if top else of_cell
            remedy = unshown.REMEDIES.get(problem, REMEDY)
            raise InputError(place=f"{name}, {place}", problem=problem, remedy=remedy)
        cell.outputs = nbformat.from_dict(outputs)
        cell.execution_count = count
    return tidied(notebook)


def execute_all(
    notebooks: dict[Path, nbformat.NotebookNode],
    settings: Settings,
    *,
    jobs: int,
    report: Callable[[str], None],
    done: Callable[[Path, ExecutedNotebook], None],
    every_page: bool = False,
) -> None:
    """Runs the notebook of every file, even where one fails; hands each to `done` as it finishes.

    A template is run for its first page, or for `every_page`.

    Raises the errors of all notebooks that failed together, as an ExceptionGroup.
    """
    start_importing()
    started = monotonic()
    failed: list[Exception] = []
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        futures = {
            pool.submit(
                _timed, path, notebook, settings, every_page=every_page and is_template(notebook)
            ): path
            for path, notebook in notebooks.items()
        }
        for number, future in enumerate(as_completed(futures), start=1):
            path = futures[future]
            try:
                executed, seconds = future.result()
                done(path, executed)
                outcome = f"{seconds:.1f} s"
            except InputError as error:
                failed.append(error)
                outcome = "failed"
            so_far = f"{monotonic() - started:.0f} s so far{_still_to_come(futures)}"
            report(f"  [{number}/{len(notebooks)}] {path.stem}: {outcome} ({so_far})")
    if failed:
        raise ExceptionGroup(f"{len(failed)} of {len(notebooks)} chapters failed", failed)


def _still_to_come(futures: dict[Future, Path]) -> str:
    """What runs and how many notebooks wait, in words; empty when all have ended."""
    running = [path.stem for future, path in futures.items() if future.running()]
    waiting = sum(not (future.running() or future.done()) for future in futures)
    parts = [f"; running {', '.join(running)}"] if running else []
    return "".join([*parts, f"; {waiting} waiting" if waiting else ""])


def tidied(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """`notebook` without what differs from run to run or machine to machine."""
    own = {TEMPLATE: notebook.metadata[TEMPLATE]} if is_template(notebook) else {}
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            **own,
        }
    )
    return notebook


def write_notebook(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Saves a notebook: whoever opens `path`, at any time, finds the old one or the new one."""
    replace_file(path, f"{nbformat.writes(notebook)}\n".encode())


def _timed(
    path: Path, notebook: nbformat.NotebookNode, settings: Settings, *, every_page: bool
) -> tuple[ExecutedNotebook, float]:
    started = monotonic()
    return execute(path, notebook, settings, every_page=every_page), monotonic() - started


def _next_result(receiver: Connection, child: BaseProcess) -> tuple[list[dict], str, int]:
    """The outputs of the next cell, what went wrong in it ("" where nothing did) and the line."""
    if not receiver.poll(LONGEST_WAIT_SECONDS):
        return [], f"it gave no result in {LONGEST_WAIT_SECONDS} seconds", 0
    try:
        return receiver.recv()
    except EOFError:
        child.join()
        if child.exitcode == -signal.SIGPROF:
            return [], f"it took more than {LONGEST_CELL_SECONDS} seconds of the processor", 0
        return [], "the process that ran it ended (out of memory, or a fault in a library)", 0
