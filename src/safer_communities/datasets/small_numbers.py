"""The rule on small numbers: what is told of a place smaller than a borough.

**Sensitive offences** (sexual, homicide, hate crime) are not kept or shown below borough level.
`told_of_wards` takes them out of a table by ward and month. Whatever would give them away by
subtraction goes with them: an offence that one release or classification has a row for, and
another counts within a wider one, is counted within the wider one in all (stalking and harassment
within violence without injury, the kinds of miscellaneous crimes within their group). Which these
are stands in the column `ward_offence` of `data/reference/offences.csv`.

What is left of them is one count of all kinds together, for the twelve months to March
(`sensitive_years`), so that a ward has a total. Years to March do not overlap: no two windows
differ by a month. Each year is told once, from the first release that has it whole: a later one
would tell what was revised. Releases on the wards before 2022 tell none: two maps of one year would
tell of the slivers between them. A count of 1 to 4 is withheld, and so is the next smallest of the
borough, which would give it away (`small_cells.withhold_small_parts`).

**Other offences** are kept by ward and month as the police print them, and are shown as
twelve-month counts.

The import applies the rule as it writes (`importing`): what it compares is the whole file.

Source: Government Statistical Service (2014), Disclosure control guidance for tables produced from
surveys.
"""

import pandas as pd

from safer_communities.datasets.small_cells import withhold_small_parts

WARDS, PUBLICATION = "recorded_crime_ward", "mps_ward_crime"
# The first release with the wards of May 2022.
FIRST_OF_WARDS = "2023-04"
YEAR_ENDS_IN = 3


def withheld(offences: pd.DataFrame, classification: str) -> list[str]:
    """The offences of a classification that are not told of a ward (`offences`: that table)."""
    return [name for name, told in _ward_names(offences, classification).items() if not told]


def as_written(name: str, frame: pd.DataFrame, offences: pd.DataFrame) -> pd.DataFrame:
    """A table as it may stand in `data/`: that of wards by the rule, any other as it is."""
    return told_of_wards(frame, offences) if name == WARDS else frame


def told_of_wards(frame: pd.DataFrame, offences: pd.DataFrame) -> pd.DataFrame:
    """A table of recorded crime with what may be told of a ward; the same again changes nothing.

    `frame` has the columns of a table by ward, or by borough, and rows of one classification.
    """
    names = _ward_names(offences, frame["classification"].iloc[0])
    # By the kinds, of which there are few, and not by the rows.
    kinds = frame["offence"].astype("category")
    told = kinds.cat.categories.map(lambda name: names.get(name, name))
    if list(told) == list(kinds.cat.categories):
        return frame
    rows = frame.assign(offence=told.to_numpy(dtype=object)[kinds.cat.codes])
    rows = rows[rows["offence"] != ""].astype({"offence": frame["offence"].dtype})
    keys = [name for name in frame if name != "count"]
    rows = rows.groupby(keys, sort=False)["count"].sum().reset_index()
    order = [name for name in ("offence", "area_code", "ward_code", "month") if name in keys]
    return rows[list(frame.columns)].sort_values(order, ignore_index=True)


def sensitive_years(
    frame: pd.DataFrame, offences: pd.DataFrame, releases: pd.DataFrame
) -> pd.DataFrame:
    """Sensitive offences of all kinds together by ward, in the years that a release tells first.

    `frame` is the release by ward, as published; `offences` and `releases` are the tables of those
    names. Columns: month (the last of the twelve), ward_code, area_code, count (missing where it is
    withheld), release.
    """
    release = frame["release"].iloc[0]
    told = [name for name in _releases_on_these_wards(releases) if name <= release]
    own, earlier = (_whole_years(releases, names) for names in ([release], told[:-1]))
    rows = frame[frame["offence"].isin(withheld(offences, frame["classification"].iloc[0]))]
    year = rows["month"].dt.year + (rows["month"].dt.month > YEAR_ENDS_IN)
    rows = rows.assign(month=pd.to_datetime({"year": year, "month": YEAR_ENDS_IN, "day": 1}))
    rows = rows[year.isin(own - earlier if release in told else set())]
    keys = ["month", "ward_code", "area_code", "release"]
    table = rows.groupby(keys, as_index=False)["count"].sum()
    some = table[table["count"] > 0]
    shown = some.groupby(["month", "area_code"])["count"].transform(withhold_small_parts)
    table["count"] = table["count"].mask(table["count"] > 0, shown).astype("float64")
    return table[["month", "ward_code", "area_code", "count", "release"]]


def _releases_on_these_wards(releases: pd.DataFrame) -> list[str]:
    """The releases by ward that are on the wards of May 2022, in order."""
    names = releases.loc[releases["publication"] == PUBLICATION, "release"]
    return sorted(name for name in names if name >= FIRST_OF_WARDS)


def _whole_years(releases: pd.DataFrame, names: list[str]) -> set[int]:
    """The years to March that any of these releases by ward has whole."""
    rows = releases[(releases["publication"] == PUBLICATION) & releases["release"].isin(names)]
    return {
        year
        for first, last in zip(rows["first_month"], rows["last_month"], strict=True)
        for year in range(int(first[:4]) + 1, int(last[:4]) + 1)
        if first <= f"{year - 1}-{YEAR_ENDS_IN + 1:02d}" and f"{year}-{YEAR_ENDS_IN:02d}" <= last
    }


def _ward_names(offences: pd.DataFrame, classification: str) -> dict[str, str]:
    """What each offence of a classification is counted as by ward; "" where it is withheld."""
    rows = offences[offences["classification"] == classification]
    return dict(zip(rows["offence"], rows["ward_offence"], strict=True))
