"""Asks a public database of faults about every package in the lock file: `make audit`.

Ends with 0 where the database knows of none, and where it cannot be reached, which is said; with 1
where it knows of one or the question itself fails.
"""

import json
import subprocess
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

LOCK = Path(__file__).parents[1] / "requirements.lock"
# What the database knows of one version of one package.
DATABASE = "https://pypi.org/pypi/pip-audit/2.9.0/json"
SECONDS = 20
# Runs apart from the project's environment, so that its own needs change no version there.
AUDIT = [sys.executable, "-m", "uv", "tool", "run", "--quiet", "pip-audit@2.9.0"]


def reason_it_is_out_of_reach(address: str = DATABASE) -> str:
    """Why the database does not answer; empty where it does."""
    try:
        with urlopen(address, timeout=SECONDS) as answer:
            found = json.load(answer)
    except (URLError, OSError, ValueError) as error:
        return str(error)
    # A mirror may serve the packages and know nothing of faults.
    return "" if "vulnerabilities" in found else "the answer says nothing of faults"


def main() -> int:
    """The exit status."""
    reason = reason_it_is_out_of_reach()
    if reason:
        print(f"The database of known faults cannot be reached from here ({reason}).")
        print("Nothing was checked. The weekly build asks it where it has the network.")
        return 0
    options = ["--requirement", str(LOCK), "--require-hashes", "--disable-pip", "--strict"]
    return int(subprocess.run([*AUDIT, *options], check=False).returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
