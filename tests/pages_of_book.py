"""The pages of the book that tests read: all of the contents, and of each template two."""

from pathlib import Path

import yaml

from safer_communities.chapter.templates import PAGES as TEMPLATES
from safer_communities.project import ROOT


def pages_in_contents() -> list[str]:
    """The page of every line of the contents, in that order: "notebooks/summary.html"."""
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    listed = [contents["root"]]
    for part in contents["parts"]:
        listed += [chapter["file"] for chapter in part["chapters"]]
    return [f"{page.removesuffix('.md').removesuffix('.ipynb')}.html" for page in listed]


def pages_of_templates(folder: Path) -> list[str]:
    """The shortest and the longest page that each template has in a built book.

    The pages of one template differ in their numbers alone: a fault of one is a fault of these.
    """
    found = []
    for template in TEMPLATES:
        pages = sorted(
            folder.glob(f"notebooks/{template}_*.html"), key=lambda page: page.stat().st_size
        )
        found += [page.relative_to(folder).as_posix() for page in pages[:1] + pages[1:][-1:]]
    return found
