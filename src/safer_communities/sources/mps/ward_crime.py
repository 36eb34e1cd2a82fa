"""Recorded offences by ward, offence and month (Metropolitan Police Service)."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from safer_communities.datasets.schemas import TABLES
from safer_communities.datasets.small_numbers import sensitive_years
from safer_communities.errors import ErrorCollector, InputError, shown
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.mps import layout
from safer_communities.sources.mps.layout import MonthlyFile
from safer_communities.sources.publication import Publication, Release
from safer_communities.sources.reading import note_cells

NAME = "mps_ward_crime"
KEYS = ["published_group", "published_offence", "ward_name", "ward_code", "published_area"]
# A column that is not a month's count: the one seen had 47 offences, a usual month has 70,000.
STRAY_SHARE = 0.01


def release_of(file: MonthlyFile) -> str:
    """The release that a file is: the month after its last."""
    return str(file.month_after)


def tidy_release(file: MonthlyFile, crosswalks: Crosswalks) -> pd.DataFrame:
    """The table of one release. A ward and offence that the file has no row for had none.

    Columns of months that the table of releases does not give to the release are left out: it
    says why.
    """
    release = release_of(file)
    problems = file.problems
    known = crosswalks.release(NAME, release, problems)
    expected = list(pd.period_range(known["first_month"], known["last_month"], freq="M"))
    missing = [str(month) for month in expected if month not in file.months]
    if missing:
        problems.add(
            f"no column for {', '.join(missing)}, which release {release} has",
            "correct the row in data/reference/releases.csv, or fetch the file again",
        )
    else:
        layout.note_thin_months(file, expected)
    _note_months_left_out(file, expected)
    codes = file.rows["ward_code"]
    is_ward = codes.str.fullmatch(r"E05[0-9]{6}")
    form = "an ONS ward code such as E05013628"
    note_cells(codes.rename("WardCode"), ~is_ward, form, problems, "fetch the file again")
    rows = layout.with_codes(file, NAME, known["classification"], crosswalks)
    _note_wards_of_two(rows, problems)
    problems.raise_any()
    keys = ["offence", "area_code", "ward_code", "ward_name"]
    table = layout.by_month(rows[[*keys, *expected]], keys)
    table = table.sort_values(["offence", "area_code", "ward_code", "month"], ignore_index=True)
    table = table.assign(classification=known["classification"], release=release)
    table.attrs["files"] = file.path.name
    columns = ["month", "ward_code", "ward_name", "area_code", "offence", "count"]
    return table[[*columns, "classification", "release"]]


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table of every release among the files, by its path, and that of sensitive offences.

    The tables are whole: `small_numbers` says what of them may be written.
    """
    errors = ErrorCollector(NAME)
    tables = {}
    for release, parts in layout.by_release(files, KEYS, release_of, errors):
        with errors.collecting():
            if len(parts) > 1:
                both = f"both are of release {release}"
                raise InputError(layout.names_of(parts), both, "keep one file for a release")
            table = tidy_release(parts[0], crosswalks)
            tables[f"recorded_crime_ward/{release}.parquet"] = table
    errors.raise_any()
    years = [
        sensitive_years(table, crosswalks.offences, crosswalks.releases)
        for table in tables.values()
    ]
    keys = TABLES["sensitive_ward_crime"].key
    sensitive = pd.concat(years).sort_values(keys, ignore_index=True)
    return tables | {TABLES["sensitive_ward_crime"].path: sensitive}


def releases(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    """The release that each file is. A column that is not a month's count is left out and noted."""
    for path in files:
        file = layout.read_monthly(path, KEYS)
        totals = file.rows[file.months].sum()
        stray = totals.index[totals <= STRAY_SHARE * totals.median()]
        months = [month for month in file.months if month not in stray]
        notes = [
            f"The file has a column of {month.strftime('%B %Y')} with {totals[month]:,} offences "
            "in all London: it is not a month's count and is left out."
            for month in stray
        ]
        first, last = str(months[0]), str(months[-1])
        classification = layout.classification_of([file], crosswalks)
        yield Release(NAME, release_of(file), classification, first, last, " ".join(notes))


def _note_months_left_out(file: MonthlyFile, expected: list[pd.Period]) -> None:
    """Notes every column that the release is not known to have and that holds a month's count."""
    totals = file.rows[file.months].sum()
    for month in totals.index.difference(expected):
        if totals[month] > STRAY_SHARE * totals.median():
            file.problems.add(
                f"{totals[month]:,} offences in a month that the release is not known to have",
                "correct the row in data/reference/releases.csv, or fetch the file again",
                column=month.strftime("%Y%m"),
            )


def _note_wards_of_two(rows: pd.DataFrame, problems: ErrorCollector) -> None:
    """Notes every ward with two names, or in two boroughs; an airport is not a borough."""
    boroughs = rows[rows["area_code"].fillna("").str.startswith("E09")]
    for column, part in (("ward_name", rows), ("area_code", boroughs)):
        names = part.groupby("ward_code")[column].unique()
        several = names[names.map(len) > 1]
        for code, found in zip(several.index, several, strict=True):
            row = part.index[(part["ward_code"] == code) & (part[column] == found[1])][0]
            problems.add(
                f"{shown(code)} is {' and '.join(map(shown, found))}",
                "correct the row that is wrong, or fetch the file again",
                row=row,
                column=column,
            )


PUBLICATION = Publication(
    NAME, files=("mps_recorded_crime_ward/*.csv",), tidy=tidy, releases=releases
)
