"""Twelve-month periods, named the way the publishers name them."""

from dataclasses import dataclass
from functools import cache

import pandas as pd


@dataclass(frozen=True, order=True)
class Period:
    """Twelve whole months; `start` and `end` are the first days of the first and last month."""

    start: pd.Timestamp
    end: pd.Timestamp

    @classmethod
    @cache
    def year_to(cls, month: str | pd.Timestamp) -> "Period":
        """The twelve months that end with `month`, for example "2022-03".

        Raises ValueError where `month` is not a date.
        """
        end = pd.Timestamp(month)
        if pd.isna(end):
            raise ValueError(f"month: {month!r} is not a month such as '2022-03'")
        end = end.normalize().replace(day=1)
        return cls(end - pd.DateOffset(months=11), end)

    @property
    def label(self) -> str:
        """For example "12 months to March 2022"."""
        return f"12 months to {self.end:%B %Y}"

    @property
    def financial_year(self) -> str:
        """For example "2021/22", of a calendar year "2021", of another "year to July 2022"."""
        if self.end.month == 12:
            return str(self.end.year)
        if self.end.month != 3:
            return f"year to {self.end:%B %Y}"
        return f"{self.start.year}/{self.end.year % 100:02d}"

    def shift_years(self, years: int) -> "Period":
        """The same twelve months, `years` years later (earlier where negative)."""
        return _shifted(self, years)

    def previous(self) -> "Period":
        """The twelve months before these."""
        return self.shift_years(-1)

    def years_after(self, earlier: "Period") -> int:
        """How many years it is after an earlier period, in whole years."""
        return round((self.end - earlier.end).days / 365.25)

    def last_before(self, date: str | pd.Timestamp) -> "Period":
        """The latest twelve months that end in the same month of the year and before `date`."""
        period = self
        while period.end >= pd.Timestamp(date):
            period = period.previous()
        return period

    def months(self) -> pd.DatetimeIndex:
        """The first day of each of the twelve months."""
        return _months(self)


@cache
def _months(period: Period) -> pd.DatetimeIndex:
    """Asked for thousands of times in a chapter, and an index does not change."""
    return pd.date_range(period.start, period.end, freq="MS")


@cache
def _shifted(period: Period, years: int) -> Period:
    """The same months in another year: asked for again and again, and slow in pandas."""
    return Period.year_to(period.end + pd.DateOffset(years=years))


def complete_years(months: pd.DatetimeIndex, period: Period) -> list[Period]:
    """Each whole twelve months in `months` that end in the period's month, oldest first."""
    if months.empty:
        return []
    year = period.shift_years(months.max().year - period.end.year + 1)
    found: list[Period] = []
    while year.end >= months.min():
        if year.months().isin(months).all():
            found.insert(0, year)
        year = year.previous()
    return found


def newest_year_held(months: pd.Series, until: Period) -> Period:
    """The newest twelve months of those held up to a period; the first where they begin later."""
    first = Period.year_to(months.min() + pd.DateOffset(months=11))
    return max(first, Period.year_to(min(months.max(), until.end)), key=lambda year: year.end)


def yearly_sums(monthly: pd.DataFrame, period: Period) -> pd.DataFrame:
    """A row for each whole twelve months that end in the period's month, oldest first.

    `monthly` is indexed by month. Columns: period_end, label ("2021/22"), then its own, summed.
    """
    years = complete_years(pd.DatetimeIndex(monthly.index), period)
    names = [{"period_end": year.end, "label": year.financial_year} for year in years]
    sums = [monthly[monthly.index.isin(year.months())].sum() for year in years]
    return pd.concat([pd.DataFrame(names), pd.DataFrame(sums)], axis="columns")


def months_in_words(months: list[pd.Period] | list[pd.Timestamp]) -> str:
    """A few months by name, or how many and from when to when. They are in order."""
    if len(months) <= 3:
        return ", ".join(month.strftime("%B %Y") for month in months)
    first, last = months[0].strftime("%B %Y"), months[-1].strftime("%B %Y")
    return f"{len(months)} months between {first} and {last}"


def when_in_words(months: pd.DatetimeIndex) -> str:
    """ "From April 2023 to February 2024" of months without a gap, else "In" with their names."""
    first, last = months[[0, -1]]
    if 1 < len(months) == len(pd.date_range(first, last, freq="MS")):
        return f"From {first:%B %Y} to {last:%B %Y}"
    return f"In {months_in_words([*months])}"
