"""One small panel for each indicator, all over the same years."""

from collections.abc import Sequence

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
from safer_communities.charts.timeline import (
    Break,
    annual_caption,
    draw_line,
    inside,
    mark_breaks,
)

_GUTTER = 26
_PLOT_HEIGHT = 92
# The years and the space before the next title.
_BELOW_PLOT = 36


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
    rows = frame.assign(date=pd.to_datetime(frame["period_end"]))
    if rows["date"].nunique() < 2:
        raise ValueError("frame: one period only; a line needs two")
    panels = {str(panel): own for panel, own in rows.groupby("panel", sort=False)}
    ends = {panel: _ends(panel, own, unit, decimals) for panel, own in panels.items()}
    said = [
        caption_of(unit),
        annual_caption(rows["label"]),
        "each panel from zero on its own scale",
    ]
    shown_breaks = inside(breaks, rows["date"])
    sentences = [
        ", ".join(filter(None, said)),
        *(f"Dotted line, {when:%B %Y}: {note}" for when, note in shown_breaks),
    ]

    def draw(layout: Layout) -> Figure:
        across = min(1 if layout.narrow else 3, len(panels))
        width = (layout.width - _GUTTER * (across - 1)) / across
        titles = [style.wrapped(panel, width, layout.text, "bold") for panel in panels]
        heading = [
            line
            for words in sentences
            for line in style.wrapped(words, layout.width, layout.small_text)
        ]
        top = len(heading) * layout.line + 12
        plot_tops = []
        for start in range(0, len(panels), across):
            top += max(map(len, titles[start : start + across])) * layout.line + 8
            plot_tops.append(top)
            top += _PLOT_HEIGHT + _BELOW_PLOT
        page = Page(layout, top)
        page.note(0, len(heading) / 2 * layout.line, heading)
        labels = [words for both in ends.values() for words in both["words"]]
        side = style.widest(labels, layout.small_text, "bold") + 10
        for number, (panel, title) in enumerate(zip(panels, titles, strict=True)):
            x = number % across * (width + _GUTTER)
            plot_top = plot_tops[number // across]
            # Titles stand on their plots, however many lines they have.
            page.text(x, plot_top - 8 - len(title) / 2 * layout.line, title, weight="bold")
            box = (x + side, plot_top, width - 2 * side, _PLOT_HEIGHT)
            _panel(page, box, panels[panel], ends[panel], rows["date"], breaks)
        return page.figure

    places = decimals_for(rows["value"], decimals)
    columns = [
        names_column("panel", "Panel"),
        Column("label", "Year", kind="text"),
        *value_columns("value", unit, places),
    ]
    return drawn(name, frame, draw, columns)


def _ends(panel: str, own: pd.DataFrame, unit: str, decimals: int | None) -> pd.DataFrame:
    """The first and the last row with a value, and the `words` of it."""
    known = own.dropna(subset="value").sort_values("date")
    if len(known) < 2:
        raise ValueError(f"frame: panel {panel!r} has fewer than two values")
    places = decimals_for(own["value"], decimals)
    ends = known.iloc[[0, -1]]
    return ends.assign(words=[value_text(value, places, unit) for value in ends["value"]])


def _panel(
    page: Page,
    box: tuple[float, float, float, float],
    own: pd.DataFrame,
    ends: pd.DataFrame,
    dates: pd.Series,
    breaks: Sequence[Break],
) -> None:
    """One panel in a box of pixels (left, top, width, height), over all the `dates`."""
    left, top, width, height = box
    axes = page.plot(*box)
    measured = [column for column in ("value", "ci_high") if column in own]
    highest = float(own[measured].max().max()) * 1.08 or 1.0
    limits = [dates.min(), dates.max()]
    axes.set(xlim=limits, ylim=(0, highest))
    axes.yaxis.set_visible(False)
    axes.spines["bottom"].set(visible=True, color=style.OTHER)
    axes.set_xticks(limits, [date.strftime("%Y") for date in limits])
    mark_breaks(axes, inside(breaks, dates))
    line = {"color": style.HIGHLIGHT, "linewidth": 2.25, "marker": "o", "ms": 4.5}
    draw_line(axes, own, breaks, gid="value", **line)
    for intervals in axes.collections:
        # The first and the last stand on the edge of the plot.
        intervals.set_clip_on(False)
    labels = zip(
        ends["date"], ends["value"], ends["words"], ("right", "left"), (-8, 8), strict=True
    )
    for date, value, words, ha, gap in labels:
        x = left + (date - limits[0]) / (limits[1] - limits[0]) * width + gap
        y = top + height * (1 - value / highest)
        page.text(x, y, words, ha=ha, weight="bold", size=page.layout.small_text)
