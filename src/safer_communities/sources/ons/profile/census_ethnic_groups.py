"""Ethnic groups on Census day, 21 March 2021 (ONS, from the R package demographr)."""

from pathlib import Path

import pandas as pd
import pyreadr

from safer_communities.datasets.codes import ENGLAND, LONDON
from safer_communities.errors import ErrorCollector, InputError
from safer_communities.sources import reading
from safer_communities.sources.profile import figures

COLUMNS = ["ltla21_code", "ltla21_name", "ethnic_group", "value"]
NUMBER = " (number)"
KINDS = {"Asian": "asian", "Black": "black", "Mixed": "mixed", "Other": "other", "White": "white"}
GROUPS = 19
CENSUS_DAY = pd.Timestamp("2021-03-21")


def parse(path: Path, problems: ErrorCollector) -> figures.Cells:
    """The share of residents in each of the five kinds of groups, and of all but White.

    The shares of London and of England are of the sums of their areas, the City's among them.
    """
    reading.check_size(path)
    with reading.readable(path, "not a table saved by R", pyreadr.LibrdataError):
        objects = pyreadr.read_r(str(path))
    if len(objects) != 1:
        raise InputError(path.name, f"{len(objects)} tables", reading.FETCH)
    table = next(iter(objects.values()))
    reading.require_columns(table, COLUMNS, problems)
    table = table.assign(**{name: table[name].astype(str) for name in COLUMNS[:3]})
    table = table[table["ltla21_code"].str.startswith("E")]
    counts = table[table["ethnic_group"].str.endswith(NUMBER)]
    if counts.empty:
        problems.stop("no row counts people of an area of England", reading.FETCH)
    kind = counts["ethnic_group"].str.split(r"[:,\s]", n=1, regex=True).str[0]
    groups = counts["ethnic_group"]
    reading.note_cells(groups, ~kind.isin(KINDS), "a group of the Census", problems)
    for area, there in counts.groupby("ltla21_code")["ethnic_group"]:
        if there.nunique() != GROUPS or len(there) != GROUPS:
            problems.add(f"{area} has {len(there)} rows, not {GROUPS} groups", reading.FETCH)
    whole = counts["value"].ge(0) & counts["value"].mod(1).eq(0)
    reading.note_cells(counts["value"], ~whole, "a number of people", problems)
    problems.raise_any()
    people = counts.pivot_table(index="ltla21_code", columns=kind, values="value", aggfunc="sum")
    london = people.index.str.startswith("E09")
    people.loc[LONDON] = people[london].sum()
    people.loc[ENGLAND] = people.drop(index=LONDON).sum()
    shares = 100 * people.div(people.sum(axis="columns"), axis="index")
    shares = shares.rename(columns={name: f"ethnic_{own}" for name, own in KINDS.items()})
    shares["ethnic_minority"] = 100 - shares["ethnic_white"]
    names = table.drop_duplicates("ltla21_code").set_index("ltla21_code")["ltla21_name"]
    names = pd.concat([names, pd.Series({LONDON: "London", ENGLAND: "England"})])
    rows = reading.one_cell_a_row(shares.round(2), "indicator", "value")
    rows = rows.rename(columns={"ltla21_code": "area_code"})
    rows = rows.assign(
        area=rows["area_code"].map(names),
        value=rows["value"].map("{:.2f}".format),
        period="21 March 2021",
        period_end=CENSUS_DAY,
    )
    return figures.Cells("census-2021", rows)


PUBLICATION = figures.publication(
    "census_ethnic_groups", ("profile/*ethnicity21_ltla21.rda",), "ethnic_groups", parse
)
