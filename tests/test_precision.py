"""Numbers cut to ten digits: what two processors disagree on is gone, all else is kept."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from safer_communities.statistics.precision import significant, with_significant_numbers

FINITE = st.floats(-1e12, 1e12, allow_nan=False).filter(lambda value: abs(value) > 1e-300)


@pytest.mark.parametrize(
    ("value", "cut"),
    [
        # The upper end of an interval, as two processors gave it.
        (22981.146875832128, 22981.14688),
        (22981.14687583213, 22981.14688),
        (0.1 + 0.2, 0.3),
        (1 / 3, 0.3333333333),
        (-2.0000000000000004, -2.0),
        (123456789012.0, 123456789012.0),
        (0.0, 0.0),
        (math.inf, math.inf),
    ],
)
def test_known_values(value, cut):
    assert significant(value) == cut


def test_what_is_missing_stays_missing():
    assert math.isnan(significant(math.nan))


@given(FINITE)
def test_it_moves_a_value_by_less_than_its_tenth_digit_and_only_once(value):
    cut = significant(value)
    assert abs(cut - value) <= abs(value) * 5.0001e-10
    assert significant(cut) == cut


@given(st.integers(1, 10**9), st.integers(1, 10**6))
def test_a_last_bit_makes_no_difference_to_a_ratio(numerator, denominator):
    value = numerator / denominator
    # Halfway between two cut numbers a last bit decides, wherever one cuts.
    assume(f"{value:.14e}".split("e")[0][-5:] not in {"50000", "49999"})
    assert significant(math.nextafter(value, math.inf)) == significant(value)


def test_a_frame_is_cut_where_it_holds_floats_and_left_alone_elsewhere():
    frame = pd.DataFrame(
        {
            "rate": [1 / 3, np.nan],
            "mixed": [2 / 3, "[x]"],
            "count": [12345678901, 2],
            "day": pd.to_datetime(["2022-03-31", None]),
        },
        index=[7, 7],
    )
    before = frame.copy()
    cut = with_significant_numbers(frame)
    pd.testing.assert_frame_equal(frame, before)
    expected = before.assign(rate=[0.3333333333, np.nan], mixed=[0.6666666667, "[x]"])
    pd.testing.assert_frame_equal(cut, expected, check_exact=True)
