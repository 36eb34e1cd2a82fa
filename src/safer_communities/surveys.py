"""Survey shifts: what the printed percentages can say, given who was asked and how many.

A survey is described by three tables. `waves` says how many people answered (`base`, and whether
that is published or assumed), `percentages` what they answered, and `comparisons` which two
percentages are set side by side and what the strategy says of them.

Only whole percentages are printed, so every comparison is tested over all counts that round to
them. Where a base is not published, it is tested over the stated range of bases too.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from scipy.stats import norm

from safer_communities.significance import (
    adjust_p_values,
    compare_percentages,
    compare_proportions,
)

ALPHA = 0.05
DESIGN_EFFECTS = (1.0, 1.5, 2.0)
SIGNIFICANT, NOT_SIGNIFICANT, CANNOT_TELL = "significant", "not significant", "cannot tell"
# What the strategy claims of a shift and what the figures make of that claim.
AGREEMENTS = {
    SIGNIFICANT: "strategy says significant, figures carry it",
    NOT_SIGNIFICANT: "strategy says significant, figures do not carry it",
    CANNOT_TELL: "cannot tell",
}
NO_CLAIM = "strategy claims nothing"
SIGNIFICANCE_CLAIMS = ("significant", "starred")


@dataclass(frozen=True)
class SurveyTables:
    """The tables `waves`, `percentages` and `comparisons` of `data/surveys`."""

    waves: pd.DataFrame
    percentages: pd.DataFrame
    comparisons: pd.DataFrame


@dataclass(frozen=True)
class Wave:
    """How many people one wave asked; the ends of the range are the base where it is published."""

    label: str
    base: int
    base_status: str
    base_low: int
    base_high: int


@dataclass(frozen=True)
class Shift:
    """Two percentages side by side; `percent_2` is empty where only the shift is printed.

    `implied` is true where the first percentage is not printed but follows from the second and
    the shift in points.
    """

    comparison: str
    label: str
    wave_1: Wave
    wave_2: Wave
    percent_1: float | None
    percent_2: float | None
    decimals: int
    points: float
    implied: bool
    strategy_says: str
    headline: bool

    @property
    def has_level(self) -> bool:
        """Whether a level is known, so that the shift can be tested."""
        return self.percent_2 is not None


def shifts(tables: SurveyTables) -> list[Shift]:
    """Every comparison with its waves and percentages, in the order of the table.

    Raises ValueError where a comparison has neither two percentages nor a printed shift.
    """
    waves = {
        (row.survey, str(row.wave)): Wave(
            row.label, int(row.base), row.base_status, int(row.base_low), int(row.base_high)
        )
        for row in tables.waves.itertuples()
    }
    printed = {
        (row.survey, str(row.wave), row.question): (float(row.percent), int(row.decimals))
        for row in tables.percentages.itertuples()
    }
    return [_shift(row, waves, printed) for row in tables.comparisons.itertuples()]


def _shift(row, waves: dict, printed: dict) -> Shift:
    first = printed.get((row.survey_1, str(row.wave_1), row.question))
    second = printed.get((row.survey_2, str(row.wave_2), row.question))
    implied = first is None
    if implied and pd.isna(row.printed_shift_points):
        raise ValueError(
            f"comparisons: {row.comparison!r} has neither two percentages nor a printed shift"
        )
    points = float(row.printed_shift_points) if implied else second[0] - first[0]
    percent_2 = second[0] if second else None
    percent_1 = first[0] if first else None
    if implied and second:
        percent_1 = percent_2 - points
    return Shift(
        comparison=row.comparison,
        label=row.label,
        wave_1=waves[(row.survey_1, str(row.wave_1))],
        wave_2=waves[(row.survey_2, str(row.wave_2))],
        percent_1=percent_1,
        percent_2=percent_2,
        decimals=second[1] if second else 0,
        points=points,
        implied=implied,
        strategy_says=row.strategy_says,
        headline=str(row.headline).lower() == "true",
    )


def compare_shifts(tables: SurveyTables, *, design_effect: float = 1.0) -> pd.DataFrame:
    """A row for every comparison that has a level: how large the shift is, and whether it is one.

    Percentages, the difference (second minus first) and its 95% interval are in percentage points;
    `p_value` takes the percentages at face value, `p_low` and `p_high` are its range over all
    counts that round to what is printed. `verdict` holds at the stated or assumed bases,
    `verdict_any_base` at every base of the stated ranges, and `agreement` sets the latter beside
    what the strategy says. `p_holm` is adjusted within the family of findings that the strategy
    headlines (empty for others), `p_bh` (Benjamini-Hochberg) over all comparisons.
    """
    known = [shift for shift in shifts(tables) if shift.has_level]
    table = pd.DataFrame([_compared(shift, design_effect) for shift in known])
    table["p_bh"] = np.asarray(adjust_p_values(table["p_value"], method="bh"))
    headline = table["headline"]
    table["p_holm"] = np.nan
    table.loc[headline, "p_holm"] = np.asarray(
        adjust_p_values(table.loc[headline, "p_value"], method="holm")
    )
    return table


def _compared(shift: Shift, design_effect: float) -> dict:
    first, second = shift.wave_1, shift.wave_2
    face = compare_percentages(
        shift.percent_1,
        first.base,
        shift.percent_2,
        second.base,
        decimals=shift.decimals,
        design_effect=design_effect,
    )
    p_low, p_high = p_range(shift, first.base, second.base, design_effect)
    any_base = verdict_at_any_base(shift, design_effect)
    claims = shift.strategy_says in SIGNIFICANCE_CLAIMS
    return {
        "comparison": shift.comparison,
        "label": shift.label,
        "wave_1": first.label,
        "wave_2": second.label,
        "percent_1": shift.percent_1,
        "percent_2": shift.percent_2,
        "percent_1_implied": shift.implied,
        "base_1": first.base,
        "base_1_status": first.base_status,
        "base_2": second.base,
        "base_2_status": second.base_status,
        "difference_points": face.difference * 100,
        "ci_low": face.ci_low * 100,
        "ci_high": face.ci_high * 100,
        "p_value": face.p_value,
        "p_low": p_low,
        "p_high": p_high,
        "verdict": verdict(p_low, p_high),
        "verdict_any_base": any_base,
        "strategy_says": shift.strategy_says,
        "agreement": AGREEMENTS[any_base] if claims else NO_CLAIM,
        "headline": shift.headline,
    }


def verdict(p_low: float, p_high: float, *, alpha: float = ALPHA) -> str:
    """ "significant" where every p-value is at most `alpha`, "not significant" where none is."""
    if p_high <= alpha:
        return SIGNIFICANT
    return NOT_SIGNIFICANT if p_low > alpha else CANNOT_TELL


def verdict_at_any_base(shift: Shift, design_effect: float = 1.0) -> str:
    """The verdict over all roundings and all bases of the stated ranges.

    A larger base makes the p-value of the same percentages smaller, so the ends of the ranges
    bound it.
    """
    _, p_high = p_range(shift, shift.wave_1.base_low, shift.wave_2.base_low, design_effect)
    p_low, _ = p_range(shift, shift.wave_1.base_high, shift.wave_2.base_high, design_effect)
    return verdict(p_low, p_high)


def p_range(
    shift: Shift, base_1: int, base_2: int, design_effect: float = 1.0
) -> tuple[float, float]:
    """The smallest and largest p-value over all counts that round to what is printed."""
    if shift.implied:
        return _p_range_of_points(
            shift.percent_2, shift.points, base_1, base_2, design_effect, shift.decimals
        )
    result = compare_percentages(
        shift.percent_1,
        base_1,
        shift.percent_2,
        base_2,
        decimals=shift.decimals,
        design_effect=design_effect,
    )
    return float(result.p_low), float(result.p_high)


def _p_range_of_points(
    percent_2: float,
    points: float,
    base_1: int,
    base_2: int,
    design_effect: float,
    decimals: int = 0,
) -> tuple[float, float]:
    """The range of p where the second level and the shift in points are printed, both rounded."""
    half = 0.5 * 10**-decimals
    counts_1, counts_2 = np.arange(base_1 + 1), np.arange(base_2 + 1)
    level_2 = 100 * counts_2 / base_2
    counts_2 = counts_2[_rounds_to(level_2, percent_2, half)]
    grid_1, grid_2 = (grid.ravel() for grid in np.meshgrid(counts_1, counts_2))
    difference = 100 * (grid_2 / base_2 - grid_1 / base_1)
    fits = _rounds_to(difference, points, half)
    if not fits.any():
        raise ValueError(f"points: no counts of {base_1} and {base_2} give a shift of {points}")
    z = np.asarray(compare_proportions(grid_1[fits], base_1, grid_2[fits], base_2).z)
    # A design effect divides both bases, which divides z by its square root.
    p_values = 2 * norm.sf(np.abs(z) / np.sqrt(design_effect))
    return float(p_values.min()), float(p_values.max())


def _rounds_to(values: np.ndarray, printed: float, half: float) -> np.ndarray:
    """Which values round to what is printed; a tie counts for both neighbours."""
    tolerance = 1e-9
    return np.abs(values - printed) <= half + tolerance


def sensitivity(tables: SurveyTables) -> pd.DataFrame:
    """The verdict of every comparison at other bases and design effects, one row each.

    Columns: comparison, label, bases ("smallest", "stated or assumed", "largest"), base_1, base_2,
    design_effect, p_low, p_high, verdict. A design effect of 2 halves what an answer is worth: the
    surveys drew quotas, not simple random samples.
    """
    rows = []
    for shift, design_effect in product(shifts(tables), DESIGN_EFFECTS):
        if not shift.has_level:
            continue
        for name, field in _BASES.items():
            base_1, base_2 = getattr(shift.wave_1, field), getattr(shift.wave_2, field)
            p_low, p_high = p_range(shift, base_1, base_2, design_effect)
            rows.append(
                {
                    "comparison": shift.comparison,
                    "label": shift.label,
                    "bases": name,
                    "base_1": base_1,
                    "base_2": base_2,
                    "design_effect": design_effect,
                    "p_low": p_low,
                    "p_high": p_high,
                    "verdict": verdict(p_low, p_high),
                }
            )
    return pd.DataFrame(rows)


_BASES = {"smallest": "base_low", "stated or assumed": "base", "largest": "base_high"}


def shifts_without_level(tables: SurveyTables) -> pd.DataFrame:
    """The levels at which a shift that is printed alone would be significant, one row a shift.

    Columns: comparison, label, points, base_1, base_2, strategy_says, and four levels of the
    second wave in whole per cent. At or below `surely_up_to` and at or above `surely_from` the
    shift is significant however the figures were rounded; between `possibly_up_to` and
    `possibly_from` it is not. A level that does not exist is missing.
    """
    alone = [shift for shift in shifts(tables) if not shift.has_level]
    return pd.DataFrame([levels_of_significance(shift) for shift in alone])


def levels_of_significance(shift: Shift) -> dict:
    """One row of `shifts_without_level`: the levels at which one shift would be significant."""
    base_1, base_2 = shift.wave_1.base, shift.wave_2.base
    verdicts = {}
    for level in range(101):
        if 0 <= level - shift.points <= 100:
            p_low, p_high = _p_range_of_points(level, shift.points, base_1, base_2, 1.0)
            verdicts[level] = verdict(p_low, p_high)
    surely_up_to, surely_from = _outer_runs(verdicts, {SIGNIFICANT})
    possibly_up_to, possibly_from = _outer_runs(verdicts, {SIGNIFICANT, CANNOT_TELL})
    return {
        "comparison": shift.comparison,
        "label": shift.label,
        "points": shift.points,
        "base_1": base_1,
        "base_2": base_2,
        "strategy_says": shift.strategy_says,
        "surely_up_to": surely_up_to,
        "possibly_up_to": possibly_up_to,
        "possibly_from": possibly_from,
        "surely_from": surely_from,
    }


def _outer_runs(verdicts: dict[int, str], wanted: set[str]) -> tuple[int | None, int | None]:
    """Where the wanted verdicts at the lowest levels end, and those at the highest begin."""
    levels = sorted(verdicts)
    other = [level for level in levels if verdicts[level] not in wanted]
    if not other:
        return levels[-1], levels[0]
    up_to = other[0] - 1 if other[0] > levels[0] else None
    since = other[-1] + 1 if other[-1] < levels[-1] else None
    return up_to, since
