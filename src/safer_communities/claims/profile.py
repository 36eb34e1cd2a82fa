"""Checks of claims about work, pay, homes, health, schools and services, by published tables.

The strategy names no source and no year for most of them. A printed figure is compared with the
same figure of every period that was known when the strategy was written, and of the first one
after where none was; the reason names the period that fits best.
"""

from dataclasses import replace

import pandas as pd

from safer_communities.claims.context import Context
from safer_communities.claims.evidence import Evidence
from safer_communities.claims.verdicts import (
    CANNOT_TELL,
    REPRODUCED,
    WITHIN_REVISION,
    WRONG,
    Claim,
    Finding,
    agreement,
    consistent,
    lies_within,
    sentence,
    shown,
)
from safer_communities.datasets.codes import LONDON
from safer_communities.datasets.schemas.indicators.profile import INDICATORS
from safer_communities.facts import wording

TOP_SHARE = 100


def published_figure(claim: Claim, context: Context) -> Finding:
    """A figure of the borough, or of London, as published for the period that fits it best.

    `indicator` names one kind of figure or several that the words may mean; `share_of`, where it
    is there, what the figure is a share of.
    """
    evidence = context.evidence
    rows = _candidates(claim, evidence)
    best = _nearest(rows, claim)
    computed = float(best["value"])
    agreed = agreement(claim, computed)
    if agreed:
        return Finding(computed, agreed, sentence(_said(best, claim, evidence)))
    low, high = _revised(best["indicator"], evidence)
    reason = f"The nearest that is published is {_said(best, claim, evidence, article=False)}."
    if low or high:
        reason += (
            f" Between two releases such figures of a borough were revised by "
            f"{wording.signed(low, claim.decimals)} to {wording.signed(high, claim.decimals)}."
        )
    if lies_within(claim, computed - high, computed - low):
        return Finding(computed, WITHIN_REVISION, reason)
    reason += _others(rows, claim)
    if claim.note:
        reason += f" {claim.note}"
    return Finding(computed, CANNOT_TELL, reason)


def _others(rows: pd.DataFrame, claim: Claim) -> str:
    """A sentence of the figures published for all periods, where there is more than one."""
    if len(rows) == 1:
        return ""
    spans = []
    for indicator, figures in rows.groupby("indicator", sort=False):
        lowest, highest = (
            shown(figures["value"].agg(end), replace(claim, decimals=int(claim.unit == "%")))
            for end in ("min", "max")
        )
        label = wording.in_sentence(INDICATORS[str(indicator)].label)
        years = sorted(figures["period_end"].dt.year)
        if len(figures) == 1:
            spans.append(f"{label}, {lowest} in {years[0]}")
        else:
            spans.append(f"{label}, {lowest} to {highest} from {years[0]} to {years[-1]}")
    return f" Of all periods known then: {'; '.join(spans)}."


def published_rank(claim: Claim, context: Context) -> Finding:
    """The borough's place by a figure or a share, the largest first, in every table that gives it.

    It is wrong where no table and no year gives the printed place.
    """
    evidence = context.evidence
    places = {}
    for indicator in claim.arguments["indicator"].split():
        rows = _with_shares(evidence.figures(indicator), claim, evidence)
        boroughs = rows[rows["area_code"].str.startswith("E09")]
        for period, figures in boroughs.groupby("period"):
            values = figures.set_index("area_code")["value"]
            place = int(values.rank(ascending=False, method="min")[evidence.area_code])
            places[f"{wording.in_sentence(INDICATORS[indicator].label)}, {period}"] = place
    listed = wording.listed([f"{_place(place)} ({of})" for of, place in places.items()])
    fits = [place for place in places.values() if place == claim.printed]
    computed = fits[0] if fits else next(iter(places.values()))
    source = evidence.titles[str(rows["source"].iloc[-1]).split()[0]]
    reason = f"By {source}, it is {listed}."
    return Finding(computed, REPRODUCED if fits else WRONG, reason)


def above_london(claim: Claim, context: Context) -> Finding:
    """Whether a figure from a survey is above London's, in the period that another claim fits."""
    evidence = context.evidence
    printed = context.other(claim, "figure")
    rows = _candidates(printed, evidence)
    best = _nearest(rows, printed)
    london = evidence.figures(best["indicator"])
    london = london[
        (london["area_code"] == LONDON)
        & (london["period_end"] == best["period_end"])
        & (london["source"] == best["source"])
    ].iloc[0]
    gap = best["value"] - london["value"]
    error = sum((row["ci_high"] - row["value"]) ** 2 for row in (best, london)) ** 0.5
    reason = (
        f"For the period that fits it best, {best['period']}, the survey gives "
        f"{shown(best['value'], printed)} and for London {shown(london['value'], printed)}: a "
        f"difference of {wording.signed(gap, 1)} percentage points, with a 95% interval of "
        f"{wording.interval(gap - error, gap + error)}."
    )
    if gap - error > 0:
        return Finding(None, REPRODUCED, reason)
    return Finding(None, CANNOT_TELL if gap + error > 0 else WRONG, reason)


def comparator(claim: Claim, context: Context) -> Finding:
    """Whether the borough's printed share is that of the source that London's is from."""
    evidence = context.evidence
    own, london = context.other(claim, "own"), context.other(claim, "london")
    best = _nearest(_candidates(london, evidence), london)
    rows = evidence.figures(best["indicator"])
    beside = rows[
        (rows["area_code"] == evidence.area_code)
        & (rows["period_end"] == best["period_end"])
        & (rows["source"] == best["source"])
    ]
    value = float(beside["value"].iloc[0])
    reason = (
        f"London's {shown(london.printed, london)} is of {best['period']}. The same source gives "
        f"the borough {shown(value, own)}; the strategy sets {shown(own.printed, own)} beside it."
    )
    return consistent(bool(agreement(own, value)), reason)


def top_share(claim: Claim, context: Context) -> Finding:
    """Whether the borough is among the printed percentage of areas with the highest figures.

    Another year than the claim's bears it out as an estimate of a year beside it does.
    """
    evidence = context.evidence
    rows = evidence.figures(claim.arguments["indicator"])
    values = rows.set_index("area_code")["value"]
    place = int(values.rank(ascending=False, method="min")[evidence.area_code])
    limit = claim.printed / TOP_SHARE * len(values)
    period, source = rows["period"].iloc[-1], rows["source"].iloc[-1].split()[0]
    reason = (
        f"{evidence.titles[source]} has no figure of {claim.period}. In {period}, the nearest that "
        f"is published, it was {_place(place)} of {len(values)} areas of England; {claim.note}"
    )
    holds = place <= limit
    return Finding(
        100 * place / len(values), WITHIN_REVISION if holds else CANNOT_TELL, sentence(reason)
    )


def attainment_rank(claim: Claim, context: Context) -> Finding:
    """The borough's place in England by Attainment 8, the best first, in each year known then."""
    evidence = context.evidence
    rows = evidence.attainment
    until = evidence.edition.period.end.year - 1
    rows = rows[(rows["kind"] == "authority") & (rows["year"] <= until)]
    places = {}
    for year, scores in rows.groupby("year"):
        ranks = scores.set_index("area_code")["score"].rank(ascending=False, method="min")
        places[int(str(year))] = int(ranks[evidence.area_code])
    fits = [year for year, place in places.items() if place == claim.printed]
    named = [f"{_place(place)} in {year}" for year, place in list(places.items())[-3:]]
    count = rows.loc[rows["year"] == until, "area_code"].size
    reason = (
        f"{evidence.titles['dfe_local_authority_tool']} gives scores of {count} authorities: the "
        f"borough was {wording.listed(named)} (school years that end then)."
    )
    computed = places[fits[-1]] if fits else list(places.values())[-1]
    return Finding(computed, REPRODUCED if fits else WRONG, reason)


def _candidates(claim: Claim, evidence: Evidence) -> pd.DataFrame:
    """The figures that the claim may mean: of its area, known when the strategy was written."""
    area = LONDON if claim.arguments.get("area") == "LONDON" else evidence.area_code
    parts = []
    for indicator in claim.arguments["indicator"].split():
        rows = _with_shares(evidence.figures(indicator), claim, evidence)
        rows = rows[rows["area_code"] == area]
        known = rows[rows["period_end"] < evidence.edition.period.end + pd.DateOffset(months=1)]
        parts.append(rows.head(1) if known.empty else known)
    return pd.concat(parts)


def _with_shares(rows: pd.DataFrame, claim: Claim, evidence: Evidence) -> pd.DataFrame:
    """The figures, as percentages of the whole that `share_of` names where it is there."""
    whole = claim.arguments.get("share_of")
    if not whole:
        return rows
    name = rows["indicator"].iloc[0].removesuffix("_0_4") if whole == "all" else whole
    keys = ["area_code", "period_end", "source"]
    sizes = evidence.figures(name).set_index(keys)["value"]
    found = pd.MultiIndex.from_frame(rows[keys])
    return rows.assign(value=100 * rows["value"].to_numpy() / sizes.loc[found].to_numpy())


def _nearest(rows: pd.DataFrame, claim: Claim) -> pd.Series:
    """The row whose figure is nearest to the printed one, the latest of those as near."""
    apart = (rows["value"].round(max(claim.decimals, 0) + 3) - claim.printed).abs()
    return rows[apart == apart.min()].iloc[-1]


def _revised(indicator: str, evidence: Evidence) -> tuple[float, float]:
    """The least and the most that a borough's figure moved from one release to a later one."""
    rows = evidence.figures(indicator)
    rows = rows[rows["area_code"].str.startswith("E09")]
    same = rows.groupby(["area_code", "period_end"])["value"]
    moved = (same.last() - same.first())[same.size() > 1]
    return (0.0, 0.0) if moved.empty else (min(0.0, moved.min()), max(0.0, moved.max()))


def _said(row: pd.Series, claim: Claim, evidence: Evidence, *, article: bool = True) -> str:
    """What a source gives: "ONS, title gives 76.7% (July 2019 to June 2020; ...)"."""
    decimals_more = 0 if row["value"] == round(row["value"], max(claim.decimals, 0)) else 1
    if claim.decimals < 0:
        value = _shown_whole(row["value"], claim)
    else:
        value = shown(row["value"], claim, decimals_more)
    if pd.notna(row["ci_low"]):
        value += f" ({wording.interval(row['ci_low'], row['ci_high'])})"
    source = evidence.titles[str(row["source"]).split()[0]]
    period = f"the {row['period']}" if row["period"].startswith("year") else row["period"]
    return f"{source} gives {value} for {period}" if article else f"{value} for {period} ({source})"


def _shown_whole(value: float, claim: Claim) -> str:
    """A number to the unit, with the claim's unit."""
    text = wording.number(value)
    return f"£{text}" if claim.unit == "£" else f"{text} {claim.unit}"


def _place(place: int) -> str:
    return "first" if place == 1 else wording.ordinal(place)
