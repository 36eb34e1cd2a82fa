"""The table of editions, and one series out of several releases."""

import pandas as pd
import pytest

from safer_communities.analysis.editions import combine_releases, edition_of
from safer_communities.datasets import load
from safer_communities.errors import InputError


def made_release(months: list[str], count: int, classification: str = "2019") -> pd.DataFrame:
    """A release made for these tests: one offence in one area."""
    return pd.DataFrame(
        {
            "month": pd.to_datetime(months),
            "area_code": "E09000003",
            "offence": "Arson",
            "count": count,
            "classification": classification,
        }
    )


def test_the_strategy_has_its_own_edition() -> None:
    edition = edition_of(2022, load.table("editions"))
    assert edition.period.label == "12 months to March 2022"
    assert edition.classification == "2019"
    assert edition.borough_crime_releases == ("2024-02",)
    assert edition.strategy_borough


def test_an_unknown_edition_names_those_there_are() -> None:
    with pytest.raises(InputError, match=r"no edition 2019[\s\S]*2022"):
        edition_of(2019, load.table("editions"))


@pytest.mark.slow
def test_every_edition_can_be_read_and_covers_both_of_its_years() -> None:
    editions = load.table("editions")
    for year in editions["edition"]:
        edition = edition_of(int(year), editions)
        series = combine_releases(
            [load.recorded_crime(name) for name in edition.borough_crime_releases]
        )
        months = set(series["month"])
        assert set(edition.period.months()) <= months
        assert set(edition.period.previous().months()) <= months


def test_a_month_comes_from_the_first_release_that_has_it() -> None:
    newer = made_release(["2022-02-01", "2022-03-01"], count=5)
    older = made_release(["2022-01-01", "2022-02-01"], count=9)
    series = combine_releases([newer, older]).set_index("month")["count"]
    assert series.to_dict() == {
        pd.Timestamp("2022-01-01"): 9,
        pd.Timestamp("2022-02-01"): 5,
        pd.Timestamp("2022-03-01"): 5,
    }


def test_two_classifications_are_never_joined() -> None:
    old = made_release(["2022-01-01"], 1)
    new = made_release(["2022-02-01"], 1, classification="2024")
    with pytest.raises(ValueError, match="2019, 2024"):
        combine_releases([new, old])
