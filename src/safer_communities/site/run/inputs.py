"""What a site is made from: every file that a page can depend on, with a digest of its bytes."""

import hashlib
from pathlib import Path

from safer_communities.datasets.kept import digest

# Everything a page can depend on. A change in none of it leaves nothing to build.
SOURCES = (
    *("_config.yml", "_toc.yml", "publisher.yml", "requirements.lock"),
    *("book", "data", "notebooks", "src"),
)


def inputs_of(root: Path) -> dict[str, str]:
    """The digest of every file of the project in `root` that a page can depend on, by its path."""
    inputs = {}
    for name in SOURCES:
        top = root / name
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                inputs[path.relative_to(root).as_posix()] = digest(path.read_bytes())
    return inputs


def files_digest(folder: Path, *, without: str = "") -> str:
    """A digest of every file in `folder` but those named `without`: its name and its bytes."""
    found = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != without):
        found.update(path.relative_to(folder).as_posix().encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
