"""Real releases mutated: the import gives exactly the right table or refuses, never a wrong one.

What is right is decided here and not by the import: a reader of its own, made of the csv module and
dictionaries, says what a mutated file states. An accepted table must be that, cell by cell. And it
may differ from the release as published only where nothing published can tell the two apart, within
the limits that `cross_checks` lists; these are worked out here once more.

The releases are real counts (see `made_releases`), of fewer offences than were published so that an
example takes a fraction of a second. `MUTATIONS` in the environment sets the number of examples.
"""

import csv
import io
import math
import os
import tempfile
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import made_releases as made
from safer_communities.datasets import load
from safer_communities.datasets.schemas import TABLES
from safer_communities.errors import ErrorCollector, InputError
from safer_communities.project import DATA
from safer_communities.sources.comparing import ConsistencyChecker
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.gla import asb_calls
from safer_communities.sources.mps import borough_crime, positive_outcomes, ward_crime
from safer_communities.sources.ons import census_households, mid_year_population

pytestmark = pytest.mark.slow

IN_EVERY_TEST = 50
MUTATIONS = int(os.environ.get("MUTATIONS", IN_EVERY_TEST))
OFFENCES = ("ARSON", "CRIMINAL DAMAGE", "HOMICIDE", *made.DIVIDED[1:], "BICYCLE THEFT")
WARD_BOROUGHS = ("Barnet", "Kingston upon Thames")
VALUES = st.text(max_size=4) | st.sampled_from(
    ["", "0", "1", "-1", "*", "[c]", "1,024", "1e3", "3.0", " 7", "07", "7\n", "999999999", "nan"]
)
MORE_VALUES = st.sampled_from(
    ["9999999999", "=1+1", "Barnet", "Total", "202409", "HOMICIDE", '"', "\u0663", "\u200f"]
)


def some(share: float):
    """The settings of a test that has a share of the examples."""
    return settings(
        max_examples=max(1, round(MUTATIONS * share)),
        database=None,
        derandomize=MUTATIONS <= IN_EVERY_TEST,
        suppress_health_check=list(HealthCheck),
    )


@st.composite
def mutated_rows(draw, rows: list[list[str]]) -> list[list[str]]:
    """A table, header first, after one to three changes to its cells, rows or columns."""
    rows = [list(row) for row in rows]
    for _ in range(draw(st.integers(1, 3))):
        if len(rows) < 3:
            break
        kind = draw(st.sampled_from(ROW_CHANGES))
        one, other = (draw(st.integers(0, len(rows) - 1)) for _ in range(2))
        width = min(map(len, rows))
        left, right = (draw(st.integers(0, max(width - 1, 0))) for _ in range(2))
        if not width:
            break
        match kind:
            case "set a cell":
                rows[one][left] = draw(VALUES | MORE_VALUES)
            case "change a digit":
                cell = rows[one][left]
                place = draw(st.integers(0, max(len(cell) - 1, 0)))
                rows[one][left] = (
                    cell[:place] + draw(st.sampled_from("0123456789")) + cell[place + 1 :]
                )
            case "exchange two cells":
                a, b = rows[one][left], rows[other][right]
                rows[one][left], rows[other][right] = b, a
            case "exchange two cells of a column":
                a, b = rows[one][left], rows[other][left]
                rows[one][left], rows[other][left] = b, a
            case "exchange two rows":
                rows[one], rows[other] = rows[other], rows[one]
            case "drop rows":
                del rows[one : one + draw(st.integers(1, 40))]
            case "repeat a row":
                rows.insert(other, list(rows[one]))
            case "drop a column":
                for row in rows:
                    del row[left]
            case "repeat a column":
                for row in rows:
                    row.insert(right, row[left])
            case "exchange two columns":
                for row in rows:
                    row[left], row[right] = row[right], row[left]
            case "exchange two columns below the header":
                for row in rows[1:]:
                    row[left], row[right] = row[right], row[left]
            case "drop a cell":
                del rows[one][left]
            case "insert a cell":
                rows[one].insert(left, draw(VALUES | MORE_VALUES))
            case "halve a column":
                for row in rows[1:]:
                    if row[left].isascii() and row[left].isdigit():
                        row[left] = str(int(row[left]) // 2)
    return rows


ROW_CHANGES = [
    "set a cell",
    "change a digit",
    "exchange two cells",
    "exchange two cells of a column",
    "exchange two rows",
    "drop rows",
    "repeat a row",
    "drop a column",
    "repeat a column",
    "exchange two columns",
    "exchange two columns below the header",
    "drop a cell",
    "insert a cell",
    "halve a column",
]


@st.composite
def mutated_bytes(draw, content: bytes) -> bytes:
    """A file after one to three changes to its bytes."""
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["flip", "insert", "delete", "cut", "repeat", "line ends"]))
        place = draw(st.integers(0, max(len(content) - 1, 0)))
        length = draw(st.integers(1, 200))
        match kind:
            case "flip":
                byte = draw(st.integers(0, 255))
                content = content[:place] + bytes([byte]) + content[place + 1 :]
            case "insert":
                content = content[:place] + draw(st.binary(max_size=6)) + content[place:]
            case "delete":
                content = content[:place] + content[place + length :]
            case "cut":
                content = content[:place]
            case "repeat":
                content = content[: place + length] + content[place:]
            case "line ends":
                content = content.replace(b"\n", b"\r\n")
    return content


@st.composite
def mutated_file(draw, rows: list[list[str]]) -> bytes:
    """A file of the table, mutated as a table or as bytes."""
    if draw(st.integers(0, 2)):
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows(draw(mutated_rows(rows)))
        return buffer.getvalue().encode("utf-8", "surrogatepass")
    return draw(mutated_bytes(made.csv_text(rows[0], rows[1:]).encode()))


def imported(action, *arguments):
    """What the import makes of a file; None where it refuses. Any other error is a failure."""
    result = None
    try:
        result = action(*arguments)
    except* InputError:
        pass
    return result


def stated(content: bytes) -> tuple[list[str], list[list[str]]] | None:
    """The header and the rows that a file states, by a reader that owes the import nothing."""
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return None
    # Spaces round a cell, and lines without any, state nothing.
    rows = [[" ".join(cell.split()) for cell in line] for line in lines]
    rows = [row for row in rows if any(row)]
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        return None
    return rows[0], rows[1:]


def whole(cell: str) -> int:
    """The number in a cell of the ten digits alone; an error for any other cell."""
    if not cell or set(cell) - set("0123456789"):
        raise ValueError(cell)
    return int(cell)


@cache
def names_of(table: str, *columns: str) -> dict[tuple[str, ...], str]:
    """A reference table as a dictionary of its last column by the others, in small letters."""
    with (DATA / "reference" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return {
            tuple(row[c].casefold() for c in columns[:-1]): row[columns[-1]]
            for row in csv.DictReader(file)
        }


@cache
def crosswalks() -> Crosswalks:
    return Crosswalks.of(DATA)


@cache
def nowhere() -> Path:
    """A data folder without any table, so that an example is compared with what it is given."""
    return Path(tempfile.mkdtemp(prefix="no-tables-"))


def through(module, table: str, name: str, content: bytes, earlier: dict[str, pd.DataFrame]):
    """The one table that a publication's module makes of a file, checked as the import checks."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        made_of_it = module.tidy([path], crosswalks())
    # What is withheld of wards has a table of its own, which a ward file gives too.
    ((place, frame),) = (each for each in made_of_it.items() if TABLES[table].holds(each[0]))
    load.check(TABLES[table], frame, place)
    ConsistencyChecker(nowhere(), crosswalks(), earlier).check(table, place, frame, place)
    return frame


# Recorded crime by borough


@cache
def crime_release() -> tuple[list[list[str]], pd.DataFrame, pd.DataFrame]:
    """The rows of a release, its table, and the table of the release before it."""
    header, rows = made.crime_rows()
    kept = [row for row in rows if row[1] in OFFENCES]
    offences = names_of(
        "offences", "classification", "published_group", "published_offence", "offence"
    )
    wanted = {offences["2024", row[0].casefold(), row[1].casefold()] for row in kept}
    tables = (load.recorded_crime(release) for release in (made.RELEASE, "2026-01"))
    table, before = (frame[frame["offence"].isin(wanted)] for frame in tables)
    return [header, *kept], table.reset_index(drop=True), before.reset_index(drop=True)


def crime_stated(content: bytes) -> dict[tuple[str, str, str], int] | None:
    """Counts by offence, area and month that a borough file states; 0 where it has no row."""
    headings = {"MajorText": 0, "Group": 0, "MinorText": 1, "SubGroup": 1}
    headings |= {"LookUp_BoroughName": 2, "BoroughName": 2, "BOCU": 2}
    table = stated(content)
    if table is None:
        return None
    header, rows = table
    offences = names_of(
        "offences", "classification", "published_group", "published_offence", "offence"
    )
    areas = names_of("area_names", "publication", "published_name", "area_code")
    counts: dict[tuple[str, str, str], int] = {}
    try:
        for row in rows:
            name = {
                headings[h]: cell.casefold()
                for h, cell in zip(header, row, strict=True)
                if h in headings
            }
            place = (offences["2024", name[0], name[1]], areas["mps_borough_crime", name[2]])
            for heading, cell in zip(header, row, strict=True):
                if heading not in headings:
                    whole(heading)
                    counts[*place, heading] = counts.get((*place, heading), 0) + whole(cell)
    except (ValueError, KeyError):
        return None
    keys = [sorted(set(part)) for part in zip(*counts, strict=True)]
    return {(o, a, m): counts.get((o, a, m), 0) for o in keys[0] for a in keys[1] for m in keys[2]}


def cells(frame: pd.DataFrame, place: str = "area_code") -> dict[tuple[str, str, str], int]:
    months = frame["month"].dt.strftime("%Y%m")
    keys = zip(frame["offence"], frame[place], months, strict=True)
    return dict(zip(keys, frame["count"].astype(int), strict=True))


def assert_nothing_gross(found: dict, before: dict, root: float) -> None:
    """Within what the release before it and the other months leave open (see `cross_checks`)."""
    common = {key[2] for key in found} & {key[2] for key in before}
    kept: dict[tuple[str, str], list[int]] = {}
    for (offence, place, month), count in before.items():
        if month in common and not place.startswith("MPS-"):
            new = found.get((offence, place, month), 0)
            assert abs(new - count) <= root * math.sqrt(max(count, 1))
            sums = kept.setdefault((offence, place), [0, 0])
            sums[0], sums[1] = sums[0] + count, sums[1] + new
    assert all(new or old < 4 for old, new in kept.values())
    assert max(found.values()) <= 10_000


def assert_no_thin_month(found: dict) -> None:
    months: dict[str, int] = {}
    for (_, _, month), count in found.items():
        months[month] = months.get(month, 0) + count
    totals = [months[month] for month in sorted(months)]
    for place, total in enumerate(totals):
        around = median(totals[max(place - 2, 0) : place + 3])
        assert total >= 0.7 * around


def test_what_is_not_mutated_is_accepted():
    """Else a test below would pass by refusing everything."""
    rows, table, before = crime_release()
    earlier = {"recorded_crime_borough/2026-01.parquet": before}
    text = made.csv_text(rows[0], rows[1:]).encode()
    frame = through(borough_crime, "recorded_crime_borough", "c.csv", text, earlier)
    assert cells(frame) == cells(table) == crime_stated(text)
    rows, before = ward_release()
    earlier = {"recorded_crime_ward/2025-04.parquet": before}
    text = made.csv_text(rows[0], rows[1:]).encode()
    frame = through(ward_crime, "recorded_crime_ward", "w.csv", text, earlier)
    assert cells(frame, "ward_code") == wards_stated(text)
    text = made.asb_text().encode()
    assert len(through(asb_calls, "london_asb_calls", "a.csv", text, {})) == 63
    text = made.households_text().encode()
    assert len(through(census_households, "households", "h.csv", text, {})) == 33
    assert population_of(made.population_sheets()) is not None


@some(0.4)
@given(st.data())
def test_a_mutated_borough_file(data):
    rows, table, before = crime_release()
    content = data.draw(mutated_file(rows))
    earlier = {"recorded_crime_borough/2026-01.parquet": before}
    arguments = (borough_crime, "recorded_crime_borough", "c.csv", content, earlier)
    frame = imported(through, *arguments)
    if frame is not None:
        found = cells(frame)
        assert found == crime_stated(content)
        assert {key[1:] for key in cells(table)} == {key[1:] for key in found}
        assert_nothing_gross(found, cells(before), root=12)
        assert_no_thin_month(found)


# Recorded crime by ward


@cache
def ward_release() -> tuple[list[list[str]], pd.DataFrame]:
    """The rows of a ward release, and the table of the release before it."""
    lines = list(csv.reader(io.StringIO(made.ward_text())))
    kept = [row for row in lines[1:] if row[1] in OFFENCES and row[4] in WARD_BOROUGHS]
    codes = {row[3] for row in kept}
    before = load.ward_crime("2025-04")
    offences = names_of(
        "offences", "classification", "published_group", "published_offence", "offence"
    )
    wanted = {offences["2024", row[0].casefold(), row[1].casefold()] for row in kept}
    before = before[before["ward_code"].isin(codes) & before["offence"].isin(wanted)]
    return [lines[0], *kept], before.reset_index(drop=True)


def wards_stated(content: bytes) -> dict[tuple[str, str, str], int] | None:
    """Counts by offence, ward and month that a ward file states."""
    headings = {"MajorText": 0, "MinorText": 1, "WardCode": 2, "WardName": 3}
    headings |= {"LookUp_BoroughName": 4, "Group": 0, "SubGroup": 1, "BoroughName": 4, "BOCU": 4}
    table = stated(content)
    if table is None:
        return None
    header, rows = table
    offences = names_of(
        "offences", "classification", "published_group", "published_offence", "offence"
    )
    counts: dict[tuple[str, str, str], int] = {}
    try:
        for row in rows:
            name = {
                headings[h]: cell.casefold()
                for h, cell in zip(header, row, strict=True)
                if h in headings
            }
            place = (offences["2024", name[0], name[1]], name[2].upper())
            for heading, cell in zip(header, row, strict=True):
                if heading not in headings:
                    counts[*place, heading] = counts.get((*place, heading), 0) + whole(cell)
    except (ValueError, KeyError):
        return None
    return counts


@some(0.15)
@given(st.data())
def test_a_mutated_ward_file(data):
    rows, before = ward_release()
    content = data.draw(mutated_file(rows))
    earlier = {"recorded_crime_ward/2025-04.parquet": before}
    arguments = (ward_crime, "recorded_crime_ward", "w.csv", content, earlier)
    frame = imported(through, *arguments)
    if frame is not None:
        found = cells(frame, "ward_code")
        assert found == wards_stated(content)
        assert frame.groupby("ward_code")["ward_name"].nunique().max() == 1
        known = {key for key in cells(before, "ward_code") if key[1] in {k[1] for k in found}}
        old = cells(before, "ward_code")
        assert_nothing_gross(found, {key: old[key] for key in known}, root=10)


# The small files


@some(0.2)
@given(st.data())
def test_a_mutated_file_of_calls(data):
    rows = list(csv.reader(io.StringIO(made.asb_text())))
    content = data.draw(mutated_file(rows))
    frame = imported(through, asb_calls, "london_asb_calls", "a.csv", content, {})
    if frame is not None:
        header, lines = stated(content)
        said = {line[header.index("month")]: int(line[header.index("value")]) for line in lines}
        months = frame["month"].dt.strftime("%Y-%m-%d")
        assert dict(zip(months, frame["calls"], strict=True)) == said
        assert len(said) == len(lines) == 63
        assert all(low <= 4 * high for pair in pairwise(frame["calls"]) for low, high in (pair,))


@some(0.1)
@given(st.data())
def test_a_mutated_file_of_households(data):
    rows = list(csv.reader(io.StringIO(made.households_text())))
    content = data.draw(mutated_file(rows))
    frame = imported(through, census_households, "households", "h.csv", content, {})
    if frame is not None:
        header, lines = stated(content)
        said = {
            line[header.index("area_code")]: int(line[header.index("households")]) for line in lines
        }
        assert dict(zip(frame["area_code"], frame["households"], strict=True)) == said
        assert len(said) == len(lines) == 33
        assert sum(said.values()) == 3_423_890


# The workbooks, mutated as the text of their sheets


@some(0.1)
@given(st.data())
def test_a_mutated_workbook_of_outcomes(data):
    """Ratios and totals pin every cell of a borough: accepted is as published, or not at all."""
    header, *rows = made.outcomes_rows()
    rows = [list(map(str, row)) for row in rows if row[0] < "2022-02-01"]
    header, *lines = data.draw(mutated_rows([list(map(str, header)), *rows]))
    if any(len(line) != len(header) for line in lines) or len(set(header)) < len(header):
        return
    table = pd.DataFrame(lines, columns=header, index=range(2, 2 + len(lines)), dtype=str)

    def checked() -> pd.DataFrame:
        found = positive_outcomes.tidy_table(table, crosswalks(), ErrorCollector("made.xlsx"))
        load.check(TABLES["positive_outcomes"], found.assign(release="2022-02"), "made.xlsx")
        return found

    tidy = imported(checked)
    if tidy is not None:
        published = load.table("positive_outcomes")
        published = published[published["month"] < "2022-02-01"]
        keys = ["month", "area_code", "offence"]
        columns = ["offences", "positive_outcomes"]
        found, right = (
            frame[frame["area_code"].str.startswith("E09")].set_index(keys)[columns].sort_index()
            for frame in (tidy, published)
        )
        found = found[found.index.get_level_values("month").isin(right.index.levels[0])]
        assert found.equals(right.loc[found.index])
        assert set(right.index) - set(found.index) == set() or found.index.nunique() < len(right)
        boroughs = right.index.get_level_values("area_code").nunique()
        assert tidy.loc[tidy["area_code"].str.startswith("E09"), "area_code"].nunique() == boroughs


def population_of(sheets: dict[str, list[list[str]]]):
    """What the import makes of the sheets; None where it refuses."""

    def read_sheet(path: Path, sheet: str, first_column: str, form: str) -> pd.DataFrame:
        header, *lines = sheets[sheet]
        return pd.DataFrame(lines, columns=header, index=range(2, 2 + len(lines)), dtype=str)

    real = mid_year_population.read_sheet
    mid_year_population.read_sheet = read_sheet
    try:
        areas = crosswalks().published_areas("ons_mid_year_population")
        return imported(mid_year_population.parse, Path("made.xlsx"), areas)
    finally:
        mid_year_population.read_sheet = real


@some(0.05)
@given(st.data())
def test_mutated_population_estimates(data):
    sheets = dict(made.population_sheets())
    spoilt = data.draw(st.sampled_from(sorted(sheets)))
    sheets[spoilt] = data.draw(mutated_rows(sheets[spoilt]))
    header, *lines = sheets[spoilt]
    if any(len(line) != len(header) for line in lines) or len(set(header)) < len(header):
        return

    found = population_of(sheets)
    if found is not None:
        yearly, ages = found
        published = load.table("population_by_age").query("release == 'mid-2023'")
        keys = ["area_code", "age"]
        right = published.set_index(keys)["population"].sort_index()
        assert ages.set_index(keys)["population"].sort_index().equals(right)
        people = yearly.pivot(index="area_code", columns="mid_year", values="population")
        assert (people.drop("E12000007").sum() == people.loc["E12000007"]).all()
        if spoilt != "MYE4":
            published = load.table("mid_year_population").query("release == 'mid-2023'")
            right = published.pivot(index="area_code", columns="mid_year", values="population")
            assert people.loc[right.index, people.columns].equals(right[people.columns])
