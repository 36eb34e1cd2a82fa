"""Survey microdata: format, weights and withheld cells, on generated respondents only."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compared_waves import compared_waves
from safer_communities.errors import InputError, leaves
from safer_communities.statistics.significance import compare_proportions, compare_shares
from safer_communities.surveys.microdata import (
    SMALLEST_CELL_SHOWN,
    weighted_base,
    withhold_small_parts,
)
from safer_communities.surveys.respondents import questions, read_respondents


def generated(yes_1=60, no_1=40, yes_2=80, no_2=40) -> pd.DataFrame:
    """Respondents that nobody interviewed, all of weight 1."""
    waves = [2019] * (yes_1 + no_1) + [2022] * (yes_2 + no_2)
    answers = ["yes"] * yes_1 + ["no"] * no_1 + ["yes"] * yes_2 + ["no"] * no_2
    return pd.DataFrame(
        {"respondent": range(len(waves)), "wave": waves, "weight": 1, "safe": answers}
    )


def test_equal_weights_give_the_unweighted_results():
    found = compared_waves(generated(), "safe", 2019, 2022)
    expected = compare_proportions(60, 100, 80, 120)
    yes = found.answers.loc["yes"]
    assert (yes["count_1"], yes["count_2"]) == (60, 80)
    assert yes["percent_1"] == pytest.approx(60)
    assert yes["p_value"] == pytest.approx(expected.p_value)
    assert yes["difference_points"] == pytest.approx(100 * expected.difference)
    assert yes["ci_low"] == pytest.approx(100 * expected.ci_low)
    assert yes["ci_high"] == pytest.approx(100 * expected.ci_high)
    assert not yes["significant"]
    assert (found.base_1.base, found.base_2.effective_base) == (100, pytest.approx(120))


def test_weights_count():
    responses = generated()
    responses["weight"] = np.where(responses["safe"] == "yes", 2.0, 0.5)
    found = compared_waves(responses, "safe", 2019, 2022)
    share_1, share_2 = 120 / 140, 160 / 180
    bases = 140**2 / (60 * 4 + 40 * 0.25), 180**2 / (80 * 4 + 40 * 0.25)
    expected = compare_shares(share_1, bases[0], share_2, bases[1])
    assert found.answers.loc["yes", "percent_1"] == pytest.approx(100 * share_1)
    assert found.answers.loc["no", "p_value"] == pytest.approx(expected.p_value)
    assert found.base_1.effective_base == pytest.approx(bases[0])


def test_those_who_did_not_answer_leave_the_base():
    responses = generated()
    responses.loc[:9, "safe"] = None
    assert compared_waves(responses, "safe", 2019, 2022).base_1.base == 90


def test_small_cells_are_withheld_with_all_that_follows_from_them():
    found = compared_waves(generated(no_2=4), "safe", 2019, 2022)
    assert found.answers["withheld"].tolist() == [True, True]
    # With two answers one would give the other away.
    assert found.answers["count_2"].isna().all()
    assert found.answers["percent_2"].isna().all()
    assert found.answers["p_value"].isna().all()
    assert found.answers["significant"].isna().all()
    assert found.answers["count_1"].tolist() == [40, 60]


def test_a_wave_of_too_few_is_withheld_altogether():
    found = compared_waves(generated(yes_2=5, no_2=4), "safe", 2019, 2022)
    assert found.base_2 is None
    assert found.base_1.base == 100
    assert found.answers["count_2"].isna().all()


def test_an_answer_given_in_one_wave_only():
    responses = generated()
    responses.loc[:29, "safe"] = "not sure"
    found = compared_waves(responses, "safe", 2019, 2022)
    assert found.answers.index.tolist() == ["no", "not sure", "yes"]
    assert found.answers.loc["not sure", "count_1"] == 30
    assert found.answers.loc["not sure", "withheld"]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([50, 40, 30], [50, 40, 30]),
        ([50, 40, 3], [50, None, None]),
        ([50, 6, 7], [50, None, None]),
        ([50, 40, 1, 2], [50, None, None, None]),
        ([50, 0, 20], [50, None, None]),
        ([3, 2], [None, None]),
        ([10], [10]),
        ([9], [None]),
    ],
)
def test_withheld_cells(counts, shown):
    found = withhold_small_parts(pd.Series(counts), minimum=SMALLEST_CELL_SHOWN)
    assert [None if pd.isna(value) else value for value in found] == shown


@settings(max_examples=100)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=8), st.integers(2, 15))
def test_no_withheld_cell_can_be_worked_out(counts, minimum):
    found = withhold_small_parts(pd.Series(counts), minimum=minimum)
    hidden = found.isna().to_numpy()
    assert all(value >= minimum for value in found.dropna())
    if hidden.any() and not hidden.all():
        # What the base gives away is the sum of those withheld: two or more, and not few people.
        assert hidden.sum() >= 2
        assert np.array(counts)[hidden].sum() >= minimum


def test_kish_by_hand():
    # (1 + 1 + 2)^2 / (1 + 1 + 4).
    found = weighted_base([1, 1, 2])
    assert (found.base, found.effective_base) == (3, pytest.approx(16 / 6))
    assert found.design_effect == pytest.approx(3 * 6 / 16)
    assert weighted_base(pd.Series([1e200] * 5)).effective_base == pytest.approx(5)


@settings(max_examples=60)
@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=50), st.floats(0.001, 1000))
def test_properties_of_the_effective_base(weights, scale):
    found = weighted_base(weights)
    assert 1 - 1e-9 <= found.effective_base <= len(weights) + 1e-9
    assert found.design_effect >= 1 - 1e-9
    scaled = weighted_base(np.array(weights) * scale)
    assert scaled.effective_base == pytest.approx(found.effective_base)
    # Kish: one plus the squared coefficient of variation of the weights.
    variation = np.std(weights) / np.mean(weights)
    assert found.design_effect == pytest.approx(1 + variation**2)


def test_checked_table_has_numbers_for_weights():
    responses = generated().astype({"weight": str})
    assert read_respondents(responses).table["weight"].dtype == float
    assert questions(responses) == ["safe"]
    assert responses["weight"].iloc[0] == "1"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns=["weight", "wave"]), "there is no column wave, weight"),
        (lambda t: t.drop(columns="safe"), "there is no question"),
        (lambda t: t.iloc[:0], "there is no respondent"),
        (
            lambda t: t.assign(respondent=1),
            r"column respondent: comes twice in its wave: 1 \(row 2\)",
        ),
        (
            lambda t: t.assign(respondent=t["respondent"].astype(float).replace(3, np.nan)),
            r"column respondent: is missing: nan \(row 4\)\.",
        ),
        (lambda t: t.assign(wave=None), r"column wave: is missing: None \(row 1\)"),
        (lambda t: t.assign(weight=0), r"column weight: is not a number above 0: 0 \(row 1\)"),
        (lambda t: t.assign(weight="x"), r"column weight: is not a number above 0: 'x' \(row 1\)"),
        (
            lambda t: t.assign(weight=np.inf),
            r"column weight: is not a number above 0: inf \(row 1\)",
        ),
    ],
)
def test_a_table_that_is_not_in_the_format(change, message):
    with pytest.raises((InputError, ExceptionGroup)) as caught:
        read_respondents(change(generated()))
    assert all(isinstance(error, InputError) for error in leaves(caught.value))
    assert re.search(message, "\n".join(map(str, leaves(caught.value))))


def test_all_that_is_wrong_with_the_respondents_is_listed_at_once():
    table = generated().astype({"weight": float})
    table.loc[2, "weight"], table.loc[5, "weight"], table.loc[4, "wave"] = 0.0, np.nan, np.nan
    with pytest.raises(ExceptionGroup) as caught:
        read_respondents(table)
    said = {error.place: error.problem for error in leaves(caught.value)}
    assert said == {
        "survey microdata, column wave": "is missing: nan (row 5)",
        "survey microdata, column weight": "is not a number above 0: 0.0 (row 3), nan (row 6)",
    }


def test_weights_of_nothing_and_a_minimum_that_hides_nothing_are_refused():
    with pytest.raises(ValueError, match="minimum: 1"):
        withhold_small_parts(pd.Series([50, 3]), minimum=1)
    with pytest.raises(ValueError, match="weights: 0"):
        weighted_base([1, 0])
