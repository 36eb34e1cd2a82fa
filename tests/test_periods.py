"""Twelve-month periods and their names."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safer_communities.datasets.periods import Period, months_in_words

MONTHS = st.dates(pd.Timestamp("1990-01-01").date(), pd.Timestamp("2090-12-31").date())


def test_the_year_to_march() -> None:
    year = Period.year_to("2022-03")
    assert year.start == pd.Timestamp("2021-04-01")
    assert year.end == pd.Timestamp("2022-03-01")
    assert year.label == "12 months to March 2022"
    assert year.financial_year == "2021/22"


def test_the_turn_of_a_century_keeps_two_digits() -> None:
    assert Period.year_to("2100-03").financial_year == "2099/00"
    assert Period.year_to("2023-12").financial_year == "2023"


def test_a_year_that_is_no_financial_year_is_not_called_one() -> None:
    assert Period.year_to("2022-07").financial_year == "year to July 2022"


@given(MONTHS)
def test_a_period_is_twelve_whole_months_ending_in_its_month(day) -> None:
    year = Period.year_to(pd.Timestamp(day))
    months = year.months()
    assert len(months) == 12
    assert (months[-1].year, months[-1].month) == (day.year, day.month)
    assert year.previous().end < year.start
    assert year.previous().shift_years(1) == year


def test_the_last_year_before_the_pandemic_ends_before_it() -> None:
    year = Period.year_to("2022-03")
    assert year.last_before("2020-04-01").label == "12 months to March 2020"
    assert year.last_before("2020-03-01").label == "12 months to March 2019"
    assert year.last_before("2030-01-01") == year


def test_a_month_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="soon"):
        Period.year_to("soon")
    with pytest.raises(ValueError, match="month"):
        Period.year_to(pd.NaT)


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (["2022-03"], "March 2022"),
        (["2022-03", "2022-05", "2022-06"], "March 2022, May 2022, June 2022"),
        (
            ["2022-03", "2022-05", "2022-06", "2023-01"],
            "4 months between March 2022 and January 2023",
        ),
    ],
)
def test_months_in_words(months: list[str], words: str) -> None:
    assert months_in_words([pd.Period(month) for month in months]) == words
    assert months_in_words([pd.Timestamp(month) for month in months]) == words
