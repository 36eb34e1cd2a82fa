"""The built book, read as a browser would: pages, words, pictures, links and downloads."""

import csv
import itertools
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from pages_of_book import PAGES_OF_TEMPLATES, built_page, pages_in_contents
from reading_age import reading_age, sentences, words
from safer_communities.chapter.templates import PAGES as TEMPLATES
from safer_communities.chapter.templates import pages_of_template
from safer_communities.facts.fact import COLUMNS

CLAIM_COLUMNS = ["id", "chapter", "claim", "published", "unit", "computed", "verdict", "reason"]
VERDICTS = {
    "reproduced",
    "within rounding",
    "within revision",
    "consistent",
    "cannot tell",
    "not checkable",
    "inconsistent",
    "wrong",
}
# Pages that Sphinx makes and the table of contents does not list.
# Stands in no contents: every page leads to it.
BRIEFING = "book/briefing.html"
MADE_BY_SPHINX = {"index.html", "genindex.html", "search.html"}


PAGES = pages_in_contents()
CHAPTERS = [page for page in PAGES if page.startswith("notebooks/")]
# Chapters that list and compare what others draw.
LISTS = {"notebooks/offences.html", "notebooks/compare.html"}
# Chapters whose figures begin after the strategy's year: they say from when there are any.
BEGIN_LATER = {"notebooks/england_and_wales.html"}
DRAWN = [page for page in CHAPTERS if page not in LISTS | BEGIN_LATER]
# What stands there for a reader's choice, and is filled in by it, is hidden until then.
SHOWN = ":not([hidden], [hidden] *)"


@cache
def parsed(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


def article(site: Path, page: str) -> BeautifulSoup:
    return parsed(site / page).select_one("article")


def downloaded(site: Path, name: str) -> list[dict[str, str]]:
    with (site / "downloads" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def has_anchor(page: Path, fragment: str) -> bool:
    return not fragment or parsed(page.resolve()).find(id=unquote(fragment)) is not None


def test_the_book_has_all_its_pages(site: Path) -> None:
    assert len(PAGES) >= 25
    assert [page for page in PAGES if not (site / page).is_file()] == []


def test_no_page_is_left_out_of_the_contents(site: Path) -> None:
    built = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    made = {
        f"notebooks/{template}_{page.key}.html"
        for template in TEMPLATES
        for page in pages_of_template(template)
    }
    found = built - MADE_BY_SPHINX - {p for p in built if p.startswith("_")}
    assert found == {*PAGES, BRIEFING} | made


def test_the_first_page_leads_to_the_summary(site: Path) -> None:
    first = parsed(site / "index.html")
    assert first.html["lang"] == "en-GB"
    assert first.select_one("a")["href"] == PAGES[0]
    assert f"url={PAGES[0]}" in first.select_one("meta[http-equiv=refresh]")["content"]


@pytest.mark.parametrize("page", PAGES + PAGES_OF_TEMPLATES, indirect=True)
class TestPage:
    def test_has_one_title_and_a_language(self, site: Path, page: str) -> None:
        html = parsed(site / page).html
        assert html["lang"].startswith("en")
        assert len(article(site, page).select("h1")) == 1

    def test_headings_skip_no_level(self, site: Path, page: str) -> None:
        levels = [int(tag.name[1]) for tag in article(site, page).select("h1, h2, h3, h4, h5, h6")]
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))

    def test_shows_no_trace_of_an_error(self, site: Path, page: str) -> None:
        strings = article(site, page).find_all(string=True)
        text = "".join(each for each in strings if not each.find_parent(class_="cell_input"))
        for trace in ("Traceback", "{glue", "{term", "{ref", "nan", "None", "code-cell", "inf%"):
            assert not re.search(rf"(?<![A-Za-z]){re.escape(trace)}(?![A-Za-z]| of the )", text), (
                trace
            )

    def test_every_picture_says_what_it_shows(self, site: Path, page: str) -> None:
        for image in article(site, page).select("img"):
            alt = image.get("alt", "")
            assert len(alt.split()) >= 8, image["src"]
            assert not alt.endswith((".svg", ".png"))

    def test_every_table_has_a_caption_and_headers(self, site: Path, page: str) -> None:
        for table in article(site, page).select(f"table{SHOWN}"):
            assert table.caption.get_text(strip=True)
            assert table.select("thead th")
            assert len(table.select("tbody tr")) >= 1
            if table.find_parent(class_="table-scroll"):
                assert all(th.get("scope") in {"col", "row"} for th in table.select("th"))

    def test_tables_have_no_numbers(self, site: Path, page: str) -> None:
        # Sphinx would number the few that it makes itself, and leave out all others.
        numbered = [caption.get_text() for caption in article(site, page).select(".caption-number")]
        assert numbered == []

    def test_every_link_inside_the_site_leads_somewhere(self, site: Path, page: str) -> None:
        dead = []
        for tag in parsed(site / page).select("[href], [src], [srcset]"):
            for name in ("href", "src", "srcset"):
                address = urlsplit(tag.get(name) or "")
                if address.scheme or address.netloc or not (address.path or address.fragment):
                    continue
                target = (site / page).parent / unquote(address.path)
                if not address.path:
                    target = site / page
                if not target.exists() or (
                    target.suffix == ".html" and not has_anchor(target, address.fragment)
                ):
                    dead.append(tag[name])
        assert dead == []

    def test_asks_no_other_site(self, site: Path, page: str) -> None:
        loaded = [
            tag.get("src") or tag.get("href")
            for tag in parsed(site / page).select("script[src], img[src], link[rel=stylesheet]")
        ]
        assert [address for address in loaded if urlsplit(address).netloc] == []


@pytest.mark.parametrize("page", CHAPTERS + PAGES_OF_TEMPLATES, indirect=True)
class TestChapter:
    def test_begins_with_its_message(self, site: Path, page: str) -> None:
        # Where a reader may need help at once, that stands above the message.
        above = "#where-to-get-help > " if "girls" in page else ""
        message = article(site, page).select_one(f"h1 ~ {above}.message")
        assert len(message.get_text().split()) >= 8

    def test_has_a_chart_with_words_and_a_table(self, site: Path, page: str) -> None:
        charts = article(site, page).select("figure.exhibit")
        assert bool(charts) == (page not in LISTS | BEGIN_LATER)
        for chart in charts:
            # The headline of a small chart is the heading that it stands below.
            if "small-chart" in chart["class"]:
                assert chart.find_parent("section").h3.get_text(strip=True)
            else:
                assert chart.select_one(".exhibit-headline").get_text(strip=True)
            for part in (".exhibit-subtitle", ".exhibit-source"):
                assert chart.select_one(part).get_text(strip=True)
            assert "Source:" in chart.select_one(".exhibit-source").get_text()
        assert article(site, page).select("table") or page in BEGIN_LATER

    def test_code_is_hidden_behind_a_toggle(self, site: Path, page: str) -> None:
        for cell in article(site, page).select("div.cell_input"):
            assert cell.find_parent("details") is not None


@pytest.mark.parametrize("page", DRAWN + PAGES_OF_TEMPLATES, indirect=True)
def test_words_in_the_page_equal_the_facts(site: Path, page: str) -> None:
    """Every fact is printed from `indicators.csv`: no fact may be missing from it."""
    name = Path(page).stem
    facts = [row for row in downloaded(site, "indicators.csv") if row["chapter"] == name]
    assert facts
    message = article(site, page).select_one(".message").get_text()
    # How wide intervals are is no fact of a chapter.
    message = message.replace("(95% interval ", "(")
    printed = {number.rstrip(".,") for number in re.findall(r"\d[\d,]*\.?\d*", message)}
    values = set()
    for row in facts:
        value = abs(float(row["value"]))
        values |= {f"{value + 1e-9:,.{places}f}" for places in range(4)}
    told = ("period", "area", "unit", "label")
    named = " ".join(row[column] for row in facts for column in told)
    # A chart of years calls the 12 months to March 2022 by their short name, 2021/22; the year to
    # July 2022 begins in 2021.
    ends = {int(year) for year in re.findall(r"12 months to \w+ (\d+)", named)}
    named += "".join(f" {year - 1}/{year % 100:02} {year - 1}" for year in ends)
    allowed = values | set(re.findall(r"\d[\d,]*", named)) | {"32", "1,000"}
    assert printed <= allowed


@pytest.mark.parametrize(
    "page",
    [
        "notebooks/summary.html",
        "book/plain_words.html",
        *(page for page in PAGES_OF_TEMPLATES if "wardmap" not in page),
    ],
    indirect=True,
)
def test_what_most_people_read_is_read_at_the_age_of_twelve(site: Path, page: str) -> None:
    paragraphs = article(site, page).select(".message p, section > p, section > ul p")
    text = " ".join(
        " ".join(
            child if isinstance(child, str) else child.get_text()
            for child in paragraph.children
            # A link to a chapter stands after the last sentence.
            if not (getattr(child, "name", "") == "a" and child["href"].endswith(".html"))
        )
        for paragraph in paragraphs
    )
    assert len(sentences(text)) > 15
    assert reading_age(text) <= 12
    assert [said for said in sentences(text) if len(words(said)) > 25] == []


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_chapter_explains_its_terms(site: Path, page: str) -> None:
    links = article(site, page).select("a[href*='glossary.html#term-']")
    assert links
    # The first use of a term is enough: a page full of the same link helps nobody.
    targets = [link["href"] for link in links]
    assert len(targets) == len(set(targets))


def test_indicators_list_every_fact_once(site: Path) -> None:
    rows = downloaded(site, "indicators.csv")
    assert list(rows[0]) == COLUMNS
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids))
    # Pages of text state facts too.
    stating = {Path(built_page(site, page)).stem for page in [*DRAWN, *PAGES_OF_TEMPLATES]}
    stating |= {"revisions"}
    found = {row["id"].split(".")[0] for row in rows}
    assert stating <= found
    assert {name for name in found if not name.startswith(tuple(f"{t}_" for t in TEMPLATES))} <= {
        Path(page).stem for page in [*PAGES, BRIEFING]
    }
    for row in rows:
        float(row["value"])
        assert row["label"]
        assert row["unit"]
        assert row["period"]
        assert row["source"]


def test_known_totals_come_out(site: Path) -> None:
    value = {row["id"]: float(row["value"]) for row in downloaded(site, "indicators.csv")}
    assert value["crime_levels.change_count"] == 27826
    assert value["crime_levels.change_base"] == 26086
    assert value["mopac_priorities.burglary_long_base"] == 3582
    assert value["summary.change"] == value["crime_levels.change"]
    assert value["crime_levels.change"] == pytest.approx(100 * (27826 / 26086 - 1))


def test_claims_give_a_verdict_on_every_figure(site: Path) -> None:
    rows = downloaded(site, "claims.csv")
    assert list(rows[0]) == CLAIM_COLUMNS
    assert len(rows) > 150
    assert {row["verdict"] for row in rows} <= VERDICTS
    assert all(row["reason"] for row in rows)
    for row in rows:
        for column in ("published", "computed"):
            assert row[column] == "" or float(row[column]) is not None
    fall = next(row for row in rows if row["id"] == "asb_london_change")
    assert float(fall["published"]) == -79
    assert float(fall["computed"]) == pytest.approx(-44.1, abs=0.1)
    assert fall["verdict"] == "wrong"


def test_every_chart_offers_its_data(site: Path) -> None:
    for page in CHAPTERS:
        for exhibit in article(site, page).select(f".exhibit{SHOWN}"):
            links = [link["href"] for link in exhibit.select("a[download]")]
            assert any(link.endswith(".csv") for link in links)
            for link in links:
                assert ((site / page).parent / link).stat().st_size > 20
