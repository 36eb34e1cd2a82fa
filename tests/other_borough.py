"""The strategy's evidence as it would be for another borough, to see checks find other things."""

from dataclasses import replace

from safer_communities.claims import Evidence


def evidence_of(evidence: Evidence, borough: str) -> Evidence:
    code = evidence.crime.boroughs.set_index("borough")["area_code"].loc[borough]
    names = ("crime", "newest_crime", "fresh_crime")
    series = {name: replace(getattr(evidence, name), area_code=code) for name in names}
    earlier = {name: replace(c, area_code=code) for name, c in evidence.earlier_crime.items()}
    return evidence.but(**series, earlier_crime=earlier, borough=borough)
