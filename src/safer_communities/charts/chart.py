"""A finished chart, and how a drawing of a frame or of a result of `analysis` becomes one."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import pandas as pd
from matplotlib.figure import Figure

from safer_communities.charts import style
from safer_communities.charts.marks import marks_of
from safer_communities.charts.svg import saved_svg
from safer_communities.charts.table import MISSING, PAGE, Column, Table, csv_text
from safer_communities.errors import did_you_mean
from safer_communities.facts import wording
from safer_communities.statistics.precision import with_significant_numbers

if TYPE_CHECKING:
    from safer_communities.charts.page import Page

# What a chart's own names of columns are called in the frames of the book, the likeliest first.
_ALSO_CALLED = {
    "value": ("rate", "percent", "count"),
    "change": ("change_percent", "change_points"),
    "label": ("measure", "area"),
    "category": ("label",),
    "panel": ("measure",),
}
# What a result says of its chart that the page shows and the drawing does not.
OF_THE_PAGE = ("source", "period", "in_table", "headings")


@dataclass(frozen=True)
class Layout:
    """Where a drawing will be seen: its width and its text sizes in CSS pixels."""

    width: int
    text: float
    small_text: float
    narrow: bool

    @property
    def line(self) -> float:
        """From one line of text to the next."""
        return self.text * 1.25


WIDE = Layout(width=760, text=13, small_text=12, narrow=False)
NARROW = Layout(width=320, text=12, small_text=11.5, narrow=True)


@dataclass(frozen=True)
class Chart:
    """A chart drawn twice, for a text column and for a phone, with the data it shows.

    `svg` is 760 pixels wide, `svg_narrow` 320; a small chart is one drawing, twice, and a finished
    figure of an analyst's own one drawing of any width, with no narrow one (""). Neither has a
    title: headline, subtitle, source and text alternative belong to the page. `columns` are those
    of the data that the drawing shows, for those who would rather read it as a table. A chart of a
    result also has its source (a key of `citations`), its period, and the columns and headings of
    the whole table (see `Result`). `marks` say the values of the drawing (see `marks.marks_of`).
    """

    name: str
    svg: str
    svg_narrow: str
    data: pd.DataFrame
    columns: Sequence[Column] = ()
    source: str = ""
    period: str = ""
    in_table: Sequence[str] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, Any] = field(default_factory=dict)

    def to_table(self, caption: str) -> Table:
        """What the drawing shows, as a table."""
        return Table(self.name, self.data, self.columns, caption=caption)

    def to_csv(self) -> str:
        """The data as CSV text, numbers to ten significant digits."""
        return csv_text(self.data.drop(columns=PAGE, errors="ignore"))


def drawn(
    name: str,
    data: pd.DataFrame,
    draw: Callable[[Layout], "Page"],
    columns: Sequence[Column],
    *,
    rows: pd.DataFrame | None = None,
    said: Sequence[str] = (),
    **marked: Any,
) -> Chart:
    """The chart of `draw`, called once for each layout.

    `data` is what the reader can download, `columns` what the reader can see of it as a table;
    those that the data do not have are left out. The spots of the pages are numbered by the `rows`,
    which are those of the data unless given; `said` are the columns that a mark says of its row
    (all unless given), `marked` what else `marks.marks_of` takes.
    """
    there = [column for column in columns if column.key in data.columns]
    data = data.reset_index(drop=True)
    with style.applied():
        pages = draw(WIDE), draw(NARROW)
        wide, narrow = (svg_of(page.figure) for page in pages)
    spoken = [each for each in there if not said or each.row_header or each.key in said]
    spots = [page.spots for page in pages]
    shapes = pages[0].shapes, pages[1].shapes_scale
    marks = marks_of(data if rows is None else rows, spoken, *spots, shapes=shapes, **marked)
    return Chart(name, wide, narrow, data, there, marks=marks)


@runtime_checkable
class Result(Protocol):
    """A result that a chart takes in place of a frame.

    `table` is the frame; `shown` holds what a chart need not be told: options of the chart
    functions by name (a function takes those that it has) and any of source, period, in_table (the
    columns of its table) and headings (of these).
    """

    @property
    def table(self) -> pd.DataFrame:
        """The frame to draw."""

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""


def takes_results(*needed: str) -> Callable[[Callable[..., Chart]], Callable[..., Chart]]:
    """Lets a chart function take a `Result`, or a frame whose columns have names of their own.

    Of the columns `needed`, one that the frame does not have is taken from its column "rate",
    "percent", "measure" or the like (see `_ALSO_CALLED`). The download keeps the frame's own names.
    """

    def decorate(draw: Callable[..., Chart]) -> Callable[..., Chart]:
        parameters = inspect.signature(draw).parameters

        @wraps(draw)
        def chart(frame: pd.DataFrame | Result, **options: Any) -> Chart:
            given: dict[str, Any] = {}
            if isinstance(frame, Result):
                given, frame = frame.shown, frame.table
                options = {key: given[key] for key in given if key in parameters} | options
            own = _own_names(frame, needed)
            back = {drawn_as: name for name, drawn_as in own.items()}
            drawn = draw(frame.rename(columns=own), **options)
            words = {key: given[key] for key in OF_THE_PAGE if key in given}
            return replace(
                drawn,
                data=drawn.data.rename(columns=back),
                columns=[replace(each, key=back.get(each.key, each.key)) for each in drawn.columns],
                **words,
            )

        return chart

    return decorate


def _own_names(frame: pd.DataFrame, needed: tuple[str, ...]) -> dict[str, str]:
    """What to call which columns of `frame` for a function that needs columns of other names."""
    own: dict[str, str] = {}
    for name in needed:
        other = next((other for other in _ALSO_CALLED[name] if other in frame), None)
        # A change is drawn in per cent or points where the frame has both that and a number.
        if other and (name not in frame or name == "change"):
            own |= {other: name, name: f"{name} in numbers"}
    return own


def names_column(key: str, heading: str) -> Column:
    """The column that names the rows of a chart's table."""
    return Column(key, heading, kind="text", row_header=True)


def value_columns(key: str, unit: str, decimals: int) -> list[Column]:
    """A column of values in `unit` and those of the ends of their 95% intervals."""
    sign = "%" if unit == "%" else ""
    return [
        Column(column, heading, sign, decimals, never_nought=True)
        for column, heading in (
            (key, caption_of(unit) or "Value"),
            ("ci_low", "Lower end of 95% interval"),
            ("ci_high", "Upper end of 95% interval"),
        )
    ]


def svg_of(figure: Figure) -> str:
    """The figure as SVG text: the same bytes for the same figure, on any machine and any day."""
    return saved_svg(figure.savefig)


def checked(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """`frame` with its numbers cut to what every processor agrees on, so that the drawing is too.

    Raises ValueError if it has no rows or lacks one of `columns`, naming them.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        nearest = "; ".join(f"{each!r}: {did_you_mean(each, frame)}" for each in missing)
        raise ValueError(f"frame: no column {', '.join(missing)} ({nearest})")
    if frame.empty:
        raise ValueError("frame: no rows to draw")
    return with_significant_numbers(frame)


def decimals_for(values: pd.Series, decimals: int | None) -> int:
    """`decimals`, or if it is None: 0 for whole numbers and those over 1,000, 1 for others."""
    if decimals is not None:
        return decimals
    known = values.dropna().astype(float)
    return 0 if ((known == known.round()) | (known.abs() >= 1000)).all() else 1


def value_text(value: float, decimals: int, unit: str = "", *, sign: bool = False) -> str:
    """For example "6.7", "+6.7%" or, where there is no value, "[x]"; other units stand apart.

    What is not nought has as many decimals as say so, but for a change, which has a `sign`.
    """
    if pd.isna(value):
        return MISSING
    if decimals and not sign:
        decimals = wording.places_shown(value, decimals)
    text = wording.signed(value, decimals) if sign else wording.number(value, decimals)
    return f"{text}%" if unit == "%" else text


def caption_of(unit: str) -> str:
    """What stands at an axis for `unit`: nothing for "%", which follows every number."""
    return "" if unit == "%" else f"{unit[:1].upper()}{unit[1:]}"
