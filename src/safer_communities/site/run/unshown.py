"""What a cell leaves lying that no page would show: a chart or a table that `show` never got.

In JupyterLab every figure and frame can be looked at; a page has only what has its words. The
library of figures is imported in the process of the chapter, which has it; the build does without.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

CHART = "it leaves a chart that would not appear on the page"
TABLE = "it leaves a table that would not appear on the page"
REMEDIES = {
    CHART: "give it to chapter.show(figure, data=..., headline=..., alt=...) in the same cell",
    TABLE: "give it to chapter.show(frame, headline=...), or remove it",
}
_PICTURE_METHODS = ("_repr_png_", "_repr_svg_", "_repr_jpeg_")
_TABLE_METHODS = ("to_html", "to_frame")


def watch(shell: "InteractiveShell") -> Callable[[], str]:
    """Notes what the cells of `shell` display from now on; figures open no window.

    Call what it returns after each cell: it gives the problem (see `problem_of`) of that cell.
    """
    import matplotlib

    matplotlib.use("agg")
    displayed: list[object] = []
    # Any: a method of it is replaced, and every shell that runs cells has one.
    formatter: Any = shell.display_formatter
    formatted = formatter.format

    def noted(value: object, *options: object, **named: object) -> tuple[dict, dict]:
        displayed.append(value)
        return formatted(value, *options, **named)

    # The last value of a cell comes by here, and so does all that `display` is given.
    formatter.format = noted

    def problem() -> str:
        # Without pyplot there is no list of open figures, nor one that `plt.show` could show.
        pyplot = sys.modules.get("matplotlib.pyplot")
        found = problem_of(displayed, open_figures=len(pyplot.get_fignums()) if pyplot else 0)
        displayed.clear()
        return found

    return problem


def problem_of(displayed: list[object], *, open_figures: int = 0) -> str:
    """`CHART` or `TABLE` where one was displayed, or figures are open; "" where all is well."""
    values = _leaves(displayed)
    if open_figures or any(map(_is_chart, values)):
        return CHART
    return TABLE if any(map(_is_table, values)) else ""


def _leaves(value: object) -> list[object]:
    """The values in lists, tuples, dictionaries and arrays of objects, as plots return them."""
    if isinstance(value, dict):
        value = list(value.values())
    elif str(getattr(value, "dtype", "")) == "object" and hasattr(value, "ravel"):
        value = list(value.ravel())
    if not isinstance(value, list | tuple):
        return [value]
    return [leaf for part in value for leaf in _leaves(part)]


def _is_chart(value: object) -> bool:
    """Whether it is a figure, part of one (axes, lines, a grid of seaborn), or a picture."""
    from matplotlib.figure import FigureBase

    whole = isinstance(value, FigureBase) or isinstance(getattr(value, "figure", None), FigureBase)
    return whole or any(hasattr(value, method) for method in _PICTURE_METHODS)


def _is_table(value: object) -> bool:
    """Whether it is a frame, a series or a styled frame of pandas."""
    modules = {kind.__module__.partition(".")[0] for kind in type(value).__mro__}
    return "pandas" in modules and any(hasattr(value, method) for method in _TABLE_METHODS)
