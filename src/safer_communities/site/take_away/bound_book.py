"""Binds the built pages of a book into one document for paper, with a cover and contents."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from safer_communities.site.markup import part_of, value_of

SITE_STYLE = "_static/site.css"
PAPER_STYLE = Path(__file__).with_name("bound_book.css")
TITLE = "Safer Communities book"
# What serves a reader at a screen alone.
ON_SCREEN_ONLY = (
    "details:not(.folded), details.folded > summary, a.headerlink, .exhibit-download, "
    ".chart-actions, picture > source, script, button"
)
# Attributes that name other elements by their id.
REFERENCES = ("aria-labelledby", "aria-describedby", "for", "headers")


@dataclass(frozen=True)
class Cover:
    """What the first page says of the book."""

    borough: str
    edition: int
    period: str


@dataclass(frozen=True)
class Chapter:
    """A built page in its place; `part` is the heading that the contents put it under."""

    path: Path
    title: str
    part: str

    @property
    def key(self) -> str:
        """The id of its title in the bound book, and what its other ids begin with."""
        return self.path.stem


def chapters_of(html: Path, first_page: str) -> list[Chapter]:
    """The pages of the site in `html`, in the order in which its own list of pages has them."""
    start = html / first_page
    page = _parsed(start)
    links = page.select("nav.bd-docs-nav p.caption, nav.bd-docs-nav a.internal")
    chapters, part = [], ""
    for tag in links:
        if tag.name == "p":
            part = tag.get_text(strip=True)
            continue
        # What stands below a page is made from a template: paper does without.
        if tag.find_parent(class_="toctree-l2"):
            continue
        path = start if tag["href"] == "#" else _beside(start, value_of(tag, "href"))
        chapters.append(Chapter(path, tag.get_text(strip=True), part))
    return chapters


def bound(html: Path, cover: Cover, chapters: list[Chapter], pages: Mapping[str, int]) -> str:
    """One HTML document of all `chapters`, whose links lead within it or to other sites.

    `pages` has the number of the page on which each chapter begins, by the chapter's key; the
    contents leave room for those it lacks.
    """
    keys = {chapter.path: chapter.key for chapter in chapters}
    licence = part_of(_parsed(chapters[0].path), ".footer-licence")
    return f"""<!DOCTYPE html>
<html lang="en-GB" data-theme="light" data-mode="light">
<head>
<meta charset="utf-8">
<title>{escape(title_of(cover))}</title>
<link rel="stylesheet" href="{(html / SITE_STYLE).resolve().as_uri()}">
<style>
{PAPER_STYLE.read_text(encoding="utf-8")}
{"".join(_running_title(chapter) for chapter in chapters)}</style>
</head>
<body>
{_cover(cover, licence.decode_contents())}
{_contents(chapters, pages)}
{"".join(_article(chapter, keys).decode() for chapter in chapters)}
</body>
</html>
"""


def headings_of(book: str) -> list[str]:
    """The headings of a bound book, each in one line."""
    page = BeautifulSoup(book, "html.parser")
    return [" ".join(heading.get_text().split()) for heading in page.select("h1, h2, h3, h4")]


def title_of(cover: Cover) -> str:
    """The title of the document, with the borough and the period."""
    return f"{TITLE}: {cover.borough}, {cover.period}"


def _parsed(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def _beside(page: Path, address: str) -> Path:
    """The file that a relative address on `page` names."""
    return Path(os.path.normpath(page.parent / unquote(address)))


def _article(chapter: Chapter, keys: Mapping[Path, str]) -> Tag:
    """The article of a page: its ids made its own, its links led to where they are now."""
    article = part_of(_parsed(chapter.path), "article.bd-article")
    for tag in article.select(ON_SCREEN_ONLY):
        tag.decompose()
    for folded in article.select("details.folded"):
        folded.unwrap()
    # A figure in a PDF needs a text of its own, and here the picture inside has it.
    for figure in article.select("figure"):
        figure["role"] = "group"
    for tag in article.select("[id]"):
        tag["id"] = f"{chapter.key}-{tag['id']}"
    for name in REFERENCES:
        for tag in article.select(f"[{name}]"):
            named = " ".join(tag.get_attribute_list(name)).split()
            tag[name] = " ".join(f"{chapter.key}-{each}" for each in named)
    for image in article.select("img"):
        image["src"] = _beside(chapter.path, value_of(image, "src")).resolve().as_uri()
    for link in article.select("a[href]"):
        _lead(link, chapter, keys)
    part_of(article, "h1")["id"] = chapter.key
    article["class"] = f"bd-article bound {_page_name(chapter)}"
    return article


def _lead(link: Tag, chapter: Chapter, keys: Mapping[Path, str]) -> None:
    """Leads a link to its place in this book; one to a file of the site becomes plain words."""
    address = urlsplit(value_of(link, "href"))
    if address.scheme:
        return
    path = _beside(chapter.path, address.path) if address.path else chapter.path
    if path not in keys:
        link.unwrap()
    elif address.fragment:
        link["href"] = f"#{keys[path]}-{address.fragment}"
    else:
        link["href"] = f"#{keys[path]}"


def _page_name(chapter: Chapter) -> str:
    return f"page-{chapter.key}".replace("_", "-")


def _running_title(chapter: Chapter) -> str:
    """The rules that put the chapter's title at the head of each of its pages."""
    name = _page_name(chapter)
    title = chapter.title.replace("\\", "\\\\").replace('"', '\\"')
    return f'@page {name} {{ @top-left {{ content: "{title}" }} }}\n.{name} {{ page: {name} }}\n'


def _cover(cover: Cover, licence: str) -> str:
    return f"""<section class="cover">
<p class="cover-edition">Edition {cover.edition}</p>
<p class="cover-title">{TITLE}</p>
<p class="cover-borough">{escape(cover.borough)}</p>
<p class="cover-period">{escape(cover.period)}</p>
<div class="cover-foot">
<p>Made from the pages of the book’s website, which are built from published data. A line under
each chart and table names its source, release and period. The website offers the data behind
each of them to download.</p>
<p>{licence}</p>
</div>
</section>"""


def _contents(chapters: list[Chapter], pages: Mapping[str, int]) -> str:
    lines = "\n".join(_contents_lines(chapters, pages))
    return f"""<nav class="book-contents" aria-labelledby="contents">
<h1 id="contents">Contents</h1>
{lines}
</nav>"""


def _contents_lines(chapters: list[Chapter], pages: Mapping[str, int]) -> Iterator[str]:
    for part in dict.fromkeys(chapter.part for chapter in chapters):
        if part:
            yield f"<p>{escape(part)}</p>"
        yield "<ul>"
        for chapter in chapters:
            if chapter.part == part:
                yield (
                    f'<li><a href="#{chapter.key}"><span>{escape(chapter.title)}</span> '
                    f'<span class="leader"></span> '
                    f'<span class="page-number">{pages.get(chapter.key, "")}</span></a></li>'
                )
        yield "</ul>"
