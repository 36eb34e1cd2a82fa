"""Employment, claimants and pay by year (ONS, Explore Local Statistics)."""

from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.profile import figures

COLUMNS = (
    "areacd areanm geography indicator period observation measure unit lci_95 uci_95 status notes"
)
# The unit and the indicator, by the publisher's name of it.
OWN = {
    "Employment rate": ("%", "employment_rate"),
    "Claimant Count": ("%", "claimants"),
    "Gross median weekly pay": ("£", "weekly_pay"),
}


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """One indicator by year, with intervals where it is from a survey; a release is a file."""
    table = reading.read_csv(path, problems)
    reading.require_columns(table, COLUMNS.split(), problems)
    table = table[table["indicator"].isin(OWN)]
    found = table["indicator"].unique()
    if len(found) != 1:
        problems.stop(f"it has {len(found)} of the indicators {', '.join(OWN)}", reading.FETCH)
    unit, indicator = OWN[found[0]]
    reading.note_cells(table["unit"], table["unit"] != unit, unit, problems)
    dates = pd.to_datetime(table["period"].str.slice(0, 10), format="%Y-%m-%d", errors="coerce")
    reading.note_cells(table["period"], dates.isna(), "a date or a year", problems)
    problems.raise_any()
    whole_year = table["period"].str.endswith("/P1Y")
    year, month = dates.dt.strftime("%Y"), dates.dt.strftime("%B %Y")
    ends = dates.where(~whole_year, pd.to_datetime(year + "-12-31")) + pd.offsets.MonthEnd(0)
    rows = pd.DataFrame(
        {
            "area_code": table["areacd"],
            "area": table["areanm"],
            "indicator": indicator,
            "period": year.where(whole_year, month),
            "period_end": ends,
            "value": table["observation"],
        }
    )
    if (table["lci_95"] != "").any():
        rows = rows.assign(ci_low=table["lci_95"], ci_high=table["uci_95"])
    return figures.Cells(f"{indicator.replace('_', '-')}-{ends.max().year}", rows)


PUBLICATION = figures.publication(
    "ons_local_statistics", ("profile/ons_els_*.csv",), "local_statistics", parse
)
