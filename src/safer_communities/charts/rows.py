"""The frame of every chart with a row for each thing: names, a common scale, numbers beside it.

On a wide sheet the names stand left of the plot and the columns of text right of it. On a phone
each row is stacked: its name, a line of text, and under them the plot over the whole width.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from safer_communities.charts import style
from safer_communities.charts.chart import Layout, value_text
from safer_communities.charts.page import Mark, Page, key_height, ticks_of

_GAP = 14
_NARROW_GAP = 8
_WIDEST_HEADING = 95
_MOST_TICKS = 7
# The band of a stacked row that the marks of the plot have for themselves.
_STACKED_BAND = 20
_WIDEST_NAME = 220


@dataclass(frozen=True)
class SideColumn:
    """Text beside the plot, one a row, under a heading; on a phone the heading goes before it."""

    heading: str
    texts: Sequence[str]
    narrow_heading: str = ""

    def in_line(self, row: int) -> str:
        """The text of `row` as part of a line; empty where there is none."""
        text = self.texts[row]
        return f"{self.narrow_heading} {text}".strip() if text else ""

    def heading_lines(self, layout: Layout) -> list[str]:
        """The heading, in lines."""
        return style.wrapped(self.heading, _WIDEST_HEADING, layout.small_text)

    def width(self, layout: Layout) -> float:
        """Pixels that the column takes."""
        heading = style.widest(self.heading_lines(layout), layout.small_text)
        return max(style.widest(list(self.texts), layout.text, "bold"), heading)


@dataclass(frozen=True)
class Scale:
    """What the rows are measured on: its ends, the unit, and where it is labelled if not by us."""

    low: float
    high: float
    unit: str
    caption: str
    sign: bool = False
    ticks: Sequence[int] = ()

    def ends(self) -> tuple[float, float]:
        """Where the scale begins and ends: at zero, or a little beyond the values."""
        room = 0 if self.ticks else (self.high - self.low) * 0.03 or 1.0
        return self.low - (room if self.low < 0 else 0), self.high + (room if self.high > 0 else 0)

    def labels(self, layout: Layout, width: float) -> dict[float, str]:
        """Where the scale is labelled, and how: at as many places as have room in `width`."""
        if self.ticks:
            return {tick: value_text(tick, 0, self.unit) for tick in self.ticks}
        low, high = self.ends()
        for most in range(_MOST_TICKS, 0, -1):
            every = ticks_of(low, high, most, self.unit, sign=self.sign)
            ticks = {tick: text for tick, text in every.items() if low <= tick <= high}
            if (style.widest([*ticks.values()], layout.small_text) + 12) * len(ticks) <= width:
                break
        return ticks


@dataclass(frozen=True)
class RowSheet:
    """A sheet with names, scale and columns in place.

    `middles` are the rows' places in `axes`; the plot begins `left` and `top` pixels into the page.
    """

    page: Page
    axes: Axes
    middles: np.ndarray
    bands: Sequence[tuple[float, float]]
    left: float
    top: float

    def x(self, value: float) -> float:
        """Pixels from the left of the page to a value."""
        low, high = self.axes.get_xlim()
        plot = self.axes.get_position().width * self.page.layout.width
        return self.left + (value - low) / (high - low) * plot

    def vertical(self, xs: Sequence[float], gid: str, **look: Any) -> None:
        """A line at each of the `xs` through every band, so that it crosses no text.

        `look` is what matplotlib's `vlines` takes.
        """
        tops, bottoms = np.tile(self.bands, (len(xs), 1)).T
        across = np.repeat(xs, len(self.bands))
        self.axes.vlines(across, tops, bottoms, **look).set_gid(gid)

    def intervals(self, ends: pd.DataFrame, colours: pd.Series | None = None) -> None:
        """A line from the first to the second column of `ends`, in each row that has both."""
        known = ends.notna().all(axis=1).to_numpy()
        if known.any():
            low, high = ends[known].to_numpy(float).T
            each = style.HIGHLIGHT if colours is None else list(colours[known])
            lines = self.axes.hlines(self.middles[known], low, high, colors=each, linewidth=2)
            lines.set_gid("intervals")

    def marks(self, values: pd.Series, mark: Mark, gid: str) -> None:
        """A mark at each of the `values` that is there; `values` have the rows' numbers."""
        values = values.dropna()
        if len(values):
            look = mark.look(mark.size, edge=1.75)
            places = self.middles[values.index]
            self.page.spot_on(self.axes, values.index, values, places)
            self.axes.plot(values, places, clip_on=False, zorder=4, gid=gid, **look)


def row_sheet(
    layout: Layout,
    names: Sequence[str],
    measure: Scale,
    *,
    columns: Sequence[SideColumn] = (),
    key: Sequence[Mark] = (),
    bold_rows: Sequence[int] = (),
    space_above: bool = False,
    dense: bool = False,
    room_right: float = 0,
    room_left: float = 0,
    room_above: float = 0,
    least_height: float = 0,
) -> RowSheet:
    """A sheet for one row a name; `dense` keeps short names beside the plot on a phone.

    `room_right` leaves pixels free right of the plot, where there are no columns; `room_left` and
    `room_above` leave them free for something else, and the sheet has the `least_height`.
    """
    stacked = layout.narrow and not dense
    gap = _NARROW_GAP if layout.narrow else _GAP
    weights = ["bold" if row in bold_rows else "normal" for row in range(len(names))]
    widest = layout.width if stacked else _WIDEST_NAME
    lines = [style.wrapped(name, widest, layout.text, "bold") for name in names]
    details = [_details(layout, columns, row) if stacked else [] for row in range(len(names))]
    beside = heading_height = 0.0
    if stacked:
        counts = [len(name) + len(detail) for name, detail in zip(lines, details, strict=True)]
        heights = [count * layout.line + _STACKED_BAND + 10 for count in counts]
    else:
        heights = [max(21 if dense else 26, len(name) * layout.line + 6) for name in lines]
        looks = zip(lines, weights, strict=True)
        beside = gap + max(style.widest(name, layout.text, weight) for name, weight in looks)
        room_right = sum(column.width(layout) + gap for column in columns) or room_right
        heading_lines = max((len(column.heading_lines(layout)) for column in columns), default=0)
        heading_height = heading_lines * layout.line
    foots = np.cumsum(heights)
    tops, whole = foots - heights, float(foots[-1])
    top = room_above + key_height(layout, key) + max(heading_height, 22 if space_above else 4) + 2
    bottom = 26 + (layout.line if measure.caption else 0)
    ticks = measure.labels(layout, layout.width - room_left - beside - room_right)
    edge = style.widest([*ticks.values()], layout.small_text) / 2 + 2
    left, right = room_left + max(beside, edge), layout.width - max(room_right, edge)

    page = Page(layout, max(top + whole + bottom, least_height))
    axes = page.plot(left, top, right - left, whole)
    axes.set(xlim=measure.ends(), ylim=(whole, 0))
    axes.yaxis.set_visible(False)
    axes.set_xticks(list(ticks), list(ticks.values()))
    page.key(key)
    # Centred under the plot, but never off the sheet.
    middle = page.kept_on((left + right) / 2, style.text_width(measure.caption, layout.small_text))
    page.note(middle, top + whole + 30, measure.caption, "center")

    bands = [(0.0, whole)]
    if stacked:
        bands = [(foot - _STACKED_BAND - 6, foot - 6) for foot in foots]
    middles = np.mean(bands, axis=1) if stacked else (tops + foots) / 2
    sheet = RowSheet(page, axes, middles, bands, left, top)
    sheet.vertical(list(ticks), "grid", color=style.GRID, linewidth=0.8, zorder=0)
    if stacked:
        for name, detail, start in zip(lines, details, top + tops, strict=True):
            below = start + len(name) * layout.line
            page.text(0, (start + below) / 2, name, weight="bold")
            page.note(0, below + len(detail) * layout.line / 2, detail)
    else:
        for name, weight, row in zip(lines, weights, top + middles, strict=True):
            page.text(left - gap, row, name, ha="right", weight=weight)
        at = float(layout.width)
        for column in reversed(columns):
            heading = column.heading_lines(layout)
            page.note(at, top - 4 - len(heading) * layout.line / 2, heading, "right")
            for text, weight, row in zip(column.texts, weights, top + middles, strict=True):
                page.text(at, row, text, ha="right", weight=weight)
            at -= column.width(layout) + gap
    return sheet


def _details(layout: Layout, columns: Sequence[SideColumn], row: int) -> list[str]:
    """What the columns say of one row, in lines that break between them."""
    lines: list[str] = []
    for text in filter(None, (column.in_line(row) for column in columns)):
        longer = f"{lines[-1]} · {text}" if lines else text
        if lines and style.text_width(longer, layout.small_text) <= layout.width:
            lines[-1] = longer
        else:
            lines.append(text)
    return lines
