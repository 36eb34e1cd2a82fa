"""The feed of editions and corrections, as Atom has it (RFC 4287)."""

from collections.abc import Sequence
from datetime import date
from html import escape
from xml.etree import ElementTree

import pandas as pd

from safer_communities.chapter.book import Book
from safer_communities.site.pages.staging import LANDING_PAGE
from safer_communities.site.share.description import FEED

_REVISIONS = "book/revisions.html#corrections-to-this-book"


def feed(top: str, books: Sequence[Book]) -> bytes:
    """The feed of a site whose address is `top`: an entry for each edition, newest first.

    Below them stands one for each edition and day on which it was corrected. An edition without a
    date of publication in `publisher.yml` is not out yet, and has no entry.
    """
    newest = books[0]
    entries = [entry for book in books for entry in _edition(top, book)]
    entries += _corrections(top, books)
    root = ElementTree.Element(
        "feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en-GB"}
    )
    days = [day for day, _ in entries] or [newest.edition.period.end.date()]
    _add(root, id=top, title=f"Safer Communities book: {newest.borough}", updated=_time(max(days)))
    _add(ElementTree.SubElement(root, "author"), name=newest.imprint.publisher.publisher)
    ElementTree.SubElement(root, "link", rel="self", href=f"{top}{FEED}")
    ElementTree.SubElement(root, "link", href=f"{top}{LANDING_PAGE}")
    root.extend(entry for _, entry in sorted(entries, key=lambda each: each[0], reverse=True))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _edition(top: str, book: Book) -> list[tuple[date, ElementTree.Element]]:
    year = book.edition.year
    day = book.imprint.publisher.dates(year).published_on
    if day is None:
        return []
    title = f"The {year} edition: crime and safety in {book.borough}"
    words = escape(f"Figures to {book.edition.period.end:%B %Y}.")
    return [(day, _entry(f"{top}{year}/{LANDING_PAGE}", "", title, day, words))]


def _corrections(top: str, books: Sequence[Book]) -> list[tuple[date, ElementTree.Element]]:
    years = [str(book.edition.year) for book in books]
    table = books[0].corrections()
    table = table[table["edition"].isin(years)]
    days = pd.to_datetime(table["date"], format="%d %B %Y").dt.date
    entries = []
    for year, day in dict.fromkeys(zip(table["edition"], days, strict=True)):
        rows = table[(table["edition"] == year) & (days == day)]
        items = [
            f"<li>{escape(row['figure'])}: {escape(row['was_said'])}. "
            f"Now: {escape(row['is_said'])}. {escape(row['why'])}</li>"
            for row in rows.to_dict("records")
        ]
        title, place = f"Corrections to the {year} edition", f"{top}{year}/{_REVISIONS}"
        entries.append((day, _entry(place, f"-{day}", title, day, f"<ul>{''.join(items)}</ul>")))
    return entries


def _entry(place: str, mark: str, title: str, day: date, words: str) -> ElementTree.Element:
    """An entry that leads to `place`; with its `mark` that is the entry's own name."""
    entry = ElementTree.Element("entry")
    _add(entry, id=f"{place}{mark}", title=title, updated=_time(day))
    ElementTree.SubElement(entry, "link", href=place)
    ElementTree.SubElement(entry, "content", type="html").text = words
    return entry


def _add(parent: ElementTree.Element, **texts: str) -> None:
    for name, text in texts.items():
        ElementTree.SubElement(parent, name).text = text


def _time(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
