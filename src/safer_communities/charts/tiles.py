"""London as squares, one a borough."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from safer_communities.charts import style
from safer_communities.charts.chart import Chart, Layout, checked, drawn, names_column
from safer_communities.charts.page import Page
from safer_communities.charts.table import Column

_LIGHT_INK = "#FFFFFF"
# The shade and the sign of each comparison: the sign is for those who cannot tell the shades.
LOOKS = {
    "lower": (style.SEQUENTIAL[0], "\N{BLACK DOWN-POINTING TRIANGLE}"),
    "unclear": (style.SEQUENTIAL[2], ""),
    "higher": (style.SEQUENTIAL[3], "\N{BLACK UP-POINTING TRIANGLE}"),
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
    rows = frame.reset_index(drop=True)
    short = abbreviations(list(rows["area"]))

    def draw(layout: Layout) -> Figure:
        columns = int(rows["tile_column"].max() - rows["tile_column"].min()) + 1
        lines = int(rows["tile_row"].max() - rows["tile_row"].min()) + 1
        step = min(layout.width / columns, 80)
        high = 52 if layout.narrow else step
        left = (layout.width - step * columns) / 2
        top = len(key) * _KEY_LINE + 10
        page = Page(layout, top + high * lines + 4)
        _key(page, key)
        # The outlined square last, so that no neighbour covers its outline.
        for _, row in rows.sort_values(
            "area", key=lambda areas: areas == highlight, kind="stable"
        ).iterrows():
            names = (
                [short[row["area"]]]
                if layout.narrow
                else style.wrapped(row["area"], step - 4, 11, "normal")
            )
            colour, sign = LOOKS[row[compared_column]]
            _square(
                page,
                left + (row["tile_column"] - rows["tile_column"].min()) * step,
                top + (row["tile_row"] - rows["tile_row"].min()) * high,
                (step, high),
                colour,
                [*names, f"{sign} {row['label']}".strip(), row["span"]],
                outlined=row["area"] == highlight,
            )
        return page.figure

    columns = [
        names_column("area", "Area"),
        Column("label", "Number in the square", kind="text"),
        Column("span", "Range within chance", kind="text"),
        Column(compared_column, f"Beside {highlight}", kind="text"),
    ]
    return drawn(name, frame, draw, columns)


def abbreviations(areas: list[str]) -> dict[str, str]:
    """A short form of each name: initials of several words, else its shortest unique beginning.

    For example "K&C" for Kensington and Chelsea and "Harr" for Harrow beside Haringey.
    """
    single = [area for area in areas if " " not in area]
    short = {}
    for area in areas:
        words = area.replace(" and ", " & ").split()
        length = 3
        while any(other != area and other[:length] == area[:length] for other in single):
            length += 1
        short[area] = "".join(word[0] for word in words) if len(words) > 1 else area[:length]
    return short


def ink_on(colour: str) -> str:
    """White or near black: whichever is easier to read on `colour`."""
    return max(_LIGHT_INK, style.INK, key=lambda ink: style.contrast(ink, colour))


def _square(
    page: Page,
    x: float,
    y: float,
    size: tuple[float, float],
    colour: str,
    lines: list[str],
    *,
    outlined: bool,
) -> None:
    wide, high = size
    inset = 3.5 if outlined else 1.5
    page.sheet.add_patch(
        Rectangle((x + inset, y + inset), wide - 2 * inset, high - 2 * inset, fc=colour, ec="none")
    )
    if outlined:
        frame = Rectangle((x + 0.5, y + 0.5), wide - 1, high - 1, fc="none", ec=style.INK, lw=3)
        frame.set_gid("highlight")
        page.sheet.add_patch(frame)
    shown = [line for line in lines if line]
    text = 11.5 if page.layout.narrow else 12
    pitch = text * 1.2
    first = y + (high - pitch * (len(shown) - 1)) / 2
    for number, line in enumerate(shown):
        page.text(
            x + wide / 2,
            first + pitch * number,
            line,
            ha="center",
            colour=ink_on(colour),
            size=text,
            # The rank itself stands out between the name and the range.
            weight="bold" if outlined or line == lines[-2] else "normal",
        )


def _key(page: Page, key: dict[str, str]) -> None:
    for line, (compared, words) in enumerate(key.items()):
        colour, sign = LOOKS[compared]
        y = line * _KEY_LINE + 9
        page.sheet.add_patch(
            Rectangle((0, y - 8), 22, 16, fc=colour, ec="none", gid=f"key_{compared}")
        )
        page.text(11, y, sign, ha="center", colour=ink_on(colour), size=page.layout.small_text)
        page.text(30, y, words, size=page.layout.small_text)
