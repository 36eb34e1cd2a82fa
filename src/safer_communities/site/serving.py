"""Shows on this machine the book or site that was built last."""

import io
import os
import re
import sys
from collections.abc import Callable
from functools import partial
from html import escape
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from safer_communities.errors import InputError
from safer_communities.settings import Settings
from safer_communities.site.rebuilding import STAMP

# This machine alone, whatever a name such as "localhost" stands for here.
ADDRESS = "127.0.0.1"
FIRST_FREE_FOR_ALL = 1024
LONDON = "_london"
PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>{title}</title></head>
<body><main><h1>{title}</h1>
<ul>
{links}
</ul></main></body>
</html>
"""
_BUILT_FROM = re.compile(r"[0-9a-f]{64} ([0-9]{1,4}) (.+)")


def built_last(root: Path) -> Path | None:
    """The folder below `root` to show: that of the book or site whose build ended last.

    Where one edition is built for several boroughs it is the edition's folder, with the book of
    each borough in it; of a borough of London's site it is that site. None where nothing is built.
    """
    several_books = (*root.glob("_boroughs/*/*"), *root.glob(f"{LONDON}/*"))
    built = [
        folder
        for folder in [root / "_build" / "html", root / "_site", *several_books]
        if _is_whole(folder)
    ]
    if not built:
        return None
    last = max(built, key=lambda folder: (folder / STAMP).stat().st_mtime_ns)
    several = last.parent.parent.name == "_boroughs" and len(books_in(last.parent)) > 1
    return last.parent if several or last.parent.name == LONDON else last


def books_in(folder: Path) -> list[Path]:
    """The folders of the books that stand side by side in `folder`."""
    return [book for book in sorted(folder.iterdir()) if _is_whole(book)]


def described(folder: Path) -> str:
    """What `folder` shows, in a few words, by its own account."""
    if not _is_whole(folder):
        count = len(books_in(folder))
        if folder.name == LONDON:
            return f"London: {count} of its boroughs, all editions"
        return f"{count} boroughs, edition {folder.name}"
    lines = (folder / STAMP).read_text(encoding="utf-8", errors="replace").splitlines()
    found = map(_BUILT_FROM.fullmatch, lines)
    settings = [Settings(borough=line[2], edition=int(line[1])) for line in found if line]
    if not settings:
        return "a book of an earlier version"
    years = ", ".join(str(each.edition) for each in settings)
    return f"{settings[0].borough}, edition{'s' if len(settings) > 1 else ''} {years}"


def server_of(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of the pages in `folder`, to this machine alone.

    Raises InputError where nothing can listen at `port`.
    """
    return listening(partial(PageHandler, directory=str(folder)), port, command="make serve")


def listening(
    handler: Callable[..., SimpleHTTPRequestHandler], port: int, *, command: str
) -> ThreadingHTTPServer:
    """A server for this machine alone; `command` is what starts it.

    Raises InputError where nothing can listen at `port`.
    """
    try:
        return _Server((ADDRESS, port), handler)
    except OSError as error:
        other = port + 1 if FIRST_FREE_FOR_ALL <= port < 2**16 - 1 else 8001
        raise InputError(
            place="PORT",
            problem=f"pages cannot be shown at {port} ({error.strerror})",
            remedy=f"stop what uses it, or choose another port: {command} PORT={other}",
        ) from error


def serve(folder: Path, port: int) -> None:
    """Shows the pages in `folder` until Ctrl+C. Raises InputError where the port is taken."""
    with server_of(folder, port) as server:
        print(f"Showing what was built last: {described(folder)} ({folder})")
        print(f"http://localhost:{server.server_port}/ (stop with Ctrl+C)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            # What the terminal writes for the keys stands in a line of its own.
            print()


def _is_whole(folder: Path) -> bool:
    """Whether `folder` holds a book or site, and no leftover of a build (`enfield.old`)."""
    whole = (folder / "index.html").is_file() and (folder / STAMP).is_file()
    return whole and not folder.suffix


class _Server(ThreadingHTTPServer):
    # A second server would get every other request and seem to work.
    allow_reuse_port = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing of a browser that went away before it had the whole page."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class PageHandler(SimpleHTTPRequestHandler):
    """Finds the folder by its name at each request: a build may put a new one in its place."""

    def end_headers(self) -> None:
        """Lets a browser keep nothing: another book may stand at the same address next time."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def list_directory(self, path: str | os.PathLike[str]) -> io.BytesIO | None:
        """The way to every book in a folder of books; of other folders, no list."""
        books = books_in(Path(path))
        if not books:
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        title = escape(described(Path(path)))
        links = "\n".join(
            f'<li><a href="{book.name}/">{escape(described(book))}</a></li>' for book in books
        )
        page = PAGE.format(title=title, links=links).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        return io.BytesIO(page)

    def log_message(self, *_: object) -> None:
        """Says nothing: the two lines above should stay in sight."""
