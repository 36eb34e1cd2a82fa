"""Penalty notices of councils for fly-tipping (Defra, fly-tipping incidents and actions)."""

import re
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
YEAR = re.compile(r"(20[0-9]{2})-([0-9]{2})")


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """Notices in each financial year: all in the return, and those for fly-tipping alone."""
    place = f"{path.name}, sheet {SHEET}"
    cells = reading.sheet_cells(path, SHEET)
    table = reading.table_below(cells, ["Year", "ONS Code", *NOTICES], place)
    parts = []
    for year, rows in table[table["Year"] != ""].groupby("Year"):
        found = YEAR.fullmatch(str(year))
        if found is None or (int(found[1]) + 1) % 100 != int(found[2]):
            problems.add_cell(rows.index[0], "Year", str(year), "a year", reading.FETCH_AGAIN)
            continue
        end = figures.last_day(f"{int(found[1]) + 1}-03")
        columns = {
            heading: (indicator, f"{found[1]}/{found[2]}", end)
            for heading, indicator in NOTICES.items()
        }
        parts.append(
            figures.wide(rows.rename(columns={"ONS Code": "area_code"}), columns, problems)
        )
    if not parts:
        problems.add("no row of a year", reading.FETCH)
    problems.raise_any()
    rows = pd.concat(parts)
    return figures.Cells(f"{rows['period_end'].max():%Y-%m}", rows, withheld=(":",))


PUBLICATION = figures.publication(
    "defra_fly_tipping",
    ("profile/defra_flytipping_*.ods",),
    "fly_tipping_actions",
    parse,
    beyond=(),
)
