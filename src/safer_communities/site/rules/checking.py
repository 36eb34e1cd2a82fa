"""All rules on all chapters: what is wrong is told together, before anything runs."""

from functools import lru_cache
from pathlib import Path

import nbformat

from safer_communities.errors import ErrorCollector, InputError
from safer_communities.site.rules.cells import Cell, cells_of
from safer_communities.site.rules.code import imported_in, misplaced_calls
from safer_communities.site.rules.keys import misquoted, terms_in, unknown_keys
from safer_communities.site.rules.prose import typed_by_hand

Chapters = dict[Path, nbformat.NotebookNode]


def check_before_running(chapters: Chapters, root: Path) -> None:
    """Raises InputError, or an ExceptionGroup of them, for all that breaks a rule in `chapters`.

    They come by their file; `root` is the folder of the project, whose glossary they use.
    """
    glossary = root / "book" / "glossary.md"
    terms = terms_in(glossary.read_text(encoding="utf-8") if glossary.is_file() else "")
    problems = ErrorCollector("the chapters")
    for path, notebook in chapters.items():
        cells = list(cells_of(path, notebook))
        readable = []
        for cell in cells:
            try:
                cell.tree() if cell.is_code else None
                readable.append(cell)
            except SyntaxError as error:
                start = sum(map(len, cell.source.splitlines(True)[: (error.lineno or 1) - 1]))
                problem = f"this is not Python ({error.msg}): {cell.excerpt(start)!r}"
                problems.errors.append(InputError(cell.place(start), problem, "correct the line"))
        # A page of methods is all definitions: its header says so once.
        is_data = notebook.metadata.get("not_from_data") != "all"
        imported = frozenset(imported_in(cell.tree() for cell in readable if cell.is_code).items())
        for cell in readable:
            quoted = () if cell.is_code else misquoted(cell, terms)
            for offset, problem, remedy in (*_in_itself(cell, imported, is_data=is_data), *quoted):
                problems.errors.append(InputError(cell.place(offset), problem, remedy))
    problems.raise_any()


# Of a preview, most cells are as they were. Whether a link leads to a page depends on other files.
@lru_cache(maxsize=4096)
def _in_itself(
    cell: Cell, imported: frozenset[tuple[str, str]], *, is_data: bool
) -> tuple[tuple[int, str, str], ...]:
    """What is wrong with a cell whatever else there is: each offset, problem and remedy."""
    typed = typed_by_hand(cell) if is_data else ()
    return (*typed, *(misplaced_calls(cell, dict(imported)) if cell.is_code else ()))


def check_keys(chapters: Chapters) -> None:
    """Raises InputError, or a group of them, for all that executed chapters quote and lack."""
    problems = ErrorCollector("the chapters")
    for path, notebook in chapters.items():
        for cell, offset, problem, remedy in unknown_keys(path, notebook):
            problems.errors.append(InputError(cell.place(offset), problem, remedy))
    problems.raise_any()
