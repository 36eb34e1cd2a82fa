"""What builds keep: made once from the same inputs, made anew from others, and forgotten."""

import os
from pathlib import Path

import pytest

from safer_communities.site.kept import UNUSED_DAYS, Kept


class Maker:
    """Writes a file, and counts how often it was asked to."""

    def __init__(self, text: str = "made") -> None:
        self.text, self.times = text, 0

    def __call__(self, folder: Path) -> None:
        self.times += 1
        (folder / "file").write_text(self.text)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "kept", made_by={"src/a.py": "1"})


def test_the_same_inputs_are_made_once(kept: Kept) -> None:
    make = Maker()
    assert not kept.holds(["page", {"a": 1}])
    first = kept.made(["page", {"a": 1}], make)
    assert kept.holds(["page", {"a": 1}])
    again = Kept(kept.folder, made_by={"src/a.py": "1"}).made(["page", {"a": 1}], make)
    assert first == again
    assert (again / "file").read_text() == "made"
    assert make.times == 1


@pytest.mark.parametrize("inputs", [["page", {"a": 2}], ["page"], ["pag", "e"]])
def test_other_inputs_are_made_anew(kept: Kept, inputs: list) -> None:
    first = kept.made(["page", {"a": 1}], Maker())
    other = kept.made(inputs, Maker("other"))
    assert other != first
    assert (other / "file").read_text() == "other"


def test_other_code_makes_anew(kept: Kept) -> None:
    make = Maker()
    kept.made(["page"], make)
    Kept(kept.folder, made_by={"src/a.py": "2"}).made(["page"], make)
    assert make.times == 2


def test_what_fails_is_not_kept(kept: Kept) -> None:
    def fail(folder: Path) -> None:
        (folder / "file").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept.made(["page"], fail)
    assert list(kept.folder.iterdir()) == []
    assert (kept.made(["page"], Maker("whole")) / "file").read_text() == "whole"


def test_two_that_make_the_same_at_once_both_find_it(kept: Kept) -> None:
    def make(folder: Path) -> None:
        kept.made(["page"], Maker())
        Maker()(folder)

    assert (kept.made(["page"], make) / "file").read_text() == "made"
    assert len(list(kept.folder.iterdir())) == 1


def test_what_no_build_used_for_long_is_forgotten(kept: Kept) -> None:
    used, unused = kept.made(["used"], Maker()), kept.made(["unused"], Maker())
    for entry in (used, unused):
        long_ago = entry.stat().st_mtime - (UNUSED_DAYS + 1) * 86_400
        os.utime(entry, (long_ago, long_ago))
    kept.made(["used"], Maker())
    kept.forget_unused()
    assert list(kept.folder.iterdir()) == [used]
