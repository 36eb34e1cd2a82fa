"""Worked examples of the methods page: each method step by step, on this edition's own figures.

Each example is Markdown, with every number computed from the data and worded once. The steps
follow the formula of the page; the last one states what the book's own function gives, which the
tests hold to the steps.
"""

from collections.abc import Callable
from math import sqrt

import numpy as np
import pandas as pd

from safer_communities.analysis.recorded_crime import PANDEMIC_START, TOTAL, USUAL_YEARS
from safer_communities.chapter.book import Book
from safer_communities.facts import wording
from safer_communities.facts.wording import interval, number, percent, points
from safer_communities.site.pages.markdown import escaped
from safer_communities.statistics import rates
from safer_communities.statistics.control_charts import LIMITS_PER_MOVING_RANGE, xmr
from safer_communities.statistics.significance import (
    adjust_p_values,
    compare_percentages,
    compare_proportions,
    smallest_detectable_shift,
    wilson_interval,
)
from safer_communities.statistics.trends import DAYS_IN_EQUAL_MONTH, equal_length_months
from safer_communities.surveys import shifts
from safer_communities.surveys.shifts import Shift

# The standard normal value that 95% intervals use, as the page prints it.
Z = 1.96
HEADLINE = "**Worked example.**"


def example(name: str, data: Book) -> str:
    """The worked example `name`, one of `EXAMPLES`, as Markdown.

    Raises ValueError where there is no such example.
    """
    if name not in EXAMPLES:
        raise ValueError(f"name: {name!r} is none of {', '.join(EXAMPLES)}")
    return EXAMPLES[name](data)


def _steps(opening: str, *steps: str) -> str:
    return "\n".join([f"{HEADLINE} {opening}", "", *(f"{i}. {s}" for i, s in enumerate(steps, 1))])


def _place(data: Book) -> str:
    return escaped(data.borough)


def _shift(data: Book) -> Shift:
    """The first comparison of the survey that has a level."""
    return next(shift for shift in shifts.shifts(data.surveys.tables) if shift.has_level)


def _counts(shift: Shift) -> tuple[int, int, int, int]:
    """How many said yes and how many were asked, in each wave, at face value."""
    percent_1, percent_2 = shift.percentages
    base_1, base_2 = shift.wave_1.base, shift.wave_2.base
    return (
        round(percent_1 * base_1 / 100),
        base_1,
        round(percent_2 * base_2 / 100),
        base_2,
    )


def _shift_opening(data: Book, shift: Shift) -> str:
    first, second = (percent(level, 0) for level in shift.percentages)
    survey = f"{escaped(data.strategy.area)}'s survey"
    return f"{survey}. {escaped(shift.label)}: {first}, then {second}."


def change(data: Book) -> str:
    """The rate and the year's change of all recorded offences."""
    year, own = data.crime.year_on_year(), data.crime.rates().own
    rate = f"1,000 × {number(own['count'])} ÷ {number(own['size'])} = {number(own['rate'], 1)}"
    growth = f"{number(year.count)} − {number(year.base_count)}"
    return _steps(
        f"Recorded offences in {_place(data)}, {year.period.label}.",
        f"Rate per 1,000 residents = {rate}",
        f"Change = 100 × ({growth}) ÷ {number(year.base_count)} = "
        f"{percent(year.change_percent, 1)}",
    )


def z_test(data: Book) -> str:
    """The pooled test on the survey's first comparison."""
    shift = _shift(data)
    x_1, n_1, x_2, n_2 = _counts(shift)
    pooled = (x_1 + x_2) / (n_1 + n_2)
    error = sqrt(pooled * (1 - pooled) * (1 / n_1 + 1 / n_2))
    found = compare_proportions(x_1, n_1, x_2, n_2)
    return _steps(
        _shift_opening(data, shift),
        f"x₁ = {number(x_1)} of n₁ = {number(n_1)} ({shift.wave_1.base_status}), "
        f"x₂ = {number(x_2)} of n₂ = {number(n_2)} ({shift.wave_2.base_status})",
        f"p = ({number(x_1)} + {number(x_2)}) ÷ ({number(n_1)} + {number(n_2)}) = "
        f"{number(pooled, 3)}",
        f"√({number(pooled, 3)} × {number(1 - pooled, 3)} × "
        f"(1 ÷ {number(n_1)} + 1 ÷ {number(n_2)})) = {number(error, 5)}",
        f"z = ({number(x_2 / n_2, 2)} − {number(x_1 / n_1, 2)}) ÷ {number(error, 5)} = "
        f"{number(found.z, 2)}",
        f"The p-value is {wording.p_value(found.p_value)}, taking the percentages at face value",
    )


def newcombe(data: Book) -> str:
    """The interval of the difference in the survey's first comparison."""
    shift = _shift(data)
    x_1, n_1, x_2, n_2 = _counts(shift)
    first, second = wilson_interval(x_1, n_1), wilson_interval(x_2, n_2)
    found = compare_proportions(x_1, n_1, x_2, n_2)
    d = found.difference

    def root(*gaps: float) -> str:
        return f"√({' + '.join(f'{number(gap, 4)}²' for gap in gaps)})"

    low = root(second.proportion - second.ci_low, first.ci_high - first.proportion)
    high = root(second.ci_high - second.proportion, first.proportion - first.ci_low)
    ends = interval(100 * found.ci_low, 100 * found.ci_high)
    return _steps(
        _shift_opening(data, shift),
        f"Wilson range of the first share: {number(first.ci_low, 4)} to {number(first.ci_high, 4)}",
        f"Wilson range of the second: {number(second.ci_low, 4)} to {number(second.ci_high, 4)}",
        f"Lower end = {number(d, 4)} − {low} = {number(found.ci_low, 4)}",
        f"Upper end = {number(d, 4)} + {high} = {number(found.ci_high, 4)}",
        f"The difference is {points(100 * d)}, with a range of {ends}",
    )


def rounding(data: Book) -> str:
    """What the rounding of the survey's first comparison leaves open."""
    shift = _shift(data)
    _, n_1, _, n_2 = _counts(shift)
    percent_1, percent_2 = shift.percentages
    found = compare_percentages(percent_1, n_1, percent_2, n_2, decimals=shift.decimals)
    any_base = shifts.over_all_bases(shift)
    wave = shift.wave_1
    return _steps(
        _shift_opening(data, shift),
        f"{_counts_that_print(percent_1, n_1)}, and {_counts_that_print(percent_2, n_2)}",
        f"Over all pairs of these counts, p is between {wording.p_value(found.p_low)} and "
        f"{wording.p_value(found.p_high)}: {found.verdict}",
        f"Over all first bases from {number(wave.base_low)} to {number(wave.base_high)} too, p is "
        f"between {wording.p_value(any_base.p_low)} and {wording.p_value(any_base.p_high)}: "
        f"{any_base.verdict}",
    )


def _counts_that_print(printed: float, base: int) -> str:
    counts = [n for n in range(base + 1) if wording.round_half_up(100 * n / base) == printed]
    ends = interval(counts[0], counts[-1], 0)
    return f"{percent(printed, 0)} of {number(base)} people can stand for {ends} people"


def smallest_shift(data: Book) -> str:
    """The smallest rise that the survey's first comparison could have found."""
    shift = _shift(data)
    _, n_1, _, n_2 = _counts(shift)
    first, _ = shift.percentages
    found = smallest_detectable_shift(first, n_1, n_2, power=shifts.POWER)
    level = percent(first, 0)
    seen = points(abs(shift.points), shift.decimals)
    return (
        f"{HEADLINE} From {level}, two waves of {number(n_1)} and {number(n_2)} people find a rise "
        f"of {points(found.rise, 1)}, or a fall of {points(found.fall, 1)}, four times in five. "
        f"The shift that was printed is {seen}."
    )


def design_effect(data: Book) -> str:
    """What a design effect makes of the survey's first comparison."""
    shift = _shift(data)
    x_1, n_1, x_2, n_2 = _counts(shift)
    percent_1, percent_2 = shift.percentages
    z = compare_proportions(x_1, n_1, x_2, n_2).z
    lines = []
    for effect in shifts.DESIGN_EFFECTS[1:]:
        found = compare_percentages(percent_1, n_1, percent_2, n_2, design_effect=effect)
        lines.append(
            f"With a design effect of {number(effect, 1)}: z = {number(z, 2)} ÷ "
            f"√{number(effect, 1)} = {number(z / sqrt(effect), 2)}, so the p-value is "
            f"{wording.p_value(found.p_value)}"
        )
    return _steps(_shift_opening(data, shift), *lines)


def detections(data: Book) -> str:
    """The change in the share of the borough's offences that led to a positive outcome."""
    years = data.outcomes.positive(TOTAL)
    if len(years) < 2:
        return f"{HEADLINE} Only one year of outcomes is published for {_place(data)}."
    first, last = years.iloc[0], years.iloc[-1]
    found = compare_proportions(
        *(int(year[name]) for year in (first, last) for name in ("positive_outcomes", "offences"))
    )
    return _steps(
        f"Positive outcomes in {_place(data)}, {first['label']} and {last['label']}.",
        *(
            f"{year['label']}: 100 × {number(year['positive_outcomes'])} ÷ "
            f"{number(year['offences'])} = {percent(year['percent'], 2)}, with a range of "
            f"{interval(year['ci_low'], year['ci_high'], 2, '%')}"
            for year in (first, last)
        ),
        f"The change is {points(100 * found.difference, 2)}, with a range of "
        f"{interval(100 * found.ci_low, 100 * found.ci_high, 2)}; z = {number(found.z, 2)}, and "
        f"the p-value is {wording.p_value(found.p_value)}",
    )


def many_tests(data: Book) -> str:
    """Both corrections on the headlined finding that comes closest to the threshold from below."""
    compared = data.surveys.compared
    family = compared[compared["headline"]].sort_values("p_value", ignore_index=True)
    place = int((family["p_value"] <= shifts.ALPHA).sum()) - 1
    row = family.iloc[place]
    tests, left = len(family), len(family) - place
    order = compared["p_value"].sort_values(ignore_index=True)
    rank = int((order <= row["p_value"]).sum())
    plain = number(row["p_value"], 4)
    holm = adjust_p_values(family["p_value"], method="holm").iloc[place]
    return _steps(
        f"{escaped(row['label'])}: p = {plain} by itself.",
        f"Holm: of the {tests} headlined p-values it is number {place + 1}, so {left} × {plain} = "
        f"{number(left * row['p_value'], 4)}; the corrected p is {number(holm, 4)}",
        f"Benjamini-Hochberg: of all {len(order)} p-values it is number {rank}, so {len(order)} × "
        f"{plain} ÷ {rank} = {number(len(order) * row['p_value'] / rank, 4)}; the smallest of this "
        f"and of the same for every larger p-value is the corrected p, {number(row['p_bh'], 4)}",
    )


def byar(data: Book) -> str:
    """Byar's interval of the borough's rate of all recorded offences."""
    own = data.crime.rates().own
    x, size = own["count"], own["size"]
    low = x * (1 - 1 / (9 * x) - Z / (3 * sqrt(x))) ** 3
    high = (x + 1) * (1 - 1 / (9 * (x + 1)) + Z / (3 * sqrt(x + 1))) ** 3
    return _steps(
        f"{_place(data)}: {number(x)} offences, {number(size)} residents.",
        f"Lower count = {number(x)} × (1 − 1 ÷ (9 × {number(x)}) − {Z} ÷ (3 × √{number(x)}))³ = "
        f"{number(low)}",
        f"Upper count = {number(x + 1)} × (1 − 1 ÷ (9 × {number(x + 1)}) + {Z} ÷ "
        f"(3 × √{number(x + 1)}))³ = {number(high)}",
        f"For each 1,000 residents: {number(own['rate'], 2)}, with a range of "
        f"{interval(own['ci_low'], own['ci_high'], 2)}",
    )


def rate_ratio(data: Book) -> str:
    """The exact test of the year's change in all recorded offences."""
    year = data.crime.year_on_year()
    both = year.count + year.base_count
    return _steps(
        f"{number(year.base_count)} offences, then {number(year.count)} a year later.",
        f"Ratio = {number(year.count)} ÷ {number(year.base_count)} = "
        f"{number(year.count / year.base_count, 4)}",
        f"Of {number(both)} offences in both years, {number(year.count)} fall in the second: a "
        f"share of {number(year.count / both, 4)}, where 0.5 was to be expected",
        f"The p-value is {wording.p_value(year.poisson_p)}; the change is "
        f"{percent(year.change_percent)}, with a range of "
        f"{interval(year.poisson_low, year.poisson_high, 1, '%')}",
    )


def overdispersion(data: Book) -> str:
    """The same change, with the ups and downs of the months before the pandemic."""
    crime, year = data.crime, data.crime.year_on_year()
    dispersed = crime.usual_dispersion(TOTAL, data.area_code)
    if dispersed is None:
        return f"{HEADLINE} The series of {_place(data)} does not reach far enough back."
    last = crime.period.last_before(PANDEMIC_START)
    first = last.shift_years(1 - USUAL_YEARS)
    phi = dispersed.dispersion
    z = (year.count - year.base_count) / sqrt(year.count + year.base_count)
    months = USUAL_YEARS * 12
    return _steps(
        f"The same change, and the {months} months from {first.start:%B %Y} to {last.end:%B %Y}.",
        f"φ = {number(phi, 2)}, with ({USUAL_YEARS} − 1) × (12 − 1) = "
        f"{dispersed.degrees_of_freedom} degrees of freedom",
        f"z = ({number(year.count)} − {number(year.base_count)}) ÷ "
        f"√({number(year.count)} + {number(year.base_count)}) = {number(z, 2)}",
        f"t = {number(z, 2)} ÷ √{number(phi, 2)} = {number(z / sqrt(phi), 2)}",
        f"The p-value is {wording.p_value(year.p_value)}; the range of the change is "
        f"{interval(year.ci_low, year.ci_high, 1, '%')}. In words: {year.verdict}",
    )


def usual_change(data: Book) -> str:
    """The year's change beside the changes before the pandemic."""
    before = data.crime.before_pandemic()
    annual = data.crime.annual()
    counts = annual.loc[annual["period_end"] <= before.end, "count"]
    if len(counts) < 3:
        return f"{HEADLINE} The series of {_place(data)} does not reach far enough back."
    usual = rates.usual_year_to_year_change(counts)
    year = data.crime.year_on_year()
    inside = "within" if usual.is_usual(year.change_percent) else "outside"
    return (
        f"{HEADLINE} In the {len(counts)} years up to the {before.label}, recorded offences in "
        f"{_place(data)} changed by {interval(usual.lowest, usual.highest, 1, '%')} from one year "
        f"to the next. This year's {percent(year.change_percent)} is {inside} that range."
    )


def ranks(data: Book) -> str:
    """The borough's rank interval for all recorded offences."""
    result = data.crime.rates()
    own, table = result.own, result.table
    lower = int(own["rank_low"]) - 1
    higher = len(table) - int(own["rank_high"])
    pairs = len(table) * (len(table) - 1)
    text = wording.rank_from_lowest(int(own["rank"]), len(table))
    return _steps(
        f"{_place(data)} has the {text} rate of {len(table)} boroughs.",
        f"Each borough is tested against each other, both ways: {len(table)} × "
        f"{len(table) - 1} = {number(pairs)} tests",
        f"Clearly lower than {_place(data)}: {lower} boroughs. Lowest rank = 1 + {lower} = "
        f"{lower + 1}",
        f"Clearly higher: {higher} boroughs. Highest rank = {len(table)} − {higher} = "
        f"{len(table) - higher}",
        "With the ups and downs of the months allowed for: from rank "
        f"{interval(own['rank_low_months'], own['rank_high_months'], 0)}",
    )


def control_chart(data: Book) -> str:
    """The limits of a control chart of the edition's last twelve months."""
    months = _last_year(data)
    chart = xmr(months)
    reach = LIMITS_PER_MOVING_RANGE * chart.moving_range_mean
    gaps = " + ".join(number(abs(gap)) for gap in np.diff(months))
    return _steps(
        f"The twelve months of offences in {_place(data)} to {months.index[-1]:%B %Y}, months made "
        "equally long. (The chart itself uses five years.)",
        f"Centre = {number(months.sum())} ÷ {len(months)} = {number(chart.centre)}",
        f"Mean moving range = ({gaps}) ÷ {len(months) - 1} = {number(chart.moving_range_mean)}",
        f"Limits = {number(chart.centre)} ∓ {LIMITS_PER_MOVING_RANGE} × "
        f"{number(chart.moving_range_mean)} = {number(chart.centre - reach)} and "
        f"{number(chart.centre + reach)}",
    )


def _last_year(data: Book) -> pd.Series:
    months = data.crime.monthly().loc[: data.edition.period.end]
    return equal_length_months(months).tail(12)


def forecast_score(data: Book) -> str:
    """A month of equal length, and the error of the simplest forecast of the last year."""
    months = data.crime.monthly().loc[: data.edition.period.end].tail(24)
    last = months.index[-1]
    equal = equal_length_months(months)
    error = np.abs(equal.to_numpy()[12:] - equal.to_numpy()[:12]).mean()
    return _steps(
        f"{_place(data)}, {last:%B %Y}: {number(months.iloc[-1])} offences in "
        f"{last.days_in_month} days.",
        f"In a month of equal length: {number(months.iloc[-1])} × {DAYS_IN_EQUAL_MONTH} ÷ "
        f"{last.days_in_month} = {number(equal.iloc[-1])}",
        "The forecast that repeats the same month of last year missed the last twelve months by "
        f"{number(error)} offences a month on average. The book shows its own forecast only if it "
        "misses by less, over all the times tried",
    )


EXAMPLES: dict[str, Callable[[Book], str]] = {
    "change": change,
    "z test": z_test,
    "newcombe": newcombe,
    "design effect": design_effect,
    "rounding": rounding,
    "smallest shift": smallest_shift,
    "detections": detections,
    "many tests": many_tests,
    "byar": byar,
    "rate ratio": rate_ratio,
    "overdispersion": overdispersion,
    "usual change": usual_change,
    "ranks": ranks,
    "control chart": control_chart,
    "forecast": forecast_score,
}
