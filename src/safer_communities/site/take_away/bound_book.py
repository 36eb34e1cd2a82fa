"""Binds the built pages of a book into one document for paper, with a cover and contents."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from pathlib import Path
from string import ascii_uppercase
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
# Pages that only work on a screen: the chooser of boroughs, and the list of files.
NOT_ON_PAPER = ("compare", "downloads")
# The part of the contents whose pages a printed book has as annexes, and the name that it then has.
ANNEXED, ANNEXES = "Checking", "Annexes"
# A chart of more pixels in height has many rows, and needs more room to be read.
TALL = 700
# Attributes that name other elements by their id.
REFERENCES = ("aria-labelledby", "aria-describedby", "for", "headers")


@dataclass(frozen=True)
class Cover:
    """What paper says of the book: of what and when, who publishes it, and the day, if known.

    `day` is that of publication, as in "2026-11-27", `published` the same in words.
    """

    borough: str
    edition: int
    period: str
    publisher: str = ""
    published: str = ""
    day: str = ""

    @property
    def imprint(self) -> str:
        """Who publishes it, and when, for the foot of a page."""
        return " · ".join(filter(None, [self.publisher, self.published]))


@dataclass(frozen=True)
class Chapter:
    """A built page in its place; `part` is the heading that the contents put it under.

    An annex begins its title with its `letter`.
    """

    path: Path
    name: str
    part: str
    letter: str = ""

    @property
    def title(self) -> str:
        """Its heading."""
        return f"Annex {self.letter}: {self.name}" if self.letter else self.name

    @property
    def key(self) -> str:
        """The id of its title in the bound book, and what its other ids begin with."""
        return self.path.stem


def chapters_of(html: Path, first_page: str) -> list[Chapter]:
    """The pages of the site in `html` that are printed, in the order of its own list of pages."""
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
        if path.stem not in NOT_ON_PAPER:
            chapters.append(Chapter(path, tag.get_text(strip=True), part))
    letters = iter(ascii_uppercase)
    return [
        replace(each, part=ANNEXES, letter=next(letters)) if each.part == ANNEXED else each
        for each in chapters
    ]


def bound(
    html: Path,
    cover: Cover,
    chapters: list[Chapter],
    pages: Mapping[str, int],
    *,
    whole: bool = True,
) -> str:
    """One HTML document of all `chapters`, whose links lead within it or to other sites.

    `pages` has the number of the page on which each chapter begins, by the chapter's key; the
    contents say 0 for those it lacks. Where it is not the `whole` book, it ends with the contents.
    """
    keys = {chapter.path: chapter.key for chapter in chapters}
    parts = [part for part, _ in groupby(chapters, lambda chapter: chapter.part)]
    licence = part_of(_parsed(chapters[0].path), ".footer-licence")
    style = PAPER_STYLE.read_text(encoding="utf-8") + "".join(map(_running_title, parts))
    articles = "".join(_article(chapter, keys).decode() for chapter in chapters if whole)
    body = f"{_cover(cover, licence.decode_contents())}\n{_contents(chapters, pages)}\n{articles}"
    return paper_document(html, cover, title_of(cover), style, body)


def paper_document(html: Path, cover: Cover, title: str, style: str, body: str) -> str:
    """An HTML document for paper in the look of the site in `html`, with who publishes it below."""
    return f"""<!DOCTYPE html>
<html lang="en-GB" data-theme="light" data-mode="light">
<head>
<meta charset="utf-8">
<title>{escape(title)}</title>
<link rel="stylesheet" href="{(html / SITE_STYLE).resolve().as_uri()}">
<style>
{style}
@page {{ @bottom-left {{ content: {css_text(cover.imprint)} }} }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def headings_of(book: str) -> list[str]:
    """The headings of a bound book, each in one line."""
    page = BeautifulSoup(book, "html.parser")
    return [" ".join(heading.get_text().split()) for heading in page.select("h1, h2, h3, h4")]


def css_text(text: str) -> str:
    """A text as style sheets write it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


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
    article = printed_article(chapter.path)
    for tag in article.select("[id]"):
        tag["id"] = f"{chapter.key}-{tag['id']}"
    for name in REFERENCES:
        for tag in article.select(f"[{name}]"):
            named = " ".join(tag.get_attribute_list(name)).split()
            tag[name] = " ".join(f"{chapter.key}-{each}" for each in named)
    for link in article.select("a[href]"):
        _lead(link, chapter, keys)
    heading = part_of(article, "h1")
    heading["id"] = chapter.key
    if chapter.letter:
        heading.insert(0, f"Annex {chapter.letter}: ")
    article["class"] = f"bd-article bound {_page_name(chapter.part)}"
    return article


def printed_article(path: Path) -> Tag:
    """The article of the built page at `path`, with its pictures, without what serves a screen."""
    article = part_of(_parsed(path), "article.bd-article")
    for tag in article.select(ON_SCREEN_ONLY):
        tag.decompose()
    # Paper cannot unfold: what is folded for some readers is printed.
    for folded in article.select("details.folded"):
        folded.unwrap()
    # What is left of the cells of a notebook would let a page end below a heading.
    for cell in article.select("div.cell, div.cell_output"):
        if not cell.get_text(strip=True) and not cell.find(["img", "svg"]):
            cell.extract()
    # A figure in a PDF needs a text of its own, and here the picture inside has it.
    for figure in article.select("figure"):
        figure["role"] = "group"
    for image in article.select("img"):
        if int(str(image.get("height") or 0)) > TALL:
            image["class"] = f"{value_of(image, 'class')} tall"
        image["src"] = _beside(path, value_of(image, "src")).resolve().as_uri()
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


def _page_name(part: str) -> str:
    return f"part-{re.sub(r'[^a-z]+', '-', part.lower())}"


def _running_title(part: str) -> str:
    """The rules that put a part's name at the head of each of its pages, the first a new one."""
    name = _page_name(part)
    head = f"@top-left {{ content: {css_text(part)} }}"
    return f"@page {name} {{ {head} }}\n.{name} {{ page: {name} }}\n"


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
                    f'<span class="page-number">{pages.get(chapter.key, 0)}</span></a></li>'
                )
        yield "</ul>"
