"""Text from tables inside Markdown: whatever it holds, a page shows it as it stands."""

import re
from string import punctuation
from urllib.parse import quote, urlsplit

_MARKS = re.compile(f"([{re.escape(punctuation)}])")
# What an address may hold as it stands; brackets and spaces would end it.
_IN_ADDRESS = "/:?#@!$&'*+,;=%~"


def escaped(text: str) -> str:
    """`text` as Markdown that reads as that text: no mark-up, no HTML, no role of MyST.

    It is one line, so that it ends no block. A backslash before ASCII punctuation stands for the
    mark itself.
    """
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def link(text: str, address: str) -> str:
    """A link in Markdown; the text alone where the address is empty or no page of the web."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return escaped(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return escaped(text)
    return f"[{escaped(text)}](<{quote(address, safe=_IN_ADDRESS)}>)"
