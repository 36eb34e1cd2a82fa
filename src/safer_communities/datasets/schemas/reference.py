"""Tables in `data/reference/`."""

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

TABLES: dict[str, TableSchema] = {
    "boroughs": table_schema(
        "reference/boroughs.csv",
        "The 32 London boroughs",
        {
            "area_code": c.text("ONS code of the borough", c.matches(c.BOROUGH)),
            "borough": c.text("Name of the borough"),
            "inner_outer": c.text(
                "Inner or outer London, as the Office for National Statistics divides it",
                c.one_of("Inner London", "Outer London"),
            ),
            "tile_column": c.whole(
                "Column in the London Squared tile map, from the west",
                c.between(0, 7),
                unit="tiles",
            ),
            "tile_row": c.whole(
                "Row in the London Squared tile map, from the north", c.between(0, 6), unit="tiles"
            ),
        },
        ["area_code"],
        "boroughs",
    ),
    "area_names": table_schema(
        "reference/area_names.csv",
        "Areas as each publication names them",
        {
            "publication": c.text(
                "Publication, by its name in the import", c.matches(c.IDENTIFIER)
            ),
            "published_name": c.text("Name of the area in the publication"),
            "area_code": c.AREA_COLUMN,
        },
        ["publication", "published_name"],
        "this_book",
    ),
    "offences": table_schema(
        "reference/offences.csv",
        "Offences as the police publish them, and what each counts towards",
        {
            "classification": c.CLASSIFICATION_COLUMN,
            "published_group": c.text("Group of offences in the publication"),
            "published_offence": c.text("Offence in the publication"),
            "offence": c.text("Offence in this book; rows of one name are added together"),
            "offence_group": c.text("Group of offences in this book"),
            "counted_in_total": c.flag("Whether it counts towards total notifiable offences"),
            "note": c.NOTE_COLUMN,
        },
        ["classification", "published_group", "published_offence"],
        "this_book",
    ),
    "releases": table_schema(
        "reference/releases.csv",
        "Releases that the tables are made from",
        {
            "publication": c.text(
                "Publication, by its name in the import", c.matches(c.IDENTIFIER)
            ),
            "release": c.RELEASE_NAME_COLUMN,
            "classification": c.text(
                "Classification of offences; empty where there are none",
                c.one_of("", *c.CLASSIFICATIONS),
            ),
            "first_month": c.text("First month, or year, that the release covers"),
            "last_month": c.text("Last month, or year, that the release covers"),
            "note": c.NOTE_COLUMN,
        },
        ["publication", "release"],
        "this_book",
    ),
    "sources": table_schema(
        "reference/sources.csv",
        "Where the tables come from, and on what terms",
        {
            "source": c.text("Name of the source in the import", c.matches(c.IDENTIFIER)),
            "title": c.text("Title of the publication"),
            "publisher": c.text("Publisher"),
            "page": c.free_text("The publisher's page; empty where there is none"),
            "licence": c.text("Licence"),
            "licence_page": c.free_text("Page of the licence; empty where there is none"),
            "attribution": c.text("What to print beside the data"),
            "retrieval": c.text("How the files came here and what was left out"),
            "spatial": c.text("Area that the publication is used for"),
        },
        ["source"],
        "this_book",
    ),
    "series_breaks": table_schema(
        "reference/series_breaks.csv",
        "Dates across which figures do not compare",
        {
            "break_id": c.text("Identifier", c.matches(c.IDENTIFIER)),
            "date": c.date("First day to which the new state applies"),
            "name": c.text("Name of the break"),
            "what_changed": c.text("What changed"),
            "affects": c.text("Figures that may not be compared across the date"),
            "classification": c.free_text("Classifications in which a chart leaves a gap"),
            "measures": c.free_text("Measures whose charts leave a gap, or every measure"),
            "valid_comparison": c.text("What may be compared instead"),
            "caution": c.free_text("What to say beside a change that goes across the date"),
            "source": c.text("Where this is known from"),
        },
        ["break_id"],
        "this_book",
    ),
    "published_figures": table_schema(
        "reference/published_figures.csv",
        "Figures published elsewhere, quoted as they stand",
        {
            "figure_id": c.text("Identifier", c.matches(c.IDENTIFIER)),
            "label": c.text("What the figure counts"),
            "value": c.number("The figure as published", unit="as in column unit"),
            "unit": c.text("Unit of the value"),
            "period": c.text("Period that it covers"),
            "area": c.text("Area that it covers"),
            "source": c.text("Where it was published"),
            "note": c.NOTE_COLUMN,
        },
        ["figure_id"],
        "published_figures",
    ),
}
