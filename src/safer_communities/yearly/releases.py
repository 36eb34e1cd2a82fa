"""Which releases a folder brings, and which of them an edition is made from.

A release's name, months and classification all stand in its file, so that nobody has to type them.
"""

from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import pandas as pd

from safer_communities.datasets.periods import Period, months_in_words
from safer_communities.errors import ErrorCollector, InputError
from safer_communities.sources import PUBLICATIONS
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Release


def releases_in(source_folder: Path, crosswalks: Crosswalks) -> list[Release]:
    """Every release that has files in the folder, those that the table has among them.

    Raises InputError, or a group of them, where a file cannot be read or its classification
    cannot be told.
    """
    errors = ErrorCollector("the releases cannot be read; nothing was written")
    found: list[Release] = []
    for publication in PUBLICATIONS.values():
        files = publication.find(source_folder)
        if files and publication.releases:
            with errors.collecting():
                found += publication.releases(files, crosswalks)
    errors.raise_any()
    return found


def new_releases(source_folder: Path, crosswalks: Crosswalks) -> list[Release]:
    """The releases in the folder that the table does not know."""
    known = set(crosswalks.releases[["publication", "release"]].itertuples(index=False, name=None))
    return [
        each
        for each in releases_in(source_folder, crosswalks)
        if (each.publication, each.release) not in known
    ]


def with_releases(table: pd.DataFrame, new: list[Release]) -> pd.DataFrame:
    """The table of releases with the new ones in their place."""
    rows = pd.DataFrame([astuple(each) for each in new], columns=table.columns)
    return pd.concat([table, rows]).sort_values(["publication", "release"], ignore_index=True)


def crime_releases(releases: pd.DataFrame, period: Period) -> tuple[str, list[str]]:
    """The classification and the releases of it for an edition, preferred first.

    `releases` has the rows of recorded crime by borough. The newest classification whose releases
    hold every month of `period` and of the year before is taken, so that both years compare. The
    newest of its releases that holds both years alone comes first, since counts of two releases
    differ by revisions too; then each, the newest first, that adds other months. Raises InputError
    where no classification holds both years.
    """
    wanted = set(_months(period.previous().start, period.end))
    missing: dict[str, list[pd.Period]] = {}
    for classification in sorted(releases["classification"].unique(), reverse=True):
        rows = releases[releases["classification"] == classification]
        chosen: list[str] = []
        covered: set[pd.Period] = set()
        up_to = pd.Period(period.end, "M")
        for release, months in sorted(
            _newest_first(rows), key=lambda known: wanted <= known[1], reverse=True
        ):
            if any(month <= up_to for month in months - covered):
                chosen.append(release)
                covered |= months
        if wanted <= covered:
            return classification, chosen
        missing[classification] = sorted(wanted - covered)
    lacks = "; ".join(f"{name} lacks {months_in_words(months)}" for name, months in missing.items())
    raise InputError(
        "recorded crime by borough",
        f"no classification has every month of the {period.label} and of the year before: {lacks}",
        "add the files of the missing releases to mps_recorded_crime_borough/",
    )


def ward_release(releases: pd.DataFrame, classification: str, period: Period) -> str:
    """The newest release by ward, of the classification, that holds the period.

    Raises InputError where there is none.
    """
    wanted = set(_months(period.start, period.end))
    for release, months in _newest_first(releases[releases["classification"] == classification]):
        if wanted <= months:
            return release
    raise InputError(
        "recorded crime by ward",
        f"no release of the {classification} classification has the {period.label}",
        "add a file that has it to mps_recorded_crime_ward/",
    )


def _newest_first(releases: pd.DataFrame) -> Iterator[tuple[str, set[pd.Period]]]:
    """Each release with the months that it holds."""
    columns = ["release", "first_month", "last_month"]
    ordered = releases.sort_values("release", ascending=False)[columns]
    for release, first, last in ordered.itertuples(index=False):
        yield release, set(_months(first, last))


def _months(first: str | pd.Timestamp, last: str | pd.Timestamp) -> pd.PeriodIndex:
    return pd.period_range(first, last, freq="M")
