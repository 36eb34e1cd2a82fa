"""What the import knows of a publication: its files, how they become tables, its releases."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from safer_communities.sources.crosswalks import Crosswalks, Release


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
        return sorted(path for pattern in self.files for path in source_folder.glob(pattern))
