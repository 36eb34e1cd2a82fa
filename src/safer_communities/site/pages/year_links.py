"""A Sphinx extension: on every page of the site of all editions, links to it in other years.

Three ways: the theme's version switcher, a line of links in the footer and, on every edition but
the newest, a line at the top that says so. All are plain links, which need no script.

A page does not know whether it will stand in the folder of its year or, as the newest, at the top
of the site. It marks the way to the folder of all years with `YEARS_FOLDER`, for which
`site.all_editions` puts in what that turns out to be.
"""

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

# Sphinx loads this module; the build, which asks it for settings, should not wait for Sphinx.
if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

STATIC_FILES = Path(__file__).with_name("year_links_static")
TEMPLATES = Path(__file__).with_name("year_links_templates")
# Replaced, with the slash, by "../" in the folder of a year and by nothing at the top of the site.
YEARS_FOLDER = "@years@/"


def setup(app: "Sphinx") -> dict:
    """Called by Sphinx. `book_years` lists [year, label], oldest first; `book_year` is ours."""
    app.add_config_value("book_year", 0, "html")
    app.add_config_value("book_years", [], "html")
    app.connect("config-inited", _add_files)
    app.add_css_file("years.css")
    app.connect("html-page-context", _add_links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _add_files(app: "Sphinx", config: "Config") -> None:
    config.html_static_path.append(str(STATIC_FILES))
    config.templates_path.append(str(TEMPLATES))


def _add_links(
    app: "Sphinx", pagename: str, templatename: str, context: dict, doctree: object
) -> None:
    year, labels = app.config.book_year, dict(app.config.book_years)
    newest = max(labels)
    years_folder = "../" * pagename.count("/") + YEARS_FOLDER
    page = escape(f"{pagename}.html")
    links = [
        {
            "address": f"{years_folder}{each}/{page}",
            "name": f"{each} (newest)" if each == newest else str(each),
            "is_this": each == year,
        }
        for each in sorted(labels, reverse=True)
    ]
    context["book_year"] = year
    context["year_links"] = links
    context["theme_extra_footer"] = _footer(links) + context["theme_extra_footer"]
    if year != newest:
        # The address without a year stays that of the newest edition, whatever comes.
        context["theme_announcement"] = context.get("theme_announcement", "") + (
            f"<p>This is the {year} edition ({escape(labels[year])}), not the newest one. "
            f'<a href="{years_folder}{page}">See this page for the '
            f"{escape(labels[newest])}</a>.</p>"
        )


def _footer(links: list[dict]) -> str:
    years = [
        f'<strong aria-current="page">{link["name"]}</strong>'
        if link["is_this"]
        else f'<a href="{link["address"]}">{link["name"]}</a>'
        for link in links
    ]
    return (
        '<nav class="years" aria-label="This page in other years">'
        f"<p>This page in other years: {', '.join(years)}.</p></nav>\n"
    )
