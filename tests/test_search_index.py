"""What the search finds: every word and number of a page, cell by cell, and no code."""

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.search.en import SearchEnglish

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.settings import Settings
from safer_communities.site.finish.search_index import INDEX, rewrite_index, words_of

ARTICLE = """<article><p>Recorded crime rose by 6.7%, to 27,826.</p>
<table><tr><th>Golders Green</th><td>52.6</td><td>48.9</td></tr></table>
<details><summary>Code</summary><pre>chapter.show(1234)</pre></details></article>"""
LARGEST_INDEX = 400_000


def index_of(html: Path) -> dict:
    text = (html / INDEX).read_text(encoding="utf-8")
    return json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))


def pages_with(index: dict, word: str) -> list[str]:
    found = index["terms"].get(word, [])
    return [index["docnames"][n] for n in ([found] if isinstance(found, int) else found)]


def test_cells_are_words_of_their_own_and_numbers_are_whole() -> None:
    words = words_of(BeautifulSoup(ARTICLE, "html.parser"))
    assert {"golders", "green", "52.6", "48.9", "27,826", "6.7"} <= set(words)
    assert not {"green52", "826", "1234"} & set(words)


def test_the_index_has_the_stems_of_the_pages_words_and_keeps_the_rest(tmp_path: Path) -> None:
    made = {"docnames": ["a", "b"], "terms": {"chapter": 0}, "titles": ["A", "B"], "filenames": []}
    (tmp_path / INDEX).write_text(f"Search.setIndex({json.dumps(made)})")
    rewrite_index(tmp_path, {tmp_path / "a.html": ["the", "wards"], tmp_path / "b.html": ["ward"]})
    index = index_of(tmp_path)
    assert {"Enfield", "Kensington and Chelsea"} < set(index.pop("boroughs"))
    assert index == made | {"terms": {"ward": [0, 1]}}


@pytest.mark.site
def test_every_ward_and_borough_leads_to_a_page_that_names_it(site: Path) -> None:
    assert (site / INDEX).stat().st_size < LARGEST_INDEX
    index, book = index_of(site), BoroughEdition(Settings())
    language, missed = SearchEnglish({}), []
    for names, page in [
        (book.wards.rates().table["area"], "notebooks/wards"),
        (book.boroughs["borough"], "notebooks/crime_levels"),
    ]:
        for name in names:
            words = words_of(BeautifulSoup(f"<article>{name}</article>", "html.parser"))
            stems = [language.stem(word) for word in words if language.word_filter(word)]
            missed += [(name, stem) for stem in stems if page not in pages_with(index, stem)]
    assert missed == []
