"""A Sphinx extension: on every page of the site of all editions, links to it in other years.

Three ways, for three readers: the theme's version switcher, a line of plain links in the footer
that needs no script, and, on every edition but the newest, a line at the top that says so.

A page does not know whether it will stand in the folder of its year or, as the newest, at the top
of the site. It marks the way to the folder of all years with `YEARS_FOLDER`, and
`with_years_folder` puts in what that turns out to be.
"""

import json
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# Replaced, with the slash, by "../" in the folder of a year and by nothing at the top of the site.
YEARS_FOLDER = "@years@/"
# A page links relative to itself, so that pages of each depth have a list of their own.
DEPTHS = (0, 1)


def setup(app: "Sphinx") -> dict:
    """Called by Sphinx. `book_years` lists [year, label], oldest first; `book_year` is ours."""
    app.add_config_value("book_year", 0, "html")
    app.add_config_value("book_years", [], "html")
    # Before the theme's own handler, which reads what this one sets.
    app.connect("html-page-context", _add_links, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def sphinx_settings(year: int, labels: dict[int, str]) -> dict:
    """What the configuration of Sphinx needs, for the pages of `year`; `labels` by year."""
    return {
        "book_year": year,
        "book_years": [[each, label] for each, label in sorted(labels.items())],
    }


def switcher_file(depth: int) -> str:
    """The path, below an edition's folder, of the theme's list of years for pages so deep."""
    return f"_static/years_{depth}.json"


def switcher_json(labels: dict[int, str], depth: int, years_folder: str) -> str:
    """The theme's list of years, newest first, for pages `depth` folders below their edition."""
    newest = max(labels)
    entries = [
        {
            "name": f"{year} (newest)" if year == newest else str(year),
            "version": str(year),
            "url": f"{'../' * depth}{years_folder}{year}/",
        }
        for year in sorted(labels, reverse=True)
    ]
    return json.dumps(entries, indent=1) + "\n"


def with_years_folder(html: str, years_folder: str) -> str:
    """A page's HTML with the way to the folder of all years put in."""
    return html.replace(YEARS_FOLDER, years_folder)


def _add_links(
    app: "Sphinx", pagename: str, templatename: str, context: dict, doctree: object
) -> None:
    year, labels = app.config.book_year, dict(app.config.book_years)
    depth = pagename.count("/")
    years_folder = "../" * depth + YEARS_FOLDER
    page = escape(f"{pagename}.html")
    context["theme_switcher"] = {"json_url": switcher_file(depth), "version_match": str(year)}
    context["theme_extra_footer"] = (
        _footer(year, sorted(labels), years_folder, page) + context["theme_extra_footer"]
    )
    newest = max(labels)
    if year != newest:
        # The address without a year stays that of the newest edition, whatever comes.
        context["theme_announcement"] = (
            f"<p>This is the {year} edition ({escape(labels[year])}), not the newest one. "
            f'<a href="{years_folder}{page}">See this page for the '
            f"{escape(labels[newest])}</a>.</p>"
        )


def _footer(year: int, years: list[int], years_folder: str, page: str) -> str:
    links = [
        f'<strong aria-current="page">{each}</strong>'
        if each == year
        else f'<a href="{years_folder}{each}/{page}">{each}</a>'
        for each in years
    ]
    return (
        '<nav class="years" aria-label="This page in other years">'
        f"<p>This page by year: {', '.join(links)}.</p></nav>\n"
    )
