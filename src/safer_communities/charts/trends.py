"""Lines over years and over months."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
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
from safer_communities.charts.page import HOLLOW, KeyEntry, Page, key_height, scale, ticks_of
from safer_communities.charts.results import takes_results
from safer_communities.charts.table import Column
from safer_communities.charts.timeline import (
    Band,
    Break,
    annual_caption,
    date_labels,
    inside,
    mark_breaks,
    notes_height,
    pieces,
    placed_notes,
    spread,
    write_notes,
)

_OTHER_MARKERS = ("s", "^", "v", "P", "X")
# More grey lines than this cannot be told apart, and their labels would not fit.
_MOST_LABELLED = 6


@dataclass(frozen=True)
class _EndLabel:
    value: float
    lines: list[str]
    colour: str
    weight: str


@dataclass(frozen=True)
class _Timeline:
    page: Page
    axes: Axes
    top: float
    right: float
    foot: float


@takes_results("value")
def annual_trend(
    frame: pd.DataFrame,
    *,
    name: str,
    unit: str,
    highlight: str | None = None,
    benchmark: str = "London",
    breaks: Sequence[Break] = (),
    decimals: int | None = None,
) -> Chart:
    """A line for each series over years, from a zero baseline, named at its end.

    `frame` has a row for each series and year: period_end, label (of the period), series, value,
    and if they are there ci_low and ci_high. The series `highlight` is picked out, the series
    `benchmark` dashed. Each break is a date and a note: no line crosses it.
    """
    frame = checked(frame, "period_end", "label", "series", "value")
    rows = frame.assign(period_end=pd.to_datetime(frame["period_end"]))
    names = list(dict.fromkeys(rows["series"]))
    if highlight is not None and highlight not in names:
        raise ValueError(f"highlight: no series {highlight!r} in the frame")
    places = decimals_for(rows["value"], decimals)
    others = [series for series in names if series not in (highlight, benchmark)]
    # Drawn last lies on top.
    order = [*others, *(series for series in (benchmark, highlight) if series in names)]
    known = rows.dropna(subset="value")

    def draw(layout: Layout) -> Figure:
        labels = []
        for series in order:
            if series in others and len(others) > _MOST_LABELLED:
                continue
            last = known[known["series"] == series].sort_values("period_end").tail(1)
            for row in last.itertuples():
                colour, *_ = _look(series, highlight, benchmark, others)
                # The label stands at the end of the years; a series may have ended before.
                ended = row.period_end < rows["period_end"].max()
                earlier = [f"in {row.period_end.year}"] if ended else []
                words = style.wrapped(series, 84 if layout.narrow else 150, layout.text, "bold")
                labels.append(
                    _EndLabel(
                        row.value,
                        [*words, value_text(row.value, places, unit), *earlier],
                        style.INK if colour == style.OTHER else colour,
                        "bold" if series == highlight else "normal",
                    )
                )
        sheet = _timeline(layout, rows, "period_end", unit, labels, breaks=breaks, annual=True)
        for series in order:
            own = rows[rows["series"] == series]
            colour, line, marker, weight = _look(series, highlight, benchmark, others)
            for piece in pieces(own, "period_end", breaks):
                if {"ci_low", "ci_high"} <= set(piece.columns):
                    sheet.axes.vlines(
                        piece["period_end"],
                        piece["ci_low"],
                        piece["ci_high"],
                        colors=colour,
                        linewidth=1.25,
                    )
                sheet.axes.plot(
                    piece["period_end"],
                    piece["value"],
                    color=colour,
                    linestyle=line,
                    linewidth=weight,
                    marker=marker,
                    ms=5.5 if series == highlight else 4.5,
                    clip_on=False,
                    gid=f"series_{names.index(series)}",
                )
        return sheet.page.figure

    columns = [names_column("label", "Year"), *value_columns("value", unit, places)]
    if len(names) > 1:
        columns.insert(0, Column("series", "Line", kind="text"))
    return drawn(name, frame, draw, columns)


@takes_results("value")
def monthly_trend(
    frame: pd.DataFrame,
    *,
    name: str,
    unit: str,
    breaks: Sequence[Break] = (),
    bands: Sequence[Band] = (),
    decimals: int | None = None,
) -> Chart:
    """One line over months from a zero baseline, with control limits and signals where given.

    `frame` has a row for each month: month, label (its name), value, and if they are there centre,
    lower and upper (of a control chart) and signal (true for a month outside what is usual). Each
    break is a date and a note: no line crosses it. Each band is a first and a last month and a
    note: shaded.
    """
    frame = checked(frame, "month", "label", "value")
    limits = {"centre", "lower", "upper"} & set(frame.columns)
    if limits and len(limits) < 3:
        raise ValueError(f"frame: control limits need centre, lower and upper; it has {limits}")
    rows = frame.assign(month=pd.to_datetime(frame["month"])).sort_values("month")
    places = decimals_for(rows["value"], decimals)
    known = rows.dropna(subset="value")
    signals = known[known["signal"].astype(bool)] if "signal" in known else known.head(0)
    key = [KeyEntry("D", style.INK, HOLLOW, "month outside what is usual")] if len(signals) else []

    def draw(layout: Layout) -> Figure:
        last = known.iloc[-1]
        labels = [
            _EndLabel(
                last["value"],
                [last["month"].strftime("%b %Y"), value_text(last["value"], places, unit)],
                style.HIGHLIGHT,
                "bold",
            )
        ]
        if limits:
            labels += [
                _EndLabel(
                    last[column],
                    [f"{words} {value_text(last[column], places, unit)}"],
                    style.QUIET_INK,
                    "normal",
                )
                for column, words in (("upper", "High"), ("centre", "Usual"), ("lower", "Low"))
                if pd.notna(last[column])
            ]
        sheet = _timeline(
            layout, rows, "month", unit, labels, breaks=breaks, bands=bands, key=key, annual=False
        )
        for piece in pieces(rows, "month", breaks):
            sheet.axes.plot(
                piece["month"],
                piece["value"],
                color=style.HIGHLIGHT,
                linewidth=1.75,
                gid="value",
                zorder=3,
            )
            if limits:
                for column, dash in (
                    ("centre", "-"),
                    ("upper", (0, (4, 3))),
                    ("lower", (0, (4, 3))),
                ):
                    sheet.axes.plot(
                        piece["month"],
                        piece[column],
                        color=style.OTHER,
                        linewidth=1.25,
                        linestyle=dash,
                        gid=column,
                        zorder=2,
                    )
        if len(signals):
            sheet.axes.plot(
                signals["month"],
                signals["value"],
                "D",
                ms=7,
                mec=style.INK,
                mfc=HOLLOW,
                mew=1.5,
                zorder=4,
                clip_on=False,
                gid="signals",
            )
        return sheet.page.figure

    columns = [
        names_column("label", "Month"),
        value_columns("value", unit, places)[0],
        Column("lower", "Low end of what is usual", decimals=places),
        Column("centre", "Usual", decimals=places),
        Column("upper", "High end of what is usual", decimals=places),
        Column("signal", "Outside what is usual", kind="text"),
    ]
    return drawn(name, frame, draw, columns)


def _look(
    series: str, highlight: str | None, benchmark: str, others: Sequence[str]
) -> tuple[str, object, str | None, float]:
    """Colour, line, marker and width of a series."""
    if series == highlight:
        return style.HIGHLIGHT, "-", "o", 2.75
    if series == benchmark:
        return style.BENCHMARK, (0, (5, 3)), "D", 1.75
    if len(others) > _MOST_LABELLED:
        return style.OTHER, "-", None, 1.0
    return style.OTHER, "-", _OTHER_MARKERS[others.index(series) % len(_OTHER_MARKERS)], 1.5


def _timeline(
    layout: Layout,
    rows: pd.DataFrame,
    date: str,
    unit: str,
    labels: Sequence[_EndLabel],
    *,
    breaks: Sequence[Break],
    annual: bool,
    bands: Sequence[Band] = (),
    key: Sequence[KeyEntry] = (),
) -> _Timeline:
    """The sheet with both scales, breaks, bands, notes and the labels at the lines' ends."""
    measured = [column for column in ("value", "ci_high", "upper") if column in rows]
    ticks, written = ticks_of(0, float(rows[measured].max().max()), 5, unit)
    left = style.widest([written(tick, 0) for tick in ticks], layout.small_text) + 8
    room = (
        max(style.widest(label.lines, layout.text, label.weight) for label in labels)
        if labels
        else 0
    )
    right = layout.width - room - 14

    first, last = rows[date].min(), rows[date].max()
    margin = max((last - first) * 0.015, pd.Timedelta(days=10))
    start, end = first - margin, last + margin

    def across(when: pd.Timestamp) -> float:
        return left + (when - start) / (end - start) * (right - left)

    shown_breaks = inside(breaks, rows[date])
    shaded = [
        (max(pd.Timestamp(begin), start), min(pd.Timestamp(finish), end), note)
        for begin, finish, note in bands
        if pd.Timestamp(begin) < end and pd.Timestamp(finish) > start
    ]
    notes = placed_notes(
        layout,
        [(across(when), note) for when, note in shown_breaks]
        + [(across(begin), note) for begin, _, note in shaded],
    )
    caption = caption_of(unit)
    notes_top = key_height(layout, key) + (layout.line + 6 if caption else 0)
    top = notes_top + notes_height(layout, notes) + 6
    height = 190 if layout.narrow else 270
    foot = top + height
    years = annual_caption(rows["label"]) if annual else ""
    page = Page(layout, foot + 27 + (layout.line if years else 0))
    page.key(0, key)
    if caption:
        page.text(
            0,
            key_height(layout, key) + layout.line / 2,
            caption,
            size=layout.small_text,
            colour=style.QUIET_INK,
        )
    write_notes(page, notes, top)

    axes = page.plot(left, top, right - left, height)
    axes.set(xlim=(start, end), ylim=(0, ticks[-1]))
    scale(axes, ticks, written, "y")
    dates, date_words = date_labels(rows[date], right - left, layout.small_text, annual=annual)
    axes.set_xticks(date2num(dates), date_words)
    # Clear of the zero of the other scale.
    axes.tick_params(axis="x", pad=8)
    axes.spines["bottom"].set(visible=True, color=style.OTHER)
    if years:
        page.text(
            (left + right) / 2,
            foot + 27 + layout.line / 2 - 2,
            years,
            ha="center",
            size=layout.small_text,
            colour=style.QUIET_INK,
        )
    mark_breaks(axes, shown_breaks)
    for begin, finish, _ in shaded:
        axes.axvspan(begin, finish, color=style.BAND, alpha=0.4, linewidth=0, gid="band")
    sheet = _Timeline(page, axes, top, right, foot)
    _end_labels(sheet, labels, ticks[-1])
    return sheet


def _end_labels(sheet: _Timeline, labels: Sequence[_EndLabel], highest: float) -> None:
    layout = sheet.page.layout
    wanted = [sheet.foot - label.value / highest * (sheet.foot - sheet.top) for label in labels]
    heights = [len(label.lines) * layout.line + 2 for label in labels]
    middles = spread(wanted, heights, 0, sheet.page.height)
    for label, middle in zip(labels, middles, strict=True):
        sheet.page.lines(
            sheet.right + 12, middle, label.lines, colour=label.colour, weight=label.weight
        )
