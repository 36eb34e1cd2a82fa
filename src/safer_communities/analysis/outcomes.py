"""How often a recorded offence led to a detection or another positive outcome for the police."""

from dataclasses import dataclass

import pandas as pd

from safer_communities.analysis.recorded_crime import LONDON
from safer_communities.datasets.periods import Period, yearly_sums
from safer_communities.errors import did_you_mean
from safer_communities.statistics.rates import MORE_THAN_CHANCE, NOT_DISTINGUISHABLE
from safer_communities.statistics.significance import compare_shares, wilson_interval


@dataclass(frozen=True)
class Outcomes:
    """Positive outcomes of recorded offences, for the borough `area_code`.

    `table` has the columns month, area_code, offence, offences and positive_outcomes, `boroughs`
    lists the 32 boroughs; years end in the month of `period`.
    """

    table: pd.DataFrame
    boroughs: pd.DataFrame
    area_code: str
    period: Period

    def positive(self, offence: str, area: str | None = None) -> pd.DataFrame:
        """Positive outcomes as a share of offences, year by year, in the borough or `area`.

        A row for each twelve months that the table holds in full, oldest first: period_end, label,
        offences, positive_outcomes, percent, ci_low, ci_high (Wilson, per cent). An outcome is
        counted in the month it was given, so it may belong to an offence of an earlier month, and
        the interval is a guide only. `area` is an area code, or LONDON for the 32 boroughs. Raises
        ValueError where the area has no such offence.
        """
        area = area or self.area_code
        areas = list(self.boroughs["area_code"]) if area == LONDON else [area]
        own = self.table["area_code"].isin(areas) & (self.table["offence"] == offence)
        counted = self.table[own]
        if counted.empty:
            remedy = did_you_mean(offence, self.table["offence"].unique())
            raise ValueError(f"offence: there is no {offence!r} in {area}; {remedy}")
        months = counted.groupby("month")[["offences", "positive_outcomes"]]
        table = yearly_sums(months.sum(), self.period)
        share = wilson_interval(table["positive_outcomes"], table["offences"])
        return table.assign(
            percent=100 * share.proportion,
            ci_low=100 * share.ci_low,
            ci_high=100 * share.ci_high,
        )


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
