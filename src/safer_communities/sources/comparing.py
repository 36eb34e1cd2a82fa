"""New tables beside those in `data/`: what a file alone cannot show.

A file can be in perfect form and wrong: rows lost, cells exchanged, last year's file with other
counts. The releases before it and the tables beside it are what can tell.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from safer_communities.datasets import cross_checks
from safer_communities.datasets.meaning.findings import Finding, unexplained
from safer_communities.datasets.schemas import TABLES, TableSchema
from safer_communities.datasets.small_numbers import as_written
from safer_communities.errors import ErrorCollector
from safer_communities.sources.beside import (
    boroughs_beside,
    burglaries_beside,
    flagged_beside,
    outcomes_beside,
    series_beside,
    wards_beside,
)
from safer_communities.sources.beside_estimates import (
    households_beside,
    prices_beside,
    projections_beside,
    residents_beside,
    ward_residents_beside,
)
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.held import HeldTables

SAID_AT_MOST = 10
CONFIRMED = "data/reference/confirmed_changes.csv"
AREA_CODE = re.compile(r"E[0-9]{8}|MPS-[A-Z-]+")
Compared = set[tuple[str, str]]
BESIDE: dict[str, Callable[[HeldTables, str, pd.DataFrame, Compared], list[Finding]]] = {
    "recorded_crime_borough": boroughs_beside,
    "recorded_crime_ward": wards_beside,
    "positive_outcomes": outcomes_beside,
    "burglary_outcomes": burglaries_beside,
    "flagged_offences": flagged_beside,
    "mid_year_population": residents_beside,
    "population_by_age": residents_beside,
    "households": households_beside,
    "prices_paid": prices_beside,
    "household_projections": projections_beside,
    "ward_mid_year_population": ward_residents_beside,
}
# A release of residents revises every year, and one of ages has a year of its own.
OWN = ("mid_year_population", "population_by_age")


@dataclass(frozen=True)
class ConsistencyChecker:
    """Whether a new table fits those of a data folder and those about to be written there.

    `new` holds tables by path.
    """

    data_folder: Path
    crosswalks: Crosswalks
    new: Mapping[str, pd.DataFrame]

    def check(self, name: str, path: str, frame: pd.DataFrame, place: str) -> None:
        """Raises InputError, or a group of them, for what does not fit the other tables.

        `name` is the table's, `path` its file below the data folder, `place` what a message names.
        """
        problems = ErrorCollector(place)
        self._note_changed_release(name, path, frame, problems)
        problems.raise_any()
        known = self._known_releases(name, path)
        for release in sorted(set(frame["release"].unique()) - known):
            self._note_findings(name, release, frame, problems)
        if name == "recorded_crime_ward":
            residents = self._held.written("ward_population")
            for problem in [] if residents is None else cross_checks.absent_wards(frame, residents):
                problems.add(problem, "fetch the file from the publisher again")
        problems.raise_any()

    def _note_changed_release(
        self, name: str, path: str, frame: pd.DataFrame, problems: ErrorCollector
    ) -> None:
        """Notes a release that was imported before and now has other rows."""
        old = self._held.written(name, TABLES[name].release_of(path))
        if old is None:
            return
        frame = as_written(name, frame, self.crosswalks.offences)
        for release in sorted(set(frame["release"].unique()) & set(old["release"].unique())):
            before, after = (
                table[table["release"] == release].set_index(TABLES[name].key)
                for table in (old, frame)
            )
            differing = differing_rows(before, after)
            if differing:
                rows = f"the rows of {release} from " if TABLES[name].keeps_releases else ""
                problems.add(
                    f"release {release} has been imported before, and {differing:,} rows differ "
                    f"from those in data/{path}",
                    "keep the file that was imported; if the publisher issued the release again, "
                    f"or a table in data/reference has changed, delete {rows}data/{path} first",
                )

    def _known_releases(self, name: str, path: str) -> set[str]:
        """The releases of a table that were compared when they came."""
        old = self._held.written(name, TABLES[name].release_of(path))
        return set() if old is None else set(old["release"].unique())

    def _note_findings(
        self, name: str, release: str, frame: pd.DataFrame, problems: ErrorCollector
    ) -> None:
        """Notes what is unlikely beside other tables, unless somebody has confirmed it."""
        own = (TABLES[name].source, release)
        compared = {own}
        findings = series_beside(self._held, name, release, frame) if name not in OWN else []
        if name in BESIDE:
            findings += BESIDE[name](self._held, release, frame, compared)
        rows = self.crosswalks.confirmed_changes
        is_about_these = [
            each in compared for each in zip(rows["publication"], rows["release"], strict=True)
        ]
        columns = ["offence", "area_code", "month"]
        confirmed = list(rows.loc[is_about_these, columns].itertuples(index=False, name=None))
        odd = [each for each in unexplained(findings, confirmed) if each.where not in self._told]
        self._told.update(finding.where for finding in odd)
        names = self._names(frame) if odd else {}
        for finding in odd[:SAID_AT_MOST]:
            month = finding.month
            if len(month) > len("2022"):
                month = pd.Period(month).strftime("%B %Y")
            parts = [part for part in (finding.offence, finding.area, month) if part]
            line = csv_line(*own, *finding.where, "WHO", "WHY", "SOURCE")
            problems.add(
                AREA_CODE.sub(
                    lambda code: names.get(code[0], code[0]), f"{', '.join(parts)}: {finding.said}"
                ),
                "compare the file with the publisher's page, and fetch it again if they differ; if "
                f"the count is right, add the line `{line}` to {CONFIRMED} with who looked, why it "
                "is right and where that is known from",
            )
        if len(odd) > SAID_AT_MOST:
            problems.add(
                f"{len(odd) - SAID_AT_MOST:,} more counts are as odd",
                "look for a fault in the whole file: columns or rows moved, another year's counts",
            )

    def _names(self, frame: pd.DataFrame) -> dict[str, str]:
        """What each area is called."""
        known = self.crosswalks.area_names
        names = dict(zip(known["area_code"], known["published_name"], strict=True))
        boroughs = self.crosswalks.boroughs
        names |= dict(zip(boroughs["area_code"], boroughs["borough"], strict=True))
        if {"ward_name", "area_code"} <= {*frame.columns}:
            wards = frame[["ward_code", "ward_name", "area_code"]].drop_duplicates("ward_code")
            names |= {
                code: f"{ward} ({names.get(area, area)})"
                for code, ward, area in wards.itertuples(index=False)
            }
        return names

    @cached_property
    def _told(self) -> set[tuple[str, str, str]]:
        """What has been noted: a fault in one table shows in those beside it too."""
        return set()

    @cached_property
    def _held(self) -> HeldTables:
        return HeldTables(self.data_folder, self.crosswalks, self.new)


def csv_line(*cells: str) -> str:
    """The cells as a line of a CSV file, without its end."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()


def table_at(path: str) -> tuple[str, TableSchema]:
    """The name and the description of the table whose file is at `path`."""
    return next((name, table) for name, table in TABLES.items() if table.holds(path))


def differing_rows(before: pd.DataFrame, after: pd.DataFrame) -> int:
    """How many keys are in one table alone or have other values in the other."""
    common = before.index.intersection(after.index)
    alone = len(before.index.union(after.index)) - len(common)
    old, new = before.loc[common], after.loc[common]
    return alone + int((old.ne(new) & ~(old.isna() & new.isna())).any(axis=1).sum())
