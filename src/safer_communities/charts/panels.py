"""One small panel for each indicator, all over the same years."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from safer_communities.charts import style
from safer_communities.charts.chart import (
    Chart,
    Layout,
    caption_of,
    checked,
    decimals_for,
    drawn,
    names_column,
    value_columns,
    value_text,
)
from safer_communities.charts.page import Page
from safer_communities.charts.results import takes_results
from safer_communities.charts.table import Column
from safer_communities.charts.timeline import Break, annual_caption, inside, mark_breaks, pieces

_GUTTER = 26
_PLOT_HEIGHT = 92
# The years and the space before the next title.
_BELOW_PLOT = 36


@dataclass(frozen=True)
class _End:
    date: pd.Timestamp
    value: float
    words: str


@takes_results("value", "panel")
def small_multiples(
    frame: pd.DataFrame,
    *,
    name: str,
    unit: str,
    breaks: Sequence[Break] = (),
    decimals: int | None = None,
) -> Chart:
    """A small line chart for each panel, each from zero on its own scale, first and last labelled.

    `frame` has a row for each panel and year: panel, period_end, label (of the period), value, and
    if they are there ci_low and ci_high. Each break is a date and a note: no line crosses it.
    """
    frame = checked(frame, "panel", "period_end", "label", "value")
    rows = frame.assign(period_end=pd.to_datetime(frame["period_end"]))
    panels = list(dict.fromkeys(rows["panel"]))
    if rows["period_end"].nunique() < 2:
        raise ValueError("frame: one period only; a line needs two")
    ends = {panel: _ends(rows[rows["panel"] == panel], unit, decimals) for panel in panels}
    shown_breaks = inside(breaks, rows["period_end"])

    def draw(layout: Layout) -> Figure:
        across = min(1 if layout.narrow else 3, len(panels))
        down = math.ceil(len(panels) / across)
        width = (layout.width - _GUTTER * (across - 1)) / across
        titles = [style.wrapped(panel, width, layout.text, "bold") for panel in panels]
        title_heights = [
            max(map(len, titles[start : start + across])) * layout.line + 8
            for start in range(0, len(panels), across)
        ]
        labels = [end.words for both in ends.values() for end in both]
        side = style.widest(labels, layout.small_text, "bold") + 10
        heading = _heading(layout, rows, unit, shown_breaks)
        top = len(heading) * layout.line + 12
        page = Page(layout, top + sum(title_heights) + down * (_PLOT_HEIGHT + _BELOW_PLOT))
        for number, line in enumerate(heading):
            page.text(
                0,
                (number + 0.5) * layout.line,
                line,
                size=layout.small_text,
                colour=style.QUIET_INK,
            )
        for number, panel in enumerate(panels):
            row, column = divmod(number, across)
            x = column * (width + _GUTTER)
            plot_top = top + sum(title_heights[: row + 1]) + row * (_PLOT_HEIGHT + _BELOW_PLOT)
            # Titles stand on their plots, however many lines they have.
            first = plot_top - 8 - len(titles[number]) * layout.line
            for below, words in enumerate(titles[number]):
                page.text(x, first + (below + 0.5) * layout.line, words, weight="bold")
            own = rows[rows["panel"] == panel]
            box = (x, plot_top, width, _PLOT_HEIGHT)
            _panel(page, own, rows, box, breaks, ends[panel], side)
        return page.figure

    places = decimals_for(rows["value"], decimals)
    columns = [
        names_column("panel", "Panel"),
        Column("label", "Year", kind="text"),
        *value_columns("value", unit, places),
    ]
    return drawn(name, frame, draw, columns)


def _ends(own: pd.DataFrame, unit: str, decimals: int | None) -> list[_End]:
    """The first and the last point, as they are labelled."""
    known = own.dropna(subset="value").sort_values("period_end")
    if len(known) < 2:
        raise ValueError(f"frame: panel {own['panel'].iloc[0]!r} has fewer than two values")
    places = decimals_for(own["value"], decimals)
    return [
        _End(row["period_end"], row["value"], value_text(row["value"], places, unit))
        for row in (known.iloc[0], known.iloc[-1])
    ]


def _heading(
    layout: Layout, rows: pd.DataFrame, unit: str, breaks: Sequence[tuple[pd.Timestamp, str]]
) -> list[str]:
    said = [
        caption_of(unit),
        annual_caption(rows["label"]),
        "each panel from zero on its own scale",
    ]
    sentences = [", ".join(filter(None, said))]
    sentences += [f"Dotted line, {when.strftime('%B %Y')}: {note}" for when, note in breaks]
    return [
        line
        for words in sentences
        for line in style.wrapped(words, layout.width, layout.small_text)
    ]


def _panel(
    page: Page,
    own: pd.DataFrame,
    everything: pd.DataFrame,
    box: tuple[float, float, float, float],
    breaks: Sequence[Break],
    ends: Sequence[_End],
    side: float,
) -> None:
    x, y, width, height = box
    layout = page.layout
    left, plot_width = x + side, width - 2 * side
    axes = page.plot(left, y, plot_width, height)
    measured = [column for column in ("value", "ci_high") if column in own]
    highest = float(own[measured].max().max()) * 1.08 or 1.0
    dates = everything["period_end"]
    axes.set(xlim=(dates.min(), dates.max()), ylim=(0, highest))
    axes.yaxis.set_visible(False)
    axes.spines["bottom"].set(visible=True, color=style.OTHER)
    axes.set_xticks(
        [dates.min(), dates.max()], [date.strftime("%Y") for date in (dates.min(), dates.max())]
    )
    mark_breaks(axes, inside(breaks, dates))
    for piece in pieces(own, "period_end", breaks):
        if {"ci_low", "ci_high"} <= set(piece.columns):
            axes.vlines(
                piece["period_end"],
                piece["ci_low"],
                piece["ci_high"],
                colors=style.HIGHLIGHT,
                linewidth=1.25,
                clip_on=False,
            )
        axes.plot(
            piece["period_end"],
            piece["value"],
            color=style.HIGHLIGHT,
            linewidth=2.25,
            marker="o",
            ms=4.5,
            clip_on=False,
            gid="value",
        )
    for end, ha, gap in zip(ends, ("right", "left"), (-8, 8), strict=True):
        along = (end.date - dates.min()) / (dates.max() - dates.min())
        page.text(
            left + along * plot_width + gap,
            y + height * (1 - end.value / highest),
            end.words,
            ha=ha,
            weight="bold",
            size=layout.small_text,
        )
