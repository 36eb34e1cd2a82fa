"""Whether every fact's words agree with its value, read from what the chapters will show.

Facts are worded in one place. This reads the words again, as a reader would, and knows nothing of
how they were made: a number of the wrong fact, a lost sign or a wrong direction stops the build.
"""

import re
from ast import literal_eval

from safer_communities.errors import ErrorCollector
from safer_communities.facts.output_types import FACT_MIME, GLUE_PREFIX, records_in

NUMBER = re.compile(r"[−-]?[0-9][0-9,]*(?:\.([0-9]+))?")
LESS_THAN = "less than "
# The first words of each wording that has a direction, and the sign that they claim.
DIRECTIONS = {
    "rose": 1,
    "fell": -1,
    "did not change": 0,
    "a rise of": 1,
    "a fall of": -1,
    "no change": 0,
    "hardly changed": 0,
    "hardly any change": 0,
}
# What is said of nought alone: a small change was one.
EXACTLY_NONE = ("did not change", "no change")
DIRECTED = ("words", "noun", "verb")
# A rank reads "eighth lowest", and no sentence says that a p-value rose.
WITHOUT_DIRECTION = {"rank", "p-value"}
REMEDY = "correct how facts/fact.py and facts/wording.py word it, or state the fact again"


def check_words(notebooks: list[dict]) -> None:
    """Raises InputError, or an ExceptionGroup of them, for all facts whose words are not true."""
    problems = ErrorCollector("the facts of the book")
    for notebook in notebooks:
        words = words_of(notebook)
        for records in records_in(notebook, f"{GLUE_PREFIX}{FACT_MIME}"):
            for fact in records:
                for text, value in disagreements(fact, words):
                    problems.add(f"{fact['id']} is {value}, and its words are {text!r}", REMEDY)
    problems.raise_any()


def disagreements(fact: dict, words: dict[str, str]) -> list[tuple[str, float]]:
    """The wordings of a fact that are not true of its value, each with the value.

    `words` are the texts of the fact's chapter by key.
    """
    name, value = fact["id"].partition(".")[2], float(fact["value"])
    found = []
    plain = words.get(name)
    if plain is not None and not _says(plain, value):
        found.append((plain, value))
    amount = words.get(f"{name}_amount")
    if amount is not None and not _says(amount, abs(value)):
        found.append((amount, value))
    for ending in () if fact["unit"] in WITHOUT_DIRECTION else DIRECTED:
        text = words.get(f"{name}_{ending}")
        if text is not None and not _points(text, value, plain):
            found.append((text, value))
    return found


def _says(text: str, value: float) -> bool:
    """Whether the first number of a text is the value, rounded to the decimals that it shows."""
    number = NUMBER.search(text)
    if number is None:
        return False
    said = float(number[0].replace("−", "-").replace(",", ""))
    half = 0.5 * 10.0 ** -len(number[1] or "")
    if text.startswith(LESS_THAN):
        return value < said
    return abs(said - value) <= half + 1e-9


def _points(text: str, value: float, plain: str | None) -> bool:
    """Whether a text claims the value's direction, and, where it has a number, its size."""
    claims = [sign for start, sign in DIRECTIONS.items() if text.startswith(start)]
    if len(claims) != 1:
        return False
    number = NUMBER.search(text)
    if number is not None and not _says(text, abs(value)):
        return False
    if claims[0] == 0:
        # Nothing of the change is left in the digits shown.
        if number is not None or plain is None or (value and text.startswith(EXACTLY_NONE)):
            return False
        return plain.startswith(LESS_THAN) or not re.search("[1-9]", plain)
    return value * claims[0] > 0


def words_of(notebook: dict) -> dict[str, str]:
    """Every text that a chapter's prose can paste, by its key."""
    words = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            text = output.get("data", {}).get(f"{GLUE_PREFIX}text/plain")
            key = output.get("metadata", {}).get("scrapbook", {}).get("name")
            if text is not None and key:
                words[key] = _unquoted("".join(text))
    return words


def _unquoted(text: str) -> str:
    try:
        return str(literal_eval(text))
    except (SyntaxError, ValueError):
        return text
