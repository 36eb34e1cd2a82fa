"""Questions that people bring, from the first page: answered in two clicks, on desk and phone.

What a full answer holds is read from the book's own downloads. It has to stand where the last
click leads, or not further down than one screen of scrolling. `docs/questions.md` has the list.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from conftest import DESK_AND_PHONE
from safer_communities.settings import DEFAULT_EDITION as YEAR

MOST_CLICKS = 2
ABOUT = "About this chart and its data"
SERVED = "http://book.test/"
# All that a reader sees of the article from where they are to one screen further down: words, where
# a download leads, what a chart is called; and how much is seen of the file of each chart.
WITHIN_REACH = """() => {
  const article = document.querySelector("article");
  const reach = 2 * window.innerHeight;
  const seen = (part) => {
    const box = part.getBoundingClientRect();
    return box.height > 0 && box.bottom > 0 && box.top < reach;
  };
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  const parts = [];
  while (walker.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    if (walker.currentNode.parentElement.checkVisibility() && seen(range))
      parts.push(walker.currentNode.data);
  }
  for (const link of article.querySelectorAll("a[href$='.csv']"))
    if (link.checkVisibility() && seen(link)) parts.push(`[to ${link.getAttribute("href")}]`);
  const charts = [...article.querySelectorAll("img")].filter(seen);
  const share = (box) => Math.min(1, (reach - box.top) / box.height);
  return [
    [...parts, ...charts.map((chart) => `[${chart.alt}]`)].join(" "),
    charts.map((chart) => [
      chart.currentSrc.split("/").pop(),
      share(chart.getBoundingClientRect()),
    ]),
  ];
}"""


@dataclass(frozen=True)
class Downloads:
    """The figures of a built book, as they stand in its downloads."""

    html: Path

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.html / "downloads" / f"{name}.csv", encoding="utf-8-sig")

    @cached_property
    def values(self) -> pd.Series:
        return self.table("indicators").set_index("id")["value"]

    def said(self, name: str, decimals: int = 0) -> str:
        """A figure as a page writes it."""
        return re.escape(f"{float(self.values[name]):,.{decimals}f}".replace("-", "\N{MINUS SIGN}"))

    def likely(self, name: str) -> str:
        """The interval of a change as a page writes it."""
        ends = [float(self.values[f"{name}_ci_{end}"]) for end in ("low", "high")]
        nouns = ["rise" if end > 0 else "fall" for end in ends]
        if nouns[0] == nouns[1]:
            low, high = sorted(map(abs, ends))
            return f"a {nouns[0]} of between {low:.1f}% and {high:.1f}%"
        both = [f"a {n} of {abs(end):.1f}%" for n, end in zip(nouns, ends, strict=True)]
        return f"between {' and '.join(both)}"


Answer = Callable[[Downloads], list[str]]
SOURCE = "Source: Metropolitan Police Service"


def offence(key: str, *more: str) -> Answer:
    """The number beside all boroughs, its change with the range, what is not in it, the source."""
    page = f"offence_{key}"

    def answer(book: Downloads) -> list[str]:
        return [
            f"recorded {book.said(f'{page}.count')} offences",
            f"there were {book.said(f'{page}.rate', 1)}; the 32 boroughs together had",
            f"the 32 boroughs together had {book.said(f'{page}.rate_london', 1)}",
            f"probably {book.likely(f'{page}.year')}: ",
            "Only what was reported to the police or found by them is counted",
            SOURCE,
            *more,
        ]

    return answer


def flagged(page: str, key: str, *more: str) -> Answer:
    """The same of what the police flag; the range is that of the rate."""
    name = f"{page}.{key}"

    def answer(book: Downloads) -> list[str]:
        return [
            f"{book.said(name)} ",
            f"{book.said(f'{name}_rate', 1)} ",
            f"the 32 boroughs together have {book.said(f'{name}_rate_london', 1)}",
            "95% interval",
            "never reported",
            SOURCE,
            *more,
        ]

    return answer


def year_by_year(book: Downloads) -> list[str]:
    """A year of the chart's own table, the whole way back, with London beside it."""
    level = book.table("offence_vehicle_offences_level")
    own = level.loc[level["label"] == "2014/2015", "value"].iloc[0]
    return [f"2014/15 {own:.1f}", r"\[Line chart of recorded offences .* 2010/11"]


def wrong(book: Downloads) -> list[str]:
    """What the first of the wrong figures is, and why."""
    claims = book.table("claims")
    first = claims[claims["verdict"] == "wrong"].iloc[0]
    return [re.escape(first["claim"]), "[Ww]rong", re.escape(first["reason"][:60])]


def ward(book: Downloads) -> list[str]:
    return [
        f"recorded {book.said('ward_hendon.count')} offences in Hendon",
        f"{book.said('ward_hendon.rate', 1)} for every 1,000 people",
        r"clearly (above|below|different)",
        "Offences are counted where they happen",
        SOURCE,
    ]


def ward_for_burglary(book: Downloads) -> list[str]:
    table = book.table("wardmap_burglary_rates").set_index("area")
    rate, beside = table.loc["Hendon", ["rate", "beside"]]
    return [f"Hendon( and [A-Z][a-z ]*)? (are|is) {beside}", " Hendon ", f" {rate:.1f} "]


def compared(*boroughs: str) -> Answer:
    """Each borough's rate with its range, and that of all boroughs."""

    def answer(book: Downloads) -> list[str]:
        table = book.table("offence_burglary_boroughs").set_index("area")
        rates = [f"{area} {table.loc[area, 'rate']:.1f}" for area in boroughs]
        return [*rates, r"The 32 boroughs together \d", "Range", SOURCE]

    return answer


def these(*words: str) -> Answer:
    return lambda _: list(words)


@dataclass(frozen=True)
class Question:
    """What a reader asks, what they press from the first page, and what they have to find."""

    asked: str
    pressed: tuple[str, ...]
    answer: Answer

    def __str__(self) -> str:
        return self.asked


def beside(*boroughs: str) -> Answer:
    """The rate of all crime of each borough."""

    def answer(book: Downloads) -> list[str]:
        table = book.table("offence_total_notifiable_offences_boroughs").set_index("area")
        return [f"{area} {table.loc[area, 'rate']:.1f}" for area in boroughs] + [SOURCE]

    return answer


VAWG, KNIVES = "violence_against_women_and_girls", "serious_violence_and_knife_crime"
RICHMOND_AND_CHELSEA = "Compare boroughs: Kensington and Chelsea, Richmond upon Thames"
QUESTIONS = [
    Question("Is my ward safe?", ("My ward", "Hendon"), ward),
    Question("How does it compare for burglary?", ("My ward", "Burglary"), ward_for_burglary),
    Question("A map of wards", ("My ward",), these(r"\[Map of the \d+ wards of")),
    Question("Car crime", ("Car crime",), offence("vehicle_offences")),
    Question("Car crime since 2015", ("Car crime", ABOUT), year_by_year),
    Question("Is knife crime up?", ("Knife crime",), flagged(KNIVES, "knife")),
    Question("Has domestic abuse risen?", ("Domestic abuse",), flagged(VAWG, "abuse")),
    Question(
        "What was promised?",
        ("What was promised",),
        these(
            r"Of \d+ indicators", "95% interval", "priority by priority", "Source: Mayor's Office"
        ),
    ),
    Question(
        "What was done?",
        ("What was promised", "Anti-social behaviour"),
        these("Community Trigger", r"\((worse|better|higher|lower|no clear change)\)"),
    ),
    Question("Which printed figure is wrong, and why?", ("Figures that were wrong",), wrong),
    Question(
        "Barnet against Enfield and Harrow",
        ("?barnet enfield harrow burglary", "Compare boroughs: Barnet, Enfield, Harrow"),
        compared("Barnet", "Enfield", "Harrow"),
    ),
    Question(
        "Two boroughs of my choice",
        ("?Burglary in Newham and Westminster", "Compare boroughs: Newham, Westminster"),
        compared("Newham", "Westminster"),
    ),
    Question(
        "Boroughs by the names that people use",
        ("?burglary in richmond and chelsea", RICHMOND_AND_CHELSEA),
        compared("Kensington and Chelsea", "Richmond upon Thames"),
    ),
    Question(
        "Was the promise kept?",
        ("?was the promise kept", "Since the strategy"),
        these(r"Of \d+ indicators", "had no clear change", "priority by priority"),
    ),
    Question(
        "Burglary by month, to download",
        ("Burglary", "Each month, to download"),
        these("Month by month", SOURCE, r"/offence_burglary_calendar\.csv\]"),
    ),
    Question("Which year is this?", (), these(f"{YEAR} edition · figures to March {YEAR}")),
    Question("When is the next update?", (), these(f"followed by the {YEAR + 1} edition")),
    Question("Who publishes this?", (), these("An independent analysis by .*, not by a council")),
    Question("What about fraud?", ("Fraud and scams",), these("Report Fraud", "none by borough")),
    Question("Scams", ("?scams", "Offences"), these("Report Fraud", "none by borough")),
    Question("Is drug dealing up?", ("Drug dealing",), offence("drug_trafficking", "dealing")),
    Question("Phone theft", ("Phone theft",), offence("theft_from_the_person", "phone")),
    Question("Shoplifting", ("Shoplifting",), offence("shoplifting", "goods from a shop")),
    Question("Mugging", ("Mugging",), offence("robbery_of_personal_property", "mugging")),
    Question("Sexual assault", ("Sexual offences",), offence("sexual_offences")),
    Question("Hate crime", ("Hate crime",), flagged("hate_crime", "hate")),
    Question("Bicycles", ("One kind of crime", "Bicycle theft"), offence("bicycle_theft")),
    Question("Who do I ring?", ("Who to call",), these("999", "101", "0800 555 111")),
    Question(
        "Is my street safe?", ("?is my street safe", "Wards"), these(r"\[Map of the \d+ wards")
    ),
    Question(
        "Stabbing", ("?stabbing", "Serious violence and knife crime"), flagged(KNIVES, "knife")
    ),
    Question(
        "Is Barnet safer than Camden?",
        ("?is barnet safer than camden", "Compare boroughs: Barnet, Camden"),
        beside("Barnet", "Camden"),
    ),
    Question(
        "Crime in Chelsea",
        ("?crime in chelsea", "Compare boroughs: Barnet, Kensington and Chelsea"),
        beside("Barnet", "Kensington and Chelsea"),
    ),
    Question(
        "Is crime rising in Golders Green?",
        ("?is crime rising in golders green", "Crime in Golders Green, Barnet"),
        these(r"recorded \d+ offences in Golders Green", "No change is given", SOURCE),
    ),
    Question(
        "Which ward has the most burglaries?",
        ("?which ward has the most burglaries", "Burglary by ward of Barnet"),
        ward_for_burglary,
    ),
    Question(
        "Is burglary worse at Christmas?",
        ("?is burglary worse at christmas", "Burglary in Barnet"),
        these("a day in .* than in the months around", r"\bDec\b", SOURCE),
    ),
    Question(
        "Is hate crime up since October 2023?",
        ("Hate crime", "The months after October 2023"),
        these("The months after October 2023", "the same months a year before", "without a test"),
    ),
    Question(
        "Anti-social behaviour in my ward",
        ("?asb hendon", "Crime in Hendon, Barnet"),
        these(
            "incidents of anti-social behaviour were logged here in .* for every 1,000 people "
            r"\(95% interval .*All wards together had"
        ),
    ),
    Question(
        "Can I trust this figure?",
        ("?can i trust this figure", "Methods"),
        these("As counts of all crime: no", "beyond the range beside them", "Revisions"),
    ),
    Question(
        "My car was stolen",
        ("?my car was stolen", "Theft of vehicles in Barnet"),
        offence("theft_or_taking_of_a_motor_vehicle"),
    ),
    Question(
        "Things stolen from cars",
        ("?theft from cars", "Theft from vehicles in Barnet"),
        offence("theft_from_a_motor_vehicle"),
    ),
    Question(
        "Which borough has the lowest crime?",
        ("?which borough has the lowest crime", "Crime levels"),
        these(
            r"\[Dot chart of 32 boroughs",
            "Richmond upon Thames",
            "the 32 boroughs together stand at",
            SOURCE,
        ),
    ),
    Question("Graffiti", ("?graffiti", "Criminal damage in Barnet"), offence("criminal_damage")),
    Question(
        "Has crime gone up?",
        ("?has crime gone up", "Crime and safety in Barnet"),
        these(
            r"recorded [\d,]+ offences in the 12 months",
            r"The 32 boroughs together had \d",
            "independent analysis",
        ),
    ),
    Question(
        "Which borough is worst for burglary?",
        ("?worst borough for burglary", "Burglary in Barnet"),
        these(r"\[Dots for 32 boroughs", "Burglary in Barnet: the .* of the 32 London", SOURCE),
    ),
    Question(
        "What will next year bring?",
        ("?what will happen next year", "Crime levels"),
        these("The forecast for the 12 months to", "19 of 20", "knows nothing of new laws"),
    ),
    Question(
        "Where do the numbers come from?",
        ("?where do the numbers come from", "Data sources"),
        these("Metropolitan Police", "Open Government Licence"),
    ),
    Question(
        "How many police officers are there?",
        ("?how many police", "Further information"),
        these("by unit, not by borough"),
    ),
]


@pytest.fixture(scope="module")
def downloads(site: Path) -> Downloads:
    return Downloads(site)


# On a phone less is seen at once, and a touch is all there is: what is found there is elsewhere.
@pytest.fixture(scope="module", params=[pytest.param("desk", marks=pytest.mark.long), "phone"])
def reader(
    request: pytest.FixtureRequest, browser: Browser, site: Path
) -> Iterator[tuple[Page, list[str]]]:
    """A page of the size of a desk or a phone, and the errors that it reported."""
    width, height = DESK_AND_PHONE[request.param]
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    # The search quotes pages, which a browser refuses to read from a disk.
    context.route(
        f"{SERVED}**", lambda route: route.fulfill(path=site / urlsplit(route.request.url).path[1:])
    )
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page, errors
    context.close()


def press(page: Page, name: str) -> None:
    """Presses what is called so in the article; "?words" asks the search."""
    if name.startswith("?"):
        page.goto(f"{SERVED}search.html?q={name[1:]}")
        # Each result moves those below it when its quotation comes: what is pressed before may be
        # another, or none.
        page.wait_for_load_state("networkidle")
    elif name == ABOUT:
        page.locator("summary").get_by_text(name).first.click()
    else:
        results = page.locator("article, #search-results")
        with page.expect_event("framenavigated"):
            results.get_by_role("link", name=name, exact=True).first.click()
        page.wait_for_load_state()


def within_reach(page: Page, book: Downloads) -> str:
    """The words that are read without more than one screen of scrolling, those in charts too."""
    words, charts = page.evaluate(WITHIN_REACH)
    written = [words]
    for name, share in charts:
        svg = (book.html / "downloads" / name).read_text(encoding="utf-8")
        height = float(re.search(r'viewBox="[\d.]+ [\d.]+ [\d.]+ ([\d.]+)"', svg)[1])
        labels = re.findall(r'<text[^>]* y="([\d.]+)"[^>]*>([^<]*)<', svg)
        written += [label for y, label in labels if float(y) <= share * height]
    text = re.sub(r"\s+", " ", f"{' '.join(written)} ")
    return re.sub(r" (?=[.,;:)%?!])|(?<=\() ", "", text)


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_is_answered(
    reader: tuple[Page, list[str]], site: Path, downloads: Downloads, question: Question
) -> None:
    page, errors = reader
    errors.clear()
    page.goto((site / "notebooks" / "summary.html").as_uri())
    assert len(question.pressed) <= MOST_CLICKS
    for name in question.pressed:
        press(page, name)
    expect(page.locator("article")).to_be_visible()
    found = within_reach(page, downloads)
    missing = [part for part in question.answer(downloads) if not re.search(part, found)]
    assert missing == [], found
    assert errors == []


@pytest.mark.long
def test_other_questions_find_their_page_first(reader: tuple[Page, list[str]]) -> None:
    """A resident's, a councillor's, a journalist's and a student's, each in words of their own."""
    page, errors = reader
    errors.clear()
    expected = {
        "crime in barnet": "Crime and safety in Barnet",
        "hammersmith knife crime": "Serious violence and knife crime",
        "barnet vale": "Crime in Barnet Vale, Barnet",
        "is violent crime going up": "Violence in Barnet",
        "are young people safe": "Young people’s survey",
        "has the council done what it said": "Since the strategy",
        "car thefts compared to london": "Vehicle crime in Barnet",
        "possession of drugs": "Possession of drugs in Barnet",
        "what percentage of burglaries are solved": "Apprehending offenders",
        "cybercrime": "Offences",
        "covid effect on crime": "All recorded crime in Barnet",
        "response times": "Further information",
        "how do I cite this": "Further information",
        "download data for my dissertation": "Take the figures",
        "methodology": "Methods",
    }
    found = {}
    for asked in expected:
        page.goto(f"{SERVED}search.html?q={asked}")
        found[asked] = page.locator("#search-results li > a").first.inner_text()
    assert found == expected
    assert errors == []


def test_the_table_beside_the_map_leads_to_every_ward(landing: Page, site: Path) -> None:
    press(landing, "My ward")
    links = landing.locator("th[scope=row] a[href^='ward_']")
    names = links.all_inner_texts()
    assert len(names) == len(set(names)) >= 20
    for address in links.evaluate_all("found => found.map(each => each.getAttribute('href'))"):
        assert (site / "notebooks" / address).is_file()


def test_words_that_only_ask_are_not_marked(reader: tuple[Page, list[str]]) -> None:
    page, _ = reader
    press(page, "?how do we rank")
    press(page, "Crime rankings")
    marked = page.locator("article .highlighted").all_inner_texts()
    # What is folded has no text that is seen.
    assert {text.lower() for text in marked if text} == {"rank"}
