"""Public libraries open in December 2022 (Arts Council England, basic dataset for libraries)."""

from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.profile import figures

RELEASE = "2022-12"


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """How many libraries each authority has."""
    table = reading.read_csv(path, problems)
    reading.require_columns(table, ["Local authority", "Library name", "Postcode"], problems)
    reading.unique_rows(table, ["Local authority", "Library name"], problems)
    for column in table:
        for row in table.index[table[column] == ""]:
            problems.add("an empty cell", reading.FETCH_AGAIN, row=row, column=str(column))
    problems.raise_any()
    libraries = table.groupby("Local authority").size()
    end = figures.last_day(RELEASE)
    rows = pd.DataFrame(
        {
            "area": libraries.index,
            "indicator": "libraries",
            "period": f"{end:%B %Y}",
            "period_end": end,
            "value": libraries.map(str).to_numpy(),
        }
    )
    return figures.Cells(RELEASE, rows)


PUBLICATION = figures.publication(
    "ace_libraries", ("profile/ace_basic_dataset_*.csv",), "libraries", parse, beyond=()
)
