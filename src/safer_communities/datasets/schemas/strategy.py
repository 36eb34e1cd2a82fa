"""Tables in `data/strategy/`."""

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

# What is known of a promise: the least first.
FINDINGS = ("nothing found", "reported by the council", "shown by data")

TABLES: dict[str, TableSchema] = {
    "claims": table_schema(
        "strategy/claims.csv",
        "Every number and statement of fact that the strategy printed, and how it is checked",
        ["id"],
        "strategy",
        id=c.text("Identifier", c.matches(c.IDENTIFIER)),
        section=c.text("Section of the strategy"),
        chapter=c.text("Chapter of the book that checks it", c.matches(c.IDENTIFIER)),
        claim=c.text("What the strategy says, in this book's words"),
        published=c.number(
            "The number printed; a fall is negative", unit="as in column unit", blank=True
        ),
        unit=c.free_text("Unit of the number; empty where there is no number"),
        decimals=c.number(
            "Decimals printed; -2 means rounded to hundreds",
            c.between(-6, 3),
            unit="digits",
            blank=True,
        ),
        approximate=c.flag("Whether the strategy says that the number is rough"),
        period=c.free_text("Period that it is about"),
        check=c.text("How it is checked", c.matches(c.IDENTIFIER)),
        arguments=c.free_text("What the check is told, as name=value; name=value"),
        note=c.NOTE_COLUMN,
        counts_as=c.text(
            "Whether the tally of verdicts counts it: a figure is counted; what is printed again "
            "(repeat) or says nothing of the borough (trivia) is not",
            c.one_of("figure", "repeat", "trivia"),
        ),
    ),
    "priorities": table_schema(
        "strategy/priorities.csv",
        "The strategy's priorities",
        ["priority"],
        "strategy",
        priority=c.PRIORITY_COLUMN,
        title=c.text("Title of the priority"),
    ),
    "indicators": table_schema(
        "strategy/indicators.csv",
        "The indicators that can follow each priority, and those that have no figures",
        ["priority", "indicator"],
        "strategy",
        priority=c.PRIORITY_COLUMN,
        indicator=c.text("What is followed"),
        noun=c.free_text("Kind of figure that it is of, such as crime; empty where there is none"),
        measure=c.free_text("Its measure there; empty where there are no figures"),
        better=c.text(
            "Direction that is better, or either where neither is",
            c.one_of("lower", "higher", "either"),
        ),
        note=c.NOTE_COLUMN,
    ),
    "actions": table_schema(
        "strategy/actions.csv",
        "The actions that the strategy promises and what was found of each",
        ["promise"],
        "strategy",
        part=c.text("Part of the strategy"),
        promise=c.text("What is promised, in this book's words"),
        finding=c.text("Who says that it was kept, if anybody does", c.one_of(*FINDINGS)),
        found=c.text("What was found; where that is nothing, what to ask for"),
        source=c.text("Where it was found, or what was searched"),
        date=c.text("Date of the source, or of the search"),
        address=c.text("Address of the source", c.matches(r"https://\S+")),
    ),
    "outcomes": table_schema(
        "strategy/outcomes.csv",
        "The outcomes that each priority promises, in this book's words",
        ["priority", "outcome"],
        "strategy",
        priority=c.PRIORITY_COLUMN,
        outcome=c.whole("Number of the outcome", c.between(1, 99), unit="number"),
        summary=c.text("What is promised"),
        indicators=c.free_text("Indicators that can follow it"),
        note=c.NOTE_COLUMN,
    ),
}
