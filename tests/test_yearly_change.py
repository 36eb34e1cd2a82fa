"""Changes between years that differ by themselves: by hand, against statsmodels, and simulated."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import betabinom, norm
from statsmodels.stats.rates import confint_poisson_2indep, test_poisson_2indep

from safer_communities.statistics.changes import yearly_change
from safer_communities.statistics.changes.yearly_change import (
    common_sd,
    compare_with_others,
    compare_years,
    year_to_year_sd,
)
from safer_communities.statistics.rates import compare_counts

COUNT, SPREAD = st.integers(0, 10**6), st.floats(0, 5)
# Not a test of pytest, whatever its name begins with.
poisson_2indep = test_poisson_2indep
del test_poisson_2indep


@pytest.mark.parametrize(
    ("first", "second", "exposure_1", "exposure_2"),
    [(60, 30, 51477.5, 54308.7), (500, 650, 1, 1), (5, 17, 3, 2), (20_000, 24_000, 1, 1.1)],
)
def test_with_no_year_to_year_part_it_is_the_score_test_of_two_rates(
    first, second, exposure_1, exposure_2
):
    found = compare_years(
        first, second, year_to_year_sd=0, exposure_1=exposure_1, exposure_2=exposure_2
    )
    known = poisson_2indep(second, exposure_2, first, exposure_1, method="score")
    assert found.p_value == pytest.approx(known.pvalue, rel=1e-9)
    low, high = confint_poisson_2indep(
        second, exposure_2, first, exposure_1, method="score", compare="ratio"
    )
    assert [found.ci_low, found.ci_high] == pytest.approx([low, high], rel=1e-3)


def test_a_change_by_hand():
    # r = 0.01 / 4.01; 1,150 events are worth 1,150 / (1 + 1,149 r) = 297.3 independent ones.
    found = compare_years(500, 650, year_to_year_sd=0.1)
    effective = 1150 / (1 + 1149 * 0.01 / 4.01)
    share, z = 650 / 1150, norm.ppf(0.975)
    assert found.ratio == 1.3
    assert found.percent_change == pytest.approx(30)
    assert found.p_value == pytest.approx(2 * norm.sf((share - 0.5) * 2 * np.sqrt(effective)))
    for end in (found.ci_low, found.ci_high):
        odds_share = end / (1 + end)
        variance = odds_share * (1 - odds_share) / effective
        assert abs(share - odds_share) == pytest.approx(z * np.sqrt(variance))
    assert found.ci_low < 1.3 < found.ci_high


@pytest.mark.parametrize("spread", [0.05, 0.2, 1.0])
def test_the_variance_is_that_of_gamma_effects_of_the_years(spread):
    # Two negative binomial counts of one mean: given their sum, the second is beta-binomial.
    shape = 2 / spread**2
    total = 801
    counts = np.arange(total + 1)
    chance = betabinom.pmf(counts, total, shape, shape)
    found = compare_years(total - counts, counts, year_to_year_sd=spread)
    score = norm.isf(found.p_value / 2)
    assert (chance * score**2).sum() == pytest.approx(1, rel=1e-6)


def test_the_spread_is_that_of_the_logarithm_of_the_ratio():
    numbers = np.random.default_rng(3)
    shape = 2 / 0.2**2
    effects = numbers.gamma(shape, size=(2, 200_000))
    assert np.log(effects[1] / effects[0]).std() == pytest.approx(0.2, rel=0.02)


@pytest.mark.parametrize(("total", "spread"), [(60, 0.1), (1000, 0.1), (48_000, 0.04), (900, 0.3)])
def test_about_one_in_twenty_changes_by_chance_is_flagged(total, spread):
    shape = 2 / spread**2
    counts = np.arange(total + 1)
    flagged = compare_years(total - counts, counts, year_to_year_sd=spread).p_value <= 0.05
    assert 0.035 < betabinom.pmf(counts, total, shape, shape)[flagged].sum() < 0.055


def test_counts_of_none():
    none = compare_years(0, 0, year_to_year_sd=0.1)
    assert (none.ratio, none.percent_change, none.p_value) == (1, 0, 1)
    assert (none.ci_low, none.ci_high) == (0, np.inf)
    some = compare_years(0, 8, year_to_year_sd=0.1)
    assert (some.ratio, some.ci_high) == (np.inf, np.inf)
    assert 1 < some.ci_low < np.inf
    fewer = compare_years(8, 0, year_to_year_sd=0.1)
    assert (fewer.ratio, fewer.percent_change, fewer.ci_low) == (0, -100, 0)
    assert fewer.ci_high == pytest.approx(1 / some.ci_low)
    one = compare_years(0, 1, year_to_year_sd=5)
    assert one.p_value == pytest.approx(2 * norm.sf(1))


@given(COUNT, COUNT, SPREAD, st.floats(0.001, 0.999))
def test_test_and_interval_agree_and_hold_the_ratio(first, second, spread, alpha):
    found = compare_years(first, second, year_to_year_sd=spread, alpha=alpha)
    assert found.ci_low <= found.ratio * (1 + 1e-9)
    assert found.ratio <= found.ci_high * (1 + 1e-9)
    if abs(found.p_value - alpha) > 1e-6:
        assert (found.p_value < alpha) == (not found.ci_low <= 1 <= found.ci_high)


@given(COUNT, COUNT, SPREAD)
def test_exchanging_the_years_turns_the_ratio_round(first, second, spread):
    found = compare_years(first, second, year_to_year_sd=spread)
    back = compare_years(second, first, year_to_year_sd=spread)
    assert back.p_value == pytest.approx(found.p_value)
    if first and second:
        assert back.ci_low == pytest.approx(1 / found.ci_high)
        assert back.ci_high == pytest.approx(1 / found.ci_low)


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.floats(0, 2), st.floats(0.01, 2))
def test_restless_years_make_a_change_less_sure(first, second, spread, more):
    calm = compare_years(first, second, year_to_year_sd=spread)
    restless = compare_years(first, second, year_to_year_sd=spread + more)
    assert restless.p_value >= calm.p_value
    assert restless.ci_low <= calm.ci_low
    assert restless.ci_high >= calm.ci_high


@given(st.integers(1, 10**4), st.integers(1, 10**4), st.floats(0.1, 10), SPREAD)
def test_exposures_divide_the_counts(first, second, times, spread):
    found = compare_years(
        first, second, year_to_year_sd=spread, exposure_1=3 * times, exposure_2=5 * times
    )
    same = compare_years(first, second, year_to_year_sd=spread, exposure_1=3, exposure_2=5)
    assert found.ratio == pytest.approx(second / 5 / (first / 3))
    for field in ("ratio", "ci_low", "ci_high", "p_value"):
        assert getattr(found, field) == pytest.approx(getattr(same, field))


def test_a_large_count_is_no_surer_than_the_years_allow():
    # From a million events on, only the years' own spread is left: 1.96 x 5%.
    found = compare_years(10**9, 10**9, year_to_year_sd=0.05)
    assert np.log([found.ci_low, found.ci_high]) == pytest.approx([-0.098, 0.098], rel=0.01)


def test_many_changes_at_once_keep_their_labels():
    first, second = pd.Series([500, 90], index=["a", "b"]), pd.Series([90, 650], index=["b", "a"])
    found = compare_years(first, second, year_to_year_sd=pd.Series([0.3, 0.1], index=["b", "a"]))
    assert found.ratio.to_dict() == {"a": 1.3, "b": 1.0}
    assert found.p_value["a"] == compare_years(500, 650, year_to_year_sd=0.1).p_value


# Against the others


def test_ratio_of_ratios_by_hand():
    # 500 to 650 (up 30%) where the others went from 10,000 to 12,000 (up 20%).
    found = compare_with_others(500, 650, 10_000, 12_000, year_to_year_sd=0.1)
    assert found.ratio == pytest.approx(1.3 / 1.2)
    assert found.percent_change == pytest.approx(100 * (1.3 / 1.2 - 1))
    spread = np.sqrt(0.1**2 + 1 / 10_000 + 1 / 12_000)
    share, after = 650 / 1150, 12 / 22
    years = spread**2 * after * (1 - after)
    effective = 1150 / (1 + 1149 * years / (1 + years))
    z = (share - after) / np.sqrt(after * (1 - after) / effective)
    assert found.p_value == pytest.approx(2 * norm.sf(z))
    # On the logarithm, the variances of four counts and of the years add up.
    se = np.sqrt(1 / 500 + 1 / 650 + 1 / 10_000 + 1 / 12_000 + 0.1**2)
    ends = np.log([found.ci_low, found.ci_high])
    assert ends == pytest.approx(np.log(1.3 / 1.2) + np.array([-1.96, 1.96]) * se, abs=0.005)


def test_without_a_year_to_year_part_it_is_close_to_the_test_of_a_fourfold_table():
    # Woolf's interval of the odds ratio, 1.215: the logarithm and its standard error, z = 2.30.
    found = compare_with_others(500, 600, 480, 700, year_to_year_sd=0)
    se = np.sqrt(1 / 500 + 1 / 600 + 1 / 480 + 1 / 700)
    assert found.p_value == pytest.approx(2 * norm.sf(abs(np.log(found.ratio)) / se), rel=0.06)


def test_what_moves_all_alike_is_no_difference():
    same = compare_with_others(500, 650, 10_000, 13_000, year_to_year_sd=0.1)
    assert same.ratio == pytest.approx(1)
    assert same.p_value == pytest.approx(1)
    index = ["a", "b"]
    found = compare_with_others(
        pd.Series([5, 6], index), pd.Series([7, 8], index), 90, 80, year_to_year_sd=0.1, alpha=0.1
    )
    assert list(found.ci_low.index) == index
    wider = compare_with_others(5, 7, 90, 80, year_to_year_sd=0.1)
    assert wider.ci_low < found.ci_low["a"] < found.ratio["a"] < found.ci_high["a"] < wider.ci_high


# How far areas move against each other


def made_years(spread, *, mean=2000, pairs=9, areas=32, seed=1, common=0.1):
    """Counts of `areas` in pairs of years whose ratios have such a spread beyond chance."""
    numbers = np.random.default_rng(seed)
    sizes = mean * numbers.uniform(0.4, 2, areas)
    moves = np.exp(numbers.normal(0, common, (pairs, 1)))
    shape = 2 / spread**2
    effects = numbers.gamma(shape, 1 / shape, (2, pairs, areas))
    return numbers.poisson(sizes * effects[0]), numbers.poisson(sizes * moves * effects[1])


@pytest.mark.parametrize(("spread", "mean"), [(0.05, 5000), (0.12, 800), (0.3, 100)])
def test_the_spread_that_was_put_in_is_found(spread, mean):
    found = [year_to_year_sd(*made_years(spread, mean=mean, seed=seed)) for seed in range(12)]
    assert np.mean(found) == pytest.approx(spread, rel=0.06)


def test_chance_alone_has_hardly_a_spread():
    found = [year_to_year_sd(*made_years(1e-5, seed=seed)) for seed in range(12)]
    assert np.mean(found) < 0.01
    # Half of such tables vary by a little more than chance would, and half by less.
    assert 2 <= np.count_nonzero(found) <= 10
    assert year_to_year_sd([[100, 200, 300]], [[100, 200, 300]]) == 0.0


def test_the_scores_have_the_mean_square_of_a_standard_normal_cut_off_at_two():
    first, second = made_years(0.1, seed=5)
    spread = year_to_year_sd(first, second)
    others = [table.sum(axis=1, keepdims=True) - table for table in (first, second)]
    p_values = compare_years(
        first, second, year_to_year_sd=spread, exposure_1=others[0], exposure_2=others[1]
    ).p_value
    squares = np.minimum(norm.isf(p_values / 2) ** 2, 4)
    expected = quad(lambda z: min(z * z, 4) * norm.pdf(z), -10, 10, points=[-2, 2])[0]
    assert squares.mean() == pytest.approx(expected, rel=1e-6)
    cut_off = yearly_change.MEAN_SQUARE
    assert cut_off == pytest.approx(expected, rel=1e-9)


def test_what_all_areas_share_is_no_spread():
    first, second = made_years(0.1, mean=10**6, common=0.0)
    doubled = second * np.array([[2], [3], [1], [1], [5], [1], [1], [1], [4]])
    assert year_to_year_sd(first, doubled) == pytest.approx(
        year_to_year_sd(first, second), rel=0.03
    )


def test_one_real_jump_does_not_make_all_years_look_restless():
    first, second = made_years(0.1)
    calm = year_to_year_sd(first, second)
    second[4, 7] *= 4
    assert calm < year_to_year_sd(first, second) < 1.06 * calm


def test_areas_without_events_are_left_out():
    first, second = made_years(0.1, areas=5)
    empty = np.zeros((len(first), 2), dtype=int)
    assert year_to_year_sd(np.hstack([first, empty]), np.hstack([second, empty])) == pytest.approx(
        year_to_year_sd(first, second)
    )
    nothing = np.zeros((1, 5), dtype=int)
    with_none = np.vstack([first, nothing]), np.vstack([second, nothing])
    assert year_to_year_sd(*with_none) == year_to_year_sd(first, second)
    assert year_to_year_sd(nothing, nothing) == 0.0
    assert year_to_year_sd([[9, 0, 0]], [[90, 0, 0]]) == 0.0
    assert year_to_year_sd([[10**9, 1, 1]] * 3, [[1, 10**9, 1]] * 3) == 5.0


def test_how_far_all_areas_move_together_is_the_root_mean_square_of_their_sums():
    first, second = [[50, 30, 20], [10, 10, 80]], [[60, 40, 10], [10, 5, 75]]
    expected = np.sqrt((np.log(1.1) ** 2 + np.log(0.9) ** 2) / 2)
    assert common_sd(first, second) == pytest.approx(expected)
    # A pair without events in one of its years says nothing.
    assert common_sd([*first, [0, 0, 0]], [*second, [1, 1, 1]]) == pytest.approx(expected)
    assert common_sd([[0, 0, 0]], [[1, 1, 1]]) == 0.0


@given(st.lists(st.tuples(*[st.integers(1, 500)] * 6), min_size=1, max_size=6))
def test_a_common_movement_knows_no_direction_and_no_area(years):
    table = np.array(years)
    first, second = table[:, :3], table[:, 3:]
    found = common_sd(first, second)
    assert found == pytest.approx(common_sd(second, first))
    assert found == pytest.approx(common_sd(first[:, ::-1], second))
    # What all move by, in every pair: no more and no less.
    steady = np.repeat(first[:, :1], 3, axis=1)
    assert common_sd(steady, 2 * steady) == pytest.approx(np.log(2))


def test_an_area_with_one_event_counts_and_one_without_others_does_not():
    first, second = made_years(0.1, areas=5)
    nothing, one = np.zeros((9, 1), dtype=int), np.ones((9, 1), dtype=int)
    alone = year_to_year_sd(np.hstack([first, nothing]), np.hstack([second, one]))
    assert alone != pytest.approx(year_to_year_sd(first, second), rel=1e-3)
    # All events of a year in one area: against nothing there is no ratio, in either year.
    lonely, shared = [[9, 0, 0, 0, 0]], [[9, 5, 5, 5, 5]]
    for pair in ((lonely, shared), (shared, lonely)):
        tables = (np.vstack([part, rows]) for part, rows in zip(pair, (first, second), strict=True))
        assert year_to_year_sd(*tables) > 0


def test_tables_of_pandas_are_taken():
    first, second = made_years(0.1)
    found = year_to_year_sd(pd.DataFrame(first), pd.DataFrame(second))
    assert found == year_to_year_sd(first, second)
    assert isinstance(found, float)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: compare_years(1, 2, year_to_year_sd=-0.1), "year_to_year_sd: -0.1 is negative"),
        (lambda: compare_years(1, 2, year_to_year_sd=5.5), "year_to_year_sd: 5.5 is above 5"),
        (lambda: compare_years(1, -2, year_to_year_sd=0), "count_2: -2 is negative"),
        (lambda: compare_with_others(1, 2, 0, 3, year_to_year_sd=0), "others_1: 0 is below 1"),
        (
            lambda: year_to_year_sd([[1, 2]], [[1, 2]]),
            r"first, second: tables of \(1, 2\) and \(1, 2\) are not the same pairs",
        ),
        (lambda: year_to_year_sd([[1, 2, 3]], [[1, 2, 3, 4]]), r"\(1, 3\) and \(1, 4\)"),
        (lambda: year_to_year_sd([1, 2, 3], [1, 2, 3]), r"\(3,\) and \(3,\)"),
        (lambda: year_to_year_sd([[1, 2, 0.5]], [[1, 2, 3]]), "first: 0.5 is not a whole number"),
        (lambda: year_to_year_sd([[1, 2, 3]], [[1, 2, -3]]), "second: -3 is negative"),
        (lambda: common_sd([[1, 2]], [[1, 2]]), r"first, second: tables of \(1, 2\)"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_textbook_test_stays_as_it_is():
    # The exact test of independent events: its error is never above alpha.
    assert compare_counts(500, 650).p_value == pytest.approx(1.09e-5, rel=0.02)
