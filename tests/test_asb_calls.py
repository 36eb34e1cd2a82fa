"""Calls about anti-social behaviour: by month and in complete years."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safer_communities.analysis.asb import AsbCalls
from safer_communities.chapter.book import Book
from safer_communities.datasets.periods import Period
from safer_communities.settings import Settings


def made_calls(first: str, months: int, calls: int = 10) -> pd.DataFrame:
    """Made for these tests: the same number of calls a month, the newest month first."""
    index = pd.date_range(first, periods=months, freq="MS")[::-1]
    return pd.DataFrame({"month": index, "calls": calls})


def test_months_come_oldest_first_with_their_names() -> None:
    table = AsbCalls(made_calls("2020-03-01", 3), Period.year_to("2020-05")).by_month().table
    assert list(table["label"]) == ["March 2020", "April 2020", "May 2020"]
    assert list(table["count"]) == [10, 10, 10]


def test_a_year_is_compared_with_the_year_before() -> None:
    calls = made_calls("2019-04-01", 24)
    calls.loc[calls["month"] >= "2020-04-01", "calls"] = 15
    table = AsbCalls(calls, Period.year_to("2021-03")).by_year()
    assert list(table["label"]) == ["2019/20", "2020/21"]
    assert list(table["count"]) == [120, 180]
    assert pd.isna(table["change_percent"].iloc[0])
    assert table["change_percent"].iloc[1] == pytest.approx(50)


@given(
    start=st.integers(0, 11),
    months=st.integers(12, 60),
    end=st.integers(1, 12),
    year=st.integers(2010, 2030),
)
@pytest.mark.slow
def test_every_year_up_to_the_period_is_complete_and_none_is_missed(
    start: int, months: int, end: int, year: int
) -> None:
    first = pd.Timestamp("2018-01-01") + pd.DateOffset(months=start)
    calls = made_calls(str(first.date()), months)
    held = set(calls["month"])
    complete = [
        period.end
        for ends in range(2017, 2026)
        if held.issuperset((period := Period.year_to(f"{ends}-{end:02d}")).months())
    ]
    if complete:
        period = Period.year_to(f"{year}-{end:02d}")
        table = AsbCalls(calls, period).by_year()
        up_to = [each for each in complete if each <= period.end]
        assert list(table["period_end"]) == (up_to or complete[:1])
        assert set(table["count"]) == {120}


def test_an_edition_shows_no_month_or_year_after_its_own() -> None:
    for year in (2022, 2023, 2026):
        asb, incidents = (
            getattr(Book(Settings(edition=year)), n) for n in ("asb", "asb_incidents")
        )
        newest = min(pd.Timestamp(year, 3, 1), asb.calls["month"].max())
        assert asb.by_month().table["month"].max() == newest
        assert asb.by_year()["period_end"].max() == newest
        assert incidents.by_month()["month"].max() == incidents.year.end
        assert incidents.months_held.endswith(f" to {incidents.year.end:%B %Y}")


def test_the_real_calls_of_the_first_lockdown_year_are_the_most() -> None:
    table = Book(Settings()).asb.by_year().set_index("label")
    assert table["count"].idxmax() == "2020/21"
    assert table["change_percent"].loc["2021/22"] == pytest.approx(-43.6, abs=0.1)
