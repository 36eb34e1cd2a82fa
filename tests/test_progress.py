"""Progress: which indicators are followed, and when a change is called clear."""

from dataclasses import replace
from functools import partial

import pandas as pd
import pytest

from rows_of_counts import rows_of
from safer_communities.analysis.monthly_counts import MonthlyCounts
from safer_communities.analysis.priorities.followed import in_crime, span
from safer_communities.analysis.priorities.progress import (
    NO_CLEAR_CHANGE,
    NOT_JUDGED,
    VERDICTS,
    Progress,
    _in_order,
    all_crime,
    progress,
)
from safer_communities.analysis.recorded_crime import UNPLACED, RecordedCrime
from safer_communities.chapter.book import Book
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period
from safer_communities.facts import wording
from safer_communities.settings import Settings

pytestmark = pytest.mark.slow

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
    return RecordedCrime(MonthlyCounts(counts.assign(release="")), offences, boroughs, "A", LAST)


def made_indicators(better: str = "lower", measure: str = "Burglary") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "priority": [3],
            "indicator": ["Break-ins"],
            "noun": ["crime" if measure else ""],
            "measure": [measure],
            "better": [better],
            "note": ["made"],
        }
    )


def followed(crime: RecordedCrime, indicators: pd.DataFrame) -> Progress:
    return progress(indicators, {"crime": partial(in_crime, crime)}, FIRST, crime.sharing_nothing)


def verdict(crime: RecordedCrime, indicators: pd.DataFrame) -> str:
    return followed(crime, indicators).table["verdict"].iloc[0]


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
    row = followed(crime, made_indicators()).table.iloc[0]
    assert row["change"] == pytest.approx(counted)
    assert row["verdict"] == "no clear change"
    # The interval alone would have said so: the row tells why it does not.
    overruled = row["ci_low"] * row["ci_high"] > 0
    told = wording.rise_of(placed, wording.percent(abs(placed)))
    assert (f"there is {told}: within" in row["why"]) == overruled


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
    counts = rows_of(crime)
    late = (counts["area_code"] == "B") & (counts["month"] > FIRST.end)
    rows = counts.assign(count=counts["count"].mask(late, others))
    changed = replace(crime, counts=MonthlyCounts(rows))
    [row] = followed(changed, made_indicators()).table.to_dict("records")
    found = (row["own_past"], row["beside_others"], row["verdict"])
    assert found == (own_past, beside, verdict)
    assert ("opposite directions" in row["why"]) == (beside == "better")


def test_what_rose_less_than_elsewhere_did_not_get_better(newest_lewisham: pd.DataFrame) -> None:
    """Release of April 2026, 12 months to March 2022 and 2026: in the others it rose by 282.8%."""
    row = newest_lewisham.loc["Drug trafficking"]
    assert row["change"] == pytest.approx(102.6, abs=0.05)
    assert row["others_change"] == pytest.approx(282.8, abs=0.05)
    assert row["verdict"] == "lower than elsewhere"
    assert (row["own_past"], row["beside_others"]) == ("no clear change", "lower")


def test_an_indicator_without_figures_comes_last_with_its_note() -> None:
    indicators = pd.concat([made_indicators(measure=""), made_indicators()], ignore_index=True)
    found = followed(made_crime(100, 200), indicators.assign(indicator=["Calls", "Break-ins"]))
    assert list(found.table["verdict"]) == ["worse", "no figures"]
    assert pd.isna(found.table["change"].iloc[1])
    assert found.unfollowed.to_numpy().tolist() == [["Calls", "made"]]
    facts = found.facts()
    assert facts["unfollowed_3"] == "Without figures: calls."
    assert facts["verdicts_3"] == "one worse"


def test_a_priority_without_figures_has_no_verdict() -> None:
    found = followed(made_crime(100, 200), made_indicators(measure=""))
    assert found.followed.table.empty
    assert found.facts()["verdicts_3"] == "none can be followed"


def test_a_kind_of_figure_that_there_is_not_is_refused() -> None:
    indicators = made_indicators().assign(noun="crimes")
    with pytest.raises(ValueError, match="'Break-ins' is of no kind 'crimes'; write 'crime'"):
        followed(made_crime(100, 200), indicators)


def test_clear_changes_come_first_and_then_the_larger() -> None:
    rows = []
    for name, change, verdict in (
        ("small", 5.0, "no clear change"),
        ("large", -30.0, "no clear change"),
        ("clear", 10.0, "worse"),
        ("clearer", -20.0, "better"),
    ):
        rows.append({"priority": 1, "indicator": name, "change": change, "verdict": verdict})
    table = pd.DataFrame(rows).assign(now=1.0)
    assert list(_in_order(table)["indicator"]) == ["clearer", "clear", "large", "small"]


@pytest.mark.parametrize(
    ("starts", "breaks_at", "expected"),
    [
        ("2010-04", None, ("2022-03", "2026-02")),
        # Held only from August 2021: the first full year.
        ("2021-08", None, ("2022-07", "2026-02")),
        # A break leaves two full years after it.
        ("2014-01", "2024-02-28", ("2025-02", "2026-02")),
        # A break leaves none: up to the month before it.
        ("2014-01", "2025-06-30", ("2022-03", "2025-06")),
        ("2021-08", "2025-06-30", ("2022-07", "2025-06")),
        # Nothing before the break either.
        ("2025-04", "2025-06-30", ("2026-02", "2026-02")),
    ],
)
def test_the_years_compared_are_held_and_no_break_lies_between(
    starts: str, breaks_at: str | None, expected: tuple[str, str]
) -> None:
    def held(year: Period) -> bool:
        return year.start >= pd.Timestamp(starts)

    def compares(base: Period, last: Period) -> bool:
        return breaks_at is None or not base.start < pd.Timestamp(breaks_at) <= last.end

    found = span(FIRST, Period.year_to("2026-02"), held, compares)
    assert found == tuple(Period.year_to(month) for month in expected)


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
            "none got better, none got worse, none had no clear change and one clearly moved, "
            "which is neither good nor bad by itself",
        ),
    ],
)
def test_the_verdicts_in_words_add_up(crime: RecordedCrime, better: str, words: str) -> None:
    assert followed(crime, made_indicators(better)).in_words("verdict") == words


def test_the_total_is_placed_like_every_indicator() -> None:
    found = all_crime(made_crime(100, 200, unplaced_first=200), FIRST)
    assert found.change.change_percent == pytest.approx(100)
    assert found.change.placed_percent == pytest.approx(0)
    assert found.unplaced_first == pytest.approx(50)
    assert (found.change.base_count, found.change.count) == (1200, 2400)


def test_a_measure_that_the_classification_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no 'Piracy'; write '"):
        followed(made_crime(100, 200), made_indicators(measure="Piracy"))


def test_the_years_shown_are_all_that_there_are_and_bear_the_indicators_name() -> None:
    found = followed(made_crime(100, 200), made_indicators())
    assert list(found.years["label"])[-3:] == ["2021/22", "2022/23", "2023/24"]
    assert set(found.years["indicator"]) == {"Break-ins"}
    assert found.periods == "12 months to March 2024, against 12 months to March 2022"


def test_a_verdict_beside_the_others_alone_is_counted_apart() -> None:
    """The borough stood still, and the other halved."""
    crime = made_crime(100, 100)
    counts = rows_of(crime)
    late = (counts["area_code"] == "B") & (counts["month"] > FIRST.end)
    rows = counts.assign(count=counts["count"].mask(late, 50))
    found = followed(replace(crime, counts=MonthlyCounts(rows)), made_indicators())
    assert list(found.table["verdict"]) == ["worse than elsewhere"]
    facts = found.facts()
    assert facts["verdicts_3"] == "one worse than elsewhere"
    assert facts["worse"].value == 0
    assert facts["verdicts"] == (
        "none got better, none got worse, none had no clear change and one moved clearly "
        "only when set against the other boroughs"
    )
    assert facts["beside_verdicts"] == (
        "none did better, one did worse and none had no clear change"
    )


@pytest.fixture(scope="module")
def newest_lewisham() -> pd.DataFrame:
    book = Book(Settings("Lewisham", 2026))
    indicators = load.table("indicators")
    crime = indicators[indicators["measure"] == "Drug trafficking"]
    nouns = {"crime": partial(in_crime, book.crime)}
    return progress(crime, nouns, FIRST).table.set_index("indicator")


@pytest.fixture(scope="module")
def real() -> Book:
    return Book(Settings(edition=2025))


def test_real_progress_runs_from_the_strategys_year_in_one_classification(real: Book) -> None:
    """The base is the strategy's year as the newest releases have it, not 27,826."""
    total = real.all_crime().change
    assert total.base_count == real.newest_crime.count(period=FIRST)
    assert total.base_count == pytest.approx(27_413, abs=100)
    found = real.progress()
    assert found.first == FIRST
    assert found.table.groupby("priority").ngroups == 5
    numbers = found.table.dropna(subset="change")
    assert numbers["verdict"].isin(VERDICTS[:-2]).all()
    # The change has its interval, or the comparison with the other boroughs has.
    for low, high in (("ci_low", "ci_high"), ("against_low", "against_high")):
        known = numbers.dropna(subset=low)
        assert (known[low] < known[high]).all()
    assert numbers[["ci_low", "against_low"]].notna().any(axis=1).all()
    assert numbers["london_change"].notna().all()


def test_violence_with_injury_is_followed_from_the_first_year_after_the_break(real: Book) -> None:
    table = real.progress().table.set_index("indicator")
    assert table.loc["Violence with injury", "base_period"] == "12 months to February 2025"
    assert table.loc["Burglary", "base_period"] == "12 months to March 2022"


def test_the_note_has_the_breaks_of_its_own_measure_alone(real: Book) -> None:
    table = real.progress().table.set_index("indicator")
    assert "Since September 2024 far more drug offences" in table.loc["Drug trafficking", "note"]
    assert table.loc["Criminal damage", "note"] == ""


def test_hate_crime_is_followed_to_the_break_and_said_to_count_differently_since(
    real: Book,
) -> None:
    row = real.progress(5).table.set_index("indicator").loc["Hate crime"]
    assert row["base_period"] == "12 months to July 2022"
    assert row["period"] == "12 months to February 2024"
    assert "Since February 2024 it is counted differently" in row["why"]
    assert "the 12 months to July 2025 had " in row["why"]
    # No year before the pandemic is held: the interval is that beside the other boroughs.
    assert pd.isna(row["ci_low"])
    assert row["against_low"] < row["against"] < row["against_high"]
    assert "Set against the other boroughs" in row["why"]


def test_flagged_violence_against_women_is_followed_from_the_first_year_after_the_break(
    real: Book,
) -> None:
    row = real.progress().table.set_index("indicator").loc["Violence against women and girls"]
    assert (row["base_period"], row["period"]) == (
        "12 months to February 2025",
        "12 months to February 2026",
    )
    assert row["ci_low"] < row["change"] < row["ci_high"]


def test_what_residents_think_is_followed_in_points(real: Book) -> None:
    row = (
        real.progress()
        .table.set_index("indicator")
        .loc["Residents who feel well informed about local policing"]
    )
    assert (row["base_period"], row["period"]) == (
        "12 months to March 2022",
        "12 months to December 2023",
    )
    assert (row["then"], row["now"], row["change"], row["unit"]) == (40, 21, -19, "%")
    # More would be better: a clear fall is worse.
    assert row["ci_high"] < 0
    assert row["verdict"] == "worse"
    assert row["london_low"] < row["london_change"] < row["london_high"]


def test_every_priority_but_the_fourth_has_three_indicators_with_a_verdict(real: Book) -> None:
    table = real.progress().table.dropna(subset=["change", "london_change"])
    judged = table[table[["ci_low", "against_low"]].notna().any(axis=1)]
    counts = judged.groupby("priority").size()
    assert (counts.reindex([1, 2, 3, 5]) >= 3).all()
    assert 4 not in counts.index


def test_first_time_entrants_go_from_the_last_year_that_had_ended(real: Book) -> None:
    row = (
        real.progress()
        .table.set_index("indicator")
        .loc["First-time entrants to the youth justice system"]
    )
    assert (row["then"], row["now"]) == (160, 146)
    assert row["base_period"] == "12 months to December 2021"
    # London 188 to 157. From so few years nothing is usual: it is judged beside the others alone.
    assert row["london_change"] == pytest.approx(100 * (157 / 188 - 1))
    assert pd.isna(row["ci_low"])
    assert row["against_low"] < row["against"] < row["against_high"]
    assert (row["own_past"], row["beside_others"]) == (NOT_JUDGED, NO_CLEAR_CHANGE)
