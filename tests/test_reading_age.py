"""The measure of plain words itself: known answers before it judges a page."""

import pytest

from reading_age import reading_age, sentences, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("rate", 1),
        ("changed", 1),
        ("crimes", 1),
        ("little", 2),
        ("houses", 2),
        ("recorded", 3),
        ("offences", 3),
        ("community", 4),
        ("28,225", 1),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_known_answer() -> None:
    # Six words of one syllable: 0.39 x 6 + 11.8 x 1 - 15.59 = -1.45.
    assert reading_age("The cat sat on the mat.") == pytest.approx(5 - 1.45)


def test_a_decimal_point_ends_no_sentence() -> None:
    assert len(sentences("Crime rose by 6.7% to 27,826. That is more than chance.")) == 2


def test_office_words_need_an_older_reader() -> None:
    plain = "Crime went up. It may be chance."
    office = "Overdispersion necessitates considerable circumspection in interpretation."
    assert reading_age(plain) < 12 < reading_age(office)
