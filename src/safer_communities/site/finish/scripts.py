"""The scripts of the pages: those that no page needs left out, the others joined in one file."""

import re
from collections.abc import Iterable
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from safer_communities.site.finish.files import ask_for_one, without_query
from safer_communities.site.markup import value_of

SCRIPT = "_static/site.js"
# The search page alone has these, as files of their own.
SEARCH_SCRIPTS = ("searchtools.js", "language_data.js", "searchindex.js")
# What the book changes in the first of them, appended to it.
OWN_SEARCH = "search.js"
# The first two draw icons and tool tips in 1.5 MB of script; icons are in the page instead and
# buttons carry their own words. The others serve parts that no page has.
UNUSED_SCRIPTS = (
    "fontawesome.js",
    "bootstrap.js",
    "clipboard.min.js",
    "copybutton.js",
    "design-tabs.js",
)


def drop_unused_scripts(page: BeautifulSoup, *, is_search: bool) -> None:
    """Takes out of `page` the scripts that it does not need."""
    unused = UNUSED_SCRIPTS if is_search else (*UNUSED_SCRIPTS, *SEARCH_SCRIPTS)
    for script in page.find_all("script", src=True):
        if _file_name(script) in unused:
            script.decompose()
    # Two settings of the theme for parts that the book does not have; they would run too early.
    for script in page.find_all("script", src=False):
        if (script.string or "").startswith("DOCUMENTATION_OPTIONS."):
            script.decompose()


def use_one_script(page: BeautifulSoup) -> list[str]:
    """Lets `page` ask for the one script of the site in place of those that come back."""
    scripts = page.find_all("script", src=True)
    for script in scripts:
        # A browser looks no further ahead once it has read a policy in a page: a script that it
        # waits for would hold back every chart below.
        script["defer"] = ""
    joinable = [script for script in scripts if _file_name(script) not in SEARCH_SCRIPTS]
    return ask_for_one(page, joinable, "src", SCRIPT)


def add_own_search(html: Path) -> None:
    """Appends to the theme's search what the book changes in it, where the book does."""
    theirs, own = (html / "_static" / name for name in (SEARCH_SCRIPTS[0], OWN_SEARCH))
    if own.is_file():
        # Its comments are for those who write it.
        added = re.sub(r"^ *//.*\n", "", own.read_text(encoding="utf-8"), flags=re.MULTILINE)
        theirs.write_text(f"{theirs.read_text(encoding='utf-8')}\n{added}", encoding="utf-8")


def joined_scripts(html: Path, scripts: Iterable[str]) -> str:
    """The text of the `scripts` of all pages, each once, without the address of its source map."""
    texts = [(html / name).read_text(encoding="utf-8") for name in dict.fromkeys(scripts)]
    return "\n;\n".join(re.sub(r"//# sourceMappingURL=\S+", "", text) for text in texts)


def _file_name(script: Tag) -> str:
    return Path(without_query(value_of(script, "src"))).name
