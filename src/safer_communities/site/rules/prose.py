"""No figure, direction or verdict is typed into prose: facts say them, and follow the data.

Prose is the Markdown of a chapter, what its code shows, and every other text of three words or more
in it. A word that is not from the data is marked in the same cell, as the guide for analysts says:
`% not from data: aged 11 to 18; in 2017` (in code after a `#`), or `all` for the whole cell.
"""

import ast
import re
from collections.abc import Iterator

from safer_communities.site.rules.cells import Cell

_SPELT = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    "hundred|half an?"
)
# What may not be typed, by what it is called.
TYPED = {
    "number": re.compile(
        r"(?<![\w.])[−-]?\d(?:[\d,./–-]*\d)?(?:%| per cent\b| percentage points?\b)?"
        rf"|\b(?:{_SPELT}) (?:per cent|percentage points?)\b"
        r"|\b(?:a|one|two|three|four) (?:third|quarter|fifth|tenth)s? of\b|\btwice as\b"
        rf"|\b(?:{_SPELT}) times (?:as|more)\b|\bone in (?:{_SPELT})\b",
        re.IGNORECASE,
    ),
    "direction": re.compile(
        r"\b(?:rose|risen|fell|fallen|grew|shrank|shrunk|dropped|climbed|soared|surged|plunged|"
        r"jumped|halved|doubled|tripled|(?:in|de)creased?|(?:went|gone) (?:up|down)|(?:up|down) by|"
        r"(?:rise|fall|drop|decline) of|"
        r"(?:high|low)er than|(?:more|fewer|less|larger|smaller|better|worse|safer) (?:\w+ ){0,3}"
        r"than (?:in|last|before|chance|usual|average|any|most|other boroughs|a year"
        r"|the (?:year|month)|(?-i:[A-Z])\w*))\b",
        re.IGNORECASE,
    ),
    "verdict": re.compile(r"\b(?:in)?significan(?:t|tly|ce)\b", re.IGNORECASE),
}
# What belongs to a name, to a method, or to what somebody else claims, in any chapter.
NAMES = re.compile(
    r"\b(?:Priority [1-5]|[Ss]trategy \d{4}-\d{4}|\d{4}-\d{4} strategy|Census \d{4}|Act \d{4}"
    r"|\d+% intervals?|(?:[Pp]er|every|in) 1,000|12 months|p <= 0\.05"
    r"|[Tt]he 32 boroughs|London \(32 boroughs"
    r"|1 = [a-z]+|design effect [\d.]+|aged \d+(?: to \d+| or over| and over)?"
    r"|call(?:s|ed)?\b[^.:;]*\bsignificant\b)"
)
# Addresses, code, formulas, what is filled in and the numbers of lists: no prose. Terms of the
# glossary are, and stand here so that their second mark begins no code.
_NOT_PROSE = re.compile(
    r"\{term\}`[^`]*`|^```(?:\{(?:glue|math|code)|[^{\n]|$).*?^```|\{glue:?(?:text)?\}`[^`]*`"
    r"|\{math\}`[^`]*`|(?<![}`])`(?!`)[^`]*`|\]\([^)]*\)|https?://\S+|^\([^)\n]*\)=$|^:{3,}[^\n]*$"
    r"|^[ \t]*%[^\n]*$|^[ \t]*\d+\. ",
    re.MULTILINE | re.DOTALL,
)
_FILLED_IN = re.compile(r"\{[^{}]*\}")
_MARK = re.compile(r"^[ \t]*[%#] not from data:(?P<words>.*)$", re.MULTILINE)
_SHORTEST_PROSE = 3
_SHOWN_AS = ("headline", "subtitle", "alt", "description")


def typed_by_hand(cell: Cell) -> Iterator[tuple[int, str, str]]:
    """What is typed into a cell that a fact should say: its offset, the problem, the remedy."""
    text, labels = _prose_of(cell)
    for mark in _MARK.finditer(cell.source):
        for words in filter(None, map(str.strip, mark["words"].split(";"))):
            if words == "all":
                return
            found = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, words.split())) + r"(?!\w)")
            if not (found.search(text) or found.search(labels)):
                yield (
                    mark.start("words"),
                    f"it marks {words!r} as not from data, and no prose of the cell reads so",
                    "take it out of that line, or write it as the prose does",
                )
            text, labels = found.sub(_blank, text), found.sub(_blank, labels)
    text, labels = NAMES.sub(_blank, text), NAMES.sub(_blank, labels)
    for kind, pattern in TYPED.items():
        places = [*pattern.finditer(text), *(pattern.finditer(labels) if kind == "number" else ())]
        for found in places:
            word, offset = found.group(), found.start()
            yield (
                offset,
                f"a {kind} is typed into prose, {word!r}: {cell.excerpt(offset)!r}",
                _remedy(kind, word, is_code=cell.is_code),
            )


def _remedy(kind: str, word: str, *, is_code: bool) -> str:
    endings = {"number": "", "direction": "_words", "verdict": "_chance"}
    key = f"name{endings[kind]}"
    quote = f"{{{key}}}" if is_code else f"{{glue:text}}`{key}`"
    mark = f"{'#' if is_code else '%'} not from data: {word}"
    return (
        f"write {quote}, with the name of the fact that says it; if it does not depend on the "
        f"data, add the line {mark!r} to the cell"
    )


def _prose_of(cell: Cell) -> tuple[str, str]:
    """The sentences of a cell, and its labels and headings, each with all else blanked.

    Every character stays in its place.
    """
    text = labels = _blank_of(cell.source)
    if not cell.is_code:
        return _NOT_PROSE.sub(_blank_unless_term, cell.source), labels
    tree = cell.tree()
    shown = _shown_in(tree)
    for node, is_label in _texts_in(tree):
        start, end = cell.span(node)
        written = cell.source[start:end]
        if id(node) not in shown and len(written.split()) < _SHORTEST_PROSE:
            continue
        words = _FILLED_IN.sub(_blank, written)
        if is_label:
            labels = labels[:start] + words + labels[end:]
        else:
            text = text[:start] + words + text[end:]
    return text, labels


def _shown_in(tree: ast.Module) -> set[int]:
    """The ids of what code shows as words, however short, and of the values of its facts."""
    shown = set()
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            shown |= {id(each.value) for each in call.keywords if each.arg in _SHOWN_AS}
            verb = getattr(call.func, "attr", "")
            if verb in ("words", "sentence", "fact"):
                # The first is the name of a fact or of its words.
                shown |= set(map(id, call.args[verb != "sentence" :]))
    return shown


def _texts_in(node: ast.AST, *, is_label: bool = False) -> Iterator[tuple[ast.expr, bool]]:
    """The texts written out in code, and whether each names a fact or a column, or is its value.

    What code compares, and what documents it, is left out.
    """
    if isinstance(node, ast.JoinedStr):
        yield node, is_label
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node, is_label
    elif not (
        isinstance(node, ast.Compare)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ):
        is_label |= isinstance(node, ast.keyword) and node.arg == "label"
        is_label |= isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Column"
        for child in ast.iter_child_nodes(node):
            yield from _texts_in(child, is_label=is_label)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "fact":
            numbers = [each for each in node.args[1:] if isinstance(each, ast.Constant)]
            yield from ((each, True) for each in numbers if not isinstance(each.value, str))


def _blank_unless_term(found: re.Match) -> str:
    return found.group() if found.group().startswith("{term}") else _blank(found)


def _blank(found: re.Match) -> str:
    return _blank_of(found.group())


def _blank_of(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
