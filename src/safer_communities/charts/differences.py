"""Changes of counts and of survey answers, each with its interval."""

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
from safer_communities.charts.page import HOLLOW, KeyEntry
from safer_communities.charts.results import takes_results
from safer_communities.charts.rows import RowSheet, Scale, SideColumn, row_sheet
from safer_communities.charts.table import Column

LEAVES_OUT_ZERO = KeyEntry("o", style.HIGHLIGHT, style.HIGHLIGHT, "interval leaves out zero")
INCLUDES_ZERO = KeyEntry("o", style.HIGHLIGHT, HOLLOW, "interval includes zero")

# Mark, colour and whether it is filled, for each verdict on a shift.
_VERDICTS = {
    "significant": ("o", style.HIGHLIGHT, True),
    "not significant": ("o", style.HIGHLIGHT, False),
    "cannot tell": ("^", style.OTHER, True),
}
_SHORT = {"significant": "yes", "not significant": "no", "cannot tell": "cannot tell"}


@takes_results("label", "change")
def changes(
    frame: pd.DataFrame,
    *,
    name: str,
    unit: str = "%",
    published_column: str | None = None,
    published_label: str = "Strategy",
    own_label: str = "This book",
    decimals: int | None = None,
) -> Chart:
    """A row for each change: a dot with its interval around zero, filled if zero is outside it.

    `frame` has a row for each change, drawn in its order: label, change, ci_low, ci_high, and if
    it is there verdict, shown as text. `published_column` names the column with the changes that
    were printed elsewhere (missing where none was): hollow diamonds, and no word of them where all
    are missing.
    """
    frame = checked(frame, "label", "change", "ci_low", "ci_high")
    if published_column is not None:
        frame = checked(frame, published_column)
        if frame[published_column].isna().all():
            published_column = None
    rows = frame.reset_index(drop=True)
    places = decimals_for(rows["change"], decimals)
    outside = [row for row, ends in enumerate(_ends(rows)) if ends[0] > 0 or ends[1] < 0]
    known = [row for row, change in enumerate(rows["change"]) if pd.notna(change)]

    def signed(column: str) -> list[str]:
        return [value_text(value, places, unit, sign=True) for value in rows[column]]

    key = []
    if outside:
        key.append(LEAVES_OUT_ZERO)
    if set(known) - set(outside):
        key.append(INCLUDES_ZERO)
    columns = [SideColumn(own_label if published_column else "Change", signed("change"))]
    drawn_columns = ["change", "ci_low", "ci_high"]
    if published_column is not None:
        printed = [
            text if pd.notna(value) else ""
            for text, value in zip(signed(published_column), rows[published_column], strict=True)
        ]
        columns.append(SideColumn(published_label, printed, f"{published_label}:"))
        key.append(KeyEntry("D", style.BENCHMARK, HOLLOW, f"{published_label}, as printed"))
        drawn_columns.append(published_column)
    if "verdict" in rows:
        columns.append(SideColumn("", [str(verdict) for verdict in rows["verdict"].fillna("")]))

    def draw(layout: Layout) -> Figure:
        measure = _around_zero(rows, drawn_columns, unit, caption_of(unit))
        sheet = row_sheet(layout, list(rows["label"]), measure, columns=columns, key=key)
        _zero_line(sheet)
        sheet.intervals(rows, [style.HIGHLIGHT] * len(rows), "ci_low", "ci_high")
        values = list(rows["change"])
        look = {"colour": style.HIGHLIGHT, "size": 8.5}
        if published_column is not None:
            printed_rows = [row for row in range(len(rows)) if printed[row]]
            sheet.marks(
                list(rows[published_column]),
                printed_rows,
                gid="published",
                colour=style.BENCHMARK,
                marker="D",
                filled=False,
                size=10,
            )
        sheet.marks(values, outside, gid="leaves_out_zero", **look)
        inside = [row for row in known if row not in outside]
        sheet.marks(values, inside, gid="includes_zero", filled=False, **look)
        return sheet.figure

    in_table = [
        names_column("label", "Kind of crime"),
        Column("change", "Change", unit, places),
        *value_columns("change", unit, places)[1:],
    ]
    if published_column is not None:
        in_table.append(Column(published_column, f"{published_label}, as printed", unit, places))
    return drawn(name, frame, draw, in_table)


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
    frame = checked(
        frame,
        "label",
        "before",
        "after",
        "difference",
        "ci_low",
        "ci_high",
        "verdict",
        "claimed",
    )
    unknown = sorted(set(frame["verdict"]) - set(_VERDICTS))
    if unknown:
        raise ValueError(f"frame: verdict {unknown[0]!r} is none of {', '.join(_VERDICTS)}")
    rows = frame.reset_index(drop=True)
    claimed = list(rows["claimed"].astype(bool))
    levels = [
        ""
        if pd.isna(before) or pd.isna(after)
        else f"{value_text(before, decimals, '%')} → {value_text(after, decimals, '%')}"
        for before, after in zip(rows["before"], rows["after"], strict=True)
    ]
    points = [value_text(value, decimals, sign=True) for value in rows["difference"]]
    wide_columns = [
        SideColumn(f"{before_label} → {after_label}", levels),
        SideColumn("Points", points),
        SideColumn("Our test: significant", [_SHORT[verdict] for verdict in rows["verdict"]]),
        SideColumn("Strategy: significant", ["yes" if claim else "" for claim in claimed]),
    ]
    narrow_columns = [
        SideColumn("", levels),
        SideColumn("", [f"{text} point{'' if text[1:] == '1' else 's'}" for text in points]),
        SideColumn("", list(rows["verdict"]), "our test:"),
        SideColumn("", ["significant" if claim else "" for claim in claimed], "strategy:"),
    ]
    used = [verdict for verdict in _VERDICTS if verdict in set(rows["verdict"])]
    key = [_verdict_key(verdict) for verdict in used]

    def draw(layout: Layout) -> Figure:
        measure = _around_zero(
            rows, ["difference", "ci_low", "ci_high"], "", "Difference in percentage points"
        )
        columns = narrow_columns if layout.narrow else wide_columns
        sheet = row_sheet(layout, list(rows["label"]), measure, columns=columns, key=key)
        _zero_line(sheet)
        colours = [_VERDICTS[verdict][1] for verdict in rows["verdict"]]
        sheet.intervals(rows, colours, "ci_low", "ci_high")
        for verdict in used:
            marker, colour, filled = _VERDICTS[verdict]
            sheet.marks(
                list(rows["difference"]),
                [row for row, found in enumerate(rows["verdict"]) if found == verdict],
                gid=verdict.replace(" ", "_"),
                colour=colour,
                marker=marker,
                filled=filled,
                size=8.5,
            )
        return sheet.figure

    columns = [
        names_column("label", "Comparison"),
        Column("before", before_label, "%", decimals),
        Column("after", after_label, "%", decimals),
        # One more than is drawn: an end of an interval may lie beside zero.
        *value_columns("difference", "percentage points", decimals + 1),
        Column("verdict", "Our test", kind="text"),
        Column("claimed", "Strategy: significant", kind="text"),
    ]
    return drawn(name, frame, draw, columns)


def _ends(rows: pd.DataFrame) -> list[tuple[float, float]]:
    return list(rows[["ci_low", "ci_high"]].itertuples(index=False, name=None))


def _verdict_key(verdict: str) -> KeyEntry:
    marker, colour, filled = _VERDICTS[verdict]
    return KeyEntry(marker, colour, colour if filled else HOLLOW, verdict)


def _around_zero(rows: pd.DataFrame, columns: list[str], unit: str, caption: str) -> Scale:
    values = rows[columns]
    low, high = float(min(values.min().min(), 0)), float(max(values.max().max(), 0))
    return Scale(low, high, unit, caption, sign=True)


def _zero_line(sheet: RowSheet) -> None:
    sheet.vertical(0, gid="zero", color=style.QUIET_INK, linewidth=1.25, zorder=1)
