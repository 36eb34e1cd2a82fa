"""New tables beside those in `data/`: what a file alone cannot show.

A file can be in perfect form and wrong: rows lost, cells exchanged, last year's file with other
counts. The releases before it and the tables beside it are what can tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from safer_communities.datasets import cross_checks, load
from safer_communities.datasets.schemas import TABLES, TableSchema
from safer_communities.errors import ErrorCollector, InputError
from safer_communities.sources.crosswalks import Crosswalks

# Of fewer common months the gap between wards and borough says little.
ENOUGH_MONTHS = 12
LOOK = (
    "compare the file with the publisher's page; if the revision is real, raise the limit in "
    "src/safer_communities/datasets/cross_checks.py and say why"
)


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
        if not TABLES[name].is_one_file:
            self._note_unusual_revisions(name, path, frame, problems)
        if name == "recorded_crime_ward":
            self._note_wards_apart(path, frame, problems)
        problems.raise_any()

    def _note_changed_release(
        self, name: str, path: str, frame: pd.DataFrame, problems: ErrorCollector
    ) -> None:
        """Notes a release that was imported before and now has other rows."""
        old = self._written(name, TABLES[name].release_of(path))
        if old is None:
            return
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

    def _note_unusual_revisions(
        self, name: str, path: str, frame: pd.DataFrame, problems: ErrorCollector
    ) -> None:
        table = TABLES[name]
        release = table.release_of(path)
        # A table by ward names the borough of each ward too.
        place = "ward_code" if "ward_code" in table.key else "area_code"
        earlier = [other for other, _ in self._beside(name, frame) if other < release]
        if earlier:
            old = self._table(name, max(earlier))
            groups = self._groups(release, table.source)
            for problem in cross_checks.unusual_revisions(old, frame, groups, place):
                problems.add(f"{problem} since release {max(earlier)}", LOOK)

    def _note_wards_apart(self, path: str, frame: pd.DataFrame, problems: ErrorCollector) -> None:
        release = pd.Period(TABLES["recorded_crime_ward"].release_of(path))
        found = self._beside("recorded_crime_borough", frame)
        enough = [other for other, months in found if months >= ENOUGH_MONTHS]
        if enough:
            beside = min(enough, key=lambda other: abs((pd.Period(other) - release).n))
            boroughs = self._table("recorded_crime_borough", beside)
            for problem in cross_checks.wards_against_boroughs(frame, boroughs):
                problems.add(f"{problem} of release {beside}", LOOK)
        residents = self._written("ward_population", "")
        if residents is not None:
            for problem in cross_checks.absent_wards(frame, residents):
                problems.add(problem, "fetch the file from the publisher again")

    def _beside(self, name: str, frame: pd.DataFrame) -> list[tuple[str, int]]:
        """The releases of a table to compare with, each with how many months it shares.

        They are of the frame's classification, and are there.
        """
        known = self.crosswalks.releases
        months = frame["month"].dt.to_period("M").astype(str).unique()
        rows = known[
            (known["publication"] == TABLES[name].source)
            & (known["classification"] == frame["classification"].iloc[0])
        ]
        found = []
        for row in rows.itertuples():
            path = TABLES[name].path.format(release=row.release)
            common = sum(row.first_month <= month <= row.last_month for month in months)
            if common and (path in self.new or (self.data_folder / path).is_file()):
                found.append((row.release, common))
        return found

    def _table(self, name: str, release: str) -> pd.DataFrame:
        path = TABLES[name].path.format(release=release)
        if path in self.new:
            return self.new[path]
        return load.read_anew(name, self.data_folder, release)

    def _written(self, name: str, release: str) -> pd.DataFrame | None:
        """The table in the data folder; none where it is missing or broken.

        A broken table must not keep its own repair out.
        """
        try:
            return load.read_anew(name, self.data_folder, release)
        except (InputError, ExceptionGroup):
            return None

    def _groups(self, release: str, publication: str) -> dict[str, str]:
        known = self.crosswalks.release(publication, release, ErrorCollector(publication))
        offences = self.crosswalks.offences
        rows = offences[offences["classification"] == known["classification"]]
        return dict(zip(rows["offence"], rows["offence_group"], strict=True))


def table_at(path: str) -> tuple[str, TableSchema]:
    """The name and the description of the table whose file is at `path`."""
    return next((name, table) for name, table in TABLES.items() if table.holds(path))


def differing_rows(before: pd.DataFrame, after: pd.DataFrame) -> int:
    """How many keys are in one table alone or have other values in the other."""
    common = before.index.intersection(after.index)
    alone = len(before.index.union(after.index)) - len(common)
    old, new = before.loc[common], after.loc[common]
    return alone + int((old.ne(new) & ~(old.isna() & new.isna())).any(axis=1).sum())
