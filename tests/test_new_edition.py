"""Adding a year: the rehearsal with the real releases, and made-up ones that must be refused."""

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from counting import counted
from package_problems import problems
from safer_communities.analysis.editions import combine_releases, edition_of
from safer_communities.analysis.monthly_counts import MonthlyCounts
from safer_communities.analysis.recorded_crime import LONDON, RecordedCrime
from safer_communities.datasets import description, load
from safer_communities.datasets.periods import Period
from safer_communities.errors import InputError, leaves
from safer_communities.project import DATA
from safer_communities.sources import reading
from safer_communities.yearly.jumps import unseen_jumps
from safer_communities.yearly.new_edition import NewEdition, add_edition
from safer_communities.yearly.releases import crime_releases, ward_release
from year_before import NEW_FILES, NEW_RELEASES, YEAR, data_after, data_before, new_releases

pytestmark = pytest.mark.slow

NEWEST = "mps_recorded_crime_borough_added/mps_borough_24m_202404-202603.csv"


def quiet(line: str) -> None:
    """Says nothing while a test imports."""


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def year_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as it was when the edition of the year before was the newest."""
    return data_before(tmp_path_factory.mktemp("before") / "data")


@pytest.fixture(scope="module")
def new_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the releases of the new year alone."""
    return new_releases(tmp_path_factory.mktemp("sources") / "new")


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as it was committed with the new edition."""
    return data_after(tmp_path_factory.mktemp("committed") / "data")


@dataclass(frozen=True)
class Rehearsal:
    """The data folder after the year was added, what was said, and what was read for it."""

    data: Path
    added: NewEdition
    files_read: int
    tables_read: int


@pytest.fixture(scope="module")
def rehearsal(
    year_before: Path, new_files: Path, tmp_path_factory: pytest.TempPathFactory
) -> Rehearsal:
    data = tmp_path_factory.mktemp("after") / "data"
    shutil.copytree(year_before, data)
    with pytest.MonkeyPatch.context() as patch:
        files = [
            counted(patch, reading, "_decode"),
            counted(patch, reading.CalamineWorkbook, "from_path"),
        ]
        tables = counted(patch, load, "_read_parquet")
        added = add_edition(YEAR, new_files, data, report=quiet)
    return Rehearsal(data, added, sum(map(len, files)), len(tables))


def is_replaced(publication: str) -> bool:
    """Whether a later release has come since the new edition was added."""
    releases = load.table("releases").query("publication == @publication")["release"]
    newest = max(release for name, release in NEW_RELEASES if name == publication)
    return releases.max() > newest


class TestRehearsal:
    def test_the_row_is_the_committed_one(self, rehearsal: Rehearsal, committed: Path) -> None:
        row, own = (data / "editions.csv" for data in (rehearsal.data, committed))
        assert row.read_text().splitlines()[-1] == own.read_text().splitlines()[-1]

    def test_the_known_total_comes_out(self, rehearsal: Rehearsal) -> None:
        data, added = rehearsal.data, rehearsal.added
        counts = combine_releases(
            [
                load.read_table("recorded_crime_borough", data, name)
                for name in added.edition.borough_crime_releases
            ]
        )
        barnet = counts[
            (counts["area_code"] == "E09000003")
            & counts["month"].isin(added.edition.period.months())
        ]
        assert barnet["count"].sum() == 29_046  # release of April 2026

    def test_tables_are_those_committed(self, rehearsal: Rehearsal, committed: Path) -> None:
        """All but the notes on releases, which people write."""
        made, own = contents(rehearsal.data), contents(committed)
        assert made.keys() == own.keys()
        # The rows of old editions are corrected where a newer release compares better.
        people_write = {"reference/releases.csv", "editions.csv", description.FILE}
        # One table has the outcomes of all months, as their newest release gives them.
        outcomes = {"positive_outcomes.csv"} if is_replaced("mps_positive_outcomes") else set()
        differing = {path for path in made if made[path] != own[path]}
        assert differing <= people_write | outcomes
        rows = []
        for data in (rehearsal.data, committed):
            table = pd.read_csv(data / "reference/releases.csv", dtype=str, keep_default_na=False)
            is_outcomes = table["publication"] == "mps_positive_outcomes"
            left_out = (is_outcomes & bool(outcomes)) | (table["release"] == "2025-04")
            rows.append(table[~left_out].drop(columns="note").reset_index(drop=True))
        pd.testing.assert_frame_equal(*rows)

    def test_the_description_fits(self, rehearsal: Rehearsal) -> None:
        assert problems(rehearsal.data) == []

    def test_it_says_what_to_decide(self, rehearsal: Rehearsal) -> None:
        decisions = rehearsal.added.decisions
        assert 3 <= len(decisions) <= 8
        said = " ".join(decisions)
        for words in ("Stalking and harassment", "mid-2024", "ASB calls", "survey"):
            assert words in said

    def test_no_file_and_no_table_is_read_again_and_again(self, rehearsal: Rehearsal) -> None:
        # A file is read to find which release it is, and once more to import it.
        assert rehearsal.files_read <= 2 * len(NEW_FILES)
        assert rehearsal.tables_read <= len(list(rehearsal.data.rglob("*.parquet")))


@pytest.fixture
def spoilt(new_files: Path, tmp_path: Path) -> Path:
    """A folder with the new files of crime, of which a test spoils the newest."""
    folder = tmp_path / "spoilt"
    shutil.copytree(new_files, folder, ignore=shutil.ignore_patterns("*.xlsx"))
    return folder


def unknown_offence(rows: list[list[str]]) -> None:
    rows[1][1] = "STEALING TIME"


def missing_borough(rows: list[list[str]]) -> None:
    rows[:] = [row for row in rows if row[2] != "Camden"]


def missing_month(rows: list[list[str]]) -> None:
    for row in rows:
        del row[10]


def tenfold_month(rows: list[list[str]]) -> None:
    """One borough's newest month, ten times what the release after it has."""
    column = rows[0].index("202603")
    for row in rows[1:]:
        if row[2] == "Camden":
            row[column] = str(10 * int(row[column]))


def swollen_revision(rows: list[list[str]]) -> None:
    """A month that earlier releases have, half as large again in one borough."""
    column = rows[0].index("202501")
    for row in rows[1:]:
        if row[2] == "Camden":
            row[column] = str(int(row[column]) * 3 // 2)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        # Every message of an import is tried every time, in test_import_messages.py.
        pytest.param(unknown_offence, ["STEALING TIME"], marks=pytest.mark.long),
        pytest.param(missing_borough, ["no rows for Camden"], marks=pytest.mark.long),
        pytest.param(missing_month, [NEWEST.rpartition("/")[2]], marks=pytest.mark.long),
        # The wards of the same release tell which borough it is, and which month.
        pytest.param(
            tenfold_month,
            [": Camden: 111,400 offences,", ": March 2026: 99,194 offences,"],
            marks=pytest.mark.long,
        ),
        pytest.param(swollen_revision, ["Camden, January 2025: "], marks=pytest.mark.long),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(
    year_before: Path,
    spoilt: Path,
    spoil: Callable[[list[list[str]]], None],
    said: list[str],
) -> None:
    path = spoilt / NEWEST
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    spoil(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    before = contents(year_before)
    with pytest.raises((InputError, ExceptionGroup)) as failure:
        add_edition(YEAR, spoilt, year_before, report=quiet)
    errors = leaves(failure.value)
    assert all(isinstance(error, InputError) and error.remedy for error in errors)
    told = "\n".join(map(str, errors))
    assert [words for words in said if words not in told] == []
    assert contents(year_before) == before


@pytest.mark.parametrize(("year", "said"), [(2022, "build an old edition"), (2099, "add 20")])
def test_a_year_that_is_not_the_next_is_refused(tmp_path: Path, year: int, said: str) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("*.parquet"))
    with pytest.raises(InputError, match=said):
        add_edition(year, tmp_path, data, report=quiet)


def made_releases(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Releases made for these tests."""
    return pd.DataFrame(rows, columns=["release", "classification", "first_month", "last_month"])


class TestChoiceOfReleases:
    period = Period.year_to("2026-03")

    def test_committed_editions_come_out(self) -> None:
        """Of releases out by the time of each edition. The first was written before the second."""
        releases = load.table("releases")
        releases = releases[releases["publication"] == "mps_borough_crime"]
        editions = load.table("editions")
        for year in (2025, 2026):
            edition = edition_of(year, editions)
            known = releases[releases["release"] <= edition.borough_crime_releases[0]]
            classification, chosen = crime_releases(known, edition.period)
            assert classification == edition.classification
            assert tuple(chosen) == edition.borough_crime_releases

    def test_classifications_are_never_joined(self) -> None:
        """Old and new releases hold both years together, but neither does alone."""
        releases = made_releases(
            ("2025-04", "2019", "2023-04", "2025-03"), ("2026-04", "2024", "2025-04", "2026-03")
        )
        with pytest.raises(InputError, match=r"2024 lacks 12 months .* 2019 lacks 12 months"):
            crime_releases(releases, self.period)

    def test_an_older_classification_that_holds_both_years_is_taken(self) -> None:
        releases = made_releases(
            ("2026-04", "2019", "2024-04", "2026-03"), ("2026-05", "2024", "2025-05", "2026-04")
        )
        assert crime_releases(releases, self.period) == ("2019", ["2026-04"])

    def test_a_release_that_adds_no_month_is_left_out(self) -> None:
        releases = made_releases(
            ("2026-04", "2024", "2024-04", "2026-03"), ("2026-01", "2024", "2024-06", "2025-12")
        )
        assert crime_releases(releases, self.period) == ("2024", ["2026-04"])

    def test_wards_need_the_classification_and_the_twelve_months(self) -> None:
        releases = made_releases(
            ("2026-04", "2024", "2024-04", "2026-03"), ("2026-05", "2019", "2024-05", "2026-04")
        )
        assert ward_release(releases, "2024", self.period) == "2026-04"
        with pytest.raises(InputError, match="no release of the 2024"):
            ward_release(releases[1:], "2024", self.period)


NAMES = {"E09000002": "One", "E09000003": "Two", LONDON: "London"}


class TestJumps:
    """Made series of two boroughs, 100 offences a month, up by 10 in every other year."""

    def crime(self, last_months: list[int]) -> RecordedCrime:
        months = pd.date_range("2018-04-01", "2026-03-01", freq="MS")
        counts = [100 + 10 * (month.year % 2) for month in months]
        other = counts[: -len(last_months)] + last_months if last_months else counts
        areas = [("E09000002", counts), ("E09000003", other)]
        table = pd.concat(
            pd.DataFrame({"month": months, "area_code": area, "offence": "Arson", "count": values})
            for area, values in areas
        )
        return RecordedCrime(
            counts=MonthlyCounts(table.assign(release="")),
            offences=pd.DataFrame(
                {"offence": ["Arson"], "offence_group": ["Arson"], "counted_in_total": [True]}
            ),
            boroughs=pd.DataFrame(
                {"area_code": ["E09000002", "E09000003"], "borough": ["Ayton", "Beeton"]}
            ),
            area_code="E09000002",
            period=Period.year_to("2026-03"),
        )

    def test_a_year_like_the_others_passes(self) -> None:
        assert unseen_jumps(self.crime([]), NAMES, is_explained=False) == ([], [])

    def test_a_month_that_no_year_has_seen_stops(self) -> None:
        stop, _ = unseen_jumps(self.crime([250]), NAMES, is_explained=False)
        assert any(each.startswith("Two, March 2026: +") for each in stop)
        assert not any(each.startswith("One") for each in stop)

    def test_a_break_that_is_written_down_lets_it_pass(self) -> None:
        stop, look = unseen_jumps(self.crime([250]), NAMES, is_explained=True)
        assert stop == []
        assert any(each.startswith("Two, March 2026") for each in look)
