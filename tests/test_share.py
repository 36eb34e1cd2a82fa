"""What lets pages be found and shared: descriptions, addresses, site map, feed, dead links."""

import json
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from safer_communities.chapter.book import Book
from safer_communities.chapter.front.dataset import dataset
from safer_communities.chapter.front.imprint import Imprint
from safer_communities.project import ROOT
from safer_communities.publisher import Dates, Publisher, publisher_of
from safer_communities.settings import Settings
from safer_communities.site.finish.content_security_policy import content_security_policy
from safer_communities.site.pages.staging import LANDING_PAGE, add_first_page
from safer_communities.site.share.addresses import announce, config_with_address
from safer_communities.site.share.description import (
    CARD,
    CARD_SIZE,
    FEED,
    add_description,
    describe_first_page,
)

TOP = "https://safer.enfield.example/book/"
LEAD = "Crime in Enfield rose by 6.7%. The police recorded 27,826 offences. London had 92.6."
# A day after all corrections.
OUT = date(2099, 1, 2)
ATOM = "{http://www.w3.org/2005/Atom}"


def test_corrections_are_written_with_a_true_minus() -> None:
    text = (ROOT / "data/reference/corrections.csv").read_text(encoding="utf-8")
    assert not re.findall(r'[ ,("]-\d[^,]*', text)


def finished(body: str, canonical: str = "") -> BeautifulSoup:
    link = f'<link rel="canonical" href="{TOP}{canonical}">' if canonical else ""
    page = BeautifulSoup(
        '<html data-content_root="../"><head><title>Crime levels — Safer Communities book</title>'
        f"{link}</head><body><article><section><h1>Crime levels</h1>{body}</section></article>"
        "</body></html>",
        "html.parser",
    )
    add_description(page)
    return page


def tags(page: BeautifulSoup) -> dict[str, str]:
    return {tag["property"]: tag["content"] for tag in page.select("meta[property]")}


class TestDescription:
    def test_is_the_lead_of_the_page_whatever_stands_before_it(self) -> None:
        line = '<div class="edition-line"><p>2022 edition</p></div>'
        page = finished(f'{line}<div class="message"><p><b>{LEAD[:30]}</b>{LEAD[30:]}</p></div>')
        assert page.select_one("meta[name=description]")["content"] == LEAD
        assert tags(page)["og:description"] == LEAD
        assert tags(page)["og:title"] == "Crime levels"
        assert tags(page)["og:site_name"] == "Safer Communities book"

    def test_is_whole_sentences_and_no_longer_than_is_shown(self) -> None:
        long = "It was " + "so " * 90 + "high."
        assert tags(finished(f"<p>{LEAD} {long} Then</p>"))["og:description"] == LEAD
        assert tags(finished(f"<p>{long} More.</p>"))["og:description"] == long

    def test_a_page_that_does_not_know_its_address_names_none(self) -> None:
        page = finished(f"<p>{LEAD}</p>")
        assert {"og:url", "og:image"}.isdisjoint(tags(page))
        assert page.select("link") == []

    def test_one_that_does_has_it_absolute_and_the_feed(self) -> None:
        page = finished(f"<p>{LEAD}</p>", "notebooks/crime_levels.html")
        assert tags(page)["og:url"] == f"{TOP}notebooks/crime_levels.html"
        assert "og:image" not in tags(page)
        assert page.select_one("link[rel=alternate]")["href"] == f"{TOP}{FEED}"

    def test_the_landing_page_and_the_first_one_share_the_picture(self, tmp_path: Path) -> None:
        add_first_page(tmp_path)
        (tmp_path / LANDING_PAGE).parent.mkdir()
        (tmp_path / LANDING_PAGE).write_text(str(finished(f"<p>{LEAD}</p>", LANDING_PAGE)))
        describe_first_page(tmp_path)
        first = BeautifulSoup((tmp_path / "index.html").read_text(), "html.parser")
        assert tags(first)["og:image"] == f"{TOP}{CARD}"
        assert tags(first)["og:description"] == LEAD
        canonical = [link["href"] for link in first.select("link[rel=canonical]")]
        assert canonical == [f"{TOP}{LANDING_PAGE}"]


def test_only_a_site_with_an_address_tells_sphinx() -> None:
    config = (ROOT / "_config.yml").read_text(encoding="utf-8")
    assert config_with_address(config, "") == config
    assert f"baseurl: {TOP}" in config_with_address(config, TOP)


def books(address: str) -> list[Book]:
    """The strategy's edition and one after it, of a publisher with that address."""
    made = []
    for year in (2022, 2024):
        book = Book(Settings("Enfield", year))
        dates = {2022: Dates(published_on=OUT), 2024: Dates(published_on=OUT)}
        publisher = Publisher("Enfield Council", address=address, editions=dates)
        book.__dict__["imprint"] = Imprint(publisher, book.edition, 2024)
        made.append(book)
    return made


def laid_out(site: Path) -> Path:
    """A site of two editions; the older has a page that the newest lacks."""
    for year, names in {2022: ("old", "summary"), 2024: ("summary",)}.items():
        folder = site / str(year) / "notebooks"
        folder.mkdir(parents=True)
        for name in names:
            page = finished(f"<p>{LEAD}</p>", f"notebooks/{name}.html")
            (folder / f"{name}.html").write_text(str(page), encoding="utf-8")
        for name in ("index.html", "search.html"):
            (site / str(year) / name).write_text("no page to find")
    return site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = laid_out(tmp_path_factory.mktemp("site"))
    announce(folder, books(TOP))
    return folder


class TestSiteWithAnAddress:
    def test_maps_each_page_once_at_its_newest_edition(self, site: Path) -> None:
        root = ElementTree.parse(site / "sitemap.xml").getroot()
        assert [each[0].text for each in root] == [
            f"{TOP}{LANDING_PAGE}",
            f"{TOP}2022/notebooks/old.html",
        ]
        assert {each[1].text for each in root} == {"2099-01-02"}

    def test_the_canonical_address_is_one_that_is_there(self, site: Path) -> None:
        for name, place in {"summary": "", "old": "2022/"}.items():
            text = (site / "2022" / "notebooks" / f"{name}.html").read_text(encoding="utf-8")
            page = BeautifulSoup(text, "html.parser")
            address = f"{TOP}{place}notebooks/{name}.html"
            assert page.select_one("link[rel=canonical]")["href"] == address
            assert tags(page)["og:url"] == address
            assert page.select_one("link[rel=alternate]")["href"] == f"{TOP}{FEED}"

    def test_the_feed_has_editions_and_their_corrections(self, site: Path) -> None:
        feed = ElementTree.parse(site / FEED).getroot()
        titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
        assert titles[:2] == [
            f"The {year} edition: crime and safety in Enfield" for year in (2024, 2022)
        ]
        assert set(titles[2:]) == {f"Corrections to the {year} edition" for year in (2022, 2024)}
        names = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
        assert len(set(names)) == len(names)
        assert feed.findtext(f"{ATOM}updated") == "2099-01-02T00:00:00Z"

    def test_each_edition_shares_its_own_picture(self, site: Path) -> None:
        for year, place in {2022: "2022/", 2024: ""}.items():
            text = (site / str(year) / LANDING_PAGE).read_text(encoding="utf-8")
            assert tags(BeautifulSoup(text, "html.parser"))["og:image"] == f"{TOP}{place}{CARD}"
        assert (site / CARD).read_bytes() != (site / "2022" / CARD).read_bytes()

    def test_the_picture_is_small_and_as_large_as_the_page_says(self, site: Path) -> None:
        assert (site / CARD).stat().st_size < 40_000
        with Image.open(site / CARD) as picture:
            assert picture.size == CARD_SIZE

    def test_its_page_for_dead_links_leads_back_from_any_depth(self, site: Path) -> None:
        page = BeautifulSoup((site / "404.html").read_text(encoding="utf-8"), "html.parser")
        links = [link["href"] for link in page.select("[href], [src]")]
        assert links == [f"{TOP}{LANDING_PAGE}", f"{TOP}search.html"]


def test_a_site_without_an_address_has_the_page_for_dead_links_alone(tmp_path: Path) -> None:
    before = set(laid_out(tmp_path).rglob("*"))
    announce(tmp_path, books(""))
    assert set(tmp_path.rglob("*")) - before == {tmp_path / "404.html"}
    page = (tmp_path / "404.html").read_text(encoding="utf-8")
    assert "href" not in page
    assert "call 999" in page


class TestDataset:
    def test_tells_machines_what_the_downloads_are(self) -> None:
        book = Book(Settings("Enfield", 2024))
        script = BeautifulSoup(dataset(book).data, "html.parser").script
        described = json.loads(script.string)
        assert described["@type"] == "Dataset"
        assert described["temporalCoverage"] == "2010-04/2024-03"
        assert described["license"].startswith("https://www.nationalarchives.gov.uk/")
        assert described["publisher"]["name"] == book.imprint.publisher.publisher
        assert len(described["description"]) > 50
        files = [each["contentUrl"] for each in described["distribution"]]
        assert all(address.startswith("../downloads/") for address in files)

    def test_needs_no_exception_from_the_policy(self) -> None:
        html = '<script type="application/ld+json">{"a": 1}</script>'
        assert "sha256" not in content_security_policy(BeautifulSoup(html, "html.parser"))


def test_an_address_ends_with_a_slash_however_it_was_typed(tmp_path: Path) -> None:
    path = tmp_path / "publisher.yml"
    for typed in (TOP, TOP[:-1]):
        path.write_text(f"publisher: Enfield Council\naddress: {typed}\n", encoding="utf-8")
        assert publisher_of("Enfield", path) == Publisher(
            "Enfield Council", address=TOP, editions={}
        )
