"""The releases that a new one can be compared with: those that are there, and those beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from safer_communities.datasets import load
from safer_communities.datasets.schemas import TABLES
from safer_communities.errors import ErrorCollector, InputError
from safer_communities.sources.crosswalks import Crosswalks

YEAR = 12


@dataclass(frozen=True)
class HeldTables:
    """Tables of a data folder, and those about to be written there: `new`, by path."""

    data_folder: Path
    crosswalks: Crosswalks
    new: Mapping[str, pd.DataFrame]

    def releases(self, name: str, frame: pd.DataFrame) -> list[str]:
        """The releases of a table that are there, in order, of the frame's classification."""
        known = self.crosswalks.releases
        rows = known[
            (known["publication"] == TABLES[name].source)
            & (known["classification"] == frame["classification"].iloc[0])
        ]
        paths = {row: TABLES[name].path.format(release=row) for row in rows["release"]}
        return sorted(
            release
            for release, path in paths.items()
            if path in self.new or (self.data_folder / path).is_file()
        )

    def table(self, name: str, release: str = "") -> pd.DataFrame:
        """A table that is there. Raises InputError where it cannot be read."""
        path = TABLES[name].path.format(release=release)
        if path in self.new:
            return self.new[path]
        return load.read_anew(name, self.data_folder, release)

    def nearest(
        self, name: str, frame: pd.DataFrame, release: str, months: int
    ) -> tuple[str, pd.DataFrame] | None:
        """The release of a table nearest in time that has at least so many months of the frame.

        None where there is no such release within a year.
        """
        wanted = self._months(frame)
        apart = {
            other: abs((pd.Period(other) - pd.Period(release)).n)
            for other in self.releases(name, frame)
        }
        for other in sorted((o for o in apart if apart[o] <= YEAR), key=lambda o: apart[o]):
            row = self.crosswalks.release(TABLES[name].source, other, ErrorCollector(name))
            held = pd.period_range(row["first_month"], row["last_month"], freq="M")
            if len(wanted.intersection(held)) >= months:
                return other, self.table(name, other)
        return None

    def one(self, name: str) -> pd.DataFrame | None:
        """A table that is one file: the new one, else the one written; none where there is none."""
        new = self.new.get(TABLES[name].path)
        return self.written(name) if new is None else new

    def written(self, name: str, release: str = "") -> pd.DataFrame | None:
        """The table in the data folder; none where it is missing or broken.

        A broken table must not keep its own repair out.
        """
        try:
            return load.read_anew(name, self.data_folder, release)
        except (InputError, ExceptionGroup):
            return None

    @staticmethod
    def _months(frame: pd.DataFrame) -> pd.PeriodIndex:
        return pd.DatetimeIndex(frame["month"].unique()).to_period("M")
