"""Makes the environment: every package of the lock file, then this project, and says how far it is.

The lock names every package that another one needs, with hashes, and all of them come as wheels: so
nothing is looked for and nothing is built, by uv where it is installed, else by pip. The tests that
packages bring of themselves are removed, a tenth of it all. The rest is compiled to bytecode by all
processors: without that the first build would take more than twice as long.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from time import sleep

LOCK = Path("requirements.lock")
SHOWN_ON_FAILURE = 20


def main(folder: Path) -> int:
    """The exit status: 0, or that of the command that failed; what it wrote is printed."""
    # Nearly: a few are for another system.
    packages = len(set(re.findall(r"^\S+(?===)", LOCK.read_text(encoding="utf-8"), re.MULTILINE)))
    uv = shutil.which("uv")
    print(f"Making the environment in {folder}, once: {packages} packages, a minute or two")
    python = str(folder / "bin" / "python")
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    if uv:
        install = [uv, "--no-config", "pip", "install", "--python", python]
    else:
        install = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-compile"]
    exact = ["--only-binary", ":all:", "--require-hashes", "--no-deps", "--requirement", str(LOCK)]
    status = _followed([*install, *exact], folder, packages)
    if status:
        return status
    for tests in [*folder.glob("lib/*/site-packages/*/**/tests")]:
        shutil.rmtree(tests, ignore_errors=True)
    print("  Compiling them")
    # What is no Python of this version, as in templates, is left as it is.
    subprocess.run([python, "-m", "compileall", "-qq", "-j", "0", folder / "lib"], check=False)
    own = ["--quiet", "--no-deps", "--no-build-isolation", "--editable", "."]
    return subprocess.run([*install, *own], check=False).returncode


def _followed(command: list[str], folder: Path, packages: int) -> int:
    """The exit status of an installation, with a line that grows while it runs."""
    written: list[str] = []
    fetched = 0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as installing:
        for line in installing.stdout or ():
            written.append(line)
            fetched += line.startswith("Collecting ")
            if fetched:
                _tell("Fetched", fetched, packages)
            if line.startswith(("Installing ", "Prepared ")):
                break
        while installing.poll() is None:
            _tell("Installed", len(list(folder.glob("lib/*/site-packages/*.dist-info"))), packages)
            sleep(0.5)
        written += installing.stdout or ()
    print()
    if installing.returncode:
        print("".join(written[-SHOWN_ON_FAILURE:]), file=sys.stderr)
    return installing.returncode


def _tell(done: str, count: int, packages: int) -> None:
    """Writes how far it is: over the last line on a terminal, else once for each tenth."""
    if sys.stdout.isatty():
        print(f"\r  {done} {count} of {packages} packages ", end="", flush=True)
    elif (tenth := (done, 10 * count // packages)) not in _TOLD:
        _TOLD.add(tenth)
        print(f"  {done} {count} of {packages} packages", flush=True)


_TOLD: set[tuple[str, int]] = set()

if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
