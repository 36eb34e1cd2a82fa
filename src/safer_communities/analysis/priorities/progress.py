"""How each priority's indicators have moved since the strategy's year."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd

from safer_communities.analysis.changes.year_on_year import ALPHA, NOT_COMPARABLE, YearOnYear
from safer_communities.analysis.priorities.followed import Followed
from safer_communities.analysis.recorded_crime import (
    ALL_OF_LONDON,
    AREA_NAMES,
    PANDEMIC,
    RecordedCrime,
)
from safer_communities.datasets.periods import Period
from safer_communities.errors import did_you_mean
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity

BETTER, WORSE, NO_CLEAR_CHANGE = "better", "worse", "no clear change"
# A clear change in a count of which neither direction is good or bad by itself.
HIGHER, LOWER = "higher", "lower"
NO_FIGURES = "no figures"
# Of one of the two comparisons, without years to learn from or boroughs to set beside.
NOT_JUDGED = "not judged"
# Added where a change is clear beside the other boroughs alone, whichever way the number went.
ELSEWHERE = "than elsewhere"
CLEAR = tuple(
    each for plain in (WORSE, BETTER, HIGHER, LOWER) for each in (plain, f"{plain} {ELSEWHERE}")
)
# In the order in which a tally gives them.
VERDICTS = (*CLEAR, NO_CLEAR_CHANGE, NOT_COMPARABLE, NO_FIGURES)
_OF_SEVERAL = {
    NO_CLEAR_CHANGE: f"with {NO_CLEAR_CHANGE}",
    NOT_COMPARABLE: f"that {NOT_COMPARABLE}",
}
# Which way is good, by the column `better` of the indicators: the words for a rise and for a fall.
_WORDS = {
    "lower": {1: WORSE, -1: BETTER},
    "higher": {1: BETTER, -1: WORSE},
    "either": {1: HIGHER, -1: LOWER},
}
_MEASURED = (
    *("unit", "change", "ci_low", "ci_high"),
    *("beside", "london_change", "london_low", "london_high"),
    *("others_change", "against", "against_low", "against_high", "source"),
)
_BESIDE = ("others_change", "against", "against_low", "against_high")

_NOT_IN_A_NAME = re.compile(r"\W+")

Follow = Callable[[str, Period], Followed]


@dataclass(frozen=True)
class Progress:
    """From the strategy's year `first` to the newest twelve months that each publication holds.

    `table` has a row for each indicator, by priority, and within one the clear changes first, then
    by their size: priority, indicator, measure, better, note, base_period and period (their
    labels), then and now (the figures), the other numbers of `Followed` with unit and source,
    own_past and beside_others (better, worse, higher, lower, no clear change, or not judged),
    verdict, both in one ("better than elsewhere" where only beside_others says so), and why (what
    overrules the interval). The numbers are missing where there are no figures.

    `years` has the years of each indicator with figures: indicator, period_end, label, value, and
    `breaks` by its name the breaks that no line may cross. `apart` names the indicators of recorded
    crime that share no offence.
    """

    first: Period
    table: pd.DataFrame
    years: pd.DataFrame
    breaks: Mapping[str, Sequence[tuple]]
    apart: Sequence[str] = ()

    def of(self, priority: int) -> "Progress":
        """That of one priority alone."""
        rows = self.table[self.table["priority"] == priority].reset_index(drop=True)
        own = self.years["indicator"].isin(rows["indicator"])
        return replace(self, table=rows, years=self.years[own])

    @property
    def followed(self) -> "Progress":
        """The indicators that have figures: what a chart shows."""
        return replace(self, table=self.table.dropna(subset="now").reset_index(drop=True))

    @property
    def unfollowed(self) -> pd.DataFrame:
        """The indicators without figures: indicator, and what there is instead (note)."""
        rows = self.table[self.table["now"].isna()]
        return rows[["indicator", "note"]].reset_index(drop=True)

    @property
    def cautions(self) -> list[str]:
        """What a reader has to know of the years that are compared, each once."""
        return list(self.table["cautions"].dropna().explode().dropna().unique())

    @property
    def shown(self) -> dict[str, Any]:
        """What its charts need not be told."""
        return {
            "years": self.years,
            "breaks": self.breaks,
            "pandemic": PANDEMIC,
            "order": VERDICTS,
            "source": " + ".join(dict.fromkeys(self.table["source"].dropna())),
            "period": self.periods,
        }

    @property
    def periods(self) -> str:
        """The years that are compared, where all rows name the same; else that each names its own.

        For example "12 months to March 2026, against 12 months to March 2022".
        """
        known = self.table.dropna(subset="now")
        spans = known[["period", "base_period"]].drop_duplicates()
        if len(spans) != 1:
            return "each indicator's own, as named beside it"
        return "{}, against {}".format(*spans.iloc[0])

    @property
    def beside_others(self) -> pd.DataFrame:
        """The columns that set each indicator's change beside that of the other boroughs."""
        known = self.table.dropna(subset="against")
        return known[["indicator", "change", *_BESIDE, "beside_others"]]

    def facts(self) -> dict[str, Quantity | str]:
        """How many indicators are `followed` and `unfollowed`, and how many have each verdict.

        The texts `verdicts`, `own_verdicts` and `beside_verdicts` count the verdicts, of both
        comparisons in one and of each. Of the `apart`
        indicators of recorded crime that share no offence, either comparison would find `by_chance`
        to have changed if none had. Each indicator with a change has it under its own name. For
        each priority the text `verdicts_1` counts its verdicts, and `unfollowed_1` is a sentence
        that names its indicators without figures, or empty.
        """
        about = partial(
            Quantity, unit="indicators", source="latest_crime", period=f"since {self.first.label}"
        )
        known = self.table["now"].notna()
        facts: dict[str, Quantity | str] = {
            "first_label": self.first.label,
            "verdicts": self.in_words("verdict"),
            "own_verdicts": self.in_words("own_past"),
            "beside_verdicts": self.in_words("beside_others"),
            "apart": about(len(self.apart), label="Indicators that share no offence"),
            "by_chance": wording.by_chance(ALPHA * len(self.apart)),
            "followed": about(known.sum(), label="Indicators followed"),
            "unfollowed": about((~known).sum(), label="Indicators without figures"),
        }
        counted = {"better": BETTER, "worse": WORSE, "unclear": NO_CLEAR_CHANGE}
        for name, verdict in {**counted, "higher": HIGHER, "lower": LOWER}.items():
            found = (self.table["verdict"] == verdict).sum()
            facts[name] = about(found, label=f"Verdict: {verdict}")
        for priority, rows in self.table.groupby("priority"):
            facts[f"verdicts_{priority}"] = _counted(rows)
            facts[f"unfollowed_{priority}"] = _without_figures(rows)
        for row in self.table.dropna(subset="change").to_dict("records"):
            ends = {"low": row["ci_low"], "high": row["ci_high"]}
            facts[_NOT_IN_A_NAME.sub("_", row["indicator"].lower())] = Quantity(
                row["change"],
                unit="percentage points" if row["unit"] == "%" else "%",
                label=f"Change in {wording.in_sentence(row['indicator'])}",
                period=f"{row['period']}, against {row['base_period']}",
                source=row["source"],
                **({} if pd.isna(row["ci_low"]) else ends),
            )
        return facts

    def in_words(self, column: str) -> str:
        """For example "two got better, none got worse and eight had no clear change"."""
        counts = self.table[column].value_counts()
        verb = "did" if column == "beside_others" else "got"
        said = [
            f"{wording.how_many(counts.get(BETTER, 0))} {verb} better",
            f"{wording.how_many(counts.get(WORSE, 0))} {verb} worse",
            f"{wording.how_many(counts.get(NO_CLEAR_CHANGE, 0))} had no clear change",
        ]
        if beside := sum(n for each, n in counts.items() if str(each).endswith(ELSEWHERE)):
            many = wording.how_many(beside)
            said.append(f"{many} moved clearly only when set against the other boroughs")
        if broken := (self.table["verdict"] == NOT_COMPARABLE).sum():
            said.append(f"{wording.how_many(broken)} cannot be compared")
        if unknown := counts.get(NOT_JUDGED, 0):
            of = "other boroughs" if column == "beside_others" else "years to learn from"
            said.append(f"{wording.how_many(unknown)} cannot be judged for want of {of}")
        if moved := counts.get(HIGHER, 0) + counts.get(LOWER, 0):
            many = wording.how_many(moved)
            said.append(f"{many} clearly moved, which is neither good nor bad by itself")
        return wording.listed(said)


def progress(
    indicators: pd.DataFrame,
    nouns: Mapping[str, Follow],
    first: Period,
    apart: Callable[[list[str]], list[str]] = list,
) -> Progress:
    """Every indicator since the year `first`, with its verdict.

    `indicators` has the columns priority, indicator, noun (a key of `nouns`; empty where there are
    no figures), measure, better ("lower", "higher", "either") and note. `nouns` has for each kind
    of figure a function that follows a measure of it from a year. `apart` picks of the measures of
    recorded crime those that share no offence. Raises ValueError for a noun that there is not.

    An indicator got better or worse where its change is clear against its own past, and better or
    worse than elsewhere where only the comparison with the other boroughs says so; neither where
    the two say the contrary.
    """
    rows, years, breaks = [], [], {}
    for row in indicators.to_dict("records"):
        if not row["noun"]:
            rows.append({**row, "verdict": NO_FIGURES})
            continue
        if row["noun"] not in nouns:
            remedy = did_you_mean(row["noun"], nouns, listed_in="data/strategy/indicators.csv")
            raise ValueError(f"noun: {row['indicator']!r} is of no kind {row['noun']!r}; {remedy}")
        found = nouns[row["noun"]](row["measure"], first)
        rows.append(_judged(row, found))
        years.append(found.years.assign(indicator=row["indicator"]))
        breaks[row["indicator"]] = found.breaks
    of_crime = indicators.loc[indicators["noun"] == "crime", "measure"]
    return Progress(
        first=first,
        table=_in_order(pd.DataFrame(rows)),
        years=pd.concat(years, ignore_index=True) if years else pd.DataFrame(),
        breaks=breaks,
        apart=apart(list(of_crime)),
    )


def _counted(rows: pd.DataFrame) -> str:
    """The verdicts of the indicators with figures: "one worse and two with no clear change"."""
    counts = rows["verdict"].value_counts()
    said = [
        f"{wording.cardinal(counts[verdict])} {_OF_SEVERAL.get(verdict, verdict)}"
        for verdict in VERDICTS
        if verdict in counts and verdict != NO_FIGURES
    ]
    return wording.listed(said) if said else "none can be followed"


def _without_figures(rows: pd.DataFrame) -> str:
    """ "Without figures: calls to the police." where some have none; else empty."""
    names = rows.loc[rows["now"].isna(), "indicator"]
    listed = wording.listed([wording.in_sentence(name) for name in names])
    return f"Without figures: {listed}." if listed else ""


def _judged(indicator: dict, found: Followed) -> dict:
    words = {0: NO_CLEAR_CHANGE, **_WORDS[indicator["better"]]}
    if not found.is_compared:
        words = dict.fromkeys(words, NOT_COMPARABLE)
    verdict = words[found.direction]
    if found.direction and not found.own_past:
        verdict = f"{verdict} {ELSEWHERE}"
    return {
        **indicator,
        **{name: getattr(found, name) for name in _MEASURED},
        "then": found.base_value,
        "now": found.value,
        "base_period": found.base.label,
        "period": found.period.label,
        "own_past": _of_one(words[found.own_past], found, found.ci_low),
        "beside_others": _of_one(words[found.beside_others], found, found.against),
        "verdict": verdict,
        "why": found.why,
        "cautions": (*found.cautions, *found.cautions_of_all),
        "note": " ".join(filter(None, [indicator["note"], found.why, *found.cautions])),
    }


def _of_one(said: str, found: Followed, known: float) -> str:
    """What one comparison says, where there is a change and its interval or difference is known."""
    return NOT_JUDGED if found.is_compared and pd.isna(known) else said


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """By priority; clear changes first, then by size, what has no figures last."""
    known = ("base_period", "period", "then", "now", *_MEASURED, "own_past", "beside_others")
    missing = [name for name in (*known, "why", "cautions") if name not in table]
    table = table.assign(**dict.fromkeys(missing))
    keys = pd.DataFrame(
        {
            "priority": table["priority"],
            "unclear": ~table["verdict"].isin(CLEAR),
            "size": -table["change"].astype(float).abs().fillna(-1),
            "figures": table["now"].isna(),
        }
    )
    order = keys.sort_values(["priority", "figures", "unclear", "size"], kind="stable").index
    return table.loc[order].reset_index(drop=True)


@dataclass(frozen=True)
class AllCrime:
    """The change in all recorded crime since the strategy's year.

    `unplaced_first` and `unplaced_last` are the per cent of London's offences without a borough in
    the two years.
    """

    change: YearOnYear
    unplaced_first: float
    unplaced_last: float

    def facts(self) -> dict[str, Quantity | str]:
        """`unplaced_first` and `unplaced_last`, and the texts `first_label` and `last_label`."""
        unplaced = partial(
            Quantity,
            unit="%",
            label="Offences without a borough",
            area=AREA_NAMES[ALL_OF_LONDON],
            source="latest_crime",
        )
        return {
            "last_label": self.change.period.label,
            "unplaced_first": unplaced(self.unplaced_first, period=self.change.base_period),
            "unplaced_last": unplaced(self.unplaced_last, period=self.change.period),
        }


def all_crime(crime: RecordedCrime, first: Period) -> AllCrime:
    """The change in all recorded crime from the year `first` to the crime's period."""
    return AllCrime(
        change=crime.year_on_year(base=first),
        unplaced_first=100 * crime.unplaced_share(period=first),
        unplaced_last=100 * crime.unplaced_share(period=crime.period),
    )
