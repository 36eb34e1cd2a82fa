"""A table of respondents: its format, and all that must be in order before anything is counted.

It has one row a respondent:

- `respondent`: any identifier with a digit in it, once in a wave. Not a name or an address.
- `wave`: which fieldwork, for example 2022; all numbers or all text.
- `weight`: how many people of the population the respondent stands for, above 0; 1 for everyone
  where the survey is not weighted.
- every other column is a question, and its values are the answers in words. An empty cell, spaces,
  "n/a", -99 or another number below 0 means not asked or not answered, and leaves the respondent
  out of that question's base.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from safer_communities.errors import ErrorCollector, InputError, shown
from safer_communities.surveys.answers import Answers, listed, read_answers, text_of
from safer_communities.surveys.identifying import note_contents, note_identifying

PLACE = "survey microdata"
DESCRIBING_COLUMNS = ("respondent", "wave", "weight")
MOST_WAVES = 20
# Weights of a survey are trimmed to a few times the median; one that is a hundred times as large
# lacks its decimal point, or counts people where the others are relative.
LARGEST_WEIGHT = 50
MOST_PEOPLE = 100_000_000
# What a spreadsheet makes of a day from 1955 to 2118.
DAY_NUMBER = re.compile(r"[2-7][0-9]{4}")


@dataclass(frozen=True)
class Respondents:
    """A table in the format, and what was changed on reading it.

    `table` has weights as floats, answers as text or None, and one spelling for each answer;
    `changed` says of each question in words what was joined or read as no answer.
    """

    table: pd.DataFrame
    changed: list[str]


def questions(responses: pd.DataFrame) -> list[str]:
    """The columns of the table that are questions, in its order."""
    return [name for name in responses.columns if name not in DESCRIBING_COLUMNS]


def waves_of(table: pd.DataFrame) -> list:
    """The waves of respondents in order: by the numbers in them, then by their letters.

    "Wave 10" comes after "Wave 9".
    """

    def place(wave: object) -> tuple[list[int], str]:
        return [int(digits) for digits in re.findall(r"[0-9]+", str(wave))], str(wave)

    return sorted(table["wave"].unique(), key=place)


def check_wave(wave: object, waves: Sequence, place: str = PLACE) -> None:
    """Raises InputError where `wave` is none of `waves`; it names them and says what they are."""
    if wave in waves:
        return
    kind = "as text" if isinstance(waves[0], str) else "as numbers"
    raise InputError(
        place,
        f"there is no wave {wave!r}; the table has {', '.join(map(repr, waves))} ({kind})",
        f"write a wave as the table has it, such as {waves[0]!r}",
    )


def read_respondents(
    responses: pd.DataFrame, *, place: str = PLACE, rows: Sequence[int] | None = None
) -> Respondents:
    """The respondents of a table in the format above; rows without any value are passed over.

    `place` is the name of the table in a message, `rows` the number that each row goes by there:
    1, 2 and so on unless given. Raises InputError, or an ExceptionGroup of them with one a column
    and kind of fault: a column or all questions are missing, a respondent or wave is missing, a
    respondent comes twice in a wave, a weight is not a number above 0, waves are numbers and text,
    a column could say who somebody is, or a cell may be an answer or not (see `answers`).
    """
    problems = ErrorCollector(place)
    columns = [_column_of(name) for name in responses.columns]
    table = responses.astype(object).set_axis(columns, axis="columns")
    table = table.set_axis(list(rows or range(1, len(table) + 1)), axis="index")
    table = table[~table.map(lambda cell: text_of(cell) == "").all(axis="columns")]
    missing = [name for name in DESCRIBING_COLUMNS if name not in table.columns]
    if missing:
        remedy = "give every respondent the columns respondent, wave and weight"
        problems.add(f"there is no column {', '.join(missing)}", remedy)
    plain = [name.casefold() for name in columns]
    twice = sorted({name for name in columns if plain.count(name.casefold()) > 1})
    if twice:
        remedy = "give each column a name of its own"
        problems.add(f"two columns are named {', '.join(map(shown, twice))}", remedy)
    if "" in columns:
        problems.add("a column without a heading", "name it, or delete it")
    problems.raise_any()
    if not questions(table):
        raise InputError(place, "there is no question", "add a column for each question")
    if table.empty:
        raise InputError(place, "there is no respondent", "add a row for each respondent")
    read, changed = {}, []
    for question in questions(table):
        answers = read_answers(table[question], problems)
        note_identifying(question, answers.cells.dropna(), problems)
        read[question] = answers.cells
        changed += _changes(question, answers)
    read["wave"], more = _waves(table["wave"], problems)
    read["weight"] = pd.to_numeric(table["weight"], errors="coerce").astype(float)
    _note_describing(table, read["wave"], read["weight"], problems)
    problems.raise_any()
    waves = table.assign(wave=read["wave"]).groupby("respondent")["wave"].nunique()
    again = int((waves > 1).sum())
    if again:
        changed.append(
            f"{again} identifiers of respondents are in several waves: the test takes those who "
            "have them for different people"
        )
    return Respondents(table.assign(**read).reset_index(drop=True), more + changed)


def _column_of(name: object) -> str:
    """A heading without spaces round it; the three that describe a respondent in small letters."""
    text = text_of(name)
    return text.casefold() if text.casefold() in DESCRIBING_COLUMNS else text


def _waves(cells: pd.Series, problems: ErrorCollector) -> tuple[pd.Series, list[str]]:
    """The wave of each respondent in the type of the table, None where it is missing."""
    filled = cells.map(text_of) != ""
    numbers = filled & cells.map(pd.api.types.is_number)
    if numbers.any() and (filled & ~numbers).any():
        problems.add(
            f"numbers in some rows and text in others: {listed(cells[numbers].iloc[:1])}, "
            f"{listed(cells[filled & ~numbers].iloc[:1])}",
            "write every wave as a number, or every one as text",
            column="wave",
        )
        return cells.where(filled, None), []
    if numbers.any():
        whole = cells.map(lambda wave: int(wave) if pd.notna(wave) and wave == wave // 1 else wave)
        return whole.astype(object).where(filled, None), []
    answers = read_answers(cells, ErrorCollector(problems.place))
    return answers.cells, _changes("wave", answers)


def _note_describing(
    table: pd.DataFrame, waves: pd.Series, weights: pd.Series, problems: ErrorCollector
) -> None:
    """Notes what is wrong with who the respondents are, their waves and their weights."""

    def note(column: str, wrong: pd.Series, problem: str, remedy: str) -> None:
        if wrong.any():
            problems.add(f"{problem}: {listed(table.loc[wrong, column])}", remedy, column=column)

    names = table["respondent"].map(text_of)
    unlike = waves.isna() & (table["weight"].map(text_of) == "")
    remedy = "delete the row if it is a total or a note; else write its wave and weight"
    note("respondent", unlike, "has no wave and no weight", remedy)
    table, names, waves, weights = table[~unlike], names[~unlike], waves[~unlike], weights[~unlike]
    without = names == ""
    note("respondent", without, "is missing", "give every respondent a number")
    if not note_contents("respondent", names, problems):
        note(
            "respondent",
            ~without & ~names.str.contains("[0-9]"),
            "an identifier without a digit, which may be a name",
            "number the respondents, and keep their names out of the file",
        )
    again = pd.DataFrame({"wave": waves, "respondent": names}).duplicated()
    remedy = "delete the row that was copied, or correct the number"
    note("respondent", ~without & waves.notna() & again, "comes twice in its wave", remedy)
    note("wave", waves.isna(), "is missing", "write the wave into every row")
    remedy = "a wave is one fieldwork, not the day of an interview: write its year"
    if waves.nunique() > MOST_WAVES:
        problems.add(f"{waves.nunique()} different waves", remedy, column="wave")
    days = waves.map(text_of).str.fullmatch(DAY_NUMBER)
    note("wave", days, "a day as a spreadsheet counts days", remedy)
    remedy = "write a weight such as 0.85 into every row, or 1 where the survey has none"
    no_weight = ~np.isfinite(weights) | (weights <= 0)
    note("weight", no_weight, "is not a number above 0", remedy)
    crowd = weights > MOST_PEOPLE
    note("weight", ~no_weight & crowd, "more people than a country has", "correct the weight")
    usual = weights.where(~no_weight).groupby(waves).transform("median")
    note(
        "weight",
        ~no_weight & ~crowd & (weights > LARGEST_WEIGHT * usual),
        f"more than {LARGEST_WEIGHT} times the usual weight of its wave",
        "look whether a decimal point was lost; one respondent cannot stand for so many",
    )


def _changes(column: str, answers: Answers) -> list[str]:
    joined = [
        f"{', '.join(map(shown, others))} read as {shown(kept)}"
        for kept, others in answers.joined.items()
    ]
    marks = ", ".join(map(shown, answers.left_out))
    return [
        f"{column}: {said}" for said in joined + ([f"{marks} read as no answer"] if marks else [])
    ]
