"""Many books on many processes: what is sent, lost, done again, checked; and the map in front."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

import pytest

import stand_in_books
from safer_communities.errors import InputError, leaves
from safer_communities.project import ROOT
from safer_communities.publisher import Publisher
from safer_communities.site import build
from safer_communities.site.london import boroughs
from safer_communities.site.london.archives import Order, built, unpack
from safer_communities.site.london.boroughs import (
    build_all,
    build_boroughs,
    build_london,
    chosen_boroughs,
    folder_name,
)
from safer_communities.site.london.executors import LocalProcesses, executor_of
from safer_communities.site.london.front_page import front_page
from safer_communities.site.rebuilding import digest_of_sources, stands, tree_digest
from stand_in_books import BROKEN, DEADLY, DEADLY_ONCE, SPOILT, made, made_by_worker

pytestmark = pytest.mark.slow

NAMES = ["Barnet", DEADLY_ONCE, BROKEN, "Enfield", SPOILT, "Hillingdon"]


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a scheduler with two workers, each a process."""
    import dask
    from distributed import LocalCluster

    with (
        dask.config.set({"distributed.worker.daemon": False}),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
    ):
        yield cluster.scheduler_address


@pytest.fixture(params=["this machine", "a cluster"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    if request.param == "this machine":
        with LocalProcesses(2) as processes:
            yield processes
    else:
        with executor_of(request.getfixturevalue("scheduler"), jobs=1) as workers:
            yield workers


def orders(output: Path, names: list[str]) -> dict[Path, Order]:
    notes = output / "begun"
    notes.mkdir(parents=True, exist_ok=True)
    return {output / folder_name(name): Order(name, (2022,), str(notes)) for name in names}


def quiet(line: str) -> None:
    """Says nothing while a test builds."""


def test_a_lost_process_is_made_good_and_what_fails_is_named_at_the_end(
    tmp_path: Path, executor: Executor
) -> None:
    asked = orders(tmp_path, NAMES)
    said: list[str] = []
    with pytest.raises(ExceptionGroup, match="2 of 6 boroughs failed") as failure:
        build_all(asked, executor, make=made_by_worker, report=said.append)
    assert sorted(str(error).partition(":")[0] for error in leaves(failure.value)) == [
        f"{BROKEN}, wards, cell 3",
        f"{SPOILT}, its archive",
    ]
    assert "4 of 6 boroughs are built" in said[-1]
    whole = {order.borough for folder, order in asked.items() if stands(folder, order.stamp)}
    assert whole == set(NAMES) - {BROKEN, SPOILT}
    assert len(list((tmp_path / "begun").glob(f"{DEADLY_ONCE} *"))) == 2


def test_a_book_that_ends_every_process_is_given_up_and_ends_no_other(tmp_path: Path) -> None:
    asked = orders(tmp_path, [DEADLY, "Barnet", "Enfield"])
    with LocalProcesses(1) as processes, pytest.raises(ExceptionGroup) as failure:
        build_all(asked, processes, make=made_by_worker, report=quiet)
    (error,) = leaves(failure.value)
    assert isinstance(error, InputError)
    assert error.place.startswith(DEADLY)
    assert "JOBS" in error.remedy
    whole = [folder.name for folder, order in asked.items() if stands(folder, order.stamp)]
    assert whole == ["barnet", "enfield"]


def test_what_stands_is_not_built_again_but_where_it_was_changed(tmp_path: Path) -> None:
    asked = orders(tmp_path, ["Barnet", "Brent", "Enfield"])
    built_again: list[str] = []

    def make(order: Order) -> bytes:
        built_again.append(order.borough)
        return made(order)

    with ThreadPoolExecutor(1) as threads:
        first = build_all(asked, threads, make=make, report=quiet)
        assert sorted(built_again) == sorted(first) == ["Barnet", "Brent", "Enfield"]
        built_again.clear()
        (tmp_path / "brent" / "index.html").write_text("Somebody changed this")
        # As a run leaves it that is killed when a book has just taken the place of another.
        (tmp_path / "barnet.arriving").mkdir()
        other = {tmp_path / "enfield": Order("Enfield", (2022,), "other sources")}
        assert build_all(asked | other, threads, make=make, report=quiet) == first
    assert sorted(built_again) == ["Brent", "Enfield"]
    assert not (tmp_path / "barnet.arriving").exists()


@pytest.mark.parametrize("spoilt", [b"", b"PK", "cut", "of another book", "changed"])
def test_an_archive_that_is_not_what_was_built_leaves_the_last_good_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoilt: bytes | str
) -> None:
    order, output = Order("Barnet", (2022,), "0a"), tmp_path / "barnet"
    unpack(made(order), output, order.stamp)
    before = tree_digest(output)
    archive = made(order, page="new")
    if spoilt == "cut":
        archive = archive[:-30]
    elif spoilt == "of another book":
        archive = made(Order("Brent", (2022,), "0a"))
    elif spoilt == "changed":
        monkeypatch.setattr(stand_in_books, "tree_digest", lambda site: "0" * 64)
        archive = made(order, page="new")
    else:
        archive = spoilt
    with pytest.raises(InputError, match="its digest is another"):
        unpack(archive, output, order.stamp)
    assert tree_digest(output) == before
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["barnet"]


def test_a_worker_with_other_sources_builds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "build_book", lambda *_, **__: pytest.fail("it builds"))
    with pytest.raises(InputError, match="not the same as the one that asks"):
        built(Order("Barnet", (2022,), "those of another commit"))


def test_a_scheduler_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safer_communities.site.london.executors._SECONDS_TO_ANSWER", 0.2)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        with pytest.raises(InputError, match="no scheduler answers"), executor_of(address, 1):
            pass


class Links(HTMLParser):
    """The addresses of the links of a page, those in its map apart, and its texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.on_map: list[str] = []
        self.listed: list[str] = []
        self.texts: list[str] = []
        self.in_map = False
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.in_map |= tag == "svg"
        if tag == "a":
            (self.on_map if self.in_map else self.listed).append(dict(attributes)["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        self.in_map &= tag != "svg"

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_front_page_leads_to_every_borough_that_is_there_from_map_and_list() -> None:
    there = {name: f"{folder_name(name)}/" for name in chosen_boroughs("") if name != "Barnet"}
    page = front_page(there, 2026)
    links = Links(page)
    assert sorted(links.on_map) == sorted(links.listed) == sorted(there.values())
    # Recorded crime of the 12 months to March 2026 per 1,000 residents, in the release of that
    # edition; the rank of Westminster cannot be another.
    assert "12 months to March 2026" in " ".join(links.texts)
    at = links.texts.index("Westminster")
    assert "still the highest" in links.texts[at : at + 3]
    # No link, but the borough is there in both.
    assert page.count("Barnet") == 2
    assert "<script" not in page
    assert "style=" not in page


def test_londons_site_has_the_map_in_front_whatever_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build_some(orders: dict[Path, Order], *_: object, **__: object) -> None:
        for folder, order in orders.items():
            assert order.years == (2025, 2026)
            if order.borough != "Brent":
                unpack(made(order), folder, order.stamp)
        raise ExceptionGroup("1 of 2 boroughs failed", [InputError("Brent", "it fails", "mend it")])

    monkeypatch.setattr(boroughs, "build_all", build_some)
    with pytest.raises(ExceptionGroup, match="1 of 2"):
        build_london([2025, 2026], ["Brent", "Enfield"], ThreadPoolExecutor(1), output=tmp_path)
    assert Links((tmp_path / "index.html").read_text("utf-8")).on_map == ["enfield/"]


def test_two_sites_at_one_address_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Publisher("us", address="https://example.org/")
    monkeypatch.setattr(boroughs, "publisher_of", lambda borough: here)
    monkeypatch.setattr(boroughs, "build_all", lambda *_, **__: {})
    build_london([2026], ["Brent"], ThreadPoolExecutor(1), output=tmp_path)
    with pytest.raises(InputError, match="at one address"):
        build_london([2026], ["Brent", "Enfield"], ThreadPoolExecutor(1), output=tmp_path)


@pytest.mark.long
def test_books_of_a_cluster_are_those_of_this_machine(tmp_path: Path, scheduler: str) -> None:
    digests = []
    for number, address in enumerate((scheduler, "")):
        output = tmp_path / str(number)
        with executor_of(address, jobs=2) as executor:
            pages = build_boroughs(2025, ["Enfield", "Sutton"], executor, output=output)
        digests.append({name: tree_digest(page.parent) for name, page in pages.items()})
    assert digests[0] == digests[1]
    assert all(
        stands(
            tmp_path / "0" / "2025" / folder_name(name),
            Order(name, (2025,), digest_of_sources(ROOT)).stamp,
        )
        for name in digests[0]
    )
