"""Tables wider than a phone: marked are what names a row, and the column of the caption."""

import re
from itertools import pairwise

from bs4 import BeautifulSoup, Tag

from safer_communities.site.markup import parts_of

# The caption of a chart's table begins with it, and what follows these words says where and when.
_CHART = "What the chart shows: "
# What the column after a figure is headed where that has an interval.
_INTERVAL = "Lower end of 95% interval"
_ASIDE = re.compile(r", | of | in | by | at ")
_WORD = re.compile(r"\d[\d,]*|[a-z]{3,}")


def mark_main_columns(page: BeautifulSoup) -> None:
    """Marks in every table of `page` the heading that `book.js` scrolls into sight on a phone.

    Also the tables whose rows it takes two columns to name, such as a place and a year.
    """
    for table in parts_of(page, "div.table-scroll > table"):
        if takes_two_names(table):
            table["data-two-names"] = ""
        main = main_heading(table)
        if main is not None:
            main["data-main"] = ""


def takes_two_names(table: Tag) -> bool:
    """Whether the first column repeats itself and the second is in words too."""
    headings = table.select("thead th")[:2]
    firsts = [cell.get_text() for cell in table.select("tbody tr > :first-child")]
    in_words = not any("number" in heading.get_attribute_list("class") for heading in headings)
    return len(headings) > 1 and in_words and len(set(firsts)) < len(firsts)


def main_heading(table: Tag) -> Tag | None:
    """The heading of the numbers that the caption of `table` names; None if it names none of them.

    What the caption says first counts before what follows. Below a chart it is the figure that is
    drawn: that with an interval.
    """
    if table.caption is None:
        return None
    caption = table.caption.get_text().removeprefix(_CHART)
    headings = table.select("thead th.number")
    if caption != table.caption.get_text():
        drawn = [a for a, b in pairwise(headings) if b.get_text().startswith(_INTERVAL)]
        if drawn:
            return drawn[0]
    # "Burglary in every borough, 12 months to March 2026: rate per 1,000 residents, beside ..."
    measured = caption.rpartition(": ")[2] if ": " in caption else ""
    for text in (_ASIDE.split(caption)[0], measured.split(", ")[0], caption):
        named = [len(_words(text) & _words(heading.get_text())) for heading in headings]
        if any(named):
            return headings[named.index(max(named))]
    return None


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
