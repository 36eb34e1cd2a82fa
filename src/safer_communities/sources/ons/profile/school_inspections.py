"""Schools rated good or outstanding by Ofsted (ONS, Subnational indicators explorer)."""

import re
from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.profile import figures

INDICATOR = "Schools and nurseries rated good or outstanding by OFSTED"
SPAN = re.compile(r"[0-9]{2}/[0-9]{4} - ([0-9]{2})/([0-9]{4})")


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """The share of state-funded schools and nurseries, in per cent, in every area of England."""
    wanted = ["AREACD", "AREANM", "Indicator", "Period", "Measure", "Value"]
    # Its last rows are of another indicator: a number cut off there is none that is used.
    table = reading.read_csv(
        path, problems, sum_is_known=True, only=wanted, first="AREACD", encoding="latin-1"
    )
    table = table[table["Indicator"] == INDICATOR]
    periods = table["Period"].unique()
    span = SPAN.fullmatch(periods[0]) if len(periods) == 1 else None
    if span is None:
        said = ", ".join(periods) or "none"
        problems.add(f"not one year of {INDICATOR}, but {said}", reading.FETCH)
        problems.raise_any()
        raise AssertionError
    for row, value in table.loc[table["Measure"] != "Percentage", "Measure"].items():
        problems.add_cell(row, "Measure", value, "Percentage", reading.FETCH_AGAIN)
    end = figures.last_day(f"{span[2]}-{span[1]}")
    rows = pd.DataFrame(
        {
            "area_code": table["AREACD"],
            "area": table["AREANM"],
            "indicator": "schools_good",
            "period": f"{end:%B %Y}",
            "period_end": end,
            "value": table["Value"],
        }
    )
    return figures.Cells(f"{end:%Y-%m}", rows, withheld=("NA",))


PUBLICATION = figures.publication(
    "ofsted_outcomes",
    ("profile/ons_subnational_indicators_*.csv",),
    "school_inspections",
    parse,
    beyond=(),
    others=True,
)
