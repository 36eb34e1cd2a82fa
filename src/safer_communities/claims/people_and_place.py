"""Checks of claims about residents, ages and area, and about calls to the police."""

from dataclasses import replace

import pandas as pd

from safer_communities.claims.context import Context
from safer_communities.claims.evidence import Evidence
from safer_communities.claims.verdicts import (
    CANNOT_TELL,
    INCONSISTENT,
    WITHIN_REVISION,
    WRONG,
    Claim,
    Finding,
    agreement,
    consistent,
    rounded_to,
    shown,
    upheld,
)
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording


def published_elsewhere(claim: Claim, context: Context) -> Finding:
    """Whether another document gives the figure; `settles` where no other source could."""
    computed, reason = _given_elsewhere(claim, context)
    otherwise = WRONG if claim.arguments.get("settles") == "true" else CANNOT_TELL
    return Finding(computed, agreement(claim, computed) or otherwise, reason)


def more_than(claim: Claim, context: Context) -> Finding:
    """Whether another document's figure is above the printed one, as "more than" says."""
    value, reason = _given_elsewhere(claim, context)
    return upheld(value > claim.printed, reason, value)


def _given_elsewhere(claim: Claim, context: Context) -> tuple[float, str]:
    """The figure of another document, and who gives it, with what there is to note."""
    figure = context.evidence.published[claim.arguments["figure"]]
    value = float(figure["value"])
    given = f"{figure['source']} gives {_given(value, claim)} ({figure['period']})."
    return value, f"{given} {figure['note']}".rstrip()


def day_stated(claim: Claim, context: Context) -> Finding:
    """Whether another document gives the same day of the month."""
    figure = context.evidence.published[claim.arguments["figure"]]
    reason = f"{figure['source']} is of {figure['value']:g} {figure['period']}. {figure['note']}"
    return upheld(figure["value"] == float(claim.arguments["day"]), reason)


def population(claim: Claim, context: Context) -> Finding:
    """Residents by another document, and the residents that the strategy's crime rate implies."""
    found = published_elsewhere(claim, context)
    estimate = int(context.evidence.residents.size[context.evidence.crime.area_code])
    low, high = _implied_residents(claim, context)
    reason = (
        f"{found.reason} The {_estimate(context.evidence)} is {wording.number(estimate)}, and the "
        f"strategy's own crime rate implies {rounded_to(low, -2)} to {rounded_to(high, -2)} "
        "residents"
    )
    if not low <= claim.printed <= high:
        reason += ": two different populations were used"
    return Finding(found.computed, found.verdict, f"{reason}.")


def _implied_residents(claim: Claim, context: Context) -> tuple[float, float]:
    """The residents that fit a printed rate and change, given how each was rounded."""
    rate = context.other(claim, "implied_by_rate")
    change, percent = context.other(claim, "of"), context.other(claim, "percent")
    shares = [(percent.printed + side * percent.half_unit) / 100 for side in (-1, 1)]
    counts = [change.printed / share * (1 + share) for share in shares]
    low = 1000 * min(counts) / (rate.printed + rate.half_unit)
    high = 1000 * max(counts) / (rate.printed - rate.half_unit)
    return low, high


def population_rank(claim: Claim, context: Context) -> Finding:
    """The borough's place by residents, the largest first."""
    evidence = context.evidence
    sizes = evidence.residents.boroughs()
    computed = int(sizes.rank(method="min", ascending=False)[evidence.crime.area_code])
    place = f"{_largest(computed)} of {len(sizes)} boroughs"
    reason = f"It is the {place} by the {_estimate(evidence)}."
    return upheld(computed == claim.printed, reason, computed)


def average_age(claim: Claim, context: Context) -> Finding:
    """The median age of residents, in the newest mid-year of the release and in earlier ones."""
    evidence = context.evidence
    rows = evidence.population
    rows = rows[rows["area_code"] == evidence.crime.area_code]
    medians = rows.set_index("mid_year")["median_age"].sort_index(ascending=False)
    newest = medians.index[0]
    computed = float(medians.iloc[0])
    gives = f"The median age was {wording.number(computed, 1)} in mid-{newest}"
    agreed = agreement(claim, computed)
    if agreed:
        return Finding(computed, agreed, f"{gives}.")
    for year, median in medians.iloc[1:2].items():
        if agreement(claim, float(median)):
            reason = (
                f"{gives}, which rounds to {wording.number(computed)}; the year before it was "
                f"{wording.number(median, 1)} (mid-{year}), which rounds to the printed number."
            )
            return Finding(computed, WITHIN_REVISION, reason)
    return Finding(computed, CANNOT_TELL, f"{gives}; the strategy names no source.")


def residents_aged(claim: Claim, context: Context) -> Finding:
    """Residents of an age and over."""
    evidence = context.evidence
    ages, start = evidence.population_by_age, int(claim.arguments["from"])
    ages = ages[ages["area_code"] == evidence.crime.area_code]
    people = ages.set_index("age")["population"]
    computed = int(people[people.index >= start].sum())
    older = int(people[people.index > start].sum())
    gives = f"{wording.number(computed)} residents were {start} or older"
    agreed = agreement(claim, computed)
    if agreed:
        return Finding(computed, agreed, f"{gives} ({evidence.residents.release} estimates).")
    projected = evidence.figures("aged_85_projected")
    projected = projected[projected["area_code"] == evidence.crime.area_code].set_index("period")
    years = [f"mid-{evidence.population['mid_year'].max() + after}" for after in (0, 1)]
    others = [f"{wording.number(projected['value'][year])} for {year}" for year in years]
    reason = (
        f"The strategy prints {wording.number(claim.printed)}; {gives} and "
        f"{wording.number(older)} older than {start} ({evidence.residents.release} estimates). "
        "The strategy's number of residents is that of a projection, whose ages were not found; "
        f"another, {context.evidence.titles['gla_projection_2016']}, has {wording.listed(others)}."
    )
    return Finding(computed, CANNOT_TELL, reason)


def hectares(claim: Claim, context: Context) -> Finding:
    """The area of the borough."""
    areas = _areas(context.evidence)
    computed = float(areas[context.evidence.crime.area_code])
    agreed = agreement(claim, computed)
    reason = f"The boundary file gives {wording.number(computed, 1)} hectares."
    return Finding(computed, agreed or WRONG, reason)


def hectares_rank(claim: Claim, context: Context) -> Finding:
    """The borough's place by area, the largest first."""
    areas = _areas(context.evidence)
    computed = int(areas.rank(method="min", ascending=False)[context.evidence.crime.area_code])
    reason = f"It is the {_largest(computed)} borough by area."
    return upheld(computed == claim.printed, reason, computed)


def asb_calls(claim: Claim, context: Context) -> Finding:
    """Calls about anti-social behaviour in twelve months, all London."""
    evidence = context.evidence
    to = claim.arguments.get("to")
    period = Period.year_to(to) if to else evidence.crime.period
    computed = evidence.calls_in(period)
    agreed = agreement(claim, computed)
    if agreed:
        return Finding(computed, agreed, f"The London series gives {shown(computed, claim)}.")
    share = 100 * (claim.printed / computed - 1)
    monthly = evidence.asb_calls.set_index("month")["calls"].sort_index()
    years = monthly.rolling(12).sum().dropna()
    fits = "one other" if (years == claim.printed).any() else "no"
    reason = (
        f"The strategy prints {wording.number(claim.printed)}; the one published release of the "
        f"London series gives {wording.number(computed)} for the same months, so the printed "
        f"number is {wording.percent(abs(share))} {'higher' if share > 0 else 'lower'}, and "
        f"{fits} twelve months give it. How far the series is revised is not known."
    )
    return Finding(computed, CANNOT_TELL, reason)


def total_not_average(claim: Claim, context: Context) -> Finding:
    """Whether what the strategy calls an average of London is one, or London's total."""
    evidence = context.evidence
    called = context.other(claim, "figure")
    total, boroughs = evidence.calls_in(evidence.crime.period), len(evidence.crime.boroughs)
    average = total / boroughs
    reason = (
        f"The published London series has {wording.number(total)} calls in the "
        f"{evidence.crime.period.label}, {rounded_to(average, -2)} for each of {boroughs} "
        f"boroughs; the strategy prints {wording.number(called.printed)}."
    )
    is_average = abs(called.printed - average) < abs(called.printed - total)
    return upheld(is_average, reason)


def months_of_calls(claim: Claim, context: Context) -> Finding:
    """Which twelve months the calls that the strategy prints are of, by London's published ones."""
    evidence, called = context.evidence, context.other(claim, "figure")
    said, meant = Period.year_to(claim.arguments["said"]), evidence.crime.period
    calls = {period.label: evidence.calls_in(period) for period in (said, meant)}
    given = wording.listed([f"{wording.number(n)} in the {label}" for label, n in calls.items()])
    reason = (
        f"The published London series has {given}; the strategy prints "
        f"{wording.number(called.printed)}. Its words mean the former, its figure fits the latter."
    )
    nearest = min(calls, key=lambda label: abs(calls[label] - called.printed))
    if nearest == said.label:
        return Finding(None, CANNOT_TELL, reason.rpartition(" Its words")[0])
    return Finding(None, INCONSISTENT, reason)


def asb_did_not_fall(claim: Claim, context: Context) -> Finding:
    """Whether calls in twelve months were at least as many as the year before, all London."""
    period = Period.year_to(claim.arguments["to"])
    calls = [context.evidence.calls_in(year) for year in (period.previous(), period)]
    reason = (
        f"Calls in London went from {wording.number(calls[0])} to {wording.number(calls[1])} in "
        f"the {period.label}; no calls by borough are published."
    )
    return upheld(calls[1] >= calls[0], reason)


def priority_count(claim: Claim, context: Context) -> Finding:
    """How many priorities the strategy lists."""
    from_list = len(context.evidence.priorities)
    reason = f"The strategy lists {wording.cardinal(from_list)}."
    return consistent(bool(agreement(claim, from_list)), reason, from_list)


def _given(value: float, claim: Claim) -> str:
    """A published figure as it was published: "402,700 residents", "85.8 years"."""
    fewest = next(n for n in (0, claim.decimals, claim.decimals + 1) if value == round(value, n))
    return shown(value, replace(claim, decimals=fewest))


def _estimate(evidence: Evidence) -> str:
    return evidence.residents.label.partition(",")[0]


def _areas(evidence: Evidence) -> pd.Series:
    codes = list(evidence.crime.boroughs["area_code"])
    return evidence.areas.set_index("area_code")["hectares"].loc[codes]


def _largest(place: int) -> str:
    return "largest" if place == 1 else f"{wording.ordinal(place)} largest"
