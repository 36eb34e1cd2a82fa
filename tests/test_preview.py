"""`make watch`: the book in a browser, built again at every change that is saved."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from urllib.request import urlopen

import pytest

import stand_in_builder
from made_book import make_book, write_notebook
from safer_communities.errors import InputError
from safer_communities.project import ROOT
from safer_communities.settings import Settings
from safer_communities.site import build
from safer_communities.site.preview import watching
from safer_communities.site.preview.builder import Preview
from safer_communities.site.preview.live_server import State, live_server
from safer_communities.site.rebuilding import tree_digest

pytestmark = pytest.mark.slow

LONGEST_WAIT_SECONDS = 600


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small book of two chapters and one page, with the look of the real one."""
    root = make_book(tmp_path)
    shutil.copy(ROOT / "_config.yml", root)
    shutil.copytree(ROOT / "book" / "_static", root / "book" / "_static")
    return root


class TestPreview:
    def test_a_change_makes_what_a_clean_build_makes_and_a_fault_leaves_the_last_good_pages(
        self, root: Path, tmp_path: Path
    ) -> None:
        folder = tmp_path / "preview"
        html = folder / "html"
        written = folder.joinpath("work", "_build", "html", "notebooks", "other.html")
        preview = Preview(Settings(), root, folder, templates=True)
        preview.build()
        page = root / "book" / "page.md"

        # The title of a page stands in the contents of all.
        page.write_text("# A new title\n\nWords.\n")
        write_notebook(root, "other", "5 + 5")
        preview.build()
        assert "A new title" in (html / "notebooks/other.html").read_text()

        first_written = written.stat().st_mtime_ns
        page.write_text("# A new title\n\nOther words.\n")
        # A comment in code is no heading, which other pages might hold.
        write_notebook(root, "summary", "# A comment\n1 + 1", "2 + 2")
        preview.build()
        assert "Other words." in (html / "book/page.html").read_text()
        assert written.stat().st_mtime_ns == first_written
        # What neither change reached would differ.
        good = tree_digest(html)
        output = tmp_path / "clean" / "html"
        build.build_book(Settings(), output=output, root=root, report=lambda _: None)
        assert good == tree_digest(output)

        page.write_text("# A new title\n\n[dead link](nowhere.md)\n")
        for _ in range(2):
            # Sphinx reads a page once; a second build must not take it for a good one.
            with pytest.raises(InputError, match="nowhere"):
                preview.build()
        assert tree_digest(html) == good


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, State, Callable[[str], str]]]:
    """A folder, what browsers are told of it, and a way to ask its server."""
    state = State()
    with live_server(tmp_path, 0, state) as server:
        Thread(target=server.serve_forever, daemon=True).start()

        def get(path: str) -> str:
            return urlopen(f"http://127.0.0.1:{server.server_port}{path}").read().decode()

        yield tmp_path, state, get
        server.shutdown()


class TestLiveServer:
    def test_a_page_asks_for_news_which_its_own_policy_would_forbid(self, served: tuple) -> None:
        folder, _, get = served
        (folder / "page.html").write_text(
            '<head><meta content="default-src \'none\'" http-equiv="Content-Security-Policy"/>'
            "</head><body>Words</body>"
        )
        page = get("/page.html?a=1")
        assert "Content-Security-Policy" not in page
        assert '<script src="/_preview/reload.js" defer></script></head><body>Words' in page
        assert "location.reload()" in get("/_preview/reload.js")

    def test_a_page_that_is_not_built_yet_waits_for_it(self, served: tuple) -> None:
        _, _, get = served
        assert "Not built yet" in get("/")
        assert "/_preview/reload.js" in get("/notebooks/summary.html")

    def test_news_come_as_soon_as_a_build_has_ended(self, served: tuple) -> None:
        _, state, get = served
        assert json.loads(get("/_preview/state?seen=x")) == {"number": 0, "built": 0, "problem": ""}
        heard: list[dict] = []
        asking = Thread(target=lambda: heard.append(json.loads(get("/_preview/state?seen=0"))))
        asking.start()
        state.tell("wards.ipynb: bad")
        asking.join(LONGEST_WAIT_SECONDS)
        assert heard == [{"number": 1, "built": 0, "problem": "wards.ipynb: bad"}]
        state.tell()
        assert json.loads(get("/_preview/state?seen=1")) == {
            "number": 2,
            "built": 1,
            "problem": "",
        }


class MadeBuilder:
    """Stands for the process that builds: notes what it is asked, and fails when told to."""

    def __init__(self, *_: object) -> None:
        self.asked: list[str] = []
        self.built = Event()

    def __enter__(self) -> "MadeBuilder":
        return self

    def __exit__(self, *_: object) -> None:
        self.asked.append("end")

    def restart(self) -> None:
        self.asked.append("restart")

    def build(self) -> str:
        self.asked.append("build")
        self.built.set()
        return ""


def test_a_saved_file_is_built_and_changed_code_is_imported_anew(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder, stop = MadeBuilder(), Event()
    monkeypatch.setattr(watching, "Builder", lambda *_: builder)
    said: list[str] = []
    folder = tmp_path / "preview"
    options = {"root": root, "folder": folder, "report": said.append, "stop": stop}
    thread = Thread(target=watching.watch_book, args=(Settings(), 0), kwargs=options)
    thread.start()
    for path, asked in {"book/page.md": ["build"], "src/code.py": ["restart", "build"]}.items():
        assert builder.built.wait(LONGEST_WAIT_SECONDS)
        builder.asked.clear()
        builder.built.clear()
        # Saved as soon as there is a first build, before which it looks already.
        (root / path).write_text("a = 1\n")
        assert builder.built.wait(LONGEST_WAIT_SECONDS)
        assert builder.asked[: len(asked)] == asked
        assert f"Saved: {path}" in said
    stop.set()
    thread.join(LONGEST_WAIT_SECONDS)
    assert builder.asked[-1] == "end"


@pytest.mark.parametrize(
    "real", [False, pytest.param(True, marks=pytest.mark.long)], ids=["stand-in", "real"]
)
def test_a_process_that_ended_is_replaced(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real: bool
) -> None:
    if not real:
        monkeypatch.setattr(watching, "keep_building", stand_in_builder.keep_answering)
    with watching.Builder(Settings(), root, tmp_path / "preview", templates=True) as builder:
        builder._process.kill()
        builder._process.join()
        assert "another was started" in builder.build()
        assert builder.build() == ""
    assert (tmp_path / "preview" / "html" / "index.html").is_file() or not real
