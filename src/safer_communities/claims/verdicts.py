"""What a claim is, what a check finds, and the rules that turn a difference into a verdict.

- reproduced: the data give exactly the printed number, or bear the statement out.
- within rounding: the data's number rounds (half up) to the printed one at the printed precision,
  or, where the strategy says "approximately", lies within a twentieth of it.
- within revision: the printed number is what another release gave, or could have given, judged by
  how far the police have revised the same measure since (see `revision_range`), or what another
  published number of residents or households, or the figure of a year beside it, gives.
- consistent: no source data, but the number fits the others that the strategy prints.
- cannot tell: the data leave both answers open.
- not checkable: nothing published and nothing printed tests it.
- inconsistent: it contradicts another figure of the strategy, and no data rule it out.
- wrong: no release, no rounding and no plausible choice of denominator or period gives it.

One rule for all: a figure is wrong only by data, inconsistent only beside another printed figure.
"""

from dataclasses import dataclass

from safer_communities.facts import wording

REPRODUCED = "reproduced"
WITHIN_ROUNDING = "within rounding"
WITHIN_REVISION = "within revision"
CONSISTENT = "consistent"
CANNOT_TELL = "cannot tell"
NOT_CHECKABLE = "not checkable"
INCONSISTENT = "inconsistent"
WRONG = "wrong"
VERDICTS = (
    REPRODUCED,
    WITHIN_ROUNDING,
    WITHIN_REVISION,
    CONSISTENT,
    CANNOT_TELL,
    NOT_CHECKABLE,
    INCONSISTENT,
    WRONG,
)
APPROXIMATE_SHARE = 0.05


@dataclass(frozen=True)
class Claim:
    """One row of the claims table; `published` is None for a statement without a number."""

    id: str
    section: str
    chapter: str
    claim: str
    published: float | None
    unit: str
    decimals: int
    approximate: bool
    period: str
    check: str
    arguments: dict[str, str]
    note: str
    counts_as: str = "figure"

    @property
    def printed(self) -> float:
        """The number that the strategy printed; raises ValueError for a statement without one."""
        if self.published is None:
            raise ValueError(f"published: claim {self.id!r} has no printed number")
        return self.published

    @property
    def half_unit(self) -> float:
        """How far rounding can move a number of the printed precision."""
        return 0.5 * 10.0**-self.decimals


@dataclass(frozen=True)
class Finding:
    """What a check gives: the number computed (None for a statement), a verdict and the reason."""

    computed: float | None
    verdict: str
    reason: str


def agreement(claim: Claim, computed: float) -> str | None:
    """REPRODUCED or WITHIN_ROUNDING where the number agrees with the printed one, else None."""
    if computed == claim.printed:
        return REPRODUCED
    rounded = wording.round_half_up(computed, claim.decimals)
    if rounded == wording.round_half_up(claim.printed, claim.decimals):
        return WITHIN_ROUNDING
    allowed = APPROXIMATE_SHARE * abs(claim.printed)
    if claim.approximate and abs(computed - claim.printed) <= allowed:
        return WITHIN_ROUNDING
    return None


def judged(
    claim: Claim,
    computed: float,
    revised: tuple[float, float],
    *,
    agrees: str,
    within: str,
    beyond: str,
) -> Finding:
    """The finding of a number: `agrees`, `within` and `beyond` are the reasons for each verdict.

    `revised` is from where to where the number may have lain in a release of the strategy's time.
    """
    agreed = agreement(claim, computed)
    if agreed:
        return Finding(computed, agreed, agrees)
    if lies_within(claim, *revised):
        return Finding(computed, WITHIN_REVISION, within)
    return Finding(computed, WRONG, beyond)


def upheld(
    holds: bool, reason: str, computed: float | None = None, *, otherwise: str = WRONG
) -> Finding:
    """The finding of what the data bear out or do not."""
    return Finding(computed, REPRODUCED if holds else otherwise, reason)


def consistent(holds: bool, reason: str, computed: float | None = None) -> Finding:
    """The finding of what the strategy's other figures bear out or do not."""
    return Finding(computed, CONSISTENT if holds else INCONSISTENT, reason)


def lies_within(claim: Claim, low: float, high: float) -> bool:
    """Whether the printed number, before it was rounded, could lie between `low` and `high`."""
    return low - claim.half_unit <= claim.printed <= high + claim.half_unit


def shown(value: float, claim: Claim, extra_decimals: int = 0) -> str:
    """A number in the claim's unit, for a reason: "69.7 per 1,000 residents", "£37,700", "6.5%"."""
    decimals = max(0, claim.decimals + extra_decimals)
    text = wording.number(value, decimals)
    if claim.decimals < 0:
        text = rounded_to(value, claim.decimals)
    if claim.unit == "£":
        return f"£{text}"
    if claim.unit == "%":
        return f"{text}%"
    if claim.unit == "percentage points":
        return wording.points(value, decimals)
    if claim.unit in ("year", "p-value"):
        return f"{value:g}"
    return f"{text} {claim.unit}"


def rounded_to(value: float, decimals: int) -> str:
    """A whole number rounded to tens (-1), hundreds (-2) and so on: "399,300"."""
    return wording.number(float(wording.round_half_up(value, decimals)))


def change_shown(value: float, claim: Claim, extra_decimals: int = 0) -> str:
    """A change in words: "a rise of 6.5%" or "a fall of 0.3 percentage points"."""
    decimals = max(0, claim.decimals + extra_decimals)
    return wording.rise_of(value, shown(abs(value), claim, extra_decimals), decimals)


def sentence(text: str) -> str:
    """The text with a capital first letter and one full stop at its end."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
