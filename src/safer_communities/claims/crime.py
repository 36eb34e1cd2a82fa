"""Checks of claims about recorded crime: counts, changes, rates and ranks.

Each is judged by the releases nearest to the strategy. It holds too where the newest release, or
how far the police have revised such figures since, allows it.
"""

import pandas as pd

from safer_communities.analysis.people import Denominator
from safer_communities.analysis.recorded_crime import LONDON, RecordedCrime
from safer_communities.claims.context import Context
from safer_communities.claims.evidence import Evidence
from safer_communities.claims.revision_range import change_revision, count_revision
from safer_communities.claims.verdicts import (
    CANNOT_TELL,
    REPRODUCED,
    WITHIN_REVISION,
    WRONG,
    Claim,
    Finding,
    agreement,
    change_shown,
    consistent,
    judged,
    sentence,
    shown,
    upheld,
)
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording

NEAREST = "the releases nearest to the strategy give"


def count(claim: Claim, context: Context) -> Finding:
    """Offences in twelve months."""
    evidence = context.evidence
    measure, period = claim.arguments["measure"], _period(claim, evidence)
    computed, newest = (c.count(measure, period=period) for c in _both(evidence))
    revised = count_revision(evidence, measure).counts_before(newest)
    why = "the police have since revised such counts by as much"
    for release, crime in evidence.earlier_crime.items():
        if _holds(crime, period) and crime.count(measure, period=period) == claim.printed:
            revised = claim.printed, claim.printed
            why = f"the release of {release} gave exactly the printed number"
            break
    gives = f"{NEAREST} {shown(computed, claim)}"
    if newest != computed:
        gives += f", the newest ({evidence.newest_release}) {wording.number(newest)}"
    compared = f"The strategy prints {wording.number(claim.printed)} and {gives}"
    return judged(
        claim,
        computed,
        revised,
        agrees=sentence(gives),
        within=f"{compared}; {why}.",
        beyond=f"{compared}; later revisions of such counts are smaller than that difference.",
    )


def change_percent(claim: Claim, context: Context) -> Finding:
    """The change of a count between two twelve-month periods, in per cent."""
    years = _years_on_year(claim, context.evidence)
    computed, newest = (100 * (year.count / year.base_count - 1) for year in years)
    revision = change_revision(context.evidence, years[0].measure)
    revised = _with(revision.changes_before(newest), computed)
    gives, newer = (
        f"{change_shown(change, claim, 1)} ({_counts(year)})"
        for change, year in zip((computed, newest), years, strict=True)
    )
    why = f". {_why_revised(claim, computed, *revised)}"
    return _change(claim, context.evidence, computed, revised, gives, newer, why)


def change_number(claim: Claim, context: Context) -> Finding:
    """The change of a count between two twelve-month periods, in offences."""
    years = _years_on_year(claim, context.evidence)
    computed, newest = (year.change for year in years)
    revision = change_revision(context.evidence, years[0].measure)
    per_point = years[1].base_count / 100
    revised = _with(revision.changes_before(newest, per_point=per_point), computed)
    gives, newer = (f"{change_shown(year.change, claim)} ({_counts(year)})" for year in years)
    why = "; the difference is no larger than later revisions of such changes."
    return _change(claim, context.evidence, computed, revised, gives, newer, why)


def _change(
    claim: Claim,
    evidence: Evidence,
    computed: float,
    revised: tuple[float, float],
    gives: str,
    newer: str,
    why: str,
) -> Finding:
    gives = f"{NEAREST} {gives}"
    if newer not in gives:
        gives += f", the newest ({evidence.newest_release}) {newer}"
    compared = f"The strategy prints {change_shown(claim.printed, claim)} and {gives}"
    similar = _similar_measure(claim, evidence) if "similar" in claim.arguments else ""
    smaller = "later revisions of such changes are smaller than that difference"
    return judged(
        claim,
        computed,
        revised,
        agrees=sentence(gives),
        within=f"{compared}{why}",
        beyond=f"{compared}; {smaller}.{similar}",
    )


def _counts(year) -> str:
    return f"{wording.number(year.base_count)} to {wording.number(year.count)} offences"


def _why_revised(claim: Claim, computed: float, low: float, high: float) -> str:
    reason = (
        "Going by how such figures were revised in the 32 boroughs, a release of that time may "
        f"have shown anything from {wording.signed(low, 1)}% to {wording.signed(high, 1)}%."
    )
    if wording.direction(computed, claim.decimals) != wording.direction(claim.printed, 1):
        reason += (
            " The direction has turned with the revision, so the printed one should not be "
            "repeated."
        )
    return reason


def _similar_measure(claim: Claim, evidence: Evidence) -> str:
    """What a neighbouring offence and the months known at the time say about a printed change."""
    measure, similar = claim.arguments["measure"], claim.arguments["similar"]
    period = evidence.crime.period
    text = ""
    for release, crime in evidence.earlier_crime.items():
        months = crime.monthly(measure)
        so_far = months[months.index.isin(period.months())]
        known = _holds(crime, period.previous()) and 0 < len(so_far) < 12
        if known and so_far.sum() > crime.count(measure, period=period.previous()):
            base = crime.count(measure, period=period.previous())
            text = (
                f" The release of {release} already had {so_far.sum()} in the first "
                f"{wording.cardinal(len(so_far))} months, more than the {base} of the year before."
            )
    base = evidence.crime.count(similar, period=period.previous())
    now = evidence.crime.count(similar)
    for number in range(now + 1):
        change = 100 * (number / base - 1)
        if wording.round_half_up(change, claim.decimals) == wording.round_half_up(
            claim.printed, claim.decimals
        ):
            text += (
                f" The printed figure would fit {wording.in_sentence(similar)}, {base} falling to "
                f"{number} (now {now}), which is another offence."
            )
    return text


def rate(claim: Claim, context: Context) -> Finding:
    """Offences per 1,000 residents or households."""
    evidence = context.evidence
    measure, period = claim.arguments["measure"], _period(claim, evidence)
    area = claim.arguments.get("area", evidence.crime.area_code)
    denominator, *others = _denominators(claim, evidence)
    number, newest = (crime.count(measure, area, period) for crime in _both(evidence))
    size = int(denominator.size[area])
    computed = 1000 * number / size
    working = (
        f"{wording.number(number)} offences and {wording.number(size)} {denominator.unit} "
        f"({_name(denominator)}) give {wording.number(computed, claim.decimals + 1)}"
    )
    close = f", near the printed {wording.number(claim.printed)}" if claim.approximate else ""
    compared = f"The strategy prints {wording.number(claim.printed, claim.decimals)} per 1,000; "
    compared += working
    low, high = count_revision(evidence, measure).counts_before(newest)
    found = judged(
        claim,
        computed,
        (1000 * low / size, 1000 * high / size),
        agrees=f"{working} per 1,000{close}.",
        within=f"{compared}, within what later revisions of the counts explain.",
        beyond=f"{compared}.",
    )
    for other in others if found.verdict == WRONG else ():
        instead = 1000 * number / other.size[area]
        if agreement(claim, instead):
            reason = f"{compared}, and {_instead(other, area)} gives "
            reason += f"{wording.number(instead, claim.decimals + 1)}."
            return Finding(computed, WITHIN_REVISION, reason)
    return found


def rank(claim: Claim, context: Context) -> Finding:
    """The borough's place among the boroughs by rate; rank 1 is the lowest or the highest."""
    evidence = context.evidence
    measure, highest = claim.arguments["measure"], claim.arguments["side"] == "highest"
    denominator, *others = _denominators(claim, evidence)
    counts = evidence.crime.counts_by_borough(measure)
    own, boroughs = evidence.crime.area_code, len(counts)

    def place(sizes: pd.Series) -> int:
        return int((counts / sizes).rank(method="min", ascending=not highest)[own])

    computed = place(denominator.boroughs())
    gives = f"the data give {_place(computed, boroughs, highest)} ({_name(denominator)})"
    compared = f"The strategy says {_place(int(claim.printed), boroughs, highest)}; {gives}"
    newest = evidence.newest_crime.counts_by_borough(measure)
    low, high = count_revision(evidence, measure).counts_before(newest / denominator.boroughs())
    besides = counts.index != own
    surely_lower = int((high[besides] < low[own]).sum())
    perhaps_lower = int((low[besides] < high[own]).sum())
    revised = surely_lower + 1, perhaps_lower + 1
    found = judged(
        claim,
        computed,
        (boroughs + 1 - revised[1], boroughs + 1 - revised[0]) if highest else revised,
        agrees=sentence(gives),
        within=f"{compared}. Rates next to it are so close that later revisions move the rank.",
        beyond=f"{compared}.",
    )
    for other in others if found.verdict == WRONG else ():
        if place(other.boroughs()) == claim.printed:
            reason = f"{compared}, and {_instead(other, own)} gives the printed one."
            return Finding(computed, WITHIN_REVISION, reason)
    return found


def one_denominator(claim: Claim, context: Context) -> Finding:
    """Whether any one number of households gives both of two printed rates, as they are rounded."""
    rates, counts = context.others(claim, "rates"), context.others(claim, "counts")
    ends = [
        (
            1000 * counted.printed / (rate.printed + rate.half_unit),
            1000 * counted.printed / (rate.printed - rate.half_unit),
        )
        for rate, counted in zip(rates, counts, strict=True)
    ]
    said = wording.listed(
        [
            f"{wording.number(counted.printed)} offences are {wording.number(rate.printed)} per "
            f"1,000 of {wording.number(low)} to {wording.number(high)} households"
            for rate, counted, (low, high) in zip(rates, counts, ends, strict=True)
        ]
    )
    holds = max(low for low, _ in ends) <= min(high for _, high in ends)
    both = "One number may give both" if holds else "No one number gives both"
    return consistent(holds, f"{said}. {both}, as the rates are rounded.")


def _denominators(claim: Claim, evidence: Evidence) -> tuple[Denominator, ...]:
    """The one that the book uses, and the others that the strategy's authors may have used."""
    if claim.arguments["per"] == "residents":
        return (evidence.residents,)
    return (evidence.households, *evidence.other_households)


def _instead(other: Denominator, area: str) -> str:
    """ "the number of mid-2011 (135,501, ONS household projections)", for a reason."""
    source, _, year = other.label.rpartition(", ")
    return f"the number of {year} ({wording.number(other.size[area])}, {source})"


def below_london(claim: Claim, context: Context) -> Finding:
    """Whether the borough's rate is below London's."""
    crime, size = context.evidence.crime, _denominators(claim, context.evidence)[0].size
    own, london = (
        1000 * crime.count(claim.arguments["measure"], area) / size[area]
        for area in (crime.area_code, LONDON)
    )
    reason = f"The rates are {wording.number(own, 1)} and, for London, {wording.number(london, 1)}."
    return upheld(own < london, reason)


def among_lowest(claim: Claim, context: Context) -> Finding:
    """Whether the borough's rate is in the lowest `share` of the boroughs' rates."""
    evidence = context.evidence
    counts = evidence.crime.counts_by_borough(claim.arguments["measure"])
    rates = counts / evidence.residents.boroughs()
    place, boroughs = int(rates.rank(method="min")[evidence.crime.area_code]), len(rates)
    limit = float(claim.arguments["share"]) * boroughs
    reason = (
        f"Its rate of recorded crime is the {_place(place, boroughs, False)} of {boroughs}; "
        f"the statement is taken to mean one of the lowest {wording.cardinal(int(limit))}."
    )
    return upheld(place <= limit, reason, otherwise=CANNOT_TELL)


def falling_since(claim: Claim, context: Context) -> Finding:
    """Whether a count fell in every year since `year`, as far back as the data go."""
    evidence = context.evidence
    years = evidence.crime.annual(claim.arguments["measure"])
    years = years[years["period_end"] <= evidence.crime.period.end]
    first, last = years.iloc[0], years.iloc[-1]
    moves = years["count"].diff()
    rises = int((moves > 0).sum())
    reason = (
        f"The data begin with {first['label']}. Recorded offences in {evidence.borough} went "
        f"from {wording.number(first['count'])} in that year to {wording.number(last['count'])} "
        f"in {last['label']} and rose in {rises} of {len(years) - 1} years."
    )
    if moves.iloc[-1] > 0:
        return Finding(None, WRONG, f"{reason} They rose in the last of them.")
    starts_late = first["period_end"].year > int(claim.arguments["year"])
    return Finding(None, CANNOT_TELL if rises or starts_late else REPRODUCED, reason)


def borough_count(claim: Claim, context: Context) -> Finding:
    """How many boroughs London has, or how many besides the borough itself."""
    boroughs = len(context.evidence.crime.boroughs)
    reason, computed = f"London has {boroughs} boroughs.", boroughs
    if claim.arguments.get("besides_own") == "true":
        computed = boroughs - 1
        own = context.evidence.borough
        reason = f"London has {boroughs} boroughs, so {own} has {computed} others to compare with."
    return upheld(computed == claim.printed, reason, computed)


def end_of_ranking(claim: Claim, context: Context) -> Finding:
    """The first or last rank among the boroughs."""
    boroughs = len(context.evidence.crime.boroughs)
    computed = boroughs if claim.arguments["side"] == "highest" else 1
    reason = f"{boroughs} boroughs have ranks from 1 to {boroughs}."
    return upheld(computed == claim.printed, reason, computed)


def _period(claim: Claim, evidence: Evidence) -> Period:
    to = claim.arguments.get("to")
    return Period.year_to(to) if to else evidence.crime.period


def _both(evidence: Evidence) -> tuple[RecordedCrime, RecordedCrime]:
    """The series nearest to the strategy, and the newest."""
    return evidence.crime, evidence.newest_crime


def _with(ends: tuple[float, float], value: float) -> tuple[float, float]:
    """The range, stretched so that it holds the value."""
    return min(*ends, value), max(*ends, value)


def _years_on_year(claim: Claim, evidence: Evidence):
    """The change by the releases nearest to the strategy, and by the newest."""
    measure, area = claim.arguments["measure"], claim.arguments.get("area")
    since = claim.arguments.get("from")
    base = Period.year_to(since) if since else None
    period = _period(claim, evidence)
    return [crime.year_on_year(measure, area, period, base) for crime in _both(evidence)]


def _name(denominator: Denominator) -> str:
    return denominator.label.partition(",")[0]


def _holds(crime: RecordedCrime, period: Period) -> bool:
    return bool(period.months().isin(crime.counts.months).all())


def _place(number: int, boroughs: int, highest: bool) -> str:
    from_lowest = boroughs + 1 - number if highest else number
    return wording.rank_from_lowest(from_lowest, boroughs)
