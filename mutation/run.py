"""`make mutants`: small faults put into the analysis and the import, one at a time.

    python mutation/run.py [TARGET ...]

mutmut changes one thing in one function (a sign, a bound, an argument, a word of a message) and
runs the tests that reach the function. A fault that none of them notices has survived.

Each target works in its own folder of `mutants/`, which keeps what was found: a further run tries
the survivors and the functions that have changed. Prints the share killed of every module, writes
it to docs/mutation_testing.md, and exits with 1 where a target lies below the bar.

Targets that are not given are those in the variable TARGETS, or else all.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from safer_communities.errors import InputError, shown

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "mutants"
PAGE = ROOT / "docs" / "mutation_testing.md"
PACKAGE = "src/safer_communities"
BAR = 0.9
EXIT_BAD_INPUT = 2
# A fault that ends in an endless loop or a crash is noticed too.
KILLED = ("killed", "timeout", "segfault")
TABLE = re.compile(r"(?<=<!-- results -->\n).*?(?=<!-- end of results -->)", re.DOTALL)
HEADING = ("| Module | Mutants | Killed | Survived | Share killed |", "|---|--:|--:|--:|--:|")


@dataclass(frozen=True)
class Target:
    """Modules by a pattern below the package, and the tests that are to notice their faults."""

    modules: str
    tests: tuple[str, ...]


TARGETS = {
    "rankings": Target("statistics/rankings.py", ("test_rankings.py",)),
    "small_areas": Target("statistics/small_areas.py", ("test_small_areas.py",)),
    "concentration": Target("statistics/concentration.py", ("test_concentration.py",)),
    "rates": Target("statistics/rates.py", ("test_rates.py",)),
    "yearly_change": Target("statistics/changes/yearly_change.py", ("test_yearly_change.py",)),
    "revisions": Target("statistics/changes/revisions.py", ("test_revisions.py",)),
    "common_moves": Target("statistics/changes/common_moves.py", ("test_common_moves.py",)),
    "calibration": Target("analysis/changes/calibration.py", ("test_calibration.py",)),
    "significance": Target("statistics/significance/*.py", ("test_significance.py",)),
    "claims": Target(
        "claims/*.py",
        (
            "test_claim_reasons.py",
            "test_claims.py::test_rounding_is_half_up_to_what_is_printed",
            "test_claims.py::test_approximately_allows_a_twentieth",
            "test_claims.py::test_a_range_is_widened_by_half_a_printed_unit",
            "test_claims.py::test_numbers_in_reasons",
            "test_claims.py::test_revisions_are_those_between_the_two_releases",
            "test_claims.py::test_bad_rows_are_named",
        ),
    ),
    "sources": Target(
        "sources/*.py",
        (
            "test_import_messages.py",
            "test_comparing.py",
            "test_keeping.py",
            "test_new_releases.py",
            "test_sources_made_files.py",
            "test_bad_input.py",
            "test_sources_swap.py",
        ),
    ),
    "control_charts": Target("statistics/control_charts.py", ("test_control_charts.py",)),
    "trends": Target("statistics/trends.py", ("test_trends.py",)),
}


def run(name: str) -> None:
    """Tries what has not been tried of a target, and again what survived before."""
    folder = WORK / name
    prepare(folder, TARGETS[name])
    survivors = [mutant for mutant, status in found(folder).items() if status == "survived"]
    mutmut(folder)
    again = [mutant for mutant in survivors if found(folder).get(mutant) == "survived"]
    if again:
        mutmut(folder, *again)


def prepare(folder: Path, target: Target) -> None:
    """A folder in which mutmut finds the project: it copies from here what it runs."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, origin in (
        ("src", ROOT / "src"),
        ("tests", ROOT / "tests"),
        ("data", ROOT / "data"),
        ("conftest.py", ROOT / "mutation" / "conftest.py"),
    ):
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(origin)
    settings = {
        "source_paths": ["src"],
        "only_mutate": [f"{PACKAGE}/{target.modules}"],
        "also_copy": ["data", "conftest.py"],
        "pytest_add_cli_args": [
            f"-pno:{plugin}" for plugin in ("xdist", "cacheprovider", "nbval", "anyio")
        ],
        "pytest_add_cli_args_test_selection": [f"tests/{test}" for test in target.tests],
        # Its clock leaves out the fixtures: without this, slow ones would pass for endless loops.
        "timeout_constant": 4.0,
        "use_git_change_detection": False,
    }
    own = "\n".join(f"{name} = {json.dumps(value)}" for name, value in settings.items())
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(f"{text}\n[tool.mutmut]\n{own}\n", encoding="utf-8")


def mutmut(folder: Path, *mutants: str) -> None:
    """Runs mutmut on the mutants named, or on all that have not been tried."""
    log = folder / "mutmut.log"
    command = [Path(sys.executable).with_name("mutmut"), "run", *mutants]
    with log.open("w", encoding="utf-8") as file:
        ended = subprocess.run(command, cwd=folder, stdout=file, stderr=file, check=False)
    if ended.returncode:
        sys.exit(f"mutmut did not finish: read {log}")


def found(folder: Path) -> dict[str, str]:
    """The status of every mutant of a target by its name."""
    # Not among the project's packages: `make mutants` installs it.
    from mutmut.stats import status_by_exit_code

    return {
        mutant: status_by_exit_code[code]
        for path in sorted((folder / "mutants" / "src").rglob("*.meta"))
        for mutant, code in json.loads(path.read_text("utf-8"))["exit_code_by_key"].items()
    }


def rows_of(name: str) -> dict[str, str]:
    """The rows of the table for a target: one for each module, and one for all of several."""
    counts: dict[str, Counter] = {}
    for mutant, status in found(WORK / name).items():
        module = mutant.removeprefix("safer_communities.").partition(".x")[0]
        counts.setdefault(module, Counter())[status] += 1
    if len(counts) > 1:
        counts = {f"**{name}**": sum(counts.values(), Counter()), **counts}
    return {module: row(module, count) for module, count in counts.items()}


def row(module: str, count: Counter) -> str:
    """A row of the table."""
    killed, tried = sum(count[status] for status in KILLED), count.total()
    return f"| {module} | {tried:,} | {killed:,} | {tried - killed:,} | {killed / tried:.1%} |"


def share_killed(name: str) -> float:
    """The share of a target's mutants that a test noticed."""
    statuses = found(WORK / name).values()
    return sum(status in KILLED for status in statuses) / len(statuses)


def write_table(rows: dict[str, str]) -> None:
    """Puts the rows into the page, in the place of those that it has of the same modules."""
    page = PAGE.read_text(encoding="utf-8")
    kept = TABLE.search(page)[0].splitlines()[len(HEADING) :]
    before = {line.split(" | ")[0].removeprefix("| "): line for line in kept}
    table = "\n".join([*HEADING, *(before | rows).values()])
    PAGE.write_text(TABLE.sub(f"{table}\n", page), encoding="utf-8")


def main(names: list[str]) -> int:
    """The exit status: 0 where every target reaches the bar."""
    names = names or os.environ.get("TARGETS", "").split()
    unknown = sorted(set(names) - set(TARGETS))
    if unknown:
        problem = f"there is no target {', '.join(map(shown, unknown))}"
        print(InputError("TARGETS", problem, f"choose from {', '.join(TARGETS)}"), file=sys.stderr)
        return EXIT_BAD_INPUT
    below = []
    for name in names or TARGETS:
        print(f"{name}: this takes a while", flush=True)
        run(name)
        rows = rows_of(name)
        print("\n".join(rows.values()), flush=True)
        write_table(rows)
        if share_killed(name) < BAR:
            below.append(name)
    if below:
        print(f"fewer than {BAR:.0%} killed: {', '.join(below)}")
    return int(bool(below))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
