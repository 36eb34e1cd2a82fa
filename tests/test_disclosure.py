"""Withheld cells, attacked: nothing published together may give a small count away."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safer_communities.datasets.small_cells import what_can_be_told, withhold

pytestmark = pytest.mark.slow

WARDS = ["High Barnet", "Colindale", "Hendon", "Mill Hill"]


def table(*rows: list[int]) -> pd.DataFrame:
    """Made counts; nobody stands behind them."""
    columns = [f"offence {number}" for number in range(len(rows[0]))]
    return pd.DataFrame(list(rows), index=WARDS[: len(rows)], columns=columns)


def protected(counts: pd.DataFrame) -> pd.DataFrame | None:
    """The table as it may be shown; None where its totals must not be published."""
    try:
        return withhold(counts)
    except ValueError:
        return None


def attack(counts: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """What can be told of each withheld cell from the table with its margins."""
    return what_can_be_told(shown, counts.sum(axis=1), counts.sum(axis=0))


def test_a_table_without_small_counts_is_shown_as_it_is():
    counts = table([10, 20], [0, 40])
    assert (withhold(counts) == counts).all(axis=None)


def test_primary_suppression_alone_gives_the_count_away():
    counts = table([3, 20, 15], [30, 40, 22], [25, 9, 31])
    alone = counts.astype("Int64").mask((counts > 0) & (counts < 5))
    told = attack(counts, alone)
    assert told[["least", "most"]].to_numpy().tolist() == [[3, 3]]


def test_secondary_suppression_does_not():
    counts = table([3, 20, 15], [30, 40, 22], [25, 9, 31])
    shown = withhold(counts)
    assert shown.isna().sum().sum() == 4
    assert pd.isna(shown.iloc[0, 0])
    told = attack(counts, shown).set_index(["row", "column"])
    small = told.loc[("High Barnet", "offence 0")]
    assert small["least"] == 0
    assert small["most"] >= 5


def test_what_is_shown_is_true():
    counts = table([3, 20, 15], [30, 40, 22], [25, 9, 31])
    shown = withhold(counts)
    assert (shown.fillna(counts.astype("Int64")) == counts).all(axis=None)


@settings(max_examples=40, derandomize=True)
@given(st.data())
def test_no_small_count_can_be_recovered(data):
    """Every small cell of a random table may be 0 or may be 5 or more, or nothing is published."""
    rows, columns = data.draw(st.integers(2, 4)), data.draw(st.integers(2, 5))
    cell = st.one_of(st.integers(0, 6), st.integers(0, 60))
    counts = table(
        *(data.draw(st.lists(cell, min_size=columns, max_size=columns)) for _ in range(rows))
    )
    shown = protected(counts)
    if shown is None:
        # Rightly: a total is small, or even a table of nothing but gaps would say too much.
        totals = pd.concat([counts.sum(axis=1), counts.sum(axis=0)])
        bare = attack(counts, counts.astype("Int64").mask(counts >= 0)).set_index(["row", "column"])
        small = [place for place, count in counts.stack().items() if 0 < count < 5]
        open_ = bare.loc[small] if small else bare.iloc[:0]
        assert totals.between(1, 4).any() or (open_["least"] > 0).any() or (open_["most"] < 5).any()
        return
    told = attack(counts, shown).set_index(["row", "column"])
    for place, count in counts.stack().items():
        if 0 < count < 5:
            assert told.at[place, "least"] == 0
            assert told.at[place, "most"] >= 5
    assert (shown.fillna(counts.astype("Int64")) == counts).all(axis=None)


def test_the_attack_finds_the_truth_within_its_bounds():
    generator = np.random.default_rng(3)
    counts = pd.DataFrame(generator.integers(0, 30, (4, 4)))
    shown = counts.astype("Int64").mask(pd.DataFrame(generator.random((4, 4)) < 0.5))
    for row in attack(counts, shown).itertuples():
        assert row.least <= counts.at[row.row, row.column] <= row.most


def test_a_small_total_is_said_and_not_published():
    with pytest.raises(ValueError, match="the total of High Barnet is below 5"):
        withhold(table([1, 2], [30, 40]))


def test_a_table_too_small_to_hide_in():
    with pytest.raises(ValueError, match="do not publish the totals"):
        withhold(table([3, 20], [30, 0]))


@pytest.mark.parametrize(
    ("counts", "minimum", "named"),
    [([[1.5, 2]], 5, "counts"), ([[-1, 2]], 5, "counts"), ([[1, 2]], 1, "minimum")],
)
def test_bad_arguments(counts, minimum, named):
    with pytest.raises(ValueError, match=named):
        withhold(pd.DataFrame(counts), minimum=minimum)
