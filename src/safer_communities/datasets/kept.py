"""What many chapters and books need alike is worked out once, and kept by content.

An entry holds a result, the digest of the code, and that of each table that was read for it. It
counts while all of these are as they were and it is itself as it was written; else it is made anew.
Whoever finds one opens the tables that it was made from, to see whether they are: so a run that is
watched reads the same with what is kept and without. An entry is written beside and renamed: of two
who write it at once, each writes all of it.
"""

import hashlib
import io
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from threading import get_ident
from typing import Any, ParamSpec, TypeVar

from safer_communities.project import DATA, ROOT

KEPT = ROOT / "_build" / "cache" / "kept"
# The rooms that tables come from, and all that a result comes from.
ROOMS_OF_TABLES = ("datasets", "statistics")
ROOMS = (*ROOMS_OF_TABLES, "sources", "facts", "surveys", "analysis", "claims", "chapter")
# The digests of tables by their path in the project.
Tables = dict[str, str]
Given = ParamSpec("Given")
Result = TypeVar("Result")


def digest(content: bytes) -> str:
    """The SHA-256 digest of `content`, as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def code_of(rooms: tuple[str, ...]) -> str:
    """Of the code in some rooms and in what all use, of the libraries, and of Python."""
    package = Path(__file__).parents[1]
    files = [path for room in rooms for path in sorted((package / room).rglob("*.py"))]
    files += [*sorted(package.glob("*.py")), ROOT / "requirements.lock"]
    contents = [path.read_bytes() for path in files if path.is_file()]
    return digest("".join(map(digest, [sys.version.encode(), *contents])).encode())


# Taken as this is imported, as the code that they stand for is.
CODE, CODE_OF_TABLES = code_of(ROOMS), code_of(ROOMS_OF_TABLES)
# Those who want to know what is read, while something is worked out for them.
_listening: ContextVar[tuple[Tables, ...]] = ContextVar("listening", default=())
# What was found or made in this process.
_here: dict[str, tuple[Any, Tables]] = {}


def shared(make: Callable[Given, Result]) -> Callable[Given, Result]:
    """Keeps what `make` gives for each of what it is given, by the `repr` of that.

    It may depend on nothing but that, code and tables, and works with objects of its own, so that
    all that it needs is read within, or found to have been read. Nobody may change what it gives.
    """

    @wraps(make)
    def found_or_made(*given: Given.args, **named: Given.kwargs) -> Result:
        asked = repr((make.__module__, make.__qualname__, given, sorted(named.items())))
        if asked not in _here:
            entry = KEPT / digest(asked.encode())
            found = read_entry(entry, lambda made_from: _holds(made_from, asked))
            if found is None:
                with listening() as read:
                    result = make(*given, **named)
                if not read:
                    # It comes from elsewhere, and may be another next time.
                    return result
                found = (CODE, asked, read), result
                if all((ROOT / path).is_relative_to(DATA) for path in read):
                    write_entry(entry, *found)
            (_, _, tables), result = found
            _here[asked] = result, tables
        result, tables = _here[asked]
        tell(tables)
        return result

    return found_or_made


def forget() -> None:
    """Has this process look again at what is kept, since tables may have changed."""
    _here.clear()


def tell(tables: Tables) -> None:
    """Says to all who listen that these tables were read, now or before in this process."""
    for each in _listening.get():
        each.update(tables)


@contextmanager
def listening() -> Iterator[Tables]:
    """The tables that are read within, filled in while they are."""
    read: Tables = {}
    token = _listening.set((*_listening.get(), read))
    try:
        yield read
    finally:
        _listening.reset(token)


def read_entry(entry: Path, holds: Callable[[Any], bool]) -> tuple[Any, Any] | None:
    """What an entry was made from and what it holds; None unless it is whole and `holds`."""
    try:
        written, _, content = entry.read_bytes().partition(b"\n")
    except OSError:
        return None
    if written.decode(errors="replace") != digest(content):
        return None
    stream = io.BytesIO(content)
    made_from = pickle.load(stream)
    return (made_from, pickle.load(stream)) if holds(made_from) else None


def write_entry(entry: Path, made_from: object, held: object) -> None:
    """Writes an entry; where the folder cannot be written, the next one makes it again."""
    content = pickle.dumps(made_from) + pickle.dumps(held)
    written = entry.with_name(f"{entry.name}.{os.getpid()}.{get_ident()}")
    with suppress(OSError):
        entry.parent.mkdir(parents=True, exist_ok=True)
        written.write_bytes(digest(content).encode() + b"\n" + content)
        written.replace(entry)


def _holds(made_from: Any, asked: str) -> bool:
    """Whether code and tables are as they were when `asked` was worked out from them."""
    code, of, tables = made_from
    return (code, of) == (CODE, asked) and all(
        _digest_now(ROOT / path) == known for path, known in tables.items()
    )


def _digest_now(path: Path) -> str:
    return digest(path.read_bytes()) if path.is_file() else ""
