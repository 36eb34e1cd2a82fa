"""Which tables of `data/` are not as `datapackage.yaml` describes them: no slip is published."""

import subprocess
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path

import yaml

from safer_communities.datasets.kept import digest
from safer_communities.errors import ErrorCollector, InputError, shown

FILE = "datapackage.yaml"
# How many rows of a changed table are told: a slip is one, and who changed more knows it.
ROWS_TOLD = 3


def check_described(data_folder: Path, digests: dict[str, str]) -> None:
    """Raises InputError, or a group of them, for each table changed since it was described.

    `digests` has the SHA-256 of the tables, by their path in the folder.
    """
    problems = ErrorCollector(data_folder.name)
    for path, rows in changes(data_folder, digests).items():
        place = f"{data_folder.name}/{path}"
        problems.errors.append(
            InputError(
                place,
                f"not the table that {FILE} describes: {rows}",
                "run `make describe` if you meant to change it; if not, put the old one back "
                f"(with Git: git restore {place})",
            )
        )
    problems.raise_any()


def changes(data_folder: Path, digests: dict[str, str]) -> dict[str, str]:
    """What changed in each table that was described and changed since, by its path.

    Where Git holds the table that was described, the rows that differ, else how many it had.
    Raises InputError where the description is damaged.
    """
    found = {}
    for resource in _resources(data_folder / FILE):
        path, described = resource["path"], resource["hash"].removeprefix("sha256:")
        if digests.get(path, described) != described:
            rows = _rows_changed(data_folder / path, described)
            found[path] = "; ".join(rows) or f"that one has {resource['rowCount']:,} rows"
    return found


def _resources(package: Path) -> list[dict]:
    if not package.is_file():
        return []
    try:
        return _resources_in(package.read_bytes())
    except (yaml.YAMLError, TypeError, KeyError) as error:
        raise InputError(
            f"{package.parent.name}/{FILE}", "damaged", "run `make describe` to write it again"
        ) from error


@lru_cache(maxsize=1)
def _resources_in(text: bytes) -> list[dict]:
    """What a description says; a preview asks at each change that is saved."""
    return yaml.load(text, Loader=yaml.CSafeLoader)["resources"]


def _rows_changed(path: Path, described: str) -> list[str]:
    """The first rows that differ from the table of that digest; empty where Git has it no more."""
    command = ["git", "show", f"HEAD:./{path.name}"]
    try:
        old = subprocess.run(command, cwd=path.parent, capture_output=True, check=True).stdout
        before, after = old.decode("utf-8").splitlines(), path.read_text("utf-8").splitlines()
    except (OSError, subprocess.CalledProcessError, UnicodeDecodeError):
        return []
    if digest(old) != described:
        return []
    rows = [
        f"row {number} was {shown(was)} and is {shown(now)}"
        for number, (was, now) in enumerate(zip_longest(before, after, fillvalue=""), start=1)
        if was != now
    ]
    if len(before) != len(after):
        return [f"it has {len(after) - 1:,} rows instead of {len(before) - 1:,}", *rows[:1]]
    more = f"and {len(rows) - ROWS_TOLD:,} more rows"
    return [*rows[:ROWS_TOLD], more] if len(rows) > ROWS_TOLD else rows
