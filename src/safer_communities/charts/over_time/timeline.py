"""What every chart over time shares: the dates below, the notes above, the gaps between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num

from safer_communities.analysis.recorded_crime import PANDEMIC
from safer_communities.charts import style
from safer_communities.charts.chart import Layout
from safer_communities.charts.page import Page

Break = tuple[str | pd.Timestamp, str]
# A first and a last month, and a note.
Band = tuple[pd.Timestamp, pd.Timestamp, str]

# Steps between labelled dates, in months.
_STEPS = (1, 3, 6, 12, 24, 36, 60, 120)
_NOTE_WIDTH = 150
_NARROWEST_NOTE = 80
_NOTE_GAP = 4
_DOTTED: dict[str, Any] = {"color": style.QUIET_INK, "linewidth": 1.25, "linestyle": ":"}


@dataclass(frozen=True)
class Note:
    """Words above the plot beside the place `x`, `left` to `right` (pixels from the page's left).

    `height` is what there is from the plot to the top of the words, in lines.
    """

    x: float
    left: float
    right: float
    lines: list[str]
    height: int


def pieces(rows: pd.DataFrame, breaks: Sequence[Break]) -> Iterator[pd.DataFrame]:
    """The runs of rows to join by a line: none crosses a series break or a missing value.

    `rows` have a `date` and a `value`. A break at a date parts the rows before it from those on or
    after it.
    """
    ordered = rows.sort_values("date", kind="stable")
    missing = ordered["value"].isna()
    after = sum((ordered["date"] >= pd.Timestamp(when)).astype(int) for when, _ in breaks)
    for _, piece in ordered[~missing].groupby(missing.cumsum() * 1000 + after, sort=True):
        yield piece


def draw_line(axes: Axes, rows: pd.DataFrame, breaks: Sequence[Break], **look: Any) -> None:
    """A line through the values of the rows, in its pieces, with intervals where there are any.

    `look` is what matplotlib's `plot` takes.
    """
    for piece in pieces(rows, breaks):
        if {"ci_low", "ci_high"} <= set(piece.columns):
            ends = piece["ci_low"], piece["ci_high"]
            axes.vlines(piece["date"], *ends, colors=look["color"], linewidth=1.25)
        axes.plot(piece["date"], piece["value"], clip_on=False, **look)


def inside(breaks: Sequence[Break], dates: pd.Series) -> list[tuple[pd.Timestamp, str]]:
    """The breaks that fall within the dates drawn, in order of time."""
    dated = sorted((pd.Timestamp(when), note) for when, note in breaks)
    return [(when, note) for when, note in dated if dates.min() < when <= dates.max()]


def pandemic_in(dates: pd.Series) -> list[Band]:
    """The band that every chart over time shades, cut to the dates drawn; none where it is out."""
    begin, finish = max(PANDEMIC[0], dates.min()), min(PANDEMIC[1], dates.max())
    return [(begin, finish, "first year of the pandemic")] if begin < finish else []


def draw_bands(axes: Axes, bands: Sequence[Band]) -> None:
    """Shades each band behind the lines."""
    for begin, finish, _ in bands:
        axes.axvspan(*date2num([begin, finish]), gid="band", **style.BAND)


def placed_notes(layout: Layout, places: Sequence[tuple[float, str]]) -> list[Note]:
    """Where each note stands: right of its place, above the notes that it would run into.

    Each has a line down to the plot. From right to left, lowest first: so no line meets a note.
    """
    notes: list[Note] = []
    for x, words in sorted(places, reverse=True):
        room = min(max(layout.width - x - _NOTE_GAP, _NARROWEST_NOTE), _NOTE_WIDTH)
        lines = style.wrapped(words, room, layout.small_text)
        width = style.widest(lines, layout.small_text)
        left = min(x + _NOTE_GAP, layout.width - width)
        right = left + width
        met = [n.height for n in notes if left < n.right and min(n.x, n.left) < right + 8]
        notes.append(Note(x, left, right, lines, max(met, default=0) + len(lines)))
    return notes


def notes_height(layout: Layout, notes: Sequence[Note]) -> float:
    """Pixels that the notes take above the plot."""
    return max((note.height for note in notes), default=0) * layout.line


def write_notes(page: Page, notes: Sequence[Note], plot_top: float) -> None:
    """Writes the notes above `plot_top`, each with its line."""
    for note in notes:
        top = plot_top - note.height * page.layout.line
        page.sheet.vlines(note.x, top, plot_top, **_DOTTED)
        page.note(note.left, top + len(note.lines) / 2 * page.layout.line, note.lines)


def mark_breaks(axes: Axes, breaks: Sequence[tuple[pd.Timestamp, str]]) -> None:
    """A dotted line at each break, from the plot's foot up to its note."""
    for when, _ in breaks:
        axes.axvline(date2num(when), gid="break", **_DOTTED)


def date_labels(
    dates: pd.Series, width: float, size: float, *, annual: bool
) -> tuple[list[pd.Timestamp], list[str]]:
    """The dates to label and their labels, as many as fit in `width` pixels without crowding."""
    first, last = dates.min(), dates.max()
    months = max((last.year - first.year) * 12 + last.month - first.month, 1)
    for step in (step for step in _STEPS if step >= 12 or not annual):
        form = "%Y" if annual or (step >= 12 and months > 36) else "%b %Y"
        if months / step * (style.text_width(first.strftime(form), size) + 8) <= width:
            break
    if annual:
        # From the newest backwards: the last year is always labelled.
        chosen = [last - pd.DateOffset(months=back) for back in range(0, months + 1, step)][::-1]
    else:
        every = pd.date_range(first, last, freq="MS")
        chosen = [date for date in every if (date.year * 12 + date.month - 1) % step == 0]
    return chosen or [first], [date.strftime(form) for date in chosen or [first]]


def annual_caption(labels: pd.Series) -> str:
    """What the labels of the periods say before the year, if all say the same in several words.

    For example "12 months to March"; empty for "mid-2020", where the years need no more words.
    """
    before_the_year = {label.rpartition(" ")[0] for label in labels}
    words = before_the_year.pop() if len(before_the_year) == 1 else ""
    return words if " " in words else ""


def spread(
    wanted: Sequence[float], heights: Sequence[float], top: float, low: float
) -> list[float]:
    """Middles near `wanted` for labels of these `heights`, apart, and between `top` and `low`."""
    order = sorted(range(len(wanted)), key=lambda item: wanted[item])
    middles = list(wanted)
    edge = top
    for item in order:
        middles[item] = max(wanted[item], edge + heights[item] / 2)
        edge = middles[item] + heights[item] / 2
    edge = low
    for item in reversed(order):
        middles[item] = min(middles[item], edge - heights[item] / 2)
        edge = middles[item] - heights[item] / 2
    return middles
