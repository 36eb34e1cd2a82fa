"""Children in the youth justice system: years within the edition, and intervals without counts."""

import pytest

from safer_communities.analysis.changes.year_on_year import NO_DIFFERENCE, NOT_KNOWN
from safer_communities.analysis.indicators.youth_justice import fewest_children
from safer_communities.chapter.book import Book
from safer_communities.settings import Settings
from safer_communities.statistics.rates import rate_interval


@pytest.fixture(scope="module")
def of_2026() -> Book:
    return Book(Settings(edition=2026, borough="Barnet"))


@pytest.mark.parametrize(
    ("percent", "fewest"),
    [(0.0, (1, 0)), (100.0, (1, 1)), (50.0, (2, 1)), (33.33, (3, 1)), (21.28, (47, 10))],
)
def test_the_fewest_children_that_give_a_share(percent: float, fewest: tuple[int, int]) -> None:
    assert fewest_children(percent) == fewest


def test_barnets_first_time_entrants(of_2026: Book) -> None:
    """Per 100,000 in the years to December 2021 and 2024, in the release of February 2026."""
    table = of_2026.youth_justice.entrants().table
    own = table[table["series"] == "Barnet"].set_index("label")
    assert own["value"].loc[["2021", "2024"]].tolist() == [160, 146]
    children = of_2026.youth_justice.children["E09000003"]
    found = rate_interval(round(146 * children / 100_000), children, per=100_000)
    assert own.loc["2024", "ci_low"] == pytest.approx(found.ci_low)
    assert (own["ci_low"] < own["value"]).all()
    assert (own["value"] < own["ci_high"]).all()


def test_a_year_counts_once_it_is_over() -> None:
    """Entrants are of calendar years, reoffending of years to March."""
    found = Book(Settings(edition=2022, borough="Barnet")).youth_justice
    assert found.entrants().table["label"].max() == "2021"
    assert found.reoffending()["label"].max() == "2022"


def test_a_year_that_is_withheld_is_left_out() -> None:
    found = Book(Settings(edition=2026, borough="Kensington and Chelsea")).youth_justice
    table = found.entrants().table
    own = table[table["series"] == "Kensington and Chelsea"]
    assert "2023" not in set(own["label"])
    assert not own.isna().any(axis=None)
    assert found.facts()["entrants"].period == "12 months to December 2024"


def test_a_year_of_reoffending_that_london_has_alone_is_left_out() -> None:
    """Greenwich: the share of 2017 is withheld, that of London is not."""
    table = Book(Settings(edition=2023, borough="Greenwich")).youth_justice.reoffending()
    assert len(table) == 7
    assert table["london_percent"].notna().all()


def test_the_change_in_entrants_is_set_beside_the_other_boroughs(of_2026: Book) -> None:
    """2016 to 2024, release of February 2026: Barnet from 266 to 146, London from 412 to 157."""
    change = of_2026.youth_justice.change(2016, 2024)
    assert change.change_percent == pytest.approx(100 * (146 / 266 - 1))
    # London without Barnet fell a little more than London.
    assert change.others_percent == pytest.approx(100 * (157 / 412 - 1), abs=1.5)
    ratio = (1 + change.change_percent / 100) / (1 + change.others_percent / 100)
    assert 1 + change.against_others_percent / 100 == pytest.approx(ratio, abs=0.01)
    # Boroughs moved apart by a third over six years: chance alone would have called this clear.
    assert (change.own_past, change.beside_others) == (NOT_KNOWN, NO_DIFFERENCE)
