"""Files of data.police.uk: what they hold, and made files that are wrong, each refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import made_police_uk as made
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period
from safer_communities.errors import InputError, leaves
from safer_communities.project import DATA
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.police_uk import asb_incidents, burglary_outcomes

pytestmark = pytest.mark.slow

BARNET = "E09000003"
PARQUET, LOOKUP, OLD = "made_lsoa_month_category.parquet", "made_lsoa21_ward.csv", "old_wards.csv"
BURGLARY = "burglary_by_outcome.csv"


@pytest.fixture(scope="module")
def crosswalks() -> Crosswalks:
    """Those of the project, with the releases of the made files."""
    known = Crosswalks.of(DATA)
    rows = [
        ["police_uk_asb", "2024-02", "", "2023-10", "2024-01", ""],
        ["police_uk_asb", "2016-07", "", "2016-04", "2016-06", ""],
        ["police_uk_burglary_outcomes", "2013-06", "", "2012-04", "2013-05", ""],
    ]
    return replace(known, releases=pd.DataFrame(rows, columns=known.releases.columns))


def tidied(folder: Path, crosswalks: Crosswalks, **changes) -> dict[str, pd.DataFrame]:
    """The tables of the made files of incidents, each changed by a function of its frame."""
    frames = {
        "areas": made.areas(),
        "lookup": made.lookup(),
        "old": made.old_wards(),
    }
    frames = {name: changes.get(name, lambda frame: frame)(frame) for name, frame in frames.items()}
    frames["areas"].to_parquet(folder / PARQUET, index=False)
    frames["lookup"].to_csv(folder / LOOKUP, index=False)
    frames["old"].to_csv(folder / OLD, index=False)
    return asb_incidents.tidy([folder / PARQUET, folder / LOOKUP, folder / OLD], crosswalks)


def with_cell(row: int, column: str, value: object):
    """Changes one cell of a frame."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.astype({column: object}) if isinstance(value, str) else frame
        frame.loc[row, column] = value
        return frame

    return change


def without(**values: object):
    """Leaves out the rows that have these values."""
    return lambda frame: frame[~np.logical_and.reduce([frame[k] == v for k, v in values.items()])]


def again(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([frame, frame.iloc[[0]]])


def tenfold(frame: pd.DataFrame) -> pd.DataFrame:
    own = (frame["borough"] == "Barnet") & (frame["month"] == 11)
    return frame.assign(crime_count=frame["crime_count"].where(~own, frame["crime_count"] * 10))


def thin(frame: pd.DataFrame) -> pd.DataFrame:
    last = frame["month"] == 12
    return frame.assign(crime_count=frame["crime_count"].where(~last, frame["crime_count"] // 3))


REFUSED = {
    "no count": ("areas", lambda f: f.drop(columns="crime_count"), PARQUET, "no column crime_"),
    "another column": ("areas", lambda f: f.assign(more=1), PARQUET, "column more is not known"),
    "words for counts": ("areas", lambda f: f.astype({"crime_count": str}), PARQUET, "holds"),
    "no row": ("areas", lambda f: f.iloc[:0], PARQUET, "no row"),
    "below 0": ("areas", with_cell(0, "crime_count", -1), PARQUET, "0 or more"),
    "a code": ("areas", with_cell(0, "lsoa_code", "E02000001"), PARQUET, "a code such as"),
    "month 13": ("areas", with_cell(0, "month", 13), PARQUET, "a month, 1 to 12"),
    "year 23": ("areas", with_cell(0, "year", 23), PARQUET, "a year"),
    "a category": ("areas", with_cell(1, "category", "Arson"), PARQUET, "one of Anti-social"),
    "no incidents": ("areas", without(category="Anti-social behaviour"), PARQUET, "no row of"),
    "a second row": ("areas", again, PARQUET, "a second row for E01000000 in October 2023"),
    "a month lost": ("areas", without(month=11), PARQUET, "no row for November 2023"),
    "the last lost": ("areas", without(month=1), PARQUET, "release 2024-01 of"),
    "old months": ("areas", lambda f: f.assign(year=2021), PARQUET, "no month from October 2023"),
    "a borough lost": ("areas", without(borough="Barnet"), PARQUET, "no whole month of E09000003"),
    "a name": ("areas", with_cell(0, "borough", "Barnett"), PARQUET, "an area in the crosswalk"),
    "another's area": ("areas", with_cell(0, "borough", "Brent"), PARQUET, "does not lie in Brent"),
    "ten times": ("areas", tenfold, PARQUET, "where its months have about"),
    "a thin month": ("areas", thin, PARQUET, "where the other months have"),
    "lookup lacks": ("lookup", lambda f: f.iloc[1:], PARQUET, "is no small area of the lookup"),
    "lookup twice": ("lookup", again, LOOKUP, "a second row for E01000000"),
    "lookup column": ("lookup", lambda f: f.drop(columns="WD22CD"), LOOKUP, "no column WD22CD"),
    "lookup ward": ("lookup", with_cell(0, "WD22CD", "E09000001"), LOOKUP, "text of the form"),
    "lookup share": (
        "lookup",
        with_cell(0, "share_of_lsoa_area_in_ward", "1.2"),
        LOOKUP,
        "text of the form",
    ),
    "a ward of two": ("lookup", with_cell(0, "LAD22CD", BARNET), LOOKUP, "in several boroughs"),
    "old column": ("old", lambda f: f.drop(columns="category"), OLD, "no column category"),
    "old twice": ("old", again, OLD, "a second row for E05000043"),
    "old words": ("old", with_cell(0, "incidents", "seven"), OLD, "a whole number"),
    "old month": ("old", with_cell(0, "month", "April"), OLD, "the first of a month"),
    "old ward": ("old", with_cell(0, "ward_code_pre2018", "E05009999"), OLD, "in the crosswalk"),
    "old gap": ("old", without(month="2016-05"), OLD, "no row for May 2016"),
    "old end": ("old", without(month="2016-06"), OLD, "release 2016-06 of"),
    "old none": ("old", without(category="anti-social-behaviour"), OLD, "no row of"),
}


def test_good_files_become_tables(tmp_path, crosswalks):
    tables = tidied(tmp_path, crosswalks)
    boroughs, wards = tables["asb/asb_incidents.csv"], tables["asb/asb_incidents_wards.parquet"]
    own = boroughs[boroughs["area_code"] == BARNET]
    assert list(own["incidents"]) == [147] * 3 + [206] * 4
    assert own["complete"].all()
    assert list(own["release"]) == ["2016-07"] * 3 + ["2024-02"] * 4
    assert wards.groupby(["area_code", "month"])["incidents"].sum().eq(206).all()


def test_a_month_that_lacks_a_part_of_a_borough_is_told(tmp_path, crosswalks):
    def hole(frame: pd.DataFrame) -> pd.DataFrame:
        lost = (frame["borough"] == "Barnet") & (frame["month"] == 11)
        return frame[~(lost & frame["lsoa_code"].str.endswith(("0", "1")))]

    tables = tidied(tmp_path, crosswalks, areas=hole)
    whole = {path: table[~table["complete"]] for path, table in tables.items()}
    assert list(whole["asb/asb_incidents.csv"]["area_code"]) == [BARNET]
    assert list(whole["asb/asb_incidents_wards.parquet"]["incidents"]) == [0]
    # A month without an incident, where other crimes are, is a count.
    none = tidied(tmp_path, crosswalks, areas=without(category="Anti-social behaviour", month=99))
    assert none["asb/asb_incidents.csv"]["complete"].all()


@pytest.mark.parametrize("case", REFUSED)
def test_a_spoilt_file_is_refused(tmp_path, crosswalks, case):
    part, change, file, said = REFUSED[case]
    with pytest.raises((InputError, ExceptionGroup)) as caught:
        tidied(tmp_path, crosswalks, **{part: change})
    found = [leaf for leaf in leaves(caught.value) if isinstance(leaf, InputError)]
    assert any(said in error.problem for error in found), [str(each) for each in found]
    assert all(file in error.place and error.remedy for error in found)


def many(frame):
    """The table with more burglaries in its first row than a month has."""
    return frame.assign(count=frame["count"].where(frame.index != 0, "900"))


def spoilt_burglaries() -> dict:
    return {
        "no column": (lambda f: f.drop(columns="month"), "no column month"),
        "another column": (lambda f: f.assign(more="1"), "column more is not known"),
        "twice": (again, "a second row for"),
        "words": (with_cell(0, "count", "many"), "a whole number"),
        "below 0": (with_cell(0, "count", "-3"), "a whole number"),
        "a decimal": (with_cell(0, "count", "3.5"), "a whole number"),
        "empty": (with_cell(0, "count", ""), "a whole number"),
        "month": (with_cell(0, "month", "2012-13"), "the first of a month"),
        "no month": (with_cell(0, "month", ""), "the first of a month"),
        "outcome": (with_cell(0, "last_outcome_category", "Hanged"), "one of Investigation"),
        "borough lost": (without(area="Barnet"), "no row for Barnet"),
        "borough renamed": (lambda f: f.replace("Barnet", "Barnett"), "no row for Barnet"),
        "month lost": (without(month="2012-07"), "no row for July 2012"),
        "start lost": (without(month="2012-04"), "covers 2012-05"),
        "end lost": (without(month="2013-05"), "release 2013-05 of"),
        "month of a borough": (without(area="Barnet", month="2012-07"), "0 burglaries in Barnet"),
        "an outcome of a month of a borough": (
            lambda f: f.drop(index=f.index[3]),
            "no row of 'Investigation complete; no suspect identified' in Barking and Dagenham in "
            "May 2012, where the months beside it have 80 or more",
        ),
        "tenfold": (many, "where its months have about"),
        "no rows": (lambda f: f.iloc[:0], "no rows"),
    }


@pytest.mark.parametrize("case", spoilt_burglaries())
def test_a_spoilt_file_of_burglaries_is_refused(tmp_path, crosswalks, case):
    change, said = spoilt_burglaries()[case]
    change(made.burglaries()).to_csv(tmp_path / BURGLARY, index=False)
    with pytest.raises((InputError, ExceptionGroup)) as caught:
        burglary_outcomes.tidy([tmp_path / BURGLARY], crosswalks)
    found = [leaf for leaf in leaves(caught.value) if isinstance(leaf, InputError)]
    assert any(said in error.problem for error in found), [str(each) for each in found]
    assert all(BURGLARY in error.place and error.remedy for error in found)


SPOILT_BYTES = {
    "empty": (lambda text: b"", "the file is empty"),
    "a web page": (lambda text: b"<!doctype html>" + text, "a web page"),
    "two bytes a letter": (lambda text: text.decode().encode("utf-16"), "UTF-16 text"),
    "binary": (lambda text: text.replace(b"80", b"8\0"), "binary data"),
    "semicolons": (lambda text: text.replace(b",", b";"), "semicolons"),
    "a title above": (lambda text: b"Burglaries\n" + text, "stands above the table"),
    "a heading twice": (lambda text: text.replace(b"area", b"month", 1), "month"),
    "a cell too many": (lambda text: text.replace(b",80", b",80,1", 1), "5 cells where"),
    "a quote left open": (lambda text: text + b'"Barnet,', "not a CSV table"),
    "cut off": (lambda text: text[:-6], "cells where the header has"),
}


@pytest.mark.parametrize("case", SPOILT_BYTES)
def test_spoilt_bytes_of_burglaries_are_refused(tmp_path, crosswalks, case):
    change, said = SPOILT_BYTES[case]
    (tmp_path / BURGLARY).write_bytes(change(made.burglaries().to_csv(index=False).encode()))
    with pytest.raises((InputError, ExceptionGroup)) as caught:
        burglary_outcomes.tidy([tmp_path / BURGLARY], crosswalks)
    found = [leaf for leaf in leaves(caught.value) if isinstance(leaf, InputError)]
    assert any(said in error.problem for error in found), [str(each) for each in found]
    assert all(BURGLARY in error.place and error.remedy for error in found)


def test_burglaries_are_added_up_to_whole_years_and_kinds(tmp_path, crosswalks):
    """Places outside London, and burglaries without an outcome or a place, are left out."""
    rows = made.burglaries()
    more = [["", "2012-05", "Under investigation", "4"], ["Hertsmere", "2012-05", "", "4"]]
    rows = pd.concat([rows, pd.DataFrame(more, columns=rows.columns)])
    rows.to_csv(tmp_path / BURGLARY, index=False)
    table = burglary_outcomes.tidy([tmp_path / BURGLARY], crosswalks)["burglary_outcomes.csv"]
    assert set(table["month"]) == {pd.Timestamp("2013-03-01")}
    own = table[table["area_code"] == BARNET].set_index("outcome")["burglaries"]
    assert own[burglary_outcomes.DEALT_WITH] == 60
    assert own.sum() == 1200
    assert len(table) == 32 * 3


class TestCheckValues:
    """Of the catalogue: releases of April 2026 and July 2018, and of March 2025."""

    @pytest.mark.parametrize(
        ("year", "barnet", "london"),
        [
            ("2025-03", 7_469, 217_500),
            ("2026-03", 7_153, 222_244),
            ("2018-03", 7_755, None),
            ("2017-03", 8_788, None),
        ],
    )
    def test_incidents_as_the_publication_has_them(self, year, barnet, london):
        table = load.table("asb_incidents")
        rows = table[table["month"].isin(Period.year_to(year).months())]
        assert rows.loc[rows["area_code"] == BARNET, "incidents"].sum() == barnet
        if london is not None:
            assert rows["incidents"].sum() == london
            wards = load.table("asb_incidents_wards")
            own = wards["month"].isin(Period.year_to(year).months())
            assert wards.loc[own, "incidents"].sum() == london

    def test_no_month_between_is_held(self):
        months = load.table("asb_incidents")["month"]
        assert not months.between("2018-07-01", "2023-09-30").any()

    def test_months_that_lack_a_part_of_barnet_are_known(self):
        table = load.table("asb_incidents")
        own = table[(table["area_code"] == BARNET) & (table["month"] >= "2023-10-01")]
        broken = own.loc[~own["complete"], "month"].dt.strftime("%Y-%m")
        assert list(broken) == ["2023-12", "2024-03", "2024-05", "2025-01"] + [
            f"2025-{month:02d}" for month in (4, 6, 8, 9)
        ]

    def test_outcomes_of_burglary(self):
        table = load.table("burglary_outcomes")
        for year, barnet, london in (("2021-03", 3.4, 4.8), ("2022-03", 4.9, 5.1)):
            rows = table[table["month"] == Period.year_to(year).end]
            dealt = rows["outcome"] == burglary_outcomes.DEALT_WITH
            for own, share in (
                (rows["area_code"] == BARNET, barnet),
                (rows["burglaries"] >= 0, london),
            ):
                found = (
                    rows.loc[own & dealt, "burglaries"].sum() / rows.loc[own, "burglaries"].sum()
                )
                assert round(100 * found, 1) == share
