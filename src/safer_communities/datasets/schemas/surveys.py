"""Tables in `data/surveys/`."""

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

TABLES: dict[str, TableSchema] = {
    "waves": table_schema(
        "surveys/waves.csv",
        "Survey waves: who was asked, when, and how many",
        ["survey", "wave"],
        "strategy_surveys",
        survey=c.SURVEY_COLUMN,
        wave=c.text("Identifier of the wave"),
        label=c.text("Name of the wave"),
        fieldwork_start=c.date("First day of fieldwork, as far as known", blank=True),
        fieldwork_end=c.date("Last day of fieldwork, as far as known", blank=True),
        people=c.text("Who was asked"),
        base=c.number("People interviewed", c.NOT_NEGATIVE, unit="people", blank=True),
        base_status=c.text(
            "Whether the base is published or assumed", c.one_of("published", "assumed")
        ),
        base_low=c.number(
            "Smallest base that is likely", c.NOT_NEGATIVE, unit="people", blank=True
        ),
        base_high=c.number(
            "Largest base that is likely", c.NOT_NEGATIVE, unit="people", blank=True
        ),
        note=c.NOTE_COLUMN,
    ),
    "assumed_bases": table_schema(
        "surveys/assumed_bases.csv",
        "Survey bases that are not published, as this book assumes them",
        ["survey", "area"],
        "this_book",
        survey=c.SURVEY_COLUMN,
        area=c.text("Kind of area", c.one_of("borough", "London")),
        base=c.whole("People asked in twelve months, as assumed", unit="people"),
        base_low=c.whole("Smallest base that is likely", unit="people"),
        base_high=c.whole("Largest base that is likely", unit="people"),
        note=c.text("What the assumption rests on"),
    ),
    "percentages": table_schema(
        "surveys/percentages.csv",
        "Percentages of survey answers as printed",
        ["survey", "wave", "question"],
        "strategy_surveys",
        survey=c.SURVEY_COLUMN,
        wave=c.text("Identifier of the wave"),
        question=c.text("Identifier of the question", c.matches(c.IDENTIFIER)),
        label=c.text("What the percentage says, in words"),
        percent=c.number("Percentage of the base", c.between(0, 100), unit="%"),
        decimals=c.whole("Decimals printed", c.between(0, 3), unit="digits"),
    ),
    "comparisons": table_schema(
        "surveys/comparisons.csv",
        "Comparisons between waves, and the edition of the book that they belong to",
        ["comparison"],
        "strategy_surveys",
        comparison=c.text("Identifier", c.matches(c.IDENTIFIER)),
        label=c.text("What is compared"),
        question=c.text("Identifier of the question"),
        survey_1=c.free_text("Survey compared with"),
        wave_1=c.free_text("Wave compared with"),
        survey_2=c.text("Survey compared"),
        wave_2=c.text("Wave compared"),
        printed_shift_points=c.number(
            "Shift printed where no level is", c.between(-100, 100), unit="points", blank=True
        ),
        strategy_says=c.text(
            "What the strategy says of it", c.one_of("significant", "starred", "stated", "none")
        ),
        headline=c.flag("Whether the chapter's first chart shows it"),
        edition=c.whole("First edition that shows it", c.between(2000, 2100), unit="year"),
    ),
}
