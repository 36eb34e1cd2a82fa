"""The committed notebooks: executed, in the order of the book, and within its rules."""

import ast
import json
import re
from pathlib import Path

import pytest
import yaml

from safer_communities import __main__ as command_line
from safer_communities.project import ROOT
from safer_communities.site.rules.prose import NAMES
from safer_communities.site.run.text_notebooks import read_chapters

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LINES_A_CELL = 10
LETTERS_A_LINE = 100
YEAR = re.compile(r"\b(?:19|20)\d\d\b|\b\d+ months\b")


def notebook(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def code_of(path: Path) -> list[str]:
    return ["".join(c["source"]) for c in notebook(path)["cells"] if c["cell_type"] == "code"]


def loops_in(code: str) -> list[str]:
    """The loops of a cell: a result is stated, and a frame shown, as a whole."""
    loops = (ast.For, ast.While)
    return [ast.unparse(node) for node in ast.walk(ast.parse(code)) if isinstance(node, loops)]


def years_in(code: str) -> list[str]:
    """The texts and numbers of a cell with a year or a period, which the edition knows."""
    values = [
        str(node.value) for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)
    ]
    return [value for value in values if YEAR.search(NAMES.sub("", value))]


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
    templates = [path for path in NOTEBOOKS if "template" in notebook(path)["metadata"]]
    listed = [f"notebooks/{path.stem}" for path in NOTEBOOKS if path not in templates]
    assert sorted(chapters) == listed
    below = [notebook(path)["metadata"]["template"] for path in templates]
    assert not set(below) - set(chapters)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestNotebook:
    def test_every_code_cell_was_executed_in_order(self, path: Path) -> None:
        code = [cell for cell in notebook(path)["cells"] if cell["cell_type"] == "code"]
        assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))

    def test_opens_its_chapter_first(self, path: Path) -> None:
        first = next(code for code in code_of(path) if code)
        assert f'chapter = open_chapter("{path.stem}")' in first.splitlines()

    def test_reads_as_an_article(self, path: Path) -> None:
        for code in code_of(path):
            lines = code.splitlines()
            assert len(lines) <= LINES_A_CELL, code
            assert max(map(len, lines)) <= LETTERS_A_LINE, code
            assert not loops_in(code)

    def test_no_year_or_period_is_typed(self, path: Path) -> None:
        assert [typed for code in code_of(path) for typed in years_in(code)] == []


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ('chapter.year_to("2018-03")', ["2018-03"]),
        ('chapter.words("when", "12 months to February 2022")', ["12 months to February 2022"]),
        ("chapter.crime.trend().table.query('year > 2019')", ["year > 2019"]),
        ("first = 2019", ["2019"]),
        ("note = 'Households of Census 2021'", []),
        ('chapter.strategy.year_of("mopac_burglary_2017")', []),
        ("height, of = 2400, 32", []),
    ],
)
def test_a_typed_year_is_found(code: str, typed: list[str]) -> None:
    assert years_in(code) == typed


def test_a_loop_is_found() -> None:
    assert loops_in("for row in table.itertuples():\n    chapter.fact(row.key, row.value)")
    assert not loops_in("chapter.state_all(chapter.people.profile())")
