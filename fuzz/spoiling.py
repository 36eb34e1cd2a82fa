"""Plausible ways in which a publisher's file is wrong: each kind makes a wrong copy of a table.

Every kind fits every publication, because a table tells what stands in its columns. It returns None
where a table has nothing of it.
"""

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from spoilt_table import NUMBER, Table, when

TOTALS = re.compile(r"total|london|england|all ", re.IGNORECASE)
Kind = Callable[[Table, random.Random], Table | None]


def changed(table: Table, rows: list[int], columns: list[int], to: Callable) -> Table | None:
    """The numbers of these rows and columns changed; None where none of them is."""
    new = [list(row) for row in table.rows]
    for at in rows:
        for place in columns:
            if place < len(new[at]) and NUMBER.fullmatch(new[at][place]):
                new[at][place] = _as(to(float(new[at][place])), new[at][place])
    return None if new == table.rows else replace(table, rows=new)


def _as(value: float, like: str) -> str:
    decimals = len(like.partition(".")[2])
    return f"{value:.{decimals}f}"


def _last(table: Table, number: int = 1) -> tuple[list[int], list[int]] | None:
    """The rows and columns of the last months, or years."""
    if table.wide:
        ordered = sorted(table.wide, key=lambda n: when(table.header[n]))
        return list(range(len(table.rows))), ordered[-number:]
    if not table.dates or not table.numbers:
        return None
    return table.rows_of(table.dates[0], *table.periods()[-number:]), table.numbers


def cell(factor: float) -> Kind:
    """One number of some size in the one area."""

    def spoil(table: Table, rng: random.Random) -> Table | None:
        if not table.numbers:
            return None
        place = rng.choice(table.numbers)
        cells = table.column(place)
        numbers = [n for n in table.here() if NUMBER.fullmatch(cells[n])]
        large = sorted(numbers, key=lambda n: float(cells[n]))[-len(numbers) // 4 :]
        return changed(table, [rng.choice(large)], [place], lambda v: v * factor) if large else None

    return spoil


def area(factor: float, periods: int = 0) -> Kind:
    """All numbers of the one area, or those of its last months."""

    def spoil(table: Table, rng: random.Random) -> Table | None:
        if not periods:
            return changed(table, table.here(), table.numbers, lambda v: v * factor)
        if not table.area or (last := _last(table, periods)) is None:
            return None
        rows = sorted({*last[0]} & {*table.here()})
        return changed(table, rows, last[1], lambda v: v * factor)

    return spoil


def last_period(factor: float) -> Kind:
    """The last month or year of all areas."""

    def spoil(table: Table, rng: random.Random) -> Table | None:
        last = _last(table)
        return last and changed(table, *last, lambda v: v * factor)

    return spoil


def one_kind(factor: float) -> Kind:
    """All numbers of one offence or measure."""

    def spoil(table: Table, rng: random.Random) -> Table | None:
        if not table.kinds or not table.numbers:
            return None
        place = table.kinds[-1]
        value = _usual(table, place, rng)
        return changed(table, table.rows_of(place, value), table.numbers, lambda v: v * factor)

    return spoil


def all_numbers(factor: float) -> Kind:
    """Another unit."""
    return lambda table, rng: changed(
        table, list(range(len(table.rows))), table.numbers, lambda v: v * factor
    )


def _usual(table: Table, place: int, rng: random.Random, but: str = "") -> str:
    """One of the values that stand most often in a column."""
    found = Counter(value for value in table.column(place) if value and value != but)
    return rng.choice(sorted(value for value, _ in found.most_common(5)))


def exchanged(table: Table, place: int, one: str, other: str, rows: list[int]) -> Table | None:
    """Two values of a column exchanged in some rows; None where neither is there."""
    pair = {one: other, other: one}
    new = [list(row) for row in table.rows]
    for at in rows:
        new[at][place] = pair.get(new[at][place], new[at][place])
    return None if new == table.rows else replace(table, rows=new)


def areas_exchanged(periods: int = 0) -> Kind:
    """Two areas, in all rows or those of the last months (where months are rows)."""

    def spoil(table: Table, rng: random.Random) -> Table | None:
        if table.area is None or (periods and (table.wide or not table.dates)):
            return None
        last = _last(table, periods) if periods else (list(range(len(table.rows))), [])
        return None if last is None else exchanged(table, *table.area, last[0])

    return spoil


def kinds_exchanged(*, here: bool) -> Kind:
    """Two offences or measures, everywhere or in the one area."""

    def spoil(table: Table, rng: random.Random) -> Table | None:
        if not table.kinds or (here and not table.area):
            return None
        place = rng.choice(table.kinds)
        one = _usual(table, place, rng)
        if not {*table.column(place)} - {one, ""}:
            return None
        rows = table.here() if here else list(range(len(table.rows)))
        return exchanged(table, place, one, _usual(table, place, rng, but=one), rows)

    return spoil


def months_exchanged(*, last: bool, here: bool) -> Kind:
    """Two months or years, everywhere or in the one area."""

    def spoil(table: Table, rng: random.Random) -> Table | None:
        rows = table.here() if here else list(range(len(table.rows)))
        if here and not table.area:
            return None
        if table.wide:
            ordered = sorted(table.wide, key=lambda n: when(table.header[n]))
            at = len(ordered) - 2 if last else rng.randrange(len(ordered) - 1)
            one, other = ordered[at : at + 2]
            new = [list(row) for row in table.rows]
            for row in (new[at] for at in rows):
                row[one], row[other] = row[other], row[one]
            return None if new == table.rows else replace(table, rows=new)
        periods = table.periods()
        if len(periods) < 2:
            return None
        at = len(periods) - 2 if last else rng.randrange(len(periods) - 1)
        return exchanged(table, table.dates[0], *periods[at : at + 2], rows)

    return spoil


def shifted(table: Table, rng: random.Random) -> Table | None:
    """The numbers of the one area a month late."""
    if table.wide:
        ordered = sorted(table.wide, key=lambda n: when(table.header[n]))
        new = [list(row) for row in table.rows]
        for at in table.here():
            for other, one in pairwise(ordered):
                new[at][one] = table.rows[at][other]
        return replace(table, rows=new)
    periods = table.periods()
    if len(periods) < 3 or not table.area:
        return None
    later = dict(pairwise(periods))
    new = [list(row) for row in table.rows]
    place = table.dates[0]
    for at in table.here():
        new[at][place] = later.get(new[at][place], periods[0])
    return replace(table, rows=new)


def shifted_column(table: Table, rng: random.Random) -> Table | None:
    """One column of numbers a row down."""
    if not table.numbers:
        return None
    place = rng.choice(table.numbers)
    cells = table.column(place)
    new = [list(row) for row in table.rows]
    for row, value in zip(new, [*cells[-1:], *cells[:-1]], strict=True):
        if place < len(row):
            row[place] = value
    return None if new == table.rows else replace(table, rows=new)


def columns_exchanged(*, numbers: bool, heads: bool = False) -> Kind:
    """Two columns of numbers (or of text) with each other's headings, or with their own."""

    def spoil(table: Table, rng: random.Random) -> Table | None:
        text = [n for n in range(len(table.header)) if n not in table.numbers and table.header[n]]
        places = [n for n in table.numbers if table.header[n]] if numbers else text
        if len(places) < 2:
            return None
        one, other = rng.sample(places, 2)
        lists = [list(row) for row in ([table.header, *table.rows] if heads else table.rows)]
        for row in lists:
            if max(one, other) < len(row):
                row[one], row[other] = row[other], row[one]
        if heads:
            return replace(table, header=lists[0], rows=lists[1:])
        return replace(table, rows=lists)

    return spoil


def without(what: str) -> Kind:
    """Some rows or a column dropped."""

    def spoil(table: Table, rng: random.Random) -> Table | None:
        rows: list[int] = []
        if what == "row" and table.here():
            rows = [rng.choice(table.here())]
        elif what == "area" and table.area:
            rows = table.here()
        elif what == "kind" and table.kinds:
            place = rng.choice(table.kinds)
            rows = table.rows_of(place, _usual(table, place, rng))
        elif what == "totals":
            text = [n for n in range(len(table.header)) if n not in table.numbers]
            rows = [
                n
                for n, row in enumerate(table.rows)
                if any(TOTALS.match(row[t]) for t in text if t < len(row))
            ]
        elif what in ("month", "last month", "first month") and len(table.periods()) > 1:
            at = {"last month": -1, "first month": 0}.get(what, len(table.periods()) // 2)
            rows = table.rows_of(table.dates[0], table.periods()[at])
        elif what in ("column", "month", "last month") and table.numbers:
            places = table.wide or table.numbers
            place = {"last month": places[-1]}.get(what, rng.choice(places))
            if not table.wide and what != "column":
                return None
            return replace(
                table,
                header=[*table.header[:place], *table.header[place + 1 :]],
                rows=[[*row[:place], *row[place + 1 :]] for row in table.rows],
                above=tuple([*row[:place], *row[place + 1 :]] for row in table.above),
            )
        elif what == "end":
            rows = list(range(len(table.rows) * 4 // 5, len(table.rows)))
        gone = {*rows}
        left = [row for n, row in enumerate(table.rows) if n not in gone]
        return replace(table, rows=left) if gone else None

    return spoil


def doubled(what: str) -> Kind:
    """Some rows twice: as they are, or beside other numbers."""

    def spoil(table: Table, rng: random.Random) -> Table | None:
        rows = table.here()
        if what == "month":
            if not table.dates:
                return None
            rows = table.rows_of(table.dates[0], table.periods()[-1])
        if what == "row":
            rows = [rng.choice(rows)] if rows else []
        more = [list(table.rows[n]) for n in rows]
        return replace(table, rows=[*table.rows, *more]) if more else None

    return spoil


def heading(to: Callable[[str], str]) -> Kind:
    """One heading written in another way."""

    def spoil(table: Table, rng: random.Random) -> Table | None:
        named = [n for n, name in enumerate(table.header) if name]
        place = rng.choice(named)
        header = list(table.header)
        header[place] = to(header[place])
        return replace(table, header=header)

    return spoil


def one_cell(value: str) -> Kind:
    """A number of the one area replaced by a text."""

    def spoil(table: Table, rng: random.Random) -> Table | None:
        rows = table.here()
        if not table.numbers or not rows:
            return None
        new = [list(row) for row in table.rows]
        at, place = rng.choice(rows), rng.choice(table.numbers)
        if place >= len(new[at]) or new[at][place] == value:
            return None
        new[at][place] = value
        return replace(table, rows=new)

    return spoil


def renamed_area(to: str) -> Kind:
    """The one area by another name."""

    def spoil(table: Table, rng: random.Random) -> Table | None:
        one = table.area[1] if table.area else ""
        rows = [[to if cell == one else cell for cell in row] for row in table.rows]
        return replace(table, rows=rows) if one else None

    return spoil


def year_later(table: Table, rng: random.Random) -> Table | None:
    """Every month called what it is not."""

    def later(text: str) -> str:
        return re.sub(r"(19|20)\d\d", lambda found: str(int(found[0]) + 1), text)

    if table.wide:
        header = [later(h) if n in table.wide else h for n, h in enumerate(table.header)]
        return replace(table, header=header)
    if not table.dates:
        return None
    place = table.dates[0]
    rows = [[*row[:place], later(row[place]), *row[place + 1 :]] for row in table.rows]
    return replace(table, rows=rows)


MEANING: dict[str, Kind] = {
    **{f"a number x{f:g}": cell(f) for f in (10, 2, 0, 0.8)},
    **{f"an area x{f:g}": area(f) for f in (10, 2, 0, 0.8)},
    **{f"an area x{f:g} in the last month": area(f, 1) for f in (10, 2, 0, 0.8)},
    **{f"an area x{f:g} in the last year": area(f, 12) for f in (2, 0)},
    **{f"a kind x{f:g}": one_kind(f) for f in (10, 2, 0)},
    **{f"the last month x{f:g}": last_period(f) for f in (2, 0.5, 0)},
    **{f"all numbers x{f:g}": all_numbers(f) for f in (1000, 100, 0.1)},
    "two areas exchanged": areas_exchanged(),
    "two areas exchanged in the last month": areas_exchanged(1),
    "two areas exchanged in the last year": areas_exchanged(12),
    "two kinds exchanged": kinds_exchanged(here=False),
    "two kinds exchanged in an area": kinds_exchanged(here=True),
    "two months exchanged": months_exchanged(last=False, here=False),
    "two months of an area exchanged": months_exchanged(last=False, here=True),
    "the last two months exchanged": months_exchanged(last=True, here=False),
    "an area's last two months exchanged": months_exchanged(last=True, here=True),
    "an area a month late": shifted,
    "all a year late": year_later,
    "a column a row down": shifted_column,
    "two columns of numbers exchanged": columns_exchanged(numbers=True),
    "two columns of text exchanged": columns_exchanged(numbers=False),
}
THERE_OR_NOT: dict[str, Kind] = {
    **{
        f"no {what}": without(what)
        for what in (
            "row",
            "column",
            "month",
            "last month",
            "first month",
            "area",
            "kind",
            "totals",
            "end",
        )
    },
    **{f"{what} twice": doubled(what) for what in ("row", "month", "area")},
    "no rows": lambda table, rng: replace(table, rows=[]),
}
FORM: dict[str, Kind] = {
    "a heading renamed": heading(lambda name: f"{name} (new)"),
    "a heading in capitals": heading(str.upper),
    "a heading empty": heading(lambda name: ""),
    "a heading twice": lambda table, rng: replace(
        table, header=[*table.header[:1], *table.header[:1], *table.header[2:]]
    ),
    "two columns in another order": columns_exchanged(numbers=True, heads=True),
    "no headings": lambda table, rng: replace(table, header=table.rows[0], rows=table.rows[1:]),
    "a note below": lambda table, rng: replace(
        table, rows=[*table.rows, ["Source: see notes", *[""] * (len(table.header) - 1)]]
    ),
    "a line above": lambda table, rng: replace(
        table, above=(*table.above, ["Crime", *[""] * (len(table.header) - 1)])
    ),
    **{f"a cell {text!r}": one_cell(text) for text in ("", "*", "1,024", "-5", "n/a", "1e3")},
    "an area misspelt": renamed_area("Barnett"),
    "an area in capitals": renamed_area("BARNET"),
    "an area unknown": renamed_area("Unknown"),
}  # fmt: skip
KINDS = MEANING | THERE_OR_NOT | FORM
