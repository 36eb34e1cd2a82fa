"""Whether "more than chance" holds its promise: how often it is said of ordinary years.

A test at 5% should call about one in twenty ordinary changes more than chance, and should still
find a change that is there. Both are measured on years and boroughs that the test was not fitted
on: each pair of years is left out in turn, and of the other pairs the half of the boroughs that
the tested one is in.
"""

from itertools import pairwise

import numpy as np
import pandas as pd

from safer_communities.analysis.recorded_crime import RecordedCrime
from safer_communities.datasets.schemas import TABLES
from safer_communities.statistics import rates
from safer_communities.statistics.yearly_change import (
    compare_with_others,
    compare_years,
    year_to_year_sd,
)

ALPHA = 0.05
# Fewer offences than this, a borough's mean in any year, are too few to tell how a test does.
ENOUGH = 50
EVERY_MEASURE = "Every measure"
# As many first years of a size are enough to tell how often a change is found.
ENOUGH_TRIALS = 20
# Changes in per cent put into a second year, and the counts of the first that they are tried on.
INJECTED = ((30, 400, 600), (-30, 400, 600), (20, 15_000, 25_000), (-20, 15_000, 25_000))


def calibrate(crime: RecordedCrime, measures: list[str]) -> dict[str, pd.DataFrame]:
    """The tests tried on all boroughs' years before the pandemic, each of the measures.

    Measures that had a year with fewer than 50 offences a borough are left out. Two tables, by the
    names and with the columns that `datasets.schemas.calibration` describes, in per cent of the
    comparisons. `ordinary_changes` has a row for each measure and one for all: the share called
    more than chance by `rates.compare_counts` (events), `rates.compare_counts_overdispersed`
    (months), `compare_years` (own), `compare_with_others` (london), and by the last two (both).
    `injected_changes` has a row for each change put into the second years and each measure that
    has 20 first years of such a size or more, and one for all: the share found.
    """
    years = {measure: crime.ordinary_years(measure) for measure in measures}
    years = {name: table for name, table in years.items() if table.mean(axis=1).min() >= ENOUGH}
    cells = pd.concat(
        [_cells(table).assign(measure=name) for name, table in years.items()], ignore_index=True
    )
    simpler = pd.concat(
        [_simpler_tests(crime, name, table) for name, table in years.items()], ignore_index=True
    )
    sizes = pd.DataFrame(
        [
            {
                "measure": name,
                "offences": round(table.to_numpy().mean()),
                "year_to_year_percent": round(100 * year_to_year_sd(table[:-1], table[1:]), 1),
            }
            for name, table in years.items()
        ]
    ).astype({"offences": "Int64"})
    ordinary = _shares(simpler.join(_tests(cells)), cells["measure"]).merge(sizes, how="left")
    injected = pd.concat([_injected(cells, *change) for change in INJECTED])
    return {
        "ordinary_changes": ordinary[list(TABLES["ordinary_changes"].schema.columns)],
        "injected_changes": injected[list(TABLES["injected_changes"].schema.columns)],
    }


def _injected(cells: pd.DataFrame, percent: int, low: int, high: int) -> pd.DataFrame:
    """The share found of a change of so many per cent, from first years of such a size."""
    tried = cells[cells["first"].between(low, high)]
    enough = tried.groupby("measure")["first"].transform("size") >= ENOUGH_TRIALS
    tried = tried[enough]
    if tried.empty:
        return pd.DataFrame(columns=list(TABLES["injected_changes"].schema.columns))
    changed = tried.assign(second=(tried["second"] * (1 + percent / 100)).round())
    shares = _shares(_tests(changed), tried["measure"])
    return shares.assign(change_percent=percent, offences_low=low, offences_high=high)


def _cells(years: pd.DataFrame) -> pd.DataFrame:
    """Each pair of years and borough: first, second, others_1, others_2, and the spread left out.

    The spread is fitted without the pair of years and without the borough's half of the boroughs.
    """
    first, second = years[:-1].to_numpy(), years[1:].to_numpy()
    half = np.arange(first.shape[1]) % 2
    spread = np.empty(first.shape)
    for pair in range(len(first)):
        for side in (0, 1):
            kept = np.ix_(np.arange(len(first)) != pair, half != side)
            spread[pair, half == side] = year_to_year_sd(first[kept], second[kept])
    others = [table.sum(axis=1, keepdims=True) - table for table in (first, second)]
    names = ("first", "second", "others_1", "others_2", "spread")
    tables = (first, second, *others, spread)
    return pd.DataFrame({name: table.ravel() for name, table in zip(names, tables, strict=True)})


def _tests(cells: pd.DataFrame) -> pd.DataFrame:
    """Whether each change is more than chance: against the own first year, London's, and both."""
    own = compare_years(cells["first"], cells["second"], year_to_year_sd=cells["spread"])
    london = compare_with_others(
        cells["first"],
        cells["second"],
        cells["others_1"],
        cells["others_2"],
        year_to_year_sd=cells["spread"],
    )
    found = pd.DataFrame({"own": own.p_value <= ALPHA, "london": london.p_value <= ALPHA})
    return found.assign(both=found["own"] & found["london"])


def _simpler_tests(crime: RecordedCrime, measure: str, years: pd.DataFrame) -> pd.DataFrame:
    """By tests that know no year-to-year part: of events, and of irregular months."""
    months = crime.monthly_by_area(measure).loc[: years.index[-1]].iloc[-12 * len(years) :]
    said = []
    for area in years:
        dispersed = crime.usual_dispersion(measure, str(area))
        counts = months[area].to_numpy().reshape(-1, 12)
        for pair in pairwise(counts):
            found = rates.compare_counts_overdispersed(*pair, dispersed=dispersed)
            irregular = found.verdict == rates.MORE_THAN_CHANCE
            said.append((found.p_value_if_independent <= ALPHA, irregular))
    return pd.DataFrame(said, columns=["events", "months"])


def _shares(said: pd.DataFrame, measure: pd.Series) -> pd.DataFrame:
    """By measure and for all: how many comparisons, and the share of each column, per cent."""
    parts = [said.assign(measure=EVERY_MEASURE), said.assign(measure=measure)]
    groups = pd.concat(parts).groupby("measure", sort=False)
    shares = (100 * groups.mean()).round(1).assign(comparisons=groups.size())
    return shares.rename_axis("measure").reset_index()
