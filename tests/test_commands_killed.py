"""Every command that is killed at any change it makes leaves what it writes all old or all new.

Each command of the command line runs as a person runs it, in a small project, and dies with all its
processes at one of the changes to files that it makes: those to what it writes and beside it first,
the others spread over the whole run. Each dies a tenth as often as `KILLED_BUILDS` says.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import made_releases as made
import year_before
from made_project import COUNTED_CHANGES, made_project
from safer_communities.datasets.atomic import WRITING, finish_replacing
from safer_communities.project import ROOT
from safer_communities.site.rebuilding import tree_digest

pytestmark = pytest.mark.long

MOMENTS = max(6, int(os.environ.get("KILLED_BUILDS", "60")) // 10)


@dataclass
class Killed:
    """A command in a project: `prepare` makes its next run change something.

    `writes` are the folders it works in, `state` tells what a reader finds, and `output` what the
    counted changes call the site (see `counted_changes`).
    """

    project: Path
    command: list[str]
    writes: list[str]
    output: Path
    state: Callable[[], object]
    prepare: Callable[[], object] = lambda: None
    environment: dict[str, str] = field(default_factory=dict)
    # Whether it can run again once it has done its work: a year is added once.
    repeats: bool = True

    def run(self, at: str = "") -> str:
        """What the run changed until it ended or was killed, a letter each."""
        log = self.project.with_name("log")
        log.unlink(missing_ok=True)
        path = os.pathsep.join(map(str, [COUNTED_CHANGES, self.project / "src", ROOT / "tests"]))
        run = subprocess.run(
            [sys.executable, "-m", "safer_communities", *self.command],
            env=os.environ
            | {
                "PYTHONPATH": path,
                "PYTHONDONTWRITEBYTECODE": "1",
                "CHANGES_LOG": str(log),
                "CHANGED_SITE": str(self.output),
                "KILLED_AT": at,
            }
            | self.environment,
            cwd=self.project,
            start_new_session=True,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == (-signal.SIGKILL if at else 0), (at, run.stdout, run.stderr)
        return log.read_text() if log.exists() else ""

    def kept(self) -> Path:
        """Where what stood there before the command is kept."""
        return self.project.with_name("kept")

    def keep(self) -> None:
        for name in self.writes:
            if (self.project / name).exists():
                shutil.copytree(self.project / name, self.kept() / name, symlinks=True)

    def restore(self) -> None:
        for name in self.writes:
            shutil.rmtree(self.project / name, ignore_errors=True)
            if (self.kept() / name).exists():
                shutil.copytree(self.kept() / name, self.project / name, symlinks=True)

    def names(self) -> set[str]:
        """What stands in the folders it writes to, one level deep."""
        return {
            path.relative_to(self.project).as_posix()
            for name in self.writes
            for path in (self.project / name).glob("*")
        }


def moments(changes: str) -> list[str]:
    """At which changes of a whole run to kill it."""
    beside, others = (changes.lower().count(kind) for kind in "sc")
    first = min(beside, MOMENTS // 2)
    spread = MOMENTS - first
    # The order of processes is their own, so that the last of the changes may be fewer.
    return [f"s {1 + beside * number // first}" for number in range(first)] + [
        f"c {1 + int(0.9 * others) * number // spread}" for number in range(spread)
    ]


def check_killed(killed: Killed) -> None:
    """Runs the command whole, then kills it at each moment and looks at what it left."""
    old = killed.state()
    killed.keep()
    killed.prepare()
    killed.run()
    new = killed.state()
    # The first run notes which tables are in order; those that are killed find the notes, and make
    # fewer changes.
    killed.restore()
    killed.prepare()
    changes = killed.run()
    assert killed.state() == new
    usual = killed.names()
    assert new != old, "the command changed nothing: the test would look at nothing"
    found = []
    for number, moment in enumerate(moments(changes)):
        killed.restore()
        killed.prepare()
        killed.run(moment)
        state = killed.state()
        found.append("old" if state == old else "new" if state == new else f"mixed at {moment}")
        if number % 4 == 0 and (killed.repeats or state == old):
            # The next run works, whatever was left behind, and clears it away.
            killed.run()
            assert killed.state() == new, moment
            assert killed.names() <= usual, moment
    print(f"\n{killed.command}: killed {len(found)} times, {found.count('old')} old", end="")
    assert set(found) <= {"old", "new"}, found


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of one chapter, one page and a briefing, with the book's code and tables."""
    root = tmp_path_factory.mktemp("base") / "project"
    made_project(root)
    for name in ("src", "data"):
        shutil.rmtree(root / name)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    (root / "book" / "page.md").write_text("# A page\n\nThe old words.\n")
    sections = "".join(f"## Part {number}\n\nWords.\n\n" for number in range(1, 5))
    (root / "book" / "briefing.md").write_text(f"---\norphan: true\n---\n\n# Made\n\n{sections}")
    return root


@pytest.fixture
def project(base: Path, tmp_path: Path) -> Path:
    return shutil.copytree(base, tmp_path / "project")


def new_words(project: Path) -> None:
    (project / "book" / "page.md").write_text("# A page\n\nThe new words.\n")


def digest_of_site(folder: Path) -> str:
    """A site's digest; empty where a reader finds no first page."""
    return tree_digest(folder) if (folder / "index.html").is_file() else ""


@pytest.mark.parametrize(
    ("command", "output", "environment"),
    [
        (["book"], "_build/html", {}),
        (["site", "--only", "2025,2026"], "_site", {}),
        (["boroughs", "--only", "Brent"], "_boroughs/2022/brent", {}),
    ],
    ids=["book", "site", "boroughs"],
)
def test_of_pages(
    project: Path, command: list[str], output: str, environment: dict[str, str]
) -> None:
    folder = project / output
    killed = Killed(
        project,
        command,
        ["_build", "_site", "_boroughs/2022"],
        folder,
        lambda: digest_of_site(folder),
        lambda: new_words(project),
        environment,
    )
    killed.run()
    check_killed(killed)


def test_pdf(project: Path, browser_program: str) -> None:
    paper = project / "_build" / "safer_communities.pdf"
    killed = Killed(
        project,
        ["pdf"],
        ["_build"],
        paper,
        lambda: hashlib.sha256(paper.read_bytes()).hexdigest(),
        lambda: new_words(project),
    )
    killed.run()
    check_killed(killed)


def test_notebooks(project: Path) -> None:
    folder = project / "notebooks"
    notebook = folder / "summary.ipynb"
    killed = Killed(project, ["notebooks"], ["notebooks"], folder, lambda: notebook.read_bytes())
    check_killed(killed)


def tables(project: Path) -> dict[str, bytes]:
    """What the next reader of the tables finds."""
    finish_replacing(project / "data")
    found = made.contents(project / "data")
    return {path: content for path, content in found.items() if not path.startswith(WRITING)}


def test_import(project: Path, tmp_path: Path) -> None:
    for name in ("asb/london_asb_calls.csv", "population/households.csv"):
        (project / "data" / name).unlink()
    releases = tmp_path / "releases"
    for name, text in {
        "asb/calls.csv": made.asb_text(),
        "population/census2021_households_london.csv": made.households_text(),
    }.items():
        (releases / name).parent.mkdir(parents=True)
        (releases / name).write_text(text)
    killed = Killed(
        project,
        ["import", "--from", str(releases)],
        ["data"],
        project / "data" / WRITING,
        lambda: tables(project),
    )
    check_killed(killed)


def test_describe(project: Path) -> None:
    data = project / "data"
    (data / "datapackage.yaml").write_text("old\n")
    killed = Killed(project, ["describe"], ["data"], data / WRITING, lambda: tables(project))
    check_killed(killed)


def test_survey(project: Path) -> None:
    respondents = ROOT / "tests" / "made_respondents.csv"
    folder = project / "_build" / "survey"

    def state() -> dict[str, bytes]:
        folder.mkdir(parents=True, exist_ok=True)
        finish_replacing(folder)
        found = made.contents(folder)
        return {path: content for path, content in found.items() if not path.startswith(WRITING)}

    command = ["survey", "--from", str(respondents)]
    check_killed(Killed(project, command, ["_build"], folder / WRITING, state))


@pytest.mark.sources
def test_new_edition(base: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(base, project, ignore=shutil.ignore_patterns("data"))
    year_before.data_before(project / "data")
    releases = year_before.new_releases(tmp_path / "releases")
    command = ["new-edition", str(year_before.YEAR), "--from", str(releases)]
    where = {"TMPDIR": str(tmp_path)}
    check_killed(
        Killed(
            project,
            command,
            ["data"],
            project / "data" / WRITING,
            lambda: tables(project),
            environment=where,
            repeats=False,
        )
    )
