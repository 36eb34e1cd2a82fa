"""Hostile text all the way from the tables to pages, drawings and downloads: it stays text.

One made book is built twice, with hostile text and with harmless text of the same length, by the
real Jupyter Book. Both must have the same elements, scripts and policy.
"""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from playwright.sync_api import Browser

import hostile_text as hostile
from safer_communities.chapter.data_sources import escaped, link
from safer_communities.datasets import kept, load, schemas
from safer_communities.errors import InputError
from safer_communities.project import DATA, ROOT
from safer_communities.settings import Settings
from safer_communities.site import build
from safer_communities.site.run.text_notebooks import text_notebook
from test_browser import SCREENS, Visitor, served

PRELUDE = """
import sys
sys.path.insert(0, {tests!r})
import hostile_text
# not from data: all
texts = {texts!r}
everything = " ".join(texts)
hostile_text.spoil(everything)
import pandas as pd
from safer_communities.chapter import *
chapter = open_chapter("summary")
"""
# Pages of text run in processes of their own too.
PAGE_PRELUDE = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
import hostile_text
from safer_communities.chapter import data_sources as package
hostile_text.spoil({text!r})
package.DATA = Path({root!r})
"""
STATE = """
for number, text in enumerate(texts):
    chapter.words(f"text_{number}", text)
chapter.words("everything", everything)
chapter.fact(
    "total", 27826, unit="offences", label=everything, area=everything, period=everything,
    denominator=everything, note=everything,
)
print(everything)
"""
TABLE = """
frame = pd.DataFrame({"words": texts, "value": range(len(texts))})
columns = [
    Column("words", "{everything}", kind="text", row_header=True),
    Column("value", "Value", unit=everything, decimals=0),
]
chapter.show(Table("texts", frame, columns, note=everything), headline="{everything}")
# The summary has no claims of its own.
chapter.name = "crime_rankings"
chapter.show_check()
chapter.name = "summary"
"""
# Every kind of chart, with the text in each of its labels: of the kinds that have a row for each,
# one has all of it, the others what a drawing could take for more than text.
CHARTS = """
few = texts[:3] + texts[11:13] + texts[-2:]
interval = {"ci_low": 1.0, "ci_high": 3.0}
areas = pd.DataFrame({"area": few, "value": 2.0, **interval})
words = {"headline": "{everything}", "subtitle": "{everything}", "alt": "{everything}"}
more = {"description": "{everything}", "period": "{everything}"}
breaks = [("2019-06-01", everything)]
ends = pd.to_datetime([f"{year}-03-01" for year in range(2016, 2024)])
years = pd.concat(
    pd.DataFrame({"period_end": ends, "label": texts[0], "series": text, "value": 5.0 + number})
    for number, text in enumerate(texts[:4])
)
months = pd.DataFrame({"month": pd.date_range("2018-01-01", "2021-01-01", freq="MS")})
months = months.assign(label=everything, value=9.0, centre=9.0, lower=8.0, upper=10.0, signal=False)
changes = pd.DataFrame({"label": few, "change": 2.0, **interval})
ranks = pd.DataFrame({"label": few, "rank": 2, "rank_low": 1, "rank_high": 3})
shifts = pd.DataFrame({
    "label": few, "before": 10.0, "after": 12.0, "difference": 2.0, **interval,
    "verdict": "significant", "claimed": True,
})
tiles = chapter.boroughs.assign(area=chapter.boroughs["borough"], compared="lower")
tiles["label"] = tiles["span"] = (texts * 2)[: len(tiles)]
shares = pd.DataFrame({"label": texts, "value": 50, "ci_low": 45, "ci_high": 55})
highlight = {"highlight": texts[0]}
for chart in [
    charts.rate_by_area(
        areas, name="rates", benchmark=(everything, 2.0), unit=everything, **highlight
    ),
    charts.changes(changes, name="changes"),
    charts.annual_trend(years, name="years", unit=everything, breaks=breaks, **highlight),
    charts.monthly_trend(months, name="months", unit=everything, breaks=breaks),
    charts.ranks(ranks, name="ranks", of=32),
    charts.tile_map(
        tiles, name="tiles", highlight=chapter.borough, compared_column="compared",
        key={"lower": everything},
    ),
    charts.shifts(shifts, name="shifts", before_label=everything, after_label=everything),
    charts.shares(shares, name="shares", unit="%"),
    charts.small_multiples(
        years.rename(columns={"series": "panel"}), name="panels", unit=everything, breaks=breaks
    ),
    charts.counts_by_category(
        pd.DataFrame({"category": few, "count": range(len(few))}), name="counts"
    ),
]:
    chapter.show(chart, **words, **more)
small = charts.shares(shares, name="small_chart", unit="%")
chapter.keep_small(
    small, headline="{everything}", subtitle="{everything}", alt="{everything}"
)
"""
PROSE = "\n\n".join(
    [
        "# Made\n\nThe borough is {glue:text}`borough`, with {glue:text}`total` offences.",
        *(f"Text: {{glue:text}}`text_{number}`." for number in range(len(hostile.HOSTILE))),
        "| A cell |\n|---|\n| {glue:text}`everything` |",
        "```{glue:} small_chart\n```",
    ]
)
MADE_PAGES = [
    *("data_sources", "revisions", "priority_1"),
    *("foreword", "how_we_will_deliver", "methods"),
]
# Those that `CHARTS` shows, and the one kept for the prose.
PLANTED_CHARTS = CHARTS.count("    charts.") + 1
PAGES = ["notebooks/summary", *(f"book/{name}" for name in MADE_PAGES)]
# Of pages that count much, only what shows tables that hold text.
WITH_TEXT = {"priority_1": "outcomes", "revisions": "releases_by_edition|corrections"}
OPENING = """
from safer_communities.chapter import open_chapter
chapter = open_chapter({name!r})
"""
# What a page holds beside its cells: the methods page words its examples itself.
EXAMPLE = re.compile(r"^\*\*Worked example\.\*\* .*?(?=^#|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Made:
    """A built book and the texts that stand in it."""

    html: Path
    texts: tuple[str, ...]

    @property
    def everything(self) -> str:
        return " ".join(self.texts)

    def page(self, name: str) -> BeautifulSoup:
        return parsed(self.html / f"{name}.html")

    def download(self, name: str) -> str:
        return (self.html / "downloads" / name).read_text(encoding="utf-8-sig")


@cache
def parsed(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


def made_page(name: str, prelude: str) -> str:
    """A page of text with the code of the page `name`, and its examples, behind `prelude`."""
    parts = [
        "---\nfile_format: mystnb\nmystnb: {remove_code_source: true}\nnot_from_data: all\n---"
    ]
    parts += ["# Made", "## Parts", f"```{{code-cell}}\n{prelude}\n```"]
    page = text_notebook((ROOT / "book" / f"{name}.md").read_text(encoding="utf-8"))
    wanted = WITH_TEXT.get(name)
    sources = [OPENING.format(name=name)] if wanted else []
    sources += [
        cell.source
        for cell in page.cells
        if cell.cell_type == "code" and re.search(wanted or "", cell.source)
    ]
    parts += [f"```{{code-cell}}\n{source}\n```" for source in sources]
    for cell in page.cells:
        parts += EXAMPLE.findall(cell.source) if cell.cell_type == "markdown" else []
    return "\n\n".join(parts) + "\n"


def make(folder: Path, texts: tuple[str, ...]) -> Made:
    """The book built of tables that hold `texts`."""
    root = folder / "project"
    (root / "notebooks").mkdir(parents=True)
    (root / "book").mkdir()
    (root / "_config.yml").write_bytes((ROOT / "_config.yml").read_bytes())
    chapters = "".join(f"- file: {name}\n" for name in PAGES[1:])
    (root / "_toc.yml").write_text(f"format: jb-book\nroot: {PAGES[0]}\nchapters:\n{chapters}")
    (root / "requirements.lock").write_text("made==1\n")
    static = root / "book" / "_static"
    static.mkdir()
    for file in (ROOT / "book" / "_static").iterdir():
        (static / file.name).write_bytes(file.read_bytes())
    text = " ".join(texts)
    page_prelude = PAGE_PRELUDE.format(tests=str(ROOT / "tests"), text=text, root=str(root))
    for name in MADE_PAGES:
        (root / "book" / f"{name}.md").write_text(made_page(name, page_prelude))
    prelude = PRELUDE.format(tests=str(ROOT / "tests"), texts=list(texts))
    cells = [nbformat.v4.new_markdown_cell(PROSE)]
    cells += [nbformat.v4.new_code_cell(code) for code in (prelude + STATE, TABLE, CHARTS)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    # The code holds the text too: what a page shows of it is not what is looked at here.
    for cell in cells[1:]:
        cell.metadata["tags"] = ["remove-input"]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), root / "notebooks" / "summary.ipynb")

    package = yaml.safe_load((DATA / "datapackage.yaml").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        for key in ("title", "description", "publisher", "attribution"):
            resource[key] += f" {text}"
        resource["sources"][0]["title"] += f" {text}"
        resource["sources"][0]["path"] = f"https://example.org/{'n' * 9}" + (
            '> onclick=x "<b>planted</b>) ' if texts is hostile.HOSTILE else ""
        )
        resource["licenses"][0] = {"title": text, "path": "javascript:alert(1)"}
    (root / "datapackage.yaml").write_text(yaml.safe_dump(package), encoding="utf-8")

    with pytest.MonkeyPatch.context() as patched:
        # Put back at the end.
        patched.setattr(load, "table", load.table)
        patched.setattr(kept, "KEPT", kept.KEPT)
        borough = hostile.spoil(text)
        page = build.build_book(
            Settings(borough), output=folder / "_build" / "html", root=root, jobs=1
        )
    kept.forget()
    return Made(page.parent, texts)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("planted"), hostile.HOSTILE)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("plain"), hostile.PLAIN)


def shown(text: str) -> str:
    """Text as a page has it: one space between words, and Sphinx's typographic marks made plain."""
    for typographic, typed in (("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'"), ("—", "---")):
        text = text.replace(typographic, typed)
    return " ".join(text.replace("–", "--").split())


def texts_of(page: BeautifulSoup, selector: str) -> list[str]:
    return [shown(tag.get_text()) for tag in page.select(selector)]


def skeleton(page: BeautifulSoup) -> list[tuple]:
    """The elements of a page in order, each with its attributes; without what only text decides.

    Which column a caption names is such a thing: `data-main` marks its heading. So is whether names
    repeat: `data-two-names` marks their table.
    """
    decided = {"data-main", "data-two-names"}
    free = {"alt", "aria-label", "content", "data-heading", "href", "id", "title", "height"}
    return [
        (
            tag.name,
            len(list(tag.parents)),
            sorted((k, str(v)) for k, v in tag.attrs.items() if k not in free | decided),
            sorted(free & tag.attrs.keys()),
        )
        for tag in page.find_all(True)
        if tag.name not in ("title", "source")
    ]


def policy(page: BeautifulSoup) -> str:
    return page.select_one("meta[http-equiv=Content-Security-Policy]")["content"]


every_page = pytest.mark.parametrize("name", PAGES)


@every_page
def test_a_page_has_the_elements_that_harmless_text_gives(
    planted: Made, plain: Made, name: str
) -> None:
    assert skeleton(planted.page(name)) == skeleton(plain.page(name))


@every_page
def test_the_policy_is_as_strict_and_allows_no_other_script(
    planted: Made, plain: Made, name: str
) -> None:
    assert policy(planted.page(name)) == policy(plain.page(name))
    running = "script:not([src], [type='application/json'])"
    scripts = [script.string for script in planted.page(name).select(running)]
    assert scripts == [script.string for script in plain.page(name).select(running)]
    # What a chart says of its marks is data, which no browser runs.
    for data in planted.page(name).select("script[type='application/json']"):
        assert json.loads(data.string)


@every_page
def test_no_link_leads_to_a_script(planted: Made, name: str) -> None:
    links = [tag["href"] for tag in planted.page(name).select("[href]")]
    assert links
    assert [link for link in links if re.match(r"\s*(javascript|data|vbscript):", link)] == []


def test_a_pages_prose_holds_the_words_as_they_are(planted: Made) -> None:
    page = planted.page("notebooks/summary")
    pasted = texts_of(page, ".pasted-text")
    assert pasted[0] == f"{hostile.BOROUGH} {shown(planted.everything)}"
    assert pasted[1] == "27,826"
    assert pasted[2 : 2 + len(planted.texts)] == [shown(text) for text in planted.texts]
    assert pasted[-1] == shown(planted.everything)


def test_a_table_and_what_a_cell_printed_hold_the_words_as_they_are(planted: Made) -> None:
    page = planted.page("notebooks/summary")
    table = page.select_one("#summary_texts table")
    assert [cell.get_text() for cell in table.select("tbody th")] == list(planted.texts)
    assert table.caption.get_text() == planted.everything
    assert planted.everything in table.thead.get_text()
    assert planted.everything in page.select_one(".table-note").get_text()
    assert any(planted.everything in pre.get_text() for pre in page.select("pre"))


def test_every_chart_says_the_words_in_its_alternative(planted: Made) -> None:
    charts = planted.page("notebooks/summary").select("img.chart")
    assert len(charts) == PLANTED_CHARTS
    assert {chart["alt"] for chart in charts} == {planted.everything}
    figures = planted.page("notebooks/summary").select("figure.exhibit")
    assert all(planted.everything in figure.get_text() for figure in figures)


@pytest.mark.parametrize(
    ("name", "selector", "table", "column"),
    [
        ("book/foreword", "tbody td", "actions", "found"),
        ("book/how_we_will_deliver", "tbody td", "actions", "found"),
        ("book/priority_1", "tbody th", "outcomes", "summary"),
        ("book/revisions", "tbody th", "editions", "label"),
        ("book/revisions", "tbody td", "editions", "note"),
    ],
)
def test_a_generated_table_holds_the_words_as_they_are(
    planted: Made, name: str, selector: str, table: str, column: str
) -> None:
    rows = load.table(table)
    if name == "book/priority_1":
        rows = rows[rows["priority"] == 1]
    if table == "actions":
        rows = rows[(rows["part"] == "Foreword") == (name == "book/foreword")]
    cells = [tag.get_text() for tag in planted.page(name).select(selector)]
    for text in rows[column][rows[column] != ""]:
        assert f"{text} {planted.everything}" in cells


def test_the_sources_are_named_in_the_words_of_the_table(planted: Made) -> None:
    article = planted.page("book/data_sources").article
    package = yaml.safe_load((DATA / "datapackage.yaml").read_text(encoding="utf-8"))
    text = shown(article.get_text())
    for resource in package["resources"]:
        for words in (resource["title"], resource["publisher"], resource["attribution"]):
            assert shown(f"{words} {planted.everything}") in text
    hosts = {tag["href"].split("/")[2] for tag in article.select("a[href^=http]")}
    assert hosts == {"example.org"}


def test_the_worked_examples_name_places_and_questions_as_they_are(planted: Made) -> None:
    text = shown(planted.page("book/methods").article.get_text())
    assert f"Recorded offences in {hostile.BOROUGH} {shown(planted.everything)}" in text
    label = load.table("comparisons")["label"].iloc[0]
    assert f"{label} {shown(planted.everything)}" in text


@pytest.mark.parametrize("screen", ["light", "narrow"])
def test_in_a_browser_nothing_runs_and_nothing_is_asked_for(
    planted: Made, browser: Browser, screen: str
) -> None:
    width, height = SCREENS[screen]
    context = browser.new_context(viewport={"width": width, "height": height})
    said: list[str] = []
    with served(planted.html) as address:
        visitor = Visitor(context, address)
        visitor.page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        for name in PAGES:
            page = visitor.open(f"{name}.html")
            # Neither a script of the text's own nor one that the policy had to stop.
            assert (name, visitor.errors, visitor.asked_elsewhere()) == (name, [], [])
            assert not [url for url in visitor.requests if "planted" in url]
            assert page.title().startswith("Made")
            assert visitor.problems() == []
        page = visitor.open("search.html?q=script")
        page.wait_for_selector("#search-results li .highlighted")
        assert page.locator("#search-results :is(script, b, img, svg)").count() == 0
        assert visitor.errors == []
    context.close()
    assert said == []


def drawings(made: Made) -> dict[str, ET.Element]:
    paths = sorted((made.html / "downloads").glob("*.svg"))
    return {path.name: ET.fromstring(path.read_text(encoding="utf-8")) for path in paths}


def local(name: str) -> str:
    return name.split("}")[-1]


def test_a_drawing_holds_the_words_and_nothing_that_runs(planted: Made, plain: Made) -> None:
    found = drawings(planted)
    planted_ones = [name for name in found if name.startswith("summary_")]
    wide = [name for name in planted_ones if not name.endswith(("_narrow.svg", "_whole.svg"))]
    assert len(wide) == PLANTED_CHARTS
    allowed = {local(e.tag) for drawing in drawings(plain).values() for e in drawing.iter()}
    assert "script" not in allowed
    for name, drawing in found.items():
        assert {local(element.tag) for element in drawing.iter()} <= allowed, name
        attributes = {local(key) for element in drawing.iter() for key in element.attrib}
        assert not [key for key in attributes if key.lower().startswith("on")], name
        links = [v for e in drawing.iter() for k, v in e.attrib.items() if local(k) == "href"]
        assert all(link.startswith("#") for link in links), name
        if name.startswith("summary_"):
            assert any("<script>" in (element.text or "") for element in drawing.iter()), name


def cells(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


def test_no_cell_of_a_download_begins_like_a_formula(planted: Made) -> None:
    paths = sorted((planted.html / "downloads").glob("*.csv"))
    assert len(paths) >= 15
    held = 0
    for path in paths:
        for cell in cells(path.read_text(encoding="utf-8-sig")):
            number = re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", cell)
            assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (path, cell)
            held += "<script>" in cell
    assert held > 50


def test_a_downloads_cells_are_the_words(planted: Made) -> None:
    (rows,) = [list(csv.DictReader(io.StringIO(planted.download("summary_texts.csv"))))]
    assert [row["words"].removeprefix("'") for row in rows] == [
        text.removeprefix("'") for text in planted.texts
    ]
    every = json.loads(planted.download("indicators.json"))
    facts = [fact for fact in every if fact["chapter"] == "summary"]
    assert facts
    assert {fact["label"] for fact in facts} == {planted.everything}
    assert {fact["note"] for fact in facts} == {planted.everything}


def test_the_spreadsheet_holds_text_and_no_formula_or_link(planted: Made) -> None:
    path = planted.html / "downloads" / "safer_communities.xlsx"
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        sheets = [archive.read(name).decode() for name in names if "worksheets/sheet" in name]
        links = [archive.read(name).decode() for name in names if name.endswith(".rels")]
    assert len(sheets) >= 5
    assert not any("<f>" in sheet or "<f " in sheet for sheet in sheets)
    assert not any("planted" in link or "javascript" in link for link in links)
    book = pd.read_excel(path, sheet_name="Summary Texts", header=None, engine="calamine")
    found = {squeezed(str(cell)) for cell in book[0]}
    assert {squeezed(text) for text in planted.texts} <= found


def squeezed(text: str) -> str:
    """Text without spaces, and without the apostrophe that keeps a formula from running."""
    return "".join(text.split()).removeprefix("'")


def test_markdown_of_any_text_is_that_text() -> None:
    for text in (*hostile.HOSTILE, hostile.EVERYTHING, "1. no list", "- no list", "    no code"):
        page = BeautifulSoup(MarkdownIt().render(escaped(text)), "lxml")
        assert page.get_text().strip() == " ".join(text.split())
        assert [tag.name for tag in page.body.find_all(True)] == ["p"]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40))
def test_markdown_of_made_up_text_is_that_text(text: str) -> None:
    page = BeautifulSoup(MarkdownIt().render(f"Text: {escaped(text)}."), "html.parser")
    assert page.get_text().strip() == f"Text: {' '.join(text.split())}."
    assert [tag.name for tag in page.find_all(True)] == ["p"]


def test_an_address_leads_to_a_page_of_the_web_or_nowhere() -> None:
    assert link("a]b", "https://example.org/a b)>") == "[a\\]b](<https://example.org/a%20b%29%3E>)"
    for address in (
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "//x.org",
        "https://",
        "http://[",
    ):
        assert link("words", address) == "words"


HIDDEN = {
    "override": "Barnet \u202eVale",
    "isolate": "Barnet \u2066Vale",
    "mark": "Barnet Vale\u200f",
    "no width": "Barnet\u200bVale",
    "line": "Barnet\nVale",
    "paragraph": "Barnet\u2029Vale",
    "escape": "Barnet \x1b[2JVale",
    "no-break space": "Barnet\xa0Vale",
}


@pytest.mark.parametrize("case", HIDDEN)
def test_marks_that_cannot_be_seen_enter_no_table(case: str) -> None:
    wards = load.table("ward_population").copy()
    wards.loc[3, "ward_name"] = HIDDEN[case]
    with pytest.raises(InputError, match=r"row 5, column ward_name: .*cannot be seen"):
        load.check(schemas.TABLES["ward_population"], wards, "wards.csv", first_row=2)


def test_every_column_of_text_refuses_them() -> None:
    open_columns = [
        f"{table}.{name}"
        for table, described in schemas.TABLES.items()
        for name, column in described.schema.columns.items()
        if column.metadata["type"] == "string"
        and not any(_refuses(check, "a\u202eb") for check in column.checks)
    ]
    assert open_columns == []


def _refuses(check: object, text: str) -> bool:
    return not bool(pd.Series(check(pd.Series([text])).check_passed).all())
