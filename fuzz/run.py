"""`make fuzz`: what `make test` has no time for.

The tests that are marked `long` (every notebook against its saved outputs among them), the mutated
releases and the killed builds and imports with more examples, the real releases spoilt in plausible
ways, then every parser for some seconds. `MUTATIONS` (2,000 unless set) is the number of mutated
releases, `KILLED_BUILDS` (60) that of builds (every command is killed a tenth as often, an import
at every change), `TRIALS` (2) that of each way to spoil a release, `FUZZ_SECONDS` (30) the time for
each parser. Exits with 1 where anything was found.
"""

import os
import subprocess
import sys
from pathlib import Path

from fuzz_parsers import PARSERS

HERE = Path(__file__).parent
MORE_EXAMPLES = {
    "MUTATIONS": os.environ.get("MUTATIONS", "2000"),
    "KILLED_BUILDS": os.environ.get("KILLED_BUILDS", "60"),
}
SUITES = (
    ["-m", "long", "--nbval", "tests", "notebooks"],
    [f"tests/test_{name}.py" for name in ("import_mutations", "build_killed", "interruption")],
)


def main() -> int:
    """The exit status: 0 where nothing was found."""
    seconds = os.environ.get("FUZZ_SECONDS", "30")
    failed = 0
    for suite in SUITES:
        command = [sys.executable, "-m", "pytest", "-q", *suite]
        environment = {**os.environ, **MORE_EXAMPLES}
        failed |= subprocess.run(command, cwd=HERE.parent, env=environment, check=False).returncode
    wrong_files = [sys.executable, HERE / "wrong_files.py"]
    failed |= subprocess.run(wrong_files, cwd=HERE, check=False).returncode
    for name in PARSERS:
        print(f"{name}: {seconds} seconds", flush=True)
        command = [sys.executable, HERE / "fuzz_parsers.py", name, f"-max_total_time={seconds}"]
        failed |= subprocess.run(command, cwd=HERE, check=False).returncode
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
