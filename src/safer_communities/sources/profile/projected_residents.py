"""Residents of 85 and over, and all, as projected (GLA, 2016-based housing-led projection)."""

from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.profile import figures

ALL, OLDEST_FROM, OLDEST = "All Persons", 85, 90
# The years about the strategy's and its editions'.
FIRST, LAST = 2018, 2026


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """Residents at the middle of each year; the ages have to add up to the total printed."""
    table = reading.read_csv(path, problems)
    keys = ["gss_code", "district", "Component", "sex", "age"]
    years = [str(year) for year in range(FIRST, LAST + 1)]
    missing = [name for name in (*keys, *years) if name not in table]
    if missing:
        problems.stop(f"no column {', '.join(missing)}", reading.FETCH)
    table = table[(table["Component"] == "Population") & (table["sex"] == "Persons")]
    reading.unique_rows(table, ["gss_code", "age"], problems)
    ages = [str(age) for age in range(OLDEST + 1)]
    is_none = ~table["age"].isin([*ages, ALL])
    reading.note_cells(table["age"], is_none, f"an age or {ALL}", problems)
    numbers = reading.whole_table(table[years], problems)
    problems.raise_any()
    is_total = table["age"] == ALL
    totals = numbers[is_total].set_index(table.loc[is_total, "gss_code"])
    sums = numbers[~is_total].groupby(table.loc[~is_total, "gss_code"]).sum()
    # Each age was rounded on its own.
    gaps = (sums - totals).abs() > len(ages) / 2
    for area in gaps.index[gaps.any(axis="columns")]:
        problems.add(f"the ages of {area} do not add up to its {ALL}", reading.FETCH)
    is_old = table["age"].isin([str(age) for age in range(OLDEST_FROM, OLDEST + 1)])
    old = numbers[is_old].groupby(table.loc[is_old, "gss_code"]).sum()
    problems.raise_any()
    names = table.drop_duplicates("gss_code").set_index("gss_code")["district"]
    parts = []
    for indicator, people in (("residents_projected", totals), ("aged_85_projected", old)):
        text = people.astype(str).rename_axis("area_code").reset_index()
        text["area"] = text["area_code"].map(names)
        columns = {
            year: (indicator, f"mid-{year}", figures.last_day(f"June {year}")) for year in years
        }
        parts.append(figures.wide(text, columns, problems))
    return figures.Cells("2016-based", pd.concat(parts))


PUBLICATION = figures.publication(
    "gla_projection_2016",
    ("profile/gla_2016based_housing_led_*.csv",),
    "projected_residents",
    parse,
    beyond=(),
)
