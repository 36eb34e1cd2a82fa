"""Areas in order of a rate, and the rank of one area for many things."""

import pandas as pd
from matplotlib.figure import Figure

from safer_communities.charts import style
from safer_communities.charts.chart import (
    Chart,
    Layout,
    caption_of,
    checked,
    decimals_for,
    drawn,
    names_column,
    value_columns,
    value_text,
)
from safer_communities.charts.results import takes_results
from safer_communities.charts.rows import Scale, SideColumn, row_sheet
from safer_communities.charts.table import Column
from safer_communities.statistics.precision import significant


@takes_results("value")
def rate_by_area(
    frame: pd.DataFrame,
    *,
    name: str,
    highlight: str | None = None,
    benchmark: tuple[str, float] | None = None,
    unit: str,
    decimals: int | None = None,
) -> Chart:
    """Areas from the lowest value to the highest, each a dot with its interval and its number.

    `frame` has a row for each area: area, value, ci_low, ci_high. `highlight` names the area to
    pick out, `benchmark` a place to compare with and its value, drawn as a dashed line.
    """
    frame = checked(frame, "area", "value", "ci_low", "ci_high")
    if benchmark is not None:
        benchmark = benchmark[0], significant(benchmark[1])
    if highlight is not None and highlight not in set(frame["area"]):
        raise ValueError(f"highlight: no area {highlight!r} in the frame")
    ordered = frame.sort_values(["value", "area"], kind="stable", na_position="last")
    ordered = ordered.reset_index(drop=True)
    places = decimals_for(frame["value"], decimals)
    picked = [row for row, area in enumerate(ordered["area"]) if area == highlight]
    rest = [row for row in range(len(ordered)) if row not in picked]

    def draw(layout: Layout) -> Figure:
        # On a phone every letter of a name costs a pixel of the plot.
        short = (area.replace(" and ", " & ") for area in ordered["area"])
        sheet = row_sheet(
            layout,
            list(short) if layout.narrow else list(ordered["area"]),
            Scale(0, _highest(ordered, benchmark), unit, caption_of(unit)),
            columns=[
                SideColumn("", [value_text(value, places, unit) for value in ordered["value"]])
            ],
            bold_rows=picked,
            space_above=benchmark is not None,
            names_beside=True,
            row_height=21,
        )
        if benchmark is not None:
            place, value = benchmark
            look = {"color": style.BENCHMARK, "linewidth": 1.75, "linestyle": (0, (5, 3))}
            sheet.vertical(value, gid="benchmark", zorder=1, **look)
            words = f"{place} {value_text(value, places, unit)}"
            sheet.label_above(value, words, style.BENCHMARK)
        colours = [style.HIGHLIGHT if row in picked else style.OTHER for row in range(len(ordered))]
        sheet.intervals(ordered, colours, "ci_low", "ci_high")
        values = list(ordered["value"])
        sheet.marks(values, rest, gid="areas", colour=style.OTHER, size=7)
        # Larger and a diamond: seen without colour.
        sheet.marks(values, picked, gid="highlight", colour=style.HIGHLIGHT, marker="D", size=9)
        return sheet.figure

    columns = [names_column("area", "Area"), *value_columns("value", unit, places)]
    return drawn(name, frame, draw, columns)


def _highest(frame: pd.DataFrame, benchmark: tuple[str, float] | None) -> float:
    highest = frame[["value", "ci_high"]].max().max()
    return float(max(highest, benchmark[1]) if benchmark else highest)


@takes_results("label")
def ranks(frame: pd.DataFrame, *, name: str, of: int = 32) -> Chart:
    """The rank for each label, a dot with its interval on a scale from 1 (lowest) to `of`.

    `frame` has a row for each thing ranked, drawn in its order: label, rank, rank_low, rank_high.
    """
    frame = checked(frame, "label", "rank", "rank_low", "rank_high")
    everything = frame[["rank", "rank_low", "rank_high"]]
    if (everything < 1).any(axis=None) or (everything > of).any(axis=None):
        raise ValueError(f"frame: a rank outside 1 to {of}")
    rows = frame.reset_index(drop=True)
    could_be = [
        _range(low, high) for low, high in zip(rows["rank_low"], rows["rank_high"], strict=True)
    ]

    def draw(layout: Layout) -> Figure:
        step = 8 if of > 16 else 4
        inner = [float(rank) for rank in range(step, of, step) if of - rank >= step / 2]
        sheet = row_sheet(
            layout,
            list(rows["label"]),
            Scale(1, of, "", " ", ticks=(1.0, *inner, float(of))),
            columns=[
                SideColumn("Rank", [value_text(rank, 0) for rank in rows["rank"]], "Rank"),
                SideColumn("Could be", could_be, "could be"),
            ],
        )
        below = sheet.page.height - layout.line / 2 - 2
        right = sheet.left + sheet.axes.get_position().width * layout.width
        for x, words, side in (
            (max(sheet.left - 8, 0), "1 = lowest", "left"),
            (min(right + 10, layout.width), f"{of} = highest", "right"),
        ):
            sheet.page.text(
                x, below, words, ha=side, size=layout.small_text, colour=style.QUIET_INK
            )
        sheet.intervals(rows, [style.HIGHLIGHT] * len(rows), "rank_low", "rank_high")
        everyone = [row for row, rank in enumerate(rows["rank"]) if pd.notna(rank)]
        sheet.marks(list(rows["rank"]), everyone, gid="ranks", colour=style.HIGHLIGHT, size=9)
        return sheet.figure

    columns = [
        names_column("label", "Kind of crime"),
        Column("rank", f"Rank (1 = lowest, {of} = highest)", decimals=0),
        Column("rank_low", "Lowest rank within chance", decimals=0),
        Column("rank_high", "Highest rank within chance", decimals=0),
    ]
    return drawn(name, frame, draw, columns)


def _range(low: float, high: float) -> str:
    if pd.isna(low) or pd.isna(high):
        return ""
    return value_text(low, 0) if low == high else f"{value_text(low, 0)} to {value_text(high, 0)}"
