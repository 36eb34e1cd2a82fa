"""Estimates of residents beside those of the release before, by borough and by age."""

import numpy as np
import pandas as pd

from safer_communities.datasets.codes import CITY_OF_LONDON, LONDON
from safer_communities.datasets.meaning.counts import AXES
from safer_communities.datasets.meaning.findings import TOLD_AT_MOST, Finding
from safer_communities.statistics.changes.departures import exchanged_pairs, residuals

# The most that a borough changed from mid-2023 to the next release's mid-2024 is 4.7%, and an age
# in a borough 17 standard deviations beyond what that age did in London.
LARGEST_CHANGE = 0.07
LARGEST_AGE_CHANGE = 22.0
# How much better two boroughs have to fit when exchanged, by all residents and by age, and how much
# better two ages (see `exchanged_pairs`). The least of the releases here is 0.5, 0.99 and 0.68.
EXCHANGED_TOTALS = 0.4
EXCHANGED_BY_AGE = 0.9
EXCHANGED_AGES = 0.5
# Residents to a household of any borough at the Census of 2021: from 1.77 to 3.04.
RESIDENTS_TO_A_HOUSEHOLD = 1.6, 3.15
# The wards of mid-2024 add up to their borough exactly; one may be revised before the other.
WARDS_AND_BOROUGH = 0.01

# Projections run smoothly: of their second differences, added up, none but an exchanged pair of
# years leaves less when exchanged, in all areas; in one area as little as 0.87 of it.
SMOOTHER, SMOOTHER_ALONE = 0.97, 0.8


def years_exchanged(figures: pd.DataFrame) -> list[Finding]:
    """Two years of all areas, or of one, of which the figures run more smoothly exchanged.

    `figures` has a row for each area and a column for each year, in order.
    """
    values = figures.to_numpy(float)
    own, places = _roughness(values), values.shape[1] - 1
    exchanged = np.empty((len(values), places))
    for at in range(places):
        order = np.arange(values.shape[1])
        order[[at, at + 1]] = at + 1, at
        exchanged[:, at] = _roughness(values[:, order])
    together = exchanged.sum(axis=0) / own.sum()
    if together.min() < SMOOTHER:
        one, other = figures.columns[[together.argmin(), together.argmin() + 1]]
        return [Finding("", "", str(other), f"the figures run on as if exchanged with {one}")]
    alone = exchanged / np.maximum(own, 1)[:, None]
    findings = []
    for row in map(int, np.flatnonzero(alone.min(axis=1) < SMOOTHER_ALONE)):
        one, other = figures.columns[[alone[row].argmin(), alone[row].argmin() + 1]]
        said = f"the figures run on as if exchanged with {one}"
        findings.append(Finding("", str(figures.index[row]), str(other), said))
    return findings


def _roughness(values: np.ndarray) -> np.ndarray:
    return np.abs(np.diff(values, n=2, axis=1)).sum(axis=1)


def wards_unlike_boroughs(wards: pd.DataFrame, people: pd.Series, year: str) -> list[Finding]:
    """Boroughs whose wards do not add up to their residents in that year.

    `wards` has the columns area_code and residents; `people` is residents by area_code.
    """
    sums = wards.groupby("area_code")["residents"].sum()
    both = pd.DataFrame({"wards": sums, "whole": people}).dropna()
    odd = both[(both["wards"] - both["whole"]).abs() > WARDS_AND_BOROUGH * both["whole"]]
    return [
        Finding("", str(area), year, _said(found, "its estimate of that year has", whole))
        for area, found, whole in odd.itertuples()
    ]


def households_unlike_residents(households: pd.DataFrame, people: pd.DataFrame) -> list[Finding]:
    """Households of an area and year too few or too many for the residents there.

    `households` has the columns area_code, mid_year, households; `people` has area_code, mid_year,
    population, a row each.
    """
    both = households.merge(people, on=["area_code", "mid_year"])
    low, high = RESIDENTS_TO_A_HOUSEHOLD
    odd = both[~(both["population"] / both["households"]).between(low, high)]
    return [
        Finding(
            "",
            str(row.area_code),
            str(row.mid_year),
            f"{row.households:,.0f} households, where there are {row.population:,.0f} residents",
        )
        for row in odd.itertuples()
    ]


def unlike_last_estimate(old: pd.DataFrame, new: pd.DataFrame) -> list[Finding]:
    """Boroughs whose residents are exchanged, or change in a year as no borough has.

    Both are the rows of one release: area_code, mid_year, population. A release that gives earlier
    years anew is expected to revise them; one that goes on where the last one ended is compared.
    """
    before, now = (_boroughs(frame, "mid_year") for frame in (old, new))
    common = before.columns.intersection(now.columns)
    last, first = int(before.columns.max()), int(now.columns.min())
    if len(common):
        year = str(now.columns.max())
        return _exchanged(now[common], before[common], year, EXCHANGED_TOTALS)
    if first != last + 1:
        return []
    earlier, later = before[last], now[first]
    change = later / earlier - 1
    return _exchanged(later.to_frame(), earlier.to_frame(), str(first), EXCHANGED_TOTALS) + [
        Finding("", str(area), str(first), _said(later[area], f"mid-{last}", earlier[area]))
        for area in change.index[change.abs() > LARGEST_CHANGE]
    ]


def unlike_last_ages(old: pd.DataFrame, new: pd.DataFrame) -> list[Finding]:
    """Boroughs or ages that are exchanged, and ages of a borough that change as none has.

    Both are the rows of one release: area_code, mid_year, age, population.
    """
    year, last = int(new["mid_year"].max()), int(old["mid_year"].max())
    if year <= last:
        return []
    before, now = (_boroughs(frame, "age") for frame in (old, new))
    usual = before * (now.sum() / before.sum())
    findings = _exchanged(now, usual, str(year), EXCHANGED_BY_AGE)
    findings += [
        Finding("", "", str(year), f"residents aged {one} and {other} fit mid-{last} exchanged")
        for one, other in exchanged_pairs(now.to_numpy().T, before.to_numpy().T, EXCHANGED_AGES)
    ]
    if year - last > 1:
        return findings
    found, expected = now.to_numpy(), usual.to_numpy()
    size = np.abs(residuals(found, expected))
    for place in np.argsort(size, axis=None)[::-1][:TOLD_AT_MOST]:
        row, age = divmod(int(place), now.shape[1])
        if size[row, age] > LARGEST_AGE_CHANGE:
            said = _said(found[row, age], "the year before leads one to expect", expected[row, age])
            findings.append(Finding("", str(now.index[row]), str(year), f"aged {age}: {said}"))
    return findings


def _boroughs(frame: pd.DataFrame, columns: str) -> pd.DataFrame:
    """Residents of the boroughs, a row each, in order.

    The City of London is small enough to change by a third in a year.
    """
    rows = frame[~frame["area_code"].isin([CITY_OF_LONDON, LONDON])]
    return rows.pivot(index="area_code", columns=columns, values="population").sort_index()


def _exchanged(now: pd.DataFrame, before: pd.DataFrame, year: str, share: float) -> list[Finding]:
    pairs = exchanged_pairs(now.to_numpy(), before.to_numpy(), share)
    return [
        Finding(
            **dict.fromkeys(AXES, "") | {"area": str(now.index[one]), "month": year},
            said=f"the residents fit {now.index[other]} in the release before, and those of "
            f"{now.index[other]} fit {now.index[one]}",
        )
        for one, other in pairs
    ]


def _said(found: float, has: str, expected: float) -> str:
    return f"{found:,.0f} residents, where {has} {expected:,.0f}"
