"""The same twelve months in each release: whole years only, releases without them left out."""

import pandas as pd
import pytest

from safer_communities.analysis.editions import counts_by_release, headline_revisions
from safer_communities.datasets.periods import Period

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
