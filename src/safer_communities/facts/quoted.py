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
    """The keys that the prose of a saved notebook quotes; None where there is no such file."""
    return keys_in(prose_of(notebook)) if notebook.is_file() else None


def prose_of(notebook: Path) -> list[str]:
    """The Markdown cells of a saved notebook."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


def is_lab() -> bool:
    """Whether a person works in JupyterLab: the server names the session of such a kernel."""
    return "JPY_SESSION_NAME" in os.environ
