"""What a first page says of a year: all crime, then what moved clearly, the most offences first."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from safer_communities.analysis.changes.year_on_year import BEYOND_USUAL, YearOnYear
from safer_communities.analysis.crime import BoroughCrime
from safer_communities.analysis.moved.contribution import Contribution
from safer_communities.analysis.moved.rests_on import LEAST_OFFENCES, RestsOn
from safer_communities.analysis.places.rates import BoroughRates
from safer_communities.analysis.recorded_crime import LONDON, LONDON_AREA, TOTAL
from safer_communities.facts import wording
from safer_communities.facts.fact import fact_name
from safer_communities.facts.series import TimeSeries

WORSE, BETTER, HIGHER, LOWER, UNCLEAR = "worse", "better", "higher", "lower", "unclear"
NO_CLEAR = "No clear change"
# A change that is not clear, and smaller than so many per cent, is little.
LITTLE_PERCENT = 5
# What a count that is no measure of harm alone may have moved with, in a word.
_BY = {"how much the police look for them": "policing"}
# Before what single offences did inside a group without a clear change.
_WITHIN = "Within some of these, single offences went their own way."
# What a count is where it parts clearly from the other boroughs.
_APART = {1: "higher", -1: "lower"}
_MARKS = {1: "▲", -1: "▼", 0: "▬"}
_OPEN_MARKS = {1: "△", -1: "▽"}


@dataclass(frozen=True)
class Message:
    """One kind of crime in a year, beside the change and the rate of the 32 boroughs (`london`).

    `moves_with` is what the count also depends on, `part` tells of the offence that made half of
    the change, `caution` of breaks in the count; each is empty where there is nothing to tell.
    `resting` is what the change rests on, None where it rests on nothing. `is_recorded_anew` says
    that a break of this kind of crime lies between the years.
    """

    year: YearOnYear
    london: YearOnYear
    rates: BoroughRates
    trend: TimeSeries
    moves_with: str = ""
    part: str = ""
    resting: RestsOn | None = None
    caution: str = ""
    is_recorded_anew: bool = False

    @property
    def key(self) -> str:
        """The end of the names of its facts."""
        return fact_name(self.year.measure)

    @property
    def name(self) -> str:
        """What readers know it by."""
        return "All recorded crime" if self.year.measure == TOTAL else self.year.measure

    @property
    def direction(self) -> str:
        """Worse or better; higher or lower where neither is good or bad by itself; or unclear."""
        way = self.year.direction
        if way and self._is_doubtful:
            return HIGHER if way > 0 else LOWER
        return {1: WORSE, -1: BETTER, 0: UNCLEAR}[way]

    @property
    def _is_doubtful(self) -> bool:
        """Whether the count may have moved while what happens did not."""
        return bool(self.moves_with) or self.is_recorded_anew

    @property
    def badge(self) -> str:
        """The direction as a shape and in words: "▲ Worse" or "△ Higher: may be more policing"."""
        year, way = self.year, self.year.direction
        if not way:
            little = abs(year.change_percent) < LITTLE_PERCENT
            return f"{_MARKS[0]} {'Little changed' if little else NO_CLEAR}"
        moved = wording.direction(year.change_percent)
        mark = (_OPEN_MARKS if self._is_doubtful else _MARKS).get(moved, _MARKS[0])
        words = self.direction.capitalize()
        if year.own_past != BEYOND_USUAL:
            return f"{mark} {words} than elsewhere"
        by = _BY.get(self.moves_with, "reporting") if self.moves_with else ""
        if by:
            return f"{mark} {words}: may be {_more(way)} {by}"
        return f"{mark} {words}{': may be the recording' if self.is_recorded_anew else ''}"

    @property
    def headline(self) -> str:
        """For example "Drug offences clearly rose by 50.4%" (see `YearOnYear.headline`)."""
        return f"{self.name} {self.year.headline}"

    @property
    def counted(self) -> str:
        """The count, the year before's, and how sure the change is."""
        year = self.year
        more = wording.direction(year.change, 0)
        amount = f"{wording.number(abs(year.change))} {'more' if more > 0 else 'fewer'} than"
        return (
            f"{wording.number(year.count)} offences, {amount if more else 'as in'} the year "
            f"before. That is {year.own_past}."
        )

    @property
    def told(self) -> str:
        """The count, how sure the change is, and London beside it."""
        said = [
            self.counted,
            self.beside,
            f"For every 1,000 people there were {_rate(self.rates.own['rate'])}. In the 32 "
            f"boroughs together there were {_rate(self.rates.london.rate)}.",
        ]
        return " ".join(filter(None, said))

    @property
    def behind(self) -> str:
        """What the change rests on, and what else the count depends on; or nothing."""
        return " ".join(self.points)

    @property
    def points(self) -> list[str]:
        """The same, each point with the sentences that belong to it."""
        said = [
            self.part,
            *(self.resting.points if self.resting else []),
            f"The number also depends on {self.moves_with}." if self.moves_with else "",
            self.caution,
        ]
        return [*filter(None, said)]

    @property
    def beside(self) -> str:
        """What the other boroughs did, and whether the count here parts from theirs."""
        year, others = self.year, self.year.others_percent
        if pd.isna(others):
            return ""
        moved = wording.rose_by(others)
        _, apart = year.directions
        told = f" Set against theirs, the number here is clearly {_APART[apart]}." if apart else ""
        return f"In the other boroughs it {moved}.{told}"

    @property
    def changes(self) -> pd.DataFrame:
        """The change here and in the 32 boroughs: area, change_percent, ci_low and ci_high."""
        own = {self.rates.own["area"]: self.year, LONDON_AREA: self.london}
        return pd.DataFrame(
            {
                "area": area,
                "change_percent": each.change_percent,
                "ci_low": each.ci_low,
                "ci_high": each.ci_high,
            }
            for area, each in own.items()
        )


@dataclass(frozen=True)
class Messages:
    """All crime (`total`), the groups that moved clearly (`cards`, most offences first), the rest.

    `table` has the groups without a clear change and of 30 offences or more in a year, largest
    change in offences first: measure, count, change_percent with ci_low and ci_high, and
    london_percent (the 32 boroughs). `parts_told` names the offences that
    moved clearly inside them.
    """

    total: Message
    cards: tuple[Message, ...]
    table: pd.DataFrame
    parts_told: str

    @property
    def all(self) -> tuple[Message, ...]:
        """The total and the cards."""
        return (self.total, *self.cards)

    @property
    def judged(self) -> pd.DataFrame:
        """`table` with all crime and the cards above it, and a column `badge` of their verdicts."""
        first = pd.DataFrame(
            {
                **_row(each.name, each.year, each.london),
                "badge": each.badge.partition(" ")[2],
            }
            for each in self.all
        )
        return pd.concat([first, self.table.assign(badge=NO_CLEAR)], ignore_index=True)

    @property
    def years(self) -> Mapping[str, YearOnYear]:
        """The change of each of the cards, by its key."""
        return {each.key: each.year for each in self.cards}

    def facts(self) -> dict[str, str]:
        """The texts `lead` (all crime in one phrase), `level` (where its rate stands), and others.

        `moved` says how many groups moved clearly; `parts` which offences moved inside the others.
        """
        year, rates = self.total.year, self.total.rates
        change = year.change_percent
        lead = wording.rose_by(change)
        if year.direction and year.own_past != BEYOND_USUAL:
            lead += f", which is {self.total.direction} than elsewhere"
        elif not year.direction:
            little = abs(change) < LITTLE_PERCENT
            lead = "is little changed" if little else f"{lead}, which is {year.own_past}"
        many = len(self.cards)
        kinds = f"{wording.cardinal(many) if many else 'no'} main {'kind' if many < 2 else 'kinds'}"
        parts = f"{_WITHIN} {self.parts_told}" if self.parts_told else ""
        return {
            "lead": lead,
            "level": _level(rates),
            "moved": f"{kinds} of crime moved clearly",
            "parts": parts,
        }


def messages(crime: BoroughCrime, moved: Contribution) -> Messages:
    """What to say first of the year of `crime`, by what `moved` since the year before.

    Groups of offences alone are compared, so that none is told of twice. One is told of where it is
    beyond its own usual ups and downs, or clearly apart from the other boroughs.
    """
    compared = moved.groups[moved.groups["change_percent"].notna()]
    years = {measure: crime.year_on_year(measure) for measure in compared["measure"]}
    clear = [year for year in years.values() if year.direction]
    clear.sort(key=lambda year: (-abs(year.change), year.measure))
    quiet = [year for year in years.values() if not year.direction]
    # Of a handful there is nothing to say.
    quiet = [year for year in quiet if max(year.count, year.base_count) >= LEAST_OFFENCES]
    quiet.sort(key=lambda year: (-abs(year.change), year.measure))
    rows = [_row(year.measure, year, crime.year_on_year(year.measure, LONDON)) for year in quiet]
    return Messages(
        message(crime, moved, moved.total),
        tuple(message(crime, moved, year) for year in clear),
        pd.DataFrame(rows),
        moved.parts_of([year.measure for year in quiet]),
    )


def message(crime: BoroughCrime, moved: Contribution, year: YearOnYear) -> Message:
    """The message of one change."""
    measure = year.measure
    told = measure != TOTAL
    resting = _resting(moved, measure) if told else None
    named = [*moved.lead_part(measure).index, *([resting.year.measure] if resting else [])]
    own = crime.cautions_of(year) if told else []
    return Message(
        year,
        crime.year_on_year(measure, LONDON),
        crime.rates(measure),
        crime.trend(measure),
        moved.moves_with.get(measure, ""),
        moved.part_told(measure) if told else "",
        resting,
        " ".join([*own, *moved.cautions_of(named)]) if told else "",
        bool(own),
    )


def _row(name: str, year: YearOnYear, london: YearOnYear) -> dict[str, object]:
    """A change in a table, beside that of the 32 boroughs."""
    row = year.row
    return {
        "measure": name,
        **{key: row[key] for key in ("count", "change_percent", "ci_low", "ci_high")},
        "london_percent": london.change_percent,
    }


def _resting(moved: Contribution, measure: str) -> RestsOn | None:
    """What the largest of the changes in a group rests on."""
    parts = moved.offences.loc[moved.offences["group"] == measure, "measure"]
    about = {measure, *parts}
    return next((each for each in moved.resting if each.year.measure in about), None)


def _level(rates: BoroughRates) -> str:
    """Where the rate stands in London: clearly in one half of the boroughs, or amid them."""
    _, low, high = rates.ranks
    middle = rates.boroughs / 2
    if high <= middle:
        return "lower than in most of London"
    return "higher than in most of London" if low > middle else "near the middle of London"


def _more(way: int) -> str:
    return "more" if way > 0 else "less"


def _rate(value: float) -> str:
    return wording.number(value, 0 if value >= 10 else 1)
