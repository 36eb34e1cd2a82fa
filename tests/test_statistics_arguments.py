"""Every public statistical function: what it takes, what it refuses, and that it gives no NaN.

The table below holds one good call of each. Each test spoils it in every way that it can.
"""

import dataclasses
import inspect
import math
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safer_communities.statistics import (
    concentration,
    control_charts,
    rankings,
    rates,
    significance,
    small_areas,
    trends,
)
from safer_communities.statistics.changes import common_moves, yearly_change
from safer_communities.surveys import microdata

MONTHS = pd.date_range("2015-01", periods=60, freq="MS")
SEASON = np.tile([30, 31, 35, 33, 38, 40, 41, 37, 36, 34, 32, 29], 5)

# Each function with good arguments. What takes a table is tested in test_microdata.
GOOD: dict[Callable, dict] = {
    significance.wilson_interval: {"count": 5, "base": 83, "alpha": 0.05},
    significance.compare_proportions: {
        "count_1": 5,
        "base_1": 83,
        "count_2": 12,
        "base_2": 99,
        "alpha": 0.05,
    },
    significance.compare_shares: {
        "share_1": 0.1,
        "effective_base_1": 83.5,
        "share_2": 0.2,
        "effective_base_2": 99.5,
        "alpha": 0.05,
    },
    significance.compare_percentages: {
        "percent_1": 10,
        "base_1": 300,
        "percent_2": 20,
        "base_2": 400,
        "alpha": 0.05,
        "decimals": 0,
        "design_effect": 1.5,
    },
    significance.compare_percentages_over_bases: {
        "percent_1": 10,
        "base_1": 300,
        "percent_2": 20,
        "base_2": 400,
        "base_1_low": 298,
        "base_1_high": 302,
        "base_2_low": 399,
        "base_2_high": 401,
        "alpha": 0.05,
        "decimals": 0,
        "design_effect": 1.5,
    },
    significance.smallest_detectable_shift: {
        "percent_1": 10,
        "base_1": 300,
        "base_2": 400,
        "power": 0.8,
        "alpha": 0.05,
        "design_effect": 1.5,
    },
    significance.levels_at_which_shift_is_significant: {
        "shift_points": 3,
        "base_1": 300,
        "base_2": 400,
        "decimals": 0,
    },
    significance.adjust_p_values: {"p_values": [0.01, 0.2], "method": "holm"},
    rates.rate_interval: {
        "count": 65,
        "exposure": 1000.5,
        "per": 1000,
        "alpha": 0.05,
        "dispersion": 1.5,
    },
    rates.compare_counts: {
        "count_1": 5,
        "count_2": 12,
        "exposure_1": 1.5,
        "exposure_2": 2.5,
        "alpha": 0.05,
    },
    rates.dispersion: {"monthly_counts": SEASON[:24]},
    rates.dispersion_by_area: {"monthly_counts": pd.DataFrame([[5, 9, 7], [30, 25, 41]])},
    rates.index_of_dispersion: {"counts": SEASON[:24]},
    rankings.rank_intervals: {
        "counts": [50, 80, 200],
        "exposures": [10, 11, 12],
        "alpha": 0.05,
        "dispersion": 1.5,
    },
    rankings.against_the_rest: {
        "counts": [50, 80, 200],
        "exposures": [10, 11, 12],
        "alpha": 0.05,
        "dispersion": 1.5,
    },
    yearly_change.compare_years: {
        "count_1": 5,
        "count_2": 12,
        "year_to_year_sd": 0.1,
        "exposure_1": 1.5,
        "exposure_2": 2.5,
        "alpha": 0.05,
    },
    yearly_change.compare_with_others: {
        "count_1": 5,
        "count_2": 12,
        "others_1": 100,
        "others_2": 90,
        "year_to_year_sd": 0.1,
        "alpha": 0.05,
    },
    small_areas.shrunken_rates: {
        "counts": [50, 80, 200],
        "exposures": [10, 11, 12],
        "per": 1000,
        "highest": 2,
        "alpha": 0.05,
    },
    small_areas.funnel: {"counts": [50, 80, 200], "exposures": [10, 11, 12], "per": 1000},
    concentration.one_part: {
        "counts_before": [5, 100, 100],
        "counts_after": [90, 105, 100],
        "alpha": 0.05,
    },
    concentration.few_months: {
        "counts_before": [10] * 12,
        "counts_after": [90] * 3 + [10] * 9,
        "dispersion": 1.5,
        "alpha": 0.05,
    },
    control_charts.xmr: {"values": [1.5, 2, 3, 2], "baseline": 3},
    control_charts.rebased_xmr: {"values": [1.5, 2, 3, 2] * 6, "breaks": (12,)},
    trends.equal_length_months: {"monthly_counts": pd.Series(SEASON, MONTHS)},
    trends.seasonal_pattern: {"monthly_counts": pd.Series(SEASON, MONTHS)},
    microdata.weighted_base: {"weights": [1, 1.5, 2]},
    microdata.withhold_small_parts: {"counts": pd.Series([50, 40, 30]), "minimum": 10},
}
# Not called by numbers: what checked arrays are handed to, and what takes a table or labels.
ELSEWHERE = {
    rates.conditional_tails,
    rates.rate_ratio,
    rates.ratio_ends,
    rates.score_odds,
    yearly_change.year_to_year_sd,
    yearly_change.common_sd,
    common_moves.common_moves,
    rankings.compared_with,
    trends.slow_level,
    trends.outlook,
    trends.yearly_moves,
    trends.reach,
    trends.left_out_coverage,
    significance.verdict_of_range,
    microdata.tally,
    microdata.compare_tallies,
}
# What is withheld, and the lines of what is too short for them, are missing.
MAY_BE_MISSING = (microdata.withhold_small_parts, control_charts.rebased_xmr)
SERIES_OF_MONTHS = (trends.equal_length_months, trends.seasonal_pattern)
WHOLE = (
    "count",
    "others",
    "highest",
    "base",
    "decimals",
    "monthly",
    "breaks",
    "minimum",
    "baseline",
)
SHARES = ("alpha", "power", "share", "p_values")
# Each function's arguments that may be arrays, and so Series.
ELEMENTWISE = {
    significance.wilson_interval: ("count", "base"),
    significance.compare_proportions: ("count_1", "base_1", "count_2", "base_2"),
    significance.compare_shares: (
        "share_1",
        "effective_base_1",
        "share_2",
        "effective_base_2",
    ),
    significance.compare_percentages: ("percent_1", "base_1", "percent_2", "base_2"),
    significance.compare_percentages_over_bases: ("percent_1", "base_1", "percent_2", "base_2"),
    significance.smallest_detectable_shift: ("percent_1", "base_1", "base_2"),
    significance.adjust_p_values: ("p_values",),
    rates.rate_interval: ("count", "exposure"),
    rates.compare_counts: ("count_1", "count_2", "exposure_1", "exposure_2"),
    yearly_change.compare_years: (
        "count_1",
        "count_2",
        "year_to_year_sd",
        "exposure_1",
        "exposure_2",
    ),
    yearly_change.compare_with_others: (
        "count_1",
        "count_2",
        "others_1",
        "others_2",
        "year_to_year_sd",
    ),
}


def name_of(function: Callable) -> str:
    return function.__name__


def arguments_that(belong: Callable[[str], bool] = lambda name: True) -> list:
    """Every function with each of its arguments, of those whose name is wanted."""
    return [
        pytest.param(function, name, id=f"{function.__name__}-{name}")
        for function, call in GOOD.items()
        for name in call
        if name != "method" and belong(name)
    ]


def spoilt(good: object, bad: object) -> object:
    """`good` with its first value replaced by `bad`, in the shape it has."""
    if isinstance(good, pd.Series):
        return pd.Series([bad, *good.tolist()[1:]], index=good.index)
    if isinstance(good, tuple):
        return (bad, *good[1:])
    if isinstance(good, list | np.ndarray):
        return [bad, *list(good)[1:]]
    return bad


def numbers_in(result: object) -> list[float]:
    """Every number of a result, whatever it is kept in."""
    if dataclasses.is_dataclass(result):
        fields = [getattr(result, field.name) for field in dataclasses.fields(result)]
        return [number for field in fields for number in numbers_in(field)]
    if isinstance(result, pd.DataFrame):
        return [number for name in result for number in numbers_in(result[name])]
    if isinstance(result, pd.Series | np.ndarray):
        return [number for item in np.asarray(result).ravel() for number in numbers_in(item)]
    if isinstance(result, list | tuple):
        return [number for item in result for number in numbers_in(item)]
    if result is None or isinstance(result, str | pd.Timestamp | np.datetime64):
        return []
    return [float(result)]


def test_every_public_function_is_in_the_table() -> None:
    modules = (rates, yearly_change, common_moves, rankings, small_areas, concentration)
    modules += (control_charts, trends, microdata)
    named = {getattr(significance, name) for name in significance.__all__}
    named |= {microdata.withhold_small_parts}
    public = {each for each in named if inspect.isfunction(each)} | {
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert public == set(GOOD) | ELSEWHERE


@pytest.mark.parametrize("function", GOOD, ids=name_of)
def test_the_good_call_gives_numbers_and_no_nan(function: Callable) -> None:
    found = numbers_in(function(**GOOD[function]))
    assert found
    assert not any(math.isnan(number) for number in found)


NO_NUMBERS = {
    # What is given, and how the error names it.
    "nan": (math.nan, "nan"),
    "infinite": (math.inf, "inf"),
    "text": ("5", "'5'"),
    "truth": (True, "True"),
    "complex": (1j, "1j"),
    "date": (pd.Timestamp("2022-03-01"), "2022"),
    "missing": (pd.NA, "<NA>"),
    "enormous": (10**400, "1000"),
}


@pytest.mark.parametrize(("function", "name"), arguments_that())
@pytest.mark.parametrize(("bad", "shown"), NO_NUMBERS.values(), ids=NO_NUMBERS)
def test_what_is_no_number_is_refused_by_name(
    function: Callable, name: str, bad: object, shown: str
) -> None:
    with pytest.raises(ValueError, match=rf"\b{name}: .*{shown}"):
        function(**GOOD[function] | {name: spoilt(GOOD[function][name], bad)})


@pytest.mark.parametrize(
    ("function", "name"), arguments_that(lambda name: name not in ("shift_points", "values"))
)
def test_what_is_negative_is_refused(function: Callable, name: str) -> None:
    with pytest.raises(ValueError, match=rf"\b{name}: .*-1"):
        function(**GOOD[function] | {name: spoilt(GOOD[function][name], -1)})


@pytest.mark.parametrize(("function", "name"), arguments_that(lambda name: name.startswith(WHOLE)))
def test_halves_are_refused_where_whole_numbers_are_meant(function: Callable, name: str) -> None:
    with pytest.raises(ValueError, match=rf"\b{name}: .*2\.5"):
        function(**GOOD[function] | {name: spoilt(GOOD[function][name], 2.5)})


@pytest.mark.parametrize(
    ("function", "name"), arguments_that(lambda name: name.startswith(("percent", *SHARES)))
)
def test_what_is_above_its_limit_is_refused(function: Callable, name: str) -> None:
    above = 100.5 if name.startswith("percent") else 1.5
    with pytest.raises(ValueError, match=rf"\b{name}: .*{above}"):
        function(**GOOD[function] | {name: spoilt(GOOD[function][name], above)})


@pytest.mark.parametrize(("function", "name"), arguments_that(lambda name: name != "breaks"))
def test_an_empty_argument_is_refused(function: Callable, name: str) -> None:
    empty = pd.Series([], dtype=float) if function in SERIES_OF_MONTHS else []
    with pytest.raises(ValueError, match=rf"\b{name}: "):
        function(**GOOD[function] | {name: empty})


@pytest.mark.parametrize("function", ELEMENTWISE, ids=name_of)
def test_scalars_arrays_and_series_give_the_same(function: Callable) -> None:
    call, names = GOOD[function], ELEMENTWISE[function]
    scalars = {name: spoilt_scalar(call[name]) for name in names}
    one = numbers_in(function(**call | scalars))
    arrays = function(**call | {name: np.array([value, value]) for name, value in scalars.items()})
    labelled = {name: pd.Series([value] * 2, index=["x", "y"]) for name, value in scalars.items()}
    series = function(**call | labelled)
    if function is not significance.adjust_p_values:
        assert numbers_in(arrays) == [number for number in one for _ in range(2)]
    assert numbers_in(series) == numbers_in(arrays)
    values = [series] if isinstance(series, pd.Series) else vars(series).values()
    assert all(list(value.index) == ["x", "y"] for value in values)


def spoilt_scalar(good: object) -> float:
    return float(good[0]) if isinstance(good, list) else good


COUNT, BASE = st.integers(0, 10**6), st.integers(1, 10**6)
PERCENT, SHARE = st.integers(0, 100), st.floats(0, 1)
SIZE = st.floats(1e-50, 1e200)
ALPHA = st.floats(1e-12, 1 - 1e-12)
DRAWN = {
    "count": COUNT,
    "base": BASE,
    "others": BASE,
    "year": st.floats(0, 5),
    "highest": st.integers(1, 3),
    "percent": PERCENT,
    "share": SHARE,
    "effective_base": SIZE,
    "exposure": SIZE,
    "per": SIZE,
    "alpha": ALPHA,
    "power": ALPHA,
    "design_effect": st.floats(1e-3, 1e3),
    "decimals": st.just(0),
    "shift_points": st.integers(-100, 100),
    "p_values": st.lists(SHARE, min_size=1, max_size=9),
    "counts": st.lists(COUNT, min_size=3, max_size=3),
    "exposures": st.lists(st.floats(1e-3, 1e9), min_size=3, max_size=3),
    "dispersion": st.floats(1, 1e6),
    "monthly": st.lists(st.integers(0, 3), min_size=24, max_size=24),
    "annual": st.lists(COUNT, min_size=3, max_size=9),
    "values": st.lists(st.floats(-1e200, 1e200), min_size=3, max_size=20),
    "baseline": st.integers(2, 3),
    "breaks": st.just(()),
    "weights": st.lists(SIZE, min_size=1, max_size=9),
    "minimum": st.integers(2, 20),
}
# Searched by hypothesis: all but what needs tenths of a second for a call.
SLOW = (
    *SERIES_OF_MONTHS,
    significance.compare_percentages_over_bases,
    significance.adjust_p_values,
)
SEARCHED = [function for function in GOOD if function not in SLOW]


def drawn_for(name: str) -> st.SearchStrategy:
    """What to draw for an argument: the longest name that begins it."""
    return DRAWN[max((key for key in DRAWN if name.startswith(key)), key=len)]


@pytest.mark.slow
@pytest.mark.parametrize("function", SEARCHED, ids=name_of)
@settings(max_examples=60)
@given(data=st.data())
def test_whatever_is_given_there_is_an_answer_or_a_value_error(
    function: Callable, data: st.DataObject
) -> None:
    call = dict(GOOD[function])
    for name in call:
        if name != "method":
            call[name] = data.draw(drawn_for(name), label=name)
    if function is microdata.withhold_small_parts:
        call["counts"] = pd.Series(call["counts"])
    result, error = answer_or_error(function, call)
    assert error is None or any(name in error for name in call)
    if function not in MAY_BE_MISSING:
        assert not any(math.isnan(number) for number in numbers_in(result))


def answer_or_error(function: Callable, call: dict) -> tuple[object, str | None]:
    """The answer of a call and no error, or no answer and the words of its ValueError."""
    try:
        return function(**call), None
    except ValueError as error:
        return None, str(error)


@settings(max_examples=15)
@given(DRAWN["p_values"], st.sampled_from(["holm", "bh"]))
def test_adjusted_p_values_are_p_values_and_no_smaller(p_values: list, method: str) -> None:
    found = significance.adjust_p_values(p_values, method=method)
    assert (found >= np.array(p_values) - 1e-15).all()
    assert (found <= 1).all()


def test_exact_numbers_of_other_kinds_are_taken() -> None:
    plain = rates.rate_interval(3, 5)
    assert rates.rate_interval(Decimal(3), 5) == plain
    assert rates.rate_interval(np.int8(3), np.float32(5)) == plain
    assert rates.rate_interval(pd.Series([3], dtype="Int64"), 5).ci_low[0] == plain.ci_low


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rates.rate_interval([[1], [1, 2]], 5), r"count: \[1\] is not a number"),
        (
            lambda: rates.rate_interval(np.array(["2022-03-01"], dtype="datetime64[D]"), 5),
            "count: .*2022-03-01.* is not a number",
        ),
        (lambda: rates.rate_interval(np.array([3], dtype="timedelta64[D]"), 5), "count: .*3"),
        (lambda: rates.rate_interval(2**53 + 2, 5), "count: .* too large to be exact"),
        (lambda: significance.wilson_interval(5, 10**11), "base: 1e.11 is more people than"),
        (
            lambda: significance.compare_percentages(50, 10, 50, 10, decimals=7),
            "decimals: 7 is above 6",
        ),
        (lambda: rates.compare_counts(1, 2, exposure_1=1e-60), "exposure_1: 1e-60 is below"),
    ],
)
def test_numbers_that_cannot_be_reckoned_with(call: Callable, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
