"""Wrong copies of the real releases (see `spoiling`), each read and checked as an import does.

    python fuzz/wrong_files.py [PUBLICATION ...]

Each publication's newest release is spoilt in every kind, beside the tables of `data/` as they were
before it came. A trial ends in a refusal, a table that is right after all (a byte order mark states
nothing), a wrong table, or a traceback. Prints the counts by publication, and each wrong table,
traceback and message that lacks file or remedy. `TRIALS` (2 unless set) is how many of each kind;
`RELEASE_TRIALS` and `RELEASE_SECONDS` end a release's trials before, of kinds in an order that is
the same each time.
Exits with 1 where there are more wrong tables than one in a hundred trials, a traceback or a bare
message.
"""

import csv
import io
import os
import random
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pandas as pd
import pyarrow
import pyarrow.compute
import pyarrow.parquet
from spoiling import KINDS
from spoilt_table import Table

from safer_communities.datasets.schemas import TABLES
from safer_communities.errors import InputError, leaves
from safer_communities.project import DATA, ROOT
from safer_communities.sources import reading
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.dfe import local_authority_tool
from safer_communities.sources.importing import checked_tables
from safer_communities.sources.police_uk import asb_incidents
from safer_communities.sources.publications import PUBLICATIONS

SOURCES = Path(os.environ.get("SOURCES", ROOT.parent / "shared" / "source_data"))
WRONG_AT_MOST = 0.01
TRIALS = int(os.environ.get("TRIALS", "2"))
MOST = int(os.environ.get("RELEASE_TRIALS", "100000"))
SECONDS = float(os.environ.get("RELEASE_SECONDS", "inf"))
BOROUGHS, WARDS = "mps_recorded_crime_borough", "mps_recorded_crime_ward"
TOOL = re.compile(r".*interactive_tool.*\.parquet")
SMALL_AREA_MONTH = ["lsoa_code", "year", "month"]
# What happens to the bytes of a file of text.
BYTES: dict[str, Callable[[bytes], bytes]] = {
    "cut in the middle": lambda content: content[: len(content) // 2],
    "empty": lambda content: b"",
    "UTF-16": lambda content: content.decode("utf-8-sig", "replace").encode("utf-16"),
    "semicolons": lambda content: content.replace(b",", b";"),
    "a web page": lambda content: b"<!doctype html><title>Not found</title>",
    "a byte order mark and CRLF": lambda content: (
        b"\xef\xbb\xbf"
        + content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    ),
    "a null": lambda content: content.replace(b"0", b"\0", 1),
}
# The releases of recorded crime to spoil: of the years of the editions, with the files of each.
CRIME = {
    ("mps_borough_crime", "2023-05"): [f"{BOROUGHS}/mps_borough_24m_202105-202304.csv"],
    ("mps_borough_crime", "2026-04"): [
        f"{BOROUGHS}_added/mps_borough_24m_202404-202603.csv",
        f"{BOROUGHS}_added/mps_borough_hist_201004-202403_newcats.csv",
    ],
    ("mps_borough_crime", "2026-07"): [f"{BOROUGHS}/mps_borough_24m_202407-202606.csv"],
    ("mps_ward_crime", "2023-12"): [f"{WARDS}/mps_ward_24m_202112-202311.csv"],
    ("mps_ward_crime", "2026-04"): [f"{WARDS}/mps_ward_24m_202403-202603.csv"],
}


def trials(names: list[str]) -> Iterator[tuple[str, str, list[Path]]]:
    """Each publication with the release to take for new (empty: what its files hold), its files."""
    for name in names:
        own = {release: files for (publication, release), files in CRIME.items()
               if publication == name}  # fmt: skip
        for release, files in own.items():
            yield name, release, [SOURCES / file for file in files]
        if not own:
            yield name, "", PUBLICATIONS[name].find(SOURCES)


@cache
def known(folder: Path) -> Crosswalks:
    """The crosswalks of a folder, which trials do not change: read once."""
    return READ_CROSSWALKS(folder)


@cache
def cells_of(path: Path, sheet: str) -> list[list[str]]:
    """A sheet of a workbook, read once."""
    return READ_SHEET(path, sheet)


@cache
def parquet_of(path: Path) -> tuple[pyarrow.Schema, Table]:
    """The types and the cells of a Parquet file, read once."""
    table = pyarrow.parquet.read_table(path)
    frame = table.to_pandas()
    text = frame.astype(str).mask(frame.isna(), "")
    return table.schema, Table.of([list(map(str, frame.columns)), *text.values.tolist()])


def thinned(path: Path, to: Path) -> Path:
    """The file to take for a real one: of two large files a copy with the rows that are read.

    These make the same tables, quickly: of youth justice and schools the items that are kept, of
    offences by small area the incidents, and of small areas and months without any one row of
    another offence.
    """
    if TOOL.fullmatch(path.name):
        table = pyarrow.parquet.read_table(path)
        kept = pyarrow.array(list(local_authority_tool.ITEMS))
        read = pyarrow.compute.is_in(table[local_authority_tool.ITEM], value_set=kept)
        pyarrow.parquet.write_table(table.filter(read), to)
        return to
    if asb_incidents.SMALL_AREAS not in path.name:
        return path
    frame = pd.read_parquet(path)
    months = pd.to_datetime(frame[["year", "month"]].assign(day=1))
    read = (months >= asb_incidents.FIRST_WHOLE) & (frame["category"] != asb_incidents.OTHER_SET)
    frame = frame[read].assign(other=frame["category"] != asb_incidents.ASB)
    kept = frame.sort_values("other", kind="stable").drop_duplicates(SMALL_AREA_MONTH).index
    table = pyarrow.parquet.read_table(path).take(sorted(kept))
    pyarrow.parquet.write_table(table, to)
    return to


READ_SHEET, READ_CROSSWALKS = reading.sheet_cells, Crosswalks.of


@cache
def csv_of(path: Path) -> Table:
    """The cells of a file of text, read once."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return Table.of(list(csv.reader(io.StringIO(text, newline=""))))


def spoilt_file(path: Path, to: Path, kind: str, rng: random.Random) -> bool:
    """Writes a wrong copy of a file of text or of Parquet; whether the kind fits it."""
    if kind in BYTES:
        to.write_bytes(BYTES[kind](path.read_bytes()))
        return True
    if path.suffix == ".csv":
        wrong = KINDS[kind](csv_of(path), rng)
        if wrong is not None:
            with to.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(wrong.cells())
        return wrong is not None
    schema, table = parquet_of(path)
    wrong = KINDS[kind](table, rng)
    if wrong is None or wrong.above:
        return False
    frame = pd.DataFrame(wrong.rows, columns=wrong.header, dtype=str)
    pyarrow.parquet.write_table(_typed(frame, schema), to)
    return True


def _typed(frame: pd.DataFrame, schema: pyarrow.Schema) -> pyarrow.Table:
    """The columns in the types that they had, where their text still has that form."""
    columns = []
    for place, name in enumerate(frame.columns):
        text = frame.iloc[:, place].mask(frame.iloc[:, place] == "")
        field = schema.field(name) if name in schema.names else None
        try:
            values = pyarrow.array(text, pyarrow.string(), from_pandas=True)
            if field is not None and pyarrow.types.is_temporal(field.type):
                values = pyarrow.array(pd.to_datetime(text))
            columns.append(values if field is None else values.cast(field.type))
        except (pyarrow.ArrowException, ValueError):
            columns.append(pyarrow.array(text, pyarrow.string(), from_pandas=True))
    return pyarrow.Table.from_arrays(columns, names=list(frame.columns))


@contextmanager
def spoilt_sheet(path: Path, sheet: str, kind: str, rng: random.Random) -> Iterator[bool]:
    """A sheet of a workbook read as if it were wrong; whether the kind fits it."""
    cells = cells_of(path, sheet)
    width = max(map(len, cells))
    wrong = KINDS[kind](Table.of([[*row, *[""] * (width - len(row))] for row in cells]), rng)

    def read(file: Path, name: str, form: str = "") -> list[list[str]]:
        if wrong is not None and (file.name, name) == (path.name, sheet):
            return wrong.cells()
        return cells_of(path.parent / file.name, name)

    with patch.object(reading, "sheet_cells", read):
        yield wrong is not None


def before(name: str, release: str, new: dict[str, pd.DataFrame], folder: Path) -> None:
    """Lays out a data folder as it was before the release: the tables of `data/`, some older.

    A table of one release alone is given as an older one would be: without its last year, or, where
    it has no years, as it is.
    """
    for path in DATA.rglob("*"):
        to = folder / path.relative_to(DATA)
        if path.is_dir():
            to.mkdir(parents=True, exist_ok=True)
        else:
            to.symlink_to(path)
    for path, frame in new.items():
        to = folder / path
        to.unlink(missing_ok=True)
        table = next(table for table in TABLES.values() if table.holds(path))
        if not table.is_one_file:
            continue
        older = frame[frame["release"] != (release or frame["release"].max())]
        if older.empty:
            older = _older(frame)
            _know(folder, name, frame["release"].max())
        content = older.to_csv(index=False, date_format="%Y-%m-%d")
        if path.endswith(".parquet"):
            older.to_parquet(to, index=False)
        else:
            to.write_text(content.replace("True", "true").replace("False", "false"))


def _before(release: str) -> str:
    """A name of the same form for a release long before."""
    return re.sub("[0-9]{4}", "2000", release, count=1)


def _older(frame: pd.DataFrame) -> pd.DataFrame:
    """The table as a release of a year before could have had it."""
    before = _before(frame["release"].max())
    for column in ("month", "year", "mid_year", "period_end"):
        if column in frame and frame[column].nunique() > 2:
            years = pd.to_datetime(frame[column].astype(str).str[:10])
            return frame[years <= years.max() - pd.DateOffset(years=1)].assign(release=before)
    return frame.assign(release=before)


def _know(folder: Path, name: str, release: str) -> None:
    """Adds the older release to the table of releases."""
    path = folder / "reference/releases.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    before = _before(release)
    rows = rows[(rows["publication"] != name) | (rows["release"] != before)]
    own = rows[(rows["publication"] == name) & (rows["release"] == release)].assign(release=before)
    path.unlink()
    pd.concat([rows, own]).to_csv(path, index=False)


def tables(source: Path, data: Path, name: str) -> dict[str, pd.DataFrame]:
    """The tables that an import of a publication would write."""
    found = checked_tables(source, data, name, lambda line: None, lambda line: None)
    return {path: frame for path, (frame, _) in found.items()}


def outcome(source: Path, data: Path, name: str, right: dict[str, pd.DataFrame]) -> tuple[str, str]:
    """What came of a trial, and what to say of it."""
    try:
        found = tables(source, data, name)
    except (InputError, ExceptionGroup) as error:
        others = [leaf for leaf in leaves(error) if not isinstance(leaf, InputError)]
        if others:
            return "traceback", "".join(traceback.format_exception(others[0])[-3:])
        told = [leaf for leaf in leaves(error) if isinstance(leaf, InputError)]
        if all(each.place and each.problem and each.remedy for each in told):
            return "refused", str(told[0])
        return "bare message", str(told[0])
    except Exception as error:  # A traceback is what is looked for.
        return "traceback", "".join(traceback.format_exception(error)[-3:])
    same = found.keys() == right.keys() and all(found[path].equals(right[path]) for path in right)
    return ("right after all", "") if same else ("WRONG", _difference(found, right))


def _difference(found: dict[str, pd.DataFrame], right: dict[str, pd.DataFrame]) -> str:
    said = []
    for path in found.keys() & right.keys():
        one, other = right[path], found[path]
        if not one.equals(other):
            same_rows = len(one) == len(other)
            rows = (one.ne(other) & ~(one.isna() & other.isna())).any(axis=1) if same_rows else None
            first = "" if rows is None else f", first {one[rows].iloc[0].to_list()}"
            said.append(f"{path}: {len(one)} rows, {len(other)} found{first}")
    return "; ".join(said)


def run(name: str, release: str, files: list[Path]) -> Counter:
    """All trials of a publication's release."""
    counts: Counter = Counter()
    sheets: list[tuple[Path, str]] = []

    def noted(path: Path, sheet: str, form: str = "") -> list[list[str]]:
        sheets.append((next(file for file in files if file.name == path.name), sheet))
        return cells_of(sheets[-1][0], sheet)

    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        source, data = Path(folder) / "source", Path(folder) / "data"
        real = {file: thinned(file, Path(folder) / file.name) for file in files}
        for file in files:
            to = source / file.relative_to(SOURCES)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.symlink_to(real[file])
        data.mkdir()
        with patch.object(reading, "sheet_cells", noted):
            whole = tables(source, DATA, name)
        before(name, release, whole, data)
        stack.enter_context(patch.object(Crosswalks, "of", known))
        try:
            right = tables(source, data, name)
        except (InputError, ExceptionGroup) as error:
            said = "; ".join(str(leaf) for leaf in leaves(error))
            print(f"{name} {release}: refused as published: {said}", flush=True)
            return Counter({"refused as published": 1})
        targets = [(file, "") for file in files if file.suffix in (".csv", ".parquet")]
        order = [*KINDS, *BYTES]
        random.Random(f"{name} {release} 1").shuffle(order)
        start = time.monotonic()
        for kind in order:
            for trial in range(TRIALS if kind not in BYTES else 1):
                if counts.total() >= MOST or time.monotonic() - start > SECONDS:
                    return counts
                rng = random.Random(f"{name} {release} {kind} {trial}")
                able = targets if kind in BYTES else [*targets, *dict.fromkeys(sheets)]
                if not able:
                    continue
                file, sheet = rng.choice(able)
                if sheet:
                    with spoilt_sheet(file, sheet, kind, rng) as fits:
                        if fits:
                            state, said = outcome(source, data, name, right)
                else:
                    to = source / file.relative_to(SOURCES)
                    to.unlink()
                    fits = spoilt_file(real[file], to, kind, rng)
                    if fits:
                        state, said = outcome(source, data, name, right)
                    to.unlink(missing_ok=True)
                    to.symlink_to(real[file])
                if fits:
                    counts[state] += 1
                    if state not in ("refused", "right after all") or "MESSAGES" in os.environ:
                        print(f"  {state}: {kind} in {file.name} {sheet}: {said}", flush=True)
    return counts


def main(names: list[str]) -> int:
    """The exit status: 0 where nothing was found."""
    found = {}
    for name, release, files in trials(names or list(PUBLICATIONS)):
        start = time.monotonic()
        found[f"{name} {release}"] = counts = run(name, release, files)
        print(f"{name} {release}: {dict(counts)} in {time.monotonic() - start:.0f} s", flush=True)
    table = pd.DataFrame(found).fillna(0).astype(int).T
    table.loc["all"] = table.sum()
    print(table.to_string())
    total = table.loc["all"]
    wrong = total.get("WRONG", 0) > WRONG_AT_MOST * total.sum()
    return int(wrong or total.get("traceback", 0) or total.get("bare message", 0) > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
