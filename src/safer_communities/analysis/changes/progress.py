"""How each priority's indicators have moved since the strategy's year."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from safer_communities.analysis.changes.year_on_year import NOT_COMPARABLE, YearOnYear
from safer_communities.analysis.recorded_crime import (
    TOTAL,
    RecordedCrime,
)
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries
from safer_communities.statistics.rates import (
    MORE_THAN_CHANCE,
    OverdispersedChange,
    compare_counts_overdispersed,
)

BETTER, WORSE, NO_CLEAR_CHANGE = "better", "worse", "no clear change"
# A clear change in a count of which neither direction is good or bad by itself.
HIGHER, LOWER = "higher", "lower"
NOT_PUBLISHED = "not published"
_MEASURED = ("base_count", "count", "change_percent", "ci_low", "ci_high", "placed_change_percent")
_SHOWN = ("priority", "indicator", *_MEASURED, "verdict", "note")


@dataclass(frozen=True)
class Progress:
    """From the year `first` to the year `last`.

    `table` has a row for each indicator: priority, indicator, measure, better, note, base_count,
    count, change_percent, ci_low, ci_high, placed_change_percent (the change if offences without a
    borough had been placed like the rest) and verdict; the numbers are missing where nothing is
    published. `panels` has each measured indicator's years: panel, period_end, label, count,
    ci_low, ci_high, and no line may cross the `breaks`. `total` is the change in all recorded
    crime, `total_placed_percent` what it would be had all offences been placed; `unplaced_first`
    and `unplaced_last` are the per cent of London's offences without a borough in the two years.
    """

    first: Period
    last: Period
    total: YearOnYear
    total_placed_percent: float
    table: pd.DataFrame
    panels: pd.DataFrame
    unplaced_first: float
    unplaced_last: float
    breaks: Sequence[tuple] = ()

    @property
    def trends(self) -> TimeSeries:
        """The years of each measured indicator, a panel each."""
        return TimeSeries(
            self.panels, "offences", "Indicators", source="latest_crime", breaks=self.breaks
        )

    @property
    def shown(self) -> dict[str, Any]:
        """What its table need not be told."""
        return {
            "source": "latest_crime",
            "period": f"{self.first.label} to {self.last.label}",
            "in_table": _SHOWN,
            "headings": {"base_count": self.first.label, "count": self.last.label},
        }

    def facts(self) -> dict[str, Quantity | str]:
        """Both `unplaced`, how many indicators are followed, and how many have each verdict."""
        latest = partial(Quantity, source="latest_crime")
        unplaced = partial(latest, unit="%", label="Offences without a borough", area="London")
        about = partial(latest, unit="indicators", period=self.label)
        known = self.table["count"].notna()
        verdicts = {"better": BETTER, "worse": WORSE, "unclear": NO_CLEAR_CHANGE}
        facts: dict[str, Quantity | str] = {
            "first_label": self.first.label,
            "last_label": self.last.label,
            "verdicts": self.verdicts_in_words,
            "unplaced_first": unplaced(self.unplaced_first, period=self.first),
            "unplaced_last": unplaced(self.unplaced_last, period=self.last),
            "followed": about(known.sum(), label="Indicators followed"),
            "unpublished": about((~known).sum(), label="Indicators not published"),
        }
        for name, verdict in {**verdicts, "higher": HIGHER, "lower": LOWER}.items():
            found = (self.table["verdict"] == verdict).sum()
            facts[name] = about(found, label=f"Verdict: {verdict}")
        return facts

    @property
    def label(self) -> str:
        """For example "12 months to March 2026, against 12 months to March 2022"."""
        return f"{self.last.label}, against {self.first.label}"

    @property
    def verdicts_in_words(self) -> str:
        """For example "two got better, none got worse and eight had no clear change"."""
        counts = self.table["verdict"].value_counts()
        said = [
            f"{wording.how_many(counts.get(BETTER, 0))} got better",
            f"{wording.how_many(counts.get(WORSE, 0))} got worse",
            f"{wording.how_many(counts.get(NO_CLEAR_CHANGE, 0))} had no clear change",
        ]
        known = self.table.loc[self.table["count"].notna(), "verdict"]
        if (broken := (known == NOT_COMPARABLE).sum()) > 0:
            said.append(f"{wording.how_many(broken)} cannot be compared")
        moved = counts.get(HIGHER, 0) + counts.get(LOWER, 0)
        if moved:
            many = wording.how_many(moved)
            said.append(f"{many} moved where neither direction is good or bad by itself")
        return wording.listed(said)


def progress(
    crime: RecordedCrime,
    indicators: pd.DataFrame,
    first: Period,
    breaks: Sequence[tuple] = (),
) -> Progress:
    """Every indicator from the year `first` to the crime's period, with its verdict.

    `indicators` has the columns priority, indicator, measure (empty where no table has it), better
    ("lower" or "either"; empty where two figures exist that do not compare) and note. A change is
    clear only if it is more than chance as counted, and still is with the offences that had no
    borough shared out like the rest.
    """
    rows = [_followed(crime, row, first) for row in indicators.to_dict("records")]
    measured = indicators[indicators["measure"] != ""]
    names = dict(zip(measured["measure"], measured["indicator"], strict=True))
    panels = crime.annual_panels(list(names), start=first)
    return Progress(
        first=first,
        last=crime.period,
        total=crime.year_on_year(base=first),
        total_placed_percent=placed_change(crime, TOTAL, first, crime.period).percent_change,
        table=pd.DataFrame(rows),
        panels=panels.assign(panel=panels["panel"].map(names)),
        unplaced_first=100 * crime.unplaced_share(period=first),
        unplaced_last=100 * crime.unplaced_share(period=crime.period),
        breaks=breaks,
    )


def _followed(crime: RecordedCrime, indicator: dict, first: Period) -> dict:
    if not indicator["measure"]:
        verdict = NOT_PUBLISHED if indicator["better"] else NOT_COMPARABLE
        return {**indicator, "verdict": verdict}
    measure = indicator["measure"]
    change = crime.year_on_year(measure, base=first)
    counts = {"base_count": change.base_count, "count": change.count}
    if change.verdict == NOT_COMPARABLE:
        return {**indicator, **counts, "verdict": NOT_COMPARABLE}
    placed = placed_change(crime, measure, first, crime.period)
    return {
        **indicator,
        **counts,
        "change_percent": change.change_percent,
        "ci_low": change.ci_low,
        "ci_high": change.ci_high,
        "placed_change_percent": placed.percent_change,
        "verdict": _verdict(change, placed, indicator["better"]),
    }


def placed_change(
    crime: RecordedCrime, measure: str, first: Period, last: Period
) -> OverdispersedChange:
    """The change between two years as if offences without a borough were placed like the rest."""
    placed = [
        (crime.monthly(measure).loc[period.start : period.end])
        .div(1 - crime.unplaced_share(measure, period))
        .round()
        for period in (first, last)
    ]
    return compare_counts_overdispersed(
        *placed, dispersed=crime.usual_dispersion(measure, crime.area_code)
    )


def _verdict(counted: YearOnYear, placed: OverdispersedChange, better: str) -> str:
    clear = counted.verdict == placed.verdict == MORE_THAN_CHANCE
    if not clear or counted.change_percent * placed.percent_change <= 0:
        return NO_CLEAR_CHANGE
    rose = counted.change_percent > 0
    if better == "either":
        return HIGHER if rose else LOWER
    return WORSE if rose else BETTER
