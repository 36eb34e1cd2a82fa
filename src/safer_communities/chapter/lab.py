"""What only JupyterLab shows: a chart or table with all its words, and prose with its numbers."""

import re
from html import escape
from urllib.parse import quote

# Dark themes as well: a drawing has no background of its own.
_FIGURE = '<figure style="background: white; color: black; margin: 0; padding: 1em">'
_DIV = re.compile(r"^:::\{div\} message\n(.*?)\n:::$", re.MULTILINE | re.DOTALL)
_FACT = re.compile(r"\{glue:text\}`([a-z0-9_]+)`")
_TERM = re.compile(r"\{term\}`([^`<]+?)(?: <[^`]*>)?`")


def chart_html(words: dict[str, str], source: str, svg: str) -> str:
    """A chart with its headline, subtitle, text alternative and source."""
    above = f"<b>{escape(words['headline'])}</b><br>{escape(words['subtitle'])}"
    image = f'<img alt="{escape(words["alt"])}" src="data:image/svg+xml,{quote(svg)}">'
    below = f"<p>Text alternative: {escape(words['alt'])}</p><p>{escape(source)}</p>"
    return f"{_FIGURE}<figcaption>{above}</figcaption>{image}<small>{below}</small></figure>"


def table_html(table: str, source: str) -> str:
    """A table, which has its headline as caption, with its source."""
    return f"{table}<p><small>{escape(source)}</small></p>"


def filled(prose: str, texts: dict[str, str]) -> str:
    """Markdown of a chapter with its numbers in their places; a key without one stands out."""
    with_facts = _FACT.sub(
        lambda found: texts.get(found[1], f"**no fact is called `{found[1]}`**"), prose
    )
    return _DIV.sub(r"> \1", _TERM.sub(r"\1", with_facts))
