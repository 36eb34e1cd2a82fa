"""Numbers and directions as readers see them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safer_communities.facts import wording
from safer_communities.statistics.precision import significant

FINITE = st.floats(-1e9, 1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (27826, 0, "27,826"),
        (6.65, 1, "6.7"),  # half up, though the nearest float is below
        (2.675, 2, "2.68"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),  # Python's own round gives 2
        (-1.4, 1, "−1.4"),
        (-0.04, 1, "0.0"),  # no minus sign on a printed zero
        (1e6, 0, "1,000,000"),
        (6.249999999999999, 1, "6.3"),  # 6.25 on another processor
        (0.6 + 0.05 - 1e-15, 1, "0.7"),
    ],
)
def test_number(value: float, decimals: int, text: str) -> None:
    assert wording.number(value, decimals) == text


@given(FINITE, st.integers(0, 3))
def test_rounding_moves_a_value_by_at_most_half_a_digit(value: float, decimals: int) -> None:
    moved = abs(wording.round_half_up(value, decimals) - Decimal(repr(significant(value))))
    assert moved <= Decimal(5).scaleb(-decimals - 1)


@given(FINITE, st.integers(0, 3))
def test_words_of_direction_agree_with_the_printed_number(value: float, decimals: int) -> None:
    printed = wording.number(value, decimals)
    word = wording.verb(value, decimals)
    if word in ("did not change", "hardly changed"):
        assert set(printed) <= set("0.")
    elif word == "rose":
        assert not printed.startswith(wording.MINUS)
    else:
        assert printed.startswith(wording.MINUS)


@pytest.mark.parametrize(
    ("change", "words", "noun"),
    [
        (6.67, "rose by 6.7%", "a rise of 6.7%"),
        (-8.4, "fell by 8.4%", "a fall of 8.4%"),
        (0.04, "hardly changed", "hardly any change"),
        (0.0, "did not change", "no change"),
    ],
)
def test_sentences_of_change(change: float, words: str, noun: str) -> None:
    size = wording.percent(abs(change))
    assert wording.rose_by(change, size) == words
    assert wording.rise_of(change, size) == noun


@pytest.mark.parametrize(
    ("rank", "of", "text"),
    [
        (1, 32, "lowest"),
        (2, 32, "second lowest"),
        (8, 32, "eighth lowest"),
        (16, 32, "sixteenth lowest"),
        (17, 32, "sixteenth highest"),
        (22, 32, "eleventh highest"),
        (32, 32, "highest"),
    ],
)
def test_rank_from_lowest(rank: int, of: int, text: str) -> None:
    assert wording.rank_from_lowest(rank, of) == text


def test_small_p_values_are_not_printed_as_zero() -> None:
    assert wording.p_value(0.00049) == "less than 0.001"
    assert wording.p_value(0.0005) == "0.001"
    assert wording.p_value(0.05) == "0.050"


def test_lists_and_names_inside_sentences() -> None:
    assert wording.listed([]) == ""
    assert wording.listed(["theft"]) == "theft"
    assert wording.listed(["theft", "robbery", "arson"]) == "theft, robbery and arson"
    assert wording.in_sentence("Residential burglary") == "residential burglary"
    assert wording.in_sentence("NFIB fraud") == "NFIB fraud"


def test_one_percentage_point_is_singular() -> None:
    assert wording.points(1) == "1 percentage point"
    assert wording.points(-1) == "−1 percentage point"
    assert wording.points(4) == "4 percentage points"


@pytest.mark.parametrize(("count", "text"), [(0, "none"), (1, "one"), (10, "ten"), (11, "11")])
def test_how_many_of_a_whole(count: int, text: str) -> None:
    assert wording.how_many(count) == text


@pytest.mark.parametrize(
    ("rank", "low", "high", "text"),
    [
        (7, 6, 9, "between sixth and ninth lowest"),
        (2, 1, 3, "between the lowest and the third lowest"),
        (31, 30, 31, "between second and third highest"),
        (30, 29, 32, "between the highest and the fourth highest"),
        (16, 14, 19, "between fourteenth and nineteenth lowest"),
        # Counted from one end as the rank is: the fourteenth highest, not the nineteenth lowest.
        (19, 9, 24, "between ninth and twenty-fourth highest"),
        (1, 1, 1, "still the lowest"),
        (32, 32, 32, "still the highest"),
        (31, 31, 31, "still the second highest"),
    ],
)
def test_the_ranks_that_chance_allows(rank: int, low: int, high: int, text: str) -> None:
    assert wording.rank_range(rank, low, high, of=32) == text


@pytest.mark.parametrize(
    ("rank", "low", "high", "text"),
    [
        (8, 6, 9, "the eighth lowest of the 32"),
        (22, 15, 30, "the eleventh highest of the 32"),  # sixteen places, half of them
        (22, 14, 30, "too close to others to be placed among the 32"),
        # Residential burglary in Barnet, 12 months to March 2026, counted from the highest.
        (25, 12, 32, "too close to others to be placed among the 32"),
        (1, 1, 31, "too close to others to be placed among the 32"),
        (1, 1, 1, "the lowest of the 32"),
    ],
)
def test_a_rank_that_could_be_in_half_of_the_table_is_not_told(
    rank: int, low: int, high: int, text: str
) -> None:
    assert wording.rank_place(rank, low, high, of=32) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "none of the 12"), (1, "one of the 12"), (11, "11 of the 12"), (12, "all 12")],
)
def test_how_many_of_a_known_whole(count: int, text: str) -> None:
    assert wording.how_many_of(count, 12) == text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (-2.04, "2.0% lower"),
        (0.1, "0.1% higher"),
        (-0.04, "hardly different"),
        (0.0, "no different"),
    ],
)
def test_a_level_beside_another(change: float, text: str) -> None:
    assert wording.higher_by(change, wording.percent(abs(change))) == text


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        (
            (0, 0, 0),
            "none moved differently from the other boroughs, and none moved by more than usual",
        ),
        (
            (1, 0, 2),
            "one moved differently from the other boroughs (one above them), and two moved by more",
        ),
        (
            (2, 1, 0),
            "three moved differently from the other boroughs (two above them and one below them)",
        ),
    ],
)
def test_what_moved_unlike_the_others(counts: tuple[int, int, int], text: str) -> None:
    told = wording.moved_unlike(*counts)
    assert told.startswith(text)
    assert told.endswith("moved by more than usual, in step with them")


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_no_side_is_named_on_which_nothing_is(above: int, below: int, alike: int) -> None:
    text = wording.moved_unlike(above, below, alike)
    assert text.startswith(wording.how_many(above + below))
    assert ("above" in text, "below" in text) == (above > 0, below > 0)


@pytest.mark.parametrize(
    ("expected", "text"), [(0.6, "fewer than one"), (1, "about one"), (1.75, "about two")]
)
def test_what_would_be_found_where_nothing_is(expected: float, text: str) -> None:
    assert wording.by_chance(expected) == text


def test_a_list_too_long_to_read_is_counted() -> None:
    names = ["arson", "rape", "theft", "fraud"]
    assert wording.named_or_counted(names[:1], "kinds of crime") == "arson"
    assert wording.named_or_counted(names[:3], "kinds of crime") == "arson, rape and theft"
    assert wording.named_or_counted(names, "kinds of crime") == "four kinds of crime"


@pytest.mark.parametrize(
    ("value", "decimals", "places"),
    [(0.0049, 1, 3), (0.0109, 1, 3), (0.00002, 2, 5), (0.05, 1, 1), (0, 1, 1), (0.3, 0, 1)],
)
def test_what_is_not_nought_is_never_written_so(value: float, decimals: int, places: int) -> None:
    assert wording.places_shown(value, decimals) == places


def test_one_offence_is_not_one_offences() -> None:
    said = [wording.counted(count, "offence") for count in (0, 1, 2098)]
    assert said == ["no offences", "1 offence", "2,098 offences"]
