"""A small map that shows where one area lies among others."""

from typing import Any

import numpy as np
import pandas as pd
import shapely
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

from safer_communities.charts import style
from safer_communities.charts.chart import Chart, Layout, checked, names_column, svg_of
from safer_communities.charts.maps import outlines
from safer_communities.charts.page import Page
from safer_communities.charts.table import Column

_LAYOUT = Layout(width=300, text=12, small_text=11.5, narrow=True)
_HEIGHT = 260


def place_map(frame: pd.DataFrame, *, name: str, highlight: str) -> Chart:
    """The areas in outline, and the one called `highlight` filled and named: one small drawing.

    `frame` has a row for each area: area and shape (a shapely geometry in degrees). The table has
    that area and those that touch it.
    """
    frame = checked(frame, "area", "shape")
    if highlight not in set(frame["area"]):
        raise ValueError(f"highlight: no area {highlight!r} in the frame")
    with style.applied():
        svg = svg_of(_drawn(frame, highlight))
    own = frame["area"] == highlight
    near = shapely.intersects(frame["shape"], frame.loc[own, "shape"].iloc[0])
    data = frame.loc[near, ["area"]].assign(shown=np.where(own[near], "filled", "next to it"))
    columns = [names_column("area", "Area"), Column("shown", "On the map", kind="text")]
    return Chart(name, svg, svg, data, columns)


def _drawn(frame: pd.DataFrame, highlight: str) -> Figure:
    shapes, height = outlines.in_pixels(frame["shape"], _LAYOUT.width - 4, _HEIGHT)
    page = Page(_LAYOUT, height + 26)
    look: dict[str, Any] = {"joinstyle": "round"}
    for area, shape in zip(frame["area"], shapes, strict=True):
        own = area == highlight
        fill, edge = (style.HIGHLIGHT, "#FFFFFF") if own else ("#E6E6E6", "#FFFFFF")
        patch = PathPatch(outlines.path_of(shape), fc=fill, ec=edge, lw=1.25, **look)
        patch.set_gid("highlight" if own else None)
        page.sheet.add_artist(patch)
    outline = outlines.path_of(shapely.coverage_union_all(shapes))
    page.sheet.add_artist(PathPatch(outline, fc="none", ec=style.QUIET_INK, lw=1.25, **look))
    (own,) = shapes[(frame["area"] == highlight).to_numpy()][:1]
    middle = page.kept_on(own.centroid.x, style.text_width(highlight, _LAYOUT.text, "bold"))
    page.text(middle, height + 14, highlight, ha="center", weight="bold")
    return page.figure
