"""The pages of offences: what they say, their charts, and boroughs side by side by choice."""

import re

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.analysis.crime import FEWEST_A_BOROUGH
from safer_communities.analysis.offence import TOO_FEW, beside, offence_table
from safer_communities.charts import calendar, strip
from safer_communities.charts.own.frames import table_of
from safer_communities.facts.series import TimeSeries
from safer_communities.settings import Settings


@pytest.fixture(scope="module")
def book() -> BoroughEdition:
    return BoroughEdition(Settings("Barnet", 2026))


def test_offences_of_the_edition_have_a_page_and_no_others() -> None:
    """The old list alone has a row for carrying a knife, the new one alone one for stalking."""
    old, new = (set(BoroughEdition(Settings("Barnet", y)).offences) for y in (2022, 2026))
    assert "possession_of_an_article_with_a_blade_or_point" in old - new
    assert "stalking_and_harassment" in new - old
    assert {"theft_from_the_person", "shoplifting", "drug_trafficking"} <= old & new


def test_vehicle_crime_is_told_with_its_verdict_and_london_beside(book: BoroughEdition) -> None:
    """Release of April 2026: 3,897 in the 12 months to March 2026, 4,935 in those to March 2022."""
    facts = book.offences["vehicle_offences"].facts()
    assert facts["count"].value == 3897
    assert facts["lead"].startswith("No clear change from the number in the 12")
    assert "21.0% lower than in the 12 months to March 2022." in facts["since_told"]
    assert "9.9% lower than in the year before" in facts["year_told"]
    unsure = "between a fall of 31.6% and a rise of 18.6%: no clear change."
    assert unsure in facts["year_told"]
    assert "In the 32 boroughs it fell by" in facts["year_told"]


def test_a_count_that_moves_with_policing_is_neither_better_nor_worse(book: BoroughEdition) -> None:
    facts = book.offences["drug_trafficking"].facts()
    assert facts["lead"].startswith("Higher: clearly more offences were recorded than")
    assert facts["depends"] == "The count also depends on how much the police look for them."
    assert "worse" not in facts["since_told"] + facts["year_told"]


def test_a_count_across_a_break_of_its_own_is_neither_better_nor_worse(
    book: BoroughEdition,
) -> None:
    """Since November 2023 all boroughs record more robberies of businesses: why is not known."""
    robbery = book.offences["robbery_of_business_property"]
    facts = robbery.facts()
    assert (robbery.moves_with, robbery.changes["since"].followed.own_past) == ("", 1)
    assert facts["lead"].startswith("Higher: clearly more offences were recorded than")
    assert "worse" not in facts["since_told"]


def test_a_clear_change_of_the_last_year_is_said_before_an_unclear_one_since_the_strategy(
    book: BoroughEdition,
) -> None:
    """Barnet's drug offences rose by 50.4% in the year, which its first page calls higher."""
    drugs, burglary = (book.offences[key].facts()["lead"] for key in ("drug_offences", "burglary"))
    assert drugs == (
        "Higher: clearly more offences were recorded than in the year before. No clear change from "
        "the number in the 12 months to March 2022, when the strategy was written."
    )
    assert burglary.startswith("No clear change from the number in the 12 months to March 2022")


def test_of_a_handful_no_percentage_is_told(book: BoroughEdition) -> None:
    homicide = book.offences["homicide"]
    assert homicide.changes["year"].verdict == TOO_FEW
    assert "%" not in homicide.facts()["year_told"]
    row = offence_table({"homicide": homicide}).iloc[0]
    assert pd.isna(row["change_percent"])
    found = homicide.boroughs()
    few = found["count"] < FEWEST_A_BOROUGH
    assert found.loc[few, "change_percent"].isna().all()
    table = table_of(found, "boroughs")
    texts = pd.DataFrame(table.texts(), columns=[column.key for column in table.columns])
    assert set(texts.loc[few, "change_low"]) == {"too few"}
    assert "is_few" not in texts


def test_across_a_break_the_strategys_year_is_left_out(book: BoroughEdition) -> None:
    """Public fear, alarm or distress is recorded in another system since February 2024."""
    assert list(book.offences["public_fear_alarm_or_distress"].changes) == ["year"]


def test_a_count_across_a_break_is_not_called_too_small_nor_compared() -> None:
    """Violence with injury, release of April 2026: the years to March 2024 and 2025 differ."""
    facts = BoroughEdition(Settings("Barnet", 2025)).offences["violence_with_injury"].facts()
    assert facts["count"].value == 1840
    assert str(facts["lead"]).startswith("Counted differently since")
    assert facts["since_told"] == ""
    assert facts["year_told"] == "The count in the year before was 2,191."


def test_what_is_clear_beside_the_others_alone_is_neither_better_nor_worse() -> None:
    """Theft in Westminster, release of April 2026: 58,256 to 57,406, in other boroughs a rise."""
    year = BoroughEdition(Settings("Westminster", 2025)).offences["theft"].changes["year"]
    assert year.verdict == "no clear change"
    assert "no clear change. Set against the other boroughs it is 12.8% lower" in year.told()


def test_the_level_divides_each_year_by_the_residents_of_its_middle(book: BoroughEdition) -> None:
    """The newest year is the rate of the page, mid-2021 is of the release of mid-2023: 388,955."""
    offence = book.offences["vehicle_offences"]
    level = offence.level.table.set_index(["series", "label"])["value"]
    assert level["Barnet", "2025/26"] == pytest.approx(offence.rates.own["rate"])
    assert level["32 boroughs", "2025/26"] == pytest.approx(offence.rates.london.rate)
    count = offence.crime.annual("Vehicle offences").set_index("label")["count"]["2021/22"]
    residents = book.people.residents_in(offence.strategy)[book.area_code]
    assert residents == 388955
    assert level["Barnet", "2021/22"] == pytest.approx(1000 * count / residents)


def test_boroughs_are_set_beside_london(book: BoroughEdition) -> None:
    offence = book.offences["burglary"]
    table = offence.boroughs().set_index("area")
    assert len(table) == 32
    assert table["rate"].is_monotonic_increasing
    enfield = table.loc["Enfield"]
    expected = 100 * (enfield["rate"] / offence.rates.london.rate - 1)
    assert enfield["against_london_percent"] == pytest.approx(expected)
    assert enfield["against_london_low"] < expected < enfield["against_london_high"]
    year = offence.crime.year_on_year("Burglary", "Enfield")
    assert enfield["change_percent"] == pytest.approx(year.change_percent)


def test_related_offences_are_the_group_and_its_parts(book: BoroughEdition) -> None:
    near = beside(book.offences, book.offences["theft_from_a_motor_vehicle"])
    assert [each.measure for each in near.values()][:2] == [
        "Vehicle offences",
        "Theft from a motor vehicle",
    ]
    assert {each.group for each in near.values()} == {"Vehicle offences"}
    groups = beside(book.offences, book.offences["total_notifiable_offences"])
    assert "burglary" in groups
    assert "residential_burglary" not in groups


def months(values: list[float]) -> TimeSeries:
    dates = pd.date_range("2023-04-01", periods=len(values), freq="MS")
    table = pd.DataFrame({"month": dates, "label": dates.strftime("%B %Y"), "count": values})
    return TimeSeries(table, unit="offences", label="Thefts")


def test_a_calendar_shades_counts_and_shows_a_hole() -> None:
    """December 2023 is missing, as in some releases; what is downloaded has the other months."""
    values = [float(number) for number in range(10, 34)]
    values[8] = float("nan")
    table = calendar(months(values))
    html = table.to_html()
    assert '<th scope="row">2023/24</th><td class="number shade-0 lowest">10</td>' in html
    assert '<td class="number shade-5 highest">33</td>' in html
    assert '<td class="number">[x]</td>' in html
    lines = table.to_csv().splitlines()
    assert lines[:2] == ["month,count", "2023-04-01,10"]
    assert len(lines) == 24
    assert not any(line.startswith("2023-12") for line in lines)


def test_only_a_month_that_stands_alone_is_marked_as_the_highest_or_lowest() -> None:
    """Of a rare kind of crime most months have none."""
    html = calendar(months([0.0, 0.0, 1.0, 0.0, 2.0])).to_html()
    assert "lowest" not in html
    assert html.count("highest") == 1


def test_counts_that_are_all_the_same_have_no_highest() -> None:
    html = calendar(months([5.0] * 12)).to_html()
    assert "highest" not in html
    assert html.count("shade-0") == 12


def test_dots_of_a_strip_do_not_cover_each_other() -> None:
    frame = pd.DataFrame({"label": ["Ayton", "Beeton", "Ceeton"], "value": [5.0, 5.0, 9.0]})
    chart = strip(
        frame, name="strip", unit="offences", highlight="Ayton", benchmark=("London", 6.0)
    )
    assert "Ayton 5.0" in chart.svg
    assert "London 6.0" in chart.svg_narrow
    with pytest.raises(ValueError, match="no area 'Deeton'"):
        strip(frame, name="strip", unit="x", highlight="Deeton", benchmark=("London", 6.0))


def test_boroughs_are_compared_and_the_choice_is_in_the_address(
    landing: Page,
) -> None:
    landing.locator("article").get_by_role("link", name="Other boroughs").click()
    landing.get_by_label("Kind of crime", exact=True).select_option("Burglary")
    for borough in ("Enfield", "Harrow"):
        landing.get_by_label(borough, exact=True).check()
    told = landing.locator("#compare-told")
    expect(told).to_contain_text(
        re.compile(r"Enfield \d\.\d.*, .*Barnet \d\.\d.*32 boroughs together \d")
    )
    expect(landing.locator("#compare-result tbody tr")).to_have_count(3)
    assert landing.url.endswith("#offence=burglary&boroughs=barnet,enfield,harrow")
    words = told.inner_text()
    landing.reload()
    expect(told).to_have_text(words)
    landing.get_by_role("link", name="All boroughs: Burglary").click()
    expect(landing.locator("#offence_burglary_boroughs")).to_contain_text("Harrow")


def test_a_dotted_line_is_told_of_only_where_a_break_lies_within_the_years() -> None:
    """Fraud left all crime in April 2013; burglary was counted alike from 2010 to 2022."""
    crime = BoroughEdition(Settings("Barnet", 2022)).crime
    assert crime.level("Burglary").dotted == ""
    assert crime.level().dotted.startswith("At a dotted line through the years the recording")
