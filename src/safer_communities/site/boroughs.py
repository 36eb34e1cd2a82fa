"""Builds one edition of the book for many boroughs, each in a folder of its own."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from time import monotonic

from safer_communities.analysis.editions import edition_of
from safer_communities.datasets import load
from safer_communities.errors import InputError, did_you_mean, located, shown
from safer_communities.project import ROOT
from safer_communities.settings import Settings
from safer_communities.site.build import build_book


def build_boroughs(
    edition: int,
    names: list[str],
    *,
    output: Path,
    build_folder: Path,
    root: Path = ROOT,
    jobs: int = 1,
    report: Callable[[str], None] = print,
) -> dict[str, Path]:
    """The first page of the book of each borough in `names`, by borough.

    Each is built into `output`/`edition`/`folder_name(borough)`, `jobs` at once; chapters' outputs
    are kept in `build_folder`. A borough that fails does not stop the others: what failed is raised
    when all are done, as an ExceptionGroup in which each InputError names its borough.
    """
    # Named first: an edition that does not exist should be said once.
    edition_of(edition, load.table("editions"))
    # Many books fill the processors by themselves; a few leave room for chapters side by side.
    chapters_at_once = max(1, jobs // len(names))
    started = monotonic()
    pages: dict[str, Path] = {}
    failed: list[Exception] = []
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        futures = {
            pool.submit(
                build_book,
                Settings(name, edition),
                output=output / str(edition) / folder_name(name),
                root=root,
                cache=build_folder / "cache",
                jobs=chapters_at_once,
                report=lambda line: None,
            ): name
            for name in names
        }
        for number, future in enumerate(as_completed(futures), start=1):
            name = futures[future]
            try:
                pages[name] = future.result()
                outcome = str(pages[name])
            except Exception as error:
                failed += located(error, name)
                outcome = "failed"
            elapsed = monotonic() - started
            report(f"  [{number}/{len(names)}] {name}: {outcome} ({elapsed:.0f} s so far)")
    if failed:
        report(f"{len(pages)} of {len(names)} boroughs are built. What failed:")
        raise ExceptionGroup(f"{len(names) - len(pages)} of {len(names)} boroughs failed", failed)
    return pages


def chosen_boroughs(only: str) -> list[str]:
    """The boroughs to build, by name: all of them, or those named in `only`, with commas.

    Raises InputError where one of them is no London borough.
    """
    known = {name.casefold(): name for name in sorted(load.table("boroughs")["borough"])}
    wanted = [name.strip() for name in only.split(",")] if only else list(known)
    unknown = [name for name in wanted if name.casefold() not in known]
    if unknown:
        raise InputError(
            place="ONLY",
            problem=f"no London borough is called {', '.join(map(shown, unknown))}",
            remedy=did_you_mean(
                unknown[0], known.values(), listed_in="data/reference/boroughs.csv"
            ),
        )
    return sorted({known[name.casefold()] for name in wanted})


def folder_name(borough: str) -> str:
    """A borough's name as the name of a folder: lower case, with hyphens."""
    return re.sub(r"[^a-z]+", "-", borough.casefold()).strip("-")
