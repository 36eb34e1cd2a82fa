"""What the book compares: one release, whole areas, the denominator of the right year.

Each value was worked out from the publisher's files apart from this code; the release stands beside
it.
"""

import pandas as pd
import pytest

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.analysis.recorded_crime import ALL_OF_LONDON, LONDON
from safer_communities.datasets import load
from safer_communities.datasets.schemas.gaps import idle_breaks
from safer_communities.settings import Settings
from safer_communities.sources.ons.mid_year_population import median_ages

APRIL_2026 = "release of April 2026"


def crime(borough: str, edition: int):
    return BoroughEdition(Settings(borough, edition)).crime


class TestOneRelease:
    """Barnet's totals: 28,242, 28,323 and 29,046 in the release of April 2026."""

    @pytest.mark.parametrize(
        ("edition", "base", "count"),
        [
            (2022, 26_086, 27_826),  # release of February 2024
            (2024, 27_524, 28_242),
            (2025, 28_242, 28_323),
            (2026, 28_323, 29_046),
        ],
    )
    def test_both_years_come_from_one_release(self, edition: int, base: int, count: int) -> None:
        year = crime("Barnet", edition).year_on_year()
        assert (year.base_count, year.count) == (base, count)

    @pytest.mark.parametrize("edition", sorted(load.table("editions")["edition"]))
    def test_no_edition_mixes_releases_in_its_two_years(self, edition: int) -> None:
        own = crime("Barnet", edition)
        months = own.period.previous().months().union(own.period.months())
        assert own.counts.release_of_month.loc[months].nunique() == 1


class TestAirports:
    """Offences at the airports stand apart from April 2023 to February 2024: 4,628."""

    @pytest.mark.parametrize(
        ("edition", "base", "count"),
        [(2024, 26_980, 28_489), (2025, 28_489, 30_335)],  # release of April 2026
    )
    def test_hillingdon_has_them_in_every_year(self, edition: int, base: int, count: int) -> None:
        year = crime("Hillingdon", edition).year_on_year()
        assert (year.base_count, year.count) == (base, count)

    def test_they_are_counted_once(self) -> None:
        own = crime("Hillingdon", 2024)
        assert own.count(area=ALL_OF_LONDON) == 936_425  # every row, release of April 2026
        assert own.count(area=LONDON) == 906_222 + 4_628


class TestLondon:
    """All rows of the police's file, and the 32 boroughs: release of April 2026."""

    @pytest.mark.parametrize(
        ("edition", "all_rows", "boroughs"), [(2025, -0.6, 1.2), (2026, -2.9, -2.1)]
    )
    def test_its_own_change_is_that_of_all_rows(
        self, edition: int, all_rows: float, boroughs: float
    ) -> None:
        own = crime("Barnet", edition)
        found = [own.year_on_year(area=area) for area in (ALL_OF_LONDON, LONDON)]
        assert [round(year.change_percent, 1) for year in found] == [all_rows, boroughs]


class TestResidents:
    @pytest.mark.parametrize("edition", [2025, 2026])
    def test_barnet_has_those_of_mid_2024(self, edition: int) -> None:
        residents = BoroughEdition(Settings("Barnet", edition)).people.residents
        assert residents.size["E09000003"] == 405_050
        assert residents.size[LONDON] == 9_074_625  # the 32 boroughs without the City

    def test_wards_add_up_to_their_borough(self) -> None:
        wards = load.table("ward_mid_year_population").groupby("area_code")["residents"].sum()
        estimates = load.table("mid_year_population").query("release == 'mid-2024'")
        assert (wards == estimates.set_index("area_code")["population"][wards.index]).all()
        assert len(wards) == 32

    @pytest.mark.parametrize(("release", "decimals"), [("mid-2020", 2), ("mid-2023", 1)])
    def test_a_median_from_ages_is_the_published_one(self, release: str, decimals: int) -> None:
        ages = load.table("population_by_age").query("release == @release")
        persons = ages.pivot(index="area_code", columns="age", values="population")
        people = load.table("mid_year_population").query("release == @release")
        published = people[people["mid_year"] == int(release[-4:])].set_index("area_code")
        made = median_ages(persons).round(decimals)
        pd.testing.assert_series_equal(
            made, published["median_age"].loc[made.index], check_names=False
        )


class TestBreaks:
    def test_every_effect_can_show(self) -> None:
        assert idle_breaks(load.table("series_breaks")) == []

    @pytest.mark.parametrize(
        ("effect", "part", "said"),
        [
            ("gap", "classification", "needs a classification"),
            ("no comparison", "measures", "needs a measures"),
            ("unusual base", "caution", "needs a caution"),
        ],
    )
    def test_an_effect_that_cannot_show_is_refused(self, effect: str, part: str, said: str) -> None:
        table = load.table("series_breaks").query("effect == @effect").assign(**{part: ""})
        assert all(said in problem for problem in idle_breaks(table))
        assert len(idle_breaks(table)) == len(table)

    def test_violence_with_injury_is_not_compared_across_the_move_to_connect(self) -> None:
        """All 32 boroughs fell at once, by 18.0% in the mean (release of April 2026).

        That is as the release has them, the airports apart.
        """
        own = crime("Barnet", 2025)
        rows = load.recorded_crime("2026-04").query("offence == 'Violence with injury'")
        months = rows.pivot_table(index="month", columns="area_code", values="count")
        boroughs = [
            months.loc[first:last, own.boroughs["area_code"]]
            for first, last in (("2023-03", "2024-02"), ("2024-03", "2025-02"))
        ]
        before, after = (months.sum() for months in boroughs)
        change = 100 * (after / before - 1)
        assert (change < 0).all()
        assert round(change.mean(), 1) == -18.0
        assert round(change.std(), 1) == 3.8
        assert own.breaks.forbid("Violence with injury", own.period.previous(), own.period)
        assert not own.breaks.forbid("Violence without injury", own.period.previous(), own.period)
