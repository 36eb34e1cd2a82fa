"""The methods page's worked examples: every step agrees with the next and with the book."""

import csv
import math
import re
from math import exp

import pytest
from scipy.stats import norm

from safer_communities.chapter.book import Book
from safer_communities.project import ROOT
from safer_communities.settings import Settings
from safer_communities.site.run import execution
from safer_communities.site.run.text_notebooks import SAVED, text_notebook, what_they_say

PAGE = ROOT / "book" / "methods.md"
TEXT = PAGE.read_text(encoding="utf-8")
# The names that the tests below call the examples by, in the order of the page.
EXAMPLES = (
    *("change", "z test", "newcombe", "design effect", "rounding", "smallest shift"),
    *("detections", "many tests", "byar", "rate ratio", "overdispersion", "year to year"),
    *("usual change", "ranks", "control chart", "forecast"),
)
# Those of the strategy's survey say the same in every book.
OF_THE_SURVEY = {
    *("z test", "newcombe", "design effect", "rounding", "smallest shift", "many tests"),
}


def examples_in(said: str) -> dict[str, str]:
    """The text of each example, filled in with what the page says (see `what_they_say`)."""
    words = {
        row["name"]: row["words"]
        for row in csv.DictReader(said.splitlines())
        if row["page"] == "methods"
    }
    filled = re.sub(r"\{glue:text\}`([a-z0-9_]+)`", lambda match: words[match[1]], TEXT)
    texts = re.findall(r"^\*\*Worked example\.\*\* .*?(?=^#|\Z)", filled, re.MULTILINE | re.DOTALL)
    return dict(zip(EXAMPLES, texts, strict=True))


COMMITTED = examples_in((ROOT / SAVED).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def data() -> Book:
    return Book(Settings())


def numbers(line: str) -> list[float]:
    """The numbers of a line, without thousands separators."""
    return [float(text.replace(",", "")) for text in re.findall(r"\d[\d,]*(?:\.\d+)?", line)]


def step(text: str, number: int) -> str:
    return next(
        line.removeprefix(f"{number}. ")
        for line in text.splitlines()
        if line.startswith(f"{number}. ")
    )


@pytest.mark.slow
def test_the_examples_of_another_borough_and_year_are_words_and_finite_numbers() -> None:
    page = text_notebook(TEXT)
    executed = execution.execute(PAGE, page, Settings("Enfield", 2025)).notebook
    for name, text in examples_in(what_they_say({"methods": executed})).items():
        assert not re.search(r"\b(?:nan|inf|None)\b|``|\(\)", text), name
        assert (text == COMMITTED[name]) == (name in OF_THE_SURVEY), name


def test_rate_and_change_follow_from_the_counts() -> None:
    text = COMMITTED["change"]
    assert step(text, 1).endswith("1,000 × 27,826 ÷ 399,007 = 69.7")
    assert step(text, 2).endswith("(27,826 − 26,086) ÷ 26,086 = 6.7%")


def test_z_and_p_of_the_first_comparison() -> None:
    """90% and 94% of 500 by hand: z = 0.04 / sqrt(0.92 x 0.08 x 2 / 500) = 2.331."""
    text = COMMITTED["z test"]
    assert "450 of n₁ = 500 (assumed)" in text
    assert step(text, 4).endswith("= 2.33")
    assert step(text, 5).startswith("The p-value is 0.020")


def test_the_steps_of_the_interval_lead_to_its_ends() -> None:
    text = COMMITTED["newcombe"]
    difference, gap_1, _, gap_2, _, low = numbers(step(text, 3).replace("²", " 2"))
    assert difference - (gap_1**2 + gap_2**2) ** 0.5 == pytest.approx(low, abs=2e-4)
    difference, gap_1, _, gap_2, _, high = numbers(step(text, 4).replace("²", " 2"))
    assert difference + (gap_1**2 + gap_2**2) ** 0.5 == pytest.approx(high, abs=2e-4)


def test_rounding_names_the_counts_that_print_alike() -> None:
    text = COMMITTED["rounding"]
    assert "90% of 500 people can stand for 448 to 452 people" in text
    assert "p is between 0.005 and 0.062: cannot tell" in text


def test_byars_steps_lead_to_the_rates_shown() -> None:
    text = COMMITTED["byar"]
    size = numbers(text.splitlines()[0])[1]
    low, high = (numbers(step(text, n).split("= ")[-1])[0] for n in (1, 2))
    assert numbers(step(text, 3).split("range of")[1]) == pytest.approx(
        [1000 * low / size, 1000 * high / size], abs=0.01
    )


def test_the_ratio_example_gives_the_change_and_its_range() -> None:
    text = COMMITTED["rate ratio"]
    assert step(text, 1) == "Ratio = 27,826 ÷ 26,086 = 1.0667"
    assert "less than 0.001; the change is 6.7%, with a range of 4.9% to 8.5%" in step(text, 3)


def test_overdispersion_names_its_months_and_freedom(data: Book) -> None:
    text = COMMITTED["overdispersion"]
    phi = data.crime.dispersion_by_borough()[data.area_code]
    assert f"φ = {phi:.2f}, with (6 − 1) × (12 − 1) = 55" in step(text, 1)


def test_the_effective_count_makes_the_score_and_its_p_value(data: Book) -> None:
    text, year = COMMITTED["year to year"], data.crime.year_on_year()
    areas, common = numbers(text.splitlines()[0])[-2:]
    assert (areas**2 + common**2) ** 0.5 == pytest.approx(numbers(step(text, 1))[-1], abs=2e-4)
    *_, effective, z = numbers(step(text, 3))
    assert numbers(step(text, 2))[-1] == effective
    share = year.count / (year.count + year.base_count)
    assert (2 * share - 1) * effective**0.5 == pytest.approx(z, abs=0.01)
    assert 2 * norm.sf(abs(z)) == pytest.approx(year.p_value, abs=0.005)
    assert year.own_past in step(text, 4)
    assert year.beside_others in step(text, 5)


def test_ranks_count_the_boroughs_that_are_clearly_lower_and_higher(data: Book) -> None:
    text, own = COMMITTED["ranks"], data.crime.rates().own
    assert numbers(step(text, 2))[-1] == own["rank_low"]
    assert numbers(step(text, 3))[-1] == own["rank_high"]
    assert numbers(step(text, 1)) == [31, 2, 62]


def test_the_limits_lie_as_far_from_the_centre_as_the_moving_ranges_say() -> None:
    text = COMMITTED["control chart"]
    *gaps, count, mean = numbers(step(text, 2))
    assert len(gaps) == count == 11
    assert sum(gaps) / count == pytest.approx(mean, abs=1)
    centre, factor, moving, lower, upper = numbers(step(text, 3))
    assert (lower, upper) == pytest.approx(
        (centre - factor * moving, centre + factor * moving), abs=2
    )


def test_the_range_of_a_forecast_is_a_ratio_either_side() -> None:
    text = COMMITTED["forecast"]
    moves, place, ratio = (numbers(step(text, 2))[at] for at in (0, 1, 2))
    assert place == math.ceil(0.95 * (moves + 1))
    year, _, low, *_, high = numbers(step(text, 3).removeprefix("95% range of the next year: "))
    assert (year / ratio, year * ratio) == pytest.approx((low, high), rel=1e-4)


def test_holm_and_benjamini_hochberg_multiply_as_the_page_says() -> None:
    text = COMMITTED["many tests"]
    place_of, place, times, p_value, product, corrected = numbers(step(text, 1))
    assert times == place_of - place + 1
    assert times * p_value == pytest.approx(product, abs=1e-3)
    assert corrected >= product
    assert numbers(step(text, 2))[-1] <= numbers(step(text, 2))[-2]


def test_a_design_effect_divides_z_by_its_root() -> None:
    for number in (1, 2):
        _, z, effect, smaller, _ = numbers(step(COMMITTED["design effect"], number))
        assert z / effect**0.5 == pytest.approx(smaller, abs=0.01)


def test_the_example_of_positive_outcomes_follows_from_its_counts() -> None:
    text = COMMITTED["detections"]
    outcomes, offences, hundred, ratio = numbers(step(text, 1))
    assert hundred * outcomes / offences == pytest.approx(ratio, abs=0.005)
    months, error, t_value = numbers(step(text, 2))
    assert (months, t_value) == (12, 2.201)
    *_, low, high = numbers(step(text, 3))
    assert low == pytest.approx(ratio / exp(t_value * error), abs=0.01)
    assert high == pytest.approx(ratio * exp(t_value * error), abs=0.01)


def test_the_ranks_example_ends_with_the_range_on_the_map(data: Book) -> None:
    on_map = data.crime.rates().table.set_index("area").loc["Barnet"]
    ends = numbers(step(COMMITTED["ranks"], 4))
    assert ends == [32, 31, 992, on_map["rank_low"], on_map["rank_high"]]
