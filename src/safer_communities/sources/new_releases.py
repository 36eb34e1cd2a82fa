"""What a folder of new releases holds: the rows that the table of releases needs for them.

A release's name, months and classification all stand in its file, so that nobody has to type them.
"""

from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

import pandas as pd

from safer_communities.errors import Gathering, InputError
from safer_communities.sources import (
    borough_areas,
    census_households,
    census_ward_population,
    gla_asb_calls,
    mps_borough_crime,
    mps_positive_outcomes,
    mps_ward_crime,
    ons_mid_year_population,
)
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.importing import PUBLICATIONS
from safer_communities.sources.mps_layout import MonthlyFile, read_monthly
from safer_communities.sources.reading import read_sheet

# Their one release is in the table, and a census or a boundary has no next release of that name.
ISSUED_ONCE = {borough_areas.NAME, census_households.NAME, census_ward_population.NAME}


@dataclass(frozen=True)
class Release:
    """A row of `data/reference/releases.csv`."""

    publication: str
    release: str
    classification: str
    first_month: str
    last_month: str
    note: str = ""


def releases_in(source_folder: Path, crosswalks: Crosswalks) -> list[Release]:
    """Every release that has files in the folder, those that the table has among them.

    Raises InputError, or a group of them, where a file cannot be read or its classification
    cannot be told.
    """
    readers: dict[str, Callable[[list[Path], Crosswalks], Iterator[Release]]] = {
        mps_borough_crime.NAME: _borough_crime,
        mps_ward_crime.NAME: _ward_crime,
        mps_positive_outcomes.NAME: _positive_outcomes,
        ons_mid_year_population.NAME: _population,
        gla_asb_calls.NAME: _asb_calls,
    }
    gathering = Gathering()
    found: list[Release] = []
    for name, publication in PUBLICATIONS.items():
        files = publication.find(source_folder)
        if not files or name in ISSUED_ONCE:
            continue
        with gathering.file():
            found += readers[name](files, crosswalks)
    gathering.raise_any("the releases cannot be read; nothing was written")
    return found


def with_releases(table: pd.DataFrame, new: list[Release]) -> pd.DataFrame:
    """The table of releases with the new ones in their place."""
    rows = pd.DataFrame([astuple(each) for each in new], columns=table.columns)
    return pd.concat([table, rows]).sort_values(["publication", "release"], ignore_index=True)


def _borough_crime(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    by_release: dict[str, list[MonthlyFile]] = {}
    for path in files:
        file = read_monthly(path, mps_borough_crime.KEYS)
        by_release.setdefault(mps_borough_crime.release_of(file), []).append(file)
    for release, parts in sorted(by_release.items()):
        months = sorted(month for part in parts for month in part.months)
        is_history = all(len(part.months) > mps_borough_crime.RECENT_MONTHS for part in parts)
        yield Release(
            mps_borough_crime.NAME,
            release,
            _classification(parts, crosswalks),
            str(months[0]),
            str(months[-1]),
            "History alone." if is_history else "",
        )


def _ward_crime(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    for path in files:
        file = read_monthly(path, mps_ward_crime.KEYS)
        totals = file.rows[file.months].sum()
        stray = totals.index[totals <= mps_ward_crime.STRAY_SHARE * totals.median()]
        months = [month for month in file.months if month not in stray]
        notes = [
            f"The file has a column of {month.strftime('%B %Y')} with {totals[month]:,} offences "
            "in all London: it is not a month's count and is left out."
            for month in stray
        ]
        yield Release(
            mps_ward_crime.NAME,
            str(file.month_after),
            _classification([file], crosswalks),
            str(months[0]),
            str(months[-1]),
            " ".join(notes),
        )


def _positive_outcomes(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    for path in files:
        published = read_sheet(path, "Sheet1", "Month_Year")["Month_Year"]
        months = pd.to_datetime(published.str[:10], format="%Y-%m-%d", errors="coerce").dropna()
        yield _of_months(mps_positive_outcomes.NAME, path, months, "2024")


def _asb_calls(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    for path in files:
        yield _of_months(gla_asb_calls.NAME, path, gla_asb_calls.parse(path)["month"], "")


def _population(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    areas = crosswalks.published_areas(ons_mid_year_population.NAME)
    for path in files:
        yearly, _ = ons_mid_year_population.parse(path, areas)
        first, last = yearly["mid_year"].min(), yearly["mid_year"].max()
        release = yearly["release"].iloc[0]
        yield Release(ons_mid_year_population.NAME, release, "", str(first), str(last))


def _of_months(name: str, path: Path, months: pd.Series, classification: str) -> Release:
    if months.empty:
        raise InputError(path.name, "no row has a month", "fetch the file from the publisher again")
    first, last = months.min().to_period("M"), months.max().to_period("M")
    return Release(name, str(last + 1), classification, str(first), str(last))


def _classification(files: list[MonthlyFile], crosswalks: Crosswalks) -> str:
    """The classification that knows most of the offences of a release's files."""
    published = {
        pair
        for file in files
        for pair in zip(file.rows["published_group"], file.rows["published_offence"], strict=True)
    }
    known = crosswalks.offences.groupby("classification")[["published_group", "published_offence"]]
    shares = {
        name: len(published & set(rows.itertuples(index=False, name=None))) / len(published)
        for name, rows in known
    }
    best = max(shares, key=lambda name: shares[name])
    if shares[best] <= 0.5:
        raise InputError(
            " and ".join(file.path.name for file in files),
            f"no classification knows half of its {len(published)} offences; {best} knows "
            f"{shares[best]:.0%}",
            "the police have a new list of offences: add it to data/reference/offences.csv as a "
            "classification of its own",
        )
    return best
