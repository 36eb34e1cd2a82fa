"""People aged 16 to 64 in employment, with intervals (ONS Annual Population Survey, Nomis)."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.profile import figures

ISSUED = re.compile(r"ONS Crown Copyright Reserved \[from Nomis on [0-9]{1,2} (\w+ [0-9]{4})\]")
SPAN = re.compile(r"(\w{3} [0-9]{4})-(\w{3} [0-9]{4})")
AREA = re.compile(r"(?:ladu|lep|country):(.+)")
ALL = "T01:22 (Aged 16-64 - All : All People )"
EMPLOYED = "T01:28 (Aged 16-64 - In employment : All People )"
CONFIDENCE = "95% confidence interval (+/-)"


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """The share of people in employment, in per cent, in each twelve months of the file.

    The file gives numbers of people with their intervals. That of the share is the usual one of a
    part of a whole: the relative errors of the two, the whole's taken off in squares (US Census
    Bureau, ACS handbook 2020, chapter 8).
    """
    place = ErrorCollector(f"{path.name}, sheet Data")
    cells = reading.sheet_cells(path, "Data")
    issued = next((found[1] for row in cells if (found := ISSUED.match(row[0]))), "")
    if not issued:
        place.add("no line says when Nomis gave it", reading.FETCH)
    rows, period, columns = [], None, (0, 0)
    for number, row in enumerate(cells, start=1):
        if row[0] == "date":
            period = SPAN.fullmatch(row[1])
            if not period:
                place.add_cell(number, "date", row[1], "twelve months", reading.FETCH_AGAIN)
        elif row[0] == "confidence" and row[1] != CONFIDENCE:
            place.add_cell(number, "confidence", row[1], CONFIDENCE, reading.FETCH_AGAIN)
        elif row[0] == "Area":
            missing = [heading for heading in (ALL, EMPLOYED) if heading not in row]
            if missing:
                place.stop(f"no column {' and '.join(missing)}", reading.FETCH)
            columns = row.index(ALL), row.index(EMPLOYED)
        elif period and (area := AREA.fullmatch(row[0])):
            whole, part = columns
            four = row[whole], row[whole + 2], row[part], row[part + 2]
            rows.append((number, area[1], period[1], period[2], *four))
    if not rows:
        place.add("no row of an area", reading.FETCH)
    place.raise_any()
    names = ["row", "area", "first", "last", "all", "all_error", "employed", "error"]
    table = pd.DataFrame(rows, columns=names, dtype=str).set_index("row")
    table.index = table.index.astype(int)
    return figures.Cells(f"{pd.Timestamp(issued):%Y-%m}", _shares(table), withheld=("*", "!", "-"))


def _shares(table: pd.DataFrame) -> pd.DataFrame:
    numbers = table[["all", "all_error", "employed", "error"]].apply(pd.to_numeric, errors="coerce")
    share = 100 * numbers["employed"] / numbers["all"]
    squares = (numbers["error"] / numbers["employed"]) ** 2
    squares -= (numbers["all_error"] / numbers["all"]) ** 2
    margin = (share * np.sqrt(squares.clip(lower=0))).round(1)
    share = share.round(1)
    first, last = (pd.to_datetime(table[name], format="%b %Y") for name in ("first", "last"))
    texts = {
        name: values.map("{:.1f}".format).where(values.notna(), table["employed"])
        for name, values in (
            ("value", share),
            ("ci_low", share - margin),
            ("ci_high", share + margin),
        )
    }
    return pd.DataFrame(
        {
            "area": table["area"],
            "indicator": "employment_rate",
            "period": first.dt.strftime("%B %Y") + " to " + last.dt.strftime("%B %Y"),
            "period_end": last + pd.offsets.MonthEnd(0),
            **texts,
        }
    )


PUBLICATION = figures.publication(
    "ons_employment_survey", ("profile/nomis_aps_t01_*.xlsx",), "employment_survey", parse
)
