"""A broken table: a message that helps; and of `make book`, the last good site as it was.

The real command runs once, on a copy of the project with one short chapter: whatever is wrong with
a table comes to it in the same way.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import made_releases as made
from safer_communities.datasets import load
from safer_communities.errors import InputError, leaves
from safer_communities.project import ROOT

pytestmark = pytest.mark.slow

CHAPTER = """
from safer_communities.chapter import *
chapter = open_chapter("summary")
chapter.fact("total", chapter.crime.count(), unit="offences", label="Offences")
wards = chapter.wards.rates()
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's code and tables with one chapter and one page, and a site that was built."""
    root = tmp_path_factory.mktemp("broken") / "project"
    for folder in ("src", "data"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("_config.yml", "publisher.yml", "requirements.lock"):
        shutil.copy(ROOT / name, root)
    (root / "_toc.yml").write_text("format: jb-book\nroot: notebooks/summary\n")
    (root / "book").mkdir()
    (root / "notebooks").mkdir()
    cells = [nbformat.v4.new_markdown_cell("# Made"), nbformat.v4.new_code_cell(CHAPTER)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), root / "notebooks" / "summary.ipynb")
    site = root / "_build" / "html"
    (site / "downloads").mkdir(parents=True)
    (site / "index.html").write_text("<p>The last good site</p>")
    (site / "downloads" / "claims.csv").write_text("id\n")
    (root / "_build" / "html.json").write_text(json.dumps({"digest": "of the last good site"}))
    return root


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def replaced(old: str, new: str):
    def change(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


BROKEN = {
    "cut off": ("recorded_crime_borough/2024-02.parquet", cut, ["not a complete Parquet file"]),
    "lost": ("recorded_crime_ward/2023-04.parquet", Path.unlink, ["there is no such file"]),
    "a cell": (
        "population/ward_population.csv",
        replaced("census-2021", "census 2021"),
        ["row 2, column release: 'census 2021'"],
    ),
    "a mark that cannot be seen": (
        "reference/boroughs.csv",
        replaced("Barnet", "Barnet\u202e"),
        ["row 3, column borough: 'Barnet\\u202e'"],
    ),
    "a column": ("editions.csv", replaced("edition,", "year,"), ["the columns are year, "]),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_table_is_told(project: Path, case: str) -> None:
    name, spoil, said = BROKEN[case]
    data = project / "data"
    good = (data / name).read_bytes()
    path = Path(name)
    table, release = (path.parent, path.stem) if path.suffix == ".parquet" else (path.stem, "")
    try:
        spoil(data / name)
        with pytest.raises((InputError, ExceptionGroup)) as caught:
            load.read_anew(str(table), data, release)
    finally:
        (data / name).write_bytes(good)
    (error,) = leaves(caught.value)
    for words in (f"data/{name}", *said, "What to do:"):
        assert words in str(error)


@pytest.mark.long
def test_a_broken_table_stops_the_book_and_leaves_the_site(project: Path) -> None:
    name, spoil, _ = BROKEN["cut off"]
    table = project / "data" / name
    good = table.read_bytes()
    before = made.contents(project / "_build" / "html")
    try:
        spoil(table)
        run = subprocess.run(
            [sys.executable, "-m", "safer_communities", "book", "--jobs", "1"],
            capture_output=True,
            text=True,
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(project / "src")},
            check=False,
        )
    finally:
        table.write_bytes(good)
    assert run.returncode == 2, run.stderr[-2000:]
    # Found before anything runs; what is wrong with it is told by whoever reads it.
    for words in (f"data/{name}: not the table that datapackage.yaml describes", "What to do:"):
        assert words in run.stderr, run.stderr[-2000:]
    assert "Traceback" not in run.stderr
    assert made.contents(project / "_build" / "html") == before
    left = {path.name for path in (project / "_build").iterdir()}
    assert not [name for name in left if name.startswith("building-")]
