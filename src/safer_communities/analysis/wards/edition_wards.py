"""The wards of a borough in one edition, read from the tables."""

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from safer_communities.analysis.editions import Edition, edition_of
from safer_communities.analysis.once import once
from safer_communities.analysis.recorded_crime import TOTAL, RecordedCrime
from safer_communities.analysis.wards.ward import Ward, years_of_wards
from safer_communities.analysis.wards.ward_rates import WardRates
from safer_communities.analysis.wards.wards import Wards
from safer_communities.analysis.wards.year_before import WardMoves, ward_moves
from safer_communities.datasets import load
from safer_communities.errors import did_you_mean
from safer_communities.facts import wording


@dataclass(frozen=True)
class EditionWards(Wards):
    """The wards of an edition, and each of them with its years."""

    edition: Edition

    @once
    def rates(self, measure: str = TOTAL) -> WardRates:
        """As in `Wards`, with a note of the residents, and both releases where they are two."""
        found = super().rates(measure)
        both = self.edition.ward_crime_release, self.edition.borough_crime_releases[0]
        note = " ".join(filter(None, (found.note, self.residents_note, self.apart_note)))
        return replace(found, note=note, releases=both if both[0] != both[1] else ())

    @property
    def residents_note(self) -> str:
        """That rates by ward and of the borough take two counts of residents; empty where one."""
        of_borough = f"mid-{self.edition.population_year}"
        if self.counted_on == of_borough:
            return ""
        return (
            f"Rates by ward take the residents of {self.counted_on}, and the borough's rate those "
            f"of {of_borough}. So all wards together do not have quite the "
            "borough's rate."
        )

    @property
    def apart_note(self) -> str:
        """That the borough's count has no offences of an area listed apart; empty where it has."""
        rows = load.table("areas_apart").query("counted_in == area_code")
        rows = rows[rows["classification"] == self.edition.classification]
        own = rows.loc[rows["partly_in"].str.split().map(lambda c: self.area_code in c), "called"]
        if own.empty:
            return ""
        return (
            f"The borough's count leaves out offences {wording.listed([*own])}; the wards have "
            "those that lie in them."
        )

    @classmethod
    def of(cls, edition: Edition, crime: RecordedCrime) -> "EditionWards":
        """From the edition's release by ward.

        Residents are of the edition's own mid-year where wards were estimated, else of the Census.
        """
        estimates = load.table("ward_mid_year_population")
        own = estimates[estimates["release"] == edition.population_release]
        return cls(
            load.ward_crime(edition.ward_crime_release),
            load.table("sensitive_ward_crime"),
            load.table("ward_population") if own.empty else own,
            load.table("ward_shapes"),
            crime,
            edition,
        )

    def ward(self, key: str) -> Ward:
        """One ward of the borough, by the end of the address of its page: "mill_hill".

        Raises ValueError where the borough has no such ward.
        """
        if key not in self.keys:
            raise ValueError(f"key: no ward {key!r}; {did_you_mean(key, self.keys)}")
        return Ward(self, self.keys[key], self._years, self._moves)

    @cached_property
    def _moves(self) -> WardMoves:
        return ward_moves(self)

    @cached_property
    def _years(self) -> pd.DataFrame:
        table = load.table("editions")
        years = table.loc[table["edition"] <= self.edition.year, "edition"].sort_values()
        editions = [edition_of(int(year), table) for year in years]
        return years_of_wards(editions, load.ward_crime, self.sensitive, self.area_code)
