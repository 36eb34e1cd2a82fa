"""Whether the parts of a table add up: every loading of population and outcomes asks.

Every function is pure and returns a list of problems in words, empty where there is none. Whether
a table's counts mean what they say beside other tables, the import asks (see `meaning`).
"""

import pandas as pd

from safer_communities.datasets.codes import CITY_OF_LONDON, LONDON


def boroughs_against_london(population: pd.DataFrame) -> list[str]:
    """Years in which the boroughs and the City do not add up to London.

    `population` has the columns release, area_code, mid_year, population.
    """
    problems = []
    for (release, year), rows in population.groupby(["release", "mid_year"]):
        people = rows.set_index("area_code")["population"]
        if LONDON not in people:
            problems.append(f"{release}, {year}: no row for London")
            continue
        parts, london = people.drop(LONDON).sum(), people[LONDON]
        if parts != london:
            problems.append(f"{release}, {year}: {parts:,} in the boroughs, {london:,} in London")
    return problems


def absent_wards(wards: pd.DataFrame, residents: pd.DataFrame) -> list[str]:
    """The wards of 2022 that a table of recorded crime lacks, where it is one of those wards.

    `residents` is the table of ward residents. A table of older wards has few of the codes.
    """
    known = set(residents["ward_code"].unique()) - {CITY_OF_LONDON}
    found = set(wards["ward_code"].unique())
    if len(found & known) < len(found) / 2:
        return []
    return [f"no offence in ward {code}" for code in sorted(known - found)]


def outcomes_against_totals(outcomes: pd.DataFrame, total: str) -> list[str]:
    """Places and months whose total of offences or outcomes is not the sum of the groups.

    `outcomes` is the table of positive outcomes, in which `total` names the rows of totals.
    """
    keys, columns = ["area_code", "month"], ["offences", "positive_outcomes"]
    is_total = outcomes["offence"] == total
    parts = outcomes[~is_total].groupby(keys)[columns].sum()
    totals = outcomes[is_total].set_index(keys)[columns]
    gap = totals.sub(parts, fill_value=0)
    return [
        f"{key_in_words(key)}: the groups do not add up"
        for key in gap.index[(gap != 0).any(axis=1)]
    ]


def key_in_words(key: object) -> str:
    """A key of one or several parts as a reader would say it: "Theft, E09000003, March 2022"."""
    parts = key if isinstance(key, tuple) else (key,)
    return ", ".join(f"{p:%B %Y}" if isinstance(p, pd.Timestamp) else str(p) for p in parts)
