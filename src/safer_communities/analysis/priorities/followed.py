"""One indicator from an earlier twelve months to a later one, beside the other boroughs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from safer_communities.analysis.changes.year_on_year import (
    CANNOT_TELL_YET,
    DEPENDS_ON_PLACE,
    FEWEST_COMPARED,
    YearOnYear,
    in_one,
)
from safer_communities.analysis.recorded_crime import LONDON, RecordedCrime
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording

_IF_PLACED = (
    "With the offences without a borough spread like the others there is {}: within the usual ups "
    "and downs."
)
_IF_GROWN = "With the growth that is usual of so new a count there is {}: too early to judge."
_FEW = f"Of fewer than {FEWEST_COMPARED} in a year a change in per cent says little."
_TWO_WAYS = "Against its own past and beside the other boroughs it moved in opposite directions."
_LATER = (
    "Since {:%B %Y} it is counted differently, and not compared with earlier years: the {} had {}."
)
_BESIDE = "Set against the other boroughs it is {} (95% interval {})."


@dataclass(frozen=True)
class Followed:
    """A figure of the borough in the twelve months `base` and in the twelve months `period`.

    `unit` is what `base_value` and `value` count. `change`, with the ends of its 95% interval
    `ci_low` and `ci_high`, is in per cent, and in points where the figure is itself in per cent;
    `london_change`, `london_low` and `london_high` are the same for what `beside` names: the 32
    boroughs, or London where the publisher gives one figure for it. They are NaN where nothing can
    be compared or is known. `against` is how far the figure is above or below what the
    change of the other boroughs would make it, per cent, NaN where there is no such comparison.

    `own_past` and `beside_others` are the direction of what is clear, against the own past and
    beside the others: 1, -1, or 0 where nothing is. `why` says what overrules the interval, or
    decides in its place; `cautions` what a reader has to know of the two years,
    and `cautions_of_all` what holds of every measure between them.

    `years` has the years that a chart shows: period_end, label, value. `source` is a key of
    `BoroughEdition.sources`, `breaks` the date and name of each break that no line may cross.
    """

    base: Period
    period: Period
    unit: str
    base_value: float
    value: float
    change: float
    ci_low: float
    ci_high: float
    source: str
    years: pd.DataFrame
    beside: str = wording.BOROUGHS
    london_change: float = np.nan
    london_low: float = np.nan
    london_high: float = np.nan
    others_change: float = np.nan
    against: float = np.nan
    against_low: float = np.nan
    against_high: float = np.nan
    own_past: int = 0
    beside_others: int = 0
    why: str = ""
    cautions: tuple[str, ...] = ()
    cautions_of_all: tuple[str, ...] = ()
    breaks: tuple[tuple, ...] = ()

    @property
    def is_compared(self) -> bool:
        """Whether there is a change at all."""
        return not np.isnan(self.change)

    @property
    def direction(self) -> int:
        """The way it clearly moved, by both comparisons in one: 1, -1, or 0 where it is unclear."""
        return in_one(self.own_past, self.beside_others)


def span(
    first: Period,
    newest: Period,
    held: Callable[[Period], bool],
    compares: Callable[[Period, Period], bool],
) -> tuple[Period, Period]:
    """The two years to compare: from `first` to `newest` where both are held and compare.

    Else from the first full year after it that does; and where a break leaves none, the same up to
    the last month before the break. The years do not overlap. Where nothing compares, the first
    year held and `newest`.
    """
    months = pd.date_range(first.end, newest.end, freq="MS")
    years = [year for year in map(Period.year_to, months) if held(year)]
    for last in reversed(years):
        for base in years:
            if base <= last.previous() and compares(base, last):
                return base, last
    return next(iter(years), newest), newest


def in_crime(
    crime: RecordedCrime,
    measure: str,
    first: Period,
    unit: str = "offences",
) -> Followed:
    """A measure of recorded crime, from `first` or the first year that compares to its period.

    It has changed against its own past where the change is more than the usual ups and downs as
    counted, and still is with the offences that had no borough shared out like the rest. Beside
    the others it has where it moved clearly unlike them; sharing out leaves that as it is. Raises
    ValueError where the classification has no such measure.
    """

    def compares(base: Period, last: Period) -> bool:
        # Asked of hundreds of pairs of years: what a break forbids need not be worked out.
        forbidden = crime.breaks.forbid(measure, base, last)
        return not forbidden and crime.year_on_year(measure, period=last, base=base).is_compared

    held = partial(crime.covers, measure)
    base, last = span(first, crime.period, held, compares)
    year = crime.year_on_year(measure, period=last, base=base)
    london = crime.year_on_year(measure, LONDON, period=last, base=base)
    own, beside = year.directions
    why = why_overruled(year, own, beside)
    if last != crime.period:
        newest = wording.number(crime.count(measure))
        broken = max(date for date, _ in crime.breaks.of(measure) if date > last.end)
        why = " ".join(filter(None, (why, _LATER.format(broken, crime.period.label, newest))))
    return Followed(
        base=base,
        period=last,
        unit=unit,
        base_value=year.base_count,
        value=year.count,
        **told_of(year),
        source="latest_crime",
        years=crime.annual(measure).rename(columns={"count": "value"}),
        london_change=london.change_percent,
        london_low=london.ci_low,
        london_high=london.ci_high,
        others_change=year.others_percent,
        own_past=own,
        beside_others=beside,
        why=why,
        cautions=tuple(crime.cautions_of(year)),
        cautions_of_all=tuple(crime.cautions_of_all(year)),
        breaks=tuple(crime.breaks.of(measure)),
    )


def told_of(year: YearOnYear) -> dict[str, Any]:
    """The change and its comparison with the others as `Followed` has them; missing of a few."""
    named = ("change_percent", "ci_low", "ci_high"), ("change", "ci_low", "ci_high")
    beside = [f"against{own}" for own in ("", "_low", "_high")]
    others = [f"against_others_{end}" for end in ("percent", "low", "high")]
    row = year.row
    pairs = [*zip(*named, strict=True), *zip(others, beside, strict=True)]
    return {there: row[here] for here, there in pairs}


def why_overruled(year: YearOnYear, own: int, beside: int) -> str:
    """Why the verdict is not what the interval of the change alone would say; empty where it is.

    Where the change has no interval, it is that of the comparison with the other boroughs.
    """
    if year.is_few:
        return _FEW
    if own * beside < 0:
        return _TWO_WAYS
    said = []
    if (beside and not own) or (year.is_compared and year.own_past_is_unknown):
        ends = wording.interval(year.against_others_low, year.against_others_high, unit="%")
        percent = year.against_others_percent
        said = [_BESIDE.format(wording.higher_by(percent), ends)]
    for verdict, told, percent in (
        (DEPENDS_ON_PLACE, _IF_PLACED, year.placed_percent),
        (CANNOT_TELL_YET, _IF_GROWN, year.grown_percent),
    ):
        if year.own_past == verdict:
            said += [told.format(wording.rise_of(percent))]
    return " ".join(said)
