"""The borough among all partnerships of England and Wales: level, rank, what is typical."""

import pytest

from safer_communities.analysis.indicators.england_and_wales import PartnershipRanks
from safer_communities.chapter.book import Book
from safer_communities.settings import Settings


@pytest.fixture(scope="module")
def of_2025() -> Book:
    return Book(Settings(edition=2025, borough="Barnet"))


@pytest.fixture(scope="module")
def ranks(of_2025: Book) -> PartnershipRanks:
    return of_2025.england_and_wales.ranks()


def test_the_level_and_rank_of_the_year_ending_december_2024(of_2025: Book) -> None:
    facts = of_2025.england_and_wales.facts()
    assert facts["rate"].value == pytest.approx(71.8348)
    assert facts["rate"].low < 71.8348 < facts["rate"].high
    assert facts["half"] == "middle half"
    assert facts["quarter"].value < facts["median"].value < facts["top_quarter"].value
    rates = of_2025.england_and_wales.rates().set_index("partnership")
    assert (rates.loc["Barnet", "rank"], len(rates)) == (147, 313)
    assert "City of London" not in rates.index
    assert len(of_2025.england_and_wales.boroughs()) == 32


def test_ranks_have_the_places_that_chance_allows(ranks: PartnershipRanks) -> None:
    table = ranks.table.set_index("label")
    assert ranks.table["label"].iloc[0] == "Total recorded crime (excluding fraud)"
    assert ranks.of == 313
    assert (table["rank_low"] <= table["rank"]).all()
    assert (table["rank"] <= table["rank_high"]).all()
    # Homicides are too rare for a rank; burglary of homes stands on households.
    assert "Homicide" not in table.index
    assert table.loc["Residential burglary", "rate"] == pytest.approx(12.3261)


@pytest.mark.parametrize("edition", [2022, 2023, 2024])
def test_earlier_editions_say_when_it_starts_and_nothing_more(edition: int) -> None:
    found = Book(Settings(edition=edition, borough="Barnet")).england_and_wales
    assert not found.has_begun
    assert "begin with the 12 months to December 2024" in found.starts
    assert set(found.facts()) == {"starts", "residents_year"}


def test_no_change_is_worked_out(of_2025: Book, ranks: PartnershipRanks) -> None:
    """In London the publisher's year before stands on another basis: it is not even held."""
    facts = of_2025.england_and_wales.facts() | ranks.facts()
    assert not [name for name, fact in facts.items() if "hange" in getattr(fact, "label", "")]


def test_kinds_that_share_a_rank_are_all_told_of() -> None:
    """Westminster had the highest rate of nine kinds, not of vehicle offences alone."""
    ranks = Book(Settings(edition=2025, borough="Westminster")).england_and_wales.ranks()
    facts = ranks.facts()
    assert (facts["highest"], facts["highest_rank"].value) == ("nine kinds of crime", 313)
    assert facts["lowest"] == "miscellaneous crimes against society"
