"""The build cache: made once from the same inputs, made anew from others, removed when unused."""

import os
from pathlib import Path

import pytest

from safer_communities.site.run.build_cache import UNUSED_DAYS, BuildCache


class Maker:
    """Writes a file, and counts how often it was asked to."""

    def __init__(self, text: str = "made") -> None:
        self.text, self.times = text, 0

    def __call__(self, folder: Path) -> None:
        self.times += 1
        (folder / "file").write_text(self.text)


@pytest.fixture
def cache(tmp_path: Path) -> BuildCache:
    return BuildCache(tmp_path / "made", made_by={"src/a.py": "1"})


def test_the_same_inputs_are_made_once(cache: BuildCache) -> None:
    make = Maker()
    assert not cache.has(["page", {"a": 1}])
    first = cache.get_or_make(["page", {"a": 1}], make)
    assert cache.has(["page", {"a": 1}])
    again = BuildCache(cache.folder, made_by={"src/a.py": "1"}).get_or_make(
        ["page", {"a": 1}], make
    )
    assert first == again
    assert (again / "file").read_text() == "made"
    assert make.times == 1


@pytest.mark.parametrize("inputs", [["page", {"a": 2}], ["page"], ["pag", "e"]])
def test_other_inputs_are_made_anew(cache: BuildCache, inputs: list) -> None:
    first = cache.get_or_make(["page", {"a": 1}], Maker())
    other = cache.get_or_make(inputs, Maker("other"))
    assert other != first
    assert (other / "file").read_text() == "other"


@pytest.mark.parametrize("text", ["", "mad", "Made"])
def test_what_was_changed_since_is_made_again(cache: BuildCache, text: str) -> None:
    make = Maker()
    found = cache.get_or_make(["page"], make)
    (found / "file").write_text(text)
    assert not cache.has(["page"])
    assert (cache.get_or_make(["page"], make) / "file").read_text() == "made"
    assert cache.has(["page"])
    assert make.times == 2


def test_a_file_more_or_less_means_making_it_again(cache: BuildCache) -> None:
    make = Maker()
    (cache.get_or_make(["page"], make) / "another").touch()
    assert [path.name for path in cache.get_or_make(["page"], make).iterdir()] == ["file"]
    (cache.get_or_make(["page"], make) / "file").unlink()
    assert (cache.get_or_make(["page"], make) / "file").read_text() == "made"
    assert make.times == 3


def test_other_code_makes_anew(cache: BuildCache) -> None:
    make = Maker()
    cache.get_or_make(["page"], make)
    BuildCache(cache.folder, made_by={"src/a.py": "2"}).get_or_make(["page"], make)
    assert make.times == 2


def test_what_fails_is_not_in_the_cache(cache: BuildCache) -> None:
    def fail(folder: Path) -> None:
        (folder / "file").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.get_or_make(["page"], fail)
    assert list(cache.folder.iterdir()) == []
    assert (cache.get_or_make(["page"], Maker("whole")) / "file").read_text() == "whole"


def test_two_that_make_the_same_at_once_both_find_it(cache: BuildCache) -> None:
    def make(folder: Path) -> None:
        cache.get_or_make(["page"], Maker())
        Maker()(folder)

    assert (cache.get_or_make(["page"], make) / "file").read_text() == "made"
    assert len(list(cache.folder.iterdir())) == 1


def test_what_no_build_used_for_long_is_removed(cache: BuildCache) -> None:
    used, unused = cache.get_or_make(["used"], Maker()), cache.get_or_make(["unused"], Maker())
    for entry in (used.parent, unused.parent):
        long_ago = entry.stat().st_mtime - (UNUSED_DAYS + 1) * 86_400
        os.utime(entry, (long_ago, long_ago))
    cache.get_or_make(["used"], Maker())
    cache.remove_unused()
    assert list(cache.folder.iterdir()) == [used.parent]
