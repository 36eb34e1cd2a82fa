"""Incidents of anti-social behaviour by borough, ward and month (data.police.uk).

Three files: counts by small area (LSOA) and month, converted by a third party; the lookup of small
areas to wards (best fit, ONS); and counts of 2016 to 2018 by the wards of then, in an extract that
has 25 of the 32 boroughs.

The conversion has holes: in some months whole parts of a borough have no crime of any category,
half of Barnet in eight months of thirty. A month is told as complete for a place where nearly all
of its small areas have a crime of some category, and for a borough where no ward lacks much.
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from safer_communities.errors import ErrorCollector
from safer_communities.sources import parquet, reading
from safer_communities.sources.crosswalks import Crosswalks
from safer_communities.sources.parquet import TEXT, WHOLE
from safer_communities.sources.publication import Publication, Release

NAME = "police_uk_asb"
SMALL_AREAS, LOOKUP, OLD_WARDS = "lsoa_month_category", "lsoa21_ward", "old_wards"
COLUMNS = {
    **dict.fromkeys(("lsoa_code", "lsoa_name", "borough", "category"), TEXT),
    **dict.fromkeys(("year", "month", "crime_count"), WHOLE),
}
# A label of another set, whose rows of 2008 to 2016 stand in the same file.
OTHER_SET = "other-crime"
CATEGORIES = [
    "Anti-social behaviour",
    "Bicycle theft",
    "Burglary",
    "Criminal damage and arson",
    "Drugs",
    "Other crime",
    "Other theft",
    "Possession of weapons",
    "Public order",
    "Robbery",
    "Shoplifting",
    "Theft from the person",
    "Vehicle crime",
    "Violence and sexual offences",
]
ASB, OLD_ASB = "Anti-social behaviour", "anti-social-behaviour"
# The months before are there in part, and those of the extract before April 2016.
FIRST_WHOLE, FIRST_OLD = pd.Timestamp("2023-10-01"), pd.Timestamp("2016-04-01")
# The month with the fewest incidents a borough, of those that are whole, has 0.74 of the median.
THINNEST_MONTH = 0.6
# Nearly all: a quiet small area may have a month without any crime. Boroughs have 0.98 of theirs in
# a whole month, and at most 0.9 where a part is missing; a ward has few of them.
WHOLE_BOROUGH, WHOLE_WARD = 0.95, 0.75
# The most that a borough had in a whole month, and the least, against the median of these.
OUTLIER = 4
LOOKED_UP = ["LSOA21CD", "LAD22CD", "WD22CD", "share_of_lsoa_area_in_ward"]
OLD_COLUMNS = ["ward_code_pre2018", "month", "category", "incidents"]


def read_small_areas(path: Path) -> pd.DataFrame:
    """Incidents by small area: lsoa_code, borough, month, incidents; 0 where it had other crime.

    A small area without a row had no crime of any category in the month, or is missing. Raises
    InputError, or a group of them, for all that is wrong.
    """
    problems = ErrorCollector(path.name)
    table = parquet.read_parquet(path, COLUMNS, problems)
    table = table[table["category"] != OTHER_SET]
    for column, good, expected in (
        ("lsoa_code", table["lsoa_code"].str.fullmatch(r"E01[0-9]{6}"), "a code such as E01000001"),
        ("month", table["month"].between(1, 12), "a month, 1 to 12"),
        ("year", table["year"].between(2010, 2100), "a year"),
    ):
        reading.note_cells(table[column], ~good, expected, problems)
    if not (table["category"] == ASB).any():
        problems.add(f"no row of {ASB!r}", reading.FETCH, column="category")
    parquet.one_of(table["category"], CATEGORIES, problems)
    problems.raise_any()
    first = pd.to_datetime(table[["year", "month"]].assign(day=1)).astype("datetime64[ns]")
    table = table.assign(month=first)
    table = table[table["month"] >= FIRST_WHOLE]
    key = ["lsoa_code", "month", "category"]
    again = table[table.duplicated(key)].head(10)
    for row, code, month in zip(again.index, again["lsoa_code"], again["month"], strict=True):
        said = f"a second row for {code} in {month:%B %Y}"
        problems.add(said, "delete the row that is wrong, or fetch the file again", row=row)
    if table.empty:
        problems.add(f"no month from {FIRST_WHOLE:%B %Y} on", reading.FETCH)
    problems.raise_any()
    reading.every_month(table["month"], problems)
    problems.raise_any()
    incidents = table["crime_count"].where(table["category"] == ASB, 0)
    table = table.assign(incidents=incidents)
    keys = ["lsoa_code", "borough", "month"]
    return table.groupby(keys)["incidents"].sum().reset_index()


def read_lookup(path: Path) -> pd.DataFrame:
    """The ward and the borough of each small area: LSOA21CD (index), LAD22CD, WD22CD."""
    problems = ErrorCollector(path.name)
    table = reading.read_csv(path, problems, only=LOOKED_UP)
    reading.unique_rows(table, ["LSOA21CD"], problems)
    for column, form in (
        ("LSOA21CD", r"E01[0-9]{6}"),
        ("LAD22CD", r"E09[0-9]{6}"),
        ("WD22CD", r"E05[0-9]{6}"),
        ("share_of_lsoa_area_in_ward", r"0\.[0-9]+|1\.0+|1"),
    ):
        is_other = ~table[column].str.fullmatch(form)
        reading.note_cells(table[column], is_other, f"text of the form {form}", problems)
    several = table.groupby("WD22CD")["LAD22CD"].nunique()
    for ward in several.index[several > 1]:
        problems.add(f"ward {ward} lies in several boroughs", reading.FETCH, column="LAD22CD")
    problems.raise_any()
    return table.set_index("LSOA21CD")[["LAD22CD", "WD22CD"]]


def read_old_wards(path: Path, crosswalks: Crosswalks) -> pd.DataFrame:
    """Incidents of 2016 to 2018: month, area_code, incidents and complete (every ward is there)."""
    problems = ErrorCollector(path.name)
    table = reading.read_csv(path, problems)
    reading.require_columns(table, OLD_COLUMNS, problems)
    reading.unique_rows(table, OLD_COLUMNS[:3], problems)
    months = reading.first_days((table["month"] + "-01").rename("month"), problems)
    incidents = reading.whole_numbers(table["incidents"], problems)
    areas = crosswalks.area_codes(table["ward_code_pre2018"], NAME, problems)
    if not (table["category"] == OLD_ASB).any():
        problems.add(f"no row of {OLD_ASB!r}", reading.FETCH, column="category")
    problems.raise_any()
    table = table.assign(month=months, incidents=incidents, area_code=areas)
    rows = table[(table["category"] == OLD_ASB) & (table["month"] >= FIRST_OLD)]
    reading.every_month(rows["month"], problems)
    problems.raise_any()
    found = rows.groupby(["area_code", "month"]).agg(
        incidents=("incidents", "sum"), wards=("ward_code_pre2018", "nunique")
    )
    # A ward without a row of its own may have had none; in most months all have one.
    whole = found["wards"].groupby("area_code").transform("max")
    found["complete"] = found["wards"] == whole
    return found.drop(columns="wards").reset_index()


def tidy(files: list[Path], crosswalks: Crosswalks) -> dict[str, pd.DataFrame]:
    """The tables of boroughs and of wards, by their paths."""
    errors = ErrorCollector(NAME)
    parts, wards = [], pd.DataFrame()
    with errors.collecting():
        path = parquet.file_of(files, SMALL_AREAS)
        lookup = read_lookup(parquet.file_of(files, LOOKUP))
        incidents = _placed(read_small_areas(path), lookup, crosswalks, path.name)
        named = {"release": crosswalks.release_of(NAME, incidents["month"], path.name)}
        wards = _added_up(incidents, lookup, ["WD22CD", "LAD22CD"], WHOLE_WARD).assign(**named)
        boroughs = _added_up(incidents, lookup, ["LAD22CD"], WHOLE_BOROUGH).assign(**named)
        boroughs = whole_with_wards(boroughs, wards)
        _check_boroughs(boroughs, crosswalks, path.name)
        parts.append(boroughs)
    for path in (path for path in files if OLD_WARDS in path.name):
        with errors.collecting():
            old = read_old_wards(path, crosswalks)
            release = crosswalks.release_of(NAME, old["month"], path.name)
            parts.append(old.assign(release=release))
    errors.raise_any()
    columns = ["month", "area_code", "incidents", "complete", "release"]
    boroughs = pd.concat([part[columns] for part in parts])
    return {
        "asb/asb_incidents.csv": boroughs.sort_values(["area_code", "month"], ignore_index=True),
        "asb/asb_incidents_wards.parquet": wards[["month", "ward_code", *columns[1:]]],
    }


def releases(files: list[Path], crosswalks: Crosswalks) -> Iterator[Release]:
    """The release that each file with counts is."""
    path = parquet.file_of(files, SMALL_AREAS)
    yield Release.of_months(NAME, read_small_areas(path)["month"], path.name)
    for path in (path for path in files if OLD_WARDS in path.name):
        yield Release.of_months(NAME, read_old_wards(path, crosswalks)["month"], path.name)


def _placed(
    incidents: pd.DataFrame, lookup: pd.DataFrame, crosswalks: Crosswalks, file: str
) -> pd.DataFrame:
    """The incidents with their ward and borough; raises what cannot be placed."""
    problems = ErrorCollector(file)
    named = crosswalks.area_codes(incidents["borough"], NAME, problems)
    placed = incidents.join(lookup, on="lsoa_code").assign(named=named)
    unknown = placed.loc[placed["WD22CD"].isna(), "lsoa_code"].unique()
    for code in unknown[:10]:
        problems.add(
            f"{code} is no small area of the lookup",
            "give the lookup that has it",
            column="lsoa_code",
        )
    moved = placed["WD22CD"].notna() & named.notna() & (named != placed["LAD22CD"])
    for code, borough in placed.loc[moved, ["lsoa_code", "borough"]].drop_duplicates().values[:10]:
        problems.add(f"{code} does not lie in {borough}", reading.FETCH_AGAIN, column="borough")
    problems.raise_any()
    return placed


def _added_up(
    incidents: pd.DataFrame, lookup: pd.DataFrame, place: list[str], whole: float
) -> pd.DataFrame:
    """Incidents by place and month, and whether so large a share of its small areas is there."""
    counts, there = (
        incidents.groupby([*place, "month"])["incidents"].agg(what).unstack(fill_value=0)
        for what in ("sum", "size")
    )
    # Some small areas are never there: they have no crime, or lie in a park or an airport.
    ever = lookup[lookup.index.isin(incidents["lsoa_code"].unique())].groupby(place).size()
    table = reading.one_cell_a_row(counts, "month", "incidents")
    share = reading.one_cell_a_row(there.div(ever, axis="index"), "month", "share")["share"]
    table = table.rename(columns={"WD22CD": "ward_code", "LAD22CD": "area_code"})
    return table.assign(complete=share >= whole)


def whole_with_wards(boroughs: pd.DataFrame, wards: pd.DataFrame) -> pd.DataFrame:
    """The boroughs, no month complete in which wards lack more than a twentieth of its incidents.

    What a ward lacks in a month that is not complete is measured by the median of those that are.
    A few small areas can hold many: those of Heathrow have a fifth of Hillingdon's incidents, and
    are missing in 12 of the 30 months to March 2026.
    """
    usual = wards[wards["complete"]].groupby("ward_code")["incidents"].median()
    lacking = (wards["ward_code"].map(usual) - wards["incidents"]).clip(lower=0)
    lacking = lacking.where(~wards["complete"], 0).fillna(0)
    keys = ["area_code", "month"]
    missing = lacking.groupby([wards[key] for key in keys]).sum()
    found = boroughs.set_index(keys)
    share = missing.reindex(found.index).fillna(0) / found["incidents"]
    whole = (share <= 1 - WHOLE_BOROUGH).to_numpy()
    return boroughs.assign(complete=boroughs["complete"] & whole)


def _check_boroughs(table: pd.DataFrame, crosswalks: Crosswalks, file: str) -> None:
    """Raises what no file has had: a borough lost, one mostly missing, or a month unlike others."""
    problems = ErrorCollector(file)
    whole = table[table["complete"]]
    for code in crosswalks.boroughs["area_code"]:
        months = whole[whole["area_code"] == code].set_index("month")["incidents"]
        if months.empty:
            problems.add(f"no whole month of {code}", reading.FETCH, column="borough")
            continue
        usual = months.median()
        odd = months[(months * OUTLIER < usual) | (months > usual * OUTLIER)]
        for month, count in odd.items():
            problems.add(
                f"{count:,} incidents in {code} in {month:%B %Y}, where its months have about "
                f"{usual:,.0f}",
                "compare it with the publisher's page, and fetch the file again",
                column="crime_count",
            )
    totals = whole.groupby("month")["incidents"].agg(["mean", "size"])
    usual = totals["mean"].median()
    for month, row in totals.iterrows():
        if row["mean"] < usual * THINNEST_MONTH or row["size"] < len(crosswalks.boroughs) / 2:
            problems.add(
                f"{row['size']:.0f} boroughs are whole in {month:%B %Y}, with {row['mean']:,.0f} "
                f"incidents each, where the other months have {usual:,.0f}",
                "the month is not complete: fetch the file again when it is",
                column="crime_count",
            )
    problems.raise_any()


PUBLICATION = Publication(
    NAME,
    files=(
        f"police_uk/*{SMALL_AREAS}*.parquet",
        f"police_uk/*{OLD_WARDS}*.csv",
        f"boundaries/*{LOOKUP}*.csv",
    ),
    tidy=tidy,
    releases=releases,
    awaited="incidents of anti-social behaviour",
)
