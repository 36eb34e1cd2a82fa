import hashlib
import os
import shutil
import subprocess

import pytest
import yaml
from frictionless import Package

from package_problems import problems
from safer_communities.datasets import as_described, description, load
from safer_communities.errors import InputError
from safer_communities.project import DATA


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    """The committed data folder without its large tables, described so."""
    data = tmp_path_factory.mktemp("described") / "data"
    shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("*.parquet"))
    description.write(data)
    return data


@pytest.fixture
def copy(described, tmp_path):
    """A data folder to spoil."""
    return shutil.copytree(described, tmp_path / "data")


@pytest.mark.slow
def test_description_and_files_agree():
    assert problems(DATA) == []


@pytest.mark.slow
@pytest.mark.long
def test_frictionless_finds_the_package_valid():
    report = Package(str(DATA / description.FILE)).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:5]


def test_every_table_says_where_it_comes_from():
    written = yaml.safe_load((DATA / description.FILE).read_text(encoding="utf-8"))
    for resource in written["resources"]:
        assert resource["publisher"]
        assert resource["attribution"]
        assert resource["licenses"][0]["title"]
        assert all(field["description"] for field in resource["schema"]["fields"])
        assert resource["schema"]["primaryKey"]


def test_every_source_describes_a_table():
    used = {table.source for table in load.TABLES.values()}
    assert used == set(load.table("sources")["source"])


def test_a_changed_file_is_found(copy):
    with (copy / "population/households.csv").open("a") as file:
        file.write("E09000099,2021,1,census-2021\n")
    found = problems(copy)
    assert "population/households.csv: the description has another hash" in found
    assert "population/households.csv: the description has another rowCount" in found


def test_a_missing_an_undescribed_and_an_unknown_file_are_found(copy):
    (copy / "borough_areas.csv").unlink()
    (copy / "notes.csv").write_text("a\n1\n")
    shutil.copytree(DATA / "recorded_crime_ward", copy / "recorded_crime_ward", dirs_exist_ok=True)
    found = problems(copy)
    assert "borough_areas.csv is described and missing" in found
    assert "notes.csv is of no known table" in found
    assert "recorded_crime_ward/2026-04.parquet is not described" in found


def test_an_edited_description_is_found(copy):
    path = copy / description.FILE
    path.write_text(path.read_text().replace("unit: calls", "unit: crimes"))
    assert problems(copy) == ["asb/london_asb_calls.csv: the description has another schema"]


def test_a_missing_description_is_found(copy):
    (copy / description.FILE).unlink()
    assert problems(copy) == ["datapackage.yaml is missing"]


def test_writing_twice_changes_nothing(copy):
    assert description.write(copy) == (False, {})


TABLE = "asb/london_asb_calls.csv"


def edit(data, old, new):
    """One cell of a table by hand, as in a text editor."""
    path = data / TABLE
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return {TABLE: hashlib.sha256(path.read_bytes()).hexdigest()}


def test_a_table_edited_by_hand_is_refused_until_it_is_described(copy):
    digests = edit(copy, "2019-02-01,E12000007,", "2019-02-01,E12000007,1")
    with pytest.raises(InputError) as refused:
        as_described.check_described(copy, digests)
    assert str(refused.value) == (
        f"data/{TABLE}: not the table that datapackage.yaml describes: that one has 63 rows.\n"
        "  What to do: run `make describe` if you meant to change it; if not, put the old one back "
        f"(with Git: git restore data/{TABLE})."
    )
    changed, told = description.write(copy)
    assert changed
    assert list(told) == [TABLE]
    as_described.check_described(copy, digests)


# The book builds without Git. Where CI is set nothing is skipped: what is missing fails.
@pytest.mark.skipif(
    shutil.which("git") is None and "CI" not in os.environ, reason="Git is what holds the old table"
)
def test_the_rows_that_were_edited_are_told_where_git_holds_the_table(copy):
    author = ["-c", "user.name=Made", "-c", "user.email=made@example.org"]
    for command in (
        ["init", "--quiet"],
        ["add", "."],
        [*author, "commit", "--quiet", "-m", "made"],
    ):
        subprocess.run(["git", *command], cwd=copy, check=True)
    rows = (copy / TABLE).read_text(encoding="utf-8").splitlines()
    digests = edit(copy, rows[2], f"{rows[2]}0")
    assert as_described.changes(copy, digests) == {
        TABLE: f"row 3 was {rows[2]!r} and is {rows[2] + '0'!r}"
    }
    digests = edit(copy, rows[1] + "\n", "")
    [told] = as_described.changes(copy, digests).values()
    assert told.startswith("it has 62 rows instead of 63; row 2 was ")


def test_a_damaged_description_is_refused_and_written_again(copy):
    (copy / description.FILE).write_text("resources")
    with pytest.raises(InputError, match=r"data/datapackage.yaml: damaged(.|\n)*make describe"):
        as_described.check_described(copy, {})
    assert description.write(copy) == (True, {})


def test_a_table_that_cannot_be_read_is_not_described(copy):
    path = copy / "recorded_crime_borough" / "2024-02.parquet"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"PAR1")
    with pytest.raises(InputError, match=r"2024-02\.parquet: not a complete Parquet file"):
        description.write(copy)
