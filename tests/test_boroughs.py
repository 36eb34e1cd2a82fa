"""The book of other boroughs: their own figures under their own name."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup

from safer_communities.analysis.editions import combine_releases, edition_of
from safer_communities.datasets import load
from safer_communities.errors import InputError, leaves
from safer_communities.facts.output_types import FACT_MIME, GLUE_PREFIX, records_in
from safer_communities.project import ROOT
from safer_communities.settings import DEFAULT_BOROUGH, Settings
from safer_communities.site import boroughs
from safer_communities.site.boroughs import build_boroughs, chosen_boroughs, folder_name
from safer_communities.site.run.book import executed_book
from safer_communities.site.run.inputs import inputs_of

pytestmark = pytest.mark.slow

BUILT = "Enfield"
# Two words and "and" in its name, the fewest residents, and the highest rates: a hard case.
EXECUTED = "Kensington and Chelsea"
STRATEGY = "Community Safety Strategy"
BUILD_FOLDER = ROOT / "_build"


def quiet(line: str) -> None:
    """Says nothing while a test builds."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built book of a borough that has no strategy here."""
    output = tmp_path_factory.mktemp("boroughs")
    command = [sys.executable, "-m", "safer_communities", "boroughs", "--edition", "2022"]
    subprocess.run([*command, "--only", BUILT, "--output", str(output)], check=True)
    return output / "2022" / "enfield"


@pytest.fixture(scope="module")
def chapters() -> dict[str, nbformat.NotebookNode]:
    """The executed chapters of another borough in the newest edition."""
    newest = int(load.table("editions")["edition"].max())
    executed = executed_book(
        Settings(EXECUTED, newest),
        root=ROOT,
        inputs=inputs_of(ROOT),
        cache=BUILD_FOLDER / "cache",
        jobs=2,
        report=quiet,
    )
    return {path.stem: notebook for path, notebook in executed.items()}


def recorded(borough: str, year: int) -> int:
    """All offences of a borough in an edition's twelve months, counted from the tables."""
    edition = edition_of(year, load.table("editions"))
    table = combine_releases([load.recorded_crime(name) for name in edition.borough_crime_releases])
    offences = load.table("offences")
    counted = offences[
        (offences["classification"] == edition.classification) & offences["counted_in_total"]
    ]
    codes = load.table("boroughs").set_index("borough")["area_code"]
    rows = table[
        (table["area_code"] == codes[borough])
        & table["month"].isin(edition.period.months())
        & table["offence"].isin(counted["offence"])
    ]
    return int(rows["count"].sum())


def indicators(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "downloads" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_the_total_is_the_boroughs_own(book: Path) -> None:
    total = indicators(book)["crime_levels.change_count"]
    assert total["area"] == BUILT
    assert float(total["value"]) == recorded(BUILT, 2022) != recorded(DEFAULT_BOROUGH, 2022)


def test_every_chapter_about_the_borough_names_it(book: Path) -> None:
    of_borough = {row["chapter"] for row in indicators(book).values() if row["area"] == BUILT}
    assert len(of_borough) >= 7
    for chapter in of_borough:
        page = BeautifulSoup((book / f"notebooks/{chapter}.html").read_text("utf-8"), "lxml")
        assert BUILT in page.select_one("article").get_text(), chapter


def test_no_page_gives_figures_of_the_strategys_borough_as_its_own(book: Path) -> None:
    """What shows one of Barnet's totals must say that it is about Barnet.

    A sentence says so itself; a row of a table, above or below the table. What the strategy says
    is about the borough whose strategy it is.
    """
    foreign = [f"{recorded(DEFAULT_BOROUGH, year):,}" for year in (2022, 2026)]
    for path in sorted(book.glob("notebooks/*.html")):
        article = BeautifulSoup(path.read_text("utf-8"), "lxml").select_one("article")
        for block in article.select("p, li, tr, h1, h2, h3, figcaption"):
            text = block.get_text(" ")
            if any(re.search(rf"(?<![\d,]){total}(?![\d,])", text) for total in foreign):
                if block.name == "tr" and (exhibit := block.find_parent(class_="exhibit")):
                    text += exhibit.get_text(" ")
                assert DEFAULT_BOROUGH in text or STRATEGY in text, f"{path.name}: {text[:200]}"


def test_no_fact_of_another_borough_is_labelled_with_this_one(
    chapters: dict[str, nbformat.NotebookNode],
) -> None:
    newest = int(load.table("editions")["edition"].max())
    facts = {
        fact["id"]: fact
        for notebook in chapters.values()
        for records in records_in(notebook, f"{GLUE_PREFIX}{FACT_MIME}")
        for fact in records
    }
    total = facts["crime_levels.change_count"]
    assert (total["area"], float(total["value"])) == (EXECUTED, recorded(EXECUTED, newest))
    foreign = {float(recorded(DEFAULT_BOROUGH, year)) for year in (2022, newest)}
    for fact in facts.values():
        if float(fact["value"]) in foreign:
            assert fact["area"] == DEFAULT_BOROUGH, fact["id"]


def test_one_that_fails_is_told_at_the_end_and_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(settings: Settings, *, output: Path, **_: object) -> Path:
        if settings.borough == "Camden":
            raise ExceptionGroup("2 of 14", [InputError("wards, cell 3", "no wards", "add them")])
        if settings.borough == "Harrow":
            raise KeyError("a fault of ours")
        return output / "index.html"

    monkeypatch.setattr(boroughs, "build_book", build)
    said: list[str] = []
    with pytest.raises(ExceptionGroup, match="2 of 32 boroughs failed") as failure:
        build_boroughs(
            2022,
            chosen_boroughs(""),
            output=tmp_path,
            build_folder=tmp_path,
            jobs=4,
            report=said.append,
        )
    assert len(said) == 33
    assert "30 of 32 boroughs are built" in said[-1]
    errors = leaves(failure.value)
    assert {type(error) for error in errors} == {InputError, KeyError}
    places = [error.place for error in errors if isinstance(error, InputError)]
    assert places == ["Camden, wards, cell 3"]


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
        build_boroughs(1999, ["Brent"], output=tmp_path, build_folder=tmp_path, report=quiet)


def test_the_matrix_holds_every_borough_once() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/boroughs.yml").read_text("utf-8"))
    groups = workflow["jobs"]["build"]["strategy"]["matrix"]["boroughs"]
    assert sorted(name for group in groups for name in group.split(",")) == chosen_boroughs("")
