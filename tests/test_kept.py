"""What is shared by chapters and books: made once, and never other than it would be made now."""

import ast
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from safer_communities.analysis.monthly_counts import counts_of
from safer_communities.analysis.profile import held
from safer_communities.chapter.book import Book
from safer_communities.claims import checked_claims
from safer_communities.datasets import kept, load
from safer_communities.datasets.schemas import TABLES
from safer_communities.project import DATA, ROOT
from safer_communities.settings import Settings
from safer_communities.site.preview import builder

PACKAGE = ROOT / "src" / "safer_communities"
CALLS, SOURCES = (TABLES[name].path for name in ("london_asb_calls", "sources"))
# Each reads other tables, and is made of others that are shared.
RESULTS = {
    "claims": lambda: checked_claims("crime_rankings"),
    "progress": lambda: Book(Settings()).progress(4),
    "counts": lambda: counts_of(Book(Settings()).edition.borough_crime_releases).areas,
    "profile": lambda: held("green_space"),
}


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(kept, "KEPT", tmp_path / "kept")
    load.forget()
    yield
    load.forget()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with copies of two tables."""
    for name in (CALLS, SOURCES):
        (tmp_path / "data" / name).parent.mkdir(parents=True)
        (tmp_path / "data" / name).write_bytes((DATA / name).read_bytes())
    for module in (kept, load):
        monkeypatch.setattr(module, "ROOT", tmp_path)
        monkeypatch.setattr(module, "DATA", tmp_path / "data")
    return tmp_path


class Calls:
    """A shared sum of the calls of a table, and what it was made for, each time that it was."""

    def __init__(self) -> None:
        self.times: list[str] = []
        self.sum = kept.shared(self._sum)

    def _sum(self, of: str) -> int:
        self.times.append(of)
        return int(load.table("london_asb_calls")["calls"].sum())


@pytest.fixture
def calls(project: Path) -> Calls:
    """Made once, and kept; and nothing is remembered."""
    calls = Calls()
    calls.sum("before")
    load.forget()
    return calls


def test_it_is_made_once_for_each_of_what_it_is_given(calls: Calls) -> None:
    assert calls.sum("before") == calls.sum("after") == calls.sum("after")
    load.forget()
    assert calls.sum("before") == calls.sum("after")
    assert calls.times == ["before", "after"]


def change_table(project: Path) -> None:
    path = project / "data" / CALLS
    lines = path.read_text().splitlines()
    place = lines[0].split(",").index("calls")
    cells = lines[1].split(",")
    cells[place] = str(int(cells[place]) + 1)
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n")


def test_another_table_of_those_it_read_makes_it_anew(project: Path, calls: Calls) -> None:
    before = calls.sum("before")
    change_table(project)
    load.forget()
    assert calls.sum("before") == before + 1
    # One that it did not read does not.
    (project / "data" / SOURCES).write_text("spoilt")
    load.forget()
    assert calls.sum("before") == before + 1
    assert calls.times == ["before", "before"]


def test_other_code_makes_it_anew(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "CODE", "that of tomorrow")
    calls.sum("before")
    load.forget()
    calls.sum("before")
    assert calls.times == ["before", "before"]


def test_the_code_is_that_of_all_rooms_that_a_result_comes_from() -> None:
    """That of charts and of the site is left out: a look changes no figure."""
    for rooms in (kept.ROOMS_OF_TABLES, kept.ROOMS[: kept.ROOMS.index("chapter")]):
        imported = {
            line.split()[1].split(".")[1]
            for room in rooms
            for path in (PACKAGE / room).rglob("*.py")
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.lstrip().startswith("from safer_communities.")
        }
        assert {name for name in imported if (PACKAGE / name).is_dir()} == {*rooms}


@pytest.mark.parametrize("spoil", [lambda whole: b"", lambda whole: whole[:-1], lambda _: b"\xff"])
def test_an_entry_that_was_cut_short_or_changed_is_made_again(calls: Calls, spoil) -> None:
    entries = {path: path.read_bytes() for path in kept.KEPT.iterdir()}
    before = calls.sum("before")
    for path, whole in entries.items():
        path.write_bytes(spoil(whole))
    load.forget()
    assert calls.sum("before") == before
    assert calls.times == ["before", "before"]
    assert {path: path.read_bytes() for path in kept.KEPT.iterdir()} == entries


def test_what_read_no_table_is_not_kept() -> None:
    """It comes from elsewhere, such as tables made for a test."""
    results = iter("ab")
    made = kept.shared(lambda: next(results))
    assert (made(), made()) == ("a", "b")
    assert not kept.KEPT.exists()


def test_where_nothing_can_be_kept_it_is_made_all_the_same(
    calls: Calls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").touch()
    before = calls.sum("before")
    load.forget()
    monkeypatch.setattr(kept, "KEPT", tmp_path / "a file" / "kept")
    assert calls.sum("before") == before
    assert calls.times == ["before", "before"]


def test_who_reads_while_others_write_finds_the_whole_or_nothing(tmp_path: Path) -> None:
    entry, held = tmp_path / "kept" / "entry", list(range(20_000))

    def write_and_read(_: int) -> bool:
        kept.write_entry(entry, "code", held)
        found = kept.read_entry(entry, "code".__eq__)
        return found is not None and found[1] == held

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(write_and_read, range(64)))
    assert [*entry.parent.iterdir()] == [entry]


def opened(work) -> set[str]:
    """The tables whose files are opened meanwhile, by their path in the project."""
    _WATCHING.append(set())
    try:
        work()
    finally:
        seen = _WATCHING.pop()
    paths = {os.path.relpath(path, ROOT) for path in seen}
    return {path for path in paths if path.startswith("data/")}


_WATCHING: list[set[str]] = []
# It stays for as long as the process.
sys.addaudithook(
    lambda event, given: _WATCHING[-1].add(str(given[0])) if _WATCHING and event == "open" else None
)


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS.keys())
def test_a_run_that_is_watched_reads_the_same_with_what_is_kept(result) -> None:
    at_first = opened(result)
    load.forget()
    assert opened(result) == at_first
    # And it is known of what was read before, by somebody else.
    load.forget()
    for name in ("releases", "boroughs", "editions"):
        load.table(name)
    with kept.listening() as read:
        result()
    assert {*read} == at_first
    assert at_first


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS.keys())
def test_it_is_the_same_made_found_and_without_anything_kept(
    result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_now = as_text(result())
    load.forget()
    assert as_text(result()) == made_now
    (tmp_path / "a file").touch()
    monkeypatch.setattr(kept, "KEPT", tmp_path / "a file" / "kept")
    load.forget()
    assert as_text(result()) == made_now


def as_text(result: object) -> str:
    parts = [getattr(result, "table", result), getattr(result, "years", "")]
    return repr([part.to_dict() if isinstance(part, pd.DataFrame) else part for part in parts])


def test_no_other_function_remembers_what_it_read() -> None:
    """Else what is read within it would be known of the first who asks alone."""
    for room in kept.ROOMS:
        for path in (PACKAGE / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef):
                    names = {ast.unparse(each).partition("(")[0] for each in node.decorator_list}
                    if names & {"cache", "lru_cache", "functools.cache"}:
                        assert "load." not in ast.unparse(node), f"{path}: {node.name}"


def test_a_preview_reads_tables_that_changed(project: Path, monkeypatch) -> None:
    read: list[int] = []

    def make_pages(*_: object, **__: object) -> Path:
        read.append(int(load.table("london_asb_calls")["calls"].sum()))
        return project

    monkeypatch.setattr(builder, "inputs_of", lambda root: {})
    monkeypatch.setattr(builder, "executed_book", lambda settings, **_: {})
    monkeypatch.setattr(builder, "make_pages", make_pages)
    monkeypatch.setattr(builder, "replace_folder", lambda new, old: None)
    (project / "book").mkdir()
    preview = builder.Preview(Settings(), project, project / "preview", templates=False)
    preview.build()
    change_table(project)
    preview.build()
    assert read[1] == read[0] + 1


def test_the_boroughs_beside_each_other_are_the_same_in_every_book() -> None:
    one, other = (Book(Settings(name)).offences["burglary"] for name in ("Barnet", "Sutton"))
    assert one.rates.london.rate == other.rates.london.rate
    pd.testing.assert_frame_equal(one.boroughs(), other.boroughs())
