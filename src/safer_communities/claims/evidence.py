"""The data that claims are checked against, handed to the checks in one piece."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from safer_communities.analysis.people import Denominator
from safer_communities.analysis.recorded_crime import RecordedCrime
from safer_communities.surveys.shifts import SurveyTables


@dataclass(frozen=True)
class Evidence:
    """What the data give for the strategy's borough and period.

    `crime` is the newest release of the classification that the strategy used. `fresh_crime` is a
    release as old, when it came out, as the strategy's own was: a month or so past a year's end.
    `earlier_crime` maps the month of a release to the releases on either side of the strategy.
    `population` has every mid-year of one release (area_code, mid_year, population, median_age),
    `population_by_age` one mid-year by age, `areas` the hectares and `asb_calls` the monthly calls
    of all London. `surveys` and `priorities` are the project's tables of what the strategy prints.
    """

    crime: RecordedCrime
    fresh_crime: RecordedCrime
    earlier_crime: Mapping[str, RecordedCrime]
    residents: Denominator
    households: Denominator
    population: pd.DataFrame
    population_by_age: pd.DataFrame
    areas: pd.DataFrame
    asb_calls: pd.DataFrame
    surveys: SurveyTables
    priorities: pd.DataFrame
    borough: str = field(default="the borough")
