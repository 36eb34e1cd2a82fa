"""Life expectancy at birth, three years at a time (OHID Fingertips, indicator 90366)."""

from pathlib import Path

import pandas as pd

from safer_communities.datasets.codes import ENGLAND
from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.profile import figures

COLUMNS = (
    "area_code area_name area_type period indicator measure unit value compared_to_England "
    "inequality"
)
SEXES = {"Female": "life_female", "Male": "life_male"}
EXPECTED = {"indicator": "Life expectancy at birth", "unit": "Years"}


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """Years that a girl and a boy born in the period would live at its death rates."""
    table = reading.read_csv(path, problems)
    reading.require_columns(table, COLUMNS.split(), problems)
    for column, expected in EXPECTED.items():
        reading.note_cells(table[column], table[column] != expected, expected, problems)
    sex = table["inequality"]
    reading.note_cells(sex, ~sex.isin(SEXES), "Female or Male", problems)
    years = table["period"].str.extract(r"^(20[0-9]{2}) - ([0-9]{2})$")
    first, last = years[0], "20" + years[1]
    reading.note_cells(table["period"], last.isna(), "three years", problems)
    problems.raise_any()
    rows = pd.DataFrame(
        {
            "area_code": table["area_code"],
            "area": table["area_name"],
            "indicator": sex.map(SEXES),
            "period": first + " to " + last,
            "period_end": pd.to_datetime(last + "-12-31"),
            "value": table["value"],
        }
    )
    return figures.Cells(f"to-{last.max()}", rows)


PUBLICATION = figures.publication(
    "ohid_life_expectancy",
    ("profile/fingertips_90366_life_expectancy_*.csv",),
    "life_expectancy",
    parse,
    beyond=(ENGLAND,),
)
