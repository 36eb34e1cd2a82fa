"""A chart from a result of `analysis` or from any frame, with its columns by their own names."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, Protocol, runtime_checkable

import pandas as pd

from safer_communities.charts.chart import Chart

# What a chart's own names of columns are called in the frames of the book, the likeliest first.
_ALSO_CALLED = {
    "value": ("rate", "percent", "count"),
    "change": ("change_percent", "change_points"),
    "label": ("measure", "area"),
    "category": ("label",),
    "panel": ("measure",),
}
# What a result says of its chart that the page shows and the drawing does not.
OF_THE_PAGE = ("source", "period", "in_table", "headings")


@runtime_checkable
class Result(Protocol):
    """A result that a chart takes in place of a frame.

    `table` is the frame; `shown` holds what a chart need not be told: options of the chart
    functions by name (a function takes those that it has) and any of source, period, in_table (the
    columns of its table) and headings (of these).
    """

    @property
    def table(self) -> pd.DataFrame:
        """The frame to draw."""

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""


def takes_results(*needed: str) -> Callable[[Callable[..., Chart]], Callable[..., Chart]]:
    """Lets a chart function take a `Result`, or a frame whose columns have names of their own.

    Of the columns `needed`, one that the frame does not have is taken from its column "rate",
    "percent", "measure" or the like (see `_ALSO_CALLED`). The download keeps the frame's own names.
    """

    def decorate(draw: Callable[..., Chart]) -> Callable[..., Chart]:
        parameters = inspect.signature(draw).parameters

        @wraps(draw)
        def chart(frame: pd.DataFrame | Result, **options: Any) -> Chart:
            given: dict[str, Any] = {}
            if isinstance(frame, Result):
                given, frame = frame.shown, frame.table
                options = {key: given[key] for key in given if key in parameters} | options
            own = _own_names(frame, needed)
            back = {drawn_as: name for name, drawn_as in own.items()}
            drawn = draw(frame.rename(columns=own), **options)
            words = {key: given[key] for key in OF_THE_PAGE if key in given}
            return replace(
                drawn,
                data=drawn.data.rename(columns=back),
                columns=[replace(each, key=back.get(each.key, each.key)) for each in drawn.columns],
                **words,
            )

        return chart

    return decorate


def _own_names(frame: pd.DataFrame, needed: tuple[str, ...]) -> dict[str, str]:
    """What to call which columns of `frame` for a function that needs columns of other names."""
    own: dict[str, str] = {}
    for name in needed:
        other = next((other for other in _ALSO_CALLED[name] if other in frame), None)
        # A change is drawn in per cent or points where the frame has both that and a number.
        if other and (name not in frame or name == "change"):
            own |= {other: name, name: f"{name} in numbers"}
    return own
