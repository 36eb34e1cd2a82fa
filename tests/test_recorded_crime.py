"""Totals, changes and counts by borough: on made tables, and on the known totals."""

import pandas as pd
import pytest

from safer_communities.analysis.monthly_counts import MonthlyCounts
from safer_communities.analysis.recorded_crime import LONDON, RecordedCrime
from safer_communities.chapter.book import Book
from safer_communities.datasets.periods import Period
from safer_communities.settings import Settings

YEAR = Period.year_to("2022-03")


def made_crime(**counts_by_offence: dict[str, int]) -> RecordedCrime:
    """A series made for these tests: two boroughs and an airport, the same count every month."""
    months = pd.date_range("2020-04-01", "2022-03-01", freq="MS")
    rows = [
        {"month": month, "area_code": area, "offence": offence, "count": count}
        for offence, by_area in counts_by_offence.items()
        for area, count in by_area.items()
        for month in months
    ]
    offences = pd.DataFrame(
        {
            "offence": ["Arson", "Damage", "Fraud"],
            "offence_group": ["Arson and damage", "Arson and damage", "Fraud"],
            "counted_in_total": [True, True, False],
        }
    )
    boroughs = pd.DataFrame({"area_code": ["A", "B"], "borough": ["Ayton", "Beeton"]})
    return RecordedCrime(
        MonthlyCounts(pd.DataFrame(rows).assign(release="")), offences, boroughs, "A", YEAR
    )


CRIME = made_crime(
    Arson={"A": 1, "B": 2, "AIRPORT": 50}, Damage={"A": 10, "B": 20}, Fraud={"A": 100, "B": 200}
)


def test_a_group_is_the_sum_of_its_offences() -> None:
    assert CRIME.count("Arson and damage") == 12 * 11
    assert CRIME.count("Arson") == 12


def test_the_total_leaves_out_what_is_not_counted_in_it() -> None:
    assert CRIME.count() == 12 * 11


def test_london_is_its_boroughs_and_nothing_else() -> None:
    assert CRIME.count("Arson", LONDON) == 12 * 3
    assert list(CRIME.counts_by_borough("Arson")) == [12, 24]


def test_an_unknown_measure_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'Piracy'.*Arson"):
        CRIME.count("Piracy")


def test_an_area_goes_by_its_code_or_its_name_and_an_unknown_one_offers_the_nearest() -> None:
    assert CRIME.count("Arson", "Beeton") == CRIME.count("Arson", "B") == 12 * 2
    assert CRIME.monthly("Arson", "AIRPORT").iloc[0] == 50
    with pytest.raises(ValueError, match="area: there is no 'Beaton'; write 'Beeton'"):
        CRIME.year_on_year("Arson", "Beaton")


def test_a_year_with_a_missing_month_is_refused() -> None:
    with pytest.raises(ValueError, match=r"lacks 12 months.*April 2019"):
        CRIME.count(period=Period.year_to("2020-03"))


def test_annual_counts_are_complete_years_oldest_first() -> None:
    annual = CRIME.annual()
    assert list(annual["label"]) == ["2020/21", "2021/22"]
    assert list(annual["count"]) == [132, 132]
    assert (annual["ci_low"] < 132).all()
    assert (annual["ci_high"] > 132).all()


class TestKnownTotals:
    """From the publisher's tables, for the borough and year of the strategy."""

    crime = Book(Settings()).crime

    def test_total_of_both_years(self) -> None:
        assert self.crime.count() == 27826
        assert self.crime.count(period=YEAR.previous()) == 26086

    def test_burglary_in_2017_18(self) -> None:
        assert self.crime.count("Burglary", period=Period.year_to("2018-03")) == 3582

    def test_every_group_adds_up_to_the_total(self) -> None:
        groups = self.crime.offences["offence_group"].unique()
        covered = [group for group in groups if self.crime.covers(group)]
        assert sum(self.crime.count(group) for group in covered) == self.crime.count()

    def test_thirty_two_boroughs_add_up_to_london(self) -> None:
        counts = self.crime.counts_by_borough()
        assert len(counts) == 32
        assert counts.sum() == self.crime.count(area=LONDON)


@pytest.mark.parametrize(
    ("edition", "count", "base"), [(2026, 29046, 28323), (2025, 28323, 28242), (2024, 28242, 27524)]
)
def test_known_totals_of_later_editions(edition: int, count: int, base: int | None) -> None:
    crime = Book(Settings(edition=edition)).crime
    assert crime.count() == count
    if base is not None:
        assert crime.count(period=crime.period.previous()) == base
