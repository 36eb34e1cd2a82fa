"""Counts of the same offences in two publications: of wards, or a dashboard, and of boroughs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from safer_communities.datasets.meaning.counts import Counts, added_up
from safer_communities.datasets.meaning.findings import Finding, beyond
from safer_communities.datasets.meaning.revisions import misplaced
from safer_communities.statistics.changes.departures import residuals


@dataclass(frozen=True)
class PartLimits:
    """What a publication may have more and less of than another one's counts lead one to expect.

    `coverage` is from which to which share of an offence's count it may have, all places together,
    where there are enough to tell. `more` and `less` are in square roots of what is expected, by
    level, beyond a share of it.
    """

    coverage: tuple[float, float]
    share: float
    more: dict[tuple[str, ...], float]
    less: dict[tuple[str, ...], float]


ENOUGH_OFFENCES = 300
# Prices of homes sold in a year beside the price index, which allows for what is sold: an area's
# ratio of the two changed by 12% at most from year to year, that of all areas by 4.4%.
PRICES = 0.14, 0.065

WARDS = PartLimits(
    coverage=(0.7, 1.2),
    share=0.05,
    more={
        ("area", "month"): 2.0,
        ("offence", "month"): 9.0,
        ("offence", "area"): 7.0,
        ("offence", "area", "month"): 9.0,
    },
    less={
        ("month",): 1.0,
        ("area",): 1.5,
        ("area", "month"): 5.5,
        ("offence", "month"): 7.0,
        ("offence", "area"): 8.0,
        ("offence", "area", "month"): 9.0,
    },
)

# The dashboard and the borough files are made from the same records.
DASHBOARD = PartLimits(
    coverage=(0.9, 1.1),
    share=0.05,
    more={
        ("month",): 0.0,
        ("area",): 0.0,
        ("area", "month"): 1.0,
        ("offence", "month"): 5.0,
        ("offence", "area"): 4.0,
        ("offence", "area", "month"): 7.0,
    },
    less={
        ("month",): 0.0,
        ("area",): 0.0,
        ("area", "month"): 1.0,
        ("offence", "month"): 5.0,
        ("offence", "area"): 4.0,
        ("offence", "area", "month"): 5.0,
    },
)
# Burglaries on data.police.uk of those recorded in a borough and year, beside the share of all
# boroughs in that year: from 0.96 to 1.09 in all years.
BURGLARIES = 0.92, 1.12
# And in a month: how far one may be from its part of all in standard deviations of chance, and by
# how much two may fit better exchanged in any run of months, in squares of these, added up. Of all
# boroughs and months since 2012 the most is 2.4 and 3.4. Of all pairs exchanged in one month 81%
# have more, in three months 98%, in twelve all (13.6 at least).
BURGLARIES_IN_A_MONTH, BETTER_EXCHANGED = 3.0, 5.0


def unlike_in_a_year(
    counts: pd.Series, others: pd.Series, limits: tuple[float, float], has: str
) -> list[Finding]:
    """Areas whose count of a year is not about what another publication has, as others' are.

    Both are counts by area and year; `has` says whose the others are.
    """
    both = pd.DataFrame({"own": counts, "other": others}).dropna()
    ratio = both["own"] / both["other"]
    beside = ratio / ratio.groupby(level=1).transform("median")
    odd = both[~beside.between(*limits)]
    return [
        Finding("", str(area), f"{year}", f"{own:,.0f} offences, where {has} {other:,.0f}")
        for (area, year), own, other in odd.itertuples()
    ]


def unlike_in_a_month(counts: pd.Series, others: pd.Series, has: str) -> list[Finding]:
    """Areas whose count of a month is not about what another publication has, or another area's.

    Both are counts by area_code and month; `has` says whose the others are.
    """
    both = pd.DataFrame({"own": counts, "other": others}).dropna()
    ratio = (both["own"] / both["other"].clip(lower=1)).groupby(level="month").transform("median")
    own, usual = (part.unstack("month") for part in (both["own"], both["other"] * ratio))
    found, expected = own.to_numpy(), usual.to_numpy()
    apart = residuals(found[:, None], expected[None])
    findings = []
    for one, other, first, last in _exchanged_for_months(apart**2):
        span = f" in the {last - first + 1} months to then" if last > first else ""
        said = f"{found[one, first : last + 1].sum():,.0f} offences{span}, as {has} of "
        said += f"{own.index[other]}, and the other way round"
        findings.append(Finding("", str(own.index[one]), f"{own.columns[last]:%Y-%m}", said))
    alone = np.einsum("iim->im", apart)
    return findings + [
        Finding(
            "",
            str(own.index[row]),
            f"{own.columns[at]:%Y-%m}",
            f"{found[row, at]:,.0f} offences, where {has} {expected[row, at]:,.0f}",
        )
        for row, at in np.argwhere(np.abs(alone) > BURGLARIES_IN_A_MONTH).tolist()
    ]


def _exchanged_for_months(squares: np.ndarray) -> Iterator[tuple[int, int, int, int]]:
    """Pairs that fit better exchanged, and the first and the last month in which they do.

    `squares` has the misfit of each area's count (first axis) with each one's expectation (second)
    in each month. Each area stands in one pair at most, that of the largest sum.
    """
    fit = np.einsum("iim->im", squares)
    better = np.nan_to_num(fit[:, None] + fit[None] - squares - squares.transpose(1, 0, 2))
    # By month the sum of the run of months that ends in it, begun anew where it is below 0.
    runs = np.zeros_like(better)
    for at in range(better.shape[2]):
        runs[..., at] = np.maximum(runs[..., at - 1] if at else 0, 0) + better[..., at]
    while runs.size and runs.max() > BETTER_EXCHANGED:
        one, other, last = map(int, np.unravel_index(runs.argmax(), runs.shape))
        before = np.flatnonzero(runs[one, other, :last] <= 0)
        yield one, other, int(before[-1]) + 1 if before.size else 0, last
        runs[[one, other]] = runs[:, [one, other]] = 0


def unlike_steps(
    figures: pd.DataFrame, others: pd.DataFrame, limits: tuple[float, float], has: str
) -> list[Finding]:
    """Areas, or all areas, whose figures rose or fell in a year as others of the same did not.

    Both have a row for each area and a column for each year; `limits` are logarithms, of an area
    beside all areas and of all areas.
    """
    years = figures.columns.intersection(others.columns)
    quotient = (figures[years] / others.reindex(figures.index)[years]).dropna()
    ratio = pd.DataFrame(np.log(quotient), quotient.index, quotient.columns)
    apart = ratio - ratio.median()
    steps, all_steps = apart.diff(axis=1), ratio.mean().diff()
    alone, together = limits
    said = f"{{:.2f}} times what the year before and {has} lead one to expect"
    findings = [
        Finding("", "", str(year), said.format(np.exp(step)))
        for year, step in all_steps[all_steps.abs() > together].items()
    ]
    rows, columns = np.nonzero((steps.abs() > alone).to_numpy())
    return findings + [
        Finding(
            "",
            str(steps.index[row]),
            str(steps.columns[at]),
            said.format(np.exp(steps.to_numpy()[row, at])),
        )
        for row, at in zip(rows.tolist(), columns.tolist(), strict=True)
    ]


def unlike_the_whole(part: Counts, whole: Counts, limits: PartLimits, has: str) -> list[Finding]:
    """Where `part` has another count than its coverage of `whole` leads one to expect.

    Both have the same offences, places and months. How much of an offence the part has, all places
    and months together, is taken as it is, so that offences without a place count for nothing.
    `has` says whose counts the part's are.
    """
    found, there = (added_up(counts.values, ("offence",)) for counts in (part, whole))
    coverage = found / np.maximum(there, 1)
    low, high = limits.coverage
    odd = ((coverage < low) | (coverage > high)) & (np.maximum(there, found) >= ENOUGH_OFFENCES)
    findings = beyond(whole, ("offence",), there, found, odd * 1.0, has)
    expected = replace(whole, values=whole.values * coverage[:, None, None])
    findings += misplaced(expected, part, f"that {has}")
    for sign, by_level in ((1, limits.more), (-1, limits.less)):
        for level, roots in by_level.items():
            in_part, usual = (added_up(c.values, level) for c in (part, expected))
            room = limits.share * usual + roots * np.sqrt(np.maximum(usual, 1))
            excess = sign * (in_part - usual) - room
            findings += beyond(part, level, added_up(whole.values, level), in_part, excess, has)
    return findings
