"""What moved: the offences behind a change, and the ward or months that it rests on.

Barnet's values are of the release of April 2026 unless another is named: 12 months to March.
"""

import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.analysis.changes.year_on_year import NOT_COMPARABLE, USUAL
from safer_communities.analysis.moved.contribution import Contribution, contribution
from safer_communities.analysis.moved.messages import message
from safer_communities.analysis.moved.rests_on import RestsOn
from safer_communities.analysis.moved.split import split
from safer_communities.datasets import load
from safer_communities.settings import Settings

pytestmark = pytest.mark.slow

CHANGES = st.dictionaries(
    st.sampled_from(["Theft", "Robbery", "Burglary", "Drug offences", "Sexual offences"]),
    st.integers(-900, 900),
    min_size=1,
).map(lambda changes: pd.Series(changes, dtype=int))


@pytest.fixture(scope="module")
def barnet() -> BoroughEdition:
    return BoroughEdition(Settings("Barnet", 2026))


@pytest.fixture(scope="module")
def year(barnet: BoroughEdition) -> Contribution:
    return barnet.moved()


@pytest.fixture(scope="module")
def since(barnet: BoroughEdition) -> Contribution:
    return barnet.moved(barnet.strategy_edition.period)


class TestContribution:
    def test_drug_offences_made_nearly_all_of_the_rise(self, year: Contribution) -> None:
        facts = year.facts()
        assert year.total.change == 723
        assert (facts["lead_1"].value, facts["rest"].value) == (686, 37)
        assert facts["told"] == (
            "Of the 723 more offences, 686 were drug offences; all others together rose by 37. "
            "Among these, violence against the person rose by 666 and vehicle offences fell by 429."
        )
        assert facts["lead_told"] == (
            "Of the rise of 686 in drug offences, drug trafficking accounted for 503."
        )

    def test_what_is_counted_differently_is_said(self, since: Contribution) -> None:
        assert (
            "The police counted public fear, alarm or distress and violence with injury in "
            "another way in the later year than in the earlier one. So nothing can be said of the "
            "change in them, nor of that in public order offences and violence against the person."
        ) in since.points

    def test_single_offences_have_their_own_cautions(self, since: Contribution) -> None:
        breaks = load.table("series_breaks").set_index("break_id")["caution"]
        known = {part: caution for part, caution in since.cautions.items() if caution}
        assert known == {
            "Other theft": breaks["connect_other_theft_2024"],
            "Shoplifting": breaks["shoplifting_2024"],
            "Robbery of business property": breaks["business_robbery_2023"],
        }
        assert [since.points.count(caution) for caution in known.values()] == [1, 1, 1]
        within = since.parts_of(["Theft"])
        assert within.startswith("Shoplifting clearly rose by ")
        assert within.endswith(f"{known['Shoplifting']} {known['Other theft']}")

    def test_an_offence_that_is_its_own_group_is_named_once(self, since: Contribution) -> None:
        own = since.offences["measure"] == "Fraud and forgery"
        fraud = since.offences.assign(verdict=own.map({True: NOT_COMPARABLE, False: USUAL}))
        assert (
            "The police counted fraud and forgery in another way in the later year than in the "
            "earlier one. So nothing can be said of the change in it."
        ) in replace(since, offences=fraud).points

    def test_groups_and_offences_each_add_up_to_the_whole(self, year: Contribution) -> None:
        for table in (year.groups, year.offences):
            assert table["change"].sum() == 723
            assert table["share_percent"].sum() == pytest.approx(100)
        by_group = year.offences.groupby("group")["change"].sum()
        assert by_group.to_dict() == year.changes.to_dict()

    def test_shoplifting_is_more_than_the_whole_rise_in_theft(self, since: Contribution) -> None:
        assert since.facts()["lead_told"] == (
            "Shoplifting rose by 1,844, more than the whole rise of 1,711 in theft."
        )
        assert (
            "shoplifting also depends on how much of it shops report"
            in (since.facts()["depends_told"])
        )

    def test_who_finds_offences_is_told_apart(self, year: Contribution) -> None:
        facts = year.facts()
        # Drugs 686, miscellaneous 59, weapons 48 and public order -21 are against society.
        assert (facts["victims"].value, facts["society"].value) == (-46, 772)
        assert facts["depends_told"] == (
            "The number counted as drug offences and drug trafficking also depends on how much the "
            "police look for them."
        )

    def test_theft_of_vehicles_rose_while_vehicle_offences_fell(self, since: Contribution) -> None:
        parts = since.parts_apart().set_index("measure")
        part = parts.loc["Theft or taking of a motor vehicle"]
        assert (round(part["change_percent"], 1), round(part["group_percent"], 1)) == (25.1, -21.0)
        assert part["against"]
        assert (
            "Theft or taking of a motor vehicle rose by 25.1%, although vehicle offences as a "
            "whole fell by 21.0%."
        ) in since.points

    def test_no_part_is_told_of_a_group_that_a_break_rearranged(self) -> None:
        # Violence with injury cannot be compared across February 2024.
        hillingdon = contribution(BoroughEdition(Settings("Hillingdon", 2025)).crime)
        assert "Violence against the person" not in set(hillingdon.parts_apart()["group"])

    def test_no_percentage_is_told_of_a_handful(self) -> None:
        """Brent to March 2022, release of February 2024: 12 homicides, and then 3."""
        found = contribution(BoroughEdition(Settings("Brent", 2022)).crime)
        counts = found.offences.set_index("measure").loc["Homicide", ["base_count", "count"]]
        assert list(counts) == [12, 3]
        apart = found.parts_apart()
        assert "Homicide" not in set(apart["measure"])
        assert apart[["base_count", "count"]].min(axis=None) >= 20

    @pytest.mark.parametrize(
        ("borough", "edition", "start"),
        [
            ("Barnet", 2022, "Of the 1,740 more offences, 794 were theft and 503 were violence"),
            ("Barnet", 2023, "Theft rose by 547, more than the whole rise of 467; all others"),
            ("Barnet", 2025, "Rises and falls nearly cancelled each other out: theft rose by 740"),
            ("Westminster", 2026, "Of the 10,683 fewer offences, 10,237 were theft; all others"),
        ],
    )
    def test_each_kind_of_year_has_its_sentence(
        self, borough: str, edition: int, start: str
    ) -> None:
        own = contribution(BoroughEdition(Settings(borough, edition)).crime)
        assert str(own.facts()["told"]).startswith(start)
        assert own.groups["change"].sum() == own.total.change

    def test_a_net_change_of_nearly_none_has_no_shares(self) -> None:
        own = contribution(BoroughEdition(Settings("Barnet", 2025)).crime)
        assert own.total.change == 81
        assert own.groups["share_percent"].isna().all()


class TestSplit:
    @settings(max_examples=100)
    @given(CHANGES)
    def test_leads_and_the_rest_add_up_and_lead_the_way(self, changes: pd.Series) -> None:
        own = split(changes)
        assert own.net == changes.sum() == own.leads.sum() + own.rest
        assert (own.leads * own.net > 0).all()
        assert (own.rise > 0).all()
        assert (own.fall < 0).all()
        named = [*own.leads.index, *own.rise.index, *own.fall.index]
        assert len(named) == len(set(named))
        if len(own.leads):
            largest = changes[changes * own.net > 0].abs().max()
            assert own.leads.abs().max() == largest
            assert len(own.leads) <= 3

    @settings(max_examples=50)
    @given(CHANGES)
    def test_the_other_sign_is_the_mirror_image(self, changes: pd.Series) -> None:
        own, other = split(changes), split(-changes)
        assert own.rest == -other.rest
        assert own.leads.sum() == -other.leads.sum()

    def test_nothing_changed(self) -> None:
        own = split(pd.Series({"Theft": 0, "Robbery": 0}))
        assert (own.net, len(own.leads), len(own.rise), len(own.fall)) == (0, 0, 0, 0)


class TestRestsOn:
    def test_drug_trafficking_rests_on_five_months_and_one_ward(self, year: Contribution) -> None:
        found = next(each for each in year.resting if each.year.measure == "Drug trafficking")
        assert found.told() == (
            "Drug trafficking rose by 510 in April to August 2025, against the same months a "
            "year before. In the other months together there was a fall of 7. One ward, "
            "Totteridge & Woodside, had 237 of the rise of 503 in drug trafficking: it went from "
            "27 to 264. In the three months since, drug trafficking came to 104, after 497 in the "
            "same months a year before. That is by the release of July 2026."
        )
        assert found.told() in year.points

    def test_so_does_the_rise_since_the_strategy(self, since: Contribution) -> None:
        found = next(each for each in since.resting if each.year.measure == "Drug trafficking")
        assert (found.year.base_count, found.year.count) == (203, 1354)
        assert found.in_months.change == 683
        assert found.in_ward is None  # no ward release holds both years
        assert found.since["count"].sum() == 104
        assert found.since_release == "2026-07"

    def test_months_since_of_the_same_release_need_no_other_name(self) -> None:
        found = BoroughEdition(Settings("Hillingdon", 2025)).moved().resting
        drugs = next(each for each in found if each.year.measure == "Drug offences")
        assert drugs.since["count"].sum() == 1598
        assert drugs.since_release == ""

    def test_a_group_is_not_told_beside_its_own_part(self, year: Contribution) -> None:
        assert "Drug offences" not in [each.year.measure for each in year.resting]

    def test_no_ward_is_named_for_a_sensitive_offence(self) -> None:
        # Sexual offences in one ward of Kingston upon Thames, 12 to 35, would be named else.
        kingston = BoroughEdition(Settings("Kingston upon Thames", 2025)).moved()
        named = {each.year.measure for each in kingston.resting if each.in_ward}
        sensitive = load.table("offences").query("sensitive")
        assert named.isdisjoint({*sensitive["offence"], "Sexual offences"})

    @pytest.mark.parametrize("measure", ["Violence against the person", "Theft", "Robbery"])
    def test_it_is_silent_of_changes_that_are_spread(
        self, year: Contribution, measure: str
    ) -> None:
        assert measure not in [each.year.measure for each in year.resting]

    def test_more_than_the_whole_change_is_called_so(self) -> None:
        richmond = BoroughEdition(Settings("Richmond upon Thames", 2026)).moved()
        told = " ".join(each.told() for each in richmond.resting)
        assert re.search(
            r"One ward, St Margarets & North Twickenham, rose by 231, more than the whole rise of "
            r"155 in criminal damage: it went from 43 to 274\.",
            told,
        )

    def test_a_ward_of_another_release_is_set_beside_the_wards_of_its_own(self) -> None:
        """Lambeth to March 2025: 898 and 938 in the wards of April 2025; +151 in the borough."""
        lambeth = BoroughEdition(Settings("Lambeth", 2025))
        moved = lambeth.moved()
        found = next(e for e in moved.resting if e.year.measure == "Possession of drugs")
        assert (found.year.change, found.wards_change) == (151, 40)
        assert (
            "One ward, Herne Hill & Loughborough Junction, rose by 64, more than the whole rise of "
            "40 in possession of drugs in all wards: it went from 37 to 101. That is by the "
            "release of April 2025."
        ) in found.told()
        # What a card tells of single offences has their cautions.
        robbery = message(lambeth.crime, moved, lambeth.crime.year_on_year("Robbery"))
        assert robbery.part.startswith("Of the rise of ")
        assert robbery.caution == moved.cautions["Robbery of business property"]

    def test_a_run_of_months_is_named_with_its_years(self, year: Contribution) -> None:
        runs = [each for each in year.resting if isinstance(each, RestsOn) and each.in_months]
        assert all(" to " in each.told() for each in runs)


class TestKinds:
    """The Home Office's kinds: victim-based crime and other crimes against society."""

    def test_a_group_is_of_one_kind(self) -> None:
        offences = load.table("offences")
        assert (offences.groupby("offence_group")["kind"].nunique() == 1).all()
        groups = offences.groupby("kind")["offence_group"].unique().map(sorted)
        assert groups["against society"] == [
            "Drug offences",
            "Miscellaneous crimes against society",
            "Possession of weapons",
            "Public order offences",
        ]
        assert groups["fraud"] == ["Fraud and forgery"]
