"""What a page says of itself to those who search or share it: a description, Open Graph tags."""

import re
from pathlib import Path
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from safer_communities.site.markup import part_of, value_of
from safer_communities.site.pages.staging import LANDING_PAGE

# Seen from the top of a site that knows its address (`site.share.addresses` writes both).
CARD, FEED = "card.png", "feed.xml"
CARD_SIZE = (1200, 630)
# Search engines and messages show about so many letters.
_MOST_LETTERS = 200
_TAGS = "meta[name=description], meta[property^='og:'], link[rel=canonical], link[rel=alternate]"
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")


def add_description(page: BeautifulSoup) -> None:
    """Puts the description of `page` and its Open Graph tags (https://ogp.me) into its head.

    The description is the page's own lead. Open Graph takes absolute addresses alone: those of the
    page and the picture are left out where the page does not know its own, its canonical one. A
    page without an article, such as that of the search, has neither.
    """
    if page.select_one("article") is None:
        return
    head, lead = part_of(page, "head"), lead_of(page)
    title, _, site = part_of(page, "title").get_text().rpartition(" — ")
    tags = {"og:type": "article", "og:title": title, "og:site_name": site, "og:locale": "en_GB"}
    if lead:
        tags["og:description"] = lead
        head.append(page.new_tag("meta", attrs={"name": "description", "content": lead}))
    canonical = page.select_one("link[rel=canonical]")
    if canonical is not None:
        tags["og:url"] = value_of(canonical, "href")
        top = urljoin(tags["og:url"], value_of(part_of(page, "html"), "data-content_root"))
        feed = {"rel": "alternate", "type": "application/atom+xml", "href": f"{top}{FEED}"}
        head.append(page.new_tag("link", attrs=feed))
        if tags["og:url"] == f"{top}{LANDING_PAGE}":
            width, height = map(str, CARD_SIZE)
            tags |= {"og:image": f"{top}{CARD}", "og:image:width": width, "og:image:height": height}
            tags["og:image:alt"] = f"Line chart of recorded offences by year. {lead}"
    for name, content in tags.items():
        head.append(page.new_tag("meta", attrs={"property": name, "content": content}))


def describe_first_page(html: Path) -> None:
    """Gives the page at the top of the site in `html` the tags of the landing page it leads to.

    It is its address that people share.
    """
    first, landing = (
        BeautifulSoup((html / name).read_text(encoding="utf-8"), "html.parser")
        for name in ("index.html", LANDING_PAGE)
    )
    head, tags = part_of(first, "head"), landing.select(f"head :is({_TAGS})")
    if landing.select_one("link[rel=canonical]") is not None:
        part_of(head, "link[rel=canonical]").decompose()
    head.extend(tags)
    (html / "index.html").write_text(first.decode(formatter="minimal"), encoding="utf-8")


def lead_of(page: Tag) -> str:
    """The first sentences of the first paragraph of `page`: one, or as many as are short."""
    lead = page.select_one("article .message p") or page.select_one("article section > p")
    if lead is None:
        return ""
    first, *others = _SENTENCE_END.split(" ".join(lead.get_text().split()))
    for sentence in others:
        if len(f"{first} {sentence}") > _MOST_LETTERS:
            break
        first = f"{first} {sentence}"
    return first
