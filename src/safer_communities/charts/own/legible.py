"""An analyst's own figure made legible: numbers as the book writes them, nothing over another."""

import re
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import ScalarFormatter

from safer_communities.charts import style
from safer_communities.charts.chart import Layout, value_text

# Pixels between two labels side by side.
_GAP = 5
# What matplotlib calls the place of a key that was given none.
_BEST = 0
# A hyphen that stands for a minus: what follows is a number, and nothing is joined by it.
_HYPHEN = re.compile(r"(?<![\w)\]])-(?=\.?\d)")


class PlainNumbers(ScalarFormatter):
    """Numbers as in the prose: 20,000, a true minus sign, and no power of ten beside the axis."""

    def __init__(self) -> None:
        super().__init__(useOffset=False, useMathText=False)
        self.set_scientific(False)

    def __call__(self, value: float, position: int | None = None) -> str:
        """The text of one tick, with as many decimals as the step between ticks needs."""
        _, _, decimals = super().__call__(value, position).partition(".")
        return value_text(value, len(decimals))


def make_legible(figure: Figure, layout: Layout) -> None:
    """Gives every axis that has matplotlib's own numbers those of the book, and makes room.

    The key stands above the plot, and on a phone long names beside it have several lines. Where
    labels along the bottom would touch, numbers and dates are thinned out, and names, none of which
    can go, stand upright.
    """
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if type(axis.get_major_formatter()) is ScalarFormatter:
                axis.set_major_formatter(PlainNumbers())
        for text in axes.texts:
            text.set_text(_HYPHEN.sub("\N{MINUS SIGN}", text.get_text()))
        if not axes.get_title():
            _key_above(axes, layout)
        if layout.narrow:
            _wrap_names(axes, layout)
    figure.draw_without_rendering()
    for axes in figure.axes:
        _make_room(axes)


def _key_above(axes: Axes, layout: Layout) -> None:
    """Moves the key from inside the plot to the line above it, where the eye begins to read.

    On a desk its entries stand side by side; a key that was given a place keeps that.
    """
    key = axes.get_legend()
    if not key or not (layout.narrow or getattr(key, "_loc", _BEST) == _BEST):
        return
    key.set_loc("lower left")
    key.set_bbox_to_anchor((0, 1), axes.transAxes)
    if not layout.narrow:
        names = [text.get_text() for text in key.get_texts()]
        marks = [mark for mark in key.legend_handles if mark]
        place: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0, 1)}
        title = key.get_title().get_text()
        axes.legend(handles=marks, labels=names, title=title, ncols=len(names), **place)


def _wrap_names(axes: Axes, layout: Layout) -> None:
    """Gives the names at the left a quarter of the sheet, the plot the rest."""
    labels = axes.get_yticklabels()
    texts = [label.get_text() for label in labels]
    if any(letter.isalpha() for text in texts for letter in text):
        lines = (style.wrapped(text, layout.width / 4, layout.small_text) for text in texts)
        axes.set_yticks(axes.get_yticks(), ["\n".join(each) for each in lines])


def _make_room(axes: Axes) -> None:
    low, high = sorted(axes.get_xlim())
    shown = [
        (tick.get_loc(), tick.label1)
        for tick in axes.xaxis.get_major_ticks()
        if low <= tick.get_loc() <= high and tick.label1.get_visible() and tick.label1.get_text()
    ]
    labels = [label for _, label in shown]
    if not _touch(labels):
        return
    if any(letter.isalpha() for label in labels for letter in label.get_text()):
        axes.tick_params(axis="x", labelrotation=90)
        return
    step = next(step for step in range(2, len(labels) + 1) if not _touch(labels[::step]))
    kept = shown[::step]
    axes.set_xticks([place for place, _ in kept], [label.get_text() for _, label in kept])


def _touch(labels: list[Text]) -> bool:
    """Whether two neighbours that lie flat are closer than the gap."""
    if any(label.get_rotation() for label in labels):
        return False
    spans = sorted((box.x0, box.x1) for box in (label.get_window_extent() for label in labels))
    return any(after[0] - before[1] < _GAP for before, after in pairwise(spans))
