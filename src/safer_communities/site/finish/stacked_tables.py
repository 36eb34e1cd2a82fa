"""Tables of sentences and wide ones, which turn into cards where the screen is narrow."""

from bs4 import BeautifulSoup, Tag
from bs4.element import AttributeValueList

from safer_communities.site.markup import parts_of

# A cell with more letters than this holds a sentence.
LONG_CELL_LETTERS = 40
# With more columns than this, what the last says is out of sight on a phone.
MOST_COLUMNS = 6
# With more rows than this, a list of cards takes longer to leaf through than a table to scroll.
MOST_CARDS = 15


def stack_tables(page: BeautifulSoup) -> None:
    """Prepares every table of `page` that holds sentences, or many columns that end in words."""
    for table in parts_of(page, "div.table-scroll > table"):
        stack(table)


def stack(table: Tag) -> None:
    """Lets a table turn into a list of cards where the screen is narrow.

    One that holds sentences, and one of many columns and few rows whose last is a verdict in words.

    Each cell carries its heading. The roles are written out, because a browser that lays out a
    table as blocks no longer tells a screen reader that it is one.
    """
    long = [
        cell for cell in table.select("td:not(.number)") if len(cell.get_text()) > LONG_CELL_LETTERS
    ]
    headings = [heading.get_text(" ", strip=True) for heading in table.select("thead th")]
    ends_in_words = table.select_one("tbody td:last-child:not(.number)") is not None
    few = len(table.select("tbody tr")) <= MOST_CARDS
    if not long and not (ends_in_words and len(headings) > MOST_COLUMNS and few):
        return
    _add_class(table, "stacks")
    roles = {"thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    table["role"] = "table"
    for tag in table.find_all([*roles, "th"]):
        scope = str(tag.get("scope", "col")).replace("col", "column")
        tag["role"] = roles.get(tag.name) or f"{scope}header"
    for row in table.select("tbody tr"):
        for cell, heading in zip(row.find_all(["th", "td"]), headings, strict=True):
            cell["data-heading"] = heading
    for cell in long:
        _add_class(cell, "long")


def _add_class(tag: Tag, name: str) -> None:
    tag["class"] = AttributeValueList([*tag.get_attribute_list("class"), name])
