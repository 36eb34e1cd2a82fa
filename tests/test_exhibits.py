"""Charts and tables as HTML: parsed as a browser would, with hostile words in every place."""

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from safer_communities.charts.svg import clipped_once
from safer_communities.facts.output_types import CHART_MIME, TABLE_MIME
from safer_communities.site.pages.exhibits import chart_html, published, table_html

HOSTILE = """"quoted" & <script>alert('x')</script> > 5"""
SVG = '<svg width="760" viewBox="0 0 760.4 300.6"><path/></svg>'
NARROW = '<svg width="320" viewBox="0 0 320 411"><path/></svg>'
# Control characters and lone surrogates cannot stand in a page at all.
WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)


def made_record(**words: str) -> dict:
    return {
        "name": "made_rates",
        "source": "Source: made for the tests.",
        "csv": "a\n1\n",
        "svg_narrow": NARROW,
        "headline": "A headline",
        "subtitle": "A subtitle",
        "alt": "What it shows",
        "description": "",
        "table": "<table><caption>What the chart shows</caption></table>",
    } | words


def parsed(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "lxml")


def made_notebook(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=list(cells))


def code(source: str, *data: dict) -> nbformat.NotebookNode:
    outputs = [nbformat.v4.new_output("display_data", data=item) for item in data]
    return nbformat.v4.new_code_cell(source, outputs=outputs)


CHART = {"image/svg+xml": SVG, CHART_MIME: made_record()}
TABLE = {
    "text/html": "<table><caption>A table</caption></table>",
    TABLE_MIME: {"name": "made_areas", "source": "Source: made.", "csv": "b\n2\n"},
}


@given(alt=WORDS, headline=WORDS)
def test_a_reader_gets_the_words_as_they_were_given(alt: str, headline: str) -> None:
    page = parsed(chart_html(made_record(alt=alt, headline=headline), SVG))
    assert page.img["alt"] == alt
    assert page.select_one(".exhibit-headline").get_text() == headline


@pytest.mark.parametrize("place", ["headline", "subtitle", "alt", "description", "source"])
def test_no_word_becomes_an_element(place: str) -> None:
    page = parsed(chart_html(made_record(**{place: HOSTILE}), SVG))
    assert page.script is None
    assert HOSTILE in (page.img["alt"] if place == "alt" else page.get_text())
    assert set(page.img.attrs) == {"class", "src", "alt", "width", "height"}


def test_the_note_of_a_chart_holds_its_table() -> None:
    page = parsed(chart_html(made_record(), SVG))
    assert page.select_one("details caption").get_text() == "What the chart shows"


def test_a_phone_gets_the_narrow_drawing_and_each_keeps_its_shape() -> None:
    page = parsed(chart_html(made_record(), SVG))
    assert page.source["srcset"] == "../downloads/made_rates_narrow.svg"
    assert "max-width" in page.source["media"]
    assert (page.source["width"], page.source["height"]) == ("320", "411")
    assert page.img["src"] == "../downloads/made_rates.svg"
    assert (page.img["width"], page.img["height"]) == ("760", "301")


def test_a_drawing_without_a_size_is_refused() -> None:
    with pytest.raises(ValueError, match="svg: the drawing has no viewBox"):
        chart_html(made_record(), "<svg></svg>")


def test_a_table_keeps_its_html_and_has_its_source_and_its_download() -> None:
    page = parsed(table_html(TABLE[TABLE_MIME] | {"source": HOSTILE}, TABLE["text/html"]))
    assert page.caption.get_text() == "A table"
    assert HOSTILE in page.select_one(".exhibit-source").get_text()
    assert page.a["href"] == "../downloads/made_areas.csv"
    assert page.script is None


def test_every_file_that_a_page_names_is_returned() -> None:
    result = published(made_notebook(code("show()", CHART, TABLE)))
    as_they_are = {
        "made_rates.svg": SVG,
        "made_rates_narrow.svg": NARROW,
        "made_rates.csv": "a\n1\n",
        "made_areas.csv": "b\n2\n",
    }
    assert {name: result.files[name] for name in as_they_are} == as_they_are
    html = "".join(output.data["text/html"] for output in result.notebook.cells[0].outputs)
    page = parsed(html)
    named = {tag["href"] for tag in page.select("a[download]")}
    named |= {page.img["src"], page.source["srcset"]}
    assert {address.removeprefix("../downloads/") for address in named} == set(result.files)
    assert {tag["id"] for tag in page.select(".exhibit")} == {"made_rates", "made_areas"}


def test_an_exhibit_is_one_block_of_html_and_other_outputs_stay() -> None:
    words = {"text/plain": "'6.7%'"}
    first, second = published(made_notebook(code("show()", words, CHART))).notebook.cells[0].outputs
    assert dict(first.data) == words
    assert list(second.data) == ["text/html"]


def test_the_notebook_given_is_not_changed() -> None:
    before = made_notebook(code("a = 1", CHART), code("b = 2", TABLE))
    published(before)
    assert CHART_MIME in before.cells[0].outputs[0].data
    assert [cell.source for cell in before.cells] == ["a = 1", "b = 2"]


def test_markdown_that_code_shows_is_prose_below_it_with_headings_of_its_own() -> None:
    before = made_notebook(
        code(
            "sources()", {"text/markdown": "### One\n\nWords.", "text/plain": "<Markdown>"}, TABLE
        ),
        nbformat.v4.new_markdown_cell("More"),
    )
    first, shown, more = published(before).notebook.cells
    assert [output.data.keys() for output in first.outputs] == [{"text/html": 1}.keys()]
    assert (shown.cell_type, shown.source) == ("markdown", "### One\n\nWords.")
    assert more.source == "More"
    assert len(before.cells[0].outputs) == 2


def test_marks_in_a_row_say_once_where_they_are_cut_off() -> None:
    mark = '<path d="M{}" clip-path="url(#part{})" class="l1"/>'
    row, other = mark.format(1, 1) + mark.format(2, 1), mark.format(3, 1) + mark.format(4, 2)
    bare = row.replace(' clip-path="url(#part1)"', "")
    assert clipped_once(f"<svg>{row}<g/>{other}</svg>") == (
        f'<svg><g clip-path="url(#part1)">{bare}</g><g/>{other}</svg>'
    )
