"""Questions about a ward, from the landing page: answered in two clicks, on desk and phone."""

import re

from playwright.sync_api import Page, expect

from safer_communities.project import ROOT

# What a reader sees of a page without scrolling more than once.
ONE_SCROLL = 2


def to_wards(page: Page) -> None:
    page.locator("article a[href='wards.html']").first.click()
    expect(page.locator("h1")).to_contain_text("Wards")


def within_reach(page: Page, text) -> None:
    """The text is there, and not further down than one screen of scrolling."""
    found = page.locator("article").get_by_text(text).first
    expect(found).to_be_visible()
    box, screen = found.bounding_box(), page.viewport_size
    assert box["y"] < ONE_SCROLL * screen["height"]


def test_is_my_ward_safe(landing: Page) -> None:
    to_wards(landing)
    landing.get_by_role("rowheader", name="Hendon", exact=True).get_by_role("link").click()
    expect(landing.locator("h1")).to_contain_text("Hendon")
    within_reach(landing, re.compile(r"Is Hendon safe\? .* a part of the answer"))
    message = landing.locator("article .message").first.inner_text()
    assert re.search(r"recorded [\d,]+ offences in Hendon: [\d.]+ for every 1,000", message)
    assert re.search(r"clearly (above|below|different)", message)
    within_reach(landing, re.compile("Offences are counted where they happen"))


def test_how_does_my_ward_compare_for_burglary(landing: Page) -> None:
    to_wards(landing)
    landing.get_by_role("rowheader", name="Burglary").get_by_role("link").first.click()
    expect(landing.locator("h1")).to_contain_text("Burglary by ward")
    row = landing.get_by_role("row").filter(has_text=re.compile(r"^\s*Hendon"))
    cells = row.first.inner_text()
    assert re.search(r"\d+\.\d", cells)
    assert re.search(r"clearly (above|below|different)", cells)


def test_a_map_of_wards(landing: Page) -> None:
    to_wards(landing)
    chart = landing.get_by_role("img", name=re.compile("^Map of the .* wards of"))
    expect(chart).to_be_visible()
    box = chart.bounding_box()
    assert box["y"] < ONE_SCROLL * landing.viewport_size["height"]
    assert box["width"] <= landing.viewport_size["width"]
    # The same as a table, which every link of it can be reached in by the keyboard.
    links = landing.locator("th[scope=row] a[href^='ward_']")
    names = links.all_inner_texts()
    assert len(names) == len(set(names)) >= 20
    for address_of in links.evaluate_all("found => found.map(each => each.getAttribute('href'))"):
        assert (ROOT / "_build" / "html" / "notebooks" / address_of).is_file()
