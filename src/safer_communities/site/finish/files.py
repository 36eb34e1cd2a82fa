"""The files of this site that pages ask for: found, joined into one, and all others deleted."""

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from safer_communities.site.markup import part_of, value_of

# Copies of the pages' sources, and of files that are in `_static` as well.
UNUSED_FOLDERS = ("_sources", "_sphinx_design_static")


def addresses_of(page: BeautifulSoup) -> list[str]:
    """The addresses of all files of this site that `page` asks for, seen from the page."""
    found = {
        without_query(str(tag.get(attribute) or ""))
        for tag in page.find_all(True)
        for attribute in ("src", "href", "srcset")
    }
    return sorted(address for address in found if address and ":" not in address)


def without_query(address: str) -> str:
    """`address` without its query and the place in the page that it names."""
    return address.split("?")[0].split("#")[0]


def ask_for_one(page: BeautifulSoup, tags: Sequence[Tag], attribute: str, file: str) -> list[str]:
    """Lets the first of `tags` ask for `file` in place of what all of them asked for.

    That comes back, seen from the top of the site, as `file` is too. The others leave the page.
    """
    asked_for = [without_query(value_of(tag, attribute)).removeprefix("../") for tag in tags]
    for number, tag in enumerate(tags):
        if number == 0:
            root = value_of(part_of(page, "html"), "data-content_root")
            tag[attribute] = f"{root}{file}?v={version_mark(file)}"
        else:
            tag.decompose()
    return asked_for


def version_mark(file: str) -> str:
    """What stands in a page for the version of `file`, until every page is known."""
    return f"@{Path(file).name}@"


def delete_unused_files(html: Path, addresses: dict[Path, Iterable[str]]) -> None:
    """Deletes the files below `html` that are not among the `addresses` that each page asks for."""
    used = {
        os.path.normpath(path.parent / address)
        for path, asked_for in addresses.items()
        for address in set(asked_for)
    }
    for path in sorted((html / "_static").rglob("*"), reverse=True):
        if path.is_file() and str(path) not in used:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    for folder in UNUSED_FOLDERS:
        shutil.rmtree(html / folder, ignore_errors=True)
