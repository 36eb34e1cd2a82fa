"""Residents and median age by borough and year, and residents by age (ONS mid-year estimates).

A release is a workbook with a series of years, or the sheet of persons by age of its newest year,
saved as CSV.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from safer_communities.datasets.codes import LONDON
from safer_communities.errors import ErrorCollector, InputError
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Publication, Release
from safer_communities.sources.reading import (
    FETCH,
    FETCH_AGAIN,
    decimals,
    one_cell_a_row,
    read_csv,
    read_sheet,
    unique_rows,
    whole_numbers,
)

NAME = "ons_mid_year_population"
AREA_COLUMNS = ["Code", "Name", "Geography"]
YEAR = re.compile(r"Mid-((?:19|20)[0-9]{2})")
YEAR_OF_FILE = re.compile(r"mid((?:19|20)[0-9]{2})_")
AGES = {str(age): age for age in range(90)} | {"90+": 90}
ALL_AGES = "All ages"
FORM = (
    "give the ONS workbook of mid-year estimates with the sheets MYE2 (persons, females, males), "
    "MYE4 (all years) and MYE6 (median ages), or its persons by age saved as CSV under a name such "
    "as ons_mye_mid2024_persons_by_age.csv"
)
# The most that a borough has changed in a year: 4.4% of its residents, 0.8 years of median age.
# The City of London is small enough to change by a third.
LARGEST_CHANGE_PERCENT = 10
LARGEST_CHANGE_YEARS = 2
SMALL_AREA = 20_000


def parse(path: Path, areas: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two tables of one release: residents and median age by year, and residents by age.

    `areas` are the names of the areas wanted, by code, each of which must be there. Raises
    InputError, or a group of them, for all that is wrong: a cell that is not a number, areas that
    do not add up to London, ages to all ages, women and men to persons, or a change from one year
    to the next that no borough has had.
    """
    errors = ErrorCollector(path.name)
    people = medians = None
    with errors.collecting():
        people = _years(path, "MYE4", areas, whole_numbers)
        _check_residents(f"{path.name}, sheet MYE4", people)
    with errors.collecting():
        medians = _years(path, "MYE6", areas, decimals)
    errors.raise_any()
    _check_years(path, people, medians)
    newest = int(people.columns.max())
    release = f"mid-{newest}"
    ages = _ages(path, areas, people[newest])
    yearly = one_cell_a_row(people, "mid_year", "population").merge(
        one_cell_a_row(medians, "mid_year", "median_age"), on=["area_code", "mid_year"]
    )
    return yearly.assign(release=release), ages.assign(mid_year=newest, release=release)


def parse_ages(path: Path, areas: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables of `parse` from a CSV of persons by age, whose name gives the year (mid2024).

    The median age is worked out from the ages, as the ONS does: within the year of age that holds
    the middle resident it takes birthdays as evenly spread. Raises InputError, or a group of them,
    for all that is wrong, as `parse` does.
    """
    found = YEAR_OF_FILE.search(path.name)
    if not found:
        raise InputError(
            path.name,
            "the name does not say of which year the estimates are",
            "name the file as in ons_mye_mid2024_persons_by_age.csv",
        )
    year = int(found[1])
    problems = ErrorCollector(path.name)
    table = _rows_of(read_csv(path, problems, sum_is_known=True), areas, problems)
    persons = _by_age(table, problems)
    if ALL_AGES not in table.columns:
        problems.stop(f"no column {ALL_AGES}", FETCH)
    total = whole_numbers(table[ALL_AGES], problems).set_axis(persons.index)
    problems.raise_any()
    _check_residents(path.name, total.to_frame(year))
    _note_ages_apart(persons, total, f"the column {ALL_AGES}", problems)
    problems.raise_any()
    release = f"mid-{year}"
    medians = median_ages(persons).round(1)
    yearly = pd.DataFrame({"mid_year": year, "population": total, "median_age": medians})
    yearly = yearly.reset_index(names="area_code").assign(release=release)
    ages = one_cell_a_row(persons, "age", "population")
    return yearly, ages.assign(mid_year=year, release=release)


def median_ages(persons: pd.DataFrame) -> pd.Series:
    """The median age of each row of residents, a column for each single year of age."""
    upto = persons.cumsum(axis=1)
    half = persons.sum(axis=1) / 2
    age = upto.ge(half, axis=0).idxmax(axis=1)
    within = [persons.loc[area, age[area]] for area in persons.index]
    below = [upto.loc[area, age[area]] for area in persons.index] - pd.Series(within, persons.index)
    return age + (half - below) / within


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The tables of every release among the files, by path."""
    areas = crosswalks.published_areas(NAME)
    errors = ErrorCollector(NAME)
    parsed: dict[str, tuple[pd.DataFrame, pd.DataFrame]] = {}
    for path in files:
        with errors.collecting():
            yearly, ages = _parsed(path, areas)
            found = _release(yearly)
            problems = ErrorCollector(path.name)
            crosswalks.covered(found, problems)
            if found.release in parsed:
                problems.add(f"a second file of release {found.release}", "keep one of the two")
            problems.raise_any()
            parsed[found.release] = yearly, ages
    errors.raise_any()
    yearly = pd.concat([part for part, _ in parsed.values()])
    ages = pd.concat([part for _, part in parsed.values()])
    return {
        "population/mid_year_population.csv": yearly.sort_values(
            ["release", "area_code", "mid_year"], ignore_index=True
        )[["area_code", "mid_year", "population", "median_age", "release"]],
        "population/population_by_age.csv": ages.sort_values(
            ["release", "area_code", "age"], ignore_index=True
        )[["area_code", "mid_year", "age", "population", "release"]],
    }


def releases(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    """The release that each file is, with the years that it covers."""
    areas = crosswalks.published_areas(NAME)
    for path in files:
        yield _release(_parsed(path, areas)[0])


def _release(yearly: pd.DataFrame) -> Release:
    years = yearly["mid_year"]
    return Release(NAME, yearly["release"].iloc[0], "", str(years.min()), str(years.max()))


def _parsed(path: Path, areas: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    return parse_ages(path, areas) if path.suffix == ".csv" else parse(path, areas)


def _years(
    path: Path,
    sheet: str,
    areas: dict[str, str],
    numbers: Callable[[pd.Series, ErrorCollector], pd.Series],
) -> pd.DataFrame:
    """The numbers of a sheet: a row an area code, a column a mid-year, in order."""
    problems = ErrorCollector(f"{path.name}, sheet {sheet}")
    table = _rows_of(read_sheet(path, sheet, "Code", FORM), areas, problems)
    years = {}
    for name in table.columns.difference(AREA_COLUMNS, sort=False):
        if found := YEAR.fullmatch(name):
            years[int(found[1])] = numbers(table[name], problems)
        else:
            problems.add("a column that is not a mid-year", "fetch the file again", column=name)
    if not years:
        problems.add("no column is a mid-year", "fetch the file again")
    problems.raise_any()
    for year in sorted(set(range(min(years), max(years))) - set(years)):
        problems.add(f"no column for Mid-{year}", FETCH)
    problems.raise_any()
    codes = pd.Index(table["Code"], name="area_code")
    return pd.DataFrame(years).set_index(codes).sort_index(axis=1)


def _check_residents(place: str, years: pd.DataFrame) -> None:
    problems = ErrorCollector(place)
    parts = years.drop(LONDON).sum()
    london = years.T[LONDON]
    for year in years.columns[parts != london]:
        problems.add(
            f"the boroughs add up to {parts[year]:,}, where London has {london[year]:,}",
            FETCH,
            column=f"Mid-{year}",
        )
    change = 100 * years.pct_change(axis=1).abs()
    _note_jumps(change[years.max(axis=1) > SMALL_AREA], LARGEST_CHANGE_PERCENT, "%", problems)
    problems.raise_any()


def _check_years(path: Path, people: pd.DataFrame, medians: pd.DataFrame) -> None:
    problems = ErrorCollector(f"{path.name}, sheet MYE6")
    if set(people) != set(medians):
        problems.add("other years than sheet MYE4", FETCH)
    change = medians.diff(axis=1).abs()
    large = (people.max(axis=1) > SMALL_AREA).reindex(change.index, fill_value=False)
    _note_jumps(change[large], LARGEST_CHANGE_YEARS, " years", problems)
    problems.raise_any()


def _note_jumps(change: pd.DataFrame, limit: float, unit: str, problems: ErrorCollector) -> None:
    changes = one_cell_a_row(change, "mid_year", "size")
    jumps = changes.loc[changes["size"] > limit, ["area_code", "mid_year", "size"]]
    for area, year, size in jumps.itertuples(index=False):
        problems.add(
            f"{area} changes by {size:.1f}{unit} in a year, where no borough has by {limit}{unit}",
            "compare it with the publisher's page, and fetch the file again",
            column=f"Mid-{year}",
        )


def _ages(path: Path, areas: dict[str, str], expected: pd.Series) -> pd.DataFrame:
    """Columns area_code, age, population; the oldest age is 90 and over."""
    errors = ErrorCollector(path.name)
    values = {}
    for part in ("Persons", "Females", "Males"):
        with errors.collecting():
            values[part] = _ages_of(path, f"MYE2 - {part}", areas)
    errors.raise_any()
    problems = ErrorCollector(f"{path.name}, sheet MYE2 - Persons")
    persons = values["Persons"]
    _note_ages_apart(persons, expected, "sheet MYE4", problems)
    gaps = one_cell_a_row(persons - values["Females"] - values["Males"], "age", "people")
    gaps = gaps.loc[gaps["people"] != 0, ["area_code", "age", "people"]]
    for area, age, people in gaps.itertuples(index=False):
        problems.add(f"{area} has {people:+,} persons of age {age} beside its women and men", FETCH)
    problems.raise_any()
    return one_cell_a_row(persons, "age", "population")


def _ages_of(path: Path, sheet: str, areas: dict[str, str]) -> pd.DataFrame:
    """People of one sheet: a row an area code, a column an age."""
    problems = ErrorCollector(f"{path.name}, sheet {sheet}")
    return _by_age(_rows_of(read_sheet(path, sheet, "Code", FORM), areas, problems), problems)


def _note_ages_apart(
    persons: pd.DataFrame, total: pd.Series, place: str, problems: ErrorCollector
) -> None:
    sums = persons.sum(axis=1)
    for area in sums.index[sums != total[sums.index]]:
        problems.add(
            f"the ages of {area} add up to {sums[area]:,}, where {place} has {total[area]:,}",
            FETCH,
        )


def _by_age(table: pd.DataFrame, problems: ErrorCollector) -> pd.DataFrame:
    """The persons of a table: a row an area code, a column an age."""
    missing = [name for name in AGES if name not in table.columns]
    if missing:
        problems.stop(f"no column for age {', '.join(missing)}", "fetch the file again")
    values = pd.DataFrame({age: whole_numbers(table[name], problems) for name, age in AGES.items()})
    problems.raise_any()
    values.index = pd.Index(table["Code"], name="area_code")
    return values


def _rows_of(table: pd.DataFrame, areas: dict[str, str], problems: ErrorCollector) -> pd.DataFrame:
    """The rows of the areas, each once and under its own name."""
    for name in AREA_COLUMNS:
        if name not in table.columns:
            problems.add(f"no column {name}", FETCH)
    problems.raise_any()
    rows = table[table["Code"].isin(list(areas))]
    for area in sorted(set(areas) - set(rows["Code"])):
        problems.add(f"no row for {area}", FETCH)
    for row, (code, name) in rows[["Code", "Name"]].iterrows():
        if name.strip().casefold() != areas[code].strip().casefold():
            problems.add_cell(
                row, "Name", name, f"{areas[code]}, whose code is {code}", FETCH_AGAIN
            )
    unique_rows(rows, ["Code"], problems)
    problems.raise_any()
    return rows


PUBLICATION = Publication(
    NAME,
    files=(
        "population/ons_mye_*.xls",
        "population/ons_mye_*.xlsx",
        "population/ons_mye_*_persons_by_age.csv",
    ),
    tidy=tidy,
    releases=releases,
)
