"""A change against its own past and beside the other boroughs: on made and on known counts."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safer_communities.analysis.changes.year_on_year import Movement, YearOnYear, year_on_year
from safer_communities.analysis.monthly_counts import MonthlyCounts
from safer_communities.analysis.recorded_crime import ALL_OF_LONDON, LONDON, RecordedCrime
from safer_communities.chapter.book import Book
from safer_communities.chapter.stating import facts_of
from safer_communities.datasets.periods import Period
from safer_communities.facts.quantity import Quantity
from safer_communities.settings import Settings
from safer_communities.statistics.changes.yearly_change import common_sd, year_to_year_sd

CALM = Movement(areas=0.05, common=0.05)
YEARS = (Period.year_to("2025-03"), Period.year_to("2026-03"))
COUNT = st.integers(0, 5000)
SPREAD = st.floats(0, 0.5)


def change(
    counts: tuple[int, int],
    others: tuple[int, int] | None = (100_000, 100_000),
    movement: Movement = CALM,
) -> YearOnYear:
    return year_on_year("Theft", "A", YEARS, counts, movement, others)


@pytest.mark.parametrize(
    ("counts", "others", "own_past", "beside", "verdict"),
    [
        # A rise of half that the others had as well.
        ((2000, 3000), (100_000, 150_000), "more than", "no clear", "as in"),
        # The same, and the others stood still; and the same fall.
        ((2000, 3000), (100_000, 100_000), "more than", "clearly above", "above"),
        ((3000, 2000), (100_000, 100_000), "more than", "clearly below", "below"),
        # A borough that stood still while the others rose by half.
        ((2000, 2000), (100_000, 150_000), "within", "clearly below", "below"),
        ((2000, 2050), (100_000, 100_000), "within", "no clear", "within"),
        # London itself has no others.
        ((2000, 3000), None, "more than", "", "more than"),
        ((2000, 2050), None, "within", "", "within"),
    ],
)
def test_the_verdict_says_what_is_its_own_before_what_is_shared(
    counts: tuple[int, int],
    others: tuple[int, int] | None,
    own_past: str,
    beside: str,
    verdict: str,
) -> None:
    found = change(counts, others)
    assert found.own_past.startswith(own_past)
    assert found.beside_others.startswith(beside)
    assert bool(found.beside_others) == bool(beside)
    assert found.verdict.startswith(verdict)


@given(COUNT, COUNT, st.integers(1, 50_000), st.integers(1, 50_000), SPREAD, SPREAD)
def test_both_intervals_hold_their_estimate_and_agree_with_their_p_value(
    first: int, second: int, others_1: int, others_2: int, areas: float, common: float
) -> None:
    found = change((first, second), (others_1, others_2), Movement(areas, common))
    ends = (found.ci_low, found.ci_high)
    beside = (found.against_others_low, found.against_others_high)
    estimates = (found.change_percent, found.against_others_percent)
    p_values = (found.p_value, found.against_others_p)
    for estimate, (low, high), p_value in zip(estimates, (ends, beside), p_values, strict=True):
        assert low <= estimate <= high or first + second == 0
        if abs(p_value - 0.05) > 1e-6:
            assert (p_value <= 0.05) == (low > 0 or high < 0)


@given(st.integers(20, 5000), st.integers(20, 5000), st.floats(0.5, 2), SPREAD, SPREAD)
def test_what_all_of_london_does_cancels(
    first: int, second: int, factor: float, areas: float, common: float
) -> None:
    """Others of any number that changed as the borough did: no difference."""
    found = change((first, second), (1000 * first, 1000 * second), Movement(areas, common))
    assert found.against_others_percent == pytest.approx(0, abs=1e-9)
    assert found.beside_others == "no clear difference"
    assert found.verdict in ("as in the other boroughs", "within the usual ups and downs")


@given(st.integers(50, 5000), st.integers(50, 5000), SPREAD, SPREAD, st.floats(0.01, 0.5))
def test_the_more_london_moves_the_less_a_change_is_out_of_the_ordinary(
    first: int, second: int, areas: float, common: float, more: float
) -> None:
    calm = change((first, second), movement=Movement(areas, common))
    restless = change((first, second), movement=Movement(areas, common + more))
    assert restless.p_value >= calm.p_value
    assert restless.against_others_p == calm.against_others_p


def test_a_change_that_cannot_be_compared_has_counts_and_no_number() -> None:
    found = change((2000, 3000)).not_compared()
    assert (found.base_count, found.count, found.change) == (2000, 3000, 1000)
    numbers = [found.row[name] for name in found.row if isinstance(found.row[name], float)]
    assert len(numbers) == 9
    assert np.isnan(numbers).all()
    assert {found.own_past, found.beside_others, found.verdict} == {"cannot be compared"}
    assert found.in_words == ""


@pytest.mark.parametrize("counts", [(13, 20), (20, 13), (0, 40), (19, 400)])
def test_of_fewer_than_twenty_there_is_no_verdict_and_no_per_cent(counts: tuple[int, int]) -> None:
    found = change(counts)
    assert found.is_few
    assert {found.own_past, found.beside_others, found.verdict} == {"too few to compare"}
    assert found.directions == (0, 0)
    assert found.in_words == ""
    assert found.headline == f"went from {counts[0]} to {counts[1]}, too few to compare"
    missing = {
        name for name, value in found.row.items() if isinstance(value, float) and value != value
    }
    assert missing >= {"change_percent", "ci_low", "ci_high", "p_value", "against_others_percent"}
    assert (found.row["base_count"], found.row["count"]) == counts
    assert not change((20, 20)).is_few


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (change((2000, 3000)), "clearly rose by 50.0%"),
        (change((3000, 2000), (100_000, 66_667)), "clearly fell by 33.3%"),
        (change((2000, 2050)), "stood 2.5% higher, within the usual ups and downs"),
        (change((2000, 2000)), "stood no different, within the usual ups and downs"),
        (
            change((2000, 2050), (100_000, 150_000)),
            "stood 2.5% higher, clearly below the change elsewhere",
        ),
        (change((2000, 3000)).not_compared(), "cannot be compared"),
        (
            change((2000, 2050)).without_own_past(),
            "stood 2.5% higher, no clear difference from the other boroughs",
        ),
        (
            replace(change((2000, 3000)), placed_p=0.3, placed_percent=10.0),
            "stood 50.0% higher, clearly above the change elsewhere",
        ),
        (
            replace(change((2000, 2300), None), placed_p=0.3, placed_percent=10.0),
            "stood 15.0% higher, too close to call",
        ),
        (
            replace(change((2000, 2300), None), growth_percent=-14.0),
            "stood 15.0% higher, too early to judge",
        ),
    ],
)
def test_a_heading_says_no_more_than_the_verdict(found: YearOnYear, said: str) -> None:
    assert found.headline == said


def test_the_words_of_a_change_over_several_years_say_of_how_many() -> None:
    four = year_on_year("Theft", "A", (Period.year_to("2022-03"), YEARS[1]), (20, 21), CALM)
    assert four.own_past_in_words == "within the usual ups and downs of four years"
    assert change((20, 21)).own_past_in_words == "within the usual ups and downs"
    assert four.not_compared().own_past_in_words == "cannot be compared"


def test_the_sentence_beside_a_change_has_the_others_and_the_difference() -> None:
    assert change((2000, 1780), (100_000, 102_000), Movement(0, 0.05)).in_words == (
        "In the other boroughs together it rose by 2.0%. Set against them, the count here is 12.7% "
        "lower (95% interval \N{MINUS SIGN}18.2% to \N{MINUS SIGN}6.9%): clearly below them."
    )
    assert change((2000, 1780), others=None).in_words == ""
    assert np.isnan(change((2, 3), others=(0, 5)).others_percent)


@pytest.mark.parametrize("count", [0, 1])
def test_after_a_year_without_any_there_are_counts_and_no_per_cent(count: int) -> None:
    """As of homicide in Kensington and Chelsea, 12 months to March 2021: none, and then one."""
    facts = facts_of(change((0, count)))
    assert {each.unit for each in facts.values() if isinstance(each, Quantity)} == {
        "offences",
        "p-value",
    }
    assert facts["beside"] == ""
    assert (facts["base"].value, facts["count"].value) == (0, count)


class TestKnownChange:
    """Barnet's total, 12 months to March 2026, release of April 2026."""

    crime = Book(Settings(edition=2026)).crime

    def test_it_is_set_beside_the_other_31_boroughs(self) -> None:
        found, london = self.crime.year_on_year(), self.crime.year_on_year(area=LONDON)
        assert (found.base_count, found.count) == (28_323, 29_046)
        assert found.change_percent == pytest.approx(2.55, abs=0.005)
        others = (london.count - 29_046) / (london.base_count - 28_323)
        assert found.others_percent == pytest.approx(100 * (others - 1))
        assert found.others_percent == pytest.approx(-2.25, abs=0.005)
        against = 29_046 / 28_323 / others
        assert found.against_others_percent == pytest.approx(100 * (against - 1))
        assert found.verdict == "within the usual ups and downs"

    def test_the_facts_have_both_with_their_intervals(self) -> None:
        found = self.crime.year_on_year()
        facts = facts_of(found)
        others, against = facts["others"], facts["against"]
        assert isinstance(others, Quantity)
        assert isinstance(against, Quantity)
        assert (others.value, others.area) == (
            found.others_percent,
            "the other London boroughs together",
        )
        assert against.interval == (found.against_others_low, found.against_others_high)
        assert facts["chance"] == found.own_past
        assert facts["beside"] == found.in_words

    @pytest.mark.parametrize("area", [LONDON, ALL_OF_LONDON])
    def test_london_has_its_own_past_alone(self, area: str) -> None:
        london, own = self.crime.year_on_year(area=area), self.crime.year_on_year()
        assert london.ci_high - london.ci_low < own.ci_high - own.ci_low
        assert np.isnan([london.others_percent, london.against_others_p]).all()
        assert london.verdict == london.own_past
        assert "others" not in facts_of(london)

    def test_ordinary_years_say_how_far_counts_move(self) -> None:
        years = self.crime.ordinary_years("Theft")
        assert self.crime.movement("Theft") == Movement(
            year_to_year_sd(years[:-1], years[1:]), common_sd(years[:-1], years[1:])
        )
        four = self.crime.movement("Theft", 4)
        assert four.areas == year_to_year_sd(years[:-4], years[4:])
        assert four.areas > self.crime.movement("Theft").areas

    def test_over_more_years_than_there_are_pairs_of_the_movement_is_carried_on(self) -> None:
        """Ten ordinary years have three pairs seven years apart."""
        seven = self.crime.movement("Theft", 7)
        assert self.crime.movement("Theft", 14).areas == pytest.approx(2**0.5 * seven.areas)

    def test_pairs_of_years_across_a_break_are_no_measure(self) -> None:
        """Residential burglary counts sheds since April 2017."""
        homes, _ = self.crime.ordinary_pairs("Residential burglary")
        both, _ = self.crime.ordinary_pairs("Burglary")
        assert [*both.index.difference(homes.index)] == [pd.Timestamp("2017-03-01")]

    def test_measures_that_hold_no_other_share_no_offence(self) -> None:
        measures = ["Total notifiable offences", "Burglary", "Residential burglary", "Theft"]
        assert self.crime.sharing_nothing(measures) == ["Residential burglary", "Theft"]
        assert self.crime.sharing_nothing(measures[:2]) == ["Burglary"]


def test_a_series_without_years_before_the_pandemic_measures_itself() -> None:
    months = pd.date_range("2020-04", "2022-03", freq="MS")
    rows = [
        (month, area, "Arson", 10 + 10 * (area == "A" and month.year > 2020))
        for month in months
        for area in "ABCD"
    ]
    counts = pd.DataFrame(rows, columns=["month", "area_code", "offence", "count"])
    counts["release"] = ""
    offences = pd.DataFrame(
        {"offence": ["Arson"], "offence_group": ["Arson"], "counted_in_total": [True]}
    )
    boroughs = pd.DataFrame({"area_code": [*"ABCD"], "borough": [*"ABCD"]})
    crime = RecordedCrime(MonthlyCounts(counts), offences, boroughs, "A", Period.year_to("2022-03"))
    assert crime.movement("Arson").areas > 0
    assert crime.year_on_year().others_percent == 0
