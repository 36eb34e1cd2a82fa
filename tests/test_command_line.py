"""The command line: its exit status and what it says."""

import errno
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from package_problems import problems
from safer_communities import __main__ as command_line
from safer_communities.analysis.changes import calibration
from safer_communities.analysis.over_time import monthly_pattern, outlook
from safer_communities.datasets import load
from safer_communities.errors import InputError
from safer_communities.project import DATA, ROOT
from safer_communities.site import build
from safer_communities.site.london import boroughs, executors

pytestmark = pytest.mark.slow


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for what the commands write: the data folder without its large tables."""
    data = tmp_path / "data"
    shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("*.parquet"))
    monkeypatch.setattr(command_line, "DATA", data)
    monkeypatch.setattr(command_line, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        (
            "BOROUGH",
            "Atlantis",
            ["no London borough called 'Atlantis'", "'Barnet'", "boroughs.csv"],
        ),
        ("EDITION", "1999", ["no edition 1999", "2022", "data/editions.csv"]),
    ],
)
def test_a_setting_that_does_not_exist_is_explained_once(
    elsewhere: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    setting: str,
    value: str,
    said: list[str],
) -> None:
    monkeypatch.setenv(setting, value)
    assert command_line.main(["book"]) == 2
    error = capsys.readouterr().err
    assert error.count("What to do") == 1
    assert error.strip().startswith(f"{setting}: ")
    for words in said:
        assert words in error
    assert not (elsewhere / "_build" / "html").exists()


def test_a_minus_sign_that_the_terminal_lacks_stops_no_command(tmp_path: Path) -> None:
    made = ROOT / "tests" / "made_respondents.csv"
    command = [sys.executable, "-m", "safer_communities", "survey", "--from", str(made)]
    run = subprocess.run(
        [*command, "--to", str(tmp_path)],
        env={**os.environ, "PYTHONIOENCODING": "iso8859-9", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert rb"\u22126.9 points" in run.stdout


def test_a_new_process_ends_with_status_2_and_without_a_traceback() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "safer_communities", "import", "--from", "/no/such/folder"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "/no/such/folder: no file to import" in result.stderr
    assert "Traceback" not in result.stderr


def test_every_error_of_a_group_is_printed_however_nested(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: object, **__: object) -> None:
        inner = ExceptionGroup("inner", [InputError("b.ipynb", "second", "mend b")])
        raise ExceptionGroup("outer", [InputError("a.ipynb", "first", "mend a"), inner])

    monkeypatch.setattr(build, "build_book", failing)
    assert command_line.main(["book"]) == 2
    error = capsys.readouterr().err
    assert "a.ipynb: first.\n  What to do: mend a." in error
    assert "b.ipynb: second.\n  What to do: mend b." in error


def test_a_fault_of_ours_is_not_passed_off_as_the_users(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise ExceptionGroup("both", [InputError("a", "b", "c"), ValueError("ours")])

    monkeypatch.setattr(build, "build_book", failing)
    with pytest.raises(ExceptionGroup) as caught:
        command_line.main(["book"])
    assert [str(error) for error in caught.value.exceptions] == ["ours"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_what_the_system_does_not_let_us_write_is_told_with_its_place(
    number: int,
    elsewhere: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "_build/html/page.html")

    monkeypatch.setattr(build, "build_book", failing)
    assert command_line.main(["book"]) == 2
    said = capsys.readouterr().err
    assert f"_build/html/page.html: cannot be written ({os.strerror(number)})." in said
    assert "make room, or make the folder writable" in said


def test_another_fault_of_the_system_is_ours(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "no such file", "a")

    monkeypatch.setattr(build, "build_book", failing)
    with pytest.raises(FileNotFoundError):
        command_line.main(["book"])


def test_a_built_book_says_where_it_is(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def built(settings: object, *, output: Path, jobs: int, templates: bool) -> Path:
        assert (jobs, templates) == (3, False)
        return output / "index.html"

    monkeypatch.setattr(build, "build_book", built)
    assert command_line.main(["book", "--jobs", "3", "--without-templates"]) == 0
    assert str(elsewhere / "_build" / "html" / "index.html") in capsys.readouterr().out


def test_describe_writes_what_changed_and_says_so(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["describe"]) == 0
    assert capsys.readouterr().out == "data/datapackage.yaml is up to date now\n"
    assert problems(elsewhere / "data") == []
    assert command_line.main(["describe"]) == 0
    assert capsys.readouterr().out == "data/datapackage.yaml is up to date\n"


def test_calibration_writes_its_tables_and_describes_them(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = load.table("ordinary_changes").iloc[:2]
    monkeypatch.setattr(
        calibration, "calibrate", lambda crime, measures: {"ordinary_changes": made}
    )
    scores = load.table("forecasts").iloc[:2]
    monkeypatch.setattr(outlook, "forecast_scores", lambda crime: scores)
    marked = load.table("ordinary_months").iloc[:2]
    monkeypatch.setattr(monthly_pattern, "ordinary_months", lambda crime, measures: marked)
    assert command_line.main(["calibration"]) == 0
    assert capsys.readouterr().out == "data/calibration/ is up to date now\n"
    assert len(load.read_anew("ordinary_changes", elsewhere / "data")) == 2
    assert problems(elsewhere / "data") == []
    assert command_line.main(["calibration"]) == 0
    assert capsys.readouterr().out == "data/calibration/ is up to date\n"


def test_an_unknown_publication_says_where_those_there_are_are_listed(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["import", "--from", str(elsewhere), "hearsay"]) == 2
    error = capsys.readouterr().err
    assert "there is no 'hearsay'" in error
    assert "all of them: data/reference/sources.csv" in error


@pytest.fixture
def boroughs_built(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """What would be built of `boroughs`, with none of its variables set."""
    asked: list[tuple] = []
    monkeypatch.setattr(
        boroughs,
        "build_boroughs",
        lambda edition, names, executor, **_: asked.append((edition, names, executor._max_workers)),
    )
    monkeypatch.setattr(executors, "start_importing", lambda: None)
    for name in ("EDITION", "JOBS", "ONLY", "SCHEDULER"):
        monkeypatch.delenv(name, raising=False)
    return asked


def test_boroughs_are_named_in_the_environment_or_by_options(
    boroughs_built: list[tuple], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITION", "2025")
    monkeypatch.setenv("JOBS", "3")
    monkeypatch.setenv("ONLY", "Kensington and Chelsea, brent")
    assert command_line.main(["boroughs"]) == 0
    options = ["--edition", "2023", "--jobs", "1", "--only", "Enfield"]
    assert command_line.main(["boroughs", *options]) == 0
    assert command_line.main(["boroughs", "--only", ""]) == 0
    assert boroughs_built == [
        (2025, ["Brent", "Kensington and Chelsea"], 3),
        (2023, ["Enfield"], 1),
        (2025, boroughs.chosen_boroughs(""), 3),
    ]


@pytest.mark.parametrize(
    ("variable", "value", "problem", "remedy"),
    [
        ("EDITION", "2022; touch x #", "'2022; touch x #' is not a year", "such as 2022"),
        ("EDITION", "--jobs=9", "'--jobs=9' is not a year", "such as 2022"),
        ("EDITION", "-2022", "'-2022' is not a year", "such as 2022"),
        ("EDITION", "2022\n", r"'2022\n' is not a year", "such as 2022"),
        ("EDITION", "٢٠٢٢", "is not a year", "such as 2022"),
        ("EDITION", "9" * 5000, "is not a year", "such as 2022"),
        ("JOBS", "many", "'many' is not a number of books", "such as JOBS=2"),
        ("JOBS", "0", "'0' is not a number of books", "such as JOBS=2"),
        ("JOBS", "-1", "'-1' is not a number of books", "such as JOBS=2"),
        ("JOBS", "1.5", "'1.5' is not a number of books", "such as JOBS=2"),
        ("JOBS", "9" * 5000, "is not a number of books", "such as JOBS=2"),
        ("ONLY", "--output=/tmp/x", "borough is called '--output=/tmp/x'", "boroughs.csv"),
        ("ONLY", "Brent,King's Lynn", 'borough is called "King\'s Lynn"', "boroughs.csv"),
        ("ONLY", "$(touch x)", "borough is called '$(touch x)'", "boroughs.csv"),
    ],
)
def test_a_variable_that_cannot_be_is_explained_once_and_nothing_is_built(
    boroughs_built: list[tuple],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variable: str,
    value: str,
    problem: str,
    remedy: str,
) -> None:
    monkeypatch.setenv(variable, value)
    assert command_line.main(["boroughs"]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"\n{variable}: ")
    assert error.count("What to do") == 1
    assert problem in error
    assert remedy in error
    # However long the value: the message is one that a person can read.
    assert len(error) < 800
    assert boroughs_built == []


def test_a_borough_that_is_none_is_told_once_for_the_whole_site(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("EDITION", raising=False)
    monkeypatch.setenv("BOROUGH", "Atlantis; touch x")
    assert command_line.main(["site", "--output", str(elsewhere / "_site")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("\nBOROUGH: there is no London borough called 'Atlantis; touch x'")
    assert error.count("What to do") == 1
    assert not (elsewhere / "_site").exists()


@pytest.mark.parametrize("named", ["no such folder", "--from=x", "$(touch x)", "it's; touch x #"])
def test_the_folder_of_releases_can_be_named_in_the_environment(
    elsewhere: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    named: str,
) -> None:
    monkeypatch.setenv("SOURCES", named)
    assert command_line.main(["import"]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"\n{named}: no file to import")
    assert error.count("What to do") == 1


@pytest.mark.parametrize("targets", ["rats", "--help", "rates $(touch x)"])
def test_a_target_of_mutants_that_is_none_names_those_there_are(
    tmp_path: Path, targets: str
) -> None:
    program = str(ROOT / "mutation" / "run.py")
    result = subprocess.run(
        [sys.executable, program],
        env={**os.environ, "TARGETS": targets},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("TARGETS: there is no target ")
    known = ", ".join(runpy.run_path(program)["TARGETS"])
    assert f"What to do: choose from {known}." in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [[], ["bake"], ["import"], ["book", "--jobs", "many"], ["boroughs", "--jobs", "0"]],
)
def test_a_command_that_makes_no_sense_shows_the_usage(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # `make test` hands it on.
    monkeypatch.delenv("SOURCES", raising=False)
    with pytest.raises(SystemExit, match="2"):
        command_line.main(arguments)
    assert "usage: python -m safer_communities" in capsys.readouterr().err
