"""A transparent sheet to draw on, measured in CSS pixels from its top left corner."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict, Unpack

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from safer_communities.charts import style
from safer_communities.charts.chart import Layout, value_text

HOLLOW = "white"
# What a marker of the key, its space and the next entry need beside their text.
_KEY_SPACE = 34


@dataclass(frozen=True)
class KeyEntry:
    """A mark and the words that say what it means."""

    marker: str
    colour: str
    fill: str
    words: str


class TextLook(TypedDict, total=False):
    """How a text is written; what is left out is as `Page.text` says."""

    ha: str
    va: str
    colour: str
    weight: str
    size: float | None


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

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        ha: str = "left",
        va: str = "center_baseline",
        colour: str = style.INK,
        weight: str = "normal",
        size: float | None = None,
    ) -> None:
        """Writes one line of text; `y` is its middle unless `va` says otherwise."""
        self.sheet.text(
            x, y, words, ha=ha, va=va, color=colour, weight=weight, size=size or self.layout.text
        )

    def lines(
        self, x: float, middle: float, lines: Sequence[str], **look: Unpack[TextLook]
    ) -> None:
        """Writes lines one by one, centred on `middle`.

        One text of several lines would be aligned by the measured font, not by the shown one.
        """
        top = middle - self.layout.line * (len(lines) - 1) / 2
        for number, line in enumerate(lines):
            self.text(x, top + number * self.layout.line, line, **look)

    def plot(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes in the rectangle given in pixels."""
        axes = self.figure.add_axes(
            (
                left / self.layout.width,
                1 - (top + height) / self.height,
                width / self.layout.width,
                height / self.height,
            )
        )
        axes.tick_params(labelsize=self.layout.small_text, length=0, pad=5)
        return axes

    def key(self, top: float, entries: Sequence[KeyEntry]) -> None:
        """Draws marks and their meaning from left to right, as many lines as `key_height` says."""
        for row, line in enumerate(_key_lines(self.layout, entries)):
            x, y = 8.0, top + (row + 0.5) * _key_line(self.layout)
            for entry in line:
                self.sheet.plot(
                    x, y, entry.marker, ms=8, mec=entry.colour, mfc=entry.fill, mew=1.5, ls="none"
                )
                self.text(x + 10, y, entry.words, size=self.layout.small_text)
                x += style.text_width(entry.words, self.layout.small_text) + _KEY_SPACE


def key_height(layout: Layout, entries: Sequence[KeyEntry]) -> float:
    """Pixels that the key takes, with the space below it; 0 without entries."""
    lines = _key_lines(layout, entries)
    return len(lines) * _key_line(layout) + 6 if lines else 0


def _key_line(layout: Layout) -> float:
    return layout.line + 3


def _key_lines(layout: Layout, entries: Sequence[KeyEntry]) -> list[list[KeyEntry]]:
    lines: list[list[KeyEntry]] = []
    used = 0.0
    for entry in entries:
        width = style.text_width(entry.words, layout.small_text) + _KEY_SPACE
        if lines and used + width <= layout.width:
            lines[-1].append(entry)
            used += width
        else:
            lines.append([entry])
            used = width
    return lines


def ticks_of(
    low: float, high: float, most: int, unit: str, *, sign: bool = False
) -> tuple[list[float], Callable[[float, float], str]]:
    """Round values from `low` to `high` and one on either side, and how each is written."""
    ticks = [float(tick) for tick in MaxNLocator(nbins=most).tick_values(low, high)]
    step = ticks[1] - ticks[0]
    decimals = 0 if abs(step - round(step)) < 1e-9 else 1 if step >= 0.1 else 2
    return ticks, lambda value, _position=0: value_text(value, decimals, unit, sign=sign)


def scale(
    axes: Axes,
    ticks: list[float],
    written: Callable[[float, float], str],
    way: Literal["x", "y"],
) -> None:
    """Gives the axes the scale of `ticks` along `way`, with grid lines."""
    axis = getattr(axes, f"{way}axis")
    axis.set_ticks(ticks)
    axis.set_major_formatter(FuncFormatter(written))
    axes.grid(True, axis=way)
