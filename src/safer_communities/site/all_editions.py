"""Builds the site of all editions: each year in a folder of its own, the newest at the top too."""

import re
import shutil
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import yaml

from safer_communities.analysis.editions import edition_of
from safer_communities.chapter.book import Book
from safer_communities.datasets import load
from safer_communities.errors import InputError, did_you_mean, located
from safer_communities.project import ROOT
from safer_communities.publisher import publisher_of
from safer_communities.settings import Settings
from safer_communities.site.making import code_of, make_pages
from safer_communities.site.pages import year_links
from safer_communities.site.rebuilding import rebuild
from safer_communities.site.run.book import executed_book
from safer_communities.site.run.build_cache import BuildCache
from safer_communities.site.run.template_pages import pages_below
from safer_communities.site.share.addresses import announce, config_with_address
from safer_communities.site.take_away.paper import add_paper, can_print

# Sphinx uses one processor: two runs at a time, beside the chapters of the editions to come.
SPHINX_AT_ONCE = 2


def build_site(
    years: list[int],
    borough: str,
    *,
    output: Path,
    root: Path = ROOT,
    build_folder: Path,
    jobs: int | None = None,
    report: Callable[[str], None] = print,
    templates: bool = True,
    paper: bool = False,
) -> Path:
    """The address of the site's first page, in `output`: the editions of `years`.

    Without `templates` it lacks the pages that are made from them; with `paper` each edition has
    its PDFs, if there is a browser to print them. `build_folder` keeps the
    chapters' outputs and the work in hand. As with one edition, nothing is built where nothing
    changed, and a site that fails leaves the last good one as it was. Raises InputError, or an
    ExceptionGroup of those of every edition, saying what to correct.
    """
    settings = {year: Settings(borough, year) for year in sorted(years)}
    cache = build_folder / "cache"
    paper = paper and can_print(report)

    def make(inputs: dict[str, str], work: Path) -> Path:
        # Named first: a borough that does not exist should be said once, not for every edition.
        _ = Book(next(iter(settings.values()))).borough
        pages, below = _pages_of_all(
            settings,
            inputs,
            root=root,
            work=work,
            cache=cache,
            jobs=jobs,
            report=report,
            templates=templates,
        )
        if paper:
            report("Printing the briefings and the books")
            printed_before = BuildCache(cache / "paper", made_by=code_of(inputs))
            with ThreadPoolExecutor(max_workers=jobs) as pool:
                added = [
                    pool.submit(add_paper, folder, settings[year], printed_before, report)
                    for year, folder in pages.items()
                ]
            for each in added:
                each.result()
            printed_before.remove_unused()
        site = _lay_out(pages, work / "site", _instead_of_missing(pages, below))
        announce(site, map(Book, settings.values()))
        return site

    return rebuild(
        output,
        list(settings.values()),
        make,
        root=root,
        report=report,
        templates=templates,
        paper=paper,
    )


def chosen_years(only: str) -> list[int]:
    """The years of the editions to build: all of them, or those named in `only`, with commas.

    Raises InputError where one of them is no edition.
    """
    known = {str(year): int(year) for year in sorted(load.table("editions")["edition"])}
    wanted = [year.strip() for year in only.split(",")] if only else list(known)
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise InputError(
            place="--only",
            problem=f"there is no edition {', '.join(unknown)}",
            remedy=did_you_mean(unknown[0], known),
        )
    return sorted({known[year] for year in wanted})


def config_with_year_links(config: str, year: int, labels: dict[int, str]) -> str:
    """The text of `_config.yml` with what links the pages of `year` to those of other years."""
    settings = yaml.safe_load(config)
    sphinx = settings["sphinx"]["config"]
    sphinx["extensions"].append(year_links.__name__)
    sphinx |= {"book_year": year, "book_years": [[*each] for each in sorted(labels.items())]}
    options = sphinx["html_theme_options"]
    options["article_header_end"] = ["version-switcher.html", "article-header-buttons.html"]
    return yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)


def _pages_of_all(
    settings: dict[int, Settings],
    inputs: dict[str, str],
    *,
    root: Path,
    work: Path,
    cache: Path,
    jobs: int | None,
    report: Callable[[str], None],
    templates: bool,
) -> tuple[dict[int, Path], dict[str, str]]:
    """The folder of finished pages of each year, and what each page of a template stands below.

    What fails is raised when all have been tried.
    """
    config = (root / "_config.yml").read_text(encoding="utf-8")
    borough = next(iter(settings.values())).borough
    config = config_with_address(config, publisher_of(borough).address)
    editions = load.table("editions")
    labels = {year: edition_of(year, editions).period.label for year in settings}
    made: dict[int, Future] = {}
    below: dict[str, str] = {}
    failed: list[Exception] = []
    with ThreadPoolExecutor(max_workers=SPHINX_AT_ONCE) as pool:
        for year, each in settings.items():
            report(f"Edition {year}")
            try:
                executed = executed_book(
                    each,
                    root=root,
                    inputs=inputs,
                    cache=cache,
                    jobs=jobs,
                    report=report,
                    templates=templates,
                )
            except (InputError, ExceptionGroup) as error:
                failed += located(error, f"edition {year}")
                continue
            below |= pages_below(executed)
            made[year] = pool.submit(
                make_pages,
                executed,
                inputs,
                each,
                root=root,
                work=work / str(year),
                cache=cache,
                jobs=jobs,
                config=config_with_year_links(config, year, labels),
            )
        report("Finishing the pages")
    folders: dict[int, Path] = {}
    for year, future in made.items():
        try:
            folders[year] = future.result()
        except Exception as error:
            failed += located(error, f"edition {year}")
    if failed:
        raise ExceptionGroup("the site is not built; the last good one is as it was", failed)
    return folders, below


def _instead_of_missing(pages: dict[int, Path], below: dict[str, str]) -> dict[str, str]:
    """Where a link to a page that one of the years lacks leads instead, by its way from the years.

    A page of a template is not in every edition: it leads to the one that it stands `below`. Raises
    InputError where any other page is missing.
    """
    names = {
        year: {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
        for year, folder in pages.items()
    }
    instead: dict[str, str] = {}
    for year, own in names.items():
        lacking = set.union(*names.values()) - own
        instead |= {f"{year}/{page}": f"{year}/{below[page]}" for page in lacking & below.keys()}
        missing = sorted(lacking - below.keys())
        if missing:
            raise InputError(
                place=f"edition {year}",
                problem=f"it lacks pages that other editions have: {', '.join(missing)}",
                remedy="give every edition the same chapters",
            )
    return instead


def _lay_out(pages: dict[int, Path], site: Path, instead: dict[str, str]) -> Path:
    """`site`, with the folder of each year and the newest edition's pages at the top."""
    shutil.copytree(pages[max(pages)], site)
    _link_years(site, "", instead)
    for year, folder in pages.items():
        shutil.move(folder, site / str(year))
        _link_years(site / str(year), "../", instead)
    # Keeps GitHub Pages from leaving out the folders whose names begin with an underscore.
    (site / ".nojekyll").touch()
    return site


def _link_years(edition: Path, years_folder: str, instead: dict[str, str]) -> None:
    """Puts the way to the other years into an edition's pages, or that to what is there instead."""
    link = re.compile(rf"{re.escape(year_links.YEARS_FOLDER)}([^\"#?]*)")
    for path in sorted(edition.rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        html = link.sub(lambda found: years_folder + instead.get(found[1], found[1]), html)
        path.write_text(html, encoding="utf-8")
