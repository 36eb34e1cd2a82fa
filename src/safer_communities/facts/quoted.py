"""Which wordings of its facts the prose of a notebook quotes."""

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path

_QUOTED = re.compile(r"\{glue:text\}`([a-z0-9_]+)`|\{glue:\} ([a-z0-9_]+)")


def keys_in(texts: Iterable[str]) -> set[str]:
    """The keys that Markdown texts quote, by `{glue:text}` or, for small charts, `{glue:}`."""
    return {text or chart for each in texts for text, chart in _QUOTED.findall(each)}


def keys_quoted_in(notebook: Path) -> set[str] | None:
    """The keys that the prose of a saved notebook quotes, or of the page of text in its place.

    None where there is neither.
    """
    saved = [path for path in (notebook, notebook.with_suffix(".md")) if path.is_file()]
    return keys_in(prose_of(saved[0])) if saved else None


def prose_of(saved: Path) -> list[str]:
    """The Markdown cells of a saved notebook; a page of text as it stands."""
    text = saved.read_text(encoding="utf-8")
    if saved.suffix == ".md":
        return [text]
    cells = json.loads(text)["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


def is_lab() -> bool:
    """Whether a person works in JupyterLab: the server names the session of such a kernel."""
    return "JPY_SESSION_NAME" in os.environ
