"""Offences and positive outcomes by borough, group of offences and month (MPS dashboard)."""

from pathlib import Path

import pandas as pd

from safer_communities.errors import InputError, Problems
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Publication
from safer_communities.sources.reading import (
    FETCH_AGAIN,
    read_sheet,
    require_columns,
    unique_rows,
    whole_numbers,
)

NAME = "mps_positive_outcomes"
CLASSIFICATION = "2024"
TOTAL = "Total notifiable offences"
PUBLISHED_TOTAL = "Total"
COLUMNS = [
    "Month_Year",
    "Area_name",
    "Offence_Group",
    "Offences",
    "Positive_Outcomes",
    "Success_Ratio",
]
COUNTS = ["offences", "positive_outcomes"]


def tidy_table(table: pd.DataFrame, crosswalks: Crosswalks, problems: Problems) -> pd.DataFrame:
    """Offences and positive outcomes of each month, area and group, with the publisher's totals.

    Notes every total that is not the sum of its groups. `Success_Ratio` is left out: it is the
    quotient of the two counts.
    """
    require_columns(table, COLUMNS, problems)
    unique_rows(table, COLUMNS[:3], problems)
    months = pd.to_datetime(table["Month_Year"].str[:10], format="%Y-%m-%d", errors="coerce")
    for row, value in table.loc[months.isna() | (months.dt.day != 1), "Month_Year"].items():
        problems.add_cell(row, "Month_Year", value, "the first of a month", FETCH_AGAIN)
    totals = table["Offence_Group"] == PUBLISHED_TOTAL
    groups = crosswalks.offence_groups(
        table.loc[~totals, "Offence_Group"], CLASSIFICATION, problems
    )
    rows = pd.DataFrame(
        {
            "month": months,
            "area_code": crosswalks.area_codes(table["Area_name"], NAME, problems),
            "offence": groups.reindex(table.index, fill_value=TOTAL),
            "offences": whole_numbers(table["Offences"], problems),
            "positive_outcomes": whole_numbers(table["Positive_Outcomes"], problems),
        }
    )
    problems.raise_any()
    place = ["month", "area_code"]
    gap = (
        rows[totals]
        .set_index(place)[COUNTS]
        .sub(rows[~totals].groupby(place)[COUNTS].sum(), fill_value=0)
    )
    for (month, area), values in gap[(gap != 0).any(axis=1)].iterrows():
        problems.add(
            f"the Total of {area} in {month:%B %Y} differs from the sum of its groups by "
            f"{values['offences']:.0f} offences and {values['positive_outcomes']:.0f} outcomes",
            "fetch the file from the publisher again",
        )
    problems.raise_any()
    return rows.groupby([*place, "offence"], as_index=False)[COUNTS].sum()


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table, by its path. Raises InputError where there is more than one file."""
    if len(files) > 1:
        names = " and ".join(path.name for path in files)
        raise InputError(names, "two files of one publication", "keep the newest")
    problems = Problems(files[0].name)
    rows = tidy_table(read_sheet(files[0], "Sheet1", "Month_Year"), crosswalks, problems)
    last = rows["month"].max().to_period("M")
    release = crosswalks.release(NAME, str(last + 1), problems)
    rows = rows.sort_values(["offence", "area_code", "month"], ignore_index=True)
    return {"positive_outcomes.csv": rows.assign(release=release["release"])}


PUBLICATION = Publication(NAME, files=("mps_outcomes/*.xlsx",), tidy=tidy)
