"""Makes one tagged PDF of a built book, with page numbers in its contents, by way of a browser."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
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
# The numbers may change the length of the contents, and that the numbers.
MOST_PASSES = 4
_CELL_ID = re.compile(rb"\(node(\d{8})\)")


def browser() -> str | None:
    """The program of Chromium or Chrome: the one that CHROME names, or the first one found."""
    return os.environ.get("CHROME") or next(filter(None, map(shutil.which, BROWSERS)), None)


def write_pdf(html: Path, cover: Cover, output: Path, *, first_page: str) -> int:
    """Writes the book in `html` as one PDF and returns its number of pages.

    The same pages and browser give the same bytes. Raises InputError where there is no browser
    that can, or where it stops; what stood at `output` is then as it was.
    """
    program = _fitting_browser()
    chapters = chapters_of(html.resolve(), first_page)
    pages: dict[str, int] = {}
    work = output.with_name(f"{output.name}.building")
    with alone(output, print):
        # What a command that was killed has left.
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        try:
            source, printed = work / "book.html", work / "book.pdf"
            for _ in range(MOST_PASSES):
                source.write_text(bound(html, cover, chapters, pages), encoding="utf-8")
                _print(program, source, printed)
                found = first_pages(printed)
                numbers = {chapter.key: found[chapter.key] for chapter in chapters}
                if numbers == pages:
                    break
                pages = numbers
            else:
                raise AssertionError("the contents never came to rest")
            finished = work / "finished.pdf"
            printed.write_bytes(with_steady_ids(printed.read_bytes()))
            headings = headings_of(source.read_text(encoding="utf-8"))
            count = _finish(printed, finished, title_of(cover), headings)
            finished.replace(output)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return count


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


def _fitting_browser() -> str:
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


def _in_order(items: Iterable[pikepdf.OutlineItem]) -> Iterator[pikepdf.OutlineItem]:
    """The entries of an outline from top to bottom, each before those below it."""
    for item in items:
        yield item
        yield from _in_order(item.children)


def _finish(printed: Path, finished: Path, title: str, headings: list[str]) -> int:
    """Gives the PDF its title and language, takes out the hour, and packs it; returns its pages.

    `headings` fix the outline, in which each of them has its entry, in their order: browsers drop
    the space where a heading goes on in a new line, and some give a heading's words twice.
    """
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
        document.save(
            finished,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=True,
        )
        return len(document.pages)
