"""Facts: refused when incomplete, worded once, written to ten digits."""

import pytest

from safer_communities.facts import fact
from safer_communities.facts.quantity import Quantity

FIELDS = {
    "id": "crime_levels.change",
    "chapter": "crime_levels",
    "label": "Change in recorded crime",
    "value": 6.670244,
    "unit": "%",
    "period": "12 months to March 2022",
    "area": "Barnet",
    "denominator": "",
    "source": "Metropolitan Police Service",
    "release": "release of February 2024",
    "note": "",
}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_value_that_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match=r"crime_levels\.change"):
        fact.Fact(**FIELDS | {"value": value})


@pytest.mark.parametrize("field", ["label", "unit", "period", "area", "source"])
def test_a_fact_without_its_place_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match=field):
        fact.Fact(**FIELDS | {field: ""})


def test_the_row_keeps_ten_digits_and_whole_numbers_whole() -> None:
    assert fact.as_row(fact.Fact(**FIELDS))["value"] == 6.670244
    for as_two_processors_say in (22981.146875832128, 22981.14687583213):
        row = fact.as_row(fact.Fact(**FIELDS | {"value": as_two_processors_say}))
        assert row["value"] == 22981.14688
    row = fact.as_row(fact.Fact(**FIELDS | {"value": 27826.0}))
    assert repr(row["value"]) == "27826"
    assert list(row) == fact.COLUMNS


def test_a_change_has_every_wording() -> None:
    words = fact.texts("change", Quantity(-8.43, "%", "Change", low=-13.4, high=-3.19))
    assert words == {
        "change": "−8.4%",
        "change_amount": "8.4%",
        "change_words": "fell by 8.4%",
        "change_noun": "a fall of 8.4%",
        "change_compared": "8.4% lower",
        "change_verb": "fell",
        "change_interval": "−13.4% to −3.2%",
    }


def test_a_rank_reads_from_the_nearer_end() -> None:
    words = fact.texts("rank", Quantity(8, "rank", "Rank", of=32, low=6, high=9))
    assert words == {
        "rank": "8",
        "rank_place": "the eighth lowest of the 32",
        "rank_interval": "between sixth and ninth lowest",
    }


def test_a_rank_without_a_range_is_in_words() -> None:
    words = fact.texts("rank", Quantity(31, "rank", "Rank", of=32))
    assert words == {"rank": "31", "rank_words": "second highest"}


@pytest.mark.parametrize(
    ("value", "text", "words"),
    [
        (0.0, "0.0%", "did not change"),
        (0.04, "less than 0.1%", "hardly changed"),
        (0.05, "0.1%", "rose by 0.1%"),
        (-0.04, "0.0%", "hardly changed"),
        (-0.06, "−0.1%", "fell by 0.1%"),
    ],
)
def test_a_share_of_a_few_is_not_printed_as_nothing(value: float, text: str, words: str) -> None:
    found = fact.texts("share", Quantity(value, "%", "Share"))
    assert found["share"] == text
    assert found["share_words"] == words


def test_points_are_not_per_cent() -> None:
    words = fact.texts("shift", Quantity(4, "percentage points", "Shift", decimals=0))
    assert words["shift"] == "4 percentage points"
    assert words["shift_words"] == "rose by 4 percentage points"


def test_names_of_facts_are_plain() -> None:
    assert fact.fact_name("Theft from the person") == "theft_from_the_person"
    assert fact.fact_name("Fear, alarm or distress") == "fear_alarm_or_distress"
