"""Natural breaks: known classes, and no better ones by trying all."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safer_communities.statistics.natural_breaks import natural_breaks


def test_groups_that_anyone_would_see():
    values = [4, 5, 9, 10, 5, 11, 30, 31, 90]
    assert natural_breaks(values, classes=4) == [(4, 5), (9, 11), (30, 31), (90, 90)]


def test_vehicle_crime_in_the_wards_of_a_borough():
    """Barnet, 12 months to March 2026, per 1,000 residents: checked by hand against all splits."""
    rates = [5.1, 5.3, 5.7, 6.0, 6.5, 6.9, 7.2, 8.1, 8.3, 8.8, 9.1, 9.9, 9.9, 9.9, 10.4]
    rates += [10.8, 11.0, 11.2, 12.1, 12.1, 12.7, 13.2, 13.3, 14.3, 18.9]
    found = natural_breaks(rates)
    assert found == _best(np.array(rates), 5)
    assert found[0] == (5.1, 7.2)
    assert found[-1] == (18.9, 18.9)


@pytest.mark.parametrize(
    ("values", "classes"),
    [([3], [(3, 3)]), ([3, 3, 3], [(3, 3)]), ([1, 2, 2, 1], [(1, 1), (2, 2)])],
)
def test_no_more_classes_than_different_values(values, classes):
    assert natural_breaks(values) == classes


@pytest.mark.parametrize("values", [[], [1, np.nan], [1, np.inf], ["a"]])
def test_what_is_no_number_is_refused(values):
    with pytest.raises(ValueError, match="values"):
        natural_breaks(values)


def test_a_number_of_classes_below_one_is_refused():
    with pytest.raises(ValueError, match="classes"):
        natural_breaks([1, 2], classes=0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 200), min_size=1, max_size=9), st.integers(1, 5))
def test_no_other_classes_lie_closer_together(values, classes):
    found = natural_breaks(values, classes=classes)
    values = np.array(values, dtype=float)
    assert _within(values, found) == pytest.approx(_within(values, _best(values, classes)))
    assert all(low <= high for low, high in found)
    assert all(high < low for (_, high), (low, _) in pairwise(found))


def _within(values, classes):
    """The squared distances of all values from the mean of their class."""
    members = [values[(values >= low) & (values <= high)] for low, high in classes]
    assert sum(map(len, members)) == len(values)
    return sum(((each - each.mean()) ** 2).sum() for each in members)


def _best(values, classes):
    """The best classes of all there are."""
    distinct = np.unique(values)
    classes = min(classes, len(distinct))
    splits = [
        [(part[0], part[-1]) for part in np.split(distinct, cut)]
        for cut in combinations(range(1, len(distinct)), classes - 1)
    ]
    return min(splits, key=lambda each: _within(values, each))
