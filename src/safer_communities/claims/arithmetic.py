"""Checks of a printed number against the other numbers that the strategy prints."""

from decimal import Decimal
from itertools import pairwise

from safer_communities.claims.context import Context
from safer_communities.claims.verdicts import (
    CONSISTENT,
    INCONSISTENT,
    NOT_CHECKABLE,
    REPRODUCED,
    WITHIN_ROUNDING,
    WRONG,
    Claim,
    Finding,
    agreement,
    change_shown,
    consistent,
    lies_within,
    sentence,
    shown,
)
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording

HALF = 50


def not_checkable(claim: Claim, context: Context) -> Finding:
    """That nothing tests the claim, and what would."""
    reason = "No published data that were found test it, and no other printed figure does."
    return Finding(None, NOT_CHECKABLE, f"{reason} Needed: {claim.note}")


def percent_change(claim: Claim, context: Context) -> Finding:
    """Whether a percentage follows from the two counts printed beside it."""
    first, last = context.other(claim, "first"), context.other(claim, "last")
    computed = 100 * (last.printed / first.printed - 1)
    counts = f"from {wording.number(first.printed)} to {wording.number(last.printed)}"
    if agreement(claim, computed):
        reason = f"The printed counts, {counts}, are {change_shown(computed, claim, 1)}."
        return Finding(computed, CONSISTENT, reason)
    reason = (
        f"The strategy prints {change_shown(claim.printed, claim)}, but its own counts, "
        f"{counts}, are {change_shown(computed, claim, 1)}."
    )
    backwards = 100 * (first.printed / last.printed - 1)
    if agreement(claim, -backwards):
        reason += (
            f" The printed figure is the change counted backwards: the earlier count is "
            f"{wording.percent(backwards)} above the later one."
        )
    if claim.arguments.get("series") != "asb":
        return Finding(computed, INCONSISTENT, reason)
    before = context.evidence.calls_in(Period.year_to(claim.arguments["from"]))
    after = context.evidence.calls_in(context.evidence.crime.period)
    published = 100 * (after / before - 1)
    reason += f" The published London series gives {change_shown(published, claim, 1)}."
    return Finding(computed, INCONSISTENT if agreement(claim, published) else WRONG, reason)


def difference(claim: Claim, context: Context) -> Finding:
    """Whether a difference in points follows from the two percentages printed beside it."""
    left, right = context.other(claim, "of"), context.other(claim, "minus")
    computed = float(Decimal(repr(left.printed)) - Decimal(repr(right.printed)))
    parts = f"{wording.percent(left.printed)} less {wording.percent(right.printed)}"
    # Each figure was rounded on its own, so their difference may be off by all three half units.
    allowed = claim.half_unit + left.half_unit + right.half_unit
    if abs(computed - claim.printed) <= allowed + 1e-9:
        return Finding(computed, CONSISTENT, f"{parts} is {change_shown(computed, claim)}.")
    reason = f"The strategy prints {change_shown(claim.printed, claim)}, but {parts} is "
    return Finding(computed, INCONSISTENT, f"{reason}{change_shown(computed, claim)}.")


def weighted_difference(claim: Claim, context: Context) -> Finding:
    """Whether the change of a whole's rate follows from its two parts' rates and counts.

    The parts are weighted with the printed counts. The range takes each printed rate anywhere
    within its rounding.
    """
    part, whole = (c.printed for c in context.others(claim, "counts"))
    part_before = context.other(claim, "counts_before").printed
    whole_before = whole / (1 + context.other(claim, "whole_change").printed / 100)
    shares = (part_before / whole_before, part / whole)
    rates = [context.others(claim, name) for name in ("rates_before", "rates")]
    before, now = (
        _whole([c.printed for c in parts], share)
        for parts, share in zip(rates, shares, strict=True)
    )
    slack = sum(
        _whole([c.half_unit for c in parts], share)
        for parts, share in zip(rates, shares, strict=True)
    )
    computed = now - before
    low, high = computed - slack, computed + slack
    reason = (
        f"Weighted with the printed counts, the parts give {change_shown(computed, claim, 1)} "
        f"({wording.signed(low, 1)} to {wording.signed(high, 1)} allowing for rounding). The whole "
        "can rise while its larger part falls: more of it was the part with the higher rate."
    )
    return consistent(lies_within(claim, low, high), reason, computed)


def _whole(parts: list[float], first_share: float) -> float:
    first, second = parts
    return first * first_share + second * (1 - first_share)


def same_figure(claim: Claim, context: Context) -> Finding:
    """Whether the strategy prints the same figure for the same thing in another place."""
    other = context.other(claim, "as")
    if other.printed == claim.printed:
        reason = f"It is printed twice, here and under {other.section}, and both agree."
        return Finding(claim.printed, CONSISTENT, reason)
    reason = (
        f"The strategy prints {shown(claim.printed, claim)} here and "
        f"{wording.number(other.printed, other.decimals)} under {other.section}."
    )
    computed = other.printed
    # Two claims that name each other would ask each other without end.
    if other.check != claim.check:
        found = context.find(other.id)
        if found.computed is not None and found.verdict in (REPRODUCED, WITHIN_ROUNDING):
            computed = found.computed
            reason += f" The data give {wording.number(computed, claim.decimals)}."
    return Finding(computed, INCONSISTENT, f"{reason}{_rate_before(claim, context)}")


def _rate_before(claim: Claim, context: Context) -> str:
    """The year, of the two before the period, whose rate comes nearest to the printed one."""
    if "measure" not in claim.arguments:
        return ""
    crime, population = context.evidence.crime, context.evidence.population
    own = population[population["area_code"] == crime.area_code]
    residents = own.set_index("mid_year")["population"]
    rates = {}
    for period in (crime.period.previous(), crime.period.shift_years(-2)):
        mid_year = min(period.start.year, int(residents.index.max()))
        offences = crime.count(claim.arguments["measure"], period=period)
        rates[period.label] = 1000 * offences / residents[mid_year]
    label = min(rates, key=lambda name: abs(rates[name] - claim.printed))
    return f" It is nearer to an older rate: {wording.number(rates[label], 1)} in the {label}."


def greater(claim: Claim, context: Context) -> Finding:
    """Whether one printed figure is above another, as the strategy says."""
    more, than = context.other(claim, "more"), context.other(claim, "than")
    holds = more.printed > than.printed
    verb = "is" if holds else "is not"
    figures = f"{shown(more.printed, more)} {verb} above {shown(than.printed, than)}"
    return consistent(holds, f"Of the printed figures, {figures}.")


def ordered(claim: Claim, context: Context) -> Finding:
    """Whether printed figures come in the order that the strategy gives them."""
    claims = context.others(claim, "claims")
    holds = all(a.printed >= b.printed for a, b in pairwise(claims))
    values = wording.listed([wording.number(c.printed, c.decimals) for c in claims])
    reason = f"The printed figures are {values}, {'in' if holds else 'not in'} that order."
    return consistent(holds, reason, claim.published)


def majority(claim: Claim, context: Context) -> Finding:
    """Whether a printed share is more than half."""
    share = context.other(claim, "of")
    return consistent(share.printed > HALF, f"The printed share is {shown(share.printed, share)}.")


def twelve_months(claim: Claim, context: Context) -> Finding:
    """Whether the twelve months that one place names are those that another place names."""
    said, elsewhere = (Period.year_to(claim.arguments[name]) for name in ("said", "elsewhere"))
    reason = (
        f"The words mean the {said.label}; the same figures are elsewhere those of the "
        f"{elsewhere.label}."
    )
    return consistent(said == elsewhere, reason)


def years_between(claim: Claim, context: Context) -> Finding:
    """The years from one printed year to another."""
    first, last = context.other(claim, "first"), context.other(claim, "last")
    computed = last.printed - first.printed
    reason = f"From {first.printed:g} to {last.printed:g} is {computed:g} years."
    return consistent(bool(agreement(claim, computed)), reason, computed)


def enters(claim: Claim, context: Context) -> Finding:
    """Whether a figure fits the arithmetic of the claim that is worked out from it."""
    other = context.named(claim, claim.arguments["claim"])
    found = context.find(other.id)
    if found.verdict != CONSISTENT:
        needed = f" Needed: {claim.note}" if claim.note else ""
        reason = f"It does not fit the figures printed beside it: {other.claim}.{needed}"
        return Finding(None, NOT_CHECKABLE, reason)
    reason = f"It fits the figures printed beside it. {sentence(found.reason)}"
    return Finding(claim.published, CONSISTENT, reason)
