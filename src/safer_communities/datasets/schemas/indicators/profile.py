"""Tables in `data/profile/`: figures of the boroughs' people, work, homes, health and schools."""

from dataclasses import dataclass

import pandas as pd

from safer_communities.datasets.schemas import columns as c
from safer_communities.datasets.schemas.table_schema import TableSchema, table_schema

AREA = r"E(0[6-9]|10|12|92)[0-9]{6}"


@dataclass(frozen=True)
class Indicator:
    """A figure of an area: its label and unit, and from where to where it can lie.

    `step` is the largest ratio between one period and the next, well above any that was published.
    """

    label: str
    unit: str
    low: float
    high: float
    step: float = 2.0


INDICATORS = {
    "enterprises": Indicator("Businesses", "businesses", 1_000, 3_000_000, 1.3),
    "enterprises_0_4": Indicator(
        "Businesses that employ up to 4", "businesses", 1_000, 3_000_000, 1.3
    ),
    "local_units": Indicator("Business sites", "sites", 1_000, 4_000_000, 1.3),
    "local_units_0_4": Indicator("Business sites with up to 4", "sites", 1_000, 4_000_000, 1.3),
    "employment_rate": Indicator("In employment, aged 16 to 64", "%", 45, 95, 1.35),
    "claimants": Indicator("Claiming unemployment benefits, aged 16 to 64", "%", 0.3, 15, 4),
    "weekly_pay": Indicator("Median pay a week", "£", 250, 2_000, 1.5),
    "mean_pay": Indicator("Mean pay a year", "£", 15_000, 150_000),
    "median_pay": Indicator("Median pay a year", "£", 12_000, 100_000),
    "full_time_pay": Indicator("Median full-time pay a year", "£", 15_000, 150_000, 1.5),
    "median_house_price": Indicator("Median house price paid", "£", 30_000, 3_000_000, 1.6),
    "mean_house_price": Indicator("Mean house price paid", "£", 30_000, 5_000_000, 1.6),
    "average_house_price": Indicator("Average house price", "£", 40_000, 5_000_000, 1.5),
    "life_female": Indicator("Life expectancy of women", "years", 75, 92, 1.03),
    "life_male": Indicator("Life expectancy of men", "years", 70, 92, 1.03),
    "schools_good": Indicator("Schools rated good or outstanding", "%", 40, 100),
    "ethnic_asian": Indicator("Asian", "%", 0, 90),
    "ethnic_black": Indicator("Black", "%", 0, 90),
    "ethnic_mixed": Indicator("Mixed", "%", 0, 90),
    "ethnic_other": Indicator("Other ethnic groups", "%", 0, 90),
    "ethnic_white": Indicator("White", "%", 5, 100),
    "ethnic_minority": Indicator("Ethnic groups other than White", "%", 2, 95),
    "green_space": Indicator("Green space, of the area", "%", 1, 80),
    "libraries": Indicator("Public libraries", "libraries", 1, 3_000),
    "penalty_notices": Indicator("Penalty notices in fly-tipping returns", "notices", 0, 60_000, 0),
    "fly_tipping_notices": Indicator("Penalty notices for fly-tipping", "notices", 0, 60_000, 0),
    "residents_projected": Indicator("Residents, as projected", "residents", 100_000, 12e6, 1.08),
    "aged_85_projected": Indicator(
        "Residents aged 85 or over, as projected", "residents", 1_000, 400_000, 1.15
    ),
}


def wrong_figures(table: pd.DataFrame) -> list[str]:
    """The figures that cannot be, and the intervals that do not hold their figure."""
    problems = []
    for indicator, rows in table.groupby("indicator"):
        known = INDICATORS[str(indicator)]
        odd = rows[~rows["value"].between(known.low, known.high) | (rows["unit"] != known.unit)]
        outside = (rows["ci_low"] > rows["value"]) | (rows["ci_high"] < rows["value"])
        problems += [
            f"{row.area_code}, {row.period}: {known.label} of {row.value:g} {row.unit}, where "
            f"{known.low:g} to {known.high:g} {known.unit} can be"
            for row in odd.itertuples()
        ]
        problems += [
            f"{row.area_code}, {row.period}: {known.label}, an interval without its figure"
            for row in rows[outside].itertuples()
        ]
    return problems


def _table(name: str, title: str, source: str) -> TableSchema:
    return table_schema(
        f"profile/{name}.csv",
        title,
        ["release", "indicator", "area_code", "period_end"],
        source,
        wrong_figures,
        indicator=c.text("What the figure is of", c.one_of(*INDICATORS)),
        area_code=c.text("ONS code of the area", c.matches(AREA)),
        period=c.text("Day, month, year or years that it is of"),
        period_end=c.date("Last day of the period"),
        value=c.number("The figure", unit="as in the column unit"),
        ci_low=c.number("Lower end of its 95% interval, where published", unit="", blank=True),
        ci_high=c.number("Upper end of its 95% interval, where published", unit="", blank=True),
        unit=c.text("Unit of the figure"),
        release=c.RELEASE_NAME_COLUMN,
    )


TABLES: dict[str, TableSchema] = {
    name: _table(name, title, source)
    for name, title, source in (
        ("business_counts", "Businesses and their sites by size", "ons_business_counts"),
        ("employment_survey", "People in employment, from a survey", "ons_employment_survey"),
        ("local_statistics", "Employment, claimants and pay by year", "ons_local_statistics"),
        ("earnings", "Mean and median pay of residents", "ons_earnings"),
        ("prices_and_pay", "Median house prices and pay by year", "ons_prices_and_pay"),
        ("house_price_index", "Average house prices by month", "house_price_index"),
        ("prices_paid", "Mean and median house prices paid", "gla_prices_paid"),
        ("life_expectancy", "Life expectancy at birth", "ohid_life_expectancy"),
        ("life_expectancy_london", "Life expectancy with intervals", "ons_life_expectancy"),
        (
            "subnational_indicators",
            "Schools rated good, and employment",
            "ons_subnational_indicators",
        ),
        ("ethnic_groups", "Ethnic groups on Census day", "census_ethnic_groups"),
        ("borough_profiles", "Figures of the London Borough Profiles", "gla_borough_profiles"),
        ("libraries", "Public libraries", "ace_libraries"),
        ("fly_tipping_actions", "Penalty notices of councils", "defra_fly_tipping"),
        ("projected_residents", "Residents as projected in 2017", "gla_projection_2016"),
    )
}
