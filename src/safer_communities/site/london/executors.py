"""Who builds the books: processes of this machine, or the workers of a cluster."""

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from contextlib import contextmanager
from typing import Any

from safer_communities.errors import InputError
from safer_communities.site.run.processes import FORKED, start_importing

# How often a book is begun again whose process ended. Dask's scheduler has the same number.
ATTEMPTS = 4
_SECONDS_TO_ANSWER = 15
_OWN = threading.local()


@contextmanager
def executor_of(scheduler: str, jobs: int) -> Iterator[Executor]:
    """Builds `jobs` books at once on this machine, or as many as the workers of `scheduler` can.

    `scheduler` is the address of a scheduler of dask.distributed; "" for this machine. What a
    process or a worker was doing when it ended is done again by another. Raises InputError where
    nothing answers at that address, or the library is not installed.
    """
    if not scheduler:
        start_importing()
        with LocalProcesses(jobs) as processes:
            yield processes
        return
    try:
        from distributed import Client
    except ImportError as error:
        remedy = "install it: .venv/bin/python -m pip install --group cluster"
        raise InputError("SCHEDULER", "dask.distributed is not installed here", remedy) from error
    try:
        client = Client(scheduler, timeout=_SECONDS_TO_ANSWER)
    except (OSError, ValueError) as error:
        remedy = "start one with `dask scheduler`, and give the address that it prints"
        raise InputError("SCHEDULER", f"no scheduler answers at {scheduler!r}", remedy) from error
    with client, client.get_executor(pure=False) as workers:
        yield workers


def was_lost(error: BaseException) -> bool:
    """Whether every process or worker that had the work ended while it did."""
    scheduler = sys.modules.get("distributed.scheduler")
    return isinstance(error, BrokenExecutor) or (
        scheduler is not None and isinstance(error, scheduler.KilledWorker)
    )


class LocalProcesses(ThreadPoolExecutor):
    """Threads that each hand their work to a process of their own: one that ends harms no other."""

    def submit(self, work: Callable, /, *arguments: Any, **named: Any) -> Future:
        """The future of what `work` gives, run in another process."""
        return super().submit(_in_own_process, work, *arguments, **named)


def _in_own_process(work: Callable, *arguments: Any, **named: Any) -> Any:
    for attempt in range(1, ATTEMPTS + 1):
        if not hasattr(_OWN, "process"):
            _OWN.process = ProcessPoolExecutor(1, mp_context=FORKED)
        try:
            return _OWN.process.submit(work, *arguments, **named).result()
        except BrokenExecutor:
            del _OWN.process
            if attempt == ATTEMPTS:
                raise
    return None
