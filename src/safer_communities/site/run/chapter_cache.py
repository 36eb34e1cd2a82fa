"""Keeps the outputs of notebooks, and knows when they no longer hold.

An entry holds a notebook's outputs for one book, the digest of its code cells, and the digest of
every file of the project that the run opened or imported, below a digest of all that. It holds
while all of these are as they were, and the entry itself is as it was written: prose may change
freely, and so may tables and modules that the notebook does not use (of the modules, those that
make pages: what a chapter imports, every chapter imports).
"""

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from safer_communities.datasets.kept import digest
from safer_communities.facts.quoted import keys_in

# Every notebook depends on the versions of the libraries.
ALWAYS = ("requirements.lock",)


@dataclass(frozen=True)
class ChapterCache:
    """The entries of one book, in `folder`.

    `inputs` are the digests of the project's files when the build began, by their path in `root`.
    """

    folder: Path
    root: Path
    inputs: dict[str, str]

    def outputs(self, name: str, notebook: nbformat.NotebookNode) -> list[dict] | None:
        """What was kept of the chapter, if that still holds; None where it does not."""
        try:
            written, _, kept = self._entry(name).read_text(encoding="utf-8").partition("\n")
            if written != digest(kept.encode()):
                return None
            found = json.loads(kept)
            holds = (
                found["of"] == [self.folder.name, name]
                and found["python"] == sys.version
                and found["code"] == _code_digest(notebook)
                and all(self.inputs.get(path) == known for path, known in found["files"].items())
            )
            return found["outputs"] if holds else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(
        self,
        name: str,
        notebook: nbformat.NotebookNode,
        outputs: list[dict],
        files: Iterable[Path],
    ) -> None:
        """Keeps the outputs of the chapter `notebook`; `files` are those that the run used."""
        inside = {path.removeprefix(f"{self.root}{os.sep}") for path in map(str, files)}
        used = {Path(path).as_posix() for path in inside if _is_source(path, self.root)}
        entry = {
            "of": [self.folder.name, name],
            "python": sys.version,
            "code": _code_digest(notebook),
            # As they were when the build began: a file changed since then makes the entry stale.
            "files": {path: self.inputs.get(path, "") for path in sorted({*ALWAYS, *used})},
            "outputs": outputs,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        # Written beside and renamed, so that another build finds the whole file or none.
        written = self._entry(name).with_suffix(f".{os.getpid()}")
        kept = json.dumps(entry)
        written.write_text(f"{digest(kept.encode())}\n{kept}", encoding="utf-8")
        written.replace(self._entry(name))

    def _entry(self, name: str) -> Path:
        return self.folder / f"{name}.json"


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The cells that hold code, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _is_source(path: str, root: Path) -> bool:
    """Whether a person or an import may change the file at `path` below `root`; no page of text.

    Nearly all paths are those of libraries: text is compared, which is much faster than paths.
    """
    named = path == "publisher.yml" or path.startswith((f"src{os.sep}", f"data{os.sep}"))
    return named and "__pycache__" not in path and (root / path).is_file()


def _code_digest(notebook: nbformat.NotebookNode) -> str:
    """Of the code, and of the wordings that prose quotes: no others are among the outputs."""
    quoted = keys_in(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    code = [cell.source for cell in code_cells(notebook)]
    return digest(json.dumps([code, sorted(quoted)]).encode())
