"""Lays out what Sphinx reads, and the first page, which Sphinx does not make."""

import re
import shutil
from pathlib import Path

import nbformat

from safer_communities.site.pages.exhibits import published
from safer_communities.site.run.book import Chapters

LANDING_PAGE = "notebooks/summary.html"


def stage(
    executed: Chapters, *, root: Path, source: Path, config: str, borough: str
) -> dict[str, str]:
    """Writes the sources of the site into `source`; returns the downloads by file name.

    A page with code cells becomes a notebook, which can hold its outputs, and links to it follow.
    `config` is the text of `_config.yml`. The title of a page has the name of the `borough`.
    """
    texts = {
        path.relative_to(root): titled(path.read_text(encoding="utf-8"), borough)
        for path in (root / "book").glob("*.md")
        if path not in executed
    }
    files: dict[str, str] = {}
    for path, notebook in executed.items():
        page = published(notebook)
        files |= page.files
        if page.notebook.cells:
            page.notebook.cells[0].source = titled(page.notebook.cells[0].source, borough)
        texts[path.relative_to(root).with_suffix(".ipynb")] = nbformat.writes(page.notebook)
    shutil.copytree(root / "book", source / "book", ignore=shutil.ignore_patterns("*.md"))
    (source / "notebooks").mkdir()
    names = "|".join(path.stem for path in executed if path.suffix == ".md")
    link = re.compile(rf"(\]\((?:[^)\s]*/)?(?:{names}))\.md(?=[)#])")
    for place, text in texts.items():
        (source / place).write_text(link.sub(r"\1.ipynb", text), encoding="utf-8")
    shutil.copy(root / "_toc.yml", source / "_toc.yml")
    (source / "_config.yml").write_text(config, encoding="utf-8")
    return files


def titled(text: str, borough: str) -> str:
    """The text of a page with the name of the borough for "the borough" in its title."""
    return re.sub(r"\A(\s*# [^\n]*?)\bthe borough\b", lambda found: found[1] + borough, text)


def add_first_page(html: Path) -> None:
    """Adds the page at the top of the site, which leads to the landing page."""
    (html / "index.html").write_text(_redirect(LANDING_PAGE), encoding="utf-8")
    # Left by Sphinx for its own next build and for other books: no page of ours.
    for leftover in (".buildinfo", "objects.inv"):
        (html / leftover).unlink(missing_ok=True)


def _redirect(target: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<title>Safer Communities book</title>
<meta http-equiv="refresh" content="0; url={target}">
<link rel="canonical" href="{target}">
</head>
<body>
<main><h1>Safer Communities book</h1>
<p><a href="{target}">Go to the first page of the book</a></p></main>
</body>
</html>
"""
