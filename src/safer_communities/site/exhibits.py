"""Charts and tables of an executed notebook as accessible HTML, with the files they offer."""

import re
from dataclasses import dataclass
from html import escape

import nbformat

from safer_communities.records import CHART_MIME, GLUE_PREFIX, TABLE_MIME

# Where the pages of the notebooks find the downloads: both folders sit at the top of the site.
DOWNLOADS_FROM_PAGE = "../downloads"


@dataclass(frozen=True)
class Published:
    """A notebook ready for Sphinx, and the text of each file that its pages link to by name."""

    notebook: nbformat.NotebookNode
    files: dict[str, str]


def published(notebook: nbformat.NotebookNode) -> Published:
    """`notebook` with every chart and table as one block of HTML, and their CSV and SVG files.

    The small charts that prose pastes stay glue.
    """
    notebook = nbformat.from_dict(notebook)
    notebook.cells = _with_code_together(notebook.cells)
    files: dict[str, str] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if CHART_MIME in data:
                record = data[CHART_MIME]
                svg = "".join(data["image/svg+xml"])
                files[f"{record['name']}.svg"] = svg
                files[f"{record['name']}_narrow.svg"] = record["svg_narrow"]
                files[f"{record['name']}.csv"] = record["csv"]
                html = chart_html(record, svg)
            elif TABLE_MIME in data:
                record = data[TABLE_MIME]
                files[f"{record['name']}.csv"] = record["csv"]
                html = table_html(record, "".join(data["text/html"]))
            elif GLUE_PREFIX + CHART_MIME in data:
                record = data[GLUE_PREFIX + CHART_MIME]
                svg = "".join(data[f"{GLUE_PREFIX}image/svg+xml"])
                files |= {f"{record['name']}.svg": svg, f"{record['name']}.csv": record["csv"]}
                output["data"] = {f"{GLUE_PREFIX}text/html": small_chart_html(record, svg)}
                continue
            else:
                continue
            output["data"] = nbformat.from_dict({"text/html": html})
    return Published(notebook, files)


def _with_code_together(cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """The cells with each run of code cells as one, so that a reader meets one toggle, not five."""
    together: list[nbformat.NotebookNode] = []
    for cell in cells:
        last = together[-1] if together else None
        if last and last.cell_type == cell.cell_type == "code":
            last.source = f"{last.source}\n\n{cell.source}"
            last.outputs = last.outputs + cell.outputs
        else:
            together.append(cell)
    return together


def chart_html(record: dict, svg: str) -> str:
    """The chart as a figure: headline, drawing (a narrower one for phones), source, downloads."""
    name = record["name"]
    width, height = _size(svg)
    narrow_width, narrow_height = _size(record["svg_narrow"])
    description = f"<p>{escape(record['description'])}</p>" if record["description"] else ""
    return f"""<figure class="exhibit" id="{escape(name)}">
<figcaption>
<p class="exhibit-headline">{escape(record["headline"])}</p>
<p class="exhibit-subtitle">{escape(record["subtitle"])}</p>
</figcaption>
<picture>
<source media="(max-width: 600px)" srcset="{_href(name, "_narrow.svg")}" \
width="{narrow_width}" height="{narrow_height}">
<img class="chart" src="{_href(name, ".svg")}" alt="{escape(record["alt"])}" \
width="{width}" height="{height}">
</picture>
<p class="exhibit-source">{escape(record["source"])}</p>
<details class="exhibit-more">
<summary>About this chart and its data</summary>
{description}
{record["table"]}
<p>Download: <a href="{_href(name, ".csv")}" download>data behind this chart (CSV)</a>, \
<a href="{_href(name, ".svg")}" download>the chart (SVG)</a>.</p>
</details>
</figure>"""


def small_chart_html(record: dict, svg: str) -> str:
    """The small chart as a figure: drawing, what it shows, source, downloads."""
    name = record["name"]
    width, height = _size(svg)
    return f"""<figure class="exhibit small-chart" id="{escape(name)}">
<img class="chart" src="{_href(name, ".svg")}" alt="{escape(record["alt"])}" \
width="{width}" height="{height}">
<figcaption>
<p class="exhibit-subtitle">{escape(record["subtitle"])}</p>
</figcaption>
<details class="exhibit-more">
<summary>Source and data</summary>
<p class="exhibit-source">{escape(record["source"])}</p>
<p>Download: <a href="{_href(name, ".csv")}" download>data (CSV)</a>, \
<a href="{_href(name, ".svg")}" download>chart (SVG)</a>.</p>
</details>
</figure>"""


def table_html(record: dict, table: str) -> str:
    """The table with its source line and its download."""
    name = record["name"]
    return f"""<div class="exhibit" id="{escape(name)}">
{table}
<p class="exhibit-source">{escape(record["source"])} \
<span class="exhibit-download"><a href="{_href(name, ".csv")}" download>Download this table \
(CSV)</a>.</span></p>
</div>"""


def _href(name: str, ending: str) -> str:
    return f"{DOWNLOADS_FROM_PAGE}/{escape(name)}{ending}"


def _size(svg: str) -> tuple[int, int]:
    """Width and height of a drawing in CSS pixels: its view box is drawn at that size."""
    match = re.search(r'viewBox="[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)"', svg)
    if match is None:
        raise ValueError("svg: the drawing has no viewBox")
    return round(float(match[1])), round(float(match[2]))
