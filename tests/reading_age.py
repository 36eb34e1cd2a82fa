"""How old a reader has to be for a text: the Flesch-Kincaid grade, and the age that goes with it.

Kincaid, Fishburne, Rogers and Chissom (1975), Research Branch Report 8-75, Naval Air Station
Memphis. Syllables are counted by groups of vowels, which is near enough over a page.
"""

import re

# A pupil in the first grade is six years old.
AGE_BEFORE_GRADE_ONE = 5


def sentences(text: str) -> list[str]:
    """The sentences of a text: parts that hold a word and end with a full stop or the like."""
    parts = re.split(r"(?<=[.!?:])\s+", text)
    return [part.strip() for part in parts if re.search(r"[A-Za-z]", part)]


def words(text: str) -> list[str]:
    """The words and numbers of a text."""
    return [token for token in text.split() if re.search(r"[A-Za-z0-9]", token)]


def syllables(word: str) -> int:
    """How many syllables a word has, by its groups of vowels; a number counts as one."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    spoken = re.sub(r"(?<=[^laeiouy])e$|(?<=[^aeiouydt])ed$|(?<=[^aeiouycsxzg])es$", "", letters)
    return max(1, len(re.findall(r"[aeiouy]+", spoken)))


def reading_age(text: str) -> float:
    """The age in years at which a text can be read with ease."""
    said = words(text)
    per_sentence = len(said) / len(sentences(text))
    per_word = sum(map(syllables, said)) / len(said)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59 + AGE_BEFORE_GRADE_ONE
