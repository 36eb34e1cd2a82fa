"""What a user sets in the environment, or on make's command line, which hands it on there."""

import os

from safer_communities.errors import InputError, shown

# Python refuses to read thousands of them.
MOST_DIGITS = 9


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
