"""The index of the search, made from the finished pages: every word and number that they print.

Sphinx's own joins the cells of a table ("Green52.6"), cuts numbers in two ("27,826") and holds the
code. Its titles and terms of the glossary stay.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString, Tag
from sphinx.search.en import SearchEnglish

from safer_communities.datasets import load

INDEX = "searchindex.js"
_CALL = re.compile(r"Search\.setIndex\((.*)\)\s*", re.DOTALL)
# As in `book/_static/search.js`, which takes what a reader asks for apart.
_WORD = re.compile(r"\d[\d.,]*\d|\w+")
_UNREAD = ("script", "style", "svg", "pre")


def words_of(page: BeautifulSoup) -> list[str]:
    """Every word and number of the article of `page`, each once, in small letters; none of code."""
    article = page.select_one("article")
    texts = _texts(article) if article else ()
    return sorted({word for text in texts for word in _WORD.findall(text.lower())})


def _texts(tag: Tag) -> Iterator[str]:
    for part in tag.children:
        if isinstance(part, Tag) and part.name not in _UNREAD:
            yield from _texts(part)
        elif type(part) is NavigableString:
            yield part


def rewrite_index(html: Path, words: Mapping[Path, list[str]]) -> None:
    """Gives the index of the site in `html`, where it has one, the `words` of its pages by path.

    The names of the boroughs come with it: of those named together, the search sets up the chooser.
    """
    path = html / INDEX
    if not path.is_file() or not (call := _CALL.fullmatch(path.read_text(encoding="utf-8"))):
        return
    index = json.loads(call[1])
    terms: dict[str, set[int]] = defaultdict(set)
    for number, name in enumerate(index["docnames"]):
        for word in words.get(html / f"{name}.html", ()):
            if stem := _stem(word):
                terms[stem].add(number)
    index["terms"] = {
        term: sorted(pages) if len(pages) > 1 else min(pages)
        for term, pages in sorted(terms.items())
    }
    # Its search hands them on, and shows none.
    index["filenames"] = []
    index["boroughs"] = sorted(load.table("boroughs")["borough"])
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    path.write_text(f"Search.setIndex({text})", encoding="utf-8")


_ENGLISH = SearchEnglish({})


# A preview asks for the same words each time.
@cache
def _stem(word: str) -> str:
    """The stem that the index has of a word; empty for a word that it leaves out."""
    return _ENGLISH.stem(word).lower() if _ENGLISH.word_filter(word) else ""
