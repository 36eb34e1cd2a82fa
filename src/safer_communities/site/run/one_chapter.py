"""One chapter run and checked as a build does it, in seconds: for the one who writes it."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic

from safer_communities.errors import InputError, did_you_mean
from safer_communities.facts.output_types import (
    CHART_MIME,
    FACT_MIME,
    GLUE_PREFIX,
    TABLE_MIME,
    records_in,
)
from safer_communities.facts.word_check import check_words
from safer_communities.settings import Page, Settings
from safer_communities.site.rules import check_before_running, check_keys
from safer_communities.site.run.execution import execute, write_notebook
from safer_communities.site.run.processes import start_importing
from safer_communities.site.run.text_notebooks import read_chapters


def run_chapter(
    name: str, settings: Settings, *, root: Path, report: Callable[[str], None]
) -> None:
    """Runs and checks the chapter `name`, and reports the headlines of what it shows.

    In the strategy's own edition, its notebook is saved with its outputs; a template that PAGE has
    run for one of its pages is not. Raises InputError, or a
    group of them, where there is no such chapter, a rule is broken, a cell fails, prose quotes what
    is not stated, or words and number of a fact disagree.
    """
    started = monotonic()
    chapters = {path.stem: (path, each) for path, each in read_chapters(root).items()}
    if name not in chapters:
        raise InputError("NAME", f"there is no chapter {name!r}", did_you_mean(name, chapters))
    start_importing()
    path, notebook = chapters[name]
    check_before_running({path: notebook}, root)
    page = Page.key_from_environment()
    executed = execute(path, notebook, settings, page=page).notebook
    check_keys({path: executed})
    check_words([executed])
    for record in records_in(executed, CHART_MIME):
        report(f"  chart  {record['headline']}")
    for record in records_in(executed, TABLE_MIME):
        report(f"  table  {record['caption']}")
    facts = sum(map(len, records_in(executed, f"{GLUE_PREFIX}{FACT_MIME}")))
    saved = path.suffix == ".ipynb" and settings == Settings() and not page
    if saved:
        write_notebook(executed, path)
    report(
        f"{name} is right: {facts} facts, {monotonic() - started:.1f} s"
        + (", saved with its outputs" if saved else "")
    )
