"""Recorded crime month by month: which months stood out, which season, and what may come next."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries
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
    `breaks` are the date and name of each that no line may cross.
    """

    months: pd.DataFrame
    busiest: str
    busiest_percent: float
    quietest: str
    quietest_percent: float
    outlook: Forecast
    breaks: Sequence[tuple] = ()

    @property
    def table(self) -> pd.DataFrame:
        """The months, for a chart."""
        return self.months

    @property
    def series(self) -> TimeSeries:
        """The months as a series, without the limits of the control chart."""
        return TimeSeries(
            self.months, unit="offences", label="Recorded offences in a month", breaks=self.breaks
        )

    @property
    def shown(self) -> dict[str, Any]:
        """What a chart of it need not be told."""
        return self.series.shown | {"unit": "offences", "decimals": 0}

    @property
    def signals(self) -> Quantity:
        """How many of the last twelve months stand out."""
        return Quantity(self.signals_in_last_year, unit="months", label="Months that stand out")

    def facts(self) -> dict[str, Quantity | str]:
        """How far the busiest and the quietest month of the year, texts too, are from the average.

        Then the first, last, low and high month: `month_first` and so on (see `TimeSeries.facts`).
        """
        season = partial(
            Quantity, unit="%", label="Distance of the month from the average", period="All years"
        )
        of_year: dict[str, Quantity | str] = {
            "busiest": self.busiest,
            "busiest_percent": season(self.busiest_percent),
            "quietest": self.quietest,
            "quietest_percent": season(self.quietest_percent),
        }
        return of_year | {f"month_{name}": each for name, each in self.series.facts().items()}

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
        table.insert(0, "label", table["month"].dt.strftime("%B %Y"))
        return table


def monthly_pattern(
    monthly: pd.Series, breaks: list[pd.Timestamp], gaps: Sequence[tuple] = ()
) -> MonthlyPattern:
    """The pattern of a monthly series (indexed by month) that ends with the months of interest.

    The control chart shows the last five years, its lines started anew at each break; season and
    forecast use the whole series. `gaps` are the dates and names that no line may cross.
    """
    shown = equal_length_months(monthly).tail(12 * YEARS_SHOWN)
    positions = [int((shown.index < date).sum()) for date in sorted(breaks)]
    inside = tuple(position for position in positions if 2 <= position <= len(shown) - 2)
    chart = rebased_xmr(shown, breaks=inside).reset_index(names="month")
    chart.insert(1, "label", chart["month"].dt.strftime("%B %Y"))
    by_month = seasonal_pattern(monthly)
    return MonthlyPattern(
        months=chart.drop(columns="segment").assign(
            lower=chart["lower"].clip(lower=0),
            signal=chart["signal"].ne(""),
            rules=chart["signal"],
        ),
        busiest=calendar.month_name[by_month.index[int(by_month.argmax())]],
        busiest_percent=float(by_month.max()),
        quietest=calendar.month_name[by_month.index[int(by_month.argmin())]],
        quietest_percent=float(by_month.min()),
        outlook=forecast(monthly),
        breaks=gaps,
    )
