"""The layout of the Metropolitan Police's crime files: a row an offence, a column a month."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector, InputError, plain
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.reading import one_cell_a_row, read_csv, unique_rows, whole_table

# The publisher's headings have changed from release to release; the meaning has not.
HEADINGS = {
    "MajorText": "published_group",
    "Group": "published_group",
    "MinorText": "published_offence",
    "SubGroup": "published_offence",
    "LookUp_BoroughName": "published_area",
    "BoroughName": "published_area",
    "BOCU": "published_area",
    "WardName": "ward_name",
    "WardCode": "ward_code",
}
MONTH = re.compile(r"(19|20)[0-9]{4}")
# A month of which a share only has been recorded stands out: the lowest real month, April 2020,
# has 0.78 of what the months around it have.
THINNEST_MONTH = 0.7
ENOUGH_TO_TELL = 1000


@dataclass(frozen=True)
class MonthlyFile:
    """A file's rows: text columns that say what is counted, then whole numbers by month.

    `problems` holds what is wrong with cells and rows so far; the rows are good once it has been
    asked to raise.
    """

    path: Path
    rows: pd.DataFrame
    months: list[pd.Period]
    headings: dict[str, str]
    problems: ErrorCollector

    def published(self, column: str) -> pd.Series:
        """A column under the publisher's heading, which is what an error should name."""
        return self.rows[column].rename(self.headings[column])

    @property
    def month_after(self) -> pd.Period:
        """The month after the last column: in it, a file of the most recent months comes out."""
        return self.months[-1] + 1


def read_monthly(path: Path, keys: list[str]) -> MonthlyFile:
    """The file's rows with the columns `keys` and one column for each month (a Period).

    Raises InputError, or a group of them, for every unknown column and month out of order, with
    all that is wrong in the cells; notes the latter alone where the columns are good.
    """
    problems = ErrorCollector(path.name)
    published = _without_second_headings(read_csv(path, problems))
    table = published.rename(columns=HEADINGS)
    names = [name for name in table.columns if not MONTH.fullmatch(name)]
    months = _months([name for name in table.columns if name not in names], problems)
    counts = whole_table(table[list(months)], problems).rename(columns=months)
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.add(f"two columns for {_heading(name)}", "delete one of them")
    for name in keys:
        if name not in names:
            problems.add(
                f"no column {_heading(name)}; the columns are "
                f"{plain(', '.join(published.columns))}",
                "name the columns as the publisher did before, or add the new name to the import",
            )
    for name in published.columns:
        if HEADINGS.get(name, name) in set(names) - set(keys):
            problems.add(
                f"column {plain(name)} is not known",
                "delete it, or add it to the columns that the import knows",
                column=name,
            )
    # What the columns hold cannot be told until they are right.
    if len(months) < len(table.columns) - len(names) or sorted(names) != sorted(keys):
        problems.raise_any()
    unique_rows(table, keys, problems)
    # A copy lies in one piece: of a history each column has been a piece of its own.
    rows = pd.concat([table[keys], counts], axis=1).copy()
    headings = {HEADINGS[name]: name for name in published.columns if name in HEADINGS}
    return MonthlyFile(path, rows, list(months.values()), headings, problems)


def by_release(
    paths: list[Path],
    keys: list[str],
    release_of: Callable[[MonthlyFile], str],
    errors: ErrorCollector,
) -> list[tuple[str, list[MonthlyFile]]]:
    """The files of each release, in order; what cannot be read is kept in `errors`."""
    found: dict[str, list[MonthlyFile]] = {}
    for path in paths:
        with errors.collecting():
            file = read_monthly(path, keys)
            found.setdefault(release_of(file), []).append(file)
    return sorted(found.items())


def names_of(files: list[MonthlyFile]) -> str:
    """The files' names, for a message."""
    return " and ".join(file.path.name for file in files)


def with_codes(
    file: MonthlyFile, publication: str, classification: str, crosswalks: Crosswalks
) -> pd.DataFrame:
    """The file's rows with the project's area_code and offence; notes what it has no name for."""
    return file.rows.assign(
        area_code=crosswalks.area_codes(
            file.published("published_area"), publication, file.problems
        ),
        offence=crosswalks.offence_names(file.rows, classification, file.problems),
    )


def note_thin_months(file: MonthlyFile, months: list[pd.Period]) -> None:
    """Notes every one of the months with far fewer offences than the months round it have."""
    if file.problems.errors:
        return
    totals = file.rows[months].sum()
    around = totals.rolling(5, center=True, min_periods=3).median()
    thin = (totals < THINNEST_MONTH * around) & (around >= ENOUGH_TO_TELL)
    for month in totals.index[thin]:
        file.problems.add(
            f"{totals[month]:,} offences, where the months around it have {around[month]:,.0f}",
            "the month is not complete: fetch the next release, or delete the column",
            column=month.strftime("%Y%m"),
        )


def by_month(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The sum of the rows for each of `keys`, one row a month: keys, month, count."""
    months = [name for name in rows.columns if isinstance(name, pd.Period)]
    sums = rows.groupby(keys)[months].sum()
    sums.columns = pd.PeriodIndex(months).to_timestamp()
    return one_cell_a_row(sums, "month", "count")


def classification_of(files: list[MonthlyFile], crosswalks: Crosswalks) -> str:
    """The classification that knows most of the offences of a release's files.

    Raises InputError where none knows more than half.
    """
    published = {
        pair
        for file in files
        for pair in zip(file.rows["published_group"], file.rows["published_offence"], strict=True)
    }
    known = crosswalks.offences.groupby("classification")[["published_group", "published_offence"]]
    shares = {
        str(name): len(published & set(rows.itertuples(index=False, name=None))) / len(published)
        for name, rows in known
    }
    best = max(shares, key=lambda name: shares[name])
    if shares[best] <= 0.5:
        raise InputError(
            names_of(files),
            f"no known classification has half of its {len(published)} offences; {best} knows "
            f"{shares[best]:.0%}",
            "the police have a new list of offences: add it to data/reference/offences.csv as a "
            "classification of its own",
        )
    return best


def _months(names: list[str], problems: ErrorCollector) -> dict[str, pd.Period]:
    """The months of the columns; fewer than the names where one is no month or out of order."""
    remedy = "put the columns in order, one a month, or fetch the file from the publisher again"
    months: dict[str, pd.Period] = {}
    expected = None
    for name in names:
        if not "01" <= name[4:] <= "12":
            problems.add(f"{name} is not a month", remedy, column=name)
            continue
        month = pd.Period(f"{name[:4]}-{name[4:]}", "M")
        if expected is None or month == expected:
            months[name] = month
        else:
            problems.add(
                f"{name} stands where {expected.strftime('%Y%m')} is expected", remedy, column=name
            )
        expected = month + 1
    if not names:
        problems.add("no column is a month", remedy)
    return months


def _without_second_headings(published: pd.DataFrame) -> pd.DataFrame:
    """The columns without those that say what an earlier one says, row by row, by another name."""
    kept: dict[str, str] = {}
    for name in published.columns:
        first = kept.setdefault(HEADINGS.get(name, name), name)
        if first != name and published[name].equals(published[first].rename(name)):
            published = published.drop(columns=name)
    return published


def _heading(name: str) -> str:
    """A column by all the headings that the publisher has given it."""
    return " or ".join([heading for heading, key in HEADINGS.items() if key == name] or [name])
