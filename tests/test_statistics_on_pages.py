"""No "significant" without its evidence within reach; no estimate drawn without its interval."""

import csv
import re
from copy import copy
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from pages_of_book import PAGES_OF_TEMPLATES, built_page, pages_in_contents

# What has to be within reach of the word, and how the pages word it.
EVIDENCE = {
    "base": r"\b(?:bases? of|people asked|number interviewed)\b|\(assumed\)",
    "interval": r"\b95% interval",
    "p": r"\bp is\b|\bp \(|\bp-value|\bp <= ",
}
WORD = re.compile(r"\bsignifican(?:t|ce|tly)\b", re.IGNORECASE)
# Pages that say what the word means.
DEFINING = {"book/glossary.html", "book/methods.html"}
# Charts of what is no estimate, and why they have no interval.
COUNTED = {
    "crime_levels_contribution": "a sum of counts: the table below it has the verdicts",
    "since_the_strategy_contribution": "a sum of counts: the table below it has the verdicts",
    "environmental_crime_fly_tipping": "every notice that the council reported",
    "crime_rankings_funnel": "the limits are drawn, the chart of rates has the intervals",
    "about_barnet_population": "official estimates, published without an interval",
    "about_barnet_ethnic_groups": "every answer on Census day",
    "about_barnet_claimants": "every claim",
    "about_barnet_house_prices": "an index of all sales, published without an interval",
    "anti_social_behaviour_calls": "every call, month by month",
    "anti_social_behaviour_months": "every incident, month by month",
    "crime_levels_calendar": "every offence, month by month",
    "crime_rankings_places": "a place a cell: the chart above has the ranges of the borough's",
    "hate_crime_months": "every offence, month by month",
    "serious_violence_and_knife_crime_months": "every offence, month by month",
    "violence_against_women_and_girls_kinds": "shares of all that were counted, not of a sample",
    "wards_spread": "how many wards have each rate: the chart above has the intervals",
    "checking_the_strategy_verdicts": "how many figures have each verdict",
    "since_the_strategy_tally": "how many indicators have each verdict",
    "revisions_growth_by_age": "how much counts of each age grew, from one release to another",
    "ward_*_place": "where the ward lies",
}
# What a change is set against where too few years are held for an interval of its own.
AGAINST = ("against", "against_low", "against_high")
# Charts that set an estimate beside what was counted, and which of their rows is the estimate.
ESTIMATED = {"crime_levels_outlook": {"series": "Forecast"}}
VALUES = (
    "value", "change", "change_percent", "change_points", "difference", "rate", "rank", "percent",
    "count",
)  # fmt: skip
ENDS = {"rank": ("rank_low", "rank_high")}
CONTROL_LIMITS = ("lower", "centre", "upper")


@cache
def article(path: Path) -> Tag:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml").select_one("article")


PAGES = [*pages_in_contents(), *PAGES_OF_TEMPLATES]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def charts(site: Path) -> dict[str, list[dict[str, str]]]:
    """The data of every chart of the book, by its name."""
    found = {}
    for page in (built_page(site, page) for page in PAGES):
        for link in article(site / page).select("figure.exhibit a[download][href$='.csv']"):
            path = (site / page).parent / link["href"]
            found[path.stem] = rows_of(path)
    return found


@cache
def prose(path: Path) -> str:
    """The text of a page as read, without links, code and drawings."""
    own = copy(article(path))
    for unread in own.select("a, svg, script, div.cell_input"):
        unread.decompose()
    return re.sub(r"\s+", " ", own.get_text(" "))


@pytest.mark.parametrize("page", PAGES, indirect=True)
def test_the_evidence_is_on_every_page_that_calls_something_significant(
    site: Path, page: str
) -> None:
    text = prose(site / page)
    if page in DEFINING or not WORD.search(text):
        return
    missing = [name for name, words in EVIDENCE.items() if not re.search(words, text, re.I)]
    assert missing == []


def test_the_word_is_looked_for_where_it_stands(site: Path) -> None:
    with_it = {page for page in PAGES if WORD.search(prose(site / built_page(site, page)))}
    assert "notebooks/young_people.html" in with_it


def test_every_verdict_on_a_claim_of_significance_shows_its_evidence(site: Path) -> None:
    """In the same sentence, so that it can be quoted; a shift without a level has no p."""
    reasons = [
        row["reason"]
        for row in rows_of(site / "downloads" / "claims.csv")
        if WORD.search(row["claim"]) or WORD.search(row["reason"])
    ]
    assert len(reasons) >= 15
    for reason in reasons:
        wanted = ["base"] if "prints no level" in reason else list(EVIDENCE)
        assert [name for name in wanted if not re.search(EVIDENCE[name], reason)] == []


@pytest.mark.parametrize("page", PAGES, indirect=True)
def test_a_table_of_tested_shifts_shows_the_evidence_in_its_rows(site: Path, page: str) -> None:
    """Where a table has the difference of two levels, it has all three of each."""
    for table in article(site / page).select("table"):
        headings = [th.get_text(" ", strip=True) for th in table.select("thead th")]
        if "First → second" not in headings:
            continue
        for words in ("95% interval", "p (over all", "People asked"):
            assert any(words in heading for heading in headings), table.caption.get_text()


def test_every_estimate_that_is_drawn_has_its_interval(charts) -> None:
    assert len(charts) >= 20
    assert [name for name in COUNTED if not any(fnmatch(chart, name) for chart in charts)] == []
    for name, rows in charts.items():
        if any(fnmatch(name, counted) for counted in COUNTED):
            continue
        columns = set(rows[0])
        if set(CONTROL_LIMITS) <= columns:
            assert all(float(r["lower"]) <= float(r["centre"]) <= float(r["upper"]) for r in rows)
            continue
        value = next(column for column in VALUES if column in columns)
        low, high = ENDS.get(value, ("ci_low", "ci_high"))
        assert {low, high} <= columns, f"{name}: draw its intervals, or say in COUNTED why not"
        # What is withheld is not drawn.
        drawn = [row for row in rows if row[value]]
        estimates = [row for row in drawn if ESTIMATED.get(name, {}).items() <= row.items()]
        assert estimates, name
        for row in estimates:
            in_words = not row[low] and "95% interval" in row.get("why", "")
            ends = AGAINST if in_words else (value, low, high)
            estimate, least, most = (float(row[column]) for column in ends)
            assert least <= estimate <= most, (name, row)


def test_every_rank_that_is_drawn_lies_in_its_range(charts) -> None:
    ranked = {name: rows for name, rows in charts.items() if "rank_low" in rows[0]}
    assert {"crime_rankings_ranks", "crime_rankings_map"} <= set(ranked)
    for name, rows in ranked.items():
        for row in rows:
            ends = [int(float(row[column])) for column in ("rank_low", "rank", "rank_high")]
            assert ends == sorted(ends), (name, row)
