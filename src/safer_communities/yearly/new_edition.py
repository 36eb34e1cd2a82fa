"""Adds a year: new releases imported beside last year's tables, checked, and an edition written.

Everything happens in a copy of the data folder. Only when all of it is valid do the files that
changed take their places, together.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from safer_communities.analysis.editions import Edition, edition_of
from safer_communities.analysis.monthly_counts import MonthlyCounts
from safer_communities.analysis.recorded_crime import LONDON, recorded_crime
from safer_communities.datasets import description, load
from safer_communities.datasets.atomic import replace_files, writing_to
from safer_communities.datasets.schemas import TABLES
from safer_communities.errors import ErrorCollector
from safer_communities.sources import import_publications
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Release
from safer_communities.yearly.decisions import decisions_about
from safer_communities.yearly.edition_row import edition_row, last_edition
from safer_communities.yearly.jumps import has_break, unregistered_moves, unseen_jumps
from safer_communities.yearly.releases import new_releases, with_releases


@dataclass(frozen=True)
class NewEdition:
    """What was added: the edition, the files that changed, and what a person has to decide."""

    edition: Edition
    changed: list[str]
    decisions: list[str]


def add_edition(
    year: int,
    source_folder: Path,
    data_folder: Path,
    report: Callable[[str], None] = print,
) -> NewEdition:
    """Adds the edition of `year` to `data_folder` from the releases in `source_folder`.

    The folder needs only what is new: tables in `data_folder` stay. Raises InputError, or an
    ExceptionGroup of them, for all that is wrong; then nothing is written.
    """
    with (
        writing_to(data_folder),
        tempfile.TemporaryDirectory(prefix="new-edition-") as temporary,
    ):
        copy = Path(temporary) / "data"
        shutil.copytree(data_folder, copy)
        last = last_edition(year, load.read_table("editions", copy))
        crosswalks = Crosswalks.of(copy)
        new = new_releases(source_folder, crosswalks)
        if new:
            _write(copy, "releases", with_releases(crosswalks.releases, new))
        import_publications(source_folder, copy, report=report)
        row = pd.DataFrame([edition_row(year, last, copy)])
        editions = load.read_anew("editions", copy)
        _write(copy, "editions", pd.concat([editions, row], ignore_index=True))
        edition = edition_of(year, load.read_anew("editions", copy))
        decisions = _checked(edition, last, new, copy)
        description.write(copy)
        contents = {path: (copy / path).read_bytes() for path in description.files(copy)}
        contents[description.FILE] = (copy / description.FILE).read_bytes()
        changed = replace_files(data_folder, contents)
    return NewEdition(edition, changed, decisions)


def _checked(edition: Edition, last: Edition, new: list[Release], copy: Path) -> list[str]:
    """What a person has to decide; raises InputError, or a group, for a jump that nothing explains.

    The import has compared each release with the one before it already.
    """
    boroughs = load.read_table("boroughs", copy)
    releases = {
        name: load.read_anew("recorded_crime_borough", copy, name)
        for name in {*edition.borough_crime_releases, *last.borough_crime_releases}
    }
    own = [releases[name] for name in edition.borough_crime_releases]
    crime = recorded_crime(
        edition,
        MonthlyCounts.of_releases(own, load.read_table("areas_apart", copy)),
        offences=load.read_table("offences", copy),
        boroughs=boroughs,
        area_code=boroughs["area_code"].iloc[0],
    )
    breaks = load.read_table("series_breaks", copy)
    names = {**boroughs.set_index("area_code")["borough"], LONDON: "London"}
    stop, look = unseen_jumps(crime, names, is_explained=has_break(breaks, edition))
    problems = ErrorCollector("recorded crime by borough")
    for jump in stop:
        problems.add(
            jump,
            "compare it with the publisher's page; if it is real, add what changed and its date to "
            "data/reference/series_breaks.csv (measures: every measure; effect: gap) and run this "
            "again",
        )
    problems.raise_any()
    moves = unregistered_moves(crime, breaks, edition.period.previous().start)
    return decisions_about(edition, last, releases, look, moves, new)


def _write(copy: Path, name: str, table: pd.DataFrame) -> None:
    text = table.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
    (copy / TABLES[name].path).write_text(text, encoding="utf-8", newline="")
