"""The import of the real releases. Skipped, saying so, where they are absent; never in CI."""

import csv
import re
import shutil
from functools import cache

import pandas as pd
import pytest

from safer_communities.datasets.schemas import TABLES
from safer_communities.errors import ErrorCollector
from safer_communities.project import DATA
from safer_communities.sources import PUBLICATIONS, import_publications
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.mps.borough_crime import KEYS as BOROUGH_KEYS
from safer_communities.sources.mps.layout import HEADINGS, read_monthly
from safer_communities.sources.mps.ward_crime import KEYS as WARD_KEYS
from safer_communities.sources.reading import read_csv, read_sheet
from source_releases import source_folder


@pytest.fixture(scope="module")
def sources():
    return source_folder()


# The publications that take seconds; of the first, one release is imported every time.
LARGE = (
    *("mps_borough_crime", "mps_ward_crime", "police_uk_asb", "mps_women_and_girls"),
    *("mps_flagged_offences", "ons_mid_year_population", "dfe_local_authority_tool"),
)
ONE_FILE, ONE_RELEASE = (
    "mps_borough_24m_202407-202606.csv",
    "recorded_crime_borough/2026-07.parquet",
)


@pytest.fixture(scope="module", params=["the smaller", pytest.param("all", marks=pytest.mark.long)])
def imported(request, sources, tmp_path_factory):
    """A data folder in which the import made all tables of the smaller publications, or of all."""
    folder = tmp_path_factory.mktemp("import")
    data = folder / "data"
    if request.param == "all":
        for kept in ("calibration", "reference", "strategy", "surveys"):
            shutil.copytree(DATA / kept, data / kept)
        shutil.copy(DATA / "editions.csv", data)
        return data, import_publications(sources, data, report=lambda line: None)
    shutil.copytree(DATA, data)
    (data / ONE_RELEASE).unlink()
    smaller = PUBLICATIONS.keys() - set(LARGE)
    for table in TABLES.values():
        if table.source in smaller:
            for path in data.glob(table.path.replace("{release}", "*")):
                path.unlink()
    for name, publication in PUBLICATIONS.items():
        for path in publication.find(sources):
            if name in smaller or path.name == ONE_FILE:
                link = folder / "sources" / path.relative_to(sources)
                link.parent.mkdir(parents=True, exist_ok=True)
                if not link.exists():
                    link.symlink_to(path)
    changed = import_publications(folder / "sources", data, report=lambda line: None)
    assert ONE_RELEASE in changed
    assert len(changed) > len(smaller)
    return data, changed


KEYS = {"mps_borough_crime": BOROUGH_KEYS, "mps_ward_crime": WARD_KEYS}


@cache
def monthly(publication, path):
    """A file of recorded crime, read once for all tests."""
    return read_monthly(path, KEYS[publication])


def _bytes(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_is_committed_is_what_the_import_makes(imported):
    made, committed = _bytes(imported[0]), _bytes(DATA)
    assert made.keys() == committed.keys()
    assert [path for path in made if made[path] != committed[path]] == []


@pytest.mark.long
def test_importing_again_changes_no_byte(sources, imported, tmp_path):
    """The newest file of each kind and publication, beside what the import made."""
    for publication in PUBLICATIONS.values():
        files = [path for path in publication.find(sources) if "hist" not in path.name]
        kinds = {path: re.sub(r"[0-9]", "", path.name) for path in files}
        newest = {kinds[path]: path for path in sorted(files, key=lambda path: path.name)}
        for path in newest.values():
            copy = tmp_path / path.relative_to(sources)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.symlink_to(path)
    before = _bytes(imported[0])
    assert import_publications(tmp_path, imported[0], report=lambda line: None) == []
    assert _bytes(imported[0]) == before


@pytest.mark.long
def test_one_workbook_of_population_leaves_the_other_releases(sources, imported, tmp_path):
    """As the guide has it: a folder with what is new, beside the tables that are there."""
    publication = PUBLICATIONS["ons_mid_year_population"]
    before = _bytes(imported[0])
    workbooks = publication.find(sources)
    assert len(workbooks) > 1
    for number, workbook in enumerate(workbooks):
        folder = tmp_path / str(number)
        (folder / "population").mkdir(parents=True)
        (folder / "population" / workbook.name).symlink_to(workbook)
        said = []
        assert import_publications(folder, imported[0], report=said.append) == []
        assert _bytes(imported[0]) == before
        (frame, ages) = publication.tidy([workbook], Crosswalks.of(DATA)).values()
        for path, new in (("mid_year_population", frame), ("population_by_age", ages)):
            table = pd.read_csv(imported[0] / f"population/{path}.csv")
            rest = table.loc[~table["release"].isin(new["release"]), "release"].value_counts()
            assert len(rest) == len(workbooks) - 1
            for release, rows in rest.items():
                line = f"data/population/{path}.csv: {rows:,} rows of release {release} kept"
                assert line in said


def test_every_release_file_is_imported(sources, imported):
    releases = pd.read_csv(imported[0] / "reference/releases.csv", dtype=str)
    for name in ("mps_borough_crime", "mps_ward_crime"):
        folder = name.replace("mps_", "").replace("_crime", "")
        tables = {path.stem for path in imported[0].glob(f"recorded_crime_{folder}/*.parquet")}
        assert tables == set(releases.loc[releases["publication"] == name, "release"])


@pytest.mark.long
@pytest.mark.parametrize("name", KEYS)
def test_every_month_of_every_file_is_imported(sources, imported, name):
    """A file of recent months is a release, a history is one or goes with the months after it."""
    place = name.replace("mps_", "").replace("_crime", "")
    tables = [
        {f"{month:%Y-%m}" for month in pd.read_parquet(path)["month"].unique()}
        for path in imported[0].glob(f"recorded_crime_{place}/*.parquet")
    ]
    files = PUBLICATIONS[name].find(sources)
    assert set((sources / f"mps_recorded_crime_{place}").glob("*.csv")) <= set(files)
    for path in files:
        file = monthly(name, path)
        totals = file.rows[file.months].sum()
        # The newest wards came with a column that is no month.
        months = {str(month) for month in file.months if totals[month] > 1000}
        assert any(months <= table for table in tables), path.name


@pytest.mark.parametrize("release", ["2024-02", "2025-04", "2026-04", "2026-07", "2025-12"])
def test_no_offence_is_lost_or_added(sources, imported, release):
    """The sum of a release's table is the sum of every cell of its files."""
    table = pd.read_parquet(imported[0] / f"recorded_crime_borough/{release}.parquet")
    files = {
        "2024-02": ["hist_201004-202201", "24m_202202-202401"],
        "2025-04": ["hist_201004-202303_newcats", "24m_202304-202503"],
        "2026-04": ["hist_201004-202403_newcats", "24m_202404-202603"],
        "2026-07": ["24m_202407-202606"],
        "2025-12": ["hist_201004-202311_newcats"],
    }[release]
    published = 0
    for name in files:
        (path,) = sources.glob(f"mps_recorded_crime_borough*/mps_borough_{name}.csv")
        cells = read_csv(path, ErrorCollector(name))
        published += int(cells.iloc[:, 3:].astype(int).to_numpy().sum())
    assert int(table["count"].sum()) == published


@pytest.mark.long
def test_crosswalks_hold_every_published_name_and_no_other(sources):
    """An entry that nothing uses is a mistake, as is a name that no entry holds."""
    crosswalks = Crosswalks.of(DATA)
    offences, areas = set(), set()
    for name in KEYS:
        for path in PUBLICATIONS[name].find(sources):
            rows = monthly(name, path).rows
            classification = "2024" if rows["published_group"].str.isupper().all() else "2019"
            pairs = rows[["published_group", "published_offence"]].drop_duplicates()
            offences |= {(classification, *pair) for pair in pairs.itertuples(index=False)}
            areas |= {(name, area) for area in rows["published_area"].unique()}
    outcomes = PUBLICATIONS["mps_positive_outcomes"].find(sources)[0]
    names = read_sheet(outcomes, "Sheet1", "Month_Year")["Area_name"].unique()
    areas |= {("mps_positive_outcomes", area) for area in names}
    for path in PUBLICATIONS["ons_mid_year_population"].find(sources):
        if path.suffix == ".csv":
            rows = read_csv(path, ErrorCollector(path.name), sum_is_known=True)
        else:
            rows = read_sheet(path, "MYE4", "Code")
        london = rows["Code"].str.startswith("E09") | (rows["Code"] == "E12000007")
        areas |= {("ons_mid_year_population", area) for area in rows.loc[london, "Name"]}
    known = crosswalks.offences[["classification", "published_group", "published_offence"]]
    assert offences == set(known.itertuples(index=False, name=None))
    kept = crosswalks.area_names
    kept = kept[kept["publication"].isin({name for name, _ in areas})]
    assert areas == set(kept[["publication", "published_name"]].itertuples(index=False, name=None))


def test_every_heading_is_used(sources):
    used = set()
    for name in KEYS:
        for path in PUBLICATIONS[name].find(sources):
            with path.open(encoding="utf-8-sig", newline="") as file:
                used |= set(next(csv.reader(file))) & set(HEADINGS)
    assert used == set(HEADINGS)
