"""The data of one edition and borough: settings refused, breaks, and what the strategy printed."""

from dataclasses import replace

import pandas as pd
import pytest

from safer_communities.analysis.breaks import Breaks
from safer_communities.analysis.changes.year_on_year import BEYOND_USUAL, DEPENDS_ON_PLACE
from safer_communities.analysis.priorities.progress import NO_CLEAR_CHANGE
from safer_communities.analysis.recorded_crime import TOTAL
from safer_communities.chapter.book import Book
from safer_communities.datasets import load
from safer_communities.datasets.periods import Period
from safer_communities.errors import InputError
from safer_communities.facts.series import missing_year, row_of
from safer_communities.settings import Settings

pytestmark = pytest.mark.slow

# A break of every shape, made for these tests.
BREAKS = pd.DataFrame(
    [
        ("2013-04-01", "One measure", "2019;2024", "Fraud;Theft"),
        ("2017-04-01", "Other classification", "2024", "Theft"),
        ("2020-04-01", "Every measure", "2019", "every measure"),
        ("2022-04-01", "No measure", "", ""),
    ],
    columns=["date", "name", "classification", "measures"],
).assign(
    effect="gap",
    date=lambda table: pd.to_datetime(table["date"]),
)


@pytest.fixture
def made_breaks() -> Book:
    data = Book(Settings())
    data.breaks = Breaks(BREAKS, data.edition.classification)
    return data


@pytest.mark.parametrize("written", ["enfield", "ENFIELD", "Enfield"])
def test_a_borough_may_be_written_in_any_case(written: str) -> None:
    data = Book(Settings(borough=written))
    assert data.area_code == "E09000010"
    assert data.borough == "Enfield"


@pytest.mark.parametrize(
    ("written", "near"), [("Enfeild", "'Enfield'"), ("Barnt", "'Barnet'"), ("City of London", "32")]
)
def test_an_unknown_borough_is_told_the_nearest(written: str, near: str) -> None:
    with pytest.raises(InputError) as caught:
        Book(Settings(borough=written)).crime.rates()
    assert caught.value.place == "BOROUGH"
    assert repr(written) in caught.value.problem
    assert near in caught.value.remedy


def test_an_unknown_edition_lists_those_there_are() -> None:
    with pytest.raises(InputError) as caught:
        Book(Settings(edition=1999)).crime.rates()
    assert caught.value.place == "EDITION"
    assert "1999" in caught.value.problem
    for year in load.table("editions")["edition"]:
        assert str(year) in caught.value.remedy


@pytest.mark.parametrize("borough", ["Barnet", "Camden", "Kingston upon Thames"])
@pytest.mark.parametrize("edition", [2022, 2026])
def test_every_book_has_its_own_figures(borough: str, edition: int) -> None:
    data = Book(Settings(borough, edition))
    assert data.borough == borough
    assert data.crime.period == data.edition.period
    assert data.crime.count() > 5_000
    own = data.crime.rates().own
    assert own["area"] == borough
    assert own["count"] == data.crime.count()


def test_a_break_is_of_the_measure_and_of_the_classification(made_breaks: Book) -> None:
    def years(*measures: str, **where: str) -> list[int]:
        return [date.year for date, _ in made_breaks.breaks.of(*measures, **where)]

    assert years("Fraud") == [2013, 2020]
    assert years("Arson") == [2020]
    assert years("Arson", "Theft") == [2013, 2020]
    assert years("Theft", classification="2024") == [2013, 2017]
    assert years("Arson", classification="2024") == []


def test_a_break_comes_with_its_name(made_breaks: Book) -> None:
    assert made_breaks.breaks.of("Arson") == [(pd.Timestamp("2020-04-01"), "Every measure")]


def test_fraud_left_the_real_total_in_both_classifications() -> None:
    data = Book(Settings())
    for classification in ("2019", "2024"):
        dates = [date for date, _ in data.breaks.of(TOTAL, classification=classification)]
        assert pd.Timestamp("2013-04-01") in dates
        assert dates == sorted(dates)


@pytest.mark.parametrize("edition", [2022, 2023, 2026])
def test_the_year_before_the_pandemic_ends_before_it(edition: int) -> None:
    assert Book(Settings(edition=edition)).crime.before_pandemic() == Period.year_to("2020-03")


def test_printed_figures_stand_beside_the_strategys_own_year_and_borough() -> None:
    table = Book(Settings()).strategy.headlines().table.set_index("measure")
    assert table.loc[TOTAL, "published"] == 6.5
    assert table.loc[TOTAL, "change_percent"] == pytest.approx(100 * (27_826 / 26_086 - 1))
    assert table.loc["Residential burglary", "published"] == -12.4
    assert table["published"].notna().all()


@pytest.mark.parametrize(("borough", "edition"), [("Enfield", 2022), ("Barnet", 2023)])
def test_other_books_do_not_show_the_strategys_figures(borough: str, edition: int) -> None:
    table = Book(Settings(borough, edition)).strategy.headlines().table
    assert len(table) > 5
    assert table["published"].isna().all()


def test_each_headline_has_a_name_of_its_own() -> None:
    keys = Book(Settings()).strategy.headlines().table["key"]
    assert keys.is_unique
    assert keys.str.fullmatch(r"[a-z0-9_]+").all()


def test_tiles_bear_the_rank_and_its_range_and_share_no_place() -> None:
    data = Book(Settings())
    rates = data.crime.rates()
    tiles = data.crime.tiles(rates)
    assert len(tiles) == 32
    assert not tiles.duplicated(["tile_column", "tile_row"]).any()
    assert list(tiles["label"]) == [str(rank) for rank in rates.table["rank"]]
    spans = tiles.set_index("area")["span"]
    assert spans["Barnet"] == "2\N{EN DASH}12"
    assert spans["Westminster"] == ""
    assert tiles.set_index("area").loc["Barnet", "against_own"] == "unclear"
    assert (tiles["against_own"] == "lower").sum() == rates.own["rank_low"] - 1


def test_each_book_cites_the_release_it_is_made_from() -> None:
    for edition, release in ((2022, "February 2024"), (2025, "April 2026")):
        cited = Book(Settings(edition=edition)).citation("crime")
        assert cited.release == f"release of {release}"
        assert cited.line.endswith(f"release of {release}.")


class TestCaution:
    """Which comparisons come with a warning, on the real breaks."""

    def cautions(self, edition: int, measure: str, base: str, period: str) -> list[str]:
        data = Book(Settings(edition=edition))
        return data.breaks.cautions(measure, Period.year_to(base), Period.year_to(period))

    def test_the_pandemic_year_warns_as_a_base_only(self) -> None:
        total = "Total notifiable offences"
        [caution] = self.cautions(2022, total, "2021-03", "2022-03")
        assert "lockdowns" in caution
        assert self.cautions(2022, total, "2020-03", "2022-03") == []
        assert self.cautions(2022, total, "2018-03", "2022-03") == []

    def test_a_break_between_the_years_warns_for_its_measures(self) -> None:
        base, period = "2017-03", "2018-03"
        [caution] = self.cautions(2022, "Residential burglary", base, period)
        assert "sheds" in caution
        assert self.cautions(2022, "Robbery", base, period) == []

    def test_a_break_of_one_classification_is_silent_in_the_other(self) -> None:
        [caution] = self.cautions(2024, "Theft", "2023-03", "2024-03")
        assert "had no known borough" in caution
        assert self.cautions(2022, "Theft", "2022-03", "2023-03") == []

    def test_every_break_that_leaves_a_gap_has_something_to_say(self) -> None:
        breaks = Book(Settings()).breaks.table
        between_years = (breaks["classification"] != "") & (breaks["effect"] != "releases")
        assert (breaks.loc[between_years, "caution"] != "").all()


@pytest.mark.parametrize(
    ("edition", "label"),
    [(2022, "2022/23"), (2023, "2022/23"), (2024, "2023/24")],
)
def test_an_edition_quotes_its_own_year_or_the_nearest_known(edition: int, label: str) -> None:
    data = Book(Settings(edition=edition))
    years = data.outcomes.positive("Total notifiable offences")
    assert row_of(years, data.edition.period)["label"] == label
    missing = missing_year(years, data.edition.period)
    if edition in (2023, 2024):
        assert missing == ""
    else:
        assert missing == (
            "No full figure for the 12 months to March 2022 was found: the first is for 2022/23."
        )


def test_an_edition_later_than_the_figures_quotes_their_last_year() -> None:
    data = Book(Settings(edition=2026))
    years = data.outcomes.positive("Total notifiable offences")
    known = years[years["label"] <= "2024/25"]
    assert row_of(known, data.edition.period)["label"] == "2024/25"
    assert missing_year(known, data.edition.period) == (
        "No full figure for the 12 months to March 2026 was found: the last is for 2024/25."
    )


@pytest.mark.parametrize(
    ("borough", "edition", "words"),
    [
        ("Barnet", 2022, ""),
        (
            "Barnet",
            2025,
            "This book holds no survey for the 12 months to March 2025: "
            "the last one is from Barnet, winter 2021.",
        ),
        (
            "Enfield",
            2022,
            "This book holds no survey for Enfield: "
            "the one on this page is from Barnet, winter 2021.",
        ),
    ],
)
def test_a_subject_of_another_book_says_whose_it_is(borough: str, edition: int, words: str) -> None:
    assert Book(Settings(borough, edition)).strategy.notice("survey", "winter 2021") == words


def test_an_edition_that_names_its_survey_needs_no_notice() -> None:
    data = Book(Settings(edition=2025))
    assert "November 2021 to March 2022" in data.strategy.survey_notice()
    data.edition = replace(data.edition, survey_waves=("ypps_2024_25",))
    assert data.strategy.survey_notice() == ""
    other = Book(Settings("Enfield", 2022))
    assert other.strategy.survey_notice().startswith(
        "This book holds no survey of young people for Enfield: "
    )


@pytest.mark.parametrize("edition", [2022, 2025])
def test_a_check_of_the_strategy_cites_the_release_of_its_own_year(edition: int) -> None:
    cited = Book(Settings(edition=edition)).citation("check")
    assert cited.line.endswith("recorded crime by borough, release of February 2024.")


def test_each_publication_is_cited_with_its_own_release() -> None:
    cited = Book(Settings(edition=2026)).citation("crime_per_resident")
    assert cited.line == (
        "Source: Metropolitan Police Service, recorded crime by borough, release of April 2026; "
        "Office for National Statistics, mid-year population estimates, mid-2024 release."
    )
    assert cited.release == "release of April 2026; mid-2024 release"


def test_each_headline_is_set_beside_what_was_usual_and_the_year_before_the_pandemic() -> None:
    """Release of February 2024, 12 months to March 2022: sexual offences rose in all London."""
    table = Book(Settings()).strategy.headlines().table.set_index("measure")
    # Of a handful a year no percentage is given, nor a range of them.
    assert list(table.index[table["usual_low"].isna()]) == ["Possession of firearms offences"]
    assert (table["usual_low"].dropna() <= table["usual_high"].dropna()).all()
    inside = table["change_percent"].between(table["usual_low"], table["usual_high"])
    assert (inside == (table["usual"] == "yes")).all()
    assert list(table.index[table["usual"] == "no"]) == ["Theft", "Sexual offences"]
    verdicts = table["verdict"]
    assert verdicts[TOTAL] == "within the usual ups and downs"
    assert verdicts["Theft"] == "below the other boroughs"
    assert verdicts["Sexual offences"] == "as in the other boroughs"


def test_ranges_of_usual_changes_do_not_cross_a_break() -> None:
    """26.2% in 2017/18 is the new definition of residential burglary (release of Feb. 2024)."""
    usual = Book(Settings()).crime.usual_changes(["Residential burglary", "Burglary"])
    homes, both = usual.to_dict("records")
    assert homes["pairs"] == both["pairs"] - 1 == 8
    assert homes["usual_high"] < 15


@pytest.mark.parametrize("settings", [Settings(), Settings("Enfield", 2025)], ids=str)
def test_printed_detections_are_of_the_strategys_borough_and_year(settings: Settings) -> None:
    robbery = "Robbery of personal property"
    found = Book(settings).strategy.detections(
        {robbery: "mopac_robbery_detection"}, {robbery: "mopac_robbery_detection_london"}
    )
    own, london = found.table.to_dict("records")
    assert (own["label"], own["area"]) == (robbery, "Barnet")
    assert (london["label"], london["area"]) == (f"{robbery}, London", "London (32 boroughs)")
    assert (own["offences_before"], own["offences"]) == (570, 580)
    assert own["change_points"] == pytest.approx(-2.9)
    assert own["verdict"] == "too close to call"
    assert london["offences"] > 30 * own["offences"]
    assert london["verdict"] == "clear"


@pytest.mark.parametrize("edition", [2022, 2026])
def test_the_calendar_has_every_month_as_it_was_counted(edition: int) -> None:
    crime = Book(Settings(edition=edition)).crime
    months = crime.monthly_pattern().series
    sheet = months.calendar
    assert sheet.shape == (12, 5)
    assert sheet.iloc[-1, -1] == crime.monthly().loc[crime.period.end]
    # Column by column it is the series again.
    assert list(sheet.to_numpy().T.ravel()) == list(months.table["value"])
    assert sheet.iloc[:, -1].sum() == crime.count()
    assert list(sheet.columns[[0, -1]]) == list(crime.annual()["label"].iloc[[-5, -1]])


def test_a_month_that_is_missing_is_missing_in_the_calendar() -> None:
    months = Book(Settings()).crime.monthly_pattern().series
    with_gap = replace(months, table=months.table.drop(index=7))
    assert with_gap.calendar.isna().sum().sum() == 1


def test_boroughs_have_the_ranks_of_the_chapter_in_the_sheet_of_all() -> None:
    crime = Book(Settings()).crime
    sheet, ranks = crime.ranks_of_boroughs().table, crime.ranks().table.set_index("measure")["rank"]
    assert len(sheet) == 32
    assert sheet.loc["Barnet"].to_dict() == ranks[list(sheet)].to_dict()
    assert sheet.iloc[:, 0].is_monotonic_increasing
    assert sheet.columns[0] == TOTAL


@pytest.mark.parametrize("name", ["London", "greater london"])
def test_all_of_london_is_no_borough_and_none_is_offered_in_its_place(name: str) -> None:
    with pytest.raises(InputError) as caught:
        _ = Book(Settings(name)).area_code
    assert "all boroughs together, and a book is of one" in str(caught.value)
    assert "write the name of a borough (all of them: data/reference/boroughs.csv)" in str(
        caught.value
    )


def test_two_sources_are_cited_together_and_a_published_figure_by_its_own() -> None:
    book = Book(Settings(edition=2025))
    both = book.citation("asb + areas")
    assert both.publications == (
        *book.sources["asb"].publications,
        *book.sources["areas"].publications,
    )
    notices = book.published_figure("penalty_notices_six_months_2023")
    assert book.citation(notices.source).source.startswith("Barnet Council committee paper, ")


def test_citations_of_the_strategy_come_from_the_table_of_sources() -> None:
    sources = Book(Settings("Enfield", 2025)).sources
    strategy = "Barnet Safer Communities Partnership, Community Safety Strategy 2022-2027"
    assert sources["strategy"].source == strategy
    assert sources["survey"].source.endswith(
        "as printed in the Community Safety Strategy 2022-2027; tests by this book"
    )


def test_no_verdict_rests_on_where_offences_without_a_borough_belong() -> None:
    book = Book(Settings("Newham", 2024))
    # Release of April 2026: 34,084 in the 12 months to March 2023, 38,640 in those to March 2024.
    year = book.crime.year_on_year()
    assert (year.base_count, year.count) == (34_084, 38_640)
    assert year.ci_low > 0
    assert round(year.placed_percent, 1) == 11.9
    assert year.own_past_in_words == DEPENDS_ON_PLACE
    assert year.direction == 0
    assert book.offences["total_notifiable_offences"].changes["year"].verdict == NO_CLEAR_CHANGE
    # Theft is clear both ways.
    assert book.crime.year_on_year("Theft").own_past == BEYOND_USUAL


@pytest.mark.parametrize(
    ("borough", "edition", "words"),
    [
        ("Hillingdon", 2024, "They are added back to Hillingdon here."),
        ("Hillingdon", 2025, "They are added back to Hillingdon here."),
        ("Newham", 2025, "A few belong to Newham; all are counted in Hillingdon."),
        ("Hillingdon", 2026, ""),
        ("Barnet", 2025, ""),
    ],
)
def test_offences_listed_apart_are_told_beside_the_change(borough, edition, words) -> None:
    book = Book(Settings(borough, edition))
    period = book.edition.period
    note = book.apart_note(TOTAL, period.previous(), period)
    assert note.endswith(words)
    # Release of April 2026.
    counted = "From April 2023 to February 2024 the police list 4,628 offences at Heathrow"
    assert note.startswith(counted) == bool(words)
    assert bool(note) == bool(words)


def test_months_apart_that_lie_years_apart_are_no_span() -> None:
    """Hillingdon 2025, against March 2020: 37 offences in that month alone, then 4,628."""
    book = Book(Settings("Hillingdon", 2025))
    year = book.edition.period
    earlier = book.crime.before_pandemic()
    assert book.apart_note(TOTAL, earlier, year).startswith("In March 2020 the police list 37")
    both = book.apart_note(TOTAL, earlier, year.previous())
    assert both.startswith("In 12 months between March 2020 and February 2024 the police")
