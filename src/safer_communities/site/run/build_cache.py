"""A content-addressed build cache: what is made from the same inputs is made once."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import time

from safer_communities.datasets.atomic import replace_folder
from safer_communities.datasets.kept import digest
from safer_communities.site.run.inputs import files_digest

UNUSED_DAYS = 30
# What an entry holds.
_FILES, _DIGEST = "files", "digest"


class BuildCache:
    """Folders of files below `folder`, each found again by all the inputs that it was made from.

    `made_by` are the digests of the code that makes them. An entry holds the files and a digest of
    them: one whose files were cut short or changed since does not count, and is made again.
    """

    def __init__(self, folder: Path, made_by: dict[str, str]) -> None:
        self.folder = folder
        self.made_by = [sys.version, made_by]

    def has(self, inputs: list) -> bool:
        """Whether what is made from `inputs` is there already."""
        return _is_whole(self._entry(inputs))

    def get_or_make(self, inputs: list, make: Callable[[Path], None]) -> Path:
        """The folder that `make` fills from `inputs`: filled now, or found from an earlier time.

        `inputs` must hold all that the files depend on, as JSON can. The files are not to be
        changed.
        """
        entry = self._entry(inputs)
        if _is_whole(entry):
            os.utime(entry)
            return entry / _FILES
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder) as making:
            new = Path(making) / "new"
            (new / _FILES).mkdir(parents=True)
            make(new / _FILES)
            (new / _DIGEST).write_text(files_digest(new / _FILES), encoding="utf-8")
            try:
                if not _is_whole(entry):
                    replace_folder(new, entry)
            except OSError:
                # Another build was faster, and made the same.
                if not _is_whole(entry):
                    raise
        return entry / _FILES

    def remove_unused(self) -> None:
        """Removes what no build has used for `UNUSED_DAYS` days."""
        oldest = time() - UNUSED_DAYS * 24 * 60 * 60
        for entry in self.folder.glob("*"):
            if entry.stat().st_mtime < oldest:
                shutil.rmtree(entry)

    def _entry(self, inputs: list) -> Path:
        key = json.dumps([self.made_by, inputs], sort_keys=True)
        return self.folder / digest(key.encode())


def _is_whole(entry: Path) -> bool:
    """Whether the files of an entry are there, and as they were made."""
    try:
        kept = (entry / _DIGEST).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    return kept == files_digest(entry / _FILES)
