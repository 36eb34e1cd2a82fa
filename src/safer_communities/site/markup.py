"""The parts of a page that a CSS selector names, and the attributes that they have to have."""

import re
from functools import cache

import soupsieve
from bs4 import Tag

# What stands in brackets says more of an element, and names none.
_BRACKETS = re.compile(r"\[[^]]*\]|:[\w-]+(\([^()]*\))?")
_LAST_ELEMENT = re.compile(r"(?P<name>[a-z][\w-]*)?(\.(?P<one_class>[\w-]+)|#[\w-]+)*$")


def parts_of(page: Tag, selector: str) -> list[Tag]:
    """The parts of `page` that a CSS selector names, in order; as `select` gives them.

    A page has two thousand elements, and to match one takes long: only those are tried that have
    the name or the class of the element that the selector, or one of its alternatives, ends in.
    Worth it where these are few.
    """
    names, classes, compiled = _compiled(selector)
    return [
        tag
        for tag in page.descendants
        if isinstance(tag, Tag)
        and (tag.name in names or not classes.isdisjoint(_classes(tag)))
        and compiled.match(tag)
    ]


@cache
def _compiled(selector: str) -> tuple[frozenset[str], frozenset[str], soupsieve.SoupSieve]:
    """The names and the classes of the elements that a selector ends in, and the selector.

    Raises ValueError where it ends in neither a name nor a class.
    """
    names, classes = set(), set()
    for alternative in _BRACKETS.sub("", selector).split(","):
        last = _LAST_ELEMENT.search(alternative.strip())
        if last is not None and last["one_class"]:
            classes.add(last["one_class"])
        elif last is not None and last["name"]:
            names.add(last["name"])
        else:
            raise ValueError(f"selector: {selector} ends in neither a name nor a class")
    return frozenset(names), frozenset(classes), soupsieve.compile(selector)


def _classes(tag: Tag) -> list[str]:
    classes: str | list[str] = tag.get("class") or []
    return classes.split() if isinstance(classes, str) else list(classes)


def part_of(page: Tag, selector: str) -> Tag:
    """The first part of `page` that a CSS selector names; raises ValueError where there is none."""
    part = page.select_one(selector)
    if part is None:
        raise ValueError(f"page: it has no {selector}")
    return part


def value_of(tag: Tag, name: str) -> str:
    """The text of an attribute, also of one that is a list of words; raises KeyError without it."""
    value = tag[name]
    return value if isinstance(value, str) else " ".join(value)
