"""Checks of what the strategy calls significant, from the percentages and bases it prints."""

from safer_communities.claims.context import Context
from safer_communities.claims.verdicts import CANNOT_TELL, CONSISTENT, WRONG, Claim, Finding
from safer_communities.facts import wording
from safer_communities.surveys.shifts import (
    ALPHA,
    NOT_SIGNIFICANT,
    SIGNIFICANT,
    Shift,
    Wave,
    face_value,
    levels_of_significance,
    over_all_bases,
    shifts,
)

# Below this a p-value is worded "less than 0.001".
SMALLEST_SHOWN = 0.0005
VERDICTS = {SIGNIFICANT: CONSISTENT, NOT_SIGNIFICANT: WRONG}
MEANING = {
    CONSISTENT: "is significant, whichever way the figures were rounded and for every likely base",
    WRONG: "is not significant, whichever way the figures were rounded and for every likely base",
    CANNOT_TELL: "is significant or not, depending on how the figures were rounded or on the base",
}


def significant(claim: Claim, context: Context) -> Finding:
    """Whether a shift that the strategy calls significant is so, on its printed figures."""
    name = claim.arguments["comparison"]
    known = {shift.comparison: shift for shift in shifts(context.evidence.surveys)}
    if name not in known:
        raise ValueError(f"arguments: claim {claim.id!r} names no comparison: {name!r}")
    shift = known[name]
    return _with_level(shift) if shift.has_level else _without_level(shift)


def _with_level(shift: Shift) -> Finding:
    found, face = over_all_bases(shift), face_value(shift)
    verdict = VERDICTS.get(found.verdict, CANNOT_TELL)
    levels = " and ".join(wording.percent(level, shift.decimals) for level in shift.percentages)
    ends = wording.interval(100 * face.ci_low, 100 * face.ci_high)
    p_values = f"p is between {wording.p_value(found.p_low)} and {wording.p_value(found.p_high)}"
    if found.p_high < SMALLEST_SHOWN:
        p_values = f"p is {wording.p_value(found.p_high)}"
    elif found.p_low < SMALLEST_SHOWN:
        p_values = f"p is at most {wording.p_value(found.p_high)}"
    reason = (
        f"A difference between {levels} (95% interval {ends} points) {MEANING[verdict]}: "
        f"{p_values} with {_bases(shift)}. The strategy's threshold is {ALPHA}."
    )
    return Finding(None, verdict, reason)


def _without_level(shift: Shift) -> Finding:
    levels = levels_of_significance(shift)
    size = wording.points(abs(shift.points), shift.decimals)
    possible = _outer(levels["possibly_up_to"], levels["possibly_from"])
    sure = _outer(levels["surely_up_to"], levels["surely_from"])
    no_level = "The strategy prints no level for this shift, so it cannot be tested."
    if not possible:
        reason = f"No level makes a shift of {size} significant, with {_bases(shift)}."
        return Finding(None, WRONG, reason)
    reason = f"{no_level} A shift of {size} "
    if not sure:
        reason += f"can be significant only where the later level is {possible}, and not surely"
    else:
        reason += f"is sure to be significant only where the later level is {sure}"
        if not _everywhere(levels):
            reason += f", and can be only where it is {possible}"
    return Finding(None, CANNOT_TELL, f"{reason}, with {_bases(shift)}.")


def _everywhere(levels: dict) -> bool:
    up_to, since = levels["possibly_up_to"], levels["possibly_from"]
    return up_to is not None and since is not None and since <= up_to + 1


def _outer(up_to: int | None, since: int | None) -> str:
    ends = [
        f"{word} {wording.percent(level, 0)}"
        for word, level in (("at most", up_to), ("at least", since))
        if level is not None
    ]
    return " or ".join(ends)


def _bases(shift: Shift) -> str:
    return f"bases of {_base(shift.wave_1)} and {_base(shift.wave_2)}"


def _base(wave: Wave) -> str:
    if wave.base_low == wave.base_high:
        return wording.number(wave.base)
    low, high = wording.number(wave.base_low), wording.number(wave.base_high)
    return f"{wording.number(wave.base)} (assumed; {low} to {high} is likely)"
