"""The layout of the Metropolitan Police's crime files: a row an offence, a column a month."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from safer_communities.errors import Problems
from safer_communities.sources.reading import read_csv, require_columns, unique_rows, whole_numbers

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


@dataclass(frozen=True)
class MonthlyFile:
    """A file's rows: text columns that say what is counted, then whole numbers by month."""

    path: Path
    rows: pd.DataFrame
    months: list[pd.Period]
    headings: dict[str, str]

    def published(self, column: str) -> pd.Series:
        """A column under the publisher's heading, which is what an error should name."""
        return self.rows[column].rename(self.headings[column])

    @property
    def month_after(self) -> pd.Period:
        """The month after the last column: in it, a file of the most recent months comes out."""
        return self.months[-1] + 1


def read_monthly(path: Path, keys: list[str]) -> MonthlyFile:
    """The file's rows with the columns `keys` and one column for each month (a Period).

    Raises InputError, or a group of them, for every unknown column, month out of order, second
    row for the same thing, and count that is not a whole number.
    """
    problems = Problems(path.name)
    published = read_csv(path)
    headings = {HEADINGS[name]: name for name in published.columns if name in HEADINGS}
    table = published.rename(columns=HEADINGS)
    names = [name for name in table.columns if not (name.isdigit() and len(name) == 6)]
    require_columns(table[names], keys, problems)
    months = _months([name for name in table.columns if name not in names], problems)
    unique_rows(table, keys, problems)
    counts = {month: whole_numbers(table[name], problems) for name, month in months.items()}
    problems.raise_any()
    rows = pd.concat([table[keys], pd.DataFrame(counts)], axis=1)
    return MonthlyFile(path, rows, list(months.values()), headings)


def by_month(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The sum of the rows for each of `keys`, one row a month: keys, month, count."""
    months = [name for name in rows.columns if isinstance(name, pd.Period)]
    sums = rows.groupby(keys)[months].sum()
    sums.columns = [month.to_timestamp() for month in months]
    return sums.rename_axis(columns="month").stack().rename("count").reset_index()


def _months(names: list[str], problems: Problems) -> dict[str, pd.Period]:
    remedy = "put the columns in order, one a month, or fetch the file from the publisher again"
    months: dict[str, pd.Period] = {}
    for name in names:
        if not "01" <= name[4:] <= "12":
            problems.add(f"{name} is no month", remedy, column=name)
            continue
        month = pd.Period(f"{name[:4]}-{name[4:]}", "M")
        if months and month != (expected := list(months.values())[-1] + 1):
            problems.add(
                f"{name} stands where {expected.strftime('%Y%m')} is expected", remedy, column=name
            )
        months[name] = month
    if not months:
        problems.add("no column is a month", remedy)
    problems.raise_any()
    return months
