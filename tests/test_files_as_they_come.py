"""Files as analysts have them: what a spreadsheet leaves is no fault, and one fault is one line.

Every file is made from the tables in `data/` (see `made_releases`).
"""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import made_releases as made
from safer_communities.datasets import load
from safer_communities.errors import InputError, leaves
from safer_communities.project import DATA
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.mps import borough_crime, ward_crime
from safer_communities.sources.ons import census_households
from safer_communities.sources.publication import not_read
from safer_communities.sources.publications import PUBLICATIONS

pytestmark = pytest.mark.slow


@cache
def crosswalks() -> Crosswalks:
    return Crosswalks.of(DATA)


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def text_of(rows: list[list[str]]) -> str:
    return made.csv_text(rows[0], rows[1:])


def said(module, folder: Path, content: str | bytes, known: Crosswalks | None = None) -> list[str]:
    """What is said of a file; nothing where it is taken as the release that it is."""
    path = folder / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        tables = module.tidy([path], known or crosswalks())
    except (InputError, ExceptionGroup) as error:
        return [str(leaf) for leaf in leaves(error)]
    if module is borough_crime:
        right = load.recorded_crime(made.RELEASE)
        pd.testing.assert_frame_equal(*tables.values(), right, check_dtype=False)
    return []


def edited(change: Callable[[list[list[str]]], object]) -> str:
    """The borough file after a change to its rows."""
    rows = [list(row) for row in rows_of(made.crime_text())]
    return text_of(change(rows) or rows)


def blank_rows(rows: list[list[str]]) -> None:
    rows.insert(5, [""] * len(rows[0]))
    rows.append([""] * len(rows[0]))


def spaced_names(rows: list[list[str]]) -> None:
    for row in rows[1:]:
        row[1] = row[1].replace("POSSESSION OF DRUGS", "Possession  of Drugs ")
        row[1] = row[1].replace("SHOPLIFTING", "Shop lifting")
        row[2] = row[2].replace("Barnet", "Barnet\u00a0").replace(" and ", " & ")


class TestTakenAsItIs:
    @pytest.mark.parametrize(
        "content",
        [
            "\ufeff" + made.crime_text(),
            made.crime_text().replace("\n", "\r\n"),
            made.crime_text().replace("\n", "\n\n"),
            edited(blank_rows),
            edited(spaced_names),
        ],
        ids=["byte order mark", "line ends", "empty lines", "rows of commas", "spaces in names"],
    )
    def test_what_a_spreadsheet_leaves(self, tmp_path, content):
        assert said(borough_crime, tmp_path, content) == []

    def test_a_missing_last_line_end_where_the_sum_is_known(self, tmp_path):
        assert said(census_households, tmp_path, made.households_text()[:-1]) == []

    def test_two_headings_of_the_area_that_say_the_same(self, tmp_path):
        rows = rows_of(made.ward_text())
        rows = [[*row[:5], row[4], *row[5:]] for row in rows]
        rows[0][5] = "BOCU"
        assert said(ward_crime, tmp_path, text_of(rows)) == []
        rows[1][5] = "Brent"
        (line,) = said(ward_crime, tmp_path, text_of(rows))
        assert "two columns for LookUp_BoroughName" in line

    def test_households_as_nomis_heads_them(self, tmp_path):
        rows = [["2021", "Name", *row] for row in rows_of(made.households_text())]
        rows[0] = ["date", "geography", "geography code", "Number of households: Total"]
        assert said(census_households, tmp_path, text_of(rows)) == []

    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    def test_a_table_of_the_project_saved_by_excel(self, tmp_path, mark):
        text = (DATA / "reference/releases.csv").read_text()
        (tmp_path / "reference").mkdir()
        path = tmp_path / "reference/releases.csv"
        path.write_bytes((mark + text.replace("\n", "\r\n")).encode())
        pd.testing.assert_frame_equal(
            load.read_anew("releases", tmp_path), load.read_anew("releases", DATA)
        )


class TestOneFaultIsOneMessage:
    def test_a_borough_misspelt(self, tmp_path):
        (line,) = said(borough_crime, tmp_path, made.crime_text().replace(",Barnet,", ",Barnit,"))
        assert "'Barnit' is not an area in the crosswalk (nor in " in line

    def test_a_borough_lost(self, tmp_path):
        text = edited(lambda rows: [row for row in rows if row[2] != "Barnet"])
        (line,) = said(borough_crime, tmp_path, text)
        assert "no rows for Barnet" in line

    def test_a_word_in_many_cells(self, tmp_path):
        def words(rows: list[list[str]]) -> None:
            for row in rows[1:5]:
                row[3:] = ["TRUE"] * len(row[3:])

        (line,) = said(borough_crime, tmp_path, edited(words))
        assert "'TRUE' is not a whole number, 0 or more (nor are 95 more such cells)" in line

    def test_a_title_above_the_table(self, tmp_path):
        lines = said(census_households, tmp_path, 'TS041\n\n"local authority",mnemonic,2021\n')
        assert len(lines) == 1
        assert "area_code and households" in lines[0]

    def test_a_number_that_may_be_cut_off(self, tmp_path):
        (line,) = said(borough_crime, tmp_path, made.crime_text()[:-1])
        assert "may be cut off" in line

    def test_a_stray_month(self, tmp_path):
        def stray(rows: list[list[str]]) -> None:
            for row in rows:
                row.insert(3, "0")
            rows[0][3] = "202406"

        (line,) = said(borough_crime, tmp_path, edited(stray))
        assert "25 months: 24 or a history are expected; 202406 has 0 offences" in line

    def test_a_history_joined_with_what_came_after(self, tmp_path):
        def joined(rows: list[list[str]]) -> None:
            months = pd.period_range("2018-07", "2024-06", freq="M").strftime("%Y%m")
            for row in rows:
                row[3:3] = ["9"] * len(months)
            rows[0][3 : 3 + len(months)] = list(months)

        (line,) = said(borough_crime, tmp_path, edited(joined))
        assert "96 months in one file, to June 2026: a history ends 24 months before" in line
        assert "2028" not in line
        known = crosswalks().releases.query("publication != 'mps_borough_crime'")
        assert said(borough_crime, tmp_path, edited(joined), replace(crosswalks(), releases=known))


def test_every_file_of_a_folder_is_read_or_named(tmp_path):
    for name in (
        "mps_recorded_crime_borough/CRIME.CSV",
        "mps_recorded_crime_borough/crime.csv",
        "mps_recorded_crime_borough/._crime.csv",
        "mps_outcomes/dashboard.csv",
        "mps_outcomes/~$outcomes.xlsx",
        "population/mye24tablesew.xlsx",
        "asb/calls.csv",
        "maps/one.zip",
        ".DS_Store",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    read = [path.name for each in PUBLICATIONS.values() for path in each.find(tmp_path)]
    assert sorted(read) == ["calls.csv", "crime.csv"]
    lines = not_read(tmp_path, PUBLICATIONS.values())
    assert [line.split(":")[1].strip().split(" ")[0] for line in lines] == [
        "maps/",
        "mps_outcomes/dashboard.csv",
        "mps_recorded_crime_borough/CRIME.CSV",
        "population/mye24tablesew.xlsx",
    ]
    assert "files there are named *.xlsx" in lines[1]
    assert "ons_mye_*.xlsx" in lines[3]


def test_files_beside_the_folders_and_a_folder_in_capitals_are_told_where_to_go(tmp_path):
    for name in ("crime.csv", "Population/ons_mye_mid2023.xlsx", "MPS outcomes/a.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    outcomes, population, beside = not_read(tmp_path, PUBLICATIONS.values())
    assert beside.startswith("not read: crime.csv: each publication's files lie in a folder: asb, ")
    assert outcomes.endswith("no publication has a folder of that name; if it is mps_outcomes/, "
                             "rename it")  # fmt: skip
    assert population.endswith("; if it is population/, rename it")
