"""How often a recorded offence led to a detection or another positive outcome for the police."""

import pandas as pd

from safer_communities.periods import Period
from safer_communities.rates import MORE_THAN_CHANCE, NOT_DISTINGUISHABLE
from safer_communities.recorded_crime import LONDON
from safer_communities.significance import compare_shares, wilson_interval


def positive_outcomes(
    table: pd.DataFrame, boroughs: pd.DataFrame, area: str, offence: str, period: Period
) -> pd.DataFrame:
    """Positive outcomes as a share of offences, for each twelve months to the period's month.

    `table` has the columns month, area_code, offence, offences, positive_outcomes. Returns a row
    for each twelve months that the table holds in full, oldest first: period_end, label, offences,
    positive_outcomes, percent, ci_low, ci_high (Wilson, per cent). An outcome is counted in the
    month it was given, so it may belong to an offence of an earlier month, and the interval is a
    guide only. `area` is an area code, or LONDON for the 32 boroughs.
    """
    areas = list(boroughs["area_code"]) if area == LONDON else [area]
    rows = table[table["area_code"].isin(areas) & (table["offence"] == offence)]
    monthly = rows.groupby("month")[["offences", "positive_outcomes"]].sum()
    found = []
    year = period
    while year.end <= monthly.index.max():
        year = year.shift_years(1)
    while year.end > monthly.index.min():
        months = monthly[monthly.index.isin(year.months())]
        if len(months) == 12:
            total = months.sum()
            share = wilson_interval(int(total["positive_outcomes"]), int(total["offences"]))
            found.append(
                {
                    "period_end": year.end,
                    "label": year.financial_year,
                    "offences": int(total["offences"]),
                    "positive_outcomes": int(total["positive_outcomes"]),
                    "percent": 100 * total["positive_outcomes"] / total["offences"],
                    "ci_low": 100 * share.ci_low,
                    "ci_high": 100 * share.ci_high,
                }
            )
        year = year.previous()
    return pd.DataFrame(found[::-1])


def detection_changes(rates: pd.DataFrame) -> pd.DataFrame:
    """Two printed detection rates a row, tested: is their difference more than chance?

    `rates` has the columns before and after (per cent) and offences_before and offences (what they
    are shares of). Adds change, ci_low and ci_high (percentage points), p_value and verdict ("more
    than chance" where p is at most 0.05, else "not distinguishable"). Every offence counts as
    detected or not, apart from the others; the printed rates are taken as exact.
    """
    found = compare_shares(
        rates["before"] / 100, rates["offences_before"], rates["after"] / 100, rates["offences"]
    )
    verdicts = {True: MORE_THAN_CHANCE, False: NOT_DISTINGUISHABLE}
    return rates.assign(
        change=100 * found.difference,
        ci_low=100 * found.ci_low,
        ci_high=100 * found.ci_high,
        p_value=found.p_value,
        verdict=found.significant.map(verdicts),
    )
