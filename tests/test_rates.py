"""Counts and rates against published answers, other implementations and brute force."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, chi2, chi2_contingency, norm
from statsmodels.stats.rates import test_poisson_2indep as poisson_2indep

from safer_communities.statistics import rates
from safer_communities.statistics.rates import (
    compare_counts,
    conditional_tails,
    dispersion,
    rate_interval,
)

KNOWN = Path(__file__).parent / "known_answers"
COUNTS = st.integers(0, 2000)
MONTHS = st.lists(st.integers(0, 60), min_size=12, max_size=12)


def known(name: str) -> list[dict]:
    with (KNOWN / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "row", [r for r in known("intervals_of_one.csv") if r["method"] == "byar"], ids=str
)
def test_byar_as_published(row):
    found = rate_interval(int(row["count"]), int(row["exposure"]), per=1000)
    half = 0.5 * 10 ** -int(row["decimals"])
    assert found.ci_low == pytest.approx(float(row["ci_low"]), abs=half)
    assert found.ci_high == pytest.approx(float(row["ci_high"]), abs=half)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Garwood (1936), Biometrika 28:437: exact limits of a Poisson mean, as tabled by Breslow and
    # Day (1987), table 2.10, which Byar's formula approximates.
    [(10, 4.795, 18.39), (20, 12.217, 30.888), (50, 37.111, 65.919), (100, 81.364, 121.627)],
)
def test_byar_is_close_to_the_exact_limits(count, low, high):
    assert chi2.ppf(0.025, 2 * count) / 2 == pytest.approx(low, abs=1e-3)
    assert chi2.ppf(0.975, 2 * count + 2) / 2 == pytest.approx(high, abs=1e-3)
    found = rate_interval(count, 1, per=1)
    assert found.ci_low == pytest.approx(low, rel=3e-3)
    assert found.ci_high == pytest.approx(high, rel=1e-3)


def test_no_events_start_at_nothing_and_end_above_it():
    found = rate_interval(0, 1, per=1)
    assert (found.rate, found.ci_low) == (0, 0)
    # Garwood's exact upper limit is 3.689.
    assert found.ci_high == pytest.approx(3.689, abs=0.03)


def test_one_event_by_the_formula():
    found = rate_interval(1, 1, per=1)
    assert found.ci_low == pytest.approx((1 - 1 / 9 - norm.ppf(0.975) / 3) ** 3)


@settings(max_examples=60)
@given(COUNTS, st.floats(0.5, 1e7), st.floats(1e-6, 0.99))
def test_properties_of_a_rate(count, exposure, alpha):
    found = rate_interval(count, exposure, alpha=alpha)
    assert 0 <= found.ci_low <= found.rate < found.ci_high
    one = rate_interval(count, exposure, per=1, alpha=alpha)
    assert one.ci_high * 1000 == pytest.approx(found.ci_high)
    assert rate_interval(count + 1, exposure, alpha=alpha).ci_low >= found.ci_low
    wider = rate_interval(count, exposure, alpha=alpha / 2)
    assert wider.ci_low <= found.ci_low
    assert wider.ci_high > found.ci_high


@pytest.mark.parametrize("count_1", [0, 1, 2])
@pytest.mark.parametrize("count_2", [0, 1, 2])
def test_tails_are_binomial_and_certain_where_nothing_can_be_lower(count_1, count_2):
    given = (np.array(float(value)) for value in (count_1, count_2, 1, 3))
    so_low, so_high = conditional_tails(*given)
    assert so_low == pytest.approx(binom.cdf(count_2, count_1 + count_2, 0.75))
    assert so_high == pytest.approx(binom.sf(count_2 - 1, count_1 + count_2, 0.75))


def test_comparison_of_r_poisson_test():
    # R manual, poisson.test: breast cancer cases, rate of the first town against the other three.
    found = compare_counts(21, 11, exposure_1=1083 + 1050 + 878, exposure_2=800)
    assert found.ratio == pytest.approx(1.971488, abs=5e-7)
    assert found.ci_low == pytest.approx(0.8584264, abs=5e-7)
    assert found.ci_high == pytest.approx(4.2772659, abs=5e-7)


@pytest.mark.parametrize(
    ("count_1", "count_2", "p_value"),
    # With equal exposures the test is the sign test: twice the binomial tail, by arithmetic.
    [(0, 4, 0.125), (0, 6, 0.03125), (1, 7, 18 / 256), (5, 5, 1.0), (0, 0, 1.0), (3, 0, 0.25)],
)
def test_small_counts_by_arithmetic(count_1, count_2, p_value):
    assert compare_counts(count_1, count_2).p_value == pytest.approx(p_value)


@settings(max_examples=60)
@given(
    st.integers(0, 60), st.integers(0, 60), st.floats(0.2, 5), st.sampled_from([0.01, 0.05, 0.2])
)
def test_comparison_is_the_exact_binomial_test(count_1, count_2, exposure_2, alpha):
    found = compare_counts(count_1, count_2, exposure_2=exposure_2, alpha=alpha)
    total, share = count_1 + count_2, exposure_2 / (1 + exposure_2)
    tails = binom.cdf(count_2, total, share), binom.sf(count_2 - 1, total, share)
    assert found.p_value == pytest.approx(min(1, 2 * min(tails)), abs=1e-9)
    if total:
        interval = binomtest(count_2, total).proportion_ci(1 - alpha, method="exact")
        assert found.ci_low == pytest.approx(
            interval.low / (1 - interval.low) / exposure_2, rel=1e-7, abs=1e-9
        )
        if count_1:
            assert found.ci_high == pytest.approx(
                interval.high / (1 - interval.high) / exposure_2, rel=1e-7
            )
    if abs(found.p_value - alpha) > 1e-9:
        assert (found.p_value <= alpha) == (not found.ci_low <= 1 <= found.ci_high)
    assert found.ci_low <= found.ratio <= found.ci_high


def test_statsmodels_exact_and_score_tests_agree_where_they_should():
    # One tail at a time: statsmodels' two-sided exact test is another one (smaller p's together).
    one_sided = poisson_2indep(
        11, 800, 21, 3011, method="exact-cond", compare="ratio", alternative="larger"
    )
    _, so_high = conditional_tails(*(np.array(float(v)) for v in (21, 11, 3011, 800)))
    assert so_high == pytest.approx(one_sided.pvalue, abs=1e-9)
    exact = compare_counts(26086, 26500).p_value
    score = poisson_2indep(26500, 1, 26086, 1, method="score", compare="ratio").pvalue
    assert exact == pytest.approx(score, abs=2e-3)


@settings(max_examples=60)
@given(COUNTS, COUNTS)
def test_properties_of_a_comparison(count_1, count_2):
    found, exchanged = compare_counts(count_1, count_2), compare_counts(count_2, count_1)
    assert found.p_value == pytest.approx(exchanged.p_value)
    assert found.percent_change == pytest.approx((found.ratio - 1) * 100)
    if count_1 and count_2:
        assert found.ci_low == pytest.approx(1 / exchanged.ci_high)
        twice = compare_counts(count_1, count_2, exposure_1=2, exposure_2=2)
        assert twice.ci_low == pytest.approx(found.ci_low)
    if count_2 > count_1:
        assert compare_counts(count_1, count_2 + 1).p_value <= found.p_value


def test_zero_counts_have_no_nan():
    found = compare_counts([0, 0, 5], [0, 5, 0])
    assert found.ratio.tolist() == [1, np.inf, 0]
    assert found.percent_change.tolist() == [0, np.inf, -100]
    assert found.ci_low[[0, 2]].tolist() == [0, 0]
    assert found.ci_high[:2].tolist() == [np.inf, np.inf]
    assert found.ci_low[1] == pytest.approx(1 / found.ci_high[2])


def months(start: str, values) -> pd.Series:
    return pd.Series(values, index=pd.date_range(start, periods=len(values), freq="MS"))


def quasi_poisson(counts):
    years = len(counts) // 12
    design = pd.get_dummies(
        pd.DataFrame({"year": np.repeat(range(years), 12), "month": list(range(12)) * years}),
        columns=["year", "month"],
        drop_first=True,
        dtype=float,
    )
    return sm.GLM(counts, sm.add_constant(design.to_numpy()), family=sm.families.Poisson()).fit(
        tol=1e-14, maxiter=200
    )


@pytest.mark.parametrize("years", [2, 5])
def test_dispersion_is_that_of_a_quasi_poisson_regression(years):
    random = np.random.default_rng(20220331)
    season = 1 + 0.3 * np.sin(np.arange(12) / 12 * 2 * np.pi)
    counts = random.negative_binomial(30, 30 / (30 + 200 * np.tile(season, years)))
    fit = quasi_poisson(counts)
    found = dispersion(counts)
    assert found == pytest.approx(fit.pearson_chi2 / fit.df_resid, abs=1e-9)


def test_dispersion_takes_out_season_and_level_and_is_never_below_one():
    season = np.array([10, 20, 30, 40, 50, 60, 60, 50, 40, 30, 20, 10])
    assert dispersion(np.concatenate([season, 3 * season])) == 1.0
    # By hand: years of 10 and 30 in two months, the others empty: expected 20 each.
    counts = [10, 30] + [0] * 10 + [30, 10] + [0] * 10
    assert dispersion(counts) == 20.0


@pytest.mark.parametrize(
    "years",
    # A month of the year, and a year, with a single event.
    [[[1, 30, 0], [0, 0, 30]], [[1, 0], [2, 30], [30, 2]]],
)
def test_dispersion_counts_a_single_event(years):
    padded = [year + [0] * (12 - len(year)) for year in years]
    expected = chi2_contingency(years, correction=False)
    found = dispersion(np.concatenate(padded))
    assert found == pytest.approx(expected.statistic / expected.dof)


def test_series_keep_their_index():
    counts = pd.Series([10, 20], index=["x", "y"])
    found = rate_interval(counts, pd.Series([4, 2], index=["y", "x"]), per=1)
    assert found.rate.to_dict() == {"x": 5, "y": 5}
    assert list(compare_counts(counts, counts).ratio.index) == ["x", "y"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rate_interval(-1, 5), "count: -1 is negative"),
        (lambda: rate_interval(1.5, 5), r"count: 1\.5 is not a whole number"),
        (lambda: rate_interval(1, 0), "exposure: 0 is not above 0"),
        (lambda: rate_interval(1, 5, per=0), "per: 0 is not above 0"),
        (lambda: rate_interval(1, 5, per=[1, 2]), r"per: \[1, 2\] is not a single number"),
        (lambda: rate_interval(1, 5, alpha=1), "alpha: 1 is not between 0 and 1"),
        (lambda: rate_interval([], 5), r"count: \[\] is empty"),
        (lambda: rate_interval(1, np.nan), "exposure: nan"),
        (lambda: compare_counts(1, -2), "count_2: -2 is negative"),
        (lambda: compare_counts(1, 2, exposure_1=-1), "exposure_1: -1"),
        (lambda: compare_counts(1, 2, alpha=0), "alpha: 0"),
        (lambda: dispersion([-1] * 24), "monthly_counts: -1 is negative"),
        (lambda: dispersion([1] * 12), "monthly_counts: 12 values"),
        (lambda: dispersion([1] * 25), "monthly_counts: 25 values"),
        (lambda: dispersion([0] * 24), "monthly_counts: 0 events"),
        (lambda: dispersion(months("2020-01", [1] * 24).drop("2020-03-01")), "monthly_counts: 23"),
        (
            lambda: dispersion(months("2020-01", [1] * 25).drop(pd.Timestamp("2020-03-01"))),
            "monthly_counts: February 2020 is not followed",
        ),
    ],
)
def test_bad_input_names_the_argument_and_the_value(call, message):
    with pytest.raises(ValueError, match=rf"^{message}"):
        call()


def test_fluoroscopy_of_stata_iri():
    # Stata manual, epitab, iri 41 15 28010 19017: breast cancers with and without fluoroscopy
    # (Boice and Monson 1977, quoted by Rothman, Greenland and Lash 2008).
    found = compare_counts(15, 41, exposure_1=19017, exposure_2=28010)
    assert found.ratio == pytest.approx(1.855759, abs=5e-7)
    assert found.ci_low == pytest.approx(1.005684, abs=5e-7)
    assert found.ci_high == pytest.approx(3.6093, abs=5e-5)


def test_dodder_in_clover_seed():
    # Przyborowski and Wilenski (1940): no dodder seed in one sample of clover and three in another
    # as large. Given three in all, the chance that one sample holds them is an eighth.
    so_low, so_high = conditional_tails(*(np.array(float(v)) for v in (0, 3, 100, 100)))
    assert (so_low, so_high) == (1, pytest.approx(0.125))
    assert compare_counts(0, 3).p_value == pytest.approx(0.25)


def test_dispersion_by_area_shares_out_the_chi_squared_of_the_whole_table():
    months = pd.DataFrame([[20, 90, 40], [200, 150, 410], [90, 35, 80]], index=["a", "b", "c"])
    found = rates.dispersion_by_area(months)
    assert list(found.index) == ["a", "b", "c"]
    assert (found > 1).all()
    whole = chi2_contingency(months, correction=False).statistic
    assert 2 * found.sum() == pytest.approx(whole)
    # Areas whose months are shared out alike do not vary at all, and count as chance would have it.
    assert rates.dispersion_by_area(pd.DataFrame([[10, 20], [30, 60]])).tolist() == [1.0, 1.0]


def test_index_of_dispersion_is_the_variance_over_the_mean():
    # Bortkiewicz (1898): deaths by horse kick in 200 corps-years, 109, 65, 22, 3 and 1 of them
    # with none to four; mean 0.61, variance 0.611.
    kicks = np.repeat([0, 1, 2, 3, 4], [109, 65, 22, 3, 1])
    assert rates.index_of_dispersion(kicks) == pytest.approx(0.6109548 / 0.61, rel=1e-6)
    assert rates.index_of_dispersion([0, 0, 30]) == pytest.approx(30.0)
    assert rates.index_of_dispersion([5, 5, 5]) == 1.0
    assert rates.index_of_dispersion([0, 0]) == 1.0
