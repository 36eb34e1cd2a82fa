"""Lays out the briefing for councillors for paper: one page a section, with who publishes it."""

from html import escape
from pathlib import Path

from safer_communities.site.take_away.bound_book import (
    SITE_STYLE,
    Cover,
    css_text,
    printed_article,
)

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
    foot = css_text(cover.imprint)
    return f"""<!DOCTYPE html>
<html lang="en-GB" data-theme="light" data-mode="light">
<head>
<meta charset="utf-8">
<title>{escape(briefing_title(cover))}</title>
<link rel="stylesheet" href="{(html / SITE_STYLE).resolve().as_uri()}">
<style>
{STYLE.read_text(encoding="utf-8")}
@page {{ @bottom-left {{ content: {foot} }} }}
html[data-theme="light"] {{ font-size: {points}pt }}
</style>
</head>
<body>
{article.decode()}
</body>
</html>
"""
