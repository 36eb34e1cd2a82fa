"""Charts and tables of an executed notebook as accessible HTML, with the files they offer."""

import json
from dataclasses import dataclass
from html import escape

import nbformat

from safer_communities.charts.svg import clipped_once, size_of
from safer_communities.facts.output_types import CHART_MIME, GLUE_PREFIX, TABLE_MIME
from safer_communities.site.pages.taken_away import (
    UNPUBLISHED,
    Colophon,
    actions_html,
    files_of,
    href,
)

# Pixels that the text column of a desk has at least: a wider drawing may scroll there too.
COLUMN_WIDTH = 700


@dataclass(frozen=True)
class Published:
    """A notebook ready for Sphinx, and the text of each file that its pages link to by name."""

    notebook: nbformat.NotebookNode
    files: dict[str, str]


def published(notebook: nbformat.NotebookNode, colophon: Colophon = UNPUBLISHED) -> Published:
    """`notebook` with every chart and table as one block of HTML, and their CSV and SVG files.

    The small charts that prose pastes stay glue. `colophon` is what a chart says of the book.
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
                files |= files_of(record, svg, colophon)
                html = chart_html(record, svg, colophon)
            elif TABLE_MIME in data:
                record = data[TABLE_MIME]
                files[f"{record['name']}.csv"] = record["csv"]
                html = table_html(record, "".join(data["text/html"]))
            elif GLUE_PREFIX + CHART_MIME in data:
                record = data[GLUE_PREFIX + CHART_MIME]
                svg = "".join(data[f"{GLUE_PREFIX}image/svg+xml"])
                files |= {f"{record['name']}.svg": svg, f"{record['name']}.csv": record["csv"]}
                output["data"] = {
                    f"{GLUE_PREFIX}text/html": small_chart_html(record, svg, colophon)
                }
                continue
            else:
                continue
            output["data"] = nbformat.from_dict({"text/html": html})
    drawings = {name: clipped_once(text) for name, text in files.items() if name.endswith(".svg")}
    return Published(notebook, files | drawings)


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


def chart_html(record: dict, svg: str, colophon: Colophon = UNPUBLISHED) -> str:
    """The chart as a figure: headline, drawing, source, what can be taken away, its table.

    For phones there is a narrower drawing; one that has none scrolls sideways in its frame.
    """
    name = record["name"]
    drawing = _for_both_widths(record, svg) if record["svg_narrow"] else _in_a_frame(record, svg)
    return f"""<figure class="exhibit" id="{escape(name)}">
<figcaption>
<p class="exhibit-headline">{escape(record["headline"])}</p>
{_paragraph(record["subtitle"], ' class="exhibit-subtitle"')}
</figcaption>
{drawing}
<p class="exhibit-source">{escape(record["source"])}</p>
{actions_html(record, colophon)}
{_notes(record)}
</figure>"""


def _notes(record: dict) -> str:
    """The chart in words and as a table, folded; empty where both stand elsewhere."""
    inside = "\n".join(filter(None, (_paragraph(record["description"]), record["table"])))
    summary = "<summary>About this chart and its data</summary>"
    return f'<details class="exhibit-more">\n{summary}\n{inside}\n</details>' if inside else ""


def _for_both_widths(record: dict, svg: str) -> str:
    narrow = ""
    if record["svg_narrow"] != svg:
        width, height = size_of(record["svg_narrow"])
        narrow = f"""<source media="(max-width: 600px)" \
srcset="{href(record["name"], "_narrow.svg")}" width="{width}" height="{height}">
"""
    return f"""<div class="chart-frame"><picture>
{narrow}{_image(record, svg)}
</picture></div>{_marks(record)}"""


def _marks(record: dict) -> str:
    """What the marks say and where they stand, for the script that shows it."""
    if not record.get("marks"):
        return ""
    # Nothing in a script may look like its end.
    text = json.dumps(record["marks"], ensure_ascii=False, separators=(",", ":"))
    text = text.replace("<", "\\u003c")
    return f'\n<script type="application/json" class="chart-marks">{text}</script>'


def _in_a_frame(record: dict, svg: str) -> str:
    """The one drawing at its own width, and what to do where the screen is narrower."""
    wide = " wide" if size_of(svg)[0] > COLUMN_WIDTH else ""
    return f"""<p class="chart-scroll-cue{wide}">Scroll the chart sideways to see all of it.</p>
<div class="chart-scroll" role="region" tabindex="0" aria-label="{escape(record["headline"])}">
{_image(record, svg)}
</div>"""


def _image(record: dict, svg: str) -> str:
    width, height = size_of(svg)
    return f"""<img class="chart" src="{href(record["name"], ".svg")}" \
alt="{escape(record["alt"])}" width="{width}" height="{height}">"""


def small_chart_html(record: dict, svg: str, colophon: Colophon = UNPUBLISHED) -> str:
    """The small chart as a figure: drawing, what it shows, source, downloads, how to cite it."""
    name = record["name"]
    return f"""<figure class="exhibit small-chart" id="{escape(name)}">
<div class="chart-frame">{_image(record, svg)}</div>{_marks(record)}
<figcaption>
<p class="exhibit-subtitle">{escape(record["subtitle"])}</p>
</figcaption>
<details class="exhibit-more">
<summary>Source and data</summary>
<p class="exhibit-source">{escape(record["source"])}</p>
<p>Download: <a href="{href(name, ".csv")}" download>data (CSV)</a>, \
<a href="{href(name, ".svg")}" download>chart (SVG)</a>.</p>
<p>Cite this: {escape(colophon.citation(record))} {escape(colophon.place(record))}</p>
</details>
</figure>"""


def table_html(record: dict, table: str) -> str:
    """The table with its source line and its download."""
    name = record["name"]
    return f"""<div class="exhibit" id="{escape(name)}">
{table}
<p class="exhibit-source">{escape(record["source"])} \
<span class="exhibit-download"><a href="{href(name, ".csv")}" download>Download this table \
(CSV)</a>.</span></p>
</div>"""


def _paragraph(words: str, attributes: str = "") -> str:
    return f"<p{attributes}>{escape(words)}</p>" if words else ""
