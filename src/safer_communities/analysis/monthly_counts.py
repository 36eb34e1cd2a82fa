"""Counts of offences by month and area, and their sums, each worked out once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd

from safer_communities.analysis.editions import combine_releases, with_areas_joined
from safer_communities.datasets import load
from safer_communities.datasets.kept import shared


@dataclass(frozen=True, eq=False)
class MonthlyCounts:
    """Rows of one classification, or what reads them: month, area_code, offence, count, release."""

    rows: pd.DataFrame | Callable[[], pd.DataFrame]

    @cached_property
    def table(self) -> pd.DataFrame:
        """The rows."""
        return self.rows if isinstance(self.rows, pd.DataFrame) else self.rows()

    @classmethod
    def of_releases(cls, releases: list[pd.DataFrame], apart: pd.DataFrame) -> "MonthlyCounts":
        """Those of several releases, preferred first; `apart` lists areas to count in a borough."""
        return cls(with_areas_joined(combine_releases(releases), apart))

    @cached_property
    def release_of_month(self) -> pd.Series:
        """The release that each month comes from, by month."""
        return self.table.drop_duplicates("month").set_index("month")["release"]

    @cached_property
    def months(self) -> pd.DatetimeIndex:
        """The months that have a row, in order."""
        return self._cube[0]

    @cached_property
    def areas(self) -> pd.Index:
        """The codes of all areas."""
        return self._cube[1]

    def sums(self, offences: tuple[str, ...]) -> pd.DataFrame:
        """The offences together: a row for each month that lists one of them, a column an area."""
        if offences not in self._sums:
            months, areas, counts, listed = self._cube
            of = [self._places[each] for each in offences if each in self._places]
            held = np.flatnonzero(listed[of].any(axis=0))
            self._sums[offences] = pd.DataFrame(
                counts[of].sum(axis=0)[held], index=months[held], columns=areas
            )
        return self._sums[offences]

    @cached_property
    def _sums(self) -> dict[tuple[str, ...], pd.DataFrame]:
        return {}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {offence: place for place, offence in enumerate(self.table["offence"].unique())}

    @cached_property
    def _cube(self) -> tuple[pd.DatetimeIndex, pd.Index, np.ndarray, np.ndarray]:
        """Months, areas, counts by offence, month and area, and the months that list an offence."""
        offence = pd.factorize(self.table["offence"])[0]
        month, months = pd.factorize(self.table["month"], sort=True)
        area, areas = pd.factorize(self.table["area_code"], sort=True)
        counts = np.zeros((len(self._places), len(months), len(areas)), dtype=int)
        np.add.at(counts, (offence, month, area), self.table["count"].fillna(0).astype(int))
        listed = np.zeros(counts.shape[:2], dtype=bool)
        listed[offence, month] = True
        names = pd.DatetimeIndex(months, name="month"), pd.Index(areas, name="area_code")
        return *names, counts, listed


@shared
def counts_of(releases: tuple[str, ...]) -> MonthlyCounts:
    """Recorded offences by borough of these releases, preferred first: one series."""
    read = MonthlyCounts(_rows_of(releases))
    # The rows are many, and hardly anybody asks for them: they are read again.
    counts = MonthlyCounts(partial(_rows_of, releases))
    for known in ("release_of_month", "_places", "_cube"):
        vars(counts)[known] = getattr(read, known)
    return counts


def _rows_of(releases: tuple[str, ...]) -> pd.DataFrame:
    tables = [load.recorded_crime(name) for name in releases]
    return MonthlyCounts.of_releases(tables, load.table("areas_apart")).table
