"""New tables beside those that are there: made changes to real releases, each told in full."""

import re
from pathlib import Path

import pandas as pd
import pytest

from safer_communities.datasets import load
from safer_communities.errors import InputError, leaves
from safer_communities.project import DATA
from safer_communities.sources.comparing import CONFIRMED, ConsistencyChecker, table_at
from safer_communities.sources.crosswalks import Crosswalks

BOROUGH = "recorded_crime_borough"
WARD = "recorded_crime_ward"
RESIDENTS = "population/ward_population.csv"
PLACE = "crime.csv, for data/table"
BARNET_REVISED = r"Barnet: [0-9,]+ offences, where release {} has [0-9,]+"


def checked(
    folder: Path, frame: pd.DataFrame, name: str, release: str, beside=(), new=None
) -> list:
    """The messages for a release, with the files named of `data/` beside it."""
    for path in beside:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).symlink_to(DATA / path)
    checker = ConsistencyChecker(folder, Crosswalks.of(DATA), new or {})
    try:
        checker.check(name, f"{name}/{release}.parquet", frame, PLACE)
    except (InputError, ExceptionGroup) as error:
        return leaves(error)
    return []


def halved(frame: pd.DataFrame, column: str, place: str) -> pd.DataFrame:
    """The counts of one place halved."""
    own = frame[column] == place
    return frame.assign(count=frame["count"].where(~own, frame["count"] // 2))


def test_a_release_as_it_was_written_passes_and_one_alone_has_nothing_beside_it(tmp_path):
    frame = load.recorded_crime("2026-07")
    assert checked(tmp_path, frame, BOROUGH, "2026-07") == []
    assert checked(tmp_path, frame, BOROUGH, "2026-07", [f"{BOROUGH}/2026-07.parquet"]) == []


@pytest.mark.parametrize(
    ("change", "number"),
    [
        (lambda frame: frame.assign(count=frame["count"].where(frame.index != 5, 7_000)), "1"),
        (lambda frame: frame[frame.index != 5], "1"),
        (lambda frame: frame.assign(count=frame["count"] + 1), "every"),
    ],
    ids=["a cell", "a row lost", "every cell"],
)
def test_a_release_with_other_rows_than_before_is_refused(tmp_path, change, number):
    path = f"{BOROUGH}/2026-07.parquet"
    frame = load.recorded_crime("2026-07")
    number = f"{len(frame):,}" if number == "every" else number
    (error,) = checked(tmp_path, change(frame), BOROUGH, "2026-07", [path])
    assert error.place == PLACE
    assert error.problem == (
        f"release 2026-07 has been imported before, and {number} rows differ from those in "
        f"data/{path}"
    )
    assert error.remedy == (
        "keep the file that was imported; if the publisher issued the release again, or a table "
        f"in data/reference has changed, delete data/{path} first"
    )


def test_a_broken_table_does_not_keep_its_own_repair_out(tmp_path):
    path = tmp_path / BOROUGH / "2026-07.parquet"
    path.parent.mkdir()
    path.write_bytes(b"broken")
    assert checked(tmp_path, load.recorded_crime("2026-07"), BOROUGH, "2026-07") == []


def test_a_release_is_compared_with_the_last_before_it_of_its_classification(tmp_path):
    frame = halved(load.recorded_crime("2026-07"), "area_code", "E09000003")
    beside = [f"{BOROUGH}/{release}.parquet" for release in ("2024-02", "2025-04", "2026-01")]
    errors = checked(tmp_path, frame, BOROUGH, "2026-07", beside)
    assert errors
    assert any(re.fullmatch(BARNET_REVISED.format("2026-01"), each.problem) for each in errors)
    assert not any("2024-02" in error.problem for error in errors)
    assert all(CONFIRMED in error.remedy for error in errors)


def test_an_offence_that_was_split_is_compared_by_its_group(tmp_path):
    # Since the end of 2025 stalking and harassment stands apart from violence without injury.
    frame = load.recorded_crime("2026-01")
    assert checked(tmp_path, frame, BOROUGH, "2026-01", [f"{BOROUGH}/2025-04.parquet"]) == []


@pytest.mark.slow
def test_ward_releases_are_compared_ward_by_ward_with_ward_releases(tmp_path):
    frame = halved(load.ward_crime("2023-12"), "ward_code", "E05013628")
    beside = [f"{WARD}/2023-04.parquet", f"{WARD}/2026-04.parquet"]
    errors = checked(tmp_path, frame, WARD, "2023-12", beside)
    assert errors
    pattern = r"Barnet Vale \(Barnet\): [0-9,]+ offences, where release 2023-04 has [0-9,]+"
    assert any(re.fullmatch(pattern, error.problem) for error in errors)


def test_a_release_about_to_be_written_counts_as_there(tmp_path):
    frame = halved(load.recorded_crime("2026-07"), "area_code", "E09000003")
    new = {f"{BOROUGH}/2026-01.parquet": load.recorded_crime("2026-01")}
    errors = checked(tmp_path, frame, BOROUGH, "2026-07", new=new)
    assert any(re.fullmatch(BARNET_REVISED.format("2026-01"), each.problem) for each in errors)


def test_a_later_release_is_no_measure_of_an_earlier_one(tmp_path):
    frame = halved(load.recorded_crime("2026-01"), "area_code", "E09000003")
    assert checked(tmp_path, frame, BOROUGH, "2026-01", [f"{BOROUGH}/2026-07.parquet"]) == []


def test_wards_are_compared_with_boroughs_and_with_the_wards_that_there_are(tmp_path):
    frame = load.ward_crime("2026-04")
    # The last is the nearest: the first has one month in common, the second is a year older.
    borough = [f"{BOROUGH}/{release}.parquet" for release in ("2024-05", "2025-04", "2026-01")]
    assert checked(tmp_path, frame, WARD, "2026-04", [*borough, RESIDENTS]) == []
    fewer = halved(frame, "area_code", "E09000003")
    errors = checked(tmp_path, fewer, WARD, "2026-04")
    assert errors
    pattern = r"Barnet: [0-9,]+ offences, where the wards of release 2026-04 have [0-9,]+"
    assert any(re.fullmatch(pattern, error.problem) for error in errors)
    lost = frame[frame["ward_code"] != "E05013628"]
    (error,) = [e for e in checked(tmp_path, lost, WARD, "2026-04") if "in ward" in e.problem]
    assert error.problem == "no offence in ward E05013628"
    assert error.remedy == "fetch the file from the publisher again"


def test_a_table_is_known_by_its_path():
    assert table_at("positive_outcomes.csv")[0] == "positive_outcomes"
    assert table_at(f"{WARD}/2026-04.parquet")[0] == WARD
