"""Mean and median pay of residents (ONS Annual Survey of Hours and Earnings, table 8.7a)."""

import re
from pathlib import Path

from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.profile import figures

YEAR = re.compile(r"ashe_table8_7a_all_((?:19|20)[0-9]{2})\.csv")


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """Gross pay a year of all employees who live in the area; the year is in the file's name."""
    named = YEAR.fullmatch(path.name)
    if not named:
        problems.stop("its name has no year", "name it ashe_table8_7a_all_2021.csv, by its year")
    wanted = ["Description", "Code", "Median", "Mean"]
    table = reading.read_csv(path, problems, only=wanted, encoding="latin-1")
    table = table.rename(columns={"Code": "area_code", "Description": "area"})
    of = f"April {named[1]}", figures.last_day(f"April {named[1]}")
    columns = {"Median": ("median_pay", *of), "Mean": ("mean_pay", *of)}
    return figures.Cells(named[1], figures.wide(table, columns, problems), withheld=("x",))


PUBLICATION = figures.publication(
    "ons_earnings", ("profile/ashe_table8_7a_all_*.csv",), "earnings", parse
)
