"""Parts that add up: every check on the real tables, and each on a table that it must refuse."""

import pandas as pd
import pytest

import tables_against_each_other
from rows_of_counts import rows_of
from safer_communities.analysis.editions import edition_of
from safer_communities.analysis.monthly_counts import MonthlyCounts
from safer_communities.analysis.recorded_crime import LONDON, TOTAL, RecordedCrime
from safer_communities.datasets import cross_checks, load
from safer_communities.statistics.rates import rate_interval

BARNET = "E09000003"
WARD_RELEASES = sorted(load.table("releases").query("publication == 'mps_ward_crime'")["release"])


def test_boroughs_add_up_to_london():
    population = load.table("mid_year_population")
    assert cross_checks.boroughs_against_london(population) == []
    wrong = population.copy()
    wrong.loc[0, "population"] += 1
    assert len(cross_checks.boroughs_against_london(wrong)) == 1


def test_ages_add_up_to_residents():
    ages, population = load.table("population_by_age"), load.table("mid_year_population")
    assert tables_against_each_other.ages_against_residents(ages, population) == []
    wrong = ages.copy()
    wrong.loc[0, "population"] += 1
    assert len(tables_against_each_other.ages_against_residents(wrong, population)) == 1


def test_households_fit_residents():
    households = load.table("households").set_index("area_code")["households"]
    population = load.table("mid_year_population")
    rows = population.query("release == 'mid-2023' and mid_year == 2021").set_index("area_code")
    residents = rows["population"]
    assert tables_against_each_other.households_against_residents(households, residents) == []
    assert (
        len(tables_against_each_other.households_against_residents(households * 3, residents)) == 33
    )
    alone = households.rename({BARNET: "E09000099"})
    found = tables_against_each_other.households_against_residents(alone, residents)
    assert found == ["E09000099: no residents to compare"]


def test_every_ward_has_offences():
    residents = load.table("ward_population")
    for release in WARD_RELEASES:
        assert cross_checks.absent_wards(load.ward_crime(release), residents) == []
    wards = load.ward_crime("2026-04")
    lacking = wards[wards["ward_code"] != "E05013628"]
    assert cross_checks.absent_wards(lacking, residents) == ["no offence in ward E05013628"]


def _crime(release: str, end: str) -> RecordedCrime:
    frame = load.recorded_crime(release)
    offences = load.table("offences")
    offences = offences[offences["classification"] == frame["classification"].iloc[0]]
    period = edition_of(2022, load.table("editions")).period
    years = pd.Timestamp(end).year - period.end.year
    boroughs = load.table("boroughs")
    return RecordedCrime(
        MonthlyCounts(frame), offences, boroughs, BARNET, period.shift_years(years)
    )


@pytest.mark.parametrize(("release", "end"), [("2024-02", "2023-03-01"), ("2025-04", "2025-03-01")])
def test_months_add_up_to_years(release, end):
    crime = _crime(release, end)
    for area in (BARNET, LONDON):
        annual = crime.annual(TOTAL, area).set_index("period_end")["count"]
        monthly = crime.monthly(TOTAL, area).reset_index()
        assert len(annual) >= 13
        assert tables_against_each_other.months_against_years(monthly, annual) == []
        assert len(tables_against_each_other.months_against_years(monthly.iloc[:-1], annual)) == (
            1 if monthly["month"].iloc[-1] == annual.index[-1] else 0
        )
        assert len(tables_against_each_other.months_against_years(monthly, annual + 1)) == len(
            annual
        )


def test_boroughs_add_up_to_the_london_of_the_book():
    crime = _crime("2025-04", "2025-03-01")
    frame = load.recorded_crime("2025-04")
    notifiable = frame[frame["offence"].isin(crime.members[TOTAL])]
    boroughs = notifiable[notifiable["area_code"].isin(crime.boroughs["area_code"])]
    by_month = boroughs.groupby("month")["count"].sum()
    assert (crime.monthly(TOTAL, LONDON) == by_month).all()


def test_rates_times_population_give_counts():
    crime = _crime("2024-02", "2022-03-01")
    counts = crime.counts_by_borough(TOTAL)
    population = load.table("mid_year_population").query("release == 'mid-2020'")
    exposure = population.query("mid_year == 2020").set_index("area_code")["population"]
    rates = pd.DataFrame({"count": counts, "exposure": exposure}).dropna()
    assert len(rates) == 32
    rates["rate"] = rate_interval(rates["count"], rates["exposure"]).rate
    assert tables_against_each_other.rates_against_counts(rates, 1000) == []
    rates.loc[BARNET, "rate"] *= 1.001
    assert len(tables_against_each_other.rates_against_counts(rates, 1000)) == 1


def _notifiable(release: str, from_month: str) -> pd.DataFrame:
    crime = _crime(release, "2022-03-01")
    rows = rows_of(crime)
    frame = rows[rows["offence"].isin(crime.members[TOTAL])]
    boroughs = frame["area_code"].isin(crime.boroughs["area_code"])
    return frame[boroughs & (frame["month"] >= from_month)]


def test_the_classifications_differ_by_what_is_known():
    older, newer = _notifiable("2024-02", "2010-04-01"), _notifiable("2025-04", "2010-04-01")
    assert tables_against_each_other.classifications_against_each_other(older, newer) == []
    assert tables_against_each_other.classifications_against_each_other(newer, older) != []


def test_positive_outcomes_add_up():
    outcomes = load.table("positive_outcomes")
    assert cross_checks.outcomes_against_totals(outcomes, TOTAL) == []
    wrong = outcomes.copy()
    wrong.loc[0, "offences"] += 1
    assert len(cross_checks.outcomes_against_totals(wrong, TOTAL)) == 1
