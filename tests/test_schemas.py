import pandas as pd
import pytest

from safer_communities.datasets import load
from safer_communities.datasets.schemas import TABLES
from safer_communities.datasets.schemas.columns import BOROUGHS, CLASSIFICATIONS
from safer_communities.datasets.schemas.gaps import area_gaps, month_gaps


def test_paths_and_tables_find_each_other():
    borough = TABLES["recorded_crime_borough"]
    assert borough.holds("recorded_crime_borough/2024-02.parquet")
    assert borough.release_of("recorded_crime_borough/2024-02.parquet") == "2024-02"
    assert not borough.holds("recorded_crime_borough/latest.parquet")
    assert TABLES["households"].release_of("population/households.csv") == ""


def test_every_table_has_a_key_of_its_columns():
    for name, table in TABLES.items():
        assert table.key, name
        assert set(table.key) <= set(table.schema.columns), name


def test_boroughs_are_the_32_of_the_reference_table():
    boroughs = load.table("boroughs")
    assert boroughs["area_code"].tolist() == BOROUGHS
    assert (boroughs["inner_outer"] == "Inner London").sum() == 13
    assert not boroughs.duplicated(["tile_column", "tile_row"]).any()


@pytest.mark.parametrize("classification", CLASSIFICATIONS)
def test_an_offence_is_in_one_group_and_a_group_is_no_part_of_itself(classification):
    offences = load.table("offences")
    rows = offences[offences["classification"] == classification]
    assert rows.groupby("offence")["offence_group"].nunique().max() == 1
    for group, members in rows.groupby("offence_group"):
        assert group not in set(members["offence"]) or members["offence"].nunique() == 1


def test_the_classifications_have_the_same_groups():
    groups = load.table("offences").groupby("classification")["offence_group"].unique()
    assert set(groups["2019"]) == set(groups["2024"])


def test_every_row_of_the_crime_tables_is_in_the_crosswalk():
    offences = load.table("offences")
    for release in ("2024-02", "2026-07"):
        frame = load.recorded_crime(release)
        known = offences[offences["classification"] == frame["classification"].iloc[0]]
        assert set(frame["offence"]) <= set(known["offence"])


def test_rows_whose_meaning_is_not_plain_have_their_reason():
    notes = load.table("offences").set_index("published_offence")["note"]
    for name in ("BURGLARY NON-DWELLING", "NFIB", "STALKING AND HARASSMENT"):
        assert notes[name]


def test_month_gaps():
    months = pd.to_datetime(["2022-01-01", "2022-02-01", "2022-04-01"])
    assert month_gaps(pd.DataFrame({"month": months})) == ["no rows for March 2022"]


def test_area_gaps_name_the_offence_and_month():
    frame = pd.DataFrame(
        [
            {"offence": offence, "area_code": area, "month": pd.Timestamp("2022-01-01")}
            for offence in ("Arson", "Rape")
            for area in BOROUGHS
        ]
    )
    assert area_gaps(frame) == []
    assert area_gaps(frame.iloc[1:]) == ["'Arson' lacks boroughs from January 2022"]
