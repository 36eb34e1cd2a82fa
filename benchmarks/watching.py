"""A running `make watch`, and how long it takes from saving a file to the page that it shows."""

import os
import re
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Self

from measuring import Measured, megabytes

BUILT = re.compile(r"Built in [\d.]+ s")


class Watching:
    """`make watch` of the project in `folder`; ready when its first build is."""

    def __init__(self, command: list[str], folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "PORT": port}
        environment |= {"PYTHONUNBUFFERED": "1", "EDITION": "", "BOROUGH": ""}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self) -> Self:
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def time(self, name: str, change: Callable[[], None]) -> Measured:
        """From the moment that `change` has saved a file until its page is there."""
        change()
        started = perf_counter()
        self._wait()
        taken = Measured(perf_counter() - started, megabytes(self._process.pid))
        print(f"{taken.seconds:7.1f} s  {taken.peak_megabytes:6.0f} MB  {name}", flush=True)
        return taken

    def _wait(self) -> None:
        """Reads what it says until the pages are there; ends the benchmark where they fail."""
        said: list[str] = []
        for line in self._process.stdout or ():
            said.append(line)
            if BUILT.match(line):
                return
            if "What to do:" in line:
                break
        raise SystemExit(f"make watch failed:\n{''.join(said[-20:])}")
