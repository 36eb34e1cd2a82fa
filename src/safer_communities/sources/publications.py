"""Every publication that the import knows: a new one is a module, and a line here."""

from safer_communities.sources.dfe import local_authority_tool
from safer_communities.sources.gla import asb_calls, borough_areas
from safer_communities.sources.mopac import public_attitude_survey
from safer_communities.sources.mps import (
    borough_crime,
    flagged_offences,
    positive_outcomes,
    ward_crime,
    women_and_girls,
)
from safer_communities.sources.ons import (
    census_households,
    census_ward_population,
    household_projections,
    mid_year_population,
    police_force_area_tables,
    ward_mid_year_population,
    ward_shapes,
)
from safer_communities.sources.ons.profile import (
    business_counts,
    census_ethnic_groups,
    earnings,
    employment_survey,
    local_statistics,
    prices_and_pay,
    subnational_indicators,
)
from safer_communities.sources.ons.profile import life_expectancy as ons_life_expectancy
from safer_communities.sources.police_uk import asb_incidents, burglary_outcomes
from safer_communities.sources.profile import (
    borough_profiles,
    fly_tipping,
    house_price_index,
    libraries,
    life_expectancy,
    prices_paid,
    projected_residents,
)
from safer_communities.sources.publication import Publication

PUBLICATIONS: dict[str, Publication] = {
    module.PUBLICATION.name: module.PUBLICATION
    for module in (
        borough_areas,
        census_households,
        census_ward_population,
        asb_calls,
        asb_incidents,
        borough_crime,
        burglary_outcomes,
        flagged_offences,
        positive_outcomes,
        ward_crime,
        women_and_girls,
        household_projections,
        mid_year_population,
        ward_mid_year_population,
        ward_shapes,
        local_authority_tool,
        public_attitude_survey,
        police_force_area_tables,
        business_counts,
        employment_survey,
        local_statistics,
        earnings,
        prices_and_pay,
        house_price_index,
        prices_paid,
        life_expectancy,
        ons_life_expectancy,
        subnational_indicators,
        census_ethnic_groups,
        borough_profiles,
        libraries,
        fly_tipping,
        projected_residents,
    )
}
