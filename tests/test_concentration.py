"""Changes that rest on one part or on a few months: by hand, and where the rule must be silent."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safer_communities.statistics.concentration import few_months, one_part

YEARS = st.lists(st.integers(0, 400), min_size=12, max_size=12)


def test_one_ward_of_24_that_made_half_of_a_rise():
    # Drug trafficking in Barnet's wards, 12 months to March 2025 and 2026, release of April 2026.
    found = one_part([27, *[36] * 22, 32], [264, *[47] * 22, 56])
    assert (found.first, found.before, found.after, found.change) == (0, 27, 264, 237)
    assert found.share == pytest.approx(237 / (237 + 22 * 11 + 24))


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ([400, *[20] * 10], [500, *[21] * 10], "the largest is where a rise is to be expected"),
        ([30] * 12, [39] * 12, "all rose alike"),
        ([2, *[10] * 11], [6, *[10] * 11], "four more is chance"),
        ([100] * 12, [100] * 12, "nothing changed"),
        ([0] * 12, [50, *[0] * 11], "there was nothing before"),
        ([50] * 12, [90, *[58] * 11], "three tenths of a rise are not a third"),
    ],
)
def test_one_part_is_silent(before, after, why):
    assert one_part(before, after) is None, why


def test_a_fall_and_a_part_that_moved_further_than_the_whole():
    fall = one_part([60, *[100] * 9], [5, *[98] * 9])
    assert fall.change == -55
    assert fall.share == pytest.approx(55 / 73)
    beyond = one_part([43, *[80] * 10], [274, *[72] * 10])
    assert beyond.share == pytest.approx(231 / 151)


def test_five_months_that_made_all_of_a_rise():
    # Drug trafficking in Barnet, months of 2024/25 and 2025/26, release of April 2026.
    before = [40, 39, 55, 62, 32, 89, 82, 103, 93, 77, 92, 87]
    after = [179, 203, 113, 128, 115, 82, 82, 113, 70, 102, 84, 83]
    found = few_months(before, after, dispersion=3)
    assert (found.first, found.last, found.before, found.after) == (0, 4, 228, 738)
    assert found.share == pytest.approx(510 / 503)


@pytest.mark.parametrize(
    ("before", "after", "dispersion"),
    [
        ([100] * 12, [150] * 12, 1),  # every month rose alike
        ([100] * 12, [*[140] * 6, *[110] * 6], 1),  # half a year
        ([5] * 12, [9, 5, 5, 5, 6, 5, 5, 5, 5, 5, 5, 5], 1),  # five more are chance
        ([100] * 12, [*[150] * 3, *[100] * 9], 12),  # such months are usual there
        ([100] * 12, [100] * 12, 1),  # nothing changed
        ([100] * 12, [*[160] * 5, *[131] * 7], 1),  # more than half, but not twice as fast
    ],
)
def test_few_months_is_silent(before, after, dispersion):
    assert few_months(before, after, dispersion=dispersion) is None


def test_a_dispersion_below_one_and_two_lengths_are_refused():
    with pytest.raises(ValueError, match=r"dispersion: 0\.5 is below 1"):
        few_months([1, 2], [3, 4], dispersion=0.5)
    with pytest.raises(ValueError, match="counts_after: 2 where counts_before has 3"):
        one_part([1, 2, 3], [4, 5])


@settings(max_examples=60)
@given(YEARS, YEARS)
def test_what_is_told_holds(before, after):
    change = sum(after) - sum(before)
    for found, most in ((one_part(before, after), 1), (few_months(before, after), 5)):
        if found is None:
            continue
        run = slice(found.first, found.last + 1)
        assert found.last - found.first < most
        assert (found.before, found.after) == (sum(before[run]), sum(after[run]))
        assert found.change == pytest.approx(found.share * change)
        assert found.share >= (1 / 3 if most == 1 else 1 / 2)
    backwards = few_months(before[::-1], after[::-1])
    assert (backwards is None) == (few_months(before, after) is None)


def test_chance_alone_is_hardly_ever_told():
    """Years that rose by a fifth in every month: 200 of them, with chance and nothing else."""
    random = np.random.default_rng(2026)
    years = [(random.poisson(80, 12), random.poisson(96, 12)) for _ in range(200)]
    assert sum(few_months(*year) is not None for year in years) <= 0.05 * 200
    wards = [(random.poisson(30, 24), random.poisson(36, 24)) for _ in range(200)]
    assert sum(one_part(*year) is not None for year in wards) <= 0.05 * 200
