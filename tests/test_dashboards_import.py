"""The two dashboards of flagged offences: read as published, refused where anything is off.

Each corruption is tried on a small made file (see `made_dashboards`). What is said of it must name
the file, the place and what to do.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import made_dashboards as made
from safer_communities.datasets import load
from safer_communities.errors import InputError, leaves
from safer_communities.project import DATA
from safer_communities.sources.beside import flagged_beside
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.held import HeldTables
from safer_communities.sources.mps import flagged_offences, women_and_girls

pytestmark = pytest.mark.slow

Change = Callable[[pd.DataFrame], object]


@pytest.fixture(scope="module")
def crosswalks() -> Crosswalks:
    """Those of `data/`, with the releases that are made here."""
    known = Crosswalks.of(DATA)
    own = [
        {
            "publication": name,
            "release": made.RELEASE,
            "classification": "",
            "first_month": "2023-01",
            "last_month": "2023-04",
            "note": "",
        }
        for name in (flagged_offences.NAME, women_and_girls.NAME)
    ]
    return replace(known, releases=pd.concat([known.releases, pd.DataFrame(own)]))


def set_cells(column: str, value: object, *rows: int) -> Change:
    """A change of the cells in some rows, the first unless named."""

    def change(table: pd.DataFrame) -> None:
        if not isinstance(value, str) or table[column].dtype.kind in "iM":
            table[column] = table[column].astype(object)
        table.loc[list(rows) or [0], column] = value

    return change


def raised(by: int, *, where: Change | None = None) -> Change:
    """A change of the first count of several rows, as a typing error would make it."""

    def change(table: pd.DataFrame) -> None:
        table.loc[where(table) if where else 0, "count"] += by

    return change


def without(wanted: Change) -> Change:
    """The table without some rows."""
    return lambda table: table[~wanted(table)]


def with_rows(*rows: int, **cells: object) -> Change:
    """The table with some rows a second time, these cells changed."""
    return lambda table: pd.concat([table, table.loc[list(rows)].assign(**cells)])


def is_(column: str, value: object) -> Change:
    """Which rows have a value."""
    return lambda table: table[column] == value


def is_domestic_abuse_of_barnet(table: pd.DataFrame) -> pd.Series:
    """In February, the rows of the borough and of its team."""
    return (
        table["borough_snt"].str.startswith("Barnet")
        & (table["crime_subtype"] == "Domestic Abuse")
        & (table["month_year"] == made.MONTHS[1])
    )


def team_of_barnet(table: pd.DataFrame) -> None:
    """A team's counts of Barnet given to Brent's, so that only the boroughs tell."""
    moved = is_domestic_abuse_of_barnet(table) & (table["area_type"] != "Borough")
    table.loc[moved, "area_name"] = "Moved"
    table.loc[moved, "borough_snt"] = "Brent Moved"


DASHBOARD: dict[str, tuple[Change, list[str]]] = {
    "a column lost": (lambda t: t.drop(columns="measure"), ["no column measure"]),
    "a column renamed": (lambda t: t.rename(columns={"count": "Count"}), ["no column count"]),
    "a column more": (lambda t: t.assign(borough="Barnet"), ["column borough is not known"]),
    "no row": (lambda t: t.iloc[:0], ["no row"]),
    "counts as text": (lambda t: t.assign(count=t["count"].astype(str)), ["column count"]),
    "counts with decimals": (lambda t: t.assign(count=t["count"] / 2), ["column count"]),
    "months as text": (
        lambda t: t.assign(month_year=t["month_year"].dt.strftime("%d/%m/%Y")),
        ["column month_year", "dates are expected"],
    ),
    "a count below nought": (raised(-1000), ["row 1, column count", "0 or more"]),
    "the middle of a month": (
        lambda t: t.assign(month_year=t["month_year"] + pd.Timedelta(days=14)),
        ["row 1, column month_year: '2023-01-15' is not the first of a month"],
    ),
    "a month missing": (
        lambda t: t.assign(month_year=t["month_year"].where(t.index > 0)),
        ["row 1, column month_year", "first of a month"],
    ),
    "another kind of area": (set_cells("area_type", "Ward"), ["row 1, column area_type: 'Ward'"]),
    "another kind of count": (set_cells("measure", "Arrests"), ["column measure: 'Arrests'"]),
    "an unknown borough": (
        set_cells("borough_snt", "Barnett"),
        ["row 1, column borough_snt: 'Barnett'", "data/reference/area_names.csv"],
    ),
    "an unknown flag": (
        set_cells("crime_subtype", "Honour Based Abuse"),
        ["Honour Based Abuse", "data/reference/flagged_measures.csv"],
    ),
    "an unknown type": (
        set_cells("crime_type", "Domestic"),
        ["Domestic / ", "data/reference/flagged_measures.csv"],
    ),
    "another borough's code": (
        set_cells("area_code", "E09000005"),
        ["row 1, column area_code: 'E09000005' is not the code of"],
    ),
    "a row twice": (with_rows(0), ["a second row for 2023-01-01"]),
    "a flag in two spellings": (
        with_rows(0, crime_subtype="ANTISEMITIC"),
        ["a second row for"],
    ),
    "a team twice": (lambda t: pd.concat([t, t.tail(1)]), ["a second row for"]),
    "a count changed": (raised(9), ["in the rows of boroughs", "neighbourhood teams"]),
    "a team's count changed": (
        lambda t: t.assign(count=t["count"].where(t.index < len(t) - 1, 999)),
        ["in the rows of boroughs", "neighbourhood teams"],
    ),
    "teams lost": (without(is_("area_type", "Safer Neighbourhood Teams")), ["and 0 in those of"]),
    "boroughs lost": (without(is_("area_type", "Borough")), ["no row of a borough"]),
    "a team of another borough": (team_of_barnet, ["in Brent, fewer than the"]),
    "a borough lost": (
        lambda t: t[~t["borough_snt"].str.startswith("Barnet")],
        ["no row for Barnet"],
    ),
    "a month of a borough lost": (
        without(is_domestic_abuse_of_barnet),
        ["no offence of 'Domestic abuse' in Barnet in February 2023", "usually has about"],
    ),
    "a month of all lost": (without(is_("month_year", made.MONTHS[1])), ["no row for February"]),
    "the last month lost": (
        without(is_("month_year", made.MONTHS[3])),
        [f"release 2023-04 of {flagged_offences.NAME} is not known", "releases.csv"],
    ),
    "the first month lost": (
        without(is_("month_year", made.MONTHS[0])),
        ["covers 2023-02 to 2023-04, where release 2023-05 has 2023-01 to 2023-04"],
    ),
}


def say(errors: list[Exception]) -> str:
    """All that is said, each part of which names a place and what to do."""
    assert all(isinstance(error, InputError) for error in errors), errors
    assert all("What to do: " in str(error) for error in errors)
    return "\n".join(map(str, errors))


def written(table: pd.DataFrame, path: Path) -> Path:
    table.to_parquet(path, index=False)
    return path


@pytest.mark.parametrize("case", DASHBOARD)
def test_a_corrupted_dashboard_is_refused(case: str, tmp_path: Path, crosswalks) -> None:
    change, said = DASHBOARD[case]
    table = made.dashboard().copy()
    found = change(table)
    path = written(table if found is None else found, tmp_path / "other_crime.parquet")
    with pytest.raises((InputError, ExceptionGroup)) as raised_:
        flagged_offences.tidy([path], crosswalks)
    printed = say(leaves(raised_.value))
    assert all(words in printed for words in ["other_crime.parquet", *said]), printed[:2000]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"<!doctype html>", b"month_year,count\n"])
def test_a_file_that_is_no_parquet_is_refused(content: bytes, tmp_path: Path, crosswalks) -> None:
    path = tmp_path / "other_crime.parquet"
    path.write_bytes(content)
    with pytest.raises((InputError, ExceptionGroup)) as raised_:
        flagged_offences.tidy([path], crosswalks)
    assert "not a complete Parquet file" in say(leaves(raised_.value))


def test_the_dashboard_gives_what_was_published_and_nought_where_no_row_is(
    tmp_path: Path, crosswalks
) -> None:
    path = written(made.dashboard(), tmp_path / "other_crime.parquet")
    (table,) = flagged_offences.tidy([path], crosswalks).values()
    own = load.table("flagged_offences")
    own = own[(own["release"] == "2025-08") & own["measure"].isin(made.MEASURES)]
    own = own[own["month"].isin(made.MONTHS) & own["area_code"].isin(table["area_code"])]
    same = own.drop(columns="release").reset_index(drop=True)
    pd.testing.assert_frame_equal(table.drop(columns="release"), same, check_dtype=False)
    assert (table["count"] == 0).any()
    without_outcomes = table["positive_outcomes"].isna()
    assert set(table.loc[without_outcomes, "measure"]) == {made.MEASURES[2]}


def first_of(sheet: str) -> Callable[[pd.DataFrame], int]:
    """The first row of a sheet."""
    return lambda table: int(table.index[table["sheet"] == sheet][0])


PLACE = "Offence count location"
MONTH = "recorded_date_months"
WOMEN: dict[str, tuple[str, Change, list[str]]] = {
    "a column lost": ("offences", lambda t: t.drop(columns="sheet"), ["no column sheet"]),
    "a column more": ("victims", lambda t: t.assign(sex="F"), ["column sex is not known"]),
    "a column renamed": (
        "offences",
        lambda t: t.rename(columns={"borough_name": "borough"}),
        ["no column borough_name"],
    ),
    "no row": ("victims", lambda t: t.iloc[:0], ["no row"]),
    "counts as text": (
        "offences",
        lambda t: t.assign(count=t["count"].astype(str)),
        ["column count"],
    ),
    "counts with decimals": ("victims", lambda t: t.assign(count=t["count"] / 2), ["column count"]),
    "months as text": (
        "offences",
        lambda t: t.assign(**{MONTH: t[MONTH].dt.strftime("%d/%m/%Y")}),
        [f"column {MONTH}", "dates are expected"],
    ),
    "a count below nought": ("offences", raised(-10_000), ["row 1, column count", "0 or more"]),
    "the middle of a month": (
        "victims",
        lambda t: t.assign(**{MONTH: t[MONTH] + pd.Timedelta(days=14)}),
        [f"row 1, column {MONTH}: '2023-01-15'"],
    ),
    "a month missing": (
        "offences",
        lambda t: t.assign(**{MONTH: t[MONTH].where(t.index > 0)}),
        [f"row 1, column {MONTH}"],
    ),
    "an unknown sheet": ("offences", set_cells("sheet", "Notes"), ["column sheet: 'Notes'"]),
    "the sheet of another file": (
        "victims",
        set_cells("sheet", PLACE),
        [f"column sheet: '{PLACE}'"],
    ),
    "an unknown borough": (
        "offences",
        set_cells("borough_name", "Barnett"),
        ["row 1, column borough_name: 'Barnett'", "data/reference/area_names.csv"],
    ),
    "an unknown kind": (
        "offences",
        lambda t: t.assign(crimsec_group=t["crimsec_group"].replace("Rape", "Spiking")),
        ["Spiking", "data/reference/flagged_measures.csv"],
    ),
    "a row twice": ("offences", with_rows(0), ["a second row for 2023-01-01"]),
    "a victim's row twice": ("victims", with_rows(0), ["a second row for 2023-01-01"]),
    "a count by place changed": (
        "offences",
        raised(9),
        [f"the sheets '{PLACE}' and 'Offence count classification' differ by 9 in January 2023"],
    ),
    "a count by kind changed": (
        "offences",
        raised(-7, where=first_of("Offence count classification")),
        ["differ by 7 in January 2023"],
    ),
    "a count by age changed": (
        "victims",
        raised(5, where=first_of("Victim count by age group")),
        ["'Victim count by age group' differ by 5"],
    ),
    "a count by ethnic group changed": (
        "victims",
        raised(5, where=first_of("Victim count by ethnic group")),
        ["'Victim count by ethnic group' differ by 5"],
    ),
    "a sheet lost": ("offences", without(is_("sheet", PLACE)), ["differ by"]),
    "the sheet of kinds lost": (
        "offences",
        without(is_("sheet", "Offence count classification")),
        ["differ by"],
    ),
    "a borough lost": ("offences", without(is_("borough_name", "Barnet")), ["differ by"]),
    "a borough under another's name": (
        "offences",
        lambda t: t.assign(
            borough_name=t["borough_name"].replace("Barnet", "Brent"),
            ward_name_clean_2=t["ward_name_clean_2"].mask(t["borough_name"] == "Barnet", "Moved"),
        ),
        ["no row for E09000003 in January 2023"],
    ),
    "a month of all lost": (
        "victims",
        without(is_(MONTH, made.MONTHS[1])),
        ["no row for February 2023"],
    ),
    "the last month lost": (
        "offences",
        without(is_(MONTH, made.MONTHS[3])),
        [f"release 2023-04 of {women_and_girls.NAME} is not known", "releases.csv"],
    ),
    "the first month lost": (
        "offences",
        without(is_(MONTH, made.MONTHS[0])),
        ["covers 2023-02 to 2023-04, where release 2023-05 has 2023-01 to 2023-04"],
    ),
    "victims of other months": (
        "victims",
        without(is_(MONTH, made.MONTHS[3])),
        ["they cover other months"],
    ),
}


@pytest.mark.parametrize("case", WOMEN)
def test_a_corrupted_file_on_women_and_girls_is_refused(
    case: str, tmp_path: Path, crosswalks
) -> None:
    kind, change, said = WOMEN[case]
    files = []
    for name in ("offences", "victims"):
        table = made.women_and_girls(name).copy()
        found = change(table) if name == kind else None
        table = table if found is None else found
        files.append(written(table, tmp_path / f"mps_vawg_{name}.parquet"))
    with pytest.raises((InputError, ExceptionGroup)) as raised_:
        women_and_girls.tidy(files, crosswalks)
    printed = say(leaves(raised_.value))
    assert all(words in printed for words in [f"mps_vawg_{kind}", *said]), printed[:2000]


@pytest.mark.parametrize("given", [[], ["offences"], ["offences", "offences_2", "victims"]])
def test_both_files_on_women_and_girls_are_needed_once(
    given: list[str], tmp_path: Path, crosswalks
) -> None:
    files = [
        written(made.women_and_girls(name.split("_")[0]), tmp_path / f"mps_vawg_{name}.parquet")
        for name in given
    ]
    with pytest.raises((InputError, ExceptionGroup)) as raised_:
        women_and_girls.tidy(files, crosswalks)
    assert "give one file with" in say(leaves(raised_.value))


def test_boroughs_have_what_was_published_of_women_and_girls(tmp_path: Path, crosswalks) -> None:
    files = [
        written(made.women_and_girls(name), tmp_path / f"mps_vawg_{name}.parquet")
        for name in ("offences", "victims")
    ]
    boroughs, kinds = women_and_girls.tidy(files, crosswalks).values()
    own = load.table("women_and_girls")
    own = own[own["month"].isin(made.MONTHS) & own["area_code"].isin(boroughs["area_code"])]
    same = own.drop(columns="release").reset_index(drop=True)
    pd.testing.assert_frame_equal(boroughs.drop(columns="release"), same, check_dtype=False)
    assert set(kinds["measure"]) == {"Rape", "Other flagged offences"}
    assert kinds["offences"].sum() == boroughs["offences"].sum()


@pytest.fixture(scope="module")
def held() -> HeldTables:
    return HeldTables(DATA, Crosswalks.of(DATA), {})


@pytest.mark.parametrize("release", ["2025-08", "2026-03"])
def test_the_real_releases_fit_each_other_and_all_offences(release: str, held: HeldTables) -> None:
    assert flagged_beside(held, release, load.table("flagged_offences"), set()) == []


@pytest.mark.parametrize(
    ("release", "said"),
    [
        ("2026-03", "the counts are those of release 2025-08 for E09000005"),
        ("2025-08", "the counts are those that offences with and without a victim together have"),
    ],
)
def test_two_boroughs_exchanged_do_not_fit(release: str, said: str, held: HeldTables) -> None:
    table = load.table("flagged_offences")
    own = table["release"] == release
    exchanged = table["area_code"].replace({"E09000003": "E09000005", "E09000005": "E09000003"})
    table = table.assign(area_code=table["area_code"].mask(own, exchanged))
    findings = flagged_beside(held, release, table, set())
    assert any(said in finding.said for finding in findings)
