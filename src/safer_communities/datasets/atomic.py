"""Files and folders replaced, several together: a reader finds all the old ones or all the new."""

import ctypes
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from safer_communities.errors import InputError

WRITING = ".new"
_READY = ".ready"


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Holds a folder of tables for one who reads it and then writes what follows from that.

    Another who asks for it waits; the lock is free again when the process ends. Raises InputError
    where the system cannot write, with all files as they were.
    """
    try:
        with FileLock(folder.with_name(f".{folder.name}.lock"), is_singleton=True):
            yield
    except OSError as error:
        shutil.rmtree(folder / WRITING, ignore_errors=True)
        # A folder that cannot be copied tells of each of its files.
        why = error.args[0][0][2] if isinstance(error, shutil.Error) else error.strerror
        raise InputError(
            str(error.filename or folder),
            f"cannot be written ({why or type(error).__name__})",
            f"make room, or make the folder writable, and run this again: {folder.name}/ is as it "
            "was",
        ) from error


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


def replace_file(path: Path, content: bytes) -> None:
    """Puts `content` in the place of the file at `path`, in one step.

    Where the system cannot write, nothing is left beside it.
    """
    writing = path.with_name(f".{path.name}{WRITING}")
    try:
        with writing.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        writing.replace(path)
    except OSError:
        writing.unlink(missing_ok=True)
        raise


def replace_folder(new: Path, folder: Path) -> None:
    """Puts the folder `new` where `folder` is, or will be, and removes what was there.

    Where the system can exchange two folders (Linux can), no moment is without one. Elsewhere
    there is such a moment, and `finish_replacing_folder` repairs what an interruption in it leaves.
    """
    if not folder.exists():
        new.rename(folder)
        return
    if not _exchanged(new, folder):
        new.rename(_coming(folder))
        folder.rename(_going(folder))
        finish_replacing_folder(folder)
    shutil.rmtree(new, ignore_errors=True)


def finish_replacing_folder(folder: Path) -> None:
    """Completes a replacement of `folder` that was interrupted between its two steps."""
    coming, going = _coming(folder), _going(folder)
    if not folder.exists():
        for whole in (coming, going):
            if whole.exists():
                whole.rename(folder)
                break
    for left in (coming, going):
        shutil.rmtree(left, ignore_errors=True)


def _coming(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.new")


def _going(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.old")


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the system could give two folders each other's name, in one step."""
    current_folder, exchange = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of <linux/fs.h>
    try:
        rename = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    first, second = os.fsencode(one), os.fsencode(other)
    return rename(current_folder, first, current_folder, second, exchange) == 0
