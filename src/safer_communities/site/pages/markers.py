"""The marks in the pages of text where something made from data belongs: `% generated: NAME`."""

import re
from pathlib import Path

_MARKER = re.compile(r"^% generated: (?P<name>[a-z0-9 ]+)$", re.MULTILINE)


def asked_for(book: Path) -> dict[str, list[str]]:
    """The names that each page of the folder `book` asks for, by the page, in their order."""
    names = {
        path.stem: _MARKER.findall(path.read_text(encoding="utf-8"))
        for path in sorted(book.glob("*.md"))
    }
    return {page: asked for page, asked in names.items() if asked}


def with_parts(text: str, parts: dict[str, str]) -> str:
    """A page's Markdown with the part of that name in the place of each mark."""
    return _MARKER.sub(lambda match: parts[match["name"]], text)
