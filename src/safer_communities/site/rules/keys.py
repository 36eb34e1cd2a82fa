"""What prose quotes has to be there: facts of its own chapter, words of the glossary, pages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat

from safer_communities.errors import did_you_mean
from safer_communities.facts.output_types import FACT_MIME, GLUE_PREFIX, records_in
from safer_communities.site.rules.cells import Cell, cells_of

_QUOTED = re.compile(r"\{glue:text\}`(?P<text>[a-z0-9_]+)`|\{glue:\} (?P<chart>[a-z0-9_]+)")
_MISQUOTED = re.compile(r"\{glue[^}]*\}(?:`[^`\n]*`?|[^\s`]*)")
_TERM = re.compile(r"\{term\}`(?:[^`<]*<)?(?P<term>[^`<>]+?)>?`")
_LINK = re.compile(r"\]\((?P<file>[^)#:]+\.(?:md|ipynb))(?:#[^)]*)?\)")
_HEADING = re.compile(r"^#.*$", re.MULTILINE)
# What a fact's name may end with (see `facts.fact.texts`).
_ENDINGS = ("", "_words", "_noun", "_compared", "_verb", "_amount", "_interval", "_many", "_place")


def terms_in(glossary: str) -> set[str]:
    """The terms that the glossary page explains, in lower case."""
    entries = "\n".join(re.findall(r"```\{glossary\}\n(.*?)```", glossary, re.DOTALL))
    return {line.casefold() for line in entries.splitlines() if line and not line[0].isspace()}


def misquoted(cell: Cell, terms: set[str]) -> Iterator[tuple[int, str, str]]:
    """Quotes that no run could fill, unknown terms and lost links: offset, problem, remedy."""
    headings = [(found.start(), found.end()) for found in _HEADING.finditer(cell.source)]
    for found in _MISQUOTED.finditer(cell.source):
        if any(start <= found.start() < end for start, end in headings):
            yield (
                found.start(),
                f"{found.group()} stands in a heading, where no fact is filled in",
                "say it in the first sentence below the heading",
            )
        elif not _QUOTED.match(cell.source, found.start()):
            yield (
                found.start(),
                f"{found.group()} is not the way to quote a fact",
                "write {glue:text}`name`, the name in lower case with underscores",
            )
    for found in _TERM.finditer(cell.source):
        if found["term"].casefold() not in terms:
            yield (
                found.start("term"),
                f"the glossary does not explain {found['term']!r}",
                f"{did_you_mean(found['term'], terms)}, or explain it in book/glossary.md",
            )
    for found in _LINK.finditer(cell.source):
        page = cell.path.parent / found["file"]
        # The pages of a template are named after it, and which there are depends on the book.
        template = page.with_name(f"{page.stem.partition('_')[0]}{page.suffix}")
        if not page.is_file() and not template.is_file():
            pages = [
                f"{folder}{page.name}"
                for folder in ("", "../book/", "../notebooks/")
                for ending in ("*.md", "*.ipynb")
                for page in (cell.path.parent / folder).glob(ending)
            ]
            yield (
                found.start("file"),
                f"it links to {found['file']!r}, and there is no such page",
                did_you_mean(found["file"], pages),
            )


def unknown_keys(
    path: Path, notebook: nbformat.NotebookNode
) -> Iterator[tuple[Cell, int, str, str]]:
    """What an executed chapter quotes and does not state: its cell, offset, problem, remedy."""
    stated = {
        output.metadata.scrapbook.name
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "scrapbook" in output.get("metadata", {})
    }
    for cell in cells_of(path, notebook):
        for found in [] if cell.is_code else _QUOTED.finditer(cell.source):
            key = found["text"] or found["chart"]
            if key in stated:
                continue
            problem = f"no fact or wording of this chapter is called {key!r}"
            quotable = stated | _could_be_quoted(path, notebook)
            remedy = (
                f"{did_you_mean(key, quotable)}; if the fact is new, state it in a code cell and "
                "run `make notebooks`"
            )
            if key in quotable:
                problem = f"the saved outputs do not hold the wording {key!r}, quoted here anew"
                remedy = "run `make notebooks`"
            yield cell, found.start(), problem, remedy


def _could_be_quoted(path: Path, notebook: nbformat.NotebookNode) -> set[str]:
    """Every wording of the facts that were stated, and every name that the code writes out."""
    facts = {
        fact["id"].partition(".")[2] + ending
        for records in records_in(notebook, f"{GLUE_PREFIX}{FACT_MIME}")
        for fact in records
        for ending in _ENDINGS
    }
    written = {
        node.value
        for cell in cells_of(path, notebook)
        if cell.is_code
        for node in ast.walk(cell.tree())
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return facts | {name for name in written if re.fullmatch("[a-z][a-z0-9_]*", name)}
