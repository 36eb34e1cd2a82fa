"""Residents and median age by borough and year, and residents by age (ONS mid-year estimates)."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from safer_communities.errors import Problems
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Publication
from safer_communities.sources.reading import decimals, read_sheet, unique_rows, whole_numbers

NAME = "ons_mid_year_population"
AREA_COLUMNS = ["Code", "Name", "Geography"]


def parse(path: Path, areas: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two tables of one release: residents and median age by year, and residents by age.

    `areas` are the codes wanted, each of which must be there. Raises InputError, or a group of
    them, where a cell is no number or the ages do not add up to all ages.
    """
    people = _years(path, "MYE4", areas, whole_numbers)
    medians = _years(path, "MYE6", areas, decimals)
    newest = int(people["mid_year"].max())
    release = f"mid-{newest}"
    ages = _ages(path, areas, people[people["mid_year"] == newest])
    yearly = people.rename(columns={"value": "population"}).merge(
        medians.rename(columns={"value": "median_age"}), on=["area_code", "mid_year"]
    )
    return yearly.assign(release=release), ages.assign(mid_year=newest, release=release)


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The tables of every release among the files, by path."""
    known = crosswalks.area_names
    areas = sorted(known.loc[known["publication"] == NAME, "area_code"])
    parsed = [parse(path, areas) for path in files]
    for path, (yearly, _) in zip(files, parsed, strict=True):
        crosswalks.release(NAME, yearly["release"].iloc[0], Problems(path.name))
    yearly = pd.concat([part for part, _ in parsed])
    ages = pd.concat([part for _, part in parsed])
    return {
        "population/mid_year_population.csv": yearly.sort_values(
            ["release", "area_code", "mid_year"], ignore_index=True
        )[["area_code", "mid_year", "population", "median_age", "release"]],
        "population/population_by_age.csv": ages.sort_values(
            ["release", "area_code", "age"], ignore_index=True
        )[["area_code", "mid_year", "age", "population", "release"]],
    }


def _years(
    path: Path, sheet: str, areas: list[str], numbers: Callable[[pd.Series, Problems], pd.Series]
) -> pd.DataFrame:
    """Columns area_code, mid_year, value of a sheet with a column for each mid-year."""
    problems = Problems(f"{path.name}, sheet {sheet}")
    table = _rows_of(read_sheet(path, sheet, "Code"), areas, problems)
    names = [name for name in table.columns if name not in AREA_COLUMNS]
    for name in names:
        if not (name.startswith("Mid-") and name[4:].isdigit()):
            problems.add("a column that is no mid-year", "fetch the file again", column=name)
    problems.raise_any()
    values = pd.DataFrame({int(name[4:]): numbers(table[name], problems) for name in names})
    problems.raise_any()
    values.index = pd.Index(table["Code"], name="area_code")
    return values.rename_axis(columns="mid_year").stack().rename("value").reset_index()


def _ages(path: Path, areas: list[str], all_ages: pd.DataFrame) -> pd.DataFrame:
    """Columns area_code, age, population; the oldest age is 90 and over."""
    sheet = "MYE2 - Persons"
    problems = Problems(f"{path.name}, sheet {sheet}")
    table = _rows_of(read_sheet(path, sheet, "Code"), areas, problems)
    ages = {str(age): age for age in range(90)} | {"90+": 90}
    missing = [name for name in ages if name not in table.columns]
    if missing:
        problems.add(f"no column for age {', '.join(missing)}", "fetch the file again")
        problems.raise_any()
    values = pd.DataFrame({age: whole_numbers(table[name], problems) for name, age in ages.items()})
    problems.raise_any()
    values.index = pd.Index(table["Code"], name="area_code")
    expected = all_ages.set_index("area_code")["value"]
    for area in areas:
        if values.loc[area].sum() != expected[area]:
            problems.add(
                f"the ages of {area} add up to {values.loc[area].sum():,}, "
                f"where sheet MYE4 has {expected[area]:,}",
                "fetch the file from the publisher again",
            )
    problems.raise_any()
    return values.rename_axis(columns="age").stack().rename("population").reset_index()


def _rows_of(table: pd.DataFrame, areas: list[str], problems: Problems) -> pd.DataFrame:
    rows = table[table["Code"].isin(areas)]
    for area in sorted(set(areas) - set(rows["Code"])):
        problems.add(f"no row for {area}", "fetch the file from the publisher again")
    unique_rows(rows, ["Code"], problems)
    problems.raise_any()
    return rows


PUBLICATION = Publication(
    NAME, files=("population/ons_mye_*.xls", "population/ons_mye_*.xlsx"), tidy=tidy
)
