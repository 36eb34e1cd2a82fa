"""The settings: read from the environment, handed on to other processes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safer_communities.settings import Settings


@pytest.mark.parametrize("unset", [None, ""])
def test_without_settings_it_is_the_strategys_own_book(
    monkeypatch: pytest.MonkeyPatch, unset: str | None
) -> None:
    for name in ("BOROUGH", "EDITION"):
        monkeypatch.delenv(name, raising=False)
        if unset is not None:
            monkeypatch.setenv(name, unset)
    assert Settings.from_environment() == Settings()


def test_each_setting_is_read_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOROUGH", "Kingston upon Thames")
    monkeypatch.delenv("EDITION", raising=False)
    assert Settings.from_environment() == Settings("Kingston upon Thames", Settings().edition)
    monkeypatch.setenv("EDITION", "2025")
    assert Settings.from_environment() == Settings("Kingston upon Thames", 2025)


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("Barnet ", "Barnet"),
        ("barnet", "Barnet"),
        (" BARNET", "Barnet"),
        ("kingston  upon thames", "Kingston upon Thames"),
        ("KENSINGTON AND CHELSEA", "Kensington and Chelsea"),
        ("hammersmith & fulham", "Hammersmith and Fulham"),
        ("Tower hamlets", "Tower hamlets"),
        ("  ", Settings().borough),
    ],
)
def test_spaces_and_small_letters_are_the_same_borough(
    monkeypatch: pytest.MonkeyPatch, given_name: str, name: str
) -> None:
    monkeypatch.setenv("BOROUGH", given_name)
    assert Settings.from_environment().borough == name
    assert Settings(given_name) == Settings(name)


@given(
    borough=st.text(st.characters(exclude_categories=["C"]), min_size=1),
    edition=st.integers(2000, 2100),
)
def test_settings_survive_the_way_to_another_process(borough: str, edition: int) -> None:
    settings = Settings(borough, edition)
    with pytest.MonkeyPatch.context() as patched:
        for name, value in settings.as_environment().items():
            patched.setenv(name, value)
        assert Settings.from_environment() == settings
