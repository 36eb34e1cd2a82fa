"""Charts of one number each, small enough to stand beside the sentence that gives it."""

import pandas as pd
from matplotlib.patches import Rectangle

from safer_communities.charts import style
from safer_communities.charts.chart import Chart, Layout, checked, svg_of
from safer_communities.charts.page import HOLLOW, Page

# The same drawing in a column beside the text and on a phone.
SMALL = Layout(width=270, text=12, small_text=11, narrow=True)
_MARGIN = 12
_HEIGHT = 66
_TRACK = 34


def small_intervals(
    frame: pd.DataFrame,
    *,
    limits: tuple[float, float] | None = None,
    reference: float | None = None,
    reference_label: str = "",
    end_labels: tuple[str, str] = ("", ""),
) -> dict[str, Chart]:
    """A chart for each row, by its name: a dot with its interval, all on one scale.

    `frame` has the columns name, value, ci_low, ci_high, and text and interval_text, which stand
    above the dot. The scale runs from end to end of `limits`, or of what is drawn. `reference` is a
    value to mark, such as 0 for no change: a dot whose interval leaves it out is filled.
    `end_labels` name the ends of the scale.
    """
    frame = checked(frame, "name", "value", "ci_low", "ci_high", "text", "interval_text")
    marked = [] if reference is None else [reference]
    low, high = limits or (
        min([*frame["ci_low"], *marked]),
        max([*frame["ci_high"], *marked]),
    )
    room = SMALL.width - 2 * _MARGIN

    def x(value: float) -> float:
        return _MARGIN + room * (value - low) / (high - low)

    def page_of(row: pd.Series) -> Page:
        page = Page(SMALL, _HEIGHT)
        page.sheet.plot([x(low), x(high)], [_TRACK] * 2, color=style.GRID, lw=1.5)
        if reference is not None:
            page.sheet.plot([x(reference)] * 2, [_TRACK - 10, _TRACK + 10], color=style.INK, lw=1.5)
            half = style.text_width(reference_label, SMALL.small_text) / 2
            middle = min(max(x(reference), half), SMALL.width - half)
            page.text(middle, _TRACK + 22, reference_label, ha="center", size=SMALL.small_text)
        for at, words, side in ((low, end_labels[0], "left"), (high, end_labels[1], "right")):
            page.text(x(at), _TRACK + 22, words, ha=side, size=SMALL.small_text)
        line = page.sheet.plot(
            [x(row["ci_low"]), x(row["ci_high"])], [_TRACK] * 2, color=style.HIGHLIGHT, lw=3
        )
        line[0].set_gid("interval")
        outside = reference is None or not row["ci_low"] <= reference <= row["ci_high"]
        page.sheet.plot(
            x(row["value"]),
            _TRACK,
            "o",
            ms=9,
            mew=2,
            mec=style.HIGHLIGHT,
            mfc=style.HIGHLIGHT if outside else HOLLOW,
            gid="value",
        )
        _number_and_interval(page, x(row["value"]), row["text"], row["interval_text"])
        return page

    with style.applied():
        return {
            row["name"]: _with_svg(row["name"], page_of(row), row.to_frame().T.drop(columns="name"))
            for _, row in frame.iterrows()
        }


def small_parts(frame: pd.DataFrame, *, name: str) -> Chart:
    """One bar in three parts, each with its number above and its name below.

    `frame` has three rows, left to right: label and value.
    """
    frame = checked(frame, "label", "value")
    if len(frame) != 3:
        raise ValueError(f"frame: {len(frame)} parts; the bar has three")
    with style.applied():
        return _with_svg(name, _parts(frame), frame)


def _parts(frame: pd.DataFrame) -> Page:
    page = Page(SMALL, _HEIGHT)
    scale = (SMALL.width - 2 * _MARGIN) / frame["value"].sum()
    left = float(_MARGIN)
    colours = (style.HIGHLIGHT, style.BENCHMARK, style.OTHER)
    sides = ("left", "center", "right")
    for label, value, colour, side in zip(
        frame["label"], frame["value"], colours, sides, strict=True
    ):
        width = value * scale
        page.sheet.add_patch(
            Rectangle((left + 1, 22), max(width - 2, 1), 20, fc=colour, ec="none", gid="part")
        )
        x = {"left": left, "center": left + width / 2, "right": left + width}[side]
        page.text(x, 12, f"{value:,}", ha=side, weight="bold")
        page.text(x, 54, label, ha=side, size=SMALL.small_text)
        left += width
    return page


def _number_and_interval(page: Page, x: float, number: str, interval: str) -> None:
    """Writes both in the line above the dot at `x`, as near to it as the sheet allows."""
    first = style.text_width(number, SMALL.text, "bold")
    second = style.text_width(interval, SMALL.small_text)
    # Both end at the gap between them, which so stays the same in any font.
    gap = min(max(x, first), SMALL.width - second - 6)
    page.text(gap, 12, number, ha="right", weight="bold")
    page.text(gap + 6, 12, interval, size=SMALL.small_text)


def _with_svg(name: str, page: Page, data: pd.DataFrame) -> Chart:
    svg = svg_of(page.figure)
    return Chart(name, svg, svg, data.reset_index(drop=True))
