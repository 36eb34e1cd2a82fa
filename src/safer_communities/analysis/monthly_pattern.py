"""Recorded crime month by month: which months stood out, which season, and what may come next."""

import calendar
from dataclasses import dataclass

import pandas as pd

from safer_communities.facts.wording import how_many_of
from safer_communities.statistics.control_charts import rebased_xmr
from safer_communities.statistics.trends import (
    Forecast,
    equal_length_months,
    forecast,
    seasonal_pattern,
)

YEARS_SHOWN = 5


@dataclass(frozen=True)
class MonthlyPattern:
    """`months` has a row a month: month, label, value (offences in a month of equal length),
    centre, lower, upper, signal (true where the month stands out) and rules (why). `busiest` and
    `quietest` name the months of the year, `busiest_percent` and `quietest_percent` say by how much
    they lie above or below the average. `outlook` is the forecast of the next twelve months.
    """

    months: pd.DataFrame
    busiest: str
    busiest_percent: float
    quietest: str
    quietest_percent: float
    outlook: Forecast

    @property
    def signals_in_last_year(self) -> int:
        """How many of the last twelve months stand out."""
        return int(self.months["signal"].tail(12).sum())

    @property
    def signals_in_words(self) -> str:
        """ "none of the 12", "two of the 12" or "all 12"."""
        return how_many_of(self.signals_in_last_year, 12)

    def outlook_table(self) -> pd.DataFrame:
        """The forecast, one row a month: label, forecast, low_80, high_80, low_95, high_95."""
        table = self.outlook.table.reset_index()
        return table.assign(label=table["month"].dt.strftime("%B %Y"))


def monthly_pattern(monthly: pd.Series, breaks: list[pd.Timestamp]) -> MonthlyPattern:
    """The pattern of a monthly series (indexed by month) that ends with the months of interest.

    The control chart shows the last five years, its lines started anew at each break; season and
    forecast use the whole series.
    """
    shown = equal_length_months(monthly).tail(12 * YEARS_SHOWN)
    positions = [int((shown.index < date).sum()) for date in sorted(breaks)]
    inside = tuple(position for position in positions if 2 <= position <= len(shown) - 2)
    chart = rebased_xmr(shown, breaks=inside)
    by_month = seasonal_pattern(monthly).by_month
    return MonthlyPattern(
        months=pd.DataFrame(
            {
                "month": chart.index,
                "label": pd.DatetimeIndex(chart.index).strftime("%B %Y"),
                "value": chart["value"].to_numpy(),
                "centre": chart["centre"].to_numpy(),
                "lower": chart["lower"].clip(lower=0).to_numpy(),
                "upper": chart["upper"].to_numpy(),
                "signal": chart["signal"].ne("").to_numpy(),
                "rules": chart["signal"].to_numpy(),
            }
        ),
        busiest=calendar.month_name[by_month.index[int(by_month.argmax())]],
        busiest_percent=float(by_month.max()),
        quietest=calendar.month_name[by_month.index[int(by_month.argmin())]],
        quietest_percent=float(by_month.min()),
        outlook=forecast(monthly),
    )
