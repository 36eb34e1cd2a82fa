"""The parts and attributes of a page that has to have them."""

from bs4 import Tag


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
