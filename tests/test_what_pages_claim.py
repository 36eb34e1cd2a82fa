"""What pages say of the 32 boroughs, of a few offences, of breaks, lines, wards and households."""

from functools import cache

import numpy as np
import pytest

from safer_communities.chapter.book import Book
from safer_communities.chapter.chapter import Chapter
from safer_communities.settings import Settings

WEAPONS = "Possession of weapons"


@cache
def book(borough: str, edition: int) -> Book:
    return Book(Settings(borough, edition))


def chapter(borough: str, edition: int) -> Chapter:
    return Chapter("made", Settings(borough, edition), emit=lambda *_, **__: None)


def test_sums_of_the_boroughs_have_their_name_in_series_and_rates() -> None:
    own = book("Kensington and Chelsea", 2025)
    named = ["Kensington and Chelsea", "32 boroughs"]
    for series in (
        own.crime.level(),
        own.crime.per_household("Residential burglary"),
        own.outcomes.trend(),
        own.outcomes.burglary().trend(),
    ):
        assert list(series.table["series"].unique()) == named
    assert own.crime.rates().shown["benchmark"][0] == "32 boroughs"


def test_what_an_indicator_is_set_beside_is_named() -> None:
    table = book("Barnet", 2022).progress().table.dropna(subset="now")
    beside = table.groupby("noun")["beside"].agg(set).to_dict()
    assert beside["crime"] == beside["flagged"] == {"32 boroughs"}
    assert beside["trust"] == beside["youth_justice"] == {"London"}


def test_kinds_of_flagged_offences_count_those_of_no_known_borough() -> None:
    """12 months to March 2025, release of March 2026: 124,545, of which 121,738 in the boroughs."""
    women = book("Barnet", 2025).flagged("Violence against women and girls")
    kinds = women.london_kinds()
    assert kinds.table["offences"].sum() == 124_545
    assert women.count("Violence against women and girls", "LONDON") == 121_738
    assert kinds.facts()["other"].area == "London, borough known or not"


def test_no_change_is_given_of_thirteen_firearms_and_then_twenty() -> None:
    """Barnet, 12 months to March 2021 and 2022, release of February 2024."""
    changes = book("Barnet", 2022).strategy.headlines()
    row = changes.table.set_index("measure").loc["Possession of firearms offences"]
    assert (row["base_count"], row["count"]) == (13, 20)
    assert np.isnan(row["change_percent"])
    assert row["own_past"] == row["beside_others"] == "too few to compare"
    assert "Possession of firearms offences" not in changes.apart
    assert "possession_of_firearms_offences" not in changes.facts()


def test_few_children_have_no_trend_and_none_is_no_share() -> None:
    """Kensington and Chelsea: 12 children by the rate of 2024; reoffending of 12 months to 2024."""
    facts = book("Kensington and Chelsea", 2025).youth_justice.facts()
    assert facts["entrants_told"] == "So few children say nothing of a trend."
    assert facts["entrants_headline"] == "is of too few children to compare"
    assert "entrants_change" not in facts
    assert facts["again_share"] == "none"
    others = book("Newham", 2026).youth_justice.facts()
    assert others["entrants_told"].startswith("That is a fall of 55.1% since then. In the other")
    assert others["entrants_headline"].endswith("no clear difference from the other boroughs")
    assert others["again_share"] == "36.0% (95% interval 26.8% to 46.3%)"


def test_lines_run_past_an_edition_only_where_they_do() -> None:
    for edition, says in {2023: True, 2025: False}.items():
        own = chapter("Kensington and Chelsea", edition)
        lines = own.outcomes.trend(), own.outcomes.burglary().trend()
        said = f"Some lines here run past this edition's 12 months to March {edition}."
        assert own.charts_go_on(*lines) == (said if says else "")
    months = own.asb_incidents.by_month()
    assert bool(own.charts_go_on(months)) == (months["month"].max() > own.edition.period.end)


def test_a_table_of_changes_says_each_break_once() -> None:
    """Newham, edition of 2024: 4,628 offences at the airports (release of April 2026)."""
    own = chapter("Newham", 2024)
    own.caution_about_year(each.measure for each in own.offences.values())
    assert own.caution.count("at Heathrow and London City airports") == 1
    assert "From April 2023 to February 2024 the police list 4,628 offences at" in own.caution
    assert own.caution.count("The police changed their records system in February 2024.") == 1


@pytest.mark.parametrize("edition", [2024, 2026])
def test_charts_with_months_of_the_airports_say_so(edition: int) -> None:
    own = chapter("Hillingdon", edition)
    own.caution_about_chart("Vehicle offences")
    assert "637 offences (vehicle offences) at Heathrow and London City airports" in own.caution
    own.state("change", own.crime.year_on_year())
    own.caution_about_chart()
    assert own.caution.count("airports") == 1
    assert "4,665 offences at Heathrow" in own.caution
    newest = chapter("Hillingdon", 2022)
    newest.caution_about_chart(newest=True)
    assert "4,665 offences at Heathrow" in newest.caution
    assert "airports" not in chapter("Brent", edition).apart_told()


@pytest.mark.parametrize(
    ("borough", "edition", "says"),
    [
        ("Hillingdon", 2024, "list 4,628 offences at Heathrow and London City airports, apart"),
        ("Newham", 2024, "A few belong to Newham; all are counted in Hillingdon."),
        ("Newham", 2022, "list 2,072 offences at Heathrow and London City airports, apart from"),
        ("Hillingdon", 2023, "list 3,707 offences at Heathrow and London City airports, apart"),
        ("Hillingdon", 2026, ""),
        ("Brent", 2023, ""),
    ],
)
def test_rates_of_a_year_with_the_airports_apart_say_so(
    borough: str, edition: int, says: str
) -> None:
    """Releases of April 2026 and February 2024: in the earlier one the airports stay apart."""
    own = chapter(borough, edition)
    own.state("rate", own.crime.rates())
    # Rates of the dashboards are of no list of offences.
    own.state("knives", own.flagged("Knives").rates("Knife crime"))
    assert says in own.caution
    assert bool(own.caution) == bool(says)
    if edition < 2024 and says:
        assert own.caution.endswith("No borough's figures have them here.")
        assert own.wards.apart_note == (
            "The borough's count leaves out offences at Heathrow and London City airports; the "
            "wards have those that lie in them."
        )


def test_the_lowest_ward_is_the_lowest_of_those_with_a_rate() -> None:
    """Kensington and Chelsea, 12 months to March 2025, release of wards of April 2025."""
    wards = book("Kensington and Chelsea", 2025).wards
    said = "Of the 11 with a rate: lowest Campden, 0.6 per 1,000 residents; highest Colville, 2.4."
    assert wards.rates(WEAPONS).facts()["ends"] == said
    total = wards.rates().facts()
    assert total["ends"].startswith("Lowest Redcliffe, 75.0 per 1,000 residents; highest Brompton")
    assert total["low_area"] == "Redcliffe"
    one = wards.rates(WEAPONS)
    only = one.table.assign(rate=one.table["rate"].where(one.table["area"] == "Colville"))
    found = type(one)(**{**vars(one), "table": only})
    assert found.facts()["ends"].startswith(
        "One ward has offences enough for a rate: Colville, 2.4"
    )
    none = type(one)(**{**vars(one), "table": one.table.assign(rate=np.nan)})
    assert none.facts()["ends"] == "No ward has offences enough for a rate."
    assert "low_rate" not in none.facts()


def test_a_wards_page_has_one_range_of_its_rank() -> None:
    ward = book("Kensington and Chelsea", 2025).wards.ward("norland")
    total = ward.offences.table.iloc[0]
    assert (total["rank"], total["rank_low"], total["rank_high"]) == ward.ranks == (4, 3, 7)


def test_projected_households_stand_beside_those_counted() -> None:
    """ONS projections based on 2018, and Census 2021."""
    assert book("Kensington and Chelsea", 2025).people.households_told == (
        "For the middle of 2021 that is 75,564 in the borough, where the Census of that year "
        "counted 66,884."
    )


def test_an_indicator_that_a_comparison_cannot_judge_is_not_without_change() -> None:
    progress = book("Newham", 2026).progress()
    known = progress.table.dropna(subset="change")
    own = known["own_past"] == "not judged"
    assert set(known.loc[own, "noun"]) == {"flagged", "youth_justice"}
    assert set(known.loc[known["beside_others"] == "not judged", "noun"]) == {"trust"}
    facts = progress.facts()
    assert "17 had no clear change" in facts["own_verdicts"]
    assert "nine cannot be judged for want of years to learn from" in facts["own_verdicts"]
    assert "four cannot be judged for want of other boroughs" in facts["beside_verdicts"]
    assert "cannot be judged" not in facts["verdicts"]


def test_a_group_that_is_not_counted_alike_is_called_so_where_it_leads() -> None:
    """Barking and Dagenham, 12 months to March 2025, across the move of February 2024."""
    facts = book("Barking and Dagenham", 2025).moved().facts()
    lead = (
        "Of the 1,037 fewer offences, 407 were violence against the person (not counted alike in "
        "the two years) and 270 were vehicle offences"
    )
    end = "; recorded crime stood 4.9% lower, within the usual ups and downs"
    assert facts["headline"] == lead + end
    assert str(facts["told"]).startswith(f"{lead}; all others together fell by 360.")
    assert (
        "Among these, public order offences (not counted alike in the two years)" in facts["told"]
    )


def test_one_shot_is_one_offence() -> None:
    """Camden, lethal barrel discharges in the 12 months to March 2024: one."""
    year = book("Camden", 2025).flagged("Guns").year("Lethal barrel discharges")
    assert year.in_words.startswith("The count rose, from 1 offence in the 12 months to March 2024")


def test_an_offence_that_was_never_counted_is_not_counted_in_another_way() -> None:
    """Greenwich, 12 months to March 2022 and 2023: no row of fraud and forgery."""
    moved = book("Greenwich", 2023).moved()
    assert "in another way" not in " ".join(moved.points)
    shoplifting = "Since January 2023 far more shoplifting is recorded, in every borough at once."
    assert any(point.startswith(shoplifting) for point in moved.points)
    assert "fraud and forgery did not change" in moved.facts()["course"]


def test_the_residents_of_wards_stand_beside_those_of_the_boroughs_year() -> None:
    """The edition of 2023 takes mid-2022, of the release of mid-2023."""
    assert (
        "and the borough's rate those of mid-2022." in book("Greenwich", 2023).wards.residents_note
    )
    assert book("Greenwich", 2025).wards.residents_note == ""
