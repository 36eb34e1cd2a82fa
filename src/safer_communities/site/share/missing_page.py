"""The page that a server shows for an address where there is none: `404.html`."""

import hashlib
from base64 import b64encode
from html import escape

from safer_communities.chapter.front.imprint import Imprint
from safer_communities.site.pages.staging import LANDING_PAGE

MISSING_PAGE = "404.html"
# The colours and the font of `book/_static/book.css`. Servers show this page at addresses of any
# depth, from which no file of the site can be named: so it has all it needs in itself.
_STYLE = """
:root { color-scheme: light dark; --ink: #1d2731; --link: #1d5a96; --rule: #b8c0c8; --back: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eef1f4; --link: #9fc5e8; --rule: #56606a; --back: #14181e; }
}
body { background: var(--back); color: var(--ink); font: 1.125rem/1.6 Arial, Helvetica, sans-serif;
  margin: 0 auto; max-width: 44rem; padding: 2rem 1rem; }
a { color: var(--link); }
a:focus-visible { outline: 3px solid; outline-offset: 2px; }
li { margin: 0.75rem 0; }
footer { border-top: 1px solid var(--rule); margin-top: 3rem; }
"""


def missing_page(imprint: Imprint) -> str:
    """The text of the page: where readers can go on, who publishes the site, whom to call.

    It has links where `publisher.yml` has the site's address: without it none would lead anywhere
    from every depth, and the page says what to do instead.
    """
    top = escape(imprint.publisher.address)
    if top:
        body = f"""<ul>
<li><a href="{top}{LANDING_PAGE}">Go to the first page</a></li>
<li><a href="{top}search.html">Search the book</a></li>
</ul>"""
    else:
        body = """<p>Go back to the page that you came from. Or take the end off the address in your
browser, up to a slash, until a page opens.</p>"""
    digest = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'; base-uri 'none'"
    who = escape(" ".join(filter(None, [imprint.who, imprint.draft])))
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Page not found — Safer Communities book</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<p>Safer Communities book</p>
<h1>There is no page at this address</h1>
<p>It may have another name now, or the address may have a mistake.</p>
{body}
</main>
<footer>
<p>{who}</p>
<p><strong>In an emergency, call 999.</strong> If it can wait, call 101.</p>
</footer>
</body>
</html>
"""
