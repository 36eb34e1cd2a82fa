"""What the README says that the book found is what the built book says."""

from pathlib import Path

import pandas as pd
import pytest

from safer_communities.facts import wording
from safer_communities.project import ROOT


@pytest.fixture(scope="module")
def found() -> str:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return " ".join(readme.split("## What the book found")[1].split("\n## ")[0].split())


@pytest.fixture(scope="module")
def values(site: Path) -> pd.Series:
    return pd.read_csv(site / "downloads" / "indicators.csv", index_col="id")["value"]


def test_recorded_crime_in_the_readme_is_that_of_the_book(found: str, values: pd.Series) -> None:
    of = {name: values[f"summary.change{name}"] for name in ("", "_count", "_ci_low", "_ci_high")}
    assert f"recorded {of['_count']:,.0f} offences" in found
    assert f"{of['']:.1f}% more than in the year before" in found
    assert of["_ci_low"] < 0 < of["_ci_high"]
    assert f"(95% interval {of['_ci_low']:.1f}% to {of['_ci_high']:.1f}%)" in found
    assert f"rose by {values['summary.change_others']:.1f}%" in found


def test_the_rank_in_the_readme_is_that_of_the_book(found: str, values: pd.Series) -> None:
    own, low, high = (
        wording.ordinal(round(values[f"crime_rankings.rank_own{end}"]))
        for end in ("", "_ci_low", "_ci_high")
    )
    assert f"the {own} lowest rate" in found
    assert f"from {low} to {high} lowest" in found


def test_the_checks_in_the_readme_are_those_of_the_book(found: str, values: pd.Series) -> None:
    claimed, carried, not_carried = (
        f"{values[f'young_people.{name}']:.0f}" for name in ("claimed", "carried", "not_carried")
    )
    assert f"calls {claimed} survey shifts significant" in found
    assert f"support {carried} of these claims, contradict {not_carried}, and" in found
    of = {
        name: f"{values[f'checking_the_strategy.{name}']:.0f}"
        for name in ("claims", "by_data", "by_each_other", "amiss", "open")
    }
    assert f"Of {of['claims']} printed figures, {of['by_data']} agree with published" in found
    assert f"{of['by_each_other']} agree only with one another, {of['amiss']} do not" in found
    assert f"and {of['open']} cannot be settled" in found
    assert f"is {-values['anti_social_behaviour.london']:.0f}%, not 79%" in found
