"""Text that would do harm where a page, a spreadsheet or a drawing took it for more than text.

`spoil` puts it into the tables as they are loaded: the names of boroughs and wards, the notes, the
words of promises, claims and questions. The made chapter of `test_hostile_text` does so in its own
process. `PLAIN` is as long, word for word, and harmless: the same pages made of it show what
elements a page should have.
"""

import os
import re
from pathlib import Path

import pandas as pd

from safer_communities.datasets import kept, load

HOSTILE = (
    '<script>document.title="planted"</script>',
    "<b class=planted onclick=alert(1)>bold</b>",
    '"><img src=planted.png onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "--><!-- ]]> <![CDATA[ <svg onload=alert(1)>",
    "&lt;b&gt; &amp; &#60; &copy;",
    "**strong** _em_ ~~gone~~ `code` [link](javascript:alert(1)) ![alt](planted.png)",
    "<https://planted.example> [^1]: [ref]: (target)= # heading",
    "{glue:text}`nothing` {ref}`nowhere` {{ 7*7 }} {% raw %} :field:",
    "```{raw} html",
    ":::{note}",
    r"$x^2$ $$y$$ \(z\) \input{passwd} \alpha",
    "{period} {0} {borough.__class__} %s %(x)s",
    "=cmd|' /c calc'!A0",
    "@SUM(1,1)",
    "+44 20",
    "-1+1",
    "שלום مرحبا 東京 🔥",
    "W" * 200,
)
EVERYTHING = " ".join(HOSTILE)
# Letters stand for letters, so that what depends on length is the same.
PLAIN = tuple(re.sub(r"[^\s]", "n", text) for text in HOSTILE)
# By table, the columns of text that are shown somewhere.
COLUMNS = {
    "boroughs": ["borough"],
    "ward_population": ["ward_name"],
    "editions": ["label", "note", "strategy_borough"],
    "actions": ["promise", "found", "source", "date"],
    "outcomes": ["summary", "note"],
    "claims": ["claim", "note", "period"],
    "comparisons": ["label"],
    "percentages": ["label"],
    "waves": ["label", "people", "note"],
    "series_breaks": ["name", "what_changed", "affects", "valid_comparison", "caution"],
}
BOROUGH = "Barnet"


def spoil(text: str) -> str:
    """Puts `text` behind the text of every table; returns the borough's name.

    It stays so for the whole process.
    """
    read = load.table

    def spoilt(name: str) -> pd.DataFrame:
        frame = read(name)
        return frame.assign(
            **{
                column: frame[column].where(frame[column] == "", frame[column] + f" {text}")
                for column in COLUMNS.get(name, [])
            }
        )

    load.table = spoilt
    # What is made of these tables is for nobody else.
    kept.KEPT = Path(os.devnull)
    kept.forget()
    return f"{BOROUGH} {text}"
