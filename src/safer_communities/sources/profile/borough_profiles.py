"""Ethnic groups, life expectancy and green space in the London Borough Profiles 2017 (GLA)."""

from pathlib import Path

from safer_communities.datasets.codes import LONDON
from safer_communities.errors import ErrorCollector
from safer_communities.sources import reading
from safer_communities.sources.profile import figures

COLUMNS = {
    "% of population from BAME groups (2016)": (
        "ethnic_minority",
        "2016",
        figures.last_day("2016"),
    ),
    "Female life expectancy, (2012-14)": ("life_female", "2012 to 2014", figures.last_day("2014")),
    "Male life expectancy, (2012-14)": ("life_male", "2012 to 2014", figures.last_day("2014")),
    "% of area that is Greenspace, 2005": ("green_space", "2005", figures.last_day("2005")),
}


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """Four figures that no other publication here gives for these years."""
    cells = reading.sheet_cells(path, "Data")
    place = f"{path.name}, sheet Data"
    table = reading.table_below(cells, ["New code", "Area name", *COLUMNS], place)
    table = table.rename(columns={"New code": "area_code", "Area name": "area"})
    return figures.Cells("2017", figures.wide(table, COLUMNS, problems))


PUBLICATION = figures.publication(
    "gla_borough_profiles",
    ("profile/gla_london_borough_profiles_*.xlsx",),
    "borough_profiles",
    parse,
    beyond=(LONDON,),
    since="2005",
)
