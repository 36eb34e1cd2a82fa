"""Charts of one number each, small enough to stand beside the sentence that gives it."""

import pandas as pd
from matplotlib.patches import Rectangle

from safer_communities.charts import style
from safer_communities.charts.chart import Chart, Layout, checked, svg_of
from safer_communities.charts.page import Mark, Page

# The same drawing in a column beside the text and on a phone.
SMALL = Layout(width=270, text=12, small_text=11, narrow=True)
_MARGIN = 12
_ROOM = SMALL.width - 2 * _MARGIN
_HEIGHT = 66
# Where the number, the drawing and the words below it have their middles.
_ABOVE, _TRACK, _BELOW = 12, 34, 56
# What a reader can take away: the texts say the same.
_FIGURES = ["value", "ci_low", "ci_high"]


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
    low, high = limits or (min([*frame["ci_low"], *marked]), max([*frame["ci_high"], *marked]))

    def x(value: float) -> float:
        return _MARGIN + _ROOM * (value - low) / (high - low)

    def page_of(row: pd.Series) -> Page:
        page = Page(SMALL, _HEIGHT)
        page.sheet.plot([x(low), x(high)], [_TRACK] * 2, color=style.GRID, lw=1.5)
        if reference is not None:
            across = [x(reference)] * 2
            page.sheet.plot(across, [_TRACK - 10, _TRACK + 10], color=style.INK, lw=1.5)
            width = style.text_width(reference_label, SMALL.small_text)
            middle = page.kept_on(x(reference), width)
            page.text(middle, _BELOW, reference_label, ha="center", size=SMALL.small_text)
        for at, words, side in zip((low, high), end_labels, ("left", "right"), strict=True):
            page.text(x(at), _BELOW, words, ha=side, size=SMALL.small_text)
        ends = [x(row["ci_low"]), x(row["ci_high"])]
        page.sheet.plot(ends, [_TRACK] * 2, color=style.HIGHLIGHT, lw=3, gid="interval")
        outside = reference is None or not row["ci_low"] <= reference <= row["ci_high"]
        dot = Mark(filled=outside).look(size=9, edge=2)
        page.sheet.plot(x(row["value"]), _TRACK, gid="value", **dot)
        # The number and the interval stand above the dot, as near to it as the sheet allows. Both
        # end at the gap between them, which so stays the same in any font.
        first = style.text_width(row["text"], SMALL.text, "bold")
        second = style.text_width(row["interval_text"], SMALL.small_text)
        gap = min(max(x(row["value"]), first), SMALL.width - second - 6)
        page.text(gap, _ABOVE, row["text"], ha="right", weight="bold")
        page.text(gap + 6, _ABOVE, row["interval_text"], size=SMALL.small_text)
        return page

    with style.applied():
        return {
            row["name"]: _with_svg(row["name"], page_of(row), row[_FIGURES].to_frame().T)
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
    widths = frame["value"] * (_ROOM / frame["value"].sum())
    colours = (style.HIGHLIGHT, style.BENCHMARK, style.OTHER)
    # Numbers and names stand at the left of the first part, amid the second, right of the third.
    sides = {"left": 0.0, "center": 0.5, "right": 1.0}
    left = float(_MARGIN)
    for label, value, width, colour, (side, along) in zip(
        frame["label"], frame["value"], widths, colours, sides.items(), strict=True
    ):
        look = {"fc": colour, "ec": "none", "gid": "part"}
        page.sheet.add_patch(Rectangle((left + 1, _TRACK - 12), max(width - 2, 1), 20, **look))
        x = left + along * width
        page.text(x, _ABOVE, f"{value:,}", ha=side, weight="bold")
        page.text(x, _BELOW - 2, label, ha=side, size=SMALL.small_text)
        left += width
    return page


def _with_svg(name: str, page: Page, data: pd.DataFrame) -> Chart:
    svg = svg_of(page.figure)
    return Chart(name, svg, svg, data.reset_index(drop=True))
