"""Rebuilding the book after real changes: what runs again, and that no page is stale.

Every time, a small book is built here and as on another machine and day, and the cache of the real
one is asked what each change runs again. The real pages are made anew and changed in `make fuzz`.
"""

import copy
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pandas as pd
import pytest

import another_machine
from made_book import make_book, write_notebook
from made_releases import contents
from safer_communities.datasets import description
from safer_communities.project import ROOT
from safer_communities.settings import Settings
from safer_communities.site import making
from safer_communities.site.build import build_book
from safer_communities.site.run.chapter_cache import ChapterCache
from safer_communities.site.run.inputs import SOURCES, inputs_of
from safer_communities.site.run.template_pages import is_template
from safer_communities.site.run.text_notebooks import read_chapters
from safer_communities.site.take_away.downloads import write_downloads

pytestmark = pytest.mark.slow

WITHOUT_TEMPLATES = "--without-templates"
# Without templates, whose pages the builds after a change leave out.
CHAPTERS = {
    path.stem: notebook
    for path, notebook in read_chapters(ROOT).items()
    if not is_template(notebook)
}


def copy_project(to: Path, of: Path = ROOT) -> Path:
    to.mkdir()
    for name in SOURCES:
        path = of / name
        if path.is_file():
            shutil.copy(path, to)
        else:
            shutil.copytree(path, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    return to


def build(project: Path, *options: str, **environment: str) -> list[str]:
    """The chapters that a build of the project runs, in order of their names."""
    run = subprocess.run(
        [sys.executable, "-m", "safer_communities", "book", *options],
        env={**os.environ, "PYTHONPATH": str(project / "src"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    ran = re.findall(r"^  \[\d+/\d+\] (.+?): ", run.stdout, re.MULTILINE)
    return sorted(ran)


def change_cell(path: Path, kind: str, old: str, new: str) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(c for c in notebook["cells"] if c["cell_type"] == kind and old in c["source"][0])
    cell["source"][0] = cell["source"][0].replace(old, new)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def add_offences(path: Path) -> None:
    """A hundred more burglaries of one month in Barnet, and in its total."""
    table = pd.read_csv(path)
    changed = (
        (table["month"] == "2024-06-01")
        & (table["area_code"] == "E09000003")
        & table["offence"].isin(["Burglary", "Total notifiable offences"])
    )
    assert changed.sum() == 2
    table.loc[changed, "offences"] += 100
    table.to_csv(path, index=False)
    description.write(path.parent)


def add_line(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line)


def calling(call: str) -> list[str]:
    """The chapters whose code makes the call."""
    return [
        name
        for name, notebook in CHAPTERS.items()
        if any(call in cell.source for cell in notebook.cells if cell.cell_type == "code")
    ]


# What no chapter has to run for; and what some have to, with these.
CHANGES_OF_TEXT: tuple[Callable[[Path], None], ...] = (
    lambda project: change_cell(
        project / "notebooks/crime_rankings.ipynb", "markdown", "# ", "# Changed: "
    ),
    lambda project: add_line(project / "book/foreword.md", "\nOne more sentence.\n"),
    # How a page is made after its chapter ran.
    lambda project: add_line(
        project / "src/safer_communities/site/pages/exhibits.py", "\n# Changed.\n"
    ),
)
CHANGES_OF_CHAPTERS: tuple[tuple[Callable[[Path], None], list[str]], ...] = (
    (
        lambda project: change_cell(
            project / "notebooks/wards.ipynb",
            "code",
            "import seaborn",
            "# Changed.\nimport seaborn",
        ),
        ["wards"],
    ),
    (
        lambda project: add_offences(project / "data/positive_outcomes.csv"),
        # A changed table is described anew, and two pages show the descriptions.
        calling("chapter.outcomes") + calling("data_sources()") + calling("data_dictionary()"),
    ),
)


@dataclass(frozen=True)
class Story:
    project: Path
    at_first: list[str]
    first_bytes: dict[str, bytes]
    changed: list[str]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, site: Path) -> Story:
    """The copy, built before and after the changes: the chapters that ran, and all files."""
    project = copy_project(tmp_path_factory.mktemp("changed") / "project")
    shutil.copytree(
        # What the chapters showed, and no finished page.
        ROOT / "_build" / "cache",
        project / "_build" / "cache",
        ignore=lambda *_: ["made"],
    )
    at_first = build(project, **another_machine.environment(project / "src"), EDITION="")
    first_bytes = contents(project / "_build" / "html")
    for change in CHANGES_OF_TEXT:
        change(project)
    for change, _ in CHANGES_OF_CHAPTERS:
        change(project)
    return Story(project, at_first, first_bytes, build(project, WITHOUT_TEMPLATES))


@pytest.mark.long
def test_pages_made_anew_on_another_machine_and_day_are_the_same_byte_for_byte(
    story: Story, site: Path
) -> None:
    """No chapter runs: that their outputs are the same there is what nbval finds."""
    assert story.at_first == []
    assert_same(story.first_bytes, contents(site))


@pytest.mark.long
def test_a_change_runs_exactly_the_chapters_that_it_concerns(story: Story) -> None:
    concerned = {chapter for _, chapters in CHANGES_OF_CHAPTERS for chapter in chapters}
    assert len(concerned) > 1
    assert story.changed == sorted(concerned)


@pytest.mark.long
def test_a_change_reaches_the_pages(story: Story) -> None:
    pages = contents(story.project / "_build" / "html")
    assert b"<h1>Changed: " in pages["notebooks/crime_rankings.html"]
    assert b"One more sentence." in pages["book/foreword.html"]
    # A figure that changed in a table is in the downloads too.
    changed = {path for path, content in pages.items() if content != story.first_bytes.get(path)}
    assert any(path.startswith("downloads/") for path in changed)


@pytest.mark.long
def test_a_clean_build_of_the_changed_project_is_the_same_byte_for_byte(
    story: Story, tmp_path: Path
) -> None:
    clean = copy_project(tmp_path / "elsewhere", of=story.project)
    environment = another_machine.environment(clean / "src")
    ran = build(clean, WITHOUT_TEMPLATES, **environment, EDITION="")
    assert ran == sorted(CHAPTERS)
    first, second = (contents(each / "_build" / "html") for each in (story.project, clean))
    assert_same(first, second)


def assert_same(first: dict[str, bytes], second: dict[str, bytes]) -> None:
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []


BUILD = """
import sys
from pathlib import Path
from safer_communities.settings import Settings
from safer_communities.site.build import build_book
build_book(Settings(), output=Path(sys.argv[2]), root=Path(sys.argv[1]), jobs=1)
"""
COUNTED = """
from safer_communities.chapter import *
chapter = open_chapter("summary")
chapter.fact("count", chapter.crime.count(), unit="offences", label="Offences")
"""


def test_a_small_book_is_the_same_on_another_machine_and_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A count, and a chapter of the real book with a map and a distribution."""
    root = make_book(tmp_path)
    for name in ("_config.yml", "publisher.yml"):
        shutil.copy(ROOT / name, root)
    shutil.copytree(ROOT / "book" / "_static", root / "book" / "_static")
    contents_of_book = root / "_toc.yml"
    contents_of_book.write_text(contents_of_book.read_text().replace("other", "wards"))
    (root / "notebooks" / "other.ipynb").unlink()
    write_notebook(root, "summary", COUNTED, prose="# Made\n\n{glue:text}`count` offences.")
    wards = nbformat.read(ROOT / "notebooks" / "wards.ipynb", as_version=4)
    code = [cell.source for cell in wards.cells if cell.cell_type == "code"]
    # It has no small multiples, no pages of wards to lead to, and no other table of wards.
    left_out = re.compile(r"small|overview|^ward_links\(")
    write_notebook(root, "wards", *(cell for cell in code if not left_out.search(cell)))
    # With every sheet.
    monkeypatch.setattr(making, "write_downloads", write_downloads)
    here, there = (tmp_path / place / "html" for place in ("here", "there"))
    build_book(Settings(), output=here, root=root, jobs=1, report=lambda line: None)
    run = subprocess.run(
        [sys.executable, "-c", BUILD, str(root), str(there)],
        env={**os.environ, **another_machine.environment(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    first = contents(here)
    assert len([path for path in first if path.endswith(".svg")]) > 3
    assert_same(first, contents(there))


@pytest.fixture(scope="module")
def kept(site: Path) -> Callable[..., set[str]]:
    """Which chapters keep what they showed when files and chapters are others than now.

    Which entries of the cache hold decides what a build runs.
    """
    inputs = inputs_of(ROOT)

    def held(folder: Path, changed: list[str], chapters: dict) -> set[str]:
        assert inputs.keys() >= set(changed)
        cache = ChapterCache(folder, ROOT, inputs | dict.fromkeys(changed, "changed"))
        return {name for name, each in chapters.items() if cache.outputs(name, each) is not None}

    books = [
        folder
        for folder in (ROOT / "_build" / "cache").iterdir()
        if held(folder, [], CHAPTERS) == CHAPTERS.keys()
    ]
    assert books
    return lambda *changed, chapters=CHAPTERS: held(books[0], list(changed), chapters)


@pytest.mark.parametrize(
    "module", ["charts/boroughs/tiles.py", "analysis/wards/wards.py", "facts/fact.py"]
)
def test_changed_code_that_chapters_import_runs_every_chapter(kept: Callable, module: str) -> None:
    assert kept(f"src/safer_communities/{module}") == set()


def test_a_changed_table_runs_the_chapters_that_read_it_or_its_description(kept: Callable) -> None:
    again = CHAPTERS.keys() - kept("data/positive_outcomes.csv", "data/datapackage.yaml")
    assert again == set(CHANGES_OF_CHAPTERS[1][1])
    assert 1 < len(again) < len(CHAPTERS)


def test_changed_code_of_one_chapter_runs_that_and_changed_prose_none(kept: Callable) -> None:
    for kind, again in (("code", {"wards"}), ("markdown", set())):
        chapters = copy.deepcopy(CHAPTERS)
        cell = next(cell for cell in chapters["wards"].cells if cell.cell_type == kind)
        cell.source += "\n# Changed."
        assert CHAPTERS.keys() - kept(chapters=chapters) == again
    # How a page is made after its chapter ran.
    assert kept("src/safer_communities/site/pages/exhibits.py") == CHAPTERS.keys()
