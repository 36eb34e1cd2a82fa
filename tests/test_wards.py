"""Wards: what is refused, the share that has a ward, and the real wards of a borough."""

import pandas as pd
import pytest

from safer_communities.analysis.monthly_counts import MonthlyCounts
from safer_communities.analysis.recorded_crime import TOTAL, RecordedCrime
from safer_communities.analysis.wards.ward_rates import WardRates
from safer_communities.analysis.wards.wards import Wards
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
        {"month": month, "ward_code": ward, "area_code": area, "offence": "Theft", "count": count}
        for month in months
        for ward, (area, count) in WARDS.items()
    ]
    return pd.DataFrame(rows)


SENSITIVE = pd.DataFrame(
    {"month": YEAR.end, "ward_code": ["W1"], "area_code": ["A"], "count": [0.0]}
)


SHAPES = pd.DataFrame(
    {
        "ward_code": list(WARDS),
        "area_code": [area for area, _ in WARDS.values()],
        "shape": [f"POLYGON (({x} 0, {x + 1} 0, {x + 1} 1, {x} 1, {x} 0))" for x in range(4)],
    }
)
OFFENCES = pd.DataFrame(
    {
        "offence": ["Theft", "Robbery", "Rape", "Stalking", "Threats", "Arson"],
        "offence_group": ["Theft", "Robbery", "Sexual", "Violence", "Violence", "Arson"],
        "ward_offence": ["Theft", "Robbery", "", "Threats", "Threats", "Arson"],
        "counted_in_total": True,
    }
)


def crime_of(counts: pd.DataFrame, unplaced: int = 150) -> RecordedCrime:
    """What the boroughs count: what their wards do, and so many offences of A without a ward."""
    by_borough = counts.groupby(["month", "area_code", "offence"], as_index=False)["count"].sum()
    rows = pd.DataFrame({"month": YEAR.months(), "area_code": "A", "offence": "Arson"})
    rows["count"] = [0] * 11 + [unplaced]
    boroughs = pd.DataFrame({"area_code": ["A", "B"], "borough": ["Ayton", "Beeton"]})
    every = pd.concat([by_borough, rows])
    return RecordedCrime(
        MonthlyCounts(every.assign(release="2023-04")), OFFENCES, boroughs, "A", YEAR
    )


def wards_of(
    counts: pd.DataFrame, sensitive: pd.DataFrame = SENSITIVE, residents: pd.DataFrame = POPULATION
) -> Wards:
    return Wards(counts, sensitive, residents, SHAPES, crime_of(counts))


def ward_rates(counts: pd.DataFrame, residents: pd.DataFrame = POPULATION) -> WardRates:
    return wards_of(counts, residents=residents).rates()


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
    assert "Low Elm" in found.facts()["note"]
    assert wards_of(COUNTS).rates().facts()["note"] == ""


def test_a_year_without_sensitive_offences_is_refused() -> None:
    with pytest.raises(ValueError, match="no counts of the 12 months to March 2022"):
        wards_of(COUNTS, SENSITIVE.iloc[:0]).rates()


def test_the_name_of_the_borough_is_cut_from_a_wards_name() -> None:
    table = ward_rates(COUNTS).table
    assert list(table["area"]) == ["High Oak", "Low Elm", "Ash"]


def test_what_the_wards_hold_together_and_what_they_miss() -> None:
    result = ward_rates(COUNTS)
    assert result.whole == pytest.approx(1000 * 600 / 3_500)
    assert result.placed_percent == pytest.approx(80)


def test_chance_lets_close_wards_change_places_and_distant_ones_not() -> None:
    table = ward_rates(COUNTS).table
    assert list(table["rank_low"]) == list(table["rank_high"]) == [1, 2, 3]
    close = POPULATION.assign(residents=[1_000, 2_000, 650, 9_000])
    table = ward_rates(COUNTS, close).table
    assert list(table["rank_low"]) == [1, 2, 2]
    assert list(table["rank_high"]) == [1, 3, 3]


def test_a_ward_is_compared_with_the_others_together() -> None:
    table = ward_rates(COUNTS).table.set_index("area")
    # Of High Oak 120 for 1,000 residents, of the others 480 for 2,500.
    assert table.loc["High Oak", "against_percent"] == pytest.approx(-37.5)
    assert table["compared"].to_dict() == {
        "High Oak": "below",
        "Low Elm": "unclear",
        "Ash": "above",
    }
    assert (table.loc["High Oak", ["against_low", "against_high"]] < 0).all()


def test_irregular_months_make_a_wards_rate_less_sure() -> None:
    """Of 24 months with 240 offences: 10 a month, or all in one month of each year."""
    months = pd.date_range("2020-04-01", "2022-03-01", freq="MS")
    even = made_counts(months)
    burst = even["ward_code"].eq("W3")
    uneven = even.assign(
        count=even["count"].mask(burst, 0).mask(burst & even["month"].eq("2021-12-01"), 120)
    )
    sure, less = (ward_rates(each).table.set_index("area").loc["Ash"] for each in (even, uneven))
    assert sure["rate"] == less["rate"] == 240
    # The year before has none, so that the usual measure, year by year, does not know.
    assert less["ci_high"] - less["ci_low"] > 2 * (sure["ci_high"] - sure["ci_low"])
    assert (sure["compared"], less["compared"]) == ("above", "unclear")


def test_from_fewer_than_five_offences_no_rate_is_worked_out() -> None:
    few = COUNTS.assign(
        count=COUNTS["count"]
        .mask(COUNTS["ward_code"] == "W3", 0)
        .mask((COUNTS["ward_code"] == "W3") & (COUNTS["month"] == "2022-03-01"), 4)
    )
    table = ward_rates(few).table.set_index("area")
    assert table.loc["Ash", ["rate", "ci_low", "ci_high"]].isna().all()
    assert table.loc["Ash", "count"] == 4
    five = few.assign(count=few["count"].replace(4, 5))
    assert ward_rates(five).table.set_index("area").loc["Ash", "rate"] == 10


class TestMeasures:
    COUNTS = pd.concat(
        [COUNTS, *(COUNTS.assign(offence=name) for name in ("Robbery", "Threats", "Arson"))]
    )

    def test_no_sensitive_offence_and_no_group_that_holds_one(self) -> None:
        members = wards_of(self.COUNTS).members
        assert "Rape" not in members
        assert "Sexual" not in members
        # Stalking is counted in one row with threats: by ward it has none of its own.
        assert "Stalking" not in members
        assert members["Violence"] == ("Stalking", "Threats")
        assert members["Threats, with stalking"] == ("Stalking", "Threats")

    def test_a_group_stands_for_its_offences(self) -> None:
        wards = wards_of(self.COUNTS)
        assert wards.measures == [TOTAL, "Arson", "Robbery", "Theft"]
        assert wards.rates("Robbery").table["count"].sum() == 12 * (10 + 30 + 10)

    def test_a_measure_that_wards_do_not_tell_of_is_refused(self) -> None:
        with pytest.raises(ValueError, match="wards do not tell of 'Rape'"):
            wards_of(self.COUNTS).rates("Rape")


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
    hillingdon = Book(Settings("Hillingdon", 2025)).wards
    rates = hillingdon.rates("Theft")
    assert "Heathrow Villages" not in set(rates.table["area"])
    assert rates.table["count"].min() > 0
    # Release by ward of April 2025.
    assert rates.note == (
        "Heathrow Villages is not shown: in some or all of the 12 months to March 2025 the police "
        "list the offences there (1,959) under another of their areas, not under Hillingdon."
    )
    whole = "(6,062 with those of sexual offences, hate crimes and homicides left out)"
    assert whole in hillingdon.rates().note
    assert hillingdon.ward("uxbridge").facts()["residents"].period == "mid-2024"
    assert hillingdon.residents_note == ""
    newham = Book(Settings("Newham", 2024)).wards
    assert newham.left_out() == newham.apart_note == ""
    # 109.6 for all wards on residents of the Census, 106.6 for the borough on those of mid-2023.
    assert newham.residents_note.startswith(
        "Rates by ward take the residents of Census day, 21 March 2021, and the borough's rate "
        "those of mid-2023."
    )
    assert newham.residents_note in newham.rates().facts()["note"]


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
    assert result.table["rate"].iloc[0] < result.whole < result.table["rate"].iloc[-1]
    assert 95 < result.placed_percent <= 100.5


def test_the_share_with_a_ward_names_both_releases_where_there_are_two() -> None:
    """Westminster, 12 months to March 2025: 87,228 by ward (April 2025), 89,658 (April 2026)."""
    told = Book(Settings("Westminster", 2025)).wards.rates().facts()["placed_told"]
    assert told.startswith(
        "By the release of April 2025, these wards have 97.3% of the borough's offences in the "
        "release of April 2026."
    )
    told = Book(Settings("Westminster", 2026)).wards.rates().facts()["placed_told"]
    assert told.startswith("The police place 9")
    assert "release" not in told


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


def test_the_headline_says_no_more_than_the_ranks() -> None:
    assert ward_rates(COUNTS).facts()["headline"] == (
        "Ash had the highest rate of all recorded crime and High Oak the lowest"
    )
    alike = POPULATION.assign(residents=[1_000, 3_000, 1_000, 9_000])
    facts = ward_rates(COUNTS, alike).facts()
    assert facts["headline"] == (
        "Low Elm, High Oak or Ash had the highest rate of all recorded crime"
    )
    assert facts["verdicts"] == (
        "No ward is clearly above or below the rate of the other wards together."
    )


def test_the_verdicts_name_the_wards_or_count_them() -> None:
    assert ward_rates(COUNTS).facts()["verdicts"] == (
        "Ash is clearly above the rate of the other wards together, and High Oak is clearly below "
        "it. One is too close to call."
    )


class TestWard:
    def test_its_years_are_of_one_list_each_and_say_their_release(self) -> None:
        ward = Book(Settings("Barnet", 2026)).wards.ward("hendon")
        years = ward.years().table
        # Release of April 2026, ward E05013643: 2,033 offences in the 12 months to March 2026.
        assert years["label"].iloc[-1] == "12 months to March 2026"
        assert years["count"].iloc[-1] == ward.facts()["count"].value == 2033
        assert list(years["list"]) == ["2019 list"] * 2 + ["2024 list"] * 3
        assert years["release"].iloc[0] == "release of April 2023"

    def test_its_change_is_set_beside_those_of_all_wards_of_london(self) -> None:
        """April 2026: 1,851 to 2,033 in Hendon, 625 to 914 in Totteridge & Woodside."""
        wards = Book(Settings("Barnet", 2026)).wards
        told = [wards.ward(key).facts()["moved_told"] for key in ("hendon", "totteridge_woodside")]
        assert told[0] == (
            "Recorded offences here went from 1,851 in the 12 months to March 2025 to 2,033, a "
            "rise of 9.8%. Of London's 677 wards, 19 in 20 moved by anything from a fall of 19.3% "
            "to a rise of 28.0%: this is usual for a ward."
        )
        assert "a rise of 46.2%." in told[1]
        assert told[1].endswith("this is a larger change than is usual for a ward.")

    def test_an_edition_has_no_year_after_its_own(self) -> None:
        years = Book(Settings("Barnet", 2022)).wards.ward("hendon").years().table
        assert list(years["label"]) == ["12 months to March 2022"]
        told = Book(Settings("Barnet", 2022)).wards.ward("hendon").facts()["moved_told"]
        assert told.startswith("No change is given")

    def test_its_offences_are_those_of_the_map(self) -> None:
        book = Book(Settings("Barnet", 2026))
        ward = book.wards.ward("hendon")
        # Release of April 2026: 280 vehicle offences in 12 months to March 2026.
        own = ward.offences.table.set_index("label").loc["Vehicle offences"]
        assert own["count"] == 280
        rates = book.wards.rates("Vehicle offences")
        mapped = rates.table.set_index("area").loc["Hendon"]
        assert (own["rate"], own["whole"]) == (mapped["rate"], rates.whole)
        rank, low, high = ward.ranks
        assert 1 <= low <= rank <= high <= 24
        assert "Sexual offences" not in set(ward.offences.table["label"])

    def test_a_ward_that_there_is_not_is_refused_with_the_nearest(self) -> None:
        with pytest.raises(ValueError, match="no ward 'hendn'; write 'hendon'"):
            Book(Settings("Barnet", 2026)).wards.ward("hendn")


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
        with pytest.raises(ValueError, match="wards do not tell of 'Piracy'"):
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
