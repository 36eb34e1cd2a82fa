"""What a chart or a table puts into a notebook: a picture or HTML, and a record for the site."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from safer_communities.chapter import lab
from safer_communities.charts.chart import Chart, Result
from safer_communities.charts.own.figures import chart_of
from safer_communities.charts.own.frames import table_of
from safer_communities.charts.table import PAGE, Column, Table, text_in_csv
from safer_communities.facts.output_types import CHART_MIME, TABLE_MIME
from safer_communities.facts.quoted import is_lab

# What to write, for the one who forgot to.
_WORDS = {
    "headline": "its message in one sentence, with facts as {name}",
    "subtitle": "what is measured, where and when",
    "alt": "what kind of chart it is and what can be seen in it, for those who cannot see it",
}


def exhibit_of(
    shown: object,
    *,
    data: pd.DataFrame | pd.Series | None,
    name: str | None,
    height: float | None,
    phone_height: float | None,
    headings: Mapping[str, str] | None = None,
) -> tuple[Chart | Table, tuple[str, ...]]:
    """What an analyst shows as a chart or a table, and the words that it cannot do without.

    The options are for figures of one's own (see `charts.own.figures.chart_of`), None where not
    given; a DataFrame or a result takes `name` and `headings`. Raises ValueError where the
    book's own charts and tables get one of them.
    """
    if not isinstance(shown, Chart | Table | pd.DataFrame | Result):
        own = chart_of(shown, data=data, name=name, height=height, phone_height=phone_height)
        return own, ("headline", "alt")
    options: dict[str, object] = {"data": data, "height": height, "phone_height": phone_height}
    exhibit: Chart | Table
    if isinstance(shown, pd.DataFrame):
        exhibit = table_of(shown, name or "table", headings=headings)
    elif isinstance(shown, Result):
        said = shown.shown
        names = {**said.get("headings", {}), **(headings or {})}
        name = name or said.get("name", "table")
        exhibit = table_of(shown.table, name, columns=said.get("in_table"), headings=names)
    else:
        exhibit, options = shown, {"data": data, "name": name, **options}
    given = [key for key, value in options.items() if value is not None]
    if given:
        raise ValueError(f"{given[0]}: only for a figure of your own; {exhibit.name} has one")
    return exhibit, ("headline", "subtitle", "alt")


def chart_output(
    chart: Chart,
    words: dict[str, str],
    *,
    chapter: str,
    source: str,
    needed: tuple[str, ...],
    with_table: bool,
    own: str,
) -> dict:
    """The data of the output that shows `chart`, by MIME type; without its table if not wanted.

    `own` is the borough whose row is marked. `words` are its headline, subtitle, alt and
    description. Raises ValueError where one of the `needed` is empty.
    """
    for key in needed:
        if not words[key]:
            raise ValueError(f"{key}: chart {chart.name} of {chapter} needs one: {_WORDS[key]}")
    table = replace(chart.to_table(table_caption(words)), own=own)
    record = {
        "name": f"{chapter}_{chart.name}",
        "source": source,
        "csv": chart.to_csv(),
        "svg_narrow": chart.svg_narrow,
        "table": table.to_html() if with_table else "",
        "columns": _described(chart),
        "marks": dict(chart.marks),
        **words,
    }
    output = {
        "image/svg+xml": chart.svg,
        "text/plain": f"{words['headline']} {words['alt']}",
        CHART_MIME: record,
    }
    return output | ({"text/html": lab.chart_html(words, source, chart.svg)} if is_lab() else {})


def _described(chart: Chart) -> list[dict[str, str]]:
    """What each column of the download is, in its order: name, what it holds, unit, datatype."""
    known = {column.key: column for column in chart.columns}
    described = []
    for name, values in chart.data.drop(columns=PAGE, errors="ignore").items():
        column = known.get(str(name), Column(str(name), ""))
        number = is_numeric_dtype(values) and not is_bool_dtype(values)
        kind = "number" if number else "date" if is_datetime64_any_dtype(values) else "string"
        # As the file has it: "2010/11" is written with both its years.
        about = {
            "name": text_in_csv(str(name)),
            "datatype": kind,
            "holds": column.heading,
            "unit": column.unit,
        }
        described.append({key: value for key, value in about.items() if value})
    return described


def table_below(chart: Chart, columns: Sequence[str] | None, headings: Mapping[str, str]) -> Table:
    """The data of `chart` as a table: some of its columns, or those that its result names, or all.

    `headings` go before those of the result.
    """
    return table_of(
        chart.data,
        f"{chart.name}_table",
        columns=columns or chart.in_table or None,
        headings={**chart.headings, **headings},
    )


def table_caption(words: dict[str, str]) -> str:
    """The caption of the table that says what a chart shows."""
    return f"What the chart shows: {words['subtitle'] or words['headline']}"


def table_output(table: Table, caption: str, *, chapter: str, source: str, own: str = "") -> dict:
    """The data of the output that shows `table`, by MIME type; no download without a `source`.

    Raises ValueError where the caption is empty.
    """
    if not caption:
        raise ValueError(f"headline: table {table.name} of {chapter} needs one, as its caption")
    table = replace(table, caption=caption, own=own)
    if not source:
        return {"text/html": table.to_html(), "text/plain": caption}
    record = {
        "name": f"{chapter}_{table.name}",
        "source": source,
        "csv": table.to_csv(),
        "caption": caption,
    }
    html = lab.table_html(table.to_html(), source) if is_lab() else table.to_html()
    return {"text/html": html, "text/plain": caption, TABLE_MIME: record}
