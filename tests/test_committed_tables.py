"""Today's tables against those last committed: a count that was published does not change."""

import shutil
import subprocess
from pathlib import Path

import pytest

import made_releases as made
from safer_communities.datasets import load
from safer_communities.datasets.schemas import TABLES
from safer_communities.errors import InputError
from safer_communities.project import ROOT
from safer_communities.sources.comparing import differing_rows, table_at


def git(root: Path, *arguments: str) -> bytes:
    command = ["git", "-c", "user.name=Made", "-c", "user.email=made@example.org", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, check=True).stdout


def revised(root: Path, work: Path) -> list[str]:
    """What differs in a release between the tables in `root` and the commit that they stand on.

    Rows of a release that the commit does not have are new, not revised: the import has compared
    them with the releases before. `work` is a folder for the committed tables.
    """
    changed = git(root, "diff", "--name-only", "--diff-filter=M", "HEAD", "--", "data")
    problems = []
    for path in changed.decode().splitlines():
        below = path.removeprefix("data/")
        if not any(table.holds(below) for table in TABLES.values()):
            continue
        name, table = table_at(below)
        if "release" not in table.schema.columns:
            continue
        (work / below).parent.mkdir(parents=True, exist_ok=True)
        (work / below).write_bytes(git(root, "show", f"HEAD:{path}"))
        release = table.release_of(below)
        try:
            old = load.read_anew(name, work, release)
        except (InputError, ExceptionGroup):
            continue  # of an older form: the columns themselves have changed
        new = load.read_anew(name, root / "data", release)
        for issue in sorted(set(old["release"].unique()) & set(new["release"].unique())):
            before, after = (
                frame[frame["release"] == issue].set_index(table.key) for frame in (old, new)
            )
            differing = differing_rows(before, after)
            if differing:
                problems.append(f"{path}: {differing} rows of release {issue} differ")
    return problems


def test_lines_end_alike_on_every_machine() -> None:
    """A hash of a table goes by its bytes: Git is not to change the ends of its lines."""
    assert "* text=auto eol=lf" in (ROOT / ".gitattributes").read_text(encoding="utf-8")
    for path in ("data/editions.csv", "Makefile", "notebooks/summary.ipynb"):
        assert b"\r" not in (ROOT / path).read_bytes(), path


def test_no_release_has_changed_since_the_last_commit(tmp_path: Path) -> None:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("these files are no git checkout: there is no commit to compare with")
    assert revised(ROOT, tmp_path) == []


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the real tables, made for these tests."""
    root = tmp_path_factory.mktemp("checkout")
    made.data_copy(root)
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "Made")
    return root


@pytest.fixture
def checkout(repository: Path) -> Path:
    """The repository as it was committed."""
    git(repository, "restore", ".")
    return repository


def test_a_changed_count_is_found(checkout: Path, tmp_path: Path) -> None:
    assert revised(checkout, tmp_path / "work") == []
    calls = checkout / "data" / "asb" / "london_asb_calls.csv"
    calls.write_text(calls.read_text().replace("18546", "18547", 1))
    (found,) = revised(checkout, tmp_path / "work")
    assert found.startswith("data/asb/london_asb_calls.csv: 1 rows of release ")


def test_a_lost_row_is_found_and_a_note_is_no_count(checkout: Path, tmp_path: Path) -> None:
    households = checkout / "data" / "population" / "households.csv"
    lines = households.read_text().splitlines(True)
    # The City of London, which no chapter needs.
    households.write_text("".join(line for line in lines if not line.startswith("E09000001")))
    actions = checkout / "data" / "strategy" / "actions.csv"
    actions.write_text(actions.read_text().replace("Barnet", "the borough"))
    (found,) = revised(checkout, tmp_path / "work")
    assert found == "data/population/households.csv: 1 rows of release census-2021 differ"
