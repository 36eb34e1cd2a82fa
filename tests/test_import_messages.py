"""Each publication's own reading of made files: the right table, or messages as read through.

`known_answers/import_messages.txt` holds every message in full: file, row, column, problem, remedy.
After a change that is meant, run `.venv/bin/python tests/test_import_messages.py` and read what
differs.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
import shapefile

import made_releases as made
from safer_communities.datasets import load
from safer_communities.datasets.small_numbers import told_of_wards
from safer_communities.errors import InputError, leaves
from safer_communities.project import DATA
from safer_communities.sources import PUBLICATIONS
from safer_communities.sources.comparing import table_at
from safer_communities.sources.crosswalks import Crosswalks
from test_bad_input import (
    CALL_CASES,
    CRIME_CASES,
    OUTCOME_CASES,
    OUTCOME_MONTHS,
    OUTCOME_RELEASE,
    WARD_CASES,
    WORKBOOK_CASES,
    outcome_rows,
    without,
)

pytestmark = pytest.mark.slow

KNOWN = Path(__file__).parent / "known_answers" / "import_messages.txt"
LONDON = "E12000007"


@cache
def crosswalks() -> Crosswalks:
    return Crosswalks.of(DATA)


def without_releases(publication: str) -> Crosswalks:
    releases = crosswalks().releases
    return replace(crosswalks(), releases=releases[releases["publication"] != publication])


def edited(text: str, *edits: tuple[str, str]) -> str:
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def outcomes(change: Callable = lambda rows: None) -> bytes:
    """The first months of the workbook of outcomes, changed."""
    rows = [list(row) for row in outcome_rows()]
    return made.workbook({"Sheet1": change(rows) or rows})


def population(sheet: str = "", change: Callable = lambda rows: None) -> bytes:
    """The workbook of mid-year estimates, one of its sheets changed."""
    sheets = {name: [list(row) for row in rows] for name, rows in made.population_sheets().items()}
    if sheet:
        sheets[sheet] = change(sheets[sheet]) or sheets[sheet]
    return made.workbook(
        {name: [[_number(cell) for cell in row] for row in rows] for name, rows in sheets.items()}
    )


def _number(cell: str) -> str | float:
    try:
        return float(cell)
    except ValueError:
        return cell


def boundaries(change: Callable = lambda rows: None, without_field: str = "") -> bytes:
    """The attribute table of the boundaries, its rows changed."""
    names = crosswalks().published_areas("borough_areas")
    rows = [
        [r.area_code, names[r.area_code], r.hectares]
        for r in load.table("borough_areas").itertuples()
    ]
    rows = change(rows) or rows
    buffer = io.BytesIO()
    with shapefile.Writer(dbf=buffer) as writer:
        fields = {"GSS_CODE": ("C", 9, 0), "NAME": ("C", 40, 0), "HECTARES": ("N", 12, 3)}
        places = [place for place, name in enumerate(fields) if name != without_field]
        for name in fields:
            if name != without_field:
                writer.field(name, *fields[name])
        for row in rows:
            writer.record(*(row[place] for place in places))
    return buffer.getvalue()


@cache
def ward_residents() -> str:
    """The Census file of residents by ward; a tenth are put into communal establishments."""
    ward, residence = "Electoral wards and divisions", "Residence type (2 categories)"
    lines = [[f"{ward} Code", ward, f"{residence} Code", residence, "Observation"]]
    for row in load.table("ward_population").itertuples():
        few = row.residents // 10
        for number, kind, people in (
            ("1", "Lives in a household", row.residents - few),
            ("2", "Lives in a communal establishment", few),
        ):
            lines.append([row.ward_code, row.ward_name, number, kind, str(people)])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def set_cell(row: int, column: int, value: object) -> Callable:
    def change(rows: list[list]) -> None:
        rows[row][column] = value

    return change


def without_row(row: int) -> Callable:
    return lambda rows: rows[:row] + rows[row + 1 :]


def without_column(column: int) -> Callable:
    return lambda rows: [row[:column] + row[column + 1 :] for row in rows]


def each_row(change: Callable) -> Callable:
    return lambda rows: [change(row) for row in rows]


def later_months(number: int) -> str:
    header, rows = made.crime_rows()
    return made.csv_text(
        [*header[:3], *header[3 + number :]], [r[:3] + r[3 + number :] for r in rows]
    )


CRIME, WARDS, CALLS = "mps_borough_crime", "mps_ward_crime", "gla_asb_calls"
HOUSEHOLDS, RESIDENTS = "census_households", "census_ward_population"
OUTCOMES, POPULATION, AREAS = "mps_positive_outcomes", "ons_mid_year_population", "borough_areas"
TITLES = {
    CRIME: "crime.csv", WARDS: "wards.csv", CALLS: "calls.csv", HOUSEHOLDS: "households.csv",
    RESIDENTS: "residents.csv", OUTCOMES: "outcomes.xlsx", POPULATION: "population.xlsx",
    AREAS: "areas.dbf",
}  # fmt: skip
GOOD = {
    CRIME: made.crime_text,
    WARDS: made.ward_text,
    CALLS: made.asb_text,
    HOUSEHOLDS: made.households_text,
    RESIDENTS: ward_residents,
    OUTCOMES: outcomes,
    POPULATION: population,
    AREAS: boundaries,
}
Content = str | bytes | Callable[[], str | bytes]


def all_cases() -> dict[str, tuple[str, dict[str, Content]]]:
    """Every case by its name: the publication, and its files by their names."""
    cases: dict[str, tuple[str, Content]] = {}
    for name, (content, _) in CRIME_CASES.items():
        if name not in ("a very long cell", "a workbook named CSV"):
            cases[f"{CRIME}, {name}"] = CRIME, content
    for name, (old, new, _) in WARD_CASES.items():
        cases[f"{WARDS}, {name}"] = WARDS, lambda o=old, n=new: edited(made.ward_text(), (o, n))
    for name, (old, new, _) in CALL_CASES.items():
        cases[f"{CALLS}, {name}"] = CALLS, lambda o=old, n=new: edited(made.asb_text(), (o, n))
    for name, (change, _) in OUTCOME_CASES.items():
        # The case without a change is a good file, and has a test beside the bad ones.
        if change is not None:
            cases[f"{OUTCOMES}, {name}"] = OUTCOMES, lambda c=change: outcomes(c)
    for name, (content, _) in WORKBOOK_CASES.items():
        if "bomb" not in name:
            cases[f"{OUTCOMES}, workbook {name}"] = OUTCOMES, content

    def population_case(name: str, sheet: str, change: Callable) -> None:
        cases[f"{POPULATION}, {name}"] = POPULATION, lambda: population(sheet, change)

    population_case("an area renamed", "MYE4", set_cell(3, 1, "Elsewhere"))
    population_case("an area lost", "MYE6", without_row(3))
    population_case("an area twice", "MYE4", lambda rows: [*rows, rows[2]])
    population_case("no names", "MYE4", without_column(1))
    population_case("a suppressed cell", "MYE4", set_cell(3, 5, "[c]"))
    population_case("a negative median", "MYE6", set_cell(3, 5, -1))
    population_case("another column", "MYE4", set_cell(0, 4, "Change"))
    population_case("a year lost", "MYE6", without_column(6))
    population_case("no year at all", "MYE6", each_row(lambda row: row[:3]))
    population_case("the last year lost", "MYE6", each_row(lambda row: row[:-1]))
    population_case("residents that do not add up", "MYE4", set_cell(3, 5, 389_000))
    population_case("a median that jumps", "MYE6", set_cell(3, 5, 50.5))
    population_case("a median of the City that jumps", "MYE6", set_cell(1, 5, 90))
    population_case("an age lost", "MYE2 - Males", without_column(7))
    population_case("ages that do not add up", "MYE2 - Persons", set_cell(3, 7, 9999))
    population_case("women that do not add up", "MYE2 - Females", set_cell(3, 7, 99))
    population_case("a cell of an age", "MYE2 - Females", set_cell(3, 7, "x"))

    def doubled(rows: list[list]) -> None:
        names = [row[0] for row in rows]
        for row in (rows[3], rows[names.index(LONDON)]):
            row[5] = str(int(row[5]) + 200_000)

    population_case("residents who double", "MYE4", doubled)
    for name, content in {
        "no households of an area": without(made.households_text(), "E09000003"),
        "an unknown area": made.households_text() + "E09000099,5\n",
        "an area twice": made.households_text() + "E09000003,5\n",
        "a cell": edited(made.households_text(), (",148917", ",148 917")),
        "another sum": edited(made.households_text(), (",148917", ",148971")),
        "another column": edited(made.households_text(), ("households", "homes")),
        "last line cut": made.households_text()[:-1],
        "a bar": "area_code|households\nE09000001|5\n",
    }.items():
        cases[f"{HOUSEHOLDS}, {name}"] = HOUSEHOLDS, content
    for name, edit in {
        "a code of no form": ("E05009317,", "E5009317,"),
        "another residence": ("Lives in a household", "Lives in a boat"),
        "another sum": (",19101", ",19011"),
        "a cell": (",19011", ",x"),
        "another column": ("Observation", "Count"),
    }.items():
        text = ward_residents()
        old, new = edit
        if old[1:].isdigit():
            old = "," + text.splitlines()[1].rpartition(",")[2]
        cases[f"{RESIDENTS}, {name}"] = RESIDENTS, edited(text, (old, new))
    first = ward_residents().splitlines(True)
    cases[f"{RESIDENTS}, a row lost"] = RESIDENTS, "".join([first[0], *first[2:]])
    cases[f"{RESIDENTS}, a row twice"] = RESIDENTS, "".join([*first, first[1]])
    cases[f"{AREAS}, a name changed"] = AREAS, lambda: boundaries(set_cell(2, 1, "Elsewhere"))
    cases[f"{AREAS}, nothing"] = AREAS, lambda: boundaries(set_cell(2, 2, 0.0))
    cases[f"{AREAS}, a row twice"] = AREAS, lambda: boundaries(lambda rows: [*rows, rows[2]])
    cases[f"{AREAS}, a row lost"] = AREAS, lambda: boundaries(without_row(2))
    cases[f"{AREAS}, another sum"] = AREAS, lambda: boundaries(set_cell(2, 2, 8674.838))
    for field in ("GSS_CODE", "NAME", "HECTARES"):
        cases[f"{AREAS}, no {field}"] = AREAS, lambda f=field: boundaries(without_field=f)
    cases[f"{AREAS}, damaged"] = AREAS, bytes(200)
    cases[f"{AREAS}, a text"] = AREAS, "code,hectares\n"
    several = {name: (kind, {TITLES[kind]: content}) for name, (kind, content) in cases.items()}
    several[f"{CALLS}, two files"] = CALLS, {"a.csv": made.asb_text, "b.csv": made.asb_text}
    several[f"{CRIME}, two files"] = CRIME, {"a.csv": made.crime_text, "b.csv": made.crime_text}
    several[f"{WARDS}, two files"] = WARDS, {"a.csv": made.ward_text, "b.csv": made.ward_text}
    several[f"{POPULATION}, two files"] = POPULATION, {"a.xlsx": population, "b.xlsx": population}
    several[f"{CRIME}, fewer months"] = CRIME, {"a.csv": later_months(3)}
    return several


CASES = all_cases()
REFUSED_BY_SCHEMA = {
    f"{OUTCOMES}, {name}" for name in ("a row lost", "a borough lost", "the last month half there")
}


def tidied(folder: Path, kind: str, files: dict[str, Content], given: Crosswalks) -> dict:
    paths = []
    for name, content in files.items():
        content = content() if callable(content) else content
        paths.append(folder / name)
        paths[-1].write_bytes(content if isinstance(content, bytes) else content.encode())
    tables = PUBLICATIONS[kind].tidy(paths, given)
    for path, table in tables.items():
        load.check(table_at(path)[1], table, f"{' and '.join(files)}, for data/{path}")
    return tables


def messages(folder: Path, kind: str, files: dict[str, Content], given: Crosswalks) -> str:
    """The messages with the titles of their groups; empty where the files are taken."""
    try:
        tidied(folder, kind, files, given)
    except (InputError, ExceptionGroup) as error:
        return "\n".join([*_titles(error), *map(str, leaves(error))])
    return ""


def _titles(error: Exception) -> list[str]:
    if not isinstance(error, ExceptionGroup):
        return []
    return [error.message, *(title for part in error.exceptions for title in _titles(part))]


@cache
def known() -> dict[str, str]:
    parts = KNOWN.read_text(encoding="utf-8").removesuffix("\n").split("\n\n=== ")[1:]
    return {name: text for name, _, text in (part.partition("\n") for part in parts)}


@pytest.mark.parametrize("case", CASES)
def test_messages_are_as_read_through(tmp_path, case):
    assert messages(tmp_path, *CASES[case], given_to(case)) == known()[case]


@pytest.mark.parametrize("kind", sorted(TITLES))
def test_a_release_that_is_not_in_the_table_of_releases_is_refused(tmp_path, kind):
    found = messages(tmp_path, kind, {TITLES[kind]: GOOD[kind]}, without_releases(kind))
    assert found == known()[f"{kind}, release not known"]


def given_to(case: str) -> Crosswalks:
    """What a case is read with: what the schema refuses is of a release that is known."""
    return with_outcomes() if case in REFUSED_BY_SCHEMA else crosswalks()


def with_outcomes() -> Crosswalks:
    return with_release(OUTCOMES, OUTCOME_RELEASE, OUTCOME_MONTHS[0], OUTCOME_MONTHS[-1])


def with_release(publication: str, release: str, first: str, last: str) -> Crosswalks:
    row = crosswalks().releases.query("publication == @publication").iloc[[-1]]
    row = row.assign(release=release, first_month=first, last_month=last)
    return replace(crosswalks(), releases=row)


@pytest.mark.parametrize(
    ("kind", "tables"),
    [
        # The largest are imported every time by test_release_set.py.
        pytest.param(
            CRIME,
            {"recorded_crime_borough/2026-07.parquet": lambda: load.recorded_crime("2026-07")},
            marks=pytest.mark.long,
        ),
        pytest.param(
            WARDS,
            {"recorded_crime_ward/2026-04.parquet": lambda: load.ward_crime("2026-04")},
            marks=pytest.mark.long,
        ),
        (CALLS, {"asb/london_asb_calls.csv": made.asb_calls}),
        (HOUSEHOLDS, {"population/households.csv": lambda: load.table("households")}),
        (RESIDENTS, {"population/ward_population.csv": lambda: load.table("ward_population")}),
        (AREAS, {"borough_areas.csv": lambda: load.table("borough_areas")}),
        (
            POPULATION,
            {
                "population/mid_year_population.csv": lambda: load.table(
                    "mid_year_population"
                ).query("release == 'mid-2023'"),
                "population/population_by_age.csv": lambda: load.table("population_by_age").query(
                    "release == 'mid-2023'"
                ),
            },
        ),
        (
            OUTCOMES,
            {
                "positive_outcomes.csv": lambda: (
                    load.table("positive_outcomes")
                    .query("month < '2022-04-01'")
                    .assign(release=OUTCOME_RELEASE)
                )
            },
        ),
    ],
)
def test_a_good_file_becomes_the_committed_table(tmp_path, kind, tables):
    given = crosswalks()
    if kind == OUTCOMES:
        given = with_outcomes()
    found = tidied(tmp_path, kind, {TITLES[kind]: GOOD[kind]}, given)
    if kind == WARDS:
        # What is withheld of wards is not in the committed tables.
        found.pop("sensitive_ward_crime.csv")
        found = {path: told_of_wards(t, given.offences) for path, t in found.items()}
    assert list(found) == list(tables)
    for path, table in tables.items():
        right = table().reset_index(drop=True)
        pd.testing.assert_frame_equal(found[path], right, check_dtype=False, check_exact=True)


def renew(folder: Path) -> None:
    """Writes all messages as they are now."""
    parts = ["What each made file is answered, by case."]
    for name, (kind, files) in CASES.items():
        parts.append(f"{name}\n{messages(folder, kind, files, given_to(name))}")
    for kind in sorted(TITLES):
        found = messages(folder, kind, {TITLES[kind]: GOOD[kind]}, without_releases(kind))
        parts.append(f"{kind}, release not known\n{found}")
    KNOWN.write_text("\n\n=== ".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        renew(Path(scratch))
