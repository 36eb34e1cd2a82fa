"""Wards: what is refused, the share that has a ward, and the real wards of a borough."""

import pandas as pd
import pytest

from safer_communities.analysis.wards import WardRates, Wards
from safer_communities.chapter.book import Book
from safer_communities.datasets.periods import Period
from safer_communities.settings import Settings

YEAR = Period.year_to("2022-03")
# Made for these tests: three wards of borough A, one of B, ten or more offences a month.
WARDS = {"W1": ("A", 10), "W2": ("A", 30), "W3": ("A", 10), "X1": ("B", 500)}
POPULATION = pd.DataFrame(
    {
        "ward_code": list(WARDS),
        "ward_name": ["High Oak (Ayton)", "Low Elm (Ayton)", "Ash", "Other"],
        "residents": [1_000, 2_000, 500, 9_000],
        "release": "mid-2024",
    }
)


def made_counts(months: pd.DatetimeIndex) -> pd.DataFrame:
    rows = [
        {"month": month, "ward_code": ward, "area_code": area, "count": count}
        for month in months
        for ward, (area, count) in WARDS.items()
    ]
    return pd.DataFrame(rows)


SENSITIVE = pd.DataFrame(
    {"month": YEAR.end, "ward_code": ["W1"], "area_code": ["A"], "count": [0.0]}
)


def wards_of(counts: pd.DataFrame, sensitive: pd.DataFrame = SENSITIVE) -> Wards:
    return Wards(counts, sensitive, POPULATION, "A", YEAR, borough_count=750)


def ward_rates(counts: pd.DataFrame, residents: pd.DataFrame = POPULATION) -> WardRates:
    return Wards(counts, SENSITIVE, residents, "A", YEAR, borough_count=750).rates()


COUNTS = made_counts(pd.date_range("2021-02-01", "2022-05-01", freq="MS"))


def test_only_the_boroughs_wards_and_the_twelve_months_count() -> None:
    table = ward_rates(COUNTS).table
    assert list(table["ward_code"]) == ["W1", "W2", "W3"]
    assert list(table["count"]) == [120, 360, 120]
    assert list(table["rate"]) == pytest.approx([120, 180, 240])
    assert list(table["rank"]) == [1, 2, 3]


def test_sensitive_offences_of_the_year_are_in_a_wards_total() -> None:
    months = [YEAR.end, YEAR.end, YEAR.end, YEAR.previous().end]
    codes, counts = ["W1", "W2", "X1", "W1"], [7, None, 9, 100]
    areas = ["A", "A", "B", "A"]
    sensitive = pd.DataFrame(
        {"month": months, "ward_code": codes, "area_code": areas, "count": counts}
    )
    found = wards_of(COUNTS, sensitive).rates()
    counted = dict(zip(found.table["ward_code"], found.table["count"], strict=True))
    assert counted == {"W1": 127, "W2": 360, "W3": 120}
    assert found.withheld == ("Low Elm",)
    assert "Low Elm" in found.facts()["withheld_note"]
    assert wards_of(COUNTS).rates().facts()["withheld_note"] == ""


def test_a_year_without_sensitive_offences_is_refused() -> None:
    with pytest.raises(ValueError, match="no counts of the 12 months to March 2022"):
        wards_of(COUNTS, SENSITIVE.iloc[:0]).rates()


def test_the_name_of_the_borough_is_cut_from_a_wards_name() -> None:
    table = ward_rates(COUNTS).table
    assert list(table["area"]) == ["High Oak", "Low Elm", "Ash"]


def test_what_the_wards_hold_together_and_what_they_miss() -> None:
    result = ward_rates(COUNTS)
    assert result.wards_rate == pytest.approx(1000 * 600 / 3_500)
    assert result.placed_percent == pytest.approx(80)


def test_chance_lets_close_wards_change_places_and_distant_ones_not() -> None:
    result = ward_rates(COUNTS)
    assert result.perhaps_lowest == ["High Oak"]
    close = POPULATION.assign(residents=[1_000, 2_000, 650, 9_000])
    result = ward_rates(COUNTS, close)
    assert result.perhaps_highest == ["Ash", "Low Elm"]
    assert result.perhaps_lowest == ["High Oak"]


@pytest.mark.parametrize(
    ("months", "missing"),
    [(pd.date_range("2021-05-01", "2022-03-01", freq="MS"), 1), (YEAR.previous().months(), 12)],
)
def test_a_missing_month_is_refused(months: pd.DatetimeIndex, missing: int) -> None:
    with pytest.raises(ValueError, match=f"{missing} months of the 12 months to March 2022"):
        ward_rates(made_counts(months))


def test_a_ward_whose_offences_stand_under_an_airport_is_left_out_and_not_0() -> None:
    moved = (COUNTS["ward_code"] == "W1") & (COUNTS["month"] == "2021-06-01")
    airport = COUNTS[moved].assign(area_code="MPS-AVIATION-SECURITY")
    counts = pd.concat([COUNTS.assign(count=COUNTS["count"].mask(moved, 0)), airport])
    table = ward_rates(counts).table
    assert list(table["ward_code"]) == ["W2", "W3"]
    # A month without an offence anywhere is a count, and so is one that is divided.
    none = COUNTS.assign(count=COUNTS["count"].mask(moved, 0))
    table = ward_rates(none).table
    assert dict(zip(table["ward_code"], table["count"], strict=True))["W1"] == 110
    table = ward_rates(pd.concat([COUNTS, airport])).table
    assert list(table["ward_code"]) == ["W1", "W2", "W3"]


def test_no_real_ward_of_an_airport_is_given_a_rate_of_nothing() -> None:
    """From May 2023 to March 2025 Heathrow's ward has no offence under its borough."""
    hillingdon = Book(Settings("Hillingdon", 2025)).wards.rates().table
    assert "Heathrow Villages" not in set(hillingdon["area"])
    assert hillingdon["count"].min() > 0


def test_a_ward_without_residents_is_refused_and_named() -> None:
    known = POPULATION[POPULATION["ward_code"] != "W2"]
    with pytest.raises(ValueError, match="residents: none for the wards W2"):
        ward_rates(COUNTS, known)


def test_the_real_wards_are_those_of_may_2022_and_hold_nearly_every_offence() -> None:
    data = Book(Settings())
    result = data.wards.rates()
    assert len(result.table) == 24
    assert not result.table["area"].str.contains(r"[()]").any()
    assert result.table["rate"].is_monotonic_increasing
    assert result.table["rate"].iloc[0] < result.wards_rate < result.table["rate"].iloc[-1]
    assert 95 < result.placed_percent <= 100.5


def test_the_wards_of_london_hold_those_of_the_borough_with_the_same_rates() -> None:
    wards = Book(Settings()).wards
    london = wards.in_london()
    own = wards.rates().table.set_index("ward_code")["rate"]
    assert london.own.set_index("ward_code")["rate"].to_dict() == own.to_dict()
    assert london.table["area_code"].nunique() == 32
    facts = london.facts()
    above = (london.table["rate"] > facts["median"].value).sum()
    assert above == facts["count"].value // 2
    assert facts["above"].value == (own > facts["median"].value).sum()


def test_the_headline_names_the_ends_that_are_sure_enough() -> None:
    assert ward_rates(COUNTS).facts()["headline"] == (
        "Of the 3 wards, Ash had the highest and High Oak had the lowest crime rate"
    )
    alike = POPULATION.assign(residents=[1_000, 3_000, 1_000, 9_000])
    assert ward_rates(COUNTS, alike).facts()["headline"] == (
        "The crime rates of the 3 wards were too close to be placed"
    )


class TestSmall:
    def test_rates_of_one_offence_are_drawn_together(self) -> None:
        counts = pd.concat(
            [
                COUNTS.assign(offence="Theft"),
                COUNTS[COUNTS["ward_code"] == "W1"].assign(offence="Robbery", count=1),
                COUNTS[COUNTS["ward_code"] == "W2"].assign(offence="Robbery", count=5),
            ]
        )
        small = wards_of(counts).small("Robbery")
        table = small.table.set_index("area")
        assert table["count"].to_dict() == {"Low Elm": 60, "High Oak": 12, "Ash": 0}
        assert table.loc["Ash", "rate"] == 0
        assert 0 < table.loc["Ash", "shrunken_rate"] < table.loc["High Oak", "shrunken_rate"]
        # Three wards: each is among the highest three.
        assert table["among_highest_percent"].to_numpy() == pytest.approx([100] * 3)
        assert (table["ci_low"] < table["shrunken_rate"]).all()
        assert (table["shrunken_rate"] < table["ci_high"]).all()

    def test_an_offence_that_no_ward_has_is_refused(self) -> None:
        with pytest.raises(ValueError, match="offence: no ward has 'Piracy' in the 12 months"):
            wards_of(COUNTS.assign(offence="Theft")).small("Piracy")

    def test_the_real_wards_of_barnet(self) -> None:
        # Robbery of personal property, 12 months to March 2026, ward release of April 2026.
        small = Book(Settings("Barnet", 2026)).wards.small("Robbery of personal property")
        assert len(small.table) == 24
        assert small.table["among_highest_percent"].sum() == pytest.approx(300, abs=2)
        assert small.table["among_highest_percent"].is_monotonic_decreasing
        facts = small.facts()
        assert facts["possible"].value >= facts["likely"].value
        assert str(facts["told"]).count("%)") == 3
        assert "100%" not in str(facts["told"])
