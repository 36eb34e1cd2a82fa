"""Life expectancy at birth with intervals, London's too (ONS, life expectancy for local areas)."""

from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.profile import figures

AT_BIRTH = "<1"
SEXES = {"Female": "life_female", "Male": "life_male"}
LOWER, UPPER = "Lower confidence interval", "Upper confidence interval"


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """Years that a girl and a boy born in the period would live at its death rates."""
    wanted = ["Period", "Area code", "Area name", "Sex", "Age group", "Life expectancy"]
    cells = reading.sheet_cells(path, "Sheet1")
    table = reading.table_below(cells, [*wanted, LOWER, UPPER], f"{path.name}, sheet Sheet1")
    table = table[table["Age group"] == AT_BIRTH]
    reading.note_cells(table["Sex"], ~table["Sex"].isin(SEXES), "Female or Male", problems)
    years = table["Period"].str.extract(r"^[0-9]{4} to ([0-9]{4})$", expand=False)
    reading.note_cells(table["Period"], years.isna(), "three years", problems)
    problems.raise_any()
    if table.empty:
        problems.stop("no row is of life expectancy at birth", reading.FETCH)
    rows = pd.DataFrame(
        {
            "area_code": table["Area code"],
            "area": table["Area name"],
            "indicator": table["Sex"].map(SEXES),
            "period": table["Period"],
            "period_end": pd.to_datetime(years + "-12-31"),
            "value": table["Life expectancy"],
            "ci_low": table[LOWER],
            "ci_high": table[UPPER],
        }
    )
    return figures.Cells(f"to-{years.max()}", rows)


PUBLICATION = figures.publication(
    "ons_life_expectancy",
    ("profile/ons_life_expectancy_*.xlsx",),
    "life_expectancy_london",
    parse,
)
