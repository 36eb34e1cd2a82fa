"""Recorded crime as an array of offences, places and months, to compare tables quickly."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

AXES = ("offence", "area", "month")


@dataclass(frozen=True)
class Counts:
    """Counts by offence, place and month; 0 where a table has no row."""

    values: np.ndarray
    offences: pd.Index
    areas: pd.Index
    months: pd.DatetimeIndex

    @classmethod
    def of(
        cls,
        frame: pd.DataFrame,
        areas: pd.Index,
        months: pd.DatetimeIndex,
        offences: pd.Index | None = None,
        *,
        names: Mapping[str, str] | None = None,
        place: str = "area_code",
    ) -> "Counts":
        """A table's counts. Rows of places, months and offences not named are left out.

        `names` maps offences to what they are added up as.
        """
        said = frame["offence"].astype("category")
        known = said.cat.categories
        kinds = known.map(lambda name: (names or {}).get(name, name))
        offences = pd.Index(sorted(set(kinds))) if offences is None else offences
        codes = [
            offences.get_indexer(kinds)[said.cat.codes],
            areas.get_indexer(pd.Index(frame[place])),
            months.get_indexer(pd.DatetimeIndex(frame["month"])),
        ]
        shape = (len(offences), len(areas), len(months))
        known_rows = np.logical_and.reduce([code >= 0 for code in codes])
        flat = np.ravel_multi_index([code[known_rows] for code in codes], shape)
        weights = frame["count"].to_numpy(float)[known_rows]
        values = np.bincount(flat, weights, minlength=int(np.prod(shape))).reshape(shape)
        return cls(values, offences, areas, months)

    def key(self, level: tuple[str, ...], place: tuple[int, ...]) -> dict[str, str]:
        """What a place in the sums of a level stands for: {"offence": "Arson", "month": ...}."""
        labels = {
            "offence": self.offences,
            "area": self.areas,
            "month": self.months.strftime("%Y-%m"),
        }
        return {axis: str(labels[axis][at]) for axis, at in zip(level, place, strict=True)}


def added_up(values: np.ndarray, level: tuple[str, ...]) -> np.ndarray:
    """Sums over the axes that a level does not have."""
    return values.sum(axis=tuple(n for n, axis in enumerate(AXES) if axis not in level))


def joined_groups(
    old: pd.DataFrame, new: pd.DataFrame, groups: Mapping[str, str], *, both_ways: bool = False
) -> dict[str, str]:
    """What to add offences up as, so that rows compare: each offence of such a group, its group.

    A group that gained an offence is one row, because the new rows came out of its others. Where
    neither table is older (`both_ways`), one that lost an offence is too.
    """
    before, now = (set(frame["offence"].unique()) for frame in (old, new))
    changed = {groups.get(name) for name in (now ^ before if both_ways else now - before)} - {None}
    return {name: group for name, group in groups.items() if group in changed}
