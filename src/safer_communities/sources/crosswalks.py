"""Publishers' names mapped to the project's, by the tables in `data/reference/`.

A name that a table does not have is an error that says so: nothing is dropped or guessed.
"""

from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd

from safer_communities.datasets import load
from safer_communities.errors import ErrorCollector, InputError

NEW = "find out what it counts and add it to data/reference/offences.csv"


@dataclass(frozen=True)
class Release:
    """A row of `data/reference/releases.csv`."""

    publication: str
    release: str
    classification: str
    first_month: str
    last_month: str
    note: str = ""

    @classmethod
    def of_months(
        cls, publication: str, months: pd.Series, file: str, classification: str = ""
    ) -> "Release":
        """The release of the month after the last of `months`, the dates in a file.

        Raises InputError, with the name of the `file`, where there is none.
        """
        if months.empty:
            raise InputError(file, "no row has a month", "fetch the file from the publisher again")
        first, last = months.min().to_period("M"), months.max().to_period("M")
        return cls(publication, str(last + 1), classification, str(first), str(last))


@dataclass(frozen=True)
class Crosswalks:
    """The reference tables that the import needs."""

    boroughs: pd.DataFrame
    area_names: pd.DataFrame
    areas_apart: pd.DataFrame
    offences: pd.DataFrame
    flagged_measures: pd.DataFrame
    releases: pd.DataFrame
    confirmed_changes: pd.DataFrame

    @classmethod
    def of(cls, data_folder: Path) -> "Crosswalks":
        """The crosswalks of a data folder. Raises InputError where a table breaks its schema."""
        return cls(**{each.name: load.read_anew(each.name, data_folder) for each in fields(cls)})

    def area_codes(self, names: pd.Series, publication: str, problems: ErrorCollector) -> pd.Series:
        """The area code of each published name; notes every name not in the crosswalk."""
        known = self.area_names[self.area_names["publication"] == publication]
        codes = dict(zip(known["published_name"], known["area_code"], strict=True))
        remedy = f"add it to data/reference/area_names.csv for {publication}, or correct the name"
        return _mapped(names, codes, "an area in the crosswalk", remedy, problems)

    def published_areas(self, publication: str) -> dict[str, str]:
        """The name that a publication gives each area, by area code, in order of code."""
        known = self.area_names[self.area_names["publication"] == publication]
        return dict(sorted(zip(known["area_code"], known["published_name"], strict=True)))

    def offence_names(
        self, table: pd.DataFrame, classification: str, problems: ErrorCollector
    ) -> pd.Series:
        """The offence that each row counts, from its published_group and published_offence."""
        known = self.offences[self.offences["classification"] == classification]
        names = dict(zip(_pairs(known), known["offence"], strict=True))
        expected = f"an offence of the {classification} classification"
        return _mapped(_pairs(table), names, expected, NEW, problems)

    def offence_groups(
        self, groups: pd.Series, classification: str, problems: ErrorCollector
    ) -> pd.Series:
        """The project's name of each published group of offences."""
        known = self.offences[self.offences["classification"] == classification]
        names = dict(zip(known["published_group"], known["offence_group"], strict=True))
        expected = f"a group of the {classification} classification"
        return _mapped(groups, names, expected, NEW, problems)

    def flagged(self, table: pd.DataFrame, publication: str, problems: ErrorCollector) -> pd.Series:
        """The measure that each row counts, from its crime_type and crime_subtype."""
        known = self.flagged_measures[self.flagged_measures["publication"] == publication]
        names = dict(
            zip(
                known["published_type"] + " / " + known["published_name"],
                known["measure"],
                strict=True,
            )
        )
        published = table["crime_type"] + " / " + table["crime_subtype"]
        remedy = "find out what it counts and add it to data/reference/flagged_measures.csv"
        published = published.rename("crime_type and crime_subtype")
        return _mapped(published, names, f"a measure of {publication}", remedy, problems)

    def release(self, publication: str, release: str, problems: ErrorCollector) -> pd.Series:
        """The row of a release in the table of releases; raises where there is none."""
        rows = self.releases[
            (self.releases["publication"] == publication) & (self.releases["release"] == release)
        ]
        if rows.empty:
            problems.stop(
                f"release {release} of {publication} is not known",
                "add a row for it, with its classification and months, to "
                "data/reference/releases.csv",
            )
        return rows.iloc[0]

    def covered(self, found: Release, problems: ErrorCollector) -> pd.Series:
        """The row of a release; raises where its files cover other months than stand there.

        Rows lost at the start or the end of a file leave no gap: this finds them.
        """
        known = self.release(found.publication, found.release, problems)
        first, last = known["first_month"], known["last_month"]
        if (found.first_month, found.last_month) != (first, last):
            problems.stop(
                f"covers {found.first_month} to {found.last_month}, where release {found.release} "
                f"has {first} to {last}",
                "correct the row in data/reference/releases.csv, or fetch every file of it again",
            )
        return known

    def release_of(
        self, publication: str, months: pd.Series, file: str, classification: str = ""
    ) -> str:
        """The name of the release that a file's months are of; raises where it has others."""
        found = Release.of_months(publication, months, file, classification)
        self.covered(found, ErrorCollector(file))
        return found.release


def _pairs(table: pd.DataFrame) -> pd.Series:
    pairs = table["published_group"] + " / " + table["published_offence"]
    return pairs.rename("group and offence")


def _mapped(
    published: pd.Series,
    names: dict[str, str],
    expected: str,
    remedy: str,
    problems: ErrorCollector,
) -> pd.Series:
    """The project's name for each published one; notes each that has none, once.

    Capitals, "&" for "and" and spaces make no other name.
    """
    plainly = {_plainly(name): own for name, own in names.items()}
    said = pd.Series({name: plainly.get(_plainly(name)) for name in published.unique()}, dtype=str)
    found = published.map(said)
    unknown = published[found.isna()]
    for name, same in unknown.groupby(unknown, sort=False):
        more = f" (nor in {len(same) - 1:,} more rows)" if len(same) > 1 else ""
        problems.add_cell(same.index[0], str(published.name), str(name), expected + more, remedy)
    return found


def _plainly(name: str) -> str:
    return "".join(name.replace("&", "and").casefold().split())
