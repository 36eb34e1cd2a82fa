"""The committed notebooks: executed, and without a number or a direction typed by hand."""

import ast
import json
import re
from pathlib import Path

import pytest
import yaml

from safer_communities.project import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

# Numbers that may stand in prose: names, standards and the definition of the tests.
TYPED_NUMBERS_ALLOWED = [
    r"Strategy 2022-2027",
    r"Census 2021",
    r"Priority [1-5]",
    r"per 1,000",
    r"in every 1,000",
    r"every 1,000",
    r"95% intervals?",
    r"p <= 0\.05",
    r"classification of 2024",
    r"aged 11 to 18",
    r"aged 85 or over",
    r"[Ii]n 2017 the police widened",
    r"early 2024",
    r"May 2022",
    r"to February 2022",
]
# A direction in prose is a statement about the data: it has to come from a fact.
DIRECTION_WORDS = re.compile(
    r"\b(rose|fell|risen|fallen|increased?|decreased?|grew|shrank|dropped|climbed|soared|"
    r"halved|doubled|higher than|lower than|more than in|fewer than in)\b",
    re.IGNORECASE,
)
# Sentences that explain what would happen, not what did.
DIRECTIONS_ALLOWED = [
    r"It rises when more people report and when recording improves",
    r"Theft and sexual offences fell then and came back",
    r"a fall since then does not show",
]
GLUE = re.compile(r"\{glue:text\}`[a-z0-9_]+`")
PLACEHOLDER = re.compile(r"\{[a-z0-9_]+\}")
LINK = re.compile(r"\]\([^)]*\)|`[^`]*`")


def notebook(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def prose(path: Path) -> list[str]:
    """The Markdown of a notebook, and the words given to its charts and tables."""
    texts = []
    for cell in notebook(path)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            texts.append(LINK.sub("", GLUE.sub("", source)))
        else:
            texts += [PLACEHOLDER.sub("", text) for text in shown_texts(source)]
    return texts


def shown_texts(source: str) -> list[str]:
    """The headline, subtitle, alt and description of every `chapter.show` in a cell."""
    return [
        keyword.value.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in {"headline", "subtitle", "alt", "description"}
        and isinstance(keyword.value, ast.Constant)
    ]


def without(patterns: list[str], text: str) -> str:
    return re.sub("|".join(patterns), "", text)


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

    def test_outputs_that_prose_quotes_are_in_the_notebook(self, path: Path) -> None:
        cells = notebook(path)["cells"]
        quoted = set()
        for cell in cells:
            if cell["cell_type"] == "markdown":
                source = "".join(cell["source"])
                quoted |= set(re.findall(r"\{glue:text\}`([a-z0-9_]+)`", source))
                quoted |= set(re.findall(r"\{glue:\} ([a-z0-9_]+)", source))
        glued = {
            output["metadata"]["scrapbook"]["name"]
            for cell in cells
            for output in cell.get("outputs", [])
            if "scrapbook" in output.get("metadata", {})
        }
        assert quoted
        assert quoted <= glued

    def test_opens_with_one_import_and_the_chapter(self, path: Path) -> None:
        code = ["".join(c["source"]) for c in notebook(path)["cells"] if c["cell_type"] == "code"]
        lines = [line for line in code[0].splitlines() if line]
        assert lines[0].startswith("from safer_communities.chapter import ")
        assert lines[1] == f'chapter = open_chapter("{path.stem}")'
        assert not any(re.search(r"^\s*(import|from) ", cell, re.MULTILINE) for cell in code[1:])

    def test_no_number_is_typed_into_prose(self, path: Path) -> None:
        typed = [
            (number, text)
            for text in prose(path)
            for number in re.findall(r"\d[\d,.]*", without(TYPED_NUMBERS_ALLOWED, text))
        ]
        assert not typed

    def test_no_direction_is_typed_into_prose(self, path: Path) -> None:
        typed = [
            (match.group(), text)
            for text in prose(path)
            for match in DIRECTION_WORDS.finditer(without(DIRECTIONS_ALLOWED, text))
        ]
        assert not typed

    def test_no_cell_is_long_or_computes(self, path: Path) -> None:
        for cell in notebook(path)["cells"]:
            if cell["cell_type"] == "code":
                source = "".join(cell["source"])
                assert len(source.splitlines()) <= 20
                calls = {
                    node.func.attr
                    for node in ast.walk(ast.parse(source))
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                }
                assert not calls & {"groupby", "merge", "pivot_table", "apply", "read_csv"}
