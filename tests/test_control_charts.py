"""XmR charts: a published example, each rule by hand, and re-basing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safer_communities.statistics.control_charts import rebased_xmr, xmr

SERIES = st.lists(st.integers(0, 1000), min_size=2, max_size=40)


def rules(values, **options) -> dict[str, list[int]]:
    found = {}
    for signal in xmr(values, **options).signals:
        found.setdefault(f"{signal.rule} {signal.direction}", []).append(signal.position)
    return found


def test_flow_rates_of_the_nist_handbook():
    # NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2, individuals chart (which divides by
    # 1.128 rather than multiplying by 2.66).
    flow = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    found = xmr(flow)
    assert found.centre == pytest.approx(50.81)
    assert found.moving_range_mean == pytest.approx(1.8778, abs=5e-5)
    assert found.upper == pytest.approx(55.8041, abs=2e-3)
    assert found.lower == pytest.approx(45.8159, abs=2e-3)
    assert found.signals == ()


def test_lines_by_hand():
    # Moving ranges 2, 4, 2, 2: mean 2.5.
    found = xmr([10, 12, 8, 10, 10 + 2])
    assert found.centre == pytest.approx(10.4)
    assert found.moving_range_mean == 2.5
    assert found.upper - found.centre == pytest.approx(2.66 * 2.5)
    assert found.centre - found.lower == pytest.approx(2.66 * 2.5)


def test_lines_from_the_baseline_alone():
    values = [10, 12, 10, 12, 50, 60]
    for baseline in (4, slice(0, 4)):
        found = xmr(values, baseline=baseline)
        assert (found.centre, found.moving_range_mean) == (11, 2)
    assert rules(values, baseline=4)["outside limits high"] == [4, 5]
    assert "outside limits low" in rules([10, 12, 10, 12, 0], baseline=4)


BASELINE = [9, 11] * 6
"""Centre 10, moving ranges 2: limits 4.68 to 15.32, outer third from 13.547."""


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([9, 9, 11], {}),
        ([15.33], {"outside limits high": [12]}),
        ([15.32], {}),
        ([4.67], {"outside limits low": [12]}),
        # The baseline ends above the centre: seven values in a row count that one.
        ([11] * 5, {}),
        ([11] * 6, {"run high": list(range(11, 18))}),
        ([9] * 6, {}),
        ([9] * 7, {"run low": list(range(12, 19))}),
        # A value on the centre ends a run.
        ([9] * 6 + [10] + [9] * 6, {}),
        # Seven values, six rises; six values are not enough.
        ([7, 8, 9, 9.5, 10, 10.5, 11], {"trend high": list(range(12, 19))}),
        ([7, 8, 9, 9.5, 10, 10.5], {}),
        # The baseline's last value is the first of the falling ones.
        ([10.9, 10.5, 10.2, 9.5, 9.2, 9.1], {"trend low": list(range(11, 18))}),
        # Equal neighbours end a trend.
        ([7, 8, 9, 9, 9.5, 10.1, 10.5], {}),
        # All three have to lie on that side, as in NHSRplotthedots.
        ([13.6, 13.6], {"two of three near limit high": [12, 13]}),
        ([9, 13.6, 13.6], {}),
        ([9, 13.6, 11, 13.6], {"two of three near limit high": [13, 15]}),
        ([9, 13.6, 9, 13.6, 9], {}),
        ([9, 13.5, 13.5, 9], {}),
        ([9, 13.6, 9, 6.4], {}),
        # On opposite sides two near values are no signal; outside is not near.
        ([9, 15.4, 13.6, 9], {"outside limits high": [13]}),
        ([6.4, 6.4, 9], {"two of three near limit low": [12, 13]}),
    ],
)
def test_each_rule(values, expected):
    assert rules(BASELINE + values, baseline=12) == expected


def test_long_runs_and_trends_are_marked_whole():
    assert rules([9, 11] * 6 + [9] * 20, baseline=12)["run low"] == list(range(12, 32))
    rising = xmr(range(20))
    assert [s.position for s in rising.signals if s.rule == "trend"] == list(range(20))


def test_rounding_makes_no_signal():
    assert xmr([0.1] * 9).signals == ()
    assert xmr([5, 5]).upper == 5


def test_labels_are_those_of_the_series():
    months = pd.date_range("2021-04", periods=13, freq="MS")
    found = xmr(pd.Series([*BASELINE, 99], index=months), baseline=12)
    assert [signal.label for signal in found.signals] == [pd.Timestamp("2022-04-01")]


def test_rebasing_starts_anew_at_each_break():
    months = pd.date_range("2021-04", periods=24, freq="MS")
    values = pd.Series([1, 2] * 6 + [101, 102] * 6, index=months)
    found = rebased_xmr(values, breaks=(12,))
    assert list(found.index) == list(months)
    assert found["segment"].tolist() == [1] * 12 + [2] * 12
    assert found["centre"].tolist() == [1.5] * 12 + [101.5] * 12
    assert found["upper"].tolist() == pytest.approx([1.5 + 2.66] * 12 + [101.5 + 2.66] * 12)
    assert (found["signal"] == "").all()
    assert (rebased_xmr(values)["signal"] != "").any()
    one = rebased_xmr([*BASELINE, 99])
    assert one["signal"].iloc[-1] == "outside limits"


def test_a_part_too_short_for_limits_says_so():
    found = rebased_xmr([*BASELINE, *range(11)], breaks=(12,))
    assert found["centre"].notna().tolist() == [True] * 12 + [False] * 11
    assert set(found["signal"][12:]) == {"fewer than 12 values, too few for limits"}
    # Not even a rise of eleven values in a row signals there.
    assert found["lower"][12:].isna().all()


def test_months_have_to_follow_each_other():
    months = pd.date_range("2021-04", periods=3, freq="MS")
    values = pd.Series([1, 2, 3], index=months)
    with pytest.raises(ValueError, match="values: April 2021 is not followed by the next month"):
        xmr(values.drop(months[1]))
    with pytest.raises(ValueError, match=r"values: June 2021 is not followed .* but by May 2021"):
        rebased_xmr(values[::-1])
    assert xmr(values).centre == 2


@settings(max_examples=60)
@given(SERIES, st.integers(1, 9), st.integers(-500, 500))
def test_properties(values, scale, shift):
    found = xmr(values)
    assert found.lower <= found.centre <= found.upper
    ends = {s.position for s in found.signals if s.rule == "outside limits"}
    assert all(
        (values[place] > found.upper or values[place] < found.lower) == (place in ends)
        for place in range(len(values))
        if not np.isclose(abs(values[place] - found.centre), found.upper - found.centre)
    )
    mirrored = xmr([-value for value in values])
    assert mirrored.upper == pytest.approx(-found.lower)
    moved = xmr([value * scale + shift for value in values])
    assert moved.centre == pytest.approx(found.centre * scale + shift)
    assert moved.moving_range_mean == pytest.approx(found.moving_range_mean * scale)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: xmr([]), r"values: \[\] is empty"),
        (lambda: xmr([1, None]), "values: None is not a number"),
        (lambda: xmr([1, np.nan]), "values: nan is not a finite number"),
        (lambda: xmr([1]), "baseline: None leaves 1 values"),
        (lambda: xmr(5), "values: 5 is not a series"),
        (lambda: xmr([1, 2], baseline=1), "baseline: 1 leaves 1 values"),
        (lambda: xmr([1, 2], baseline=3), "baseline: 3 is above the number of values, 2"),
        (lambda: xmr([1, 2], baseline=1.5), r"baseline: 1\.5 is not a whole number"),
        (lambda: rebased_xmr([1, 2, 3], breaks=(3,)), r"breaks: \(3,\) leaves a part"),
        (lambda: rebased_xmr([1, 2, 3, 4, 5, 6], breaks=(4, 2)), r"breaks: \(4, 2\)"),
    ],
)
def test_bad_input_names_the_argument_and_the_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()
