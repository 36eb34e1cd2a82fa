"""The front page of the site of London: a map of the boroughs, each a link, and the same as a list.

The map shades each borough by its rate of recorded crime. It is drawn in the page, so that a link
in it works everywhere, and it needs no other file.
"""

from html import escape

import numpy as np
import pandas as pd
import shapely

from safer_communities.analysis.editions import POPULATION, RECORDED_CRIME
from safer_communities.chapter.book import Book
from safer_communities.charts import style
from safer_communities.charts.maps import outlines
from safer_communities.datasets import load
from safer_communities.facts import wording
from safer_communities.settings import Settings
from safer_communities.site.share.page_alone import page_alone
from safer_communities.statistics.natural_breaks import natural_breaks

_WIDTH, _HEIGHT = 680, 560
_STYLE = (
    """
svg { display: block; height: auto; width: 100%; }
path { stroke: var(--back); stroke-width: 1.5; }
a:focus-visible path, a:hover path { stroke: var(--ink); stroke-width: 3; }
.key { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; padding: 0; }
.key svg { display: inline-block; height: 0.9em; margin-right: 0.4em; width: 1.6em; }
.key li { margin: 0; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; }
th, td { border-bottom: 1px solid var(--rule); padding: 0.35rem 0.5rem 0.35rem 0; text-align: left;
  vertical-align: top; }
.number { text-align: right; }
"""
    + "\n".join(f".s{at} {{ fill: {colour}; }}" for at, colour in enumerate(style.SEQUENTIAL))
    + "\n.none { fill: var(--rule); }\n"
)


def front_page(links: dict[str, str], year: int) -> str:
    """The text of the page; `links` has the way to the book of each borough that has one.

    The rates are those of the edition of `year`.
    """
    book = Book(Settings(next(iter(links)), year))
    rates = book.crime.rates()
    table = rates.table.sort_values("area", ignore_index=True)
    table = table.assign(rate=table["rate"].round().astype(int))
    classes = natural_breaks(table["rate"], classes=len(style.SEQUENTIAL))
    table["shade"] = [sum(low <= rate for low, _ in classes) - 1 for rate in table["rate"]]
    body = f"""<h1>Crime and safety in the boroughs of London</h1>
<p>Choose a borough. Its book shows what was recorded there, beside London, year by year.</p>
{_map(table, links)}
<p id="key">Recorded offences per 1,000 people who live there,
{escape(rates.period.label)}:</p>
{_key(classes)}
<p>London: {rates.london.rate:.0f}. Many people who work in the centre, or visit it, live elsewhere:
its rates count what happens to them too. A high rate is not the risk of a resident.</p>
{_list(table, links)}
<p>Sources: {RECORDED_CRIME}; {POPULATION}.</p>"""
    return page_alone("Boroughs of London", body, book.imprint, style=_STYLE)


def _map(table: pd.DataFrame, links: dict[str, str]) -> str:
    """The boroughs, each one path, in a link where it has a book."""
    shapes, height = outlines.in_pixels(_shapes(table["area_code"]), _WIDTH, _HEIGHT)
    parts = []
    for row, shape in zip(table.to_dict("records"), shapes, strict=True):
        words = escape(f"{row['area']}, {row['rate']} per 1,000")
        path = f'<path class="s{row["shade"]}" d="{_path(shape)}"><title>{words}</title></path>'
        way = links.get(row["area"])
        parts.append(f'<a href="{way}" aria-label="{words}">{path}</a>' if way else path)
    joined = "\n".join(parts)
    label = "Map of the boroughs, each shaded by its rate; the list below has the same"
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height:.0f}" role="group" aria-label="{label}">\n'
        f"{joined}\n</svg>"
    )


def _shapes(codes: pd.Series) -> pd.Series:
    """The shape of each borough in degrees, joined from those of its wards."""
    wards = load.table("ward_shapes")
    wards = wards[wards["release"] == wards["release"].max()]
    joined = {
        code: shapely.coverage_union_all(shapely.from_wkt(own["shape"].to_numpy()))
        for code, own in wards.groupby("area_code")
    }
    return codes.map(joined)


def _path(shape: shapely.Geometry) -> str:
    """The outline as the `d` of an SVG path, to a tenth of a pixel."""
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    points = [np.round(shapely.get_coordinates(ring), 1)[:-1] for ring in rings]
    return "".join("M" + " ".join(f"{x:g},{y:g}" for x, y in ring) + "Z" for ring in points)


def _key(classes: list[tuple[float, float]]) -> str:
    """The shades, with the rates that occur in each."""
    box = '<svg viewBox="0 0 16 9" aria-hidden="true"><path class="s{}" d="M0,0H16V9H0Z"/></svg>'
    parts = [
        f"<li>{box.format(at)}{'–'.join(dict.fromkeys(f'{end:.0f}' for end in ends))}</li>"
        for at, ends in enumerate(classes)
    ]
    return f'<ul class="key" aria-labelledby="key">{"".join(parts)}</ul>'


def _list(table: pd.DataFrame, links: dict[str, str]) -> str:
    """The boroughs by name: the rate of each, and the ranks that it could have."""
    rows = []
    for row in table.to_dict("records"):
        name, way = escape(row["area"]), links.get(row["area"])
        named = f'<a href="{way}">{name}</a>' if way else name
        rank = wording.rank_range(row["rank"], row["rank_low"], row["rank_high"], of=len(table))
        rows.append(
            f'<tr><th scope="row">{named}</th><td class="number">{row["rate"]}</td>'
            f"<td>{escape(rank)}</td></tr>"
        )
    return f"""<table>
<caption>The same as a list</caption>
<thead><tr><th scope="col">Borough</th><th scope="col" class="number">Offences per 1,000</th>
<th scope="col">Its rank may be</th></tr></thead>
<tbody>
{"".join(rows)}
</tbody>
</table>"""
