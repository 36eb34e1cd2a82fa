"""London as squares, one a borough."""

from typing import Any

import pandas as pd
from matplotlib.patches import Rectangle

from safer_communities.charts import style
from safer_communities.charts.chart import Chart, Layout, checked, drawn, names_column
from safer_communities.charts.page import Page
from safer_communities.charts.table import Column

# The shade, the ink on it and the sign of each comparison: the sign is for those who cannot tell
# the shades.
LOOKS = {
    "lower": (style.SEQUENTIAL[0], style.INK, "\N{BLACK DOWN-POINTING TRIANGLE}"),
    "unclear": (style.SEQUENTIAL[2], "#FFFFFF", ""),
    "higher": (style.SEQUENTIAL[3], "#FFFFFF", "\N{BLACK UP-POINTING TRIANGLE}"),
}
_KEY_LINE = 20


def tile_map(
    frame: pd.DataFrame, *, name: str, highlight: str, compared_column: str, key: dict[str, str]
) -> Chart:
    """A square for each area at its place on a grid, shaded by how it compares with `highlight`.

    `frame` has a row for each area: area, tile_column, tile_row (0, 0 is top left), label and span
    (the number in the square and the range that chance allows it; empty where there is none), and
    `compared_column`, which holds "lower", "unclear" or "higher"; `key` says what each means. The
    square of `highlight` is outlined.
    """
    frame = checked(frame, "area", "tile_column", "tile_row", "label", "span", compared_column)
    if frame.duplicated(["tile_column", "tile_row"]).any():
        raise ValueError("frame: two areas in one tile")
    unknown = sorted(set(frame[compared_column]) - set(LOOKS))
    if unknown:
        raise ValueError(f"frame: {compared_column} is {unknown[0]!r}, none of {', '.join(LOOKS)}")
    places = frame[["tile_column", "tile_row"]]
    rows = frame.reset_index(drop=True).assign(
        **(places - places.min()),
        compared=frame[compared_column],
        short=_abbreviations(list(frame["area"])),
        outlined=frame["area"] == highlight,
    )

    def draw(layout: Layout) -> Page:
        across, down = rows["tile_column"].max() + 1, rows["tile_row"].max() + 1
        step = min(layout.width / across, 80)
        size = step, 52 if layout.narrow else step
        left, top = (layout.width - step * across) / 2, len(key) * _KEY_LINE + 10
        page = Page(layout, top + size[1] * down + 4)
        _key(page, key)
        # The outlined square last, so that no neighbour covers its outline.
        last_on_top = rows.sort_values("outlined", kind="stable")
        for at, (_, row) in zip(last_on_top.index.to_list(), last_on_top.iterrows(), strict=True):
            place = left + row["tile_column"] * size[0], top + row["tile_row"] * size[1]
            names = [row["short"]] if layout.narrow else style.wrapped(row["area"], step - 4, 11)
            _square(page, place, size, row, names)
            page.spots[at] = place[0] + size[0] / 2, place[1] + size[1] / 2
        return page

    columns = [
        names_column("area", "Area"),
        Column("label", "Number in the square", kind="text"),
        Column("span", "Range it could be in", kind="text"),
        Column(compared_column, f"Beside {highlight}", kind="text"),
    ]
    return drawn(name, frame, draw, columns)


def _abbreviations(areas: list[str]) -> list[str]:
    """A short form of each name: initials of several words, else its shortest unique beginning.

    For example "K&C" for Kensington and Chelsea and "Harr" for Harrow beside Haringey.
    """
    single = [area for area in areas if " " not in area]
    short = []
    for area in areas:
        words = area.replace(" and ", " & ").split()
        length = 3
        while any(other != area and other[:length] == area[:length] for other in single):
            length += 1
        short.append("".join(word[0] for word in words) if len(words) > 1 else area[:length])
    return short


def _square(
    page: Page,
    place: tuple[float, float],
    size: tuple[float, float],
    row: pd.Series,
    names: list[str],
) -> None:
    """The square of a row at a place (its top left corner), both in pixels."""
    (x, y), (wide, high) = place, size
    colour, ink, sign = LOOKS[row["compared"]]
    inset = 3.5 if row["outlined"] else 1.5
    within = wide - 2 * inset, high - 2 * inset
    page.sheet.add_patch(Rectangle((x + inset, y + inset), *within, fc=colour, ec="none"))
    if row["outlined"]:
        outline: dict[str, Any] = {"fc": "none", "ec": style.INK, "lw": 3, "gid": "highlight"}
        page.sheet.add_patch(Rectangle((x + 0.5, y + 0.5), wide - 1, high - 1, **outline))
    # The rank itself stands out between the name and the range.
    rank = f"{sign} {row['label']}".strip()
    lines = [line for line in (*names, rank, row["span"]) if line]
    size_of_text = 11.5 if page.layout.narrow else 12
    pitch = size_of_text * 1.2
    first = y + (high - pitch * (len(lines) - 1)) / 2
    for number, line in enumerate(lines):
        weight = "bold" if row["outlined"] or line == rank else "normal"
        at = x + wide / 2, first + pitch * number
        page.text(*at, line, ha="center", colour=ink, weight=weight, size=size_of_text)


def _key(page: Page, key: dict[str, str]) -> None:
    size = page.layout.small_text
    for line, (compared, words) in enumerate(key.items()):
        colour, ink, sign = LOOKS[compared]
        y = line * _KEY_LINE + 9
        look: dict[str, Any] = {"fc": colour, "ec": "none", "gid": f"key_{compared}"}
        page.sheet.add_patch(Rectangle((0, y - 8), 22, 16, **look))
        page.text(11, y, sign, ha="center", colour=ink, size=size)
        page.text(30, y, words, size=size)
