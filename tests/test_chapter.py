"""A chapter: every number and word stated once, and the same text wherever it is used."""

import csv
import io
import json
import math
from collections.abc import Callable

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from safer_communities.analysis.recorded_crime import LONDON
from safer_communities.chapter import Chapter, charts
from safer_communities.charts.chart import Chart
from safer_communities.charts.table import Column, Table
from safer_communities.facts.fact import COLUMNS
from safer_communities.facts.output_types import (
    CHART_MIME,
    FACT_MIME,
    GLUE_PREFIX,
    TABLE_MIME,
    records_in,
)
from safer_communities.facts.quantity import Quantity, quantities
from safer_communities.facts.series import TimeSeries
from safer_communities.settings import Settings

SVG = '<svg viewBox="0 0 760 200"></svg>'
CHART = Chart("rates", SVG, SVG, pd.DataFrame({"area": ["Ayton"], "rate": [69.74]}))


class Outputs:
    """What a chapter shows, collected in place of a notebook."""

    def __init__(self) -> None:
        self.data: list[dict] = []
        self.glued: dict[str, str] = {}

    def __call__(self, data: dict, *, raw: bool, metadata: dict | None = None) -> None:
        assert raw
        self.data.append(data)
        if metadata:
            text = data[f"{GLUE_PREFIX}text/plain"]
            self.glued[metadata["scrapbook"]["name"]] = text

    def rows(self) -> list[dict]:
        key = f"{GLUE_PREFIX}{FACT_MIME}"
        return [row for data in self.data if key in data for row in json.loads(data[key])]

    def exhibit(self, mime: str) -> dict:
        return next(data[mime] for data in self.data if mime in data)


@pytest.fixture
def outputs() -> Outputs:
    return Outputs()


@pytest.fixture
def chapter(outputs: Outputs) -> Chapter:
    return Chapter("made", Settings(), emit=outputs)


def test_a_fact_is_a_row_with_its_citation(chapter: Chapter, outputs: Outputs) -> None:
    chapter.fact("rise", 6.670244, unit="%", label="Change in crime", note="made")
    (row,) = outputs.rows()
    assert list(row) == COLUMNS
    assert row["id"] == "made.rise"
    assert row["value"] == 6.670244
    assert row["source"] == chapter.sources["crime"].source
    assert row["release"] == "release of February 2024"
    assert (row["area"], row["period"]) == ("Barnet", "12 months to March 2022")


def test_a_fact_with_an_interval_has_three_rows(chapter: Chapter, outputs: Outputs) -> None:
    chapter.fact("rise", 6.7, unit="%", label="Change", low=4.9, high=8.5)
    assert {row["id"]: row["value"] for row in outputs.rows()} == {
        "made.rise": 6.7,
        "made.rise_ci_low": 4.9,
        "made.rise_ci_high": 8.5,
    }


def test_prose_gets_the_text_that_charts_get(chapter: Chapter, outputs: Outputs) -> None:
    chapter.fact("fall", -8.43, unit="%", label="Change")
    assert chapter.texts["fall_words"] == "fell by 8.4%"
    assert outputs.glued == {name: repr(text) for name, text in chapter.texts.items()}


def test_a_second_fact_of_one_name_is_refused(chapter: Chapter) -> None:
    chapter.fact("rise", 1, unit="%", label="Change")
    with pytest.raises(ValueError, match="made already has a fact called 'rise'"):
        chapter.fact("rise", 2, unit="%", label="Change")
    with pytest.raises(ValueError, match="'rise_words'"):
        chapter.words("rise_words", "soared")
    assert chapter.texts["rise"] == "1.0%"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_finite_number_is_refused(chapter: Chapter, value: float) -> None:
    with pytest.raises(ValueError, match=r"made\.rise is .* not a finite number"):
        chapter.fact("rise", value, unit="%", label="Change")
    assert "rise" not in chapter.texts


def test_an_end_of_an_interval_has_to_be_finite_too(chapter: Chapter) -> None:
    with pytest.raises(ValueError, match=r"made\.rise_ci_high"):
        chapter.fact("rise", 1, unit="%", label="Change", low=0, high=math.inf)


def test_an_unknown_source_is_refused(chapter: Chapter) -> None:
    with pytest.raises(ValueError, match=r"source: there is no 'hearsay'; write "):
        chapter.fact("rise", 1, unit="%", label="Change", source="hearsay")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("burglary", "burglary"),
        (["burglary"], "burglary"),
        (["burglary", "robbery", "theft"], "burglary, robbery and theft"),
        ([], ""),
    ],
)
def test_words_may_be_a_list(chapter: Chapter, words: str | list[str], text: str) -> None:
    chapter.words("kinds", words)
    assert chapter.texts["kinds"] == text


def test_a_sentence_names_the_facts_that_it_misses(chapter: Chapter) -> None:
    assert chapter.sentence("In {borough}, {period}") == "In Barnet, 12 months to March 2022"
    with pytest.raises(ValueError, match=r"no fact .* called \{rize\} \(write '.*\{total\}"):
        chapter.sentence("{borough}: {total} {rize}")


@given(text=st.text(st.characters(exclude_characters="{}")))
def test_a_sentence_without_facts_stays_as_it_is(text: str) -> None:
    chapter = Chapter("made", Settings(), emit=Outputs())
    assert chapter.sentence(text) == text


def test_one_fact_reaches_headline_alternative_prose_and_download(
    chapter: Chapter, outputs: Outputs
) -> None:
    chapter.fact("rise", 6.670244, unit="%", label="Change")
    chapter.show(
        CHART,
        headline="Crime {rise_words}",
        subtitle="{period}",
        alt="A bar for {borough}: crime {rise_words}",
    )
    record = outputs.exhibit(CHART_MIME)
    assert outputs.glued["rise_words"] == "'rose by 6.7%'"
    assert record["headline"] == "Crime rose by 6.7%"
    assert record["alt"] == "A bar for Barnet: crime rose by 6.7%"
    assert outputs.rows()[0]["value"] == 6.670244
    assert record["name"] == "made_rates"
    assert list(csv.DictReader(io.StringIO(record["csv"]))) == [{"area": "Ayton", "rate": "69.74"}]
    assert record["source"] == f"{chapter.citation('crime').line} Period: 12 months to March 2022."


@pytest.mark.parametrize("empty", ["headline", "subtitle", "alt"])
def test_a_chart_without_its_words_is_refused(
    chapter: Chapter, outputs: Outputs, empty: str
) -> None:
    words = {"headline": "a", "subtitle": "b", "alt": "c"} | {empty: ""}
    with pytest.raises(ValueError, match=f"{empty}: chart rates of made needs one"):
        chapter.show(CHART, **words)
    assert not any(CHART_MIME in data for data in outputs.data)


def test_a_table_is_captioned_from_the_facts(chapter: Chapter, outputs: Outputs) -> None:
    table = Table(
        "areas",
        CHART.data,
        [Column("area", "Area", kind="text"), Column("rate", "Rate to {month}")],
    )
    chapter.show(table, headline="Rates in {borough}")
    record = outputs.exhibit(TABLE_MIME)
    page = BeautifulSoup(outputs.exhibit("text/html"), "lxml")
    assert page.caption.get_text() == record["caption"] == "Rates in Barnet"
    assert [th.get_text() for th in page.select("thead th")] == ["Area", "Rate to March"]


def test_a_change_states_both_counts_and_their_difference(
    chapter: Chapter, outputs: Outputs
) -> None:
    chapter.state("change", chapter.crime.year_on_year())
    rows = {row["id"].removeprefix("made."): row for row in outputs.rows()}
    assert rows["change_count"]["value"] == 27_826
    assert rows["change_base"]["value"] == 26_086
    assert rows["change_base"]["period"] == "12 months to March 2021"
    assert rows["change_difference"]["value"] == 27_826 - 26_086
    assert (
        rows["change_ci_low"]["value"] < rows["change"]["value"] < rows["change_ci_high"]["value"]
    )
    assert chapter.texts["change_words"] == "rose by 6.7%"


def test_a_change_is_told_again_with_all_offences_placed(outputs: Outputs) -> None:
    chapter = Chapter("made", Settings(edition=2024), emit=outputs)
    year = chapter.crime.year_on_year()
    chapter.state("change", year, if_placed=True)
    rows = {row["id"].removeprefix("made."): row for row in outputs.rows()}
    # Fewer offences had no borough in the later year, so part of the rise is not one.
    assert 0 < rows["change_placed"]["value"] < rows["change"]["value"]
    assert rows["change_placed"]["period"].endswith("against 12 months to March 2023")
    told, counted, placed = (
        chapter.texts[f"change_{key}"] for key in ("if_placed", "noun", "placed_noun")
    )
    assert "is not known" in told
    assert told.index(counted) < told.index(placed)


def test_nothing_is_told_again_where_every_offence_has_a_borough(chapter: Chapter) -> None:
    year = chapter.crime.year_on_year()
    chapter.state("change", year, if_placed=True)
    assert chapter.texts["change_placed"] == chapter.texts["change"]
    assert chapter.texts["change_if_placed"] == ""


def test_a_change_of_london_is_not_the_boroughs(chapter: Chapter, outputs: Outputs) -> None:
    chapter.state("london", chapter.crime.year_on_year(area=LONDON))
    assert {row["area"] for row in outputs.rows()} == {"London (32 boroughs)"}


def test_a_caution_is_given_once_however_many_changes_need_it(outputs: Outputs) -> None:
    chapter = Chapter("crime_levels", Settings(edition=2024), emit=outputs)
    assert chapter.caution == ""
    chapter.state("change", chapter.crime.year_on_year())
    once = chapter.caution
    chapter.state("pandemic", chapter.crime.year_on_year(base=chapter.crime.before_pandemic()))
    assert once.endswith(".")
    assert chapter.caution == once


def test_points_are_a_list_and_one_alone_a_paragraph(chapter: Chapter, outputs: Outputs) -> None:
    chapter.show_points(["A & B.", "", "C."])
    chapter.show_points(["", "C."])
    chapter.show_points([""])
    assert [data["text/html"] for data in outputs.data if "text/html" in data] == [
        "<ul><li>A &amp; B.</li><li>C.</li></ul>",
        "<p>C.</p>",
    ]


@pytest.mark.parametrize(
    ("source", "period"),
    [
        ("crime", "12 months to March 2024"),
        ("strategy", "12 months to March 2022"),
        ("check", "12 months to March 2022"),
        ("survey", "November 2021 to March 2022"),
    ],
)
def test_a_figure_of_the_strategy_keeps_its_own_period(
    outputs: Outputs, source: str, period: str
) -> None:
    chapter = Chapter("young_people", Settings(edition=2024), emit=outputs)
    chapter.fact("claims", 197, unit="figures", label="Figures printed", source=source)
    assert outputs.rows()[0]["period"] == period
    table = Table("all", pd.DataFrame({"n": [1]}), [Column("n", "Number", row_header=True)])
    chapter.show(table, headline="{claims_many} figures", source=source)
    assert outputs.exhibit(TABLE_MIME)["source"].endswith(f"Period: {period}.")


def test_a_headline_begins_with_a_capital(chapter: Chapter, outputs: Outputs) -> None:
    chapter.fact("months", 0, unit="months", label="Months that stand out")
    words = {"headline": "{months_many} of them stood out", "subtitle": "S", "alt": "A"}
    chapter.show(CHART, **words)
    assert outputs.exhibit(CHART_MIME)["headline"] == "None of them stood out"


@pytest.mark.parametrize("per", ["residents", "households"])
def test_a_rate_states_its_rank_and_both_ends(chapter: Chapter, outputs: Outputs, per: str) -> None:
    rates = chapter.crime.rates("Residential burglary", per=per)
    chapter.state("rate", rates)
    rows = {row["id"].removeprefix("made."): row for row in outputs.rows()}
    assert rows["rate"]["unit"] == rows["rate_london"]["unit"] == f"per 1,000 {per}"
    assert rows["rate_rank"]["value"] == rates.own["rank"]
    assert rows["rate_rank_ci_low"]["value"] <= rates.own["rank"]
    assert rows["rate_lowest"]["value"] < rows["rate"]["value"] < rows["rate_highest"]["value"]
    assert rows["rate_lowest"]["area"] == chapter.texts["rate_lowest_area"] != "Barnet"
    assert rows["rate"]["denominator"] == rates.denominator.label
    cited = {"residents": "population estimates", "households": "households in Census 2021"}
    assert cited[per] in rows["rate"]["source"]


def test_the_extremes_of_a_series_are_dated(chapter: Chapter, outputs: Outputs) -> None:
    years = ["2019/20", "2020/21", "2021/22"]
    ends = pd.to_datetime(["2020-03-01", "2021-03-01", "2022-03-01"])
    table = pd.DataFrame({"period_end": ends, "label": years, "count": [20, 10, 15]})
    chapter.state("calls", TimeSeries(table, "calls", "Calls"))
    values = {row["id"]: (row["value"], row["period"]) for row in outputs.rows()}
    assert values == {
        "made.calls_first": (20, "12 months to March 2020"),
        "made.calls_last": (15, "12 months to March 2022"),
        "made.calls_low": (10, "12 months to March 2021"),
        "made.calls_high": (20, "12 months to March 2020"),
    }
    assert chapter.texts["calls_low_label"] == "2020/21"
    assert chapter.texts["calls_period"] == "2019/20 to 2021/22"
    assert chapter.texts["calls_course"] == (
        "from 20 in 2019/20 to 15 in 2021/22. "
        "The lowest year was 2020/21 with 10 and the highest 2019/20 with 20"
    )


def test_the_extremes_are_those_of_the_years_that_compare(chapter: Chapter) -> None:
    ends = pd.date_range("2016-03-01", "2025-03-01", freq="12MS")
    labels = [f"{end.year - 1}/{end.year % 100}" for end in ends]
    counts = [1, 9, 5, 6, 7, 8, 4, 90, 2, 3]
    table = pd.DataFrame({"period_end": ends, "label": labels, "count": counts})
    # The first parts two years, the second lies within one, the third parts two at a month's end.
    breaks = [("2017-04-01", "a"), ("2022-10-01", "b"), ("2024-02-28", "c")]
    chapter.state("parted", TimeSeries(table, "offences", "Theft", breaks=breaks))
    assert chapter.texts["parted_high_label"] == "2020/21"
    assert chapter.texts["parted_low_label"] == "2021/22"
    assert chapter.texts["parted_among"] == " (of 2017/18 to 2021/22, which can be compared)"
    assert chapter.texts["parted_course"] == (
        "from 1 in 2015/16 to 3 in 2024/25. Of 2017/18 to 2021/22, which can be compared, the "
        "lowest year "
        "was 2021/22 with 4 and the highest 2020/21 with 8"
    )
    short = TimeSeries(table.tail(3), "offences", "Theft", breaks=breaks)
    chapter.state("short", short)
    assert chapter.texts["short_course"] == (
        "from 90 in 2022/23 to 3 in 2024/25. Years on either side of a break do not compare"
    )


@pytest.mark.parametrize(
    ("counts", "course"),
    [
        ([1, 0, 3, 0], "The lowest was 0 in 2019/20 and 2021/22 and the highest 3 in 2020/21"),
        ([2, 0, 0, 0, 0], "The lowest was 0 in four years and the highest 2 in 2018/19"),
        ([0, 0, 0], "The years all had 0"),
    ],
)
def test_years_that_are_as_low_or_as_high_are_all_told_of(
    chapter: Chapter, counts: list[int], course: str
) -> None:
    ends = pd.date_range("2019-03-01", periods=len(counts), freq="12MS")
    labels = [f"{end.year - 1}/{end.year % 100}" for end in ends]
    table = pd.DataFrame({"period_end": ends, "label": labels, "count": counts})
    chapter.state("rare", TimeSeries(table, "offences", "Fraud"))
    assert str(chapter.texts["rare_course"]).endswith(f". {course}")


def test_a_mapping_states_each_of_its_parts(chapter: Chapter, outputs: Outputs) -> None:
    frame = pd.DataFrame(
        {"key": ["a", "b"], "name": ["x", "y"], "n": [1, 2], "ci_low": 0.5, "ci_high": 3.0}
    )
    parts = quantities(frame, "n", key="key", label="Calls {name}", unit="calls", period="in {key}")
    chapter.state("calls", {"of": parts, "said": "two areas", "areas": ["x", "y"]})
    chapter.state_all({"calls_all": Quantity(3, "calls", "Calls")})
    rows = [(row["id"], row["value"], row["label"], row["period"]) for row in outputs.rows()]
    assert rows[0] == ("made.calls_of_a", 1, "Calls x", "in a")
    assert [row[:2] for row in rows[1:]] == [
        ("made.calls_of_a_ci_low", 0.5),
        ("made.calls_of_a_ci_high", 3),
        ("made.calls_of_b", 2),
        ("made.calls_of_b_ci_low", 0.5),
        ("made.calls_of_b_ci_high", 3),
        ("made.calls_all", 3),
    ]
    assert chapter.texts["calls_areas"] == "x and y"
    with pytest.raises(TypeError, match="result: object is no result"):
        chapter.state("calls", object())


def test_a_result_tells_its_chart_and_its_table_what_they_are(
    chapter: Chapter, outputs: Outputs
) -> None:
    rates = chapter.crime.rates("Residential burglary", per="households")
    chapter.state("rate", rates)
    chapter.show(
        charts.rate_by_area(rates, unit="burglaries per 1,000 households"),
        table=True,
        headings={"count": "Burglaries to {month}"},
        headline="{rate}",
        subtitle="S",
        alt="A dot chart: {rate_course}.",
    )
    chart, below = outputs.exhibit(CHART_MIME), outputs.exhibit(TABLE_MIME)
    assert (chart["name"], below["name"]) == ("made_rates", "made_rates_table")
    assert chart["table"] == ""
    assert "households in Census 2021" in chart["source"] == below["source"]
    assert "Barnet is the" in chart["alt"]
    assert "rate" in chart["csv"].splitlines()[0].split(",")
    page = BeautifulSoup(outputs.exhibit("text/html"), "lxml")
    assert [th.get_text() for th in page.select("thead th")] == [
        "Borough",
        "Burglaries to March",
        "Households",
        "Rate per 1,000 households",
        "Lower end of 95% interval",
        "Upper end of 95% interval",
        "Rank (1\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}lowest)",
        "Lowest rank it could be",
        "Highest rank it could be",
    ]
    own = next(row for row in page.select("tbody tr") if row.th.get_text() == "Barnet")
    assert own.select("td")[2].get_text() == chapter.texts["rate"]


@pytest.mark.parametrize("dumped", [json.dumps, lambda record: record])
def test_records_are_found_in_the_order_of_the_notebook(dumped: Callable) -> None:
    """A notebook read from a file holds JSON as text or as an object, depending on its type."""
    cells = [
        {"cell_type": "markdown"},
        {"outputs": [{"output_type": "stream"}, {"data": {FACT_MIME: dumped([{"id": "a"}])}}]},
        {"outputs": [{"data": {"text/plain": "x"}}, {"data": {FACT_MIME: dumped([{"id": "b"}])}}]},
    ]
    assert records_in({"cells": cells}, FACT_MIME) == [[{"id": "a"}], [{"id": "b"}]]


def test_a_small_chart_is_kept_for_the_prose_with_the_words_of_its_fact(
    chapter: Chapter, outputs: Outputs
) -> None:
    chapter.fact("change", 6.67, unit="%", label="Change", low=2.6, high=10.91)
    chapter.keep_small(CHART, headline="All", subtitle="Change", alt="It {change_words}.")
    record = outputs.exhibit(f"{GLUE_PREFIX}{CHART_MIME}")
    assert record["alt"] == "It rose by 6.7%."
    assert record["csv"] == CHART.to_csv()
    assert outputs.glued["rates"] == "It rose by 6.7%."
