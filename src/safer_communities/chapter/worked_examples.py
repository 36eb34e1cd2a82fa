"""The numbers in the worked examples of the methods page: each step of a method, worded once.

The page has the formulas and the sentences; each function gives the numbers of one example by the
names that the page quotes them by. The steps follow the formulas, and the last number is what the
book's own function gives. The tests hold one to the other.
"""

from math import log, sqrt

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from safer_communities.analysis.changes.year_on_year import YearOnYear
from safer_communities.analysis.crime import BoroughCrime
from safer_communities.analysis.outcomes import Outcomes
from safer_communities.analysis.over_time.outlook import yearly_moves
from safer_communities.analysis.places.rates import BoroughRates
from safer_communities.analysis.recorded_crime import PANDEMIC_START, TOTAL, USUAL_YEARS
from safer_communities.datasets.periods import Period
from safer_communities.facts.wording import (
    interval,
    number,
    p_value,
    percent,
    points,
    round_half_up,
)
from safer_communities.statistics.control_charts import LIMITS_PER_MOVING_RANGE, xmr
from safer_communities.statistics.rates import compare_counts
from safer_communities.statistics.significance import (
    adjust_p_values,
    compare_percentages,
    compare_proportions,
    smallest_detectable_shift,
    wilson_interval,
)
from safer_communities.statistics.trends import equal_length_months, reach
from safer_communities.surveys import shifts
from safer_communities.surveys.findings import SurveyData
from safer_communities.surveys.shifts import Shift

# The standard normal value that 95% intervals use, as the page prints it.
Z = 1.96
Words = dict[str, str]


def change(year: YearOnYear, rates: BoroughRates) -> Words:
    """The rate and the year's change of all recorded offences."""
    return {
        "count": number(year.count),
        "base": number(year.base_count),
        "residents": number(rates.own["size"]),
        "rate": number(rates.own["rate"], 1),
        "percent": percent(year.change_percent),
    }


def first_shift(surveys: SurveyData) -> Shift:
    """The first comparison of the survey that has a level."""
    return next(shift for shift in shifts.shifts(surveys.tables) if shift.has_level)


def _counts(shift: Shift) -> tuple[int, int, int, int]:
    """How many said yes and how many were asked, in each wave, at face value."""
    n_1, n_2 = shift.wave_1.base, shift.wave_2.base
    percent_1, percent_2 = shift.percentages
    return round(percent_1 * n_1 / 100), n_1, round(percent_2 * n_2 / 100), n_2


def z_test(shift: Shift) -> Words:
    """The comparison, and the pooled test of it."""
    x_1, n_1, x_2, n_2 = _counts(shift)
    pooled = (x_1 + x_2) / (n_1 + n_2)
    found = compare_proportions(x_1, n_1, x_2, n_2)
    first, second = shift.percentages
    return {
        "question": shift.label,
        "first": percent(first, 0),
        "second": percent(second, 0),
        "x1": number(x_1),
        "x2": number(x_2),
        "n1": number(n_1),
        "n2": number(n_2),
        "status1": shift.wave_1.base_status,
        "status2": shift.wave_2.base_status,
        "pooled": number(pooled, 3),
        "rest": number(1 - pooled, 3),
        "error": number(sqrt(pooled * (1 - pooled) * (1 / n_1 + 1 / n_2)), 5),
        "share1": number(x_1 / n_1, 2),
        "share2": number(x_2 / n_2, 2),
        "z": number(found.z, 2),
        "p": p_value(found.p_value),
    }


def newcombe(shift: Shift) -> Words:
    """The interval of the difference."""
    x_1, n_1, x_2, n_2 = _counts(shift)
    first, second = wilson_interval(x_1, n_1), wilson_interval(x_2, n_2)
    found = compare_proportions(x_1, n_1, x_2, n_2)
    return {
        "low1": number(first.ci_low, 4),
        "high1": number(first.ci_high, 4),
        "low2": number(second.ci_low, 4),
        "high2": number(second.ci_high, 4),
        "difference": number(found.difference, 4),
        "down2": number(second.proportion - second.ci_low, 4),
        "up1": number(first.ci_high - first.proportion, 4),
        "up2": number(second.ci_high - second.proportion, 4),
        "down1": number(first.proportion - first.ci_low, 4),
        "low": number(found.ci_low, 4),
        "high": number(found.ci_high, 4),
        "points": points(100 * found.difference),
        "range": interval(100 * found.ci_low, 100 * found.ci_high),
    }


def design_effect(shift: Shift, effect: float) -> Words:
    """What a design effect makes of the comparison."""
    x_1, n_1, x_2, n_2 = _counts(shift)
    found = compare_percentages(
        shift.percentages[0], n_1, shift.percentages[1], n_2, design_effect=effect
    )
    return {
        "effect": number(effect, 1),
        "z": number(compare_proportions(x_1, n_1, x_2, n_2).z / sqrt(effect), 2),
        "p": p_value(found.p_value),
    }


def rounding(shift: Shift) -> Words:
    """What the rounding of the comparison leaves open."""
    _, n_1, _, n_2 = _counts(shift)
    first, second = shift.percentages
    found = compare_percentages(first, n_1, second, n_2, decimals=shift.decimals)
    any_base = shifts.over_all_bases(shift)
    return {
        "counts1": _counts_that_print(first, n_1),
        "counts2": _counts_that_print(second, n_2),
        "p_low": p_value(found.p_low),
        "p_high": p_value(found.p_high),
        "verdict": found.verdict,
        "base_low": number(shift.wave_1.base_low),
        "base_high": number(shift.wave_1.base_high),
        "any_p_low": p_value(any_base.p_low),
        "any_p_high": p_value(any_base.p_high),
        "any_verdict": any_base.verdict,
    }


def _counts_that_print(printed: float, base: int) -> str:
    counts = [n for n in range(base + 1) if round_half_up(100 * n / base) == printed]
    return interval(counts[0], counts[-1], 0)


def smallest_shift(shift: Shift) -> Words:
    """The smallest shift that the comparison could have found."""
    _, n_1, _, n_2 = _counts(shift)
    found = smallest_detectable_shift(shift.percentages[0], n_1, n_2, power=shifts.POWER)
    return {
        "rise": points(found.rise, 1),
        "fall": points(found.fall, 1),
        "printed": points(abs(shift.points), shift.decimals),
    }


def outcomes(positive: Outcomes) -> Words:
    """The ratio of the borough's positive outcomes to its offences in the last whole year."""
    year = positive.positive(TOTAL).iloc[-1]
    months = len(Period.year_to(year["period_end"]).months())
    t_value = float(stdtrit(months - 1, 0.975))
    return {
        "year": year["label"],
        "outcomes": number(year["positive_outcomes"]),
        "offences": number(year["offences"]),
        "ratio": number(year["value"], 2),
        "months": number(months),
        "error": number(log(year["ci_high"] / year["value"]) / t_value, 4),
        "t": number(t_value, 3),
        "range": interval(year["ci_low"], year["ci_high"], 2),
    }


def many_tests(surveys: SurveyData) -> Words:
    """Both corrections on the headlined finding that comes closest to the threshold from below."""
    compared = surveys.compared
    family = compared[compared["headline"]].sort_values("p_value", ignore_index=True)
    place = int((family["p_value"] <= shifts.ALPHA).sum())
    row = family.iloc[place - 1]
    left = len(family) + 1 - place
    rank = int((compared["p_value"] <= row["p_value"]).sum())
    holm = adjust_p_values(family["p_value"], method="holm").iloc[place - 1]
    return {
        "question": row["label"],
        "p": number(row["p_value"], 4),
        "headlined": number(len(family)),
        "place": number(place),
        "left": number(left),
        "times_left": number(left * row["p_value"], 4),
        "p_holm": number(holm, 4),
        "tests": number(len(compared)),
        "rank": number(rank),
        "times_tests": number(len(compared) * row["p_value"] / rank, 4),
        "p_bh": number(row["p_bh"], 4),
    }


def byar(rates: BoroughRates) -> Words:
    """Byar's interval of the borough's rate of all recorded offences."""
    own = rates.own
    x = own["count"]
    ends = (
        x * (1 - 1 / (9 * x) - Z / (3 * sqrt(x))) ** 3,
        (x + 1) * (1 - 1 / (9 * (x + 1)) + Z / (3 * sqrt(x + 1))) ** 3,
    )
    return {
        "next": number(x + 1),
        "low": number(ends[0]),
        "high": number(ends[1]),
        "rate": number(own["rate"], 2),
        "range": interval(1000 * ends[0] / own["size"], 1000 * ends[1] / own["size"], 2),
        "error": percent(100 * rates.denominator.error),
        "times": number(own["dispersion"], 1),
        "wider": interval(own["ci_low"], own["ci_high"], 2),
    }


def rate_ratio(year: YearOnYear) -> Words:
    """The exact test of the year's change in all recorded offences."""
    both = year.count + year.base_count
    found = compare_counts(year.base_count, year.count)
    return {
        "ratio": number(found.ratio, 4),
        "both": number(both),
        "share": number(year.count / both, 4),
        "p": p_value(found.p_value),
        "range": interval((found.ci_low - 1) * 100, (found.ci_high - 1) * 100, 1, "%"),
    }


def overdispersion(crime: BoroughCrime) -> Words:
    """How irregular the months before the pandemic were."""
    last = crime.period.last_before(PANDEMIC_START)
    return {
        "first": f"{last.shift_years(1 - USUAL_YEARS).start:%B %Y}",
        "last": f"{last.end:%B %Y}",
        "phi": number(crime.dispersion_by_borough()[crime.area_code], 2),
    }


def year_to_year(year: YearOnYear, crime: BoroughCrime) -> Words:
    """The year's change against its own past, and beside the other boroughs."""
    moved = crime.movement(year.measure)
    spread = sqrt(moved.areas**2 + moved.common**2)
    both, v = year.count + year.base_count, spread**2 / 4
    effective = both / (1 + (both - 1) * v / (1 + v))
    return {
        "areas": number(moved.areas, 4),
        "common": number(moved.common, 4),
        "spread": number(spread, 4),
        "both": number(both),
        "effective": number(effective),
        "z": number((2 * year.count / both - 1) * sqrt(effective), 2),
        "p": p_value(year.p_value),
        "range": interval(year.ci_low, year.ci_high, 1, "%"),
        "own_past": year.own_past,
        "others": percent(year.others_percent),
        "against": percent(year.against_others_percent),
        "against_range": interval(year.against_others_low, year.against_others_high, 1, "%"),
        "against_p": p_value(year.against_others_p),
        "beside": year.beside_others,
    }


def usual_change(year: YearOnYear, crime: BoroughCrime) -> Words:
    """The year's change beside the changes before the pandemic."""
    usual = crime.usual_changes([year.measure]).iloc[0]
    low, high = usual["usual_low"], usual["usual_high"]
    return {
        "pairs": number(usual["pairs"]),
        "until": crime.before_pandemic().label,
        "range": interval(low, high, 1, "%"),
        "place": "within" if low <= year.change_percent <= high else "outside",
    }


def ranks(rates: BoroughRates) -> Words:
    """The borough's rank interval for all recorded offences."""
    own, boroughs = rates.own, len(rates.table)
    on_map = rates.table.set_index("area").loc[own["area"]]
    return {
        "place": rates.place,
        "others": number(boroughs - 1),
        "tests": number(2 * (boroughs - 1)),
        "all": number(boroughs * (boroughs - 1)),
        "lower": number(own["rank_low"] - 1),
        "lowest": number(own["rank_low"]),
        "higher": number(boroughs - own["rank_high"]),
        "highest": number(own["rank_high"]),
        "range": interval(on_map["rank_low"], on_map["rank_high"], 0),
    }


def _months(crime: BoroughCrime) -> pd.Series:
    """The last 24 months of the period."""
    return crime.monthly().loc[: crime.period.end].tail(24)


def control_chart(crime: BoroughCrime) -> Words:
    """The limits of a control chart of the edition's last twelve months."""
    months = equal_length_months(_months(crime)).tail(12)
    chart = xmr(months)
    reach = LIMITS_PER_MOVING_RANGE * chart.moving_range_mean
    return {
        "until": f"{months.index[-1]:%B %Y}",
        "sum": number(months.sum()),
        "centre": number(chart.centre),
        "gaps": " + ".join(number(abs(gap)) for gap in np.diff(months)),
        "moving_range": number(chart.moving_range_mean),
        "low": number(chart.centre - reach),
        "high": number(chart.centre + reach),
    }


def next_year(crime: BoroughCrime) -> Words:
    """A month of equal length, and the 95% interval of the next year's count."""
    months = _months(crime)
    moves = yearly_moves(crime).to_numpy().ravel()
    known = int(np.isfinite(moves).sum())
    ratio = float(np.exp(reach(moves, 0.95)))
    count = crime.count()
    return {
        "count": number(months.iloc[-1]),
        "days": number(months.index[-1].days_in_month),
        "equal": number(equal_length_months(months).iloc[-1]),
        "year": number(count),
        "moves": number(known),
        "place": number(int(np.ceil((known + 1) * 0.95))),
        "ratio": number(ratio, 4),
        "low": number(count / ratio),
        "high": number(count * ratio),
    }
