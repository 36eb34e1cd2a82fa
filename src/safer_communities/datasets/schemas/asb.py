"""Tables in `data/asb/`."""

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.gaps import month_gaps
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

TABLES: dict[str, TableSchema] = {
    "london_asb_calls": table_schema(
        "asb/london_asb_calls.csv",
        "Calls to the Metropolitan Police about anti-social behaviour, all London, by month",
        ["area_code", "month"],
        "gla_asb_calls",
        month_gaps,
        month=c.date("Month, as its first day", c.FIRST_OF_MONTH),
        area_code=c.AREA_COLUMN,
        calls=c.whole("Calls", unit="calls"),
        release=c.RELEASE_COLUMN,
    ),
}
