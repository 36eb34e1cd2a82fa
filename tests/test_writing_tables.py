"""Writers of tables wait for each other, and leave all as it was where they cannot write."""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from safer_communities.datasets.atomic import replace_file, replace_files, writing_to
from safer_communities.errors import InputError
from safer_communities.site.pages.jupyter_book import Ran, make_html

# The user that owns nothing.
NOBODY = 65534
# Reads a number, waits, and writes the next: what two imports at once do to the description.
COUNT = """
import sys, time
from pathlib import Path
from safer_communities.datasets.atomic import replace_files, writing_to
folder = Path(sys.argv[1])
with writing_to(folder):
    number = int((folder / "number.txt").read_text())
    time.sleep(0.2)
    replace_files(folder, {"number.txt": str(number + 1).encode()})
"""


def test_two_writers_do_not_undo_each_other(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "number.txt").write_text("0")
    command = [sys.executable, "-c", textwrap.dedent(COUNT), str(folder)]
    writers = [subprocess.Popen(command) for _ in range(3)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert (folder / "number.txt").read_text() == "3"


def test_the_lock_may_be_taken_twice_by_one_who_holds_it(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    with writing_to(folder), writing_to(folder):
        assert replace_files(folder, {"a.csv": b"1"}) == ["a.csv"]


def test_a_file_too_large_for_the_system_leaves_the_old_ones(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "a.csv").write_bytes(b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with (
            pytest.raises(InputError, match="cannot be written") as failure,
            writing_to(folder),
        ):
            replace_files(folder, {"a.csv": b"new", "b.csv": b"x" * 2000})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "data/ is as it was" in failure.value.remedy
    assert [path.name for path in folder.iterdir()] == ["a.csv"]
    assert (folder / "a.csv").read_bytes() == b"old"


def test_a_notebook_too_large_for_the_system_stays_as_it_was_with_nothing_beside_it(tmp_path):
    path = tmp_path / "summary.ipynb"
    path.write_bytes(b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            replace_file(path, b"x" * 2000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"old"]


def test_a_full_disk_is_told_as_such_whatever_sphinx_makes_of_it(tmp_path):
    said = (
        "Traceback (most recent call last):\n  File 'builders/html.py', line 1, in finish\n"
        "OSError: [Errno 28] No space left on device: 'searchindex.js'\n"
    )
    with pytest.raises(OSError, match="No space left on device") as failure:
        make_html(tmp_path / "source", tmp_path, lambda arguments: Ran(1, "", said))
    assert failure.value.filename == str(tmp_path)


def test_a_folder_that_may_not_be_written_is_named():
    user = os.geteuid()
    # Outside pytest's own folder, which nobody else may enter.
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        folder = Path(place) / "data"
        folder.mkdir(mode=0o555)
        try:
            if user == 0:  # who may write everywhere
                os.seteuid(NOBODY)
            with pytest.raises(InputError, match=r"data.*cannot be written"), writing_to(folder):
                replace_files(folder, {"a.csv": b"1"})
        finally:
            os.seteuid(user)
        assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_copied_says_why(tmp_path: Path) -> None:
    full = shutil.Error([("a", "b", "[Errno 28] No space left on device")])
    with pytest.raises(InputError, match="No space left on device"), writing_to(tmp_path / "data"):
        raise full
