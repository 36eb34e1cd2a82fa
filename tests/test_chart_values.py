"""What the marks of a chart say to those who point, touch or use the keyboard, and what they take.

The page is one of charts alone, with the book's own style sheet, script and policy.
"""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from safer_communities.chapter.outputs import chart_output
from safer_communities.facts.output_types import CHART_MIME
from safer_communities.project import ROOT
from safer_communities.site.finish.content_security_policy import add_policy
from safer_communities.site.pages.exhibits import chart_html
from safer_communities.site.pages.taken_away import Colophon, files_of
from test_charts import finished

pytestmark = pytest.mark.slow

KINDS = ["rate_by_area", "shares", "changes", "annual_trend", "area_map"]
BOOK = Colophon("Enfield Council", "Safer Communities book: Enfield, 2026 edition", "May 2026")
SCREENS = {"desk": (1366, 900), "phone": (390, 800)}
# A mark of each chart: its row's name, and what it says as the table below the chart has it.
SAID = {
    "rate_by_area": ("Enfield", "Offences per 1,000 residents: 90.8; 95% interval 86.8 to 94.8"),
    "shares": ("Possession of firearms offences", "5%; 95% interval 3 to 8%"),
    "changes": ("Sexual offences", "+39.2%; 95% interval 24.8 to 55.9%"),
    "annual_trend": ("Barnet, 12 months to March 2015", "68.0; 95% interval 66.0 to 70.0"),
    "area_map": ("Finchley Church End", "28.1; 95% interval 26.1 to 30.1; Beside Barnet: above"),
}


def record_of(kind: str) -> dict:
    words = {"headline": f"The {kind}", "subtitle": "Made", "alt": "Shown", "description": ""}
    source = "Source: made. Period: 12 months to March 2026."
    options = {"chapter": "made", "source": source, "needed": (), "with_table": True}
    return chart_output(finished(kind), words, own="Barnet", **options)[CHART_MIME]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of one page with one chart of each kind."""
    site = tmp_path_factory.mktemp("charts")
    for name in ("downloads", "notebooks", "_static"):
        (site / name).mkdir()
    figures = []
    for kind in KINDS:
        record, svg = record_of(kind), finished(kind).svg
        for name, text in files_of(record, svg, BOOK).items():
            (site / "downloads" / name).write_text(text, encoding="utf-8")
        figures.append(
            chart_html(record, svg, BOOK).replace("<figure", f'<figure data-of="{kind}"')
        )
    for name in ("book.css", "charts.js"):
        (site / "_static" / name).write_bytes((ROOT / "book" / "_static" / name).read_bytes())
    page = BeautifulSoup(
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Charts</title>'
        '<meta name="viewport" content="width=device-width">'
        '<link rel="stylesheet" href="../_static/book.css">'
        '<script src="../_static/charts.js" defer></script></head>'
        f"<body><main>{''.join(figures)}</main></body></html>",
        "html.parser",
    )
    add_policy(page)
    (site / "notebooks" / "page.html").write_text(str(page), encoding="utf-8")
    return site


@pytest.fixture(params=SCREENS)
def page(request: pytest.FixtureRequest, browser: Browser, folder: Path) -> Iterator[Page]:
    width, height = SCREENS[request.param]
    touch = request.param == "phone"
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=touch)
    opened = context.new_page()
    problems: list[str] = []
    opened.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.goto((folder / "notebooks" / "page.html").as_uri())
    yield opened
    assert problems == []
    context.close()


def figure(page: Page, kind: str) -> Locator:
    return page.locator(f"figure[data-of={kind}]")


def point_at(page: Page, kind: str, name: str) -> None:
    """Points at the mark of a row, or touches it, where the drawing that is shown has it."""
    marks = record_of(kind)["marks"]
    narrow = page.viewport_size["width"] < 600
    at = marks["names"].index(name)
    x, y = marks["narrow" if narrow else "wide"][2 * at : 2 * at + 2]
    image = figure(page, kind).locator("img")
    image.scroll_into_view_if_needed()
    if narrow:
        figure(page, kind).locator(".chart-layer").tap(position={"x": x, "y": y})
    else:
        figure(page, kind).locator(".chart-layer").hover(position={"x": x, "y": y})


def test_a_mark_that_is_pointed_at_or_touched_says_its_value(page: Page) -> None:
    for kind, (name, value) in SAID.items():
        point_at(page, kind, name)
        told = figure(page, kind).get_by_role("status")
        expect(told).to_contain_text(f"{name}:")
        expect(told).to_contain_text(value)
        picture, label = figure(page, kind).locator("img").bounding_box(), told.bounding_box()
        assert label["x"] >= picture["x"] - 1, kind
        assert label["x"] + label["width"] <= picture["x"] + picture["width"] + 1, kind


def test_a_pointer_within_a_ward_gets_that_ward_however_near_another_mark_is(page: Page) -> None:
    """Halfway from the middle of a ward to its edge it is still that ward."""
    marks = record_of("area_map")["marks"]
    scale = marks["scale"] if page.viewport_size["width"] < 600 else 1
    at = marks["names"].index("Hendon")
    points = re.findall(r"(-?\d+) (-?\d+)", marks["shapes"][at])
    x, y = (sum(map(int, each)) / len(points) * scale for each in zip(*points, strict=True))
    layer = figure(page, "area_map").locator(".chart-layer")
    (layer.tap if scale != 1 else layer.hover)(position={"x": x, "y": y})
    expect(figure(page, "area_map").get_by_role("status")).to_contain_text("Hendon:")


def test_a_keyboard_steps_through_the_marks_of_one_chart_and_leaves_it(page: Page) -> None:
    layer = figure(page, "rate_by_area").get_by_role("application")
    told = figure(page, "rate_by_area").get_by_role("status")
    expect(layer).to_have_accessible_name(re.compile("arrow keys: The rate_by_area$"))
    layer.focus()
    for key, area in [
        ("Home", "Richmond upon Thames: Offences per 1,000 residents: 57.6"),
        ("ArrowDown", "Bexley"),
        ("ArrowRight", "Harrow"),
        ("ArrowUp", "Bexley"),
        ("End", "Westminster"),
        ("ArrowDown", "Westminster"),
    ]:
        page.keyboard.press(key)
        expect(told).to_contain_text(area)
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()
    # One stop a chart, however many marks it has.
    assert figure(page, "rate_by_area").locator(".chart-frame [tabindex]").count() == 1
    expect(figure(page, "rate_by_area").get_by_role("img", name="Shown")).to_have_count(1)


def test_a_place_that_is_chosen_is_marked_wherever_it_is_and_stands_in_the_address(
    page: Page,
) -> None:
    page.get_by_label("Mark a place").select_option("Enfield")
    assert page.url.endswith("#mark=Enfield")
    chosen = page.locator(".chart-chosen:visible")
    expect(chosen).to_have_text(
        "Enfield: Offences per 1,000 residents: 90.8; 95% interval 86.8 to 94.8"
    )
    page.goto(page.url.replace("Enfield", "Mill%20Hill"))
    page.reload()
    expect(page.get_by_label("Mark a place")).to_have_value("Mill Hill")
    expect(chosen).to_contain_text("Mill Hill: ")
    (row,) = page.locator("tr.chosen th").all_text_contents()
    assert row == "Mill Hill"


def test_the_picture_has_the_words_and_twice_the_size_of_the_drawing(
    browser: Browser, folder: Path, tmp_path: Path
) -> None:
    page = browser.new_page()
    # A page that was opened from a folder may not read a picture.
    page.route("**/*", lambda it: it.fulfill(path=folder / urlsplit(it.request.url).path[1:]))
    page.goto("http://localhost/notebooks/page.html")
    with page.expect_download() as saved:
        figure(page, "shares").get_by_role("button", name="Picture (PNG): The shares").click()
    name = saved.value.suggested_filename
    saved.value.save_as(tmp_path / name)
    cite = figure(page, "shares").locator(".chart-cite")
    cite.locator("summary").click()
    expect(cite.locator("p")).to_contain_text(f"localhost/notebooks/page.html#{name[:-4]}")
    page.close()
    drawing = ET.parse(folder / "downloads" / f"{name[:-4]}_whole.svg").getroot()
    size = tuple(2 * int(drawing.attrib[side]) for side in ("width", "height"))
    with Image.open(tmp_path / name) as picture:
        assert picture.size == size


@pytest.mark.parametrize("screen", ["wide", "narrow"])
def test_the_place_that_a_mark_is_said_to_have_is_that_of_the_drawing(screen: str) -> None:
    svg = (
        finished("rate_by_area").svg_narrow if screen == "narrow" else finished("rate_by_area").svg
    )
    drawn = re.search(r'id="highlight".*?<use [^>]*x="([\d.]+)" y="([\d.]+)"', svg, re.DOTALL)
    marks = record_of("rate_by_area")["marks"]
    at = marks["names"].index("Barnet")
    assert marks[screen][2 * at : 2 * at + 2] == [round(float(each)) for each in drawn.groups()]


def test_the_drawing_to_take_away_and_the_data_say_what_they_are() -> None:
    record = record_of("shares")
    files = files_of(record, finished("shares").svg, BOOK)
    whole = " ".join(ET.fromstring(files["made_shares_whole.svg"]).itertext())
    for words in (record["headline"], record["source"], BOOK.book, BOOK.publisher, "May 2026"):
        assert words in whole
    about = json.loads(files["made_shares.csv-metadata.json"])
    assert about["url"] == "made_shares.csv"
    assert about["dc:source"] == record["source"]
    titles = [column["titles"] for column in about["tableSchema"]["columns"]]
    assert ",".join(titles) == record["csv"].splitlines()[0]
