"""London as squares, one a borough."""

import math

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from safer_communities.charts import style
from safer_communities.charts.chart import (
    Chart,
    Layout,
    caption_of,
    decimals_for,
    drawn,
    require,
    value_text,
)
from safer_communities.charts.page import Page

_LIGHT_INK = "#FFFFFF"
_MOST_CLASSES = len(style.SEQUENTIAL)


def tile_map(
    frame: pd.DataFrame,
    *,
    name: str,
    highlight: str | None = None,
    unit: str,
    decimals: int | None = None,
) -> Chart:
    """A square for each area at its place on a grid, shaded in at most five classes of like size.

    `frame` has a row for each area: area, tile_column, tile_row (0, 0 is top left), value, label
    (the number as it is printed in the square), and if it is there abbreviation, used on phones.
    `highlight` names the area to outline.
    """
    require(frame, "area", "tile_column", "tile_row", "value", "label")
    if frame.duplicated(["tile_column", "tile_row"]).any():
        raise ValueError("frame: two areas in one tile")
    rows = frame.reset_index(drop=True)
    classes = shaded_classes(rows["value"])
    key = _key_texts(rows["value"], classes, decimals_for(rows["value"], decimals), unit)
    short = (
        dict(zip(rows["area"], rows["abbreviation"], strict=True))
        if ("abbreviation" in rows)
        else abbreviations(list(rows["area"]))
    )

    def draw(layout: Layout) -> Figure:
        columns = int(rows["tile_column"].max() - rows["tile_column"].min()) + 1
        lines = int(rows["tile_row"].max() - rows["tile_row"].min()) + 1
        step = min(layout.width / columns, 80)
        left = (layout.width - step * columns) / 2
        top = _key_height(layout, key)
        page = Page(layout, top + step * lines + 4)
        _key(page, key, unit)
        # The outlined square last, so that no neighbour covers its outline.
        for row in (
            rows.assign(shade=classes)
            .sort_values("area", key=lambda areas: areas == highlight, kind="stable")
            .itertuples()
        ):
            x = left + (row.tile_column - rows["tile_column"].min()) * step
            y = top + (row.tile_row - rows["tile_row"].min()) * step
            names = (
                [short[row.area]]
                if layout.narrow
                else style.wrapped(row.area, step - 4, 11, "normal")
            )
            _square(page, x, y, step, row.shade, names, str(row.label), row.area == highlight)
        return page.figure

    return drawn(name, frame, draw)


def shaded_classes(values: pd.Series) -> pd.Series:
    """The class of each value, 0 for the lowest: like many values in each, equal ones together."""
    order = values.rank(method="min")
    count = min(_MOST_CLASSES, values.nunique())
    raw = ((order - 1) * count / values.count()).map(
        lambda place: -1 if pd.isna(place) else math.floor(place)
    )
    used = sorted(set(raw) - {-1})
    # Ties can leave a class empty: the darkest shade is always the highest values.
    first = _MOST_CLASSES - len(used)
    return raw.map({-1: -1} | {old: first + new for new, old in enumerate(used)}).astype(int)


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
    step: float,
    shade: int,
    names: list[str],
    label: str,
    outlined: bool,
) -> None:
    fill = style.SEQUENTIAL[shade] if shade >= 0 else "none"
    ink = ink_on(fill) if shade >= 0 else style.INK
    inset = 3.5 if outlined else 1.5
    page.sheet.add_patch(
        Rectangle((x + inset, y + inset), step - 2 * inset, step - 2 * inset, fc=fill, ec="none")
        if shade >= 0
        else Rectangle((x + 2, y + 2), step - 4, step - 4, fc="none", ec=style.OTHER, lw=1)
    )
    if outlined:
        frame = Rectangle((x + 0.5, y + 0.5), step - 1, step - 1, fc="none", ec=style.INK, lw=3)
        frame.set_gid("highlight")
        page.sheet.add_patch(frame)
    weight = "bold" if outlined else "normal"
    size = 11 if not page.layout.narrow else 11.5
    pitch = size * 1.2
    number = size + (2 if not page.layout.narrow else 0)
    first = y + step / 2 - pitch * len(names) / 2
    for line, words in enumerate(names):
        page.text(
            x + step / 2,
            first + pitch * line,
            words,
            ha="center",
            colour=ink,
            size=size,
            weight=weight,
        )
    page.text(
        x + step / 2,
        first + pitch * len(names) + (number - size) / 2,
        label,
        ha="center",
        colour=ink,
        size=number,
        weight=weight if page.layout.narrow else "bold",
    )


def _key_texts(values: pd.Series, classes: pd.Series, places: int, unit: str) -> dict[int, str]:
    """What each class is called, by its shade: its lowest and its highest value."""
    texts = {}
    for shade in sorted(set(classes) - {-1}):
        inside = values[classes == shade]
        low, high = (value_text(end, places, unit) for end in (inside.min(), inside.max()))
        texts[shade] = low if low == high else f"{low} to {high}"
    return texts


def _key_lines(layout: Layout, texts: dict[int, str]) -> list[list[int]]:
    """The shades of each line of the key: all side by side, on a phone in pairs."""
    shades = list(texts)
    across = 2 if layout.narrow else len(shades)
    return [shades[start : start + across] for start in range(0, len(shades), across)]


def _key_height(layout: Layout, texts: dict[int, str]) -> float:
    return layout.line + len(_key_lines(layout, texts)) * 20 + 14


def _key(page: Page, texts: dict[int, str], unit: str) -> None:
    layout = page.layout
    page.text(0, layout.line / 2, caption_of(unit) or "Per cent", weight="bold")
    pitch = style.widest(list(texts.values()), layout.small_text) + 46
    for row, shades in enumerate(_key_lines(layout, texts)):
        y = layout.line + 14 + row * 20
        for column, shade in enumerate(shades):
            x = column * pitch
            page.sheet.add_patch(
                Rectangle(
                    (x, y - 7), 22, 14, fc=style.SEQUENTIAL[shade], ec="none", gid=f"key_{shade}"
                )
            )
            page.text(x + 28, y, texts[shade], size=layout.small_text)
