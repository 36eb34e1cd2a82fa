"""Incidents of anti-social behaviour: whole months alone are compared, and holes are told."""

from dataclasses import replace

import pandas as pd
import pytest

from safer_communities.analysis.asb import AsbIncidents
from safer_communities.analysis.people import Denominator
from safer_communities.analysis.recorded_crime import LONDON
from safer_communities.chapter.book import Book
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period
from safer_communities.settings import Settings
from safer_communities.sources.police_uk.asb_incidents import whole_with_wards

YEAR = Period.year_to("2026-03")
# Made for these tests: three boroughs, of which A and B lack two months each, not the same.
BOROUGHS = pd.DataFrame({"area_code": ["A", "B", "C"], "borough": ["Ayton", "Beeton", "Seaton"]})
HOLES = {"A": (0, 1), "B": (1, 2), "C": ()}
RESIDENTS = Denominator(
    pd.Series({"A": 10_000, "B": 10_000, "C": 20_000, LONDON: 40_000}), "residents", "made", "made"
)
WARD_RESIDENTS = pd.DataFrame(
    {
        "ward_code": ["W"],
        "ward_name": ["Elm (Ayton)"],
        "residents": [5_000],
        "release": ["mid-2024"],
    }
)


def incidents(holes: dict = HOLES, period: Period = YEAR) -> AsbIncidents:
    counts = pd.DataFrame(
        [
            {"month": month, "area_code": area, "incidents": 40 if number in gaps else 100}
            | {"complete": number not in gaps, "release": "2026-04"}
            for area, gaps in holes.items()
            for number, month in enumerate(YEAR.months())
        ]
    )
    wards = counts[counts["area_code"] == "A"].assign(ward_code="W")
    return AsbIncidents(counts, wards, WARD_RESIDENTS, BOROUGHS, RESIDENTS, "A", period)


def test_rates_are_of_whole_months_and_of_boroughs_whole_in_the_same():
    found = incidents()
    assert len(found.whole_months) == 10
    assert found.months_in_words == "ten of the 12 months to March 2026"
    table = found.rates().table.set_index("area")
    # B lacks the third month, which A has.
    assert list(table.index) == ["Seaton", "Ayton"]
    assert table.loc["Ayton", "count"] == 1_000
    assert table.loc["Ayton", "rate"] == pytest.approx(100)
    assert table.loc["Seaton", "rate"] == pytest.approx(50)
    assert found.rates().together == pytest.approx(1000 * 2_000 / 30_000)


def test_a_month_is_not_whole_where_one_ward_lacks_much_of_its_borough():
    months = pd.date_range("2025-01", periods=3, freq="MS")
    made = {"month": months, "area_code": "A", "complete": True}
    boroughs = pd.DataFrame(made | {"incidents": [1000, 1000, 800]})
    wards = pd.DataFrame(made | {"ward_code": "W", "incidents": [200, 200, 20]})
    assert whole_with_wards(boroughs, wards)["complete"].all()
    wards["complete"] = [True, True, False]
    assert whole_with_wards(boroughs, wards)["complete"].tolist() == [True, True, False]
    # A quiet ward lacks little of it: 39 of 800 are less than a twentieth.
    wards["incidents"] = [200, 200, 161]
    assert whole_with_wards(boroughs, wards)["complete"].all()


def test_months_without_heathrow_are_not_whole_months_of_hillingdon():
    """In 12 of 30 months the ward of the airport has 7 to 27 incidents, else about 148."""
    table = load.table("asb_incidents").query("area_code == 'E09000017' and month >= '2023-10'")
    gaps = table.loc[~table["complete"], "month"]
    assert len(table) == 30
    assert [f"{month:%Y-%m}" for month in gaps] == [
        *("2023-10", "2023-11", "2024-02", "2024-03", "2024-04", "2024-09"),
        *("2024-10", "2024-12", "2025-01", "2025-03", "2025-11", "2026-03"),
    ]


def test_a_ward_is_told_of_beside_all_wards_and_not_where_it_is_not_whole():
    told = incidents().told_of_ward("Elm")
    assert told.startswith("1,000 incidents of anti-social behaviour were logged here in ten of ")
    assert ": 200.0 for every 1,000 people (95% interval " in told
    assert told.endswith("All wards together had 200.0.")
    assert incidents().told_of_ward("Oak").endswith("are not known in whole.")


def test_what_is_held_is_told_with_its_hole():
    facts = incidents().facts()
    assert facts["held"].value == 1_080
    assert facts["gap"].startswith("In two months of these, part of the borough is missing")
    whole = incidents(dict.fromkeys("ABC", ())).facts()
    assert whole["gap"] == "Every one of these months is complete."
    assert whole["months"] == "the 12 months to March 2026"


def test_a_month_that_is_not_whole_is_a_gap_in_the_line():
    monthly = incidents().by_month()
    assert monthly["incidents"].isna().tolist() == [True] * 2 + [False] * 10


def test_months_without_figures_are_told():
    found = incidents()
    before = "The figures begin with April 2025: none from earlier"
    assert found.facts()["before"].startswith(before)
    lost = found.counts["month"].isin(YEAR.months()[4:6])
    told = replace(found, counts=found.counts[~lost]).facts()["before"]
    assert told.startswith("No figures were found from August 2025 to September 2025,")


def test_wards_are_counted_in_the_months_of_their_borough():
    table = incidents().ward_rates().table
    assert table[["area", "count", "residents"]].to_numpy().tolist() == [["Elm", 1_000, 5_000]]


def test_an_edition_before_the_figures_says_so_and_one_after_too():
    early = incidents(period=Period.year_to("2022-03"))
    assert early.year == YEAR
    assert "begin with April 2025" in early.facts()["notice"]
    late = incidents(period=Period.year_to("2027-03"))
    assert (
        late.facts()["notice"]
        == "The newest figures held are those of the 12 months to March 2026."
    )


def test_too_few_whole_months_are_refused():
    with pytest.raises(ValueError, match="only 5 of the year are whole"):
        incidents({**HOLES, "A": range(7)}).rates()


def test_shares_of_burglaries_are_those_of_the_catalogue():
    """Barnet, as known in 2025: 3.4% of FY2020/21, 4.9% of FY2021/22."""
    facts = Book(Settings("Barnet", 2022)).outcomes.burglary().facts()
    assert round(facts[""].value, 1) == 4.9
    assert round(facts["before"].value, 1) == 3.4
    assert facts[""].low < facts[""].value < facts[""].high
    assert facts["notice"] == ""
    later = Book(Settings("Barnet", 2026)).outcomes.burglary().facts()
    assert later["year"] == "12 months to March 2024"
    assert later["notice"] != ""


def test_the_households_of_each_year_are_what_burglaries_stand_against():
    table = Book(Settings("Barnet", 2022)).crime.per_household("Residential burglary").table
    own = table[table["series"] == "Barnet"].set_index("label")
    # ONS, 2018-based: Barnet had 151,940 households in the middle of 2021.
    assert own.loc["2021/22", "households"] == 151_940
    value = 1000 * own.loc["2021/22", "count"] / 151_940
    assert own.loc["2021/22", "value"] == pytest.approx(value)
