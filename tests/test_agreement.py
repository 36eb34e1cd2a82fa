"""Words and values: what is true passes, and one sign, digit or direction too many does not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safer_communities.errors import InputError
from safer_communities.facts.fact import texts
from safer_communities.facts.output_types import FACT_MIME, GLUE_PREFIX
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.word_check import check_words, disagreements
from safer_communities.statistics.precision import significant


def fact(value: float, unit: str = "%") -> dict:
    return {"id": "made.change", "value": value, "unit": unit}


def wrong(value: float, unit: str = "%", **words: str) -> list[str]:
    return [text for text, _ in disagreements(fact(value, unit), words)]


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (6.67, "%", {"change": "6.7%", "change_words": "rose by 6.7%"}),
        (-1.449, "%", {"change": "−1.4%", "change_noun": "a fall of 1.4%"}),
        (-0.04, "%", {"change": "0.0%", "change_words": "hardly changed"}),
        (0.0012, "%", {"change": "less than 0.1%", "change_words": "hardly changed"}),
        (0.0, "%", {"change": "0.0%", "change_words": "did not change"}),
        (27826, "offences", {"change": "27,826", "change_amount": "27,826"}),
        (-3, "percentage points", {"change": "−3 percentage points", "change_verb": "fell"}),
        (0.0002, "p-value", {"change": "less than 0.001", "change_verb": "hardly changed"}),
        (8, "rank", {"change": "8", "change_words": "eighth lowest"}),
    ],
)
def test_true_words_pass(value: float, unit: str, words: dict[str, str]) -> None:
    assert wrong(value, unit, **words) == []


@pytest.mark.parametrize(
    ("value", "key", "text"),
    [
        (6.67, "change", "6.6%"),
        (6.67, "change", "−6.7%"),
        (-6.67, "change", "6.7%"),
        (6.67, "change", "67%"),
        (6.67, "change", "some"),
        (6.67, "change_words", "fell by 6.7%"),
        (6.67, "change_words", "rose by 7.6%"),
        (6.67, "change_words", "did not change"),
        (0.04, "change_words", "did not change"),
        (6.67, "change_words", "hardly changed"),
        (6.67, "change_words", "went up"),
        (-6.67, "change_noun", "a rise of 6.7%"),
        (-6.67, "change_verb", "rose"),
        (0.0, "change_verb", "rose"),
        (-6.67, "change_amount", "6.6%"),
    ],
)
def test_untrue_words_are_found(value: float, key: str, text: str) -> None:
    words = {"change": f"{'−' if value < 0 else ''}{abs(value):.1f}%"} | {key: text}
    assert wrong(value, **words) == [text]


def test_less_than_is_meant() -> None:
    assert wrong(0.02, "p-value", change="less than 0.001") == ["less than 0.001"]


UNITS = ["%", "percentage points", "offences", "years", "ratio", "per 1,000 residents", "p-value"]


@given(st.floats(-1e7, 1e7).map(significant), st.sampled_from(UNITS))
def test_every_wording_of_every_value_agrees(value: float, unit: str) -> None:
    value = abs(value) if unit == "p-value" else value
    assert wrong(value, unit, **texts("change", Quantity(value, unit, "Change"))) == []


@given(st.floats(-1e6, 1e6).map(significant), st.sampled_from(UNITS[:-1]))
def test_the_words_of_the_opposite_never_agree(value: float, unit: str) -> None:
    words = texts("change", Quantity(-value, unit, "Change"))
    # What rounds to nothing has no direction to get wrong.
    if words["change_words"] not in ("did not change", "hardly changed"):
        assert {words["change"], words["change_words"]} <= set(wrong(value, unit, **words))


def made_notebook(text: str) -> dict:
    """A chapter, made for these tests, of one fact and its text."""
    record = json.dumps([fact(6.67)])
    data = {f"{GLUE_PREFIX}text/plain": repr(text), f"{GLUE_PREFIX}{FACT_MIME}": record}
    return {"cells": [{"outputs": [{"data": data, "metadata": {"scrapbook": {"name": "change"}}}]}]}


def test_a_book_whose_words_are_not_true_is_not_built() -> None:
    check_words([made_notebook("6.7%")])
    with pytest.raises(InputError, match=r"made\.change is 6\.67, and its words are '7\.6%'"):
        check_words([made_notebook("6.7%"), made_notebook("7.6%")])
