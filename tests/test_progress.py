"""Progress: which indicators are followed, and when a change is called clear."""

from dataclasses import replace

import pandas as pd
import pytest

from safer_communities.analysis.changes.progress import progress
from safer_communities.analysis.recorded_crime import UNPLACED, RecordedCrime
from safer_communities.chapter.book import Book
from safer_communities.datasets.periods import Period
from safer_communities.settings import Settings

FIRST, LAST = Period.year_to("2022-03"), Period.year_to("2024-03")


def made_crime(
    first_year: int, last_year: int, *, unplaced_first: int = 0, unplaced_last: int = 0
) -> RecordedCrime:
    """Made for these tests: level months, two boroughs alike, a third without offences.

    Beside them stand offences without a borough. Nothing moves before the pandemic.
    """
    rows = []
    for month in pd.date_range("2014-04", LAST.end, freq="MS"):
        early = month <= FIRST.end
        for area, count in {
            "A": first_year if early else last_year,
            "B": first_year if early else last_year,
            "C": 0,
            UNPLACED: unplaced_first if early else unplaced_last,
        }.items():
            rows.append((month, area, "Burglary", count))
    offences = pd.DataFrame(
        {"offence": ["Burglary"], "offence_group": ["Burglary"], "counted_in_total": [True]}
    )
    boroughs = pd.DataFrame({"area_code": [*"ABC"], "borough": ["Ayton", "Beeton", "Seaton"]})
    counts = pd.DataFrame(rows, columns=["month", "area_code", "offence", "count"])
    return RecordedCrime(counts, offences, boroughs, "A", LAST)


def made_indicators(better: str = "lower", measure: str = "Burglary") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "priority": [3],
            "indicator": ["Break-ins"],
            "measure": [measure],
            "better": [better],
            "note": ["made"],
        }
    )


def verdict(crime: RecordedCrime, indicators: pd.DataFrame) -> str:
    return progress(crime, indicators, FIRST).table["verdict"].iloc[0]


@pytest.mark.parametrize(
    ("crime", "lower_is_better", "neither_is"),
    [
        (made_crime(100, 200), "worse", "higher"),
        (made_crime(200, 100), "better", "lower"),
        (made_crime(100, 101), "no clear change", "no clear change"),
    ],
)
def test_a_clear_change_is_judged_only_where_a_direction_is_better(
    crime: RecordedCrime, lower_is_better: str, neither_is: str
) -> None:
    assert verdict(crime, made_indicators("lower")) == lower_is_better
    assert verdict(crime, made_indicators("either")) == neither_is


@pytest.mark.parametrize(
    ("crime", "counted", "placed"),
    [
        # Half of the first year had no borough: placed like the rest, 100 a month were 200.
        (made_crime(100, 200, unplaced_first=200), 100, 0),
        # Counted, a clear rise; placed, one that chance could bring.
        (made_crime(100, 120, unplaced_first=38), 20, 100 * (1.2 * 200 / 238 - 1)),
        # Counted, a clear rise; placed, a clear fall.
        (made_crime(100, 150, unplaced_first=200), 50, -25),
        # Counted alike; placed, twice as many.
        (made_crime(100, 100, unplaced_last=200), 0, 100),
    ],
)
def test_a_change_has_to_be_clear_both_as_counted_and_as_placed(
    crime: RecordedCrime, counted: float, placed: float
) -> None:
    row = progress(crime, made_indicators(), FIRST).table.iloc[0]
    assert row["change_percent"] == pytest.approx(counted)
    assert row["placed_change_percent"] == pytest.approx(placed)
    assert row["verdict"] == "no clear change"


@pytest.mark.parametrize(
    ("others", "own_past", "beside", "verdict"),
    [
        # The borough doubled; the other did as well, stood still, or went up by far more.
        (200, "worse", "no clear change", "worse"),
        (100, "worse", "worse", "worse"),
        (800, "worse", "better", "no clear change"),
    ],
)
def test_an_indicator_is_worse_where_one_comparison_says_so_and_none_the_contrary(
    others: int, own_past: str, beside: str, verdict: str
) -> None:
    crime = made_crime(100, 200)
    counts = crime.counts
    late = (counts["area_code"] == "B") & (counts["month"] > FIRST.end)
    changed = replace(crime, counts=counts.assign(count=counts["count"].mask(late, others)))
    [row] = progress(changed, made_indicators(), FIRST).table.to_dict("records")
    found = (row["own_past"], row["beside_others"], row["verdict"])
    assert found == (own_past, beside, verdict)


def test_the_note_has_the_breaks_of_its_own_measure_alone() -> None:
    table = Book(Settings(edition=2026)).progress().table.set_index("indicator")
    assert "Since September 2024 far more of these" in table.loc["Drug trafficking", "note"]
    assert table.loc["Criminal damage", "note"] == ""


@pytest.mark.parametrize(
    ("better", "expected"), [("lower", "not published"), ("", "cannot be compared")]
)
def test_an_indicator_without_figures_says_why(better: str, expected: str) -> None:
    indicators = pd.concat([made_indicators(), made_indicators(better, measure="")])
    found = progress(made_crime(100, 200), indicators, FIRST)
    assert list(found.table["verdict"]) == ["worse", expected]
    assert pd.isna(found.table["change_percent"].iloc[1])
    assert list(found.table["note"]) == ["made", "made"]


@pytest.mark.parametrize(
    ("crime", "better", "words"),
    [
        (
            made_crime(100, 200),
            "lower",
            "none got better, one got worse and none had no clear change",
        ),
        (
            made_crime(200, 100),
            "lower",
            "one got better, none got worse and none had no clear change",
        ),
        (
            made_crime(100, 200),
            "either",
            "none got better, none got worse, none had no clear change and one moved where neither "
            "direction is good or bad by itself",
        ),
    ],
)
def test_the_verdicts_in_words_add_up(crime: RecordedCrime, better: str, words: str) -> None:
    assert progress(crime, made_indicators(better), FIRST).in_words("verdict") == words


def test_the_total_is_placed_like_every_indicator() -> None:
    found = progress(made_crime(100, 200, unplaced_first=200), made_indicators(), FIRST)
    assert found.total.change_percent == pytest.approx(100)
    assert found.total_placed_percent == pytest.approx(0)


def test_a_measure_that_the_classification_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no 'Piracy'; write '"):
        progress(made_crime(100, 200), made_indicators(measure="Piracy"), FIRST)


def test_the_years_shown_start_with_the_first_and_bear_the_indicators_name() -> None:
    found = progress(made_crime(100, 200), made_indicators(), FIRST)
    assert list(found.panels["label"]) == ["2021/22", "2022/23", "2023/24"]
    assert set(found.panels["panel"]) == {"Break-ins"}
    assert found.label == "12 months to March 2024, against 12 months to March 2022"
    assert (found.total.base_count, found.total.count) == (1200, 2400)


@pytest.mark.parametrize("edition", [2022, 2025])
def test_real_progress_runs_from_the_strategys_year_in_one_classification(edition: int) -> None:
    """The base is the strategy's year as the newest releases have it, not 27,826."""
    data = Book(Settings(edition=edition))
    found = data.progress()
    assert found.total.base_count == data.newest_crime.count(period=FIRST)
    assert found.total.base_count == pytest.approx(27_413, abs=100)
    assert found.first == FIRST
    assert found.table.groupby("priority").ngroups == 5
    numbers = found.table.dropna(subset="change_percent")
    clear = numbers[numbers["own_past"] != "no clear change"]
    assert len(clear) > 0
    assert (clear["change_percent"] * clear["placed_change_percent"] > 0).all()
    assert (clear["ci_low"] * clear["ci_high"] > 0).all()
