"""The parts of the narrative pages that are made from tables: sources, revisions, outcomes."""

import re
from functools import partial

import pandas as pd
import yaml

from safer_communities import load
from safer_communities.citations import month_release
from safer_communities.edition_data import EditionData
from safer_communities.project import DATA
from safer_communities.revisions import counts_by_release, headline_revisions
from safer_communities.strategy_data import HEADLINES
from safer_communities.tables import Column, Table
from safer_communities.worked_examples import EXAMPLES, example

_MARKER = re.compile(r"^% generated: (?P<name>[a-z ]+)$", re.MULTILINE)


def with_generated(text: str, page: str, data: EditionData) -> str:
    """A page's Markdown with each line `% generated: NAME` replaced by what NAME stands for.

    Raises ValueError where a page asks for something that is not made here.
    """
    makers = {
        "data sources": _data_sources,
        "revisions": lambda: _revisions(data),
        "revised headlines": lambda: _revised_headlines(data),
        "releases used": _releases_used,
        "outcomes": lambda: _outcomes(int(page.removeprefix("priority_"))),
    }
    makers |= {
        f"actions {part.lower()}": partial(_actions, part)
        for part in load.table("actions")["part"].unique()
    }
    makers |= {f"example {name}": partial(example, name, data) for name in EXAMPLES}

    def replacement(match: re.Match) -> str:
        if match["name"] not in makers:
            raise ValueError(f"text: {page} asks for {match['name']!r}, which nothing makes")
        return makers[match["name"]]()

    return _MARKER.sub(replacement, text)


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
    page = first["sources"][0].get("path")
    licences = "; ".join(
        _link(licence["title"], licence.get("path")) for licence in first["licenses"]
    )
    lines = [f"### {title}", "", first["description"] or first["title"], ""]
    lines.append(f"- **Publisher:** {_link(first['publisher'], page)}")
    lines.append(f"- **Licence:** {licences}")
    if first.get("attribution"):
        lines.append(f"- **Attribution:** {first['attribution']}")
    for resource in resources:
        rows = f"{resource['rowCount']:,} {'row' if resource['rowCount'] == 1 else 'rows'}"
        years = _years(resource["coverage"].get("temporal", ""))
        title = f"{resource['title']}, {years}" if years else resource["title"]
        lines.append(f"- **Table:** {title} (`data/{resource['path']}`, {rows})")
    return "\n".join(lines)


def _years(temporal: str) -> str:
    """ "2019-01/2024-03" as readers see it, "January 2019 to March 2024"; "2021/2021" is "2021"."""
    ends = [f"{pd.Timestamp(end):%B %Y}" if "-" in end else end for end in temporal.split("/")]
    return " to ".join(dict.fromkeys(ends))


def _link(text: str, address: str | None) -> str:
    return f"[{text}]({address})" if address else text


def _revisions(data: EditionData) -> str:
    """The strategy's year, whichever year the book is of, as each release gave it."""
    period = data.strategy_edition.period
    releases = load.table("releases")
    names = releases.loc[releases["publication"] == "mps_borough_crime", "release"]
    table = counts_by_release(
        {name: load.recorded_crime(name) for name in names}, data.area_code, period
    )
    table["release"] = table["release"].map(month_release)
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


def _revised_headlines(data: EditionData) -> str:
    """The strategy's headline changes, as printed and as the newest release gives them."""
    checked = data.strategy.checked
    rows = checked[(checked["chapter"] == HEADLINES) & checked["computed"].notna()]
    moved = headline_revisions(rows["published"], rows["computed"])
    exhibit = Table(
        "headlines",
        rows.assign(moved=moved),
        [
            Column("claim", "Headline", kind="text", row_header=True),
            Column("published_text", "Printed", kind="text"),
            Column("computed_text", "Newest release", kind="text"),
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
