"""A year's count beside an earlier year's: the change, what it is beside others', and its words."""

from dataclasses import dataclass, fields, replace

import numpy as np

from safer_communities.datasets.periods import Period
from safer_communities.facts import wording
from safer_communities.statistics.changes.yearly_change import (
    LARGEST_SD,
    compare_with_others,
    compare_years,
)

ALPHA = 0.05
# What a reader is told of a change against its own past, of one beside the other boroughs, and of
# both in one.
BEYOND_USUAL = "more than the usual ups and downs"
USUAL = "within the usual ups and downs"
# Of a change that is more, but would not be with the offences of no known borough spread alike.
DEPENDS_ON_PLACE = "too close to call, as some offences have no known borough"
CLEARLY_ABOVE, CLEARLY_BELOW = "clearly above them", "clearly below them"
NO_DIFFERENCE = "no clear difference"
ABOVE = "above the other boroughs"
BELOW = "below the other boroughs"
AS_OTHERS = "as in the other boroughs"
# Of a change that the growth still to come of its newest year would turn.
CANNOT_TELL_YET = "too early to judge, as the count of the newest year still grows"
# Of a series without years that show what is usual.
NOT_KNOWN = "not known, as the series has too few years to show what is usual"
NO_CLEAR_DIFFERENCE = "no clear difference from the other boroughs"
# The verdicts that find something.
CLEAR = (BEYOND_USUAL, ABOVE, BELOW, AS_OTHERS)
# The verdict on a change across a break that leaves nothing to compare.
NOT_COMPARABLE = "cannot be compared"
# And on one from or to so few that a share of them says little.
FEWEST_COMPARED = 20
TOO_FEW = "too few to compare"
# A change is given for these; the counts stand for themselves.
_IN_PERCENT = (
    *("change_percent", "ci_low", "ci_high", "p_value"),
    *("against_others_percent", "against_others_low", "against_others_high", "against_others_p"),
)
# How far all of London and its 32 boroughs may part before a reader is told of both.
APART_POINTS = 0.3
_NOT_MEASURED = ("area", "period", "base_period", "placed_percent", "placed_p", "growth_percent")
_BESIDE = (
    "In the other boroughs together it {}. Set against them, the count here is {} "
    "(95% interval {}): {}."
)


@dataclass(frozen=True)
class Movement:
    """How far counts move between ordinary years, as standard deviations of logarithms.

    `areas`: a borough against the others; `common`: all boroughs together.
    """

    areas: float
    common: float


@dataclass(frozen=True)
class YearOnYear:
    """A count of offences in twelve months beside the count in an earlier twelve months.

    `change` is in offences, all else in per cent. `change_percent` has the 95% interval `ci_low` to
    `ci_high` and `p_value`: against its own past, it allows for how far a borough moves by itself
    and with all of London between ordinary years so far apart (`yearly_change.compare_years`).

    `others_percent` is the change in the other boroughs together; `against_others_percent`, with
    its interval and p-value, the change here divided by theirs: how far the count is above or below
    what theirs would make it (`yearly_change.compare_with_others`). These are NaN for London.

    `placed_percent` and `placed_p` are the change and its p-value had the offences without a
    borough been placed like the rest, which is not known; NaN where all have one. No verdict rests
    on either: a change is clear only if it is clear both ways.

    `growth_percent` is how much the count of `period` usually still grows in later releases; NaN
    where that is not known. Where it would turn the change, or an end of its interval, it is too
    early to judge.

    All of them are NaN where the two counts cannot be compared.
    """

    measure: str
    area: str
    period: Period
    base_period: Period
    count: int
    base_count: int
    change: int
    change_percent: float
    ci_low: float
    ci_high: float
    p_value: float
    others_percent: float = np.nan
    against_others_percent: float = np.nan
    against_others_low: float = np.nan
    against_others_high: float = np.nan
    against_others_p: float = np.nan
    placed_percent: float = np.nan
    placed_p: float = np.nan
    growth_percent: float = np.nan

    @property
    def grown_percent(self) -> float:
        """The change with the growth that is usual of so new a count; NaN where not known."""
        return self._grown(self.change_percent)

    @property
    def is_unsettled(self) -> bool:
        """Whether that growth would turn the sign of the change, or of an end of its interval."""
        counted = (self.change_percent, self.ci_low, self.ci_high)
        return any(each * self._grown(each) < 0 for each in counted)

    def _grown(self, percent: float) -> float:
        return (1 + percent / 100) * (100 + self.growth_percent) - 100

    @property
    def is_compared(self) -> bool:
        """Whether there is a change at all."""
        return not self.own_past_is_unknown or not np.isnan(self.against_others_p)

    @property
    def is_few(self) -> bool:
        """Whether either year has so few that no verdict and no per cent is given."""
        return min(self.count, self.base_count) < FEWEST_COMPARED

    @property
    def own_past_is_unknown(self) -> bool:
        """Whether nothing can be said of the change against its own past."""
        return bool(np.isnan(self.p_value))

    @property
    def own_past(self) -> str:
        """What the change is against its own past: within the usual ups and downs, or more."""
        if not self.is_compared:
            return NOT_COMPARABLE
        if self.is_few:
            return TOO_FEW
        if self.own_past_is_unknown:
            return NOT_KNOWN
        if self.is_unsettled:
            return CANNOT_TELL_YET
        if self.p_value > ALPHA:
            return USUAL
        turned = self.change_percent * self.placed_percent < 0
        return DEPENDS_ON_PLACE if turned or self.placed_p > ALPHA else BEYOND_USUAL

    @property
    def own_past_in_words(self) -> str:
        """The same, and of how many years, where they are more than one apart."""
        apart = self.period.years_after(self.base_period)
        usual = self.own_past in (USUAL, BEYOND_USUAL)
        years = f" of {wording.cardinal(apart)} years" if apart > 1 and usual else ""
        return f"{self.own_past}{years}"

    @property
    def beside_others(self) -> str:
        """Whether it is above or below the other boroughs; empty where there are none."""
        if not self.is_compared:
            return NOT_COMPARABLE
        if np.isnan(self.against_others_p):
            return ""
        if self.is_few:
            return TOO_FEW
        if self.against_others_p > ALPHA:
            return NO_DIFFERENCE
        return CLEARLY_ABOVE if self.against_others_percent > 0 else CLEARLY_BELOW

    @property
    def verdict(self) -> str:
        """Both in one: what is the borough's own comes first, then what it shares with others."""
        own, beside = self.own_past, self.beside_others
        shared = {BEYOND_USUAL: AS_OTHERS, NOT_KNOWN: NO_CLEAR_DIFFERENCE}.get(own, own)
        return {CLEARLY_ABOVE: ABOVE, CLEARLY_BELOW: BELOW, NO_DIFFERENCE: shared}.get(beside, own)

    @property
    def directions(self) -> tuple[int, int]:
        """The way it is clear, against its own past and beside the others: 1, -1, or 0."""
        own = int(np.sign(self.change_percent)) if self.own_past == BEYOND_USUAL else 0
        return own, {CLEARLY_ABOVE: 1, CLEARLY_BELOW: -1}.get(self.beside_others, 0)

    @property
    def headline(self) -> str:
        """What a heading may say of it: "clearly rose by 36.9%", or its size and how sure it is.

        For example "stood 3.7% lower, within the usual ups and downs". Of few it names both counts.
        """
        if not self.is_compared:
            return NOT_COMPARABLE
        if self.is_few:
            before, after = map(wording.number, (self.base_count, self.count))
            return f"went from {before} to {after}, {TOO_FEW}"
        own, beside = self.directions
        if own:
            return f"clearly {wording.rose_by(self.change_percent)}"
        # "Stood" goes with one thing and with several.
        told = f"stood {wording.higher_by(self.change_percent)}"
        if beside:
            return f"{told}, clearly {'above' if beside > 0 else 'below'} the change elsewhere"
        return f"{told}, {self.verdict.partition(',')[0]}"

    @property
    def in_words(self) -> str:
        """Two sentences that set the change beside that of the other boroughs; or nothing.

        Nothing also of so few that there is no per cent.
        """
        if not self.is_compared or not self.beside_others or self.is_few:
            return ""
        others, against = self.others_percent, self.against_others_percent
        return _BESIDE.format(
            wording.rose_by(others),
            wording.higher_by(against),
            wording.interval(self.against_others_low, self.against_others_high, unit="%"),
            self.beside_others,
        )

    @property
    def row(self) -> dict[str, object]:
        """Its numbers by name, and what is said of it: a row of a table of changes.

        Of so few that there is no per cent those numbers are missing.
        """
        names = [field.name for field in fields(self) if field.name not in _NOT_MEASURED]
        said = ("own_past", "beside_others", "verdict")
        row = {name: getattr(self, name) for name in (*names, *said)}
        return row | dict.fromkeys(_IN_PERCENT, np.nan) if self.is_few else row

    @property
    def direction(self) -> int:
        """The way it is clear by both comparisons in one (see `in_one`)."""
        return in_one(*self.directions)

    def without_own_past(self) -> "YearOnYear":
        """The same change beside the other boroughs alone: what is usual is not known."""
        return replace(self, ci_low=np.nan, ci_high=np.nan, p_value=np.nan)

    def not_compared(self) -> "YearOnYear":
        """The same counts without a change: a break leaves nothing to compare."""
        return YearOnYear(
            *(self.measure, self.area, self.period, self.base_period),
            *(self.count, self.base_count, self.change),
            *(np.nan, np.nan, np.nan, np.nan),
        )


def in_one(own: int, beside: int) -> int:
    """Two directions in one: 1 or -1 where one of them says so, and the other not the contrary."""
    return (own or beside) if own + beside else 0


def year_on_year(
    measure: str,
    area: str,
    periods: tuple[Period, Period],
    counts: tuple[int, int],
    movement: Movement,
    others: tuple[int, int] | None = None,
) -> YearOnYear:
    """The change from the first of `periods` and `counts` to the second, and beside `others`.

    `others` are the counts of the other boroughs together; None for London itself, which moves as
    all boroughs together do.
    """
    spread = float(np.hypot(movement.areas, movement.common)) if others else movement.common
    own = compare_years(*counts, year_to_year_sd=min(spread, LARGEST_SD))
    found = YearOnYear(
        measure=measure,
        area=area,
        period=periods[1],
        base_period=periods[0],
        count=counts[1],
        base_count=counts[0],
        change=counts[1] - counts[0],
        change_percent=own.percent_change,
        ci_low=(own.ci_low - 1) * 100,
        ci_high=(own.ci_high - 1) * 100,
        p_value=own.p_value,
    )
    if not others or min(others) < 1:
        return found
    beside = compare_with_others(*counts, *others, year_to_year_sd=movement.areas)
    return replace(
        found,
        others_percent=100 * (others[1] / others[0] - 1),
        against_others_percent=beside.percent_change,
        against_others_low=(beside.ci_low - 1) * 100,
        against_others_high=(beside.ci_high - 1) * 100,
        against_others_p=beside.p_value,
    )


@dataclass(frozen=True)
class LondonChange:
    """London's change in all recorded offences, and in those that have one of the 32 boroughs.

    They part where offences whose borough is not known become fewer or more.
    """

    own: YearOnYear
    boroughs: YearOnYear

    @property
    def is_apart(self) -> bool:
        """Whether the two differ by more than 0.3 percentage points."""
        return abs(self.own.change_percent - self.boroughs.change_percent) > APART_POINTS

    @property
    def unknown(self) -> tuple[int, int]:
        """How many offences have no borough in the first and in the second year."""
        return (
            self.own.base_count - self.boroughs.base_count,
            self.own.count - self.boroughs.count,
        )
