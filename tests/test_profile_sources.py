"""The publications of the profile: check values of the publishers' files, and what is refused.

A table of corruptions for each shape that publications share: text with commas, a workbook, a table
saved by R. Each is a made release (`made_profile`) with one thing wrong that not every publication
can have; what each can have is in `test_profile_refusals`.
"""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import pandas as pd
import pyreadr
import pytest

import made_profile as made
from made_releases import workbook
from safer_communities.datasets import load
from safer_communities.errors import InputError, leaves
from safer_communities.project import DATA
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publications import PUBLICATIONS
from source_releases import source_folder

pytestmark = pytest.mark.slow

Lines = list[list[str]]


@cache
def crosswalks() -> Crosswalks:
    return Crosswalks.of(DATA)


@cache
def claimants() -> str:
    return made.local_statistics("claimants", "Claimant Count")


def of_cells(change: Callable[[Lines], object]) -> Callable[[bytes], bytes]:
    """A corruption of the cells of a file with commas: a list of lists, the header first."""

    def corrupt(content: bytes) -> bytes:
        lines = [line.split(",") for line in content.decode().splitlines()]
        change(lines)
        return "".join(",".join(line) + "\n" for line in lines).encode()

    return corrupt


def put(row: int, column: int, value: object) -> Callable[[Lines], None]:
    """Writes a cell."""

    def change(lines: Lines) -> None:
        lines[row][column] = value  # type: ignore[assignment, call-overload]

    return change


# Row 20 is of a borough in a middle year: columns are code, name, kind, indicator, period, figure.
TEXT: dict[str, Callable[[bytes], bytes]] = {
    "binary": lambda content: b"\x00\x01" + content,
    "another encoding": lambda content: content.replace(b"Barnet", b"B\xe4rnet"),
    "cut off in a row": lambda content: content[:-12],
    "cut off between rows": of_cells(lambda lines: lines.__delitem__(slice(-3, None))),
    "a column more": of_cells(lambda lines: [line.append("new") for line in lines]),
    "a column less": of_cells(lambda lines: [line.pop(2) for line in lines]),
    "a row lost": of_cells(lambda lines: lines.pop(20)),
    "a year lost": of_cells(
        lambda lines: lines.__setitem__(
            slice(None), [line for line in lines if not line[4].startswith("2018")]
        )
    ),
    "a figure too large": of_cells(put(20, 5, "25")),
    "a share for a percentage": of_cells(put(20, 5, "0.02")),
    "a leap from year to year": of_cells(put(20, 5, "12")),
    "London outside its boroughs": of_cells(
        lambda lines: [
            line.__setitem__(5, "0.5")
            for line in lines
            if line[0] == "E12000007" and line[4].startswith("2010")
        ]
    ),
    "another unit": of_cells(put(20, 7, "£")),
    "a period that is none": of_cells(put(20, 4, "last year")),
    "a month that is none": of_cells(put(20, 4, "2018-13-01/P1Y")),
    "another indicator": lambda content: content.replace(b"Claimant Count", b"Vacancies"),
    "two indicators": of_cells(put(20, 3, "Employment rate")),
    "months not known": lambda content: content.replace(b"2025-01-01", b"2026-01-01"),
}


@pytest.mark.parametrize("corruption", TEXT)
def test_a_corrupted_file_with_commas_is_refused(corruption: str, tmp_path) -> None:
    content = TEXT[corruption](claimants().encode())
    refused("ons_local_statistics", tmp_path / "ons_els_claimants.csv", content)


@cache
def businesses() -> dict[str, made.Rows]:
    return made.business_counts()


def of_sheet(change: Callable[[made.Rows], object], sheet: str = "Table 10 ") -> Callable:
    """A corruption of a sheet's rows: the year in row 1, the headings in 2, London's from 3 on."""

    def corrupt() -> bytes:
        sheets = {name: [[*row] for row in rows] for name, rows in businesses().items()}
        change(sheets[sheet])
        return workbook(sheets)

    return corrupt


def without(name: str) -> bytes:
    return workbook({key: rows for key, rows in businesses().items() if key != name})


def renamed(name: str, to: str) -> bytes:
    return workbook({to if key == name else key: rows for key, rows in businesses().items()})


SHEETS: dict[str, Callable[[], bytes]] = {
    "cut off": lambda: workbook(businesses())[:-200],
    "a byte changed": lambda: workbook(businesses())[:300] + b"?" + workbook(businesses())[301:],
    "table 10 lost": lambda: without("Table 10 "),
    "table 22 lost": lambda: without("Table 22"),
    "a sheet renamed": lambda: renamed("Table 22", "Table 23"),
    "no year": of_sheet(lambda rows: rows.pop(1)),
    "a year that is none": of_sheet(put(1, 2, "UK, latest")),
    "two years": of_sheet(put(1, 2, "UK, 2020")),
    "a year not known": lambda: workbook(
        {n: [[("UK, 1999" if c == "UK, 2021" else c) for c in r] for r in rows]
         for n, rows in businesses().items()}
    ),
    "a row lost": of_sheet(lambda rows: rows.pop(4)),
    "a row lost in the other sheet": of_sheet(lambda rows: rows.pop(4), "Table 22"),
    "a mark of the publisher's": of_sheet(put(4, 3, ":")),
    "thousands for ones": of_sheet(put(4, 3, 24.6)),
    "a cell far away": of_sheet(lambda rows: rows[4].extend([""] * 800 + [1.0])),
}  # fmt: skip


@pytest.mark.parametrize("corruption", SHEETS)
def test_a_corrupted_workbook_is_refused(corruption: str, tmp_path) -> None:
    content = SHEETS[corruption]()
    refused("ons_business_counts", tmp_path / "ons_ukbusinessworkbook2021.xlsx", content)


@pytest.fixture(scope="module")
def census(tmp_path_factory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("census") / "made.rda"
    path.write_bytes(made.ethnic_groups())
    return next(iter(pyreadr.read_r(str(path)).values()))


def of_census(**values: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """A corruption of Barnet's first row."""

    def corrupt(table: pd.DataFrame) -> pd.DataFrame:
        first = table.index[table["ltla21_code"] == "E09000003"][0]
        for column, value in values.items():
            if isinstance(value, str):
                table[column] = table[column].astype(object)
            table.loc[first, column] = value
        return table

    return corrupt


def is_barnet(table: pd.DataFrame) -> pd.Series:
    return table["ltla21_code"] == "E09000003"


SAVED_BY_R: dict[str, Callable[[pd.DataFrame], pd.DataFrame | bytes]] = {
    "empty": lambda table: b"",
    "a web page": lambda table: b"<!doctype html><html>Not found</html>",
    "text with commas": lambda table: table.to_csv().encode(),
    "a workbook": lambda table: workbook(businesses()),
    "cut off": lambda table: made.saved_by_r(table)[:5_000],
    "no rows": lambda table: table.iloc[:0],
    "a column renamed": lambda table: table.rename(columns={"value": "count"}),
    "a column lost": lambda table: table.drop(columns="ltla21_name"),
    "a column more": lambda table: table.assign(more="1"),
    "a borough lost": lambda table: table[~is_barnet(table)],
    "a borough twice": lambda table: pd.concat([table, table[is_barnet(table)]], ignore_index=True),
    "a group lost": lambda table: table.drop(index=table.index[is_barnet(table)][3]),
    "a group twice": lambda table: pd.concat(
        [table, table[is_barnet(table)].iloc[:1]], ignore_index=True
    ),
    "a group renamed": of_census(ethnic_group="Asiatic: 0 (number)"),
    "a group of percentages": of_census(ethnic_group="Asian: 0 (percent)"),
    "numbers as percentages": lambda table: table.assign(
        ethnic_group=table["ethnic_group"].str.replace("number", "percent")
    ),
    "a negative number": of_census(value=-5.0),
    "half a person": of_census(value=1000.5),
    "no number": of_census(value=float("nan")),
    "no people": lambda table: table.assign(value=table["value"].where(~is_barnet(table), 0)),
    "one group alone": lambda table: table.assign(
        value=table["value"].where(
            ~is_barnet(table) | ~table["ethnic_group"].str.startswith("White"), 0
        )
    ),
    "another area's name": lambda table: table.assign(
        ltla21_name=table["ltla21_name"].where(~is_barnet(table), "Camden")
    ),
    "codes of Wales": lambda table: table.assign(
        ltla21_code=table["ltla21_code"].str.replace("E", "W")
    ),
    "two codes exchanged": lambda table: table.assign(
        ltla21_code=table["ltla21_code"].replace(
            {"E09000003": "E09000007", "E09000007": "E09000003"}
        )
    ),
    "an unknown code": lambda table: table.assign(
        ltla21_code=table["ltla21_code"].replace({"E09000003": "E09000099"})
    ),
}


@pytest.mark.parametrize("corruption", SAVED_BY_R)
def test_a_corrupted_table_saved_by_r_is_refused(corruption: str, census, tmp_path) -> None:
    found = SAVED_BY_R[corruption](census.copy())
    content = found if isinstance(found, bytes) else made.saved_by_r(found)
    refused("census_ethnic_groups", tmp_path / "made_ethnicity21_ltla21.rda", content)


def survey_without_areas() -> bytes:
    rows = made.employment_survey()["Data"]
    return workbook({"Data": [row for row in rows if ":" not in str(row[0])]})


def notices_without_rows() -> bytes:
    headings = (
        "Total Fixed Penalty Notice Actions",
        ("Fixed Penalty Notices issued specifically for fly-tipping"),
    )
    return made.opendocument({"LA_actions": [["Made"], ["Year", "ONS Code", *headings]]})


def means_with_codes_for_names() -> bytes:
    """All of one indicator is of no borough: its sheet has the names where the codes should be."""
    sheets = made.prices_paid()
    sheets["Mean"] = [[row[1], row[0], *row[2:]] for row in sheets["Mean"]]
    sheets["Mean"][0][:2] = sheets["Median"][0][:2]
    return workbook(sheets)


@pytest.mark.parametrize(
    ("publication", "name", "content"),
    [
        ("ons_employment_survey", "nomis_aps_t01_2023.xlsx", survey_without_areas),
        ("defra_fly_tipping", "defra_flytipping_la.ods", notices_without_rows),
        (
            "gla_prices_paid",
            "gla_land_registry_house_prices_borough.xls",
            means_with_codes_for_names,
        ),
    ],
)
def test_a_file_without_rows_of_boroughs_is_refused(publication, name, content, tmp_path) -> None:
    refused(publication, tmp_path / name, content())


def refused(publication: str, path: Path, content: bytes) -> None:
    """Fails unless the file is refused with its name, a problem and a remedy."""
    path.write_bytes(content)
    with pytest.raises((InputError, ExceptionGroup)) as raised:
        PUBLICATIONS[publication].tidy([path], crosswalks())
    for error in leaves(raised.value):
        assert isinstance(error, InputError)
        assert path.name in error.place or publication in error.place
        assert error.problem
        assert error.remedy


# What the publishers' files say, by table, release, indicator, area and the end of the period.
KNOWN = [
    ("business_counts", "2020", "enterprises", "E09000003", "2020-03-31", 24_615),
    ("business_counts", "2020", "enterprises_0_4", "E09000003", "2020-03-31", 21_220),
    ("business_counts", "2020", "enterprises", "E12000007", "2020-03-31", 531_300),
    ("employment_survey", "2022-10", "employment_rate", "E09000003", "2020-06-30", 76.7),
    ("employment_survey", "2023-01", "employment_rate", "E09000003", "2021-09-30", 70.4),
    ("employment_survey", "2022-10", "employment_rate", "E12000007", "2020-06-30", 75.2),
    ("local_statistics", "claimants-2025", "claimants", "E09000003", "2021-12-31", 6.4),
    ("local_statistics", "weekly-pay-2025", "weekly_pay", "E09000003", "2021-04-30", 574.9),
    ("earnings", "2021", "mean_pay", "E09000003", "2021-04-30", 41_030),
    ("earnings", "2021", "median_pay", "E12000007", "2021-04-30", 31_966),
    ("prices_and_pay", "2022", "full_time_pay", "E09000003", "2021-04-30", 35_719),
    ("house_price_index", "2022-04", "average_house_price", "E09000003", "2022-02-28", 583_565),
    ("prices_paid", "2017", "mean_house_price", "E09000003", "2017-12-31", 667_593),
    ("life_expectancy", "to-2025", "life_female", "E09000003", "2019-12-31", 85.8),
    ("life_expectancy", "to-2025", "life_male", "E09000003", "2019-12-31", 82.3),
    ("life_expectancy_london", "to-2023", "life_male", "E12000007", "2023-12-31", 79.8),
    ("subnational_indicators", "2022-01", "schools_good", "E09000003", "2021-08-31", 96.8),
    ("ethnic_groups", "census-2021", "ethnic_minority", "E09000003", "2021-03-21", 42.3),
    ("ethnic_groups", "census-2021", "ethnic_minority", "E12000007", "2021-03-21", 46.2),
    ("borough_profiles", "2017", "ethnic_minority", "E12000007", "2016-12-31", 42.504),
    ("libraries", "2022-12", "libraries", "E09000003", "2022-12-31", 14),
    ("fly_tipping_actions", "2023-03", "fly_tipping_notices", "E09000003", "2020-03-31", 1_869),
    ("fly_tipping_actions", "2023-03", "fly_tipping_notices", "E09000003", "2022-03-31", 20),
    (
        "projected_residents",
        "2016-based",
        "residents_projected",
        "E09000003",
        "2020-06-30",
        407_148,
    ),
]


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: f"{known[0]}-{known[2]}-{known[4]}")
def test_the_tables_hold_what_the_publishers_printed(known) -> None:
    name, release, indicator, area, end, expected = known
    table = load.table(name)
    rows = table[
        (table["release"] == release)
        & (table["indicator"] == indicator)
        & (table["area_code"] == area)
        & (table["period_end"] == end)
    ]
    digits = len(str(expected).partition(".")[2])
    assert round(rows["value"].item(), digits) == expected


def test_ofsted_ranks_every_area_of_england() -> None:
    table = load.table("subnational_indicators").query("indicator == 'schools_good'")
    good = table.set_index("area_code")["value"]
    assert len(good) == 151
    assert good.rank(ascending=False, method="min")["E09000003"] == 7


def test_the_publishers_files_give_the_tables(tmp_path) -> None:
    folder = source_folder()
    for name in ("ons_employment_survey", "census_ethnic_groups", "ace_libraries"):
        publication = PUBLICATIONS[name]
        for path, table in publication.tidy(publication.find(folder), crosswalks()).items():
            buffer = BytesIO(table.to_csv(index=False, date_format="%Y-%m-%d").encode())
            assert buffer.getvalue() == (DATA / path).read_bytes()


def test_women_and_men_exchanged_in_a_borough_are_told(tmp_path) -> None:
    path = tmp_path / "fingertips_90366_life_expectancy_made.csv"
    lines = [line.split(",") for line in made.life_expectancy().splitlines()]
    other = {"Female": "Male", "Male": "Female"}
    for line in lines[1:]:
        if line[1] == "Barnet" and line[3] == "2017 - 19":
            line[9] = other[line[9]]
    path.write_text("".join(",".join(line) + "\n" for line in lines))
    with pytest.raises(ExceptionGroup) as failure:
        PUBLICATIONS["ohid_life_expectancy"].tidy([path], crosswalks())
    (error,) = leaves(failure.value)
    assert "in Barnet in 2017 to 2019 women live 82.3 years and men 85.8" in str(error)
