"""Rank intervals: by hand, against brute force, and how often they hold the truth."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.multitest import multipletests

from counting import counted
from safer_communities.statistics import rates
from safer_communities.statistics.rankings import against_the_rest, compared_with, rank_intervals
from safer_communities.statistics.rates import compare_counts

AREAS = st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 50)), min_size=1, max_size=8).map(
    lambda rows: tuple(np.array(column) for column in zip(*rows, strict=True))
)


def test_clear_ranks_and_ties():
    counts = pd.Series([500, 100, 100, 2500], index=["c", "a", "b", "d"])
    found = rank_intervals(counts, pd.Series(10, index=["a", "b", "c", "d"]))
    assert list(found.index) == ["c", "a", "b", "d"]
    assert found["rate"].tolist() == [50, 10, 10, 250]
    assert found["rank"].tolist() == [3, 1, 1, 4]
    assert found["rank_low"].tolist() == [3, 1, 1, 4]
    assert found["rank_high"].tolist() == [3, 2, 2, 4]


def test_zeros_and_one_area():
    found = rank_intervals([0, 0, 5, 500], [1, 1, 1, 1])
    assert found["rank"].tolist() == [1, 1, 3, 4]
    assert found["rank_low"].tolist() == [1, 1, 1, 4]
    assert found["rank_high"].tolist() == [3, 3, 3, 4]
    assert rank_intervals([5], [1]).iloc[0].tolist() == [5, 1, 1, 1]


def test_ranks_are_whole_numbers_and_the_rate_is_not():
    found = rank_intervals([3, 500], [2, 1])
    assert found["rate"].tolist() == [1.5, 500]
    assert [found[column].dtype.kind for column in found] == ["f", "i", "i", "i"]


def test_two_areas_differ_from_the_alpha_on_that_is_their_p_value():
    p_value = compare_counts(12, 30).p_value
    assert rank_intervals([12, 30], [1, 1], alpha=p_value)["rank_high"].tolist() == [1, 2]
    just_below = np.nextafter(p_value, 0)
    assert rank_intervals([12, 30], [1, 1], alpha=just_below)["rank_high"].tolist() == [2, 2]


def brute_force(counts, exposures, alpha):
    pairs, p_values = [], []
    for i in range(len(counts)):
        for j in range(len(counts)):
            if i != j:
                share = exposures[i] / (exposures[i] + exposures[j])
                pairs.append((i, j))
                p_values.append(binom.cdf(counts[i], counts[i] + counts[j], share))
    rejected = multipletests(p_values, alpha, method="holm")[0] if pairs else []
    low, high = [1] * len(counts), [len(counts)] * len(counts)
    for (lower, higher), shown in zip(pairs, rejected, strict=True):
        if shown:
            low[higher] += 1
            high[lower] -= 1
    return low, high


@settings(max_examples=40)
@given(AREAS)
@pytest.mark.slow
def test_intervals_are_those_of_brute_force(areas):
    counts, exposures = areas
    found = rank_intervals(counts, exposures)
    low, high = brute_force(counts, exposures, 0.05)
    assert found["rank_low"].tolist() == low
    assert found["rank_high"].tolist() == high
    rates = pd.Series(counts / exposures)
    assert found["rank"].tolist() == rates.rank(method="min").tolist()


@settings(max_examples=40)
@given(AREAS)
def test_properties(areas):
    counts, exposures = areas
    found = rank_intervals(counts, exposures)
    assert (found["rank_low"] <= found["rank"]).all()
    assert (found["rank"] <= found["rank_high"]).all()
    assert found["rank_low"].min() == 1
    assert found["rank_high"].max() == len(counts)
    surer = rank_intervals(counts, exposures, alpha=0.001)
    wider = rank_intervals(counts, exposures, dispersion=4)
    for other in (surer, wider):
        assert (other["rank_low"] <= found["rank_low"]).all()
        assert (other["rank_high"] >= found["rank_high"]).all()
    backwards = rank_intervals(counts[::-1], exposures[::-1])
    assert backwards["rank_low"].tolist() == found["rank_low"].tolist()[::-1]
    thousandfold = rank_intervals(counts, exposures * 1000)
    assert thousandfold["rank_high"].tolist() == found["rank_high"].tolist()


def test_all_intervals_hold_the_true_ranks_at_once():
    random = np.random.default_rng(2022)
    means = np.linspace(80, 140, 10)
    true_ranks = np.arange(1, 11)
    together = []
    for _ in range(300):
        found = rank_intervals(random.poisson(means), np.ones(10))
        low, high = found["rank_low"].to_numpy(), found["rank_high"].to_numpy()
        together.append(((low <= true_ranks) & (true_ranks <= high)).all())
    assert np.mean(together) >= 0.95


@pytest.mark.parametrize("areas", [32, 64])
def test_all_pairs_of_areas_are_tested_at_once(monkeypatch, areas):
    """Both ways in two calls of the beta function, where a loop would make thousands."""
    random = np.random.default_rng(1)
    exposures = random.integers(150_000, 400_000, areas)
    found = counted(monkeypatch, rates, "betainc")
    rank_intervals(random.poisson(exposures * 0.08), exposures)
    assert [tails.shape for tails in found] == [(areas, areas)] * 2


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([1, -2], [1, 1]), {}, "counts: -2 is negative"),
        (([1, 2], [1, 0]), {}, "exposures: 0 is not above 0"),
        (([], []), {}, r"counts: \[\] is empty"),
        ((5, 1), {}, "counts: 5 is not a list of areas"),
        (([1, 2], [1, 1]), {"dispersion": 0.5}, r"dispersion: 0\.5 is below 1"),
        (([1, 2], [1, 1]), {"alpha": 2}, "alpha: 2"),
        (
            (pd.Series([1, 2], index=["a", "b"]), pd.Series([1, 2], index=["a", "c"])),
            {},
            "exposures: its labels differ",
        ),
    ],
)
def test_bad_input_names_the_argument_and_the_value(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        rank_intervals(*arguments, **options)


class TestComparedWith:
    """Which areas are shown to differ from one."""

    COUNTS = pd.Series({"Ayton": 400, "Beeton": 1000, "Ceeton": 1010, "Deeton": 1900})
    SIZES = pd.Series({"Ayton": 10_000, "Beeton": 10_000, "Ceeton": 10_000, "Deeton": 10_000})

    def test_says_on_which_side_each_area_is(self):
        found = compared_with(self.COUNTS, self.SIZES, "Beeton")
        assert found.to_dict() == {
            "Ayton": "lower",
            "Beeton": "unclear",
            "Ceeton": "unclear",
            "Deeton": "higher",
        }

    def test_it_is_as_sure_as_the_intervals_of_all_areas_or_surer(self):
        random = np.random.default_rng(3)
        sizes = pd.Series(random.integers(150_000, 400_000, 32))
        counts = pd.Series(random.poisson(sizes * random.uniform(0.06, 0.09, 32)))
        dispersion = pd.Series(random.uniform(1, 9, 32))
        ranks = rank_intervals(counts, sizes, dispersion=dispersion)
        surer = 0
        for area in counts.index:
            found = compared_with(counts, sizes, area, dispersion=dispersion)
            low, high = 1 + (found == "lower").sum(), 32 - (found == "higher").sum()
            assert ranks.loc[area, "rank_low"] <= low <= ranks.loc[area, "rank"]
            assert ranks.loc[area, "rank"] <= high <= ranks.loc[area, "rank_high"]
            surer += ranks.loc[area, "rank_high"] - ranks.loc[area, "rank_low"] > high - low
        assert surer > 16

    def test_holms_correction_is_over_the_tests_of_this_area(self):
        counts, sizes = pd.Series([100, 130, 127, 135, 300]), pd.Series([1] * 5)
        p_value = compare_counts(100, 130).p_value / 2
        # Eight tests: those of 300 and 135 fall first, so 130 has to be below a sixth of alpha.
        found = compared_with(counts, sizes, 0, alpha=p_value * 6)
        assert found.tolist() == ["unclear", "higher", "unclear", "higher", "higher"]

    def test_its_range_holds_its_own_true_rank(self):
        random = np.random.default_rng(2022)
        means = pd.Series(np.linspace(80, 140, 10))
        sizes, held = pd.Series([1] * 10), 0
        for _ in range(300):
            found = compared_with(pd.Series(random.poisson(means)), sizes, 4)
            held += 1 + (found == "lower").sum() <= 5 <= 10 - (found == "higher").sum()
        assert held >= 0.95 * 300

    def test_an_unknown_area_is_refused(self):
        with pytest.raises(ValueError, match="area: 'Eeton' is none of the areas"):
            compared_with(self.COUNTS, self.SIZES, "Eeton")


class TestDispersion:
    """Areas whose events come in runs: their rates are less sure."""

    def test_the_counts_and_exposures_of_each_area_are_divided(self):
        counts, exposures = [400, 500, 900, 640], [10, 10, 18, 12]
        found = rank_intervals(counts, exposures, dispersion=[4, 2, 3, 4])
        effective = rank_intervals([100, 250, 300, 160], [2.5, 5, 6, 3])
        for column in ("rank", "rank_low", "rank_high"):
            assert found[column].tolist() == effective[column].tolist()
        assert found["rate"].tolist() == pytest.approx([40, 50, 50, 640 / 12])

    def test_labels_are_matched(self):
        counts = pd.Series([100, 140, 900], index=["a", "b", "c"])
        exposures = pd.Series(10, index=["a", "b", "c"])
        found = rank_intervals(
            counts, exposures, dispersion=pd.Series([1, 20, 1], index=["c", "b", "a"])
        )
        assert found.loc["a", "rank_high"] == 2
        assert rank_intervals(counts, exposures).loc["a", "rank_high"] == 1
        assert found.loc["c", "rank_low"] == 3

    def test_the_intervals_hold_the_true_ranks_where_events_come_in_runs(self):
        # Negative binomial counts with five times the variance of Poisson counts.
        random = np.random.default_rng(2022)
        means, true_ranks = np.linspace(300, 420, 10), np.arange(1, 11)
        held = {1: 0, 5: 0}
        for _ in range(200):
            counts = random.negative_binomial(means / 4, 1 / 5)
            for dispersion in held:
                found = rank_intervals(counts, np.ones(10), dispersion=dispersion)
                low, high = found["rank_low"].to_numpy(), found["rank_high"].to_numpy()
                held[dispersion] += ((low <= true_ranks) & (true_ranks <= high)).all()
        assert held[5] / 200 >= 0.95
        assert held[1] / 200 < 0.95


def test_an_area_against_the_rest_is_one_count_against_another():
    counts, exposures = [30, 80, 200], [10, 11, 12]
    found = against_the_rest(counts, exposures, alpha=0.03)
    pair = compare_counts(280, 30, exposure_1=23, exposure_2=10, alpha=0.01)
    own = found.iloc[0]
    assert (own["ratio"], own["ci_low"], own["ci_high"]) == pytest.approx(
        (pair.ratio, pair.ci_low, pair.ci_high)
    )
    assert found["shown"].tolist() == ["lower", "lower", "higher"]


def test_against_the_rest_what_is_shown_is_what_the_intervals_of_all_areas_leave_out():
    """What would be clear if one area had been looked at is not where it is one of twenty."""
    found = against_the_rest([128, *[100] * 20], [1] * 21)["shown"]
    p_value = compare_counts(2000, 128, exposure_1=20, exposure_2=1).p_value
    assert p_value < 0.05 < 21 * p_value
    assert set(found) == {"unclear"}
    assert (
        against_the_rest([128, *[100] * 20], [1] * 21, alpha=22 * p_value)["shown"][0] == "higher"
    )
    wards = against_the_rest([150, 128, 126, 60, 90, *[100] * 15], [1] * 20)
    assert set(wards["shown"]) == {"higher", "lower", "unclear"}
    assert (wards["shown"] == "higher").equals(wards["ci_low"] > 1)
    assert (wards["shown"] == "lower").equals(wards["ci_high"] < 1)


def test_against_the_rest_irregular_months_make_a_difference_less_sure():
    sure = against_the_rest([150, 100, 100], [1, 1, 1])
    less = against_the_rest([150, 100, 100], [1, 1, 1], dispersion=[9, 1, 1])
    assert sure["ratio"].tolist() == pytest.approx(less["ratio"].tolist())
    assert (sure["shown"].iloc[0], less["shown"].iloc[0]) == ("higher", "unclear")
    assert less["ci_low"].iloc[0] < 1 < less["ci_high"].iloc[0]


def test_against_the_rest_areas_without_events_have_ends_that_are_numbers_or_infinite():
    found = against_the_rest([0, 0, 5], [1, 1, 1])
    assert not found.isna().any(axis=None)
    assert found["ratio"].tolist() == [0, 0, np.inf]
    with pytest.raises(ValueError, match="two areas or more"):
        against_the_rest([5], [1])
