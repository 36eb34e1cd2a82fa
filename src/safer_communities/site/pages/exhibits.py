"""Charts and tables of an executed notebook as accessible HTML, with the files they offer."""

import re
from dataclasses import dataclass
from html import escape

import nbformat

from safer_communities.facts.output_types import CHART_MIME, GLUE_PREFIX, TABLE_MIME

# Where the pages of the notebooks find the downloads: both folders sit at the top of the site.
DOWNLOADS_FROM_PAGE = "../downloads"
# Pixels that the text column of a desk has at least: a wider drawing may scroll there too.
COLUMN_WIDTH = 700


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
    for number, cell in enumerate(notebook.cells, start=1):
        cell.metadata["number"] = number
    notebook.cells = _with_markdown_as_prose(notebook.cells)
    files: dict[str, str] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if CHART_MIME in data:
                record = data[CHART_MIME]
                svg = "".join(data["image/svg+xml"])
                files[f"{record['name']}.svg"] = svg
                if record["svg_narrow"]:
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


def _with_markdown_as_prose(cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """The cells with what code shows as Markdown below it, where its headings count as headings."""
    found: list[nbformat.NotebookNode] = []
    for cell in cells:
        shown = [output.get("data", {}).get("text/markdown") for output in cell.get("outputs", [])]
        found.append(cell)
        if any(shown):
            cell.outputs = [o for o, text in zip(cell.outputs, shown, strict=True) if not text]
            found += [
                nbformat.v4.new_markdown_cell(
                    "".join(text), id=f"{cell.id}-shown-{number}", metadata=cell.metadata
                )
                for number, text in enumerate(shown)
                if text
            ]
    return found


def chart_html(record: dict, svg: str) -> str:
    """The chart as a figure: headline, drawing, source, downloads.

    For phones there is a narrower drawing; one that has none scrolls sideways in its frame.
    """
    name = record["name"]
    return f"""<figure class="exhibit" id="{escape(name)}">
<figcaption>
<p class="exhibit-headline">{escape(record["headline"])}</p>
{_paragraph(record["subtitle"], ' class="exhibit-subtitle"')}
</figcaption>
{_for_both_widths(record, svg) if record["svg_narrow"] else _in_a_frame(record, svg)}
<p class="exhibit-source">{escape(record["source"])}</p>
<details class="exhibit-more">
<summary>About this chart and its data</summary>
{_paragraph(record["description"])}
{record["table"]}
<p>Download: <a href="{_href(name, ".csv")}" download>data behind this chart (CSV)</a>, \
<a href="{_href(name, ".svg")}" download>the chart (SVG)</a>.</p>
</details>
</figure>"""


def _for_both_widths(record: dict, svg: str) -> str:
    narrow_width, narrow_height = _size(record["svg_narrow"])
    return f"""<picture>
<source media="(max-width: 600px)" srcset="{_href(record["name"], "_narrow.svg")}" \
width="{narrow_width}" height="{narrow_height}">
{_image(record, svg)}
</picture>"""


def _in_a_frame(record: dict, svg: str) -> str:
    """The one drawing at its own width, and what to do where the screen is narrower."""
    wide = " wide" if _size(svg)[0] > COLUMN_WIDTH else ""
    return f"""<p class="chart-scroll-cue{wide}">Scroll the chart sideways to see all of it.</p>
<div class="chart-scroll" role="region" tabindex="0" aria-label="{escape(record["headline"])}">
{_image(record, svg)}
</div>"""


def _image(record: dict, svg: str) -> str:
    width, height = _size(svg)
    return f"""<img class="chart" src="{_href(record["name"], ".svg")}" \
alt="{escape(record["alt"])}" width="{width}" height="{height}">"""


def small_chart_html(record: dict, svg: str) -> str:
    """The small chart as a figure: drawing, what it shows, source, downloads."""
    name = record["name"]
    return f"""<figure class="exhibit small-chart" id="{escape(name)}">
{_image(record, svg)}
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


def _paragraph(words: str, attributes: str = "") -> str:
    return f"<p{attributes}>{escape(words)}</p>" if words else ""


def _href(name: str, ending: str) -> str:
    return f"{DOWNLOADS_FROM_PAGE}/{escape(name)}{ending}"


def _size(svg: str) -> tuple[int, int]:
    """Width and height of a drawing in CSS pixels: what it says, or else those of its view box."""
    match = re.search(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"', svg) or re.search(
        r'viewBox="[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)"', svg
    )
    if match is None:
        raise ValueError("svg: the drawing has no viewBox")
    return round(float(match[1])), round(float(match[2]))
