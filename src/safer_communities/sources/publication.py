"""What the import knows of a publication: its files, how they become tables, its releases."""

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from safer_communities.sources.crosswalks import Crosswalks, Release

# What Excel lays beside a workbook that is open, and what systems leave in folders.
PASSED_OVER = (".", "~$")
PASSED_OVER_NAMES = {"thumbs.db", "desktop.ini"}


def is_passed_over(path: Path) -> bool:
    """Whether a file is one that nobody put there, and most do not see."""
    return path.name.startswith(PASSED_OVER) or path.name.casefold() in PASSED_OVER_NAMES


def not_read(source_folder: Path, publications: Iterable["Publication"]) -> list[str]:
    """A line for each file in a folder of releases that no publication reads, with the reason.

    A folder in which none looks is one line, which says what it may have been meant to be.
    """
    publications = list(publications)
    folders = sorted(
        {pattern.rpartition("/")[0] for each in publications for pattern in each.files}
    )
    read = {path for each in publications for path in each.find(source_folder)}
    left: dict[str, list[Path]] = {}
    for path in sorted(source_folder.rglob("*")):
        if path.is_file() and path not in read and not is_passed_over(path):
            left.setdefault(path.parent.relative_to(source_folder).as_posix(), []).append(path)
    lines = []
    for folder, paths in left.items():
        names = [
            pattern.rpartition("/")[2]
            for each in publications
            for pattern in each.files
            if pattern.rpartition("/")[0] == folder
        ]
        if not names:
            some = ", ".join(path.name for path in paths[:3]) + (", ..." if len(paths) > 3 else "")
            lines.append(f"not read: {_no_folder(folder, some, folders)}")
        lines += [
            f"not read: {path.relative_to(source_folder).as_posix()}: files there are named "
            f"{' or '.join(names)}; if it is one of them, rename it, or save it in that form"
            for path in paths
            if names
        ]
    return lines


def _no_folder(folder: str, some: str, folders: list[str]) -> str:
    """What is said of files in a folder that is none of `folders`."""
    if folder == ".":
        return f"{some}: each publication's files lie in a folder: {', '.join(folders)}"
    close = difflib.get_close_matches(folder.casefold(), folders, n=1, cutoff=0.7)
    meant = f"; if it is {close[0]}/, rename it" if close else ""
    return f"{folder}/ ({some}): no publication has a folder of that name{meant}"


@dataclass(frozen=True)
class Publication:
    """One publisher's dataset; `data/reference/sources.csv` describes it under the same name.

    `files` are glob patterns below the folder of releases. `tidy` takes the files found and the
    crosswalks and returns tables by their path in the data folder; it raises InputError, or an
    ExceptionGroup of them, where a file is not as expected. `releases` takes the same and tells
    which releases the files are of, from what stands in them; it is None where the publication was
    issued once, as a census is. `awaited` is what to call its next release where a new year's
    folder lacks it; empty where none is missed.
    """

    name: str
    files: tuple[str, ...]
    tidy: Callable[[list[Path], Crosswalks], dict[str, pd.DataFrame]]
    releases: Callable[[list[Path], Crosswalks], Iterator[Release]] | None = None
    awaited: str = ""

    def find(self, source_folder: Path) -> list[Path]:
        """The publication's files in a folder of releases, in order of name."""
        return sorted(
            path
            for pattern in self.files
            for path in source_folder.glob(pattern)
            if not is_passed_over(path)
        )
