"""The dated breaks across which figures do not compare."""

from dataclasses import dataclass

import pandas as pd

from safer_communities.datasets.periods import Period

EVERY_MEASURE = "every measure"


@dataclass(frozen=True)
class Breaks:
    """The breaks of `table` (`data/reference/series_breaks.csv`), seen from one classification.

    `table` has the columns date, name, classification and measures (lists with semicolons) and
    caution. A break without measures of its own makes its year an unusual base, and no more.
    """

    table: pd.DataFrame
    classification: str

    def of(self, *measures: str, classification: str = "") -> list[tuple]:
        """The date and name of each break of these measures, where a chart leaves a gap."""
        named = self._named({*measures, EVERY_MEASURE})
        found = self.table[self._known(classification or self.classification) & named]
        return list(found[["date", "name"]].itertuples(index=False, name=None))

    def about(self, measure: str) -> pd.DataFrame:
        """The breaks that touch a measure, or any comparison."""
        touches = self._named({measure, EVERY_MEASURE}) | (self.table["measures"] == "")
        return self.table[self._known(self.classification) & touches]

    def cautions(self, measure: str, base: Period, period: Period) -> list[str]:
        """What to say of each break that lies between two years of a measure."""
        about = self.about(measure)
        last = about["measures"].map(lambda measures: period.end if measures else base.end)
        between = about[(about["date"] >= base.start) & (about["date"] <= last)]
        return list(between["caution"])

    def _known(self, classification: str) -> pd.Series:
        return _lists(self.table["classification"]).map(lambda names: classification in names)

    def _named(self, measures: set[str]) -> pd.Series:
        return _lists(self.table["measures"]).map(lambda names: not measures.isdisjoint(names))


def _lists(cells: pd.Series) -> pd.Series:
    return cells.str.split(";")
