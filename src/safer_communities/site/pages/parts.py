"""The parts of the narrative pages that are made from tables: sources, revisions, outcomes."""

from functools import partial

import pandas as pd
import yaml
from IPython.display import display

from safer_communities.analysis.editions import counts_by_release, headline_revisions
from safer_communities.chapter.book import Book
from safer_communities.chapter.strategy import HEADLINES
from safer_communities.charts.table import Column, Table
from safer_communities.datasets import load
from safer_communities.facts.output_types import PARTS_MIME
from safer_communities.project import DATA
from safer_communities.settings import Settings
from safer_communities.site.pages.markdown import escaped, link
from safer_communities.site.pages.worked_examples import EXAMPLES, example


def show_parts(asked: dict[str, list[str]]) -> None:
    """Show the parts that each page asks for, for the book of the environment's settings.

    Raises ValueError where a page asks for something that is not made here.
    """
    parts = made_parts(asked, Book(Settings.from_environment()))
    display({PARTS_MIME: parts, "text/plain": ", ".join(parts)}, raw=True)


def made_parts(asked: dict[str, list[str]], data: Book) -> dict[str, str]:
    """The Markdown of each part, by name; `asked` names those that each page asks for.

    Raises ValueError where a page asks for something that is not made here.
    """
    makers = {
        "data sources": _data_sources,
        "revisions": lambda: _revisions(data),
        "revised headlines": lambda: _revised_headlines(data),
        "releases used": _releases_used,
    }
    makers |= {
        f"outcomes {priority}": partial(_outcomes, priority)
        for priority in load.table("outcomes")["priority"].unique()
    }
    makers |= {
        f"actions {part.lower()}": partial(_actions, part)
        for part in load.table("actions")["part"].unique()
    }
    makers |= {f"example {name}": partial(example, name, data) for name in EXAMPLES}
    for page, names in asked.items():
        for name in names:
            if name not in makers:
                raise ValueError(f"book/{page}.md: nothing makes {name!r}, which it asks for")
    return {name: makers[name]() for names in asked.values() for name in names}


def _data_sources() -> str:
    """A section for each source of the data package: who made it, its licence and our tables."""
    package = yaml.safe_load((DATA / "datapackage.yaml").read_text(encoding="utf-8"))
    by_source: dict[str, list[dict]] = {}
    for resource in package["resources"]:
        by_source.setdefault(resource["sources"][0]["title"], []).append(resource)
    return "\n\n".join(
        _source_section(title, resources) for title, resources in sorted(by_source.items())
    )


def _source_section(title: str, resources: list[dict]) -> str:
    first = resources[0]
    page = first["sources"][0].get("path", "")
    licences = "; ".join(
        link(licence["title"], licence.get("path", "")) for licence in first["licenses"]
    )
    lines = [f"### {escaped(title)}", "", escaped(first["description"] or first["title"]), ""]
    lines.append(f"- **Publisher:** {link(first['publisher'], page)}")
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


def _revisions(data: Book) -> str:
    """The strategy's year, whichever year the book is of, as each release gave it."""
    period = data.strategy_edition.period
    releases = load.table("releases")
    names = releases.loc[releases["publication"] == "mps_borough_crime", "release"]
    table = counts_by_release(
        {name: load.recorded_crime(name) for name in names}, data.area_code, period
    )
    table["release"] = pd.to_datetime(table["release"]).dt.strftime("%B %Y")
    exhibit = Table(
        "revisions",
        table,
        [
            Column("release", "Release", kind="text", row_header=True),
            Column("classification", "Classification", kind="text"),
            Column("base_count", period.previous().label, decimals=0),
            Column("count", period.label, decimals=0),
            Column("change_percent", "Change", unit="%", decimals=1),
        ],
        caption=f"Offences recorded in {data.borough}, as each release gave them",
    )
    return _as_markdown(exhibit)


def _revised_headlines(data: Book) -> str:
    """The strategy's headline changes, as printed and as the newest release gives them."""
    checked = data.strategy.checked_of(HEADLINES)
    rows = checked[checked["computed"].notna()]
    moved = headline_revisions(rows["published"], rows["computed"])
    exhibit = Table(
        "headlines",
        rows.assign(moved=moved),
        [
            Column("claim", "Headline", kind="text", row_header=True),
            Column("published_text", "Printed", kind="written number"),
            Column("computed_text", "Newest release", kind="written number"),
            Column("moved", "What moved", kind="text"),
        ],
        caption="The strategy's headline changes (%), as printed and in the newest release",
    )
    return _as_markdown(exhibit)


def _releases_used() -> str:
    """The releases that each edition is made from."""
    editions = load.table("editions")
    exhibit = Table(
        "releases",
        editions.assign(crime=editions["borough_crime_releases"].str.replace(" ", ", ")),
        [
            Column("label", "Edition", kind="text", row_header=True),
            Column("classification", "Classification", kind="text"),
            Column("crime", "Recorded crime, borough", kind="text"),
            Column("ward_crime_release", "Recorded crime, wards", kind="text"),
            Column("population_release", "Residents", kind="text"),
            Column("household_release", "Households", kind="text"),
            Column("note", "Note", kind="text"),
        ],
        caption="The releases that each edition uses, preferred first",
    )
    return _as_markdown(exhibit)


def _outcomes(priority: int) -> str:
    outcomes = load.table("outcomes")
    rows = outcomes[outcomes["priority"] == priority]
    exhibit = Table(
        "outcomes",
        rows.assign(indicators=rows["indicators"].map(_as_list)),
        [
            Column("summary", "Outcome, in our words", kind="text", row_header=True),
            Column("indicators", "Published figures that can follow it", kind="text"),
            Column("note", "What would be needed", kind="text"),
        ],
        caption="The outcomes of this priority and what can follow them",
    )
    return _as_markdown(exhibit)


def _as_list(indicators: str) -> str:
    return indicators.replace(";", "; ") or "Nothing published can"


def _actions(part: str) -> str:
    actions = load.table("actions")
    exhibit = Table(
        "actions",
        actions[actions["part"] == part],
        [
            Column("promise", "Promise, in our words", kind="text", row_header=True),
            Column("would_show", "What would show it", kind="text"),
            Column("evidence", "Evidence found", kind="text"),
            Column("source", "Source", kind="text"),
            Column("date", "Date", kind="text"),
        ],
        caption=f"{part}: promises, and the evidence found for each",
    )
    return _as_markdown(exhibit)


def _as_markdown(exhibit: Table) -> str:
    """The table as HTML inside Markdown, without blank lines, which would end the block."""
    html = exhibit.to_html()
    return "\n".join(line for line in html.splitlines() if line.strip())
