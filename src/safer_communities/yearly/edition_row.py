"""The row of a new edition in the table of editions."""

from pathlib import Path

import pandas as pd

from safer_communities.analysis.editions import Edition, edition_of
from safer_communities.datasets import load
from safer_communities.errors import InputError
from safer_communities.sources.mps import borough_crime, ward_crime
from safer_communities.yearly.releases import crime_releases, ward_release


def last_edition(year: int, editions: pd.DataFrame) -> Edition:
    """The newest edition. Raises InputError where `year` is not the next after it."""
    newest = int(editions["edition"].max())
    if year != newest + 1:
        raise InputError(
            "new-edition",
            f"the newest edition is {newest}, and {year} is not the next",
            f"add {newest + 1}"
            if year > newest
            else "build an old edition with `make book EDITION=...`; it changes only with a row in "
            "data/reference/corrections.csv",
        )
    return edition_of(newest, editions)


def edition_row(year: int, last: Edition, data_folder: Path) -> dict:
    """The row of the edition of `year`, from the tables of a data folder.

    Raises InputError where no releases have every month that the edition needs.
    """
    period = last.period.shift_years(1)
    by_name = load.read_anew("releases", data_folder).groupby("publication")
    classification, chosen = crime_releases(by_name.get_group(borough_crime.NAME), period)
    people = load.read_anew("mid_year_population", data_folder)
    newest = people[people["release"] == people["release"].max()]
    note = (
        "Months that the newest release no longer holds come from the releases before it, all of "
        f"the {classification} classification."
        if len(chosen) > 1
        else "Both years compared come from one release."
    )
    return {
        "edition": year,
        "label": str(year),
        "period_end": period.end,
        "classification": classification,
        "borough_crime_releases": " ".join(chosen),
        "ward_crime_release": ward_release(
            by_name.get_group(ward_crime.NAME), classification, period
        ),
        "population_release": newest["release"].iloc[0],
        # The middle of the twelve months, or the latest before it.
        "population_year": min(int(newest["mid_year"].max()), period.start.year),
        "household_release": load.read_anew("households", data_folder)["release"].max(),
        "survey_waves": "",
        "strategy_borough": "",
        "stands_for": last.stands_for + pd.DateOffset(years=1),
        "note": note,
    }
