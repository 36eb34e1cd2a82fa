"""Recorded offences by borough, offence and month (Metropolitan Police Service)."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector, InputError, shown
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.mps import layout
from safer_communities.sources.mps.layout import MonthlyFile
from safer_communities.sources.publication import Publication, Release
from safer_communities.sources.reading import FETCH

NAME = "mps_borough_crime"
KEYS = ["published_group", "published_offence", "published_area"]
RECENT_MONTHS = 24
SHORTEST_HISTORY = 60
# A history ends two years before its release. One of a release so long after all others is rather
# a history joined with the months that came after it.
MONTHS_AHEAD = 18
FEW_OFFENCES = 10


def release_of(file: MonthlyFile) -> str:
    """The release that a file belongs to: the month after its 24 most recent months.

    A longer file is the history that ends the month before those 24 begin.
    """
    number = len(file.months)
    if RECENT_MONTHS < number < SHORTEST_HISTORY:
        totals = [int(file.rows[month].sum()) for month in file.months]
        fewest, odd = min(zip(totals, file.months, strict=True))
        raise InputError(
            file.path.name,
            f"{number} months: {RECENT_MONTHS} or a history are expected; {odd:%Y%m} has "
            f"{fewest:,} offences",
            "delete the columns that are no month's count, or fetch the file again",
        )
    return str(file.month_after + (0 if number <= RECENT_MONTHS else RECENT_MONTHS))


def tidy_file(file: MonthlyFile, classification: str, crosswalks: Crosswalks) -> pd.DataFrame:
    """One file's counts: offence, area_code, month, count.

    A file has no row where an area had none of an offence in all its months. Those are written
    as 0, so that each offence of the file has every area of the file in each of its months.
    """
    problems = file.problems
    layout.note_thin_months(file, file.months)
    rows = layout.with_codes(file, NAME, classification, crosswalks)
    # A name that is not known would be missed once more, with every offence of it.
    problems.raise_any()
    absent = crosswalks.boroughs[~crosswalks.boroughs["area_code"].isin(rows["area_code"])]
    if len(absent):
        problems.stop(f"no rows for {', '.join(absent['borough'])}", FETCH)
    boroughs = rows[rows["area_code"].isin(crosswalks.boroughs["area_code"])]
    _note_lost_rows(boroughs, len(crosswalks.boroughs), problems)
    problems.raise_any()
    counts = layout.by_month(rows, ["offence", "area_code"])
    keys = ["offence", "area_code", "month"]
    grid = pd.MultiIndex.from_product([sorted(counts[key].unique()) for key in keys], names=keys)
    return counts.set_index(keys)["count"].reindex(grid, fill_value=0).reset_index()


def tidy_release(release: str, files: list[MonthlyFile], crosswalks: Crosswalks) -> pd.DataFrame:
    """The table of one release, from its file of recent months, its history, or both."""
    names = layout.names_of(files)
    files = sorted(files, key=lambda file: file.months[0])
    for earlier, later in pairwise(files):
        if earlier.month_after != later.months[0]:
            raise InputError(
                names,
                f"both are of release {release}, and their months overlap or leave a gap",
                "keep one file of the recent months and one history for a release",
            )
    errors = ErrorCollector(names)
    first, last = str(files[0].months[0]), str(files[-1].months[-1])
    known = crosswalks.covered(Release(NAME, release, "", first, last), errors)
    parts = []
    for file in files:
        with errors.collecting():
            parts.append(tidy_file(file, known["classification"], crosswalks))
    errors.raise_any()
    table = pd.concat(parts).sort_values(["offence", "area_code", "month"], ignore_index=True)
    table = table.assign(classification=known["classification"], release=release)
    table.attrs["files"] = names
    return table[["month", "area_code", "offence", "count", "classification", "release"]]


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The table of every release among the files, by its path."""
    errors = ErrorCollector(NAME)
    tables = {}
    for release, parts in layout.by_release(files, KEYS, release_of, errors):
        with errors.collecting():
            _check_not_joined(release, parts, crosswalks)
            table = tidy_release(release, parts, crosswalks)
            tables[f"recorded_crime_borough/{release}.parquet"] = table
    errors.raise_any()
    return tables


def releases(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    """The releases that the files are of, in order; two files may be one release."""
    errors = ErrorCollector(NAME)
    found = layout.by_release(files, KEYS, release_of, errors)
    errors.raise_any()
    for release, parts in found:
        _check_not_joined(release, parts, crosswalks)
        months = sorted(str(month) for part in parts for month in part.months)
        is_history = all(len(part.months) > RECENT_MONTHS for part in parts)
        note = "History alone." if is_history else ""
        classification = layout.classification_of(parts, crosswalks)
        yield Release(NAME, release, classification, months[0], months[-1], note)


def _check_not_joined(release: str, files: list[MonthlyFile], crosswalks: Crosswalks) -> None:
    """Raises InputError where a history goes on to the months of its own release."""
    known = crosswalks.releases.loc[crosswalks.releases["publication"] == NAME, "release"]
    if release in set(known) or known.empty:
        return
    longest = max(files, key=lambda file: len(file.months))
    number = len(longest.months)
    if number > RECENT_MONTHS and (pd.Period(release) - pd.Period(known.max())).n > MONTHS_AHEAD:
        raise InputError(
            longest.path.name,
            f"{number} months in one file, to {longest.months[-1]:%B %Y}: a history ends "
            f"{RECENT_MONTHS} months before its release",
            f"if a history was joined with the {RECENT_MONTHS} months after it, give the two files "
            "as they were published",
        )


def _note_lost_rows(boroughs: pd.DataFrame, number: int, problems: ErrorCollector) -> None:
    """Notes every offence that lacks a borough though no other borough had but a few of it.

    In the releases seen, where a borough lacks a row, another had one or two offences in all.
    """
    months = [name for name in boroughs.columns if isinstance(name, pd.Period)]
    keys = ["published_group", "published_offence"]
    sums = boroughs.assign(sum=boroughs[months].sum(axis=1)).groupby(keys)["sum"]
    rare = sums.min()[sums.size() < number]
    for (_, offence), fewest in zip(rare.index, rare, strict=True):
        if fewest >= FEW_OFFENCES:
            problems.add(
                f"no row of {shown(offence)} for every borough, "
                f"where each of the others has {fewest} offences or more",
                "rows may be lost: fetch the file from the publisher again",
            )


PUBLICATION = Publication(
    NAME,
    files=("mps_recorded_crime_borough/*.csv", "mps_recorded_crime_borough_added/*.csv"),
    tidy=tidy,
    releases=releases,
)
