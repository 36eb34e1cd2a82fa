"""Schools rated good by Ofsted, and employment (ONS, Subnational indicators explorer)."""

import re
from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.profile import figures

SCHOOLS = "Schools and nurseries rated good or outstanding by OFSTED"
EMPLOYMENT = "Employment rate for 16 to 64 year olds"
OWN = {SCHOOLS: "schools_good", EMPLOYMENT: "employment_rate"}
SPAN = re.compile(r"[0-9]{2}/[0-9]{4} - ([0-9]{2})/([0-9]{4})")
LONDON_BOROUGH = r"E09000(?!001)[0-9]{3}"


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """Shares in per cent: of schools in every area of England, and of people in employment.

    The schools are the state-funded ones, rated good or outstanding; the people, of the boroughs,
    are as estimated before the survey was weighted anew.
    """
    wanted = ["AREACD", "AREANM", "Indicator", "Period", "Measure", "Value"]
    # Its last rows are of another indicator: a number cut off there is none that is used.
    table = reading.read_csv(
        path, problems, sum_is_known=True, only=wanted, first="AREACD", encoding="latin-1"
    )
    table = table[table["Indicator"].isin(OWN)]
    ends = {}
    for indicator in OWN:
        periods = table.loc[table["Indicator"] == indicator, "Period"].unique()
        span = SPAN.fullmatch(periods[0]) if len(periods) == 1 else None
        if span is None:
            said = ", ".join(periods) or "none"
            problems.stop(f"not one year of {indicator}, but {said}", reading.FETCH)
        ends[indicator] = figures.last_day(f"{span[2]}-{span[1]}")
    measure = table["Measure"]
    reading.note_cells(measure, measure != "Percentage", "Percentage", problems)
    kept = (table["Indicator"] == SCHOOLS) | table["AREACD"].str.fullmatch(LONDON_BOROUGH)
    table = table[kept]
    period_end = table["Indicator"].map(ends)
    first = period_end - pd.DateOffset(months=11)
    spans = first.dt.strftime("%B %Y") + " to " + period_end.dt.strftime("%B %Y")
    is_schools = table["Indicator"] == SCHOOLS
    rows = pd.DataFrame(
        {
            "area_code": table["AREACD"],
            "area": table["AREANM"],
            "indicator": table["Indicator"].map(OWN),
            "period": period_end.dt.strftime("%B %Y").where(is_schools, spans),
            "period_end": period_end,
            "value": table["Value"],
        }
    )
    return figures.Cells("2022-01", rows, withheld=("NA",))


PUBLICATION = figures.publication(
    "ons_subnational_indicators",
    ("profile/ons_subnational_indicators_*.csv",),
    "subnational_indicators",
    parse,
    beyond=(),
    others=True,
)
