"""Burglaries by what came of them, by borough and year (data.police.uk).

An extract: burglaries of each borough and month by the last outcome that was known in 2025. Before
January 2012 none has an outcome.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from safer_communities.datasets.periods import Period, complete_years
from safer_communities.errors import ErrorCollector
from safer_communities.sources import parquet, reading
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Publication, Release

NAME = "police_uk_burglary_outcomes"
COLUMNS = ["area", "month", "last_outcome_category", "count"]
MARCH = "2022-03"
CLOSED, OPEN = "closed without a suspect dealt with", "open or not known"
DEALT_WITH = "suspect charged, cautioned or dealt with in another way"
# The outcomes in which no suspect was charged, cautioned or dealt with in another way.
NOT_DEALT_WITH = {
    "Investigation complete; no suspect identified": CLOSED,
    "Unable to prosecute suspect": CLOSED,
    "Formal action is not in the public interest": CLOSED,
    "Further action is not in the public interest": CLOSED,
    "Further investigation is not in the public interest": CLOSED,
    "Action to be taken by another organisation": CLOSED,
    "Status update unavailable": OPEN,
    "Under investigation": OPEN,
}
# Those in which one was: what court decided comes after a charge.
OTHERS = (
    "Awaiting court outcome",
    "Court case unable to proceed",
    "Court result unavailable",
    "Defendant found not guilty",
    "Defendant sent to Crown Court",
    "Local resolution",
    "Offender deprived of property",
    "Offender fined",
    "Offender given a caution",
    "Offender given a drugs possession warning",
    "Offender given absolute discharge",
    "Offender given community sentence",
    "Offender given conditional discharge",
    "Offender given penalty notice",
    "Offender given suspended prison sentence",
    "Offender ordered to pay compensation",
    "Offender otherwise dealt with",
    "Offender sent to prison",
    "Suspect charged as part of another case",
)
OUTCOMES = NOT_DEALT_WITH | dict.fromkeys(OTHERS, DEALT_WITH)
# Of burglaries by month in a borough the least is 0.3 of the median, the most 2.3.
OUTLIER = 4
# An outcome that a borough has so often in both months beside it has some: of those without a row
# the months beside had 8 at most.
USUAL_OUTCOME = 12


def parse(path: Path, crosswalks: Crosswalks) -> pd.DataFrame:
    """Burglaries of the boroughs: month, area_code, outcome, count, a row for each of the file.

    Places outside London, and burglaries without a place or an outcome, are left out. Raises
    InputError, or a group of them, for all that is wrong.
    """
    problems = ErrorCollector(path.name)
    table = reading.read_csv(path, problems)
    reading.require_columns(table, COLUMNS, problems)
    reading.unique_rows(table, COLUMNS[:3], problems)
    months = reading.first_days((table["month"] + "-01").rename("month"), problems)
    counts = reading.whole_numbers(table["count"], problems)
    table = table.assign(month=months, count=counts)
    known = table[table["last_outcome_category"] != ""]
    parquet.one_of(known["last_outcome_category"], [*OUTCOMES], problems)
    # The Metropolitan Police record a few in the districts around London.
    codes = dict(crosswalks.boroughs[["borough", "area_code"]].itertuples(index=False, name=None))
    for name in sorted(codes.keys() - set(known["area"])):
        problems.add(f"no row for {name}", reading.FETCH, column="area")
    if lost := sorted({*OUTCOMES} - {*known["last_outcome_category"]}):
        problems.add(f"no row of {', '.join(lost)}", reading.FETCH, column=COLUMNS[2])
    problems.raise_any()
    reading.every_month(known["month"], problems)
    rows = known[known["area"].isin(codes)]
    rows = rows.assign(
        area_code=rows["area"].map(codes), outcome=rows["last_outcome_category"].map(OUTCOMES)
    )
    _note_odd_months(rows, problems)
    _note_gaps(rows, problems)
    problems.raise_any()
    return rows[["month", "area_code", "outcome", "count"]]


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table of whole years to March, by its path; its months are in `attrs["monthly"]`."""
    path = reading.only_file(files)
    rows = parse(path, crosswalks)
    release = crosswalks.release_of(NAME, rows["month"], path.name)
    years = complete_years(pd.DatetimeIndex(rows["month"].unique()), Period.year_to(MARCH))
    ends = {month: year.end for year in years for month in year.months()}
    # What a year hides, such as two boroughs exchanged in a month, is compared by month.
    monthly = rows.groupby(["area_code", "month"])["count"].sum()
    rows = rows.assign(month=rows["month"].map(ends)).dropna(subset="month")
    keys = ["month", "area_code", "outcome"]
    table = rows.groupby(keys)["count"].sum().unstack(fill_value=0)
    table = reading.one_cell_a_row(table, "outcome", "burglaries").sort_values(
        ["area_code", "month", "outcome"], ignore_index=True
    )
    table = table[[*keys, "burglaries"]].assign(release=release)
    table.attrs["monthly"] = monthly
    return {"burglary_outcomes.csv": table}


def releases(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    """The release that the file is."""
    path = reading.only_file(files)
    yield Release.of_months(NAME, parse(path, crosswalks)["month"], path.name)


def _note_odd_months(rows: pd.DataFrame, problems: ErrorCollector) -> None:
    """Notes a month in which a borough has no burglary, or a number unlike its others."""
    counts = rows.pivot_table(
        index="area", columns="month", values="count", aggfunc="sum", fill_value=0
    )
    for area, own in counts.iterrows():
        usual = own.median()
        for month, count in own[(own * OUTLIER < usual) | (own > usual * OUTLIER)].items():
            problems.add(
                f"{count:,} burglaries in {area} in {month:%B %Y}, where its months have about "
                f"{usual:,.0f}",
                "compare it with the publisher's page, and fetch the file again",
                column="count",
            )


def _note_gaps(rows: pd.DataFrame, problems: ErrorCollector) -> None:
    """Notes an outcome of a borough without a row in a month, between two months with many."""
    wide = rows.pivot(index=["area", "last_outcome_category"], columns="month", values="count")
    beside = pd.DataFrame(np.minimum(wide.shift(1, axis=1), wide.shift(-1, axis=1)))
    gaps = beside.where(wide.isna() & (beside >= USUAL_OUTCOME)).stack().dropna()
    for area, outcome, month, least in gaps.reset_index().itertuples(index=False):
        problems.add(
            f"no row of {outcome!r} in {area} in {month:%B %Y}, where the months beside it have "
            f"{least:,.0f} or more",
            reading.FETCH_AGAIN,
        )


PUBLICATION = Publication(
    NAME, files=("police_uk/*burglary_by_outcome*.csv",), tidy=tidy, releases=releases
)
