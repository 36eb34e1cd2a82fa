"""How a verdict is marked, by shape, word and colour at once, and the tally of them all."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.patches import Rectangle

from safer_communities.charts import style
from safer_communities.charts.chart import (
    Chart,
    Layout,
    checked,
    drawn,
    names_column,
    takes_results,
)
from safer_communities.charts.page import Mark, Page
from safer_communities.charts.table import Column

# Never the colours of lines: these are for verdicts alone.
_WORSE, _BETTER, _NEITHER = "#801650", "#0B5F58", "#533D8C"
_GOOD_OR_BAD = {"worse": _WORSE, "better": _BETTER}
_BOX, _GAP = 26, 6


def verdict_mark(verdict: str, change: float) -> Mark:
    """The mark of a verdict: the triangle follows the number, its colour and word the verdict.

    Filled where a direction is good or bad; an outline for "higher" and "lower", where neither is
    ("better than elsewhere" is marked as "better"); a flat bar for no clear change; a small cross
    where nothing can be said.
    """
    words, plain = f"{verdict[:1].upper()}{verdict[1:]}", verdict.partition(" ")[0]
    triangle = "^" if change > 0 else "v"
    if plain in _GOOD_OR_BAD:
        return Mark(words, triangle, _GOOD_OR_BAD[plain], size=10)
    if plain in ("higher", "lower"):
        return Mark(words, triangle, _NEITHER, filled=False, size=10)
    return Mark(words, "_" if verdict == "no clear change" else "x", style.QUIET_INK, size=10)


def draw_mark(page: Page, x: float, y: float, mark: Mark) -> None:
    """Draws a mark on the page; a bar and a cross are thick enough to be seen."""
    edge = 3 if mark.marker in "_x" else 1.75
    page.sheet.plot(x, y, **mark.look(mark.size, edge=edge))


@takes_results()
def tally(frame: pd.DataFrame, *, name: str, order: Sequence[str]) -> Chart:
    """A box for each indicator with the mark of its verdict, and below how many have each.

    `frame` has a row for each indicator: indicator, verdict, change (missing where there are no
    figures). `order` are all verdicts, in the order in which they stand; the last, of those without
    figures, is an empty dashed box.
    """
    frame = checked(frame, "indicator", "verdict", "change")
    places = {verdict: place for place, verdict in enumerate(order)}
    rows = frame.sort_values("verdict", key=lambda column: column.map(places), kind="stable")
    counts = rows["verdict"].value_counts()
    told = [(each, int(counts[each])) for each in order if each in counts]

    def draw(layout: Layout) -> Page:
        across = int((layout.width + _GAP) // (_BOX + _GAP))
        boxes = -(-len(rows) // across) * (_BOX + _GAP)
        lines: list[list[tuple[str, int]]] = []
        used = 0.0
        for verdict, count in told:
            width = style.text_width(f"{count} {verdict}", layout.text, "bold") + 42
            if not lines or used + width > layout.width:
                lines.append([])
                used = 0
            lines[-1].append((verdict, count))
            used += width
        page = Page(layout, boxes + 8 + len(lines) * (layout.line + 8))
        each: list[Any] = list(rows.itertuples())
        for number, row in enumerate(each):
            left = number % across * (_BOX + _GAP) + 1
            top = number // across * (_BOX + _GAP) + 1
            _box(page, left, top, row.verdict, row.change, empty=row.verdict == order[-1])
            page.spots[number] = left + _BOX / 2, top + _BOX / 2
        for number, line in enumerate(lines):
            x, y = 8.0, boxes + 8 + (number + 0.5) * (layout.line + 8)
            for verdict, count in line:
                changes = rows.loc[rows["verdict"] == verdict, "change"]
                if verdict == order[-1]:
                    _box(page, x - 7, y - 7, verdict, 0, empty=True, size=14)
                else:
                    draw_mark(page, x, y, verdict_mark(verdict, changes.iloc[0]))
                page.text(x + 12, y, f"{count} {verdict}", weight="bold")
                x += style.text_width(f"{count} {verdict}", layout.text, "bold") + 42
        return page

    columns = [
        names_column("indicator", "Indicator"),
        Column("change", "Change (% or points)", decimals=1),
        Column("verdict", "Verdict", kind="text"),
    ]
    return drawn(name, rows, draw, columns)


def _box(
    page: Page,
    x: float,
    y: float,
    verdict: str,
    change: float,
    *,
    empty: bool,
    size: float = _BOX,
) -> None:
    mark = verdict_mark(verdict, change)
    dashes = (0, (3, 2)) if empty else "-"
    edge: dict[str, Any] = {"fc": "none", "ec": mark.colour, "lw": 1.25, "ls": dashes, "gid": "box"}
    page.sheet.add_patch(Rectangle((x, y), size, size, **edge))
    if not empty:
        draw_mark(page, x + size / 2, y + size / 2, mark)
