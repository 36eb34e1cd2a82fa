"""Horizontal bars from nought: shares, counts, and what each part made of a change."""

import numpy as np
import pandas as pd

from safer_communities.charts import style
from safer_communities.charts.chart import (
    Chart,
    Layout,
    caption_of,
    checked,
    decimals_for,
    drawn,
    names_column,
    takes_results,
    value_columns,
    value_text,
)
from safer_communities.charts.page import Mark, Page
from safer_communities.charts.rows import Scale, SideColumn, row_sheet
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
    label, value = columns[0].key, columns[1].key
    with_interval = {"ci_low", "ci_high"} <= set(frame.columns)
    ends = frame[[value, "ci_high"] if with_interval else [value]].max(axis=1).fillna(0)
    texts = [value_text(number, decimals, unit) for number in frame[value]]
    # A share is seen against the whole, so its scale ends there, unless most of it would be empty.
    whole = 100.0 if unit == "%" and 50 < ends.max() <= 100 else float(ends.max())
    measure = Scale(0, whole, unit, caption_of(unit))

    def draw(layout: Layout) -> Page:
        room = style.widest(texts, layout.text, "bold") + 8
        sheet = row_sheet(layout, list(frame[label]), measure, room_right=room)
        bar = {"height": 15, "color": style.HIGHLIGHT, "zorder": 1}
        sheet.axes.barh(sheet.middles, frame[value].fillna(0), **bar)
        if with_interval:
            interval = sheet.middles, frame["ci_low"], frame["ci_high"]
            # The half over the bar needs a light line, the half beyond it a dark one.
            sheet.axes.hlines(*interval, colors="white", linewidth=4, zorder=2)
            dark = sheet.axes.hlines(*interval, colors=style.INK, linewidth=1.75, zorder=3)
            dark.set_gid("intervals")
        for end, middle, text in zip(ends, sheet.middles, texts, strict=True):
            sheet.page.text(sheet.x(end) + 6, sheet.top + middle, text, weight="bold")
        sheet.page.spot_on(sheet.axes, range(len(frame)), frame[value], sheet.middles)
        return sheet.page

    return drawn(name, frame, draw, columns, near="y")


# Told apart by filling, for those who cannot tell colours: a square stands for a bar in the key.
_KINDS = {
    "victim-based": Mark("against a victim", "s"),
    "against society": Mark("against society, many found by the police", "s", filled=False),
    "fraud": Mark("fraud", "s", style.OTHER),
}


@takes_results("label")
def contributions(frame: pd.DataFrame, *, name: str, unit: str = "") -> Chart:
    """What each part made of a change, in numbers: a bar to the right for a rise, left for a fall.

    `frame` has a row for each part, drawn in its order: label, change, and kind ("victim-based",
    filled; "against society", outlined; or "fraud", grey). `unit` says what is counted.
    """
    rows = checked(frame, "label", "change", "kind").reset_index(drop=True)
    unknown = sorted(set(rows["kind"]) - set(_KINDS))
    if unknown:
        raise ValueError(f"frame: kind {unknown[0]!r} is none of {', '.join(_KINDS)}")
    key = {kind: mark for kind, mark in _KINDS.items() if kind in set(rows["kind"])}
    low, high = min(rows["change"].min(), 0), max(rows["change"].max(), 0)
    measure = Scale(float(low), float(high) or float(not low), unit, caption_of(unit), sign=True)
    numbers = SideColumn("Change", [value_text(each, 0, sign=True) for each in rows["change"]])

    def draw(layout: Layout) -> Page:
        sheet = row_sheet(
            layout, list(rows["label"]), measure, columns=[numbers], key=list(key.values())
        )
        for kind, mark in key.items():
            own = (rows["kind"] == kind).to_numpy()
            colour = mark.colour if mark.filled else "white"
            bars = sheet.axes.barh(
                sheet.middles[own],
                rows.loc[own, "change"],
                height=13,
                color=colour,
                edgecolor=mark.colour,
                linewidth=1.75,
                zorder=1,
            )
            for row, bar in zip(np.flatnonzero(own), bars, strict=True):
                bar.set_gid(f"bar_{row}")
        sheet.vertical([0], "zero", color=style.QUIET_INK, linewidth=1.25, zorder=2)
        sheet.page.spot_on(sheet.axes, rows.index, rows["change"], sheet.middles)
        return sheet.page

    columns = [
        names_column("label", "Offence"),
        Column("change", "Change in number", decimals=0),
        Column("kind", "Kind", kind="text"),
    ]
    return drawn(name, frame, draw, columns, near="y")
