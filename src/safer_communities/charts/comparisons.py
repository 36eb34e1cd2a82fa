"""A row for each thing compared: a rate, a rank, a change or a shift between surveys."""

from collections.abc import Sequence

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
from safer_communities.charts.rows import RowSheet, Scale, SideColumn, row_sheet
from safer_communities.charts.table import Column
from safer_communities.statistics.precision import significant

_AREA = Mark(colour=style.OTHER, size=7)
# Larger and a diamond: seen without colour.
_PICKED = Mark(marker="D", size=9)
_LEAVES_OUT_ZERO = Mark("range on one side of zero")
_INCLUDES_ZERO = Mark("range crosses zero", filled=False)
_OTHERS = Mark("other boroughs together", "s", style.OTHER, filled=False)
_PRINTED = Mark("Strategy, as printed", "D", style.BENCHMARK, filled=False, size=10)
_VERDICTS = {
    "significant": Mark("significant"),
    "not significant": Mark("not significant", filled=False),
    "cannot tell": Mark("cannot tell", "^", style.OTHER),
}
_SHORT = {"significant": "yes", "not significant": "no", "cannot tell": "cannot tell"}


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
    if highlight is not None and highlight not in set(frame["area"]):
        raise ValueError(f"highlight: no area {highlight!r} in the frame")
    rows = frame.sort_values(["value", "area"], ignore_index=True)
    places = decimals_for(rows["value"], decimals)
    picked = rows["area"] == highlight
    place, compared = (benchmark[0], significant(benchmark[1])) if benchmark else ("", 0.0)
    highest = max(float(rows[["value", "ci_high"]].max().max()), compared)
    numbers = SideColumn("", [value_text(value, places, unit) for value in rows["value"]])

    def draw(layout: Layout) -> Page:
        # On a phone every letter of a name costs a pixel of the plot.
        short = rows["area"].str.replace(" and ", " & ", regex=False)
        sheet = row_sheet(
            layout,
            list(short if layout.narrow else rows["area"]),
            Scale(0, highest, unit, caption_of(unit)),
            columns=[numbers],
            bold_rows=list(rows.index[picked]),
            space_above=benchmark is not None,
            dense=True,
        )
        if benchmark is not None:
            look = {"color": style.BENCHMARK, "linewidth": 1.75, "linestyle": (0, (5, 3))}
            sheet.vertical([compared], "benchmark", zorder=1, **look)
            words = f"{place} {value_text(compared, places, unit)}"
            width = style.text_width(words, layout.text, "bold")
            above = sheet.page.kept_on(sheet.x(compared), width), sheet.top - 11
            sheet.page.text(*above, words, ha="center", colour=style.BENCHMARK, weight="bold")
        colours = picked.map({True: style.HIGHLIGHT, False: style.OTHER})
        sheet.intervals(rows[["ci_low", "ci_high"]], colours)
        sheet.marks(rows["value"][~picked], _AREA, "areas")
        sheet.marks(rows["value"][picked], _PICKED, "highlight")
        return sheet.page

    columns = [names_column("area", "Area"), *value_columns("value", unit, places)]
    return drawn(name, frame, draw, columns, rows=rows, near="y")


@takes_results("label")
def ranks(frame: pd.DataFrame, *, name: str, of: int = 32) -> Chart:
    """The rank for each label, a dot with its interval on a scale from 1 (lowest) to `of`.

    `frame` has a row for each thing ranked, drawn in its order: label, rank, rank_low, rank_high.
    """
    rows = checked(frame, "label", "rank", "rank_low", "rank_high").reset_index(drop=True)
    everything = rows[["rank", "rank_low", "rank_high"]]
    if (everything < 1).any(axis=None) or (everything > of).any(axis=None):
        raise ValueError(f"frame: a rank outside 1 to {of}")
    ends = zip(rows["rank_low"], rows["rank_high"], strict=True)
    texts = [value_text(rank, 0) for rank in rows["rank"]]
    columns = [
        SideColumn("Rank", texts, "Rank"),
        SideColumn("Could be", [_range(low, high) for low, high in ends], "could be"),
    ]
    step = next((step for step in (4, 8) if of <= 6 * step), 50)
    ticks = [1, *(rank for rank in range(step, of, step) if of - rank >= step / 2), of]

    def draw(layout: Layout) -> Page:
        measure = Scale(1, of, "", " ", ticks=ticks)
        sheet = row_sheet(layout, list(rows["label"]), measure, columns=columns)
        below = sheet.page.height - layout.line / 2 - 2
        sheet.page.note(max(sheet.left - 8, 0), below, "1 = lowest")
        right = min(sheet.x(of) + 10, layout.width)
        sheet.page.note(right, below, f"{of} = highest", "right")
        sheet.intervals(rows[["rank_low", "rank_high"]])
        sheet.marks(rows["rank"], Mark(size=9), "ranks")
        return sheet.page

    in_table = [
        names_column("label", "Kind of crime"),
        Column("rank", f"Rank (1 = lowest, {of} = highest)", decimals=0),
        Column("rank_low", "Lowest rank it could be", decimals=0),
        Column("rank_high", "Highest rank it could be", decimals=0),
    ]
    return drawn(name, rows, draw, in_table, near="y")


def _range(low: float, high: float) -> str:
    if pd.isna(low) or pd.isna(high):
        return ""
    return value_text(low, 0) if low == high else f"{value_text(low, 0)} to {value_text(high, 0)}"


@takes_results("label", "change")
def changes(
    frame: pd.DataFrame,
    *,
    name: str,
    unit: str = "%",
    published_column: str | None = None,
    called: str = "Change",
    decimals: int | None = None,
) -> Chart:
    """A row for each change: a dot with its interval around zero, filled if zero is outside it.

    `frame` has a row for each change, drawn in its order: label, change, ci_low, ci_high, and if
    they are there verdict, shown as text, and others_percent, the change in the other boroughs
    together: hollow squares. `published_column` names the column with the changes that
    the strategy printed (missing where it printed none): hollow diamonds, and no word of them where
    all are missing. `called` heads the numbers.
    """
    printed = [published_column] if published_column else []
    others = ["others_percent"] if "others_percent" in frame else []
    rows = checked(frame, "label", "change", "ci_low", "ci_high", *printed).reset_index(drop=True)
    printed = [column for column in printed if rows[column].notna().any()]
    places = decimals_for(rows["change"], decimals)
    outside = (rows["ci_low"] > 0) | (rows["ci_high"] < 0)
    dots = [
        (rows["change"][outside], _LEAVES_OUT_ZERO, "leaves_out_zero"),
        (rows["change"][~outside], _INCLUDES_ZERO, "includes_zero"),
    ]
    key = [mark for values, mark, _ in dots if values.notna().any()]

    def signed(column: str) -> list[str]:
        return [value_text(value, places, unit, sign=True) for value in rows[column]]

    columns = [SideColumn("This book" if printed else called, signed("change"))]
    for column in printed:
        texts = pd.Series(signed(column)).where(rows[column].notna(), "")
        columns.append(SideColumn("Strategy", list(texts), "Strategy:"))
        key.append(_PRINTED)
    for column in others:
        columns.append(SideColumn("Other boroughs", signed(column), "Others:"))
        key.append(_OTHERS)
    if "verdict" in rows:
        columns.append(SideColumn("", [str(verdict) for verdict in rows["verdict"].fillna("")]))
    caption = caption_of(unit)

    def draw(layout: Layout) -> Page:
        drawn_columns = ["change", "ci_low", "ci_high", *printed, *others]
        sheet = _around_zero(layout, rows, drawn_columns, unit, caption, columns, key)
        sheet.intervals(rows[["ci_low", "ci_high"]])
        for column in printed:
            sheet.marks(rows[column], _PRINTED, "published")
        for column in others:
            sheet.marks(rows[column], _OTHERS, "others")
        for values, mark, gid in dots:
            sheet.marks(values, mark, gid)
        return sheet.page

    in_table = [
        names_column("label", "Kind of crime"),
        Column("change", called, unit, places),
        *value_columns("change", unit, places)[1:],
        *(Column(column, _PRINTED.words, unit, places) for column in printed),
        *(Column(column, _OTHERS.words, unit, places) for column in others),
    ]
    return drawn(name, rows, draw, in_table, near="y")


def shifts(
    frame: pd.DataFrame,
    *,
    name: str,
    before_label: str = "Before",
    after_label: str = "after",
    decimals: int = 0,
) -> Chart:
    """A row for each comparison of two percentages: its difference in percentage points.

    `frame` has a row for each comparison, drawn in its order: label; before and after (per cent;
    missing where no level was printed); difference, ci_low and ci_high (percentage points);
    verdict ("significant", "not significant" or "cannot tell"); claimed (true where the strategy
    calls the shift significant).
    """
    ends = ["difference", "ci_low", "ci_high"]
    rows = checked(frame, "label", "before", "after", *ends, "verdict", "claimed")
    rows = rows.reset_index(drop=True)
    unknown = sorted(set(rows["verdict"]) - set(_VERDICTS))
    if unknown:
        raise ValueError(f"frame: verdict {unknown[0]!r} is none of {', '.join(_VERDICTS)}")
    levels = [
        ""
        if pd.isna(before) or pd.isna(after)
        else f"{value_text(before, decimals, '%')} → {value_text(after, decimals, '%')}"
        for before, after in zip(rows["before"], rows["after"], strict=True)
    ]
    points = [value_text(value, decimals, sign=True) for value in rows["difference"]]
    short = [_SHORT[verdict] for verdict in rows["verdict"]]
    wide_columns = [
        SideColumn(f"{before_label} → {after_label}", levels),
        SideColumn("Points", points),
        SideColumn("Our test: significant", short),
        SideColumn("Strategy: significant", ["yes" if claim else "" for claim in rows["claimed"]]),
    ]
    counted = [f"{text} point{'' if text[1:] == '1' else 's'}" for text in points]
    claims = ["significant" if claim else "" for claim in rows["claimed"]]
    narrow_columns = [
        SideColumn("", levels),
        SideColumn("", counted),
        SideColumn("", list(rows["verdict"]), "our test:"),
        SideColumn("", claims, "strategy:"),
    ]
    used = {verdict: mark for verdict, mark in _VERDICTS.items() if verdict in set(rows["verdict"])}
    caption = "Difference in percentage points"

    def draw(layout: Layout) -> Page:
        columns = narrow_columns if layout.narrow else wide_columns
        sheet = _around_zero(layout, rows, ends, "", caption, columns, list(used.values()))
        colours = rows["verdict"].map({verdict: mark.colour for verdict, mark in used.items()})
        sheet.intervals(rows[["ci_low", "ci_high"]], colours)
        for verdict, mark in used.items():
            values = rows["difference"][rows["verdict"] == verdict]
            sheet.marks(values, mark, verdict.replace(" ", "_"))
        return sheet.page

    in_table = [
        names_column("label", "Comparison"),
        Column("before", before_label, "%", decimals),
        Column("after", after_label, "%", decimals),
        # One more than is drawn: an end of an interval may lie beside zero.
        *value_columns("difference", "percentage points", decimals + 1),
        Column("verdict", "Our test", kind="text"),
        Column("claimed", "Strategy: significant", kind="text"),
    ]
    return drawn(name, rows, draw, in_table, near="y")


def _around_zero(
    layout: Layout,
    rows: pd.DataFrame,
    drawn_columns: list[str],
    unit: str,
    caption: str,
    columns: Sequence[SideColumn],
    key: Sequence[Mark],
) -> RowSheet:
    """A sheet whose scale holds zero, with a line there."""
    values = rows[drawn_columns]
    low, high = float(min(values.min().min(), 0)), float(max(values.max().max(), 0))
    measure = Scale(low, high, unit, caption, sign=True)
    sheet = row_sheet(layout, list(rows["label"]), measure, columns=columns, key=key)
    sheet.vertical([0], "zero", color=style.QUIET_INK, linewidth=1.25, zorder=1)
    return sheet
