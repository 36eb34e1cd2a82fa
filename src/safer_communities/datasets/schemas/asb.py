"""Tables in `data/asb/`."""

from safer_communities.datasets.schemas.columns import (
    AREA_COLUMN,
    FIRST_OF_MONTH,
    RELEASE_COLUMN,
    date,
    whole,
)
from safer_communities.datasets.schemas.gaps import month_gaps
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

TABLES: dict[str, TableSchema] = {
    "london_asb_calls": table_schema(
        "asb/london_asb_calls.csv",
        "Calls to the Metropolitan Police about anti-social behaviour, all London, by month",
        {
            "month": date("Month, as its first day", FIRST_OF_MONTH),
            "area_code": AREA_COLUMN,
            "calls": whole("Calls", unit="calls"),
            "release": RELEASE_COLUMN,
        },
        ["area_code", "month"],
        "gla_asb_calls",
        month_gaps,
    ),
}
