"""The checks of meaning: every one on the real tables, and each on a table that it must refuse."""

import pandas as pd
import pytest

import tables_against_each_other
from safer_communities.analysis.editions import edition_of
from safer_communities.analysis.recorded_crime import LONDON, TOTAL, RecordedCrime
from safer_communities.datasets import cross_checks, load
from safer_communities.statistics.rates import rate_interval

BARNET = "E09000003"
CLASSIFICATIONS = ("2019", "2024")
RELEASES = load.table("releases")
# Limits are this many times the largest revision seen: room for the next, none for damage.
ROOM = (1.2, 2.2)
# The releases that the limits were set by. What came later is held to the limits, not to the room.
MEASURED = {
    "mps_borough_crime": [
        *("2021-05", "2021-09", "2021-12", "2022-01", "2022-11", "2023-03", "2023-05", "2023-08"),
        *("2023-12", "2024-02", "2024-05", "2025-04", "2025-12", "2026-01", "2026-07"),
    ],
    "mps_ward_crime": ["2022-09", "2023-04", "2023-12", "2025-04", "2026-04"],
}


def releases(publication: str, classification: str) -> list[str]:
    rows = RELEASES[RELEASES["publication"] == publication]
    return sorted(rows.loc[rows["classification"] == classification, "release"])


def groups(classification: str) -> dict[str, str]:
    rows = load.table("offences").query("classification == @classification")
    return dict(zip(rows["offence"], rows["offence_group"], strict=True))


def pairs(publication: str, among: list[str] | None = None) -> list[tuple[str, str, str]]:
    """Each release (of some) with the one before it that has months in common with it."""
    months = RELEASES[RELEASES["publication"] == publication].set_index("release")
    found = []
    for classification in CLASSIFICATIONS:
        names = [
            name for name in releases(publication, classification) if among is None or name in among
        ]
        for place, new in enumerate(names):
            earlier = [
                old
                for old in names[:place]
                if months.at[old, "last_month"] >= months.at[new, "first_month"]
            ]
            found += [(classification, old, new) for old in earlier[-1:]]
    return found


BOROUGHS, WARDS = pairs("mps_borough_crime"), pairs("mps_ward_crime")


def beside(wards: str) -> str:
    """The borough release of the same classification that has most months of a ward release."""
    rows = RELEASES[RELEASES["publication"] == "mps_ward_crime"].set_index("release")
    own = rows.loc[wards]
    names = releases("mps_borough_crime", own["classification"])
    months = RELEASES[RELEASES["publication"] == "mps_borough_crime"].set_index("release")

    def shared(name: str) -> tuple[int, str]:
        first = max(own["first_month"], months.at[name, "first_month"])
        last = min(own["last_month"], months.at[name, "last_month"])
        return len(pd.period_range(first, last, freq="M")), name

    return max(names, key=shared)


WARD_RELEASES = sorted(RELEASES.query("publication == 'mps_ward_crime'")["release"])


def test_every_release_but_the_first_of_its_kind_has_one_before_it():
    for publication, found in (("mps_borough_crime", BOROUGHS), ("mps_ward_crime", WARDS)):
        for classification in CLASSIFICATIONS:
            later = releases(publication, classification)[1:]
            assert [new for kind, _, new in found if kind == classification] == later
            assert later
    assert {
        ("2019", "2022-09", "2023-04"),
        ("2019", "2023-04", "2023-12"),
        ("2024", "2025-04", "2026-04"),
    } <= set(WARDS)


@pytest.fixture(scope="module")
def largest():
    """The largest revision that the releases have shown, by the limit it is measured with."""
    found: dict[cross_checks.RevisionLimit, float] = {}
    for place, table, publication in (
        ("area_code", load.recorded_crime, "mps_borough_crime"),
        ("ward_code", load.ward_crime, "mps_ward_crime"),
    ):
        for classification, old, new in pairs(publication, MEASURED[publication]):
            sizes = tables_against_each_other.largest_revisions(
                table(old), table(new), groups(classification), place
            )
            for limit, size in sizes.items():
                found[limit] = max(found.get(limit, 0.0), size)
    return found


@pytest.mark.slow
def test_limits_are_what_the_releases_have_shown_and_some_room(largest):
    limits = [limit for of_place in cross_checks.REVISION_LIMITS.values() for limit in of_place]
    assert set(largest) == set(limits)
    for limit, size in largest.items():
        assert ROOM[0] * size <= limit.limit, (limit, size)
        # A month of all wards is revised by less than a month of all boroughs can be.
        if limit.keys != ("month",):
            assert limit.limit <= ROOM[1] * size, (limit, size)


@pytest.mark.parametrize(("classification", "old", "new"), [BOROUGHS[0], *BOROUGHS[-4:]])
def test_no_revision_of_boroughs_is_unusual(classification, old, new):
    tables = load.recorded_crime(old), load.recorded_crime(new)
    assert cross_checks.unusual_revisions(*tables, groups(classification)) == []


@pytest.mark.parametrize(("classification", "old", "new"), WARDS[-1:])
def test_no_revision_of_wards_is_unusual(classification, old, new):
    tables = load.ward_crime(old), load.ward_crime(new)
    assert cross_checks.unusual_revisions(*tables, groups(classification), "ward_code") == []


@pytest.mark.parametrize("change", ["lost", "cell", "offence", "borough", "month"])
def test_an_unusual_revision_is_found(change):
    old = load.recorded_crime("2026-01")
    new = load.recorded_crime("2026-07").copy()
    barnet, theft = new["area_code"] == BARNET, new["offence"] == "Shoplifting"
    month = new["month"] == "2025-03-01"
    if change == "lost":
        new = new[~(barnet & (new["offence"] == "Bicycle theft"))]
    elif change == "cell":
        new.loc[barnet & theft & month, "count"] += 300
    elif change == "offence":
        new.loc[theft, "count"] *= 2
    elif change == "borough":
        new.loc[barnet, "count"] = (new.loc[barnet, "count"] * 1.06).astype(int)
    else:
        new.loc[month, "count"] = (new.loc[month, "count"] * 0.9).astype(int)
    found = cross_checks.unusual_revisions(old, new, groups("2024"))
    expected = {
        "lost": "Bicycle theft, E09000003: all ",
        "cell": "Shoplifting, E09000003, March 2025: ",
        "offence": "Shoplifting: ",
        "borough": "E09000003: ",
        "month": "March 2025: ",
    }[change]
    assert any(problem.startswith(expected) for problem in found), found


def test_a_group_that_gained_an_offence_is_compared_as_a_whole():
    old, new = load.recorded_crime("2025-04"), load.recorded_crime("2026-01")
    assert cross_checks.unusual_revisions(old, new, groups("2024")) == []
    assert cross_checks.unusual_revisions(old, new) != []


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


@pytest.mark.parametrize("wards", WARD_RELEASES)
def test_wards_fall_short_of_their_boroughs_by_no_more_than_stated(wards):
    tables = load.ward_crime(wards), load.recorded_crime(beside(wards))
    assert cross_checks.wards_against_boroughs(*tables) == []


def test_wards_that_exceed_or_lack_too_much_are_found():
    wards, boroughs = load.ward_crime("2025-04"), load.recorded_crime("2025-04")
    more = wards.assign(count=wards["count"] * 2)
    assert any("E09000003: " in p for p in cross_checks.wards_against_boroughs(more, boroughs))
    less = wards[wards["ward_code"] > "E05013633"]
    assert any("E09000003: " in p for p in cross_checks.wards_against_boroughs(less, boroughs))


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
    return RecordedCrime(frame, offences, boroughs, BARNET, period.shift_years(years))


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
    frame = crime.counts[crime.counts["offence"].isin(crime.members[TOTAL])]
    boroughs = frame["area_code"].isin(crime.boroughs["area_code"])
    return frame[boroughs & (frame["month"] >= from_month)]


def test_the_classifications_differ_by_what_is_known():
    older, newer = _notifiable("2024-02", "2010-04-01"), _notifiable("2025-04", "2010-04-01")
    assert tables_against_each_other.classifications_against_each_other(older, newer) == []
    assert tables_against_each_other.classifications_against_each_other(newer, older) != []


def test_positive_outcomes_add_up_and_fit_recorded_crime():
    outcomes = load.table("positive_outcomes")
    assert cross_checks.outcomes_against_totals(outcomes, TOTAL) == []
    for release in ("2025-04", "2026-01", "2026-07"):
        recorded = load.recorded_crime(release)
        assert (
            tables_against_each_other.outcomes_against_recorded_crime(outcomes, recorded, TOTAL)
            == []
        )
    wrong = outcomes.copy()
    wrong.loc[0, "offences"] += 1
    assert len(cross_checks.outcomes_against_totals(wrong, TOTAL)) == 1
    half = outcomes.assign(offences=outcomes["offences"] // 2)
    found = tables_against_each_other.outcomes_against_recorded_crime(
        half, load.recorded_crime("2026-01"), TOTAL
    )
    assert len(found) == 24 * 32
