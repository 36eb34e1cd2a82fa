"""The book as one PDF: what it holds, what a screen reader is told, and where its links lead."""

import itertools
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdf
import pytest
from bs4 import BeautifulSoup
from pypdf.generic import Destination

from safer_communities.errors import InputError
from safer_communities.site.pages.staging import LANDING_PAGE
from safer_communities.site.take_away.bound_book import Chapter, Cover, bound, chapters_of
from safer_communities.site.take_away.pdf import OLDEST_VERSION, first_pages, write_pdf

COVER = Cover(borough="Barnet", edition=2022, period="12 months to March 2022")


@pytest.fixture(scope="module")
def pdf(site: Path, browser_program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "book.pdf"
    assert write_pdf(site, COVER, path, first_page=LANDING_PAGE) > 60
    return path


@pytest.fixture(scope="module")
def chapters(site: Path) -> list[Chapter]:
    return chapters_of(site, LANDING_PAGE)


@pytest.fixture(scope="module")
def words(pdf: Path) -> list[str]:
    """The words of each page."""
    return [page.extract_text() for page in pypdf.PdfReader(pdf).pages]


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
    """A site of two pages made here, which link to each other, to a file and elsewhere."""
    menu = (
        '<nav class="bd-docs-nav"><a class="internal" href="#">First</a>'
        '<p class="caption">Part</p><a class="internal" href="../book/two.html">Two</a></nav>'
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
        ]
        return BeautifulSoup(bound(html, COVER, chapters, {"one": 3, "two": 7}), "lxml")

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
        assert page.select(".headerlink, details") == []

    def test_finds_its_pictures(self, page: BeautifulSoup, html: Path) -> None:
        assert page.img["src"] == (html / "downloads" / "x.svg").as_uri()

    def test_numbers_the_contents(self, page: BeautifulSoup) -> None:
        lines = [item.get_text(" ", strip=True) for item in page.select(".book-contents li")]
        assert lines == ["First 3", "Two 7"]

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

    def test_names_no_day_and_no_program(self, pdf: Path) -> None:
        with pikepdf.open(pdf) as document:
            assert set(document.docinfo.keys()) == {"/Title"}

    def test_has_every_chapter_in_its_outline_and_their_sections_below(
        self, pdf: Path, site: Path, chapters: list[Chapter]
    ) -> None:
        outline = pypdf.PdfReader(pdf).outline
        titles = [entry.title for entry in outline if isinstance(entry, Destination)]
        assert titles == ["Contents", *(chapter.title for chapter in chapters)]
        below = [e.title for part in outline if isinstance(part, list) for e in part[:1]]
        firsts = [article(site, chapter).select_one("h2") for chapter in chapters]
        expected = [heading.find(string=True) for heading in firsts if heading]
        assert below == expected

    def test_contents_give_the_page_where_each_chapter_begins(
        self, pdf: Path, words: list[str], chapters: list[Chapter]
    ) -> None:
        numbers = [int(number) for number in re.findall(r"(\d+)$", words[1], re.MULTILINE)]
        begins = [
            next(n for n, text in enumerate(words, 1) if n > 2 and _begins(text, chapter.title))
            for chapter in chapters
        ]
        assert begins == sorted(begins)
        assert [first_pages(pdf)[chapter.key] for chapter in chapters] == begins
        # The contents' own page number may come before or after the lines.
        assert sorted(numbers) == sorted([2, *begins])

    def test_numbers_every_page_but_the_cover(self, words: list[str]) -> None:
        lines = [text.split("\n") for text in words]
        assert "1" not in lines[0]
        assert [n for n, page in enumerate(lines[1:], 2) if str(n) not in page] == []

    def test_every_chart_is_there_and_says_what_it_shows(
        self, elements: list[pikepdf.Dictionary], site: Path, chapters: list[Chapter]
    ) -> None:
        figures = sorted(str(e.get("/Alt", "")) for e in elements if e.S == "/Figure")
        charts = [image["alt"] for c in chapters for image in article(site, c).select("img")]
        assert len(charts) > 15
        assert figures == sorted(charts)

    def test_every_header_cell_says_what_it_heads(
        self, elements: list[pikepdf.Dictionary], site: Path, chapters: list[Chapter]
    ) -> None:
        scopes = [_attribute(e, "/Scope") for e in elements if e.S == "/TH"]
        assert len(scopes) > 500
        assert set(scopes) == {"/Column", "/Row"}
        # The table of a chart's own data is in a note, which is for screens; what is folded for
        # some readers is printed, and what a script shows is not.
        printed = "table:not(details:not(.folded) table, [hidden] table)"
        tables = [t for chapter in chapters for t in article(site, chapter).select(printed)]
        assert len([e for e in elements if e.S == "/Table"]) == len(tables)

    def test_every_link_leads_into_the_book_or_to_another_site(self, pdf: Path) -> None:
        with pikepdf.open(pdf) as document:
            places = set(document.Root.Dests.keys())
            inside, outside = [], []
            for page in document.pages:
                for note in page.get("/Annots", []):
                    if "/A" in note:
                        outside.append(str(note.A.URI))
                    else:
                        inside.append(str(note.Dest))
        assert len(inside) > 80
        assert set(inside) <= places
        assert [url for url in outside if not url.startswith(("https://", "mailto:"))] == []

    def test_shows_no_code_and_no_download(self, words: list[str]) -> None:
        text = "\n".join(words)
        for word in ("Show the code", "open_chapter", "Download this table", "previous"):
            assert word not in text


def test_a_pdf_is_the_same_each_time(html: Path, browser_program: str, tmp_path: Path) -> None:
    (html / "downloads").mkdir()
    (html / "downloads" / "x.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>', encoding="utf-8"
    )
    first, again = tmp_path / "first.pdf", tmp_path / "again.pdf"
    for path in (first, again):
        write_pdf(html, COVER, path, first_page="notebooks/one.html")
    assert again.read_bytes() == first.read_bytes()


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
        self, site: Path, output: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        script = f'[ "$1" = --version ] && echo Chromium {OLDEST_VERSION}.0 || echo broken >&2'
        self.named(monkeypatch, tmp_path, script)
        with pytest.raises(InputError, match="did not print the book: broken"):
            write_pdf(site, COVER, output, first_page=LANDING_PAGE)
        assert output.read_bytes() == b"the last good one"
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            "book.pdf",
            "book.pdf.lock",
            "browser",
        ]


def _begins(text: str, title: str) -> bool:
    """Whether a page begins with a chapter's title: below the running title, which is the same."""
    plain = "".join(_plain(text).split())
    return plain.count("".join(_plain(title).split())) >= 2 and plain.startswith(
        "".join(_plain(title).split())
    )


def _plain(text: str) -> str:
    """`text` without ligatures."""
    return text.replace("ﬀ", "ff").replace("ﬁ", "fi").replace("ﬃ", "ffi").replace("ﬂ", "fl")


def _attribute(element: pikepdf.Dictionary, name: str) -> str:
    owners = element.get("/A", [])
    owners = list(owners) if isinstance(owners, pikepdf.Array) else [owners]
    return str(next(itertools.chain(o[name] for o in owners if name in o), ""))
