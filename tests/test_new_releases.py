"""What a folder of releases says of itself: names, months and classifications from its files."""

import pandas as pd
import pytest

import made_releases as made
from safer_communities.datasets import load
from safer_communities.errors import InputError
from safer_communities.sources.publication import Release
from safer_communities.yearly.releases import releases_in, with_releases
from test_import_messages import (
    crosswalks,
    outcomes,
    population,
    ward_residents,
)

pytestmark = pytest.mark.slow


def put(folder, path, content):
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content if isinstance(content, bytes) else content.encode())


def crime(first: str, last: str, offence: str = "ARSON") -> str:
    """A file in the police's layout with one row, over the months given."""
    months = [f"{month:%Y%m}" for month in pd.period_range(first, last, freq="M")]
    row = ["ARSON AND CRIMINAL DAMAGE", offence, "Barnet", *["1"] * len(months)]
    return made.csv_text(["Group", "SubGroup", "BOCU", *months], [row])


def test_each_file_says_which_release_it_is(tmp_path):
    put(tmp_path, "mps_recorded_crime_borough/crime.csv", made.crime_text())
    put(tmp_path, "mps_recorded_crime_ward/wards.csv", made.ward_text())
    put(tmp_path, "asb/calls.csv", made.asb_text())
    put(tmp_path, "mps_outcomes/outcomes.xlsx", outcomes())
    put(tmp_path, "population/ons_mye_2023.xlsx", population())
    put(tmp_path, "population/ons_census2021_ward_population.csv", ward_residents())
    assert releases_in(tmp_path, crosswalks()) == [
        Release("gla_asb_calls", "2024-04", "", "2019-01", "2024-03"),
        Release("mps_borough_crime", "2026-07", "2024", "2024-07", "2026-06"),
        Release("mps_positive_outcomes", "2022-04", "2024", "2022-01", "2022-03"),
        Release("mps_ward_crime", "2026-04", "2024", "2024-04", "2026-03"),
        Release("ons_mid_year_population", "mid-2023", "", "2011", "2023"),
    ]


def test_nothing_is_found_in_an_empty_folder(tmp_path):
    assert releases_in(tmp_path, crosswalks()) == []


def test_a_history_belongs_to_the_recent_months_that_follow_it(tmp_path):
    put(tmp_path, "mps_recorded_crime_borough/history.csv", crime("2019-01", "2024-06"))
    alone = Release("mps_borough_crime", "2026-07", "2024", "2019-01", "2024-06", "History alone.")
    assert releases_in(tmp_path, crosswalks()) == [alone]
    put(tmp_path, "mps_recorded_crime_borough/recent.csv", crime("2024-07", "2026-06"))
    both = Release("mps_borough_crime", "2026-07", "2024", "2019-01", "2026-06")
    assert releases_in(tmp_path, crosswalks()) == [both]


def test_a_column_of_wards_that_is_no_month_is_left_out_and_noted(tmp_path):
    header, *rows = made.ward_text().splitlines()
    stray = header.replace(",202404", ",202403,202404")
    assert stray != header
    before = 5
    cells = [row.split(",") for row in rows if '"' not in row]
    values = ["3", "2", *["0"] * (len(cells) - 2)]
    lines = [
        ",".join([*row[:before], value, *row[before:]])
        for row, value in zip(cells, values, strict=True)
    ]
    text = "\n".join([stray, *lines]) + "\n"
    put(tmp_path, "mps_recorded_crime_ward/wards.csv", text)
    assert releases_in(tmp_path, crosswalks()) == [
        Release(
            "mps_ward_crime",
            "2026-04",
            "2024",
            "2024-04",
            "2026-03",
            "The file has a column of March 2024 with 5 offences in all London: it is not a "
            "month's count and is left out.",
        )
    ]


def test_offences_that_no_classification_knows_are_refused(tmp_path):
    put(tmp_path, "mps_recorded_crime_borough/crime.csv", crime("2026-01", "2026-06", "PIRACY"))
    with pytest.raises(ExceptionGroup) as caught:
        releases_in(tmp_path, crosswalks())
    assert caught.value.message == "the releases cannot be read; nothing was written"
    (error,) = caught.value.exceptions[0].exceptions
    assert isinstance(error, InputError)
    assert error.place == "crime.csv"
    assert error.problem.startswith("no known classification has half of its 1 offences; ")
    assert error.problem.endswith(" knows 0%")
    assert error.remedy == (
        "the police have a new list of offences: add it to data/reference/offences.csv as a "
        "classification of its own"
    )


def test_a_workbook_without_a_month_is_refused(tmp_path):
    header, row, *_ = made.outcomes_rows()
    sheet = {"Sheet1": [header, ["Total", *row[1:]]]}
    put(tmp_path, "mps_outcomes/outcomes.xlsx", made.workbook(sheet))
    with pytest.raises(ExceptionGroup) as caught:
        releases_in(tmp_path, crosswalks())
    (error,) = caught.value.exceptions[0].exceptions
    assert str(error) == (
        "outcomes.xlsx: no row has a month.\n  What to do: fetch the file from the publisher again."
    )


def test_new_releases_stand_in_their_place_in_the_table():
    table = load.table("releases")
    new = Release("gla_asb_calls", "2099-04", "", "2019-01", "2099-03", "Made.")
    found = with_releases(table, [new])
    assert list(found.columns) == list(table.columns)
    place = found.index[found["release"] == "2099-04"][0]
    assert found.loc[place].tolist() == [
        "gla_asb_calls",
        "2099-04",
        "",
        "2019-01",
        "2099-03",
        "Made.",
    ]
    assert found.loc[place - 1, "publication"] == "gla_asb_calls"
    assert found.loc[place + 1, "publication"] > "gla_asb_calls"
    pd.testing.assert_frame_equal(found.drop(place).reset_index(drop=True), table)
    assert list(found.index) == list(range(len(table) + 1))
