"""A rate for each borough with its interval and rank, and London's rate beside them."""

from dataclasses import dataclass

import pandas as pd

from safer_communities import rankings, rates
from safer_communities.denominators import Denominator
from safer_communities.periods import Period
from safer_communities.recorded_crime import LONDON, TOTAL, RecordedCrime

RANK_COLUMNS = ("rank", "rank_low", "rank_high", "rank_low_months", "rank_high_months")


@dataclass(frozen=True)
class BoroughRates:
    """Rates per 1,000 of one measure in twelve months.

    `table` has a row for each of the 32 boroughs, lowest rate first: area_code, area, count, size,
    rate, ci_low, ci_high, rank, rank_low, rank_high (rank 1 = lowest; every offence taken as
    independent), rank_low_months and rank_high_months (allowing for months that vary more than
    that), and against_own: whether its rate is shown to be "lower" or "higher" than that of the
    edition's borough, or "unclear", offences taken as independent. `own` is that borough's row;
    `london` is the rate of the 32 boroughs together with its interval.
    """

    measure: str
    period: Period
    denominator: Denominator
    table: pd.DataFrame
    own: pd.Series
    london: rates.RateInterval

    @property
    def boroughs(self) -> int:
        """How many boroughs are ranked."""
        return len(self.table)


def borough_rates(
    crime: RecordedCrime,
    denominator: Denominator,
    measure: str = TOTAL,
    period: Period | None = None,
) -> BoroughRates:
    """The rate of `measure` in every borough for twelve months (the edition's unless given)."""
    period = period or crime.period
    counts = crime.counts_by_borough(measure, period)
    size = denominator.boroughs().loc[counts.index]
    interval = rates.rate_interval(counts, size)
    ranks = rankings.rank_intervals(counts, size)
    irregular = rankings.rank_intervals(
        counts, size, dispersion=crime.dispersion_by_borough(measure)
    )
    names = crime.boroughs.set_index("area_code")["borough"]
    table = pd.DataFrame(
        {
            "area": names.loc[counts.index],
            "count": counts,
            "size": size,
            "rate": interval.rate,
            "ci_low": interval.ci_low,
            "ci_high": interval.ci_high,
            "rank": ranks["rank"],
            "rank_low": ranks["rank_low"],
            "rank_high": ranks["rank_high"],
            "rank_low_months": irregular["rank_low"],
            "rank_high_months": irregular["rank_high"],
            "against_own": rankings.compared_with(counts, size, crime.area_code),
        }
    ).rename_axis("area_code")
    table = table.reset_index().sort_values(["rate", "area"], ignore_index=True)
    return BoroughRates(
        measure=measure,
        period=period,
        denominator=denominator,
        table=table,
        own=table.set_index("area_code").loc[crime.area_code],
        london=rates.rate_interval(
            crime.count(measure, LONDON, period), int(denominator.size[LONDON])
        ),
    )


def ranks_by_measure(
    crime: RecordedCrime, denominator: Denominator, measures: list[str]
) -> pd.DataFrame:
    """The borough's rate and rank for each measure, lowest rank first, the surest among equal ones.

    So the first is the surest of the lowest ranks, and the last the surest of the highest.

    Columns: measure, count, rate, ci_low, ci_high, london_rate, rank, rank_low, rank_high,
    rank_low_months and rank_high_months (see `BoroughRates`).
    """
    rows = []
    for measure in measures:
        result = borough_rates(crime, denominator, measure)
        own = result.own[["count", "rate", "ci_low", "ci_high", *RANK_COLUMNS]]
        rows.append({"measure": measure, "london_rate": result.london.rate, **own.to_dict()})
    table = pd.DataFrame(rows)
    # Of equal ranks, chance leaves least room to that whose range lies nearest to its own end.
    middle = table["rank_low"] + table["rank_high"]
    return (
        table.assign(middle=middle)
        .sort_values(["rank", "middle", "measure"], ignore_index=True)
        .drop(columns="middle")
    )
