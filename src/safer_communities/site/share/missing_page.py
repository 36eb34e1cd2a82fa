"""The page that a server shows for an address where there is none: `404.html`.

Servers show it at addresses of any depth, from which no file of the site can be named.
"""

from html import escape

from safer_communities.chapter.front.imprint import Imprint
from safer_communities.site.pages.staging import LANDING_PAGE
from safer_communities.site.share.page_alone import page_alone

MISSING_PAGE = "404.html"


def missing_page(imprint: Imprint) -> str:
    """The text of the page: where readers can go on, who publishes the site, whom to call.

    It has links where `publisher.yml` has the site's address: without it none would lead anywhere
    from every depth, and the page says what to do instead.
    """
    top = escape(imprint.publisher.address)
    if top:
        ways = f"""<ul>
<li><a href="{top}{LANDING_PAGE}">Go to the first page</a></li>
<li><a href="{top}search.html">Search the book</a></li>
</ul>"""
    else:
        ways = """<p>Go back to the page that you came from. Or take the end off the address in your
browser, up to a slash, until a page opens.</p>"""
    body = f"""<h1>There is no page at this address</h1>
<p>It may have another name now, or the address may have a mistake.</p>
{ways}"""
    head = '<meta name="robots" content="noindex">\n'
    return page_alone("Page not found", body, imprint, head=head)
