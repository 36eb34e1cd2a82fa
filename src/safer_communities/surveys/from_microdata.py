"""A file of respondents becomes rows for the tables of `data/surveys/`, and its shifts are tested.

Only what may be published leaves this module: weighted percentages of answers that are not
withheld. The book tests whole percentages against the counts that round to them, so that its tables
get the questions that 100 people or more answered; the shifts of others are tested here. Bases are
given to the nearest ten, so that a question that few were asked says nothing of
another's withheld answers; an answer is withheld or shown in all comparisons alike.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from safer_communities.datasets import load
from safer_communities.datasets.atomic import replace_files
from safer_communities.datasets.schemas import TABLES
from safer_communities.errors import ErrorCollector, InputError, leaves, shown
from safer_communities.facts import wording
from safer_communities.project import DATA
from safer_communities.sources.reading import read_csv
from safer_communities.statistics.significance import adjust_p_values
from safer_communities.surveys.microdata import (
    SMALLEST_CELL_SHOWN,
    Tally,
    compare_tallies,
    tally,
)
from safer_communities.surveys.respondents import (
    Respondents,
    check_wave,
    questions,
    read_respondents,
    waves_of,
)

ALPHA = 0.05
DECIMALS = 1
# Every whole percentage is a count of so many; of fewer some are not.
SMALLEST_BASE_IN_TABLES = 100
BASES_TO = 10
FETCHED = re.compile("fetch|download|publisher")
SAVE_AGAIN = "save the table as CSV UTF-8 with commas, one row a respondent"


@dataclass(frozen=True)
class SurveyRows:
    """Rows for `waves`, `percentages` and `comparisons` of `data/surveys/`, and the shifts tested.

    `shifts` has a row for each answer in each pair of waves: question, answer, wave_1, wave_2,
    percent_1, percent_2 (weighted), base_1, base_2 (to the nearest ten), design_effect_1,
    design_effect_2, difference_points, ci_low, ci_high (percentage points), p_value, p_holm
    (adjusted for all shifts of the file), significant, withheld. `changed` says in words what was
    read as another answer or as none, `too_few` names what is in `shifts` alone.
    """

    waves: pd.DataFrame
    percentages: pd.DataFrame
    comparisons: pd.DataFrame
    shifts: pd.DataFrame
    changed: list[str]
    too_few: list[str]

    def write(self, folder: Path) -> list[str]:
        """Writes the four tables into `folder`, all or none; the names of those that changed.

        Raises InputError where `folder` is in `data/` or cannot be written to.
        """
        if folder.resolve().is_relative_to(DATA):
            raise InputError(
                str(folder),
                "the tables of the book are there, which this command does not change",
                "write elsewhere, and add the rows that you want to the tables of data/surveys/",
            )
        tables = {
            "waves.csv": self.waves,
            "percentages.csv": self.percentages,
            "comparisons.csv": self.comparisons,
            "shifts.csv": self.shifts,
        }
        texts = {name: table.to_csv(index=False).encode() for name, table in tables.items()}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return replace_files(folder, texts)
        except OSError as error:
            problem = f"cannot be written to ({error.strerror})"
            raise InputError(str(folder), problem, "choose another folder with --to") from error


def read_file(path: Path) -> Respondents:
    """The respondents in a CSV file, in the format of `respondents`.

    Raises InputError, or an ExceptionGroup of them, with the file, the row and the column of each.
    """
    problems = ErrorCollector(path.name)
    try:
        table = read_csv(path, problems, sum_is_known=True)
        problems.raise_any()
    except (InputError, ExceptionGroup) as error:
        # What is said of a publisher's file is true of this one, but nobody can fetch it again.
        faults = [each for each in leaves(error) if isinstance(each, InputError)]
        again = ErrorCollector(path.name)
        again.errors += [
            InputError(each.place, each.problem, SAVE_AGAIN)
            if FETCHED.search(each.remedy)
            else each
            for each in faults
        ]
        again.raise_any()
        raise
    return read_respondents(table, place=path.name, rows=list(table.index))


def survey_rows(
    respondents: Respondents, survey: str, *, place: str, waves: Sequence[str] | None = None
) -> SurveyRows:
    """What may be published of `respondents`: each wave beside the next, or those of `waves`.

    `survey` names the survey, and `place` the file in a message. Raises InputError where there is
    no such wave or one of a few respondents, which may be a slip, or two waves or two answers would
    have one identifier.
    """
    table = respondents.table
    known = waves_of(table)
    asked = table["wave"].map(table["wave"].value_counts())
    few = table[(asked < SMALLEST_CELL_SHOWN) & table["wave"].isin(list(waves or known))]
    if len(few):
        first = few["wave"].iloc[0]
        count = int((few["wave"] == first).sum())
        raise InputError(
            place,
            f"wave {first!r} has {count} respondent{'' if count == 1 else 's'}",
            f"correct it if it is a slip; a wave needs {SMALLEST_CELL_SHOWN}: choose the others "
            "with --waves",
        )
    for wave in waves or ():
        check_wave(wave, known, place)
    chosen = list(waves or known)
    names = _identifiers(chosen, place, "wave")
    survey = _identifiers([survey], place, "survey")[survey]
    labels = {
        (question, answer): f"{question}: {answer}"
        for question in questions(table)
        for answer in sorted(set(table[question].dropna()))
    }
    identifiers = _identifiers(list(labels), place, "answer")
    tallies = {
        (question, wave): tally(rows, question, [answer for of, answer in labels if of == question])
        for question in questions(table)
        for wave in chosen
        if len(rows := table[(table["wave"] == wave) & table[question].notna()])
    }
    in_tables = {
        key: found
        for key, found in tallies.items()
        if found.base.effective_base >= SMALLEST_BASE_IN_TABLES
    }
    percentages = pd.DataFrame(
        [
            {
                "survey": survey,
                "wave": names[wave],
                "question": identifiers[question, answer],
                "label": labels[question, answer],
                "percent": wording.round_half_up(100 * found.shares[answer], 0),
                "decimals": 0,
            }
            for (question, wave), found in in_tables.items()
            for answer in found.counts.dropna().index
        ],
        columns=list(TABLES["percentages"].schema.columns),
    )
    shifts = _shifts(tallies, list(pairwise(chosen)))
    tested: list[Any] = list(shifts[~shifts["withheld"]].itertuples())
    # Editions that are published stay as they are.
    newest = load.table("editions")["edition"].max()
    comparisons = [
        {
            "comparison": f"{identifier}_{names[row.wave_1]}_{names[row.wave_2]}",
            "label": f"{labels[row.question, row.answer]}, {row.wave_1} to {row.wave_2}",
            "question": identifier,
            "survey_1": survey,
            "wave_1": names[row.wave_1],
            "survey_2": survey,
            "wave_2": names[row.wave_2],
            "printed_shift_points": "",
            "strategy_says": "none",
            "headline": "false",
            "edition": newest,
        }
        for row in tested
        if {(row.question, row.wave_1), (row.question, row.wave_2)} <= set(in_tables)
        for identifier in [identifiers[row.question, row.answer]]
    ]
    return SurveyRows(
        _waves(table, in_tables, survey, names),
        percentages,
        pd.DataFrame(comparisons, columns=list(TABLES["comparisons"].schema.columns)),
        shifts,
        respondents.changed,
        [
            f"{question} in {wave}"
            for question, wave in tallies
            if (question, wave) not in in_tables
        ],
    )


def told(rows: SurveyRows) -> list[str]:
    """The shifts in words, a line each, with the design effects; what is withheld is counted."""
    lines = []
    tested: list[Any] = list(rows.shifts[~rows.shifts["withheld"]].itertuples())
    for row in tested:
        levels = f"{wording.percent(row.percent_1, 1)} to {wording.percent(row.percent_2, 1)}"
        verdict = "significant" if row.significant else "not significant"
        if row.significant and row.p_holm > ALPHA:
            verdict = "significant alone, not among all shifts tested (Holm)"
        lines.append(
            f"{row.question}, {row.answer}, {row.wave_1} to {row.wave_2}: {levels}, "
            f"{wording.signed(row.difference_points, 1)} points "
            f"({wording.interval(row.ci_low, row.ci_high)}), p {wording.p_value(row.p_value)}, "
            f"design effects {row.design_effect_1} and {row.design_effect_2}: {verdict}"
        )
    if rows.too_few:
        lines.append(
            f"in shifts.csv alone, for fewer than {SMALLEST_BASE_IN_TABLES} effective respondents: "
            f"{', '.join(rows.too_few)}"
        )
    withheld = int(rows.shifts["withheld"].sum())
    if withheld:
        lines.append(
            f"{withheld} of {len(rows.shifts)} shifts withheld: an answer of fewer than "
            f"{SMALLEST_CELL_SHOWN} respondents, or one that would give it away"
        )
    return lines


def _shifts(tallies: dict[tuple[str, object], Tally], pairs: list[tuple]) -> pd.DataFrame:
    """Every answer in every pair of waves that the question was asked in."""
    found = []
    for question in dict.fromkeys(question for question, _ in tallies):
        for one, other in pairs:
            if (question, one) not in tallies or (question, other) not in tallies:
                continue
            first, second = tallies[question, one], tallies[question, other]
            answers = compare_tallies(first, second, alpha=ALPHA)
            about = answers.drop(columns=["count_1", "count_2"]).reset_index()
            about.insert(0, "question", question)
            about.insert(2, "wave_1", one)
            about.insert(3, "wave_2", other)
            for number, each in ((1, first), (2, second)):
                base = each.shown_base
                about[f"base_{number}"] = pd.NA if base is None else _to_ten(base.base)
                about[f"design_effect_{number}"] = (
                    pd.NA if base is None else round(base.design_effect, 2)
                )
            found.append(about)
    columns = ["question", "answer", "wave_1", "wave_2", "percent_1", "percent_2", "base_1"]
    columns += ["base_2", "design_effect_1", "design_effect_2", "difference_points", "ci_low"]
    columns += ["ci_high", "p_value", "p_holm", "significant", "withheld"]
    if not found:
        return pd.DataFrame(columns=columns).astype({"withheld": bool})
    shifts = pd.concat(found, ignore_index=True)
    tested = ~shifts["withheld"]
    shifts["p_holm"] = pd.Series(pd.NA, shifts.index, dtype="Float64")
    if tested.any():
        p_values = shifts.loc[tested, "p_value"].astype(float)
        shifts.loc[tested, "p_holm"] = np.asarray(adjust_p_values(p_values, method="holm"))
    points = ["percent_1", "percent_2", "difference_points", "ci_low", "ci_high"]
    shifts[points] = shifts[points].round(DECIMALS)
    shifts[["p_value", "p_holm"]] = shifts[["p_value", "p_holm"]].round(4)
    return shifts[columns]


def _waves(table: pd.DataFrame, tallies: dict, survey: str, names: dict) -> pd.DataFrame:
    """A row for each wave with a question of `tallies`: the base, and the least that it is worth.

    The lower end of the range is the smallest effective base of a question that is shown, so that
    the book, which tests over the range, allows for weights and missing answers.
    """
    rows = []
    for wave, name in names.items():
        base = int((table["wave"] == wave).sum())
        effective = [found.base.effective_base for (_, of), found in tallies.items() if of == wave]
        if not effective:
            continue
        least = int(min(effective)) // BASES_TO * BASES_TO
        rows.append(
            {
                "survey": survey,
                "wave": name,
                "label": f"{survey} {wave}",
                "fieldwork_start": "",
                "fieldwork_end": "",
                "people": "respondents",
                "base": base,
                "base_status": "published",
                "base_low": least,
                "base_high": base,
                "note": "Weighted percentages from the answers of each respondent. The lower base "
                "allows for the weights (Kish) and for questions that not everybody answered.",
            }
        )
    return pd.DataFrame(rows, columns=list(TABLES["waves"].schema.columns))


def _to_ten(base: int) -> int:
    return round(base / BASES_TO) * BASES_TO


def _identifiers(names: list, place: str, kind: str) -> dict:
    """An identifier for each of `names` (text, or several texts): small letters and underscores."""
    found: dict = {}
    for name in names:
        text = "_".join(name) if isinstance(name, tuple) else str(name)
        identifier = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")
        other = next((each for each, taken in found.items() if taken == identifier), None)
        if not identifier or other is not None:
            raise InputError(
                place,
                f"{kind} {shown(text)} has no identifier of its own"
                + (f": {other!r} has it too" if other is not None else ""),
                "give it a name that differs in letters or digits",
            )
        found[name] = identifier
    return found
