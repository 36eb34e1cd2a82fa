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
    _note_men_before_women(rows, problems)
    return figures.Cells(f"to-{last.max()}", rows)


def _note_men_before_women(rows: pd.DataFrame, problems: ErrorCollector) -> None:
    """Notes areas in which men live longer than women: their figures are exchanged.

    In every borough and period women live three to six years longer.
    """
    years = rows.assign(value=pd.to_numeric(rows["value"], errors="coerce"))
    years = years.drop_duplicates(["area", "period", "indicator"])
    both = years.pivot(index=["area", "period"], columns="indicator", values="value")
    both = both.reindex(columns=[*SEXES.values()])
    wrong = both[both["life_female"] <= both["life_male"]]
    if len(wrong):
        area, period = wrong.index[0]
        women, men = wrong.iloc[0]
        more = f" (and {len(wrong) - 1:,} more)" if len(wrong) > 1 else ""
        problems.add(
            f"in {area} in {period} women live {women:g} years and men {men:g}{more}",
            "the two are exchanged: fetch the file again",
        )


PUBLICATION = figures.publication(
    "ohid_life_expectancy",
    ("profile/fingertips_90366_life_expectancy_*.csv",),
    "life_expectancy",
    parse,
    beyond=(ENGLAND,),
)
