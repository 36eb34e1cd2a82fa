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


# The pages of one template differ in their numbers alone: a fault of one is a fault of these. Which
# they are is known once the book is built, which it may not be when tests are collected.
PAGES_OF_TEMPLATES = [
    f"{end} {template}" for template in TEMPLATES for end in ("shortest", "longest")
]


def built_page(folder: Path, page: str) -> str:
    """The address in a built book of a page of its contents, or of one of `PAGES_OF_TEMPLATES`."""
    if page not in PAGES_OF_TEMPLATES:
        return page
    end, template = page.split()
    pages = sorted(
        folder.glob(f"notebooks/{template}_*.html"), key=lambda path: (path.stat().st_size, path)
    )
    return pages[0 if end == "shortest" else -1].relative_to(folder).as_posix()
