"""The book as one PDF, and the briefing: what they hold, tell a screen reader, and lead to."""

import itertools
import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdf
import pytest
from bs4 import BeautifulSoup
from pypdf.generic import Destination

from another_book import ANOTHER_BOROUGH
from safer_communities.errors import InputError
from safer_communities.settings import DEFAULT_EDITION, Settings
from safer_communities.site.pages.staging import LANDING_PAGE
from safer_communities.site.run.build_cache import BuildCache
from safer_communities.site.take_away import paper
from safer_communities.site.take_away.bound_book import Chapter, Cover, bound, chapters_of
from safer_communities.site.take_away.pdf import (
    OLDEST_VERSION,
    first_pages,
    write_briefing,
    write_pdf,
)

COVER = Cover(
    borough="Barnet",
    edition=2022,
    period="12 months to March 2022",
    publisher="A publisher",
    published="27 November 2026",
    day="2026-11-27",
)


# A short book that has of everything: charts, long tables, and two annexes.
FEW = ("summary", "crime_levels", "apprehending_offenders", "crime_rankings")
FEW_ANNEXES = ("checking_the_strategy", "methods")


@pytest.fixture(scope="module", params=["short", pytest.param("whole", marks=pytest.mark.long)])
def book(
    request: pytest.FixtureRequest, site: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of the built book, or of one whose contents list a few of its chapters."""
    if request.param == "whole":
        return site
    folder = tmp_path_factory.mktemp("short") / "html"
    other = shutil.ignore_patterns("*.csv", "*.json", "*.xlsx", "*.ipynb", "offence_*", "ward*_*")
    shutil.copytree(site, folder, ignore=other)
    first = folder / LANDING_PAGE
    page = BeautifulSoup(first.read_text(encoding="utf-8"), "lxml")
    for link in page.select("nav.bd-docs-nav a.internal"):
        if link["href"] != "#" and Path(link["href"]).stem not in FEW + FEW_ANNEXES:
            link.decompose()
    first.write_text(str(page), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def pdf(book: Path, browser_program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "book.pdf"
    pages = write_pdf(book, COVER, path, first_page=LANDING_PAGE)
    assert pages > (60 if "short" not in book.parent.name else 10)
    return path


@pytest.fixture(scope="module")
def chapters(book: Path) -> list[Chapter]:
    found = chapters_of(book, LANDING_PAGE)
    assert len(found) == len(FEW + FEW_ANNEXES) or len(found) > 30
    return found


@pytest.fixture(scope="module")
def words(pdf: Path) -> list[str]:
    """The words of each page."""
    # The foot of a page has the publisher beside its number, in one line.
    found = [page.extract_text() for page in pypdf.PdfReader(pdf).pages]
    assert all(COVER.imprint in text for text in found)
    return [text.replace(COVER.imprint, "") for text in found]


@pytest.fixture(scope="module")
def elements(pdf: Path) -> Iterator[list[pikepdf.Dictionary]]:
    """What the PDF tells a screen reader: every element of its structure."""
    with pikepdf.open(pdf) as document:
        found, waiting = [], [document.Root.StructTreeRoot]
        while waiting:
            element = waiting.pop()
            if isinstance(element, pikepdf.Array):
                waiting += list(element)
            elif isinstance(element, pikepdf.Dictionary):
                if "/S" in element:
                    found.append(element)
                if "/K" in element:
                    waiting.append(element.K)
        yield found


def article(site: Path, chapter: Chapter) -> BeautifulSoup:
    return BeautifulSoup((site / chapter.path).read_text(encoding="utf-8"), "lxml").article


@pytest.fixture
def html(tmp_path: Path) -> Path:
    """A site of three pages made here, which link to each other, to a file and elsewhere."""
    menu = (
        '<nav class="bd-docs-nav"><a class="internal" href="#">First</a>'
        '<p class="caption">Part</p><a class="internal" href="../book/two.html">Two</a>'
        '<a class="internal" href="compare.html">Compare</a>'
        '<p class="caption">Checking</p><a class="internal" href="../book/three.html">Three</a>'
        "</nav>"
    )
    for name, text in {
        "notebooks/one.html": f"""{menu}<article class="bd-article"><section id="same">
            <h1>First<a class="headerlink" href="#same">#</a></h1>
            <p><a href="../book/two.html#same">there</a> <a href="../book/two.html">page</a>
            <a href="#same">here</a> <a href="../downloads/x.csv">file</a>
            <a href="https://example.org/">elsewhere</a></p>
            <details><summary>Code</summary></details></section></article>
            <p class="footer-licence">Licensed</p>""",
        "book/two.html": """<article class="bd-article"><section id="same"><h1>Two</h1>
            <img src="../downloads/x.svg" alt="A picture of two things"></section></article>""",
        "book/three.html": """<article class="bd-article"><section><h1>Three</h1>
            <div class="cell"><div class="cell_output"></div></div>
            <details class="folded"><summary>Show</summary><p>Folded</p></details>
            </section></article>""",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


class TestBinding:
    """One document of two pages."""

    @pytest.fixture
    def page(self, html: Path) -> BeautifulSoup:
        chapters = chapters_of(html, "notebooks/one.html")
        assert [(c.key, c.title, c.part) for c in chapters] == [
            ("one", "First", ""),
            ("two", "Two", "Part"),
            ("three", "Annex A: Three", "Annexes"),
        ]
        pages = {"one": 3, "two": 7, "three": 8}
        return BeautifulSoup(bound(html, COVER, chapters, pages), "lxml")

    def test_leads_links_to_where_they_are_now(self, page: BeautifulSoup) -> None:
        links = {link.get_text(): link["href"] for link in page.select("article a")}
        assert links == {
            "there": "#two-same",
            "page": "#two",
            "here": "#one-same",
            "elsewhere": "https://example.org/",
        }
        assert "file" in page.article.get_text()

    def test_keeps_ids_unique_and_finds_each(self, page: BeautifulSoup) -> None:
        ids = [tag["id"] for tag in page.select("[id]")]
        assert len(ids) == len(set(ids))
        wanted = {link["href"][1:] for link in page.select("a[href^='#']")}
        assert wanted <= set(ids)

    def test_leaves_out_what_serves_a_screen(self, page: BeautifulSoup) -> None:
        assert page.select(".headerlink, details, .cell") == []

    def test_prints_what_is_folded_and_names_the_annexes(self, page: BeautifulSoup) -> None:
        annex = page.select("article")[-1].get_text(" ", strip=True)
        assert annex == "Annex A: Three Folded"

    def test_finds_its_pictures(self, page: BeautifulSoup, html: Path) -> None:
        assert page.img["src"] == (html / "downloads" / "x.svg").as_uri()

    def test_numbers_the_contents(self, page: BeautifulSoup) -> None:
        lines = [item.get_text(" ", strip=True) for item in page.select(".book-contents li")]
        assert lines == ["First 3", "Two 7", "Annex A: Three 8"]

    def test_says_whose_book_it_is(self, page: BeautifulSoup) -> None:
        cover = page.select_one(".cover").get_text(" ", strip=True)
        for part in ("Edition 2022", "Barnet", "12 months to March 2022", "Licensed"):
            assert part in cover
        assert page.html["lang"] == "en-GB"


class TestPdf:
    def test_is_tagged_and_names_its_language_and_title(self, pdf: Path) -> None:
        with pikepdf.open(pdf) as document:
            assert document.Root.MarkInfo.Marked
            assert document.Root.StructTreeRoot.K
            assert document.Root.Lang == "en-GB"
            assert document.Root.ViewerPreferences.DisplayDocTitle
            title = str(document.docinfo["/Title"])
        assert title == "Safer Communities book: Barnet, 12 months to March 2022"

    def test_names_its_publisher_and_the_day_and_no_program(self, pdf: Path) -> None:
        with pikepdf.open(pdf) as document:
            assert set(document.docinfo.keys()) == {"/Title", "/Author"}
            metadata = document.open_metadata()
            assert metadata["dc:publisher"] == {"A publisher"}
            assert metadata["dc:date"] == ["2026-11-27"]

    def test_has_every_chapter_in_its_outline_and_their_sections_below(
        self, pdf: Path, book: Path, chapters: list[Chapter]
    ) -> None:
        outline = pypdf.PdfReader(pdf).outline
        titles = [entry.title for entry in outline if isinstance(entry, Destination)]
        assert titles == ["Contents", *(chapter.title for chapter in chapters)]
        below = [e.title for part in outline if isinstance(part, list) for e in part[:1]]
        firsts = [article(book, chapter).select_one("h2") for chapter in chapters]
        expected = [heading.find(string=True) for heading in firsts if heading]
        assert below == expected

    def test_leaves_out_what_works_on_a_screen_alone(self, site: Path) -> None:
        chapters = chapters_of(site, LANDING_PAGE)
        names = {chapter.key for chapter in chapters}
        assert {"wards", "checking_the_strategy", "methods"} <= names
        assert not names & {"compare", "downloads", "briefing"}
        assert not [name for name in names if name.startswith(("offence_", "ward_", "wardmap"))]
        annexes = [chapter.key for chapter in chapters if chapter.letter]
        assert annexes[:2] == ["checking_the_strategy", "methods"]
        assert annexes == [chapter.key for chapter in chapters][-len(annexes) :]

    def test_contents_give_the_page_where_each_chapter_begins(
        self, pdf: Path, words: list[str], chapters: list[Chapter]
    ) -> None:
        numbers = [int(number) for number in re.findall(r"(\d+)$", words[1], re.MULTILINE)]
        begins = [first_pages(pdf)[chapter.key] for chapter in chapters]
        assert begins == sorted(begins)
        there = [
            _letters(chapter.title) in _letters(words[n - 1])
            for chapter, n in zip(chapters, begins, strict=True)
        ]
        assert all(there)
        # The contents' own page number may come before or after the lines.
        assert sorted(numbers) == sorted([2, *begins])

    def test_numbers_every_page_but_the_cover(self, words: list[str]) -> None:
        lines = [text.split("\n") for text in words]
        assert "1" not in lines[0]
        assert [n for n, page in enumerate(lines[1:], 2) if str(n) not in page] == []

    def test_every_chart_is_there_and_says_what_it_shows(
        self, elements: list[pikepdf.Dictionary], book: Path, chapters: list[Chapter]
    ) -> None:
        figures = sorted(str(e.get("/Alt", "")) for e in elements if e.S == "/Figure")
        charts = [image["alt"] for c in chapters for image in article(book, c).select("img")]
        assert len(charts) > 15
        assert figures == sorted(charts)

    def test_every_header_cell_says_what_it_heads(
        self, elements: list[pikepdf.Dictionary], book: Path, chapters: list[Chapter]
    ) -> None:
        scopes = [_attribute(e, "/Scope") for e in elements if e.S == "/TH"]
        assert len(scopes) > 500
        assert set(scopes) == {"/Column", "/Row"}
        # The table of a chart's own data is in a note, which is for screens; what is folded for
        # some readers is printed, and what a script shows is not.
        printed = "table:not(details:not(.folded) table, [hidden] table)"
        tables = [t for chapter in chapters for t in article(book, chapter).select(printed)]
        assert len([e for e in elements if e.S == "/Table"]) == len(tables)

    def test_every_link_leads_into_the_book_or_to_another_site(
        self, pdf: Path, chapters: list[Chapter]
    ) -> None:
        with pikepdf.open(pdf) as document:
            places = set(document.Root.Dests.keys())
            inside, outside = [], []
            for page in document.pages:
                for note in page.get("/Annots", []):
                    if "/A" in note:
                        outside.append(str(note.A.URI))
                    else:
                        inside.append(str(note.Dest))
        assert len(inside) > (80 if len(chapters) > 30 else 20)
        assert set(inside) <= places
        assert [url for url in outside if not url.startswith(("https://", "mailto:"))] == []

    def test_shows_no_code_and_no_download(self, words: list[str]) -> None:
        text = "\n".join(words)
        for word in ("Show the code", "open_chapter", "Download this table", "previous"):
            assert word not in text


def briefing(html: Path, borough: str, edition: int, folder: Path) -> dict[str, Path]:
    """The briefing of a book, by its borough and year."""
    period = f"12 months to March {edition}"
    cover = replace(COVER, borough=borough, edition=edition, period=period)
    path = folder / "briefing.pdf"
    write_briefing(html, cover, path)
    return {f"{borough} {edition}": path}


@pytest.fixture(scope="module")
def own(
    site: Path, browser_program: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    return briefing(site, "Barnet", DEFAULT_EDITION, tmp_path_factory.mktemp("briefing"))


@pytest.fixture(scope="module")
def of_another_borough(
    another_book: Path, browser_program: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    folder, year = tmp_path_factory.mktemp("briefing"), int(another_book.name)
    return briefing(another_book, ANOTHER_BOROUGH, year, folder)


class TestBriefing:
    @pytest.fixture
    def briefings(self, own: dict[str, Path]) -> dict[str, Path]:
        return own

    def test_is_four_tagged_pages_with_title_and_language(self, briefings: dict[str, Path]) -> None:
        for name, path in briefings.items():
            borough, year = name.rsplit(" ", 1)
            reader = pypdf.PdfReader(path)
            assert len(reader.pages) == 4, name
            assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
            assert reader.trailer["/Root"]["/Lang"] == "en-GB"
            assert reader.metadata.title.endswith(f"{borough}, 12 months to March {year}")
            assert reader.metadata.author == "A publisher"

    def test_has_a_section_on_each_page_with_publisher_and_date(
        self, briefings: dict[str, Path]
    ) -> None:
        for path in briefings.values():
            reader = pypdf.PdfReader(path)
            titles = ["What changed", "How sure we are", "Where", "What to ask"]
            (_, sections) = reader.outline
            own = [entry for entry in sections if isinstance(entry, Destination)]
            assert [entry.title for entry in own] == titles
            pages = [reader.get_destination_page_number(entry) for entry in own]
            assert pages == [0, 1, 2, 3]
            for number, page in enumerate(reader.pages, 1):
                text = _plain(page.extract_text())
                assert "A publisher · 27 November 2026" in text
                assert f"Page {number} of 4" in text

    def test_asks_questions_each_with_its_reason(self, briefings: dict[str, Path]) -> None:
        for path in briefings.values():
            text = _plain(pypdf.PdfReader(path).pages[3].extract_text())
            assert text.count("?") >= 3
            assert "{" not in text


class TestBriefingOfAnotherBorough(TestBriefing):
    @pytest.fixture
    def briefings(self, of_another_borough: dict[str, Path]) -> dict[str, Path]:
        return of_another_borough


def test_a_pdf_is_the_same_each_time(html: Path, browser_program: str, tmp_path: Path) -> None:
    (html / "downloads").mkdir()
    (html / "downloads" / "x.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>', encoding="utf-8"
    )
    first, again = tmp_path / "first.pdf", tmp_path / "again.pdf"
    for path in (first, again):
        write_pdf(html, COVER, path, first_page="notebooks/one.html")
    assert again.read_bytes() == first.read_bytes()


class TestOnASite:
    """The PDFs beside the downloads of a site, and the links to them on every page."""

    FOOTER = '<ul class="footer-links"></ul>\n<p class="footer-licence">Licensed</p>'

    @pytest.fixture
    def pages(self, tmp_path: Path) -> Path:
        (tmp_path / "downloads").mkdir()
        (tmp_path / "book").mkdir()
        for name in ("search.html", "book/page.html"):
            (tmp_path / name).write_text(self.FOOTER.replace("></ul>", ">\n</ul>"), "utf-8")
        return tmp_path

    @pytest.fixture(autouse=True)
    def printer(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Stands in for the browser; it fails as that does where a reason is in it."""
        reason: list[str] = []

        def write(html: Path, cover: Cover, output: Path, **_: str) -> None:
            if reason:
                raise InputError("chromium", reason[0], "try another")
            output.write_bytes(b"printed")

        monkeypatch.setattr(paper, "write_briefing", write)
        monkeypatch.setattr(paper, "write_pdf", write)
        return reason

    def added(self, pages: Path, cache: Path) -> tuple[list[str], list[str]]:
        """The links of all pages to PDFs, from the top of the site, and what was said."""
        said: list[str] = []
        paper.add_paper(pages, Settings(), BuildCache(cache, made_by={}), said.append)
        links = [
            (path.parent / link["href"]).resolve().relative_to(pages).as_posix()
            for path in sorted(pages.rglob("*.html"))
            for link in BeautifulSoup(path.read_text(encoding="utf-8"), "lxml").select("a")
        ]
        return links, said

    def test_every_page_leads_to_both(
        self, pages: Path, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        links, said = self.added(pages, tmp_path_factory.mktemp("cache"))
        assert links == ["downloads/briefing.pdf", "downloads/safer_communities.pdf"] * 2
        assert all((pages / link).read_bytes() == b"printed" for link in links)
        assert said == []

    def test_what_cannot_be_printed_is_said_and_nothing_leads_there(
        self, pages: Path, printer: list[str], tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        printer.append("it crashed")
        links, said = self.added(pages, tmp_path_factory.mktemp("cache"))
        assert links == []
        assert "Left out the PDFs of 2022: " in said[0]
        assert "it crashed" in said[0]

    def test_a_machine_without_a_browser_says_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said: list[str] = []
        monkeypatch.delenv("CHROME", raising=False)
        monkeypatch.setattr("safer_communities.site.take_away.pdf.BROWSERS", ("no-such-browser",))
        assert not paper.can_print(said.append)
        assert "apt install chromium" in said[0]


class TestWithoutAFittingBrowser:
    @pytest.fixture(autouse=True)
    def output(self, tmp_path: Path) -> Path:
        path = tmp_path / "book.pdf"
        path.write_bytes(b"the last good one")
        return path

    def refusal(self, output: Path) -> InputError:
        with pytest.raises(InputError) as caught:
            write_pdf(output.parent, COVER, output, first_page=LANDING_PAGE)
        assert output.read_bytes() == b"the last good one"
        return caught.value

    def named(self, monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
        program = folder / "browser"
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("CHROME", str(program))

    def test_says_what_to_install(
        self, output: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.delenv("CHROME", raising=False)
        monkeypatch.setattr("safer_communities.site.take_away.pdf.BROWSERS", ("no-such-browser",))
        assert "apt install chromium" in self.refusal(output).remedy

    def test_refuses_one_that_does_not_start(
        self, output: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("CHROME", str(tmp_path / "missing"))
        assert "does not start" in self.refusal(output).problem

    def test_refuses_one_too_old_to_number_pages(
        self, output: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        self.named(monkeypatch, tmp_path, f"echo Chromium {OLDEST_VERSION - 1}.0.1")
        refusal = self.refusal(output)
        assert "cannot number pages" in refusal.problem
        assert str(OLDEST_VERSION) in refusal.remedy

    def test_says_so_where_nothing_was_printed(
        self, html: Path, output: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        script = f'[ "$1" = --version ] && echo Chromium {OLDEST_VERSION}.0 || echo broken >&2'
        self.named(monkeypatch, tmp_path, script)
        with pytest.raises(InputError, match="did not print the book: broken"):
            write_pdf(html, COVER, output, first_page="notebooks/one.html")
        assert output.read_bytes() == b"the last good one"
        assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
            "book.pdf",
            "book.pdf.lock",
            "browser",
        ]
        assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == [
            "book",
            "notebooks",
        ]


def _letters(text: str) -> str:
    """`text` without spaces, as a heading may go on in a new line."""
    return "".join(_plain(text).split())


def _plain(text: str) -> str:
    """`text` without ligatures."""
    return text.replace("ﬀ", "ff").replace("ﬁ", "fi").replace("ﬃ", "ffi").replace("ﬂ", "fl")


def _attribute(element: pikepdf.Dictionary, name: str) -> str:
    owners = element.get("/A", [])
    owners = list(owners) if isinstance(owners, pikepdf.Array) else [owners]
    return str(next(itertools.chain(o[name] for o in owners if name in o), ""))
