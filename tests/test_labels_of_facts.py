"""Every fact: its period, area, unit and denominator fit its label and its source."""

import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from another_book import ANOTHER_BOROUGH
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period
from safer_communities.settings import DEFAULT_BOROUGH

MONTH, YEAR_TO = r"[A-Z][a-z]+ \d{4}", r"12 months to [A-Z][a-z]+ \d{4}"
MONTHS = rf"[A-Z][a-z]+( \d{{4}})? to {MONTH}"
# A period is named in full: never "2021/22"; "2022" only where calendar years are counted.
PERIODS = re.compile(
    rf"([a-z]+ of the |since )?{YEAR_TO}|{YEAR_TO}, against {YEAR_TO}"
    rf"|{MONTH}|{MONTHS}(, beside the waves named)?|mid-\d{{4}}|school year to summer \d{{4}}"
    rf"|Census day, .+|\d{{1,2}} {MONTH}|Six months to {MONTH}|.+ Survey.*"
)
CALENDAR_YEARS = re.compile(r"\d{4}( to \d{4})?")
OF_CALENDAR_YEARS = ("Explore Local Statistics", "Fingertips", "London Borough Profiles")
# What a label must begin with, by the unit; a change may have several units.
LABELS = {
    "rank": r"Rank\b",
    "per 1,000 residents": r"Rate|Median rate|(Upper|Lower) 95% limit",
    "per 1,000 households": r"Rate",
    "per 100 offences": r"Positive outcomes",
}
UNITS_OF_CHANGES = {"%", "percentage points", "offences", "p-value"}
# What a denominator is, by the unit of what is divided by it.
DENOMINATORS = {
    "per 1,000 residents": "population estimate|residents of wards",
    "per 1,000 households": "households",
    "per 100 offences": "offences",
    "rank": "population estimate|households|residents of wards",
}
LONDON = ("London", "London (32 boroughs)", "London, borough known or not")
# The publications that a source names, with the months of what each holds.
HELD = {
    "anti-social behaviour calls": ["gla_asb_calls"],
    "anti-social behaviour incidents": ["police_uk_asb"],
    "outcomes of burglary": ["police_uk_burglary_outcomes"],
    "monthly crime dashboard": ["mps_flagged_offences", "mps_positive_outcomes"],
    "recorded crime by ward": ["mps_ward_crime"],
    "recorded crime by borough": ["mps_borough_crime"],
}
PRINTED = ("Perception Surveys", "Barnet Safer Communities Partnership", "Council committee paper")


@cache
def is_held(words: str, named: str, *, is_forecast: bool) -> bool:
    """Whether the publications that `words` are of hold all years that are named."""
    releases = load.table("releases").groupby("publication")
    rows = pd.concat([releases.get_group(name) for name in HELD[words]])
    first, last = rows["first_month"].min(), rows["last_month"].max()
    held = pd.period_range(first, last, freq="M").to_timestamp()
    years = [Period.year_to(end) for end in re.findall(rf"12 months to ({MONTH})", named)]
    # A forecast lies after the data, and rests on the year before.
    if is_forecast:
        years = [year.previous() for year in years]
    return all(year.months().isin(held).all() for year in years)


def problems(facts: pd.DataFrame, borough: str) -> list[str]:
    """What is wrong with the facts of a book, each with the fact's id."""
    boroughs = load.table("boroughs")
    wards = set(load.table("ward_mid_year_population")["ward_name"])
    wards |= {re.sub(r" \(.+\)$", "", name) for name in wards}
    areas = {*boroughs["borough"], *LONDON, "the other London boroughs together"}
    areas |= {"England", "England and Wales", "These boroughs together", "The wards together"}
    found = []
    for fact in facts.to_dict("records"):

        def wrong(what: str, fact=fact) -> None:
            found.append(f"{fact['id']}: {what}: {fact}")

        unit, label, source = (str(fact[name]) for name in ("unit", "label", "source"))
        calendar = any(words in source for words in OF_CALENDAR_YEARS)
        named = CALENDAR_YEARS.fullmatch(str(fact["period"])) if calendar else None
        if not (named or PERIODS.fullmatch(str(fact["period"]))):
            wrong("a period that is not in full")
        if unit in LABELS and not re.match(LABELS[unit], label):
            wrong("a label that does not fit the unit")
        if label.startswith("Change in") and unit not in UNITS_OF_CHANGES:
            wrong("a unit that is no change's")
        rated = unit in DENOMINATORS and (unit != "rank" or "recorded crime" in source)
        if rated and not re.search(DENOMINATORS[unit], fact["denominator"]):
            wrong("a rate or rank without its denominator")
        if fact["denominator"] and unit not in DENOMINATORS:
            wrong("a denominator that nothing is divided by")
        if "households" in fact["denominator"] and "household" not in source:
            wrong("a source without the households")
        dated = re.search(r"(mid-\d{4}) release", fact["denominator"])
        if dated and dated[1] not in fact["release"]:
            wrong("a denominator of another release")
        by_ward = re.search("by ward|(of|for) wards", source)
        if fact["area"] not in areas | (wards if by_ward else set()):
            wrong("an area that the source does not have")
        if "anti-social behaviour calls" in source and fact["area"] != "London":
            wrong("calls that are London's alone")
        if any(words in source for words in PRINTED) and fact["area"] not in ("Barnet", LONDON[1]):
            wrong("a printed figure of another area")
        for words in HELD:
            if words not in source or "Community Safety Strategy" in source:
                continue
            is_forecast = label.startswith("Forecast")
            if not is_held(words, str(fact["period"]), is_forecast=is_forecast):
                wrong("months that the source does not hold")
    return found


def facts_of(folder: Path) -> pd.DataFrame:
    path = folder / "downloads" / "indicators.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_facts_of_the_strategys_edition(site: Path) -> None:
    facts = facts_of(site)
    assert len(facts) > 500
    assert not problems(facts, DEFAULT_BOROUGH)


def test_facts_of_another_borough(another_book: Path) -> None:
    facts = facts_of(another_book)
    assert len(facts) > 400
    assert not problems(facts, ANOTHER_BOROUGH)


RIGHT = {
    "id": "c.rate", "label": "Rate of burglary", "value": "7", "unit": "per 1,000 residents",
    "period": "12 months to March 2022", "area": "Enfield", "release": "mid-2020 release",
    "denominator": "ONS mid-2020 population estimate, mid-2020 release",
    "source": "Metropolitan Police Service, recorded crime by borough",
}  # fmt: skip
COUNTED = {"unit": "offences", "denominator": ""}
NOT_HELD = "months that the source does not hold"
LAST_MONTH = load.table("releases").query("publication == 'mps_borough_crime'")["last_month"].max()
FIRST_YEAR_AHEAD, SECOND_YEAR_AHEAD = (
    Period.year_to(LAST_MONTH).shift_years(years).label for years in (1, 2)
)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({}, ""),
        ({"period": "2021/22"}, "a period that is not in full"),
        ({"period": "2021"}, "a period that is not in full"),
        ({"period": "12 months to March 2031"}, NOT_HELD),
        ({"label": "Forecast", "period": FIRST_YEAR_AHEAD} | COUNTED, ""),
        ({"label": "Forecast", "period": SECOND_YEAR_AHEAD} | COUNTED, NOT_HELD),
        ({"label": "Burglary", "period": FIRST_YEAR_AHEAD} | COUNTED, NOT_HELD),
        ({"area": "Atlantis"}, "an area that the source does not have"),
        ({"unit": "per 1,000 households"}, "a rate or rank without its denominator"),
        ({"label": "Rank of burglary"}, "a label that does not fit the unit"),
        ({"release": "mid-2023 release"}, "a denominator of another release"),
        ({"unit": "%", "label": "Share"}, "a denominator that nothing is divided by"),
        ({"label": "Change in rate"}, "a unit that is no change's"),
        ({"source": "GLA, anti-social behaviour calls"}, "calls that are London's alone"),
        ({"source": "Barnet Council committee paper"}, "a printed figure of another area"),
    ],
)
def test_a_fact_with_a_wrong_label_is_found(wrong: dict[str, str], problem: str) -> None:
    found = problems(pd.DataFrame([RIGHT | wrong]), "Enfield")
    assert bool(found) == bool(problem)
    assert not problem or any(problem in each for each in found)
