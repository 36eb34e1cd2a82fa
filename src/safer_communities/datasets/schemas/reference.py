"""Tables in `data/reference/`."""

from safer_communities.datasets.schemas.columns import (
    AREA_COLUMN,
    BOROUGH,
    CLASSIFICATION_COLUMN,
    CLASSIFICATIONS,
    IDENTIFIER,
    NOTE_COLUMN,
    RELEASE_NAME_COLUMN,
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
    "boroughs": table_schema(
        "reference/boroughs.csv",
        "The 32 London boroughs",
        {
            "area_code": text("ONS code of the borough", matches(BOROUGH)),
            "borough": text("Name of the borough"),
            "inner_outer": text(
                "Inner or outer London, as the Office for National Statistics divides it",
                one_of("Inner London", "Outer London"),
            ),
            "tile_column": whole(
                "Column in the London Squared tile map, from the west", between(0, 7), unit="tiles"
            ),
            "tile_row": whole(
                "Row in the London Squared tile map, from the north", between(0, 6), unit="tiles"
            ),
        },
        ["area_code"],
        "boroughs",
    ),
    "area_names": table_schema(
        "reference/area_names.csv",
        "Areas as each publication names them",
        {
            "publication": text("Publication, by its name in the import", matches(IDENTIFIER)),
            "published_name": text("Name of the area in the publication"),
            "area_code": AREA_COLUMN,
        },
        ["publication", "published_name"],
        "this_book",
    ),
    "offences": table_schema(
        "reference/offences.csv",
        "Offences as the police publish them, and what each counts towards",
        {
            "classification": CLASSIFICATION_COLUMN,
            "published_group": text("Group of offences in the publication"),
            "published_offence": text("Offence in the publication"),
            "offence": text("Offence in this book; rows of one name are added together"),
            "offence_group": text("Group of offences in this book"),
            "counted_in_total": flag("Whether it counts towards total notifiable offences"),
            "note": NOTE_COLUMN,
        },
        ["classification", "published_group", "published_offence"],
        "this_book",
    ),
    "releases": table_schema(
        "reference/releases.csv",
        "Releases that the tables are made from",
        {
            "publication": text("Publication, by its name in the import", matches(IDENTIFIER)),
            "release": RELEASE_NAME_COLUMN,
            "classification": text(
                "Classification of offences; empty where there are none",
                one_of("", *CLASSIFICATIONS),
            ),
            "first_month": text("First month, or year, that the release covers"),
            "last_month": text("Last month, or year, that the release covers"),
            "note": NOTE_COLUMN,
        },
        ["publication", "release"],
        "this_book",
    ),
    "sources": table_schema(
        "reference/sources.csv",
        "Where the tables come from, and on what terms",
        {
            "source": text("Name of the source in the import", matches(IDENTIFIER)),
            "title": text("Title of the publication"),
            "publisher": text("Publisher"),
            "page": free_text("The publisher's page; empty where there is none"),
            "licence": text("Licence"),
            "licence_page": free_text("Page of the licence; empty where there is none"),
            "attribution": text("What to print beside the data"),
            "retrieval": text("How the files came here and what was left out"),
            "spatial": text("Area that the publication is used for"),
        },
        ["source"],
        "this_book",
    ),
    "series_breaks": table_schema(
        "reference/series_breaks.csv",
        "Dates across which figures do not compare",
        {
            "break_id": text("Identifier", matches(IDENTIFIER)),
            "date": date("First day to which the new state applies"),
            "name": text("Name of the break"),
            "what_changed": text("What changed"),
            "affects": text("Figures that may not be compared across the date"),
            "classification": free_text("Classifications in which a chart leaves a gap"),
            "measures": free_text("Measures whose charts leave a gap, or every measure"),
            "valid_comparison": text("What may be compared instead"),
            "caution": free_text("What to say beside a change that goes across the date"),
            "source": text("Where this is known from"),
        },
        ["break_id"],
        "this_book",
    ),
    "published_figures": table_schema(
        "reference/published_figures.csv",
        "Figures published elsewhere, quoted as they stand",
        {
            "figure_id": text("Identifier", matches(IDENTIFIER)),
            "label": text("What the figure counts"),
            "value": number("The figure as published", unit="as in column unit"),
            "unit": text("Unit of the value"),
            "period": text("Period that it covers"),
            "area": text("Area that it covers"),
            "source": text("Where it was published"),
            "note": NOTE_COLUMN,
        },
        ["figure_id"],
        "published_figures",
    ),
}
