"""Tables in `data/strategy/`."""

from safer_communities.datasets.schemas.columns import (
    IDENTIFIER,
    NOTE_COLUMN,
    between,
    flag,
    free_text,
    matches,
    number,
    text,
    whole,
)
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

TABLES: dict[str, TableSchema] = {
    "claims": table_schema(
        "strategy/claims.csv",
        "Every number and statement of fact that the strategy printed, and how it is checked",
        {
            "id": text("Identifier", matches(IDENTIFIER)),
            "section": text("Section of the strategy"),
            "chapter": text("Chapter of the book that checks it", matches(IDENTIFIER)),
            "claim": text("What the strategy says, in this book's words"),
            "published": number(
                "The number printed; a fall is negative", unit="as in column unit", blank=True
            ),
            "unit": free_text("Unit of the number; empty where there is no number"),
            "decimals": number(
                "Decimals printed; -2 means rounded to hundreds",
                between(-6, 3),
                unit="digits",
                blank=True,
            ),
            "approximate": flag("Whether the strategy says that the number is rough"),
            "period": free_text("Period that it is about"),
            "check": text("How it is checked", matches(IDENTIFIER)),
            "arguments": free_text("What the check is told, as name=value; name=value"),
            "note": NOTE_COLUMN,
        },
        ["id"],
        "strategy",
    ),
    "priorities": table_schema(
        "strategy/priorities.csv",
        "The strategy's priorities",
        {
            "priority": whole("Number of the priority", between(1, 9), unit="number"),
            "title": text("Title of the priority"),
        },
        ["priority"],
        "strategy",
    ),
    "indicators": table_schema(
        "strategy/indicators.csv",
        "The indicators that can follow each priority, and those that are not published",
        {
            "priority": whole("Number of the priority", between(1, 9), unit="number"),
            "indicator": text("What is followed"),
            "measure": free_text("Measure of recorded crime; empty where nothing is published"),
            "better": free_text("Direction that is better: lower or either"),
            "note": NOTE_COLUMN,
        },
        ["priority", "indicator"],
        "strategy",
    ),
    "actions": table_schema(
        "strategy/actions.csv",
        "The actions that the strategy promises and the evidence found for each",
        {
            "part": text("Part of the strategy"),
            "promise": text("What is promised, in this book's words"),
            "would_show": text("What would show that it was kept"),
            "evidence": text("Evidence found, or no evidence published"),
            "source": free_text("Where the evidence was found"),
            "date": free_text("Date of the evidence"),
        },
        ["promise"],
        "strategy",
    ),
    "outcomes": table_schema(
        "strategy/outcomes.csv",
        "The outcomes that each priority promises, in this book's words",
        {
            "priority": whole("Number of the priority", between(1, 9), unit="number"),
            "outcome": whole("Number of the outcome", between(1, 99), unit="number"),
            "summary": text("What is promised"),
            "indicators": free_text("Indicators that can follow it"),
            "note": NOTE_COLUMN,
        },
        ["priority", "outcome"],
        "strategy",
    ),
}
