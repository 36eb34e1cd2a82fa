"""Penalty notices of councils for fly-tipping (Defra, fly-tipping incidents and actions)."""

from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.profile import figures

SHEET = "LA_actions"
NOTICES = {
    "Total Fixed Penalty Notice Actions": "penalty_notices",
    "Fixed Penalty Notices issued specifically for fly-tipping": "fly_tipping_notices",
}
YEAR = r"^(20[0-9]{2})-([0-9]{2})$"


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """Notices in each financial year: all in the return, and those for fly-tipping alone."""
    place = f"{path.name}, sheet {SHEET}"
    cells = reading.sheet_cells(path, SHEET)
    table = reading.table_below(cells, ["Year", "ONS Code", *NOTICES], place)
    table = table[table["Year"] != ""].rename(columns={"ONS Code": "area_code"})
    years = table["Year"].str.extract(YEAR)
    first, last = (pd.to_numeric(years[part]) for part in years)
    reading.note_cells(table["Year"], ~last.eq((first + 1) % 100), "a year", problems)
    problems.raise_any()
    ends = pd.to_datetime((first + 1).astype(str) + "-03-31")
    columns = {heading: (name, "", figures.last_day("2000")) for heading, name in NOTICES.items()}
    rows = figures.wide(table, columns, problems)
    rows["period"] = table["Year"].str.replace("-", "/").loc[rows.index]
    rows["period_end"] = ends.loc[rows.index]
    return figures.Cells(f"{rows['period_end'].max():%Y-%m}", rows, withheld=(":",))


PUBLICATION = figures.publication(
    "defra_fly_tipping",
    ("profile/defra_flytipping_*.ods",),
    "fly_tipping_actions",
    parse,
    beyond=(),
)
