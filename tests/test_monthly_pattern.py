"""The monthly pattern: on series made for these tests, and on the months of all boroughs."""

import numpy as np
import pandas as pd
import pytest

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.analysis.over_time.monthly_pattern import (
    MonthlyPattern,
    monthly_pattern,
    ordinary_months,
    regular_months,
)
from safer_communities.datasets import load
from safer_communities.settings import Settings

MONTHS = pd.date_range("2012-04-01", "2022-03-01", freq="MS")


def made_series(level: int = 3000, winter: int = 0, last_year: int = 0) -> pd.Series:
    """Made counts: a level, more in November, and a different level in the last twelve months."""
    noise = np.random.default_rng(7).integers(-20, 21, len(MONTHS))
    counts = level * MONTHS.days_in_month / 30.4375 + noise
    counts = counts + winter * (MONTHS.month == 11) + last_year * (MONTHS >= "2021-04-01")
    return pd.Series(counts.astype(int), index=MONTHS)


def test_months_are_shown_as_they_were_counted() -> None:
    series = made_series(winter=600)
    months = monthly_pattern(series).months
    assert months["value"].tolist() == series.tail(60).tolist()
    assert pd.api.types.is_integer_dtype(months["value"])
    assert months["label"].iloc[-1] == "March 2022"


def test_what_is_usual_knows_the_season_and_the_length_of_the_month() -> None:
    usual = monthly_pattern(made_series(winter=600)).months.set_index("label")["centre"]
    assert usual["November 2021"] == pytest.approx(3000 * 30 / 30.4375 + 600, abs=40)
    assert usual["February 2022"] == pytest.approx(3000 * 28 / 30.4375, abs=40)


def test_a_season_makes_no_month_stand_out() -> None:
    pattern = monthly_pattern(made_series(winter=600))
    assert pattern.signals_in_last_year == 0
    assert pattern.signals_in_words == "none of the 12 months"
    assert pattern.signals.value == 0


def test_one_odd_month_stands_out_with_the_rule_that_says_so() -> None:
    series = made_series(winter=600)
    series["2021-11-01"] += 400
    months = monthly_pattern(series).months.set_index("label")
    assert months.index[months["signal"]].tolist() == ["November 2021"]
    assert months.at["November 2021", "rule"] == "outside limits"
    assert monthly_pattern(series).signals_in_words == "one of the 12 months"


def test_a_month_is_marked_exactly_where_its_count_lies_outside_the_limits_shown() -> None:
    book = BoroughEdition(Settings("Westminster", 2022))
    months = book.crime.monthly_pattern().months
    outside = (months["value"] > months["upper"]) | (months["value"] < months["lower"])
    assert outside.tolist() == months["signal"].tolist()
    assert outside.any()


def test_a_new_level_starts_anew_where_a_break_is_known() -> None:
    series = made_series(last_year=600)
    explained = monthly_pattern(series, [pd.Timestamp("2021-04-01")]).months
    assert not explained["signal"].any()
    usual = explained["centre"].to_numpy() / MONTHS[-60:].days_in_month.to_numpy() * 30.4375
    assert usual[:48] == pytest.approx(np.full(48, 3000), abs=120)
    assert usual[48:] == pytest.approx(np.full(12, 3600), abs=120)


def test_a_part_too_short_for_limits_has_none() -> None:
    pattern = monthly_pattern(made_series(), [pd.Timestamp("2021-10-01")])
    assert pattern.months["centre"].tail(6).isna().all()
    assert pattern.months["rule"].iloc[-1].endswith("too few for limits")
    assert pattern.signals_in_words == "none of the six months that have limits"
    both = [pd.Timestamp("2021-01-01"), pd.Timestamp("2021-10-01")]
    short = monthly_pattern(made_series(), both)
    assert short.signals_in_words == "none of the months, too few since a break for limits,"


def test_a_break_outside_the_years_shown_changes_nothing() -> None:
    series = made_series(winter=300)
    early = monthly_pattern(series, [pd.Timestamp("2013-04-01")])
    assert early.months.equals(monthly_pattern(series).months)


def test_the_season_is_found_and_named() -> None:
    pattern = monthly_pattern(made_series(winter=600))
    assert pattern.busiest == "November"
    assert pattern.busiest_percent == pytest.approx(100 * 550 / 3050, abs=2)
    assert pattern.quietest_percent < 0


def several_years(years: int, **high: int) -> pd.Series:
    """Months of equal days that grow from year to year, with more in those named, as "m11"."""
    months = pd.date_range("2010-04-01", periods=12 * years, freq="MS")
    more = sum(percent * (months.month == int(name[1:])) for name, percent in high.items())
    level = 100 + np.arange(len(months)) / 2
    noise = np.random.default_rng(3).normal(0, 3, len(months))
    percent = 1 + (more + noise) / 100
    return pd.Series((level * months.days_in_month * percent).round(), index=months)


def test_a_month_that_stands_out_year_after_year_is_named_and_no_growth_is() -> None:
    assert regular_months(several_years(12)).startswith("No month")
    series = several_years(16, m11=20, m8=-20)
    told = "In at least 14 of 15 years, more were recorded a day in November than in the months "
    assert regular_months(series).startswith(told)
    assert regular_months(series).endswith("and fewer in August.")
    # One year may be an exception, two may not, and of fewer years none.
    series["2015-11-01"] /= 2
    assert "November" in regular_months(series)
    series["2018-11-01"] /= 2
    assert "November" not in regular_months(series)
    assert regular_months(several_years(12, m11=20)).startswith("In all 11 years")
    # Of a rare crime most months lie below the mean; too few years show no season.
    assert regular_months(several_years(16, m11=20) // 1000) == ""
    assert regular_months(several_years(11, m11=20)) == ""


@pytest.fixture(scope="module")
def barnet() -> MonthlyPattern:
    return BoroughEdition(Settings("Barnet", 2022)).crime.monthly_pattern()


def test_only_the_first_lockdown_stands_out_in_barnet(barnet: MonthlyPattern) -> None:
    """Release of February 2024, April 2017 to March 2022: 31 months were marked before."""
    months = barnet.months
    assert months.loc[months["signal"], "label"].tolist() == ["March 2020"]
    assert months.set_index("label").at["March 2020", "value"] == 2299


def test_limits_start_anew_at_both_ends_of_the_year_of_lockdowns() -> None:
    restarts = BoroughEdition(Settings("Barnet", 2022)).breaks.restarts("Total notifiable offences")
    assert {pd.Timestamp("2020-04-01"), pd.Timestamp("2021-04-01")} <= set(restarts)
    violence = BoroughEdition(Settings("Barnet", 2026)).breaks.restarts("Violence with injury")
    # The move to CONNECT on 28 February 2024.
    assert pd.Timestamp("2024-03-01") in violence


def test_few_months_of_ordinary_years_are_marked() -> None:
    """All boroughs, April 2015 to March 2020, release of April 2026."""
    committed = load.table("ordinary_months").set_index("measure")
    assert committed["outside"].max() < 3.5
    book = BoroughEdition(Settings("Barnet", 2026))
    assert book.months_marked().period == "April 2015 to March 2020"
    row = ordinary_months(book.newest_crime, ["Total notifiable offences"]).iloc[0]
    assert row["months"] == 32 * 60
    known = committed.loc["Total notifiable offences"]
    assert (row["outside"], row["other"]) == (known["outside"], known["other"])
