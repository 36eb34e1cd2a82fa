"""Rebuilding the real book after real changes: what runs again, and that no page is stale.

A copy of the project is changed step by step and built after each step, with what the build of
the book has kept. In the end it is built anew elsewhere, as on another machine: other folder,
other day, other time zone, other hash seed, nothing kept.
"""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

from safer_communities.project import ROOT
from safer_communities.site.rebuilding import tree_digest
from safer_communities.site.run.inputs import SOURCES
from safer_communities.site.run.text_notebooks import read_chapters

pytestmark = pytest.mark.slow

ANOTHER_DAY = Path(__file__).parent / "another_day"


@dataclass(frozen=True)
class Built:
    ran: list[str]
    digest: str


def copy_project(to: Path, of: Path = ROOT) -> Path:
    to.mkdir()
    for name in SOURCES:
        path = of / name
        if path.is_file():
            shutil.copy(path, to)
        else:
            shutil.copytree(path, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    return to


def build(project: Path, *first_on_path: Path, **environment: str) -> Built:
    path = os.pathsep.join(map(str, [*first_on_path, project / "src"]))
    run = subprocess.run(
        [sys.executable, "-m", "safer_communities", "book"],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    ran = re.findall(r"^  \[\d+/\d+\] (.+?): ", run.stdout, re.MULTILINE)
    return Built(sorted(ran), tree_digest(project / "_build" / "html"))


def change_cell(path: Path, kind: str, old: str, new: str) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(c for c in notebook["cells"] if c["cell_type"] == kind and old in c["source"][0])
    cell["source"][0] = cell["source"][0].replace(old, new)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def change_text(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def add_line(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line)


# Every chapter depends on all that a chapter can import.
ALL = sorted(path.stem for path in read_chapters(ROOT))


def calling(*calls: str) -> list[str]:
    """The chapters whose code makes one of the calls."""
    found = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        if any(call in cell for cell in code for call in calls):
            found.append(path.stem)
    return found


# Each kind of change, in order, with the chapters that it concerns.
CHANGES: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "prose of a chapter": (
        lambda project: change_cell(
            project / "notebooks/wards.ipynb", "markdown", "# ", "# Changed: "
        ),
        [],
    ),
    "a page of text": (
        lambda project: add_line(project / "book/foreword.md", "\nOne more sentence.\n"),
        [],
    ),
    "code of a chapter": (
        lambda project: change_cell(
            project / "notebooks/wards.ipynb", "code", "from safer", "# Changed.\nfrom safer"
        ),
        ["wards"],
    ),
    "a table of one chapter": (
        lambda project: change_text(
            project / "data/reference/published_figures.csv", ",358,", ",359,"
        ),
        calling("chapter.published_figure("),
    ),
    "a kind of chart and an analysis": (
        lambda project: [
            add_line(project / "src/safer_communities/charts/tiles.py", "\n# Changed.\n"),
            add_line(project / "src/safer_communities/analysis/wards.py", "\n# Changed.\n"),
        ],
        ALL,
    ),
    "how a page is made after its chapter ran": (
        lambda project: add_line(
            project / "src/safer_communities/site/pages/exhibits.py", "\n# Changed.\n"
        ),
        [],
    ),
}


@dataclass(frozen=True)
class Story:
    project: Path
    start: Built
    steps: dict[str, Built]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, site: Path) -> Story:
    """The copy, its build before the first change, and the build after each change."""
    project = copy_project(tmp_path_factory.mktemp("changed") / "project")
    shutil.copytree(ROOT / "_build" / "cache", project / "_build" / "cache")
    start = build(project)
    steps = {}
    for name, (change, _) in CHANGES.items():
        change(project)
        steps[name] = build(project)
    return Story(project, start, steps)


def test_in_another_folder_nothing_runs_and_every_byte_is_the_same(
    story: Story, site: Path
) -> None:
    assert story.start == Built([], tree_digest(site))


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_runs_exactly_the_chapters_that_it_concerns(story: Story, name: str) -> None:
    assert story.steps[name].ran == CHANGES[name][1]


def test_every_change_that_a_reader_can_see_reaches_the_site(story: Story) -> None:
    digests = [story.start.digest, *(built.digest for built in story.steps.values())]
    # The last two changes are comments in code: the same pages come out.
    assert len(set(digests)) == len(digests) - 2
    assert digests[-1] == digests[-2] == digests[-3]


def without_vector_units() -> dict[str, str]:
    """The environment in which the libraries compute as they do on the plainest processor.

    numpy leaves out every set of instructions that it would choose on this machine, OpenBLAS takes
    the code of its oldest processor, the C library its functions without fused multiplication, and
    all work in one thread.
    """
    chosen = [name for name in __cpu_dispatch__ if __cpu_features__.get(name)]
    oldest = "ARMV8" if platform.machine() in {"aarch64", "arm64"} else "Prescott"
    return {
        "NPY_DISABLE_CPU_FEATURES": " ".join(chosen),
        "OPENBLAS_CORETYPE": oldest,
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX2,-FMA,-FMA4",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


def test_a_clean_build_on_another_processor_and_day_is_the_same_byte_for_byte(
    story: Story, tmp_path: Path
) -> None:
    clean = copy_project(tmp_path / "elsewhere", of=story.project)
    built = build(
        clean,
        ANOTHER_DAY,
        PYTHONHASHSEED="4711",
        TZ="Pacific/Auckland",
        LC_ALL="C",
        EDITION="",
        **without_vector_units(),
    )
    assert built.ran == ALL
    sites = [project / "_build" / "html" for project in (story.project, clean)]
    first, second = (
        {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()}
        for site in sites
    )
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []
