"""What the import knows of a publication: its files, and how they become tables."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from safer_communities.sources.crosswalks import Crosswalks


@dataclass(frozen=True)
class Publication:
    """One publisher's dataset; `data/reference/sources.csv` describes it under the same name.

    `files` are glob patterns below the folder of releases. `tidy` takes the files found and the
    crosswalks and returns tables by their path in the data folder; it raises InputError, or an
    ExceptionGroup of them, where a file is not as expected.
    """

    name: str
    files: tuple[str, ...]
    tidy: Callable[[list[Path], Crosswalks], dict[str, pd.DataFrame]]

    def find(self, source_folder: Path) -> list[Path]:
        """The publication's files in a folder of releases, in order of name."""
        return sorted(path for pattern in self.files for path in source_folder.glob(pattern))
