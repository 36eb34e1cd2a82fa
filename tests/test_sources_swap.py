import os
import shutil
from contextlib import suppress

import pytest

from safer_communities.datasets import atomic
from safer_communities.datasets.atomic import (
    finish_replacing,
    finish_replacing_folder,
    replace_files,
    replace_folder,
)

pytestmark = pytest.mark.slow


def failing_at(number):
    """Wraps functions so that the n-th call of any of them is interrupted."""
    calls = 0

    def failing(real):
        def call(*arguments, **options):
            nonlocal calls
            calls += 1
            if calls == number:
                raise KeyboardInterrupt
            return real(*arguments, **options)

        return call

    return failing


def test_only_changed_files_are_written(tmp_path):
    assert replace_files(tmp_path, {"a/b.csv": b"1", "c.csv": b"2"}) == ["a/b.csv", "c.csv"]
    before = os.stat(tmp_path / "c.csv").st_mtime_ns
    assert replace_files(tmp_path, {"a/b.csv": b"3", "c.csv": b"2"}) == ["a/b.csv"]
    assert (tmp_path / "a/b.csv").read_bytes() == b"3"
    assert os.stat(tmp_path / "c.csv").st_mtime_ns == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "c.csv"]


@pytest.mark.parametrize("survived", range(1, 12))
def test_a_crash_leaves_all_old_or_all_new(tmp_path, monkeypatch, survived):
    """The n-th call that changes the disk fails; the next reader finds one state or the other."""
    old, new = {"a.csv": b"1", "b.csv": b"2"}, {"a.csv": b"3", "b.csv": b"4"}
    replace_files(tmp_path, old)
    failing = failing_at(survived)
    for name in ("rename", "replace"):
        monkeypatch.setattr(f"pathlib.Path.{name}", failing(getattr(type(tmp_path), name)))
    monkeypatch.setattr("safer_communities.datasets.atomic.os.fsync", failing(os.fsync))
    monkeypatch.setattr("safer_communities.datasets.atomic.shutil.rmtree", failing(shutil.rmtree))
    try:
        replace_files(tmp_path, new)
    except KeyboardInterrupt:
        monkeypatch.undo()
    finish_replacing(tmp_path)
    found = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    assert found in (old, new)


@pytest.fixture(params=[True, False], ids=["in one step", "in two steps"])
def exchanging(request, monkeypatch):
    """Whether the system can exchange two folders: Linux can, others are played here."""
    if not request.param:
        monkeypatch.setattr(atomic, "_exchanged", lambda one, other: False)
    return request.param


def folder_with(path, text):
    path.mkdir()
    (path / "page.html").write_text(text)
    return path


def test_a_folder_takes_the_place_of_another(tmp_path, exchanging):
    site = tmp_path / "site"
    for text in ("first", "second", "third"):
        replace_folder(folder_with(tmp_path / "made", text), site)
        assert (site / "page.html").read_text() == text
        assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_an_exchange_never_leaves_a_moment_without_a_folder(tmp_path, monkeypatch):
    site = folder_with(tmp_path / "site", "old")
    monkeypatch.setattr("pathlib.Path.rename", lambda *_: pytest.fail("a name was given up"))
    replace_folder(folder_with(tmp_path / "made", "new"), site)
    assert (site / "page.html").read_text() == "new"


@pytest.mark.parametrize("survived", range(1, 6))
def test_a_crash_leaves_the_old_folder_or_the_new_one(tmp_path, monkeypatch, exchanging, survived):
    site = folder_with(tmp_path / "site", "old")
    made = folder_with(tmp_path / "made", "new")
    failing = failing_at(survived)
    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.rename", failing(type(tmp_path).rename))
        patched.setattr("safer_communities.datasets.atomic.shutil.rmtree", failing(shutil.rmtree))
        with suppress(KeyboardInterrupt):
            replace_folder(made, site)
    finish_replacing_folder(site)
    assert (site / "page.html").read_text() in {"old", "new"}
    assert {path.name for path in tmp_path.iterdir()} <= {"site", "made"}
