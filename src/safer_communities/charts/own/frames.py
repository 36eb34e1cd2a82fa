"""A frame as a notebook holds it, made a table: its index as columns, its columns described."""

from collections.abc import Mapping, Sequence

import pandas as pd

from safer_communities.charts.chart import checked
from safer_communities.charts.columns import columns_of
from safer_communities.charts.table import FEW, PAGE, VERDICT, Table
from safer_communities.errors import did_you_mean


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
            f"data: {type(data).__name__} is not a DataFrame or Series; give the one that is drawn"
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


def table_of(
    frame: pd.DataFrame,
    name: str,
    *,
    columns: Sequence[str] | None = None,
    headings: Mapping[str, str] | None = None,
) -> Table:
    """Any frame as the table called `name`: its `columns`, all unless given, in that order.

    `headings` are other headings than those of `charts.columns`. Raises ValueError where one of
    them names a column that the frame does not have.
    """
    frame = tidied(frame)
    for word, names in (("columns", columns or ()), ("headings", headings or ())):
        for key in names:
            if key not in frame.columns:
                remedy = did_you_mean(key, frame.columns)
                raise ValueError(f"{word}: the frame has no column {key!r}; {remedy}")
    shown = list(columns or frame.columns)
    # Not shown, but they say how a row is: where it leads, and whether its numbers are too small.
    aside = [key for key in (PAGE, FEW, VERDICT) if key in frame and key not in shown]
    return Table(name, frame[[*shown, *aside]], columns_of(frame[shown], headings))


def _level_name(level: pd.Index) -> object:
    return "label" if level.name is None else level.name


def _plain(name: object) -> str:
    """A name of a column as text; one of several levels is joined."""
    if isinstance(name, tuple):
        return " ".join(_plain(part) for part in name if part != "")
    if isinstance(name, pd.Timestamp):
        return name.strftime("%Y-%m-%d")
    return str(name)
