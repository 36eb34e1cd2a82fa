"""The site of all editions: each year linked to the others, the newest at the top."""

import csv
import shutil
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, expect

from another_book import ANOTHER_BOROUGH, NEWEST_EDITION, recorded
from made_book import make_book, write_notebook
from safer_communities.datasets import load
from safer_communities.errors import InputError, leaves
from safer_communities.project import ROOT
from safer_communities.settings import DEFAULT_EDITION, Settings
from safer_communities.site import all_editions
from safer_communities.site.all_editions import build_site, chosen_years, config_with_year_links
from safer_communities.site.pages import year_links

pytestmark = pytest.mark.slow

OLD, NEW = DEFAULT_EDITION, NEWEST_EDITION
# The first leads to the summary at once, before anything could be read; the second stands at the
# top alone, for addresses where there is no page.
NO_PAGES = ("index.html", "404.html")


# Few chapters, with what the tests look for.
COUNTED = """
from safer_communities.chapter import *
chapter = open_chapter("{name}")
chapter.fact("change_count", chapter.crime.count(), unit="offences", label="Offences")
"""


@pytest.fixture(
    scope="module", params=["few pages", pytest.param("every page", marks=pytest.mark.long)]
)
def years(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site of another borough: an older edition, and the newest at the top."""
    if request.param == "every page":
        return request.getfixturevalue("all_years")
    root = make_book(tmp_path_factory.mktemp("few"))
    shutil.copy(ROOT / "_config.yml", root)
    shutil.copytree(ROOT / "book" / "_static", root / "book" / "_static")
    contents = (root / "_toc.yml").read_text()
    (root / "_toc.yml").write_text(contents.replace("other", "crime_levels"))
    (root / "notebooks" / "other.ipynb").unlink()
    prose = "# Made\n\nRecorded crime in the {glue:text}`period`: {glue:text}`change_count`."
    for name in ("summary", "crime_levels"):
        write_notebook(root, name, COUNTED.format(name=name), prose=prose)
    work = tmp_path_factory.mktemp("site")
    return build_site(
        [OLD, NEW],
        ANOTHER_BOROUGH,
        output=work / "site",
        root=root,
        build_folder=work / "build",
        jobs=2,
        report=lambda line: None,
    ).parent


@cache
def parsed(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


def names_of_pages(edition: Path) -> list[str]:
    """The pages of one edition, by their path in it; not those of the years below the top."""
    paths = (path.relative_to(edition).as_posix() for path in edition.rglob("*.html"))
    return sorted(
        name for name in paths if name not in NO_PAGES and not name.startswith(("20", "_static"))
    )


def pages_of_all(site: Path) -> list[tuple[Path, str, int]]:
    """Each page: its edition's folder, its path in it, its year."""
    folders = [(site, NEW), (site / str(OLD), OLD), (site / str(NEW), NEW)]
    return [(folder, name, year) for folder, year in folders for name in names_of_pages(folder)]


def test_every_edition_has_the_same_pages(years: Path) -> None:
    pages = names_of_pages(years)
    assert {"notebooks/summary.html", "notebooks/crime_levels.html"} <= set(pages)
    assert pages == names_of_pages(years / str(OLD)) == names_of_pages(years / str(NEW))


@pytest.mark.parametrize("part", [".version-switcher__menu", "nav.years"])
def test_every_page_links_to_itself_in_every_year(years: Path, part: str) -> None:
    for folder, name, year in pages_of_all(years):
        page = parsed(folder / name)
        found = {
            int(link.get_text()[:4]): ((folder / name).parent / link["href"]).resolve()
            for link in page.select(f"{part} a")
        }
        others = {OLD, NEW} - {year}
        assert others <= found.keys(), name
        for each, target in found.items():
            assert target == (years / str(each) / name).resolve()
            assert target.is_file()
        current = page.select(f"{part} [aria-current]")
        assert [each.get_text()[:4] for each in current] == [str(year)]


def test_only_the_older_editions_say_that_a_newer_one_exists(years: Path) -> None:
    for folder, name, year in pages_of_all(years):
        notice = parsed(folder / name).select_one(".bd-header-announcement")
        if year == NEW:
            assert notice is None
            continue
        assert f"{OLD} edition" in notice.get_text()
        assert "not the newest" in notice.get_text()
        target = (folder / name).parent / notice.a["href"]
        assert target.resolve() == (years / name).resolve()


def test_a_reader_changes_the_year_with_the_keyboard_and_stays_on_the_page(
    years: Path, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": 1366, "height": 900})
    page.goto((years / str(OLD) / "notebooks/crime_levels.html").as_uri())
    for year in (NEW, OLD):
        page.locator(".version-switcher__button").focus()
        page.keyboard.press("Enter")
        link = page.locator(f".version-switcher__menu a[href*='{year}/']")
        expect(link).to_be_visible()
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{year}/notebooks/crime_levels.html")
        expect(page.locator("article")).to_contain_text(f"12 months to March {year}")
    page.close()


@pytest.mark.long
def test_every_link_on_a_page_at_the_top_leads_somewhere(all_years: Path) -> None:
    dead = []
    for name in names_of_pages(all_years):
        for tag in parsed(all_years / name).select("[href], [src]"):
            address = urlsplit(tag.get("href") or tag.get("src"))
            target = (all_years / name).parent / unquote(address.path)
            if not address.scheme and address.path and not target.exists():
                dead.append((name, address.path))
    assert dead == []


def test_the_top_is_the_newest_edition_but_for_its_way_to_the_years(years: Path) -> None:
    page = "notebooks/crime_levels.html"
    top, newest = parsed(years / page), parsed(years / str(NEW) / page)
    assert str(top.select_one("article")) == str(newest.select_one("article"))
    for folder in (years, years / str(NEW)):
        assert (folder / "downloads" / "indicators.csv").is_file()
        assert (folder / "index.html").is_file()


def test_each_edition_has_its_own_figures(years: Path) -> None:
    totals = {}
    for year in (OLD, NEW):
        path = years / str(year) / "downloads" / "indicators.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = {row["id"]: row for row in csv.DictReader(file)}
        totals[year] = float(rows["crime_levels.change_count"]["value"])
    assert totals == {year: recorded(ANOTHER_BOROUGH, year) for year in (OLD, NEW)}
    assert totals[NEW] != totals[OLD]


def test_no_mark_is_left_in_any_file(years: Path) -> None:
    for path in years.rglob("*.html"):
        assert year_links.YEARS_FOLDER not in path.read_text(encoding="utf-8")


def test_a_site_that_fails_tells_the_edition_and_leaves_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def execute(settings: Settings, **_: object) -> dict:
        raise InputError("wards.ipynb, cell 3", f"no wards in {settings.edition}", "add them")

    monkeypatch.setattr(all_editions, "executed_book", execute)
    output = tmp_path / "site"
    output.mkdir()
    (output / "index.html").write_text("the last good one")
    with pytest.raises(ExceptionGroup) as failure:
        build_site(
            [OLD, NEW],
            "Barnet",
            output=output,
            build_folder=tmp_path / "build",
            report=lambda line: None,
        )
    places = [error.place for error in leaves(failure.value)]
    assert places == [f"edition {year}, wards.ipynb, cell 3" for year in (OLD, NEW)]
    assert (output / "index.html").read_text() == "the last good one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site", "site.lock"]


def test_a_page_that_one_edition_lacks_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link to the same page in another year would lead nowhere."""

    def execute(settings: Settings, **_: object) -> dict:
        names = ["summary.ipynb"] + ["wards.ipynb"] * (settings.edition == NEW)
        return {Path(name): nbformat.v4.new_notebook() for name in names}

    def make_pages(executed: dict, *_: object, work: Path, **__: object) -> Path:
        work.mkdir()
        for path in executed:
            (work / path.with_suffix(".html")).write_text("a page")
        return work

    monkeypatch.setattr(all_editions, "executed_book", execute)
    monkeypatch.setattr(all_editions, "make_pages", make_pages)
    with pytest.raises(InputError, match=rf"edition {OLD}.*wards\.html"):
        build_site(
            [OLD, NEW],
            "Barnet",
            output=tmp_path / "site",
            build_folder=tmp_path / "build",
            report=lambda line: None,
        )
    assert not (tmp_path / "site").exists()


def test_all_editions_are_built_unless_some_are_named() -> None:
    assert chosen_years("") == sorted(load.table("editions")["edition"])
    assert chosen_years(f"{NEW}, {OLD}") == [OLD, NEW]
    with pytest.raises(InputError, match="no edition 1999"):
        chosen_years("1999")


def test_the_books_own_configuration_is_kept() -> None:
    text = (ROOT / "_config.yml").read_text(encoding="utf-8")
    before = yaml.safe_load(text)["sphinx"]["config"]
    after = yaml.safe_load(config_with_year_links(text, OLD, {OLD: "one", NEW: "two"}))
    after = after["sphinx"]["config"]
    assert after["extensions"][:-1] == before["extensions"]
    assert {name: after[name] for name in before.keys() - {"extensions", "html_theme_options"}} == {
        name: before[name] for name in before.keys() - {"extensions", "html_theme_options"}
    }
