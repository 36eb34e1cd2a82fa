"""Changes in the built book and the dated breaks: none goes across one without saying so."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from safer_communities.datasets import load
from safer_communities.datasets.periods import Period

# A page may state what a break did, in numbers, in place of its caution: the facts that do.
SAID_IN_NUMBERS = dict.fromkeys(
    ("unplaced_offences", "unplaced_2024"), "Offences without a borough"
)
AGAINST = re.compile(r"12 months to (\w+ [0-9]{4}), against 12 months to (\w+ [0-9]{4})")


@pytest.fixture(scope="module")
def facts(site: Path) -> pd.DataFrame:
    return pd.read_csv(site / "downloads" / "indicators.csv")


@pytest.fixture(scope="module")
def changes(facts: pd.DataFrame) -> pd.DataFrame:
    """Every change in per cent between two years that the book states."""
    rows = facts[(facts["unit"] == "%") & facts["period"].str.fullmatch(AGAINST)]
    rows = rows[rows["label"].str.startswith("Change in ")]
    # The breaks of the lists of offences are those of recorded crime: a call to the police, a
    # flagged offence or a child before a court is on none of them.
    return rows[rows["source"].str.contains("recorded crime by borough")]


def years(period: str) -> tuple[Period, Period]:
    later, earlier = AGAINST.fullmatch(period).groups()
    return Period.year_to(pd.Timestamp(later)), Period.year_to(pd.Timestamp(earlier))


@cache
def classification(release: str) -> str:
    """The classification of the first release that a fact names: "release of February 2024"."""
    month = re.search(r"release of (\w+ [0-9]{4})", release)[1]
    releases = load.table("releases").set_index(["publication", "release"])
    return releases.at[("mps_borough_crime", f"{pd.Timestamp(month):%Y-%m}"), "classification"]


@cache
def between_any_years() -> list[Any]:
    return list(load.table("series_breaks").query("effect != 'releases'").itertuples())


def breaks_between(fact: pd.Series) -> dict[str, str]:
    """What has to stand beside a change: the cautions of the breaks between its two years."""
    later, earlier = years(fact["period"])
    measure = re.sub(r"^Change in |,.*$", "", fact["label"])
    found = {}
    for row in between_any_years():
        measures = [name.casefold() for name in row.measures.split(";") if name]
        about = not measures or {measure.casefold(), "every measure"} & set(measures)
        last = later.end if measures else earlier.end
        of_list = classification(fact["release"]) in row.classification.split(";")
        # A break on the first day of the base year leaves both years in the new state.
        begun = earlier.start < row.date if measures else earlier.start <= row.date
        if of_list and about and begun and row.date <= last:
            found[row.break_id] = row.caution
    return found


def test_the_book_states_changes_and_some_go_across_a_break(changes: pd.DataFrame) -> None:
    assert len(changes) >= 10
    assert changes.apply(breaks_between, axis=1).map(len).sum() >= 5


def test_every_change_across_a_break_stands_beside_its_caution(
    facts: pd.DataFrame, changes: pd.DataFrame, site: Path
) -> None:
    pages: dict[str, str] = {}
    for _, fact in changes.iterrows():
        chapter = fact["chapter"]
        if chapter not in pages:
            (page,) = site.glob(f"*/{chapter}.html")
            article = BeautifulSoup(page.read_text(encoding="utf-8"), "lxml").article
            pages[chapter] = plain(article.get_text())
        own = facts[facts["chapter"] == chapter]
        for name, caution in breaks_between(fact).items():
            assert caution, fact["id"]
            in_numbers = own.loc[own["label"] == SAID_IN_NUMBERS.get(name), "period"]
            assert plain(caution) in pages[chapter] or len(in_numbers) == 2, (fact["id"], name)


def test_the_change_in_calls_from_the_lockdowns_on_says_so(facts: pd.DataFrame, site: Path) -> None:
    """Calls went up in the lockdowns, so that their caution is another than that of offences."""
    fact = facts.set_index("id").loc["anti_social_behaviour.london"]
    html = (site / "notebooks" / "anti_social_behaviour.html").read_text(encoding="utf-8")
    text = plain(BeautifulSoup(html, "lxml").article.get_text())
    assert years(fact["period"])[1] == Period.year_to("2021-03")
    assert "During the lockdowns many calls were about the rules on meeting other people." in text
    assert "A year before the pandemic is the fairer comparison" in text


def test_a_change_is_of_one_classification(changes: pd.DataFrame) -> None:
    """Two lists of offences are never compared: the releases that a change names have one."""
    releases = load.table("releases").query("publication == 'mps_borough_crime'")
    names = {f"release of {pd.Timestamp(r.release):%B %Y}": r for r in releases.itertuples()}
    for _, fact in changes.iterrows():
        named = re.findall(r"release of \w+ [0-9]{4}", fact["release"])
        assert len({names[part].classification for part in named}) == 1, fact["id"]
        # One release holds both years, or the change would be of two states of one count.
        later, earlier = years(fact["period"])
        row = names[named[0]]
        assert row.last_month >= f"{later.end:%Y-%m}", fact["id"]
        assert row.first_month <= f"{later.start:%Y-%m}", fact["id"]
        assert earlier.end < later.start, fact["id"]


def plain(text: str) -> str:
    """Text with one space between words and straight apostrophes."""
    return " ".join(text.replace("’", "'").split())
