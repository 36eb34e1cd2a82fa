"""A page that needs no other file: its look, its rules for the browser, and who publishes it."""

import hashlib
from base64 import b64encode
from html import escape

from safer_communities.chapter.front.imprint import Imprint

# The colours and the font of `book/_static/book.css`.
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


def page_alone(title: str, body: str, imprint: Imprint, *, style: str = "", head: str = "") -> str:
    """The text of a page with `body` (HTML) and the publisher below it.

    `style` is added to its style sheet, and `head` to what it says of itself.
    """
    style = f"{_STYLE}{style}"
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'; base-uri 'none'"
    who = escape(" ".join(filter(None, [imprint.who, imprint.draft])))
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
{head}<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} — Safer Communities book</title>
<style>{style}</style>
</head>
<body>
<main>
<p>Safer Communities book</p>
{body}
</main>
<footer>
<p>{who}</p>
<p><strong>In an emergency, call 999.</strong> If it can wait, call 101.</p>
</footer>
</body>
</html>
"""
