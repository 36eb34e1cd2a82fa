"""Methods that work out each of their results once, and keep it with their object."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


def once(
    method: Callable[Concatenate[Any, Given], Result],
) -> Callable[Concatenate[Any, Given], Result]:
    """Keeps what `method` gives for each of what it is given. Nobody may change what it gives."""
    name = f"{method.__qualname__} found"

    @wraps(method)
    def found_or_made(self: Any, *given: Given.args, **named: Given.kwargs) -> Result:
        found = vars(self).setdefault(name, {})
        asked = (given, *sorted(named.items()))
        if asked not in found:
            found[asked] = method(self, *given, **named)
        return found[asked]

    return found_or_made
