"""Builds a site again only where its sources changed, and swaps it in when it is whole."""

import compileall
import json
import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from filelock import FileLock, Timeout

from safer_communities.datasets.atomic import finish_replacing_folder, replace_folder
from safer_communities.datasets.kept import digest
from safer_communities.settings import Settings
from safer_communities.site.run.inputs import files_digest, inputs_of

# In the site itself, so that a site and what it says of its sources are swapped in together. It has
# the digest of the site, then a line for each book: the digest of the sources, edition, borough.
STAMP = ".built-from"


def rebuild(
    output: Path,
    settings: list[Settings],
    make: Callable[[dict[str, str], Path], Path],
    *,
    root: Path,
    report: Callable[[str], None],
    templates: bool = True,
    paper: bool = False,
) -> Path:
    """The address of the first page of the site in `output`, built unless nothing changed.

    A site with the pages of `templates` is another than one without, and so is one with what
    `paper` adds. `make` gets the digests of the
    sources in `root` and an empty folder to work in, and returns the folder of the finished site of
    the books of `settings`.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    work = output.with_name(f"{output.name}.building")
    with alone(output, report):
        # What a build that was killed has left.
        finish_replacing_folder(output)
        shutil.rmtree(work, ignore_errors=True)
        inputs = inputs_of(root)
        sources = digest(json.dumps(inputs).encode())
        books = stamp_of_books(sources, settings, templates, paper)
        if _built_from(output) == books:
            if stands(output, books):
                report("Nothing changed since the last build.")
                # It is the last one built all the same, which `make serve` shows.
                os.utime(output / STAMP)
                return output / "index.html"
            report("The pages are not those that were built. Building them again.")
        work.mkdir()
        # Where Python is told to write no bytecode, every process would compile all of it again.
        compileall.compile_dir(root / "src", quiet=2)
        try:
            site = make(inputs, work)
            stamp = _stamp(site, books)
            report(f"Site digest: {stamp[:16]}")
            (site / STAMP).write_text(stamp, encoding="utf-8")
            replace_folder(site, output)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return output / "index.html"


def digest_of_sources(root: Path) -> str:
    """One digest of every file of the project in `root` that a page can depend on."""
    return digest(json.dumps(inputs_of(root)).encode())


def stamp_of_books(
    sources: str, settings: list[Settings], templates: bool = True, paper: bool = False
) -> str:
    """The lines of the books in the stamp of a site that was built from `sources`, a digest."""
    mark = f"{'' if templates else ' without templates'}{' with PDFs' if paper else ''}"
    return "".join(f"{sources} {each.edition} {each.borough}{mark}\n" for each in settings)


def stands(output: Path, books: str) -> bool:
    """Whether the site in `output` is that of `books`, as it was built."""
    return _built_from(output) == books and _stamp_of(output) == _stamp(output, books)


def tree_digest(site: Path) -> str:
    """A digest of every file of a site but its stamp."""
    return files_digest(site, without=STAMP)


def alone(output: Path, report: Callable[[str], None]) -> AbstractContextManager:
    """Holds the lock on what is made at `output`; it is free again when the process ends."""
    lock = FileLock(output.with_name(f"{output.name}.lock"))
    try:
        return lock.acquire(timeout=0)
    except Timeout:
        report(f"Another build of {output} is running. Waiting for it to finish.")
        return lock.acquire()


def _stamp(site: Path, books: str) -> str:
    """What the stamp of `site` says, with the files that it has now."""
    return f"{tree_digest(site)}\n{books}"


def _stamp_of(output: Path) -> str:
    """What the site in `output` says of itself; empty where it does not."""
    stamp = output / STAMP
    return stamp.read_text(encoding="utf-8", errors="replace") if stamp.is_file() else ""


def _built_from(output: Path) -> str:
    """The lines of the books in the stamp of the site in `output`."""
    return _stamp_of(output).partition("\n")[2]
