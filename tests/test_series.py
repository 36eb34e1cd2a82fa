"""Tables of series beside the release before: real ones are taken, spoilt ones are refused."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from safer_communities.datasets import load
from safer_communities.datasets.meaning.findings import Finding
from safer_communities.datasets.meaning.series import series_columns, unlike_the_release_before
from safer_communities.datasets.schemas import TABLES

BARNET, CAMDEN = "E09000003", "E09000007"
# Each table with the column that is spoilt in it.
TRIED = {
    "women_and_girls": "offences",
    "public_attitudes": "percent",
    "house_price_index": "value",
}
Spoil = Callable[[pd.DataFrame, pd.Series, pd.Series, str], pd.DataFrame]


def two_releases(name: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """The newest release, the same as a year before, and the times of the newest one's rows."""
    new = load.table(name)
    new = new[new["release"] == new["release"].max()]
    for kind in {"measure", "indicator"} & {*new.columns}:
        new = new[new[kind] == new[kind].min()]
    column, _ = series_columns(TABLES[name].key)
    times = pd.to_datetime(new[column].astype(str).str[:10])
    new = new[times > times.max() - pd.DateOffset(years=6)].reset_index(drop=True)
    times = pd.to_datetime(new[column].astype(str).str[:10])
    return new[times <= times.max() - pd.DateOffset(years=1)], new, times


def times_of(factor: float, *, newest: bool) -> Spoil:
    """Barnet's figures multiplied, of the newest time or of all times."""

    def spoil(table, times, own, value):
        rows = own & (times.eq(times.max()) if newest else True)
        return table.assign(**{value: table[value].mask(rows, table[value] * factor)})

    return spoil


def all_newest(table, times, own, value):
    newest = times.eq(times.max())
    return table.assign(**{value: table[value].mask(newest, table[value] * 0.4)})


def exchanged(table, times, own, value):
    pair = {BARNET: CAMDEN, CAMDEN: BARNET}
    return table.assign(area_code=table["area_code"].replace(pair))


SPOILT: dict[str, Spoil] = {
    "x10 in the newest": times_of(10, newest=True),
    "0 in the newest": times_of(0, newest=True),
    "x2 at all times": times_of(2, newest=False),
    "80% at all times": times_of(0.8, newest=False),
    "the newest of all at 40%": all_newest,
    "two boroughs exchanged": exchanged,
}


@pytest.mark.parametrize("name", TRIED)
def test_the_newest_release_follows_on_from_the_year_before(name: str) -> None:
    old, new, _ = two_releases(name)
    assert unlike_the_release_before(old, new, TABLES[name].key) == []


@pytest.mark.parametrize("kind", SPOILT)
@pytest.mark.parametrize("name", TRIED)
def test_a_spoilt_release_does_not(name: str, kind: str) -> None:
    old, new, times = two_releases(name)
    own = new["area_code"] == BARNET
    new = new.astype({TRIED[name]: float})
    found = unlike_the_release_before(
        old, SPOILT[kind](new, times, own, TRIED[name]), TABLES[name].key
    )
    assert found
    assert all(isinstance(each, Finding) and each.said for each in found)


def test_two_new_quarters_exchanged_are_found_by_the_one_before() -> None:
    old, new, times = two_releases("public_attitudes")
    other, newest = sorted(times.unique())[-2:]
    wrong = new.assign(month=times.replace({newest: other, other: newest}))
    found = unlike_the_release_before(old, wrong, TABLES["public_attitudes"].key)
    (one,) = [each for each in found if not each.area]
    assert one.where == ("", "", "2023-12")
    assert one.said == "the figures (percent) fit those before exchanged with September 2023"


def test_two_places_exchanged_in_one_quarter_are_found_by_the_one_before() -> None:
    table = load.table("public_attitudes")
    last = table["month"].max()
    pair = {BARNET: CAMDEN, CAMDEN: BARNET}
    is_last = table["month"] == last
    wrong = table.assign(
        area_code=table["area_code"].mask(is_last, table["area_code"].replace(pair))
    )
    (one,) = unlike_the_release_before(table[~is_last], wrong, TABLES["public_attitudes"].key)
    assert one.where == ("", BARNET, "2023-12")
    assert one.said == (
        f"the figures (percent) fit those before of {CAMDEN}, and the other way round"
    )


def test_what_is_said_of_a_figure() -> None:
    months = pd.date_range("2023-01-01", "2025-12-01", freq="MS")
    new = pd.DataFrame(
        {
            "area_code": np.repeat([BARNET, CAMDEN], len(months)),
            "month": np.tile(months, 2),
            "offences": np.tile(100 + np.arange(len(months)), 2),
            "release": "2026-01",
        }
    )
    old = new[new["month"] < "2025-01-01"]
    key = ["area_code", "month"]
    assert unlike_the_release_before(old, new, key) == []
    new.loc[0, "offences"] = 300
    (one,) = unlike_the_release_before(old, new, key)
    assert one.where == ("", BARNET, "")
    assert one.said == (
        "1 of 24 figures (offences) are not those of the release before, as 300 for 100 in "
        "January 2023"
    )


def test_last_years_counts_again_and_counts_in_tens_are_found() -> None:
    table = load.table("london_asb_calls")
    key = TABLES["london_asb_calls"].key
    last = table["month"].max() - pd.DateOffset(years=1)
    old, new = table[table["month"] <= last], table.set_index("month")
    assert unlike_the_release_before(old, table, key) == []
    year = new.index > last
    new.loc[year, "calls"] = new["calls"].reindex(new.index[year] - pd.DateOffset(years=1)).array
    (again,) = unlike_the_release_before(old, new.reset_index(), key)
    assert again.said == "all new figures (calls) are those of a year before"
    assert unlike_the_release_before(old.assign(calls=7), table.assign(calls=7), key) == []
    (tens,) = unlike_the_release_before(old, table.assign(calls=table["calls"].round(-1)), key)
    assert tens.said == "all calls are tens"


@pytest.fixture(scope="module")
def one_year_each() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Businesses of March 2020 and of March 2021: releases without a time in common."""
    table = load.table("business_counts")
    return table[table["release"] == "2020"], table[table["release"] == "2021"]


def test_a_release_of_one_year_follows_on_from_the_release_before(one_year_each) -> None:
    old, new = one_year_each
    key = TABLES["business_counts"].key
    assert unlike_the_release_before(old, new, key) == []
    twice = new["value"].mask(new["area_code"] == BARNET, new["value"] * 2)
    found = unlike_the_release_before(old, new.assign(value=twice), key)
    assert {each.area for each in found} == {BARNET}


def test_kinds_and_places_that_the_release_before_has_are_missed(one_year_each) -> None:
    old, new = one_year_each
    key = TABLES["business_counts"].key
    sheet = new["indicator"].isin(["local_units", "local_units_0_4"])
    for lost, where in (
        (sheet, ("local_units", "", "")),
        (new["area_code"] == BARNET, ("", BARNET, "")),
    ):
        found = unlike_the_release_before(old, new[~lost], key)
        assert where in {each.where for each in found}
    # What has other kinds is another file.
    other = old[old["indicator"] == "enterprises"].assign(indicator="employment_rate")
    assert unlike_the_release_before(other, new, key) == []


def test_where_nothing_else_is_revised_one_figure_may_not_be() -> None:
    """Women and men exchanged in a borough differ by 4%, which many a revision does."""
    new = load.table("life_expectancy")
    before = {"life_female": "life_male", "life_male": "life_female"}
    own = new["area_code"] == BARNET
    changed = new.assign(indicator=new["indicator"].mask(own, new["indicator"].map(before)))
    key = TABLES["life_expectancy"].key
    assert unlike_the_release_before(new, new, key) == []
    found = unlike_the_release_before(new, changed, key)
    assert {each.area for each in found} == {BARNET}


def test_two_months_of_a_single_series_exchanged_are_no_revision():
    new = load.table("london_asb_calls")
    key = TABLES["london_asb_calls"].key
    old = new[new["month"] <= "2023-03-01"].assign(release="2023-04")
    assert unlike_the_release_before(old, new, key) == []
    months = {pd.Timestamp("2020-01-01"): pd.Timestamp("2020-02-01")}
    months |= {other: one for one, other in months.items()}
    found = unlike_the_release_before(old, new.assign(month=new["month"].replace(months)), key)
    assert len(found) == 1
    assert "2 of 51 figures (calls) are not those of the release before" in found[0].said


def test_where_many_figures_tell_what_is_usual_a_fifth_less_is_far() -> None:
    new = load.table("attainment_8")
    key = TABLES["attainment_8"].key
    last = new["year"] == new["year"].max()
    assert unlike_the_release_before(new[~last], new, key) == []
    fallen = new["score"].mask(last & (new["area"] == "Barnet"), new["score"] * 0.8)
    (found,) = unlike_the_release_before(new[~last], new.assign(score=fallen), key)
    assert found.said.startswith("45.36 (score), where the year before leads one to expect 57.")
