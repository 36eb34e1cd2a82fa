"""Makes tagged PDFs by way of a browser: of a built book, and of its briefing in four pages."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf

from safer_communities.errors import InputError
from safer_communities.site.rebuilding import alone
from safer_communities.site.take_away.bound_book import (
    Cover,
    bound,
    chapters_of,
    headings_of,
    title_of,
)
from safer_communities.site.take_away.briefing_pages import briefing_pages, briefing_title

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# The first that writes page numbers in the margin of the page.
OLDEST_VERSION = 131
# By the clock: far longer than a busy machine needs, for a browser that hangs.
SECONDS_TO_PRINT = 1800
ARGUMENTS = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)
# A briefing has so many pages, in letters as large as they fit.
BRIEFING_PAGES, BRIEFING_POINTS = 4, (10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
_CELL_ID = re.compile(rb"\(node(\d{8})\)")


def browser() -> str | None:
    """The program of Chromium or Chrome: the one that CHROME names, or the first one found."""
    return os.environ.get("CHROME") or next(filter(None, map(shutil.which, BROWSERS)), None)


def write_pdf(html: Path, cover: Cover, output: Path, *, first_page: str) -> int:
    """Writes the book in `html` as one PDF and returns its number of pages.

    The same pages and browser give the same bytes. Raises InputError where there is no browser
    that can, or where it stops; what stood at `output` is then as it was.
    """
    program = fitting_browser()
    chapters = chapters_of(html.resolve(), first_page)
    with _working_beside(output) as work:
        source, printed = work / "book.html", work / "book.pdf"
        source.write_text(bound(html, cover, chapters, {}), encoding="utf-8")
        headings = headings_of(source.read_text(encoding="utf-8"))
        _print(program, source, printed)
        # Where each chapter begins is known now. The contents alone are printed again, with it;
        # where they come out longer alone, which a browser that scales wide pages may do, all is.
        begins = first_pages(printed)
        numbers = {chapter.key: begins[chapter.key] for chapter in chapters}
        source.write_text(bound(html, cover, chapters, numbers, whole=False), encoding="utf-8")
        _print(program, source, work / "contents.pdf")
        if not _put_in(printed, work / "contents.pdf", before=min(numbers.values())):
            source.write_text(bound(html, cover, chapters, numbers), encoding="utf-8")
            _print(program, source, printed)
        return _finish(printed, output, cover, title_of(cover), headings)


def write_briefing(html: Path, cover: Cover, output: Path) -> float:
    """Writes the briefing of the book in `html` as a PDF of four pages.

    Returns the size of its letters in points. Raises InputError as `write_pdf` does, and where it
    is too long for four pages.
    """
    program = fitting_browser()
    with _working_beside(output) as work:
        source, printed = work / "briefing.html", work / "briefing.pdf"
        for points in BRIEFING_POINTS:
            text = briefing_pages(html, cover, points=points)
            source.write_text(text, encoding="utf-8")
            _print(program, source, printed)
            with pikepdf.open(printed) as document:
                many = len(document.pages)
            if many == BRIEFING_PAGES:
                _finish(printed, output, cover, briefing_title(cover), headings_of(text))
                return points
    raise InputError(
        place="book/briefing.md",
        problem=f"the briefing takes {many} pages, even in letters of {points} points",
        remedy=f"shorten it: it has {BRIEFING_PAGES}, with a section on each",
    )


@contextmanager
def _working_beside(output: Path) -> Iterator[Path]:
    """A folder to make `output` in, which nobody else makes meanwhile; gone in the end."""
    work = output.with_name(f"{output.name}.building")
    with alone(output, print):
        # What a command that was killed has left.
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _put_in(printed: Path, contents: Path, *, before: int) -> bool:
    """Gives the pages of `printed` up to page `before` what the same pages of `contents` show.

    False, and nothing is changed, where `contents` has another number of pages. Both are of the
    same elements in the same order, so that what screen readers are told holds.
    """
    with pikepdf.open(printed, allow_overwriting_input=True) as book, pikepdf.open(contents) as new:
        if len(new.pages) != before - 1:
            return False
        for page, other in zip(book.pages, new.pages, strict=False):
            page.Contents = book.copy_foreign(new.make_indirect(other.Contents))
            page.Resources = book.copy_foreign(new.make_indirect(other.Resources))
        # The hour would be in its digest.
        del book.docinfo
        book.save(printed, deterministic_id=True)
    return True


def first_pages(pdf: Path) -> dict[str, int]:
    """The number of the page on which each place stands that a link leads to, by its id."""
    with pikepdf.open(pdf) as document:
        return {
            name.removeprefix("/"): pikepdf.Page(place[0]).index + 1
            for name, place in document.Root.Dests.items()
        }


def with_steady_ids(pdf: bytes) -> bytes:
    """A PDF as the browser wrote it, whose table cells are numbered from 1.

    The browser's own numbers begin elsewhere each time. They keep their width, so that nothing in
    the file moves.
    """
    numbers = [int(number) for number in _CELL_ID.findall(pdf)]
    first = min(numbers, default=1)
    return _CELL_ID.sub(lambda match: b"(node%08d)" % (int(match[1]) - first + 1), pdf)


def fitting_browser() -> str:
    """The program that prints. Raises InputError where there is none that can."""
    program = browser()
    if program is None:
        raise InputError(
            place="make pdf",
            problem="no browser that can print the book is installed",
            remedy="install Chromium (Debian and Ubuntu: apt install chromium) or Google Chrome, "
            "or name the program in CHROME",
        )
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise InputError(
            place=program,
            problem=f"the browser does not start ({error})",
            remedy="name the program of Chromium or Chrome in CHROME",
        ) from error
    version = re.search(r"\b(\d+)\.\d+", said.stdout)
    if version is None or int(version[1]) < OLDEST_VERSION:
        raise InputError(
            place=program,
            problem=f"{said.stdout.strip() or 'this browser'} cannot number pages",
            remedy=f"install Chromium or Chrome {OLDEST_VERSION} or newer",
        )
    return program


def _print(program: str, source: Path, printed: Path) -> None:
    # A container's root may not use the browser's sandbox; the pages are our own.
    sandbox = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    profile = f"--user-data-dir={source.parent / 'profile'}"
    command = [program, *ARGUMENTS, *sandbox, profile, f"--print-to-pdf={printed}"]
    printed.unlink(missing_ok=True)
    try:
        result = subprocess.run(
            [*command, source.resolve().as_uri()],
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_TO_PRINT,
        )
        problem = result.stderr.strip()[-1000:] or f"status {result.returncode}"
    except subprocess.TimeoutExpired:
        problem = f"nothing after {SECONDS_TO_PRINT} seconds"
    if not printed.exists():
        raise InputError(
            place=program,
            problem=f"the browser did not print the book: {problem}",
            remedy="try another version of Chromium or Chrome, named in CHROME",
        )
    printed.write_bytes(with_steady_ids(printed.read_bytes()))


def _in_order(items: Iterable[pikepdf.OutlineItem]) -> Iterator[pikepdf.OutlineItem]:
    """The entries of an outline from top to bottom, each before those below it."""
    for item in items:
        yield item
        yield from _in_order(item.children)


def _finish(printed: Path, output: Path, cover: Cover, title: str, headings: list[str]) -> int:
    """Gives the PDF its title, language and publisher, takes out the hour, packs it into `output`.

    Returns its number of pages.
    `headings` fix the outline, in which each of them has its entry, in their order: browsers drop
    the space where a heading goes on in a new line, and some give a heading's words twice.
    """
    finished = printed.with_name("finished.pdf")
    with pikepdf.open(printed) as document:
        with document.open_outline() as outline:
            for item, heading in zip(_in_order(outline.root), headings, strict=True):
                item.title = heading
        del document.docinfo
        document.docinfo["/Title"] = title
        document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        document.Root.PageMode = pikepdf.Name.UseOutlines
        with document.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = title
            metadata["dc:language"] = [str(document.Root.Lang)]
            if cover.publisher:
                metadata["dc:creator"] = [cover.publisher]
                metadata["dc:publisher"] = {cover.publisher}
            if cover.day:
                metadata["dc:date"] = [cover.day]
        document.save(
            finished,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=True,
        )
        count = len(document.pages)
    finished.replace(output)
    return count
