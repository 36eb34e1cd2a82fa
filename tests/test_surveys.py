"""Survey comparisons: what the printed percentages can say."""

import re
import time

import numpy as np
import pandas as pd
import pytest

from safer_communities import load, surveys
from safer_communities.surveys import SurveyTables


@pytest.fixture(scope="module")
def tables() -> SurveyTables:
    return SurveyTables(load.table("waves"), load.table("percentages"), load.table("comparisons"))


@pytest.fixture(scope="module")
def compared(tables: SurveyTables) -> pd.DataFrame:
    return surveys.compare_shifts(tables).set_index("comparison")


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
    alone = surveys.shifts_without_level(tables)
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
    assert list(published["wave"]) == ["2021_22"]


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


def test_the_face_value_lies_in_the_range_of_p(compared):
    assert (compared["p_low"] <= compared["p_value"] + 1e-12).all()
    assert (compared["p_value"] <= compared["p_high"] + 1e-12).all()


def test_a_level_that_is_not_printed_follows_from_the_shift(compared):
    row = compared.loc["priority_harm_since_2019"]
    assert (row["percent_1"], row["percent_2"]) == (43, 38)
    assert row["percent_1_implied"]
    assert not compared.loc["drug_taking_since_2019", "percent_1_implied"]


def test_p_range_of_points_agrees_with_brute_force():
    shift = surveys.shifts(small_tables(percent_1=None, percent_2=12, shift=3, base=60))[0]
    p_values = []
    for count_1 in range(61):
        for count_2 in range(61):
            level, difference = 100 * count_2 / 60, 100 * (count_2 - count_1) / 60
            if abs(level - 12) <= 0.5 and abs(difference - 3) <= 0.5:
                pooled = (count_1 + count_2) / 120
                error = np.sqrt(pooled * (1 - pooled) * 2 / 60)
                z = abs(count_2 - count_1) / 60 / error
                p_values.append(2 * (1 - surveys.norm.cdf(z)))
    assert surveys.p_range(shift, 60, 60) == pytest.approx((min(p_values), max(p_values)))


def test_no_counts_that_fit_is_an_error():
    shift = surveys.shifts(small_tables(percent_1=None, percent_2=50, shift=0.4, base=7))[0]
    with pytest.raises(ValueError, match="points: no counts of 7 and 7"):
        surveys.p_range(shift, 7, 7)


def test_a_comparison_with_neither_levels_nor_shift_is_an_error():
    with pytest.raises(ValueError, match="'q_since_1' has neither"):
        surveys.shifts(small_tables(percent_1=None))


def test_any_base_asks_more_than_the_stated_base():
    tables = small_tables(percent_1=50, percent_2=59, base=500, base_low=100, base_high=600)
    row = surveys.compare_shifts(tables).iloc[0]
    assert row["verdict"] == "significant"
    assert row["verdict_any_base"] == "cannot tell"


def test_a_shift_without_a_claim_is_not_an_agreement():
    row = surveys.compare_shifts(small_tables(says="stated")).iloc[0]
    assert row["agreement"] == "strategy claims nothing"


def test_a_larger_design_effect_never_makes_a_shift_more_significant(tables):
    table = surveys.sensitivity(tables)
    wide = table.pivot_table(
        index=["comparison", "bases"], columns="design_effect", values="p_high"
    )
    assert (wide[1.0] <= wide[1.5] + 1e-12).all()
    assert (wide[1.5] <= wide[2.0] + 1e-12).all()
    assert set(table["bases"]) == {"smallest", "stated or assumed", "largest"}


@pytest.mark.parametrize(
    ("p_low", "p_high", "expected"),
    [
        (0.01, 0.05, "significant"),
        (0.04, 0.0501, "cannot tell"),
        (0.0501, 0.3, "not significant"),
    ],
)
def test_the_threshold_itself_counts_as_significant(p_low, p_high, expected):
    assert surveys.verdict(p_low, p_high) == expected


def test_starred_shifts_are_significant_only_at_extreme_levels(tables):
    levels = surveys.shifts_without_level(tables).set_index("comparison")
    assert len(levels) == 4
    for name in ("priority_town_centres_since_2019", "priority_reading_since_2019"):
        row = levels.loc[name]
        assert row["surely_up_to"] == 5
        assert row["possibly_up_to"] == 10
    six = levels.loc["priority_open_spaces_since_2019"]
    assert six["surely_up_to"] == 25
    assert six["surely_from"] == 70


def test_the_levels_of_a_starred_shift_are_where_the_verdict_turns(tables):
    shift = next(s for s in surveys.shifts(tables) if s.comparison == "priority_leisure_since_2019")
    row = surveys.levels_of_significance(shift)
    verdicts = {
        level: surveys.verdict(*surveys._p_range_of_points(level, -4, 500, 500, 1.0))
        for level in (row["surely_up_to"], row["surely_up_to"] + 1, row["possibly_up_to"] + 1)
    }
    assert list(verdicts.values()) == ["significant", "cannot tell", "not significant"]


def test_all_comparisons_take_less_than_two_seconds(tables):
    start = time.perf_counter()
    surveys.compare_shifts(tables)
    surveys.shifts_without_level(tables)
    assert time.perf_counter() - start < 2


def test_labels_say_nothing_of_direction(tables):
    words = re.compile(r"\b(?:rose|fell|rise|fall|increase|decrease)", re.IGNORECASE)
    assert not tables.comparisons["label"].str.contains(words).any()
