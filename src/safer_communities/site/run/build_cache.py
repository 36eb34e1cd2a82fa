"""A content-addressed build cache: what is made from the same inputs is made once."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import time

from safer_communities.site.run.inputs import digest_of

UNUSED_DAYS = 30


class BuildCache:
    """Folders of files below `folder`, each found again by all the inputs that it was made from.

    `made_by` are the digests of the code that makes them.
    """

    def __init__(self, folder: Path, made_by: dict[str, str]) -> None:
        self.folder = folder
        self.made_by = [sys.version, made_by]

    def has(self, inputs: list) -> bool:
        """Whether what is made from `inputs` is there already."""
        return self._entry(inputs).is_dir()

    def get_or_make(self, inputs: list, make: Callable[[Path], None]) -> Path:
        """The folder that `make` fills from `inputs`: filled now, or found from an earlier time.

        `inputs` must hold all that the files depend on, as JSON can. The files are not to be
        changed.
        """
        entry = self._entry(inputs)
        if entry.is_dir():
            os.utime(entry)
            return entry
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder) as making:
            filled = Path(making) / "filled"
            filled.mkdir()
            make(filled)
            try:
                filled.rename(entry)
            except OSError:
                # Another build was faster, and made the same.
                if not entry.is_dir():
                    raise
        return entry

    def remove_unused(self) -> None:
        """Removes what no build has used for `UNUSED_DAYS` days."""
        oldest = time() - UNUSED_DAYS * 24 * 60 * 60
        for entry in self.folder.glob("*"):
            if entry.stat().st_mtime < oldest:
                shutil.rmtree(entry)

    def _entry(self, inputs: list) -> Path:
        key = json.dumps([self.made_by, inputs], sort_keys=True)
        return self.folder / digest_of(key.encode())
