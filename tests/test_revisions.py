"""The same twelve months in each release: whole years only, and how their counts grow."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.analysis.changes.year_on_year import (
    BEYOND_USUAL,
    CANNOT_TELL_YET,
    YearOnYear,
)
from safer_communities.analysis.editions import counts_by_release, headline_revisions
from safer_communities.analysis.over_time.revisions import Revisions
from safer_communities.analysis.priorities.progress import NO_CLEAR_CHANGE
from safer_communities.analysis.recorded_crime import ALL_OF_LONDON
from safer_communities.datasets.periods import Period
from safer_communities.settings import Settings
from safer_communities.statistics.changes import revisions

YEAR = Period.year_to("2022-03")


def made_release(first: str, last: str, count: int, classification: str = "2019") -> pd.DataFrame:
    """Made for these tests: two offences in one borough and one in another, every month."""
    months = pd.date_range(first, last, freq="MS")
    rows = [(month, area, count) for month in months for area in ("A", "A", "B")]
    return pd.DataFrame(rows, columns=["month", "area_code", "count"]).assign(
        classification=classification
    )


BOTH_YEARS = made_release("2020-04-01", "2022-06-01", 10)


def test_both_years_of_one_area_and_their_change() -> None:
    later = BOTH_YEARS["month"] > YEAR.previous().end
    grown = BOTH_YEARS.assign(count=BOTH_YEARS["count"].where(~later, 15))
    row = counts_by_release({"2022-07": grown}, "A", YEAR).iloc[0]
    assert (row["base_count"], row["count"]) == (240, 360)
    assert row["change_percent"] == pytest.approx(50)


def test_a_release_without_either_year_is_left_out() -> None:
    releases = {
        "2022-07": BOTH_YEARS,
        "2020-01": made_release("2018-01-01", "2019-12-01", 10),
        "2021-06": made_release("2019-06-01", "2021-02-01", 10),
    }
    assert list(counts_by_release(releases, "A", YEAR)["release"]) == ["2022-07"]


@pytest.mark.parametrize(
    ("first", "last", "missing"),
    [("2020-05-01", "2022-03-01", "base_count"), ("2020-04-01", "2022-02-01", "count")],
)
def test_a_year_held_in_part_is_missing_and_gives_no_change(
    first: str, last: str, missing: str
) -> None:
    """Eleven months must not pass for a year."""
    releases = {"2022-07": BOTH_YEARS, "2023-01": made_release(first, last, 10)}
    row = counts_by_release(releases, "A", YEAR).iloc[1]
    assert row["release"] == "2023-01"
    assert pd.isna(row[missing])
    assert pd.isna(row["change_percent"])
    assert row[["base_count", "count"]].notna().sum() == 1


def test_classifications_stand_apart_and_releases_in_order() -> None:
    releases = {
        "2025-04": made_release("2020-04-01", "2022-03-01", 9, "2024"),
        "2024-05": made_release("2020-04-01", "2022-03-01", 8, "2024"),
        "2024-02": BOTH_YEARS,
    }
    table = counts_by_release(releases, "A", YEAR)
    assert list(table["classification"]) == ["2019", "2024", "2024"]
    assert list(table["release"]) == ["2024-02", "2024-05", "2025-04"]
    assert list(table["count"]) == [240, 192, 216]


def test_a_headline_turns_grows_or_stays() -> None:
    published = pd.Series([-1.9, -11.0, 6.5, 2.0])
    newest = pd.Series([4.5, -8.0, 6.7, 3.0])
    assert headline_revisions(published, newest) == ["direction", "size", "nothing", "nothing"]


def spans(**releases: tuple[str, str]) -> pd.DataFrame:
    """Releases by their month ("m2022_07"), each with the first and the last month it holds."""
    rows = {
        pd.Timestamp(name[1:].replace("_", "-")): map(pd.Timestamp, held)
        for name, held in releases.items()
    }
    return pd.DataFrame(rows.values(), index=list(rows), columns=["first", "last"])


TWO = spans(m2021_05=("2019-05", "2021-04"), m2022_01=("2020-01", "2021-12"))


def test_two_releases_share_the_years_that_both_hold_in_full() -> None:
    table = revisions.steps(TWO)
    # From January to December 2020 up to May 2020 to April 2021.
    assert list(table["end"]) == list(pd.date_range("2020-12", "2021-04", freq="MS"))
    assert list(table["age"]) == [5, 4, 3, 2, 1]
    assert list(table["later_age"]) == [13, 12, 11, 10, 9]
    assert set(table["earlier"]) == {pd.Timestamp("2021-05")}


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 40), st.integers(1, 3)),
        min_size=1,
        max_size=5,
        unique_by=lambda each: sum(each),
    )
)
def test_every_step_lies_within_both_releases(made: list[tuple[int, int, int]]) -> None:
    month = pd.period_range("2015-01", periods=120, freq="M").to_timestamp()
    rows = [(month[first], month[first + more]) for first, more, _ in made]
    index = [month[sum(each)] for each in made]
    held = pd.DataFrame(rows, index=index, columns=["first", "last"])
    for step in revisions.steps(held).itertuples():
        assert step.earlier < step.later
        for release, age in ((step.earlier, step.age), (step.later, step.later_age)):
            assert step.end + pd.DateOffset(months=age) == release
            assert held.at[release, "first"] + pd.DateOffset(months=11) <= step.end
            assert step.end <= held.at[release, "last"]


def test_the_likest_step_is_the_nearest_in_age_and_then_the_newest() -> None:
    rows = [("2021-01", "2022-01", 1, 13), ("2023-01", "2024-01", 1, 13)]
    rows.append(("2024-01", "2025-01", 3, 15))
    table = pd.DataFrame(rows, columns=["earlier", "later", "age", "later_age"])
    found = revisions.likest(table, 1)
    assert list(found["earlier"]) == ["2023-01", "2021-01", "2024-01"]
    assert list(revisions.likest(table, 3)["age"]) == [3, 1, 1]
    assert revisions.likest(table, 4)["age"].tolist() == [3]
    assert revisions.likest(table, 6).empty
    assert len(revisions.likest(table, 1, months=14)) == 3
    assert revisions.likest(table, 1, months=15).empty


@given(st.lists(st.tuples(*[st.integers(1, 10**6)] * 3), min_size=1, max_size=5))
def test_growth_over_two_steps_is_the_product_of_both(counts: list[tuple[int, int, int]]) -> None:
    first, second, third = (pd.Series(each) for each in zip(*counts, strict=True))
    steps = [revisions.growth_percent(*pair) for pair in ((first, second), (second, third))]
    chained = ((1 + steps[0] / 100) * (1 + steps[1] / 100) - 1) * 100
    whole = revisions.growth_percent(first, third)
    assert whole.to_numpy() == pytest.approx(chained.to_numpy(), abs=1e-6)


def test_nothing_does_not_grow_by_any_share() -> None:
    grown = revisions.growth_percent(pd.Series([0, 200]), pd.Series([5, 201]))
    assert pd.isna(grown[0])
    assert grown[1] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: revisions.steps(pd.concat([TWO, TWO])), "spans: May 2021 stands twice"),
        (
            lambda: revisions.steps(spans(m2021_05=("2019-05", "2021-06"))),
            "spans: the release of May 2021 holds later months",
        ),
        (lambda: revisions.likest(revisions.steps(TWO), -1), "age: -1 is not a whole number"),
        (lambda: revisions.growth_percent(pd.Series([1]), pd.Series([-1])), "later_count: -1"),
    ],
)
def test_bad_releases_are_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.fixture(scope="module")
def held() -> dict[int, Revisions]:
    """What the committed releases say, in the editions of Barnet."""
    return {year: BoroughEdition(Settings("Barnet", year)).revisions for year in range(2022, 2027)}


def test_2024_25_grew_in_every_borough_by_a_third_to_two_per_cent(held: dict) -> None:
    """Between the releases of April 2025 and April 2026."""
    growth = held[2026].growth()
    assert (growth.earlier, growth.later, growth.year.label) == (
        "2025-04",
        "2026-04",
        "12 months to March 2025",
    )
    assert growth.own == pytest.approx(100 * (28323 / 28091 - 1))
    assert (round(growth.low, 1), round(growth.high, 1)) == (0.3, 1.9)
    assert round(growth.percent, 1) == 0.9


@pytest.mark.parametrize(
    ("edition", "year", "releases"),
    [
        (2023, "2022-04", ("2023-03", "2024-02")),
        (2024, "2023-03", ("2025-04", "2026-04")),
        (2025, "2024-03", ("2025-04", "2026-04")),
    ],
)
def test_an_older_count_is_set_beside_one_as_old(held, edition, year, releases) -> None:
    growth = held[edition].growth()
    assert (growth.year, growth.earlier, growth.later) == (Period.year_to(year), *releases)
    assert abs(growth.percent) < 0.15


def test_releases_that_name_the_rows_of_violence_otherwise_are_not_compared(held: dict) -> None:
    """Stalking and harassment left violence without injury with the release of December 2025."""
    assert held[2026].growth("Violence without injury").later == "2025-04"
    assert held[2026].growth("Stalking and harassment") is None
    assert held[2026].growth("Violence against the person").later == "2026-04"


def test_a_kind_that_few_boroughs_have_enough_of_has_no_usual_growth(held: dict) -> None:
    assert held[2026].growth("Arson") is None


def test_weapons_grow_most_of_all_groups(held: dict) -> None:
    """Releases of April 2025 and April 2026, London: 4,892 to 5,473 in 2024/25."""
    first = held[2026].growths().iloc[0]
    assert (first["measure"], round(first["percent"], 1)) == ("Possession of weapons", 11.9)


def test_each_edition_then_and_now(held: dict) -> None:
    table = held[2022].headlines().table.set_index("edition")
    published = table.loc["2025"]
    assert (published["then_count"], published["now_count"]) == (28091, 28323)
    assert published["then_change_percent"].round(1) == -0.5
    assert published["now_change_percent"].round(1) == 0.3
    assert published["then_release"] == pd.Timestamp("2025-04")
    assert published["now_release"] == pd.Timestamp("2026-04")
    # The release of July 2026 holds the later of both years alone.
    newest = table.loc["2026"]
    assert (newest["now_count"], newest["newest_count"]) == (29046, 29280)
    assert newest["now_change_percent"].round(1) == 2.6
    assert table.loc["2022", "now_count"] == 27826


def test_the_triangle_tells_what_each_age_added(held: dict) -> None:
    table = held[2026].triangle()
    year = table.loc["2024/25, list of 2024"]
    # January 2026, April 2026; no release of that age has a count two years on.
    assert year[["7 to 12", "13 to 24"]].round(2).tolist() == [0.78, 0.83]
    assert pd.isna(year["25 to 36"])
    assert table.loc["2025/26, list of 2024", "1 to 6"].round(2) == 0.81
    # Held by no release before it was 14 months old.
    assert "2022/23, list of 2024" not in table.index


def change(percent: float, low: float, high: float) -> YearOnYear:
    counts = (1000, 1000, 0)
    both = YEAR, YEAR.previous()
    return YearOnYear("Total", "A", *both, *counts, percent, low, high, 0.0, growth_percent=1.0)


@pytest.mark.parametrize(
    ("percent", "low", "high", "unsettled"),
    [
        (-0.5, -4, 3, True),  # the sign turns
        (0.5, -3, 4, False),
        (3, -0.5, 6, True),  # the interval would exclude no change
        (-5, -8, -0.7, True),  # the interval would no longer
        (-5, -8, -1.5, False),
        (5, 2, 8, False),
        (float("nan"), float("nan"), float("nan"), False),  # cannot be compared
    ],
)
def test_growth_unsettles_what_it_would_turn(percent, low, high, unsettled) -> None:
    year = change(percent, low, high)
    assert year.is_unsettled is unsettled
    assert (year.own_past == CANNOT_TELL_YET) is unsettled


def test_a_change_that_growth_would_turn_is_too_early_to_judge_on_every_page() -> None:
    """Shoplifting in Croydon fell by 22.2% in the 12 months to March 2026 (release of April 2026).

    Such counts grew by 1.3% between April 2025 and April 2026: the interval ends near nought.
    """
    book = BoroughEdition(Settings("Croydon", 2026))
    year = book.crime.year_on_year("Shoplifting")
    assert (round(year.change_percent, 1), round(year.grown_percent, 1)) == (-22.2, -21.2)
    assert replace(year, growth_percent=float("nan")).own_past == BEYOND_USUAL
    assert year.own_past == CANNOT_TELL_YET
    page = book.offences["shoplifting"].changes["year"]
    assert page.verdict == NO_CLEAR_CHANGE
    assert "there is a fall of 21.2%: too early to judge" in page.told()
    # Offences without a borough become fewer, not more: London's own change is not told of growth.
    assert pd.isna(book.crime.year_on_year(area=ALL_OF_LONDON).growth_percent)


def test_a_change_with_the_usual_growth_of_its_second_count() -> None:
    assert change(-0.5, -4, 3).grown_percent == pytest.approx((0.995 * 1.01 - 1) * 100)
