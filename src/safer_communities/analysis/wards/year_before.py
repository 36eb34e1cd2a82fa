"""A ward's change on the year before, beside the changes of all wards of London in that year."""

from dataclasses import dataclass

import pandas as pd

from safer_communities.analysis.wards.wards import Wards
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording

# The share of the wards of London whose changes are called usual: 19 of 20.
USUAL = 0.95
# Of fewer offences in the year before, a change in per cent says little.
FEWEST_BEFORE = 100
_WARD = ["area_code", "ward_code"]


@dataclass(frozen=True)
class WardMoves:
    """`table` has a row a ward of London: base_count, count and change_percent.

    They are of all recorded crime in the `period` and the year before, in one release. Its index is
    the area_code of the borough and the ward_code. It is empty where the release lacks a year.
    """

    table: pd.DataFrame
    period: Period

    def told(self, area_code: str, code: str) -> str:
        """How far the count of a ward moved, and whether that is usual; or why nothing is said."""
        if (area_code, code) not in self.table.index:
            return "No change is given: the figures hold no year before that can be compared."
        own = dict(self.table.loc[[(area_code, code)]].iloc[0].items())
        changes = self.table["change_percent"]
        low, high = (float(changes.quantile(q)) for q in ((1 - USUAL) / 2, (1 + USUAL) / 2))
        inside = low <= own["change_percent"] <= high
        usual = "usual" if inside else "a larger change than is usual"
        return (
            f"Recorded offences here went from {wording.number(own['base_count'])} in the "
            f"{self.period.previous().label} to {wording.number(own['count'])}, "
            f"{wording.rise_of(own['change_percent'])}. Of London's {len(changes)} wards, 19 in 20 "
            f"moved by anything from {wording.rise_of(low)} to {wording.rise_of(high)}: this is "
            f"{usual} for a ward."
        )


def ward_moves(wards: Wards) -> WardMoves:
    """The changes of all wards of London that have at least a hundred offences in the year before.

    A ward of which a year's sensitive offences are withheld is left out, as part of its total is.
    """
    years = {"base_count": wards.period.previous(), "count": wards.period}
    sums = {}
    for name, year in years.items():
        rows = wards.counts[wards.counts["month"].isin(year.months())]
        more = wards.sensitive[wards.sensitive["month"] == year.end].set_index(_WARD)
        if rows["month"].nunique() != 12 or more.empty:
            return WardMoves(pd.DataFrame(columns=[*years, "change_percent"]), wards.period)
        sums[name] = rows.groupby(_WARD)["count"].sum() + more["count"]
    table = pd.DataFrame(sums).dropna()
    table = table[table["base_count"] >= FEWEST_BEFORE]
    change = 100 * (table["count"] / table["base_count"] - 1)
    return WardMoves(table.assign(change_percent=change), wards.period)
