"""What the cells of a question say: answers with one spelling each, and cells without an answer."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import pandas as pd

from safer_communities.errors import ErrorCollector, shown

# What stands in a cell for "not asked" or "not answered"; numbers below 0 do too (-99, -8, -1).
# "None" is not here: it is an answer to "Which of these worry you?".
NO_ANSWER = {
    *("", ".", "..", "-", "--", "na", "n/a", "#n/a", "nan", "<na>", "nat", "null", "#null!"),
    *("missing", "not answered", "no answer", "not asked", "not applicable", "not stated"),
}
# Numbers that surveys use for "no answer" or "don't know", where they stand above all others.
CODES = {7, 8, 9, 77, 88, 97, 98, 99, 777, 888, 997, 998, 999, 7777, 8888, 9997, 9998, 9999}
# What a spreadsheet makes of answers in some languages.
TRUTHS = {"true", "false"}
LISTED = 3
# "-9" and "-9. Refused".
_NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?(\W.*)?")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_SPREADSHEET_DATE = re.compile(r"[0-9]{1,2}-[A-Za-z]{3}|[A-Za-z]{3}-[0-9]{2}")
# What publishers write for a value that they withhold, and tables for a note.
_WITHHELD = re.compile(r"[*#?!:~]+|\[[a-z]\]|suppressed|withheld")
_FEWER = re.compile(r"(<=?|fewer than |less than )\s*[0-9]+")
_BROKEN = re.compile(r"^[=@]|�|â€|Ã.|#REF!|#VALUE!|#DIV/0!|#NAME\?|#NUM!")
_ALIKE = str.maketrans("‐‑‒–—−’‘ʼ`“”", "------''''\"\"")


@dataclass(frozen=True)
class Answers:
    """One question's cells read: an answer as text, or None, for each; and what was changed.

    `joined` are the spellings that were read as another, by the one kept; `left_out` are the marks
    that were read as no answer, but for empty cells.
    """

    cells: pd.Series
    joined: dict[str, list[str]]
    left_out: list[str]


def read_answers(cells: pd.Series, problems: ErrorCollector) -> Answers:
    """The answers in `cells`, whose index holds the row of each, for a message.

    Spellings that differ in capitals, spaces, dashes, apostrophes, "&" or a full stop alone are one
    answer: the commonest. Notes what may or may not be an answer: a number among words, a code such
    as 99 above a scale, "Y" beside "Yes", a date that a spreadsheet made of "5-9".
    """
    texts = cells.map(text_of)
    plain = texts.map(_plain)
    empty = plain.isin(NO_ANSWER) | plain.str.fullmatch(_NEGATIVE)
    marks = sorted({text for text in texts[empty] if text})
    texts, keys = texts[~empty], plain[~empty].map(_key)
    kept, joined = {}, {}
    for key, spellings in texts.groupby(keys):
        counted = spellings.value_counts()
        # The commonest; of those as common, not the one in capitals, then by the alphabet.
        first, *others = sorted(
            counted.index, key=lambda text: (-counted[text], text.isupper(), text)
        )
        kept[key] = first
        if others:
            joined[first] = others
    _note_doubts(texts, keys, str(cells.name), problems)
    read = keys.map(kept).astype(object).reindex(cells.index)
    return Answers(read.where(read.notna(), None), joined, marks)


def text_of(cell: Any) -> str:
    """A cell as text: without spaces round it and marks that cannot be seen; 2019 for 2019.0."""
    if pd.api.types.is_scalar(cell) and pd.isna(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    seen = "".join(mark for mark in str(cell) if unicodedata.category(mark) != "Cf")
    return re.sub(r"([0-9])\.0+$", r"\1", " ".join(seen.split()))


def listed(cells: pd.Series) -> str:
    """Values with their rows (the index), cut after a few: "'99' (row 3), '98' (row 5)"."""
    some = [f"{_shown(value)} (row {row})" for row, value in cells.iloc[:LISTED].items()]
    rest = len(cells) - len(some)
    return ", ".join(some) + (f" and {rest} more" if rest else "")


def _shown(value: object) -> str:
    return shown(value) if isinstance(value, str) else str(value)


def _plain(text: str) -> str:
    """A text in small letters, with the plainest dashes and quotation marks."""
    return unicodedata.normalize("NFKC", text).translate(_ALIKE).casefold()


def _key(plain: str) -> str:
    """What spellings of one answer share; a number is its own."""
    key = plain.replace("'", "").replace("-", " ").replace("&", " and ")
    return " ".join(key.split()).rstrip(" .")


def _note_doubts(texts: pd.Series, keys: pd.Series, name: str, problems: ErrorCollector) -> None:
    """Notes cells that may be an answer or not, one message a kind."""

    def note(wrong: pd.Series, problem: str, remedy: str) -> None:
        if wrong.any():
            problems.add(f"{problem}: {listed(texts[wrong])}", remedy, column=name)

    code = "write the answer in words, or leave the cell empty where there is none"
    numbers = keys.str.fullmatch(_NUMBER)
    if numbers.all():
        values = pd.to_numeric(keys)
        highest = values[~values.isin(CODES)].max()
        apart = values.isin(CODES) & (values > highest + 2)
        note(apart, "far above the other numbers, and may stand for no answer", code)
    else:
        note(numbers, "a number among answers in words", code)
    marks, fewer = keys.str.fullmatch(_WITHHELD), keys.str.fullmatch(_FEWER)
    # Beside other numbers it is an answer: "<5", "5 to 9".
    if not keys[~fewer].str.contains("[0-9]").any():
        marks |= fewer
    note(marks, "a mark for a value that is withheld", code)
    letters = {key for key in keys if len(key) == 1 and key.isalpha()}
    short = {key for key in letters if any(key != other and other[0] == key for other in set(keys))}
    note(keys.isin(short), "short for another answer of the question", "write one of the two")
    if {"yes", "no"} & set(keys):
        note(keys.isin(TRUTHS), "TRUE or FALSE beside yes or no", "write one of the two")
    note(
        texts.str.fullmatch(_SPREADSHEET_DATE),
        "a date, which a spreadsheet makes of answers such as 5-9",
        "write the answer as '5 to 9'",
    )
    note(
        texts.str.contains(_BROKEN),
        "a formula or error of a spreadsheet, or letters saved in another encoding",
        "correct the cell, and save the table as CSV UTF-8",
    )
