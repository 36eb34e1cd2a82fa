"""A frame as a notebook holds it, made a table: its index as columns, its columns described."""

import pandas as pd

from safer_communities.charts.chart import checked
from safer_communities.charts.table import SHORTHAND, Column, Kind, Table, is_number

# Whole numbers in this range that name the rows are years, which are written without a comma.
YEARS = (1900, 2100)
# What the book's own frames call the ends of an interval.
_HEADINGS = {
    "ci_low": "Lower end of 95% interval",
    "ci_high": "Upper end of 95% interval",
}


def tidied(data: pd.DataFrame | pd.Series) -> pd.DataFrame:
    """`data` as a plain table: text for column names, and what the index says as first columns.

    An index level without a name that only counts rows says nothing and is left out; one without a
    name that says something is called "label", and a Series without a name "value". Raises
    ValueError where it is neither frame nor series, has no rows, or two columns share a name.
    """
    if isinstance(data, pd.Series):
        data = data.to_frame("value" if data.name is None else data.name)
    if not isinstance(data, pd.DataFrame):
        raise ValueError(
            f"data: {type(data).__name__} is no DataFrame or Series; give the one that is drawn"
        )
    levels = [data.index.get_level_values(number) for number in range(data.index.nlevels)]
    parts = [
        level.to_series(index=pd.RangeIndex(len(data)), name=_level_name(level))
        for level in levels
        if level.name is not None or not pd.api.types.is_integer_dtype(level)
    ]
    table = pd.concat([*parts, data.reset_index(drop=True)], axis="columns")
    table.columns = [_plain(name) for name in [*(part.name for part in parts), *data.columns]]
    twice = sorted(set(table.columns[table.columns.duplicated()]))
    if twice:
        raise ValueError(f"data: more than one column is called {', '.join(twice)}: rename one")
    return checked(table.infer_objects())


def columns_of(frame: pd.DataFrame) -> list[Column]:
    """How a table shows each column of a `tidied` frame, by its name and what it holds.

    The first names the rows. Texts stand left and numbers right, whole ones without decimals.
    """
    return [
        Column(
            name, _heading(name), kind=_kind(frame[name], first=not number), row_header=not number
        )
        for number, name in enumerate(frame.columns)
    ]


def table_of(frame: pd.DataFrame, name: str) -> Table:
    """Any frame as the table called `name`."""
    frame = tidied(frame)
    return Table(name, frame, columns_of(frame))


def _level_name(level: pd.Index) -> object:
    return "label" if level.name is None else level.name


def _plain(name: object) -> str:
    """A name of a column as text; one of several levels is joined."""
    if isinstance(name, tuple):
        return " ".join(_plain(part) for part in name if part != "")
    if isinstance(name, pd.Timestamp):
        return name.strftime("%Y-%m-%d")
    return str(name)


def _heading(name: str) -> str:
    words = _HEADINGS.get(name, name.replace("_", " ").strip())
    return words[:1].upper() + words[1:]


def _kind(column: pd.Series, *, first: bool) -> Kind:
    values = column.dropna()
    if pd.api.types.is_datetime64_any_dtype(column):
        months = (values.dt.day == 1) & (values == values.dt.normalize())
        return "month" if months.all() else "date"
    if not all(is_number(value) or value in SHORTHAND for value in values):
        return "text"
    numbers = [value for value in values if is_number(value)]
    if not numbers:
        return "number" if pd.api.types.is_numeric_dtype(column) else "text"
    names_rows = first or str(column.name).casefold().endswith("year")
    whole = pd.api.types.is_integer_dtype(column)
    if names_rows and whole and YEARS[0] <= min(numbers) <= max(numbers) <= YEARS[1]:
        return "written number"
    return "number"
