"""What each mark of a chart says and where it stands, for those who point at it or step to it."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from safer_communities.charts.table import MISSING, Column, Table

# By row number: pixels from the left and from the top of a drawing.
Spots = Mapping[int, tuple[float, float]]
_LOW, _HIGH = "ci_low", "ci_high"
_SIGNED = ("change", "difference", "london_change")
_NOTHING = ("", MISSING, "no")


def marks_of(
    rows: pd.DataFrame,
    columns: Sequence[Column],
    wide: Spots,
    narrow: Spots,
    *,
    named: Sequence[str] = (),
    near: str = "",
    shapes: tuple[Sequence[str], float] = ((), 1.0),
) -> dict[str, Any]:
    """What the page needs to say the value of each mark, as JSON has it; empty without marks.

    `names` and `values` are words, one for each row that has a spot, and `said` is what stands
    before each value; `wide` and `narrow` the places
    in the two drawings, x and y in turn. `named` are the columns that name a row, the row header
    unless given. `near` says what brings a pointer near: "y" in a chart of rows, "x" over time.
    `shapes` are outlines (SVG paths) that stand for the spots, and what the narrow drawing
    multiplies them by. `areas` is true where the rows are areas, which a reader may look for.
    """
    numbers = [row for row in sorted(wide) if row in narrow]
    if not numbers:
        return {}
    header = next(column for column in columns if column.row_header)
    named = named or (header.key,)
    texts = Table("marks", rows, columns).texts()
    keys = [column.key for column in columns]
    cells = [dict(zip(keys, texts[row], strict=True)) for row in numbers]
    values = [_said(cell, columns, named) for cell in cells]
    # Words that all begin with, such as the unit, stand once.
    said = _beginning(values)
    marks: dict[str, Any] = {
        "near": near,
        "areas": header.heading == "Area",
        "names": [", ".join(cell[key] for key in named) for cell in cells],
        "said": said,
        "values": [value[len(said) :] for value in values],
        "wide": _places(wide, numbers),
        "narrow": _places(narrow, numbers),
    }
    outlines, scale = shapes
    if outlines:
        marks |= {"shapes": [outlines[row] for row in numbers], "scale": round(scale, 4)}
    return marks


def _beginning(values: Sequence[str]) -> str:
    """The whole words that all values begin with, such as "Per 1,000 residents: "."""
    first, last = min(values), max(values)
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0)
    return first[: first.rfind(" ", 0, same) + 1]


def _places(spots: Spots, numbers: Sequence[int]) -> list[int]:
    return [round(place) for row in numbers for place in spots[row]]


def _said(cell: Mapping[str, str], columns: Sequence[Column], named: Sequence[str]) -> str:
    """For example "Per 1,000 residents: 52.6; 95% interval 51.0 to 54.2"."""
    parts = []
    for column in columns:
        text = cell[column.key]
        if column.key in (*named, _HIGH) or text in _NOTHING:
            continue
        unit = "%" if column.unit == "%" else f" {column.unit}".rstrip()
        if column.key in _SIGNED and text[0] != "\N{MINUS SIGN}":
            text = f"+{text}"
        if column.key == _LOW:
            parts.append(f"95% interval {text} to {cell[_HIGH]}{unit}")
        else:
            heading = "" if column.heading in ("Value", "Change") else f"{column.heading}: "
            parts.append(f"{heading}{text}{unit}")
    return "; ".join(parts)
