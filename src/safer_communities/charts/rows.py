"""The frame of every chart with a row for each thing: names, a common scale, numbers beside it.

On a wide sheet the names stand left of the plot and the columns of text right of it. On a phone
each row is stacked: its name, a line of text, and under them the plot over the whole width.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from safer_communities.charts import style
from safer_communities.charts.chart import Layout, value_text
from safer_communities.charts.page import HOLLOW, KeyEntry, Page, key_height, scale, ticks_of

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


@dataclass(frozen=True)
class Scale:
    """What the rows are measured on: its ends, the unit, and how many steps fit."""

    low: float
    high: float
    unit: str
    caption: str
    sign: bool = False
    ticks: tuple[float, ...] = ()

    def ends(self) -> tuple[float, float]:
        """Where the scale begins and ends: at zero, or a little beyond the values."""
        room = 0 if self.ticks else (self.high - self.low) * 0.03 or 1.0
        return self.low - (room if self.low < 0 else 0), self.high + (room if self.high > 0 else 0)

    def steps(self, most: int) -> tuple[list[float], Callable[[float, float], str]]:
        """Where the scale is labelled, and how."""
        if self.ticks:
            return list(self.ticks), lambda value, _position=0: value_text(value, 0, self.unit)
        low, high = self.ends()
        ticks, written = ticks_of(low, high, most, self.unit, sign=self.sign)
        return [tick for tick in ticks if low <= tick <= high], written


@dataclass(frozen=True)
class RowSheet:
    """A sheet with names, scale and columns in place; `middles` are the rows' places in `axes`."""

    page: Page
    axes: Axes
    middles: tuple[float, ...]
    bands: tuple[tuple[float, float], ...]
    left: float
    top: float

    @property
    def figure(self) -> Figure:
        """The drawing."""
        return self.page.figure

    def vertical(self, x: float, *, gid: str, **look: Any) -> None:
        """A line at `x` through every band, so that it crosses no text.

        `look` is what matplotlib's `vlines` takes.
        """
        tops, bottoms = zip(*self.bands, strict=True)
        self.axes.vlines([x] * len(tops), tops, bottoms, **look).set_gid(gid)

    def label_above(self, x: float, words: str, colour: str) -> None:
        """Words above the plot, over the place `x` of the scale, kept on the sheet."""
        low, high = self.axes.get_xlim()
        plot = self.axes.get_position().width * self.page.layout.width
        half = style.text_width(words, self.page.layout.text, "bold") / 2
        middle = self.left + (x - low) / (high - low) * plot
        middle = min(max(middle, half), self.page.layout.width - half)
        self.page.text(middle, self.top - 11, words, ha="center", colour=colour, weight="bold")

    def intervals(self, frame: pd.DataFrame, colours: Sequence[str], low: str, high: str) -> None:
        """A horizontal line from `low` to `high` in each row that has both."""
        known = frame[[low, high]].notna().all(axis=1).to_numpy()
        if known.any():
            places = [place for place, there in zip(self.middles, known, strict=True) if there]
            self.axes.hlines(
                places,
                frame.loc[known, low],
                frame.loc[known, high],
                colors=[colour for colour, there in zip(colours, known, strict=True) if there],
                linewidth=2,
            ).set_gid("intervals")

    def marks(
        self,
        values: Sequence[float],
        rows: Sequence[int],
        *,
        gid: str,
        colour: str,
        marker: str = "o",
        filled: bool = True,
        size: float = 8,
    ) -> None:
        """A mark for each of `rows` at its value; nothing where there are no rows."""
        if rows:
            self.axes.plot(
                [values[row] for row in rows],
                [self.middles[row] for row in rows],
                marker,
                ms=size,
                mec=colour,
                mfc=colour if filled else HOLLOW,
                mew=1.75,
                ls="none",
                clip_on=False,
                zorder=4,
                gid=gid,
            )


def row_sheet(
    layout: Layout,
    names: Sequence[str],
    measure: Scale,
    *,
    columns: Sequence[SideColumn] = (),
    key: Sequence[KeyEntry] = (),
    bold_rows: Sequence[int] = (),
    space_above: bool = False,
    names_beside: bool = False,
    row_height: float = 26,
    room_right: float = 0,
) -> RowSheet:
    """A sheet for one row a name; `names_beside` keeps short names beside the plot on a phone.

    `room_right` leaves pixels free right of the plot.
    """
    stacked = layout.narrow and not names_beside
    lines = [
        style.wrapped(name, layout.width if stacked else _WIDEST_NAME, layout.text, "bold")
        for name in names
    ]
    detail_lines = [_details(layout, columns, row) for row in range(len(names))] if stacked else []
    if stacked:
        heights = [
            (len(name) + len(detail)) * layout.line + _STACKED_BAND + 10
            for name, detail in zip(lines, detail_lines, strict=True)
        ]
    else:
        heights = [max(row_height, len(name) * layout.line + 6) for name in lines]
    tops = [sum(heights[:row]) for row in range(len(heights))]
    whole = sum(heights)

    headings = any(column.heading for column in columns) and not stacked
    heading_lines = [
        style.wrapped(column.heading, _WIDEST_HEADING, layout.small_text) for column in columns
    ]
    heading_height = max(map(len, heading_lines), default=0) * layout.line if headings else 0
    top = key_height(layout, key) + max(heading_height, 22 if space_above else 4) + 2
    bottom = 26 + (layout.line if measure.caption else 0)

    widths = [
        max(
            style.widest(list(column.texts), layout.text, "bold"),
            style.widest(heading, layout.small_text),
        )
        for column, heading in zip(columns, heading_lines, strict=True)
    ]
    gap = _NARROW_GAP if layout.narrow else _GAP
    beside = 0.0
    if not stacked:
        beside = gap + max(
            style.widest(name, layout.text, "bold" if row in bold_rows else "normal")
            for row, name in enumerate(lines)
        )
        room_right = max(sum(widths) + gap * len(widths), room_right)
    ticks, written, edge = _fitting(layout, measure, layout.width - beside - room_right)
    left, right = max(beside, edge), layout.width - max(room_right, edge)

    page = Page(layout, top + whole + bottom)
    axes = page.plot(left, top, right - left, whole)
    axes.set(xlim=measure.ends(), ylim=(whole, 0))
    axes.yaxis.set_visible(False)
    scale(axes, ticks, written, "x")
    axes.grid(False)
    page.key(0, key)
    if measure.caption:
        _caption(page, measure.caption, left, right, top + whole + 26)

    if stacked:
        bands = tuple(
            (start + height - _STACKED_BAND - 6, start + height - 6)
            for start, height in zip(tops, heights, strict=True)
        )
        middles = tuple((start + end) / 2 for start, end in bands)
    else:
        bands = ((0.0, whole),)
        middles = tuple(start + height / 2 for start, height in zip(tops, heights, strict=True))
    sheet = RowSheet(page, axes, middles, bands, left, top)
    for tick in ticks:
        sheet.vertical(tick, gid=f"grid_{tick:g}", color=style.GRID, linewidth=0.8, zorder=0)

    for row, name in enumerate(lines):
        weight = "bold" if row in bold_rows else "normal"
        if stacked:
            first = top + tops[row] + layout.line / 2
            for number, line in enumerate(name):
                page.text(0, first + number * layout.line, line, weight="bold")
            for number, line in enumerate(detail_lines[row], start=len(name)):
                page.text(
                    0,
                    first + number * layout.line,
                    line,
                    size=layout.small_text,
                    colour=style.QUIET_INK,
                )
        else:
            page.lines(left - gap, top + middles[row], name, ha="right", weight=weight)
    if not stacked:
        _columns(page, columns, heading_lines, widths, top, middles, bold_rows)
    return sheet


def _fitting(
    layout: Layout, measure: Scale, width: float
) -> tuple[list[float], Callable[[float, float], str], float]:
    """As many ticks as have room in `width`, how they are written, and half the widest of them."""
    for most in range(_MOST_TICKS, 0, -1):
        ticks, written = measure.steps(most)
        widest = style.widest([written(tick, 0) for tick in ticks], layout.small_text)
        if (widest + 12) * len(ticks) <= width or most == 1:
            break
    return ticks, written, widest / 2 + 2


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


def _caption(page: Page, caption: str, left: float, right: float, y: float) -> None:
    width = style.text_width(caption, page.layout.small_text)
    # Centred under the plot, but never off the sheet.
    middle = min(max((left + right) / 2, width / 2), page.layout.width - width / 2)
    page.text(
        middle, y + 4, caption, ha="center", size=page.layout.small_text, colour=style.QUIET_INK
    )


def _columns(
    page: Page,
    columns: Sequence[SideColumn],
    heading_lines: Sequence[Sequence[str]],
    widths: Sequence[float],
    top: float,
    middles: Sequence[float],
    bold_rows: Sequence[int],
) -> None:
    right = float(page.layout.width)
    for column, heading, width in reversed(list(zip(columns, heading_lines, widths, strict=True))):
        page.lines(
            right,
            top - 4 - len(heading) * page.layout.line / 2,
            heading,
            ha="right",
            size=page.layout.small_text,
            colour=style.QUIET_INK,
        )
        for row, text in enumerate(column.texts):
            if text:
                weight = "bold" if row in bold_rows else "normal"
                page.text(right, top + middles[row], text, ha="right", weight=weight)
        right -= width + (_NARROW_GAP if page.layout.narrow else _GAP)
