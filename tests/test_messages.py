"""What the first page says of a year: which changes it chooses, in which order, and its words.

Values are of the release of April 2026 (Barnet 2026, Hillingdon 2025) and of February 2024.
"""

from dataclasses import replace

import numpy as np
import pytest

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.analysis.changes.year_on_year import YearOnYear
from safer_communities.analysis.moved.messages import Messages
from safer_communities.datasets.periods import Period
from safer_communities.settings import Settings

YEAR = Period.year_to("2026-03")
CHANGE = YearOnYear(
    *("Theft", "E09000003", YEAR, YEAR.previous()), 120, 100, 20, 20.0, 2.0, 40.0, 0.01
)


def beside(percent: float, p_value: float) -> dict[str, float]:
    ends = {"against_others_low": percent - 5, "against_others_high": percent + 5}
    return {
        "others_percent": 1.0,
        "against_others_percent": percent,
        "against_others_p": p_value,
    } | ends


@pytest.fixture(scope="module")
def barnet() -> Messages:
    return BoroughEdition(Settings("Barnet", 2026)).messages()


@pytest.fixture(scope="module")
def strategy_year() -> Messages:
    return BoroughEdition(Settings("Barnet", 2022)).messages()


@pytest.mark.parametrize(
    ("changed", "way"),
    [
        ({}, 1),
        ({"change_percent": -20.0}, -1),
        ({"p_value": 0.2}, 0),
        ({"p_value": 0.2} | beside(-15, 0.01), -1),
        (beside(15, 0.01), 1),
        # It rose by more than usual, and by less than elsewhere: neither is the whole story.
        (beside(-15, 0.01), 0),
        (beside(-15, 0.2), 1),
        ({"p_value": np.nan}, 0),
    ],
)
def test_a_change_is_clear_where_one_comparison_says_so_and_none_the_contrary(
    changed: dict, way: int
) -> None:
    assert replace(CHANGE, **changed).direction == way


def test_all_crime_leads_also_where_it_is_little_changed(barnet: Messages) -> None:
    assert (
        barnet.total.headline
        == "All recorded crime stood 2.6% higher, within the usual ups and downs"
    )
    assert barnet.total.badge == "▬ Little changed"
    facts = barnet.facts()
    assert (facts["lead"], facts["level"]) == ("is little changed", "lower than in most of London")


def test_a_rise_that_follows_policing_is_not_called_worse(barnet: Messages) -> None:
    (drugs,) = barnet.cards
    assert drugs.badge == "△ Higher: may be more policing"
    assert drugs.direction == "higher"
    assert (
        "Of the rise of 686 in drug offences, drug trafficking accounted for 503." in drugs.behind
    )
    assert "One ward, Totteridge & Woodside, had 237 of the rise of 503" in drugs.behind


def test_a_rise_across_a_break_of_its_own_is_not_called_worse(barnet: Messages) -> None:
    (drugs,) = barnet.cards
    assert drugs.is_recorded_anew
    recorded = replace(drugs, moves_with="")
    assert (recorded.badge, recorded.direction) == ("△ Higher: may be the recording", "higher")
    assert replace(recorded, is_recorded_anew=False).badge == "▲ Worse"


def test_no_group_is_told_of_twice_and_the_rest_is_in_the_table(barnet: Messages) -> None:
    cards = {each.year.measure for each in barnet.cards}
    rest = set(barnet.table["measure"])
    assert not cards & rest
    assert {"Violence against the person", "Burglary", "Possession of weapons"} <= rest
    # One offence in a year says nothing.
    assert "Fraud and forgery" not in cards | rest


def test_cards_and_rows_begin_with_the_largest_change_in_offences(strategy_year: Messages) -> None:
    cards = [abs(each.year.change) for each in strategy_year.cards]
    assert cards == sorted(cards, reverse=True)
    assert [each.headline for each in strategy_year.cards] == [
        "Theft stood 17.3% higher, clearly below the change elsewhere",
        "Sexual offences clearly rose by 39.2%",
    ]


def test_a_rise_smaller_than_elsewhere_has_the_rising_shape_and_its_own_words(
    strategy_year: Messages,
) -> None:
    theft, sexual = strategy_year.cards
    assert theft.badge == "▲ Better than elsewhere"
    assert "clearly lower" in theft.told
    assert sexual.badge == "△ Higher: may be more reporting"


def test_the_first_message_calls_no_usual_change_a_rise() -> None:
    """Hillingdon to March 2022, release of February 2024: 23,872 after 23,806."""
    found = BoroughEdition(Settings("Hillingdon", 2022)).messages()
    assert found.total.year.own_past == "within the usual ups and downs"
    assert found.total.badge == "▲ Better than elsewhere"
    assert found.facts()["lead"] == "rose by 0.3%, which is better than elsewhere"


def test_a_card_sets_the_borough_beside_the_32_boroughs(strategy_year: Messages) -> None:
    """Theft in the 12 months to March 2022: 149,694 and then 204,192 in them."""
    theft = strategy_year.cards[0]
    assert list(theft.changes["area"]) == ["Barnet", "London (32 boroughs)"]
    assert theft.london.change_percent == pytest.approx(100 * (204_192 / 149_694 - 1))
    row = strategy_year.judged.set_index("measure").loc["Theft"]
    assert row["london_percent"] == theft.london.change_percent


def test_a_part_that_moved_inside_a_quiet_group_is_told(strategy_year: Messages) -> None:
    assert "Drug trafficking rose by 40.6%, although drug offences" in strategy_year.parts_told
    # It rose, but by no more than it usually moves, and by less than elsewhere.
    assert (
        "Violence with injury rose by 3.7%, clearly below the other boroughs, where it rose by "
        "16.2%. Violence against the person as a whole did not clearly change."
    ) in str(strategy_year.facts()["parts"])
