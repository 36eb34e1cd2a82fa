"""The data as they were before the edition of 2026 was added, and the releases that added it.

What came out later is left out, so that this stays the same whatever is added to `data/`.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from safer_communities.datasets import description
from safer_communities.project import DATA
from source_releases import source_folder

YEAR = 2026
OUTCOMES = "mps_outcomes/mps_borough_offences_and_positive_outcomes_202201-202512.xlsx"
NEW_FILES = [
    "mps_recorded_crime_borough/mps_borough_hist_201004-202311_newcats.csv",
    "mps_recorded_crime_borough/mps_borough_24m_202401-202512.csv",
    "mps_recorded_crime_borough/mps_borough_24m_202407-202606.csv",
    "mps_recorded_crime_borough_added/mps_borough_hist_201004-202403_newcats.csv",
    "mps_recorded_crime_borough_added/mps_borough_24m_202404-202603.csv",
    "mps_recorded_crime_ward/mps_ward_24m_202403-202603.csv",
    "population/ons_mye_mid2024_persons_by_age.csv",
    "population/extract_ons_ward_mid2024_london.csv",
    OUTCOMES,
]
NEW_RELEASES = {
    ("mps_borough_crime", "2025-12"),
    ("mps_borough_crime", "2026-01"),
    ("mps_borough_crime", "2026-04"),
    ("mps_borough_crime", "2026-07"),
    ("mps_ward_crime", "2026-04"),
    ("mps_positive_outcomes", "2026-01"),
    ("ons_mid_year_population", "mid-2024"),
    ("ons_ward_mid_year_population", "mid-2024"),
}
# Of each publication, the newest release that the year before had.
OLD_RELEASES = {
    "mps_borough_crime": "2025-04",
    "mps_ward_crime": "2025-04",
    "mps_positive_outcomes": "2025-04",
    "ons_mid_year_population": "mid-2023",
    "ons_ward_mid_year_population": "mid-2023",
}
# What the editions before were made from, until newer releases came.
OLD_EDITION = {
    "borough_crime_releases": "2025-04",
    "population_release": "mid-2023",
    "population_year": "2023",
}
# Each table of population with its publication.
POPULATION = {
    "population/mid_year_population.csv": "ons_mid_year_population",
    "population/population_by_age.csv": "ons_mid_year_population",
    "population/ward_mid_year_population.csv": "ons_ward_mid_year_population",
}
PUBLICATIONS = {
    "recorded_crime_borough": "mps_borough_crime",
    "recorded_crime_ward": "mps_ward_crime",
}


def edit(path: Path, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Changes a table of text in place."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    change(table).to_csv(path, index=False, lineterminator="\n")


def data_before(data: Path) -> Path:
    """The folder `data`, made as it was when the edition of the year before was the newest."""
    _without_later(data, YEAR - 1, set())
    edit(
        data / "editions.csv",
        lambda rows: rows.assign(
            **{
                column: rows[column].where(rows["classification"] == "2019", old)
                for column, old in OLD_EDITION.items()
            }
        ),
    )

    def with_old_outcomes(rows: pd.DataFrame) -> pd.DataFrame:
        old = ["mps_positive_outcomes", "2025-04", "2024", "2022-01", "2025-03", ""]
        rows = pd.concat([rows, pd.DataFrame([old], columns=rows.columns)])
        return rows.sort_values(["publication", "release"])

    edit(data / "reference/releases.csv", with_old_outcomes)
    edit(
        data / "positive_outcomes.csv",
        lambda rows: rows[rows["month"] < "2025-04"].assign(release="2025-04"),
    )
    description.write(data)
    return data


def data_after(data: Path) -> Path:
    """The folder `data`, made as it was committed with the edition, its description apart."""
    _without_later(data, YEAR, NEW_RELEASES)
    return data


def new_releases(folder: Path) -> Path:
    """The folder, made with the releases of the new year alone.

    The police replace the workbook of outcomes, which has every month, by the next.
    """
    sources = source_folder()
    for name in NEW_FILES:
        if name != OUTCOMES or (sources / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(sources / name, folder / name)
    return folder


def _without_later(data: Path, year: int, new: set[tuple[str, str]]) -> None:
    """A copy of `data/` without editions after `year`, and with no releases but old and `new`."""
    shutil.copytree(DATA, data)
    edit(data / "editions.csv", lambda rows: rows[rows["edition"].astype(int) <= year])

    def is_later(publication: str, release: str) -> bool:
        newest = OLD_RELEASES.get(publication, release)
        return release > newest and (publication, release) not in new

    def known(rows: pd.DataFrame) -> pd.DataFrame:
        pairs = zip(rows["publication"], rows["release"], strict=True)
        return rows[[not is_later(*pair) for pair in pairs]]

    edit(data / "reference/releases.csv", known)
    for path in data.glob("recorded_crime_*/*.parquet"):
        if is_later(PUBLICATIONS[path.parent.name], path.stem):
            path.unlink()
    for name, publication in POPULATION.items():
        edit(
            data / name,
            lambda rows, publication=publication: rows[
                [not is_later(publication, release) for release in rows["release"]]
            ],
        )
