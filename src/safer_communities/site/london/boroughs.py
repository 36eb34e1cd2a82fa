"""Builds the books of many boroughs: of one edition, or of all of them as one site of London."""

import os
import re
from collections.abc import Callable
from concurrent.futures import Executor, as_completed
from pathlib import Path
from time import monotonic

from safer_communities.analysis.editions import edition_of
from safer_communities.datasets import load
from safer_communities.errors import InputError, did_you_mean, located, shown
from safer_communities.project import ROOT
from safer_communities.publisher import PUBLISHER, publisher_of
from safer_communities.site.london.archives import Order, built, clear_away, unpack
from safer_communities.site.london.executors import ATTEMPTS, was_lost
from safer_communities.site.london.front_page import front_page
from safer_communities.site.rebuilding import STAMP, digest_of_sources, stands

FRONT_PAGE = "index.html"


def build_boroughs(
    edition: int,
    names: list[str],
    executor: Executor,
    *,
    output: Path,
    jobs: int = 1,
    templates: bool = True,
    report: Callable[[str], None] = print,
) -> dict[str, Path]:
    """The first page of the book of each borough in `names`, by borough.

    Each stands in `output`/`edition`/`folder_name(borough)`, built by `executor` with `jobs`
    chapters at once, without the pages of templates unless `templates`. Raises what `build_all`
    raises.
    """
    # Named first: an edition that does not exist should be said once.
    edition_of(edition, load.table("editions"))
    orders = _orders(output / str(edition), names, (edition,), jobs, templates)
    return build_all(orders, executor, report=report)


def build_london(
    years: list[int],
    names: list[str],
    executor: Executor,
    *,
    output: Path,
    jobs: int = 1,
    templates: bool = True,
    report: Callable[[str], None] = print,
) -> Path:
    """The front page of the site of the boroughs in `names`, each with its editions of `years`.

    The editions of a borough are built together, since they link to each other. Boroughs that were
    built earlier and are not in `names` stay. The front page leads to all that are there. Raises
    what `build_all` raises, when that page is written, and InputError where `publisher.yml` gives
    two of the boroughs one address.
    """
    _check_addresses(names)
    orders = _orders(output, names, tuple(years), jobs, templates)
    try:
        build_all(orders, executor, report=report)
    finally:
        there = [name for name in chosen_boroughs("") if _is_there(output / folder_name(name))]
        if there:
            text = front_page({name: f"{folder_name(name)}/" for name in there}, max(years))
            (output / FRONT_PAGE).write_text(text, encoding="utf-8")
    return output / FRONT_PAGE


def _orders(
    output: Path, names: list[str], years: tuple[int, ...], jobs: int, templates: bool
) -> dict[Path, Order]:
    sources = digest_of_sources(ROOT)
    return {
        output / folder_name(name): Order(name, years, sources, jobs, templates) for name in names
    }


def build_all(
    orders: dict[Path, Order],
    executor: Executor,
    *,
    make: Callable[[Order], bytes] = built,
    report: Callable[[str], None] = print,
) -> dict[str, Path]:
    """The first page of what was ordered for each folder, by borough, in the order of arrival.

    Nothing is built for a folder where it stands already. `make` is run by the workers of
    `executor`, and what comes back is checked. A borough that fails does not stop the others: what
    failed is raised when all are done, as an ExceptionGroup in which each InputError names its
    borough.
    """
    started = monotonic()
    standing = {folder: order for folder, order in orders.items() if stands(folder, order.stamp)}
    pages = {order.borough: folder / "index.html" for folder, order in standing.items()}
    for folder in standing:
        # Those are the last ones built all the same, which `make serve` shows.
        os.utime(folder / STAMP)
        clear_away(folder)
    if standing:
        report(f"Nothing changed for {len(standing)} of {len(orders)} boroughs")
    futures = {
        executor.submit(make, order): (folder, order)
        for folder, order in orders.items()
        if folder not in standing
    }
    failed: list[Exception] = []
    for number, future in enumerate(as_completed([*futures]), start=1 + len(standing)):
        # Out of the list: what has arrived is not kept in memory until all have.
        folder, order = futures.pop(future)
        try:
            unpack(future.result(), folder, order.stamp)
            pages[order.borough] = folder / "index.html"
            outcome = str(folder)
        except Exception as error:
            failed += located(_explained(error), order.borough)
            outcome = "failed"
        elapsed = monotonic() - started
        report(f"  [{number}/{len(orders)}] {order.borough}: {outcome} ({elapsed:.0f} s so far)")
        del future
    if failed:
        failures = len(orders) - len(pages)
        report(f"{len(pages)} of {len(orders)} boroughs are built. What failed:")
        raise ExceptionGroup(f"{failures} of {len(orders)} boroughs failed", failed)
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


def _check_addresses(names: list[str]) -> None:
    """Raises InputError where the pages of two boroughs would name the same canonical address."""
    addresses = list(filter(None, (publisher_of(name).address for name in names)))
    if len(addresses) != len(set(addresses)):
        raise InputError(
            place=PUBLISHER.name,
            problem="the sites of several boroughs would all say that they stand at one address",
            remedy="leave `address` empty, or give every borough its own below `boroughs:`",
        )


def _is_there(folder: Path) -> bool:
    return (folder / "index.html").is_file()


def _explained(error: Exception) -> Exception:
    """The error; that a process ended in words that say what to do."""
    if not was_lost(error):
        return error
    return InputError(
        place="its process",
        problem=f"it ended {ATTEMPTS} times before the book was built (out of memory, or killed)",
        remedy="build fewer at once (JOBS), or give the workers more memory, and run it again",
    )
