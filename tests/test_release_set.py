"""Every importer on a made release of its publication: the tables are those that were committed.

The publishers' own files are not everywhere, and not where the book is published. The made ones
hold the same counts in the same layouts, so that no importer goes untested there.
"""

import pytest

import made_dashboards
import made_profile
import made_releases as made
from safer_communities.datasets import load
from safer_communities.datasets.schemas import TABLES
from safer_communities.project import DATA
from safer_communities.sources import import_publications
from safer_communities.sources.publications import PUBLICATIONS

pytestmark = pytest.mark.slow

# The tables that the set holds whole, and those of which it holds one release.
WHOLE = (
    "attainment_8",
    "borough_areas",
    "household_projections",
    "households",
    "partnership_crime",
    "partnerships",
    "positive_outcomes",
    "public_attitudes",
    "ward_mid_year_population",
    "ward_population",
    "ward_shapes",
    "youth_justice",
    "local_statistics",
    "earnings",
    "prices_and_pay",
    "prices_paid",
    "life_expectancy",
    "life_expectancy_london",
    "subnational_indicators",
    "ethnic_groups",
    "borough_profiles",
    "libraries",
    "fly_tipping_actions",
    "projected_residents",
)
RELEASES = {
    "london_asb_calls": made.ASB_RELEASE,
    "mid_year_population": "mid-2023",
    "population_by_age": "mid-2023",
    "business_counts": "2021",
    "employment_survey": "2023-01",
    "house_price_index": "2023-08",
}
FILES = ("recorded_crime_borough/2026-07.parquet", "recorded_crime_ward/2026-04.parquet")
# What is withheld of wards is made up, and so are incidents: these tables are others.
MADE_UP = (
    "asb/asb_incidents.csv",
    "asb/asb_incidents_wards.parquet",
    "burglary_outcomes.csv",
    "sensitive_ward_crime.csv",
    # A few of their months and measures.
    "mps_dashboard/flagged_offences.parquet",
    "mps_women_and_girls/boroughs.csv",
    "mps_women_and_girls/london_kinds.csv",
)


def test_every_publication_becomes_the_tables_that_were_committed(tmp_path) -> None:
    paths = [TABLES[name].path for name in (*WHOLE, *RELEASES)]
    data = made.data_copy(tmp_path)
    for path in (*paths, *FILES, *MADE_UP):
        (data / path).unlink(missing_ok=True)
    with (data / TABLES["releases"].path).open("a", encoding="utf-8") as file:
        file.writelines(f"{row}\n" for row in made_dashboards.RELEASE_ROWS)
    files = made_profile.files() | made_dashboards.files()
    releases = made.release_set(tmp_path / "releases", files)
    said: list[str] = []
    changed = import_publications(releases, data, report=said.append)
    imported = {line.partition(":")[0] for line in said}
    assert PUBLICATIONS.keys() <= imported
    assert set(changed) == {*paths, *FILES, *MADE_UP, "datapackage.yaml"}
    for path in [*(TABLES[name].path for name in WHOLE), *FILES]:
        assert (data / path).read_bytes() == (DATA / path).read_bytes(), path
    for name, release in RELEASES.items():
        committed = made.asb_calls() if name == "london_asb_calls" else load.table(name)
        committed = committed[committed["release"] == release].reset_index(drop=True)
        assert len(committed) > 0
        assert load.read_anew(name, data).equals(committed), name
