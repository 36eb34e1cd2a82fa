"""Lays out the briefing for councillors for paper: one page a section, with who publishes it."""

from pathlib import Path

from safer_communities.site.take_away.bound_book import Cover, paper_document, printed_article

PAGE = "book/briefing.html"
STYLE = Path(__file__).with_name("briefing.css")
TITLE = "Crime and safety: a briefing for councillors"


def briefing_title(cover: Cover) -> str:
    """The title of the document, with the borough and the period."""
    return f"{TITLE}, {cover.borough}, {cover.period}"


def briefing_pages(html: Path, cover: Cover, *, points: float) -> str:
    """The HTML document of the briefing in the site in `html`, in letters of so many `points`.

    Its links are plain words: a sheet of paper has no other pages.
    """
    article = printed_article((html / PAGE).resolve())
    for link in article.select("a[href]"):
        link.unwrap()
    size = f'html[data-theme="light"] {{ font-size: {points}pt }}\n'
    style = STYLE.read_text(encoding="utf-8") + size
    return paper_document(html, cover, briefing_title(cover), style, article.decode())
