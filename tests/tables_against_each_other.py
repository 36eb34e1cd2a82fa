"""Whether tables of `data/` agree with each other where nothing but a test asks.

Every function is pure and returns a list of problems in words, empty where there is none.
"""

import numpy as np
import pandas as pd

from safer_communities.datasets.cross_checks import key_in_words

# The 2024 classification counts by place of the offence and leaves some offences out. Over the
# years ending March 2011 to 2023 the 32 boroughs have 96.5% to 99.2% of the count of the 2019
# classification, a single borough 92.8% to 110.9%.
CLASSIFICATIONS_PERCENT = (95.5, 100.0)
CLASSIFICATIONS_IN_A_BOROUGH_PERCENT = (91.0, 113.0)

PEOPLE_IN_A_HOUSEHOLD = (1.2, 4.0)


def ages_against_residents(ages: pd.DataFrame, population: pd.DataFrame) -> list[str]:
    """Areas whose ages do not add up to their residents in the same release and year."""
    keys = ["release", "area_code", "mid_year"]
    sums = ages.groupby(keys)["population"].sum()
    residents = population.set_index(keys)["population"].reindex(sums.index)
    return [
        f"{key_in_words(key)}: {sums[key]:,} by age, {residents[key]:,} in all"
        for key in sums.index[sums != residents]
    ]


def households_against_residents(households: pd.Series, residents: pd.Series) -> list[str]:
    """Areas with fewer or more people in a household than any can have.

    Both are indexed by area code and of about one time.
    """
    people = (residents / households).dropna()
    low, high = PEOPLE_IN_A_HOUSEHOLD
    problems = [
        f"{area}: no residents to compare" for area in households.index.difference(people.index)
    ]
    return problems + [
        f"{area}: {size:.2f} people in a household"
        for area, size in people.items()
        if not low <= size <= high
    ]


def months_against_years(monthly: pd.DataFrame, annual: pd.Series) -> list[str]:
    """Years whose count is not the sum of their twelve months.

    `monthly` has a row a month (columns month, count); `annual` is indexed by the last month.
    """
    problems = []
    for end, count in annual.items():
        start = end - pd.DateOffset(months=11)
        months = monthly[monthly["month"].between(start, end)]
        if months["month"].nunique() != 12 or months["count"].sum() != count:
            problems.append(
                f"12 months to {end:%B %Y}: {count:,}, where {months['month'].nunique()} months "
                f"add up to {months['count'].sum():,}"
            )
    return problems


def rates_against_counts(rates: pd.DataFrame, per: float) -> list[str]:
    """Rows whose rate times exposure is not their count.

    `rates` has the columns count, exposure, rate; `per` is what the rate is per, 1,000 say.
    """
    expected = rates["count"] * per / rates["exposure"]
    wrong = ~np.isclose(rates["rate"], expected, rtol=1e-9, atol=0)
    return [
        f"{key}: a rate of {rates.at[key, 'rate']:.3f}, where {expected[key]:.3f} is expected"
        for key in rates.index[wrong]
    ]


def classifications_against_each_other(older: pd.DataFrame, newer: pd.DataFrame) -> list[str]:
    """Years in which the two classifications differ by more than is known of them.

    `older` and `newer` are notifiable offences of the 32 boroughs in the 2019 and in the 2024
    classification: columns month, area_code, count. Years end in March.
    """
    sums = pd.DataFrame({"older": _years_to_march(older), "newer": _years_to_march(newer)}).dropna()
    in_all = sums.groupby("year").sum()
    problems = []
    for table, limits in (
        (in_all, CLASSIFICATIONS_PERCENT),
        (sums, CLASSIFICATIONS_IN_A_BOROUGH_PERCENT),
    ):
        percent = 100 * table["newer"] / table["older"]
        problems += [
            f"{key_in_words(key)}: the 2024 classification has {percent[key]:.1f}% of the 2019 one"
            for key in percent.index[~percent.between(*limits)]
        ]
    return problems


def _years_to_march(counts: pd.DataFrame) -> pd.Series:
    """Sums by area_code and year (in which it ends), of the years with twelve months."""
    years = (counts["month"] + pd.DateOffset(months=9)).dt.year.rename("year")
    months = counts["month"].groupby(years).nunique()
    sums = counts.groupby(["area_code", years])["count"].sum()
    return sums[sums.index.get_level_values("year").isin(months.index[months == 12])]
