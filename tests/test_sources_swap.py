import os
import shutil

import pytest

from safer_communities.swap import finish_replacing, replace_files


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
    calls = 0

    def failing(real):
        def call(*arguments, **options):
            nonlocal calls
            calls += 1
            if calls == survived:
                raise KeyboardInterrupt
            return real(*arguments, **options)

        return call

    for name in ("rename", "replace"):
        monkeypatch.setattr(f"pathlib.Path.{name}", failing(getattr(type(tmp_path), name)))
    monkeypatch.setattr("safer_communities.swap.os.fsync", failing(os.fsync))
    monkeypatch.setattr("safer_communities.swap.shutil.rmtree", failing(shutil.rmtree))
    try:
        replace_files(tmp_path, new)
    except KeyboardInterrupt:
        monkeypatch.undo()
    finish_replacing(tmp_path)
    found = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    assert found in (old, new)
