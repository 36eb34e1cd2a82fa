"""Bad input, each a made file: status 2, a message that helps, and `data/` as it was to the byte.

Every file here is made from the tables in `data/` (see `made_releases`) and then spoilt in a way
that publishers, spreadsheets and downloads have spoilt files or may.
"""

import csv
import io
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from functools import cache
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest

import made_releases as made
from safer_communities import __main__ as command
from safer_communities.datasets import load
from safer_communities.errors import LISTED_AT_MOST, ErrorCollector, InputError, plain, shown
from safer_communities.project import ROOT
from safer_communities.sources import reading

pytestmark = pytest.mark.slow

CRIME = "mps_recorded_crime_borough/crime.csv"
WARDS = "mps_recorded_crime_ward/wards.csv"
WARD_RESIDENTS = "population/ons_census2021_ward_population.csv"
CALLS = "asb/calls.csv"
HOUSEHOLDS = "population/census2021_households_london.csv"
OUTCOMES = "mps_outcomes/outcomes.xlsx"
POPULATION = "population/ons_mye_2023.xlsx"
BOUNDARIES = "boundaries/london_boroughs/boroughs.dbf"
PUBLICATION = {
    CRIME: "mps_borough_crime",
    WARDS: "mps_ward_crime",
    CALLS: "gla_asb_calls",
    HOUSEHOLDS: "census_households",
    WARD_RESIDENTS: "census_ward_population",
    OUTCOMES: "mps_positive_outcomes",
    POPULATION: "ons_mid_year_population",
    BOUNDARIES: "borough_areas",
}
RELEASE_FILES = (
    "2026-07.parquet",
    "2026-04.parquet",
    "london_asb_calls.csv",
    "households.csv",
    "positive_outcomes.csv",
    "sensitive_ward_crime.csv",
    "mid_year_population.csv",
    "population_by_age.csv",
    "borough_areas.csv",
)


def represented(cases: Iterable[str], every_time: set[str]) -> list:
    """The cases, those left to `make fuzz` that are not among `every_time`.

    What each message says in full is tried every time, in test_import_messages.py: here a few of
    every kind show that the command says it and leaves `data/` alone.
    """
    assert every_time <= set(cases)
    return [
        case if case in every_time else pytest.param(case, marks=pytest.mark.long) for case in cases
    ]


@pytest.fixture
def folders(tmp_path):
    """A folder for releases and a copy of `data/` without the releases that the tests bring."""
    releases = tmp_path / "releases"
    releases.mkdir()
    return releases, made.data_copy(tmp_path, without=RELEASE_FILES)


def run(folders, monkeypatch, capsys, publication) -> tuple[int, str]:
    """The command's exit status and what it prints on standard error."""
    releases, data = folders
    monkeypatch.setattr(command, "DATA", data)
    status = command.main(["import", "--from", str(releases), publication])
    return status, capsys.readouterr().err


def put(folders, path: str, content: str | bytes) -> Path:
    """Writes a file among the releases."""
    target = folders[0] / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return target


def refused(folders, monkeypatch, capsys, path: str, *said: str) -> str:
    """What is printed of a refused import, which must name the file, all of `said` and a remedy."""
    before = made.contents(folders[1])
    status, printed = run(folders, monkeypatch, capsys, PUBLICATION[path])
    assert status == 2
    assert made.contents(folders[1]) == before
    for words in (Path(path).name, *said):
        assert words in printed, printed[:2000]
    errors = printed.strip().split("\n\n")
    assert all("\n  What to do: " in error for error in errors), printed[:2000]
    return printed


def crime(old: str = "", new: str = "") -> str:
    text = made.crime_text()
    assert old in text
    return text.replace(old, new, 1) if old else text


def without(text: str, *words: str) -> str:
    """The text without the lines that hold all of the words."""
    kept = [line for line in text.splitlines(True) if not all(word in line for word in words)]
    assert len(kept) < len(text.splitlines())
    return "".join(kept)


def columns(text: str, *order: int) -> str:
    """The text with its columns in another order; a column left out is lost."""
    rows = [line.split(",") for line in text.splitlines() if '"' not in line]
    return "".join(",".join(row[place] for place in order) + "\n" for row in rows)


def column_text(change) -> str:
    """The crime file with `change` applied to the cells of each row."""
    header, rows = made.crime_rows()
    return made.csv_text(change(list(header)), [change(list(row)) for row in rows])


def half_last_month() -> str:
    header, rows = made.crime_rows()
    return made.csv_text(header, [[*row[:-1], str(int(row[-1]) // 2)] for row in rows])


def exchanged_boroughs() -> str:
    """Two boroughs' names exchanged throughout: a file in perfect form."""
    text = made.crime_text().replace(",Barnet,", ",\0,").replace(",Bexley,", ",Barnet,")
    return text.replace(",\0,", ",Bexley,")


def barnet_cell(value: str) -> str:
    """The crime file with the first count of arson in Barnet replaced."""
    header, rows = made.crime_rows()
    spoilt = [list(row) for row in rows]
    row = next(row for row in spoilt if row[1] == "ARSON" and row[2] == "Barnet")
    row[3] = value
    return made.csv_text(header, spoilt)


CRIME_CASES = {
    "renamed column": (crime("SubGroup,", "Offence type,"), ["no column MinorText or SubGroup"]),
    "renamed month": (crime(",202409,", ",Sep-24,"), ["column Sep-24"]),
    "unnamed column": (crime("BOCU,", ","), ["column 3 has no name"]),
    "one heading twice": (crime("SubGroup,", "Group,"), ["two columns are named 'Group'"]),
    "old and new heading": (crime("SubGroup,", "MajorText,"), ["two columns for MajorText or"]),
    "an extra column": (crime("BOCU,", "Region,"), ["column Region is not known"]),
    "reordered months": (crime(",202409,202410,", ",202410,202409,"), ["column 202410"]),
    "month missing in the middle": (
        column_text(lambda row: row[:10] + row[11:]),
        ["column 202503", "202503 stands where 202502 is expected"],
    ),
    "month twice": (crime(",202409,202410,", ",202409,202409,"), ["named '202409'"]),
    "month 13": (crime(",202409,", ",202413,"), ["202413 is not a month"]),
    "month in superscripts": (crime(",202409,", ",²⁰²⁴⁰⁹,"), ["column ²⁰²⁴⁰⁹"]),
    "months as Excel numbers": (crime(",202409,", ",45536,"), ["column 45536 is not known"]),
    "half-finished last month": (half_last_month(), ["column 202606", "months around it"]),
    "last month empty": (
        column_text(lambda row: [*row[:-1], row[-1] if row[0] == "Group" else ""]),
        ["column 202606", "''"],
    ),
    "last month lost": (column_text(lambda row: row[:-1]), ["release 2026-06"]),
    "new offence": (crime(",ARSON,", ",ARSON OF A HOME,"), ["ARSON OF A HOME", "offences.csv"]),
    "new borough": (crime(",Barnet,", ",Barnet and Finchley,"), ["Barnet and Finchley", "row "]),
    "totals row": (
        made.crime_text() + "Total,Total,Total" + ",1" * 24 + "\n",
        ["'Total' is not an area", "'Total / Total' is not an offence"],
    ),
    "thousands separators": (barnet_cell("1,024"), ["column 202407: '1,024'"]),
    "blank for zero": (barnet_cell(""), ["column 202407: '' is not a whole number"]),
    "suppressed *": (barnet_cell("*"), ["column 202407: '*'"]),
    "suppressed [c]": (barnet_cell("[c]"), ["column 202407: '[c]'"]),
    "decimal": (barnet_cell("3.5"), ["column 202407: '3.5'"]),
    "negative": (barnet_cell("-3"), ["column 202407: '-3'"]),
    "exponent": (barnet_cell("1e9"), ["column 202407: '1e9'"]),
    "a thousand million": (barnet_cell("1000000000"), ["'1000000000'"]),
    "99 thousand offences": (barnet_cell("99000"), ["99000", "from 0 to 10000"]),
    "digits of another script": (barnet_cell("١٢"), ["'١٢'"]),
    "a date": (barnet_cell("01/02/2024"), ["'01/02/2024'"]),
    "a formula": (barnet_cell("=cmd()"), ["'=cmd()'"]),
    "not a number": (barnet_cell("nan"), ["'nan'"]),
    "a very long cell": (barnet_cell("9" * 100_000), ["9…'"]),
    "duplicate row": (
        made.crime_text() + made.crime_text().splitlines(True)[4],
        ["a second row for VEHICLE OFFENCES, AGGRAVATED VEHICLE TAKING"],
    ),
    "ragged row": (crime(",Barnet,", ",Barnet,7,"), ["28 cells where the header has 27"]),
    "cut off in a row": (made.crime_text()[:-20], ["cells where the header has 27"]),
    "cut off in a number": (made.crime_text()[:-2], ["'' is not a whole number"]),
    "cut off in a quoted field": (
        made.crime_text() + 'THEFT,"SHOPLIFTING, ',
        ["not a CSV table (unexpected end of data)", "row "],
    ),
    "cut off after a line": (
        "".join(made.crime_text().splitlines(True)[:-9]),
        ["0 offences, where release 2026-01 has 16"],
    ),
    "rows of an offence lost": (
        without(made.crime_text(), "SHOPLIFTING"),
        ["where release 2026-01 has"],
    ),
    "row of one borough lost": (
        without(made.crime_text(), "SHOPLIFTING", ",Barnet,"),
        ["no row of 'SHOPLIFTING' for every borough"],
    ),
    "borough lost": (without(made.crime_text(), ",Barnet,"), ["no rows for Barnet"]),
    "NUL bytes": (crime(",Barnet,", ",Bar\0net,"), ["binary data"]),
    "right-to-left mark": (crime(",Barnet,", ",Barnet\u200f,"), [r"'Barnet\u200f'"]),
    "text in reverse": (crime(",Barnet,", ",\u202eBarnet,"), [r"'\u202eBarnet'"]),
    "zero-width space": (crime(",Barnet,", ",Bar\u200bnet,"), [r"'Bar\u200bnet'"]),
    "letter of another script": (crime(",Barnet,", ",Bаrnet,"), ["is not an area"]),
    "script in a name": (crime(",Barnet,", ",<script>alert(1)</script>,"), ["<script>"]),
    "terminal control in a heading": (crime("SubGroup,", "\x1b[31mSubGroup,"), [r"\x1b[31m"]),
    "semicolons": (made.crime_text().replace(",", ";"), ["separated by semicolons"]),
    "tabs": (made.crime_text().replace(",", "\t"), ["separated by tabs"]),
    "Windows-1252": (crime(",Barnet,", ",Barn\xe9t,").encode("cp1252"), ["not UTF-8 text (byte "]),
    "UTF-16": (made.crime_text().encode("utf-16"), ["UTF-16 text, not a CSV"]),
    "title above the header": (
        "Recorded crime\n\n" + made.crime_text(),
        ["stands above the table"],
    ),
    "notes below the table": (made.crime_text() + "\nSource: MPS\n", ["1 cells where the header"]),
    "web page": (b"<!DOCTYPE html><html><body>404</body></html>", ["a web page, not a table"]),
    "error message as JSON": (b'{"error": "not found"}\n', ["a header and no rows"]),
    "empty": (b"", ["the file is empty"]),
    "blank lines alone": (b"\n\n  \n", ["the file is empty"]),
    "header alone": (made.crime_text().splitlines()[0] + "\n", ["a header and no rows"]),
    "a workbook named CSV": (made.workbook({"Sheet1": [["a"]]}), ["a workbook or another ZIP"]),
    "wrong publication": (made.asb_text(), ["no column", "column dataset is not known"]),
    "ward file among boroughs": (made.ward_text, ["column WardName is not known"]),
    "two boroughs exchanged": (exchanged_boroughs(), ["Barnet: the counts are those of"]),
}


# One of each way to find it: in the header, in a cell, in a name, in the rows, in the bytes; and
# all that only a release beside it shows.
CRIME_CASES_EVERY_TIME = {
    "renamed column", "month missing in the middle", "half-finished last month", "last month lost",
    "new offence", "totals row", "suppressed *", "a very long cell", "ragged row",
    "cut off after a line", "rows of an offence lost", "row of one borough lost", "borough lost",
    "text in reverse", "terminal control in a heading", "UTF-16", "web page", "empty",
    "a workbook named CSV", "two boroughs exchanged",
}  # fmt: skip


@pytest.mark.parametrize("case", represented(CRIME_CASES, CRIME_CASES_EVERY_TIME))
def test_a_bad_borough_file(folders, monkeypatch, capsys, case):
    content, said = CRIME_CASES[case]
    put(folders, CRIME, content() if callable(content) else content)
    refused(folders, monkeypatch, capsys, CRIME, *said)


WARD_CASES = {
    "ward code of no form": ("E05013628", "E5013628", ["column WardCode: 'E5013628'"]),
    "a ward in two boroughs": ("E05013628,Barnet", "E05013628,Brent", ["E05013628", "area_code"]),
    "a ward with two names": ("Barnet Vale,E05013628", "Vale,E05013628", ["ward_name", "'Vale'"]),
    "a borough file": ("WardCode", "Ward", ["no column WardCode"]),
}


@pytest.mark.parametrize("case", represented(WARD_CASES, {"a ward in two boroughs"}))
def test_a_bad_ward_file(folders, monkeypatch, capsys, case):
    old, new, said = WARD_CASES[case]
    assert old in made.ward_text()
    put(folders, WARDS, made.ward_text().replace(old, new, 1))
    refused(folders, monkeypatch, capsys, WARDS, *said)


def test_a_ward_lost(folders, monkeypatch, capsys):
    put(folders, WARDS, without(made.ward_text(), "E05013628"))
    refused(folders, monkeypatch, capsys, WARDS, "no offence in ward E05013628")


def test_a_third_of_a_boroughs_wards_lost(folders, monkeypatch, capsys):
    text = made.ward_text()
    for number in range(28, 36):
        text = without(text, f"E050136{number}")
    put(folders, WARDS, text)
    refused(folders, monkeypatch, capsys, WARDS, "Barnet: ", "where the wards")


CALL_CASES = {
    "a date in British order": ("2020-05-01", "01/05/2020", ["column month: '01/05/2020'"]),
    "a date as a number": ("2020-05-01", "43952", ["column month: '43952'"]),
    "the thirty-first of February": ("2020-05-01", "2020-02-31", ["'2020-02-31'"]),
    "a day in the middle of a month": (
        "2020-05-01",
        "2020-05-15",
        ["'2020-05-15' is not the first"],
    ),
    "another series": ("ASB Calls", "Knife crime", ["column series: 'Knife crime'"]),
    "another dataset": ("sol_asb", "sol_fire", ["column dataset: 'sol_fire'"]),
    "a digit too many": ("18735", "187359", ["187,359 calls", "column value"]),
    "the first month lost": ("sol_asb,2019-01-01,18546,ASB Calls\n", "", ["2019-02 to 2024-03"]),
    "a month in the middle lost": (
        "sol_asb,2019-02-01,18561,ASB Calls\n",
        "",
        ["no row for February 2019"],
    ),
}


@pytest.mark.parametrize(
    "case", represented(CALL_CASES, {"a date in British order", "a digit too many"})
)
def test_a_bad_file_of_calls(folders, monkeypatch, capsys, case):
    old, new, said = CALL_CASES[case]
    assert old in made.asb_text()
    put(folders, CALLS, made.asb_text().replace(old, new, 1))
    refused(folders, monkeypatch, capsys, CALLS, *said)


def test_a_wrong_number_of_households(folders, monkeypatch, capsys):
    put(folders, HOUSEHOLDS, made.households_text().replace(",148917", ",148971"))
    refused(folders, monkeypatch, capsys, HOUSEHOLDS, "3,423,944 households in total")


# The first months of the outcomes, as the release of the month after them: the others are alike.
OUTCOME_MONTHS = ("2022-01", "2022-02", "2022-03")
OUTCOME_RELEASE = "2022-04"


@cache
def outcome_rows() -> list[list[object]]:
    """The header and the rows of the workbook of those months."""
    header, *rows = made.outcomes_rows()
    return [header, *(row for row in rows if row[0][:7] in OUTCOME_MONTHS)]


@pytest.fixture
def outcome_folders(folders):
    """The folders, whose data know the release of those months."""
    releases = folders[1] / "reference/releases.csv"
    first, _, last = OUTCOME_MONTHS
    row = f"mps_positive_outcomes,{OUTCOME_RELEASE},2024,{first},{last},\n"
    header, *lines = releases.read_text(encoding="utf-8").splitlines(keepends=True)
    releases.write_text("".join([header, *sorted([*lines, row])]), encoding="utf-8")
    return folders


def outcomes(change) -> bytes:
    rows = [list(row) for row in outcome_rows()]
    return made.workbook({"Sheet1": change(rows) or rows})


def _set(row: int, column: int, value: object):
    def change(rows):
        rows[row][column] = value

    return change


def _renamed(row: list, old: str, new: str) -> list:
    return [new if cell == old else cell for cell in row]


OUTCOME_CASES = {
    "a title block above the header": (lambda rows: [["Outcomes"], [], *rows], None),
    "dates as Excel numbers": (_set(5, 0, 44562), ["row 6, column Month_Year: '44562'"]),
    "a total misprinted": (_set(1, 3, 999), ["row 2, column Success_Ratio"]),
    "a suppressed cell": (_set(1, 4, "[c]"), ["column Positive_Outcomes: '[c]'"]),
    "a renamed column": (_set(0, 3, "Crimes"), ["no column Offences"]),
    "a row twice": (lambda rows: [*rows, rows[1]], ["a second row for"]),
    "a row lost": (lambda rows: rows[:1] + rows[2:], ["the groups do not add up"]),
    "a borough lost": (
        lambda rows: [row for row in rows if row[1] != "Barnet"],
        ["no rows for E09000003 in January 2022"],
    ),
    "a new group": (_set(1, 2, "PIRACY"), ["'PIRACY'", "offences.csv"]),
    "a new borough": (
        lambda rows: [_renamed(row, "Barnet", "Barnet and Finchley") for row in rows],
        ["'Barnet and Finchley'", "area_names.csv"],
    ),
    "a month lost in the middle": (
        lambda rows: [row for row in rows if row[0] != "2022-02-01"],
        ["no rows for February 2022"],
    ),
    "the last month half there": (
        lambda rows: [
            row for row in rows if not row[0].startswith(OUTCOME_MONTHS[-1]) or row[1] < "M"
        ],
        ["no rows for E09"],
    ),
    "the last month lost": (
        lambda rows: [row for row in rows if not row[0].startswith(OUTCOME_MONTHS[-1])],
        [f"release {OUTCOME_MONTHS[-1]} of mps_positive_outcomes is not known", "releases.csv"],
    ),
    "dates in British order": (_set(5, 0, "01/01/2022"), ["row 6, column Month_Year"]),
    "a thousands separator": (_set(1, 3, "1,024"), ["row 2, column Offences: '1,024'"]),
    "a blank for zero": (_set(1, 4, ""), ["row 2, column Positive_Outcomes: ''"]),
    "a column lost": (lambda rows: [row[:4] + row[5:] for row in rows], ["no column Positive_"]),
    "another sheet before it": (None, None),
}


OUTCOME_CASES_EVERY_TIME = {
    "a title block above the header", "a total misprinted", "a row lost",
    "the last month half there", "the last month lost", "another sheet before it",
}  # fmt: skip


@pytest.mark.parametrize("case", represented(OUTCOME_CASES, OUTCOME_CASES_EVERY_TIME))
def test_a_bad_workbook_of_outcomes(outcome_folders, monkeypatch, capsys, case):
    folders = outcome_folders
    change, said = OUTCOME_CASES[case]
    two_sheets = {"About": [["Month_Year"], ["x"]], "Sheet1": outcome_rows()}
    put(folders, OUTCOMES, outcomes(change) if change else made.workbook(two_sheets))
    if said is None:
        # The header row is found below a title, its sheet by name, and the table is the right one.
        status, _ = run(folders, monkeypatch, capsys, PUBLICATION[OUTCOMES])
        assert status == 0
        written = load.read_anew("positive_outcomes", folders[1])
        right = load.table("positive_outcomes").assign(release=OUTCOME_RELEASE)
        right = right[right["month"].dt.strftime("%Y-%m").isin(OUTCOME_MONTHS)]
        pd.testing.assert_frame_equal(written, right.reset_index(drop=True))
    else:
        refused(folders, monkeypatch, capsys, OUTCOMES, *said)


def zip_bomb(pieces: int = reading.LARGEST_UNPACKED_BYTES // 4_000_000 + 1) -> bytes:
    """A workbook of some kilobytes that unpacks to more than the limit."""
    buffer = BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as member,
    ):
        for _ in range(pieces):
            member.write(b" " * 4_000_000)
    return buffer.getvalue()


def lying_bomb() -> bytes:
    """A smaller one, whose directory says that it unpacks to 1,000 bytes."""
    content = bytearray(zip_bomb(pieces=2))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 1000)
    return bytes(content)


def far_cell() -> bytes:
    """Two cells, one of them so far out that the empty ones between would fill the memory."""
    content = BytesIO(made.workbook({"Sheet1": [["Month_Year", "x"]]}))
    changed = BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"B1"', b'"XFD1048576"'))
    return changed.getvalue()


WORKBOOK_CASES = {
    "not a workbook": (b"<html>moved</html>", ["not an Excel file"]),
    "empty": (b"", ["not an Excel file"]),
    "cut off": (made.workbook({"Sheet1": [["Month_Year"]]})[:-200], ["not an Excel file"]),
    "sheet renamed": (made.workbook({"Data": [["Month_Year"]]}), ["no sheet Sheet1; it has Data"]),
    "no header row": (made.workbook({"Sheet1": [["x", "y"]]}), ["no header row that begins"]),
    "an empty sheet": (made.workbook({"Sheet1": []}), ["no header row that begins"]),
    "zip bomb": (zip_bomb, ["unpacks to", "the limit is 200,000,000"]),
    "zip bomb that lies": (lying_bomb, ["a damaged Excel file"]),
    "a cell far away": (far_cell(), ["a sheet has cells beyond row 200,000"]),
}


@pytest.mark.parametrize(
    "case", represented(WORKBOOK_CASES, {"not a workbook", "zip bomb that lies", "a cell far away"})
)
def test_a_file_that_is_no_good_workbook(folders, monkeypatch, capsys, case):
    content, said = WORKBOOK_CASES[case]
    put(folders, OUTCOMES, content() if callable(content) else content)
    refused(folders, monkeypatch, capsys, OUTCOMES, *said)


@pytest.mark.parametrize("content", [b"nothing", bytes(200)])
def test_boundaries_that_are_none(folders, monkeypatch, capsys, content):
    put(folders, BOUNDARIES, content)
    refused(folders, monkeypatch, capsys, BOUNDARIES)


# What happens to any file of comma-separated text on its way, for each source that sends one.
WHOLE_FILES: dict[str, Callable[[], str]] = {
    WARDS: made.ward_text,
    CALLS: made.asb_text,
    HOUSEHOLDS: made.households_text,
    WARD_RESIDENTS: made.ward_population_text,
}
LAST_COLUMN = {
    WARDS: "202603",
    CALLS: "value",
    HOUSEHOLDS: "households",
    WARD_RESIDENTS: "Observation",
}


def lines_of(path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(WHOLE_FILES[path](), newline="")))


def with_last_number(path: str, value: str) -> str:
    """The file with one count replaced: the last of its second row, or of the calls' third cell."""
    header, *rows = lines_of(path)
    rows[1][header.index(LAST_COLUMN[path])] = value
    return made.csv_text(header, rows)


def with_header(path: str, change: Callable[[list[str]], None]) -> str:
    header, *rows = lines_of(path)
    change(header)
    return made.csv_text(header, rows)


def renamed_last(path: str) -> Callable[[list[str]], None]:
    def change(header: list[str]) -> None:
        header[header.index(LAST_COLUMN[path])] = "Number of things"

    return change


def same_name_twice(header: list[str]) -> None:
    header[1] = header[0]


# Each with what the message says besides the file; a number's name is its column.
ANY_CSV: dict[str, tuple[Callable[[str], str | bytes], list[str]]] = {
    "empty": (lambda path: b"", ["the file is empty"]),
    "header alone": (lambda path: with_nothing_below(path), ["a header and no rows"]),
    "web page": (lambda path: b"\n<html><body>Moved</body></html>", ["a web page, not a table"]),
    "UTF-16": (lambda path: WHOLE_FILES[path]().encode("utf-16"), ["UTF-16 text, not a CSV"]),
    "Windows-1252": (
        lambda path: made.csv_text(*_with_accent(path)).encode("cp1252"),
        ["not UTF-8 text (byte "],
    ),
    "semicolons": (
        lambda path: WHOLE_FILES[path]().replace(",", ";"),
        ["separated by semicolons"],
    ),
    "cut off in a row": (
        lambda path: WHOLE_FILES[path]().rstrip("\n").rpartition(",")[0],
        ["cells where the header has"],
    ),
    "title above the header": (
        lambda path: "Published on 1 May\n\n" + WHOLE_FILES[path](),
        ["stands above the table"],
    ),
    "notes below the table": (
        lambda path: WHOLE_FILES[path]() + "\nSource: the publisher\n",
        ["1 cells where the header"],
    ),
    "a workbook named CSV": (lambda path: made.workbook({"a": [["a"]]}), ["a workbook or another"]),
    "column renamed": (
        lambda path: with_header(path, renamed_last(path)),
        ["Number of things"],
    ),
    "one heading twice": (
        lambda path: with_header(path, same_name_twice),
        ["two columns are named"],
    ),
    "row twice": (
        lambda path: WHOLE_FILES[path]() + WHOLE_FILES[path]().splitlines(True)[2],
        ["row ", "a second row for"],
    ),
    "totals row": (
        lambda path: made.csv_text(*_with_total(path)),
        ["row ", "'Total'"],
    ),
    "thousands separator": (lambda path: with_last_number(path, "1,024"), ["row 3", "'1,024'"]),
    "blank for zero": (lambda path: with_last_number(path, ""), ["row 3", "'' is not a whole"]),
    "suppressed *": (lambda path: with_last_number(path, "*"), ["row 3", "'*'"]),
    "suppressed [c]": (lambda path: with_last_number(path, "[c]"), ["row 3", "'[c]'"]),
    "negative": (lambda path: with_last_number(path, "-3"), ["row 3", "'-3'"]),
    "decimal": (lambda path: with_last_number(path, "3.5"), ["row 3", "'3.5'"]),
    "formula": (lambda path: with_last_number(path, "=1+1"), ["row 3", "'=1+1'"]),
    "right-to-left mark": (lambda path: with_last_number(path, "12\u200f"), [r"'12\u200f'"]),
}


def with_nothing_below(path: str) -> str:
    return made.csv_text(lines_of(path)[0], [])


def _with_accent(path: str) -> tuple[list[str], list[list[str]]]:
    header, *rows = lines_of(path)
    rows[0][0] += "\xe9"
    return header, rows


def _with_total(path: str) -> tuple[list[str], list[list[str]]]:
    header, *rows = lines_of(path)
    number = header.index(LAST_COLUMN[path])
    total = ["Total"] * len(header)
    for place, name in enumerate(header):
        if place == number or name.isdigit():
            total[place] = "99"
    return header, [*rows, total]


# What is wrong with bytes, lines and cells is found where every table is read: one source has each,
# and the file of wards, which is large, no more than these.
FOUND_BY_EVERY_SOURCE = {
    "empty", "column renamed", "row twice", "totals row", "suppressed [c]",
    "title above the header",
}  # fmt: skip
FOUND_EVERY_TIME = dict.fromkeys(WHOLE_FILES, FOUND_BY_EVERY_SOURCE) | {
    WARDS: {"column renamed", "row twice"}
}


@pytest.mark.parametrize(
    ("path", "case"),
    [
        pytest.param(
            path,
            case,
            id=f"{case}-{PUBLICATION[path]}",
            marks=[] if path == CALLS or case in FOUND_EVERY_TIME[path] else pytest.mark.long,
        )
        for path in WHOLE_FILES
        for case in ANY_CSV
        if path != WARDS or case in FOUND_BY_EVERY_SOURCE
    ],
)
def test_a_bad_file_of_any_source(folders, monkeypatch, capsys, path, case):
    spoil, said = ANY_CSV[case]
    put(folders, path, spoil(path))
    refused(folders, monkeypatch, capsys, path, *said)


# Borough crime has a test of its own below; this is found before a file is opened.
@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=[] if path == POPULATION else pytest.mark.long, id=name)
        for path, name in PUBLICATION.items()
    ],
)
def test_a_gigabyte_from_any_source(folders, monkeypatch, capsys, path):
    """It takes no room on the disk and is not read."""
    with put(folders, path, "").open("wb") as file:
        file.truncate(1_000_000_000)
    refused(folders, monkeypatch, capsys, path, "1,000,000,000 bytes, where the limit is")


# That of wards is taken whole in test_import_messages.py too.
LARGE_LATER = [
    pytest.param(path, marks=pytest.mark.long if path == WARDS else [], id=PUBLICATION[path])
    for path in WHOLE_FILES
]


@pytest.mark.parametrize("path", LARGE_LATER)
def test_the_whole_file_of_any_source_is_taken(folders, monkeypatch, capsys, path):
    """What the cases above spoil is good before they do."""
    put(folders, path, WHOLE_FILES[path]())
    assert run(folders, monkeypatch, capsys, PUBLICATION[path]) == (0, "")


@pytest.mark.parametrize("path", LARGE_LATER)
def test_a_release_of_any_source_given_again_with_other_counts(tmp_path, monkeypatch, capsys, path):
    folders = (tmp_path / "releases", made.data_copy(tmp_path))
    header, *rows = lines_of(path)
    number = header.index(LAST_COLUMN[path])
    # Two counts change and their sum does not: a total alone would not show it.
    first, second = rows[0], rows[2]
    first[number], second[number] = str(int(first[number]) + 1), str(int(second[number]) - 1)
    if int(second[number]) < 0:
        second[number] = "0"
    put(folders, path, made.csv_text(header, rows))
    refused(folders, monkeypatch, capsys, path, "has been imported before", "rows differ")


MONTH_CASES = {
    "month missing in the middle": ("drop", ["column 202503", "where 202502 is expected"]),
    "month twice": ("repeat", ["two columns are named '202502'"]),
    "half-finished last month": ("halve", ["column 202603", "months around it"]),
    "last month empty": ("blank", ["column 202603", "''"]),
    "months as Excel numbers": ("number", ["column 45689 is not known"]),
    "months as text": ("text", ["column Feb 2025 is not known"]),
}


@pytest.mark.parametrize(
    "case", represented(MONTH_CASES, {"half-finished last month", "months as text"})
)
def test_months_of_a_ward_file(folders, monkeypatch, capsys, case):
    change, said = MONTH_CASES[case]
    header, *rows = lines_of(WARDS)
    middle, last = header.index("202502"), header.index("202603")
    for row in [header, *rows]:
        match change:
            case "drop":
                del row[middle]
            case "repeat":
                row.insert(middle, row[middle])
            case "halve" if row is not header:
                row[last] = str(int(row[last]) // 2)
            case "blank" if row is not header:
                row[last] = ""
            case "number" if row is header:
                row[middle] = "45689"
            case "text" if row is header:
                row[middle] = "Feb 2025"
    put(folders, WARDS, made.csv_text(header, rows))
    refused(folders, monkeypatch, capsys, WARDS, *said)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",SHOPLIFTING,", ",SHOPLIFTING ONLINE,", ["SHOPLIFTING ONLINE", "offences.csv"]),
        (",Barnet,", ",Barnet and Finchley,", ["'Barnet and Finchley'", "area_names.csv"]),
    ],
)
def test_a_new_name_in_a_ward_file(folders, monkeypatch, capsys, old, new, said):
    assert old in made.ward_text()
    put(folders, WARDS, made.ward_text().replace(old, new))
    refused(folders, monkeypatch, capsys, WARDS, "row ", *said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("half", ["calls, where the months around it have about"]),
        ("twice", ["a second row for 2024-03-01"]),
    ],
)
def test_the_last_month_of_calls(folders, monkeypatch, capsys, change, said):
    header, *rows = lines_of(CALLS)
    last = [*rows[-1][:2], str(int(rows[-1][2]) // 2), rows[-1][3]]
    rows = [*rows[:-1], last] if change == "half" else [*rows, last]
    put(folders, CALLS, made.csv_text(header, rows))
    refused(folders, monkeypatch, capsys, CALLS, *said)


def population(change: Callable[[dict[str, list[list[str]]]], object]) -> bytes:
    """The workbook of estimates after `change` to its sheets."""
    sheets = {name: [list(row) for row in rows] for name, rows in made.population_sheets().items()}
    change(sheets)
    return made.workbook(sheets)


def _cell(sheet: str, row: int, column: int, value: str):
    def change(sheets):
        sheets[sheet][row][column] = value

    return change


POPULATION_CASES = {
    "sheet lost": (lambda sheets: sheets.pop("MYE6"), ["no sheet MYE6"]),
    "column renamed": (_cell("MYE4", 0, 4, "2021"), ["sheet MYE4, column 2021"]),
    "year missing in the middle": (
        lambda sheets: [row.pop(8) for row in sheets["MYE4"]],
        ["no column for Mid-"],
    ),
    "year twice": (
        lambda sheets: [row.insert(8, row[8]) for row in sheets["MYE4"]],
        ["two columns are named 'Mid-"],
    ),
    "borough lost": (lambda sheets: sheets["MYE4"].pop(5), ["no row for E0900000"]),
    "borough renamed": (_cell("MYE4", 3, 1, "Barnet and Finchley"), ["row 4, column Name"]),
    "row twice": (
        lambda sheets: sheets["MYE4"].append(list(sheets["MYE4"][3])),
        ["a second row for E0900000"],
    ),
    "thousands separator": (_cell("MYE4", 3, 5, "389,000"), ["row 4", "'389,000'"]),
    "blank": (_cell("MYE4", 3, 5, ""), ["row 4", "'' is not"]),
    "suppressed": (_cell("MYE4", 3, 5, "[c]"), ["row 4", "'[c]'"]),
    "a digit mistyped": (_cell("MYE4", 3, 5, "1"), ["the boroughs add up to"]),
    "an age wrong by one": (
        lambda sheets: _cell(
            "MYE2 - Persons", 3, 20, str(int(sheets["MYE2 - Persons"][3][20]) + 1)
        )(sheets),
        ["add up to"],
    ),
    "no header row": (lambda sheets: sheets["MYE4"].pop(0), ["no header row that begins Code"]),
}


POPULATION_CASES_EVERY_TIME = {
    "sheet lost", "year missing in the middle", "borough renamed", "suppressed", "a digit mistyped",
}  # fmt: skip


@pytest.mark.parametrize("case", represented(POPULATION_CASES, POPULATION_CASES_EVERY_TIME))
def test_a_bad_workbook_of_population(folders, monkeypatch, capsys, case):
    change, said = POPULATION_CASES[case]
    put(folders, POPULATION, population(change))
    refused(folders, monkeypatch, capsys, POPULATION, *said)


@pytest.mark.parametrize("case", ["empty", pytest.param("zip bomb", marks=pytest.mark.long)])
def test_a_file_that_is_no_good_workbook_of_population(folders, monkeypatch, capsys, case):
    content, said = WORKBOOK_CASES[case]
    put(folders, POPULATION, content() if callable(content) else content)
    refused(folders, monkeypatch, capsys, POPULATION, *said)


def test_a_title_block_and_another_sheet_of_population_do_no_harm(folders, monkeypatch, capsys):
    """The release before stays beside the one in the workbook."""
    names = ("mid_year_population", "population_by_age")
    for name in names:
        rest = load.table(name).query("release != 'mid-2023'")
        rest.to_csv(folders[1] / f"population/{name}.csv", index=False, lineterminator="\n")

    def change(sheets):
        sheets["MYE4"][:0] = [["Table 4"], [], ["Source: ONS"]]
        sheets["Notes"] = [["Code", "Name"], ["a", "b"]]

    put(folders, POPULATION, population(change))
    assert run(folders, monkeypatch, capsys, PUBLICATION[POPULATION]) == (0, "")
    for name in names:
        path = f"population/{name}.csv"
        assert (folders[1] / path).read_bytes() == (ROOT / "data" / path).read_bytes()


BOUNDARY_CASES = {
    "borough lost": (lambda rows: rows.pop(3), ["0 rows for E0900000"]),
    "borough twice": (lambda rows: rows.append(rows[3]), ["2 rows for E0900000"]),
    "borough renamed": (_set(2, 0, "Barnet and Finchley"), ["row 3", "Barnet and Finchley"]),
    "new code": (_set(2, 1, "E09000099"), ["row 3", "E09000099"]),
    "area of nothing": (_set(2, 2, 0.0), ["row 3, column HECTARES: '0.0'"]),
    "blank": (_set(2, 2, None), ["row 3, column HECTARES"]),
    "a digit mistyped": (_set(2, 2, 86.748), ["hectares in total"]),
    "totals row": (
        lambda rows: rows.append(["London", "E12000007", 159469.725]),
        ["row 34", "E12000007 London"],
    ),
}


@pytest.mark.parametrize("case", BOUNDARY_CASES)
def test_a_bad_table_of_boundaries(folders, monkeypatch, capsys, case):
    change, said = BOUNDARY_CASES[case]
    put(folders, BOUNDARIES, made.boundaries(change))
    refused(folders, monkeypatch, capsys, BOUNDARIES, *said)


def test_boundaries_cut_off(folders, monkeypatch, capsys):
    put(folders, BOUNDARIES, made.boundaries()[:-300])
    refused(folders, monkeypatch, capsys, BOUNDARIES)


def test_good_boundaries_are_taken(folders, monkeypatch, capsys):
    put(folders, BOUNDARIES, made.boundaries())
    assert run(folders, monkeypatch, capsys, PUBLICATION[BOUNDARIES]) == (0, "")
    written = (folders[1] / "borough_areas.csv").read_bytes()
    assert written == (ROOT / "data/borough_areas.csv").read_bytes()


def test_last_years_file_given_again_under_a_new_name(folders, monkeypatch, capsys):
    put(folders, CRIME, made.crime_text())
    put(folders, "mps_recorded_crime_borough/crime_2027.csv", made.crime_text())
    refused(folders, monkeypatch, capsys, CRIME, "crime_2027.csv", "of release 2026-07")


def test_a_release_given_again_with_other_counts(tmp_path, monkeypatch, capsys):
    """Counts of a release do not change: the publisher's revisions come in the next one."""
    folders = (tmp_path / "releases", made.data_copy(tmp_path))
    put(folders, CRIME, barnet_cell("12"))
    refused(
        folders, monkeypatch, capsys, CRIME, "release 2026-07 has been imported before", "1 rows"
    )


def test_two_files_of_a_publication_that_has_one(folders, monkeypatch, capsys):
    put(folders, CALLS, made.asb_text())
    put(folders, "asb/calls_2025.csv", made.asb_text())
    refused(folders, monkeypatch, capsys, CALLS, "calls_2025.csv", "2 files of one publication")


def test_two_ward_files_of_one_release(folders, monkeypatch, capsys):
    put(folders, WARDS, made.ward_text())
    put(folders, "mps_recorded_crime_ward/wards_2.csv", made.ward_text())
    refused(folders, monkeypatch, capsys, WARDS, "wards_2.csv", "both are of release 2026-04")


def test_a_directory_named_as_a_file(folders, monkeypatch, capsys):
    (folders[0] / CRIME).mkdir(parents=True)
    refused(folders, monkeypatch, capsys, CRIME, "not a file")


def test_a_link_to_nothing(folders, monkeypatch, capsys):
    put(folders, CRIME, "").unlink()
    (folders[0] / CRIME).symlink_to("nowhere.csv")
    refused(folders, monkeypatch, capsys, CRIME, "cannot be read")


def test_a_file_that_may_not_be_read(folders, monkeypatch, capsys):
    path = put(folders, CRIME, made.crime_text())
    path.chmod(0)
    if os.access(path, os.R_OK):  # an administrator may read everything
        read_bytes = type(path).read_bytes

        def forbidden(self):
            if self != path:
                return read_bytes(self)
            raise PermissionError(13, "Permission denied", str(self))

        monkeypatch.setattr(type(path), "read_bytes", forbidden)
        status, printed = run(folders, monkeypatch, capsys, PUBLICATION[CRIME])
        assert status == 2
        assert "crime.csv: cannot be read (Permission denied)" in printed
    else:
        refused(folders, monkeypatch, capsys, CRIME, "cannot be read (Permission denied)")


def test_a_file_over_the_limit(folders, monkeypatch, capsys):
    """A gigabyte that takes no room on the disk; it is not read."""
    with put(folders, CRIME, "").open("wb") as file:
        file.truncate(1_000_000_000)
    refused(folders, monkeypatch, capsys, CRIME, "1,000,000,000 bytes, where the limit is 100,000")


def test_all_problems_of_all_files_are_listed(folders, monkeypatch, capsys):
    put(folders, CRIME, crime(",Barnet,", ",Barnett,").replace(",ARSON,", ",ARSN,", 1))
    put(folders, "mps_recorded_crime_borough/second.csv", "a,b\n1,2\n")
    printed = refused(folders, monkeypatch, capsys, CRIME, "'Barnett'", "ARSN", "second.csv")
    assert printed.count("What to do:") >= 4


def test_a_cell_and_a_name_are_listed_together(folders, monkeypatch, capsys):
    put(folders, CRIME, barnet_cell("*").replace(",Bexley,", ",Bexleyheath,", 1))
    refused(folders, monkeypatch, capsys, CRIME, "'*'", "'Bexleyheath'")


ACCEPTED = {
    "byte order mark": "\ufeff" + made.crime_text(),
    "Windows line ends": made.crime_text().replace("\n", "\r\n"),
    "blank lines at the end": made.crime_text() + "\n\r\n\n",
    "every cell in quotation marks": "".join(
        ",".join(f'"{cell}"' for cell in row) + "\n"
        for row in [made.crime_rows()[0], *made.crime_rows()[1]]
    ),
    "names after the counts": column_text(lambda row: row[3:] + row[2::-1]),
    "rows in another order": made.csv_text(made.crime_rows()[0], made.crime_rows()[1][::-1]),
    "last year's headings": crime("Group,SubGroup,BOCU", "MajorText,MinorText,BoroughName"),
}


@pytest.mark.parametrize(
    "case", represented(ACCEPTED, {"names after the counts", "last year's headings"})
)
def test_harmless_differences_give_the_right_table(folders, monkeypatch, capsys, case):
    put(folders, CRIME, ACCEPTED[case])
    status, printed = run(folders, monkeypatch, capsys, PUBLICATION[CRIME])
    assert (status, printed) == (0, "")
    path = f"recorded_crime_borough/{made.RELEASE}.parquet"
    assert (folders[1] / path).read_bytes() == (ROOT / "data" / path).read_bytes()


def test_the_same_file_again_changes_nothing(folders, monkeypatch, capsys):
    put(folders, CRIME, made.crime_text())
    assert run(folders, monkeypatch, capsys, PUBLICATION[CRIME])[0] == 0
    before = made.contents(folders[1])
    assert run(folders, monkeypatch, capsys, PUBLICATION[CRIME])[0] == 0
    assert made.contents(folders[1]) == before


def test_the_command_itself_exits_with_status_2(tmp_path):
    """As a user runs it; `data/` is the real one, of which no byte may change."""
    data = ROOT / "data/asb/london_asb_calls.csv"
    before = data.read_bytes()
    put((tmp_path, None), CALLS, made.asb_text().replace("18546", "1 8546"))
    run = subprocess.run(
        [sys.executable, "-m", "safer_communities", "import", "--from", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert run.returncode == 2
    assert "calls.csv, row 2, column value: '1 8546' is not a whole number" in run.stderr
    assert "Traceback" not in run.stderr
    assert data.read_bytes() == before


def test_a_long_list_is_cut_and_says_so():
    problems = ErrorCollector("made.csv")
    for row in range(LISTED_AT_MOST + 7):
        problems.add_cell(row, "count", "x", "a number", "mend it")
    with pytest.raises(ExceptionGroup) as caught:
        problems.raise_any()
    assert len(caught.value.exceptions) == LISTED_AT_MOST + 1
    assert isinstance(caught.value.exceptions[-1], InputError)
    assert "7 more problems" in str(caught.value.exceptions[-1])


def test_values_are_shown_so_that_they_can_be_seen():
    assert shown("a\u202eb") == r"'a\u202eb'"
    assert plain("\x1b[2J") == r"\x1b[2J"
    assert len(shown("x" * 500)) == 83
