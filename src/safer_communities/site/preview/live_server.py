"""Serves the pages of a preview, each with a script that loads it again after a build."""

import io
import json
import re
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Condition
from typing import Any, BinaryIO
from urllib.parse import parse_qs, urlsplit

from safer_communities.site.serving import PageHandler, listening

SCRIPT = (Path(__file__).parent / "reload.js").read_bytes()
LOADED = b'<script src="/_preview/reload.js" defer></script></head>'
# The policy of a page lets nothing ask this server for anything.
POLICY = re.compile(rb'<meta [^>]*http-equiv="Content-Security-Policy"[^>]*>')
NOT_YET = b"""<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>Not built yet</title></head>
<body><main><h1>Not built yet</h1>
<p>This page appears here by itself once it is built.</p></main></body>
</html>
"""
# How long a browser waits for news before it asks again.
LONGEST_WAIT_SECONDS = 20


@dataclass
class State:
    """What a browser has to know: how many builds there were, and what stopped the last one."""

    number: int = 0
    built: int = 0
    problem: str = ""
    changed: Condition = field(default_factory=Condition, repr=False)

    def tell(self, problem: str = "") -> None:
        """Says that a build ended, well or with a problem."""
        with self.changed:
            self.number += 1
            self.built += not problem
            self.problem = problem
            self.changed.notify_all()

    def after(self, seen: int) -> bytes:
        """The state as JSON, as soon as its number is not the one that was seen."""
        with self.changed:
            self.changed.wait_for(lambda: self.number != seen, LONGEST_WAIT_SECONDS)
            state = {"number": self.number, "built": self.built, "problem": self.problem}
        return json.dumps(state).encode()


def live_server(folder: Path, port: int, state: State) -> ThreadingHTTPServer:
    """A server of the pages in `folder` that tells browsers of `state`, to this machine alone.

    Raises InputError where nothing can listen at `port`.
    """
    handler = partial(_LiveHandler, directory=str(folder), state=state)
    return listening(handler, port, command="make watch")


class _LiveHandler(PageHandler):
    def __init__(self, *arguments: Any, state: State, **options: Any) -> None:
        self.state = state
        super().__init__(*arguments, **options)

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """The headers and the content of what is asked for: news, the script, a page or a file."""
        address = urlsplit(self.path)
        if address.path == "/_preview/reload.js":
            return self._answer(SCRIPT, "text/javascript")
        if address.path == "/_preview/state":
            [seen] = parse_qs(address.query).get("seen", ["-1"])
            known = int(seen) if re.fullmatch(r"-?[0-9]{1,9}", seen) else -1
            return self._answer(self.state.after(known), "application/json")
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() or address.path == "/" else path
        if path.suffix != ".html":
            return super().send_head()
        page = path.read_bytes() if path.is_file() else NOT_YET
        page = POLICY.sub(b"", page).replace(b"</head>", LOADED, 1)
        return self._answer(page, "text/html; charset=utf-8")

    def _answer(self, content: bytes, kind: str) -> io.BytesIO:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)
