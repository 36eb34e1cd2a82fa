"""Wordings that prose quotes: those alone are saved, all of them are there in JupyterLab."""

import json
from pathlib import Path

import pandas as pd
import pytest

from safer_communities import charts
from safer_communities.chapter.chapter import Chapter
from safer_communities.facts.output_types import FACT_MIME, GLUE_PREFIX
from safer_communities.facts.quoted import keys_in, keys_quoted_in
from safer_communities.settings import Settings

PROSE = "Crime {glue:text}`change_words`, in {glue:text}`borough`.\n\n```{glue:} change_chart\n```"


def saved(folder: Path, *cells: tuple[str, str]) -> Path:
    """A notebook, made for these tests, with cells of a kind and a text."""
    path = folder / "made.ipynb"
    notebook = {"cells": [{"cell_type": kind, "source": [text]} for kind, text in cells]}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def stated(name: str = "made") -> dict[str, dict]:
    """What a chapter puts out for one fact and one phrase, by key."""
    shown: dict[str, dict] = {}

    def emit(data: dict, *, raw: bool, metadata: dict) -> None:
        shown[metadata["scrapbook"]["name"]] = data

    chapter = Chapter(name, Settings(), emit=emit)
    chapter.fact("change", 6.67, unit="%", label="Change")
    chapter.fact("other", 1.5, unit="%", label="Another")
    chapter.words("phrase", "some words")
    assert chapter.sentence("{change_noun} and {phrase}") == "a rise of 6.7% and some words"
    return shown


def texts(shown: dict[str, dict]) -> set[str]:
    return {key for key, data in shown.items() if f"{GLUE_PREFIX}text/plain" in data}


def facts(shown: dict[str, dict]) -> set[str]:
    return {key for key, data in shown.items() if f"{GLUE_PREFIX}{FACT_MIME}" in data}


def test_keys_are_found_in_prose_and_not_in_code(tmp_path: Path) -> None:
    path = saved(tmp_path, ("markdown", PROSE), ("code", "# {glue:text}`other`"))
    assert keys_quoted_in(path) == keys_in([PROSE]) == {"change_words", "borough", "change_chart"}


def test_a_notebook_that_is_not_there_quotes_nothing_that_is_known(tmp_path: Path) -> None:
    assert keys_quoted_in(tmp_path / "made.ipynb") is None


def test_a_saved_notebook_keeps_what_it_quotes_and_every_fact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(tmp_path)
    saved(tmp_path, ("markdown", PROSE))
    shown = stated()
    # The plain number stands beside its wording, which is checked against it.
    assert texts(shown) == {"change", "change_words", "borough"}
    assert facts(shown) == {"change", "other"}


def test_in_lab_every_wording_is_there_and_a_cell_may_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "made.ipynb")
    monkeypatch.chdir(tmp_path)
    saved(tmp_path, ("markdown", PROSE))
    shown = stated()
    assert {"change_noun", "other", "phrase", "period"} <= texts(shown)
    chapter = Chapter("made", Settings(), emit=lambda *_, **__: None)
    chapter.words("phrase", "first")
    chapter.words("phrase", "second")
    assert chapter.texts["phrase"] == "second"


def test_in_a_build_a_name_is_given_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(tmp_path)
    chapter = Chapter("made", Settings(), emit=lambda *_, **__: None)
    chapter.words("phrase", "first")
    with pytest.raises(ValueError, match="already has a fact called 'phrase'"):
        chapter.words("phrase", "second")


def test_in_lab_a_preview_shows_the_prose_with_its_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "made.ipynb")
    monkeypatch.chdir(tmp_path)
    message = (
        ":::{div} message\nUp {glue:text}`phrase`, {glue:text}`gone`: {term}`wards <ward>`.\n:::"
    )
    saved(tmp_path, ("markdown", message), ("code", "chapter.preview()"))
    shown: list[dict] = []
    chapter = Chapter("made", Settings(), emit=lambda data, **_: shown.append(data))
    chapter.words("phrase", "by 2%")
    chapter.preview()
    assert shown[-1] == {"text/markdown": "> Up by 2%, **no fact is called `gone`**: wards."}


def test_in_a_build_a_preview_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    with pytest.raises(ValueError, match="for JupyterLab alone"):
        Chapter("made", Settings(), emit=lambda *_, **__: None).preview()


@pytest.mark.parametrize("lab", [False, True])
def test_lab_shows_a_chart_and_a_table_with_all_their_words(
    monkeypatch: pytest.MonkeyPatch, lab: bool
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "made.ipynb")
    if not lab:
        monkeypatch.delenv("JPY_SESSION_NAME")
    shown: list[dict] = []
    chapter = Chapter("made", Settings(), emit=lambda data, **_: shown.append(data))
    calls = pd.DataFrame({"category": ["Ayton", "Beeham"], "count": [1, 2]})
    words = {"headline": "Calls in <{borough}>", "subtitle": "Calls", "alt": "Two bars"}
    chapter.show(charts.counts_by_category(calls, name="calls"), **words, table=True)
    htmls = [data.get("text/html", "") for data in shown[-2:]]
    assert ("Calls in &lt;Barnet&gt;" in htmls[0]) is lab
    assert ("data:image/svg+xml," in htmls[0]) is lab
    assert all(("Metropolitan Police" in html) is lab for html in htmls)
