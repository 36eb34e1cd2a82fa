"""The chart of a card on the first page: the years, and the newest change beside the boroughs'."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from safer_communities.charts import style
from safer_communities.charts.chart import (
    NARROW,
    Chart,
    checked,
    names_column,
    svg_of,
    value_columns,
    value_text,
)
from safer_communities.charts.marks import marks_of
from safer_communities.charts.over_time.timeline import Break, draw_line, inside, mark_breaks
from safer_communities.charts.page import Mark, Page, ticks_of
from safer_communities.charts.table import Column

Months = tuple[pd.Timestamp, pd.Timestamp]
# All cards have one scale of changes, in per cent: what lies outside is an arrow with its number.
SCALE = (-40.0, 80.0)
_HEIGHT = 264
_LEFT, _RIGHT, _TOP, _FOOT = 44, 62, 34, 128
_STRIP, _ROW = (78, 176), 24
_FIRST_ROW = 204


def card(
    changes: pd.DataFrame,
    years: pd.DataFrame,
    *,
    name: str,
    pandemic: Months,
    breaks: Sequence[Break] = (),
) -> Chart:
    """The chart of one kind of crime, drawn once, 320 pixels wide.

    `changes` has a row for the place and one for the 32 boroughs: area, change_percent, ci_low,
    ci_high.
    `years` has the columns period_end, label and count of the place, oldest first; no line crosses
    one of the `breaks`. `pandemic` is its first and last month, marked in the years.
    """
    changes = checked(changes, "area", "change_percent", "ci_low", "ci_high")
    with style.applied():
        page = _page(changes, years, pandemic, breaks)
        svg = svg_of(page.figure)
    # The marks of the years, then those of the changes.
    moved = changes.rename(columns={"change_percent": "change"})
    moved = moved.assign(label=[f"{area}, change in a year" for area in changes["area"]])
    rows = pd.concat([years[["label", "count"]], moved], ignore_index=True)
    columns = [names_column("label", "Year"), Column("count", "Offences", decimals=0)]
    columns += value_columns("change", "%", 1)
    return Chart(name, svg, svg, changes, marks=marks_of(rows, columns, page.spots, page.spots))


def card_figure(
    changes: pd.DataFrame, years: pd.DataFrame, pandemic: Months, breaks: Sequence[Break] = ()
) -> Figure:
    """The drawing of a `card` of the same data, 320 pixels wide at 72 dots an inch."""
    return _page(changes, years, pandemic, breaks).figure


def _page(
    changes: pd.DataFrame, years: pd.DataFrame, pandemic: Months, breaks: Sequence[Break]
) -> Page:
    page = Page(NARROW, _HEIGHT)
    _years(page, years.rename(columns={"period_end": "date", "count": "value"}), pandemic, breaks)
    page.note(0, 168, "Change in a year; the bar is its 95% interval")
    _strip(page, changes, first_spot=len(years))
    return page


def _years(page: Page, rows: pd.DataFrame, pandemic: Months, breaks: Sequence[Break]) -> None:
    """The line of the years from nought, the last two of them marked, the last one's value."""
    axes = page.plot(_LEFT, _TOP, NARROW.width - _LEFT - _RIGHT, _FOOT - _TOP)
    highest = rows["value"].max()
    ticks = {at: words for at, words in ticks_of(0, highest, 3, "").items() if at <= highest * 1.2}
    axes.set_ylim(0, max([highest * 1.05, *ticks]))
    axes.set_yticks(list(ticks), list(ticks.values()))
    axes.yaxis.grid(True, linewidth=0.75)
    axes.set_xticks(list(rows["date"].iloc[[0, -1]]), list(rows["label"].iloc[[0, -1]]))
    start, end = pandemic
    if rows["date"].min() < start:
        axes.axvspan(date2num(start), date2num(end), **style.BAND)
        axes.text(
            date2num(start + (end - start) / 2),
            1.03,
            "pandemic",
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            size=NARROW.small_text,
            color=style.QUIET_INK,
        )
    draw_line(axes, rows, breaks, color=style.HIGHLIGHT, linewidth=2.5)
    mark_breaks(axes, inside(breaks, rows["date"]))
    newest: list[dict[Any, Any]] = rows.tail(2).to_dict("records")
    for row, filled in zip(newest, (False, True), strict=False):
        look = Mark(filled=filled).look(size=8, edge=2)
        axes.plot(row["date"], row["value"], clip_on=False, zorder=4, **look)
    # Clear of the nought of the other scale.
    axes.tick_params(axis="x", pad=9)
    page.spot_on(axes, range(len(rows)), rows["date"], rows["value"])
    last = float(rows["value"].iloc[-1])
    y = _TOP + (_FOOT - _TOP) * (1 - last / axes.get_ylim()[1])
    page.text(NARROW.width - _RIGHT + 10, y, value_text(last, 0, ""), weight="bold")
    page.note(0, 10, "offences a year")


def _strip(page: Page, changes: pd.DataFrame, *, first_spot: int) -> None:
    """A row for the place and one for the 32 boroughs: the change, its range, both in figures."""
    low, high = SCALE
    left, right = _STRIP[0], _STRIP[1]

    def x(value: float) -> float:
        return left + (right - left) * (float(np.clip(value, low, high)) - low) / (high - low)

    foot = _FIRST_ROW + _ROW * (len(changes) - 1)
    page.sheet.plot([x(0)] * 2, [_FIRST_ROW - 13, foot + 13], color=style.INK, lw=1.25)
    page.note(x(0), foot + 24, "no change", ha="center")
    rows: list[dict[Any, Any]] = changes.to_dict("records")
    for number, row in enumerate(rows):
        y, own = _FIRST_ROW + _ROW * number, number == 0
        colour = style.HIGHLIGHT if own else style.QUIET_INK
        name = style.wrapped(row["area"] if own else "32 boroughs", left - 4, NARROW.small_text)
        look: dict[str, Any] = {"weight": "bold" if own else "normal", "size": NARROW.small_text}
        page.text(0, y, name[:1] if len(name) == 1 else "here", colour=colour, **look)
        if pd.isna(row["change_percent"]):
            continue
        ends = [x(row["ci_low"]), x(row["ci_high"])]
        page.sheet.plot(ends, [y] * 2, color=colour, lw=4, alpha=0.5, gid="interval")
        outside = not low <= row["change_percent"] <= high
        marker = (">" if row["change_percent"] > 0 else "<") if outside else "o" if own else "D"
        mark = Mark(marker=marker, colour=colour, filled=own)
        page.sheet.plot(x(row["change_percent"]), y, gid="value", **mark.look(size=8, edge=1.5))
        page.spots[first_spot + number] = x(row["change_percent"]), y
        change = value_text(row["change_percent"], 1, "%", sign=True)
        page.text(232, y, change, ha="right", colour=colour, **look)
        span = " to ".join(value_text(end, 0, "") for end in (row["ci_low"], row["ci_high"]))
        page.text(NARROW.width, y, f"{span}%", ha="right", size=NARROW.small_text)
