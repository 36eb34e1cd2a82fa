"""Which pages a template has: a notebook that is run again for each of them."""

from collections.abc import Callable

from safer_communities.chapter.book import Book
from safer_communities.errors import InputError, did_you_mean
from safer_communities.settings import Page, Settings

# The pages of each template, by the name of its notebook.
PAGES: dict[str, Callable[[Book], list[Page]]] = {
    "offence": Book.offence_pages,
    "ward": Book.ward_pages,
    "wardmap": Book.ward_map_pages,
}
# What was read last in this process, for the pages that follow.
_READ: dict[Settings, Book] = {}


def pages_of_template(template: str) -> list[Page]:
    """The pages of a template in the book of the environment's settings."""
    return PAGES[template](remembered(Book(Settings.from_environment())))


def page_asked_for(template: str) -> Page:
    """The page that PAGE names, the first unless it names one.

    Raises InputError where the template has no such page.
    """
    pages = {page.key: page for page in pages_of_template(template)}
    key = Page.key_from_environment() or next(iter(pages))
    if key not in pages:
        raise InputError("PAGE", f"there is no page {key!r}", did_you_mean(key, pages))
    return pages[key]


def remembered(book: Book) -> Book:
    """`book`, with all that an earlier one of the same settings in this process has read."""
    if book.settings in _READ:
        vars(book).update(vars(_READ[book.settings]) | {"settings": book.settings})
    _READ[book.settings] = book
    return book
