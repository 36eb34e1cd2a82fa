"""A row for each indicator: its years, its change beside that elsewhere, and its verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.dates import date2num

from safer_communities.charts import style
from safer_communities.charts.chart import (
    Chart,
    Layout,
    checked,
    drawn,
    names_column,
    takes_results,
    value_text,
)
from safer_communities.charts.over_time.timeline import Break, pieces
from safer_communities.charts.page import Mark, Page, Sketch, key_height
from safer_communities.charts.priorities.verdicts import draw_mark, verdict_mark
from safer_communities.charts.table import Column
from safer_communities.facts import wording

# What every strip of a page shows: what lies beyond is an arrow with its number beside it.
SCALE = (-60.0, 100.0)
_TICKS = (-50, 0, 50, 100)
_OWN = Mark("this borough")
_THERE = Mark(wording.BOROUGHS, "D", style.BENCHMARK, filled=False, size=8)
# Small letters set on whole pixels run a little wider than measured.
_FITS = 0.93
_STRIP = "#F3F5F7"
# The height of a strip in pixels.
_HIGH = 44.0
# What a mark says of its row; the rest is written in the drawing.
_SAID = (
    *("then", "now", "unit", "change", "ci_low", "ci_high"),
    *("beside", "london_change", "verdict"),
)
_PANDEMIC = "Pale band in the years: the first year of the pandemic"
_OF_LONDON = "Diamond: the 32 boroughs, or London where the row says so"
_RANGE = "Bar: the 95% interval"


@dataclass(frozen=True)
class _Places:
    """Where the parts of a row stand, in pixels from the left; the last are the right edges."""

    name: float
    years: tuple[float, float]
    strip: tuple[float, float]
    change: float
    interval: float
    verdict: float


# The height of a row's drawings on a desk.
_DRAWN = 62
_WIDE = _Places(180, years=(192, 302), strip=(390, 490), change=564, interval=660, verdict=760)
_NARROW = _Places(320, years=(4, 232), strip=(16, 140), change=220, interval=320, verdict=320)


@takes_results()
def indicator_rows(
    frame: pd.DataFrame,
    *,
    name: str,
    years: pd.DataFrame,
    breaks: Mapping[str, Sequence[Break]],
    pandemic: tuple[pd.Timestamp, pd.Timestamp],
) -> Chart:
    """A row for each indicator, drawn in the order of `frame`.

    `frame` has indicator, unit, base_period and period (labels), then and now (the figures),
    change, ci_low, ci_high, london_change, london_low and london_high (per cent, or points where
    the unit is "%"), beside (what the latter are of: the 32 boroughs, or London), verdict, and why,
    which stands under the row. `years` has indicator,
    period_end and value; `breaks` by the indicator's name a date and a note each, across which no
    line goes; `pandemic` its first and last month.
    """
    needed = (
        "indicator",
        "unit",
        "base_period",
        "period",
        "then",
        "now",
        "beside",
        "verdict",
        "why",
    )
    changes = ("change", "ci_low", "ci_high", "london_change", "london_low", "london_high")
    rows = checked(frame, *needed, *changes).reset_index(drop=True)
    lines = checked(years, "indicator", "period_end", "value")
    lines = lines.assign(date=pd.to_datetime(lines["period_end"]))
    spans = rows["period"] + ", against " + rows["base_period"]
    usual = spans.mode().iloc[0]
    heading = usual if spans.nunique() == 1 else f"{usual}, unless the row says otherwise"
    if (rows["beside"] != wording.BOROUGHS).any():
        heading += f". {_OF_LONDON}"

    def draw(layout: Layout) -> Page:
        places = _NARROW if layout.narrow else _WIDE
        room = _FITS * layout.width
        notes = style.wrapped(". ".join((heading, _RANGE, _PANDEMIC)), room, layout.small_text)
        top = key_height(layout, [_OWN, _THERE]) + len(notes) * layout.line + 8
        each: list[Any] = list(rows.itertuples())
        told = [_told(layout, places, row, usual) for row in each]
        heights = [_height(layout, *each) for each in told]
        page = Page(layout, top + sum(heights) + 26)
        page.key([_OWN, _THERE])
        middle = key_height(layout, [_OWN, _THERE]) + len(notes) / 2 * layout.line
        page.note(0, middle, notes)
        span = lines["date"].min(), lines["date"].max()
        for row, (names, said), height in zip(each, told, heights, strict=True):
            page.sheet.plot([0, layout.width], [top, top], color=style.GRID, linewidth=0.8)
            own = lines[lines["indicator"] == row.indicator]
            at = _write(page, places, row, names, said, top)
            sketch = _plot_years(page, places, at, own, breaks[row.indicator], span, pandemic)
            _end_values(page, sketch, row, at, places)
            _strip(page, places, at + (44 if layout.narrow else 0), row)
            top += height
        _scale(page, places, top)
        return page

    columns = [
        names_column("indicator", "Indicator"),
        Column("base_period", "From", kind="text"),
        Column("then", "Figure then"),
        Column("period", "To", kind="text"),
        Column("now", "Figure now"),
        Column("unit", "Counted in", kind="text"),
        Column("change", "Change (% or points)", decimals=1),
        Column("ci_low", "Lower end of 95% interval", decimals=1),
        Column("ci_high", "Upper end of 95% interval", decimals=1),
        Column("beside", "Set beside", kind="text"),
        Column("london_change", "Change there (% or points)", decimals=1),
        Column("verdict", "Verdict", kind="text"),
        Column("why", "Why", kind="text"),
    ]
    return drawn(name, frame, draw, columns, said=_SAID, near="y")


def _told(layout: Layout, places: _Places, row: Any, usual: str) -> tuple[list[str], list[str]]:
    """The name, and the small words under the row on a desk or under the name on a phone."""
    names = style.wrapped(row.indicator, places.name, layout.text, "bold")
    span = f"{row.period}, against {row.base_period}"
    there = "" if row.beside == wording.BOROUGHS else f"Diamond: {row.beside}"
    said = ". ".join(filter(None, ("" if span == usual else span, there, row.why)))
    return names, style.wrapped(said, _FITS * layout.width, layout.small_text)


def _height(layout: Layout, names: list[str], said: list[str]) -> float:
    if layout.narrow:
        return (len(names) + len(said) + 1) * layout.line + 122
    return _drawn(layout, names) + len(said) * layout.line + 6


def _drawn(layout: Layout, names: list[str]) -> float:
    """The height of a row's drawings on a desk, or of its name where that is longer."""
    return max(len(names) * layout.line + 14, _DRAWN)


def _write(
    page: Page, places: _Places, row: Any, names: list[str], said: list[str], top: float
) -> float:
    """Writes a row's words; returns where its drawings begin."""
    layout = page.layout
    mark = verdict_mark(row.verdict, row.change)
    first = top + 8 + (layout.line if layout.narrow else 0)
    page.text(0, first + len(names) / 2 * layout.line, names, weight="bold")
    under = first + len(names) * layout.line if layout.narrow else top + _drawn(layout, names)
    page.note(0, under + len(said) / 2 * layout.line, said)
    if layout.narrow:
        draw_mark(page, 8, top + 8 + layout.line / 2, mark)
        page.text(20, top + 8 + layout.line / 2, mark.words, colour=mark.colour, weight="bold")
        return first + (len(names) + len(said)) * layout.line + 4
    left = places.interval + 18
    draw_mark(page, left, top + 28, mark)
    words = style.wrapped(mark.words, places.verdict - left - 12, layout.small_text, "bold")
    look: dict[str, Any] = {"colour": mark.colour, "weight": "bold", "size": layout.small_text}
    page.text(left + 12, top + 28, words, **look)
    return top + 8


def _plot_years(
    page: Page,
    places: _Places,
    top: float,
    own: pd.DataFrame,
    breaks: Sequence[Break],
    span: tuple[pd.Timestamp, pd.Timestamp],
    pandemic: tuple[pd.Timestamp, pd.Timestamp],
) -> Sketch:
    """The line of the years, from nought, on the dates that all rows share."""
    left, right = places.years
    across = date2num(span[0]) - 90, date2num(span[1]) + 90
    down = float(own["value"].max()) * 1.1 or 1.0, 0.0
    sketch = Sketch(page, left, top + 8, right - left, 32, across, down)
    sketch.band(*map(date2num, pandemic), gid="pandemic", **style.BAND)
    for piece in pieces(own, breaks):
        values = date2num(piece["date"]), piece["value"]
        sketch.plot(*values, color=style.HIGHLIGHT, linewidth=1.75, gid="years")
        if len(piece) == 1:
            sketch.plot(*values, "o", color=style.HIGHLIGHT, ms=3)
    return sketch


def _end_values(page: Page, sketch: Sketch, row: Any, top: float, places: _Places) -> None:
    """The two years that are compared: the first hollow, the last filled, with their figures."""
    layout = page.layout
    ends = {row.base_period: (row.then, False), row.period: (row.now, True)}
    for period, (value, filled) in ends.items():
        date = pd.Timestamp(period.removeprefix("12 months to "))
        look = Mark(filled=filled).look(6, edge=1.5)
        sketch.plot(date2num(date), value, zorder=4, **look)
    decimals = 0 if float(row.now).is_integer() and float(row.then).is_integer() else 1
    sign = "%" if row.unit == "%" else ""
    then, now = (value_text(each, decimals, sign) for each in (row.then, row.now))
    x = places.years[1] + 10
    page.text(x, top + 18, now, weight="bold", size=layout.small_text)
    page.note(x, top + 34, f"from {then}")


def _strip(page: Page, places: _Places, top: float, row: Any) -> None:
    """The change here and elsewhere on the scale of all rows, and in figures beside it."""
    left, right = places.strip
    strip = Sketch(page, left, top, right - left, _HIGH, SCALE, (0.0, _HIGH))
    strip.band(*SCALE, color=_STRIP, linewidth=0, zorder=0)
    for tick in _TICKS:
        colour, width = (style.INK, 1.5) if tick == 0 else (style.GRID, 0.8)
        strip.plot(tick, [0, _HIGH], color=colour, linewidth=width, zorder=1)
    if pd.notna(row.change):
        across, down = strip.place(min(max(row.change, SCALE[0]), SCALE[1]), 13)
        page.spots[row.Index] = float(across), float(down)
    unit = "" if row.unit == "%" else "%"
    small = page.layout.small_text
    for y, mark, value, low, high in (
        (13, _OWN, row.change, row.ci_low, row.ci_high),
        (31, _THERE, row.london_change, row.london_low, row.london_high),
    ):
        _interval(strip, y, mark, value, low, high)
        if pd.isna(value):
            continue
        points = " points" if not unit else ""
        bold = "bold" if mark is _OWN else "normal"
        number = f"{value_text(value, 0 if points else 1, unit, sign=True)}{points}"
        page.text(places.change, top + y, number, ha="right", weight=bold, size=small)
        if pd.notna(low):
            ends = f"{value_text(low, 0)} to {value_text(high, 0)}{unit}"
            page.note(places.interval, top + y, ends, "right")


def _interval(strip: Sketch, y: float, mark: Mark, value: float, low: float, high: float) -> None:
    """A bar behind the mark; what lies beyond the scale is an arrow at its edge."""
    least, most = SCALE
    if pd.isna(value):
        return
    if pd.notna(low):
        ends = max(low, least), min(high, most)
        if ends[0] < ends[1]:
            bar: dict[str, Any] = {"linewidth": 4, "alpha": 0.45, "solid_capstyle": "butt"}
            strip.plot(ends, y, color=mark.colour, zorder=2, **bar)
        for beyond, place, arrow in ((low < least, least, "<"), (high > most, most, ">")):
            if beyond:
                strip.plot(place, y, arrow, color=mark.colour, ms=5, zorder=3)
    if least <= value <= most:
        strip.plot(value, y, zorder=4, **mark.look(mark.size, edge=1.75))
    else:
        place, arrow = (most, ">") if value > most else (least, "<")
        strip.plot(place, y, arrow, color=mark.colour, ms=8, zorder=4)


def _scale(page: Page, places: _Places, top: float) -> None:
    """The numbers of the scale, once, under the last row."""
    left, right = places.strip
    low, high = SCALE
    for tick in (_TICKS[0], 0, _TICKS[-1]):
        x = left + (tick - low) / (high - low) * (right - left)
        page.note(x, top + 10, value_text(tick, 0, "%", sign=tick != 0), "center")
