"""The sources and the tables of `data/`, as the data package has them, for a page to show."""

import re
from html import escape
from string import punctuation
from urllib.parse import quote, urlsplit

import pandas as pd
import yaml
from IPython.display import Markdown

from safer_communities.project import DATA

_MARKS = re.compile(f"([{re.escape(punctuation)}])")
# What follows it in a section opens on a page when pressed.
_FOLDED = ":::{div} folded\nLicence and tables\n:::"
# From this size, in bytes, a site offers a CSV table zipped: four of them are two thirds of all.
ZIPPED_FROM = 250_000
# What an address may hold as it stands; brackets and spaces would end it.
_IN_ADDRESS = "/:?#@!$&'*+,;=%~"


def data_sources() -> Markdown:
    """A section for each source: who publishes it, its licence, and the tables made from it."""
    return Markdown("\n\n".join(_section(*source) for source in sorted(_by_source().items())))


def _by_source() -> dict[str, list[dict]]:
    """The tables of the data package by the title of their source."""
    package = yaml.load((DATA / "datapackage.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    by_source: dict[str, list[dict]] = {}
    for resource in package["resources"]:
        by_source.setdefault(resource["sources"][0]["title"], []).append(resource)
    return by_source


def data_dictionary() -> Markdown:
    """A section for each source: its tables to download, and what each of their columns holds."""
    parts = []
    for title, resources in sorted(_by_source().items()):
        alike: dict[str, list[dict]] = {}
        for each in resources:
            alike.setdefault(str(each["schema"]["fields"]), []).append(each)
        tables = [_columns(tables) for tables in alike.values()]
        parts += [f"### {escaped(title)}", *tables]
    return Markdown("\n\n".join(parts))


def _columns(tables: list[dict]) -> str:
    """Tables with the same columns: links to their files, and a row for each column."""
    rows = [
        f"| `{field['name']}` | {escaped(field.get('description', ''))} | {field['type']} |"
        for field in tables[0]["schema"]["fields"]
    ]
    files = [
        f'<a href="../downloads/data/{quote(path)}" download>{escape(path)}</a>'
        for path in (offered_as(table["path"], table["bytes"]) for table in tables)
    ]
    title = escaped(tables[0]["title"]) + (" and others like it" if len(tables) > 1 else "")
    head = ["| Column | What it holds | Type |", "|---|---|---|"]
    lines = [f"{escaped(tables[0]['title'])}: its columns", *head, *rows]
    table = "\n".join(["```{table} " + lines[0], *lines[1:], "```"])
    return f":::{{dropdown}} {title}\n{', '.join(files)}\n\n{table}\n:::"


def offered_as(path: str, size: int) -> str:
    """Under which path a site offers the table of this path and size: a large CSV as ZIP file."""
    return f"{path}.zip" if path.endswith(".csv") and size >= ZIPPED_FROM else path


def _section(title: str, resources: list[dict]) -> str:
    first = resources[0]
    page = first["sources"][0].get("path", "")
    licences = "; ".join(
        link(licence["title"], licence.get("path", "")) for licence in first["licenses"]
    )
    lines = [f"### {escaped(title)}", "", escaped(first["description"] or first["title"]), ""]
    lines += [f"**Publisher:** {link(first['publisher'], page)}", "", _FOLDED, ""]
    lines.append(f"- **Licence:** {licences}")
    if first.get("attribution"):
        lines.append(f"- **Attribution:** {escaped(first['attribution'])}")
    for resource in resources:
        rows = f"{resource['rowCount']:,} {'row' if resource['rowCount'] == 1 else 'rows'}"
        years = _years(resource["coverage"].get("temporal", ""))
        title = f"{resource['title']}, {years}" if years else resource["title"]
        lines.append(f"- **Table:** {escaped(title)} (`data/{resource['path']}`, {rows})")
    return "\n".join(lines)


def _years(temporal: str) -> str:
    """ "2019-01/2024-03" as readers see it, "January 2019 to March 2024"; "2021/2021" is "2021"."""
    ends = [f"{pd.Timestamp(end):%B %Y}" if "-" in end else end for end in temporal.split("/")]
    return " to ".join(dict.fromkeys(ends))


def escaped(text: str) -> str:
    """`text` as Markdown that reads as that text: no mark-up, no HTML, no role of MyST.

    It is one line, so that it ends no block. A backslash before ASCII punctuation stands for the
    mark itself.
    """
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def link(text: str, address: str) -> str:
    """A link in Markdown; the text alone where the address is empty or no page of the web."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return escaped(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return escaped(text)
    return f"[{escaped(text)}](<{quote(address, safe=_IN_ADDRESS)}>)"
