"""The book of other boroughs: their own figures under their own name."""

import csv
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from another_book import ANOTHER_BOROUGH, NEWEST_EDITION, recorded
from safer_communities.errors import InputError, leaves
from safer_communities.project import ROOT
from safer_communities.settings import DEFAULT_BOROUGH, DEFAULT_EDITION
from safer_communities.site.london.archives import Order
from safer_communities.site.london.boroughs import (
    build_all,
    build_boroughs,
    chosen_boroughs,
    folder_name,
)
from safer_communities.site.rebuilding import stands
from safer_communities.site.run.text_notebooks import read_chapters
from stand_in_books import made

pytestmark = pytest.mark.slow

STRATEGY = "Community Safety Strategy"
NAMES = chosen_boroughs("")


def quiet(line: str) -> None:
    """Says nothing while a test builds."""


@pytest.fixture
def book(another_book: Path) -> Path:
    """The folder of the built book of a borough that has no strategy here."""
    return another_book


def indicators(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "downloads" / "indicators.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_the_total_is_the_boroughs_own(book: Path) -> None:
    total = indicators(book)["crime_levels.change_count"]
    assert total["area"] == ANOTHER_BOROUGH
    own, foreign = (
        recorded(borough, int(book.name)) for borough in (ANOTHER_BOROUGH, DEFAULT_BOROUGH)
    )
    assert float(total["value"]) == own != foreign


def test_every_chapter_about_the_borough_names_it(book: Path) -> None:
    of_borough = {
        row["chapter"] for row in indicators(book).values() if row["area"] == ANOTHER_BOROUGH
    }
    assert len(of_borough) >= 7
    pages = {path.stem: path.relative_to(ROOT).with_suffix(".html") for path in read_chapters(ROOT)}
    for chapter in of_borough:
        page = BeautifulSoup((book / pages[chapter]).read_text("utf-8"), "lxml")
        assert ANOTHER_BOROUGH in page.select_one("article").get_text(), chapter


def test_no_page_gives_figures_of_the_strategys_borough_as_its_own(book: Path) -> None:
    """What shows one of Barnet's totals must say that it is about Barnet.

    A sentence says so itself; a row of a table, above or below the table. What the strategy says
    is about the borough whose strategy it is.
    """
    foreign = [f"{recorded(DEFAULT_BOROUGH, year):,}" for year in (DEFAULT_EDITION, NEWEST_EDITION)]
    for path in sorted(book.glob("notebooks/*.html")):
        article = BeautifulSoup(path.read_text("utf-8"), "lxml").select_one("article")
        for block in article.select("p, li, tr, h1, h2, h3, figcaption"):
            text = block.get_text(" ")
            if any(re.search(rf"(?<![\d,]){total}(?![\d,])", text) for total in foreign):
                if block.name == "tr" and (exhibit := block.find_parent(class_="exhibit")):
                    text += exhibit.get_text(" ")
                assert DEFAULT_BOROUGH in text or STRATEGY in text, f"{path.name}: {text[:200]}"


def test_no_fact_of_another_borough_is_labelled_with_this_one(book: Path) -> None:
    foreign = {float(recorded(DEFAULT_BOROUGH, year)) for year in (DEFAULT_EDITION, int(book.name))}
    for name, fact in indicators(book).items():
        if float(fact["value"]) in foreign:
            assert fact["area"] == DEFAULT_BOROUGH, name


def test_one_that_fails_is_told_at_the_end_and_stops_no_other(tmp_path: Path) -> None:
    folders = {tmp_path / folder_name(name): Order(name, (2022,), "0a") for name in NAMES}

    def make(order: Order) -> bytes:
        if order.borough == "Camden":
            raise ExceptionGroup("2 of 14", [InputError("wards, cell 3", "no wards", "add them")])
        if order.borough == "Harrow":
            raise KeyError("a fault of ours")
        return made(order)

    said: list[str] = []
    with (
        ThreadPoolExecutor(4) as threads,
        pytest.raises(ExceptionGroup, match="2 of 32 boroughs failed") as failure,
    ):
        build_all(folders, threads, make=make, report=said.append)
    assert len(said) == 33
    assert "30 of 32 boroughs are built" in said[-1]
    errors = leaves(failure.value)
    assert {type(error) for error in errors} == {InputError, KeyError}
    places = [error.place for error in errors if isinstance(error, InputError)]
    assert places == ["Camden, wards, cell 3"]
    assert sum(stands(folder, order.stamp) for folder, order in folders.items()) == 30


def test_every_borough_has_a_folder_of_its_own() -> None:
    names = chosen_boroughs("")
    assert len(names) == 32
    assert len({folder_name(name) for name in names}) == 32
    assert folder_name("Hammersmith and Fulham") == "hammersmith-and-fulham"


def test_some_boroughs_can_be_chosen_and_others_are_refused() -> None:
    assert chosen_boroughs(" enfield,BRENT, Enfield") == ["Brent", "Enfield"]
    with pytest.raises(InputError, match="'Atlantis'"):
        chosen_boroughs("Brent,Atlantis")


def test_an_edition_that_does_not_exist_is_told_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no edition 1999"):
        build_boroughs(1999, ["Brent"], ThreadPoolExecutor(1), output=tmp_path, report=quiet)


def test_the_matrix_holds_every_borough_once() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/boroughs.yml").read_text("utf-8"))
    groups = workflow["jobs"]["build"]["strategy"]["matrix"]["boroughs"]
    assert sorted(name for group in groups for name in group.split(",")) == chosen_boroughs("")
