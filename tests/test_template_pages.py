"""Pages made from templates: run in one process, named after both, and only where they belong."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
import yaml

from safer_communities.errors import InputError
from safer_communities.project import ROOT
from safer_communities.settings import Settings
from safer_communities.site import all_editions, build, making
from safer_communities.site.pages import year_links
from safer_communities.site.pages.staging import stage
from safer_communities.site.run import book
from safer_communities.site.run.book import executed_book
from safer_communities.site.run.inputs import inputs_of

pytestmark = pytest.mark.slow

TEMPLATE = "from safer_communities.chapter import open_chapter\nchapter = open_chapter('offence')"
STATED = (
    "chapter.fact('offences', len(chapter.offences), unit='offences', label=chapter.page.title)"
)
CONTENTS = """format: jb-book
root: notebooks/summary
parts:
- caption: Start here
  chapters:
  - file: notebooks/offences
"""


def write(root: Path, name: str, prose: str, *code: str, **metadata: str) -> None:
    cells = [nbformat.v4.new_markdown_cell(prose), *map(nbformat.v4.new_code_cell, code)]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.write(notebook, root / "notebooks" / f"{name}.ipynb")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two chapters, and of the template of offences with hardly anything on a page."""
    root = tmp_path_factory.mktemp("project")
    for folder in ("book", "notebooks"):
        (root / folder).mkdir()
    shutil.copy(ROOT / "_config.yml", root)
    (root / "_toc.yml").write_text(CONTENTS)
    (root / "requirements.lock").write_text("made==1\n")
    write(root, "summary", "# Made\n\n[Burglary](offence_burglary.ipynb), [a page](wards.ipynb).")
    html = "'<a href=\"offence_ward_of_elsewhere.html\">Elsewhere</a>'"
    write(root, "offences", "# Offences", f"from IPython.display import HTML\nHTML({html})")
    prose = "# Template\n\nThere are {glue:text}`offences` offences."
    write(root, "offence", prose, TEMPLATE, STATED, template="notebooks/offences")
    (root / "notebooks" / "wards.ipynb").write_bytes(
        (root / "notebooks" / "summary.ipynb").read_bytes()
    )
    return root


def executed(project: Path, cache: Path, *, edition: int = 2026, templates: bool = True) -> dict:
    return executed_book(
        Settings("Enfield", edition),
        root=project,
        inputs=inputs_of(project),
        cache=cache,
        jobs=1,
        report=lambda line: None,
        templates=templates,
    )


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def chapters(project: Path, cache: Path) -> dict[Path, nbformat.NotebookNode]:
    return executed(project, cache)


def test_each_page_has_its_own_name_heading_and_facts(chapters: dict) -> None:
    pages = {path.stem: each for path, each in chapters.items() if "page" in each.metadata}
    assert {"offence_burglary", "offence_stalking_and_harassment"} <= pages.keys()
    assert "offence_possession_of_an_article_with_a_blade_or_point" not in pages
    assert "offence" not in {path.stem for path in chapters}
    page = pages["offence_theft_from_the_person"]
    assert page.cells[0].source.startswith("# Theft from the person in Enfield\n\nThere are")
    assert page.metadata.page == {"title": "Theft from the person", "below": "notebooks/offences"}
    assert "offence_theft_from_the_person.offences" in str(page.cells[2].outputs)


def test_pages_are_kept_and_left_out_when_asked(project: Path, cache: Path, chapters: dict) -> None:
    kept = sorted(path.name for path in cache.rglob("*.json"))
    times = [path.stat().st_mtime_ns for path in sorted(cache.rglob("*.json"))]
    assert executed(project, cache) == chapters
    assert [path.stat().st_mtime_ns for path in sorted(cache.rglob("*.json"))] == times
    assert kept == ["offence.json", "offences.json", "summary.json", "wards.json"]
    without = executed(project, cache, templates=False)
    assert sorted(path.stem for path in without) == ["offences", "summary", "wards"]


def test_the_contents_hold_the_pages_and_links_to_missing_ones_are_words(
    project: Path, cache: Path, chapters: dict, tmp_path: Path
) -> None:
    stage(chapters, root=project, source=tmp_path / "with", config="", borough="Enfield")
    toc = yaml.safe_load((tmp_path / "with" / "_toc.yml").read_text())
    [part] = toc["parts"][0]["chapters"]
    assert {"file": "notebooks/offence_burglary", "title": "Burglary"} in part["sections"]
    summary = (tmp_path / "with" / "notebooks" / "summary.ipynb").read_text()
    assert "[Burglary](offence_burglary.ipynb), [a page](wards.ipynb)" in summary
    offences = (tmp_path / "with" / "notebooks" / "offences.ipynb").read_text()
    assert "offence_ward_of_elsewhere" not in re.sub(r'"source".*', "", offences)

    without = executed(project, cache, templates=False)
    stage(without, root=project, source=tmp_path / "without", config="", borough="Enfield")
    assert (tmp_path / "without" / "_toc.yml").read_text() == CONTENTS
    summary = (tmp_path / "without" / "notebooks" / "summary.ipynb").read_text()
    assert "Made\\n\\nBurglary, [a page](wards.ipynb)" in summary.replace('",\n    "', "")


def test_contents_that_lack_the_page_above_are_refused(
    project: Path, chapters: dict, tmp_path: Path
) -> None:
    shutil.copytree(project, tmp_path / "project")
    moved = {
        tmp_path / "project" / path.relative_to(project): each for path, each in chapters.items()
    }
    (tmp_path / "project" / "_toc.yml").write_text(CONTENTS.replace("offences", "wards"))
    with pytest.raises(InputError, match=r"_toc\.yml: it lacks notebooks/offences"):
        stage(
            moved,
            root=tmp_path / "project",
            source=tmp_path / "source",
            config="",
            borough="Enfield",
        )


def test_a_page_that_another_year_lacks_leads_to_the_page_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = "".join(
        f'<a href="../{year_links.YEARS_FOLDER}{year}/notebooks/offence_arson.html">'
        for year in (2022, 2026)
    )

    def execute(settings: Settings, **_: object) -> dict:
        page = nbformat.v4.new_notebook(metadata={"page": {"below": "notebooks/offences"}})
        return {Path("notebooks/offence_arson.ipynb"): page} if settings.edition == 2026 else {}

    def make_pages(executed: dict, *_: object, work: Path, **__: object) -> Path:
        (work / "notebooks").mkdir(parents=True)
        for path in [Path("notebooks/offences.ipynb"), *executed]:
            (work / path.with_suffix(".html")).write_text(links)
        return work

    monkeypatch.setattr(all_editions, "executed_book", execute)
    monkeypatch.setattr(all_editions, "make_pages", make_pages)
    all_editions.build_site(
        [2022, 2026],
        "Barnet",
        output=tmp_path / "site",
        build_folder=tmp_path / "build",
        report=lambda line: None,
    )
    page = (tmp_path / "site" / "2026" / "notebooks" / "offence_arson.html").read_text()
    assert re.findall('"(.*?)"', page) == [
        "../../2022/notebooks/offences.html",
        "../../2026/notebooks/offence_arson.html",
    ]


def test_a_site_without_the_pages_is_another_one(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that leaves them out is not taken for the whole book, nor the other way round."""
    built: list[bool] = []

    def execute(settings: Settings, *, templates: bool, **_: object) -> dict:
        built.append(templates)
        return {}

    def make_pages(*_: object, work: Path, **__: object) -> Path:
        (work / "html").mkdir()
        (work / "html" / "index.html").touch()
        return work / "html"

    monkeypatch.setattr(book, "executed_book", execute)
    monkeypatch.setattr(making, "make_pages", make_pages)
    for templates in (False, False, True):
        build.build_book(
            Settings(),
            output=tmp_path / "html",
            root=project,
            report=lambda line: None,
            templates=templates,
        )
    assert built == [False, True]
