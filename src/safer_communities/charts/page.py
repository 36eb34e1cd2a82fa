"""A transparent sheet to draw on, measured in CSS pixels from its top left corner."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from safer_communities.charts import style
from safer_communities.charts.chart import Layout, value_text

# What a marker of the key, its space and the next entry need beside their text.
_KEY_SPACE = 34


@dataclass(frozen=True)
class Mark:
    """How values are marked; `words` say in the key what the mark means."""

    words: str = ""
    marker: str = "o"
    colour: str = style.HIGHLIGHT
    filled: bool = True
    size: float = 8.5

    def look(self, size: float, edge: float) -> dict[str, Any]:
        """What matplotlib's `plot` takes for this mark, `size` pixels wide."""
        fill = self.colour if self.filled else "white"
        return {
            **{"marker": self.marker, "ms": size, "ls": "none"},
            **{"mec": self.colour, "mfc": fill, "mew": edge},
        }


class Page:
    """A sheet of `layout.width` by `height` pixels, without background."""

    def __init__(self, layout: Layout, height: float) -> None:
        self.layout = layout
        self.height = round(height)
        # At 72 dots an inch a point of matplotlib is a pixel of the SVG.
        self.figure = Figure(figsize=(layout.width / 72, self.height / 72), dpi=72)
        self.sheet = self.figure.add_axes((0, 0, 1, 1), zorder=5)
        self.sheet.set(xlim=(0, layout.width), ylim=(self.height, 0))
        self.sheet.set_axis_off()
        # Where the mark of each row stands, by the row's number; the outlines of rows that have.
        self.spots: dict[int, tuple[float, float]] = {}
        self.shapes: list[str] = []
        self.shapes_scale = 1.0

    def spot_on(
        self, axes: Axes, rows: Iterable[Any], xs: Iterable[Any], ys: Iterable[Any]
    ) -> None:
        """Notes where the marks of `rows` stand, by values of `axes` whose limits are set."""
        for row, x, y in zip(rows, xs, ys, strict=True):
            if not pd.isna(x) and not pd.isna(y):
                place = float(axes.convert_xunits(x)), float(y)
                across, up = axes.transData.transform(place)
                self.spots[int(row)] = float(across), self.height - float(up)

    def text(
        self,
        x: float,
        y: float,
        words: str | Sequence[str],
        *,
        ha: str = "left",
        colour: str = style.INK,
        weight: str = "normal",
        size: float | None = None,
    ) -> None:
        """Writes one line of text, or several whose middle is `y`."""
        # One text of several lines would be aligned by the measured font, not by the shown one.
        lines = [words] if isinstance(words, str) else words
        look: dict[str, Any] = {
            "ha": ha,
            "va": "center_baseline",
            "color": colour,
            "weight": weight,
        }
        for number, line in enumerate(lines):
            below = (number - (len(lines) - 1) / 2) * self.layout.line
            self.sheet.text(x, y + below, line, size=size or self.layout.text, **look)

    def note(self, x: float, y: float, words: str | Sequence[str], ha: str = "left") -> None:
        """Writes small quiet text."""
        size = self.layout.small_text
        self.text(x, y, words, ha=ha, colour=style.QUIET_INK, size=size)

    def kept_on(self, middle: float, width: float) -> float:
        """The place nearest to `middle` where something so wide is wholly on the sheet."""
        return min(max(middle, width / 2), self.layout.width - width / 2)

    def plot(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes in the rectangle given in pixels."""
        across, down = self.layout.width, self.height
        box = (left / across, 1 - (top + height) / down, width / across, height / down)
        axes = self.figure.add_axes(box)
        axes.tick_params(labelsize=self.layout.small_text, length=0, pad=5)
        return axes

    def key(self, marks: Sequence[Mark]) -> None:
        """Draws marks and their meaning at the top, as many lines as `key_height` says."""
        size = self.layout.small_text
        for row, line in enumerate(_key_lines(self.layout, marks)):
            x, y = 8.0, (row + 0.5) * _key_line(self.layout)
            for mark in line:
                self.sheet.plot(x, y, **mark.look(size=8, edge=1.5))
                self.text(x + 10, y, mark.words, size=size)
                x += style.text_width(mark.words, size) + _KEY_SPACE


@dataclass(frozen=True)
class Sketch:
    """A small plot without axes of its own, in the rectangle given in pixels of the sheet.

    To make the axes of one takes longer than to draw all that it shows, and a page of rows has a
    hundred. `across` and `down` are the values at its left and right, and at its top and bottom.
    """

    page: Page
    left: float
    top: float
    width: float
    height: float
    across: tuple[float, float]
    down: tuple[float, float]

    def place(self, x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
        """Where values stand on the sheet: pixels from its left and from its top."""
        xs, ys = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
        (first, last), (high, low) = self.across, self.down
        along, below = (xs - first) / (last - first), (ys - high) / (low - high)
        return self.left + along * self.width, self.top + below * self.height

    def plot(self, x: Any, y: Any, *look: str, **looks: Any) -> None:
        """Draws a line or marks through values, as matplotlib's `plot` does."""
        self.page.sheet.plot(*self.place(x, y), *look, **looks)

    def band(self, first: float, last: float, **look: Any) -> None:
        """Fills the sketch between two values across it, as far as it goes."""
        least, most = self.across
        ends = [min(max(end, least), most) for end in (first, last)]
        left, right = self.place(ends, self.down[0])[0]
        box = Rectangle((left, self.top), right - left, self.height, **look)
        self.page.sheet.add_patch(box)


def key_height(layout: Layout, marks: Sequence[Mark]) -> float:
    """Pixels that the key takes, with the space below it; 0 without marks."""
    lines = _key_lines(layout, marks)
    return len(lines) * _key_line(layout) + 6 if lines else 0


def _key_line(layout: Layout) -> float:
    return layout.line + 3


def _key_lines(layout: Layout, marks: Sequence[Mark]) -> list[list[Mark]]:
    lines: list[list[Mark]] = []
    used = 0.0
    for mark in marks:
        width = style.text_width(mark.words, layout.small_text) + _KEY_SPACE
        if lines and used + width <= layout.width:
            lines[-1].append(mark)
            used += width
        else:
            lines.append([mark])
            used = width
    return lines


def ticks_of(
    low: float, high: float, most: int, unit: str, *, sign: bool = False
) -> dict[float, str]:
    """Round values from `low` to `high` and one on either side, each with how it is written."""
    ticks = [float(tick) for tick in MaxNLocator(nbins=most).tick_values(low, high)]
    step = ticks[1] - ticks[0]
    decimals = next(places for places in range(10) if abs(step - round(step, places)) < 1e-9)
    return {tick: value_text(tick, decimals, unit, sign=sign) for tick in ticks}
