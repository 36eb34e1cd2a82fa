"""What a forked process does: it runs the cells of one notebook, and sends what each shows.

A template is run once for each of its pages, all in one process: they share the data read for one.

The cells run in IPython's own shell, as they do in a notebook; what is left out is the network
between a kernel and its client, which costs more than a second a chapter.
"""

import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection

import nbformat
from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import CapturedIO, capture_output
from traitlets.config import Config

from safer_communities.errors import did_you_mean
from safer_communities.site.run import unshown


def run_cells(
    sender: Connection,
    code: list[str],
    environment: dict[str, str],
    folder: str,
    seconds: float,
    template: str = "",
) -> None:
    """Runs `code`, a text for each cell, in `folder`, and ends the process where a cell fails.

    The system ends the process when a cell has taken more than `seconds` of the processor.

    Sends for each cell: its outputs in the notebook format, what went wrong in it ("" where nothing
    did), and the line where it did (0 where that is not known). Last it sends the path of every
    file that was opened or imported. Of the `template` of that name it sends the list of its pages
    first, and then the cells of each.
    """
    # The process ends before there is much garbage: looking for it takes a sixth of its time.
    gc.disable()
    # Nor is it looked for among what was imported, each time that a page of a template has ended.
    gc.freeze()
    opened = _recorded_files()
    os.environ.update(environment)
    os.chdir(folder)
    # Nobody looks back at what was typed: a history would be written to a database all the while.
    shell = InteractiveShell.instance(
        colors="nocolor", config=Config({"HistoryManager": {"enabled": False}})
    )
    formatter = shell.display_formatter
    if formatter is not None:
        formatter.active_types = formatter.format_types
    left_unshown = unshown.watch(shell)
    if template:
        # Imported late: other chapters do without.
        from safer_communities.chapter.templates import pages_of_template

        pages = pages_of_template(template)
        sender.send(pages)
        for page in pages:
            os.environ["PAGE"] = page.key
            shell.reset()
            _run(sender, code, shell, left_unshown, seconds)
    else:
        _run(sender, code, shell, left_unshown, seconds)
    modules = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    sender.send(sorted(opened | {str(file) for file in modules if file}))


def _run(
    sender: Connection,
    code: list[str],
    shell: InteractiveShell,
    left_unshown: Callable[[], str],
    seconds: float,
) -> None:
    """Runs the cells in order and sends what comes of each."""
    for count, source in enumerate(code, start=1):
        results: list[dict] = []
        shell.display_trap.hook = CapturingDisplayHook(shell=shell, outputs=results)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        with capture_output() as captured:
            ran = shell.run_cell(source, store_history=True)
        error = ran.error_before_exec or ran.error_in_exec
        problem = _said(error, list(shell.user_ns)) if error else left_unshown()
        if captured.stderr and not problem:
            problem = f"it wrote a warning: {captured.stderr.strip()}"
        outputs: list[dict] = []
        try:
            outputs = _outputs(count, captured, results)
        except nbformat.ValidationError as invalid:
            problem = problem or f"its output cannot be stored in a notebook: {invalid}"
        sender.send((outputs, problem, _line_of(error) if error else 0))
        if problem:
            sys.exit(1)


def _said(error: BaseException, names: list[str]) -> str:
    """What a cell's error says, with the nearest of the `names` that it could have meant."""
    said = f"{type(error).__name__}: {error}".rstrip(".")
    if not isinstance(error, AttributeError | NameError) or not error.name:
        return said
    known = dir(error.obj) if isinstance(error, AttributeError) else names
    public = [name for name in known if not name.startswith("_")]
    return f"{said}; {did_you_mean(error.name, public)}"


def _line_of(error: BaseException) -> int:
    """The line of the cell that an error comes from; 0 where no cell is to blame."""
    if isinstance(error, SyntaxError):
        return error.lineno or 0
    steps = traceback.extract_tb(error.__traceback__)
    lines = [step.lineno or 0 for step in steps if step.filename.startswith("<ipython-input")]
    return lines[-1] if lines else 0


def _recorded_files() -> set[str]:
    """A set that every path opened from now on is added to."""
    opened: set[str] = set()

    def note(event: str, arguments: tuple) -> None:
        if event == "open" and isinstance(arguments[0], str):
            opened.add(os.path.abspath(arguments[0]))

    sys.addaudithook(note)
    return opened


def _outputs(count: int, captured: CapturedIO, results: list[dict]) -> list[dict]:
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
