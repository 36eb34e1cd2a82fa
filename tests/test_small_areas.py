"""Rates of small areas drawn towards that of all, by hand, by simulation and by brute force."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import gamma

from safer_communities.statistics.small_areas import funnel, shrunken_rates

AREAS = st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 500)), min_size=3, max_size=8).map(
    lambda rows: tuple(np.array(column) for column in zip(*rows, strict=True))
)


def test_moments_by_hand():
    # Mean 60 / 600; spread 100 x (0.08^2 + 0.06^2 + 0.1^2) x 2 / 600; less 0.1 / 100.
    counts = pd.Series([2, 4, 20, 18, 16, 0], index=list("abcdef"))
    found = shrunken_rates(counts, 100, per=1)
    mean, spread = 0.1, 2 * (0.08**2 + 0.06**2 + 0.1**2) / 6
    assert spread == pytest.approx(0.04 / 6)
    between = spread - mean / 100
    own = between / (between + mean / 100)
    assert list(found.index) == list("abcdef")
    assert found["rate"].tolist() == pytest.approx([0.02, 0.04, 0.2, 0.18, 0.16, 0])
    assert found["shrunken_rate"].to_numpy() == pytest.approx(
        mean + own * (counts.to_numpy() / 100 - mean)
    )


def test_exposures_weigh_the_moments():
    # Mean 30 / 300; spread (100 x 0.1^2 + 200 x 0.05^2) / 300 = 0.005; less 0.1 / 150.
    found = shrunken_rates([20, 10], [100, 200], per=1, highest=1)
    between = 0.005 - 0.1 / 150
    shape, size = 0.01 / between, 0.1 / between
    assert found["shrunken_rate"].tolist() == pytest.approx(
        [(20 + shape) / (100 + size), (10 + shape) / (200 + size)]
    )


def test_a_small_area_is_drawn_further():
    found = shrunken_rates([10, 1000, 300, 2000], [100, 10_000, 10_000, 10_000])
    assert found["rate"].tolist()[:2] == [100, 100]
    small, large = found["shrunken_rate"][:2]
    assert abs(large - 100) < abs(small - 100)


def test_areas_that_differ_by_chance_alone_have_the_rate_of_all():
    found = shrunken_rates([5, 5, 6, 4], [100] * 4)
    assert found["shrunken_rate"].tolist() == pytest.approx([50] * 4)
    assert found["among_highest"].tolist() == pytest.approx([0.75] * 4, abs=1e-6)


def test_the_probability_is_that_of_drawing_from_all_rates():
    counts, exposures = np.array([30, 72, 35, 90, 8, 51]), np.array([100, 120, 90, 130, 20, 125])
    found = shrunken_rates(counts, exposures, highest=2)
    mean = counts.sum() / exposures.sum()
    spread = (exposures * (counts / exposures - mean) ** 2).sum() / exposures.sum()
    between = spread - mean / exposures.mean()
    rates = gamma(counts + mean**2 / between, scale=1 / (exposures + mean / between))
    draws = rates.rvs((200_000, 6), random_state=np.random.default_rng(4)).T
    places = np.argsort(np.argsort(-draws, axis=0), axis=0)
    assert found["among_highest"].to_numpy() == pytest.approx((places < 2).mean(axis=1), abs=0.005)


@pytest.mark.slow
@settings(max_examples=30)
@given(AREAS, st.integers(1, 3))
def test_probabilities_add_up_to_the_places(areas, highest):
    counts, exposures = areas
    if not counts.any():
        return
    found = shrunken_rates(counts, exposures, highest=highest)
    assert found["among_highest"].sum() == pytest.approx(highest, abs=0.02)
    assert found["among_highest"].between(-1e-9, 1 + 1e-9).all()
    mean = 1000 * counts.sum() / exposures.sum()
    assert (found["shrunken_rate"] - mean).abs().le((found["rate"] - mean).abs() + 1e-6).all()


def test_a_clear_order_is_certain_and_all_places_are_everyones():
    found = shrunken_rates([10, 20, 3000, 4000, 5000], [100] * 5)
    assert found["among_highest"].tolist() == pytest.approx([0, 0, 1, 1, 1], abs=1e-6)
    every = shrunken_rates([10, 20, 30], [100, 90, 80], highest=3)
    assert every["among_highest"].tolist() == pytest.approx([1, 1, 1])


@pytest.mark.slow
def test_they_are_as_often_among_the_highest_as_they_say():
    numbers = np.random.default_rng(6)
    said, true_ones, closer = [], [], []
    for _ in range(40):
        size = numbers.uniform(500, 15_000, 12)
        true = numbers.gamma(8, 0.002 / 8, 12)
        found = shrunken_rates(numbers.poisson(size * true), size, per=1)
        said.extend(found["among_highest"])
        true_ones.extend(true >= np.sort(true)[-3])
        closer.append(
            ((found["shrunken_rate"] - true) ** 2).sum() < ((found["rate"] - true) ** 2).sum()
        )
    likely = pd.cut(pd.Series(said), [0, 0.1, 0.3, 0.6, 1])
    shares = pd.DataFrame({"said": said, "true": true_ones}).groupby(likely, observed=True).mean()
    assert shares["true"].to_numpy() == pytest.approx(shares["said"].to_numpy(), abs=0.1)
    assert np.mean(closer) > 0.8


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shrunken_rates([5], [1]), r"counts: \[5\] is not a list of two areas or more"),
        (lambda: shrunken_rates(5, 1), "counts: 5 is not a list"),
        (lambda: shrunken_rates([0, 0], [1, 1]), "counts: no area has an event"),
        (lambda: shrunken_rates([1, 2], [1, 0]), "exposures: 0 is not above 0"),
        (lambda: shrunken_rates([1, 2], [1, 1], highest=3), "highest: 3 is above the number of"),
        (lambda: shrunken_rates([1, 2], [1, 1], highest=0), "highest: 0 is not a whole number"),
        (lambda: shrunken_rates([1, 2, 3], [1, 1, 1], per=0), "per: 0 is not above 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_interval_is_that_of_the_gamma_distribution():
    counts, exposures = np.array([30, 72, 35, 90, 8, 51]), np.array([100, 120, 90, 130, 20, 125])
    found = shrunken_rates(counts, exposures, per=1)
    mean = counts.sum() / exposures.sum()
    spread = (exposures * (counts / exposures - mean) ** 2).sum() / exposures.sum()
    between = spread - mean / exposures.mean()
    rates = gamma(counts + mean**2 / between, scale=1 / (exposures + mean / between))
    assert found["ci_low"].to_numpy() == pytest.approx(rates.ppf(0.025))
    assert found["ci_high"].to_numpy() == pytest.approx(rates.ppf(0.975))
    narrower = shrunken_rates(counts, exposures, per=1, alpha=0.5)
    assert (narrower["ci_high"] < found["ci_high"]).all()


class TestFunnel:
    def test_without_more_than_chance_the_limits_are_those_of_chance(self):
        found = funnel([100, 102, 99, 401], [1000, 1000, 1000, 4000])
        assert found.spread == 0
        assert found.target == pytest.approx(1000 * 702 / 7000)
        sd = 1 / np.sqrt(702 / 7000 * 1000)
        assert found.areas["high_95"][0] == pytest.approx(found.target * np.exp(1.959964 * sd))
        assert found.areas["low_998"][0] == pytest.approx(found.target * np.exp(-3.090232 * sd))
        assert set(found.areas["place"]) == {"within"}

    def test_the_spread_beyond_chance_is_found(self):
        numbers = np.random.default_rng(3)
        size = numbers.uniform(20_000, 60_000, 400)
        true = 0.1 * np.exp(numbers.normal(0, 0.2, 400))
        found = funnel(numbers.poisson(size * true), size)
        # A fifth of the areas is pulled in, so a little of the spread of 0.2 is lost.
        assert found.spread == pytest.approx(0.17, abs=0.02)

    def test_one_that_is_far_out_does_not_widen_the_funnel_for_itself(self):
        sizes = [10_000] * 12
        counts = [1000, 1010, 990, 1020, 980, 1005, 995, 1015, 985, 1000, 1000, 3000]
        found = funnel(counts, sizes)
        without = funnel(counts[:-1], sizes[:-1])
        assert found.areas["place"].iloc[-1] == "above 998"
        assert found.spread < without.spread + 0.2

    def test_the_curve_runs_from_the_smallest_to_the_largest_and_narrows(self):
        found = funnel(pd.Series([10, 20, 45], index=list("abc")), [100, 200, 400])
        assert list(found.areas.index) == list("abc")
        assert found.curve["exposure"].iloc[[0, -1]].tolist() == [100, 400]
        assert found.curve["high_95"].is_monotonic_decreasing
        assert found.curve["low_998"].is_monotonic_increasing

    @settings(max_examples=30)
    @given(AREAS)
    def test_limits_stand_in_order_and_hold_the_rate_of_all(self, areas):
        counts, exposures = areas
        if not counts.any():
            return
        found = funnel(counts, exposures)
        columns = found.areas[["low_998", "low_95", "high_95", "high_998"]]
        assert (columns.diff(axis="columns").iloc[:, 1:] >= 0).all(axis=None)
        assert (columns["low_95"] <= found.target).all()
        assert (columns["high_95"] >= found.target).all()
        outside = found.areas["place"] != "within"
        beyond = ~found.areas["rate"].between(columns["low_95"], columns["high_95"])
        assert outside.equals(beyond)

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: funnel([5, 6], [1, 1]), "is not a list of three areas or more"),
            (lambda: funnel([0, 0, 0], [1, 1, 1]), "counts: no area has an event"),
        ],
    )
    def test_bad_input_is_named(self, call, message):
        with pytest.raises(ValueError, match=message):
            call()
