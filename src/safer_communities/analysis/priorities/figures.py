"""Which kinds of figures an indicator can be of, by the noun that its row names."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Protocol

import numpy as np

from safer_communities.analysis.flagged.offences import FlaggedOffences
from safer_communities.analysis.indicators.public_attitudes import (
    LABELS,
    LONDON,
    SOURCE,
    PublicAttitudes,
)
from safer_communities.analysis.indicators.youth_justice import ENTRANTS, YouthJustice
from safer_communities.analysis.priorities.followed import (
    Followed,
    in_crime,
    told_of,
    why_overruled,
)
from safer_communities.analysis.priorities.progress import Follow
from safer_communities.analysis.recorded_crime import RecordedCrime
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period


class Newest(Protocol):
    """The nouns of the newest edition that indicators are followed in."""

    @property
    def trust(self) -> PublicAttitudes:
        """What residents think of the police."""

    @property
    def youth_justice(self) -> YouthJustice:
        """Children in the youth justice system."""

    def flagged(self, subject: str) -> FlaggedOffences:
        """Offences with a flag."""


def figures_of(crime: RecordedCrime, newest: Newest) -> Mapping[str, Follow]:
    """For each noun of `data/strategy/indicators.csv` what follows a measure of it from a year.

    `crime` is recorded crime to the newest edition's period.
    """
    return {
        "crime": partial(in_crime, crime),
        "flagged": partial(_in_flagged, newest),
        "trust": partial(_in_attitudes, newest),
        "youth_justice": partial(_in_youth_justice, newest),
    }


def _in_flagged(newest: Newest, measure: str, first: Period) -> Followed:
    measures = load.table("flagged_measures").set_index("measure")
    series = newest.flagged(measures.loc[[measure], "subject"].iloc[0])
    found = in_crime(series, measure, first, unit=series.units[measure])
    return replace(found, source=series.cited(*map(Period.year_to, found.years["period_end"])))


def _in_youth_justice(newest: Newest, measure: str, first: Period) -> Followed:
    """First-time entrants, from the last calendar year that ended by `first` to the newest.

    It is set beside the other boroughs alone. Raises ValueError for another measure.
    """
    if measure != ENTRANTS:
        raise ValueError(f"measure: {measure!r} is not followed; write {ENTRANTS!r}")
    justice = newest.youth_justice
    series = justice.entrants()
    own = series.table[series.table["series"] == justice.borough].set_index("period_end")
    base, last = (own.index[own.index <= end].max() for end in (first.end, own.index.max()))
    then, now = own.loc[base, "value"], own.loc[last, "value"]
    there = series.table[series.table["series"] == "London"].set_index("period_end")["value"]
    year = justice.change(base.year, last.year)
    _, beside = year.directions
    return Followed(
        base=Period.year_to(base),
        period=Period.year_to(last),
        unit=series.unit,
        base_value=then,
        value=now,
        **told_of(year),
        source=series.source,
        years=own.reset_index()[["period_end", "label", "value", "ci_low", "ci_high"]],
        beside="London",
        london_change=100 * (there[last] / there[base] - 1),
        others_change=year.others_percent,
        beside_others=beside,
        why=why_overruled(year, 0, beside),
    )


def _in_attitudes(newest: Newest, measure: str, first: Period) -> Followed:
    """A share of those asked; the intervals hold at the smallest number asked that is assumed."""
    own = newest.trust
    base = first if first.end < own.year.start else own.base
    london = replace(own, area_code=LONDON, bases=dict.fromkeys(own.bases, own.bases["London"]))
    rows = [each.changes(base).table.set_index("measure") for each in (own, london)]
    here, there = (table.loc[[measure]].to_dict("records")[0] for table in rows)
    years = own.trends().table
    years = years[years["panel"] == LABELS[measure]].rename(columns={"percent": "value"})
    clear = here["ci_low"] * here["ci_high"] > 0
    return Followed(
        base=base,
        period=own.year,
        unit="%",
        base_value=here["earlier"],
        value=here["later"],
        change=here["change_points"],
        ci_low=here["ci_low"],
        ci_high=here["ci_high"],
        source=SOURCE,
        years=years[["period_end", "label", "value", "ci_low", "ci_high"]],
        beside="London",
        london_change=there["change_points"],
        london_low=there["ci_low"],
        london_high=there["ci_high"],
        own_past=int(np.sign(here["change_points"])) if clear else 0,
    )
