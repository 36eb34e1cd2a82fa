"""What a user sets: a book's borough and year, a template's page, how much at once and where."""

import os
from dataclasses import dataclass

from safer_communities.errors import InputError, shown

DEFAULT_BOROUGH = "Barnet"
DEFAULT_EDITION = 2022
# Words in the names of boroughs that have no capital letter.
SMALL_WORDS = ("and", "upon")
# Python refuses to read thousands of them.
MOST_DIGITS = 9


@dataclass(frozen=True)
class Settings:
    """The borough (its name) and the edition (the year its twelve months end in).

    Spaces around a name do not count, nor does a name all in small letters or all in capitals
    differ from the same as boroughs are written.
    """

    borough: str = DEFAULT_BOROUGH
    edition: int = DEFAULT_EDITION

    def __post_init__(self) -> None:
        object.__setattr__(self, "borough", _as_written(self.borough) or DEFAULT_BOROUGH)

    @classmethod
    def from_environment(cls) -> "Settings":
        """BOROUGH and EDITION from the environment, or the strategy's own.

        Raises InputError where EDITION is not a year.
        """
        edition = number_from_environment(
            "EDITION",
            DEFAULT_EDITION,
            allowed=range(10_000),
            kind="a year",
            remedy=f"give a year such as {DEFAULT_EDITION}",
        )
        return cls(borough=os.environ.get("BOROUGH", ""), edition=edition)

    def as_environment(self) -> dict[str, str]:
        """The variables that hand these settings to another process."""
        return {"BOROUGH": self.borough, "EDITION": str(self.edition)}


@dataclass(frozen=True)
class Page:
    """A page made from a template: a notebook that is run again for each of its pages.

    `key` is the end of its address and of the names of its facts, `title` its name in the contents,
    `heading` what stands at its top.
    """

    key: str
    title: str
    heading: str

    @classmethod
    def key_from_environment(cls) -> str:
        """PAGE from the environment: the page that a template is run for; "" for its first."""
        return os.environ.get("PAGE", "")


def number_from_environment(
    name: str, default: int, *, allowed: range, kind: str, remedy: str
) -> int:
    """The whole number that the variable `name` holds; `default` where it is unset or empty.

    Raises InputError where it is not in `allowed`, with the words "not `kind`" and the `remedy`.
    """
    text = os.environ.get(name) or str(default)
    # Plain digits alone: a sign, a space or the digits of another script would be a slip.
    plain = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    if not plain or int(text) not in allowed:
        raise InputError(place=name, problem=f"{shown(text)} is not {kind}", remedy=remedy)
    return int(text)


def jobs_from_environment(default: int) -> int:
    """How much to do at once: JOBS. Raises InputError where it is not a number from 1."""
    return number_from_environment(
        "JOBS",
        default,
        allowed=range(1, 10**MOST_DIGITS),
        kind="a number of books to build at once",
        remedy="give a whole number from 1, such as JOBS=2",
    )


def port_from_environment(default: int) -> int:
    """Where to serve pages: PORT. Raises InputError where it is not a port."""
    return number_from_environment(
        "PORT",
        default,
        allowed=range(1, 2**16),
        kind="a port",
        remedy=f"give a number from 1 to {2**16 - 1}, such as PORT={default}",
    )


def plain_name(name: str) -> str:
    """The name of a place with single spaces, and "and" for "&"."""
    return " ".join(name.replace("&", " and ").split())


def _as_written(name: str) -> str:
    """ " kingston  upon thames" as "Kingston upon Thames"; a name in mixed letters as it is."""
    name = plain_name(name)
    if not name.isascii() or name not in (name.lower(), name.upper()):
        return name
    words = name.lower().split()
    return " ".join(word if word in SMALL_WORDS else word.capitalize() for word in words)
