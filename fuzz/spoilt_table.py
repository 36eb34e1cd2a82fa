"""A publisher's table as text, and what stands in its columns: areas, times, kinds, numbers."""

import re
from dataclasses import dataclass
from functools import cached_property

Row = list[str]
HERE, THERE = ("Barnet", "E09000003"), ("Enfield", "E09000010")
DATE = re.compile(r"(19|20)\d\d[-/]?(0[1-9]|1[0-2])([-/]\d\d.*)?|\d+/\d+/(19|20)\d\d|(19|20)\d\d")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
SAMPLE = 400


@dataclass(frozen=True)
class Table:
    """A file's table, or a sheet's."""

    above: tuple[Row, ...]
    header: Row
    rows: list[Row]

    @classmethod
    def of(cls, cells: list[Row]) -> "Table":
        """The headings are the first row that is as full as rows are."""
        full = sorted(sum(map(bool, row)) for row in cells)[len(cells) // 2]
        top = next(n for n, row in enumerate(cells) if sum(map(bool, row)) >= max(full - 1, 1))
        return cls(tuple(cells[:top]), list(cells[top]), [list(row) for row in cells[top + 1 :]])

    def cells(self) -> list[Row]:
        """All rows of the file."""
        return [*self.above, self.header, *self.rows]

    def column(self, place: int) -> list[str]:
        """The cells of a column; empty where a row ends before it."""
        return [row[place] if place < len(row) else "" for row in self.rows]

    def _most(self, place: int, form: re.Pattern) -> bool:
        cells = [cell for cell in self.column(place)[:: max(len(self.rows) // SAMPLE, 1)] if cell]
        return bool(cells) and sum(bool(form.fullmatch(cell)) for cell in cells) > 0.6 * len(cells)

    @cached_property
    def dates(self) -> list[int]:
        """Columns of months, days or years."""
        return [n for n in range(len(self.header)) if self._most(n, DATE)]

    @cached_property
    def numbers(self) -> list[int]:
        """Columns of numbers, counts and months as headings among them."""
        columns = range(len(self.header))
        return [n for n in columns if n not in self.dates and self._most(n, NUMBER)]

    @cached_property
    def wide(self) -> list[int]:
        """Columns with a month or year as heading, in order of it."""
        found = [n for n in self.numbers if DATE.search(self.header[n])]
        return found if len(found) > 1 else []

    @cached_property
    def area(self) -> tuple[int, str, str] | None:
        """The column of areas, and the two of them that stand in it, if any."""
        for place in range(len(self.header)):
            cells = set(self.column(place))
            for one, other in zip(HERE, THERE, strict=True):
                if {one, other} <= cells:
                    return place, one, other
        return None

    @cached_property
    def kinds(self) -> list[int]:
        """Columns of text with a few values, as of offences or measures."""
        taken = {*self.dates, *self.numbers, self.area[0] if self.area else -1}
        text = [n for n in range(len(self.header)) if n not in taken]
        return [n for n in text if 1 < len({cell for cell in self.column(n) if cell}) < 120]

    def rows_of(self, place: int, *values: str) -> list[int]:
        """The rows that have one of the values in a column."""
        return [n for n, row in enumerate(self.rows) if place < len(row) and row[place] in values]

    def here(self) -> list[int]:
        """The rows of the one area; all where no area stands in the table."""
        if self.area is None:
            return list(range(len(self.rows)))
        return self.rows_of(*self.area[:2])

    def periods(self) -> list[str]:
        """The months or years of a column, in order."""
        return sorted({*self.column(self.dates[0])} - {""}, key=when) if self.dates else []


def when(cell: str) -> tuple[int, ...]:
    """An order of dates in either form, year first."""
    parts = [int(part) for part in re.findall(r"\d+", cell)]
    return (parts[-1], *parts[:-1]) if cell.count("/") == 2 and parts[0] < 32 else tuple(parts)
