"""How each priority's indicators have moved since the strategy's year."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from safer_communities.analysis.changes.year_on_year import (
    ALPHA,
    NOT_COMPARABLE,
    YearOnYear,
)
from safer_communities.analysis.recorded_crime import (
    ALL_OF_LONDON,
    AREA_NAMES,
    TOTAL,
    RecordedCrime,
)
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries

BETTER, WORSE, NO_CLEAR_CHANGE = "better", "worse", "no clear change"
# A clear change in a count of which neither direction is good or bad by itself.
HIGHER, LOWER = "higher", "lower"
NOT_PUBLISHED = "not published"
_CHANGE = ("change_percent", "ci_low", "ci_high")
_NUMBERS = ("base_count", "count", *_CHANGE, "placed_change_percent")
_SHOWN = ("priority", "indicator", *_NUMBERS, "own_past", "verdict", "note")
_BESIDE = ("others_percent", "against_others_percent", "against_others_low", "against_others_high")


@dataclass(frozen=True)
class Progress:
    """From the year `first` to the year `last`.

    `table` has a row for each indicator: priority, indicator, measure, better, note, the numbers of
    its change (see `YearOnYear`), placed_change_percent (the change if offences without a borough
    had been placed like the rest), own_past and beside_others (better, worse, higher, lower or no
    clear change) and verdict, both in one; the numbers are missing where nothing is published.
    `apart` names the indicators that share no offence. `panels` has each measured indicator's
    years: panel, period_end, label, count, ci_low, ci_high, and no line may cross the `breaks`.
    `total` is the change in all recorded
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
    apart: Sequence[str] = ()
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

    @property
    def beside_others(self) -> pd.DataFrame:
        """The columns that set each indicator's change beside that of the other boroughs."""
        known = self.table.dropna(subset="change_percent")
        return known[["indicator", "change_percent", *_BESIDE, "beside_others"]]

    def facts(self) -> dict[str, Quantity | str]:
        """Both `unplaced`, how many indicators are followed, and how many have each verdict.

        The texts `verdicts`, `own_verdicts` and `beside_verdicts` count the verdicts, of both
        comparisons in one and of each. Of the `apart` indicators that share no offence, either
        comparison would find `by_chance` to have changed if none had.
        """
        latest = partial(Quantity, source="latest_crime")
        unplaced = partial(
            latest,
            unit="%",
            label="Offences without a borough",
            area=AREA_NAMES[ALL_OF_LONDON],
        )
        about = partial(latest, unit="indicators", period=self.label)
        known = self.table["count"].notna()
        verdicts = {"better": BETTER, "worse": WORSE, "unclear": NO_CLEAR_CHANGE}
        facts: dict[str, Quantity | str] = {
            "first_label": self.first.label,
            "last_label": self.last.label,
            "verdicts": self.in_words("verdict"),
            "own_verdicts": self.in_words("own_past"),
            "beside_verdicts": self.in_words("beside_others"),
            "apart": about(len(self.apart), label="Indicators that share no offence"),
            "by_chance": wording.by_chance(ALPHA * len(self.apart)),
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

    def in_words(self, column: str) -> str:
        """For example "two got better, none got worse and eight had no clear change"."""
        counts = self.table[column].value_counts()
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
    ("lower" or "either"; empty where two figures exist that do not compare) and note.

    An indicator has changed against its own past where its change is more than the usual ups and
    downs as counted, and still is with the offences that had no borough shared out like the rest.
    It has changed beside the others where it moved above or below the other boroughs; sharing out
    leaves that as it is. It got better or worse where at least one of the two says so and the other
    does not say the contrary.
    """
    rows = [_followed(crime, row, first) for row in indicators.to_dict("records")]
    measured = indicators[indicators["measure"] != ""]
    names = dict(zip(measured["measure"], measured["indicator"], strict=True))
    panels = crime.annual_panels(list(names), start=first)
    return Progress(
        first=first,
        last=crime.period,
        total=crime.year_on_year(base=first),
        total_placed_percent=placed_change(crime, TOTAL, first, crime.period).change_percent,
        table=pd.DataFrame(rows),
        panels=panels.assign(panel=panels["panel"].map(names)),
        unplaced_first=100 * crime.unplaced_share(period=first),
        unplaced_last=100 * crime.unplaced_share(period=crime.period),
        apart=crime.sharing_nothing(list(names)),
        breaks=breaks,
    )


def _followed(crime: RecordedCrime, indicator: dict, first: Period) -> dict:
    if not indicator["measure"]:
        verdict = NOT_PUBLISHED if indicator["better"] else NOT_COMPARABLE
        return {**indicator, "verdict": verdict}
    change = crime.year_on_year(indicator["measure"], base=first)
    if not change.is_compared:
        said = dict.fromkeys(("own_past", "beside_others", "verdict"), NOT_COMPARABLE)
        return {**indicator, **change.row, **said}
    placed = placed_change(crime, indicator["measure"], first, crime.period)
    percents = change.change_percent, placed.change_percent
    own = beside = 0
    if max(change.p_value, placed.p_value) <= ALPHA and percents[0] * percents[1] > 0:
        own = 1 if percents[0] > 0 else -1
    if change.against_others_p <= ALPHA:
        beside = 1 if change.against_others_percent > 0 else -1
    words = {1: WORSE, -1: BETTER} if indicator["better"] == "lower" else {1: HIGHER, -1: LOWER}
    words[0] = NO_CLEAR_CHANGE
    return {
        **indicator,
        **change.row,
        "note": " ".join(filter(None, [indicator["note"], *crime.cautions_of(change)])),
        "placed_change_percent": placed.change_percent,
        "own_past": words[own],
        "beside_others": words[beside],
        "verdict": words[own or beside] if own + beside else words[0],
    }


def placed_change(crime: RecordedCrime, measure: str, first: Period, last: Period) -> YearOnYear:
    """The change between two years as if offences without a borough were placed like the rest."""
    before, after = (
        round(crime.count(measure, period=year) / (1 - crime.unplaced_share(measure, year)))
        for year in (first, last)
    )
    return crime.changed(measure, crime.area_code, (first, last), (before, after))
