"""The dated breaks across which figures do not compare."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from safer_communities.analysis.once import once
from safer_communities.datasets.periods import Period
from safer_communities.datasets.schemas.gaps import GAP, NO_COMPARISON, RELEASES, UNUSUAL_BASE

EVERY_MEASURE = "every measure"


@dataclass(frozen=True)
class Breaks:
    """The breaks of `table` (`data/reference/series_breaks.csv`), seen from one classification.

    `table` has the columns date, name, classification and measures (lists with semicolons), effect
    and caution.
    """

    table: pd.DataFrame
    classification: str

    def of(self, *measures: str, classification: str = "") -> list[tuple]:
        """The date and name of each break of these measures where a chart leaves a gap."""
        rows = self._about({*measures}, classification or self.classification)
        found = rows[rows["effect"].isin([GAP, NO_COMPARISON])]
        return list(found[["date", "name"]].itertuples(index=False, name=None))

    def about(self, measure: str) -> pd.DataFrame:
        """The breaks that touch a measure, or any comparison."""
        return self._about({measure}, self.classification)

    def cautions(self, measure: str, base: Period, period: Period) -> list[str]:
        """What to say of each break that lies between two years of a measure."""
        return [each.caution for each in self._between(measure, base, period)]

    def forbid(self, measure: str, base: Period, period: Period) -> bool:
        """Whether a break lies between two years of a measure across which nothing compares."""
        between = self._between(measure, base, period)
        return any(each.effect == NO_COMPARISON for each in between)

    def releases_compare(self, measure: str, first: pd.Timestamp, second: pd.Timestamp) -> bool:
        """Whether two releases, by their months, count the same in a measure."""
        rows = self._about({measure}, self.classification, between_releases=True)
        return not ((rows["date"] > first) & (rows["date"] <= second)).any()

    def restarts(self, measure: str) -> list[pd.Timestamp]:
        """The first months of each new state of a measure, in order.

        After its breaks, and at both ends of a year that is an unusual base.
        """
        rows = self.about(measure)
        ends = rows.loc[rows["effect"] == UNUSUAL_BASE, "date"] + pd.DateOffset(years=1)
        return sorted({*map(pd.offsets.MonthBegin().rollforward, [*rows["date"], *ends])})

    def part(self, measure: str, base: Period, period: Period) -> bool:
        """Whether a chart leaves a gap between two years of a measure."""
        between = self._between(measure, base, period)
        return any(each.effect in (GAP, NO_COMPARISON) for each in between)

    def _between(self, measure: str, base: Period, period: Period) -> list[Any]:
        """The rows of the breaks between two years of a measure."""
        found = []
        for each in self._rows(measure):
            if each.effect == UNUSUAL_BASE:
                lies = base.start <= each.date <= base.end
            else:
                # From the first day of the base year on, both years are of the new state.
                lies = base.start < each.date <= period.end
            found += [each] if lies else []
        return found

    @once
    def _rows(self, measure: str) -> list[Any]:
        return list(self.about(measure).itertuples(index=False))

    def _about(
        self, measures: set[str], classification: str, *, between_releases: bool = False
    ) -> pd.DataFrame:
        wanted = {*measures, EVERY_MEASURE}
        found = [
            classification in classifications
            and (effect == RELEASES) == between_releases
            and (effect == UNUSUAL_BASE or not wanted.isdisjoint(touched))
            for classifications, effect, touched in self._lists
        ]
        return self.table.loc[found]

    @cached_property
    def _lists(self) -> list[tuple[list[str], str, list[str]]]:
        """The classifications, the effect and the measures of each row."""
        rows = self.table[["classification", "effect", "measures"]].itertuples(index=False)
        return [(names.split(";"), effect, touched.split(";")) for names, effect, touched in rows]


# Of a series of which no break is known.
NO_BREAKS = Breaks(
    pd.DataFrame(columns=["date", "name", "classification", "measures", "effect", "caution"]), ""
)
