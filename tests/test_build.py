"""Building: what is run again and what is not, and that a failure leaves the last good site."""

import os
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from made_book import make_book, write_notebook
from safer_communities.errors import InputError
from safer_communities.project import ROOT
from safer_communities.settings import Settings
from safer_communities.site import build, making, rebuilding
from safer_communities.site.run import execution

pytestmark = pytest.mark.slow

# Longer than any machine takes for what a test waits for.
HANGS_SECONDS = 600
DRAW = """
from safer_communities.chapter import *
chapter = open_chapter("summary")
chapter.fact("total", chapter.crime.count(), unit="offences", label="Offences")
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project made for these tests: two chapters and one page."""
    return make_book(tmp_path)


# What each made chapter is said to have opened and imported.
USED = {
    "summary": ["data/table.csv", "src/code.py", "src/__pycache__/code.pyc", "_config.yml"],
    "other": ["src/code.py"],
}


class Bench:
    """Builds the made project without running cells or Sphinx, and notes what would have run."""

    def __init__(self, root: Path, output: Path) -> None:
        self.root, self.output = root, output
        self.ran: list[str] = []
        self.reports: list[str] = []

    def execute_all(
        self,
        notebooks: dict[Path, nbformat.NotebookNode],
        settings: Settings,
        *,
        jobs: int,
        report: Callable,
        done: Callable,
        every_page: bool,
    ) -> None:
        for path, notebook in notebooks.items():
            self.ran.append(path.stem)
            code = [cell for cell in notebook.cells if cell.cell_type == "code"]
            for count, cell in enumerate(code, start=1):
                text = f"{settings.borough}: {cell.source}"
                cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)]
                cell.execution_count = count
            used = [self.root / file for file in USED[path.stem]]
            done(path, execution.ExecutedNotebook(notebook, frozenset(used)))

    def html(self, source: Path, work: Path, run: object) -> Path:
        html = work / "html"
        source.rename(html)
        (html / "_static").mkdir()
        return html

    def build(self, settings: Settings | None = None) -> list[str]:
        """The chapters that were run, in order."""
        self.ran.clear()
        page = build.build_book(
            settings or Settings(),
            output=self.output,
            root=self.root,
            jobs=1,
            report=self.reports.append,
        )
        assert page == self.output / "index.html"
        assert page.is_file()
        return sorted(self.ran)

    def built(self, name: str) -> nbformat.NotebookNode:
        return nbformat.read(self.output / "notebooks" / f"{name}.ipynb", as_version=4)


@pytest.fixture
def bench(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench(root, tmp_path / "_build" / "html")
    stand_in(bench, monkeypatch)
    return bench


def stand_in(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts the bench in the place of the slow parts of a build."""
    monkeypatch.setattr(execution, "execute_all", bench.execute_all)
    monkeypatch.setattr(making, "make_html", bench.html)
    monkeypatch.setattr(making, "write_downloads", made_downloads)
    monkeypatch.setattr(making, "finish_site", lambda html, cache, jobs: None)
    monkeypatch.setattr(making, "describe_first_page", lambda html: None)


def made_downloads(folder: Path, *_: object) -> None:
    (folder / "claims.csv").write_text("id\n")


BOTH = ["other", "summary"]


def test_nothing_is_built_where_nothing_changed(bench: Bench) -> None:
    assert bench.build() == BOTH
    before = (bench.output / "index.html").stat()
    assert bench.build() == []
    assert bench.reports[-1] == "Nothing changed since the last build."
    assert (bench.output / "index.html").stat().st_ino == before.st_ino


@pytest.mark.parametrize(
    ("path", "again"),
    [
        ("src/code.py", BOTH),
        ("data/table.csv", ["summary"]),
        ("requirements.lock", BOTH),
        ("src/new/deep.py", []),
        ("data/new.csv", []),
    ],
)
def test_a_change_runs_the_chapters_that_use_what_changed(
    bench: Bench, path: str, again: list[str]
) -> None:
    bench.build()
    changed = bench.root / path
    changed.parent.mkdir(exist_ok=True)
    changed.write_text("changed")
    assert bench.build() == again


def test_a_table_that_went_away_runs_its_chapter_again(bench: Bench) -> None:
    bench.build()
    (bench.root / "data" / "table.csv").unlink()
    assert bench.build() == ["summary"]


def test_a_table_that_is_not_as_described_stops_the_build_before_anything_runs(
    bench: Bench,
) -> None:
    bench.build()
    description = {"resources": [{"path": "table.csv", "hash": "sha256:0", "rowCount": 7}]}
    (bench.root / "data" / "datapackage.yaml").write_text(yaml.safe_dump(description))
    with pytest.raises(InputError, match=r"data/table.csv.*that one has 7 rows"):
        bench.build()


def test_what_ran_is_kept_where_another_chapter_fails(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(notebooks: dict, *arguments: object, **options: object) -> None:
        bench.execute_all(dict(list(notebooks.items())[:1]), *arguments, **options)
        raise ExceptionGroup("made", [InputError("b.ipynb", "made", "mend it")])

    monkeypatch.setattr(execution, "execute_all", half)
    with pytest.raises(ExceptionGroup):
        bench.build()
    monkeypatch.setattr(execution, "execute_all", bench.execute_all)
    assert bench.build() == ["summary"]


@pytest.mark.parametrize("path", ["book/page.md", "_config.yml", "_toc.yml"])
def test_a_change_of_prose_builds_the_pages_and_runs_no_chapter(bench: Bench, path: str) -> None:
    bench.build()
    with (bench.root / path).open("a") as file:
        file.write("\n# more\n")
    assert bench.build() == []
    assert bench.reports[-1].startswith("Site digest: ")
    if path.startswith("book"):
        assert "# more" in (bench.output / path).read_text()


def test_prose_beside_code_changes_the_page_and_runs_no_chapter(bench: Bench) -> None:
    bench.build()
    write_notebook(bench.root, "summary", "1 + 1", "2 + 2", prose="# Another title")
    assert bench.build() == []
    title, *code = bench.built("summary").cells
    assert title.source == "# Another title"
    shown = [output.text for cell in code for output in cell.outputs]
    assert shown == ["Barnet: 1 + 1", "Barnet: 2 + 2"]


@pytest.mark.parametrize("code", [["1 + 1", "2 + 3"], ["1 + 1"], ["2 + 2", "1 + 1"]])
def test_changed_code_runs_its_own_chapter_only(bench: Bench, code: list[str]) -> None:
    bench.build()
    write_notebook(bench.root, "summary", *code)
    assert bench.build() == ["summary"]


def test_each_borough_and_edition_has_its_own_outputs(bench: Bench) -> None:
    bench.build()
    for other in (Settings("Enfield"), Settings(edition=2023)):
        assert bench.build(other) == BOTH
    assert bench.build(Settings("Enfield")) == []
    assert bench.built("other").cells[1].outputs[0].text == "Enfield: 3 + 3"


@pytest.mark.parametrize("name", ["barnet", " Barnet ", "BARNET"])
def test_a_borough_in_other_letters_is_the_same_book(bench: Bench, name: str) -> None:
    bench.build(Settings("Barnet"))
    assert bench.build(Settings(name)) == []
    assert bench.reports[-1] == "Nothing changed since the last build."


def test_bytecode_is_no_change(bench: Bench) -> None:
    bench.build()
    cache = bench.root / "src" / "__pycache__"
    cache.mkdir(exist_ok=True)
    (cache / "code.pyc").write_bytes(b"made")
    assert bench.build() == []
    assert bench.reports[-1] == "Nothing changed since the last build."


def test_a_build_with_nothing_to_do_is_the_last_one_all_the_same(bench: Bench) -> None:
    bench.build()
    stamp = bench.output / rebuilding.STAMP
    text = stamp.read_text()
    os.utime(stamp, (1, 1))
    bench.build()
    assert bench.reports[-1] == "Nothing changed since the last build."
    assert stamp.stat().st_mtime > 1
    assert stamp.read_text() == text


def test_the_stamp_names_the_book_and_is_no_part_of_the_digest(bench: Bench) -> None:
    bench.build(Settings("Kensington and Chelsea", 2025))
    stamp = bench.output / rebuilding.STAMP
    assert stamp.read_text().endswith(" 2025 Kensington and Chelsea\n")
    digest = rebuilding.tree_digest(bench.output)
    assert bench.reports[-1] == f"Site digest: {digest[:16]}"
    stamp.unlink()
    assert rebuilding.tree_digest(bench.output) == digest


@pytest.mark.parametrize("stamp", [b"", b"x\n", b"\x00\xff"])
def test_a_spoilt_stamp_means_building_again(bench: Bench, stamp: bytes) -> None:
    bench.build()
    (bench.output / rebuilding.STAMP).write_bytes(stamp)
    bench.build()
    assert bench.reports[-1].startswith("Site digest: ")


def test_a_removed_site_is_built_again_from_the_cache(bench: Bench) -> None:
    bench.build()
    (bench.output / "index.html").unlink()
    assert bench.build() == []
    assert all(cell.outputs for cell in bench.built("summary").cells[1:])


SPOILT: dict[str, Callable[[Path], object]] = {
    "cut short": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "empty": lambda path: path.write_bytes(b""),
    "one letter": lambda path: path.write_bytes(path.read_bytes()[:-1] + b"~"),
    "removed": Path.unlink,
}


def spoil(path: Path, how: str) -> None:
    """Changes a file as an accident does, or somebody who sets its time back to what it was."""
    times = path.stat()
    SPOILT[how](path)
    if path.exists():
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize("how", SPOILT)
def test_a_site_whose_pages_changed_is_built_again(bench: Bench, how: str) -> None:
    bench.build()
    good = rebuilding.tree_digest(bench.output)
    spoil(bench.output / "downloads" / "claims.csv", how)
    assert bench.build() == []
    assert "Nothing changed since the last build." not in bench.reports
    assert "The pages are not those that were built. Building them again." in bench.reports
    assert rebuilding.tree_digest(bench.output) == good


def test_a_site_with_a_page_too_many_is_built_again(bench: Bench) -> None:
    bench.build()
    (bench.output / "mine.html").write_text("<p>Not of the book.</p>")
    bench.build()
    assert not (bench.output / "mine.html").exists()


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_kept_and_was_spoilt_is_made_again(bench: Bench, how: str) -> None:
    """Every file of every cache is spoilt: the next site is the same, with no damage in it."""
    bench.build()
    good = rebuilding.tree_digest(bench.output)
    kept = [path for path in bench.output.with_name("cache").rglob("*") if path.is_file()]
    assert {"claims.csv", "summary.json", "other.json"} <= {path.name for path in kept}
    for path in kept:
        spoil(path, how)
    shutil.rmtree(bench.output)
    assert bench.build() == BOTH
    assert rebuilding.tree_digest(bench.output) == good
    # The cache has healed.
    shutil.rmtree(bench.output)
    assert bench.build() == []


def test_what_a_chapter_showed_of_another_book_is_not_taken_for_this_one(bench: Bench) -> None:
    bench.build(Settings("Enfield"))
    cache = bench.output.with_name("cache")
    (enfield,) = cache.glob("*/summary.json")
    bench.build()
    for entry in cache.glob("*/summary.json"):
        if entry != enfield:
            shutil.copy(enfield, entry)
    shutil.rmtree(bench.output)
    assert bench.build() == ["summary"]
    assert bench.built("summary").cells[1].outputs[0].text == "Barnet: 1 + 1"


class WatchedLock(FileLock):
    """A lock that says when somebody begins to wait for it without an end."""

    waited_for = Event()

    def acquire(self, timeout: float | None = None, **options: object) -> object:
        if timeout is None:
            self.waited_for.set()
        return super().acquire(timeout, **options)


def test_a_second_build_of_the_same_folder_waits_for_the_first(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "FileLock", WatchedLock)
    monkeypatch.setattr(WatchedLock, "waited_for", Event())
    waiting = f"Another build of {bench.output} is running. Waiting for it to finish."
    bench.output.parent.mkdir()
    with ThreadPoolExecutor(max_workers=1) as pool:
        with FileLock(bench.output.with_name("html.lock")):
            second = pool.submit(bench.build)
            assert WatchedLock.waited_for.wait(HANGS_SECONDS)
            assert not second.done()
            assert bench.reports == [waiting]
            assert not bench.output.exists()
            bench.reports.append("The first ends.")
        assert second.result() == BOTH
    assert bench.reports[:2] == [waiting, "The first ends."]
    assert len(bench.reports) > 2
    assert (bench.output / "index.html").is_file()


def test_what_a_killed_build_left_is_cleared_away(bench: Bench) -> None:
    left = bench.output.with_name("html.building")
    (left / "source").mkdir(parents=True)
    (left / "source" / "half.md").write_text("half")
    bench.build()
    assert not left.exists()
    assert not list(bench.output.rglob("half.md"))


def test_a_source_that_changes_while_the_book_is_built_makes_the_book_stale(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read before the change must not pass for what is there after it."""

    def changing(*arguments: object, **options: object) -> None:
        bench.execute_all(*arguments, **options)
        (bench.root / "data" / "table.csv").write_text("a\n2\n")

    with monkeypatch.context() as patched:
        patched.setattr(execution, "execute_all", changing)
        assert bench.build() == BOTH
    assert bench.build() == ["summary"]


class TestFailure:
    """Whatever goes wrong, and wherever, the last good site stays as it was."""

    @pytest.fixture
    def good(self, bench: Bench) -> str:
        bench.build()
        return rebuilding.tree_digest(bench.output)

    def fails(self, bench: Bench, good: str, error: type[BaseException]) -> None:
        (bench.root / "src" / "code.py").write_text("A = 2\n")
        with pytest.raises(error):
            bench.build()
        assert rebuilding.tree_digest(bench.output) == good
        names = {path.name for path in bench.output.parent.iterdir()}
        assert names == {"html", "html.lock", "cache"}

    def recovers(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()
        with pytest.MonkeyPatch.context() as patched:
            stand_in(bench, patched)
            bench.build()
        assert bench.reports[-1].startswith("Site digest: ")

    def test_of_a_chapter(self, bench: Bench, good: str, monkeypatch: pytest.MonkeyPatch) -> None:
        def failing(*_: object, **__: object) -> None:
            raise ExceptionGroup("made", [InputError("a.ipynb", "made", "mend it")])

        monkeypatch.setattr(execution, "execute_all", failing)
        self.fails(bench, good, ExceptionGroup)
        self.recovers(bench, monkeypatch)

    def test_of_sphinx(self, bench: Bench, good: str, monkeypatch: pytest.MonkeyPatch) -> None:
        def failing(source: Path, work: Path, run: object) -> Path:
            (work / "_build").mkdir()
            raise InputError("the pages", "made", "mend it")

        monkeypatch.setattr(making, "make_html", failing)
        self.fails(bench, good, InputError)

    def test_of_the_downloads(
        self, bench: Bench, good: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def failing(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(making, "write_downloads", failing)
        self.fails(bench, good, KeyboardInterrupt)

    def test_while_the_new_site_takes_the_place_of_the_old(
        self, bench: Bench, good: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def failing(new: Path, folder: Path) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(rebuilding, "replace_folder", failing)
        self.fails(bench, good, KeyboardInterrupt)
        self.recovers(bench, monkeypatch)

    @pytest.mark.parametrize("settings", [Settings("Atlantis"), Settings(edition=1999)])
    def test_of_the_settings_runs_no_chapter(
        self, bench: Bench, good: str, settings: Settings
    ) -> None:
        bench.ran.clear()
        with pytest.raises(InputError, match=r"Atlantis|1999"):
            bench.build(settings)
        assert bench.ran == []
        assert rebuilding.tree_digest(bench.output) == good


@given(
    files=st.dictionaries(st.sampled_from(["a", "b", "c/d", "c/e"]), st.binary(max_size=3)),
    other=st.dictionaries(st.sampled_from(["a", "b", "c/d", "c/e"]), st.binary(max_size=3)),
)
def test_two_folders_have_one_digest_only_if_they_are_the_same(
    files: dict[str, bytes], other: dict[str, bytes]
) -> None:
    digests = []
    for contents in (files, other):
        with tempfile.TemporaryDirectory() as folder:
            for name, content in contents.items():
                (Path(folder) / name).parent.mkdir(exist_ok=True)
                (Path(folder) / name).write_bytes(content)
            digests.append(rebuilding.tree_digest(Path(folder)))
    assert (digests[0] == digests[1]) == (files == other)


class TestRealBuild:
    """The made project through real chapters' processes and the real Jupyter Book."""

    def test_pages_and_downloads_and_a_warning_that_stops(self, root: Path, tmp_path: Path) -> None:
        output = tmp_path / "_build" / "html"
        shutil.copy(ROOT / "_config.yml", root)
        shutil.copytree(ROOT / "book" / "_static", root / "book" / "_static")
        write_notebook(
            root, "summary", DRAW, prose="# Made\n\nThere were {glue:text}`total` offences."
        )
        reports: list[str] = []
        page = build.build_book(Settings(), output=output, root=root, jobs=2, report=reports.append)
        assert "Running 2 of 2 chapters: Barnet, 12 months to March 2022" in reports
        assert 'url=notebooks/summary.html"' in page.read_text()
        summary = BeautifulSoup((output / "notebooks/summary.html").read_text(), "lxml")
        assert "There were 27,826 offences." in summary.article.get_text()
        assert "summary.total" in (output / "downloads/indicators.csv").read_text()
        good = rebuilding.tree_digest(output)

        (root / "book" / "page.md").write_text("# A page\n\n[dead link](nowhere.md)\n")
        with pytest.raises(InputError, match="nowhere"):
            build.build_book(Settings(), output=output, root=root, report=reports.append)
        assert rebuilding.tree_digest(output) == good
        pages, book = (output / rebuilding.STAMP).read_text().splitlines()
        assert (pages, book[64:]) == (good, " 2022 Barnet")
