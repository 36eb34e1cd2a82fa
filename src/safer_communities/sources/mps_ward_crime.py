"""Recorded offences by ward, offence and month (Metropolitan Police Service)."""

from pathlib import Path

import pandas as pd

from safer_communities.errors import Problems
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.mps_layout import MonthlyFile, by_month, read_monthly
from safer_communities.sources.publication import Publication

NAME = "mps_ward_crime"
KEYS = ["published_group", "published_offence", "ward_name", "ward_code", "published_area"]


def tidy_release(file: MonthlyFile, crosswalks: Crosswalks) -> pd.DataFrame:
    """The table of one release. A ward and offence that the file has no row for had none.

    Columns of months that the table of releases does not give to the release are left out: it
    says why.
    """
    release = str(file.month_after)
    problems = Problems(file.path.name)
    known = crosswalks.release(NAME, release, problems)
    expected = list(pd.period_range(known["first_month"], known["last_month"], freq="M"))
    missing = [str(month) for month in expected if month not in file.months]
    if missing:
        problems.add(
            f"no column for {', '.join(missing)}, which release {release} has",
            "correct the row in data/reference/releases.csv, or fetch the file again",
        )
    codes = file.rows["ward_code"]
    for row, code in codes[~codes.str.fullmatch(r"E05[0-9]{6}")].items():
        problems.add_cell(
            row, "WardCode", code, "an ONS ward code such as E05013628", "fetch the file again"
        )
    rows = file.rows.assign(
        area_code=crosswalks.area_codes(file.published("published_area"), NAME, problems),
        offence=crosswalks.offence_names(file.rows, known["classification"], problems),
    )
    problems.raise_any()
    keys = ["offence", "area_code", "ward_code", "ward_name"]
    table = by_month(rows[[*keys, *expected]], keys)
    table = table.sort_values(["offence", "area_code", "ward_code", "month"], ignore_index=True)
    table = table.assign(classification=known["classification"], release=release)
    columns = ["month", "ward_code", "ward_name", "area_code", "offence", "count"]
    return table[[*columns, "classification", "release"]]


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table of every release among the files, by its path."""
    found = [read_monthly(path, KEYS) for path in files]
    return {
        f"recorded_crime_ward/{file.month_after}.parquet": tidy_release(file, crosswalks)
        for file in sorted(found, key=lambda file: file.month_after)
    }


PUBLICATION = Publication(NAME, files=("mps_recorded_crime_ward/*.csv",), tidy=tidy)
