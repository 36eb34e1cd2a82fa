"""The Makefile: text from outside reaches the commands as text, and is never part of one.

Nothing is built. A copy of the Makefile runs with a stand-in for Python, which notes what it was
called with. What each variable holds would make a file if any part of it were run.
"""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from safer_communities.project import ROOT

pytestmark = pytest.mark.slow

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
# Every variable that the Makefile gives a value, by how: `?=` leaves it to the user.
ASSIGNED = dict(re.findall(r"^(?:override +)?([A-Za-z_]\w*) *([?:]?=)", MAKEFILE, re.MULTILINE))
# A command by design.
COMMAND = "PYTHON"
READ_BY_OUR_CODE = {
    name
    for folder in ("src", "fuzz", "mutation", ".ci")
    for path in (ROOT / folder).rglob("*.py")
    for name in re.findall(
        r"""(?:environ\.get\(|environ\[|_from_environment\()\s*["'](\w+)["']""",
        path.read_text(encoding="utf-8"),
    )
}
TEXTS = sorted(
    ({name for name, how in ASSIGNED.items() if how == "?="} | READ_BY_OUR_CODE) - {COMMAND}
)
FIXED = sorted(name for name, how in ASSIGNED.items() if how != "?=")
COMMANDS = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)[1].split()
# They set two of the variables themselves; the last one takes the stand-in away.
APART = ("check", "test", "clean")
# `{file}` is what must not come to be.
HOSTILE = {
    "semicolon": "2022; touch {file} #",
    "and": "2022 && touch {file} && true",
    "new line": "2022\ntouch {file}\n\ttouch {file}\n",
    "backquotes": "`touch {file}`",
    "substitution": "$(touch {file})",
    "doubled dollar": "$$(touch {file}) $${{x:-`touch {file}`}}",
    "function of make": "$(shell touch {file})",
    "function in braces": "${{shell touch {file}}}",
    "evaluated by make": "$(eval x := $(shell touch {file}))$(info $(shell touch {file}))",
    "double quotes": '"; touch {file}; echo "',
    "single quotes": "'; touch {file}; echo '",
    "redirection": "2022 > {file}",
    "option": "--output={file}",
    "options": "-rf {file} --help",
    "end of a line": "2022 \\",
    "end of a name": "2022 $",
    "rule": "a: ; touch {file}",
    "percent": "%s %n \\n \\c",
}
HARMLESS = {
    "spaces": "Kensington and Chelsea,Kingston upon Thames",
    "apostrophe": "King's Road",
    "letters": "Châtelet – £5",
    "nothing": "",
}
HELD = pytest.mark.parametrize(
    "text", [*HOSTILE.values(), *HARMLESS.values()], ids=[*HOSTILE, *HARMLESS]
)
WAYS = pytest.mark.parametrize("way", ["environment", "command line"])


@dataclass(frozen=True)
class Call:
    """What the stand-in for Python was called with, and the variables that it found."""

    arguments: list[str]
    found: dict[str, str]


class Project:
    """A folder with the Makefile, and the stand-in in the place of the environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "Makefile").write_text(MAKEFILE, encoding="utf-8")
        programs = folder / ".venv" / "bin"
        programs.mkdir(parents=True)
        values = " ".join(f'"${name}"' for name in TEXTS)
        self.record = folder.with_name(f"{folder.name}.record")
        for name in ("python", "lint-imports"):
            program = programs / name
            program.write_text(f"#!/bin/sh\nprintf '%s\\0' $# \"$@\" {values} >> '{self.record}'\n")
            program.chmod(0o755)
        for number, name in enumerate(("requirements.lock", "pyproject.toml", ".venv/installed")):
            (folder / name).touch()
            os.utime(folder / name, (number, number))
        self.before = self.files()

    def files(self) -> list[str]:
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*"))

    def make(
        self, *arguments: str, given: dict[str, str] | None = None, way: str = "environment"
    ) -> subprocess.CompletedProcess:
        given = given or {}
        return subprocess.run(
            ["make", *arguments, *(f"{n}={v}" for n, v in given.items() if way == "command line")],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], **(given if way == "environment" else {})},
            capture_output=True,
            check=False,
        )

    def calls(self) -> list[Call]:
        """The calls since the last time, in order."""
        read = self.record.read_bytes().decode().split("\0")[:-1]
        self.record.unlink()
        calls = []
        while read:
            end = 1 + int(read[0])
            calls.append(Call(read[1:end], dict(zip(TEXTS, read[end:], strict=False))))
            read = read[end + len(TEXTS) :]
        return calls


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "project").mkdir()
    return Project(tmp_path / "project")


def filled(text: str, names: list[str]) -> dict[str, str]:
    """Every variable with the text, each with a file of its own in it."""
    return {name: text.format(file=f"made-by-{name}") for name in names}


def test_the_variables_are_those_we_know_of() -> None:
    """A new one is tried like these; it only has to be told apart from what is fixed."""
    assert {"EDITION", "BOROUGH", "SOURCES", "PORT", "JOBS", "ONLY", "SCHEDULER", "TARGETS"} <= set(
        TEXTS
    )
    assert {"CHROME", "FUZZ_SECONDS", "KILLED_BUILDS", "MUTATIONS"} <= set(TEXTS)
    assert FIXED == ["ENV", "RUN", "TEXTS", "UV"]


@WAYS
@HELD
def test_every_command_gets_every_variable_as_text(project: Project, text: str, way: str) -> None:
    commands = [name for name in COMMANDS if name not in APART]
    assert project.make(*commands).returncode == 0
    usual = [call.arguments for call in project.calls()]
    assert len(usual) > len(commands)
    given = filled(text, TEXTS)
    run = project.make(*commands, given=given, way=way)
    assert run.returncode == 0, run.stderr
    assert project.files() == project.before
    calls = project.calls()
    assert [call.arguments for call in calls] == usual
    assert all(call.found == given for call in calls)


@WAYS
@HELD
def test_the_list_of_commands_shows_text_as_it_is(project: Project, text: str, way: str) -> None:
    given = filled(text, TEXTS)
    run = project.make(given=given, way=way)
    assert (run.returncode, run.stderr) == (0, b"")
    assert project.files() == project.before
    for name in ("EDITION", "BOROUGH", "JOBS", "PORT", "SOURCES"):
        assert f"{name}={given[name]}" in run.stdout.decode()


@WAYS
@HELD
def test_the_tests_are_those_of_the_strategys_own_edition(
    project: Project, text: str, way: str
) -> None:
    given = filled(text, TEXTS)
    assert project.make("check", "test", given=given, way=way).returncode == 0
    assert project.files() == project.before
    own = {"EDITION": "2022", "BOROUGH": "Barnet"}
    assert all(call.found == given | own for call in project.calls())


@WAYS
@HELD
def test_the_environment_is_made_whatever_the_variables_hold(
    project: Project, text: str, way: str
) -> None:
    (project.folder / ".venv" / "installed").unlink()
    run = project.make("PYTHON=.venv/bin/python", "describe", given=filled(text, TEXTS), way=way)
    assert run.returncode == 0, run.stderr
    assert project.files() == project.before
    assert [call.arguments[:2] for call in project.calls()] == [
        ["-c", "import sys; sys.exit(sys.version_info < (3, 11))"],
        [".ci/make_environment.py", ".venv"],
        ["-m", "safer_communities"],
    ]


def test_an_environment_whose_python_is_gone_is_made_again(project: Project) -> None:
    """As after an update of the system: the name leads to a program that is no longer there."""
    python, elsewhere = project.folder / ".venv" / "bin" / "python", project.folder.with_name("new")
    python.rename(elsewhere)
    python.symlink_to(elsewhere.with_name("removed"))
    system = elsewhere.with_name("system")
    copied = f"rm .venv/bin/python && cp {elsewhere} .venv/bin/python"
    system.write_text(f'#!/bin/sh\nif [ "$1" = .ci/make_environment.py ]; then {copied}; fi\n')
    system.chmod(0o755)
    run = project.make(f"PYTHON={system}", "describe")
    assert run.returncode == 0, run.stderr
    assert [call.arguments[:2] for call in project.calls()] == [
        ["-m", "safer_communities"],
    ]


@WAYS
@HELD
def test_what_is_fixed_cannot_be_set(project: Project, text: str, way: str) -> None:
    """Neither what is removed, nor what is run, nor which variables are text."""
    kept = project.folder / "kept"
    kept.touch()
    given = filled(text.replace("touch", "rm"), FIXED) | filled(text, TEXTS)
    assert project.make("book", given={**given, "ENV": "kept"}, way=way).returncode == 0
    assert project.make("book", given=given, way=way).returncode == 0
    assert [call.arguments for call in project.calls()] == [["-m", "safer_communities", "book"]] * 2
    for setting in ("kept", text.format(file="kept")):
        assert project.make("clean", given={**given, "ENV": setting}, way=way).returncode == 0
    assert project.files() == ["Makefile", "kept", "pyproject.toml", "requirements.lock"]


@pytest.mark.parametrize(
    "command", ["; touch made", "`touch made`", '"; touch made; "', "$(touch made)"]
)
def test_an_old_python_is_told_without_running_the_names_of_commands(
    project: Project, command: str
) -> None:
    (project.folder / ".venv" / "installed").unlink()
    run = project.make("PYTHON=false", "book", command)
    assert run.returncode == 2
    assert b"Python 3.11 or newer is needed" in run.stdout
    assert not (project.folder / "made").exists()


def test_no_recipe_takes_a_variable_from_make() -> None:
    lines = [line for line in MAKEFILE.splitlines() if not line.startswith("#")]
    used = re.findall(r"(?<!\$)\$[({]([^(){}\s]+)[)}]", "\n".join(lines))
    assert set(used) <= {*FIXED, COMMAND, "name"}
