"""Survey answers of single respondents: checked, weighted, compared, and small cells withheld.

The format is a table with one row a respondent:

- `respondent`: any identifier, once in a wave. Not a name, an address or a date of birth.
- `wave`: which fieldwork, for example 2022.
- `weight`: how many people of the population the respondent stands for, above 0; 1 for everyone
  where the survey is not weighted.
- every other column is a question, named as in the table of printed percentages; its values are the
  answers in words. An empty cell means not asked or not answered, and leaves the respondent out of
  that question's base.

Results have one row an answer and hold nothing about cells of fewer than `minimum` respondents.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from safer_communities.errors import ErrorCollector, InputError, did_you_mean
from safer_communities.statistics import validation
from safer_communities.statistics.significance import compare_shares
from safer_communities.statistics.validation import Numbers

PLACE = "survey microdata"
DESCRIBING_COLUMNS = ("respondent", "wave", "weight")
SMALLEST_CELL_SHOWN = 10


@dataclass(frozen=True)
class WeightedBase:
    """Respondents, how many a simple random sample would need to say as much, and their ratio."""

    base: int
    effective_base: float
    design_effect: float


@dataclass(frozen=True)
class WaveComparison:
    """Two waves' answers to one question: a row an answer, and what each wave rests on.

    `answers` is indexed by answer: count_1, count_2 (respondents), percent_1, percent_2 (weighted),
    difference_points, ci_low, ci_high (percentage points, second minus first), p_value,
    significant, withheld. What must not be shown is missing (`<NA>`), a base of too few is None.
    """

    answers: pd.DataFrame
    base_1: WeightedBase | None
    base_2: WeightedBase | None


def check_responses(responses: pd.DataFrame) -> pd.DataFrame:
    """The table of respondents, if it is in the format above: weights as floats, the rest as given.

    Raises InputError, or an ExceptionGroup of them, naming the column and the row of all that is
    wrong: a column is missing or there is no question, a respondent is missing or comes twice in a
    wave, a wave is missing, or a weight is not a number above 0.
    """
    missing = [name for name in DESCRIBING_COLUMNS if name not in responses.columns]
    if missing:
        raise InputError(
            PLACE,
            f"there is no column {', '.join(missing)}",
            "give every respondent the columns respondent, wave and weight",
        )
    if not questions(responses):
        raise InputError(PLACE, "there is no question", "add a column for each question")
    if responses.empty:
        raise InputError(PLACE, "there is no respondent", "add a row for each respondent")
    weights = pd.to_numeric(responses["weight"], errors="coerce").astype(float)
    repeated = responses.duplicated(["wave", "respondent"])
    problems = ErrorCollector(PLACE)
    for column, wrong, problem in (
        ("respondent", responses["respondent"].isna(), "is missing"),
        ("wave", responses["wave"].isna(), "is missing"),
        ("respondent", repeated, "comes twice in its wave"),
        ("weight", ~np.isfinite(weights) | (weights <= 0), "is not a number above 0"),
    ):
        values = responses[column].tolist()
        for row in np.flatnonzero(wrong):
            problems.add(
                f"{values[row]!r} {problem}", "correct the row", row=row + 1, column=column
            )
    problems.raise_any()
    return responses.assign(weight=weights)


def questions(responses: pd.DataFrame) -> list[str]:
    """The columns of the table that are questions, in its order."""
    return [name for name in responses.columns if name not in DESCRIBING_COLUMNS]


def weighted_base(weights: Numbers) -> WeightedBase:
    """What weights leave of a sample: its base, its effective base and its design effect.

    `weights` above 0, one a respondent. The effective base is the square of their sum over the sum
    of their squares, equal to the base where all weights are equal; the design effect is base over
    effective base. It counts unequal weighting alone, not quotas or clusters.

    Raises ValueError for no weights, and weights that are not above 0.

    Source: Kish (1965), Survey Sampling, section 11.7; Kish (1992), Journal of Official Statistics
    8:183.
    """
    values = validation.positive("weights", weights).ravel()
    # Scaling first keeps the squares of very large or very small weights in range.
    values = values / values.max()
    effective = float(values.sum() ** 2 / (values**2).sum())
    return WeightedBase(len(values), effective, len(values) / effective)


def compare_waves(
    responses: pd.DataFrame,
    question: str,
    wave_1: object,
    wave_2: object,
    *,
    alpha: float = 0.05,
    minimum: int = SMALLEST_CELL_SHOWN,
) -> WaveComparison:
    """Every answer to one question in two waves, weighted, compared, small cells withheld.

    Answers come in alphabetical order. The test is `significance.compare_shares` with each wave's
    effective base among those who answered. Where a cell of either wave is withheld (see
    `withhold_small_cells`), so is everything about that cell and about the answer's change. A wave
    of fewer than `minimum` respondents is withheld altogether.

    Raises InputError as `check_responses` does, and where there is no such question or a wave has
    nobody who answered it.
    """
    alpha = validation.open_probability("alpha", alpha)
    checked = check_responses(responses)
    if question not in questions(checked):
        raise InputError(
            PLACE,
            f"there is no question {question!r}",
            did_you_mean(question, questions(checked)),
        )
    answered = checked[checked[question].notna()]
    waves = [answered[answered["wave"] == wave] for wave in (wave_1, wave_2)]
    for wave, rows in zip((wave_1, wave_2), waves, strict=True):
        if rows.empty:
            raise InputError(
                PLACE,
                f"nobody in wave {wave!r} answered {question!r}",
                "choose waves in which the question was asked",
            )
    answers = sorted(set(waves[0][question]) | set(waves[1][question]), key=str)
    bases = [weighted_base(rows["weight"]) for rows in waves]
    counts = [rows[question].value_counts().reindex(answers, fill_value=0) for rows in waves]
    shares = [_weighted_shares(rows, question, answers) for rows in waves]
    shown = [withhold_small_cells(count, minimum=minimum) for count in counts]
    found = compare_shares(
        shares[0], bases[0].effective_base, shares[1], bases[1].effective_base, alpha=alpha
    )
    table = pd.DataFrame(
        {
            "count_1": shown[0],
            "count_2": shown[1],
            "percent_1": (100 * shares[0]).astype("Float64").mask(shown[0].isna()),
            "percent_2": (100 * shares[1]).astype("Float64").mask(shown[1].isna()),
            "difference_points": (100 * found.difference).astype("Float64"),
            "ci_low": (100 * found.ci_low).astype("Float64"),
            "ci_high": (100 * found.ci_high).astype("Float64"),
            "p_value": found.p_value.astype("Float64"),
            "significant": found.significant.astype("boolean"),
        }
    ).rename_axis("answer")
    withheld = shown[0].isna() | shown[1].isna()
    change = ["difference_points", "ci_low", "ci_high", "p_value", "significant"]
    table[change] = table[change].mask(withheld)
    table["withheld"] = withheld
    return WaveComparison(table, *(base if base.base >= minimum else None for base in bases))


def withhold_small_cells(counts: pd.Series, *, minimum: int = SMALLEST_CELL_SHOWN) -> pd.Series:
    """The counts of one question's answers (Int64), with `<NA>` for those that must not be shown.

    Counts below `minimum`, zero included, are withheld. The base of the question is published, so
    that a single gap could be worked out from the rest: while only one cell is withheld, or those
    withheld add up to less than `minimum`, the smallest one shown is withheld too.

    Raises ValueError for counts that are negative or not whole and a `minimum` below 2.

    Source: Government Statistical Service (2014), Disclosure control guidance for tables produced
    from surveys: primary and secondary suppression.
    """
    minimum = validation.whole("minimum", minimum, at_least=2)
    values = pd.Series(validation.counts("counts", counts), index=counts.index)
    withheld = values < minimum
    while withheld.any() and not withheld.all():
        if withheld.sum() > 1 and values[withheld].sum() >= minimum:
            break
        withheld |= values.index == values[~withheld].idxmin()
    return values.astype("Int64").mask(withheld)


def _weighted_shares(rows: pd.DataFrame, question: str, answers: list) -> pd.Series:
    sums = rows.groupby(question)["weight"].sum().reindex(answers, fill_value=0.0)
    # Rounding may carry the share of a unanimous wave past 1.
    return (sums / sums.sum()).clip(0, 1)
