"""Checks of claims about recorded crime: counts, changes, rates and ranks."""

from safer_communities.analysis.people import Denominator
from safer_communities.analysis.recorded_crime import LONDON, RecordedCrime
from safer_communities.claims.context import Context
from safer_communities.claims.evidence import Evidence
from safer_communities.claims.revision_range import change_revision, count_revision
from safer_communities.claims.verdicts import (
    CANNOT_TELL,
    INCONSISTENT,
    REPRODUCED,
    WRONG,
    Claim,
    Finding,
    change_shown,
    judged,
    rounded_to,
    sentence,
    shown,
    upheld,
)
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording

SIGNIFICANCE_LEVEL = 0.05


def count(claim: Claim, context: Context) -> Finding:
    """Offences in twelve months."""
    evidence = context.evidence
    measure, period = claim.arguments["measure"], _period(claim, evidence)
    computed = evidence.crime.count(measure, period=period)
    revised = count_revision(evidence, measure).counts_before(computed)
    why = "the police have since revised such counts by as much"
    for release, crime in evidence.earlier_crime.items():
        if _holds(crime, period) and crime.count(measure, period=period) == claim.printed:
            revised = claim.printed, claim.printed
            why = f"the release of {release} gave exactly the printed number"
            break
    gives = f"the newest release gives {shown(computed, claim)}"
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
    year = _year_on_year(claim, context.evidence)
    computed = 100 * (year.count / year.base_count - 1)
    revised = change_revision(context.evidence, year.measure).changes_before(computed)
    counts = f"{wording.number(year.base_count)} to {wording.number(year.count)} offences"
    gives = f"{change_shown(computed, claim, 1)} ({counts})"
    why = f". {_why_revised(claim, computed, *revised)}"
    return _change(claim, context.evidence, computed, revised, gives, why)


def change_number(claim: Claim, context: Context) -> Finding:
    """The change of a count between two twelve-month periods, in offences."""
    year = _year_on_year(claim, context.evidence)
    revision = change_revision(context.evidence, year.measure)
    revised = revision.changes_before(year.change, per_point=year.base_count / 100)
    counts = f"from {wording.number(year.base_count)} to {wording.number(year.count)}"
    gives = f"{change_shown(year.change, claim)} ({counts})"
    why = "; the difference is no larger than later revisions of such changes."
    return _change(claim, context.evidence, year.change, revised, gives, why)


def _change(
    claim: Claim,
    evidence: Evidence,
    computed: float,
    revised: tuple[float, float],
    gives: str,
    why: str,
) -> Finding:
    compared = f"The strategy prints {change_shown(claim.printed, claim)} and the newest release "
    compared += f"gives {gives}"
    similar = _similar_measure(claim, evidence) if "similar" in claim.arguments else ""
    smaller = "later revisions of such changes are smaller than that difference"
    return judged(
        claim,
        computed,
        revised,
        agrees=f"The newest release gives {gives}.",
        within=f"{compared}{why}",
        beyond=f"{compared}; {smaller}.{similar}",
    )


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
    newest = evidence.crime.count(similar)
    for number in range(newest + 1):
        change = 100 * (number / base - 1)
        if wording.round_half_up(change, claim.decimals) == wording.round_half_up(
            claim.printed, claim.decimals
        ):
            text += (
                f" The printed figure would fit {wording.in_sentence(similar)}, {base} falling to "
                f"{number} (now {newest}), which is another offence."
            )
    return text


def rate(claim: Claim, context: Context) -> Finding:
    """Offences per 1,000 residents or households."""
    evidence = context.evidence
    measure, period = claim.arguments["measure"], _period(claim, evidence)
    area = claim.arguments.get("area", evidence.crime.area_code)
    denominator = _denominator(claim, evidence)
    number, size = evidence.crime.count(measure, area, period), int(denominator.size[area])
    computed = 1000 * number / size
    working = (
        f"{wording.number(number)} offences and {wording.number(size)} {denominator.unit} "
        f"({_name(denominator)}) give {wording.number(computed, claim.decimals + 1)}"
    )
    close = f", near the printed {wording.number(claim.printed)}" if claim.approximate else ""
    printed = f"The strategy prints {wording.number(claim.printed, claim.decimals)} per 1,000"
    beyond, otherwise = f"{printed}; {working}.", WRONG
    if "count" in claim.arguments:
        needed = rounded_to(1000 * context.other(claim, "count").printed / claim.printed, -3)
        otherwise = INCONSISTENT
        beyond += (
            f" The printed rate needs about {needed} {denominator.unit}; the number that the "
            "strategy used is not stated."
        )
    return judged(
        claim,
        computed,
        count_revision(evidence, measure).counts_before(computed),
        agrees=f"{working} per 1,000{close}.",
        within=f"{printed}; {working}, within what later revisions of the counts explain.",
        beyond=beyond,
        otherwise=otherwise,
    )


def rank(claim: Claim, context: Context) -> Finding:
    """The borough's place among the boroughs by rate; rank 1 is the lowest or the highest."""
    evidence = context.evidence
    measure, highest = claim.arguments["measure"], claim.arguments["side"] == "highest"
    denominator = _denominator(claim, evidence)
    rates = 1000 * evidence.crime.counts_by_borough(measure) / denominator.boroughs()
    own, boroughs = evidence.crime.area_code, len(rates)
    computed = int(rates.rank(method="min", ascending=not highest)[own])
    gives = f"the data give {_place(computed, boroughs, highest)} ({_name(denominator)})"
    compared = f"The strategy says {_place(int(claim.printed), boroughs, highest)}; {gives}"
    revision = count_revision(evidence, measure)
    low, high = revision.counts_before(rates)
    others = rates.index != own
    surely_lower = int((high[others] < low[own]).sum())
    perhaps_lower = int((low[others] < high[own]).sum())
    revised = surely_lower + 1, perhaps_lower + 1
    unknown = f" The number of {denominator.unit} that the strategy used is not stated."
    of_residents = claim.arguments["per"] == "residents"
    return judged(
        claim,
        computed,
        (boroughs + 1 - revised[1], boroughs + 1 - revised[0]) if highest else revised,
        agrees=sentence(gives),
        within=f"{compared}. Rates next to it are so close that later revisions move the rank.",
        beyond=f"{compared}.{'' if of_residents else unknown}",
        otherwise=WRONG if of_residents else INCONSISTENT,
    )


def below_london(claim: Claim, context: Context) -> Finding:
    """Whether the borough's rate is below London's."""
    crime, size = context.evidence.crime, _denominator(claim, context.evidence).size
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
    return upheld(place <= limit, reason, otherwise=INCONSISTENT)


def falling_since(claim: Claim, context: Context) -> Finding:
    """Whether a count fell in every year since `year`, as far back as the data go."""
    evidence = context.evidence
    years = evidence.crime.annual(claim.arguments["measure"])
    years = years[years["period_end"] <= evidence.crime.period.end]
    first, last = years.iloc[0], years.iloc[-1]
    rises = int((years["count"].diff() > 0).sum())
    reason = (
        f"The data begin with {first['label']}. Recorded offences in {evidence.borough} went "
        f"from {wording.number(first['count'])} in that year to {wording.number(last['count'])} "
        f"in {last['label']} and rose in {rises} of {len(years) - 1} years."
    )
    if last["count"] > first["count"]:
        return Finding(None, WRONG, reason)
    if rises:
        return Finding(None, INCONSISTENT, reason)
    starts_late = first["period_end"].year > int(claim.arguments["year"])
    return Finding(None, CANNOT_TELL if starts_late else REPRODUCED, reason)


def significant_fall(claim: Claim, context: Context) -> Finding:
    """Whether a count fell from the year before by more than chance explains."""
    year = _year_on_year(claim, context.evidence)
    fell = year.change < 0 and year.p_value <= SIGNIFICANCE_LEVEL
    change = wording.rise_of(year.change_percent, wording.percent(abs(year.change_percent)))
    reason = f"The newest year shows {change}"
    reason += "." if year.change < 0 else ", and the strategy's own headline is a rise too."
    return upheld(fell, reason, otherwise=INCONSISTENT)


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


def _year_on_year(claim: Claim, evidence: Evidence):
    measure, area = claim.arguments["measure"], claim.arguments.get("area")
    since = claim.arguments.get("from")
    base = Period.year_to(since) if since else None
    return evidence.crime.year_on_year(measure, area, _period(claim, evidence), base)


def _denominator(claim: Claim, evidence: Evidence) -> Denominator:
    return evidence.households if claim.arguments["per"] == "households" else evidence.residents


def _name(denominator: Denominator) -> str:
    return denominator.label.partition(",")[0]


def _holds(crime: RecordedCrime, period: Period) -> bool:
    return bool(period.months().isin(crime.counts["month"].unique()).all())


def _place(number: int, boroughs: int, highest: bool) -> str:
    from_lowest = boroughs + 1 - number if highest else number
    return wording.rank_from_lowest(from_lowest, boroughs)
