"""What was checked once need not be checked again: the same bytes, by the same code.

To check a table takes longer than to read it, and every chapter of every book reads some. A note of
each check is kept below the build's folder, named by a digest of all that it depends on, so that a
changed table, schema or library finds none. It holds its own name: one that was cut short counts
for nothing. Two who write the same note at once write the same.
"""

import hashlib
import os
import sys
from contextlib import suppress
from pathlib import Path

from safer_communities.project import ROOT

NOTES = ROOT / "_build" / "cache" / "checked"


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _code() -> str:
    """Of what checks: this package's code below the facts, the libraries, and Python."""
    package = Path(__file__).parents[1]
    files = sorted(
        path for room in ("datasets", "statistics") for path in (package / room).rglob("*.py")
    )
    lock = ROOT / "requirements.lock"
    files += [package / "errors.py", *([lock] if lock.is_file() else [])]
    return _digest(sys.version.encode(), *(path.read_bytes() for path in files))


# Taken as this is imported, as the code that it stands for is.
CODE = _code()


def note_of(table: str, content: bytes) -> Path:
    """Where it is noted that the file of the `table` with this content is as it should be."""
    return NOTES / _digest(CODE.encode(), table.encode(), content)


def holds(note: Path) -> bool:
    """Whether the note is there, and whole."""
    try:
        return note.read_text(encoding="utf-8") == note.name
    except (OSError, ValueError):
        return False


def write(note: Path) -> None:
    """Writes the note; where the folder cannot be written, the next one checks again."""
    written = note.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        NOTES.mkdir(parents=True, exist_ok=True)
        written.write_text(note.name, encoding="utf-8")
        written.replace(note)
