"""Made files: what publishers have done or may do, each refused by name and place."""

import shutil

import pandas as pd
import pytest

from safer_communities.datasets import load
from safer_communities.datasets.schemas import TABLES
from safer_communities.errors import ErrorCollector, InputError
from safer_communities.project import DATA
from safer_communities.sources import import_publications
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.mps.borough_crime import KEYS, release_of
from safer_communities.sources.mps.layout import read_monthly
from safer_communities.sources.mps.positive_outcomes import COLUMNS, tidy_table
from safer_communities.sources.ons.census_ward_population import parse as parse_wards
from safer_communities.sources.reading import first_days, read_sheet, whole_numbers

pytestmark = pytest.mark.slow

OFFENCES = [
    ("BURGLARY", "RES BURGLARY OF A HOME"),
    ("BURGLARY", "RES BURGLARY OF UNCONNECTED BUILDING"),
    ("ROBBERY", "ROBBERY OF PERSONAL PROPERTY"),
]


def made_file(first="2024-07", last="2026-06"):
    """A small file in the layout of the newest release: every borough, three offences."""
    months = [m.strftime("%Y%m") for m in pd.period_range(first, last, freq="M")]
    boroughs = pd.read_csv(DATA / "reference/boroughs.csv")["borough"]
    header = ",".join(["Group", "SubGroup", "BOCU", *months])
    rows = [
        ",".join([group, offence, borough, *(str(n % 7) for n in range(len(months)))])
        for group, offence in OFFENCES
        for borough in boroughs
    ]
    return "\n".join([header, *rows]) + "\n"


@pytest.fixture
def folders(tmp_path):
    """A folder for releases and a data folder that holds the hand-kept tables."""
    data = tmp_path / "data"
    for folder in ("reference", "strategy", "surveys"):
        shutil.copytree(DATA / folder, data / folder)
    shutil.copy(DATA / "editions.csv", data)
    releases = tmp_path / "releases"
    (releases / "mps_recorded_crime_borough").mkdir(parents=True)
    return releases, data


def _import(folders, text, name="crime.csv"):
    releases, data = folders
    content = text if isinstance(text, bytes) else text.encode()
    (releases / "mps_recorded_crime_borough" / name).write_bytes(content)
    return import_publications(releases, data, report=lambda line: None)


def _messages(error):
    if isinstance(error, ExceptionGroup):
        return [line for part in error.exceptions for line in _messages(part)]
    return [str(error)]


def _refused(folders, text, name="crime.csv"):
    """The messages of a refused import, which must leave the data folder as it was."""
    before = {p: p.read_bytes() for p in folders[1].rglob("*") if p.is_file()}
    with pytest.raises((InputError, ExceptionGroup)) as caught:
        _import(folders, text, name)
    assert {p: p.read_bytes() for p in folders[1].rglob("*") if p.is_file()} == before
    messages = _messages(caught.value)
    assert all("What to do:" in message for message in messages)
    return messages


def test_a_good_file_becomes_its_table(folders):
    changed = _import(folders, made_file())
    assert changed == ["datapackage.yaml", "recorded_crime_borough/2026-07.parquet"]
    table = pd.read_parquet(folders[1] / changed[1])
    assert set(table["offence"]) == {"Residential burglary", "Robbery of personal property"}
    one = table[(table["area_code"] == "E09000003") & (table["month"] == "2024-09-01")]
    assert one.set_index("offence")["count"].to_dict() == {
        "Residential burglary": 4,
        "Robbery of personal property": 2,
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\n".join([text.split("\n")[0], *sorted(text.split("\n")[1:-1])[::-1]]) + "\n",
    ],
    ids=["byte order mark", "Windows line ends", "rows in another order"],
)
def test_harmless_differences_change_nothing(folders, change):
    _import(folders, made_file())
    assert _import(folders, change(made_file())) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Barnet,0,", "Barnet,-1,", "crime.csv, row 3, column 202407: '-1' is not a whole number"),
        ("Barnet,0,", "Barnet,,", "row 3, column 202407: '' is not"),
        ("Barnet,0,", "Barnet,*,", "row 3, column 202407: '*' is not"),
        ("Barnet,0,", "Barnet,[c],", "row 3, column 202407: '[c]' is not"),
        ("Barnet,0,", 'Barnet,"1,024",', "row 3, column 202407: '1,024' is not"),
        ("Barnet,0,", "Barnet,1.5,", "row 3, column 202407: '1.5' is not"),
        ("Barnet,0,", "Barnet,", "row 3: 26 cells where the header has 27"),
        ("Barnet,", "Barnett,", "row 3, column BOCU: 'Barnett' is not an area"),
        ("Barnet,", "Total,", "'Total' is not an area"),
        ("ROBBERY,ROBBERY OF", "ROBBERY,MUGGING OF", "'ROBBERY / MUGGING OF PERSONAL PROPERTY'"),
        ("Bexley,", "Barnet,", "row 4: a second row for BURGLARY, RES BURGLARY OF A HOME, Barnet"),
        ("SubGroup", "Offence", "no column MinorText or SubGroup; the columns are"),
        (",202409,", ",202309,", "202309 stands where 202409 is expected"),
        (",202409,", ",202413,", "202413 is not a month"),
        (",202409,202410,", ",202410,202409,", "202410 stands where 202409 is expected"),
        (",202409,202410,", ",202410,202410,", "two columns are named '202410'"),
        (",202409,", ",Notes,", "column Notes is not known"),
    ],
)
def test_a_wrong_cell_row_or_column_is_named(folders, old, new, said):
    text = made_file()
    assert old in text
    messages = _refused(folders, text.replace(old, new, 1))
    assert any(said in message for message in messages), messages


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"<!DOCTYPE html><html>Not found</html>", "a web page, not a table"),
        (b"PK\x03\x04\0\0\0", "a workbook or another ZIP archive, not a CSV table"),
        ("Borough;Crimes\nBarnét;1\n".encode("cp1252"), "not UTF-8 text"),
        (made_file().split("\n")[0].encode() + b"\n", "a header and no rows"),
        (made_file().replace(",", ";").encode(), "separated by semicolons"),
        (made_file()[:-40].encode(), "cells where the header has"),
    ],
    ids=["empty", "web page", "binary", "Windows-1252", "no rows", "semicolons", "cut off"],
)
def test_a_file_that_is_no_table_is_refused(folders, content, said):
    messages = _refused(folders, content)
    assert any(said in message for message in messages), messages


def test_all_that_is_wrong_is_said_at_once(folders):
    text = made_file().replace("Barnet,0,", "Barnet,x,", 1).replace("Bexley,0,1,", "Bexley,0,y,", 1)
    messages = _refused(folders, text)
    assert len(messages) == 2
    assert "column 202407: 'x'" in messages[0]
    assert "column 202408: 'y'" in messages[1]


def test_a_borough_missing_throughout_is_refused(folders):
    lines = [line for line in made_file().split("\n") if ",Barnet," not in line]
    assert "no rows for Barnet" in _refused(folders, "\n".join(lines))[0]


def test_a_release_that_nobody_knows_is_refused(folders):
    messages = _refused(folders, made_file("2024-08", "2026-07"))
    assert "release 2026-08 of mps_borough_crime is not known" in messages[0]
    assert "releases.csv" in messages[0]


def test_a_file_that_is_shorter_than_its_release_is_refused(folders):
    assert "covers 2025-01 to 2026-06" in _refused(folders, made_file("2025-01", "2026-06"))[0]


def test_two_files_of_one_release_are_refused(folders):
    folder = folders[0] / "mps_recorded_crime_borough"
    (folder / "again.csv").write_text(made_file())
    assert "overlap or leave a gap" in _refused(folders, made_file())[0]


def test_an_enormous_file_is_refused(folders, monkeypatch):
    monkeypatch.setattr("safer_communities.sources.reading.LARGEST_FILE_BYTES", 1000)
    assert "where the limit is 1,000" in _refused(folders, made_file())[0]


def test_release_of_recent_months_and_of_history(tmp_path):
    path = tmp_path / "crime.csv"
    path.write_text(made_file("2022-02", "2024-01"))
    assert release_of(read_monthly(path, KEYS)) == "2024-02"
    path.write_text(made_file("2010-04", "2022-01"))
    assert release_of(read_monthly(path, KEYS)) == "2024-02"


def test_unknown_publication_and_empty_folder(folders):
    releases, data = folders
    with pytest.raises(InputError, match="there is no 'crime'"):
        import_publications(releases, data, only="crime")
    with pytest.raises(InputError, match="no file to import"):
        import_publications(releases, data)


def test_a_total_that_is_not_the_sum_of_its_groups_is_refused():
    boroughs = pd.read_csv(DATA / "reference/boroughs.csv")["borough"]
    rows = [
        ("2024-01-01 00:00:00", borough, group, offences, outcomes, ratio)
        for borough in boroughs
        for group, offences, outcomes, ratio in (
            ("BURGLARY", "10", "1", "0.1"),
            ("ROBBERY", "6", "3", "0.5"),
            ("Total", "16", "4", "0.25"),
        )
    ]
    table = pd.DataFrame(rows, columns=COLUMNS, index=range(2, 2 + len(rows)))
    crosswalks = Crosswalks.of(DATA)
    good = tidy_table(table, crosswalks, ErrorCollector("made.xlsx"))
    total = good[good["offence"] == "Total notifiable offences"]
    assert (total[["offences", "positive_outcomes"]] == [16, 4]).all(axis=None)
    table.loc[4, ["Offences", "Success_Ratio"]] = ["20", "0.2"]
    bad = tidy_table(table, crosswalks, ErrorCollector("made.xlsx")).assign(release="2024-02")
    with pytest.raises(InputError, match="January 2024: the groups do not add up"):
        load.check(TABLES["positive_outcomes"], bad, "made.xlsx")


def test_a_ward_without_one_of_its_two_rows_is_refused(tmp_path):
    path = tmp_path / "wards.csv"
    text = (
        "Electoral wards and divisions Code,Electoral wards and divisions,"
        "Residence type (2 categories) Code,Residence type (2 categories),Observation\n"
        "E05013628,Barnet Vale,1,Lives in a household,100\n"
    )
    path.write_text(text)
    with pytest.raises(InputError, match="1 rows for E05013628"):
        parse_wards(path)
    path.write_text(text + "E05013628,Barnet Vale,2,Lives in a communal establishment,7\n")
    assert parse_wards(path)["residents"].tolist() == [107]


def test_a_sheet_that_is_not_there(tmp_path):
    path = tmp_path / "population.xlsx"
    path.write_text("<html>moved</html>")
    with pytest.raises(InputError, match="not an Excel file"):
        read_sheet(path, "MYE4", "Code")


def test_a_fault_in_every_cell_is_told_once():
    problems = ErrorCollector("made.csv")
    whole_numbers(pd.Series([f"{n},500" for n in range(40)], name="count"), problems)
    first_days(pd.Series([f"{n}/01/2026" for n in range(1, 29)], name="month"), problems)
    assert [str(error).partition(".\n")[0] for error in problems.errors] == [
        "made.csv, row 0, column count: '0,500' is not a whole number, 0 or more "
        "(nor are 39 more such cells)",
        "made.csv, row 0, column month: '1/01/2026' is not the first of a month "
        "(nor are 27 more such cells)",
    ]
