"""Seaborn's own intervals: left out unless asked for, and refused where asked for.

They are a statistic that no test of this book has checked, and from random numbers besides.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

# Every function with an `errorbar` of its own.
_WITH_ERROR_BARS = ("barplot", "pointplot", "lineplot", "catplot")
REFUSAL = (
    "errorbar: {!r} would have seaborn compute an interval, which a chart of this book never does. "
    "Leave it out (so.Est(errorbar=None)); draw the ends that the book computed, such as ci_low "
    "and ci_high, with ax.vlines"
)


@contextmanager
def without_intervals() -> Iterator[None]:
    """`errorbar=None` as the default of seaborn's functions; ValueError where it is another.

    Nothing where seaborn has not been imported: most chapters draw without it.
    """
    seaborn = sys.modules.get("seaborn")
    if seaborn is None:
        yield
        return
    statistics: Any = sys.modules["seaborn._statistics"]
    with ExitStack() as restored:
        for name in _WITH_ERROR_BARS:
            defaults = getattr(seaborn, name).__kwdefaults__
            restored.callback(defaults.update, errorbar=defaults["errorbar"])
            defaults["errorbar"] = None
        # What all of seaborn asks how an interval is to be made.
        validated = statistics._validate_errorbar_arg
        restored.callback(setattr, statistics, "_validate_errorbar_arg", validated)
        statistics._validate_errorbar_arg = _refused
        yield


def _refused(errorbar: object) -> tuple[None, None]:
    if errorbar is not None:
        raise ValueError(REFUSAL.format(errorbar))
    return None, None
