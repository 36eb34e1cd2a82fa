"""Errors that a user can correct: where, what is wrong, and what to do."""

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import NoReturn

# What a system says that cannot write: a full disk, a folder that is not the user's.
CANNOT_WRITE = (
    *(errno.EACCES, errno.EPERM, errno.EROFS),
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
)
LISTED_AT_MOST = 100
SHOWN_AT_MOST = 80
# How many names are offered for one that does not exist: the nearest, or all if they are so few.
NEAREST = 3
FEW = 12


class InputError(Exception):
    """Something a user gave is wrong: the place, the problem there, and the remedy."""

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        super().__init__(place, problem, remedy)
        self.place = place
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}.\n  What to do: {self.remedy}."


def leaves(error: Exception) -> list[Exception]:
    """The errors in a group, however nested; the error itself where it is not a group."""
    if not isinstance(error, ExceptionGroup):
        return [error]
    return [leaf for part in error.exceptions for leaf in leaves(part)]


def located(error: Exception, where: str) -> list[Exception]:
    """The errors in a group or the one error, with `where` before the place of each InputError."""
    return [
        InputError(f"{where}, {leaf.place}", leaf.problem, leaf.remedy)
        if isinstance(leaf, InputError)
        else leaf
        for leaf in leaves(error)
    ]


def did_you_mean(name: object, known: Iterable[object], *, listed_in: str = "") -> str:
    """What to write instead of `name`, which is none of `known`: "write 'Burglary' or 'Robbery'".

    Offers the nearest names; where none is near, all of them if they are few, and otherwise some,
    with `listed_in`, the place that lists them all.
    """
    names = {str(each).casefold(): str(each) for each in known}
    asked = str(name).strip().casefold()
    close = get_close_matches(asked, names, NEAREST) or [each for each in names if asked in each]
    if close and asked:
        return f"write {_either([names[each] for each in close[:NEAREST]])}"
    if not names:
        return "none is known"
    if len(names) <= FEW:
        return f"write {_either(sorted(names.values()))}"
    some = ", ".join(map(repr, sorted(names.values())[:NEAREST]))
    where = f" (all of them: {listed_in})" if listed_in else ""
    return f"write one of {len(names)} names, such as {some}{where}"


def check_known(
    argument: str, name: object, known: Iterable[object], *, listed_in: str = ""
) -> None:
    """Raises ValueError where `name` is none of `known`, with the nearest (see `did_you_mean`)."""
    names = list(known)
    if name not in names:
        remedy = did_you_mean(name, names, listed_in=listed_in)
        raise ValueError(f"{argument}: there is no {name!r}; {remedy}")


def _either(names: list[str]) -> str:
    *first, last = map(repr, names)
    return f"{', '.join(first)} or {last}" if first else last


class ErrorCollector:
    """All that is wrong with a file, or with several, so that a user sees it at once.

    `place` is the name shown. Errors are noted one by one (`add`, `add_cell`) or kept from a block
    (`collecting`). Nothing is raised until `raise_any`.
    """

    def __init__(self, place: str) -> None:
        self.place = place
        self.errors: list[InputError | ExceptionGroup] = []

    def add(self, problem: str, remedy: str, *, row: object = None, column: str = "") -> None:
        """Notes a problem in the file, at a row and a column where it has them."""
        place = [self.place]
        if row is not None:
            place.append(f"row {row}")
        if column:
            place.append(f"column {plain(column)}")
        self.errors.append(InputError(", ".join(place), problem, remedy))

    def add_cell(self, row: object, column: str, value: str, expected: str, remedy: str) -> None:
        """Notes a cell that holds something other than what is expected there."""
        self.add(f"{shown(value)} is not {expected}", remedy, row=row, column=column)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Keeps the InputErrors of the block, which ends there: one bad file hides no other."""
        try:
            yield
        except* InputError as group:
            self.errors.append(group)

    def raise_any(self) -> None:
        """Raises the one error noted, or an ExceptionGroup of all; returns where there is none."""
        if self.errors:
            raise self._all()

    def stop(self, problem: str, remedy: str) -> NoReturn:
        """Notes a problem after which nothing more can be told, and raises as `raise_any`."""
        self.add(problem, remedy)
        raise self._all()

    def _all(self) -> Exception:
        """The one error noted, or all of them as a group."""
        if any(isinstance(error, ExceptionGroup) for error in self.errors):
            return ExceptionGroup(self.place, self.errors)
        if len(self.errors) == 1:
            return self.errors[0]
        listed = self.errors[:LISTED_AT_MOST]
        rest = len(self.errors) - len(listed)
        if rest:
            listed.append(
                InputError(self.place, f"{rest} more problems", "correct those above first")
            )
        return ExceptionGroup(f"{self.place}: {len(self.errors)} problems", listed)


def shown(value: str) -> str:
    """A value of a file in quotation marks: marks that would not be seen spelt out, long ones cut.

    A right-to-left mark or an escape sequence of a terminal is shown by its number.
    """
    text = value if len(value) <= SHOWN_AT_MOST else value[:SHOWN_AT_MOST] + "…"
    return repr(text)


def plain(name: str) -> str:
    """A name from a file as `shown` has it, without quotation marks."""
    return shown(name)[1:-1]
