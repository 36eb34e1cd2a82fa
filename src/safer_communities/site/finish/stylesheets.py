"""The style sheets of the pages as one small file: only the rules that some page can use."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import tinycss2
from bs4 import BeautifulSoup
from tinycss2.ast import Node

from safer_communities.site.finish.files import ask_for_one

STYLESHEET = "_static/site.css"

# A rule for the icon font, or for an image inside the style sheet, would need files or `data:`
# addresses that the pages do not allow: icons are drawn in the page instead.
_NEEDS_ANOTHER_FILE = "url("
_GROUPS = {"media", "supports", "layer", "container"}
# The first two have no meaning in the midst of a joined file; the third needs another file.
_NOT_CARRIED = {"charset", "import", "font-face"}


def use_one_stylesheet(page: BeautifulSoup) -> list[str]:
    """Lets `page` ask for the one style sheet of the site in place of those that come back."""
    links = page.find_all("link", rel="stylesheet")
    for link in links:
        link.attrs = {"rel": "stylesheet", "href": link["href"]}
    return ask_for_one(page, links, "href", STYLESHEET)


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
    animations = " ".join(re.findall(r"animation(?:-name)?:([^;}]*)", css))
    read = re.findall(r"var\(\s*(--[\w-]+)", css)
    used = _Used(frozenset(names), frozenset(read), frozenset(re.findall(r"[\w-]+", animations)))
    kept = "\n".join(_kept_rules(tinycss2.parse_stylesheet(css, skip_whitespace=True), used))
    # What only a rule read that is gone now goes the next time.
    return css if kept == css else pruned(kept, names)


@dataclass(frozen=True)
class _Used:
    """The classes and ids, the custom properties and the animations that something uses."""

    names: frozenset[str]
    properties: frozenset[str]
    animations: frozenset[str]


def _kept_rules(nodes: Iterable[Node], used: _Used) -> Iterator[str]:
    for node in nodes:
        if node.type == "comment" and node.value.startswith("!"):
            yield node.serialize()
        elif node.type == "qualified-rule":
            yield from _kept_rule(node, used)
        elif node.type == "at-rule" and node.lower_at_keyword in _GROUPS and node.content:
            inside = tinycss2.parse_rule_list(node.content, skip_whitespace=True)
            rules = "".join(_kept_rules(inside, used))
            if rules:
                yield f"@{node.at_keyword}{tinycss2.serialize(node.prelude)}{{{rules}}}"
        elif node.type == "at-rule" and node.lower_at_keyword.endswith("keyframes"):
            if tinycss2.serialize(node.prelude).strip() in used.animations:
                yield node.serialize()
        elif node.type == "at-rule" and node.lower_at_keyword not in _NOT_CARRIED:
            yield node.serialize()


def _kept_rule(rule: Node, used: _Used) -> Iterator[str]:
    selectors = [
        tinycss2.serialize(selector).strip()
        for selector in _split(rule.prelude, ",")
        if _needed_names(selector) <= used.names
    ]
    declarations = [
        text
        for part in _split(rule.content, ";")
        if (text := tinycss2.serialize([n for n in part if n.type != "comment"]).strip())
        and _NEEDS_ANOTHER_FILE not in text
        and (not text.startswith("--") or text.partition(":")[0].strip() in used.properties)
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
