"""Lays out what Sphinx reads, and the first page, which Sphinx does not make."""

import shutil
from pathlib import Path

import nbformat

from safer_communities.site.pages.exhibits import published
from safer_communities.site.pages.markers import with_parts
from safer_communities.site.run.book import ExecutedBook

LANDING_PAGE = "notebooks/summary.html"


def stage(
    executed: ExecutedBook, *, root: Path, source: Path, config: str | None = None
) -> dict[str, str]:
    """Writes the sources of the site into `source`; returns the downloads by file name.

    `config` stands for the text of `_config.yml` where it is given.
    """
    files: dict[str, str] = {}
    (source / "notebooks").mkdir(parents=True)
    for name, notebook in executed.chapters.items():
        page = published(notebook)
        files |= page.files
        nbformat.write(page.notebook, source / "notebooks" / f"{name}.ipynb")
    shutil.copytree(root / "book", source / "book")
    for path in sorted((source / "book").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        path.write_text(with_parts(text, executed.parts), encoding="utf-8")
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(root / name, source / name)
    if config is not None:
        (source / "_config.yml").write_text(config, encoding="utf-8")
    return files


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
