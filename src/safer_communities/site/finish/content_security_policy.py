"""The Content-Security-Policy of a page, which allows this site alone.

So that the policy can be strict, nothing in a page may need an exception: no style in an
attribute, no icon font, no script whose text is not known when the page is built.
"""

import hashlib
from base64 import b64encode

from bs4 import BeautifulSoup

from safer_communities.site.markup import part_of, parts_of

# Browsers run nothing else: figures in a script block need no exception.
_RUNS = ("text/javascript", "module")


def add_policy(page: BeautifulSoup) -> None:
    """Puts the policy first in the head of `page`, where it covers everything."""
    head = part_of(page, "head")
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
        if script.string and script.get("type", "text/javascript") in _RUNS
    }
    searches = bool(parts_of(page, "script[src*=searchtools]"))
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
