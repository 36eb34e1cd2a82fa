"""A made release of the Department for Education's tool, filled from `data/`, for tests."""

from io import BytesIO

import pandas as pd

from safer_communities.datasets import load
from safer_communities.sources.dfe.local_authority_tool import (
    ATTAINMENT,
    COLUMNS,
    ITEMS,
    UPDATED,
)


def tool_table() -> pd.DataFrame:
    """The tool's table: the items that are kept, and one that is not."""
    names = load.table("boroughs").set_index("area_code")["borough"].to_dict()
    youth = load.table("youth_justice")
    youth["area"] = youth["area_code"].map(names | {"E12000007": "London"})
    parts = [_item("Not kept", youth[youth["indicator"] == "reoffending_15_17"])]
    for item, about in ITEMS.items():
        if item == ATTAINMENT:
            parts.append(_item(item, load.table("attainment_8").rename(columns={"score": "value"})))
        else:
            parts.append(_item(item, youth[youth["indicator"] == about.name]))
    return pd.concat(parts, ignore_index=True)


def _item(item: str, rows: pd.DataFrame) -> pd.DataFrame:
    wide = rows.pivot(index="area", columns="year", values="value")
    if item == "FirstYJS":
        # The publisher's own sum of the regions, where no rate of England is kept.
        wide.loc["England"] = 1333
    elif item != ATTAINMENT:
        wide.loc["England"] = float("nan")
    long = wide.stack(future_stack=True).rename("value").reset_index()
    boroughs = load.table("boroughs").set_index("borough")["inner_outer"]
    values = long["value"].map("{:g}".format).where(long["value"].notna(), "-")
    cells = {
        "Short Desc": item,
        "Years": long["year"].astype(str),
        "LA and Regions": long["area"],
        "Values": values,
        "LA Number": 302.0,
        "Region": long["area"].map(boroughs).fillna(long["area"].map(_regions())),
    }
    return pd.DataFrame(cells).reindex(columns=COLUMNS)


def _regions() -> dict[str, str]:
    """What stands as the region of each area that is no borough: NA of a region or England."""
    schools = load.table("attainment_8")
    named = schools["kind"].map({"authority": "North West", "region": "NA", "country": "NA"})
    return dict(zip(schools["area"], named, strict=True))


def dictionary() -> pd.DataFrame:
    """The dictionary of the items, last updated in the month of the release."""
    (release,) = set(load.table("youth_justice")["release"])
    day = (pd.Timestamp(release) - pd.Timestamp("1899-12-30")).days
    rows = [(item, about.unit, str(day)) for item, about in ITEMS.items()]
    return pd.DataFrame(rows, columns=["Measure_short", "y_axis_name", UPDATED])


def files() -> dict[str, bytes]:
    """Both files, by the places where the import looks for them."""
    table = BytesIO()
    tool_table().to_parquet(table, index=False)
    stem = "youth_justice/dfe_local_authority_interactive_tool"
    return {
        f"{stem}.parquet": table.getvalue(),
        f"{stem}_dictionary.csv": dictionary().to_csv(index=False).encode(),
    }
