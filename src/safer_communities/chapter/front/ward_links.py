"""A line of links to the pages of the borough's wards, for those who come to find theirs."""

from IPython.display import Markdown

from safer_communities.chapter.chapter import Chapter
from safer_communities.chapter.data_sources import escaped


def ward_links(chapter: Chapter) -> Markdown:
    """A link to the page of each ward, for the top of a page: nobody must scroll to find theirs."""
    lines = [f"- [{escaped(page.title)}](ward_{page.key}.ipynb)" for page in chapter.ward_pages()]
    return Markdown("\n".join([":::{div} asked", "Find your ward:", "", *lines, ":::"]))
