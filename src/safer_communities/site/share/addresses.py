"""What a site with an address has at its top: a site map, a feed, a picture for shared links."""

from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

import yaml

from safer_communities.chapter.book import Book
from safer_communities.site.pages.staging import LANDING_PAGE
from safer_communities.site.share.card import draw_card
from safer_communities.site.share.description import CARD, FEED
from safer_communities.site.share.feed import feed
from safer_communities.site.share.missing_page import MISSING_PAGE, missing_page

SITE_MAP = "sitemap.xml"
# They are no page to find: one leads on at once, and the other shows what a reader looked for.
_NOT_FOUND_BY_SEARCH = ("index.html", "search.html")


def config_with_address(config: str, address: str) -> str:
    """The text of `_config.yml` for a site at `address`; the same text where that is empty.

    Sphinx then names on each page its canonical address: the same page at the top of the site.
    """
    if not address:
        return config
    settings = yaml.safe_load(config)
    settings.setdefault("html", {})["baseurl"] = address
    return yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)


def announce(site: Path, books: Iterable[Book]) -> None:
    """Writes the page for dead links, and where the `site` has an address what lets it be found.

    The newest of the `books`, one for each edition, stands at the top. A page that it lacks has its
    canonical address in the newest edition that has it.
    """
    newest_first = sorted(books, key=lambda book: book.edition.year, reverse=True)
    newest = newest_first[0]
    (site / MISSING_PAGE).write_text(missing_page(newest.imprint), encoding="utf-8")
    top = newest.imprint.publisher.address
    if not top:
        return
    published = dict.fromkeys(_pages(site / str(newest.edition.year)), newest)
    places = dict.fromkeys(published, top)
    for book in newest_first[1:]:
        folder = site / str(book.edition.year)
        for name in _pages(folder):
            if name not in published:
                published[name], places[name] = book, f"{top}{book.edition.year}/"
            if places[name] != top:
                _replace(folder / name, f"{top}{name}", f"{places[name]}{name}")
        # What it says of itself when it is shared, and the picture, are of one year.
        (folder / CARD).write_bytes(draw_card(book))
        for name in ("index.html", LANDING_PAGE):
            _replace(folder / name, f"{top}{CARD}", f"{top}{book.edition.year}/{CARD}")
    found = {f"{places[name]}{name}": book for name, book in published.items()}
    (site / SITE_MAP).write_bytes(_site_map(found))
    (site / FEED).write_bytes(feed(top, newest_first))
    (site / CARD).write_bytes(draw_card(newest))


def _pages(edition: Path) -> list[str]:
    """The pages of an edition by their path in it."""
    paths = (path.relative_to(edition).as_posix() for path in edition.rglob("*.html"))
    return sorted(set(paths) - {*_NOT_FOUND_BY_SEARCH})


def _replace(page: Path, address: str, by: str) -> None:
    """Puts one address in the place of another wherever a page has it as a value."""
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace(f'"{address}"', f'"{by}"'), encoding="utf-8")


def _site_map(pages: dict[str, Book]) -> bytes:
    """The site map (https://www.sitemaps.org/protocol.html) of pages by address."""
    root = ElementTree.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for address, book in pages.items():
        entry = ElementTree.SubElement(root, "url")
        ElementTree.SubElement(entry, "loc").text = address
        day = book.imprint.publisher.dates(book.edition.year).published_on
        if day is not None:
            ElementTree.SubElement(entry, "lastmod").text = day.isoformat()
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
