"""One offence, or group of offences, in one borough and edition: what its page says of it."""

from dataclasses import dataclass
from functools import cached_property, partial

import pandas as pd

from safer_communities.analysis.changes.year_on_year import (
    FEWEST_COMPARED,
    NOT_COMPARABLE,
    TOO_FEW,
)
from safer_communities.analysis.crime import BoroughCrime
from safer_communities.analysis.over_time.monthly_pattern import regular_months
from safer_communities.analysis.places.rates import BoroughRates
from safer_communities.analysis.priorities.followed import Followed, in_crime
from safer_communities.analysis.priorities.progress import (
    BETTER,
    HIGHER,
    LOWER,
    NO_CLEAR_CHANGE,
    WORSE,
)
from safer_communities.analysis.recorded_crime import LONDON_AREA, TOTAL
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording
from safer_communities.facts.fact import fact_name, texts
from safer_communities.facts.quantity import Quantity
from safer_communities.facts.series import TimeSeries

NONE = float("nan")
_RATE = ("area", "count", "rate", "ci_low", "ci_high")
_AGAINST = ("against_london_percent", "against_london_low", "against_london_high")
_CHANGE = ("change_percent", "change_low", "change_high")
# What the page says first, of the verdict since an earlier year.
_LED_BY = {
    BETTER: "Better: clearly fewer offences than {}.",
    WORSE: "Worse: clearly more offences than {}.",
    HIGHER: "Higher: clearly more offences were recorded than {}.",
    LOWER: "Lower: clearly fewer offences were recorded than {}.",
    NO_CLEAR_CHANGE: "No clear change from the number {}.",
    TOO_FEW: "There are too few offences to compare with those {}.",
    NOT_COMPARABLE: "Counted differently since, so not compared with the offences {}.",
}
_NO_CHANGE = (TOO_FEW, NOT_COMPARABLE)
_CLEAR = (BETTER, WORSE, HIGHER, LOWER)


@dataclass(frozen=True)
class OffenceChange:
    """The change of an offence between two years, `than` says in words from which.

    `followed` has the numbers; `verdict` is one of those of `progress`, or `TOO_FEW`. One direction
    is better or worse only where it is clear against the own past, and no break of the offence lies
    between: what is clear beside the other boroughs alone is told apart.
    """

    followed: Followed
    than: str
    verdict: str

    def told(self, subject: str = "That") -> str:
        """The change with its range, the verdict, and London's change beside it, in sentences."""
        found = self.followed
        if self.verdict in _NO_CHANGE:
            than = f"{self.than}," if "," in self.than else self.than
            return f"The count {than} was {wording.number(found.base_value)}."
        said = texts("it", Quantity(found.change, "%", "", found.ci_low, found.ci_high))
        ends = found.ci_low, found.ci_high
        if len({wording.direction(end) for end in ends}) == 1:
            amounts = [wording.percent(amount) for amount in sorted(map(abs, ends))]
            likely = wording.rise_of(ends[0], f"between {' and '.join(amounts)}")
        else:
            both = [wording.rise_of(end) for end in ends]
            likely = f"between {' and '.join(both)}"
        clearly = "" if self.verdict == NO_CLEAR_CHANGE else "clearly "
        told = (
            f"{subject} is {said['it_compared']} than {self.than.partition(',')[0]}. "
            f"The change is probably {likely}: {clearly}{self.verdict}."
        )
        london = texts("it", Quantity(found.london_change, "%", ""))["it_words"]
        return " ".join(filter(None, (told, found.why, f"In the 32 boroughs it {london}.")))


@dataclass(frozen=True)
class Offence:
    """The offence or group `measure`, and what its page is called.

    `other_words` are what people look for it by, `counts` says what it counts. `strategy` is the
    year of the strategy.
    """

    crime: BoroughCrime
    measure: str
    title: str
    other_words: list[str]
    counts: str
    strategy: Period

    @cached_property
    def group(self) -> str:
        """The group of offences that it is or belongs to; the total belongs to none but itself."""
        rows = self.crime.offences
        own = rows.loc[rows["offence"] == self.measure, "offence_group"]
        return self.measure if own.empty else str(own.iloc[0])

    @cached_property
    def moves_with(self) -> str:
        """What all of its count also depends on besides how often it happens; or nothing."""
        rows = self.crime.offences
        rows = rows[rows["offence"].isin(self.crime.members[self.measure])]
        known = rows["moves_with"].unique()
        return str(known[0]) if len(known) == 1 else ""

    @cached_property
    def changes(self) -> dict[str, OffenceChange]:
        """The changes `since` the strategy's year, where that is earlier, and in a `year`."""
        before = self.crime.period.previous()
        found = {"since": self._change(self.strategy)} if self.strategy.end < before.end else {}
        # A break that lies between leaves the year before alone.
        years = self.strategy, self.crime.period
        found = {k: v for k, v in found.items() if (v.followed.base, v.followed.period) == years}
        return found | {"year": self._change(before)}

    def _change(self, first: Period) -> OffenceChange:
        found = in_crime(self.crime, self.measure, first)
        # Of a count that a break may have moved, neither direction is said to be good or bad.
        doubtful = self.moves_with or found.cautions
        words = {1: HIGHER, -1: LOWER} if doubtful else {1: WORSE, -1: BETTER}
        clear = found.direction if found.own_past else 0
        verdict = words.get(clear, NO_CLEAR_CHANGE) if found.is_compared else NOT_COMPARABLE
        if min(found.base_value, found.value) < FEWEST_COMPARED:
            verdict = TOO_FEW
        than = f"in the {found.base.label}"
        if found.base.end == self.crime.period.previous().end:
            than = "in the year before"
        elif found.base.end == self.strategy.end:
            than += ", when the strategy was written"
        return OffenceChange(found, than, verdict)

    @cached_property
    def level(self) -> TimeSeries:
        """The years of the rates of the borough and of London."""
        return self.crime.level(self.measure)

    @cached_property
    def months(self) -> TimeSeries:
        """The borough's months as counted, up to the end of the period."""
        return self.crime.months(self.measure)

    def _months_told(self) -> str:
        """The month with the most offences and that with the fewest; of several, their number."""
        rows = self.months.table.dropna(subset="count")
        counts = rows["count"]

        def named(count: float, most: str, several: str) -> str:
            labels = rows.loc[counts == count, "label"]
            number = wording.number(count)
            return f"{most} in {labels.iloc[0]} ({number})" if len(labels) == 1 else several

        high, low = counts.max(), counts.min()
        least = f"never fewer than {wording.number(low)}"
        if not low:
            least = f"none in {(counts == 0).sum()} of {len(counts)} months"
        most = named(high, "most", f"never more than {wording.number(high)}")
        return f"{most}, {named(low, 'fewest', least)}"

    @cached_property
    def rates(self) -> BoroughRates:
        """The rates and ranks of all boroughs."""
        return self.crime.rates(self.measure)

    def boroughs(self) -> pd.DataFrame:
        """Every borough, lowest rate first: its rate, what that is to London's, and its change.

        Columns: area, count, rate with ci_low and ci_high, against_london_percent with its ends
        (London's rate taken as known), change_percent on the year before with its ends. Of fewer
        than 20 offences in a year, which `is_few` says, the change is missing.
        """
        found = self.rates
        london = found.london.rate
        rows = []
        for row in found.table.to_dict("records"):
            year = self.crime.year_on_year(self.measure, row["area_code"])
            change = [year.row[name] for name in ("change_percent", "ci_low", "ci_high")]
            against = [
                100 * (row[each] / london - 1) if london else NONE
                for each in ("rate", "ci_low", "ci_high")
            ]
            rows.append([row[name] for name in _RATE] + [*against, *change, year.is_few])
        return pd.DataFrame(rows, columns=[*_RATE, *_AGAINST, *_CHANGE, "is_few"])

    @property
    def cautions(self) -> list[str]:
        """What to say of breaks, and of two estimates of residents: each once, in full stops."""
        followed = [each.followed for each in self.changes.values()]
        told = [said for each in followed for said in (*each.cautions, *each.cautions_of_all)]
        return list(filter(None, dict.fromkeys([*told, self.crime.people.step_told])))

    def facts(self) -> dict[str, Quantity | str]:
        """The count, and of each of `changes` that compares, by its key, the change in per cent.

        `key_london` is that of the 32 boroughs. Texts: `lead`, what they come to;
        `recorded`, the count with its noun; `months_told`, the most and the fewest of a month;
        `regular_months`, those of the year that stand out year after year;
        `key_told`, a sentence on each; `title`, `name` (the title in a sentence), `other_words`,
        `counts` and `depends`.
        """
        name = wording.in_sentence(self.title)
        first = next(iter(self.changes.values()))
        facts: dict[str, Quantity | str] = {
            "count": Quantity(self.crime.count(self.measure), "offences", self.title),
            "recorded": wording.counted(self.crime.count(self.measure), "offence"),
            "lead": _lead(*self.changes.values()),
            "months_told": self._months_told(),
            "regular_months": regular_months(self.months.told.set_index("month")["count"]),
            "title": self.title,
            "name": name,
            "other_words": wording.listed(self.other_words),
            "counts": self.counts,
            "depends": f"The count also depends on {self.moves_with}." if self.moves_with else "",
            "since_told": "",
        }
        for key, each in self.changes.items():
            facts[f"{key}_told"] = each.told("That" if each is first else "It")
            if each.verdict not in _NO_CHANGE:
                found = each.followed
                both = f"{found.period.label}, against {found.base.label}"
                percent = partial(Quantity, unit="%", label=f"Change in {name}", period=both)
                facts[key] = percent(found.change, low=found.ci_low, high=found.ci_high)
                facts[f"{key}_london"] = percent(found.london_change, area=LONDON_AREA)
        return facts


def _lead(first: OffenceChange, *newer: OffenceChange) -> str:
    """What the first change comes to, after those on a newer year that clearly say another thing.

    Who asks whether a crime is up asks of now: "no clear change" in four years is no answer where
    it clearly rose in the last.
    """
    clear = [e for e in newer if e.verdict in _CLEAR and e.verdict != first.verdict]
    return " ".join(_LED_BY[each.verdict].format(each.than) for each in (*clear, first))


def offences_with_pages(
    crime: BoroughCrime, pages: pd.DataFrame, strategy: Period
) -> dict[str, Offence]:
    """The offences that have a page of their own and that the series counts, by their key.

    `pages` is the table of that name, `strategy` the year of the strategy.
    """
    known = pages[pages["measure"].isin(crime.members)]
    return {
        fact_name(row["measure"]): Offence(
            crime=crime,
            measure=row["measure"],
            title=row["title"],
            other_words=row["other_words"].split(";"),
            counts=row["counts"],
            strategy=strategy,
        )
        for row in known.to_dict("records")
        if crime.covers(row["measure"])
    }


def offence_table(offences: dict[str, Offence]) -> pd.DataFrame:
    """A row for each offence, in order: its title, count, change on the year before and verdict.

    Columns: measure, count, change_percent, ci_low, ci_high, verdict, page (the name of its page).
    """
    rows = []
    for key, offence in offences.items():
        change = offence.changes["year"]
        found = change.followed
        percents = {
            "change_percent": found.change,
            "ci_low": found.ci_low,
            "ci_high": found.ci_high,
        }
        if change.verdict in _NO_CHANGE:
            percents = dict.fromkeys(percents, NONE)
        rows.append(
            {
                "measure": offence.title,
                "count": offence.crime.count(offence.measure),
                **percents,
                "verdict": change.verdict,
                "page": f"offence_{key}",
            }
        )
    return pd.DataFrame(rows)


def beside(offences: dict[str, Offence], offence: Offence) -> dict[str, Offence]:
    """Those of `offences` in the group of one of them, and of the total all groups."""
    if offence.measure == TOTAL:
        return {key: each for key, each in offences.items() if each.group == each.measure}
    return {key: each for key, each in offences.items() if each.group == offence.group}
