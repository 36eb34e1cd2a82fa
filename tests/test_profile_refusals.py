"""Every publication of the profile refuses at least 25 kinds of corruption, and takes none.

One table of kinds is applied to the figures of each publication: a made release (`made_profile`) of
a few boroughs, in which what is spoilt is the column of figures, of names or of codes.
"""

import csv
import io
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest

import made_profile as made
from made_releases import workbook
from safer_communities.datasets import load
from safer_communities.errors import InputError, leaves
from safer_communities.project import DATA
from safer_communities.sources import reading
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Publication
from safer_communities.sources.publications import PUBLICATIONS

pytestmark = pytest.mark.slow

ENOUGH = 25
BARNET, OTHER, LONDON = ("Barnet", "E09000003"), ("Camden", "E09000007"), ("London", made.LONDON)
# London lies among these in every figure.
BOROUGHS = ["E09000002", "E09000003", "E09000007", "E09000020", "E09000025", "E09000032"]
AREAS = [*BOROUGHS, made.LONDON, made.ENGLAND, "E06000001"]


@dataclass
class Cells:
    """A file's or a sheet's rows; where its headings, names, codes and figures stand in them.

    Where it is `turned`, a row of it is a column of the file.
    """

    rows: list[list[str]]
    head: int = 0
    area: int | None = None
    code: int | None = None
    figure: int | None = None
    turned: bool = False

    def of(self, place: tuple[str, str]) -> list[list[str]]:
        """The rows of an area, the one with the largest figure first."""
        columns = [at for at in (self.area, self.code) if at is not None]
        rows = [
            row
            for row in self.rows[self.head + 1 :]
            if any(at < len(row) and row[at].split(":")[-1].strip() in place for at in columns)
        ]
        return sorted(rows, key=self._size, reverse=True)

    def _size(self, row: list[str]) -> float:
        text = row[self.figure].replace(",", "") if self.figure is not None else ""
        return float(text) if text.replace(".", "", 1).isdigit() else -1.0

    def figures(self) -> list[list[str]]:
        """The rows that have a figure, which is the usual form of a number."""
        return [row for row in self.rows[self.head + 1 :] if len(row) > 1 and self._size(row) >= 0]


# What is done to the cells: False where a publication has nothing of it.
Kind = Callable[[Cells], object]


def put(value: str) -> Kind:
    """Barnet's largest figure replaced."""

    def spoil(cells: Cells) -> object:
        if cells.figure is None:
            return False
        cells.of(BARNET)[0][cells.figure] = value
        return None

    return spoil


def times(factor: float, *, all_of_them: bool = False) -> Kind:
    """Barnet's largest figure, or every one, multiplied."""

    def spoil(cells: Cells) -> object:
        if cells.figure is None:
            return False
        for row in cells.figures() if all_of_them else cells.of(BARNET)[:1]:
            row[cells.figure] = f"{float(row[cells.figure].replace(',', '')) * factor:.10g}"
        return None

    return spoil


def heading(column: str, to: Callable[[str], str]) -> Kind:
    """The heading of a column written in another way."""

    def spoil(cells: Cells) -> object:
        at = getattr(cells, column)
        if at is None or not cells.rows[cells.head][at].strip():
            return False
        cells.rows[cells.head][at] = to(cells.rows[cells.head][at])
        return None

    return spoil


def no_column(column: str) -> Kind:
    """A column lost."""

    def spoil(cells: Cells) -> object:
        at = getattr(cells, column)
        return at is not None and [row.pop(at) for row in cells.rows if at < len(row)]

    return spoil


def called(column: str, to: str) -> Kind:
    """Barnet's name or code in one row replaced."""

    def spoil(cells: Cells) -> object:
        at = getattr(cells, column)
        if at is None:
            return False
        row = cells.of(BARNET)[0]
        row[at] = row[at].replace(BARNET[column == "code"], to)
        return None

    return spoil


def exchanged(column: str) -> Kind:
    """The names or the codes of two boroughs exchanged where both are told."""

    def spoil(cells: Cells) -> object:
        at = getattr(cells, column)
        if cells.area is None or cells.code is None:
            return False
        one, other = cells.of(BARNET), cells.of(OTHER)
        for rows, name in ((one, OTHER), (other, BARNET)):
            for row in rows:
                row[at] = name[column == "code"]
        return None

    return spoil


def lost(*places: tuple[str, str]) -> Kind:
    """All rows of some areas lost; False where there are none."""

    def spoil(cells: Cells) -> object:
        gone = [id(row) for place in places for row in cells.of(place)]
        cells.rows[:] = [row for row in cells.rows if id(row) not in gone]
        return bool(gone)

    return spoil


def twice(number: int | None) -> Kind:
    """So many rows of Barnet, or all of them, once more."""
    return lambda cells: cells.rows.extend([list(row) for row in cells.of(BARNET)[:number]])


def names_for_codes(cells: Cells) -> object:
    """The columns of names and codes under each other's headings."""
    one, other = cells.area, cells.code
    if one is None or other is None:
        return False
    for row in cells.rows[cells.head + 1 :]:
        row[one], row[other] = row[other], row[one]
    return None


def cut_short(cells: Cells) -> object:
    """The end of a row lost, from its figure on."""
    if cells.figure is None:
        return False
    del cells.of(BARNET)[0][cells.figure :]
    return None


KINDS: dict[str, Kind] = {
    **{f"a figure of {text!r}": put(text) for text in (
        "n/a", "", "-5", "1e3", "2·5", "#REF!", "nan", "12 (r)", "٣٤")},
    "a figure a million times as large": times(1e6),
    "a figure a thousandth": times(0.0005),
    "all figures a million times as large": times(1e6, all_of_them=True),
    "all figures a thousandth": times(0.0005, all_of_them=True),
    "no rows": lambda cells: cells.rows.__delitem__(slice(cells.head + 1, None)),
    "no headings": lambda cells: cells.rows.pop(cells.head),
    "nothing but empty cells": lambda cells: [row.__setitem__(slice(None), [""] * len(row))
                                              for row in cells.rows],
    **{f"the heading of {name} {how}": heading(column, to)
       for name, column in (("figures", "figure"), ("names", "area"), ("codes", "code"))
       for how, to in (("renamed", lambda name: f"{name} (new)"), ("lost", lambda name: ""))},
    **{f"no column of {name}": no_column(column)
       for name, column in (("figures", "figure"), ("names", "area"), ("codes", "code"))},
    "Barnet lost": lost(BARNET),
    "London lost": lambda cells: made.LONDON in str(cells.rows) and lost(LONDON)(cells),
    "two boroughs lost": lost(BARNET, OTHER),
    "a row twice": twice(1),
    "Barnet twice": twice(None),
    "a name misspelt": called("area", "Barnett"),
    "a name lost": called("area", ""),
    "a name of nobody": lambda cells: cells.code is not None and called("area", "Unknown")(cells),
    "a code unknown": called("code", "E09000099"),
    "a code cut short": called("code", "E0900000"),
    "two names exchanged": exchanged("area"),
    "two codes exchanged": exchanged("code"),
    "names for codes": names_for_codes,
    "a row cut short": cut_short,
}  # fmt: skip
BYTES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "a web page": lambda content: b"<!doctype html><title>Not found</title>",
    "cut in the middle": lambda content: content[: len(content) // 2 - 3],
    "another table": lambda content: b"a,b\n1,2\n",
    "another workbook": lambda content: workbook({"Sheet1": [["a", "b"], ["c", 1.0]]}),
    "zeros": lambda content: bytes(len(content)),
}
TEXT_BYTES: dict[str, Callable[[bytes], bytes]] = {
    "semicolons": lambda content: content.replace(b",", b";"),
    "tabs": lambda content: content.replace(b",", b"\t"),
    "UTF-16": lambda content: content.decode().encode("utf-16"),
    "a null": lambda content: content.replace(b"o", b"\0", 1),
    "a note below": lambda content: content + b"Source: the publisher\n",
    "a line above": lambda content: b"Figures of boroughs\n" + content,
    "a cell more": lambda content: content.rstrip() + b",1\n",
    "a quotation mark that does not end": lambda content: content.replace(b"Barnet", b'"Barnet', 1),
}
# The file of each publication, its sheet, and where in it are headings, names, codes and figures.
PLACES: dict[str, tuple[str, str, Cells]] = {
    file: (file, sheet, Cells([], *where))
    for file, sheet, *where in (
        ("ons_ukbusinessworkbook2021.xlsx", "Table 10", 2, 1, 0, 2),
        ("nomis_aps_t01_oct-sep.xlsx", "Data", 5, 0, None, 4),
        ("ons_els_claimant_count.csv", "", 0, 1, 0, 5),
        ("ashe_table8_7a_all_2021.csv", "", 0, 0, 1, 2),
        ("ons_ratio_house_price_made.xlsx", "5a", 1, 1, 0, 6),
        ("gla_uk_hpi_made.xlsx", "Average price", 0, 0, 1, -9, True),
        ("gla_land_registry_house_prices_made.xlsx", "Mean", 0, 1, 0, 6),
        ("fingertips_90366_life_expectancy_made.csv", "", 0, 1, 0, 7),
        ("ons_life_expectancy_made.xlsx", "Sheet1", 1, 2, 1, 5),
        ("ons_subnational_indicators_made.csv", "", 2, 1, 0, 8),
        ("gla_london_borough_profiles_made.xlsx", "Data", 0, 1, 0, 2),
        ("ace_basic_dataset_made.csv", "", 0, 0, None, None),
        ("defra_flytipping_made.ods", "LA_actions", 1, None, 1, 2),
        ("gla_2016based_housing_led_made.csv", "", 0, 1, 0, 9),
    )
}


def of_few(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the areas here."""
    return table[table["area_code"].isin(AREAS)] if "area_code" in table else table


@pytest.fixture(scope="module")
def crosswalks() -> Crosswalks:
    known = Crosswalks.of(DATA)
    return replace(known, boroughs=of_few(known.boroughs))


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """A made release of each publication, of a few boroughs."""
    whole = load.table
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "table", lambda name, *rest: of_few(whole(name, *rest)))
        return {
            Path(path).name: content if isinstance(content, bytes) else content.encode()
            for path, content in made.files().items()
        }


@dataclass(frozen=True)
class Trial:
    """A publication, its file in a folder, and what a good one gives."""

    publication: Publication
    path: Path
    crosswalks: Crosswalks

    def read(self) -> pd.DataFrame:
        (table,) = self.publication.tidy([self.path], self.crosswalks).values()
        return table

    def refused(self) -> bool:
        """Whether the file is refused, which has to be with its place, a problem and a remedy."""
        try:
            self.read()
        except (InputError, ExceptionGroup) as error:
            for leaf in leaves(error):
                assert isinstance(leaf, InputError), leaf
                assert self.path.name in leaf.place or self.publication.name in leaf.place
                assert leaf.problem
                assert leaf.remedy
            return True
        return False


@contextmanager
def read_as(sheets: dict[str, list[list[str]]]):
    """Sheets of workbooks that are read as these cells."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "sheet_cells", lambda path, name, form="": sheets[name])
        yield


def sheets_of(trial: Trial) -> dict[str, list[list[str]]]:
    """All sheets that are read of a workbook."""
    found: dict[str, list[list[str]]] = {}
    read = reading.sheet_cells

    def noted(path: Path, name: str, form: str = "") -> list[list[str]]:
        found[name] = read(path, name, form)
        return found[name]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "sheet_cells", noted)
        trial.read()
    return found


def turned(rows: list[list[str]]) -> list[list[str]]:
    width = max(map(len, rows), default=0)
    return [
        list(row) for row in zip(*([*row, *[""] * (width - len(row))] for row in rows), strict=True)
    ]


@pytest.mark.parametrize("name", PLACES)
def test_each_kind_of_corruption_is_refused(name: str, files, crosswalks, tmp_path: Path) -> None:
    _, sheet, where = PLACES[name]
    path = tmp_path / "profile" / name
    path.parent.mkdir()
    path.write_bytes(files[name])
    own = next(each for each in PUBLICATIONS.values() if each.find(tmp_path))
    trial = Trial(own, path, crosswalks)
    right = trial.read()
    sheets = sheets_of(trial)
    rows = sheets[sheet] if sheet else list(csv.reader(io.StringIO(files[name].decode())))
    outcomes: dict[str, str] = {}

    for kind, spoil in KINDS.items():
        cells = replace(where, rows=[*map(list, turned(rows) if where.turned else rows)])
        if spoil(cells) is False:
            continue
        # The rows of a sheet are all as long as its longest.
        spoilt = turned(cells.rows) if sheet else cells.rows
        if sheet and not where.turned:
            spoilt = turned(spoilt)
        if not sheet:
            with path.open("w", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(spoilt)
        with read_as(sheets | {sheet: spoilt}):
            is_refused = trial.refused()
            outcomes[kind] = "refused" if is_refused else _accepted(right, trial.read())
    for kind, change in (BYTES if sheet else BYTES | TEXT_BYTES).items():
        path.write_bytes(change(files[name]))
        outcomes[kind] = "refused" if trial.refused() else _accepted(right, trial.read())

    wrong = [kind for kind, outcome in outcomes.items() if outcome == "wrong"]
    assert not wrong, wrong
    assert list(outcomes.values()).count("refused") >= ENOUGH, outcomes


def _accepted(right: pd.DataFrame, found: pd.DataFrame) -> str:
    return "right after all" if right.equals(found) else "wrong"
