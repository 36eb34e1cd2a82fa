"""The briefing and the whole book for paper: made, put beside a site's downloads, and linked."""

from collections.abc import Callable
from pathlib import Path

from safer_communities.chapter.book import Book
from safer_communities.errors import InputError
from safer_communities.settings import Settings
from safer_communities.site.pages.staging import LANDING_PAGE
from safer_communities.site.run.build_cache import BuildCache
from safer_communities.site.run.inputs import files_digest
from safer_communities.site.take_away.bound_book import Cover
from safer_communities.site.take_away.pdf import fitting_browser, write_briefing, write_pdf

BRIEFING, WHOLE_BOOK = "briefing.pdf", "safer_communities.pdf"
_LINKS = '</ul>\n<p class="footer-licence">'
_KILO = 1024


def cover_of(settings: Settings) -> Cover:
    """What paper says of the book of `settings`."""
    book = Book(settings)
    dates = book.imprint.publisher.dates(book.edition.year)
    return Cover(
        borough=book.borough,
        edition=book.edition.year,
        period=book.edition.period.label,
        publisher=book.imprint.publisher.publisher,
        published=dates.published,
        day=dates.published_on.isoformat() if dates.published_on else "",
    )


def can_print(report: Callable[[str], None]) -> bool:
    """Whether there is a browser that prints; where there is none, `report` gets what to do."""
    try:
        fitting_browser()
    except InputError as error:
        report(f"Left out the PDFs: {error.problem}. To have them, {error.remedy}.")
        return False
    return True


def add_paper(
    html: Path, settings: Settings, cache: BuildCache, report: Callable[[str], None]
) -> None:
    """Puts both PDFs of the finished site in `html` into its downloads, and links on every page.

    They are found in `cache` where the site is as it was. What cannot be printed is left out and
    said to `report`.
    """
    cover = cover_of(settings)

    def make(folder: Path) -> None:
        write_briefing(html, cover, folder / BRIEFING)
        write_pdf(html, cover, folder / WHOLE_BOOK, first_page=LANDING_PAGE)

    try:
        made = cache.get_or_make(["paper", str(cover), files_digest(html)], make)
    except InputError as error:
        report(f"Left out the PDFs of {settings.edition}: {error}")
        return
    names = {BRIEFING: "Briefing for councillors", WHOLE_BOOK: "The whole book for paper"}
    links = ""
    for name, words in names.items():
        content = (made / name).read_bytes()
        (html / "downloads" / name).write_bytes(content)
        size = f"{max(round(len(content) / _KILO), 1):,} kB"
        links += f'<li><a href="@top@downloads/{name}">{words} (PDF, {size})</a></li>\n'
    for path in sorted(html.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        top = "../" * (len(path.relative_to(html).parts) - 1)
        path.write_text(text.replace(_LINKS, links.replace("@top@", top) + _LINKS), "utf-8")
