"""Months at which nearly all areas move at once: found where made, and in the police figures."""

import numpy as np
import pandas as pd
import pytest

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.datasets import load
from safer_communities.settings import Settings
from safer_communities.statistics.changes.common_moves import common_moves
from safer_communities.yearly.decisions import _about_moves
from safer_communities.yearly.jumps import LOCKDOWNS, NEAR_A_BREAK, unregistered_moves

MONTHS = pd.date_range("2014-04", periods=96, freq="MS")


def made(areas=20, seed=2):
    """Eight years of months whose areas go their own ways a little: no common move."""
    numbers = np.random.default_rng(seed)
    return pd.DataFrame(numbers.poisson(200, (len(MONTHS), areas)), index=MONTHS)


def test_a_step_in_all_areas_is_found_at_its_month():
    table = made()
    table.loc["2019-06":] = (table.loc["2019-06":] * 0.8).astype(int)
    [found] = common_moves(table)
    assert found.month == pd.Timestamp("2019-06-01")
    assert (found.areas, found.same_way) == (20, 20)
    first, second = table.loc["2018-06":"2019-05"].sum(), table.loc["2019-06":"2020-05"].sum()
    changes = 100 * (second / first - 1)
    assert found.mean_percent == pytest.approx(changes.mean())
    assert found.sd_percent == pytest.approx(changes.std())
    assert found.whole_percent == pytest.approx(100 * (second.sum() / first.sum() - 1))


def test_a_rise_is_set_against_rises_and_a_fall_against_falls():
    table = made()
    table.loc["2016-06":] *= 2
    table.loc["2019-06":] = (table.loc["2019-06":] * 0.8).astype(int)
    # The earlier rise is larger than the fall, and of another kind.
    assert pd.Timestamp("2019-06-01") in [move.month for move in common_moves(table)]
    again = made()
    again.loc["2016-06":] *= 2
    again.loc["2019-06":] = (again.loc["2019-06":] * 1.3).astype(int)
    # A doubling has been seen; another rise is nothing new.
    assert pd.Timestamp("2019-06-01") not in [move.month for move in common_moves(again)]


def test_what_moves_a_part_of_the_areas_is_not_found():
    table = made()
    table.loc["2019-06":, :13] *= 2
    table.loc["2019-06":, 14:] = (table.loc["2019-06":, 14:] * 0.9).astype(int)
    assert common_moves(table) == []
    assert pd.Timestamp("2019-06-01") in [m.month for m in common_moves(table, nearly_all=0.7)]
    assert pd.Timestamp("2019-06-01") not in [m.month for m in common_moves(table, nearly_all=0.71)]


def test_a_year_of_earlier_pairs_of_years_has_to_be_there():
    def first_found(step):
        table = made()
        table.loc[step:] *= 3
        return [move.month for move in common_moves(table)]

    assert first_found("2017-04") == [pd.Timestamp("2017-04-01")]
    assert first_found("2016-03") == []


def test_a_lockdown_is_no_example_of_what_later_years_may_do():
    table = made()
    table.loc["2017-04":"2018-03"] = (table.loc["2017-04":"2018-03"] * 0.5).astype(int)
    table.loc["2020-08":] = (table.loc["2020-08":] * 0.8).astype(int)
    step = pd.Timestamp("2020-08-01")
    assert step not in [move.month for move in common_moves(table)]
    lockdown = pd.date_range("2017-04", "2018-03", freq="MS")
    assert [move.month for move in common_moves(table, unusual=lockdown)] == [step]


def test_no_events_are_no_change():
    table = made(areas=10).assign(none=0)
    table.loc["2019-06":] *= 2
    [found] = common_moves(table)
    assert found.areas == 10
    assert common_moves(table * 0) == []
    only = pd.DataFrame({"a": table[0], "b": 0})
    assert common_moves(only) == []


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: common_moves(made().drop(MONTHS[5])), "monthly: August 2014 is not followed"),
        (lambda: common_moves(made(areas=1)), "monthly: 1 areas are fewer than two"),
        (lambda: common_moves(made() - 500), "monthly: -3.. is negative"),
        (lambda: common_moves(made(), nearly_all=1.5), "nearly_all: 1.5 is not between 0 and 1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


CRIME = BoroughEdition(Settings(edition=2026)).crime
BOROUGHS = list(CRIME.boroughs["area_code"])


def moves(measure):
    found = common_moves(CRIME.monthly_by_area(measure)[BOROUGHS], unusual=LOCKDOWNS)
    return {f"{move.month:%Y-%m}": move for move in found}


def test_known_changes_are_found():
    # Sheds and garages became residential in April 2017; the first lockdown emptied all streets.
    assert moves("Residential burglary")["2017-04"].same_way == 32
    found = common_moves(CRIME.monthly_by_area("Total notifiable offences")[BOROUGHS])
    assert [m.whole_percent < -20 for m in found if f"{m.month:%Y-%m}" == "2020-03"] == [True]


@pytest.mark.parametrize(
    ("measure", "month", "mean", "sd"),
    [
        ("Rape", "2013-11", 37.3, 16.8),
        ("Violence against the person", "2014-03", 27.8, 6.4),
        ("Interfering with a motor vehicle", "2014-04", 116.4, 56.2),
        ("Public order offences", "2014-05", 46.5, 16.2),
        ("Public fear, alarm or distress", "2014-05", 60.5, 22.5),
        ("Robbery of business property", "2023-11", 91.2, 37.3),
        ("Shoplifting", "2024-02", 56.4, 25.8),
        ("Other theft", "2024-03", -14.7, 6.7),
        ("Public fear, alarm or distress", "2024-03", -16.1, 4.8),
        ("Violence with injury", "2024-03", -18.3, 3.5),
        ("Drug offences", "2024-09", 53.1, 21.8),
        ("Drug trafficking", "2024-09", 102.5, 39.5),
    ],
)
def test_each_common_move_is_a_registered_break_with_its_evidence(measure, month, mean, sd):
    """Release of April 2026, the 12 months from the month against the 12 before."""
    move = moves(measure)[month]
    assert (move.same_way >= 30, move.is_alike) == (True, True)
    assert move.mean_percent == pytest.approx(mean, abs=0.06)
    assert move.sd_percent == pytest.approx(sd, abs=0.06)
    rows = load.table("series_breaks")
    near = (rows["date"] - move.month).abs() <= NEAR_A_BREAK
    own = rows[near & rows["measures"].str.split(";").map(lambda names: measure in names)]
    assert len(own) == 1
    if measure != "Violence with injury":
        assert f"{abs(mean)}%" in own["what_changed"].iloc[0]


# Looked at, and nothing known of another way of counting: what the police searched for, and what
# was stolen.
SEARCHES = ("Possession of drugs", "2023-02")
STOLEN = ("Theft from the person", "2013-11")


@pytest.mark.parametrize(("edition", "looked_at"), [(2023, {SEARCHES, STOLEN}), (2026, {STOLEN})])
def test_no_other_measure_moved_alike_without_a_break(edition, looked_at):
    crime = CRIME if edition == 2026 else BoroughEdition(Settings(edition=edition)).crime
    breaks = load.table("series_breaks")
    found = unregistered_moves(crime, breaks, pd.Timestamp("2010-04-01"))
    assert {(name, f"{move.month:%Y-%m}") for name, move in found} == looked_at


def test_a_move_is_found_once_the_break_that_explains_it_is_gone():
    breaks = load.table("series_breaks")
    fewer = breaks[~breaks["measures"].str.contains("Violence")]
    newer = unregistered_moves(CRIME, fewer, pd.Timestamp("2023-04-01"))
    assert [name for name, _ in newer if "Violence" in name] == [
        "Violence against the person",
        "Violence with injury",
    ]


def test_a_new_edition_names_the_common_moves_to_look_at():
    move = moves("Drug offences")["2024-09"]
    [said] = _about_moves([("Drug offences", move)])
    assert said == (
        "Nearly all boroughs moved alike: Drug offences from September 2024 (32 of 32 boroughs, "
        "+53.1% in the mean, standard deviation 21.8). If something counts differently since, add "
        "the date and the evidence to data/reference/series_breaks.csv."
    )
    assert _about_moves([]) == []
