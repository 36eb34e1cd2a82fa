"""Tables in `data/surveys/`."""

from safer_communities.datasets.schemas.columns import (
    IDENTIFIER,
    NOT_NEGATIVE,
    NOTE_COLUMN,
    between,
    date,
    flag,
    free_text,
    matches,
    number,
    one_of,
    text,
    whole,
)
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

TABLES: dict[str, TableSchema] = {
    "waves": table_schema(
        "surveys/waves.csv",
        "Survey waves: who was asked, when, and how many",
        {
            "survey": text("Identifier of the survey", matches(IDENTIFIER)),
            "wave": text("Identifier of the wave"),
            "label": text("Name of the wave"),
            "fieldwork_start": date("First day of fieldwork, as far as known", blank=True),
            "fieldwork_end": date("Last day of fieldwork, as far as known", blank=True),
            "people": text("Who was asked"),
            "base": number("People interviewed", NOT_NEGATIVE, unit="people", blank=True),
            "base_status": text(
                "Whether the base is published or assumed", one_of("published", "assumed")
            ),
            "base_low": number(
                "Smallest base that is likely", NOT_NEGATIVE, unit="people", blank=True
            ),
            "base_high": number(
                "Largest base that is likely", NOT_NEGATIVE, unit="people", blank=True
            ),
            "note": NOTE_COLUMN,
        },
        ["survey", "wave"],
        "strategy_surveys",
    ),
    "percentages": table_schema(
        "surveys/percentages.csv",
        "Percentages of survey answers as printed",
        {
            "survey": text("Identifier of the survey", matches(IDENTIFIER)),
            "wave": text("Identifier of the wave"),
            "question": text("Identifier of the question", matches(IDENTIFIER)),
            "label": text("What the percentage says, in words"),
            "percent": number("Percentage of the base", between(0, 100), unit="%"),
            "decimals": whole("Decimals printed", between(0, 3), unit="digits"),
        },
        ["survey", "wave", "question"],
        "strategy_surveys",
    ),
    "comparisons": table_schema(
        "surveys/comparisons.csv",
        "Comparisons between waves that the strategy printed",
        {
            "comparison": text("Identifier", matches(IDENTIFIER)),
            "label": text("What is compared"),
            "question": text("Identifier of the question"),
            "survey_1": free_text("Survey compared with"),
            "wave_1": free_text("Wave compared with"),
            "survey_2": text("Survey compared"),
            "wave_2": text("Wave compared"),
            "printed_shift_points": number(
                "Shift printed where no level is", between(-100, 100), unit="points", blank=True
            ),
            "strategy_says": text(
                "What the strategy says of it", one_of("significant", "starred", "stated", "none")
            ),
            "headline": flag("Whether the chapter's first chart shows it"),
        },
        ["comparison"],
        "strategy_surveys",
    ),
}
