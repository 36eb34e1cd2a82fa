"""Counts of offences by month and area, and their sums, each worked out once."""

import numpy as np
import pandas as pd

from safer_communities.analysis.editions import combine_releases, with_areas_joined
from safer_communities.datasets import load
from safer_communities.datasets.kept import shared


class MonthlyCounts:
    """The counts of one classification, by offence, month and area.

    `months` and `areas` are all of them, in order; `release_of_month` is the release that each
    month comes from, by month. The rows that they are made from are not kept: they take ten times
    as much memory, and a chapter uses several releases.
    """

    def __init__(self, rows: pd.DataFrame) -> None:
        """`rows` has the columns month, area_code, offence, count and release."""
        offence, self._offences = pd.factorize(rows["offence"])
        month, months = pd.factorize(rows["month"], sort=True)
        area, areas = pd.factorize(rows["area_code"], sort=True)
        self.months = pd.DatetimeIndex(months, name="month")
        self.areas = pd.Index(areas, name="area_code")
        self._counts = np.zeros((len(self._offences), len(months), len(areas)), dtype=int)
        np.add.at(self._counts, (offence, month, area), rows["count"].fillna(0).astype(int))
        # Which months list an offence.
        self._listed = np.zeros(self._counts.shape[:2], dtype=bool)
        self._listed[offence, month] = True
        self._sums: dict[tuple[str, ...], pd.DataFrame] = {}
        self.release_of_month = rows.drop_duplicates("month").set_index("month")["release"]

    @classmethod
    def of_releases(cls, releases: list[pd.DataFrame], apart: pd.DataFrame) -> "MonthlyCounts":
        """Those of several releases, preferred first; `apart` lists areas to count in a borough."""
        return cls(with_areas_joined(combine_releases(releases), apart))

    def sums(self, offences: tuple[str, ...]) -> pd.DataFrame:
        """The offences together: a row for each month that lists one of them, a column an area."""
        if offences not in self._sums:
            of = np.flatnonzero(self._offences.isin(offences))
            held = np.flatnonzero(self._listed[of].any(axis=0))
            self._sums[offences] = pd.DataFrame(
                self._counts[of].sum(axis=0)[held], index=self.months[held], columns=self.areas
            )
        return self._sums[offences]


@shared
def counts_of(releases: tuple[str, ...]) -> MonthlyCounts:
    """Recorded offences by borough of these releases, preferred first: one series."""
    tables = [load.recorded_crime(name) for name in releases]
    return MonthlyCounts.of_releases(tables, load.table("areas_apart"))
