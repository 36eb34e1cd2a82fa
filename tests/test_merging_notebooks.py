"""The guide's way to merge a notebook that two people changed, tried on a made repository."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest

from safer_communities.project import ROOT

pytestmark = [
    pytest.mark.slow,
    # Where CI is set nothing is skipped: what is missing fails.
    pytest.mark.skipif(
        shutil.which("git") is None and "CI" not in os.environ, reason="Git is what merges"
    ),
]

GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
# The two commands that a copy of the project needs once.
SET_UP = re.search(r"```sh\n(echo \S*[^`]+git config merge[^`]+)```", GUIDE)[1]


def git(folder: Path, *arguments: str) -> int:
    who = ["-c", "user.name=made", "-c", "user.email=made@example.org"]
    return subprocess.run(["git", *who, *arguments], cwd=folder, check=False).returncode


def save(folder: Path, first: str, last: str, output: str) -> None:
    cell = nbformat.v4.new_code_cell("1 + 1", id="b")
    cell.outputs = [nbformat.v4.new_output("display_data", data={"text/plain": output})]
    text = [nbformat.v4.new_markdown_cell(each, id=each[0]) for each in (first, last)]
    notebook = nbformat.v4.new_notebook(cells=[text[0], cell, text[1]])
    nbformat.write(notebook, folder / "made.ipynb")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository in which `theirs` and `ours` both began with the same notebook."""
    git(tmp_path, "init", "--quiet", "--initial-branch=ours")
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    subprocess.run(["sh", "-c", SET_UP], cwd=tmp_path, check=True)
    save(tmp_path, "a first", "z last", "before")
    git(tmp_path, "add", "made.ipynb")
    git(tmp_path, "commit", "--quiet", "-m", "before")
    git(tmp_path, "branch", "theirs")
    return tmp_path


def merge(project: Path, theirs: tuple[str, str, str], ours: tuple[str, str, str]) -> int:
    for branch, change in (("theirs", theirs), ("ours", ours)):
        git(project, "checkout", "--quiet", branch)
        save(project, *change)
        git(project, "commit", "--quiet", "-am", branch)
    return git(project, "merge", "--quiet", "-m", "both", "theirs")


def test_changes_to_two_cells_are_combined_whatever_the_outputs(project: Path) -> None:
    assert merge(project, ("a theirs", "z last", "1"), ("a first", "z ours", "2")) == 0
    cells = nbformat.read(project / "made.ipynb", as_version=4).cells
    assert [cell.source for cell in cells] == ["a theirs", "1 + 1", "z ours"]
    assert cells[1].outputs[0].data["text/plain"] == "2"


def test_two_versions_of_one_sentence_are_both_shown_in_its_cell(project: Path) -> None:
    assert merge(project, ("a theirs", "z last", "1"), ("a ours", "z last", "2")) != 0
    first, _, last = nbformat.read(project / "made.ipynb", as_version=4).cells
    assert re.fullmatch(r"<{7}.*\na ours\n={7}\na theirs\n>{7}.*", first.source.strip())
    assert last.source == "z last"
