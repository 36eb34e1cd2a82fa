"""Whether the tests of changes hold their promise: how often they find one in ordinary years.

A test at 5% should find a change in about one of twenty ordinary ones, and should still find a
change that is there. Both are measured on years and boroughs that the test was not fitted on: the
fit has only pairs of years that have no time in common with the tested pair, and of these the half
of the boroughs that the tested one is not in.
"""

import numpy as np
import pandas as pd

from safer_communities.analysis.changes.year_on_year import ALPHA
from safer_communities.analysis.recorded_crime import RecordedCrime
from safer_communities.datasets.schemas import TABLES
from safer_communities.statistics import rates
from safer_communities.statistics.changes.yearly_change import (
    common_sd,
    compare_with_others,
    compare_years,
    year_to_year_sd,
)

# Fewer offences than this, a borough's mean in any year, are too few to tell how a test does.
ENOUGH = 50
EVERY_MEASURE = "Every measure"
# How far the two years of a pair are apart. Longer, too few pairs have no time in common.
YEARS_APART = (1, 2, 3, 4)
# As many first years of a size are enough to tell how often a change is found.
ENOUGH_TRIALS = 20
# Changes in per cent put into a second year, and the counts of the first that they are tried on.
INJECTED = ((30, 400, 600), (-30, 400, 600), (20, 15_000, 25_000), (-20, 15_000, 25_000))


def calibrate(crime: RecordedCrime, measures: list[str]) -> dict[str, pd.DataFrame]:
    """The tests tried on all boroughs' years before the pandemic, each of the measures.

    Measures that had a year with fewer than 50 offences a borough are left out. Two tables, by the
    names and with the columns that `datasets.schemas.calibration` describes, in per cent of the
    comparisons. `ordinary_changes` has a row for each measure of pairs of years one year apart, and
    rows for all measures one to four years apart: the share in which `rates.compare_counts`
    (events), `compare_years` (own) and `compare_with_others` (london) find a change, and one of the
    last two does (either). `injected_changes` has a row for each change put into the second of two
    years one year apart and each measure that has 20 first years of such a size or more, and one
    for all: the share found, and `bound`, the share beyond the outermost ordinary changes.
    """
    enough = [m for m in measures if crime.ordinary_years(m).mean(axis=1).min() >= ENOUGH]
    cells = {
        apart: pd.concat([_cells(crime, name, apart) for name in enough], ignore_index=True)
        for apart in YEARS_APART
    }
    shares = [
        _shares(_tests(tried), tried["measure"]).assign(years_apart=apart)
        for apart, tried in cells.items()
        if not tried.empty
    ]
    ordinary = pd.concat([shares[0], *(table.iloc[:1] for table in shares[1:])])
    ordinary = ordinary.merge(_movements(crime, enough), how="left")
    injected = pd.concat([_injected(cells[1], *change) for change in INJECTED])
    return {
        "ordinary_changes": ordinary[list(TABLES["ordinary_changes"].schema.columns)],
        "injected_changes": injected[list(TABLES["injected_changes"].schema.columns)],
    }


def _movements(crime: RecordedCrime, measures: list[str]) -> pd.DataFrame:
    """By measure: a borough's mean count, and how far boroughs and all London move in a year."""
    rows = []
    for name in measures:
        moved = crime.movement(name)
        rows.append(
            {
                "measure": name,
                "offences": round(crime.ordinary_years(name).to_numpy().mean()),
                "areas_percent": round(100 * moved.areas, 1),
                "common_percent": round(100 * moved.common, 1),
            }
        )
    return pd.DataFrame(rows).astype({"offences": "Int64"})


def _injected(cells: pd.DataFrame, percent: int, low: int, high: int) -> pd.DataFrame:
    """The share found of a change of so many per cent, from first years of such a size."""
    tried = cells[cells["first"].between(low, high)]
    enough = tried.groupby("measure")["first"].transform("size") >= ENOUGH_TRIALS
    tried = tried[enough]
    if tried.empty:
        return pd.DataFrame(columns=list(TABLES["injected_changes"].schema.columns))
    changed = tried.assign(second=(tried["second"] * (1 + percent / 100)).round())
    found = _tests(changed).assign(bound=_beyond_the_outermost(tried, percent))
    shares = _shares(found, tried["measure"])
    return shares.assign(change_percent=percent, offences_low=low, offences_high=high)


def _beyond_the_outermost(cells: pd.DataFrame, percent: int) -> pd.Series:
    """Whether such a change leads beyond all but the outermost 5% of a measure's own ordinary ones.

    The changes are those beside the other boroughs. Limits that were set on what they are tried on
    find about as much as limits on the change can that call so few ordinary changes unusual.
    """
    ratio = cells["second"] / cells["first"] * cells["others_1"] / cells["others_2"]
    measured = ratio.groupby(cells["measure"])
    moved = ratio * (1 + percent / 100)
    low, high = (measured.transform("quantile", end) for end in (ALPHA / 2, 1 - ALPHA / 2))
    return (moved < low) | (moved > high)


def _cells(crime: RecordedCrime, measure: str, apart: int) -> pd.DataFrame:
    """Each pair of ordinary years and borough: both counts, the others', and what is left out.

    Columns: first, second, others_1, others_2, areas and common (the movements, fitted without the
    pair's time and without the borough's half of the boroughs), and measure. Pairs whose time
    leaves no other to fit on are left out.
    """
    first, second = crime.ordinary_pairs(measure, apart)
    ends = pd.DatetimeIndex(first.index).year.to_numpy()
    half = np.arange(first.shape[1]) % 2
    tables = []
    for pair, end in enumerate(ends):
        kept = np.abs(ends - end) >= apart
        if not kept.any():
            continue
        before, after = first.iloc[pair], second.iloc[pair]
        fits = [
            year_to_year_sd(first.loc[kept, half != side], second.loc[kept, half != side])
            for side in (0, 1)
        ]
        table = pd.DataFrame({"first": before, "second": after, "areas": np.take(fits, half)})
        others = {"others_1": before.sum() - before, "others_2": after.sum() - after}
        tables.append(table.assign(**others, common=common_sd(first[kept], second[kept])))
    return pd.concat(tables).assign(measure=measure) if tables else pd.DataFrame()


def _tests(cells: pd.DataFrame) -> pd.DataFrame:
    """Whether each test finds a change: of events, of the own past, of London, one of the last."""
    counts = cells["first"], cells["second"]
    spread = (cells["areas"] ** 2 + cells["common"] ** 2) ** 0.5
    found = {
        "events": rates.compare_counts(*counts),
        "own": compare_years(*counts, year_to_year_sd=spread),
        "london": compare_with_others(
            *counts, cells["others_1"], cells["others_2"], year_to_year_sd=cells["areas"]
        ),
    }
    said = pd.DataFrame({name: each.p_value <= ALPHA for name, each in found.items()})
    return said.assign(either=said["own"] | said["london"])


def _shares(said: pd.DataFrame, measure: pd.Series) -> pd.DataFrame:
    """For all and by measure: how many comparisons, and the share of each column, per cent."""
    parts = [said.assign(measure=EVERY_MEASURE), said.assign(measure=measure)]
    groups = pd.concat(parts).groupby("measure", sort=False)
    shares = (100 * groups.mean()).round(1).assign(comparisons=groups.size())
    return shares.rename_axis("measure").reset_index()
