"""What to ask about a year: which question follows from which finding, and why it is asked.

Values are of the release of April 2026 (Barnet 2026).
"""

from dataclasses import replace

import pandas as pd
import pytest

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.analysis.moved.messages import Message, Messages
from safer_communities.analysis.moved.questions import MOST_CHANGES, Question, questions
from safer_communities.analysis.priorities.progress import Progress
from safer_communities.analysis.wards.ward_rates import WardRates
from safer_communities.datasets.periods import Period
from safer_communities.settings import Settings

YEAR = Period.year_to("2026-03")
NO_WARD = WardRates(
    *("Theft", YEAR, "Barnet", pd.DataFrame({"area": ["A", "B"], "compared": "unclear"})),
    *(1.0, 99.0, "residents"),
)
NOTHING_FOLLOWED = Progress(
    Period.year_to("2022-03"),
    pd.DataFrame({"indicator": ["Calls"], "verdict": "no figures", "now": None, "note": "None"}),
    pd.DataFrame(),
    {},
)


@pytest.fixture(scope="module")
def barnet() -> Messages:
    return BoroughEdition(Settings("Barnet", 2026)).messages()


@pytest.fixture
def cards(barnet: Messages) -> dict[str, Message]:
    return {card.key: card for card in barnet.cards}


@pytest.fixture
def quiet(barnet: Messages) -> Messages:
    """A year in which nothing moved clearly."""
    return replace(barnet, cards=(), parts_told="")


def first(card: Message) -> Question:
    (question, *_) = questions(
        Messages(card, (card,), pd.DataFrame(), ""), NO_WARD, NOTHING_FOLLOWED
    )
    return question


def test_a_rise_in_one_ward_that_also_moves_with_policing_asks_about_both(
    cards: dict[str, Message],
) -> None:
    question = first(cards["drug_offences"])
    assert question.ask == (
        "What happened in Totteridge & Woodside, and is it over? "
        "Is there more of it, or did the police look for it more?"
    )
    assert question.why.startswith("Drug offences clearly rose by 50.4%.")


def test_what_rests_on_nothing_and_parts_from_others_asks_what_is_different_here(
    cards: dict[str, Message],
) -> None:
    card = replace(cards["drug_offences"], resting=None, moves_with="")
    apart = replace(card.year, against_others_percent=20.0, against_others_p=0.001)
    as_others = replace(apart, against_others_p=0.5)
    assert first(replace(card, year=apart)).ask == "What is different here from the other boroughs?"
    assert first(replace(card, year=as_others)).ask == "Is it known what is behind the rise?"
    fell = replace(as_others, change=-10, change_percent=-5.0)
    assert first(replace(card, year=fell)).ask == "Is it known what is behind the fall?"


@pytest.mark.parametrize(
    ("cause", "change", "asked"),
    [
        ("how much of it shops report", -10, "less of it, or did shops report it less often?"),
        ("how many people come forward", 10, "more of it, or did more people come forward?"),
        ("how many people come forward", -10, "less of it, or did fewer people come forward?"),
    ],
)
def test_a_count_that_moves_with_reporting_asks_which(
    cards: dict[str, Message], cause: str, change: int, asked: str
) -> None:
    card = cards["drug_offences"]
    card = replace(card, resting=None, moves_with=cause, year=replace(card.year, change=change))
    assert first(card).ask == f"Is there {asked}"


def test_no_more_changes_are_asked_about_than_fit_on_a_page(quiet: Messages) -> None:
    many = replace(quiet, cards=(quiet.total,) * (MOST_CHANGES + 2))
    asked = [questions(each, NO_WARD, NOTHING_FOLLOWED) for each in (many, quiet)]
    assert len(asked[0]) - len(asked[1]) == MOST_CHANGES


def test_parts_that_moved_inside_a_quiet_group_are_asked_about(quiet: Messages) -> None:
    (parts, *_) = questions(replace(quiet, parts_told="Arson rose."), NO_WARD, NOTHING_FOLLOWED)
    assert (parts.ask, parts.why) == ("Is it known what is behind these?", "Arson rose.")


def test_wards_apart_and_figures_that_are_missing_are_asked_about(quiet: Messages) -> None:
    above = NO_WARD.table.assign(compared=["above", "unclear"])
    some = replace(NO_WARD, table=above)
    asked = questions(quiet, some, NOTHING_FOLLOWED)
    assert "For every resident, A had clearly more crime than the other wards." in asked[0].why
    assert asked[-1].why == "The strategy's aims call for one figure that is not here: calls."
    none = questions(quiet, NO_WARD, NOTHING_FOLLOWED)
    assert len(asked) - len(none) == 1


def test_what_got_worse_since_the_strategy_is_named(quiet: Messages) -> None:
    table = pd.DataFrame(
        {
            "indicator": ["Theft", "Robbery", "Calls"],
            "verdict": ["worse", "better", "no figures"],
            "now": [2.0, 1.0, None],
            "note": "",
        }
    )
    (_, worse, _) = questions(quiet, NO_WARD, replace(NOTHING_FOLLOWED, table=table))
    assert worse.why == (
        "Since the 12 months to March 2022, of 2 figures that follow the strategy's aims, "
        "one got worse: theft."
    )
