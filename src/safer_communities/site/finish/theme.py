"""The theme's markup without what no reader needs, and with names that say enough."""

from bs4 import BeautifulSoup, Tag

from safer_communities.site.markup import part_of, parts_of, value_of

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
# Words on buttons that say too little, or in another English.
BUTTON_WORDS = {
    "button.theme-switch-button": "Colours: light, dark or as your device",
    "button.primary-toggle": "Show or hide all pages",
    "button.secondary-toggle": "Show what is on this page",
    "#pst-search-dialog input": "Search the book",
}


def simplify_markup(page: BeautifulSoup, *, at_top: bool) -> None:
    """Takes out of `page` what no reader needs, and corrects names and the footer's links.

    `at_top` says whether the page stands at the top of the site.
    """
    for part in parts_of(page, ", ".join(UNUSED_PARTS)):
        part.decompose()
    for extra in parts_of(part_of(page, "head"), "meta[name=viewport]")[1:]:
        extra.decompose()
    # The first chart is what a reader waits for.
    for chart in page.find_all("img", class_="chart", limit=1):
        chart["fetchpriority"] = "high"
    for selector, words in BUTTON_WORDS.items():
        for button in parts_of(page, selector):
            _name(button, words)
    for tag in page.find_all(style=True):
        del tag["style"]
    for exhibit in parts_of(page, ".cell_output .exhibit"):
        _unwrap_output(exhibit)
    # The visible words, "Show the code", are the better name.
    for summary in page.find_all("summary", attrs={"aria-label": True}):
        del summary["aria-label"]
    # The theme gives the switch that shows the pages of a template a mark alone.
    for above in _with_pages_below(page):
        part_of(above, "summary")["aria-label"] = f"Pages below {part_of(above, 'a').get_text()}"
    if at_top:
        # The footer is written for pages one folder down.
        for link in parts_of(page, ".extra_footer a[href^='../']"):
            link["href"] = value_of(link, "href").removeprefix("../")


def gather_code(page: BeautifulSoup) -> None:
    """Takes the code of `page` out of the flow of reading: one switch at its end shows all."""
    hidden = parts_of(page, "article details.hide.above-input")
    if not hidden:
        return
    first, *others = hidden
    for cell in hidden:
        holder = cell.parent
        cell.extract()
        if holder is not None and not holder.find(True):
            holder.decompose()
    for other in others:
        for code in other.select(":scope > .cell_input"):
            first.append(code.extract())
    # The colours of its words would weigh more than a tenth of a page.
    for code in first.select("pre"):
        code.string = code.get_text()
    # The theme hides one of its two wordings in a cell alone; the browser's mark says as much.
    for words in first.select("summary .expanded"):
        words.decompose()
    # In a paragraph the words would stand below the mark.
    for paragraph in first.select("summary p"):
        paragraph.unwrap()
    part_of(page, "article").append(first)


def fold_sections(page: BeautifulSoup) -> None:
    """Puts what only some readers need behind a switch: in a section, all below `div.folded`.

    The words of that become those of the switch, and its name has the heading too.
    """
    for mark in parts_of(page, "article section > div.folded"):
        details, summary = page.new_tag("details"), page.new_tag("summary")
        details["class"] = "folded"
        summary.string = mark.get_text(" ", strip=True)
        summary["aria-label"] = f"{summary.string}: {_heading_above(mark)}"
        details.append(summary)
        for below in list(mark.next_siblings):
            details.append(below.extract())
        mark.replace_with(details)


def _with_pages_below(page: BeautifulSoup) -> list[Tag]:
    """The lines of the list of pages that have the pages of a template below them.

    The first page lists all of these, others only those of their own part: every page of a book
    would else carry 9 kB of links.
    """
    first = parts_of(page, "nav.bd-docs-nav .bd-sidenav__home-link .current")
    kept = []
    for above in parts_of(page, "nav.bd-docs-nav li.has-children"):
        if first or "current" in above["class"]:
            kept.append(above)
            continue
        part_of(above, "details").decompose()
        above["class"] = " ".join(each for each in above["class"] if each != "has-children")
    return kept


def name_exhibits(page: BeautifulSoup) -> None:
    """Gives the switches and downloads of a chart or table names that hold its headline.

    A list of the links of `page` then says what each is of. What is seen comes first, so that
    somebody who speaks to the screen can say it. A small chart is named by the heading above it.
    """
    for exhibit in parts_of(page, "article .exhibit"):
        headline = exhibit.select_one(".exhibit-headline, caption")
        said = headline.get_text(" ", strip=True) if headline else _heading_above(exhibit)
        if not headline:
            exhibit["aria-label"] = said
        for tag in parts_of(exhibit, "summary, a[download]"):
            tag["aria-label"] = f"{tag.get_text(' ', strip=True)}: {said}"


def _heading_above(tag: Tag) -> str:
    """The words of the heading of the section that a tag stands in."""
    section = tag.find_parent("section")
    heading = section.find(["h1", "h2", "h3", "h4"]) if section else None
    words = heading.find_all(string=True) if heading else []
    return "".join(each for each in words if not each.find_parent(class_="headerlink")).strip()


def _name(button: Tag, words: str) -> None:
    for attribute in ("data-bs-title", "data-bs-toggle", "data-bs-placement"):
        if attribute in button.attrs:
            del button[attribute]
    button["aria-label"] = words
    if button.name == "button":
        button["title"] = words


def _unwrap_output(exhibit: Tag) -> None:
    """Takes the exhibit out of the frame that the theme gives to a program's output."""
    for wrapper in exhibit.find_parents("div", class_=["output", "cell_output"]):
        wrapper.unwrap()
