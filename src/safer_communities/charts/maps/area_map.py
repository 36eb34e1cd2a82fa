"""A map of areas shaded by their rates, with the same rates as a list beside or below it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from matplotlib.patches import PathPatch, Rectangle

from safer_communities.charts import style
from safer_communities.charts.chart import (
    Chart,
    Layout,
    caption_of,
    checked,
    drawn,
    names_column,
    takes_results,
    value_columns,
    value_text,
)
from safer_communities.charts.maps import outlines
from safer_communities.charts.page import Mark, Page, key_height
from safer_communities.charts.rows import Scale, SideColumn, row_sheet
from safer_communities.charts.table import Column
from safer_communities.facts.fact import fact_name
from safer_communities.statistics.natural_breaks import natural_breaks
from safer_communities.statistics.precision import significant

UP, DOWN = "\N{BLACK UP-POINTING TRIANGLE}", "\N{BLACK DOWN-POINTING TRIANGLE}"
SIGNS = {"above": UP, "below": DOWN, "unclear": ""}
# What stands in place of a number that is too small to be told.
TOO_FEW = "<5"
_NOT_SHADED = "#FFFFFF"
_LIGHT_INK_FROM = 2
_MAP_WIDTH, _MAP_HEIGHT, _GAP = 350, 460, 22
_CLEAR = Mark("clearly above or below", size=8)
_UNCLEAR = Mark("not clearly different", size=8, filled=False)


@takes_results("value")
def area_map(
    frame: pd.DataFrame,
    *,
    name: str,
    benchmark: tuple[str, float],
    unit: str,
) -> Chart:
    """Areas shaded in five classes by natural breaks, and listed from the highest value down.

    `frame` has a row for each area: area, value, ci_low, ci_high, compared ("above", "below" or
    "unclear", against the benchmark) and shape (a shapely geometry in degrees). An area without a
    value has fewer than five events: it has no shade. `benchmark` names the whole and its value.
    """
    frame = checked(frame, "area", "value", "ci_low", "ci_high", "compared", "shape")
    unknown = sorted(set(frame["compared"]) - set(SIGNS))
    if unknown:
        raise ValueError(f"frame: compared is {unknown[0]!r}, none of {', '.join(SIGNS)}")
    rows = frame.sort_values(["value", "area"], ascending=[False, True], ignore_index=True)
    places = _decimals(rows["value"])
    rows = rows.assign(text=[_text(value, places) for value in rows["value"]])
    whole = benchmark[0], significant(benchmark[1])

    def draw(layout: Layout) -> Page:
        width = layout.width if layout.narrow else _MAP_WIDTH
        shapes, height = outlines.in_pixels(rows["shape"], width - 4, _MAP_HEIGHT)
        key = [Mark(f"clearly above {whole[0]}", "^"), Mark(f"clearly below {whole[0]}", "v")]
        below = 24 + 2 * layout.line + key_height(_as_wide_as(layout, width), key)
        page = _list(layout, rows, whole, places, unit, room=height + below)
        classes = _classes(rows["value"], places)
        _shade(page, rows, shapes, classes)
        page.shapes, page.shapes_scale = outlines.coarse(shapes), (width - 4) / (_MAP_WIDTH - 4)
        _legend(page, classes, places, width, height + 14)
        _meaning(page, key, height + 14 + 16 + 2 * layout.line)
        return page

    columns = [
        names_column("area", "Area"),
        *value_columns("value", unit, places),
        Column("compared", f"Beside {whole[0]}", kind="text"),
    ]
    return drawn(name, rows.drop(columns=["shape", "text"]), draw, columns, near="y")


def _decimals(values: pd.Series) -> int:
    """So many that the numbers of a map are short, and that small ones still differ."""
    highest = values.max()
    return 0 if highest >= 100 else 2 if highest < 2 else 1


def _text(value: float, places: int) -> str:
    return TOO_FEW if pd.isna(value) else value_text(value, places)


def _classes(values: pd.Series, places: int) -> list[tuple[float, float]]:
    """The classes of the numbers as they are printed, lowest first; none where all are withheld."""
    known = values.dropna().round(places)
    return natural_breaks(known, classes=len(style.SEQUENTIAL)) if len(known) else []


def _class_of(value: float, places: int, classes: Sequence[tuple[float, float]]) -> int:
    return sum(low <= round(value, places) for low, _ in classes) - 1


def _name_of(area: str) -> str:
    """What the part of the drawing that is an area is called: "area_mill_hill"."""
    return f"area_{fact_name(area)}"


def _as_wide_as(layout: Layout, width: float) -> Layout:
    return Layout(int(width), layout.text, layout.small_text, layout.narrow)


def _shade(
    page: Page,
    rows: pd.DataFrame,
    shapes: np.ndarray,
    classes: Sequence[tuple[float, float]],
) -> None:
    """The areas in their shades, the outline of them all, and the number of each."""
    places = _decimals(rows["value"])
    shades = []
    for row, shape in zip(rows.to_dict("records"), shapes, strict=True):
        known = pd.notna(row["value"])
        at = _class_of(row["value"], places, classes) if known else -1
        shades.append(at)
        fill = style.SEQUENTIAL[at] if known else _NOT_SHADED
        look: dict[str, Any] = {"fc": fill, "ec": "#FFFFFF", "lw": 1.25, "joinstyle": "round"}
        page.sheet.add_artist(PathPatch(outlines.path_of(shape), gid=_name_of(row["area"]), **look))
    outline = outlines.path_of(shapely.coverage_union_all(shapes))
    edge: dict[str, Any] = {"fc": "none", "ec": style.QUIET_INK, "joinstyle": "round"}
    page.sheet.add_artist(PathPatch(outline, lw=1.25, gid="outline", **edge))
    _write(page, rows, shapes, shades)


def _write(page: Page, rows: pd.DataFrame, shapes: np.ndarray, shades: Sequence[int]) -> None:
    """The number and the sign of each area: in it, or on a white ground where it has no room."""
    size = page.layout.small_text
    sheet = shapely.box(*shapely.total_bounds(shapes))
    taken: list[shapely.Geometry] = []
    homeless = []
    for row, shape, shade in zip(rows.to_dict("records"), shapes, shades, strict=True):
        sign = SIGNS[row["compared"]]
        forms = {(row["text"], sign) if sign else (row["text"],), (f"{sign}{row['text']}",)}
        for lines in sorted(forms, key=len, reverse=True):
            box = style.widest(list(lines), size, "bold") + 2, size * (1.05 * len(lines) + 0.15)
            at = outlines.widest_place(shape, box)
            if outlines.has_room(shape, at, box):
                ink = "#FFFFFF" if shade >= _LIGHT_INK_FROM else style.INK
                _lines(page, at, lines, ink)
                taken.append(outlines.box_at(at, box))
                break
        else:
            homeless.append((shape, lines, box))
    for shape, lines, box in homeless:
        at = outlines.free_place(shape, box, taken, sheet)
        x, y, right, bottom = (ground := outlines.box_at(at, box)).bounds
        look: dict[str, Any] = {"fc": "#FFFFFF", "ec": style.QUIET_INK, "lw": 0.75}
        page.sheet.add_artist(Rectangle((x, y), right - x, bottom - y, **look))
        _lines(page, at, lines, style.INK)
        taken.append(ground)


def _lines(page: Page, at: tuple[float, float], lines: Sequence[str], ink: str) -> None:
    size = page.layout.small_text
    for number, line in enumerate(lines):
        y = at[1] + (number - (len(lines) - 1) / 2) * size * 1.05
        page.text(at[0], y, line, ha="center", colour=ink, weight="bold", size=size)


def _legend(
    page: Page, classes: Sequence[tuple[float, float]], places: int, width: float, top: float
) -> None:
    """A box for each class, with the values that occur in it below."""
    step = width / max(len(classes), 1)
    for number, (low, high) in enumerate(classes):
        look: dict[str, Any] = {"fc": style.SEQUENTIAL[number], "ec": "none"}
        page.sheet.add_artist(Rectangle((number * step, top), step - 2, 14, **look))
        ends = dict.fromkeys(value_text(value, places) for value in (low, high))
        page.note(number * step + step / 2 - 1, top + 24, "–".join(ends), "center")


def _meaning(page: Page, key: Sequence[Mark], top: float) -> None:
    """What the triangles mean, below the legend."""
    size = page.layout.small_text
    for number, mark in enumerate(key):
        y = top + number * page.layout.line
        page.text(6, y, SIGNS["above" if number == 0 else "below"], ha="center", size=size)
        page.text(18, y, mark.words, size=size)


def _list(
    layout: Layout,
    rows: pd.DataFrame,
    whole: tuple[str, float],
    places: int,
    unit: str,
    *,
    room: float,
) -> Page:
    """A sheet with the areas' rates and intervals: right of the map, below it on a phone."""
    short = rows["area"].str.replace(" and ", " & ", regex=False)
    highest = float(rows[["value", "ci_high"]].max().fillna(0).max())
    sheet = row_sheet(
        layout,
        list(short),
        Scale(0, max(highest, whole[1]), "", caption_of(unit)),
        columns=[SideColumn("", list(rows["text"]))],
        space_above=True,
        dense=True,
        room_left=0 if layout.narrow else _MAP_WIDTH + _GAP,
        room_above=room if layout.narrow else 0,
        least_height=room,
    )
    look = {"color": style.BENCHMARK, "linewidth": 1.75, "linestyle": (0, (5, 3))}
    sheet.vertical([whole[1]], "benchmark", zorder=1, **look)
    words = f"{whole[0]} {value_text(whole[1], places)}"
    middle = sheet.page.kept_on(sheet.x(whole[1]), style.text_width(words, layout.text, "bold"))
    colour = style.BENCHMARK
    sheet.page.text(middle, sheet.top - 11, words, ha="center", colour=colour, weight="bold")
    known = rows["value"].notna()
    clear = rows["compared"] != "unclear"
    sheet.intervals(rows[["ci_low", "ci_high"]].where(known))
    sheet.marks(rows["value"][known & clear], _CLEAR, "clear")
    sheet.marks(rows["value"][known & ~clear], _UNCLEAR, "unclear")
    return sheet.page
