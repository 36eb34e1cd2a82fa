"""The style sheets of the pages as one small file: only the rules that some page can use."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import tinycss2
from bs4 import BeautifulSoup
from tinycss2.ast import Node

from safer_communities.site.finish.addresses import from_top
from safer_communities.site.markup import part_of, value_of

STYLESHEET = "_static/site.css"
# Stands in a page until every page is known, and with it the text of the style sheet.
STYLESHEET_VERSION = "@css@"

# A rule for the icon font, or for an image inside the style sheet, would need files or `data:`
# addresses that the pages do not allow: icons are drawn in the page instead.
_NEEDS_ANOTHER_FILE = "url("
_GROUPS = {"media", "supports", "layer", "container"}
# What may stand before the first rule of a file and has no meaning in a joined one.
_FILE_HEADS = {"charset", "import"}


def sheets_of(page: BeautifulSoup) -> list[str]:
    """The style sheets that `page` asks for, seen from the top of the site."""
    return [from_top(value_of(link, "href")) for link in page.find_all("link", rel="stylesheet")]


def use_one_stylesheet(page: BeautifulSoup) -> None:
    """Lets `page` ask for the one style sheet of the site in place of those that it asks for."""
    for number, link in enumerate(page.find_all("link", rel="stylesheet")):
        if number == 0:
            root = value_of(part_of(page, "html"), "data-content_root")
            address = f"{root}{STYLESHEET}?v={STYLESHEET_VERSION}"
            link.attrs = {"rel": "stylesheet", "href": address}
        else:
            link.decompose()


def joined(paths: Iterable[Path]) -> str:
    """The text of the style sheets in order, each with what it imports in place."""
    parts = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        imported = [path.parent / name for name in re.findall(r'@import\s+"([^"]+)"', text)]
        parts.append(joined(imported) + text)
    return "\n".join(parts)


def pruned(css: str, names: set[str]) -> str:
    """`css` without the rules whose classes and ids are not all in `names`.

    `names` are the classes and ids of every page, and every word of every script, since a script
    can add a class. Rules without a class or an id stay. Comments that hold a licence stay.
    Custom properties that nothing reads go, and so do animations that nothing plays.
    """
    kept = "\n".join(_kept_rules(tinycss2.parse_stylesheet(css, skip_whitespace=True), names))
    while True:
        shorter = _without_unread_properties(kept)
        if shorter == kept:
            return _without_unplayed_animations(kept)
        kept = shorter


def _kept_rules(nodes: Iterable[Node], names: set[str]) -> Iterator[str]:
    for node in nodes:
        if node.type == "comment" and node.value.startswith("!"):
            yield node.serialize()
        elif node.type == "qualified-rule":
            yield from _kept_rule(node, names)
        elif node.type == "at-rule" and node.lower_at_keyword in _GROUPS and node.content:
            inside = tinycss2.parse_rule_list(node.content, skip_whitespace=True)
            rules = "".join(_kept_rules(inside, names))
            if rules:
                yield f"@{node.at_keyword}{tinycss2.serialize(node.prelude)}{{{rules}}}"
        elif node.type == "at-rule" and node.lower_at_keyword not in {*_FILE_HEADS, "font-face"}:
            yield node.serialize()


def _kept_rule(rule: Node, names: set[str]) -> Iterator[str]:
    selectors = [
        tinycss2.serialize(selector).strip()
        for selector in _split(rule.prelude, ",")
        if _needed_names(selector) <= names
    ]
    declarations = [
        text
        for part in _split(rule.content, ";")
        if (text := tinycss2.serialize([n for n in part if n.type != "comment"]).strip())
        and _NEEDS_ANOTHER_FILE not in text
    ]
    if selectors and declarations:
        yield f"{','.join(selectors)}{{{';'.join(declarations)}}}"


def _split(nodes: Iterable[Node], separator: str) -> Iterator[list[Node]]:
    part: list[Node] = []
    for node in nodes:
        if node.type == "literal" and node.value == separator:
            yield part
            part = []
        else:
            part.append(node)
    yield part


def _needed_names(selector: list[Node]) -> set[str]:
    """The classes and ids without which `selector` matches nothing.

    Names inside a function, such as `:not(.shown)`, are not needed for a match.
    """
    needed = {node.value for node in selector if node.type == "hash"}
    for before, node in pairwise(selector):
        if before.type == "literal" and before.value == "." and node.type == "ident":
            needed.add(node.value)
    return needed


def _without_unread_properties(css: str) -> str:
    read = set(re.findall(r"var\(\s*(--[\w-]+)", css))

    def kept(match: re.Match) -> str:
        return match[0] if match["name"] in read else match["before"]

    # A value ends at the next semicolon or brace, or holds whole brackets and strings.
    value = r"""(?:[^;{}"'()]|"[^"]*"|'[^']*'|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*"""
    css = re.sub(rf"(?P<before>[{{;])(?P<name>--[\w-]+):{value}", kept, css)
    css = re.sub(r";{2,}", ";", css).replace("{;", "{").replace(";}", "}")
    return re.sub(r"[^{}\n]*\{\}\n?", "", css)


def _without_unplayed_animations(css: str) -> str:
    without = re.sub(r"@(?:-webkit-)?keyframes\s+[\w-]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", css)

    def kept(match: re.Match) -> str:
        return match[0] if re.search(rf"(?<![\w-]){re.escape(match[1])}(?![\w-])", without) else ""

    return re.sub(r"@(?:-webkit-)?keyframes\s+([\w-]+)\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", kept, css)
