"""What all publications of the profile share: cells become figures, checked one and together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path

import pandas as pd

from safer_communities.datasets.codes import ENGLAND, LONDON
from safer_communities.datasets.schemas.indicators.profile import INDICATORS
from safer_communities.errors import ErrorCollector, plain
from safer_communities.sources import reading
from safer_communities.sources.crosswalks import Crosswalks, Release
from safer_communities.sources.publication import Publication

BOTH = (LONDON, ENGLAND)
SINCE = "2010"
DECIMALS = 3
# From how much alike a name is a misspelt one: no two places of England are so (see difflib).
ALIKE = 0.9
# The units of what is measured; in all others things or people are counted.
MEASURED = ("%", "years", "£")
COLUMNS = ["indicator", "area_code", "period", "period_end"]
VALUES = ["value", "ci_low", "ci_high"]


@dataclass(frozen=True)
class Cells:
    """What a file prints: a row a figure, all text, and the release that the file is.

    `rows` has COLUMNS and `value`, and where the publication has them `ci_low`, `ci_high` and
    `area`, the area's name; its index is the row in the file. `withheld` are the publisher's marks
    for a figure that is not given.
    """

    release: str
    rows: pd.DataFrame
    withheld: tuple[str, ...] = ()


def last_day(text: str) -> pd.Timestamp:
    """The last day of a month ("March 2022", "2022-03") or a year ("2021")."""
    ends = pd.Timestamp(f"{text}-12" if text.isdecimal() else text)
    return ends + pd.offsets.MonthEnd(0)


def wide(
    table: pd.DataFrame, columns: dict[str, tuple[str, str, pd.Timestamp]], problems: ErrorCollector
) -> pd.DataFrame:
    """The rows of `Cells` of a table with a column a figure; notes the columns it lacks.

    `columns` gives, by heading, the indicator, the period and its last day.
    """
    for heading in columns:
        if heading not in table:
            problems.add(f"no column {heading}", reading.FETCH)
    if table.empty:
        problems.add(f"no row below {', '.join(columns)}", reading.FETCH)
    problems.raise_any()
    own = [name for name in ("area_code", "area") if name in table]
    rows = table.melt(own, list(columns), "heading", "value", ignore_index=False)
    of = pd.DataFrame.from_dict(columns, "index", columns=["indicator", "period", "period_end"])
    parts = of.loc[rows.pop("heading")].set_axis(rows.index)
    return pd.concat([rows.assign(value=rows["value"].str.strip()), parts], axis="columns")


def typed(
    cells: Cells,
    crosswalks: Crosswalks,
    problems: ErrorCollector,
    beyond: Sequence[str] = BOTH,
    others: bool = False,
) -> pd.DataFrame:
    """The figures of the boroughs and the areas `beyond`, as the tables of `data/profile/` hold.

    Where `others` is true, other areas of England are kept too. Raises InputError, or a group of
    them, for cells that are no figures, areas that lack one or go by another's name, figures that
    come twice or leap from one period to the next, and a London outside its boroughs.
    """
    boroughs = crosswalks.boroughs.set_index("area_code")["borough"]
    names = dict(boroughs) | {LONDON: "London", ENGLAND: "England"}
    wanted = [*boroughs.index, *beyond]
    rows = cells.rows.rename_axis("row").reset_index()
    if "area_code" not in rows:
        codes = {_plainly(names[code]): code for code in wanted}
        rows["area_code"] = rows["area"].map(lambda name: codes.get(_plainly(name), ""))
        for row, name in rows.loc[rows["area_code"] == "", ["row", "area"]].itertuples(index=False):
            if like := get_close_matches(_plainly(name), codes, 1, ALIKE):
                problems.add_cell(row, "area", name, names[codes[like[0]]], reading.FETCH_AGAIN)
    printed = rows["indicator"].unique()
    rows = rows[rows["area_code"].isin(wanted) | (others & (rows["area_code"] != ""))]
    for indicator in sorted({*printed} - {*rows["indicator"]}):
        problems.add(f"no row of {indicator} is of a London borough", reading.FETCH)
    if "area" in rows:
        for row, code, area in rows[["row", "area_code", "area"]].itertuples(index=False):
            if code in names and _plainly(area) != _plainly(names[code]):
                problems.add_cell(row, "area", area, names[code], reading.FETCH_AGAIN)
    for row, *values in rows.loc[rows.duplicated(COLUMNS), ["row", *COLUMNS[:3]]].itertuples(
        index=False
    ):
        problems.add(f"a second figure for {', '.join(values)}", reading.FETCH, row=row)
    _note_missing(rows, wanted, names, problems)
    problems.raise_any()
    rows = rows[~rows["value"].isin(cells.withheld)].copy()
    for column in VALUES:
        if column not in rows:
            rows[column] = float("nan")
            continue
        text = rows.set_index("row")[column].str.replace(",", "")
        rows[column] = reading.decimals(text, problems).round(DECIMALS).to_numpy()
    problems.raise_any()
    rows["unit"] = rows["indicator"].map({name: each.unit for name, each in INDICATORS.items()})
    rows["period_end"] = rows["period_end"].astype("datetime64[ns]")
    rows["release"] = cells.release
    _note_odd(rows, names, problems)
    problems.raise_any()
    return rows[[*COLUMNS, *VALUES, "unit", "release"]].sort_values(
        ["indicator", "area_code", "period_end"], ignore_index=True
    )


def _note_missing(
    rows: pd.DataFrame, wanted: list[str], names: dict[str, str], problems: ErrorCollector
) -> None:
    """Notes the areas without a row where others have one; periods come in even steps."""
    for (indicator, period), there in rows.groupby(["indicator", "period"])["area_code"]:
        for area in sorted(set(wanted) - set(there)):
            problems.add(f"no {indicator} of {names[area]} for {period}", reading.FETCH)
    for indicator, ends in rows.groupby("indicator")["period_end"]:
        months = pd.PeriodIndex(pd.to_datetime(ends.unique()), freq="M").sort_values()
        for before, after in pairwise(months):
            if (after - before).n > 12:
                said = f"{before.strftime('%B %Y')} to {after.strftime('%B %Y')}"
                problems.add(f"no {indicator!s} from {said}", reading.FETCH)


def _note_odd(rows: pd.DataFrame, names: dict[str, str], problems: ErrorCollector) -> None:
    """Notes figures that cannot be, that leap, and a London that lies outside its boroughs."""
    rows = rows.sort_values("period_end")
    known = rows["indicator"].map(INDICATORS)
    before = rows.groupby(["indicator", "area_code"])["value"].shift()
    ratio = rows["value"] / before
    step = known.map(lambda each: each.step or float("inf"))
    beyond = (rows["value"] < known.map(lambda each: each.low)) | (
        rows["value"] > known.map(lambda each: each.high)
    )
    leaps = (ratio > step) | (ratio < 1 / step)
    parts = ~rows["unit"].isin(MEASURED) & rows["value"].mod(1).ne(0)
    for row, each in zip(rows.index, known, strict=True):
        if not (beyond[row] or leaps[row] or parts[row]):
            continue
        figure = rows.loc[row]
        usual = f"{each.low:g} to {each.high:g} can be"
        if leaps[row]:
            usual = f"{before[row]:g} came before it"
        elif parts[row]:
            usual = "whole numbers are counted"
        area = names.get(figure["area_code"], figure["area_code"])
        problems.add(
            f"{figure['value']:g} {each.unit} for {area}, {figure['period']}, where {usual}",
            "compare it with the publisher's page, and fetch the file again",
            row=figure["row"],
            column=figure["indicator"],
        )
    shares = rows[rows["unit"].isin(MEASURED)]
    for (indicator, period), figures in shares.groupby(["indicator", "period"]):
        values = figures.set_index("area_code")["value"]
        boroughs = values[values.index.str.startswith("E09")]
        if LONDON in values and not boroughs.min() <= values[LONDON] <= boroughs.max():
            problems.add(
                f"{indicator} of London, {values[LONDON]:g} for {period}, is outside its boroughs",
                reading.FETCH,
            )


def _plainly(name: str) -> str:
    return " ".join(plain(name).replace("&", " and ").casefold().split())


def publication(
    name: str,
    files: tuple[str, ...],
    table: str,
    parse: Callable[[Path, ErrorCollector], Cells],
    beyond: Sequence[str] = BOTH,
    others: bool = False,
    since: str = SINCE,
) -> Publication:
    """The publication of that name: `parse` gives the cells of one file of it.

    `table` is the table's name, `beyond` and `others` are as in `typed`. Figures of before the year
    `since` are checked and not kept.
    """

    def read(path: Path, crosswalks: Crosswalks) -> tuple[Release, pd.DataFrame]:
        problems = ErrorCollector(path.name)
        rows = typed(parse(path, problems), crosswalks, problems, beyond, others)
        rows = rows[rows["period_end"] >= since].reset_index(drop=True)
        if rows.empty:
            problems.stop(f"no figure since {since}", reading.FETCH)
        ends = rows["period_end"]
        first, last = (f"{end:%Y-%m}" for end in (ends.min(), ends.max()))
        return Release(name, str(rows["release"].iloc[0]), "", first, last), rows

    def tidy(paths: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
        errors = ErrorCollector(name)
        tables = []
        for path in paths:
            with errors.collecting():
                release, rows = read(path, crosswalks)
                crosswalks.covered(release, ErrorCollector(path.name))
                tables.append(rows)
        errors.raise_any()
        key = ["release", "indicator", "area_code", "period_end"]
        return {f"profile/{table}.csv": pd.concat(tables).sort_values(key, ignore_index=True)}

    def releases(paths: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
        for path in paths:
            yield read(path, crosswalks)[0]

    return Publication(name, files=files, tidy=tidy, releases=releases)
