"""The boroughs as dots on one line: how ordinary a place among them is."""

import pandas as pd

from safer_communities.charts import style
from safer_communities.charts.chart import (
    Chart,
    Layout,
    checked,
    drawn,
    names_column,
    takes_results,
    value_columns,
    value_text,
)
from safer_communities.charts.page import Mark, Page, ticks_of

_SIDE, _STEP, _LABELS = 16, 11, 54


@takes_results("value", "label")
def strip(
    frame: pd.DataFrame,
    *,
    name: str,
    unit: str,
    highlight: str,
    benchmark: tuple[str, float],
    decimals: int = 1,
) -> Chart:
    """A dot for each area by its value, those that are close one above the other.

    `frame` has a row for each area: label and value. The dot of `highlight` is picked out, a dashed
    line stands at the value of `benchmark`.
    """
    frame = checked(frame, "label", "value")
    if highlight not in set(frame["label"]):
        raise ValueError(f"highlight: no area {highlight!r} in the frame")
    ticks = ticks_of(0, float(max(frame["value"].max(), benchmark[1])), 5, "")
    own = float(frame.loc[frame["label"] == highlight, "value"].iloc[0])

    def draw(layout: Layout) -> Page:
        def x(value: float) -> float:
            return _SIDE + value / max(ticks) * (layout.width - 2 * _SIDE)

        dots = _stacked([(x(each), row) for row, each in enumerate(frame["value"])])
        highest = max(level for _, level, _ in dots)
        foot = _LABELS + (highest + 1) * _STEP
        page = Page(layout, foot + 44)
        for value, words in ticks.items():
            page.sheet.plot([x(value)] * 2, [_LABELS - 8, foot], color=style.GRID, lw=0.75)
            page.note(x(value), foot + 12, words, "center")
        page.note(layout.width / 2, foot + 32, unit[:1].upper() + unit[1:], "center")
        london = x(benchmark[1])
        look = {"color": style.BENCHMARK, "lw": 1.5, "linestyle": (0, (4, 3))}
        page.sheet.plot([london] * 2, [_LABELS - 8, foot], gid="benchmark", **look)
        for across, level, row in dots:
            value = frame["value"].iloc[row]
            mark = Mark(colour=style.HIGHLIGHT if value == own else style.OTHER)
            page.spots[row] = place = across, foot - (level + 0.5) * _STEP
            size = 11 if value == own else 8
            page.sheet.plot(*place, zorder=3 if value == own else 2, **mark.look(size, edge=1))
        for line, (at, label, value, colour) in enumerate(
            [
                (x(own), highlight, own, style.HIGHLIGHT),
                (london, benchmark[0], benchmark[1], style.BENCHMARK),
            ]
        ):
            words = f"{label} {value_text(value, decimals)}"
            middle = page.kept_on(at, style.text_width(words, layout.text, "bold"))
            page.text(middle, 12 + line * 20, words, ha="center", colour=colour, weight="bold")
        return page

    columns = [names_column("label", "Area"), *value_columns("value", unit, decimals)]
    return drawn(name, frame, draw, columns)


def _stacked(dots: list[tuple[float, int]]) -> list[tuple[float, int, int]]:
    """Place, level and row of each dot: on the lowest level where it touches no other."""
    ends: list[float] = []
    found = []
    for across, row in sorted(dots):
        level = next((n for n, end in enumerate(ends) if across - end >= _STEP), len(ends))
        ends[level:] = [across, *ends[level + 1 :]]
        found.append((across, level, row))
    return found
