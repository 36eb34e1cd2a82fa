"""A book built wherever there is room, packed, sent, and believed only if it is the one built."""

import io
import platform
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safer_communities.datasets.atomic import finish_replacing_folder, replace_folder
from safer_communities.errors import InputError
from safer_communities.project import ROOT
from safer_communities.settings import Settings
from safer_communities.site.rebuilding import alone, digest_of_sources, stamp_of_books, stands

# Pages shrink to a quarter either way; more would take longer than the network does.
_LEVEL = 1


@dataclass(frozen=True)
class Order:
    """What is to be built: a borough's book of one edition, or its site of several.

    `sources` is the digest of the project that asks. `jobs` chapters run at once. Without
    `templates` it lacks the pages that are made from them.
    """

    borough: str
    years: tuple[int, ...]
    sources: str
    jobs: int = 1
    templates: bool = True

    @property
    def stamp(self) -> str:
        """What the finished site says that it was built from."""
        books = [Settings(self.borough, year) for year in self.years]
        return stamp_of_books(self.sources, books, self.templates)


def built(order: Order) -> bytes:
    """The archive of the finished site, built here, from the sources that are here.

    Raises InputError, or an ExceptionGroup of them, saying what to correct; so too where the
    sources here are not those of the one who asks.
    """
    if digest_of_sources(ROOT) != order.sources:
        raise InputError(
            place=platform.node(),
            problem="its copy of the project is not the same as the one that asks",
            remedy="check out the same commit in both places, and start its worker again",
        )
    # Imported late: to send orders, and to know what stands, needs no pandas.
    from safer_communities.site.all_editions import build_site
    from safer_communities.site.build import build_book

    with tempfile.TemporaryDirectory(prefix="book-") as folder:
        site, work = Path(folder) / "site", ROOT / "_build"
        how: dict[str, Any] = {"jobs": order.jobs, "templates": order.templates, "report": _quiet}
        if len(order.years) == 1:
            settings = Settings(order.borough, order.years[0])
            build_book(settings, output=site, cache=work / "cache", **how)
        else:
            build_site([*order.years], order.borough, output=site, build_folder=work, **how)
        return packed(site)


def packed(site: Path) -> bytes:
    """Every file of a folder in one archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as file:
        for path in sorted(path for path in site.rglob("*") if path.is_file()):
            file.write(path, path.relative_to(site))
    return archive.getvalue()


def unpack(archive: bytes, output: Path, stamp: str) -> None:
    """Puts the site in `archive` in the place of `output`, in one step, if it is whole.

    Its own stamp has the digest of its files, and `stamp` what it should be built from. Raises
    InputError where either is another, with what was there before as it was.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    new = _arriving(output)
    with alone(output, _quiet):
        finish_replacing_folder(output)
        shutil.rmtree(new, ignore_errors=True)
        try:
            with zipfile.ZipFile(io.BytesIO(archive)) as file:
                file.extractall(new)
            whole = stands(new, stamp)
        except zipfile.BadZipFile:
            whole = False
        if whole:
            replace_folder(new, output)
            return
        shutil.rmtree(new, ignore_errors=True)
    raise InputError(
        place="its archive",
        problem="what arrived is not what was built: its digest is another",
        remedy="run the same command again; what arrived whole is not built twice",
    )


def clear_away(output: Path) -> None:
    """Removes what a run has left that was killed when its site had just been put at `output`."""
    if _arriving(output).exists():
        with alone(output, _quiet):
            shutil.rmtree(_arriving(output), ignore_errors=True)


def _arriving(output: Path) -> Path:
    return output.with_name(f"{output.name}.arriving")


def _quiet(line: str) -> None:
    """Says nothing: many books at once would talk across each other."""
