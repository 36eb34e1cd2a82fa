"""Several files of a folder replaced together: a reader finds all the old ones or all the new."""

import os
import shutil
from pathlib import Path

WRITING = ".new"
_READY = ".ready"


def replace_files(folder: Path, contents: dict[str, bytes]) -> list[str]:
    """The paths (below `folder`) whose content changed; the others are not touched.

    All contents are first written to a folder of their own. Renaming that folder is the moment
    of change: from then on `finish_replacing` completes the work, even after a crash.
    """
    finish_replacing(folder)
    changed = {
        path: content
        for path, content in contents.items()
        if not (folder / path).is_file() or (folder / path).read_bytes() != content
    }
    if not changed:
        return []
    writing = folder / WRITING
    shutil.rmtree(writing, ignore_errors=True)
    for path, content in changed.items():
        target = writing / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    writing.rename(folder / _READY)
    finish_replacing(folder)
    return sorted(changed)


def finish_replacing(folder: Path) -> None:
    """Completes a replacement that was interrupted after its moment of change."""
    ready = folder / _READY
    if not ready.is_dir():
        return
    for file in sorted(path for path in ready.rglob("*") if path.is_file()):
        target = folder / file.relative_to(ready)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
    shutil.rmtree(ready)
