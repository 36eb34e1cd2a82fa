"""Files that Sphinx and the theme copied and that no page asks for."""

from collections.abc import Iterable
from pathlib import Path

# Copies of the pages' sources, and of files that are in `_static` as well.
UNUSED_FOLDERS = ("_sources", "_sphinx_design_static")


def delete_unused_files(html: Path, addresses: dict[Path, Iterable[str]]) -> None:
    """Deletes the files below `html` that are not among the `addresses` that each page asks for."""
    used = {
        (path.parent / address).resolve()
        for path, asked_for in addresses.items()
        for address in asked_for
    }
    for path in sorted((html / "_static").rglob("*"), reverse=True):
        if path.is_file() and path.resolve() not in used:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    for folder in UNUSED_FOLDERS:
        for path in sorted((html / folder).rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
