"""Offences with a flag: the values published, the months held, breaks, and what may be compared.

Values are Barnet's, of the dashboard's releases of August 2025 and March 2026, and of the dashboard
on violence against women and girls of March 2026 (January 2014 to February 2026).
"""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.analysis.changes.year_on_year import NO_CLEAR_DIFFERENCE, NOT_KNOWN
from safer_communities.analysis.flagged.offences import FlaggedOffences
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period
from safer_communities.settings import Settings

BARNET = "E09000003"
WOMEN = "Violence against women and girls"
YEARS = [Period.year_to(f"{year}-03") for year in (2023, 2024, 2025)]


@cache
def flagged(subject: str, edition: int = 2026, borough: str = "Barnet") -> FlaggedOffences:
    return BoroughEdition(Settings(borough=borough, edition=edition)).flagged(subject)


@pytest.mark.parametrize(
    ("subject", "measure", "counts"),
    [
        ("Domestic abuse", "Domestic abuse", [3092, 3040, 2769]),
        ("Hate crime", "Hate crime", [732, 1074, 803]),
        ("Hate crime", "Antisemitic hate crime", [117, 402, 238]),
        # The newer release counts: that of August 2025 has 396 in the last year.
        ("Knives", "Knife crime", [383, 455, 397]),
    ],
)
def test_years_are_those_of_the_dashboard(subject: str, measure: str, counts: list[int]) -> None:
    assert [flagged(subject).count(measure, period=year) for year in YEARS] == counts


def test_the_older_release_is_kept_beside_the_newer() -> None:
    table = load.table("flagged_offences")
    knives = table[(table["measure"] == "Knife crime") & (table["area_code"] == BARNET)]
    year = knives[knives["month"].isin(YEARS[2].months())]
    assert year.groupby("release")["count"].sum().to_dict() == {"2025-08": 396, "2026-03": 397}


def test_offences_with_and_without_a_victim_are_all_offences() -> None:
    assert flagged("All offences").count(period=YEARS[0]) == 27_521


def test_years_of_violence_against_women_and_girls() -> None:
    women = flagged(WOMEN, 2025)
    years = women.annual(WOMEN).set_index("label")["count"]
    assert years.loc["2020/21":].tolist() == [4816, 5173, 4904, 4798, 4051]
    assert women.begins == pd.Timestamp("2014-01-01")


def test_a_fifth_of_londons_flagged_offences_are_of_other_kinds() -> None:
    table = load.table("women_and_girls_kinds")
    kinds = table.groupby("measure")["offences"].sum()
    assert kinds.sum() == load.table("women_and_girls")["offences"].sum() == 1_612_003
    assert 100 * kinds["Other flagged offences"] / kinds.sum() == pytest.approx(21.08, abs=0.01)
    other = flagged(WOMEN).london_kinds().facts()["other"]
    assert other.value == pytest.approx(21.91, abs=0.01)


@pytest.mark.parametrize(
    ("subject", "edition", "period", "said"),
    [
        ("Hate crime", 2022, "2022-07", "The figures begin with August 2021"),
        ("Hate crime", 2023, "2023-03", ""),
        ("Hate crime", 2026, "2025-07", "the newest figures held"),
        ("Knives", 2022, "2022-07", "the 12 months to March 2022 of this edition"),
        ("Knives", 2026, "2026-02", "the newest figures held"),
        (WOMEN, 2022, "2022-03", ""),
        (WOMEN, 2026, "2026-02", "the newest figures held"),
    ],
)
def test_each_subject_names_its_twelve_months(
    subject: str, edition: int, period: str, said: str
) -> None:
    found = flagged(subject, edition)
    assert found.period == Period.year_to(period)
    assert said in found.notice
    assert bool(found.notice) == bool(said)


@pytest.mark.parametrize("edition", [2024, 2025, 2026])
@pytest.mark.parametrize("subject", ["Hate crime", "Domestic abuse"])
def test_no_change_is_stated_across_the_break(subject: str, edition: int) -> None:
    found = flagged(subject, edition)
    assert not found.year_on_year(subject).is_compared
    year = found.comparable(subject)
    assert year is not None
    assert year.period == Period.year_to("2024-02")
    said = found.year(subject).in_words
    assert "before and after February 2024 are not compared" in said
    assert "the 12 months to February 2023 to" in said


def test_years_wholly_after_the_break_are_compared() -> None:
    year = flagged(WOMEN).comparable(WOMEN)
    assert year is not None
    assert (year.base_count, year.count) == (3987, 4198)
    assert year.period == Period.year_to("2026-02")
    assert year.is_compared
    assert not year.own_past_is_unknown
    # The break lies a day or more inside the year to March 2024, so nothing compares with it.
    assert flagged(WOMEN, 2025).comparable(WOMEN).period == Period.year_to("2024-02")


@pytest.mark.parametrize("edition", [2022, 2023])
def test_a_series_of_one_year_says_when_it_begins(edition: int) -> None:
    year = flagged("Hate crime", edition).year("Hate crime")
    assert year.change is None
    assert year.in_words == (
        "No change is given: there are no two full years to compare, as the figures begin with "
        "August 2021."
    )
    assert not {"change", "against", "base"} & set(year.facts())


def test_a_short_series_is_set_beside_the_other_boroughs_alone() -> None:
    year = flagged("Knives").comparable("Knife crime")
    assert year is not None
    assert year.is_compared
    assert (year.own_past, year.verdict) == (NOT_KNOWN, NO_CLEAR_DIFFERENCE)
    assert np.isnan([year.p_value, year.ci_low, year.ci_high]).all()
    assert year.against_others_low < year.against_others_percent < year.against_others_high
    facts = flagged("Knives").year("Knife crime").facts()
    assert facts["change"].interval is None
    assert facts["against"].interval is not None


def test_a_rise_from_nought_is_told_without_a_per_cent() -> None:
    # Release of August 2025: no shots in the year to March 2024, two in that to March 2025.
    said = flagged("Guns", 2025, "Westminster").year("Lethal barrel discharges").in_words
    assert said == (
        "The count rose, from no offences in the 12 months to March 2024 to 2 in the 12 months to "
        "March 2025. So few say nothing of a trend."
    )


def test_too_few_offences_have_no_change_in_per_cent() -> None:
    year = flagged("Guns").year("Lethal barrel discharges")
    assert "%" not in year.in_words
    assert "change" not in year.facts()


def test_london_is_the_32_boroughs_and_shares_follow() -> None:
    hate = flagged("Hate crime", 2025)
    facts = hate.year("Hate crime").facts()
    assert facts["london"].value == hate.counts_by_borough("Hate crime").sum() == 20_804
    assert facts["share"].value == pytest.approx(100 * 803 / 20_804)
    assert facts["rate"].source == "mps_flagged_offences 2025-08_per_resident"


@pytest.mark.parametrize(
    ("edition", "releases"),
    [
        (2022, "release of March 2026; release of August 2025"),
        (2025, "release of March 2026"),
    ],
)
def test_a_figure_names_the_releases_of_its_own_months(edition: int, releases: str) -> None:
    book = BoroughEdition(Settings(edition=edition))
    knife = book.flagged("Knives").year("Knife crime").facts()
    assert book.citation(knife[""].source).release == releases
    gun = book.flagged("Guns").year("Gun crime").facts()
    assert book.citation(gun[""].source).release == "release of August 2025"


def test_gun_crime_is_not_compared_across_the_move_to_another_records_system() -> None:
    """In 30 of 32 boroughs it is higher in the year after: 1,444 offences and 1,903."""
    guns = flagged("Guns")
    before, after = (Period.year_to(month) for month in ("2024-02", "2025-02"))
    assert [guns.count("Gun crime", "LONDON", year) for year in (before, after)] == [1444, 1903]
    rose = guns.counts_by_borough("Gun crime", after) > guns.counts_by_borough("Gun crime", before)
    assert rose.sum() == 30
    assert not guns.year_on_year("Gun crime", period=after, base=before).is_compared
    assert guns.comparable("Gun crime").period == before


def test_outcomes_are_a_ratio_of_the_same_months() -> None:
    abuse = flagged("Domestic abuse", 2025)
    table = load.table("flagged_offences")
    own = table[(table["area_code"] == BARNET) & (table["measure"] == "Domestic abuse")]
    year = own[own["month"].isin(YEARS[2].months())]
    expected = 100 * year["positive_outcomes"].sum() / year["count"].sum()
    assert abuse.year("Domestic abuse").facts()["outcomes"].value == pytest.approx(expected)
    assert abuse.outcomes.table["month"].max() == YEARS[2].end
    assert "outcomes" not in flagged(WOMEN).year(WOMEN).facts()


def test_the_months_after_october_2023_are_set_beside_those_a_year_before() -> None:
    months = flagged("Hate crime", 2024).after("october_2023", "Antisemitic hate crime")
    assert months.months == "October to December 2023"
    facts = months.facts()
    counts = [facts[f"antisemitic_hate_crime{which}"].value for which in ("_after", "_before")]
    assert counts == [229, 27]
    assert facts["antisemitic_hate_crime_london_after"].value == 1052
    earlier = flagged("Hate crime", 2023).after("october_2023", "Antisemitic hate crime")
    assert list(earlier.facts()) == ["told"]
    with pytest.raises(ValueError, match="there is no 'october_2032'; write 'october_2023'"):
        flagged("Hate crime").after("october_2032")


def test_a_subject_that_is_not_published_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no 'Hate crimes'; write 'Hate crime'"):
        flagged("Hate crimes")


def test_no_table_of_the_dashboards_has_a_place_below_a_borough() -> None:
    boroughs = set(load.table("boroughs")["area_code"])
    for name in ("flagged_offences", "women_and_girls"):
        areas = set(load.table(name)["area_code"])
        assert boroughs <= areas
        assert all(area.startswith("MPS-") for area in areas - boroughs)


def test_years_without_the_airports_are_not_compared_with_years_that_have_them() -> None:
    """Hillingdon, dashboards: 758 hate crimes to February 2023, 674 to February 2024 without them.

    Its share of those in the 32 boroughs is 3.2% before these months, 2.5% in them and 3.0% after.
    """
    hillingdon = BoroughEdition(Settings("Hillingdon", 2024))
    hate = hillingdon.flagged("Hate crime").year("Hate crime")
    assert hate.change is None
    apart = (
        "From April 2023 to February 2024 offences at Heathrow and London City airports are in no "
        "borough's figures here."
    )
    assert hate.in_words.endswith(apart)
    women = hillingdon.flagged("Violence against women and girls")
    year = women.year("Violence against women and girls").change
    assert (year.period, year.base_period) == (Period.year_to("2023-03"), Period.year_to("2022-03"))
    assert "apart_from" not in set(
        BoroughEdition(Settings("Newham", 2024)).flagged("Knives").breaks.table["break_id"]
    )
