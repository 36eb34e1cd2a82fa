"""`make serve`: what was built last, shown on this machine alone."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from safer_communities import __main__ as command_line
from safer_communities.datasets.atomic import replace_folder
from safer_communities.errors import InputError
from safer_communities.settings import Settings
from safer_communities.site import build, serving
from safer_communities.site.rebuilding import STAMP
from safer_communities.site.serving import built_last, described, serve, server_of

pytestmark = pytest.mark.slow

BOOK, SITE, BOROUGHS = "_build/html", "_site", "_boroughs"


def make(folder: Path, *, at: int = 0, books: tuple[str, ...] = ("2022 Barnet",)) -> Path:
    """A site that was built at a moment, for these books; its page holds its name."""
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(f"The first page of {folder.name}")
    (folder / STAMP).write_text("".join(f"{'0a' * 32} {book}\n" for book in books))
    os.utime(folder / STAMP, (at, at))
    return folder


@contextmanager
def shown(folder: Path) -> Iterator[Callable[[str], tuple[HTTPResponse, str]]]:
    """Asks for pages of the folder while it is served: the answer and its text."""
    with server_of(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()

        def get(path: str) -> tuple[HTTPResponse, str]:
            connection = HTTPConnection("127.0.0.1", server.server_port)
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                return answer, answer.read().decode()
            finally:
                connection.close()

        try:
            yield get
        finally:
            server.shutdown()
            thread.join()


class TestBuiltLast:
    def test_nothing_is_built(self, tmp_path: Path) -> None:
        assert built_last(tmp_path) is None
        (tmp_path / BOOK).mkdir(parents=True)
        (tmp_path / BOROUGHS / "2022").mkdir(parents=True)
        assert built_last(tmp_path) is None

    @pytest.mark.parametrize("last", [BOOK, SITE, f"{BOROUGHS}/2022/enfield"])
    def test_the_newest_of_each_kind(self, tmp_path: Path, last: str) -> None:
        for name in (BOOK, SITE, f"{BOROUGHS}/2022/enfield"):
            make(tmp_path / name, at=2 if name == last else 1)
        assert built_last(tmp_path) == tmp_path / last

    def test_the_moment_is_that_of_the_stamp(self, tmp_path: Path) -> None:
        make(tmp_path / BOOK, at=2)
        site = make(tmp_path / SITE, at=1)
        os.utime(site / "index.html", (3, 3))
        os.utime(site, (3, 3))
        assert built_last(tmp_path) == tmp_path / BOOK

    def test_books_of_several_boroughs_are_shown_together(self, tmp_path: Path) -> None:
        make(tmp_path / BOOK, at=1)
        make(tmp_path / BOROUGHS / "2022" / "brent", at=2)
        make(tmp_path / BOROUGHS / "2023" / "brent", at=3)
        assert built_last(tmp_path) == tmp_path / BOROUGHS / "2023" / "brent"
        make(tmp_path / BOROUGHS / "2022" / "enfield", at=4)
        assert built_last(tmp_path) == tmp_path / BOROUGHS / "2022"

    def test_the_site_of_london_is_shown_from_its_map(self, tmp_path: Path) -> None:
        make(tmp_path / BOROUGHS / "2022" / "brent", at=1)
        make(tmp_path / "_london" / "brent", at=2, books=("2022 Brent", "2023 Brent"))
        assert built_last(tmp_path) == tmp_path / "_london"
        assert described(tmp_path / "_london") == "London: 1 of its boroughs, all editions"

    def test_what_a_build_has_left_is_not_built(self, tmp_path: Path) -> None:
        make(tmp_path / BOROUGHS / "2022" / "enfield", at=1)
        make(tmp_path / BOROUGHS / "2022" / "enfield.old", at=2)
        (make(tmp_path / BOOK, at=3) / "index.html").unlink()
        (make(tmp_path / SITE, at=3) / STAMP).unlink()
        (tmp_path / BOROUGHS / "2022" / "enfield.lock").touch()
        assert built_last(tmp_path) == tmp_path / BOROUGHS / "2022" / "enfield"


class TestWords:
    @pytest.mark.parametrize(
        ("books", "words"),
        [
            (("2022 Barnet",), "Barnet, edition 2022"),
            (("2025 Kensington and Chelsea",), "Kensington and Chelsea, edition 2025"),
            (("2022 Barnet", "2023 Barnet"), "Barnet, editions 2022, 2023"),
            ((), "a book of an earlier version"),
        ],
    )
    def test_of_a_book_or_site(self, tmp_path: Path, books: tuple[str, ...], words: str) -> None:
        assert described(make(tmp_path / "made", books=books)) == words

    @pytest.mark.parametrize("stamp", [b"", b"x\n", b"\x00\xff\n", b"0a" * 32 + b"\n"])
    def test_of_a_spoilt_stamp(self, tmp_path: Path, stamp: bytes) -> None:
        (make(tmp_path / "made") / STAMP).write_bytes(stamp)
        assert described(tmp_path / "made") == "a book of an earlier version"

    def test_of_several_boroughs(self, tmp_path: Path) -> None:
        for name in ("brent", "enfield"):
            make(tmp_path / "2023" / name)
        assert described(tmp_path / "2023") == "2 boroughs, edition 2023"


class TestServer:
    def test_pages_come_whole_and_are_not_kept_by_the_browser(self, tmp_path: Path) -> None:
        folder = make(tmp_path / "made")
        (folder / "notebooks").mkdir()
        (folder / "notebooks" / "summary.html").write_text("£")
        with shown(folder) as get:
            for path, text in (("/", "The first page of made"), ("/notebooks/summary.html", "£")):
                answer, body = get(path)
                assert (answer.status, body) == (200, text)
                assert answer.headers["Content-Type"].startswith("text/html")
                # Else a page of the book that stood here before could be taken for one of this.
                assert answer.headers["Cache-Control"] == "no-store"

    def test_nothing_outside_the_folder_and_no_list_of_files(self, tmp_path: Path) -> None:
        folder = make(tmp_path / "made")
        (folder / "downloads").mkdir()
        (tmp_path / "secret").write_text("secret")
        with shown(folder) as get:
            for path in ("/downloads/", "/../secret", "/%2e%2e/secret", "/nowhere.html"):
                answer, body = get(path)
                assert answer.status == 404
                assert "secret" not in body

    def test_a_new_build_is_shown_without_starting_again(self, tmp_path: Path) -> None:
        folder = make(tmp_path / "html")
        with shown(folder) as get:
            for number in range(3):
                new = make(tmp_path / f"new{number}")
                (new / "page.html").write_text(str(number))
                # Older than what the browser has seen: a page is not told apart by its age.
                os.utime(new / "page.html", (10 - number, 10 - number))
                replace_folder(new, folder)
                assert get("/")[1] == f"The first page of new{number}"
                assert get("/page.html")[1] == str(number)

    def test_several_books_are_listed_and_nothing_else_is(self, tmp_path: Path) -> None:
        edition = tmp_path / BOROUGHS / "2022"
        make(edition / "brent", books=("2022 Brent",))
        make(edition / "enfield", books=("2022 <i>Enfield",))
        make(edition / "enfield.old")
        (edition / "brent.lock").touch()
        with shown(edition) as get:
            answer, body = get("/")
            assert answer.status == 200
            assert "<h1>2 boroughs, edition 2022</h1>" in body
            assert '<a href="brent/">Brent, edition 2022</a>' in body
            assert '<a href="enfield/">&lt;i&gt;Enfield, edition 2022</a>' in body
            assert body.count("<li>") == 2
            assert get("/enfield/")[1] == "The first page of enfield"

    def test_only_this_machine_is_served(self, tmp_path: Path) -> None:
        with server_of(make(tmp_path / "made"), 0) as server:
            assert server.server_address[0] == "127.0.0.1"

    @pytest.mark.parametrize("listening", [True, False], ids=["program", "make serve"])
    def test_a_port_that_is_taken(self, tmp_path: Path, listening: bool) -> None:
        folder = make(tmp_path / "made")
        with socket.create_server(("127.0.0.1", 0)) if listening else server_of(folder, 0) as other:
            port = (other if listening else other.socket).getsockname()[1]
            with pytest.raises(InputError) as caught:
                serve(folder, port)
        assert caught.value.place == "PORT"
        assert str(port) in caught.value.problem
        assert "make serve PORT=" in caught.value.remedy

    def test_a_browser_that_went_away_is_no_fault_of_ours(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with server_of(make(tmp_path / "made"), 0) as server:
            for error, said in ((BrokenPipeError("gone"), False), (ValueError("ours"), True)):
                try:
                    raise error
                except (OSError, ValueError):
                    server.handle_error(None, ("127.0.0.1", 1))
                assert ("Traceback" in capsys.readouterr().err) == said

    def test_it_says_what_and_where_and_ends_quietly(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def interrupted(server: serving.ThreadingHTTPServer) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(serving.ThreadingHTTPServer, "serve_forever", interrupted)
        folder = make(tmp_path / "made")
        serve(folder, 0)
        said = capsys.readouterr()
        first, second, *rest = said.out.splitlines()
        assert first == f"Showing what was built last: Barnet, edition 2022 ({folder})"
        assert second.startswith("http://localhost:")
        assert second.endswith("/ (stop with Ctrl+C)")
        assert (rest, said.err) == ([""], "")


class TestCommand:
    @pytest.fixture
    def served(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[Path, int]]:
        """What would be served, and where, in a project where nothing is built."""
        served: list[tuple[Path, int]] = []
        monkeypatch.setattr(command_line, "ROOT", tmp_path)
        monkeypatch.setattr(serving, "serve", lambda *what: served.append(what))
        monkeypatch.delenv("PORT", raising=False)
        return served

    def test_what_is_built_is_shown_whatever_the_settings_say(
        self, served: list, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make(tmp_path / BOOK, books=("2026 Barnet",))
        monkeypatch.setenv("EDITION", "2022")
        monkeypatch.setenv("PORT", "8123")
        assert command_line.main(["serve"]) == 0
        assert served == [(tmp_path / BOOK, 8123)]

    def test_where_nothing_is_built_it_is_built_first(
        self, served: list, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole: list[bool] = []

        def built(settings: Settings, *, output: Path, jobs: int, templates: bool) -> Path:
            whole.append(templates)
            return make(output) / "index.html"

        monkeypatch.setattr(build, "build_book", built)
        assert command_line.main(["serve"]) == 0
        assert served == [(tmp_path / BOOK, 8000)]
        assert whole == [True]

    @pytest.mark.parametrize("port", ["0", "-1", "65536", "http", "80 80", "٨٠", "9" * 5000])
    def test_no_port(
        self,
        served: list,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        port: str,
    ) -> None:
        monkeypatch.setenv("PORT", port)
        assert command_line.main(["serve"]) == 2
        error = capsys.readouterr().err
        assert error.startswith("\nPORT: ")
        assert "is not a port" in error
        assert error.count("What to do") == 1
        assert served == []
