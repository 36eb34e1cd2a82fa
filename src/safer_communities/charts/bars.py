"""Bars from zero: shares and counts."""

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
from safer_communities.charts.rows import Scale, row_sheet
from safer_communities.charts.table import Column


@takes_results("label", "value")
def shares(frame: pd.DataFrame, *, name: str, unit: str, decimals: int | None = None) -> Chart:
    """A horizontal bar from zero for each label, with its number at the end.

    `frame` has a row for each bar, drawn in its order: label, value, and if they are there ci_low
    and ci_high.
    """
    frame = checked(frame, "label", "value")
    if (frame["value"] < 0).any():
        raise ValueError("frame: a negative value; a share is drawn as a bar from zero")
    places = decimals_for(frame["value"], decimals)
    columns = [names_column("label", "Answer"), *value_columns("value", unit, places)]
    return _bars(frame, columns, name, unit, places)


@takes_results("category")
def counts_by_category(frame: pd.DataFrame, *, name: str, unit: str = "") -> Chart:
    """A horizontal bar from zero for each category, with its count at the end.

    `frame` has a row for each bar, drawn in its order: category, count. `unit` says what is
    counted.
    """
    frame = checked(frame, "category", "count")
    columns = [names_column("category", "Category"), Column("count", "Number", decimals=0)]
    return _bars(frame, columns, name, unit, 0)


def _bars(frame: pd.DataFrame, columns: list[Column], name: str, unit: str, decimals: int) -> Chart:
    """Bars for a frame whose first two `columns` are the names and the lengths of the bars."""
    rows = frame.reset_index(drop=True)
    label, value = columns[0].key, columns[1].key
    with_interval = {"ci_low", "ci_high"} <= set(rows.columns)

    def draw(layout: Layout) -> Figure:
        ends = rows[[value, "ci_high"]].max(axis=1) if with_interval else rows[value]
        ends = ends.fillna(0).astype(float)
        texts = [value_text(number, decimals, unit) for number in rows[value]]
        room = style.widest(texts, layout.text, "bold") + 8
        whole = 100.0 if unit == "%" and ends.max() <= 100 else float(ends.max())
        # A share is seen against the whole, so its scale ends there.
        measure = Scale(0, whole, unit, caption_of(unit))
        sheet = row_sheet(layout, list(rows[label]), measure, room_right=room)
        sheet.axes.barh(
            sheet.middles, rows[value].fillna(0), height=15, color=style.HIGHLIGHT, zorder=1
        )
        if with_interval:
            # The half over the bar needs a light line, the half beyond it a dark one.
            sheet.axes.hlines(
                sheet.middles,
                rows["ci_low"],
                rows["ci_high"],
                colors="white",
                linewidth=4,
                zorder=2,
            )
            sheet.axes.hlines(
                sheet.middles,
                rows["ci_low"],
                rows["ci_high"],
                colors=style.INK,
                linewidth=1.75,
                zorder=3,
            ).set_gid("intervals")
        low, high = sheet.axes.get_xlim()
        width = sheet.axes.get_position().width * layout.width
        for end, middle, text in zip(ends, sheet.middles, texts, strict=True):
            x = sheet.left + (end - low) / (high - low) * width
            sheet.page.text(x + 6, sheet.top + middle, text, weight="bold")
        return sheet.figure

    return drawn(name, frame, draw, columns)
