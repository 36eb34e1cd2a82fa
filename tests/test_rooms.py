"""The rooms of the code stay few and small: docs/architecture.md names them."""

import re
from pathlib import Path

import pytest

from safer_communities.project import ROOT

HOUSE = ROOT / "src" / "safer_communities"
MOST_LINES = 400
MOST_FILES = 12
# Of the house itself: its rooms, and the files that stand in none.
MOST_ROOMS, MOST_FILES_WITHOUT_A_ROOM = 12, 6


def files_of(folder: Path) -> list[Path]:
    return list(folder.glob("*.py"))


ROOMS = sorted({path.parent for path in HOUSE.rglob("*.py")} - {HOUSE})


def test_the_house_has_few_rooms_and_files() -> None:
    assert len({room.relative_to(HOUSE).parts[0] for room in ROOMS}) <= MOST_ROOMS
    assert len(files_of(HOUSE)) <= MOST_FILES_WITHOUT_A_ROOM


@pytest.mark.parametrize("room", [HOUSE, *ROOMS], ids=lambda room: room.name)
def test_a_room_has_few_files_and_each_is_short(room: Path) -> None:
    named = [path for path in files_of(room) if path.name != "__init__.py"]
    assert len(named) <= MOST_FILES
    long = [path for path in named if len(path.read_text("utf-8").splitlines()) > MOST_LINES]
    assert long == []


def test_the_architecture_names_every_room() -> None:
    table = (ROOT / "docs" / "architecture.md").read_text("utf-8").split("## The journey")[0]
    named = re.findall(r"`(\w+(?:\.py|/))`", table)
    tops = {f"{room.relative_to(HOUSE).parts[0]}/" for room in ROOMS}
    tops |= {path.name for path in files_of(HOUSE)} - {"__init__.py"}
    assert tops <= set(named)
