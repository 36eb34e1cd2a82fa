"""Kinds of columns, what must be true of their values, and the columns that tables share."""

import re
from collections.abc import Callable

import pandera.pandas as pa

CLASSIFICATIONS = ["2019", "2024"]
AREA = r"E09000(0[0-2][0-9]|03[0-3])|E12000007|MPS-(AIRPORTS|AVIATION-SECURITY|UNKNOWN|OTHER)"
BOROUGH = r"E09000(00[2-9]|0[12][0-9]|03[0-3])"
BOROUGHS = [f"E090000{number:02d}" for number in range(2, 34)]
WARD = r"E05[0-9]{6}|E09000001"
MONTH = r"[0-9]{4}-(0[1-9]|1[0-2])"
MONTH_NAME = r"[0-9]{4}-[0-9]{2}"
IDENTIFIER = r"[a-z0-9_.]+"
# The Data Package standard's names of types, and how pandas holds each.
PANDAS_TYPES = {
    "string": str,
    "integer": "int64",
    "number": "float64",
    "boolean": bool,
    "date": "datetime64[ns]",
}


def every(holds: Callable[[str], object], error: str) -> pa.Check:
    """Every value passes; each distinct value is tried once, as there are few."""
    return pa.Check(
        lambda values: ~values.isin([value for value in values.unique() if not holds(value)]),
        error=error,
    )


def matches(pattern: str) -> pa.Check:
    """Every value is of the form that the regular expression gives, from end to end."""
    return every(lambda value: re.fullmatch(pattern, value), f"text of the form {pattern}")


def one_of(*allowed: str) -> pa.Check:
    """Every value is one of those allowed."""
    return pa.Check.isin(list(allowed), error=f"one of {', '.join(allowed)}")


def between(low: float, high: float) -> pa.Check:
    """Every value lies from `low` to `high`, ends included."""
    return pa.Check.in_range(low, high, error=f"a number from {low} to {high}")


# A mark of direction can turn the digits round that follow it on a page: 27,826 reads 628,72.
VISIBLE = every(
    str.isprintable, "text on one line, without control characters and marks that cannot be seen"
)
NOT_BLANK = every(str.strip, "text that is not blank")
NOT_NEGATIVE = pa.Check.ge(0, error="0 or more")
FIRST_OF_MONTH = pa.Check(lambda values: values.dt.day == 1, error="the first of a month")


def column(
    kind: str, description: str, *checks: pa.Check, unit: str = "", blank: bool = False
) -> pa.Column:
    """A column of a type of the Data Package standard; `blank` where a value may be missing."""
    return pa.Column(
        PANDAS_TYPES[kind],
        checks=list(checks),
        description=description,
        metadata={"type": kind, "unit": unit},
        nullable=blank,
    )


def text(description: str, *checks: pa.Check) -> pa.Column:
    """A column of text: unless checks are given, one line that is not blank."""
    return column("string", description, *(checks or (NOT_BLANK, VISIBLE)))


def free_text(description: str) -> pa.Column:
    """A column of text, one line, that may be empty."""
    return column("string", description, VISIBLE)


def whole(description: str, *checks: pa.Check, unit: str) -> pa.Column:
    """A column of whole numbers: unless checks are given, 0 or more."""
    return column("integer", description, *(checks or (NOT_NEGATIVE,)), unit=unit)


def number(description: str, *checks: pa.Check, unit: str, blank: bool = False) -> pa.Column:
    """A column of numbers with or without decimals."""
    return column("number", description, *checks, unit=unit, blank=blank)


def flag(description: str) -> pa.Column:
    """A column of true and false."""
    return column("boolean", description)


def date(description: str, *checks: pa.Check, blank: bool = False) -> pa.Column:
    """A column of dates."""
    return column("date", description, *checks, blank=blank)


AREA_COLUMN = text("ONS code of the area; MPS- codes are places that are no borough", matches(AREA))
MONTH_COLUMN = date("Month, as its first day", FIRST_OF_MONTH)
MID_YEAR_COLUMN = whole("Year, at 30 June", between(2001, 2100), unit="year")
WARD_COLUMN = text("ONS code of the ward", matches(WARD))
WARD_NAME_COLUMN = text("Name of the ward")
PUBLICATION_COLUMN = text("Publication, by its name in the import", matches(IDENTIFIER))
ESTIMATES_COLUMN = text("Release of the estimates", matches(r"mid-[0-9]{4}"))
PRIORITY_COLUMN = whole("Number of the priority", between(1, 9), unit="number")
SURVEY_COLUMN = text("Identifier of the survey", matches(IDENTIFIER))
CLASSIFICATION_COLUMN = text(
    "List of offence types in use: 2019, or 2024 since the CONNECT records system",
    one_of(*CLASSIFICATIONS),
)
RELEASE_COLUMN = text("Release of the publication: the month after its last month", matches(MONTH))
RELEASE_NAME_COLUMN = text("Release of the publication", matches(r"[a-z0-9-]+"))
NOTE_COLUMN = free_text("What a reader should know")
