"""Survey tests against published answers, other implementations and brute force."""

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, norm
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    power_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

from counting import counted
from safer_communities.statistics.significance import (
    adjust_p_values,
    compare_percentages,
    compare_percentages_over_bases,
    compare_proportions,
    compare_shares,
    levels_at_which_shift_is_significant,
    printed_percentages,
    smallest_detectable_shift,
    wilson_interval,
)
from safer_communities.statistics.significance.rounding import counts_rounding_to

KNOWN = Path(__file__).parent / "known_answers"
# Benjamini and Hochberg (1995), JRSS B 57:289, section 3: 15 tests of thrombolysis endpoints.
BH_1995 = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
    0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
]  # fmt: skip


def known(name: str) -> list[dict]:
    with (KNOWN / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def within(value: float, printed: str, decimals: str) -> bool:
    return abs(value - float(printed)) <= 0.5 * 10 ** -int(decimals) + 1e-9


@st.composite
def two_samples(draw, largest=400):
    base_1, base_2 = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    return draw(st.integers(0, base_1)), base_1, draw(st.integers(0, base_2)), base_2


@pytest.mark.parametrize(
    "row", known("proportions.csv"), ids=lambda r: f"{r['case']}-{r['statistic']}"
)
def test_two_proportions_as_published(row):
    found = compare_proportions(
        *(int(row[name]) for name in ("count_1", "base_1", "count_2", "base_2"))
    )
    assert within(getattr(found, row["statistic"]), row["expected"], row["decimals"])


@pytest.mark.parametrize(
    "row", [r for r in known("intervals_of_one.csv") if r["method"] == "wilson"], ids=str
)
def test_wilson_interval_as_published(row):
    found = wilson_interval(int(row["count"]), int(row["exposure"]))
    assert within(found.ci_low, row["ci_low"], row["decimals"])
    assert within(found.ci_high, row["ci_high"], row["decimals"])


def test_benjamini_hochberg_1995_rejects_four_and_bonferroni_style_holm_three():
    assert sum(adjust_p_values(BH_1995, method="bh") <= 0.05) == 4
    assert sum(adjust_p_values(BH_1995, method="holm") <= 0.05) == 3


def test_adjusted_p_values_by_hand():
    # Holm: 3 x 0.01, then 2 x 0.03, then never less than before. BH: 3 x 0.01, 0.04, 0.04.
    p_values = pd.Series([0.01, 0.04, 0.03], index=list("abc"))
    holm, bh = (adjust_p_values(p_values, method=name) for name in ("holm", "bh"))
    assert holm.to_dict() == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06})
    assert bh.to_dict() == pytest.approx({"a": 0.03, "b": 0.04, "c": 0.04})
    assert adjust_p_values(0.2, method="holm") == 0.2
    square = adjust_p_values(np.array([[0.01, 0.04], [0.03, 0.5]]), method="holm")
    assert square == pytest.approx(np.array([[0.04, 0.09], [0.09, 0.5]]))
    with pytest.raises(ValueError, match="method: 'sidak'"):
        adjust_p_values([0.1], method="sidak")
    with pytest.raises(ValueError, match=r"p_values: 1\.5"):
        adjust_p_values([0.1, 1.5], method="bh")


def test_power_of_r_power_prop_test():
    # R manual, power.prop.test, the three examples.
    assert smallest_detectable_shift(50, 50, 50, power=0.7395).rise < 25
    assert smallest_detectable_shift(50, 50, 50, power=0.7405).rise > 25
    assert smallest_detectable_shift(50, 76, 76, power=0.9).rise > 25
    assert smallest_detectable_shift(50, 77, 77, power=0.9).rise < 25
    shift = smallest_detectable_shift(50, 50, 50, power=0.9)
    assert shift.rise == pytest.approx(80.26 - 50, abs=0.005)
    assert shift.fall == pytest.approx(shift.rise)


@settings(max_examples=60)
@given(two_samples())
def test_agrees_with_statsmodels(sample):
    count_1, base_1, count_2, base_2 = sample
    found = compare_proportions(*sample)
    low, high = confint_proportions_2indep(
        count_2, base_2, count_1, base_1, method="newcomb", compare="diff"
    )
    assert found.ci_low == pytest.approx(low, abs=1e-9)
    assert found.ci_high == pytest.approx(high, abs=1e-9)
    one = wilson_interval(count_1, base_1, alpha=0.1)
    expected = proportion_confint(count_1, base_1, alpha=0.1, method="wilson")
    assert (one.ci_low, one.ci_high) == pytest.approx(expected, abs=1e-9)
    if 0 < count_1 + count_2 < base_1 + base_2:
        z, p_value = proportions_ztest([count_2, count_1], [base_2, base_1])
        assert found.z == pytest.approx(z, abs=1e-9)
        assert found.p_value == pytest.approx(p_value, abs=1e-9)
        table = [[count_1, base_1 - count_1], [count_2, base_2 - count_2]]
        chi = chi2_contingency(table, correction=False)
        assert found.p_value == pytest.approx(chi.pvalue, abs=1e-9)


@settings(max_examples=60)
@given(two_samples(), st.floats(0.001, 0.5))
def test_properties_of_a_comparison(sample, alpha):
    count_1, base_1, count_2, base_2 = sample
    found = compare_proportions(*sample, alpha=alpha)
    assert found.difference == count_2 / base_2 - count_1 / base_1
    assert -1 - 1e-12 <= found.ci_low <= found.difference <= found.ci_high <= 1 + 1e-12
    assert 0 <= found.p_value <= 1
    assert found.significant == (found.p_value <= alpha)
    exchanged = compare_proportions(count_2, base_2, count_1, base_1, alpha=alpha)
    assert exchanged.z == -found.z
    assert exchanged.ci_low == pytest.approx(-found.ci_high)
    no_for_yes = compare_proportions(base_1 - count_1, base_1, base_2 - count_2, base_2)
    assert no_for_yes.p_value == pytest.approx(found.p_value)
    if count_2 < base_2 and count_2 / base_2 >= count_1 / base_1:
        assert compare_proportions(count_1, base_1, count_2 + 1, base_2).z > found.z
    if count_2 / base_2 != count_1 / base_1:
        tenfold = compare_proportions(*(10 * value for value in sample))
        assert tenfold.p_value < found.p_value


def half_up(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def brute_force_range(percent_1, base_1, percent_2, base_2, decimals, design_effect):
    counts = [
        [
            count
            for count in range(base + 1)
            if half_up(Decimal(100 * count) / base, decimals) == Decimal(str(percent))
        ]
        for percent, base in ((percent_1, base_1), (percent_2, base_2))
    ]
    p_values = []
    for count_1 in counts[0]:
        for count_2 in counts[1]:
            pooled = (count_1 + count_2) / (base_1 + base_2)
            error = (pooled * (1 - pooled) * (1 / base_1 + 1 / base_2)) ** 0.5
            distance = abs(count_2 / base_2 - count_1 / base_1)
            z = distance / error / design_effect**0.5 if distance else 0
            p_values.append(2 * norm.sf(z))
    return (min(p_values), max(p_values)) if p_values else None


@settings(max_examples=120)
@given(two_samples(), st.sampled_from([0, 1]), st.sampled_from([1.0, 1.5, 2.0]))
def test_rounding_range_is_that_of_brute_force(sample, decimals, design_effect):
    count_1, base_1, count_2, base_2 = sample
    printed = [
        float(half_up(Decimal(100 * count) / base, decimals))
        for count, base in ((count_1, base_1), (count_2, base_2))
    ]
    found = compare_percentages(
        printed[0], base_1, printed[1], base_2, decimals=decimals, design_effect=design_effect
    )
    low, high = brute_force_range(printed[0], base_1, printed[1], base_2, decimals, design_effect)
    assert found.p_low == pytest.approx(low, abs=1e-12, rel=1e-9)
    assert found.p_high == pytest.approx(high, abs=1e-12, rel=1e-9)
    actual = compare_shares(
        count_1 / base_1, base_1 / design_effect, count_2 / base_2, base_2 / design_effect
    )
    assert found.p_low - 1e-12 <= actual.p_value <= found.p_high + 1e-12


@pytest.mark.slow
def test_rounding_range_of_large_bases_is_that_of_brute_force():
    for percents in [(37, 34), (50, 50), (0, 1), (99, 100), (50, 51)]:
        found = compare_percentages(percents[0], 4999, percents[1], 5000)
        expected = brute_force_range(percents[0], 4999, percents[1], 5000, 0, 1.0)
        assert (found.p_low, found.p_high) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("design_effect", [1.0, 2.0])
def test_rounding_range_where_the_ranges_meet_and_no_two_counts_agree(design_effect):
    pairs = [(50, 101, 50, 102), (50, 1001, 50, 1003), (37, 500, 34, 556)]
    found = compare_percentages(*zip(*pairs, strict=True), design_effect=design_effect)
    for place, pair in enumerate(pairs):
        expected = brute_force_range(*pair, 0, design_effect)
        assert (found.p_low[place], found.p_high[place]) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("counts", [50, 500])
def test_the_work_grows_with_the_counts_that_round_and_not_with_their_pairs(monkeypatch, counts):
    base = 100 * counts
    found = counted(monkeypatch, printed_percentages, "z_of_difference")
    compare_percentages(50, base, 50, base)
    # Each count of one wave is set beside the two nearest of the other, all of them at once.
    assert sum(z.size for z in found) <= 2 * counts + 3
    assert len(found) <= 5
    found.clear()
    compare_percentages(50, base, 37, base)
    # Ranges that do not meet differ least and most at their ends.
    assert sum(z.size for z in found) <= 3


def test_nobody_and_everybody_are_the_ends_of_their_intervals():
    bases = np.arange(1, 500)
    assert (wilson_interval(0, bases).ci_low == 0).all()
    assert (wilson_interval(bases, bases).ci_high == 1).all()


def test_half_rounds_up():
    # 1 of 200 is 0.5%, printed 1%; 199 of 200 is 99.5%, printed 100%.
    assert compare_percentages(1, 200, 100, 200).verdict == "significant"
    assert compare_percentages(0, 1, 100, 1).p_low == pytest.approx(2 * norm.sf(2**0.5))
    low, high = counts_rounding_to(np.array([1]), np.array([200]), 0)
    assert (low[0], high[0]) == (1, 2)
    low, high = counts_rounding_to(np.array([100]), np.array([200]), 0)
    assert (low[0], high[0]) == (199, 200)


def test_verdicts():
    assert compare_percentages(71, 500, 51, 556).verdict == "significant"
    assert compare_percentages(37, 500, 34, 556).verdict == "not significant"
    borderline = compare_percentages(90, 500, 94, 500)
    assert borderline.verdict == "cannot tell"
    assert borderline.significant
    assert compare_percentages(90, 500, 94, 500, design_effect=2).p_value > 0.05


def test_a_p_value_equal_to_alpha_is_significant():
    found = compare_percentages(90, 500, 94, 500)
    for alpha, verdict in (
        (found.p_high, "significant"),
        (np.nextafter(found.p_high, 0), "cannot tell"),
        (found.p_low, "cannot tell"),
        (np.nextafter(found.p_low, 0), "not significant"),
    ):
        assert compare_percentages(90, 500, 94, 500, alpha=alpha).verdict == verdict
    assert compare_percentages(90, 500, 94, 500, alpha=found.p_value).significant


def test_face_value_is_the_comparison_of_counts():
    face, counted = compare_percentages(90, 500, 94, 500), compare_proportions(450, 500, 470, 500)
    for name in ("difference", "z", "p_value", "ci_low", "ci_high", "significant"):
        assert getattr(face, name) == pytest.approx(getattr(counted, name), abs=1e-12)


def test_design_effect_divides_the_bases():
    found = compare_percentages(40, 600, 50, 800, design_effect=2)
    halved = compare_proportions(120, 300, 200, 400)
    assert found.p_value == pytest.approx(halved.p_value)
    assert found.ci_low == pytest.approx(halved.ci_low)
    assert smallest_detectable_shift(40, 600, 900, design_effect=3) == (
        smallest_detectable_shift(40, 200, 300)
    )


def test_bases_in_a_range_as_one_by_one():
    found = compare_percentages_over_bases(
        90, 450, 94, 500, base_1_low=440, base_1_high=460, base_2_low=495, base_2_high=520
    )
    ranges = [
        compare_percentages(90, base_1, 94, base_2)
        for base_1 in range(440, 461)
        for base_2 in range(495, 521)
    ]
    assert found.p_low == min(each.p_low for each in ranges)
    assert found.p_high == max(each.p_high for each in ranges)
    assert found.verdict == "cannot tell"


@pytest.mark.parametrize("wave", ["first", "second"])
def test_each_end_of_a_range_of_bases_counts(wave):
    tried = np.arange(100, 301)
    if wave == "first":
        found = compare_percentages_over_bases(
            90, 200, 94, 450, base_1_low=100, base_1_high=300, design_effect=1.5
        )
        each = compare_percentages(90, tried, 94, 450, design_effect=1.5)
    else:
        found = compare_percentages_over_bases(
            90, 450, 94, 200, base_2_low=100, base_2_high=300, design_effect=1.5
        )
        each = compare_percentages(90, 450, 94, tried, design_effect=1.5)
    assert (found.p_low, found.p_high) == (each.p_low.min(), each.p_high.max())
    # Smaller bases than the assumed 200 give the largest p, larger ones the smallest.
    assert each.p_high[tried < 200].max() > each.p_high[tried >= 200].max()
    assert each.p_low[tried > 200].min() < each.p_low[tried <= 200].min()


@pytest.mark.parametrize(("side", "field"), [(1, "flip_base_1"), (2, "flip_base_2")])
def test_the_flip_base_is_where_significance_changes(side, field):
    flip = getattr(compare_percentages_over_bases(90, 500, 94, 550), field)
    bases = {1: (flip, 550), 2: (500, flip)}[side]
    nearer = {1: (flip + 1, 550), 2: (500, flip + 1)}[side]
    assert compare_percentages_over_bases(90, 500, 94, 550).verdict == "cannot tell"

    def p_value(base_1, base_2):
        return compare_shares(0.9, base_1, 0.94, base_2).p_value

    assert p_value(*bases) > 0.05 >= p_value(*nearer)


@pytest.mark.parametrize(("side", "field"), [(1, "flip_base_1"), (2, "flip_base_2")])
def test_the_flip_base_allows_for_the_design_effect(side, field):
    found = compare_percentages_over_bases(88, 900, 92, 1000, design_effect=2)
    flip = getattr(found, field)
    bases = {1: (flip, 1000), 2: (900, flip)}[side]
    nearer = {1: (flip + 1, 1000), 2: (900, flip + 1)}[side]

    def p_value(base_1, base_2):
        return compare_shares(0.88, base_1 / 2, 0.92, base_2 / 2).p_value

    assert p_value(*bases) > 0.05 >= p_value(*nearer)


def test_the_flip_base_can_be_the_first_and_the_last_that_is_tried():
    assert compare_percentages_over_bases(0, 2, 100, 2).flip_base_1 == 1
    at_the_last = compare_shares(0.5, 5000, 0.52, 4000).p_value
    for alpha, flip in ((at_the_last, 5000), (np.nextafter(at_the_last, 0), None)):
        found = compare_percentages_over_bases(50, 4000, 52, 4000, alpha=alpha)
        assert found.flip_base_1 == flip


def test_a_shift_of_nothing_never_flips_and_series_keep_their_index():
    found = compare_percentages_over_bases(
        pd.Series([50, 90], index=["same", "rise"]), 500, [50, 94], 550, base_1_low=400
    )
    assert list(found.flip_base_1) == [None, 224]
    assert list(found.verdict.index) == ["same", "rise"]
    assert compare_percentages_over_bases(50, 500, 50, 550).flip_base_2 is None


def test_bases_that_allow_no_count_are_passed_over():
    # No count of 3 rounds to 50%, but counts of 2 and 4 do.
    found = compare_percentages_over_bases(50, 3, 100, 4, base_1_low=2, base_1_high=4)
    allowed = [compare_percentages(50, base, 100, 4) for base in (2, 4)]
    assert found.p_low == min(each.p_low for each in allowed)
    with pytest.raises(
        ValueError, match=r"^percent_1: no count of a base from 3 to 9 rounds to 1%"
    ):
        compare_percentages_over_bases(1, 5, 100, 4, base_1_low=3, base_1_high=9)
    with pytest.raises(
        ValueError, match=r"^percent_2: no count of a base from 3 to 3 rounds to 50"
    ):
        compare_percentages_over_bases(100, 4, 50, 3)
    with pytest.raises(ValueError, match=r"^percent_1: 33\.3 has more decimals than decimals=0"):
        compare_percentages_over_bases(33.3, 300, 50, 4)
    with pytest.raises(ValueError, match="base_1_low: 5 is above base_1 3"):
        compare_percentages_over_bases(50, 3, 100, 4, base_1_low=5)


def test_smallest_detectable_shift_against_a_search():
    for level, base_1, base_2 in [(10, 500, 556), (50, 300, 1000), (90, 200, 180)]:
        found = smallest_detectable_shift(level, base_1, base_2)
        seconds = np.arange(level, 100, 0.001)
        # Of the two-sided test only the right direction counts.
        power = power_proportions_2indep(
            (seconds - level) / 100,
            level / 100,
            base_2,
            base_1 / base_2,
            alpha=0.05 / 2,
            alternative="larger",
        ).power
        enough = power >= 0.8
        assert found.rise == pytest.approx(seconds[np.argmax(enough)] - level, abs=0.0011)
    assert smallest_detectable_shift(98, 50, 50).rise == np.inf
    assert smallest_detectable_shift(100, 50, 50).rise == np.inf
    assert smallest_detectable_shift(0, 50, 50).fall == np.inf
    assert smallest_detectable_shift(0, 50, 50).rise == pytest.approx(
        smallest_detectable_shift(100, 50, 50).fall
    )
    assert (
        smallest_detectable_shift(50, 500, 500, design_effect=2).rise
        == smallest_detectable_shift(50, 250, 250).rise
    )
    with pytest.raises(ValueError, match=r"power: 0\.05 is not above alpha"):
        smallest_detectable_shift(50, 50, 50, power=0.05)


def test_the_smallest_detectable_shift_at_the_ends():
    # From nobody to everybody the samples cannot vary: ten people find that for sure, one never.
    assert smallest_detectable_shift(0, 10, 10, power=np.nextafter(1, 0)).rise <= 100
    assert smallest_detectable_shift(100, 10, 10, power=np.nextafter(1, 0)).fall <= 100
    assert smallest_detectable_shift(0, 1, 1, power=0.051).rise == np.inf
    assert smallest_detectable_shift(100, 1, 1, power=0.051).fall == np.inf
    # No shift at all is found by chance only, however many are asked.
    assert smallest_detectable_shift(0, 10**9, 10**9).fall == np.inf


def test_levels_of_a_starred_shift():
    found = levels_at_which_shift_is_significant(-6, 500, 556)
    assert list(found["percent_1"]) == list(range(6, 101))
    for row in found.iloc[::13].itertuples():
        one = compare_percentages(row.percent_1, 500, row.percent_1 - 6, 556)
        assert (row.p_value, row.verdict) == (one.p_value, one.verdict)
        assert row.significant == one.significant
    assert levels_at_which_shift_is_significant(100, 10, 10)["percent_1"].tolist() == [0]
    assert not levels_at_which_shift_is_significant(1, 100, 100)["significant"].any()
    assert levels_at_which_shift_is_significant(30, 500, 500)["significant"].all()
    with pytest.raises(ValueError, match="shift_points: 101 is not between -100 and 100"):
        levels_at_which_shift_is_significant(101, 100, 100)
    with pytest.raises(ValueError, match=r"shift_points: 2\.5 has more decimals"):
        levels_at_which_shift_is_significant(2.5, 100, 100)
    with pytest.raises(ValueError, match="shift_points: 50 is impossible"):
        levels_at_which_shift_is_significant(50, 1, 1)


def test_levels_of_a_shift_printed_with_a_decimal():
    found = levels_at_which_shift_is_significant(2.5, 1000, 2000, decimals=1)
    assert list(found["percent_1"]) == [tenths / 10 for tenths in range(976)]
    assert list(found["percent_2"]) == [tenths / 10 for tenths in range(25, 1001)]
    each = compare_percentages(found["percent_1"], 1000, found["percent_2"], 2000, decimals=1)
    for column in ("p_value", "p_low", "p_high", "significant", "verdict"):
        assert list(found[column]) == list(getattr(each, column))


def test_shapes_and_types():
    found = compare_proportions(5, 83, 12, 99)
    assert isinstance(found.p_value, float)
    assert isinstance(found.significant, bool)
    arrays = compare_proportions(np.array([5, 5]), 83, [12, 12], 99)
    assert arrays.p_value.shape == (2,)
    first = pd.Series([5, 6], index=["a", "b"])
    second = pd.Series([13, 12], index=["b", "a"])
    series = compare_proportions(first, 83, second, 99)
    assert series.p_value["a"] == found.p_value
    assert isinstance(compare_percentages(90, 500, 94, 500).verdict, str)
    with pytest.raises(ValueError, match="count_2: its labels differ"):
        compare_proportions(first, 83, pd.Series([1, 2]), 99)
    with pytest.raises(ValueError, match="do not fit together"):
        compare_proportions([1, 2], 83, [1, 2, 3], 99)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ((-1, 5, 1, 5), "count_1: -1 is negative"),
        ((1, 5, 1.5, 5), r"count_2: 1\.5 is not a whole number"),
        ((6, 5, 1, 5), "count_1: 6 is above base_1 5"),
        ((1, 5, 6, 5), "count_2: 6 is above base_2 5"),
        ((1, 0, 1, 5), "base_1: 0 is below 1"),
        (([], 5, 1, 5), r"count_1: \[\] is empty"),
        ((1, 5, float("nan"), 5), "count_2: nan is not a finite number"),
        ((1, float("inf"), 1, 5), "base_1: inf is not a finite number"),
        (("x", 5, 1, 5), "count_1: 'x' is not a number"),
        ((None, 5, 1, 5), "count_1: None is not a number"),
        ((True, 5, 1, 5), "count_1: True is not a number"),
        ((pd.Series([1, None], dtype="Int64"), 5, 1, 5), "count_1"),
    ],
)
def test_bad_counts_name_the_argument_and_the_value(bad, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        compare_proportions(*bad)


@pytest.mark.parametrize(
    ("bad", "options", "message"),
    [
        ((101, 5, 1, 5), {}, "percent_1: 101 is not between 0 and 100"),
        ((10, 5, -1, 5), {}, "percent_2: -1 is not between"),
        ((50, 3, 50, 4), {}, "percent_1: no count of base_1 3 rounds to 50%"),
        ((33.3, 300, 50, 4), {}, r"percent_1: 33\.3 has more decimals than decimals=0"),
        ((50, 4, 50, 4), {"decimals": 0.5}, r"decimals: 0\.5"),
        ((50, 4, 50, 4), {"decimals": -1}, "decimals: -1"),
        ((50, 4, 50, 4), {"design_effect": 0}, "design_effect: 0 is not above 0"),
        ((50, 4, 50, 4), {"alpha": 1}, "alpha: 1"),
        ((50, 4, 50, 4), {"alpha": [0.1, 0.2]}, r"alpha: .* is not a single number"),
    ],
)
def test_bad_percentages_name_the_argument_and_the_value(bad, options, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        compare_percentages(*bad, **options)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: wilson_interval(6, 5), "count: 6 is above base 5"),
        (lambda: wilson_interval(1, 5, alpha=0), "alpha: 0 is not between 0 and 1"),
        (lambda: compare_proportions(1, 5, 1, 5, alpha=0), "alpha: 0 is not between 0 and 1"),
        (lambda: compare_shares(0.1, 5, 0.1, 5, alpha=0), "alpha: 0 is not between 0 and 1"),
        (lambda: smallest_detectable_shift(50, 5, 5, alpha=0), "alpha: 0 is not between 0 and 1"),
        (lambda: smallest_detectable_shift(50, 5, 5, power=1), "power: 1 is not between 0 and 1"),
        (lambda: smallest_detectable_shift(50, 5, 5, design_effect=0), "design_effect: 0 is not"),
        (lambda: levels_at_which_shift_is_significant([1, 2], 5, 5), r"shift_points: \[1, 2\]"),
        (lambda: levels_at_which_shift_is_significant(1, 0, 5), "base_1: 0 is not a whole number"),
        (lambda: levels_at_which_shift_is_significant(1, 5, 0), "base_2: 0 is not a whole number"),
        (lambda: levels_at_which_shift_is_significant(1, 5, 5, decimals=-1), "decimals: -1 is not"),
    ],
)
def test_bad_input_names_the_argument_and_the_value(call, message):
    with pytest.raises(ValueError, match=rf"^{message}"):
        call()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"base_1_low": 0}, "base_1_low: 0 is below 1"),
        ({"base_1_high": 0}, "base_1_high: 0 is below 1"),
        ({"base_2_low": 0}, "base_2_low: 0 is below 1"),
        ({"base_2_high": 0}, "base_2_high: 0 is below 1"),
        ({"base_1_low": 9}, "base_1_low: 9 is above base_1 8"),
        ({"base_1_high": 7}, "base_1: 8 is above base_1_high 7"),
        ({"base_2_low": 7}, "base_2_low: 7 is above base_2 6"),
        ({"base_2_high": 5}, "base_2: 6 is above base_2_high 5"),
        ({"alpha": 0}, "alpha: 0 is not between 0 and 1"),
        ({"design_effect": 0}, "design_effect: 0 is not above 0"),
    ],
)
def test_bad_ranges_of_bases_name_the_argument_and_the_value(options, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        compare_percentages_over_bases(50, 8, 50, 6, **options)


def test_shares_outside_zero_to_one_are_refused():
    with pytest.raises(ValueError, match=r"share_2: 1\.1"):
        compare_shares(0.5, 10.5, 1.1, 20)
    with pytest.raises(ValueError, match="effective_base_1: 0"):
        compare_shares(0.5, 0, 0.1, 20)


def test_aspirin_of_the_physicians_health_study():
    # R, prop.test(c(189, 104), c(11034, 11037), correct = FALSE): X-squared 25.014. The counts are
    # those of the Physicians' Health Study (1989), New England Journal of Medicine 321:129.
    assert compare_proportions(189, 11034, 104, 11037).z == pytest.approx(-(25.014**0.5), abs=5e-5)


def test_holm_on_four_hypotheses():
    # The worked example of the Holm-Bonferroni method in Wikipedia: H4 and H1 are rejected.
    adjusted = adjust_p_values([0.01, 0.04, 0.03, 0.005], method="holm")
    assert (adjusted <= 0.05).tolist() == [True, False, False, True]


def test_benjamini_hochberg_of_five_equal_steps():
    # By arithmetic: five p-values of 0.01 to 0.05 all become 5 x 0.05 / 5; Holm multiplies the
    # smallest by five, and no later one is smaller.
    p_values = [0.01, 0.02, 0.03, 0.04, 0.05]
    assert adjust_p_values(p_values, method="bh") == pytest.approx([0.05] * 5)
    assert adjust_p_values(p_values, method="holm") == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])


def test_shares_too_near_nothing_to_tell_apart_are_not_told_apart():
    found = compare_shares(0, 10, 5e-324, 10)
    assert (found.z, found.p_value) == (0, 1)
    assert found.ci_low < 0 < found.ci_high
