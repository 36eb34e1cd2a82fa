"""Runs a command and measures it: seconds by the clock, and the memory of all its processes."""

import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import psutil

# Seldom enough to take little of the time that is measured.
SAMPLE_SECONDS = 0.5


@dataclass(frozen=True)
class Measured:
    """How long a command took, and the most memory that all its processes held at once."""

    seconds: float
    peak_megabytes: float


def measured(command: list[str], *, folder: Path, environment: dict[str, str]) -> Measured:
    """The command run in `folder`, measured.

    Raises subprocess.CalledProcessError with what it printed where it fails.
    """
    started = perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        peaks = [0.0]
        watching = threading.Thread(target=_watch, args=(process, peaks))
        watching.start()
        printed, _ = process.communicate()
        seconds = perf_counter() - started
        watching.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, printed)
    return Measured(seconds, max(peaks))


def _watch(process: subprocess.Popen, peaks: list[float]) -> None:
    """Adds a sample of the memory of the process and of those that it started, until it ends."""
    while process.poll() is None:
        peaks.append(megabytes(process.pid))
        threading.Event().wait(SAMPLE_SECONDS)


def megabytes(pid: int) -> float:
    """Memory of a process and its descendants; what several share counts once where known."""
    total = 0
    try:
        top = psutil.Process(pid)
        family = [top, *top.children(recursive=True)]
    except psutil.Error:
        return 0.0
    for each in family:
        try:
            memory = each.memory_full_info()
            total += getattr(memory, "pss", memory.rss)
        except psutil.Error:
            continue
    return total / 1e6
