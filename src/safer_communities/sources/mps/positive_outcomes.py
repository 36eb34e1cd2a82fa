"""Offences and positive outcomes by borough, group of offences and month (MPS dashboard)."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector, shown
from safer_communities.sources import reading
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Publication, Release

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
FORM = (
    "give the dashboard's figures of all notifiable offences as one table on Sheet1, with the "
    f"columns {', '.join(COLUMNS)} and a row for each month, area and group of offences; the "
    "publisher's own workbook has other sheets, and has to be brought into this form first"
)
ROUNDING = 1e-9
COUNTS = ["offences", "positive_outcomes"]


def tidy_table(
    table: pd.DataFrame, crosswalks: Crosswalks, problems: ErrorCollector
) -> pd.DataFrame:
    """Offences and positive outcomes of each month, area and group, with the publisher's totals.

    Raises InputError, or a group of them, for every cell that is not as expected and every
    `Success_Ratio` that is not the quotient of the two counts (it is left out of the table). That
    totals are the sums of their groups, and that no borough lacks a month, the table's schema asks.
    """
    reading.require_columns(table, COLUMNS, problems)
    reading.unique_rows(table, COLUMNS[:3], problems)
    months = reading.first_days(table["Month_Year"], problems)
    totals = table["Offence_Group"] == PUBLISHED_TOTAL
    groups = crosswalks.offence_groups(
        table.loc[~totals, "Offence_Group"], CLASSIFICATION, problems
    )
    rows = pd.DataFrame(
        {
            "month": months,
            "area_code": crosswalks.area_codes(table["Area_name"], NAME, problems),
            "offence": groups.reindex(table.index, fill_value=TOTAL),
            "offences": reading.whole_numbers(table["Offences"], problems),
            "positive_outcomes": reading.whole_numbers(table["Positive_Outcomes"], problems),
        }
    )
    _note_wrong_ratios(table["Success_Ratio"], rows, problems)
    problems.raise_any()
    return rows.groupby(["month", "area_code", "offence"], as_index=False)[COUNTS].sum()


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table, by its path. Raises InputError where there is more than one file."""
    path = reading.only_file(files)
    problems = ErrorCollector(path.name)
    rows = tidy_table(reading.read_sheet(path, "Sheet1", COLUMNS[0], FORM), crosswalks, problems)
    release = crosswalks.release_of(NAME, rows["month"], path.name, CLASSIFICATION)
    rows = rows.sort_values(["offence", "area_code", "month"], ignore_index=True)
    return {"positive_outcomes.csv": rows.assign(release=release)}


def releases(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    """The release that each file is."""
    for path in files:
        published = reading.read_sheet(path, "Sheet1", COLUMNS[0], FORM)["Month_Year"]
        months = pd.to_datetime(published.str[:10], format="%Y-%m-%d", errors="coerce").dropna()
        yield Release.of_months(NAME, months, path.name, CLASSIFICATION)


def _note_wrong_ratios(ratios: pd.Series, rows: pd.DataFrame, problems: ErrorCollector) -> None:
    """Notes every row whose ratio is not outcomes divided by offences: a cell of it is wrong."""
    published = pd.to_numeric(ratios, errors="coerce")
    outcomes, offences = rows["positive_outcomes"], rows["offences"]
    expected = outcomes / offences
    # Both are infinite where outcomes came in a month without an offence.
    wrong = ~((published - expected).abs().le(ROUNDING) | published.eq(expected))
    for row in rows.index[wrong]:
        problems.add(
            f"{shown(ratios[row])} is not {outcomes[row]} positive outcomes "
            f"divided by {offences[row]} offences",
            reading.FETCH_AGAIN,
            row=row,
            column="Success_Ratio",
        )


PUBLICATION = Publication(
    NAME,
    files=("mps_outcomes/*.xlsx",),
    tidy=tidy,
    releases=releases,
    awaited="positive outcomes",
)
