"""Tables of figures that are wider than a phone: the column that the caption names is marked."""

import re

from bs4 import BeautifulSoup, Tag

# The caption of a chart's table begins with it, and what follows these words says where and when.
_CHART = "What the chart shows: "
_ASIDE = re.compile(r", | of | in | by | at ")
_WORD = re.compile(r"\d[\d,]*|[a-z]{3,}")


def mark_main_columns(page: BeautifulSoup) -> None:
    """Marks in every table of `page` the heading that `book.js` scrolls into sight on a phone."""
    for table in page.select("div.table-scroll > table"):
        main = main_heading(table)
        if main is not None:
            main["data-main"] = ""


def main_heading(table: Tag) -> Tag | None:
    """The heading of the numbers that the caption of `table` names; None if it names none of them.

    What the caption says first counts before what follows.
    """
    if table.caption is None:
        return None
    caption = table.caption.get_text().removeprefix(_CHART)
    headings = table.select("thead th.number")
    for text in (_ASIDE.split(caption)[0], caption):
        named = [len(_words(text) & _words(heading.get_text())) for heading in headings]
        if any(named):
            return headings[named.index(max(named))]
    return None


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
