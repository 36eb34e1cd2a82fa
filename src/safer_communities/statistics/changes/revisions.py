"""How counts grow after they are first published: the same twelve months in two releases."""

import numpy as np
import pandas as pd

from safer_communities.statistics import validation

MONTHS = 12


def steps(spans: pd.DataFrame) -> pd.DataFrame:
    """Every twelve months that two releases hold, with their age in each.

    `spans` has a row a release, indexed by the month that it came out: first and last, the first
    and the last month that it holds. Returns a row for each pair of releases and each end of twelve
    months that both hold in full: earlier and later (the releases), end (the last of the twelve
    months), age and later_age: how many months after the end each release came out.

    Raises ValueError for a release that is named twice or came out before its last month.

    Source: the release or development triangle of reserving and of real-time data; Croushore and
    Stark (2001), Journal of Econometrics 105:111.
    """
    if not spans.index.is_unique:
        raise ValueError(f"spans: {spans.index[spans.index.duplicated()][0]:%B %Y} stands twice")
    early = spans.index[spans["last"] > spans.index]
    if len(early):
        raise ValueError(f"spans: the release of {early[0]:%B %Y} holds later months than that")
    spans = spans.sort_index()
    first, last, out = (
        pd.PeriodIndex(months, freq="M").asi8
        for months in (spans["first"], spans["last"], spans.index)
    )
    rows = [
        (earlier, later, end)
        for earlier in range(len(spans))
        for later in range(earlier + 1, len(spans))
        for end in range(
            max(first[earlier], first[later]) + MONTHS - 1, min(last[earlier], last[later]) + 1
        )
    ]
    earlier, later, end = np.array(rows, dtype=int).reshape(-1, 3).T
    return pd.DataFrame(
        {
            "earlier": spans.index[earlier],
            "later": spans.index[later],
            "end": end.astype("datetime64[M]").astype("datetime64[us]"),
            "age": out[earlier] - end,
            "later_age": out[later] - end,
        }
    )


def likest(steps: pd.DataFrame, age: int, *, months: int = MONTHS, within: int = 2) -> pd.DataFrame:
    """The steps of counts of that age over about so many months, the likest first.

    The age when the step begins and its length are each within so many months of what is asked.
    The nearest in age stand first, of equal ones those of the newest release: how counts grow
    changes with the way they are recorded.

    `steps` is as the function of that name gives it. Raises ValueError for a negative number.
    """
    age = validation.whole("age", age)
    months = validation.whole("months", months, at_least=1)
    within = validation.whole("within", within)
    away = (steps["age"] - age).abs()
    longer = (steps["later_age"] - steps["age"] - months).abs()
    found = steps.assign(away=away, longer=longer)[(away <= within) & (longer <= within)]
    order = ["away", "later", "longer", "earlier"]
    ascending = [True, False, True, False]
    return found.sort_values(order, ascending=ascending, ignore_index=True)[list(steps.columns)]


def growth_percent(count: pd.Series, later_count: pd.Series) -> pd.Series:
    """How much each area's count grew, in per cent of the earlier count; missing where that is 0.

    Raises ValueError for counts that are negative or not whole, and areas that differ.
    """
    (before, after), restore = validation.aligned(
        count=(validation.counts, count), later_count=(validation.counts, later_count)
    )
    grown = restore(after).sub(restore(before)).mul(100)
    return grown.div(restore(before).where(restore(before) > 0)).rename("growth_percent")
