"""Survey shifts: what the printed percentages can say, given who was asked and how many.

A survey is described by three tables. `waves` says how many people answered (`base`, and whether
that is published or assumed), `percentages` what they answered, and `comparisons` which two
percentages are set side by side and what the strategy says of them.

Only whole percentages are printed, so every comparison is tested over all counts that round to
them. Where a base is not published, it is tested over the stated range of bases too. Where only
the later level and the shift are printed, the earlier level is the one less the other, and is
treated as printed: the shift itself may then be up to a point larger or smaller, which allows for
a shift worked out from rounded levels.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from scipy.stats import norm

from safer_communities.statistics.significance import (
    CANNOT_TELL,
    NOT_SIGNIFICANT,
    SIGNIFICANT,
    BaseRangeComparison,
    PercentageComparison,
    adjust_p_values,
    compare_percentages,
    compare_percentages_over_bases,
    levels_at_which_shift_is_significant,
    smallest_detectable_shift,
    verdict_of_range,
)

ALPHA = 0.05
DESIGN_EFFECTS = (1.0, 1.5, 2.0)
POWER = 0.8
# Shares from which the smallest detectable shift is shown.
LEVELS_SHOWN = (10, 30, 50, 70, 90)
# What the strategy claims of a shift and what the figures make of that claim.
AGREEMENTS = {
    SIGNIFICANT: "strategy says significant, figures carry it",
    NOT_SIGNIFICANT: "strategy says significant, figures do not carry it",
    CANNOT_TELL: "cannot tell",
}
NO_CLAIM = "strategy claims nothing"
SIGNIFICANCE_CLAIMS = ("significant", "starred")
ASSUMED = "assumed"


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

    @property
    def percentages(self) -> tuple[float, float]:
        """Both percentages; raises ValueError where the shift is printed without a level."""
        if self.percent_1 is None or self.percent_2 is None:
            raise ValueError(f"shift: {self.comparison!r} is printed without a level")
        return self.percent_1, self.percent_2

    @property
    def described(self) -> dict:
        """What is compared: the first columns of a table of shifts."""
        return {
            "comparison": self.comparison,
            "label": self.label,
            "wave_1": self.wave_1.label,
            "wave_2": self.wave_2.label,
            "percent_1": self.percent_1,
            "percent_2": self.percent_2,
            "percent_1_implied": self.implied,
            "base_1": self.wave_1.base,
            "base_1_status": self.wave_1.base_status,
            "base_2": self.wave_2.base,
            "base_2_status": self.wave_2.base_status,
        }


def shifts(tables: SurveyTables) -> list[Shift]:
    """Every comparison with its waves and percentages, in the order of the table.

    Raises ValueError where a comparison has neither two percentages nor a printed shift.
    """
    waves = {(row.survey, str(row.wave)): _wave(row) for row in tables.waves.itertuples()}
    printed = {
        (row.survey, str(row.wave), row.question): (row.percent, row.decimals)
        for row in tables.percentages.itertuples()
    }
    return [_shift(row, waves, printed) for row in tables.comparisons.itertuples()]


def _wave(row) -> Wave:
    return Wave(row.label, int(row.base), row.base_status, int(row.base_low), int(row.base_high))


def _shift(row, waves: dict, printed: dict) -> Shift:
    first = printed.get((row.survey_1, str(row.wave_1), row.question))
    second = printed.get((row.survey_2, str(row.wave_2), row.question))
    if first and second:
        points = second[0] - first[0]
    elif pd.isna(row.printed_shift_points):
        raise ValueError(
            f"comparisons: {row.comparison!r} has neither two percentages nor a printed shift"
        )
    else:
        points = float(row.printed_shift_points)
    percent_1 = float(first[0]) if first else None
    percent_2 = float(second[0]) if second else None
    if percent_1 is None and percent_2 is not None:
        percent_1 = percent_2 - points
    return Shift(
        comparison=row.comparison,
        label=row.label,
        wave_1=waves[(row.survey_1, str(row.wave_1))],
        wave_2=waves[(row.survey_2, str(row.wave_2))],
        percent_1=percent_1,
        percent_2=percent_2,
        decimals=int(second[1]) if second else 0,
        points=points,
        implied=first is None,
        strategy_says=row.strategy_says,
        headline=bool(row.headline),
    )


def compare_shifts(tables: SurveyTables) -> pd.DataFrame:
    """A row for every comparison that has a level: how large the shift is, and whether it is one.

    Percentages, the difference (second minus first) and its 95% interval are in percentage points;
    `p_value` takes the percentages at face value, `p_low` and `p_high` are its range over all
    counts that round to what is printed, `p_low_any_base` and `p_high_any_base` over every base of
    the stated ranges as well. `verdict` goes with the former range, `verdict_any_base` with the
    latter, and `agreement` sets the latter beside what the strategy says. `detectable` is the
    smallest shift in this direction, in percentage points, that such waves would probably have
    found. `p_holm` is adjusted within the family of findings that the strategy headlines (empty
    for others), `p_bh` (Benjamini-Hochberg) over all comparisons.
    """
    known = [shift for shift in shifts(tables) if shift.has_level]
    table = pd.DataFrame([_compared(shift) for shift in known])
    table["p_bh"] = np.asarray(adjust_p_values(table["p_value"], method="bh"))
    headline = table["headline"]
    table["p_holm"] = np.nan
    if headline.any():
        table.loc[headline, "p_holm"] = np.asarray(
            adjust_p_values(table.loc[headline, "p_value"], method="holm")
        )
    return table


def _compared(shift: Shift) -> dict:
    face, over_bases = face_value(shift), over_all_bases(shift)
    detectable = smallest_detectable_shift(
        shift.percentages[0], shift.wave_1.base, shift.wave_2.base, power=POWER
    )
    claims = shift.strategy_says in SIGNIFICANCE_CLAIMS
    return {
        **shift.described,
        "difference_points": face.difference * 100,
        "ci_low": face.ci_low * 100,
        "ci_high": face.ci_high * 100,
        "p_value": face.p_value,
        "p_low": face.p_low,
        "p_high": face.p_high,
        "verdict": face.verdict,
        "p_low_any_base": over_bases.p_low,
        "p_high_any_base": over_bases.p_high,
        "verdict_any_base": over_bases.verdict,
        "detectable": detectable.fall if shift.points < 0 else detectable.rise,
        "strategy_says": shift.strategy_says,
        "agreement": AGREEMENTS[over_bases.verdict] if claims else NO_CLAIM,
        "headline": shift.headline,
    }


@cache
def over_all_bases(shift: Shift) -> BaseRangeComparison:
    """The range of p over all roundings and every base of the stated ranges, and the flip bases.

    Kept for each shift, since thousands of pairs of bases are tried. Raises ValueError where the
    shift has no level.
    """
    return _compare_over_bases(shift, *shift.percentages)


def _compare_over_bases(
    shift: Shift, percent_1: float | pd.Series, percent_2: float | pd.Series
) -> BaseRangeComparison:
    """Two percentages, or many, compared over the stated ranges of both waves' bases."""
    first, second = shift.wave_1, shift.wave_2
    return compare_percentages_over_bases(
        percent_1,
        first.base,
        percent_2,
        second.base,
        base_1_low=first.base_low,
        base_1_high=first.base_high,
        base_2_low=second.base_low,
        base_2_high=second.base_high,
        decimals=shift.decimals,
    )


def face_value(shift: Shift) -> PercentageComparison:
    """The comparison at the stated bases: face value, and the range over all roundings."""
    percent_1, percent_2 = shift.percentages
    return compare_percentages(
        percent_1, shift.wave_1.base, percent_2, shift.wave_2.base, decimals=shift.decimals
    )


def with_design_effect(p_value: pd.Series, design_effect: float) -> pd.Series:
    """The p-values as they would be if an answer were worth 1 / `design_effect` of one.

    A design effect divides both bases, which divides z by its square root: the same as testing
    anew, for the range of p as well, since roundings keep their order.

    Source: Kish (1965), Survey Sampling, section 8.2.
    """
    z = norm.isf(p_value / 2)
    return pd.Series(2 * norm.sf(z / np.sqrt(design_effect)), index=p_value.index)


def design_effects(compared: pd.DataFrame) -> pd.DataFrame:
    """The p-value and verdict of every comparison at design effects 1.0, 1.5 and 2.0 side by side.

    `compared` is the table of `compare_shifts`. Columns: comparison, label, and for each design
    effect the p-value at face value and the verdict over all roundings and bases (`p_1.0`,
    `verdict_1.0`, and so on). A design effect of 2 halves what an answer is worth: the surveys
    drew quotas, not simple random samples.
    """
    table = compared[["comparison", "label"]].copy()
    for effect in DESIGN_EFFECTS:
        p_value, low, high = (
            with_design_effect(compared[name], effect)
            for name in ("p_value", "p_low_any_base", "p_high_any_base")
        )
        table[f"p_{effect}"] = p_value
        table[f"verdict_{effect}"] = verdict_of_range(low, high, ALPHA)
    return table


def unknown_bases(tables: SurveyTables) -> pd.DataFrame:
    """What every comparison with an assumed base would be at other bases, one row a base.

    Columns: comparison, label, wave (whose base is assumed), base, base_status, base_low,
    base_high, `p_low` and `p_high` (over all roundings and all bases of the ranges), verdict, and
    `flip_base`: the nearest base at which the printed percentages, at face value and with the other
    base as it is, become or stop being significant (missing where no base up to 5,000 does that).
    """
    rows = []
    for shift in shifts(tables):
        if not shift.has_level:
            continue
        found = over_all_bases(shift)
        ends = {"p_low": found.p_low, "p_high": found.p_high, "verdict": found.verdict}
        for wave, flip in ((shift.wave_1, found.flip_base_1), (shift.wave_2, found.flip_base_2)):
            compared = {"comparison": shift.comparison, "wave": wave.label}
            rows.append(vars(wave) | compared | {"label": shift.label} | ends | {"flip_base": flip})
    table = pd.DataFrame(rows)
    return table[table["base_status"] == ASSUMED].reset_index(drop=True)


def smallest_shifts(base_1: int, base_2: int) -> pd.DataFrame:
    """The smallest shifts that two waves would find four times in five, by first level.

    Columns: level (per cent), and for each design effect `rise_1.0`, `fall_1.0` and so on, in
    percentage points; missing where not even a shift to 100% (or to 0%) would be found.
    """
    levels = np.array(LEVELS_SHOWN)
    table = pd.DataFrame({"level": levels})
    for effect in DESIGN_EFFECTS:
        found = smallest_detectable_shift(
            levels, base_1, base_2, power=POWER, alpha=ALPHA, design_effect=effect
        )
        for name, sizes in (("rise", found.rise), ("fall", found.fall)):
            table[f"{name}_{effect}"] = np.where(np.isinf(sizes), np.nan, sizes)
    return table


def shifts_without_level(tables: SurveyTables) -> pd.DataFrame:
    """The levels at which a shift that is printed alone would be significant, one row a shift.

    Columns: those of `Shift.described`, points, strategy_says, and six levels of the second wave in
    whole per cent. At or below `up_to` and at or above `since` the shift is significant at face
    value and at the stated bases; at or below `surely_up_to` and at or above `surely_from` it is
    however the figures were rounded and at every base of the stated ranges; between
    `possibly_up_to` and `possibly_from` it is not, however they were and whichever it was. A level
    that does not exist is missing.
    """
    alone = [shift for shift in shifts(tables) if not shift.has_level]
    return pd.DataFrame([levels_of_significance(shift) for shift in alone])


def levels_of_significance(shift: Shift) -> dict:
    """One row of `shifts_without_level`: the levels at which one shift would be significant."""
    levels, at_face_value, anyhow = _levels(shift)
    up_to, since = _outer_runs(levels, at_face_value)
    surely_up_to, surely_from = _outer_runs(levels, anyhow == SIGNIFICANT)
    possibly_up_to, possibly_from = _outer_runs(levels, anyhow != NOT_SIGNIFICANT)
    return {
        **shift.described,
        "points": shift.points,
        "strategy_says": shift.strategy_says,
        "up_to": up_to,
        "since": since,
        "surely_up_to": surely_up_to,
        "surely_from": surely_from,
        "possibly_up_to": possibly_up_to,
        "possibly_from": possibly_from,
    }


@cache
def _levels(shift: Shift) -> tuple[pd.Series, pd.Series, pd.Series]:
    """The later levels a shift can have, whether it is significant there, and the verdict.

    The verdict is that over all roundings and bases; kept for each shift, as `over_all_bases` is.
    """
    found = levels_at_which_shift_is_significant(
        shift.points, shift.wave_1.base, shift.wave_2.base, decimals=shift.decimals
    )
    anyhow = _compare_over_bases(shift, found["percent_1"], found["percent_2"])
    return found["percent_2"], found["significant"], anyhow.verdict


def _outer_runs(levels: pd.Series, wanted: pd.Series) -> tuple[float | None, float | None]:
    """Where the run of wanted levels from the lowest ends, and that up to the highest begins."""
    other = np.flatnonzero(~wanted.to_numpy())
    if not len(other):
        return float(levels.iloc[-1]), float(levels.iloc[0])
    first, last = other[0], other[-1]
    up_to = float(levels.iloc[first - 1]) if first > 0 else None
    since = float(levels.iloc[last + 1]) if last + 1 < len(levels) else None
    return up_to, since
