"""The committed notebooks: executed, in the order of the book, and within its rules."""

import json
from pathlib import Path

import pytest
import yaml

from safer_communities import __main__ as command_line
from safer_communities.project import ROOT
from safer_communities.site.run.text_notebooks import read_chapters

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def notebook(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def code_of(path: Path) -> list[str]:
    return ["".join(c["source"]) for c in notebook(path)["cells"] if c["cell_type"] == "code"]


def test_every_chapter_keeps_the_rules_and_states_what_it_quotes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command_line.main(["rules"]) == 0
    assert f"{len(read_chapters(ROOT))} chapters" in capsys.readouterr().out


def test_every_notebook_is_a_chapter_of_the_book_and_every_chapter_is_there() -> None:
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    pages = [contents["root"]]
    for part in contents["parts"]:
        pages += [page["file"] for page in part["chapters"]]
    chapters = [page for page in pages if page.startswith("notebooks/")]
    assert contents["root"] == "notebooks/summary"
    assert sorted(chapters) == [f"notebooks/{path.stem}" for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestNotebook:
    def test_every_code_cell_was_executed_in_order(self, path: Path) -> None:
        code = [cell for cell in notebook(path)["cells"] if cell["cell_type"] == "code"]
        assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))

    def test_opens_its_chapter_first(self, path: Path) -> None:
        first = next(code for code in code_of(path) if code)
        assert f'chapter = open_chapter("{path.stem}")' in first.splitlines()

    def test_no_cell_is_long(self, path: Path) -> None:
        assert all(len(code.splitlines()) <= 20 for code in code_of(path))
