import hashlib
import re
from pathlib import Path

import pandas as pd
import pytest

from safer_communities.datasets import kept, load
from safer_communities.datasets.schemas import TABLES, TableSchema
from safer_communities.datasets.small_numbers import told_of_wards
from safer_communities.errors import InputError
from safer_communities.project import DATA

BARNET = "E09000003"


def _year(frame, end, area=BARNET, offences=None):
    end = pd.Timestamp(end)
    start = end - pd.DateOffset(months=11)
    rows = frame[frame["month"].between(start, end) & (frame["area_code"] == area)]
    if offences:
        rows = rows[rows["offence"].isin(offences)]
    return int(rows["count"].sum())


@pytest.mark.parametrize(
    ("release", "end", "total"),
    [
        ("2024-02", "2022-03-01", 27_826),
        ("2024-02", "2021-03-01", 26_086),
        ("2025-04", "2024-03-01", 28_225),
        ("2025-04", "2025-03-01", 28_091),
        ("2026-07", "2026-03-01", 29_280),
    ],
)
def test_total_notifiable_offences(release, end, total):
    assert _year(load.recorded_crime(release), end) == total


def test_burglary_of_2017_18():
    burglary = ["Residential burglary", "Burglary of business and community premises"]
    assert _year(load.recorded_crime("2024-02"), "2018-03-01", offences=burglary) == 3_582


def test_residential_burglary_does_not_break_where_its_rows_change():
    """Four namings of the same offences agree to within revisions, month by month."""
    london = {}
    for release in ("2024-05", "2025-04", "2026-01"):
        frame = load.recorded_crime(release)
        rows = frame[frame["offence"] == "Residential burglary"]
        london[release] = rows.groupby("month")["count"].sum()
    common = pd.DataFrame(london).dropna()
    assert len(common) == 4
    assert (common.max(axis=1) / common.min(axis=1)).max() < 1.01


def test_stalking_comes_out_of_violence_without_injury():
    group = ["Violence without injury", "Stalking and harassment"]
    before, after = (load.recorded_crime(name) for name in ("2025-04", "2026-01"))
    assert "Stalking and harassment" not in set(before["offence"])
    old = before[before["offence"].isin(group) & (before["month"] == "2024-01-01")]
    new = after[after["offence"].isin(group) & (after["month"] == "2024-01-01")]
    assert old["count"].sum() == 13_831
    assert new["count"].sum() == 13_817


def test_two_names_of_the_airports_count_the_same_offences_once_each():
    frame = load.recorded_crime("2022-11").set_index(["offence", "month"])
    airports = frame[frame["area_code"] == "MPS-AIRPORTS"]["count"]
    security = frame[frame["area_code"] == "MPS-AVIATION-SECURITY"]["count"]
    assert airports.equals(security)


def test_population_and_its_ages_agree():
    yearly, ages = load.table("mid_year_population"), load.table("population_by_age")
    sums = ages.groupby(["release", "area_code", "mid_year"])["population"].sum()
    index = ["release", "area_code", "mid_year"]
    assert sums.equals(yearly.set_index(index)["population"].loc[sums.index])
    for _, year in yearly.groupby(["release", "mid_year"]):
        people = year.set_index("area_code")["population"]
        assert people.drop("E12000007").sum() == people["E12000007"]


@pytest.mark.slow
def test_wards_add_up_to_the_borough_but_for_offences_without_a_place():
    """Hillingdon stands apart: the two files treat offences at Heathrow differently."""
    for ward_release, borough_release, end in (
        ("2023-04", "2024-02", "2022-03-01"),
        ("2025-04", "2025-04", "2025-03-01"),
    ):
        wards = load.ward_crime(ward_release)
        borough = told_of_wards(load.recorded_crime(borough_release), load.table("offences"))
        boroughs = load.table("boroughs")
        for area in boroughs.loc[boroughs["borough"] != "Hillingdon", "area_code"]:
            gap = 1 - _year(wards, end, area) / _year(borough, end, area)
            assert 0 < gap < 0.07, (ward_release, area, gap)


def test_old_and_new_wards():
    for release, number in (("2022-09", 21), ("2023-04", 24), ("2026-04", 24)):
        wards = load.ward_crime(release)
        assert wards.loc[wards["area_code"] == BARNET, "ward_code"].nunique() == number


def test_the_stray_month_of_the_newest_wards_is_left_out():
    assert load.ward_crime("2026-04")["month"].min() == pd.Timestamp("2024-04-01")


def test_every_table_loads_as_its_schema_says():
    for name, table in TABLES.items():
        if "{release}" not in table.path:
            frame = load.table(name)
            assert list(frame.columns) == list(table.schema.columns)
            assert len(frame)


def test_a_caller_cannot_spoil_the_table_for_others():
    frame = load.table("boroughs")
    frame.loc[:, "borough"] = "Nowhere"
    assert "Nowhere" not in set(load.table("boroughs")["borough"])


def test_of_a_file_for_each_release_the_newest_is_given_unless_one_is_named():
    files = (DATA / "recorded_crime_borough").glob("*.parquet")
    newest = load.table("recorded_crime_borough")
    assert set(newest["release"]) == {max(path.stem for path in files)}
    assert set(load.table("recorded_crime_borough", "2024-02")["release"]) == {"2024-02"}


def test_tables_lists_every_column_with_its_unit():
    listed = load.tables().set_index(["table", "column"])
    for name in TABLES:
        assert list(listed.loc[name].index) == list(load.table(name).columns)
    assert listed.loc[("london_asb_calls", "calls"), "unit"] == "calls"


def test_unknown_table_and_missing_release():
    with pytest.raises(ValueError, match="there is no table 'crime'; write 'recorded_crime_"):
        load.table("crime")
    with pytest.raises(ValueError, match="has none called '2024-03'; write '20"):
        load.table("recorded_crime_borough", "2024-03")
    with pytest.raises(ValueError, match="households is one table"):
        load.table("households", "census-2021")
    with pytest.raises(InputError, match=r"2031-01\.parquet: there is no such file"):
        load.recorded_crime("2031-01")


def _folder_with(tmp_path, name, old, new):
    """A data folder of one made table: the committed one with `old` replaced by `new`."""
    path = tmp_path / TABLES[name].path
    path.parent.mkdir(parents=True)
    text = (DATA / TABLES[name].path).read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("households", ",4914,", ",-4914,", "row 2, column households: -4914"),
        ("households", ",4914,", ",4.5,", "row 2, column households: '4.5' is not a whole number"),
        ("households", "area_code,", "area,", "the columns are area, "),
        ("households", "E09000001", "E09000002", "row 3: a second row with the release, area_code"),
        ("london_asb_calls", "2019-02-01", "2019-02-31", "row 3, column month: '2019-02-31'"),
        ("london_asb_calls", "2019-02-01", "2019-02-03", "row 3, column month"),
        ("boroughs", "Outer London", "Outer", "inner_outer: 'Outer' does not satisfy: one of"),
        ("offences", ",true,", ",yes,", "counted_in_total: 'yes' is not true or false"),
    ],
)
def test_a_bad_table_is_refused(tmp_path, name, old, new, said):
    folder = _folder_with(tmp_path, name, old, new)
    with pytest.raises((InputError, ExceptionGroup)) as caught:
        load.read_table(name, folder)
    errors = getattr(caught.value, "exceptions", [caught.value])
    assert any(re.search(said, str(error)) for error in errors), [str(e) for e in errors]


def test_a_missing_month_is_refused(tmp_path):
    text = (DATA / TABLES["london_asb_calls"].path).read_text()
    line = next(line for line in text.splitlines() if line.startswith("2020-05"))
    folder = _folder_with(tmp_path, "london_asb_calls", line + "\n", "")
    with pytest.raises(InputError, match="no rows for May 2020"):
        load.read_table("london_asb_calls", folder)


def test_a_missing_borough_is_refused(tmp_path):
    frame = load.recorded_crime("2026-07")
    folder = tmp_path / "recorded_crime_borough"
    folder.mkdir()
    frame[frame["area_code"] != BARNET].to_parquet(folder / "2026-07.parquet", index=False)
    with pytest.raises(ExceptionGroup) as caught:
        load.read_table("recorded_crime_borough", tmp_path, "2026-07")
    assert f"no rows for {BARNET}" in str(caught.value.exceptions[0])


def test_loading_leaves_the_files_alone():
    path = DATA / TABLES["boroughs"].path
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    load.table("boroughs")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


@pytest.mark.parametrize(
    ("name", "column", "said"),
    [
        ("positive_outcomes", "offences", "the groups do not add up"),
        ("mid_year_population", "population", "in the boroughs"),
    ],
)
def test_parts_that_do_not_add_up_are_refused_when_a_table_is_loaded(name, column, said):
    table = load.table(name).copy()
    load.check(TABLES[name], table, f"data/{TABLES[name].path}")
    table.loc[0, column] += 1
    with pytest.raises(InputError, match=said):
        load.check(TABLES[name], table, f"data/{TABLES[name].path}")


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The places of the tables that are checked; the tables are copies, and nothing is kept yet."""
    (tmp_path / "data" / "asb").mkdir(parents=True)
    name = TABLES["london_asb_calls"].path
    (tmp_path / "data" / name).write_bytes((DATA / name).read_bytes())
    monkeypatch.setattr(load, "DATA", tmp_path / "data")
    monkeypatch.setattr(load, "read_anew", load.read_anew.__wrapped__)
    monkeypatch.setattr(kept, "KEPT", tmp_path / "kept")
    checked: list[str] = []
    check = load.check

    def noted(table: TableSchema, frame: pd.DataFrame, place: str, first_row: int) -> None:
        checked.append(place)
        check(table, frame, place, first_row)

    monkeypatch.setattr(load, "check", noted)
    return checked


def calls_read_anew() -> pd.DataFrame:
    return load.read_anew("london_asb_calls", load.DATA)


def test_the_same_bytes_are_checked_once_and_read_the_same(checks: list[str]) -> None:
    first = calls_read_anew()
    pd.testing.assert_frame_equal(calls_read_anew(), first)
    assert checks == ["data/asb/london_asb_calls.csv"]


def test_a_table_that_changed_is_checked_and_a_bad_one_every_time(checks: list[str]) -> None:
    calls_read_anew()
    path = load.DATA / TABLES["london_asb_calls"].path
    path.write_text(path.read_text().replace("2020-05-01", "2020-05-03"))
    for _ in range(2):
        with pytest.raises((InputError, ExceptionGroup), match=r"2020-05-03|problems"):
            calls_read_anew()
    assert len(checks) == 3


def test_other_code_or_an_entry_cut_short_checks_again(
    checks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls_read_anew()
    (entry,) = kept.KEPT.iterdir()
    whole = entry.read_bytes()
    for spoilt in (b"", whole[:-1], b"\xff"):
        entry.write_bytes(spoilt)
        calls_read_anew()
        assert entry.read_bytes() == whole
    assert len(checks) == 4
    monkeypatch.setattr(kept, "CODE_OF_TABLES", "that of tomorrow")
    calls_read_anew()
    assert len(checks) == 5


def test_where_nothing_can_be_kept_tables_are_read_all_the_same(
    checks: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setattr(kept, "KEPT", tmp_path / "a file" / "kept")
    pd.testing.assert_frame_equal(calls_read_anew(), calls_read_anew())
    assert len(checks) == 2
