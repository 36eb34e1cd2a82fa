"""What could say who a respondent is: such columns are refused, not read and left out."""

import re

import pandas as pd

from safer_communities.errors import ErrorCollector

MOST_ANSWERS = 50
LONGEST_ANSWER = 100
REMEDY = "delete the column from the file"
# Headings in small letters and single spaces: how they end, and whole ones ("theft of phone" is
# none of them).
_HEADINGS = re.compile(
    r"(.* )?(name|surname|forename|postcode|post code|zip code|dob|date of birth|birth ?date|uprn"
    r"|(home|postal|street|full|ip|e ?mail) address"
    r"|(phone|telephone|mobile|nhs|house|insurance|passport) (number|no))"
    r"|names|address|street|e ?mail|telephone|phone|mobile|birthday|born|latitude|longitude"
    r"|easting|northing"
)
_CONTENTS = {
    "an e-mail address": r"[\w.+-]+@[\w-]+\.\w+",
    "a postcode": r"\b[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}\b",
    "a date": r"\b[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:[0-9]{2}){1,2}\b|\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b",
    "a telephone number": r"(?:\+44|\b0)[ -]?[0-9](?:[ -]?[0-9]){8,9}\b",
    "a National Insurance number": r"\b[A-Z]{2} ?(?:[0-9]{2} ?){3}[A-D]\b",
    "an address": r"^[0-9]+[a-z]?,? (?:[a-z]+ ){1,3}(?:road|street|avenue|lane|close|drive)\b",
}


def note_identifying(heading: str, cells: pd.Series, problems: ErrorCollector) -> None:
    """Notes a question whose heading or answers could say who a respondent is.

    `cells` are its answers as text, those who gave none left out; their index holds the rows. Free
    text is known by its length, by answers that differ in most rows, and by how many there are.
    A message gives a row, not what stands there.
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    if _HEADINGS.fullmatch(re.sub(r"[\W_]+", " ", words).strip().casefold()):
        problems.add("the heading of what could say who a respondent is", REMEDY, column=heading)
        return
    if note_contents(heading, cells, problems):
        return
    long = cells[cells.str.len() > LONGEST_ANSWER]
    different, answered = cells.nunique(), len(cells)
    differ = (different > 3 and different == answered) or 5 < different > answered / 2
    if len(long) or differ or different > MOST_ANSWERS:
        problems.add(
            f"free text: {different} different answers of {answered} respondents, such as that in "
            f"row {(long if len(long) else cells).index[0]}",
            f"{REMEDY}, or put the answers into a few groups",
            column=heading,
        )


def note_contents(heading: str, cells: pd.Series, problems: ErrorCollector) -> bool:
    """Notes that cells hold an e-mail address, a postcode, a date or the like; whether they do."""
    for kind, pattern in _CONTENTS.items():
        rows = cells.index[cells.str.contains(pattern, flags=re.IGNORECASE)]
        if len(rows):
            more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
            problems.add(f"{kind} in row {rows[0]}{more}", REMEDY, column=heading)
            return True
    return False
