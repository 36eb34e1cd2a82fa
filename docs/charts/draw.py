"""Draws the pictures of `docs/charts.md` by the calls that stand there: `make charts`."""

import ast
import re
from pathlib import Path

from safer_communities import charts
from safer_communities.chapter import Chapter
from safer_communities.settings import Settings

FOLDER = Path(__file__).parent
PAGE = FOLDER.with_suffix(".md")
_CALL = re.compile(
    r"^## (?P<name>\w+)\n.*?^```python\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE
)


def drawings() -> dict[str, str]:
    """The SVG text of each chart function's picture, by its name, in the order of the page."""
    page = PAGE.read_text(encoding="utf-8")
    chapter = Chapter("crime_levels", Settings(), emit=lambda *shown, **options: None)
    return {found["name"]: drawing(found["code"], chapter) for found in _CALL.finditer(page)}


def drawing(code: str, chapter: Chapter) -> str:
    """The chart that the last line of `code` gives, in a chapter of the strategy's own edition."""
    names = {"charts": charts, "chapter": chapter}
    *before, last = ast.parse(code).body
    exec(compile(ast.Module(before, []), PAGE.name, "exec"), names)
    assert isinstance(last, ast.Expr), "the last line has to be the chart"
    chart = eval(compile(ast.Expression(last.value), PAGE.name, "eval"), names)
    # Small charts come several at once.
    return (next(iter(chart.values())) if isinstance(chart, dict) else chart).svg


if __name__ == "__main__":
    for name, svg in drawings().items():
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
