"""Each claim on its own: verdicts and reasons as they were read through, and for other figures.

`known_answers/claims.csv` is the book's own download. After a change that is meant, build the book,
read what differs, and copy `_build/html/downloads/claims.csv` there.
"""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from other_borough import evidence_of
from rows_of_counts import rows_of
from safer_communities.analysis.editions import edition_of
from safer_communities.analysis.monthly_counts import MonthlyCounts
from safer_communities.claims import DOWNLOAD_COLUMNS, check_claims, gather_evidence
from safer_communities.claims.context import Context
from safer_communities.claims.evidence import (
    Evidence,
    nearest_releases,
    releases_around,
    releases_held,
)
from safer_communities.claims.table import CHECKS, read_arguments, read_claims
from safer_communities.claims.verdicts import (
    Claim,
    Finding,
    agreement,
    change_shown,
    lies_within,
    sentence,
    shown,
)
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period

KNOWN = Path(__file__).parent / "known_answers" / "claims.csv"


def known() -> list[dict[str, str]]:
    with KNOWN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return gather_evidence()


@pytest.fixture(scope="module")
def claims() -> dict[str, Claim]:
    return {claim.id: claim for claim in read_claims(load.table("claims"))}


def since(evidence: Evidence, month: str) -> Evidence:
    """The evidence as it would be with data from a later month on."""
    rows = rows_of(evidence.crime)
    later = MonthlyCounts(rows[rows["month"] >= month])
    return evidence.but(crime=replace(evidence.crime, counts=later))


def with_shift(evidence: Evidence, points: float, base: float) -> Evidence:
    """The evidence with another shift of parks and open spaces, and other bases."""
    comparisons, waves = evidence.surveys.comparisons.copy(), evidence.surveys.waves.copy()
    own = comparisons["comparison"] == "priority_open_spaces_since_2019"
    comparisons.loc[own, "printed_shift_points"] = points
    waves[["base", "base_low", "base_high"]] = base
    return evidence.but(surveys=replace(evidence.surveys, comparisons=comparisons, waves=waves))


def context_of(claims: dict[str, Claim], evidence: Evidence) -> Context:
    def find(claim_id: str) -> Finding:
        claim = claims[claim_id]
        return CHECKS[claim.check](claim, context)

    context = Context(evidence, claims, find)
    return context


@pytest.fixture
def find(claims, evidence) -> Callable:
    """The finding of a claim; others' printed numbers, and this one's fields, may be changed."""

    def found(claim_id: str, *, printed: dict[str, float] | None = None, **changes) -> Finding:
        changed = dict(claims)
        for name, value in (printed or {}).items():
            changed[name] = replace(changed[name], published=value)
        given = changes.pop("evidence", evidence)
        arguments = {**claims[claim_id].arguments, **changes.pop("arguments", {})}
        changed[claim_id] = replace(changed[claim_id], arguments=arguments, **changes)
        return context_of(changed, given).find(claim_id)

    return found


@pytest.mark.parametrize("row", known(), ids=lambda row: row["id"])
def test_as_read_through(find, claims, row):
    found = find(row["id"])
    assert found.verdict == row["verdict"]
    assert found.reason == row["reason"]
    computed = float(row["computed"]) if row["computed"] else None
    assert found.computed == (computed and pytest.approx(computed, rel=1e-12))
    claim = claims[row["id"]]
    assert (claim.chapter, claim.claim, claim.unit) == (row["chapter"], row["claim"], row["unit"])
    assert claim.published == (float(row["published"]) if row["published"] else None)


def test_every_claim_has_been_read_through(claims):
    assert [row["id"] for row in known()] == list(claims)


def test_the_table_of_all_claims_is_the_download_and_what_the_book_needs_beside_it():
    checked = check_claims(load.table("claims"), gather_evidence())
    expected = pd.read_csv(
        KNOWN, keep_default_na=False, na_values={"published": "", "computed": ""}
    )
    pd.testing.assert_frame_equal(checked[DOWNLOAD_COLUMNS], expected, check_dtype=False)
    beside = ["section", "period", "decimals", "approximate", "note", "counts_as"]
    assert list(checked.columns) == [*DOWNLOAD_COLUMNS, *beside]
    row = checked.set_index("id").loc["residential_rate", beside]
    assert row.tolist() == [
        "Borough Headlines: Residential burglary",
        "12 months to March 2022",
        0,
        True,
        "The number of households that the strategy used is not stated.",
        "figure",
    ]


@pytest.mark.parametrize(
    ("claim_id", "published", "verdict", "reason"),
    [
        (
            "asb_change", -40.0, "inconsistent",
            "The strategy prints a fall of 40.0%, but its own counts, from 18,388 to 10,746, are a "
            "fall of 41.56%.",
        ),
        (
            "asb_london_change", -44, "consistent",
            "The printed counts, from 516,070 to 288,532, are a fall of 44.1%.",
        ),
        (
            "detection_residential_change", 0.05, "consistent",
            "3.4% less 3.5% is a fall of 0.1 percentage points.",
        ),
        (
            "detection_residential_change", 0.06, "inconsistent",
            "The strategy prints a rise of 0.1 percentage points, but 3.4% less 3.5% is a fall of "
            "0.1 percentage points.",
        ),
        ("introduction_years", 4, "inconsistent", "From 2022 to 2027 is 5 years."),
        (
            "title_first_year", 2023, "not checkable",
            "It does not fit the figures printed beside it: The partnership works to this strategy "
            "for five years.",
        ),
        (
            "asb_calls", 5000, "not checkable",
            "It does not fit the figures printed beside it: Change in those calls from the year "
            "before. Needed: No calls by borough are published.",
        ),
        (
            "mopac_burglary_2017", 4000, "wrong",
            "The strategy prints 4,000 and the releases nearest to the strategy give 3,582 "
            "offences; later revisions of such counts are smaller than that difference.",
        ),
        (
            "levels_change", 7.4, "wrong",
            "The strategy prints a rise of 7.4% and the releases nearest to the strategy give a "
            "rise of 6.54% (26,113 to 27,822 offences), the newest (February 2024) a rise of 6.67% "
            "(26,086 to 27,826 offences); later revisions of such changes are smaller than that "
            "difference.",
        ),
        (
            "levels_change_number", 1709, "reproduced",
            "The releases nearest to the strategy give a rise of 1,709 offences (26,113 to 27,822 "
            "offences), the newest (February 2024) a rise of 1,740 offences (26,086 to 27,826 "
            "offences).",
        ),
        (
            "levels_change_number", 3000, "wrong",
            "The strategy prints a rise of 3,000 offences and the releases nearest to the strategy "
            "give a rise of 1,709 offences (26,113 to 27,822 offences), the newest (February 2024) "
            "a rise of 1,740 offences (26,086 to 27,826 offences); later revisions of such changes "
            "are smaller than that difference.",
        ),
        (
            "levels_rate", 80.6, "wrong",
            "The strategy prints 80.6 per 1,000; 27,822 offences and 399,007 residents (ONS "
            "mid-2020 population estimate) give 69.73.",
        ),
        (
            "levels_rank", 20, "wrong",
            "The strategy says thirteenth highest; the data give seventh lowest (ONS mid-2020 "
            "population estimate).",
        ),
        (
            "levels_rank", 7, "reproduced",
            "The data give seventh lowest (ONS mid-2020 population estimate).",
        ),
        (
            "levels_rank", 6, "within revision",
            "The strategy says sixth lowest; the data give seventh lowest (ONS mid-2020 population "
            "estimate). Rates next to it are so close that later revisions move the rank.",
        ),
        (
            "levels_rank", 9, "wrong",
            "The strategy says ninth lowest; the data give seventh lowest (ONS mid-2020 population "
            "estimate).",
        ),
        (
            "residential_rank", 14, "reproduced",
            "The data give fourteenth highest (Census 2021 households).",
        ),
        ("levels_boroughs", 33, "wrong", "London has 32 boroughs."),
        (
            "rankings_other_boroughs", 31, "reproduced",
            "London has 32 boroughs, so Barnet has 31 others to compare with.",
        ),
        ("rankings_lowest", 2, "wrong", "32 boroughs have ranks from 1 to 32."),
        (
            "profile_residents", 395000, "cannot tell",
            "Barnet Council's joint strategic needs assessment gives 402,700 residents (2020). It "
            "is a projection of the Greater London Authority. The ONS mid-2020 population estimate "
            "is 399,007, and the strategy's own crime rate implies 393,000 to 399,300 residents.",
        ),
        (
            "profile_businesses_rank", 2, "wrong",
            "By Office for National Statistics, UK business: activity, size and location, it is "
            "third (businesses, March 2020) and third (businesses, March 2021).",
        ),
        (
            "profile_libraries", 16, "cannot tell",
            "The nearest that is published is 14 libraries for December 2022 (Arts Council "
            "England, Basic dataset for libraries, December 2022).",
        ),
        (
            "profile_ofsted_top", 4, "cannot tell",
            "Office for National Statistics; Ofsted, Subnational indicators explorer, January 2022 "
            "has no figure of 2019-20. In August 2021, the nearest that is published, it was "
            "seventh of 151 areas of England; the printed year is the one before.",
        ),
        (
            "asb_london", 9000, "cannot tell",
            "The strategy prints 9,000; the one published release of the London series gives "
            "288,017 for the same months, so the printed number is 96.9% lower, and no twelve "
            "months give it. How far the series is revised is not known.",
        ),
        (
            "profile_population_rank", 2, "wrong",
            "It is the largest of 32 boroughs by the ONS mid-2020 population estimate.",
        ),
        (
            "profile_average_age", 38, "within rounding",
            "The median age was 37.7 in mid-2020.",
        ),
        (
            "profile_average_age", 36, "cannot tell",
            "The median age was 37.7 in mid-2020; the strategy names no source.",
        ),
        (
            "profile_over_85", 9060, "reproduced",
            "9,060 residents were 85 or older (mid-2020 estimates).",
        ),
        ("profile_hectares", 9000, "wrong", "The boundary file gives 8,674.8 hectares."),
        ("profile_area_rank", 3, "wrong", "It is the fourth largest borough by area."),
        ("asb_london", 288017, "reproduced", "The London series gives 288,017 calls."),
        (
            "asb_london", 271516, "cannot tell",
            "The strategy prints 271,516; the one published release of the London series gives "
            "288,017 for the same months, so the printed number is 5.7% lower, and one other "
            "twelve months give it. How far the series is revised is not known.",
        ),
        ("priorities_number", 6, "inconsistent", "The strategy lists five."),
    ],
)  # fmt: skip
def test_another_printed_number_gets_another_verdict(find, claim_id, published, verdict, reason):
    found = find(claim_id, published=published)
    assert (found.verdict, found.reason) == (verdict, reason)
    # What the data give is the same, whatever is printed.
    expected = None if verdict == "not checkable" else find(claim_id).computed
    assert found.computed == expected


@pytest.mark.parametrize(
    ("published", "verdict"),
    # 0.285, give or take 0.1 for the rounding of the rates and 0.05 for that of the change.
    [(0.43, "consistent"), (0.44, "inconsistent"), (0.14, "consistent"), (0.13, "inconsistent")],
)
def test_a_weighted_change_may_be_off_by_the_rounding_of_all_its_parts(find, published, verdict):
    found = find("mopac_detection_burglary_change", published=published)
    as_printed = find("mopac_detection_burglary_change")
    assert found.verdict == verdict
    assert (found.computed, found.reason) == (as_printed.computed, as_printed.reason)


def test_a_figure_printed_twice_and_unlike_is_inconsistent(find):
    found = find("environment_crime", printed={"young_crime_adults": 30.0})
    assert (found.computed, found.verdict) == (30, "inconsistent")
    assert found.reason == (
        "The strategy prints 36% here and 30 under Young People's Perception Survey 2021/22."
    )
    older = find("profile_crime_rate", published=60.0)
    assert older.reason.endswith(
        "The data give 69.7. It is nearer to an older rate: 65.4 in the 12 months to March 2021."
    )


def test_printed_figures_are_compared_with_each_other(find):
    equal = find("profile_bame_below_london", printed={"profile_bame_london": 40.3})
    assert (equal.verdict, equal.reason) == (
        "inconsistent",
        "Of the printed figures, 40.3% is not above 40.3%.",
    )
    half = find("environment_litter_notices_top", printed={"environment_litter_notices": 50})
    assert (half.verdict, half.reason) == ("inconsistent", "The printed share is 50%.")
    tied = find("young_top_concerns", arguments={"claims": "environment_crime young_crime_adults"})
    assert tied.verdict == "consistent"
    turned = find("young_top_concerns", arguments={"claims": "asb_calls asb_calls_before"})
    assert (turned.verdict, turned.reason) == (
        "inconsistent",
        "The printed figures are 10,746 and 18,388, not in that order.",
    )


@pytest.mark.parametrize(
    ("share", "verdict", "words"),
    [("0.2", "cannot tell", "six"), ("0.21875", "reproduced", "seven")],
)
def test_the_seventh_lowest_of_32_is_among_the_lowest_seven(find, share, verdict, words):
    found = find("foreword_among_safest", arguments={"share": share})
    assert found.verdict == verdict
    assert found.reason.endswith(f"one of the lowest {words}.")


@pytest.mark.parametrize(
    ("first_month", "year", "verdict", "ending"),
    [
        ("2010-04", "2005", "cannot tell", "rose in 4 of 11 years."),
        ("2018-04", "2018", "cannot tell", "rose in 0 of 3 years."),
        ("2018-04", "2019", "reproduced", "rose in 0 of 3 years."),
    ],
)
def test_a_fall_is_as_long_as_the_data_show(find, evidence, first_month, year, verdict, ending):
    given = {"measure": "Burglary", "year": year}
    found = find(
        "mission_falling_since_2005", arguments=given, evidence=since(evidence, first_month)
    )
    assert found.verdict == verdict
    assert found.reason.endswith(ending)


def test_a_count_that_rose_in_the_last_year_has_not_kept_falling(find, evidence):
    found = find("mission_falling_since_2005", evidence=since(evidence, "2018-04"))
    assert (found.verdict, found.reason[-50:]) == (
        "wrong",
        "rose in 2 of 3 years. They rose in the last of them."[-50:],
    )


@pytest.mark.parametrize(
    ("claim_id", "printed", "verdict"),
    [
        # 1,851 and 2,113 are 13.5 and 15.4 per 1,000 of 137,111 households.
        ("residential_rates_pair", {"residential_rate_before": 15.0}, "consistent"),
        ("residential_rates_pair", {"residential_rate": 14.0}, "consistent"),
        ("asb_london_average", {"asb_london": 9017.0}, "reproduced"),
        ("asb_months", {"asb_london": 303415.0}, "cannot tell"),
        ("profile_bame_comparator", {"profile_bame": 38.7}, "consistent"),
    ],
)
def test_a_pair_a_period_and_a_comparator_follow_what_is_printed(find, claim_id, printed, verdict):
    assert find(claim_id, printed=printed).verdict == verdict


def test_the_same_twelve_months_are_no_contradiction(find):
    assert find("rankings_months", arguments={"said": "2022-03"}).verdict == "consistent"


def test_a_percentage_that_the_series_gives_is_inconsistent_with_the_counts_and_not_wrong(find):
    found = find("asb_london_change", published=-43.6, decimals=1)
    assert found.verdict == "inconsistent"
    assert found.reason.endswith("The published London series gives a fall of 43.63%.")


def test_other_boroughs_and_years_get_what_their_data_give(find, evidence):
    above = find("levels_below_london", evidence=evidence_of(evidence, "Westminster"))
    assert (above.verdict, above.reason) == (
        "wrong",
        "The rates are 226.1 and, for London, 92.7.",
    )
    smaller = find("profile_population_rank", evidence=evidence_of(evidence, "Enfield"))
    assert (smaller.computed, smaller.reason) == (
        5,
        "It is the fifth largest of 32 boroughs by the ONS mid-2020 population estimate.",
    )
    largest = find("profile_area_rank", evidence=evidence_of(evidence, "Bromley"))
    assert (largest.computed, largest.reason) == (1, "It is the largest borough by area.")
    fell = find("asb_lockdown", arguments={"to": "2022-03"})
    assert (fell.verdict, fell.reason) == (
        "wrong",
        "Calls in London went from 510,901 to 288,017 in the 12 months to March 2022; no calls by "
        "borough are published.",
    )


def test_a_published_figure_is_that_of_the_period_that_fits_best(find):
    assert find("profile_attainment_rank", published=1).verdict == "wrong"
    assert find("profile_attainment_rank", published=3).computed == 3
    assert find("profile_employed", published=70.4).verdict == "reproduced"
    assert find("profile_employed", published=20).verdict == "cannot tell"
    assert find("profile_micro_share", published=87).verdict == "within rounding"
    share = {"indicator": "enterprises_0_4", "share_of": "all"}
    assert find("profile_micro_rank", published=6, arguments=share).verdict == "reproduced"


def test_calls_of_a_year_need_all_its_months(evidence):
    calls = evidence.asb_calls
    gap = calls[calls["month"] != "2021-12-01"]
    with pytest.raises(
        ValueError, match=r"^calls: 1 months of the 12 months to March 2022 are miss"
    ):
        evidence.but(asb_calls=gap).calls_in(Period.year_to("2022-03"))


def test_a_significant_claim_names_a_comparison(find):
    with pytest.raises(
        ValueError,
        match=r"^arguments: claim 'young_happy_significant' names no comparison: 'nothing'$",
    ):
        find("young_happy_significant", arguments={"comparison": "nothing"})


@pytest.mark.parametrize(
    ("points", "base", "verdict", "reason"),
    [
        (
            -6, 50, "wrong",
            "No level makes a shift of 6 percentage points significant, with bases of 50 and 50.",
        ),
        (
            1, 500, "cannot tell",
            "The strategy prints no level for this shift, so it cannot be tested. A shift of 1 "
            "percentage point can be significant only where the later level is at most 2% or at "
            "least 99%, and not surely, with bases of 500 and 500.",
        ),
        (
            -5, 500, "cannot tell",
            "The strategy prints no level for this shift, so it cannot be tested. A shift of 5 "
            "percentage points is sure to be significant only where the later level is at most "
            "10% or at least 85%, and can be only where it is at most 29% or at least 66%, with "
            "bases of 500 and 500.",
        ),
    ],
)  # fmt: skip
def test_a_shift_without_a_level(find, evidence, points, base, verdict, reason):
    given = with_shift(evidence, points, base)
    found = find("young_priority_open_spaces_significant", evidence=given)
    assert (found.verdict, found.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("text", "said"),
    [("a fall of 5%.", "A fall of 5%."), ("it is nine", "It is nine."), ("Barnet", "Barnet.")],
)
def test_a_sentence_begins_with_a_capital_and_ends_with_one_stop(text, said):
    assert sentence(text) == said


def a_claim(published: float, decimals: int, unit: str, *, approximate: bool = False) -> Claim:
    return Claim(
        id="c", section="s", chapter="c", claim="A claim", published=published, unit=unit,
        decimals=decimals, approximate=approximate, period="", check="count", arguments={}, note="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("published", "computed", "expected"),
    [
        (100, 95, "within rounding"),
        (100, 94.4, None),
        (-100, -105, "within rounding"),
        (-100, -105.6, None),
        (-100, 100, None),
    ],
)
def test_approximately_is_a_twentieth_on_either_side(published, computed, expected):
    assert agreement(a_claim(published, 0, "%", approximate=True), computed) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(40.5, 45, True), (40.51, 45, False), (35, 39.5, True), (35, 39.49, False)],
)
def test_a_printed_number_may_have_been_half_a_unit_off(low, high, expected):
    assert lies_within(a_claim(40, 0, "%"), low, high) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "unit", "more", "said"),
    [
        (0.05, 2, "p-value", 0, "0.05"),
        (2022, 0, "year", 1, "2022"),
        (-6.54, 1, "%", 1, "−6.54%"),
        (399_251, -2, "residents", 0, "399,300 residents"),
        (399_251, -2, "residents", 1, "399,300 residents"),
        (-1, 0, "percentage points", 0, "−1 percentage point"),
        (1.25, 1, "percentage points", 1, "1.25 percentage points"),
        (37_651, -2, "£", 0, "£37,700"),
    ],
)
def test_numbers_are_shown_in_the_unit_of_the_claim(value, decimals, unit, more, said):
    assert shown(value, a_claim(value, decimals, unit), more) == said


@pytest.mark.parametrize(
    ("value", "more", "said"),
    [
        (6.54, 0, "a rise of 6.5%"),
        (-6.54, 1, "a fall of 6.54%"),
        (0.04, 0, "hardly any change"),
        (0.04, 1, "a rise of 0.04%"),
    ],
)
def test_changes_are_shown_in_words(value, more, said):
    assert change_shown(value, a_claim(value, 1, "%"), more) == said


def test_arguments_are_pairs():
    assert read_arguments(" to = 2022-03 ;; per=residents; ") == {
        "to": "2022-03",
        "per": "residents",
    }
    for text, part in (("measure; to=1", "measure"), ("to=1; per= ", "per=")):
        with pytest.raises(
            ValueError, match=rf"^arguments: '{part}' is not of the form key=value$"
        ):
            read_arguments(text)


def test_an_unknown_check_is_named_with_those_that_there_are():
    table = load.table("claims").head(1).assign(check="guess")
    with pytest.raises(
        ValueError,
        match=r"^check: claim 'title_first_year' has no check 'guess'; write one of \d+ names",
    ):
        read_claims(table)


def test_a_claim_that_names_no_claim_says_who_asked(find):
    with pytest.raises(
        ValueError,
        match=r"^arguments: claim 'asb_change' names 'nothing', which is not a claim; write ",
    ):
        find("asb_change", arguments={"first": "nothing"})


@pytest.fixture(scope="module")
def edition():
    return edition_of(2022, load.table("editions"))


def made_releases(months: dict[str, tuple[str, str]], classification: str) -> pd.DataFrame:
    """Releases by name, each with its first and last month."""
    return pd.DataFrame(
        {
            "publication": "mps_borough_crime",
            "classification": classification,
            "release": list(months),
            "first_month": [first for first, _ in months.values()],
            "last_month": [last for _, last in months.values()],
        }
    ).sample(frac=1, random_state=1)


def test_the_releases_around_an_edition_are_those_nearest_to_its_ends(edition):
    ends = {"a": "2021-02", "b": "2021-03", "c": "2021-06", "d": "2021-12", "e": "2022-02",
            "f": "2022-03", "g": "2022-05"}  # fmt: skip
    months = {name: ("2019-01", end) for name, end in ends.items()}
    releases = made_releases(months, edition.classification)
    others = [
        releases.assign(publication="mps_ward_crime", last_month="2021-03"),
        releases.assign(classification="another", last_month="2021-03"),
    ]
    held = releases_held(pd.concat([*others, releases]), edition)
    assert releases_around(held, edition) == {"fresh": "b", "before": "e", "after": "f"}


def test_each_month_comes_from_the_release_nearest_to_the_strategy(edition, evidence):
    held = releases_held(load.table("releases"), edition)
    # January 2022 is as near as September, and gives August 2020 alone.
    assert nearest_releases(held, edition) == ("2022-07", "2022-08", "2022-09", "2022-01")
    total = evidence.crime.monthly()
    assert total[pd.Timestamp("2020-08-01")] == 2383
    years = [evidence.crime.count(period=Period.year_to(to)) for to in ("2021-03", "2022-03")]
    assert years == [26113, 27822]
    assert evidence.crime.count("Burglary", period=Period.year_to("2018-03")) == 3582
    made = {"2022-04": ("2021-04", "2022-03"), "2022-12": ("2010-04", "2022-11"),
            "2022-06": ("2021-06", "2022-05")}  # fmt: skip
    others = releases_held(made_releases(made, edition.classification), edition)
    assert nearest_releases(others, edition) == ("2022-06", "2022-04", "2022-12")
