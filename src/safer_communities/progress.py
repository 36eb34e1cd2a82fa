"""How the measures that can follow the strategy have moved since its year."""

from dataclasses import dataclass

import pandas as pd

from safer_communities.periods import Period
from safer_communities.rates import MORE_THAN_CHANCE, CountChange, compare_counts
from safer_communities.recorded_crime import RecordedCrime, YearOnYear

ALPHA = 0.05


@dataclass(frozen=True)
class Progress:
    """`table` has a row for each measure: measure, priorities, count, base_count, change,
    change_percent, ci_low, ci_high and the rest of a `YearOnYear`, with verdict ("higher", "lower" or "no clear change"), and
    placed_change_percent: the change if the offences that had no borough had been placed like the
    rest. The verdict has to hold both ways.
    `panels` has each measure's years from `first` on: panel, period_end, label, count, ci_low,
    ci_high. `total` is the change in all recorded crime.
    """

    first: Period
    last: Period
    total: YearOnYear
    table: pd.DataFrame
    panels: pd.DataFrame

    @property
    def label(self) -> str:
        """For example "12 months to March 2026, against 12 months to March 2022"."""
        return f"{self.last.label}, against {self.first.label}"


def progress(crime: RecordedCrime, outcomes: pd.DataFrame, first: Period) -> Progress:
    """The measures that the outcomes name as indicators, from `first` to the crime's period.

    `outcomes` has the columns priority and indicators (names of measures, separated by
    semicolons). Measures that the classification does not have are left out.
    """
    named = outcomes.assign(measure=outcomes["indicators"].str.split(";")).explode("measure")
    named = named[named["measure"].isin(crime.members)]
    priorities = (
        named.drop_duplicates(["measure", "priority"])
        .groupby("measure", sort=False)["priority"]
        .apply(lambda numbers: ", ".join(str(number) for number in sorted(numbers)))
    )
    measures = list(priorities.index)
    table = crime.changes(measures, base=first)
    placed = [_placed_change(crime, measure, first) for measure in measures]
    verdicts = [
        _verdict(counted.verdict, counted.change_percent, as_placed)
        for counted, as_placed in zip(table.itertuples(), placed, strict=True)
    ]
    return Progress(
        first=first,
        last=crime.period,
        total=crime.year_on_year(base=first),
        table=table.assign(
            priorities=priorities.loc[measures].to_numpy(),
            placed_change_percent=[change.percent_change for change in placed],
            verdict=verdicts,
        ),
        panels=crime.annual_panels(measures, start=first),
    )


def _placed_change(crime: RecordedCrime, measure: str, first: Period) -> CountChange:
    """The change between the years as if offences without a borough were placed like the rest."""
    shares = [crime.unplaced_share(measure, period) for period in (first, crime.period)]
    return compare_counts(
        crime.count(measure, period=first),
        crime.count(measure),
        exposure_1=1 - shares[0],
        exposure_2=1 - shares[1],
    )


def _verdict(counted: str, change_percent: float, placed: CountChange) -> str:
    clear = counted == MORE_THAN_CHANCE and placed.p_value <= ALPHA
    if not clear or change_percent * placed.percent_change <= 0:
        return "no clear change"
    return "higher" if change_percent > 0 else "lower"
