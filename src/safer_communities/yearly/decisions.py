"""What a person has to decide about a new edition, in words."""

from collections.abc import Mapping

import pandas as pd

from safer_communities.analysis.editions import Edition
from safer_communities.sources import PUBLICATIONS
from safer_communities.sources.publication import Release
from safer_communities.statistics.changes.common_moves import CommonMove

NAMED_AT_MOST = 6


def decisions_about(
    edition: Edition,
    last: Edition,
    crime: Mapping[str, pd.DataFrame],
    jumps: list[str],
    moves: list[tuple[str, CommonMove]],
    new: list[Release],
) -> list[str]:
    """What there is to decide, a sentence or two each, in the order to take it in.

    `crime` has the recorded crime of every release of both editions, `jumps` the changes to look
    at, `moves` what nearly all boroughs did alike, `new` the releases that came.
    """
    return [
        *_about_offences(edition, last, crime),
        *([f"Look at changes beyond what was seen before: {_listed(jumps)}."] if jumps else []),
        *_about_moves(moves),
        *_about_releases(edition, last, new),
    ]


def _about_moves(moves: list[tuple[str, CommonMove]]) -> list[str]:
    """The decision that common moves ask for, where there are some."""
    if not moves:
        return []
    listed = _listed(
        [
            f"{measure} from {move.month:%B %Y} ({move.same_way} of {move.areas} boroughs, "
            f"{move.mean_percent:+.1f}% in the mean, standard deviation {move.sd_percent:.1f})"
            for measure, move in moves
        ]
    )
    return [
        f"Nearly all boroughs moved alike: {listed}. If something counts differently since, add "
        "the date and the evidence to data/reference/series_breaks.csv."
    ]


def _about_offences(
    edition: Edition, last: Edition, crime: Mapping[str, pd.DataFrame]
) -> list[str]:
    """Decisions that rows of offences ask for: new ones, lost ones, and releases that differ."""
    decisions = []
    lists = {name: set(frame["offence"].unique()) for name, frame in crime.items()}
    before, now = lists[last.borough_crime_releases[0]], lists[edition.borough_crime_releases[0]]
    if now - before or before - now:
        found = [
            f"{word} {_listed(sorted(some))}"
            for word, some in (("new rows:", now - before), ("rows no longer there:", before - now))
            if some
        ]
        decisions.append(
            f"Offences differ from last year's release ({'; '.join(found)}). If something counts "
            "differently, add the date to data/reference/series_breaks.csv."
        )
    unlike = [name for name in edition.borough_crime_releases[1:] if lists[name] != now]
    if unlike:
        decisions.append(
            f"Earlier months come from releases with other rows ({', '.join(unlike)}): within a "
            "group, compare single offences only after reading data/reference/series_breaks.csv."
        )
    return decisions


def _about_releases(edition: Edition, last: Edition, new: list[Release]) -> list[str]:
    """Decisions about what was and was not in the folder."""
    came = {each.publication for each in new}
    decisions = []
    if edition.classification != last.classification:
        decisions.append(
            f"The classification changes from {last.classification} to {edition.classification}: "
            "last year's figures are not this year's base. Say so in the edition's note."
        )
    if edition.population_year < edition.period.start.year:
        decisions.append(
            f"Rates use residents of mid-{edition.population_year}. If the ONS has a later "
            "estimate, import it and name it in the edition's row of data/editions.csv."
        )
    old = [each.awaited for each in PUBLICATIONS.values() if each.awaited and each.name not in came]
    if old:
        decisions.append(
            f"The folder has no new release of {' or '.join(old)}: their pages stop where they "
            "did. Look whether one is out."
        )
    decisions.append(
        "If a survey was published this year, add it to data/surveys and name its waves in the "
        "edition's row of data/editions.csv."
    )
    if new:
        listed = _listed([f"{each.publication} {each.release}" for each in new])
        decisions.append(
            f"Say in data/reference/releases.csv what a reader should know of the new releases: "
            f"{listed}. Then run `make describe`."
        )
    return decisions


def _listed(names: list[str]) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - NAMED_AT_MOST
    return "; ".join(names[:NAMED_AT_MOST]) + (f"; and {more} more" if more > 0 else "")
