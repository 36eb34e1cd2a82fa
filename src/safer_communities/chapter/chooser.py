"""Two or more boroughs of the reader's choice, side by side, for any offence that has a page.

The figures stand in the page itself, for the script that shows them (`book/_static/compare.js`).
"""

import json
import math
import re
from html import escape
from typing import Any

from IPython.display import HTML

from safer_communities.chapter.chapter import Chapter
from safer_communities.facts import wording

# Of each borough, in this order: the columns of `Offence.boroughs`, rounded as they are shown.
_COLUMNS = (
    *("count", "rate", "ci_low", "ci_high"),
    *("against_london_percent", "change_percent", "change_low", "change_high"),
)
_HEADINGS = (
    ("Borough", ""),
    ("For every 1,000 people", "number"),
    ("Range", ""),
    ("Against the 32 boroughs", "number"),
    ("Change in a year", "number"),
    ("Range", ""),
    ("Offences", "number"),
)


def chooser(chapter: Chapter) -> HTML:
    """The chooser and its figures; without a script it says where the tables are."""
    offences: dict[str, dict[str, Any]] = {
        key: {
            "title": chapter.offences[key].title,
            "london": _rounded(london, "rate"),
            "boroughs": {
                _key(str(row["area"])): [_rounded(float(row[name]), name) for name in _COLUMNS]
                for row in boroughs.to_dict("records")
            },
        }
        for key, (london, boroughs) in chapter.boroughs_by_offence().items()
    }
    names = {_key(name): name for name in sorted(chapter.boroughs["borough"])}
    data = {
        "period": chapter.edition.period.label,
        "own": _key(chapter.borough),
        "names": names,
        "offences": offences,
    }
    # Nothing in a script may look like its end.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    options = "".join(
        f'<option value="{key}">{escape(each["title"])}</option>' for key, each in offences.items()
    )
    boxes = "".join(
        f'<label><input type="checkbox" name="borough" value="{key}"> {escape(name)}</label>'
        for key, name in names.items()
    )
    headings = "".join(
        f'<th scope="col"{f" class={kind!r}" if kind else ""}>{heading}</th>'
        for heading, kind in _HEADINGS
    )
    return HTML(f"""<form id="compare" class="compare" hidden>
<p><label for="compare-offence">Kind of crime</label>
<select id="compare-offence">{options}</select></p>
<p><button type="button" id="compare-skip">To the figures, past the boroughs</button></p>
<fieldset><legend>Boroughs: choose two or more</legend>
<div class="compare-boroughs">{boxes}</div></fieldset>
</form>
<div id="compare-result" class="exhibit" hidden>
<p id="compare-told" role="status" tabindex="-1"></p>
<div class="table-scroll" role="region" tabindex="0" aria-label="The boroughs you chose">
<table><caption id="compare-caption"></caption>
<thead><tr>{headings}</tr></thead>
<tbody></tbody></table></div>
<p class="exhibit-source">{escape(chapter.citation("crime_per_resident").line)}</p>
<p><a id="compare-all" href="offences.html">All boroughs</a></p>
</div>
<script type="application/json" id="compare-data">{text}</script>""")


def _key(name: str) -> str:
    """A borough's name as it stands in an address."""
    return re.sub(r"[^a-z]+", "-", name.lower())


def _rounded(value: float, column: str) -> float | None:
    """As it is shown, so that it is rounded once; the ends of a range of a rare crime need more.

    None where it is missing.
    """
    if math.isnan(value):
        return None
    percent = column.startswith(("against", "change"))
    decimals = {"count": 0, "rate": 1 if value >= 1 else 2}.get(column, 1 if percent else 2)
    return float(wording.round_half_up(value, wording.places_shown(value, decimals)))
