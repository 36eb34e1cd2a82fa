"""Shapes on a sheet: degrees become pixels, shapes become paths, and words find room in them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from matplotlib.path import Path

# What simplifying may move an outline by, in pixels: one that is drawn, one that is pointed at.
_TOLERANCE, _COARSE = 0.4, 1.5
# Of a label, so much may lie outside its shape before it is said to have no room.
_MOSTLY = 0.03
# Where else a label that has no room may go: so many steps of so many pixels each way.
_STEPS, _STEP = 5, 6


def in_pixels(shapes: pd.Series, width: float, height: float) -> tuple[np.ndarray, float]:
    """The shapes (degrees) as pixels within a box, north up, and the height that they take.

    They are simplified together, so that the edges of neighbours still meet.
    """
    found = shapes.to_numpy()
    south, north = shapely.total_bounds(found)[[1, 3]]
    # Near enough for one city: a degree of longitude is shorter by the cosine of the latitude.
    shorter = np.cos(np.radians((south + north) / 2))
    flat = shapely.transform(found, lambda points: points * [shorter, -1])
    left, top, right, bottom = shapely.total_bounds(flat)
    scale = min(width / (right - left), height / (bottom - top))
    aside = (width - scale * (right - left)) / 2
    placed = shapely.transform(flat, lambda points: (points - [left, top]) * scale + [aside, 0])
    return shapely.coverage_simplify(placed, _TOLERANCE), scale * (bottom - top)


def path_of(shape: shapely.Geometry) -> Path:
    """The outline of a shape, with its islands and holes."""
    paths = [
        Path(shapely.get_coordinates(ring).round(1), closed=True)
        for part in shapely.get_parts(shape)
        for ring in (part.exterior, *part.interiors)
    ]
    return Path.make_compound_path(*paths)


def coarse(shapes: np.ndarray) -> list[str]:
    """The outlines as short SVG paths in whole pixels, for a script to point at."""
    return [
        "".join(
            "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in shapely.get_coordinates(part.exterior))
            for part in shapely.get_parts(shape)
        )
        for shape in shapely.coverage_simplify(shapes, _COARSE)
    ]


def widest_place(shape: shapely.Geometry, size: tuple[float, float]) -> tuple[float, float]:
    """The middle of the largest box of this form (wide, high) that the shape has room for."""
    stretched = size[0] / size[1]
    tall = shapely.transform(shape, lambda points: points * [1, stretched])
    (x, y), *_ = shapely.maximum_inscribed_circle(tall, tolerance=0.5).coords
    return x, y / stretched


def has_room(shape: shapely.Geometry, at: tuple[float, float], size: tuple[float, float]) -> bool:
    """Whether a box of this size (wide, high) with its middle there lies within the shape."""
    box = box_at(at, size)
    return shapely.area(shapely.difference(box, shape)) <= _MOSTLY * shapely.area(box)


def free_place(
    shape: shapely.Geometry,
    size: tuple[float, float],
    taken: Sequence[shapely.Geometry],
    sheet: shapely.Geometry,
) -> tuple[float, float]:
    """The middle for a box that has no room in its shape: on it, and on as little else as can be.

    `taken` are the boxes that stand already, `sheet` is what it must not leave.
    """
    middle = widest_place(shape, size)
    steps = np.arange(-_STEPS, _STEPS + 1) * _STEP
    places = [(middle[0] + x, middle[1] + y) for x in steps for y in steps]
    boxes = np.array([box_at(place, size) for place in places])
    outside = shapely.area(shapely.difference(boxes, shape))
    lost = shapely.area(shapely.difference(boxes, sheet))
    hidden = shapely.area(shapely.intersection(boxes, shapely.union_all(taken)))
    # To cover another number or to leave the sheet is worse than to stand beside the ward.
    return places[int(np.argmin(outside + 20 * hidden + 20 * lost))]


def box_at(middle: tuple[float, float], size: tuple[float, float]) -> shapely.Polygon:
    """A box of a size (wide, high) round its middle."""
    (x, y), (wide, high) = middle, size
    return shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
