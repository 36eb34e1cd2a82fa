"""A number that says what it is: its label, unit, interval, period, area and source."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from safer_communities.datasets.periods import Period


@dataclass(frozen=True)
class Quantity:
    """A number as a result gives it; a chapter that states it names it and makes it a `Fact`.

    `low` and `high` are its 95% interval, for a rank the rank interval. `of` is how many areas a
    rank is among, `ends` what the first and the last of them are called. `period` and `area` are
    those of the book where they are None, `source` is a key of `citations`, `decimals` those of the
    unit where it is None. `releases` names those of recorded crime ("2024-02") where its rows are
    not of the book's own.
    """

    value: float
    unit: str
    label: str
    low: float | None = None
    high: float | None = None
    period: str | Period | None = None
    area: str | None = None
    denominator: str = ""
    source: str = "crime"
    note: str = ""
    decimals: int | None = None
    of: int | None = None
    ends: tuple[str, str] = ("lowest", "highest")
    releases: tuple[str, ...] = ()

    @property
    def interval(self) -> tuple[float, float] | None:
        """Both ends of the interval, where they are known."""
        return None if self.low is None or self.high is None else (self.low, self.high)


def quantities(
    frame: pd.DataFrame, value: str, *, key: str, label: str, period: str = "", **about: Any
) -> dict[str, Quantity]:
    """A quantity for each row of `frame`, by the text in its column `key`.

    `value` is the column of the numbers; where the frame has ci_low and ci_high they are its
    interval. `label` and `period` may hold columns in braces: "Change in {measure}". `about` is
    the same for all of them: unit, source and so on.
    """
    found = {}
    for row in frame.to_dict("records"):
        about["period"] = period.format_map(row) or about.get("period")
        found[row[key]] = Quantity(
            row[value],
            label=label.format_map(row),
            low=row.get("ci_low"),
            high=row.get("ci_high"),
            **about,
        )
    return found
