"""Recorded crime of every Community Safety Partnership (ONS police force area data tables).

Of each release one year is kept: in London the year before, beside it, stands on another basis.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector, InputError
from safer_communities.sources import reading
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.publication import Publication, Release

NAME = "ons_police_force_areas"
COUNTS, RATES, COVER = "Table C2", "Table C4", "Cover_sheet"
YEAR = re.compile(r"year ending ([A-Z][a-z]+ [0-9]{4})")
FORCE_CODE, FORCE = "Police Force Area code", "Police Force Area name"
CODE, NAMED = "Community Safety Partnership code", "Community Safety Partnership name"
AREA = "Local Authority code"
PLACES = [FORCE_CODE, FORCE, CODE, NAMED, AREA, "Local Authority name"]
RESIDENTS = re.compile(r"Population figures \(mid-([0-9]{4})\) - rounded to 100")
HOUSEHOLDS = re.compile(r"Household figures \(mid-([0-9]{4})\) - rounded to 100")
TOTAL = "Total recorded crime (excluding fraud)"
HOMES = "Residential burglary"
PER_RESIDENT, PER_HOUSEHOLD = f"{HOMES} (per 1,000 population)", f"{HOMES} (per 1,000 household)"
# What offences are made of: a wrong cell shows in one of these sums, or in that of its force.
PARTS = {
    TOTAL: [
        "Violence against the person",
        "Sexual offences",
        "Robbery",
        "Theft offences",
        "Criminal damage and arson",
        "Drug offences",
        "Possession of weapons offences",
        "Public order offences",
        "Miscellaneous crimes against society",
    ],
    "Violence against the person": [
        "Homicide",
        "Death or serious injury caused by illegal driving",
        "Violence with injury",
        "Violence without injury",
        "Stalking and harassment",
    ],
    "Theft offences": [
        "Burglary",
        "Vehicle offences",
        "Theft from the person",
        "Bicycle theft",
        "Shoplifting",
        "All other theft offences",
    ],
    "Burglary": [HOMES, "Non-residential burglary"],
}
OFFENCES = list(dict.fromkeys([*PARTS, *(part for parts in PARTS.values() for part in parts)]))
# A rate goes with the residents before they were rounded to 100.
ROUNDED_BY = 50
NO_RATE = "[u1]"
COMPARE = "compare it with the publisher's page, and fetch the file again"


def tables(
    counts: pd.DataFrame, rates: pd.DataFrame, crosswalks: Crosswalks, file: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every partnership with its residents and households, and every offence of each.

    Arguments are the sheets of counts and of rates, as text. Raises InputError, or a group of them,
    for all that is wrong: headings, codes and cells, a borough that is missing, a partnership in
    one sheet alone, sums that do not hold, and rates that the counts do not give.
    """
    problems = ErrorCollector(f"{file}, sheet {COUNTS}")
    reading.require_columns(counts, [*PLACES, *OFFENCES], problems)
    # A force whose offences all have a place has an empty row for those without one.
    counts = counts[(counts[OFFENCES] != "").any(axis=1)]
    numbers = reading.whole_table(counts[OFFENCES], problems)
    problems.raise_any()
    forces = counts[FORCE].str.replace(r"\s*\[.*", "", regex=True).str.strip()
    own = counts[CODE] != ""
    _note_wrong_parts(numbers, problems)
    _note_wrong_forces(numbers, forces, counts[NAMED] == "", problems)
    _note_wrong_codes(counts[own], crosswalks, problems)
    problems.raise_any()
    everywhere = numbers.loc[counts[NAMED] != "", TOTAL].groupby(forces).sum()
    placed = numbers.loc[own, TOTAL].groupby(forces).sum()
    codes = counts.loc[own, CODE].rename("csp_code")
    numbers = numbers[own].set_axis(pd.Index(codes))
    sized, each = _rates(rates, numbers, ErrorCollector(f"{file}, sheet {RATES}"))
    partnerships = pd.DataFrame(
        {
            "csp_code": codes,
            "partnership": counts[NAMED].str.strip(),
            "force": forces,
            "area_code": counts[AREA].where(counts[AREA].str.startswith("E09"), ""),
            "unassigned_percent": forces.map(100 * (1 - placed / everywhere)).round(1),
        }
    )
    offences = reading.one_cell_a_row(numbers, "offence", "offences")
    return (
        partnerships[own].merge(sized, on="csp_code"),
        offences.merge(each, on=["csp_code", "offence"], how="left"),
    )


def _rates(
    rates: pd.DataFrame, numbers: pd.DataFrame, problems: ErrorCollector
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Residents and households by partnership, and the rate of each offence (empty where none is).

    `numbers` are the counts by partnership.
    """
    sizes = {"residents": RESIDENTS, "households": HOUSEHOLDS}
    found = {
        name: next((each for each in rates.columns if pattern.fullmatch(each)), "")
        for name, pattern in sizes.items()
    }
    for name, column in found.items():
        if not column:
            problems.add(f"no column of {name} of a middle of a year", reading.FETCH)
    problems.raise_any()
    given = [name for name in OFFENCES if name != HOMES] + [PER_RESIDENT, PER_HOUSEHOLD]
    reading.require_columns(rates, [*PLACES, *found.values(), *given], problems)
    rates = rates[rates[CODE] != ""]
    reading.unique_rows(rates, [CODE], problems)
    for code in sorted(set(rates[CODE]) ^ set(numbers.index)):
        problems.add(f"{code} stands in one of {COUNTS} and {RATES} alone", reading.FETCH)
    problems.raise_any()
    people = reading.whole_table(rates[list(found.values())], problems)
    has_rates = rates[TOTAL] != NO_RATE
    values = pd.DataFrame(
        {name: reading.decimals(rates.loc[has_rates, name], problems) for name in given}
    )
    problems.raise_any()
    size = people.set_axis(pd.Index(rates[CODE]), axis=0).set_axis(list(sizes), axis=1)
    values = values.set_axis(pd.Index(rates.loc[has_rates, CODE]))
    _note_wrong_rates(values, numbers.loc[values.index], size.loc[values.index], problems)
    problems.raise_any()
    for name, pattern in sizes.items():
        year = pattern.fullmatch(found[name])
        size[f"{name}_year"] = int(year[1]) if year else 0
    kept = values.drop(columns=PER_RESIDENT).rename(columns={PER_HOUSEHOLD: HOMES}).round(4)
    return size.rename_axis("csp_code").reset_index(), reading.one_cell_a_row(
        kept.rename_axis("csp_code"), "offence", "rate"
    )


def _note_wrong_parts(numbers: pd.DataFrame, problems: ErrorCollector) -> None:
    """Notes the rows in which an offence is not the sum of its parts."""
    for whole, parts in PARTS.items():
        gaps = numbers[whole] - numbers[parts].sum(axis=1)
        for row, count, gap in zip(numbers.index, numbers[whole], gaps, strict=True):
            if gap:
                problems.add(
                    f"{count:,} is {abs(gap):,} {'more' if gap > 0 else 'fewer'} than the parts of "
                    f"{whole} add up to",
                    COMPARE,
                    row=row,
                    column=whole,
                )


def _note_wrong_forces(
    numbers: pd.DataFrame, forces: pd.Series, is_whole: pd.Series, problems: ErrorCollector
) -> None:
    """Notes the forces whose partnerships do not add up to the row of the force."""
    wholes = numbers[is_whole].set_axis(pd.Index(forces[is_whole]))
    reading.unique_rows(forces[is_whole].to_frame(), [FORCE], problems)
    problems.raise_any()
    sums = numbers[~is_whole].groupby(forces[~is_whole]).sum()
    for force in wholes.index.difference(sums.index):
        problems.add(f"{force} has no partnerships", reading.FETCH)
    shared = wholes.index.intersection(sums.index)
    gaps = reading.one_cell_a_row(wholes.loc[shared] - sums.loc[shared], "offence", "gap")
    for force, offence in gaps.loc[gaps["gap"] != 0, [FORCE, "offence"]].to_numpy():
        problems.add(
            f"{force}: {offence} is {wholes.loc[force, offence]:,}, and the partnerships and "
            f"unassigned offences add up to {sums.loc[force, offence]:,}",
            COMPARE,
        )


def _note_wrong_codes(
    counts: pd.DataFrame, crosswalks: Crosswalks, problems: ErrorCollector
) -> None:
    """Notes codes that are none, codes and names that stand twice, and boroughs without a row."""
    for column, form in (
        (CODE, r"(E22|W14)[0-9]{6}"),
        (AREA, r"[EW]0[6-9][0-9]{6}|Combined Local Authorities"),
    ):
        is_none = ~counts[column].str.fullmatch(form)
        reading.note_cells(counts[column], is_none, f"a {column}", problems)
    reading.unique_rows(counts, [CODE], problems)
    reading.unique_rows(counts, [NAMED], problems)
    named = set(zip(counts[AREA], counts[NAMED].str.strip(), strict=True))
    boroughs = crosswalks.boroughs[["area_code", "borough"]].to_numpy().tolist()
    for area, borough in boroughs:
        if (area, borough) not in named:
            problems.add(f"no row for {borough} ({area})", reading.FETCH)


def _note_wrong_rates(
    rates: pd.DataFrame, numbers: pd.DataFrame, sizes: pd.DataFrame, problems: ErrorCollector
) -> None:
    """Notes rates further from count and residents than their rounding allows.

    All three have a row for each partnership, in one order.
    """
    for column in rates.columns:
        size = sizes["households" if column == PER_HOUSEHOLD else "residents"]
        count = numbers[HOMES if column in (PER_RESIDENT, PER_HOUSEHOLD) else column]
        low, high = (1000 * count / (size + sign * ROUNDED_BY) for sign in (1.01, -1.01))
        for code in rates.index[~rates[column].between(low - 1e-9, high + 1e-9)]:
            problems.add(
                f"{code}: {count[code]:,} offences and {size[code]:,} {size.name} do not give a "
                f"rate of {rates.loc[code, column]:g}",
                COMPARE,
                column=column,
            )


def _release(path: Path) -> Release:
    """The release, by the year that the cover names."""
    cover = reading.read_sheet(path, COVER, "Information")["Information"]
    named = {found[1] for text in cover if (found := YEAR.search(text))}
    if len(named) != 1:
        raise InputError(
            f"{path.name}, sheet {COVER}",
            f"it names {len(named)} years ({', '.join(sorted(named)) or 'none'})",
            "check that it is the publisher's workbook, and fetch it again",
        )
    end = pd.to_datetime(named.pop(), format="%B %Y")
    start = end - pd.DateOffset(months=11)
    return Release(NAME, f"{end:%B-%Y}".casefold(), "", f"{start:%Y-%m}", f"{end:%Y-%m}")


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The tables of all files, by path."""
    places: list[pd.DataFrame] = []
    offences: list[pd.DataFrame] = []
    for path in files:
        release = _release(path)
        crosswalks.covered(release, ErrorCollector(path.name))
        counts, rates = (reading.read_sheet(path, sheet, FORCE_CODE) for sheet in (COUNTS, RATES))
        read = tables(counts, rates, crosswalks, path.name)
        for found, table in zip((places, offences), read, strict=True):
            found.append(table.assign(release=release.release))
    return {
        "england_and_wales/partnerships.csv": _in_order(places, ["csp_code"]),
        "england_and_wales/recorded_crime.parquet": _in_order(offences, ["csp_code", "offence"]),
    }


def _in_order(found: list[pd.DataFrame], key: list[str]) -> pd.DataFrame:
    return pd.concat(found).sort_values(["release", *key], ignore_index=True)


def releases(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    """The release that each file is."""
    for path in files:
        yield _release(path)


PUBLICATION = Publication(
    NAME,
    files=("england_and_wales/ons_policeforceareatables_*.xlsx",),
    tidy=tidy,
    releases=releases,
    awaited="crime in England and Wales by partnership",
)
