"""The cards of the first page: a finding each, with its badge, words and chart, in order."""

import re

import pandas as pd
from IPython.display import Markdown

from safer_communities.analysis.moved.messages import Message, Messages
from safer_communities.analysis.recorded_crime import PANDEMIC
from safer_communities.chapter.chapter import Chapter
from safer_communities.chapter.data_sources import escaped
from safer_communities.charts.cards import card
from safer_communities.facts import wording
from safer_communities.facts.fact import fact_name

_SUBTITLE = "Offences in {borough}, twelve months to {month} of each year."


def cards(chapter: Chapter, messages: Messages) -> Markdown:
    """A section for each message: all crime first, then each kind of crime that moved clearly.

    The chapter keeps the charts.
    """
    return Markdown("\n\n".join(_card(chapter, each) for each in messages.all))


def in_plain_words(messages: Messages) -> Markdown:
    """The same messages without charts: a heading, the badge in words, and a line a sentence."""
    return Markdown("\n\n".join(map(_in_lines, messages.all)))


def _in_lines(message: Message) -> str:
    badge = message.badge.partition(" ")[2]
    said = re.split(r"(?<=\.) (?=[A-Z0-9])", f"{message.told} {message.behind}".strip())
    lines = [f"**{badge}.**", *map(escaped, said)]
    return "\n".join([f"### {escaped(message.headline)}", "", *(f"- {line}" for line in lines)])


def with_pages(chapter: Chapter, table: pd.DataFrame) -> pd.DataFrame:
    """A table of measures with the page of each, to which what heads a row then leads."""
    return table.assign(page=[_page(chapter, measure) for measure in table["measure"]])


def _page(chapter: Chapter, measure: str) -> str:
    """The name of the page of an offence or group of them; empty where it has none."""
    key = fact_name(measure)
    return f"offence_{key}" if key in chapter.offences else ""


def _card(chapter: Chapter, message: Message) -> str:
    name = f"card_{message.key}"
    chart = card(
        message.changes,
        message.trend.table,
        name=f"{name}_chart",
        pandemic=PANDEMIC,
        breaks=message.trend.breaks,
    )
    subtitle = f"{_SUBTITLE} {message.trend.dotted}".strip()
    chapter.keep_small(chart, headline=message.headline, subtitle=subtitle, alt=_alt(message))
    measure = message.year.measure
    page = _page(chapter, measure)
    more = f"[More on {wording.in_sentence(message.name)}]({page}.ipynb)" if page else ""
    return f"""### {escaped(message.headline)}

:::{{div}} badge {message.direction}
{message.badge}
:::

{escaped(message.told)}

```{{glue:}} {chart.name}
```

{_points(message)}

{more}"""


def _points(message: Message) -> str:
    """What is behind a change: one point as a paragraph, several as a list."""
    points = [escaped(point) for point in message.points]
    return "\n".join(f"- {point}" for point in points) if len(points) > 1 else "".join(points)


def _alt(message: Message) -> str:
    """What the chart shows: the course of the years, and both changes with their ranges."""
    years, (own, london) = message.trend.table, message.changes.to_dict("records")
    ends = years.iloc[[0, -1]].to_dict("records")
    course = " and ".join(f"{wording.number(e['count'])} in {e['label']}" for e in ends)
    moved = [
        f"{row['area']} {wording.rose_by(c)} (range "
        f"{wording.interval(row['ci_low'], row['ci_high'], 0, '%')})"
        for row in (own, london)
        for c in [row["change_percent"]]
    ]
    return f"Line chart: {course} offences. Change in a year: {'; '.join(moved)}."
