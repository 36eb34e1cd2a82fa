"""Recorded crime month by month: which months stood out, and which season there is."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from safer_communities.analysis.recorded_crime import PANDEMIC_START, RecordedCrime
from safer_communities.datasets.periods import Period
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries
from safer_communities.facts.wording import how_many, how_many_of, listed
from safer_communities.statistics.control_charts import OUTSIDE, rebased_xmr
from safer_communities.statistics.trends import (
    DAYS_IN_EQUAL_MONTH,
    equal_length_months,
    seasonal_pattern,
    slow_level,
)

YEARS_SHOWN = 5
# With so many years chance alone finds a month, above or below, in about one series in a hundred;
# with so many more also if one year may be an exception.
FEWEST_YEARS = 11
FEWEST_A_MONTH = 10
YEARS_OF_AN_EXCEPTION = 14
LINES = ["centre", "lower", "upper"]


@dataclass(frozen=True)
class MonthlyPattern:
    """`months` has a row a month: month, label, value (the offences counted), and in such counts
    too centre, lower and upper: what was usual for a month of that season, length and level, and
    the limits about it. `signal` is true for a month outside them; `rule` names the rules of the
    control chart that the month meets, or says that its part has too few months for limits.

    `busiest` and `quietest` name the months of the year, `busiest_percent` and `quietest_percent`
    say by how much they lie above or below the average, `season_of` over which months. `breaks` are
    the date and name of each that no line may cross.
    """

    months: pd.DataFrame
    busiest: str
    busiest_percent: float
    quietest: str
    quietest_percent: float
    season_of: str
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
            Quantity,
            unit="%",
            label="Distance of the month from the average",
            period=self.season_of,
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
        """ "none of the 12 months" or, where others have no limits, "one of the six months that
        have limits".
        """
        judged = int(self.months["centre"].tail(12).notna().sum())
        if not judged:
            return "none of the months, too few since a break for limits,"
        found = self.signals_in_last_year
        of = how_many_of(found, judged) if judged > 1 else how_many(found)
        return f"{of} months" if judged == 12 else f"{of} months that have limits"


def regular_months(counts: pd.Series) -> str:
    """A sentence on the months of the year that lie above or below those around them, year by year.

    `counts` is indexed by month, without gaps; a missing one leaves out those to each side. Each
    month is set beside the mean of the twelve about it, half of the first and half of a thirteenth,
    so that a level that moves makes no season. Named are the months that lie so in every year, of
    14 years and more in all but one. Empty for fewer than 11 years, or 10 a month.
    """
    index = pd.DatetimeIndex(counts.index)
    daily = counts / index.days_in_month
    year = daily.rolling(12).mean()
    beyond = (daily - (year.shift(-6) + year.shift(-5)) / 2).dropna()
    signs = beyond.groupby(pd.DatetimeIndex(beyond.index).month)
    years = int(signs.size().min()) if signs.ngroups == len(calendar.month_name) - 1 else 0
    if years < FEWEST_YEARS or counts.mean() < FEWEST_A_MONTH:
        return ""
    exceptions = int(years >= YEARS_OF_AN_EXCEPTION)
    found = []
    for side, more in ((1, "more"), (-1, "fewer")):
        kept = [month for month, each in signs if (side * each > 0).sum() >= len(each) - exceptions]
        names = listed([calendar.month_name[int(str(month))] for month in kept])
        found += [f"{more} were recorded a day in {names}"] if names else []
    if not found:
        return "No month of the year is above or below those around it nearly every year."
    of = f"at least {years - 1} of {years}" if exceptions else f"all {years}"
    first, *other = found
    rest = f", and {other[0].replace(' were recorded a day', '')}" if other else ""
    return f"In {of} years, {first} than in the months around{rest}."


def ordinary_months(crime: RecordedCrime, measures: Sequence[str]) -> pd.DataFrame:
    """The share of months that the control charts of all boroughs mark in ordinary years.

    Of the five years before the pandemic that end in the period's month. A row a measure: measure,
    months, outside (outside the limits) and other (marked by another rule alone), per cent.
    """
    last = crime.period.last_before(PANDEMIC_START).end
    rows = []
    for measure in measures:
        months = crime.monthly_by_area(measure).loc[:last]
        rules = pd.concat(
            [monthly_pattern(months[area]).months["rule"] for area in crime.boroughs["area_code"]]
        )
        outside = rules.str.contains(OUTSIDE)
        shares = {"outside": outside.mean(), "other": (rules.ne("") & ~outside).mean()}
        percent = {name: round(100 * share, 1) for name, share in shares.items()}
        rows.append({"measure": measure, "months": len(rules), **percent})
    return pd.DataFrame(rows)


def ordinary_span(period: Period) -> str:
    """The months of `ordinary_months`, for example "April 2015 to March 2020"."""
    last = period.last_before(PANDEMIC_START)
    return f"{last.shift_years(1 - YEARS_SHOWN).start:%B %Y} to {last.end:%B %Y}"


def monthly_pattern(
    monthly: pd.Series, restarts: Sequence[pd.Timestamp] = (), gaps: Sequence[tuple] = ()
) -> MonthlyPattern:
    """The pattern of a monthly series (indexed by month) that ends with the months of interest.

    The control chart shows the last five years. Months are first set beside what their season,
    their length and the level of the months around them lead one to expect; level and limits start
    anew at the first month of each of the `restarts`. The season comes from the whole series.
    `gaps` are the dates and names that no line may cross.
    """
    by_month = seasonal_pattern(monthly)
    shown = equal_length_months(monthly).tail(12 * YEARS_SHOWN)
    index = pd.DatetimeIndex(shown.index)
    season = 1 + by_month.reindex(index.month).to_numpy() / 100
    starts = sorted({int((index < date).sum()) for date in restarts} - {0, len(shown)})
    # A level of nothing leaves nothing to be a share of.
    level = slow_level(shown / season, starts=starts).clip(lower=1)
    usual = level * season * index.days_in_month / DAYS_IN_EQUAL_MONTH
    counts = monthly.tail(len(shown))
    chart = rebased_xmr(counts / usual, breaks=starts)
    table = chart[LINES].mul(usual, axis="index").clip(lower=0)
    rules = chart["signal"]
    months = pd.DataFrame({"month": index, "label": index.strftime("%B %Y")}, index=index).assign(
        value=counts,
        **{name: table[name] for name in LINES},
        signal=rules.map(lambda names: OUTSIDE in names),
        rule=rules,
    )
    return MonthlyPattern(
        months=months.reset_index(drop=True),
        busiest=calendar.month_name[by_month.index[int(by_month.argmax())]],
        busiest_percent=float(by_month.max()),
        quietest=calendar.month_name[by_month.index[int(by_month.argmin())]],
        quietest_percent=float(by_month.min()),
        season_of=f"{monthly.index[0]:%B %Y} to {monthly.index[-1]:%B %Y}",
        breaks=gaps,
    )
