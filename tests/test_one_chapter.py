"""`make chapter`: one chapter run and checked, with what is wrong and where."""

import shutil
from pathlib import Path

import nbformat
import pytest

from safer_communities.errors import InputError, leaves
from safer_communities.project import ROOT
from safer_communities.settings import Settings
from safer_communities.site.run.one_chapter import run_chapter

pytestmark = pytest.mark.slow

OPENED = "from safer_communities.chapter import open_chapter\nchapter = open_chapter('made')"
FACT = "chapter.fact('calls', len(chapter.boroughs), unit='calls', label='Calls')"
SHOWN = (
    "import pandas as pd\n"
    "chapter.show(pd.DataFrame({'area': ['Ayton']}), headline='Calls: {calls}')"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "book").mkdir()
    shutil.copy(ROOT / "book" / "glossary.md", tmp_path / "book")
    return tmp_path


def saved(root: Path, prose: str, *code: str) -> Path:
    cells = [nbformat.v4.new_markdown_cell(prose), *map(nbformat.v4.new_code_cell, code)]
    path = root / "notebooks" / "made.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def problems(root: Path, name: str = "made") -> list[str]:
    with pytest.raises((InputError, ExceptionGroup)) as caught:
        run_chapter(name, Settings(), root=root, report=print)
    return [f"{error.place}: {error.problem}. {error.remedy}" for error in leaves(caught.value)]


def test_a_good_chapter_is_run_told_and_saved(root: Path) -> None:
    path = saved(root, "There were {glue:text}`calls` calls.", OPENED, FACT, SHOWN)
    told: list[str] = []
    run_chapter("made", Settings(), root=root, report=told.append)
    assert told[0] == "  table  Calls: 32"
    assert told[-1].startswith("made is right: 1 facts, ")
    assert told[-1].endswith(" s, saved with its outputs")
    cells = nbformat.read(path, as_version=4).cells
    assert [cell.execution_count for cell in cells[1:]] == [1, 2, 3]


def test_another_edition_is_run_and_not_saved(root: Path) -> None:
    path = saved(root, "There were {glue:text}`calls` calls.", OPENED, FACT)
    before = path.read_bytes()
    told: list[str] = []
    run_chapter("made", Settings("Enfield", 2025), root=root, report=told.append)
    assert path.read_bytes() == before
    assert "saved" not in told[-1]


def test_a_name_that_does_not_exist_is_answered_with_the_nearest(root: Path) -> None:
    saved(root, "Words.", OPENED)
    assert problems(root, "mode") == ["NAME: there is no chapter 'mode'. write 'made'"]


def test_what_is_wrong_is_told_with_cell_and_line(root: Path) -> None:
    saved(root, "Words.\n\nThere were 12 calls.", OPENED)
    assert problems(root)[0].startswith("made.ipynb, cell 1, line 3: a number is typed into prose")
    saved(root, "There were {glue:text}`calls`, {glue:text}`callls`.", OPENED, FACT)
    assert problems(root)[0].startswith("made.ipynb, cell 1, line 1: no fact or wording")
    saved(root, "Words.", OPENED, "value = 1\nvalue / 0")
    assert problems(root)[0].startswith("made.ipynb, cell 3, line 2: ZeroDivisionError")
