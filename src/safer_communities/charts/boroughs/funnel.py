"""Areas by their size and rate, inside a funnel of the limits that most would keep to."""

from typing import Any

import pandas as pd

from safer_communities.charts import style
from safer_communities.charts.chart import (
    Chart,
    Layout,
    checked,
    decimals_for,
    drawn,
    names_column,
    takes_results,
)
from safer_communities.charts.over_time.timeline import spread
from safer_communities.charts.page import Mark, Page, key_height, ticks_of
from safer_communities.charts.table import Column

_WITHIN = Mark("within the 99.8% limits", colour=style.OTHER, size=7)
# Told apart by shape too.
_OUTSIDE = Mark("outside them", "s", style.OTHER, filled=False, size=8)
_LIMITS: dict[str, dict[str, Any]] = {
    "95": {"linestyle": (0, (2, 2)), "linewidth": 1.25},
    "998": {"linestyle": "-", "linewidth": 1.5},
}
_NAMES = {"95": "95%", "998": "99.8%"}


@takes_results("value")
def funnel(
    frame: pd.DataFrame,
    *,
    name: str,
    curve: pd.DataFrame,
    target: float,
    highlight: str,
    unit: str,
    size_unit: str,
    decimals: int | None = None,
) -> Chart:
    """A dot for each area, its rate against its size, between the limits of a funnel.

    `frame` has a row for each area: area, size, value, and place (in words, with "99.8%" for those
    beyond the outer limits). `curve` has the limits by size: exposure, low_95, high_95, low_998 and
    high_998; `target` is the rate of all areas together. `highlight` is picked out and named, as
    are areas beyond the outer limits where there is room.
    """
    frame = checked(frame, "area", "size", "value", "place").reset_index(drop=True)
    lines = checked(
        curve, "exposure", *(f"{end}_{key}" for key in _LIMITS for end in ("low", "high"))
    )
    if highlight not in set(frame["area"]):
        raise ValueError(f"highlight: no area {highlight!r} in the frame")
    places = decimals_for(frame["value"], decimals)
    picked = frame["area"] == highlight
    outside = frame["place"].str.contains("99.8%", regex=False)
    own = Mark(highlight, "D", size=9)
    groups = [(~outside & ~picked, _WITHIN, "within"), (outside & ~picked, _OUTSIDE, "outside")]
    groups.append((picked, own, "highlight"))
    key = [mark for chosen, mark, _ in groups if chosen.any()]
    highest = float(max(frame["value"].max(), lines["high_998"].max())) * 1.04
    sizes = frame["size"].min(), frame["size"].max()
    room = (sizes[1] - sizes[0]) * 0.06 or 1.0

    def draw(layout: Layout) -> Page:
        ticks = ticks_of(0, highest, 5, unit)
        left = style.widest([*ticks.values()], layout.small_text) + 12
        right = 54.0
        top = key_height(layout, key) + layout.line + 8
        height = 300 if layout.narrow else 360
        page = Page(layout, top + height + 2 * layout.line + 26)
        axes = page.plot(left, top, layout.width - left - right, height)
        axes.set(xlim=(sizes[0] - room, sizes[1] + room), ylim=(0, highest))
        inside = {tick: text for tick, text in ticks.items() if 0 <= tick <= highest}
        axes.set_yticks(list(inside), list(inside.values()))
        across = ticks_of(*sizes, 3 if layout.narrow else 6, size_unit)
        across = {t: text for t, text in across.items() if sizes[0] <= t <= sizes[1]}
        axes.set_xticks(list(across), list(across.values()))
        axes.hlines(list(inside), *axes.get_xlim(), color=style.GRID, linewidth=0.8, zorder=0)
        axes.axhline(target, color=style.BENCHMARK, linewidth=1.75, linestyle=(0, (5, 3)))
        for limit, look in _LIMITS.items():
            for end in ("low", "high"):
                line = axes.plot(
                    lines["exposure"], lines[f"{end}_{limit}"], color=style.QUIET_INK, **look
                )
                line[0].set_gid(f"limit_{end}_{limit}")
        for chosen, mark, gid in groups:
            if chosen.any():
                look = mark.look(mark.size, edge=1.75)
                rows = frame[chosen]
                axes.plot(rows["size"], rows["value"], zorder=4, gid=gid, clip_on=False, **look)
        page.spot_on(axes, frame.index, frame["size"], frame["value"])

        def down(value: float) -> float:
            return top + height * (1 - value / highest)

        last = lines.iloc[-1]
        ends = {f"{_NAMES[each]}": down(last[f"high_{each}"]) for each in _LIMITS}
        ends |= {"All": down(target)}
        middles = spread([*ends.values()], [layout.line] * len(ends), top, top + height)
        for words, middle in zip(ends, middles, strict=True):
            colour = style.BENCHMARK if words == "All" else style.QUIET_INK
            page.text(layout.width - right + 6, middle, words, colour=colour)
        low, high = axes.get_xlim()
        width = layout.width - left - right
        named = frame[outside | picked].sort_values("value", ascending=False)
        at = left + width * (named["size"].to_numpy(float) - low) / (high - low)
        heights = [down(value) for value in named["value"].to_numpy(float)]
        spots = list(zip(at.tolist(), heights, named["area"].astype(str), strict=True))
        _name(page, spots, highlight, layout.width - right)
        page.key(key)
        page.note(0, top - layout.line / 2 - 2, unit[:1].upper() + unit[1:])
        foot = top + height + layout.line + 22
        page.note(left, foot, size_unit[:1].upper() + size_unit[1:])
        return page

    columns = [
        names_column("area", "Area"),
        Column("size", size_unit[:1].upper() + size_unit[1:], decimals=0),
        Column("value", unit[:1].upper() + unit[1:], decimals=places),
        Column("place", "Place in the funnel", kind="text"),
    ]
    return drawn(name, frame, draw, columns)


def _name(page: Page, spots: list[tuple[float, float, str]], highlight: str, edge: float) -> None:
    """Writes names beside their marks (pixels): the picked one, then others that have room."""
    size, taken = page.layout.small_text, [(x - 5, x + 5, y) for x, y, _ in spots]
    for x, y, area in sorted(spots, key=lambda spot: spot[2] != highlight):
        weight = "bold" if area == highlight else "normal"
        words = area.replace(" and ", " & ")
        width = style.text_width(words, size, weight)
        for start in (x + 9, x - 9 - width):
            inside = start >= 0 and start + width <= edge
            free = all(
                end < start or begin > start + width or abs(y - at) > page.layout.line * 0.8
                for begin, end, at in taken
                if (begin, end, at) != (x - 5, x + 5, y)
            )
            if inside and (free or area == highlight):
                page.text(start, y, words, weight=weight, size=size)
                taken.append((start, start + width, y))
                break
