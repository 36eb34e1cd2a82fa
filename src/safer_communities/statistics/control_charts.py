"""XmR control charts: which months differ from what the series usually does."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from safer_communities.statistics import validation
from safer_communities.statistics.validation import Numbers

# 3 / d2 for moving ranges of two values, as Wheeler and NHS England print it.
LIMITS_PER_MOVING_RANGE = 2.66
RUN_LENGTH = 7

OUTSIDE, RUN, TREND, NEAR_LIMIT = "outside limits", "run", "trend", "two of three near limit"
# Limits from fewer values are not to be relied on.
FEWEST = 12
TOO_SHORT = f"fewer than {FEWEST} values, too few for limits"


@dataclass(frozen=True)
class Signal:
    """One value that is part of a signal: where it stands, its label, the rule and its side.

    `rule` is "outside limits", "run", "trend" or "two of three near limit"; `direction` is "high"
    or "low" (for a trend: rising is "high"). `position` counts from 0; `label` is the Series' label
    there, or the position.
    """

    position: int
    label: object
    rule: str
    direction: str


@dataclass(frozen=True)
class XmrChart:
    """The lines of an XmR chart in the unit of the values, and the values that signal."""

    centre: float
    lower: float
    upper: float
    moving_range_mean: float
    signals: tuple[Signal, ...]


def xmr(values: Numbers, *, baseline: int | slice | None = None) -> XmrChart:
    """The centre line, natural process limits and signals of a series in time order.

    `baseline` says which values the lines come from: all unless given, the first so many, or a
    slice; every value is judged against them. The centre is the mean, the limits lie 2.66 mean
    moving ranges either side of it (`lower` may be negative: charts of counts stop at 0).

    A value signals by the rules of NHS England's Making Data Count: outside the limits; one of
    seven or more in a row on the same side of the centre; one of seven or more in a row, each
    higher (or each lower) than the last; one of two in three in a row that are within the outer
    third of the limits, all three on that side. A value on the centre line ends a run.

    Raises ValueError for fewer than two values in the baseline, values that are missing and, where
    the index holds dates, months with gaps or out of order.

    Source: Wheeler (2000), Understanding Variation, chapter 3; NHS England, Making Data Count;
    rules as in the R package NHSRplotthedots 0.2.2.
    """
    series = _series("values", values)
    usual = _baseline(series, baseline)
    if len(usual) < 2:
        raise ValueError(f"baseline: {baseline!r} leaves {len(usual)} values, fewer than two")
    centre = float(usual.mean())
    moving_range_mean = float(np.abs(np.diff(usual)).mean())
    reach = LIMITS_PER_MOVING_RANGE * moving_range_mean
    return XmrChart(
        centre=centre,
        lower=centre - reach,
        upper=centre + reach,
        moving_range_mean=moving_range_mean,
        signals=_signals(series, values, centre, reach),
    )


def rebased_xmr(values: Numbers, *, breaks: Sequence[int] = ()) -> pd.DataFrame:
    """A control chart whose lines start anew at each break, one row a value.

    `breaks` are positions (from 0): each is the first value of a new segment. No moving range, run
    or trend crosses a break. Columns: value, segment (from 1), centre, lower, upper, signal (the
    rules the value signals by, separated by commas; "" for none). A segment of fewer than 12
    values has no lines, and its signal says so. The index is that of the Series given.

    Raises ValueError as `xmr` does, and for breaks that are not in order or leave a segment empty.

    Source: as `xmr`; re-basing only at known changes, and limits from 12 values on: NHS England,
    Making Data Count.
    """
    series = _series("values", values)
    segments = []
    for number, (start, end) in enumerate(
        validation.segments("breaks", breaks, len(series)), start=1
    ):
        part = series[start:end]
        lines: dict[str, float] = dict.fromkeys(("centre", "lower", "upper"), np.nan)
        signals = [TOO_SHORT] * len(part)
        if len(part) >= FEWEST:
            chart = xmr(part)
            lines = {"centre": chart.centre, "lower": chart.lower, "upper": chart.upper}
            rules: list[list[str]] = [[] for _ in part]
            for signal in chart.signals:
                rules[signal.position].append(signal.rule)
            signals = [", ".join(names) for names in rules]
        columns = {"value": part, "segment": number, **lines, "signal": signals}
        segments.append(pd.DataFrame(columns))
    table = pd.concat(segments, ignore_index=True)
    return table.set_axis(values.index) if isinstance(values, pd.Series) else table


def _series(name: str, values: Numbers) -> np.ndarray:
    series = validation.numbers(name, values)
    if series.ndim != 1:
        raise ValueError(f"{name}: {values!r} is not a series of values")
    if isinstance(values, pd.Series) and isinstance(values.index, pd.DatetimeIndex):
        validation.consecutive_months(name, values.index)
    return series


def _baseline(series: np.ndarray, baseline: int | slice | None) -> np.ndarray:
    if baseline is None:
        return series
    if isinstance(baseline, slice):
        return series[baseline]
    first = validation.whole("baseline", baseline)
    if first > len(series):
        raise ValueError(f"baseline: {baseline!r} is above the number of values, {len(series)}")
    return series[:first]


def _signals(
    series: np.ndarray, values: Numbers, centre: float, reach: float
) -> tuple[Signal, ...]:
    labels = list(values.index) if isinstance(values, pd.Series) else list(range(len(series)))
    # Sums of decimals miss a line by rounding: what lies on it but for that lies on it.
    distance = np.where(np.isclose(series, centre, rtol=1e-12), 0.0, series - centre)
    side = np.sign(distance).astype(int)
    size = np.abs(distance)
    outside = (size > reach) & ~np.isclose(size, reach, rtol=1e-12)
    near = (size > reach * 2 / 3) & ~outside
    steps = np.sign(np.diff(series)).astype(int)
    found = {
        OUTSIDE: np.where(outside, side, 0),
        RUN: _in_runs(side, RUN_LENGTH),
        TREND: _in_trends(steps, len(series)),
        NEAR_LIMIT: np.where(near, _in_twos_of_three(near, side), 0),
    }
    return tuple(
        Signal(position, labels[position], rule, "high" if flags[position] > 0 else "low")
        for position in range(len(series))
        for rule, flags in found.items()
        if flags[position]
    )


def _in_runs(signs: np.ndarray, length: int) -> np.ndarray:
    """The sign of each value that is part of `length` or more equal, non-zero signs in a row."""
    starts = np.flatnonzero(np.diff(signs, prepend=2))
    lengths = np.diff(starts, append=len(signs))
    return np.where(np.repeat(lengths, lengths) >= length, signs, 0)


def _in_trends(steps: np.ndarray, values: int) -> np.ndarray:
    """The direction of each value that is part of a trend; a run of steps holds one value more."""
    runs = _in_runs(steps, RUN_LENGTH - 1)
    trends = np.zeros(values, dtype=int)
    trends[:-1] = runs
    trends[1:] = np.where(runs, runs, trends[1:])
    return trends


def _in_twos_of_three(near: np.ndarray, side: np.ndarray) -> np.ndarray:
    """The side of each value of three in a row on one side, two or more of them near the limit."""
    flags = np.zeros(len(side), dtype=int)
    for start in range(len(side) - 2):
        three = slice(start, start + 3)
        if abs(side[three].sum()) == 3 and near[three].sum() >= 2:
            flags[three] = side[start]
    return flags
