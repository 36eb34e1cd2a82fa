"""Every fact names releases that hold its months and its area."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from another_book import ANOTHER_BOROUGH
from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.analysis.recorded_crime import OTHERS_AREA
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period
from safer_communities.settings import DEFAULT_BOROUGH, Settings

RELEASE = re.compile(r"release of (\w+ \d{4})")
PUBLICATIONS = {"crime by borough": "mps_borough_crime", "crime by ward": "mps_ward_crime"}
LONDON = ("London", "London (32 boroughs)", "London, borough known or not")
# What names months in the period of a fact: twelve, a year as the tables have it, or one.
YEAR_TO, YEAR, MONTH = (
    re.compile(r"12 months to (\w+ \d{4})"),
    re.compile(r"\b(\d{4})/\d{2,4}\b"),
    re.compile(r"(?<!to )\b([A-Z][a-z]+ \d{4})"),
)


def months_of(period: str, last: int) -> pd.DatetimeIndex:
    """The months that a period names; `last` is the month that the edition's years end with."""
    years = [Period.year_to(end) for end in YEAR_TO.findall(period)]
    years += [Period.year_to(f"{int(start) + 1}-{last:02d}") for start in YEAR.findall(period)]
    months = [pd.DatetimeIndex([month]) for month in MONTH.findall(period)]
    return pd.DatetimeIndex([]).append([*(year.months() for year in years), *months])


def facts_of(folder: Path) -> pd.DataFrame:
    """The facts on recorded crime of a book that was built, each with the months it is of."""
    path = folder / "downloads" / "indicators.csv"
    facts = pd.read_csv(path, dtype=str, keep_default_na=False)
    return facts[facts["source"].str.contains("|".join(PUBLICATIONS))]


@cache
def named_in(words: str) -> tuple[str, ...]:
    """The releases that are named in words."""
    return tuple(f"{pd.Timestamp(month):%Y-%m}" for month in RELEASE.findall(words))


@cache
def wards_of(area_code: str, release: str) -> set[str]:
    """The names of a borough's wards in a release."""
    wards = load.ward_crime(release)
    return set(wards.loc[wards["area_code"] == area_code, "ward_name"])


@cache
def fits(publication: str, names: tuple[str, ...], period: str, *, is_forecast: bool) -> tuple:
    """Whether a period names months, each release has some of them, and all together have all."""
    releases = load.table("releases").set_index(["publication", "release"])
    months, held, each_has_some = months_of(period, last=3), pd.DatetimeIndex([]), True
    # A forecast lies after the data, and rests on the year before.
    if is_forecast:
        months = months - pd.DateOffset(years=1)
    for name in names:
        first, last = releases.loc[(publication, name), ["first_month", "last_month"]]
        own = pd.date_range(first, last, freq="MS")
        each_has_some &= months.empty or bool(own.isin(months).any())
        held = held.union(own)
    return not months.empty, each_has_some, bool(months.isin(held).all())


def check(folder: Path, borough: str) -> None:
    boroughs = load.table("boroughs").set_index("borough")["area_code"]
    checked = 0
    for fact in facts_of(folder).itertuples():
        publication = next(name for said, name in PUBLICATIONS.items() if said in fact.source)
        named = named_in(fact.release)
        assert named, fact
        is_forecast = fact.label.startswith("Forecast")
        has_months, each_has_some, all_held = fits(
            publication, named, fact.period, is_forecast=is_forecast
        )
        assert each_has_some, fact
        assert all_held, fact
        areas = {borough, *LONDON}
        if publication == "mps_ward_crime":
            areas |= wards_of(boroughs[borough], named[0])
        else:
            areas |= {*boroughs.index, OTHERS_AREA}
        assert fact.area in areas, fact
        checked += has_months
    assert checked > 100


def test_facts_of_the_strategys_edition(site: Path) -> None:
    check(site, DEFAULT_BOROUGH)


def test_facts_of_another_borough(another_book: Path) -> None:
    check(another_book, ANOTHER_BOROUGH)


def test_of_several_releases_a_fact_names_those_of_its_own_rows() -> None:
    """The release of July 2026 begins in July 2024."""
    book = BoroughEdition(Settings("Barnet", 2026))
    book.edition = replace(book.edition, borough_crime_releases=("2026-07", "2026-04"))

    def named(period: str) -> str:
        return book.citation("crime", Period.year_to(period)).release

    assert named("2022-03") == "release of April 2026"
    assert named("2026-03") == "release of July 2026"
    assert named("2025-03") == "release of July 2026 and release of April 2026"
    both = "release of July 2026 and release of April 2026"
    assert book.citation("crime").release == both
    per_resident = book.citation("crime_per_resident", Period.year_to("2022-03"))
    assert per_resident.release == "release of April 2026; mid-2024 release"
    with pytest.raises(ValueError, match="no row of recorded crime is of the 12 months"):
        book.citation("crime", Period.year_to("2009-03"))
