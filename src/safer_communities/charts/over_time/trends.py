"""Lines over years and over months, in one chart or in small panels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num

from safer_communities.charts import style
from safer_communities.charts.chart import (
    Chart,
    Layout,
    caption_of,
    checked,
    decimals_for,
    drawn,
    names_column,
    takes_results,
    value_columns,
    value_text,
)
from safer_communities.charts.over_time.timeline import (
    Band,
    Break,
    annual_caption,
    date_labels,
    draw_bands,
    draw_line,
    inside,
    mark_breaks,
    notes_height,
    pandemic_in,
    pieces,
    placed_notes,
    spread,
    write_notes,
)
from safer_communities.charts.page import Mark, Page, key_height, ticks_of
from safer_communities.charts.table import Column
from safer_communities.facts import wording

_OTHER_MARKERS = ("s", "^", "v", "P", "X")
# More grey lines than this cannot be told apart, and their labels would not fit.
_MOST_LABELLED = 6
_LONDON = "london_percent"
# Series that a borough is set beside.
_BENCHMARKS = ("London", wording.BOROUGHS)
# What a mark says of its row, beside what the row is called.
_SAID = ("series", "label", "value", "ci_low", "ci_high", _LONDON, "signal", "rule")
_SIGNAL = Mark("month outside the limits", "D", style.INK, filled=False, size=7)
_LIMITS: dict[str, Any] = {"centre": "-", "upper": (0, (4, 3)), "lower": (0, (4, 3))}

# Pixels: between two panels, of a panel's plot, of its years and the space before the next title.
_GUTTER, _PANEL_HEIGHT, _BELOW_PANEL = 26, 92, 36


@dataclass(frozen=True)
class _EndLabel:
    value: float
    lines: list[str]
    colour: str
    weight: str = "normal"


@takes_results("value")
def annual_trend(
    frame: pd.DataFrame,
    *,
    name: str,
    unit: str,
    highlight: str | None = None,
    benchmark: str | None = None,
    breaks: Sequence[Break] = (),
    decimals: int | None = None,
) -> Chart:
    """A line for each series over years, from a zero baseline, named at its end.

    `frame` has a row for each series and year: period_end, label (of the period), series, value,
    and if they are there ci_low and ci_high. The series `highlight` is picked out, the series
    `benchmark` (unless given, London or the 32 boroughs) dashed. Each break is a date and a note:
    no line crosses it.
    """
    frame = checked(frame, "period_end", "label", "series", "value").reset_index(drop=True)
    rows = frame.assign(date=pd.to_datetime(frame["period_end"]))
    names = list(dict.fromkeys(rows["series"]))
    if highlight is not None and highlight not in names:
        raise ValueError(f"highlight: no series {highlight!r} in the frame")
    places = decimals_for(rows["value"], decimals)
    benchmark = benchmark or next((name for name in names if name in _BENCHMARKS), "")
    others = [series for series in names if series not in (highlight, benchmark)]
    looks = {series: _other_look(number, len(others)) for number, series in enumerate(others)}
    # Drawn last lies on top.
    if benchmark in names:
        line = {"linestyle": (0, (5, 3)), "linewidth": 1.75, "marker": "D", "ms": 4.5}
        looks[benchmark] = {"color": style.BENCHMARK, **line}
    if highlight in names:
        line = {"linestyle": "-", "linewidth": 2.75, "marker": "o", "ms": 5.5}
        looks[highlight] = {"color": style.HIGHLIGHT, **line}
    lasts = rows.dropna(subset="value").sort_values("date").groupby("series").tail(1)

    def label(layout: Layout, series: str, value: float, date: pd.Timestamp) -> _EndLabel:
        colour = style.INK if series in others else looks[series]["color"]
        words = style.wrapped(series, 84 if layout.narrow else 150, layout.text, "bold")
        # The label stands at the end of the years; a series may have ended before.
        earlier = [f"in {date.year}"] if date < rows["date"].max() else []
        lines = [*words, value_text(value, places, unit), *earlier]
        return _EndLabel(value, lines, colour, "bold" if series == highlight else "normal")

    def draw(layout: Layout) -> Page:
        last = lasts.set_index("series").reindex([s for s in looks if s in set(lasts["series"])])
        labels = [
            label(layout, series, value, date)
            for series, value, date in zip(last.index, last["value"], last["date"], strict=True)
            if series not in others or len(others) <= _MOST_LABELLED
        ]
        page, axes = _timeline(layout, rows, unit, labels, breaks=breaks, annual=True)
        for series, look in looks.items():
            own = rows[rows["series"] == series]
            gid = f"series_{names.index(series)}"
            draw_line(axes, own, breaks, gid=gid, **look)
            page.spot_on(axes, own.index, own["date"], own["value"])
        return page

    columns = [names_column("label", "Year"), *value_columns("value", unit, places)]
    if len(names) > 1:
        columns.insert(0, Column("series", "Line", kind="text"))
    named = [column.key for column in columns if column.key in ("series", "label")]
    return drawn(name, frame, draw, columns, said=_SAID, named=named, near="x")


def _other_look(number: int, of: int) -> dict[str, Any]:
    """The line of a series that is neither picked out nor compared with."""
    several = of > _MOST_LABELLED
    marker = None if several else _OTHER_MARKERS[number % len(_OTHER_MARKERS)]
    width = 1.0 if several else 1.5
    return {"color": style.OTHER, "linewidth": width, "marker": marker, "ms": 4.5}


@takes_results("value")
def monthly_trend(
    frame: pd.DataFrame,
    *,
    name: str,
    unit: str,
    breaks: Sequence[Break] = (),
    decimals: int | None = None,
) -> Chart:
    """One line over months from a zero baseline, with control limits and signals where given.

    `frame` has a row for each month: month, label (its name), value, and if they are there centre,
    lower and upper (of a control chart), signal (true for a month outside the limits) and rule.
    Each break is a date and a note: no line crosses it.
    """
    frame = checked(frame, "month", "label", "value")
    limits = {"upper": "High", "centre": "Usual", "lower": "Low"}
    there = [column for column in limits if column in frame]
    if there and len(there) < len(limits):
        raise ValueError(f"frame: control limits need centre, lower and upper; it has {there}")
    rows = frame.assign(date=pd.to_datetime(frame["month"]))
    rows = rows.sort_values("date", ignore_index=True)
    places = decimals_for(rows["value"], decimals)
    known = rows.dropna(subset="value")
    signals = known[known["signal"].astype(bool)] if "signal" in known else known.head(0)
    key = [_SIGNAL] if len(signals) else []
    last = known.iloc[-1]
    end = [f"{last['date']:%b %Y}", value_text(last["value"], places, unit)]
    labels = [_EndLabel(last["value"], end, style.HIGHLIGHT, "bold")]
    for column in there:
        if pd.notna(last[column]):
            words = f"{limits[column]} {value_text(last[column], places, unit)}"
            labels.append(_EndLabel(last[column], [words], style.QUIET_INK))

    def draw(layout: Layout) -> Page:
        page, axes = _timeline(layout, rows, unit, labels, breaks=breaks, key=key, annual=False)
        line: dict[str, Any] = {"color": style.HIGHLIGHT, "linewidth": 1.75, "zorder": 3}
        limit: dict[str, Any] = {"color": style.OTHER, "linewidth": 1.25, "zorder": 2}
        for piece in pieces(rows, breaks):
            axes.plot(piece["date"], piece["value"], gid="value", **line)
            for column, dash in _LIMITS.items() if there else ():
                axes.plot(piece["date"], piece[column], gid=column, linestyle=dash, **limit)
        page.spot_on(axes, rows.index, rows["date"], rows["value"])
        if len(signals):
            look = _SIGNAL.look(_SIGNAL.size, edge=1.5)
            axes.plot(
                signals["date"], signals["value"], zorder=4, clip_on=False, gid="signals", **look
            )
        return page

    columns = [
        names_column("label", "Month"),
        value_columns("value", unit, places)[0],
        Column("lower", "Low end of what is usual", decimals=places),
        Column("centre", "Usual", decimals=places),
        Column("upper", "High end of what is usual", decimals=places),
        Column("signal", "Outside the limits", kind="text"),
        Column("rule", "Rules of the control chart that it meets", kind="text"),
    ]
    return drawn(name, frame, draw, columns, rows=rows, said=_SAID, near="x")


def _timeline(
    layout: Layout,
    rows: pd.DataFrame,
    unit: str,
    labels: Sequence[_EndLabel],
    *,
    breaks: Sequence[Break],
    annual: bool,
    key: Sequence[Mark] = (),
) -> tuple[Page, Axes]:
    """A page and its axes, with both scales, breaks, bands, notes and what stands at line ends."""
    measured = [column for column in ("value", "ci_high", "upper") if column in rows]
    ticks = ticks_of(0, float(rows[measured].max().max()), 5, unit)
    left = style.widest(list(ticks.values()), layout.small_text) + 8
    widths = [style.widest(label.lines, layout.text, label.weight) for label in labels]
    right = layout.width - max(widths, default=0) - 14

    dates = rows["date"]
    margin = max((dates.max() - dates.min()) * 0.015, pd.Timedelta(days=10))
    start, end = dates.min() - margin, dates.max() + margin
    shown_breaks = inside(breaks, dates)
    shaded = pandemic_in(dates)
    noted = [*shown_breaks, *((begin, note) for begin, _, note in shaded)]
    across = [left + (when - start) / (end - start) * (right - left) for when, _ in noted]
    notes = placed_notes(layout, [(x, note) for x, (_, note) in zip(across, noted, strict=True)])
    below_key = key_height(layout, key)
    caption = caption_of(unit)
    top = below_key + (layout.line + 6 if caption else 0) + notes_height(layout, notes) + 6
    height = 190 if layout.narrow else 270
    foot = top + height
    years = annual_caption(rows["label"]) if annual else ""
    page = Page(layout, foot + 27 + (layout.line if years else 0))
    page.key(key)
    page.note(0, below_key + layout.line / 2, caption)
    write_notes(page, notes, top)
    page.note((left + right) / 2, foot + 25 + layout.line / 2, years, "center")

    axes = page.plot(left, top, right - left, height)
    highest = max(ticks)
    axes.set(xlim=(start, end), ylim=(0, highest))
    axes.set_yticks(list(ticks), list(ticks.values()))
    axes.grid(True, axis="y")
    labelled, words = date_labels(dates, right - left, layout.small_text, annual=annual)
    axes.set_xticks(date2num(labelled), words)
    # Clear of the zero of the other scale.
    axes.tick_params(axis="x", pad=8)
    axes.spines["bottom"].set(visible=True, color=style.OTHER)
    mark_breaks(axes, shown_breaks)
    draw_bands(axes, shaded)

    wanted = [foot - label.value / highest * height for label in labels]
    heights = [len(label.lines) * layout.line + 2 for label in labels]
    # Below the notes, where one of them reaches as far as the labels.
    highest_label = top if any(note.right > right + 4 for note in notes) else 0
    middles = spread(wanted, heights, highest_label, page.height)
    for label, middle in zip(labels, middles, strict=True):
        page.text(right + 12, middle, label.lines, colour=label.colour, weight=label.weight)
    return page, axes


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
    if they are there ci_low and ci_high, and london_percent: a dashed line. Each break is a date
    and a note: no line crosses it.
    """
    frame = checked(frame, "panel", "period_end", "label", "value").reset_index(drop=True)
    rows = frame.assign(date=pd.to_datetime(frame["period_end"]))
    if rows["date"].nunique() < 2:
        raise ValueError("frame: one period only; a line needs two")
    panels = {str(panel): own for panel, own in rows.groupby("panel", sort=False)}
    ends = {panel: _ends(panel, own, unit, decimals) for panel, own in panels.items()}
    said = [
        caption_of(unit),
        annual_caption(rows["label"]),
        "each panel from zero on its own scale",
        "dashed: London" if _LONDON in rows else "",
    ]
    scales = ", ".join(filter(None, said))
    shown_breaks = inside(breaks, rows["date"])
    shaded = pandemic_in(rows["date"])
    sentences = [
        scales[:1].upper() + scales[1:],
        *(f"Pale band: {note}" for _, _, note in shaded),
        *(f"Dotted line, {when:%B %Y}: {note}" for when, note in shown_breaks),
    ]

    def draw(layout: Layout) -> Page:
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
            top += _PANEL_HEIGHT + _BELOW_PANEL
        page = Page(layout, top)
        page.note(0, len(heading) / 2 * layout.line, heading)
        labels = [words for both in ends.values() for words in both["words"]]
        side = style.widest(labels, layout.small_text, "bold") + 10
        for number, (panel, title) in enumerate(zip(panels, titles, strict=True)):
            x = number % across * (width + _GUTTER)
            plot_top = plot_tops[number // across]
            # Titles stand on their plots, however many lines they have.
            page.text(x, plot_top - 8 - len(title) / 2 * layout.line, title, weight="bold")
            box = (x + side, plot_top, width - 2 * side, _PANEL_HEIGHT)
            _panel(page, box, panels[panel], ends[panel], rows["date"], breaks, shaded)
        return page

    places = decimals_for(rows["value"], decimals)
    columns = [
        names_column("panel", "Panel"),
        Column("label", "Year", kind="text"),
        *value_columns("value", unit, places),
        Column(_LONDON, "London", unit, places),
    ]
    return drawn(name, frame, draw, columns, said=_SAID, named=("panel", "label"))


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
    bands: Sequence[Band],
) -> None:
    """One panel in a box of pixels (left, top, width, height), over all the `dates`."""
    left, top, width, height = box
    axes = page.plot(*box)
    measured = [column for column in ("value", "ci_high", _LONDON) if column in own]
    highest = float(own[measured].max().max()) * 1.08 or 1.0
    limits = [dates.min(), dates.max()]
    axes.set(xlim=limits, ylim=(0, highest))
    axes.yaxis.set_visible(False)
    axes.spines["bottom"].set(visible=True, color=style.OTHER)
    axes.set_xticks(limits, [date.strftime("%Y") for date in limits])
    mark_breaks(axes, inside(breaks, dates))
    draw_bands(axes, bands)
    if _LONDON in own:
        dashed = {"color": style.BENCHMARK, "linewidth": 1.5, "linestyle": (0, (4, 3))}
        axes.plot(own["date"], own[_LONDON], zorder=2, gid="london", **dashed)
    line = {"color": style.HIGHLIGHT, "linewidth": 2.25, "marker": "o", "ms": 4.5}
    draw_line(axes, own, breaks, gid="value", **line)
    page.spot_on(axes, own.index, own["date"], own["value"])
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
