"""Publishers' names mapped to the project's, by the tables in `data/reference/`.

A name that a table does not have is an error that says so: nothing is dropped or guessed.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from safer_communities.datasets import load
from safer_communities.errors import ErrorCollector


@dataclass(frozen=True)
class Crosswalks:
    """The reference tables that the import needs."""

    boroughs: pd.DataFrame
    area_names: pd.DataFrame
    offences: pd.DataFrame
    releases: pd.DataFrame

    @classmethod
    def of(cls, data_folder: Path) -> "Crosswalks":
        """The crosswalks of a data folder. Raises InputError where a table breaks its schema."""
        names = ("boroughs", "area_names", "offences", "releases")
        return cls(**{name: load.read_anew(name, data_folder) for name in names})

    def area_codes(self, names: pd.Series, publication: str, problems: ErrorCollector) -> pd.Series:
        """The area code of each published name; notes every name not in the crosswalk."""
        known = self.area_names[self.area_names["publication"] == publication]
        codes = names.map(known.set_index("published_name")["area_code"])
        for row, name in _first_of_each(names[codes.isna()]):
            problems.add_cell(
                row,
                str(names.name),
                name,
                "an area in the crosswalk",
                f"add it to data/reference/area_names.csv for {publication}, or correct the name",
            )
        return codes

    def published_areas(self, publication: str) -> dict[str, str]:
        """The name that a publication gives each area, by area code, in order of code."""
        known = self.area_names[self.area_names["publication"] == publication]
        return dict(sorted(zip(known["area_code"], known["published_name"], strict=True)))

    def offence_names(
        self, table: pd.DataFrame, classification: str, problems: ErrorCollector
    ) -> pd.Series:
        """The offence that each row counts, from its published_group and published_offence."""
        known = self.offences[self.offences["classification"] == classification]
        names = dict(
            zip(
                known["published_group"] + " / " + known["published_offence"],
                known["offence"],
                strict=True,
            )
        )
        published = table["published_group"] + " / " + table["published_offence"]
        offences = published.map(names)
        for row, name in _first_of_each(published[offences.isna()]):
            problems.add_cell(
                row,
                "offence",
                name,
                f"an offence of the {classification} classification",
                "find out what it counts and add it to data/reference/offences.csv",
            )
        return offences

    def offence_groups(
        self, groups: pd.Series, classification: str, problems: ErrorCollector
    ) -> pd.Series:
        """The project's name of each published group of offences."""
        known = self.offences[self.offences["classification"] == classification]
        names = known.drop_duplicates("published_group").set_index("published_group")
        found = groups.map(names["offence_group"])
        for row, name in _first_of_each(groups[found.isna()]):
            problems.add_cell(
                row,
                str(groups.name),
                name,
                f"a group of the {classification} classification",
                "find out what it counts and add it to data/reference/offences.csv",
            )
        return found

    def release(self, publication: str, release: str, problems: ErrorCollector) -> pd.Series:
        """The row of a release in the table of releases; raises where there is none."""
        rows = self.releases[
            (self.releases["publication"] == publication) & (self.releases["release"] == release)
        ]
        if rows.empty:
            problems.add(
                f"release {release} of {publication} is not known",
                "add a row for it, with its classification and months, to "
                "data/reference/releases.csv",
            )
            problems.raise_any()
        return rows.iloc[0]

    def covered(
        self, publication: str, release: str, first: str, last: str, problems: ErrorCollector
    ) -> pd.Series:
        """The row of a release whose file covers `first` to `last`; raises where others are known.

        Rows lost at the start or the end of a file leave no gap: this finds them.
        """
        known = self.release(publication, release, problems)
        if (first, last) != (known["first_month"], known["last_month"]):
            problems.add(
                f"covers {first} to {last}, where release {release} has "
                f"{known['first_month']} to {known['last_month']}",
                "correct the row in data/reference/releases.csv, or fetch the file again",
            )
            problems.raise_any()
        return known


def _first_of_each(names: pd.Series) -> list[tuple[object, str]]:
    return list(names.drop_duplicates().items())
