"""The command line: its exit status and what it says."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from safer_communities import __main__ as command_line
from safer_communities import datapackage
from safer_communities.errors import InputError
from safer_communities.project import DATA
from safer_communities.site import build


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
        ("BOROUGH", "Atlantis", ["no London borough called 'Atlantis'", "Barnet", "Enfield"]),
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


def test_a_built_book_says_where_it_is(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def built(settings: object, *, output: Path, jobs: int) -> Path:
        assert jobs == 3
        return output / "index.html"

    monkeypatch.setattr(build, "build_book", built)
    assert command_line.main(["book", "--jobs", "3"]) == 0
    assert str(elsewhere / "_build" / "html" / "index.html") in capsys.readouterr().out


def test_describe_writes_what_changed_and_says_so(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["describe"]) == 0
    assert capsys.readouterr().out == "data/datapackage.yaml is up to date now\n"
    assert datapackage.problems(elsewhere / "data") == []
    assert command_line.main(["describe"]) == 0
    assert capsys.readouterr().out == "data/datapackage.yaml is up to date\n"


def test_an_unknown_publication_lists_those_there_are(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["import", "--from", str(elsewhere), "hearsay"]) == 2
    error = capsys.readouterr().err
    assert "'hearsay' is not known" in error
    assert "mps_borough_crime" in error


@pytest.mark.parametrize("arguments", [[], ["bake"], ["import"], ["book", "--jobs", "many"]])
def test_a_command_that_makes_no_sense_shows_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        command_line.main(arguments)
    assert "usage: python -m safer_communities" in capsys.readouterr().err
