"""An import deletes nothing: what it did not read stays, or the import is refused.

The data folders hold releases that nobody published beside the committed ones, so that every table
of several releases has some that no file here brings.
"""

import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import made_releases as made
from safer_communities.datasets import description, load
from safer_communities.datasets.periods import months_in_words
from safer_communities.datasets.schemas import TABLES
from safer_communities.errors import InputError, leaves
from safer_communities.project import DATA
from safer_communities.sources import PUBLICATIONS, import_publications, importing
from safer_communities.sources.keeping import with_rows_kept
from safer_communities.yearly.new_edition import add_edition

pytestmark = pytest.mark.slow

CALLS = "asb/london_asb_calls.csv"
OUTCOMES = "positive_outcomes.csv"
# Every table that an import writes into one file, by whether it holds several releases.
ONE_FILE = {
    name: table
    for name, table in TABLES.items()
    if table.is_one_file and table.source in PUBLICATIONS
}
OF_SEVERAL = [name for name, table in ONE_FILE.items() if table.keeps_releases]
ROLLING = [name for name, table in ONE_FILE.items() if not table.keeps_releases]

# Each made file: where it stands, what is in it, and the publication and release that it is.
FILES: dict[str, tuple[Callable[[], str | bytes], str, str]] = {
    **{
        f"population/ons_mye_{release}.xlsx": (
            lambda release=release: made.workbook(made.population_sheets(release)),
            "ons_mid_year_population",
            release,
        )
        for release in ("mid-2020", "mid-2023")
    },
    "population/census2021_households_london.csv": (
        made.households_text,
        "census_households",
        "census-2021",
    ),
    "population/ons_census2021_ward_population.csv": (
        made.ward_population_text,
        "census_ward_population",
        "census-2021",
    ),
}
ESTIMATES = tuple(path for path in FILES if "ons_mye" in path)
SUBSETS = [
    pytest.param(subset, id=f"{len(subset)} files", marks=marks)
    for subset, marks in [
        (tuple(path for path in FILES if path not in ESTIMATES), []),
        (tuple(FILES), pytest.mark.long),
        *(((path,), pytest.mark.long) for path in FILES),
        (ESTIMATES, pytest.mark.long),
    ]
]


def with_unpublished(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its last release a second and a third time, as an old and as a future one."""
    last = table[table["release"] == table["release"].max()]
    name = last["release"].iloc[0]
    return pd.concat([table, *(last.assign(release=of_year(name, year)) for year in (1901, 2099))])


def of_year(release: str, year: int) -> str:
    """The name that a release would have in another year."""
    return re.sub("[0-9]{4}", str(year), release, count=1)


def months_of_calls() -> list[pd.Period]:
    """The months that the table of calls holds, in order."""
    return sorted(load.table("london_asb_calls")["month"].dt.to_period("M"))


def write(data: Path, name: str, table: pd.DataFrame) -> None:
    """Writes a table of one file as the import does."""
    path = data / TABLES[name].path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(importing._content(path.name, table))


def put(folder: Path, path: str, content: str | bytes) -> None:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content if isinstance(content, bytes) else content.encode())


def said_by_import(releases: Path, data: Path, only: str | None = None) -> list[str]:
    lines: list[str] = []
    import_publications(releases, data, only=only, report=lines.append)
    return lines


def refusals(releases: Path, data: Path) -> list[InputError]:
    """Why an import is refused; it leaves every byte as it was."""
    before = made.contents(data)
    with pytest.raises((InputError, ExceptionGroup)) as caught:
        import_publications(releases, data, report=lambda line: None)
    assert made.contents(data) == before
    errors = leaves(caught.value)
    assert all(isinstance(error, InputError) and error.remedy for error in errors)
    return errors


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which most tables of several releases have two that nobody published."""
    data = tmp_path_factory.mktemp("full") / "data"
    shutil.copytree(DATA / "reference", data / "reference")
    for name in OF_SEVERAL:
        table = load.table(name)
        # Each of its years is told by one release, and it holds several as it is.
        if name != "sensitive_ward_crime":
            table = with_unpublished(table)
        write(data, name, table.sort_values(TABLES[name].key))
    description.write(data)
    return data


def copy_without(full: Path, folder: Path, read: Iterable[tuple[str, str]]) -> Path:
    """A copy of the data folder without the rows of the publications and releases `read`."""
    data = folder / "data"
    shutil.copytree(full, data)
    for publication, release in read:
        for name in OF_SEVERAL:
            if TABLES[name].source == publication:
                table = load.read_anew(name, data)
                write(data, name, table[table["release"] != release])
    return data


class TestWhateverIsImported:
    @pytest.mark.parametrize("subset", SUBSETS)
    def test_every_other_release_stays(
        self, full: Path, tmp_path: Path, subset: tuple[str, ...]
    ) -> None:
        """New releases beside those that are there give the table of all, to the byte."""
        read = [FILES[path][1:] for path in subset]
        data = copy_without(full, tmp_path, read)
        there = {name: load.read_anew(name, data) for name in OF_SEVERAL}
        for path in subset:
            put(tmp_path / "releases", path, FILES[path][0]())
        said = said_by_import(tmp_path / "releases", data)
        assert made.contents(data) == made.contents(full)
        kept = {
            f"data/{TABLES[name].path}: {rows:,} rows of release {release} kept"
            for name, table in there.items()
            if TABLES[name].source in {publication for publication, _ in read}
            for release, rows in table["release"].value_counts().items()
        }
        assert {line for line in said if line.endswith(" kept")} == kept
        assert import_publications(tmp_path / "releases", data, report=said.append) == []

    def test_one_publication_by_its_name_leaves_the_others(
        self, full: Path, tmp_path: Path
    ) -> None:
        data = copy_without(full, tmp_path, [("census_households", "census-2021")])
        for path, (content, _, _) in FILES.items():
            put(tmp_path / "releases", path, content())
        said = said_by_import(tmp_path / "releases", data, only="census_households")
        assert made.contents(data) == made.contents(full)
        assert {line.split(":")[0] for line in said if line.endswith(" kept")} == {
            "data/population/households.csv"
        }

    @settings(deadline=None, max_examples=20)
    @given(choice=st.data())
    def test_no_row_is_lost_from_any_table(self, full: Path, choice: st.DataObject) -> None:
        """Whichever releases are read, known or new: the table has all rows of the others."""
        name = choice.draw(st.sampled_from(OF_SEVERAL))
        old = load.read_anew(name, full)
        last = old[old["release"] == old["release"].max()]
        name_to_come = of_year(last["release"].iloc[0], 2100)
        key = TABLES[name].key
        # In order, as every importer gives its table.
        coming = pd.concat([old, last.assign(release=name_to_come)]).sort_values(key)
        releases = sorted(coming["release"].unique())
        read = choice.draw(st.lists(st.sampled_from(releases), min_size=1, unique=True))
        new = coming[coming["release"].isin(read)].reset_index(drop=True)
        new.attrs["monthly"] = "what is compared beside the table"
        merged, said = with_rows_kept(name, new, full, load.table("releases"), "made.csv")
        assert merged.attrs == new.attrs
        expected = coming[coming["release"].isin({*old["release"], *read})]
        pd.testing.assert_frame_equal(merged, expected.reset_index(drop=True))
        assert len(said) == len(set(old["release"]) - set(read))

    def test_one_row_is_no_rows(self, full: Path, tmp_path: Path) -> None:
        data = copy_without(full, tmp_path, [])
        wards = load.read_anew("ward_population", data)
        write(data, "ward_population", wards.iloc[:1])
        new = wards[wards["release"] == "census-2021"]
        _, said = with_rows_kept("ward_population", new, data, load.table("releases"), "made.csv")
        release = wards["release"].iloc[0]
        assert said == [f"data/population/ward_population.csv: 1 row of release {release} kept"]


def test_the_kinds_of_tables() -> None:
    """What an import writes has a file a release, or keeps releases, or has one that rolls on."""
    assert OF_SEVERAL == [
        "sensitive_ward_crime",
        "burglary_outcomes",
        "mid_year_population",
        "population_by_age",
        "households",
        "ward_population",
        "ward_mid_year_population",
        "household_projections",
        "asb_incidents",
        "asb_incidents_wards",
        "business_counts",
        "employment_survey",
        "local_statistics",
        "earnings",
        "prices_and_pay",
        "house_price_index",
        "prices_paid",
        "life_expectancy",
        "life_expectancy_london",
        "subnational_indicators",
        "ethnic_groups",
        "borough_profiles",
        "libraries",
        "fly_tipping_actions",
        "projected_residents",
        "ward_shapes",
        "flagged_offences",
        "partnerships",
        "partnership_crime",
    ]
    assert ROLLING == [
        "positive_outcomes",
        "borough_areas",
        "london_asb_calls",
        "women_and_girls",
        "women_and_girls_kinds",
        "youth_justice",
        "attainment_8",
        "public_attitudes",
    ]


class TestRepair:
    """A broken table does not keep its own repair out, but a part of it is no repair."""

    def broken(self, tmp_path: Path, *names: str) -> Path:
        data = tmp_path / "data"
        shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("*.parquet"))
        for name in names:
            (data / TABLES[name].path).write_text("cut o", encoding="utf-8")
        return data

    def test_a_release_without_the_others_is_refused(self, tmp_path: Path) -> None:
        data = self.broken(tmp_path, "population_by_age")
        known = load.table("releases")
        others = (known["publication"] == "ons_mid_year_population") & ~known["release"].isin(
            ["mid-2020", "mid-2023"]
        )
        write(data, "releases", known[~others])
        path = "population/ons_mye_mid-2023.xlsx"
        put(tmp_path / "releases", path, FILES[path][0]())
        (error,) = refusals(tmp_path / "releases", data)
        assert error.place == "ons_mye_mid-2023.xlsx, for data/population/population_by_age.csv"
        assert error.problem == (
            "the table there cannot be read (data/population/population_by_age.csv: the columns "
            "are cut o; expected area_code, mid_year, age, population, release) and may hold "
            "release mid-2020, for which there is no file here"
        )
        assert error.remedy == (
            "restore data/population/population_by_age.csv from the last commit, and import again"
        )

    def test_every_release_repairs(self, tmp_path: Path) -> None:
        names = ("mid_year_population", "population_by_age", "london_asb_calls")
        data = self.broken(tmp_path, *names)
        for release in load.table("mid_year_population")["release"].unique():
            workbook = made.workbook(made.population_sheets(release))
            put(tmp_path / "releases", f"population/ons_mye_{release}.xlsx", workbook)
        put(tmp_path / "releases", "asb/calls.csv", made.asb_text())
        said_by_import(tmp_path / "releases", data)
        for name in names:
            path = TABLES[name].path
            assert (data / path).read_bytes() == (DATA / path).read_bytes()

    # The release known is that of 2019-01 to 2024-03.
    @pytest.mark.parametrize(
        ("first", "last", "is_taken"),
        [
            ("2019-01", "2024-04", True),
            ("2018-12", "2024-03", True),
            ("2019-02", "2024-04", False),
            ("2019-01", "2024-02", False),
        ],
    )
    def test_a_rolling_release_repairs_where_it_has_every_month(
        self, tmp_path: Path, first: str, last: str, is_taken: bool
    ) -> None:
        data = self.broken(tmp_path, "london_asb_calls")
        known = pd.DataFrame(
            [
                ("gla_asb_calls", "2024-04", "2019-01", "2024-03"),
                ("gla_asb_calls", "x", first, last),
            ],
            columns=["publication", "release", "first_month", "last_month"],
        )
        new = load.table("london_asb_calls").assign(release="x")
        if is_taken:
            frame, said = with_rows_kept("london_asb_calls", new, data, known, "calls.csv")
            assert frame is new
            assert said == []
        else:
            with pytest.raises(InputError, match=r"may hold release 2024-04, for which"):
                with_rows_kept("london_asb_calls", new, data, known, "calls.csv")

    def test_all_that_may_be_lost_is_named(self, tmp_path: Path) -> None:
        data = self.broken(tmp_path, "households")
        known = pd.DataFrame(
            {"publication": "census_households", "release": ["b", "a", "census-2021"]}
        )
        with pytest.raises(InputError, match=r"may hold releases a, b, for which"):
            with_rows_kept("households", load.table("households"), data, known, "households.csv")


class TestRollingReleases:
    """Calls and outcomes: one release for all months, which the next one replaces."""

    def calls(self, first: str, last: str) -> str:
        """A file of calls over the months given; a later month is as the last that there is."""
        calls = load.table("london_asb_calls").set_index("month")["calls"]
        months = pd.date_range(first, last, freq="MS")
        calls = calls.reindex(months, method="ffill")
        rows = [
            ["sol_asb", f"{month:%Y-%m-%d}", str(count), "ASB Calls"]
            for month, count in calls.items()
        ]
        return made.csv_text(["dataset", "month", "value", "series"], rows)

    def folders(self, tmp_path: Path, publication: str, first: str, last: str) -> tuple[Path, Path]:
        """A folder for the file, and the data, which know the release of these months."""
        data = tmp_path / "data"
        shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("*.parquet"))
        known = load.table("releases")
        row = known[known["publication"] == publication].iloc[[-1]]
        release = str(pd.Period(last) + 1)
        row = row.assign(release=release, first_month=first, last_month=last)
        write(data, "releases", pd.concat([known, row]).sort_values(["publication", "release"]))
        return tmp_path / "releases", data

    @pytest.mark.parametrize(
        ("skipped", "added", "lost"),
        [(1, 1, slice(0, 1)), (12, 1, slice(0, 12)), (0, -2, slice(-2, None))],
        ids=["the first month", "the first year", "an older file"],
    )
    def test_a_file_that_would_lose_months_is_refused(
        self, tmp_path: Path, skipped: int, added: int, lost: slice
    ) -> None:
        months = months_of_calls()
        first, last = str(months[skipped]), str(months[-1] + added)
        releases, data = self.folders(tmp_path, "gla_asb_calls", first, last)
        put(releases, "asb/calls.csv", self.calls(first, last))
        (error,) = refusals(releases, data)
        assert error.place == f"calls.csv, for data/{CALLS}"
        assert error.problem == f"the table would lose {months_in_words(months[lost])}"
        assert error.remedy == (
            "get the publisher's file that has every month, or leave this one out: the table stays "
            "as it is"
        )

    def test_a_file_with_every_month_replaces_the_release(self, tmp_path: Path) -> None:
        months = months_of_calls()
        first, last, old, new = map(str, (months[0], *(months[-1] + n for n in (2, 1, 3))))
        releases, data = self.folders(tmp_path, "gla_asb_calls", first, last)
        put(releases, "asb/calls.csv", self.calls(first, last))
        line = f"data/{CALLS}: release {new} replaces release {old}"
        assert line in said_by_import(releases, data)
        table = load.read_anew("london_asb_calls", data)
        assert set(table["release"]) == {new}
        assert len(table) == len(load.table("london_asb_calls")) + 2
        assert import_publications(releases, data, report=lambda line: None) == []

    def outcomes(self, tmp_path: Path, first: str, last: str) -> tuple[Path, Path]:
        """A workbook of these months, and data with the first two months of all."""
        releases, data = self.folders(tmp_path, "mps_positive_outcomes", first, last)
        table = load.table("positive_outcomes")
        early = table[table["month"] < "2022-03-01"].assign(release="2022-03")
        write(data, "positive_outcomes", early)
        header, *rows = made.outcomes_rows()
        rows = [row for row in rows if first <= row[0][:7] <= last]
        put(releases, "mps_outcomes/outcomes.xlsx", made.workbook({"Sheet1": [header, *rows]}))
        return releases, data

    def test_outcomes_that_would_lose_months_are_refused(self, tmp_path: Path) -> None:
        releases, data = self.outcomes(tmp_path, "2022-02", "2022-03")
        (error,) = refusals(releases, data)
        assert error.place == f"outcomes.xlsx, for data/{OUTCOMES}"
        assert error.problem == "the table would lose January 2022"

    def test_outcomes_with_every_month_are_taken(self, tmp_path: Path) -> None:
        releases, data = self.outcomes(tmp_path, "2022-01", "2022-03")
        said_by_import(releases, data)
        table = load.read_anew("positive_outcomes", data)
        assert table["month"].nunique() == 3
        assert set(table["release"]) == {"2022-04"}

    @pytest.mark.parametrize(
        ("column", "lost"), [("area_code", "MPS-UNKNOWN"), ("offence", "Robbery")]
    )
    def test_areas_and_offences_are_not_lost_either(self, column: str, lost: str) -> None:
        new = load.table("positive_outcomes").assign(release="2099-01")
        new = new[new[column] != lost]
        with pytest.raises(InputError) as caught:
            with_rows_kept("positive_outcomes", new, DATA, load.table("releases"), "o.xlsx")
        assert caught.value.place == f"o.xlsx, column {column}"
        assert caught.value.problem == f"the table would lose every row of {lost}"
        assert caught.value.remedy == (
            "compare the file with the publisher's page; if the publisher has dropped them, delete "
            "data/positive_outcomes.csv first"
        )

    def test_all_that_would_be_lost_is_told_at_once(self) -> None:
        table = load.table("positive_outcomes").assign(release="2099-01")
        some = (table["month"] > "2022-01-01") & ~table["offence"].isin(["Burglary", "Robbery"])
        with pytest.raises(ExceptionGroup) as caught:
            with_rows_kept("positive_outcomes", table[some], DATA, load.table("releases"), "o.xlsx")
        assert [error.problem for error in leaves(caught.value)] == [
            "the table would lose every row of Burglary, Robbery",
            "the table would lose January 2022",
        ]

    @pytest.mark.parametrize("name", ROLLING)
    def test_a_release_that_has_everything_is_as_it_was_read(self, name: str) -> None:
        new = load.table(name).assign(release="2099-01")
        frame, said = with_rows_kept(name, new, DATA, load.table("releases"), "made.csv")
        assert frame is new
        (old,) = load.table(name)["release"].unique()
        assert said == [f"data/{TABLES[name].path}: release 2099-01 replaces release {old}"]
        same = load.table(name)
        frame, said = with_rows_kept(name, same, DATA, load.table("releases"), "made.csv")
        assert frame is same
        assert said == []


@pytest.mark.parametrize("name", ["recorded_crime_borough", "london_asb_calls", "households"])
def test_where_nothing_is_there_nothing_is_kept(tmp_path: Path, name: str) -> None:
    new = pd.DataFrame({"release": ["2026-07"]})
    frame, said = with_rows_kept(name, new, tmp_path, load.table("releases"), "made.csv")
    assert frame is new
    assert said == []


def test_a_changed_release_can_be_renewed_without_the_others(full: Path, tmp_path: Path) -> None:
    """The remedy names the rows of that release: the file has others, which are to stay."""
    data = copy_without(full, tmp_path, [])
    path = "population/census2021_households_london.csv"
    table = load.read_anew("households", data)
    # Two counts change and their sum does not.
    first, second = table.index[table["release"] == "census-2021"][:2]
    table.loc[first, "households"] += 1
    table.loc[second, "households"] -= 1
    write(data, "households", table)
    put(tmp_path / "releases", path, made.households_text())
    (error,) = refusals(tmp_path / "releases", data)
    assert error.problem.startswith("release census-2021 has been imported before, and 2 rows")
    assert error.remedy.endswith(
        "delete the rows of census-2021 from data/population/households.csv first"
    )
    write(data, "households", table[table["release"] != "census-2021"])
    said_by_import(tmp_path / "releases", data)
    households = TABLES["households"].path
    assert (data / households).read_bytes() == (full / households).read_bytes()


class TestNewEdition:
    """A year is added by the same import, with what it keeps and refuses."""

    def added(self, tmp_path: Path) -> tuple[list[str], list[Exception]]:
        """What is said and what is refused of a folder that holds no recorded crime."""
        data = tmp_path / "data"
        shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("*.parquet"))
        before = made.contents(data)
        lines: list[str] = []
        year = int(load.table("editions")["edition"].max()) + 1
        with pytest.raises((InputError, ExceptionGroup)) as caught:
            add_edition(year, tmp_path / "releases", data, report=lines.append)
        assert made.contents(data) == before
        return lines, leaves(caught.value)

    def test_it_says_what_is_kept(self, tmp_path: Path) -> None:
        path = "population/ons_mye_mid-2023.xlsx"
        put(tmp_path / "releases", path, FILES[path][0]())
        lines, _ = self.added(tmp_path)
        table = load.table("mid_year_population")
        for release, rows in table["release"].value_counts().drop("mid-2023").items():
            assert (
                f"data/population/mid_year_population.csv: {rows:,} rows of release {release} kept"
            ) in lines

    def test_months_are_not_lost(self, tmp_path: Path) -> None:
        months = months_of_calls()
        text = TestRollingReleases().calls(str(months[1]), str(months[-1] + 1))
        put(tmp_path / "releases", "asb/calls.csv", text)
        _, (error,) = self.added(tmp_path)
        lost = months_in_words(months[:1])
        assert str(error).startswith(f"calls.csv, for data/{CALLS}: the table would lose {lost}.\n")
