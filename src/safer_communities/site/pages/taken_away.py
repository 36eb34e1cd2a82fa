"""What a reader takes away of a chart: its address, its citation, its drawing and its data."""

import json
from dataclasses import dataclass, replace
from html import escape

from safer_communities.chapter.front.imprint import Imprint
from safer_communities.charts.svg import with_words

# Where the pages of the notebooks find the downloads: both folders sit at the top of the site.
DOWNLOADS_FROM_PAGE = "../downloads"
_OPEN, _CLOSE = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"
_WHOLE = "_whole.svg"
_METADATA = ".csv-metadata.json"


@dataclass(frozen=True)
class Colophon:
    """Who publishes a book, which one it is, when it came out, and the address of the page.

    `address` is that of the edition or of a page in it, empty where the site has none; `published`
    is a day in words.
    """

    publisher: str
    book: str
    published: str = ""
    address: str = ""

    def citation(self, record: dict) -> str:
        """Who, what, which book, when, the source with its period; without the address."""
        title, source = record["headline"].rstrip("."), record["source"]
        book = ", ".join(filter(None, (self.book, self.published)))
        return f"{self.publisher}, {_OPEN}{title}{_CLOSE}. {book}. {source}"

    def on(self, page: str) -> "Colophon":
        """The same for a page of the edition, such as "notebooks/wards.html"."""
        return replace(self, address=f"{self.address}{page}") if self.address else self

    def place(self, record: dict) -> str:
        """The address of a chart; empty where the site has none."""
        return f"{self.address}#{record['name']}" if self.address else ""


UNPUBLISHED = Colophon("Safer Communities book project", "Safer Communities book")


def colophon_of(imprint: Imprint, borough: str) -> Colophon:
    """What the charts of the book of a borough say of it; editions stand in folders of the site."""
    publisher, year = imprint.publisher, imprint.edition.year
    return Colophon(
        publisher.publisher,
        f"Safer Communities book: {borough}, {year} edition",
        publisher.dates(year).published,
        f"{publisher.address}{year}/" if publisher.address else "",
    )


def files_of(record: dict, svg: str, colophon: Colophon) -> dict[str, str]:
    """The text of each file of a chart by name: drawings, data, and what the data are.

    One drawing has its words about it, for those who paste it elsewhere.
    """
    name = record["name"]
    files = {
        f"{name}.svg": svg,
        f"{name}{_WHOLE}": _whole(record, svg, colophon),
        f"{name}.csv": record["csv"],
        f"{name}{_METADATA}": _metadata(record, colophon),
    }
    if record["svg_narrow"] not in ("", svg):
        files[f"{name}_narrow.svg"] = record["svg_narrow"]
    return files


def _whole(record: dict, svg: str, colophon: Colophon) -> str:
    said = ", ".join(filter(None, (colophon.book, colophon.publisher, colophon.published)))
    below = filter(None, (record["source"], f"{said}.", colophon.place(record)))
    return with_words(svg, record["headline"], record["subtitle"], list(below))


def _metadata(record: dict, colophon: Colophon) -> str:
    """What the CSV file holds, as "CSV on the Web" has it (https://www.w3.org/TR/tabular-metadata/).

    A reader of that standard finds it by its name beside the file.
    """
    columns = [
        {
            "titles": column["name"],
            "datatype": column["datatype"],
            **({"dc:description": column["holds"]} if column.get("holds") else {}),
            **({"schema:unitText": column["unit"]} if column.get("unit") else {}),
        }
        for column in record.get("columns", ())
    ]
    described = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": f"{record['name']}.csv",
        "dc:title": record["headline"],
        "dc:description": record["subtitle"],
        "dc:source": record["source"],
        "dc:isPartOf": colophon.book,
        "dc:publisher": colophon.publisher,
        "dc:issued": colophon.published,
        "dc:relation": colophon.place(record),
        "tableSchema": {"columns": columns},
    }
    known = {key: value for key, value in described.items() if value}
    return json.dumps(known, ensure_ascii=False, indent=1) + "\n"


def actions_html(record: dict, colophon: Colophon) -> str:
    """Link, drawing, data, what the data are, citation: always in this order.

    The script adds a picture (PNG) before the drawing. The names hold the headline, so that they
    differ for those who hear them out of their place.
    """
    name, headline = record["name"], escape(record["headline"])
    files = [
        ("Drawing (SVG)", _WHOLE, ".svg", ' class="chart-drawing"'),
        ("Data (CSV)", ".csv", ".csv", ""),
        ("About the data (JSON)", _METADATA, _METADATA, ""),
    ]
    links = [f'<a href="#{escape(name)}" aria-label="Link: {headline}">Link</a>']
    links += [
        f'<a{kind} href="{href(name, ending)}" download="{escape(name)}{saved}" '
        f'aria-label="{words}: {headline}">{words}</a>'
        for words, ending, saved, kind in files
    ]
    items = "".join(f"<li>{link}</li>" for link in links)
    place = escape(colophon.place(record))
    if not place:
        place = f'<span class="chart-address">Chart {escape(name)}.</span>'
    return f"""<ul class="chart-actions">{items}</ul>
<details class="chart-cite"><summary aria-label="Cite this: {headline}">Cite this</summary>
<p>{escape(colophon.citation(record))} {place}</p></details>"""


def href(name: str, ending: str) -> str:
    """The address of a download as a page asks for it."""
    return f"{DOWNLOADS_FROM_PAGE}/{escape(name)}{ending}"
