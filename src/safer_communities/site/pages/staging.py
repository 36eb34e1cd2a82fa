"""Lays out what Sphinx reads, and the first page, which Sphinx does not make."""

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import yaml

from safer_communities.errors import InputError
from safer_communities.site.pages.exhibits import published
from safer_communities.site.pages.taken_away import UNPUBLISHED, Colophon
from safer_communities.site.run.book import Chapters
from safer_communities.site.run.template_pages import PAGE

LANDING_PAGE = "notebooks/summary.html"
# A link, in Markdown or HTML, to a page that may be made from a template: "offence_burglary".
_TO = r"(?:\.\./notebooks/)?([a-z]+_[a-z0-9_]+)"
_PAGE_LINK = re.compile(
    rf"""\[([^\[\]\n]*)\]\({_TO}\.ipynb(?:#[^)]*)?\)|<a href=\\?"{_TO}\.html[^>]*>([^<]*)</a>"""
)


def stage(
    executed: Chapters,
    *,
    root: Path,
    source: Path,
    config: str,
    borough: str,
    colophon: Colophon = UNPUBLISHED,
) -> dict[str, str]:
    """Writes the sources of the site into `source`; returns the downloads by file name.

    What is there already, from an earlier build, is left untouched where it is the same.

    A page with code cells becomes a notebook, which can hold its outputs, and links to it follow.
    `config` is the text of `_config.yml`. The title of a page has the name of the `borough`.
    `colophon` is what its charts say of the book, with the address of its edition.
    """
    texts = {
        path.relative_to(root): titled(path.read_text(encoding="utf-8"), borough)
        for path in (root / "book").glob("*.md")
        if path not in executed
    }
    files: dict[str, str] = {}
    for path, notebook in executed.items():
        address = path.relative_to(root).with_suffix(".html").as_posix()
        page = published(notebook, colophon.on(address))
        files |= page.files
        if page.notebook.cells:
            page.notebook.cells[0].source = titled(page.notebook.cells[0].source, borough)
        # Only a program reads it: to lay it out for people takes ten times as long.
        texts[path.relative_to(root).with_suffix(".ipynb")] = json.dumps(
            page.notebook, ensure_ascii=False, sort_keys=True
        )
    kept = shutil.ignore_patterns("*.md")
    shutil.copytree(root / "book", source / "book", ignore=kept, dirs_exist_ok=True)
    (source / "notebooks").mkdir(exist_ok=True)
    names = "|".join(path.stem for path in executed if path.suffix == ".md")
    link = re.compile(rf"(\]\((?:[^)\s]*/)?(?:{names}))\.md(?=[)#])")
    for place, text in texts.items():
        text = _without_links_to_missing_pages(link.sub(r"\1.ipynb", text), texts, root)
        _write(source / place, text)
    _write(source / "_config.yml", config)
    contents = (root / "_toc.yml").read_text(encoding="utf-8")
    _write(source / "_toc.yml", _with_pages(contents, executed))
    return files


def _with_pages(contents: str, executed: Chapters) -> str:
    """The text of `_toc.yml` with the pages made from templates, each below the page it names.

    Raises InputError where there is no such page.
    """
    made = [
        (path.stem, notebook.metadata[PAGE])
        for path, notebook in executed.items()
        if PAGE in notebook.metadata
    ]
    if not made:
        return contents
    toc = yaml.safe_load(contents)
    written = {each["file"]: each for part in toc["parts"] for each in part["chapters"]}
    for name, page in made:
        if page["below"] not in written:
            problem = f"it lacks {page['below']}, which the pages of a template stand below"
            raise InputError("_toc.yml", problem, f"add `- file: {page['below']}` to a part")
        sections = written[page["below"]].setdefault("sections", [])
        sections.append({"file": f"notebooks/{name}", "title": page["title"]})
    return yaml.safe_dump(toc, allow_unicode=True, sort_keys=False)


def _without_links_to_missing_pages(text: str, texts: Iterable[Path], root: Path) -> str:
    """A page's text with links to pages of templates that this book does not have as plain words.

    They are of another borough or classification, or templates are left out.
    """
    there = {path.stem for path in texts}

    def plain(found: re.Match) -> str:
        page = found[2] or found[3]
        template = page.partition("_")[0]
        of_template = template not in there and (root / f"notebooks/{template}.ipynb").is_file()
        return (found[1] or found[4]) if of_template and page not in there else found[0]

    return _PAGE_LINK.sub(plain, text)


def _write(path: Path, text: str) -> None:
    """Writes a text where it is not there yet: Sphinx reads again what was written since."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


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
