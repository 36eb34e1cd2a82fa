"""`make fuzz`: thousands of mutated releases, then every parser for some seconds.

`MUTATIONS` (2,000 unless set) is the number of mutated releases, `FUZZ_SECONDS` (30) the time for
each parser. Exits with 1 where anything was found.
"""

import os
import subprocess
import sys
from pathlib import Path

from fuzz_parsers import PARSERS

HERE = Path(__file__).parent


def main() -> int:
    """The exit status: 0 where nothing was found."""
    seconds = os.environ.get("FUZZ_SECONDS", "30")
    environment = {**os.environ, "MUTATIONS": os.environ.get("MUTATIONS", "2000")}
    mutations = [sys.executable, "-m", "pytest", "-q", "tests/test_import_mutations.py"]
    failed = subprocess.run(mutations, cwd=HERE.parent, env=environment, check=False).returncode
    for name in PARSERS:
        print(f"{name}: {seconds} seconds", flush=True)
        command = [sys.executable, HERE / "fuzz_parsers.py", name, f"-max_total_time={seconds}"]
        failed |= subprocess.run(command, cwd=HERE, check=False).returncode
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
