"""One page as Sphinx wrote it, made private, secure and light."""

from dataclasses import dataclass

from bs4 import BeautifulSoup

from safer_communities.site.finish.content_security_policy import add_policy
from safer_communities.site.finish.files import addresses_of
from safer_communities.site.finish.icons import draw_icons
from safer_communities.site.finish.scripts import drop_unused_scripts, use_one_script
from safer_communities.site.finish.scrolling_tables import mark_main_columns
from safer_communities.site.finish.search_index import words_of
from safer_communities.site.finish.stacked_tables import stack_tables
from safer_communities.site.finish.stylesheets import use_one_stylesheet
from safer_communities.site.finish.theme import (
    fold_sections,
    gather_code,
    name_exhibits,
    simplify_markup,
)
from safer_communities.site.share.description import add_description


@dataclass(frozen=True)
class FinishedPage:
    """A page without what no reader needs, and what it asks of the site.

    `html` has marks where the versions of the site's style sheet and script belong; `sheets`,
    `scripts` and `addresses` are files that Sphinx and the theme copied; `names` are the classes
    and ids of the page, `words` those that the search finds it by.
    """

    html: str
    sheets: list[str]
    scripts: list[str]
    names: list[str]
    addresses: list[str]
    words: list[str]


def finished_page(raw: str, *, is_search: bool, at_top: bool) -> FinishedPage:
    """The page that Sphinx wrote as `raw`, finished.

    `is_search` says whether it is the search page, `at_top` whether it stands at the top of the
    site. Raises ValueError where it shows an icon that there is no drawing for.
    """
    page = BeautifulSoup(raw, "html.parser")
    simplify_markup(page, at_top=at_top)
    gather_code(page)
    fold_sections(page)
    name_exhibits(page)
    drop_unused_scripts(page, is_search=is_search)
    draw_icons(page)
    stack_tables(page)
    mark_main_columns(page)
    add_description(page)
    names = {
        name
        for tag in page.find_all(True)
        for name in [*tag.get_attribute_list("class"), tag.get("id")]
        if name
    }
    sheets, scripts = use_one_stylesheet(page), use_one_script(page)
    # Last, when the scripts that stand in the page are known.
    add_policy(page)
    html = page.decode(formatter="minimal")
    return FinishedPage(html, sheets, scripts, sorted(names), addresses_of(page), words_of(page))
