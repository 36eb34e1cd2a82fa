"""Survey comparisons: what the printed percentages can say."""

import itertools
import re

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from statsmodels.stats.proportion import power_proportions_2indep

from counting import counted
from safer_communities.datasets import load
from safer_communities.statistics.significance import (
    compare_percentages,
    compare_percentages_over_bases,
    printed_percentages,
    verdict_of_range,
)
from safer_communities.surveys import shifts
from safer_communities.surveys.shifts import SurveyTables

# The surveys of the strategy and those before it, and the last that anything is known of since.
WAVES = ("2019", "2020", "2021_22", "2023_24")


@pytest.fixture(scope="module")
def tables() -> SurveyTables:
    """The surveys of these waves and what the strategy compares, whatever was asked since."""
    waves, percentages, comparisons = map(load.table, ("waves", "percentages", "comparisons"))
    return SurveyTables(
        waves[waves["wave"].isin(WAVES)],
        percentages[percentages["wave"].isin(WAVES)],
        comparisons[comparisons["wave_2"] == "2021_22"].reset_index(drop=True),
    )


@pytest.fixture(scope="module")
def compared(tables: SurveyTables) -> pd.DataFrame:
    return shifts.compare_shifts(tables).set_index("comparison")


def small_tables(
    *,
    percent_1: float | None = 37,
    percent_2: float | None = 34,
    shift: float | None = None,
    base: int = 500,
    base_low: int = 400,
    base_high: int = 600,
    says: str = "significant",
) -> SurveyTables:
    """One comparison between two waves of one survey."""
    wave = {
        "survey": "s",
        "label": "Survey",
        "base": base,
        "base_status": "assumed",
        "base_low": base_low,
        "base_high": base_high,
    }
    percentages = [
        {"survey": "s", "wave": wave_name, "question": "q", "percent": value, "decimals": 0}
        for wave_name, value in (("1", percent_1), ("2", percent_2))
        if value is not None
    ]
    comparison = {
        "comparison": "q_since_1",
        "label": "Question",
        "question": "q",
        "survey_1": "s",
        "wave_1": "1",
        "survey_2": "s",
        "wave_2": "2",
        "printed_shift_points": np.nan if shift is None else shift,
        "strategy_says": says,
        "headline": True,
    }
    columns = ["survey", "wave", "question", "percent", "decimals"]
    return SurveyTables(
        waves=pd.DataFrame([wave | {"wave": "1"}, wave | {"wave": "2"}]),
        percentages=pd.DataFrame(percentages, columns=columns),
        comparisons=pd.DataFrame([comparison]),
    )


def test_every_comparison_of_the_strategy_is_in_one_of_the_two_tables(tables, compared):
    alone = shifts.shifts_without_level(tables)
    names = [*compared.index, *alone["comparison"]]
    assert sorted(names) == sorted(tables.comparisons["comparison"])
    assert len(names) == 28


def test_every_survey_percentage_is_of_a_known_wave(tables):
    waves = set(zip(tables.waves["survey"], tables.waves["wave"], strict=True))
    used = set(zip(tables.percentages["survey"], tables.percentages["wave"], strict=True))
    assert used <= waves


def test_bases_lie_in_their_ranges_and_published_ones_have_no_range(tables):
    waves = tables.waves
    assert (waves["base_low"] <= waves["base"]).all()
    assert (waves["base"] <= waves["base_high"]).all()
    published = waves[waves["base_status"] == "published"]
    assert (published["base_low"] == published["base_high"]).all()
    assert list(published["wave"]) == ["2021_22", "2020"]


def test_the_fall_in_concern_about_drugs_is_not_carried_by_its_figures(compared):
    row = compared.loc["drug_taking_since_2019"]
    assert row["difference_points"] == pytest.approx(-3)
    assert row["p_value"] == pytest.approx(0.32155, abs=1e-4)
    assert row["verdict"] == row["verdict_any_base"] == "not significant"
    assert row["agreement"] == "strategy says significant, figures do not carry it"


def test_the_interval_holds_the_difference(compared):
    assert (compared["ci_low"] < compared["difference_points"]).all()
    assert (compared["ci_high"] > compared["difference_points"]).all()
    assert compared["ci_low"].notna().all()


@pytest.mark.parametrize("name", ["happy_area_since_2019", "bullying_in_person_since_2019"])
def test_rounding_leaves_two_claims_open(compared, name):
    row = compared.loc[name]
    assert row["p_low"] <= 0.05 < row["p_high"]
    assert row["verdict"] == "cannot tell"
    assert row["agreement"] == "cannot tell"


@pytest.mark.parametrize("name", ["knife_crime_since_2019", "gangs_since_2019"])
def test_large_shifts_are_carried_even_after_correction(compared, name):
    row = compared.loc[name]
    assert row["agreement"] == "strategy says significant, figures carry it"
    assert row["p_holm"] < 0.001
    assert row["p_bh"] < 0.001


def test_holm_is_within_the_headline_family_only(compared):
    family = compared[compared["headline"]]
    assert len(family) == 11
    assert family["p_holm"].notna().all()
    assert compared.loc[~compared["headline"], "p_holm"].isna().all()
    assert (family["p_holm"] >= family["p_value"]).all()
    assert (compared["p_bh"] >= compared["p_value"]).all()
    assert (family["strategy_says"] == "significant").all()


def test_without_a_headlined_family_no_p_is_adjusted_for_one():
    tables = small_tables()
    tables.comparisons["headline"] = False
    assert shifts.compare_shifts(tables)["p_holm"].isna().all()


def test_the_face_value_lies_in_the_range_of_p(compared):
    assert (compared["p_low"] <= compared["p_value"] + 1e-12).all()
    assert (compared["p_value"] <= compared["p_high"] + 1e-12).all()
    assert (compared["p_low_any_base"] <= compared["p_low"]).all()
    assert (compared["p_high"] <= compared["p_high_any_base"]).all()


def test_a_level_that_is_not_printed_follows_from_the_shift(compared):
    row = compared.loc["priority_harm_since_2019"]
    assert (row["percent_1"], row["percent_2"]) == (43, 38)
    assert row["percent_1_implied"]
    assert not compared.loc["drug_taking_since_2019", "percent_1_implied"]


def brute_force(percent_1, bases_1, percent_2, bases_2) -> tuple[float, float]:
    """The range of p over every base and every count that rounds half up to the percentages."""
    p_values = []
    for base_1, base_2 in itertools.product(bases_1, bases_2):
        for count_1, count_2 in itertools.product(range(base_1 + 1), range(base_2 + 1)):
            rounds = (200 * count_1 + base_1) // (2 * base_1) == percent_1
            if rounds and (200 * count_2 + base_2) // (2 * base_2) == percent_2:
                pooled = (count_1 + count_2) / (base_1 + base_2)
                error = np.sqrt(pooled * (1 - pooled) * (1 / base_1 + 1 / base_2))
                z = abs(count_2 / base_2 - count_1 / base_1) / error
                p_values.append(2 * norm.sf(z))
    return min(p_values), max(p_values)


def test_p_over_all_bases_agrees_with_brute_force():
    tables = small_tables(percent_1=30, percent_2=37, base=120, base_low=117, base_high=124)
    found = shifts.over_all_bases(shifts.shifts(tables)[0])
    bases = range(117, 125)
    assert (found.p_low, found.p_high) == pytest.approx(brute_force(30, bases, 37, bases))


@pytest.mark.parametrize("percent_1", [2, 3])
def test_a_half_is_rounded_up(percent_1):
    """5 of 200 is 2.5%, which is printed as 3% and never as 2%."""
    tables = small_tables(percent_1=percent_1, percent_2=9, base=200, base_low=200, base_high=200)
    face = shifts.face_value(shifts.shifts(tables)[0])
    expected = brute_force(percent_1, [200], 9, [200])
    assert (face.p_low, face.p_high) == pytest.approx(expected)


def test_an_implied_level_is_tested_as_if_printed():
    implied = shifts.shifts(small_tables(percent_1=None, percent_2=12, shift=3))[0]
    printed = shifts.shifts(small_tables(percent_1=9, percent_2=12))[0]
    assert implied.implied
    assert not printed.implied
    assert shifts.face_value(implied) == shifts.face_value(printed)
    assert shifts.over_all_bases(implied).p_high == shifts.over_all_bases(printed).p_high


def test_a_shift_without_level_cannot_be_tested():
    shift = shifts.shifts(small_tables(percent_1=None, percent_2=None, shift=3))[0]
    with pytest.raises(ValueError, match="'q_since_1' is printed without a level"):
        shifts.over_all_bases(shift)


def test_a_comparison_with_neither_levels_nor_shift_is_an_error():
    with pytest.raises(ValueError, match="'q_since_1' has neither"):
        shifts.shifts(small_tables(percent_1=None))


def test_any_base_asks_more_than_the_stated_base():
    tables = small_tables(percent_1=50, percent_2=59, base=500, base_low=100, base_high=600)
    row = shifts.compare_shifts(tables).iloc[0]
    assert row["verdict"] == "significant"
    assert row["verdict_any_base"] == "cannot tell"


def test_a_shift_without_a_claim_is_not_an_agreement():
    row = shifts.compare_shifts(small_tables(says="stated")).iloc[0]
    assert row["agreement"] == "strategy claims nothing"


@pytest.mark.parametrize("effect", shifts.DESIGN_EFFECTS)
def test_a_design_effect_is_the_same_as_testing_anew_with_it(compared, effect):
    table = shifts.design_effects(compared.reset_index()).set_index("comparison")
    for name, row in compared.iterrows():
        anew = compare_percentages(
            row["percent_1"], row["base_1"], row["percent_2"], row["base_2"], design_effect=effect
        )
        assert table.loc[name, f"p_{effect}"] == pytest.approx(anew.p_value, abs=1e-12)
    over_bases = compare_percentages_over_bases(
        90, 500, 94, 500, base_1_low=400, base_1_high=600, design_effect=effect
    )
    assert table.loc["happy_area_since_2019", f"verdict_{effect}"] == over_bases.verdict


def test_a_larger_design_effect_never_makes_a_shift_more_significant(compared):
    table = shifts.design_effects(compared.reset_index())
    assert (table["p_1.0"] <= table["p_1.5"]).all()
    assert (table["p_1.5"] <= table["p_2.0"]).all()
    assert (table["verdict_1.0"] == compared["verdict_any_base"].to_numpy()).all()
    was_not = table["verdict_1.0"] == "not significant"
    assert (table.loc[was_not, "verdict_2.0"] == "not significant").all()


def test_the_answer_changes_at_the_flip_base_and_not_before_it(tables):
    table = shifts.unknown_bases(tables)
    row = table[table["comparison"] == "bullying_in_person_since_2019"].iloc[0]
    assert row["flip_base"] == 582
    assert compare_percentages(11, 581, 15, 500).p_value > 0.05
    assert compare_percentages(11, 582, 15, 500).p_value <= 0.05
    drugs = table[table["comparison"] == "drug_taking_since_2019"]
    assert drugs["flip_base"].isna().all()


def test_every_assumed_base_has_a_row_and_no_published_one(tables, compared):
    table = shifts.unknown_bases(tables)
    assumed = (compared[["base_1_status", "base_2_status"]] == "assumed").sum().sum()
    assert len(table) == assumed
    published = tables.waves.loc[tables.waves["base_status"] == "published", "label"]
    assert not set(table["wave"]) & set(published)


def test_the_smallest_shift_is_found_four_times_in_five(compared):
    table = shifts.smallest_shifts(500, 500).set_index("level")
    assert table.loc[10, "rise_1.0"] == pytest.approx(table.loc[90, "fall_1.0"])
    rise = 30 + table.loc[30, "rise_2.0"]
    fall = compared.loc["drug_taking_since_2019", "detectable"]
    for difference, low, base in ((rise - 30, 30, 250), (fall, 37 - fall, 500)):
        # Of the two-sided test only the right direction counts.
        one_sided = {"alpha": 0.05 / 2, "alternative": "larger"}
        found = power_proportions_2indep(difference / 100, low / 100, base, **one_sided)
        assert found.power == pytest.approx(0.8)


def test_a_shift_that_no_wave_could_find_is_missing():
    assert shifts.smallest_shifts(5, 5)["rise_2.0"].isna().any()


@pytest.mark.parametrize(
    ("p_low", "p_high", "expected"),
    [
        (0.01, 0.05, "significant"),
        (0.04, 0.0501, "cannot tell"),
        (0.0501, 0.3, "not significant"),
    ],
)
def test_the_threshold_itself_counts_as_significant(p_low, p_high, expected):
    assert verdict_of_range(p_low, p_high, 0.05) == expected


def test_starred_shifts_are_significant_only_at_extreme_levels(tables):
    levels = shifts.shifts_without_level(tables).set_index("comparison")
    assert len(levels) == 4
    for name in ("priority_town_centres_since_2019", "priority_reading_since_2019"):
        row = levels.loc[name]
        assert (row["up_to"], row["since"]) == (7, 96)
        assert (row["surely_up_to"], row["surely_from"]) == (3, 99)
        assert (row["possibly_up_to"], row["possibly_from"]) == (14, 90)


def test_the_levels_of_a_starred_shift_are_where_the_test_turns(tables):
    shift = next(s for s in shifts.shifts(tables) if s.comparison == "priority_leisure_since_2019")
    row = shifts.levels_of_significance(shift)
    below, above = (compare_percentages(level + 4, 500, level, 500) for level in (9, 10))
    assert row["up_to"] == 9
    assert below.significant
    assert not above.significant


@pytest.mark.parametrize(
    ("ends", "verdicts"),
    [
        # 4% is the last level that is sure, 19% the last that is possible, and at 500 people
        # neither is the end.
        ("surely_up_to", {4: {"significant"}, 5: {"significant", "cannot tell"}}),
        ("possibly_up_to", {19: {"not significant", "cannot tell"}, 20: {"not significant"}}),
    ],
)
def test_a_starred_shift_is_tried_at_every_base(tables, ends, verdicts):
    shift = next(s for s in shifts.shifts(tables) if s.comparison == "priority_leisure_since_2019")
    assert shifts.levels_of_significance(shift)[ends] == min(verdicts)
    for level, expected in verdicts.items():
        found = {
            compare_percentages(level + 4, base, level, 500).verdict for base in range(400, 601)
        }
        assert found == expected


@pytest.mark.slow
def test_a_shift_that_is_significant_at_every_level_has_runs_that_meet():
    shift = shifts.shifts(small_tables(percent_1=None, percent_2=None, shift=20))[0]
    row = shifts.levels_of_significance(shift)
    assert (row["up_to"], row["since"]) == (100, 20)


@pytest.mark.slow
def test_bases_are_tried_along_the_shorter_range_and_once_for_each_comparison(tables, monkeypatch):
    shifts.over_all_bases.cache_clear()
    shifts._levels.cache_clear()
    tried = counted(monkeypatch, shifts, "compare_percentages_over_bases")
    ranges = counted(monkeypatch, printed_percentages, "_p_range")
    for _ in range(2):
        compared = shifts.compare_shifts(tables)
        shifts.design_effects(compared)
        shifts.unknown_bases(tables)
        shifts.shifts_without_level(tables)
    every = shifts.shifts(tables)
    assert len(tried) == len(every)
    # All bases of the longer range at once; and each comparison at its stated bases, each time.
    steps = [
        min(wave.base_high - wave.base_low + 1 for wave in (shift.wave_1, shift.wave_2))
        * (1 if shift.has_level else len(shifts._levels(shift)[0]))
        for shift in every
    ]
    assert len(ranges) <= sum(steps) + 2 * len(every)


def test_labels_say_nothing_of_direction(tables):
    words = re.compile(r"\b(?:rose|fell|rise|fall|increase|decrease)", re.IGNORECASE)
    assert not tables.comparisons["label"].str.contains(words).any()
