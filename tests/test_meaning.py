"""Releases spoilt in their meaning are refused: many kinds, and each comparison by itself."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from safer_communities.datasets import load
from safer_communities.datasets.meaning import completeness, own_past, parts, residents
from safer_communities.datasets.meaning.counts import Counts
from safer_communities.datasets.meaning.findings import Finding, unexplained
from safer_communities.datasets.meaning.revisions import fallen_alone
from safer_communities.errors import InputError, leaves
from safer_communities.project import DATA
from safer_communities.sources import beside, beside_estimates
from safer_communities.sources.comparing import ConsistencyChecker
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.held import HeldTables
from spoilt_tables import BARNET, CANNOT_BE_TOLD, ENFIELD, NEEDS_OTHER_FILES, SPOILT, times

pytestmark = pytest.mark.slow

BOROUGHS, WARDS = "recorded_crime_borough/{}.parquet", "recorded_crime_ward/{}.parquet"
BEFORE = BOROUGHS.format("2025-04")
OUTCOMES = "positive_outcomes.csv"
ONE_KIND = "burglary 0 in a month"
assert ONE_KIND in {*SPOILT} - NEEDS_OTHER_FILES


@pytest.fixture(scope="module")
def crosswalks() -> Crosswalks:
    return Crosswalks.of(DATA)


@pytest.fixture(scope="module")
def newest() -> pd.DataFrame:
    return load.recorded_crime("2026-07")


@pytest.fixture(scope="module")
def held() -> dict[str, pd.DataFrame]:
    """What is there when the release of July 2026 comes after that of April 2025: small tables."""
    before = load.recorded_crime("2025-04")
    wards = load.ward_crime("2026-04")
    # Beside boroughs the wards count in sum, which is a twentieth of the rows.
    keys = ["month", "area_code", "offence", "classification", "release"]
    return {
        BEFORE: before[before["month"] >= "2018-01-01"],
        WARDS.format("2026-04"): wards.groupby(keys, as_index=False)["count"].sum(),
        OUTCOMES: load.table("positive_outcomes"),
    }


def told(crosswalks: Crosswalks, path: str, frame: pd.DataFrame, held: dict) -> list[str]:
    """What is said of a new table beside those held; none is in a folder."""
    checker = ConsistencyChecker(Path("nowhere"), crosswalks, {**held, path: frame})
    name = "positive_outcomes" if path == OUTCOMES else path.split("/")[0]
    try:
        checker.check(name, path, frame, "the file")
    except (InputError, ExceptionGroup) as error:
        return [str(leaf) for leaf in leaves(error)]
    return []


def test_the_release_as_published_is_taken(crosswalks, newest, held):
    path = BOROUGHS.format("2026-07")
    assert told(crosswalks, path, newest, held) == []
    assert told(crosswalks, path, newest, {BEFORE: held[BEFORE]}) == []


# What is found of a release alone is found of it beside its wards: one such kind every time.
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, marks=[] if kind in {*NEEDS_OTHER_FILES, ONE_KIND} else pytest.mark.long)
        for kind in SPOILT
    ],
)
def test_a_spoilt_release_is_refused_beside_its_wards(crosswalks, newest, held, kind):
    found = told(crosswalks, BOROUGHS.format("2026-07"), SPOILT[kind](newest), held)
    assert found
    assert len(found) <= 11
    assert all("data/reference/confirmed_changes.csv" in line for line in found[:10])


@pytest.mark.parametrize("kind", sorted({*SPOILT} - NEEDS_OTHER_FILES))
def test_a_spoilt_release_is_refused_alone(crosswalks, newest, held, kind):
    alone = {BEFORE: held[BEFORE]}
    assert told(crosswalks, BOROUGHS.format("2026-07"), SPOILT[kind](newest), alone)


@pytest.mark.parametrize("kind", CANNOT_BE_TOLD)
def test_what_cannot_be_told_is_listed_and_no_more(crosswalks, newest, held, kind):
    """Should one of these be found one day, its line in `meaning` can go."""
    spoilt = CANNOT_BE_TOLD[kind](newest)
    assert told(crosswalks, BOROUGHS.format("2026-07"), spoilt, held) == []


def test_the_message_names_area_offence_month_and_the_line_to_add(crosswalks, newest, held):
    spoilt = SPOILT["burglary 0 in a month"](newest)
    (line,) = told(crosswalks, BOROUGHS.format("2026-07"), spoilt, held)
    assert line == (
        "the file: Residential burglary, Barnet, April 2026: 0 offences, where the year before "
        "leads one to expect 121.\n  What to do: compare the file with the publisher's page, and "
        "fetch it again if they differ; if the count is right, add the line "
        "`mps_borough_crime,2026-07,Residential burglary,E09000003,2026-04,WHO,WHY,SOURCE` to "
        "data/reference/confirmed_changes.csv with who looked, why it is right and where that is "
        "known from."
    )


def test_a_confirmed_change_is_taken(crosswalks, newest, held):
    spoilt = SPOILT["burglary 0 in a month"](newest)
    row = ["mps_borough_crime", "2026-07", "Residential burglary", BARNET, "2026-04"]
    rows = crosswalks.confirmed_changes
    rows = pd.concat([rows, pd.DataFrame([[*row, "A", "B", "C"]], columns=rows.columns)])
    confirmed = Crosswalks(**{**vars(crosswalks), "confirmed_changes": rows})
    assert told(confirmed, BOROUGHS.format("2026-07"), spoilt, held) == []


def test_a_line_for_all_of_a_release_is_refused(crosswalks):
    rows = crosswalks.confirmed_changes
    row = ["mps_borough_crime", "2026-07", "", "", "", "A", "B", "C"]
    rows = pd.concat([rows, pd.DataFrame([row], columns=rows.columns)], ignore_index=True)
    with pytest.raises(InputError, match="name an offence, an area or a month"):
        load.check(load.TABLES["confirmed_changes"], rows, "the table")


@pytest.mark.parametrize(
    ("earlier", "needed"),
    [
        # The history of November 2022 ends in October 2020; that of March 2023 begins in 2021.
        (["2023-03", "2022-11", "2022-09", "2022-08"], 3),
        (["2023-03", "2022-11"], 2),
        (["2024-02", "2023-12"], 1),
        ([], 0),
    ],
)
def test_a_release_is_laid_beside_as_many_as_leave_no_month_out(crosswalks, earlier, needed):
    frame = pd.DataFrame({"month": pd.date_range("2021-05-01", "2023-04-01", freq="MS")})
    held = HeldTables(Path("nowhere"), crosswalks, {})
    assert beside._needed(held, earlier, frame) == needed


def test_months_behind_a_gap_are_left_out_and_the_others_compared(crosswalks, newest):
    """All of the last month doubled is found though a month years ago is in no release."""
    before = load.recorded_crime("2026-04")
    gap = before["month"] == "2021-01-01"
    alone = {BOROUGHS.format("2026-04"): before[~gap & (before["month"] >= "2018-01-01")]}
    spoilt = SPOILT["the last month x2"](newest)
    assert told(crosswalks, BOROUGHS.format("2026-07"), spoilt, alone)
    assert told(crosswalks, BOROUGHS.format("2026-07"), newest, alone) == []


@pytest.mark.parametrize("offence", ["Rape", "Homicide", "Bicycle theft", "Violent disorder"])
def test_an_offence_lost_from_one_of_two_files_is_found(offence):
    frame = load.recorded_crime("2026-04")
    recent = frame["month"] >= "2024-04-01"
    for lost in (recent, ~recent):
        (finding,) = completeness.offences_that_break_off(
            frame[~(lost & (frame["offence"] == offence))]
        )
        assert finding.where == (offence, "", "")
    assert completeness.offences_that_break_off(frame) == []


def test_the_last_two_months_exchanged_do_not_fit_those_before(recorded):
    """February and March 2026 of all boroughs, which no other release has."""
    (frame,) = recorded.values()
    boroughs = frame[frame["area_code"].str.startswith("E09")]
    months = pd.DatetimeIndex(sorted(frame["month"].unique()))
    series = Counts.of(boroughs, pd.Index(sorted(boroughs["area_code"].unique())), months)
    assert own_past.unlike_its_past(series, 2) == []
    exchanged = series.values.copy()
    exchanged[..., [-2, -1]] = exchanged[..., [-1, -2]]
    found = own_past.unlike_its_past(replace(series, values=exchanged), 2)
    assert (
        "2026-03",
        "the counts of all offences fit those before exchanged with February 2026",
    ) in [(each.month, each.said) for each in found]


def test_a_count_that_fell_alone_is_not_a_revision():
    """Barnet's thefts from cars in an old month, a seventh less; or so in two months of the row."""
    months = pd.date_range("2025-01-01", periods=6, freq="MS")
    values = np.full((2, 2, 6), 150.0)
    old = Counts(values, pd.Index(["A", "B"]), pd.Index([BARNET, "E09000004"]), months)

    def fallen(*places: int) -> np.ndarray:
        new = values.copy()
        new[1, 0, list(places)] = 130.0
        return np.argwhere(fallen_alone(old, replace(old, values=new), "2025-07") > 0)

    assert fallen(2).tolist() == [[1, 0, 2]]
    assert fallen(2, 4).size == 0
    # Of offences that are recorded last some leave again.
    assert fallen(5).size == 0


def test_burglaries_on_data_police_uk_are_about_those_of_recorded_crime(crosswalks):
    held = HeldTables(DATA, crosswalks, {})
    table = load.table("burglary_outcomes")
    assert beside.burglaries_beside(held, "2025-03", table, set()) == []
    last = table["month"] == table["month"].max()
    other = {BARNET: "E09000021", "E09000021": BARNET}
    wrong = table.assign(area_code=table["area_code"].mask(last, table["area_code"].replace(other)))
    found = beside.burglaries_beside(held, "2025-03", wrong, set())
    assert {each.where for each in found} == {("", code, "2024") for code in other}
    assert "where release 2025-04 of recorded crime has" in found[0].said


def test_burglaries_of_each_month_are_about_those_of_recorded_crime(crosswalks):
    held = HeldTables(DATA, crosswalks, {})
    table = load.table("burglary_outcomes")
    crimes = load.recorded_crime("2026-04")
    monthly = crimes[crimes["offence"].str.contains("urglary")]
    monthly = monthly.groupby(["area_code", "month"])["count"].sum()
    january, may = (pd.Timestamp(day) for day in ("2017-01-01", "2020-05-01"))
    is_before = monthly.index.get_level_values("month") < "2023-04-01"
    monthly = monthly[is_before & monthly.index.isin([*crosswalks.boroughs["area_code"]], level=0)]
    table.attrs["monthly"] = monthly
    assert beside.burglaries_beside(held, "2025-03", table, set()) == []
    wrong = monthly.copy()
    wrong[[(BARNET, january), (ENFIELD, january)]] = monthly[
        [(ENFIELD, january), (BARNET, january)]
    ].to_numpy()
    # Of Bromley and Hillingdon none of four months would tell.
    bromley, hillingdon = "E09000006", "E09000017"
    months = pd.date_range("2022-05-01", "2022-08-01", freq="MS")
    for month in months:
        pair = [(bromley, month), (hillingdon, month)]
        wrong[pair] = monthly[pair[::-1]].to_numpy()
    # A row of one outcome, of a dozen or two, is lost.
    wrong[(BARNET, may)] -= 40
    table.attrs["monthly"] = wrong
    found = beside.burglaries_beside(held, "2025-03", table, set())
    where = [each.where for each in found]
    assert ("", BARNET, "2020-05") in where
    assert found[where.index(("", BARNET, "2017-01"))].said == (
        "204 offences, as recorded crime has of E09000010, and the other way round"
    )
    count = f"{monthly[hillingdon][months].sum():,} offences in the 4 months to then"
    assert found[where.index(("", bromley, "2022-08"))].said == (
        f"{count}, as recorded crime has of {hillingdon}, and the other way round"
    )
    month = wrong[[(area, months[0]) for area in (bromley, hillingdon)]]
    rest = monthly.drop(month.index)
    assert not parts.unlike_in_a_month(pd.concat([rest, month]), monthly, "")


@pytest.mark.parametrize("release", ["2022-09", "2023-04", "2023-12", "2025-04", "2026-04"])
def test_no_release_has_a_ward_without_an_offence_that_all_others_have(release):
    assert completeness.wards_without(load.ward_crime(release)) == []


def test_a_ward_without_an_offence_that_all_others_have_is_told():
    wards = load.ward_crime("2026-04")
    hendon = wards.loc[wards["ward_name"] == "Hendon", "ward_code"].iloc[0]

    def without(offence: str) -> list[Finding]:
        lost = (wards["ward_code"] == hendon) & (wards["offence"] == offence)
        assert lost.any()
        return completeness.wards_without(wards[~lost])

    (found,) = without("Residential burglary")
    assert found.where == ("Residential burglary", hendon, "")
    assert found.said.startswith("no offence, where its part of the borough's would be ")
    # Real wards have hardly any shops, and no shoplifting.
    assert without("Shoplifting") == []


@pytest.mark.parametrize(
    ("offence", "said"),
    [
        ("Residential burglary", "286 offences, where the "),
        ("Theft or taking of a motor vehicle", "292 offences, where the "),
        ("Shoplifting", "462 offences, where the "),
    ],
)
def test_an_offence_doubled_in_a_month_is_told(crosswalks, newest, held, offence, said):
    doubled = times(2, offence, BARNET, pd.Timestamp("2026-04-01"))(newest)
    lines = told(crosswalks, BOROUGHS.format("2026-07"), doubled, {BEFORE: held[BEFORE]})
    assert f"{offence}, Barnet, April 2026: {said}" in lines[0]


def test_an_offence_is_held_to_what_it_had_in_other_boroughs():
    rng = np.random.default_rng(1)
    values = rng.poisson(100, (3, 32, 72)).astype(float)
    areas = pd.Index([f"E09{n:06}" for n in range(32)])
    months = pd.date_range("2020-07-01", periods=72, freq="MS")
    values[0, 5, -12:] += 75
    series = Counts(values, pd.Index(["A", "B", "C"]), areas, months)
    departures = own_past.share_departures(values)
    steady, usual = (
        own_past._of_its_offence(departures, 12, np.array([known, False, False]))
        for known in (True, False)
    )
    assert [float(limit[0, 0, 0]) for limit in usual] == [8.0, 6.5]
    assert [float(limit[0, 0, 0]) for limit in steady] == [6.25, 5.75]
    assert [float(limit[1, 0, 0]) for limit in steady] == [8.0, 6.5]
    found = {each.where for each in own_past.unlike_its_past(series, 12, {"A"})}
    alone = {each.where for each in own_past.unlike_its_past(series, 12)}
    assert found > alone


def test_prices_follow_the_index(crosswalks):
    held = HeldTables(DATA, crosswalks, {})
    table = load.table("prices_paid")
    assert beside_estimates.prices_beside(held, "2017", table, set()) == []
    mean, last = table["indicator"] == "mean_house_price", table["period_end"].dt.year == 2017
    here = mean & last & (table["area_code"] == BARNET)
    wrong = table.assign(value=table["value"].mask(here, table["value"] * 0.8))
    (found,) = beside_estimates.prices_beside(held, "2017", wrong, set())
    assert found.where == ("mean_house_price", BARNET, "2017")
    ends = [pd.Timestamp(f"{year}-12-31") for year in (2016, 2017)]
    exchanged = table["period_end"].replace(dict(zip(ends, ends[::-1], strict=True)))
    wrong = table.assign(period_end=exchanged)
    found = {each.where for each in beside_estimates.prices_beside(held, "2017", wrong, set())}
    assert ("median_house_price", "", "2017") in found


def test_years_of_projections_that_are_exchanged_are_told(crosswalks):
    held = HeldTables(Path("nowhere"), crosswalks, {})
    table = load.table("household_projections")
    assert beside_estimates.projections_beside(held, "base-2018", table, set()) == []
    other = table["mid_year"].replace({2042: 2043, 2043: 2042})
    (found,) = beside_estimates.projections_beside(
        held, "base-2018", table.assign(mid_year=other), set()
    )
    assert found.where == ("", "", "2043")
    here = table["mid_year"].where(table["area_code"] != BARNET, other)
    (found,) = beside_estimates.projections_beside(
        held, "base-2018", table.assign(mid_year=here), set()
    )
    assert found.where == ("", BARNET, "2043")


def test_a_fault_is_told_once_and_where_it_is_widest():
    year, month = Finding("", BARNET, "", "a"), Finding("Arson", BARNET, "2026-05", "b")
    other = Finding("Arson", "E09000004", "", "c")
    assert unexplained([month, year, other, month], []) == [year, other]
    assert unexplained([month, year, other], [("", BARNET, "")]) == [other]
    assert unexplained([month], [("Arson", "", "")]) == []
    assert unexplained([other], [("Arson", BARNET, "")]) == [other]


@pytest.fixture(scope="module")
def recorded() -> dict[str, pd.DataFrame]:
    """Recorded crime that has all months of the dashboard, and the years before."""
    frame = load.recorded_crime("2026-04")
    return {BOROUGHS.format("2026-04"): frame[frame["month"] >= "2018-01-01"]}


class TestDashboard:
    """Made changes to the dashboard's table, beside recorded crime of April 2026."""

    def test_as_published_it_is_taken(self, crosswalks, recorded):
        assert told(crosswalks, OUTCOMES, load.table("positive_outcomes"), recorded) == []

    @pytest.mark.parametrize(
        "kind",
        # Of months that are all others there are thousands of findings.
        [
            *("groups", "boroughs", "in a month", "one group", "half"),
            pytest.param("months", marks=pytest.mark.long),
        ],
    )
    def test_a_spoilt_one_is_refused(self, crosswalks, recorded, kind):
        table = load.table("positive_outcomes").copy()
        barnet = table["area_code"] == BARNET
        if kind == "groups":
            names = {"Theft": "Burglary", "Burglary": "Theft"}
            table["offence"] = table["offence"].replace(names)
        elif kind == "months":
            table["month"] -= pd.DateOffset(months=1)
        elif kind == "boroughs":
            areas = {BARNET: "E09000010", "E09000010": BARNET}
            table["area_code"] = table["area_code"].replace(areas)
        elif kind == "in a month":
            areas = {BARNET: "E09000010", "E09000010": BARNET}
            last = table["month"] == table["month"].max()
            table["area_code"] = table["area_code"].mask(last, table["area_code"].replace(areas))
        elif kind == "one group":
            rows = barnet & (table["offence"] == "Burglary") & (table["month"] == "2025-03-01")
            table.loc[rows, "offences"] //= 2
        else:
            table.loc[barnet & (table["month"] == "2025-12-01"), "offences"] //= 2
        assert told(crosswalks, OUTCOMES, table, recorded)


class TestResidents:
    """Made changes to the estimates of mid-2024, beside those of mid-2023."""

    @staticmethod
    def rows(name: str, release: str) -> pd.DataFrame:
        return load.table(name).query("release == @release").reset_index(drop=True)

    def test_each_release_is_taken_after_the_one_before(self):
        for one, other in (("mid-2020", "mid-2023"), ("mid-2023", "mid-2024")):
            tables = (self.rows("mid_year_population", release) for release in (one, other))
            assert residents.unlike_last_estimate(*tables) == []
            tables = (self.rows("population_by_age", release) for release in (one, other))
            assert residents.unlike_last_ages(*tables) == []

    @pytest.mark.parametrize("change", ["exchanged", "a tenth more"])
    def test_a_borough_that_changes_as_none_has_is_found(self, change):
        old, new = (self.rows("mid_year_population", r) for r in ("mid-2023", "mid-2024"))
        if change == "exchanged":
            new["area_code"] = new["area_code"].replace({BARNET: "E09000021", "E09000021": BARNET})
        else:
            new["population"] += (new["area_code"] == BARNET) * 40_000
        found = residents.unlike_last_estimate(old, new)
        assert BARNET in {finding.area for finding in found}

    @pytest.mark.parametrize("areas", [[], [BARNET]])
    def test_exchanged_ages_are_found(self, areas):
        old, new = (self.rows("population_by_age", r) for r in ("mid-2023", "mid-2024"))
        rows = new["area_code"].isin(areas or new["area_code"].unique())
        new["age"] = new["age"].where(~rows, new["age"].replace({5: 85, 85: 5}))
        found = residents.unlike_last_ages(old, new)
        assert "2024" in {finding.month for finding in found}

    def test_boroughs_with_each_other_s_ages_are_found(self):
        old, new = (self.rows("population_by_age", r) for r in ("mid-2023", "mid-2024"))
        new["area_code"] = new["area_code"].replace({BARNET: "E09000008", "E09000008": BARNET})
        found = residents.unlike_last_ages(old, new)
        assert BARNET in {finding.area for finding in found}


def test_households_of_two_boroughs_exchanged_do_not_fit_the_residents(crosswalks):
    people = {"population/mid_year_population.csv": load.table("mid_year_population")}
    held = HeldTables(Path("nowhere"), crosswalks, people)
    table = load.table("households")
    assert beside_estimates.households_beside(held, "census-2021", table, set()) == []
    other = {BARNET: "E09000010", "E09000010": BARNET}
    wrong = table.assign(area_code=table["area_code"].replace(other))
    (found,) = beside_estimates.households_beside(held, "census-2021", wrong, set())
    assert found.where == ("", BARNET, "2021")
    assert found.said == "120,923 households, where there are 388,955 residents"


@pytest.mark.parametrize("factor", [1, 0.8, 1000])
def test_wards_that_do_not_add_up_to_their_borough_are_told(crosswalks, factor):
    people = {"population/mid_year_population.csv": load.table("mid_year_population")}
    held = HeldTables(Path("nowhere"), crosswalks, people)
    table = load.table("ward_mid_year_population")
    changed = table["residents"].mask(table["ward_name"] == "Childs Hill", lambda n: n * factor)
    found = beside_estimates.ward_residents_beside(
        held, "mid-2024", table.assign(residents=changed.astype(int)), set()
    )
    assert [each.where for each in found] == ([] if factor == 1 else [("", BARNET, "2024")])
