"""Pages made from a template: a notebook that is run for each of them, and stands in no contents.

Its metadata say so: `template` names the page of the contents that its pages stand below.
"""

from copy import deepcopy
from dataclasses import asdict
from pathlib import Path

import nbformat

from safer_communities.settings import Page
from safer_communities.site.run.chapter_cache import code_cells

TEMPLATE, PAGE = "template", "page"


def is_template(notebook: nbformat.NotebookNode) -> bool:
    """Whether a notebook is run for several pages."""
    return TEMPLATE in notebook.metadata


def outputs_of(notebook: nbformat.NotebookNode) -> list[dict]:
    """The outputs of each code cell, as JSON can hold them."""
    return [
        {"outputs": cell.outputs, "execution_count": cell.execution_count}
        for cell in code_cells(notebook)
    ]


def outputs_by_page(pages: tuple[tuple[Page, nbformat.NotebookNode], ...]) -> list[dict]:
    """The outputs of each page of a template, as JSON can hold them."""
    return [asdict(page) | {"cells": outputs_of(notebook)} for page, notebook in pages]


def fill_in(notebook: nbformat.NotebookNode, outputs: list[dict]) -> None:
    """Puts the outputs of `outputs_of` into a notebook."""
    for cell, produced in zip(code_cells(notebook), outputs, strict=True):
        cell.outputs = nbformat.from_dict(produced["outputs"])
        cell.execution_count = produced["execution_count"]


def pages_of(
    path: Path, template: nbformat.NotebookNode, by_page: list[dict]
) -> dict[Path, nbformat.NotebookNode]:
    """The notebook of each page of the template in the file `path`, by the file it stands for.

    Each has its own heading, and in its metadata its title and what it stands below.
    """
    found = {}
    for each in by_page:
        notebook = deepcopy(template)
        fill_in(notebook, each["cells"])
        first = next(cell for cell in notebook.cells if cell.cell_type == "markdown")
        text = first.source.partition("\n")[2]
        first.source = f"# {each['heading']}\n{text}"
        notebook.metadata[PAGE] = {"title": each["title"], "below": template.metadata[TEMPLATE]}
        found[path.with_name(f"{path.stem}_{each['key']}.ipynb")] = notebook
    return found


def pages_below(executed: dict[Path, nbformat.NotebookNode]) -> dict[str, str]:
    """The page that each page of a template stands below, both by their addresses in the site."""
    return {
        f"notebooks/{path.stem}.html": f"{notebook.metadata[PAGE]['below']}.html"
        for path, notebook in executed.items()
        if PAGE in notebook.metadata
    }
