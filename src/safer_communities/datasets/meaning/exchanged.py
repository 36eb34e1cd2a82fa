"""Places, or times, of a table of series that fit what was before them better when exchanged.

`series` and the like have a row for each kind and place, a column for each time.
"""

from collections.abc import Iterator
from typing import cast

import numpy as np
import pandas as pd

from safer_communities.datasets.meaning.findings import Finding
from safer_communities.statistics.changes.departures import (
    MAD_TO_SD,
    exchanged_pairs,
    residuals,
)

COUNTS = (
    *("count", "offences", "victims", "positive_outcomes", "incidents", "calls", "burglaries"),
    *("households", "residents"),
)
# How much better two places have to fit when exchanged, and by how many figures at least.
EXCHANGED, ENOUGH_TO_MATCH = 0.3, 4
# And how much at one time: in squares of the usual misfit of their kind, none counting for more
# than that of 5. Two times: in usual steps of a series, by the root of their number.
AT_A_TIME, LARGEST_SQUARE = 25.0, 5.0**2
OF_TIMES, LARGEST_STEP = 0.7, 5.0
# Of more places, wards say, each has too many that are like it.
MOST_PLACES = 200
# How many times the largest of the past it takes as well, and how many times that has to have; of
# places in the years before alone, since a survey's first samples were small.
FURTHEST, ENOUGH_TIMES, RECENT = 1.4, 5, pd.DateOffset(years=5)
# The lockdowns, and the times that are compared with them, are no measure of what is usual, where
# so many others are.
LOCKDOWNS, ENOUGH_OTHERS = (pd.Timestamp("2020-03-01"), pd.Timestamp("2022-03-01")), 12


def usual_times(times: pd.Index, is_new: np.ndarray) -> np.ndarray:
    """Which times are a measure of new ones."""
    others = ~is_new & ~np.asarray((times >= LOCKDOWNS[0]) & (times <= LOCKDOWNS[1]))
    return others if others.sum() >= ENOUGH_OTHERS else ~is_new


def places_unlike_a_year_before(
    before: pd.DataFrame, now: pd.DataFrame, value: str
) -> Iterator[Finding]:
    """Two places of which each has, at the new times, what the other had a year before."""
    times = pd.DatetimeIndex(now.columns[now.columns > before.columns.max()])
    then = times - pd.DateOffset(years=1)
    if times.empty or not then.isin(before.columns).all():
        return
    # Of a frame whose columns are times, unstacking gives a frame.
    found = cast(pd.DataFrame, now[times].unstack("kind"))
    usual = cast(pd.DataFrame, before[then].set_axis(times, axis=1).unstack("kind"))
    usual = usual.reindex_like(found)
    there = ~np.isnan(found.to_numpy() + usual.to_numpy())
    kept = found.columns[np.flatnonzero(there.all(axis=0))]
    if len(kept) < ENOUGH_TO_MATCH:
        return
    rows, expected = (part[kept].to_numpy() for part in (found, usual))
    for one, other in exchanged_pairs(rows, expected, EXCHANGED):
        names = found.index[[one, other]]
        said = f"the newest figures ({value}) fit {names[1]} a year before, and the other way round"
        yield Finding("", str(names[0]), "", said)


def places_at_a_time(series: pd.DataFrame, last: pd.Timestamp, value: str) -> Iterator[Finding]:
    """The two places of which each has, at a time after `last`, most what the other had before.

    Before is the mean of the year, of counts, and else the time before.
    """
    times = pd.DatetimeIndex(series.columns)
    span = len(times[times > times[-1] - pd.DateOffset(years=1)]) if value in COUNTS else 1
    compared = times[span:]
    is_new = np.asarray(compared > last)
    places = series.index.unique("place")
    if len(places) > MOST_PLACES:
        return
    apart = _apart(series, value)
    by_kind = [own.droplevel("kind").reindex(places) for _, own in apart.groupby(level="kind")]
    if value not in COUNTS and len(by_kind) < ENOUGH_TO_MATCH:
        return
    figures = np.stack([own.to_numpy() for own in by_kind])
    windows = np.lib.stride_tricks.sliding_window_view(figures, span, axis=2)[:, :, :-1]
    expected, found = windows.mean(axis=-1), figures[:, :, span:]
    unit = _usual(np.abs(found - expected).reshape(len(figures), -1))[:, None]
    better = np.empty((len(compared), len(places), len(places)))
    for at in range(len(compared)):
        squares = ((found[:, :, None, at] - expected[:, None, :, at]) / unit) ** 2
        misfits = np.nansum(np.minimum(squares, LARGEST_SQUARE), axis=0)
        there = np.isfinite(squares).any(axis=0)
        own = np.diag(misfits)
        better[at] = np.triu((own[:, None] + own - misfits - misfits.T) * (there & there.T), k=1)
    recent = np.asarray(compared > last - RECENT)
    measured = better[recent & usual_times(compared, is_new | ~recent)]
    if len(measured) < ENOUGH_TIMES:
        return
    limit = max(AT_A_TIME, FURTHEST * measured.max())
    for at in np.flatnonzero(is_new & (better > limit).any(axis=(1, 2))).tolist():
        one, other = np.unravel_index(better[at].argmax(), better[at].shape)
        said = f"the figures ({value}) fit those before of {places[other]}, and the other way round"
        yield Finding("", str(places[one]), f"{compared[at]:%Y-%m}", said)


def times_after(series: pd.DataFrame, last: pd.Timestamp, value: str) -> Iterator[Finding]:
    """Two times after `last` of which the later one is nearer to the time before them.

    Of each series' distance from the mean of its kind, in its usual steps from time to time.
    """
    away = _apart(series, value).to_numpy()
    if away.shape[1] < ENOUGH_TIMES + 2:
        return
    unit = _usual(np.abs(np.diff(away)))
    near, far = (np.abs(away[:, n : n - 2 or None] - away[:, :-2]) / unit for n in (1, 2))
    nearer = np.minimum(far, LARGEST_STEP) - np.minimum(near, LARGEST_STEP)
    found = np.isfinite(nearer).sum(axis=0)
    score = np.nansum(nearer, axis=0) / np.sqrt(np.maximum(found, 1))
    times = pd.DatetimeIndex(series.columns)
    is_new, is_past = times[1:-1] > last, times[2:] <= last
    if is_past.sum() < ENOUGH_TIMES:
        return
    limit = min(-OF_TIMES, FURTHEST * score[is_past].min())
    for at in np.flatnonzero(is_new & (score < limit)).tolist():
        one, other = times[[at + 1, at + 2]]
        said = f"the figures ({value}) fit those before exchanged with {one:%B %Y}"
        yield Finding("", "", f"{other:%Y-%m}", said)


def _apart(series: pd.DataFrame, value: str) -> pd.DataFrame:
    """How far each figure is from the mean of its kind; of counts, by their square roots."""
    figures = series.to_numpy(float)
    if value in COUNTS:
        figures = residuals(figures, np.zeros_like(figures))
    frame = pd.DataFrame(figures, series.index, series.columns)
    return frame - frame.groupby(level="kind").transform("mean")


def _usual(sizes: np.ndarray) -> np.ndarray:
    """The robust spread of each row, as a column; not a number where it has none."""
    usual = MAD_TO_SD * pd.DataFrame(sizes).median(axis=1).to_numpy()
    return np.where(usual > 0, usual, np.nan)[:, None]
