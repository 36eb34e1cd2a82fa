"""Makes the pages that Sphinx wrote private, secure and light, and mends what the theme leaves.

Every page gets a Content-Security-Policy that allows this site alone. So that the policy can be
strict, nothing in a page may need an exception: no style in an attribute, no icon font, no script
whose text is not known when the page is built.
"""

import gc
import hashlib
import json
import multiprocessing
import os
import re
from base64 import b64encode
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from safer_communities.site.kept import Kept
from safer_communities.site.stylesheets import joined, pruned

STYLESHEET = "_static/site.css"
SCRIPT = "_static/site.js"
# The versions of both are known only when every page is.
CSS_VERSION, SCRIPT_VERSION = "@css@", "@script@"
SEARCH_SCRIPTS = ("searchtools.js", "language_data.js", "searchindex.js")
# The first two draw icons and tool tips in 1.5 MB of script; icons are in the page instead and
# buttons carry their own words. The others serve parts that no page has.
UNUSED_SCRIPTS = (
    "fontawesome.js",
    "bootstrap.js",
    "clipboard.min.js",
    "copybutton.js",
    "design-tabs.js",
)
# What the theme writes for services and layouts that this book does not have.
UNUSED_PARTS = (
    "div.pst-async-banner-revealer",
    "div#ethical-ad-placement",
    "div#jb-print-docs-body",
    "link[rel=index]",
    "link[rel=preload]",
    "meta[name^=docsearch]",
    "noscript:has(style)",
)
ICON_CLASS = re.compile("^fa-")
# Words on buttons that say too little, or in another English.
BUTTON_WORDS = {
    "button.theme-switch-button": "Colours: light, dark or as your device",
    "button.primary-toggle": "Show or hide all pages",
    "button.secondary-toggle": "Show what is on this page",
    "#pst-search-dialog input": "Search the book",
}
# Fewer are done sooner than other processes have started.
PAGES_WORTH_A_PROCESS = 4
# A cell with more letters than this holds a sentence.
LONG_CELL_LETTERS = 40
# Lines on a square of 24 by 24, drawn for this book.
ICONS = {
    "angle-left": "M15 5l-7 7 7 7",
    "angle-right": "M9 5l7 7-7 7",
    "arrow-up": "M12 20V5M5 12l7-7 7 7",
    "bars": "M3 6h18M3 12h18M3 18h18",
    "circle-half-stroke": "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM12 3v18M15 4.5v15M18 6.5v11",
    "list": "M8 6h13M8 12h13M8 18h13M3 6h.01M3 12h.01M3 18h.01",
    "magnifying-glass": "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21",
    "moon": "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z",
    "sun": "M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2"
    "M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4",
}


@dataclass(frozen=True)
class Hardened:
    """A page without what no reader needs, and what it asks of the site.

    `html` has marks where the versions of the site's style sheet and script belong; `sheets`,
    `scripts` and `addresses` are files that Sphinx and the theme copied; `names` are the classes
    and ids of the page.
    """

    html: str
    sheets: list[str]
    scripts: list[str]
    names: list[str]
    addresses: list[str]


def harden_site(html: Path, kept: Kept, *, jobs: int | None = None) -> None:
    """Rewrites every page below `html`, and keeps one style sheet and one script for all.

    Works with `jobs` processes; as many as there are processors unless given.
    """
    paths = [
        path
        for path in sorted(html.rglob("*.html"))
        if "_static" not in path.relative_to(html).parts
    ]
    new = [path for path in paths if not kept.holds(_made_from(path, html))]
    jobs = jobs or os.cpu_count() or 1
    if jobs > 1 and len(new) > PAGES_WORTH_A_PROCESS:
        # Processes forked from the one that the chapters were forked from, where it is there.
        context = multiprocessing.get_context("forkserver")
        with ProcessPoolExecutor(jobs, mp_context=context, initializer=gc.disable) as pool:
            list(pool.map(partial(_hardened, html=html, kept=kept), new))
    pages = {path: _hardened(path, html, kept) for path in paths}
    script = _site_script(html, pages.values())
    search = "".join(_read(html, "_static", name) for name in SEARCH_SCRIPTS[:2])
    css = _site_css(html, pages.values(), words=_words(script + search), kept=kept)
    for name, text in ((STYLESHEET, css), (SCRIPT, script)):
        (html / name).write_text(text, encoding="utf-8")
    for path, page in pages.items():
        text = page.html.replace(CSS_VERSION, _version(css)).replace(
            SCRIPT_VERSION, _version(script)
        )
        path.write_text(text, encoding="utf-8")
    _drop_unused_files(html, pages)


def _hardened(path: Path, html: Path, kept: Kept) -> Hardened:
    """The page at `path`, hardened now or kept from an earlier build of the same page."""
    inputs = _made_from(path, html)

    def make(folder: Path) -> None:
        _, name, at_top, raw = inputs
        page = hardened(raw, is_search=name == "search.html", at_top=at_top)
        (folder / "page.json").write_text(json.dumps(asdict(page)), encoding="utf-8")

    made = kept.made(inputs, make)
    return Hardened(**json.loads((made / "page.json").read_text(encoding="utf-8")))


def _made_from(path: Path, html: Path) -> list:
    """All that a hardened page depends on: its name, whether it is at the top, and its text."""
    return ["page", path.name, path.parent == html, path.read_text(encoding="utf-8")]


def hardened(raw: str, *, is_search: bool, at_top: bool) -> Hardened:
    """A page as Sphinx wrote it, made private, secure and light."""
    page = BeautifulSoup(raw, "html.parser")
    simplify(page, is_search=is_search, at_top=at_top)
    sheets = [_from_top(link["href"]) for link in page.find_all("link", rel="stylesheet")]
    scripts = [
        _from_top(tag["src"])
        for tag in page.find_all("script", src=True)
        if Path(_local_path(tag["src"])).name not in SEARCH_SCRIPTS
    ]
    names = {
        name
        for tag in page.find_all(True)
        for name in [*tag.get_attribute_list("class"), tag.get("id")]
        if name
    }
    if sheets:
        _use_one_file_each(page)
    add_policy(page)
    return Hardened(
        page.decode(formatter="minimal"), sheets, scripts, sorted(names), _addresses(page)
    )


def simplify(page: BeautifulSoup, *, is_search: bool, at_top: bool) -> None:
    """Takes out of `page` what no reader needs, and mends names, icons and the footer's links."""
    for part in page.select(", ".join(UNUSED_PARTS)):
        part.decompose()
    for extra in page.head.select("meta[name=viewport]")[1:]:
        extra.decompose()
    unused = UNUSED_SCRIPTS if is_search else (*UNUSED_SCRIPTS, *SEARCH_SCRIPTS)
    for script in page.find_all("script", src=True):
        if Path(_local_path(script["src"])).name in unused:
            script.decompose()
    # Two settings of the theme for parts that the book does not have; they would run too early.
    for script in page.find_all("script", src=False):
        if (script.string or "").startswith("DOCUMENTATION_OPTIONS."):
            script.decompose()
    # The first chart is what a reader waits for.
    for chart in page.find_all("img", class_="chart", limit=1):
        chart["fetchpriority"] = "high"
    for icon in page.find_all(class_=ICON_CLASS):
        icon.replace_with(_drawn(page, icon))
    for selector, words in BUTTON_WORDS.items():
        for button in page.select(selector):
            _name(button, words)
    for tag in page.find_all(style=True):
        del tag["style"]
    for exhibit in page.select(".cell_output .exhibit"):
        _unwrap_output(exhibit)
    for table in page.select("div.table-scroll > table"):
        stack(table)
    # The visible words, "Show the code", are the better name.
    for summary in page.find_all("summary", attrs={"aria-label": True}):
        del summary["aria-label"]
    if at_top:
        # The footer is written for pages one folder down.
        for link in page.select(".extra_footer a[href^='../']"):
            link["href"] = link["href"].removeprefix("../")


def stack(table: Tag) -> None:
    """Lets a table that holds sentences turn into a list of cards where the screen is narrow.

    Each cell carries its heading. The roles are written out, because a browser that lays out a
    table as blocks no longer tells a screen reader that it is one.
    """
    long = [
        cell for cell in table.select("td:not(.number)") if len(cell.get_text()) > LONG_CELL_LETTERS
    ]
    if not long:
        return
    table["class"] = [*table.get("class", []), "stacks"]
    headings = [heading.get_text(" ", strip=True) for heading in table.select("thead th")]
    roles = {"thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    table["role"] = "table"
    for tag in table.find_all([*roles, "th"]):
        tag["role"] = (
            roles.get(tag.name) or f"{tag.get('scope', 'col').replace('col', 'column')}header"
        )
    for row in table.select("tbody tr"):
        for cell, heading in zip(row.find_all(["th", "td"]), headings, strict=True):
            cell["data-heading"] = heading
    for cell in long:
        cell["class"] = [*cell.get("class", []), "long"]


def add_policy(page: BeautifulSoup) -> None:
    """Puts the Content-Security-Policy first in the head of `page`, where it covers everything."""
    head = page.head
    referrer = {"name": "referrer", "content": "no-referrer"}
    head.insert(0, page.new_tag("meta", attrs=referrer))
    policy = content_security_policy(page)
    head.insert(
        0, page.new_tag("meta", attrs={"http-equiv": "Content-Security-Policy", "content": policy})
    )
    # The encoding has to be named in the first kilobyte.
    charset = head.find("meta", charset=True)
    if charset is not None:
        head.insert(0, charset.extract())


def content_security_policy(page: BeautifulSoup) -> str:
    """The policy of one page: this site's own files, and its own inline scripts by their digest.

    `connect-src` is for the search page, which reads the pages it found to quote from them.
    """
    digests = {
        f"'sha256-{b64encode(hashlib.sha256(script.string.encode()).digest()).decode()}'"
        for script in page.find_all("script", src=False)
        if script.string
    }
    searches = bool(page.select("script[src*=searchtools]"))
    rules = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *sorted(digests)],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'" if searches else "'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
    }
    return "; ".join(f"{rule} {' '.join(allowed)}" for rule, allowed in rules.items())


def _local_path(address: str) -> str:
    return address.split("?")[0].split("#")[0]


def _unwrap_output(exhibit: Tag) -> None:
    """Takes the exhibit out of the frame that the theme gives to a program's output."""
    for wrapper in exhibit.find_parents("div", class_=["output", "cell_output"]):
        wrapper.unwrap()


def _drawn(page: BeautifulSoup, icon: Tag) -> Tag:
    names = [name.removeprefix("fa-") for name in icon["class"] if name.startswith("fa-")]
    known = [name for name in names if name in ICONS]
    if len(known) != 1:
        raise ValueError(f"page: no drawing for the icon {' '.join(icon['class'])}")
    classes = [name for name in icon["class"] if not name.startswith("fa")]
    svg = page.new_tag(
        "svg",
        attrs={
            "class": " ".join([*classes, "icon", f"icon-{known[0]}"]),
            "viewBox": "0 0 24 24",
            "aria-hidden": "true",
            "focusable": "false",
        },
    )
    if icon.get("data-mode"):
        svg["data-mode"] = icon["data-mode"]
    svg.append(page.new_tag("path", attrs={"d": ICONS[known[0]]}))
    return svg


def _name(button: Tag, words: str) -> None:
    for attribute in ("data-bs-title", "data-bs-toggle", "data-bs-placement"):
        if attribute in button.attrs:
            del button[attribute]
    button["aria-label"] = words
    if button.name == "button":
        button["title"] = words


def _site_css(html: Path, pages: Iterable[Hardened], *, words: set[str], kept: Kept) -> str:
    whole = joined(
        html / sheet for sheet in dict.fromkeys(s for page in pages for s in page.sheets)
    )
    # A name that no style sheet knows makes no difference to what is left of them.
    names = ({name for page in pages for name in page.names} | words) & _words(whole)

    def make(folder: Path) -> None:
        (folder / "site.css").write_text(pruned(whole, names), encoding="utf-8")

    return _read(kept.made(["css", whole, sorted(names)], make), "site.css")


def _site_script(html: Path, pages: Iterable[Hardened]) -> str:
    scripts = dict.fromkeys(script for page in pages for script in page.scripts)
    texts = [_read(html, script) for script in scripts]
    return "\n;\n".join(re.sub(r"//# sourceMappingURL=\S+", "", text) for text in texts)


def _words(text: str) -> set[str]:
    """Every word of a script or a style sheet: any may be a class or an id."""
    return set(re.findall(r"[A-Za-z_][\w-]*", text))


def _read(html: Path, *parts: str) -> str:
    return html.joinpath(*parts).read_text(encoding="utf-8")


def _version(text: str) -> str:
    """A mark that changes with the text, so that no browser keeps an old copy."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _from_top(address: str) -> str:
    return _local_path(address).removeprefix("../")


def _use_one_file_each(page: BeautifulSoup) -> None:
    root = page.html["data-content_root"]
    first, *others = page.find_all("link", rel="stylesheet")
    first.attrs = {"rel": "stylesheet", "href": f"{root}{STYLESHEET}?v={CSS_VERSION}"}
    for link in others:
        link.decompose()
    first_script = None
    for tag in page.find_all("script", src=True):
        # A browser looks no further ahead once it has read a policy in a page: a script that it
        # waits for would hold back every chart below.
        tag["defer"] = ""
        if Path(_local_path(tag["src"])).name in SEARCH_SCRIPTS:
            continue
        if first_script is None:
            first_script = tag
            tag["src"] = f"{root}{SCRIPT}?v={SCRIPT_VERSION}"
        else:
            tag.decompose()


def _addresses(page: BeautifulSoup) -> list[str]:
    """The files of this site that a page asks for, seen from the page."""
    found = {
        _local_path(tag.get(attribute) or "")
        for tag in page.find_all(True)
        for attribute in ("src", "href", "srcset")
    }
    return sorted(address for address in found if address and ":" not in address)


def _drop_unused_files(html: Path, pages: dict[Path, Hardened]) -> None:
    """Deletes what Sphinx and the theme copied and no page asks for."""
    used = {
        (path.parent / address).resolve()
        for path, page in pages.items()
        for address in page.addresses
    }
    for path in sorted((html / "_static").rglob("*"), reverse=True):
        if path.is_file() and path.resolve() not in used:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    for folder in ("_sources", "_sphinx_design_static"):
        for path in sorted((html / folder).rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
