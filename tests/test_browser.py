"""The built book in a real browser: every page in light, in dark and on a narrow screen."""

import contextlib
import functools
import gzip
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from safer_communities.project import ROOT
from safer_communities.site.run.template_pages import is_template

WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CONTRAST = "color-contrast"
OTHER_RULES = {"runOnly": WCAG, "rules": {CONTRAST: {"enabled": False}}}
# 320 pixels is what is left of a screen of 1280 at 400% zoom.
SCREENS = {"light": (1366, 900), "dark": (1366, 900), "narrow": (320, 640)}
HEAVIEST_PAGE_BYTES = 500_000
# Slow 4G, and what it may take of the second in which the first chart is there (`make bench`
# measures that); the rest is for a slow phone to draw in.
BYTES_A_SECOND = 1_600_000 / 8
SECONDS_A_ROUND_TRIP = 0.15
FIRST_CHART_SECONDS = 0.8
CHAPTER = "notebooks/crime_levels.html"
# What most people read, and what is unlike the others.
LOOKED_AT = {
    "notebooks/summary.html",
    CHAPTER,
    "notebooks/crime_rankings.html",
    "notebooks/young_people.html",
    "notebooks/since_the_strategy.html",
    "book/priority_1.html",
    "book/glossary.html",
}

# What is drawn: charts without pixels or over words, and text wider than the page or its frame.
LOOK = """() => {
  const shown = element => {
    // What a closed note holds has a box too, somewhere below the note.
    if (!element.checkVisibility()) return null;
    // So have the headings of a table that a phone shows as cards, clipped to nothing.
    if (element.closest("thead")?.offsetWidth === 1) return null;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 ? box : null;
  };
  const problems = [];
  const words = [...document.querySelectorAll(
    "article :is(p, li, h1, h2, h3, h4, caption, td, th, summary)")];
  for (const chart of document.querySelectorAll("article img")) {
    const box = shown(chart);
    if (!chart.complete || chart.naturalWidth === 0 || !box || box.width < 200) {
      problems.push(`no picture: ${chart.currentSrc}`);
      continue;
    }
    for (const text of words) {
      const other = shown(text);
      if (!other) continue;
      const wide = Math.min(box.right, other.right) - Math.max(box.left, other.left);
      const high = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
      if (wide > 2 && high > 2) problems.push(`${chart.currentSrc} covers ${text.textContent}`);
    }
  }
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) problems.push("the page scrolls sideways");
  for (const text of words) {
    const box = shown(text);
    const scrolls = text.closest(".table-scroll, .pst-scrollable-table-container, pre");
    if (box && !scrolls && box.right > width + 1) problems.push(`cut off: ${text.textContent}`);
  }
  for (const frame of document.querySelectorAll("main *")) {
    const hides = ["hidden", "clip"].includes(getComputedStyle(frame).overflowX);
    if (hides && frame.scrollWidth > frame.clientWidth + 1 && shown(frame))
      problems.push(`cut off by its frame: ${frame.textContent.trim().slice(0, 80)}`);
  }
  return problems;
}"""
# Leaves out of tables and lists what has the same elements and attributes as a row before it. To
# look for the colours behind every word takes longer than all other rules.
THIN_OUT = """() => {
  for (const list of document.querySelectorAll("tbody, ul, ol")) {
    const seen = new Set();
    [...list.children].forEach((row, number) => {
      const parts = [row, ...row.querySelectorAll("*")].map((part) => [
        part.tagName, part.getAttribute("class"), ...part.getAttributeNames(),
        part.textContent.trim() === "",
      ]);
      // Every other row may be shaded.
      const look = JSON.stringify([number % 2, parts]);
      if (seen.has(look)) row.remove();
      seen.add(look);
    });
  }
}"""
UNFOLD = """open => {
  for (const notes of document.querySelectorAll("article details")) notes.open = open;
}"""
WEIGHT = """() => [...performance.getEntriesByType("navigation"),
  ...performance.getEntriesByType("resource")]
  .reduce((sum, entry) => sum + entry.decodedBodySize, 0)"""
FIRST_CHART = """() => {
  const chart = document.querySelector("img.chart");
  const entries = [...performance.getEntriesByType("navigation"),
    ...performance.getEntriesByType("resource")];
  const waited = entries.filter(entry =>
    entry.initiatorType !== "img" || entry.name === chart.currentSrc);
  return {
    name: chart.currentSrc.split("/").pop(),
    lazy: chart.loading === "lazy",
    bytes: waited.reduce((sum, entry) => sum + entry.transferSize, 0),
    blocking: waited.filter(entry => entry.renderBlockingStatus === "blocking").length,
  };
}"""
FOCUSED = """() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  return {
    where: element === document.body ? "" : element.outerHTML.slice(0, 400),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  };
}"""


class _Server(SimpleHTTPRequestHandler):
    """Serves the site compressed, as the public hosts of static sites do."""

    def log_message(self, *_: object) -> None:
        """Says nothing: the requests are not what the tests report."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        body = gzip.compress(path.read_bytes(), compresslevel=6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        # A browser that has gone to another page does not take the rest.
        with contextlib.suppress(BrokenPipeError):
            self.wfile.write(body)


@dataclass(frozen=True)
class Visit:
    """What one page did when it was opened."""

    violations: list[str]
    asked_elsewhere: list[str]
    errors: list[str]
    problems: list[str]
    weight: int
    theme: str


class Visitor:
    """Opens pages and writes down what they ask for and complain about."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.page: Page = context.new_page()
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._hear)

    def open(self, page: str) -> Page:
        self.requests.clear()
        self.errors.clear()
        self.page.goto(f"{self.address}{page}", wait_until="load")
        return self.page

    def asked_elsewhere(self) -> list[str]:
        here = urlsplit(self.address)
        return [
            url for url in self.requests if urlsplit(url)[:2] != here[:2] and url[:5] != "data:"
        ]

    def visit(self, page: str, mode: str, *, rules: bool) -> Visit:
        opened = self.open(page)
        opened.evaluate(UNFOLD, True)
        problems = self.problems()
        weight = opened.evaluate(WEIGHT)
        # The rules are for what notes and code hold as well.
        opened.evaluate(UNFOLD, True)
        return Visit(
            violations=self.violations(mode) if rules else [],
            asked_elsewhere=self.asked_elsewhere(),
            errors=list(self.errors),
            problems=problems,
            weight=weight,
            theme=opened.evaluate("document.documentElement.dataset.theme"),
        )

    def violations(self, mode: str) -> list[str]:
        """Where the page breaks a rule of accessibility: the rule, and the element.

        Colours alone differ in the dark, and do not on a narrow screen.
        """
        found = self.broken(OTHER_RULES) if mode != "dark" else []
        if mode != "narrow":
            self.page.evaluate(THIN_OUT)
            found += self.broken({"runOnly": {"type": "rule", "values": [CONTRAST]}})
        return found

    def broken(self, rules: dict) -> list[str]:
        """Where the page breaks one of the rules that are chosen so."""
        options = {**rules, "resultTypes": ["violations"], "preload": False}
        found = Axe().run(self.page, options=options)
        return [
            f"{violation['id']}: {node['html'][:200]}"
            for violation in found.response["violations"]
            for node in violation["nodes"]
        ]

    def problems(self) -> list[str]:
        """What is wrong with the drawing of the page, with its notes open and with them closed."""
        unfolded = self.page.evaluate(LOOK)
        self.page.evaluate(UNFOLD, False)
        return self.page.evaluate(LOOK) + unfolded

    def _hear(self, message: object) -> None:
        if message.type in {"error", "warning"}:
            self.errors.append(message.text)


def built_pages() -> list[str]:
    """Every page that was written for itself, and of each template the shortest and the longest.

    Without the first page, which leads on at once: opening the book passes through it.
    """
    html = ROOT / "_build" / "html"
    pages = {path.relative_to(html).as_posix(): path for path in html.rglob("*.html")}
    del pages["index.html"]
    for template in templates():
        filled = [page for page in pages if page.startswith(f"notebooks/{template}_")]
        by_length = sorted(filled, key=lambda page: pages[page].stat().st_size)
        for page in by_length[1:-1]:
            del pages[page]
    return sorted(pages)


def templates() -> list[str]:
    """The names of the notebooks that are run for several pages."""
    return [
        path.stem
        for path in (ROOT / "notebooks").glob("*.ipynb")
        if is_template(nbformat.read(path, as_version=4))
    ]


def pages_of_every_kind(pages: list[str]) -> list[str]:
    """A few short pages that have, together, every kind of element that any page has.

    A kind is an element with its classes: what a rule of the style sheet can tell apart.
    """
    html = ROOT / "_build" / "html"
    texts = {page: (html / page).read_text(encoding="utf-8") for page in pages}
    kind = re.compile(r'<(\w+)\b[^>]*?\sclass="([^"]*)"')
    kinds = {page: set(kind.findall(text)) for page, text in texts.items()}
    missing, chosen = set().union(*kinds.values()), []
    while missing:
        best = max(pages, key=lambda page: len(kinds[page] & missing) / len(texts[page]))
        missing -= kinds[best]
        chosen.append(best)
    return chosen


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The address of the site on this machine."""
    with served(site) as address:
        yield address


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of a site while it is served on this machine."""
    handler = functools.partial(_Server, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="class")
def visits(
    request: pytest.FixtureRequest, browser: Browser, address: str
) -> Iterator[dict[str, Visit]]:
    """The pages as they were in the mode of the class: light, dark or narrow."""
    mode = request.cls.mode
    width, height = SCREENS[mode]
    context = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    visitor = Visitor(context, address)
    choose_theme(visitor.open(CHAPTER), "dark" if mode == "dark" else "light")
    seen = {}
    pages = built_pages()
    of_every_kind = pages_of_every_kind(pages)
    for page in pages if request.cls.every_page else sorted({*of_every_kind, *LOOKED_AT}):
        seen[page] = visitor.visit(page, mode, rules=page in of_every_kind)
    yield seen
    context.close()


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[Visitor]:
    context = browser.new_context(viewport={"width": 1366, "height": 900}, accept_downloads=True)
    yield Visitor(context, address)
    context.close()


def choose_theme(page: Page, theme: str) -> None:
    """Presses the page's own switch until it says `theme`."""
    switch = page.locator(".theme-switch-button").first
    for _ in range(3):
        if page.locator(f"html[data-mode={theme}]").count():
            return
        switch.click()
    raise AssertionError(f"the switch never reached {theme}")


class EveryPage:
    """What holds for the pages in one mode; a page that fails is named with what failed on it.

    What is the same for the same elements is tried on pages that have every kind. Every page is
    tried on a narrow screen, where there is least room, in `make fuzz`.
    """

    mode: str
    every_page = False

    def test_breaks_no_rule_of_wcag(self, visits: dict[str, Visit]) -> None:
        assert {page: seen.violations for page, seen in visits.items() if seen.violations} == {}

    def test_asks_no_other_site(self, visits: dict[str, Visit]) -> None:
        found = {page: seen.asked_elsewhere for page, seen in visits.items()}
        assert {page: urls for page, urls in found.items() if urls} == {}

    def test_reports_no_error(self, visits: dict[str, Visit]) -> None:
        assert {page: seen.errors for page, seen in visits.items() if seen.errors} == {}

    def test_shows_every_chart_and_cuts_nothing_off(self, visits: dict[str, Visit]) -> None:
        assert {page: seen.problems for page, seen in visits.items() if seen.problems} == {}

    def test_is_light_to_download(self, visits: dict[str, Visit]) -> None:
        heavy = {
            page: seen.weight for page, seen in visits.items() if seen.weight > HEAVIEST_PAGE_BYTES
        }
        assert heavy == {}

    def test_keeps_the_chosen_colours(self, visits: dict[str, Visit]) -> None:
        chosen = "dark" if self.mode == "dark" else "light"
        assert {seen.theme for seen in visits.values()} == {chosen}


class TestLight(EveryPage):
    mode = "light"


class TestDark(EveryPage):
    mode = "dark"


class TestNarrow(EveryPage):
    mode = "narrow"


@pytest.mark.long
class TestNarrowEverywhere(EveryPage):
    mode = "narrow"
    every_page = True


class TestReader:
    """What a reader does, step by step."""

    @pytest.mark.parametrize(
        ("words", "page"),
        [
            ("car theft", "book/glossary.html"),
            pytest.param("mugging", "book/glossary.html", marks=pytest.mark.long),
            pytest.param("break-in", "book/glossary.html", marks=pytest.mark.long),
            pytest.param("stabbing", "book/glossary.html", marks=pytest.mark.long),
            pytest.param("graffiti", "book/glossary.html", marks=pytest.mark.long),
            pytest.param("dumped rubbish", "book/glossary.html", marks=pytest.mark.long),
            pytest.param(
                "car theft", "notebooks/offence_vehicle_offences.html", marks=pytest.mark.long
            ),
            ("mugging", "notebooks/offence_robbery_of_personal_property.html"),
            pytest.param(
                "break-in", "notebooks/offence_residential_burglary.html", marks=pytest.mark.long
            ),
            ("burglary", "notebooks/offence_burglary.html"),
            ("knife", "notebooks/young_people.html"),
            ("wards", "notebooks/wards.html"),
        ],
    )
    def test_finds_a_page_by_everyday_words(self, visitor: Visitor, words: str, page: str) -> None:
        opened = visitor.open(CHAPTER)
        opened.keyboard.press("Control+k")
        opened.keyboard.type(words)
        opened.keyboard.press("Enter")
        opened.wait_for_url("**/search.html?q=*")
        # Each result moves those below it when its quotation comes.
        opened.wait_for_load_state("networkidle")
        link = opened.locator(f"#search-results a[href*='{page}']").first
        expect(link).to_be_visible()
        first_links = opened.locator("#search-results li > a").evaluate_all(
            "links => links.slice(0, 5).map(link => link.getAttribute('href'))"
        )
        assert any(page in href for href in first_links)
        assert visitor.asked_elsewhere() == []
        link.click()
        opened.wait_for_url(f"**/{page}*")
        assert visitor.errors == []

    def test_search_quotes_a_row_and_leaves_no_mark_behind(self, visitor: Visitor) -> None:
        opened = visitor.open("search.html?q=golders+green")
        quotation = opened.locator("#search-results li:has(a[href*='wardmap_theft']) .context")
        expect(quotation).to_contain_text("Golders Green, ")
        opened.wait_for_load_state("networkidle")
        opened.locator("#search-results a[href*='wardmap_theft']").first.click()
        marks, line = opened.locator("article .highlighted"), opened.locator(".highlight-link")
        expect(marks.first).to_be_visible()
        opened.emulate_media(media="print")
        expect(line).to_be_hidden()
        ground = marks.first.evaluate("mark => getComputedStyle(mark).backgroundColor")
        assert ground == "rgba(0, 0, 0, 0)"
        opened.emulate_media(media="screen")
        line.locator("a").click()
        expect(marks).to_have_count(0)
        opened = visitor.open("search.html?q=hate+crime")
        expect(opened.locator("#search-results li").first).to_be_visible()
        expect(visitor.open(CHAPTER).locator(".highlighted, .highlight-link")).to_have_count(0)
        assert visitor.errors == []

    def test_search_shows_the_best_and_then_more_where_the_keyboard_is(
        self, visitor: Visitor
    ) -> None:
        opened = visitor.open("search.html?q=burglary")
        results, more = opened.locator("#search-results li"), opened.locator(".more-results")
        expect(more).to_be_visible()
        opened.wait_for_load_state("networkidle")
        first = results.count()
        count = int(re.search(r"more of (\d+) results", more.inner_text())[1])
        # No page is read that is not shown.
        read = {url for url in visitor.requests if "/notebooks/" in url or "/book/" in url}
        assert len(read) <= first < count
        more.press("Enter")
        expect(results.nth(first).locator("a")).to_be_focused()
        while more.count():
            more.click()
        expect(results).to_have_count(count)
        addresses = results.locator("> a").evaluate_all("links => links.map(link => link.href)")
        assert len(set(addresses)) == count
        assert visitor.errors == []

    def test_a_wide_table_on_a_phone_begins_with_what_its_caption_names(
        self, visitor: Visitor
    ) -> None:
        visitor.page.set_viewport_size({"width": 390, "height": 844})
        opened = visitor.open("notebooks/crime_levels.html")
        frame = opened.locator(".table-scroll:has(tr.own)").first
        expect(opened.locator(".table-scroll-cue:visible").first).to_be_visible()
        expect(frame).to_have_attribute("data-begun", "")
        heading = frame.locator("th[data-main]").bounding_box()
        seen = frame.bounding_box()
        assert seen["x"] <= heading["x"]
        assert heading["x"] + heading["width"] <= seen["x"] + seen["width"] + 1

    @pytest.mark.parametrize(
        ("page", "place", "words", "screens"),
        [
            ("notebooks/summary.html", ".message", "The police recorded", 0.4),
            ("notebooks/summary.html", ".message", "The 32 boroughs together had", 0.4),
            ("notebooks/summary.html", ".message", "usual ups and downs", 0.4),
            ("notebooks/summary.html", ".edition-line", "followed by the 2023 edition", 0.3),
            ("notebooks/summary.html", ".edition-line", "figures to March", 0.3),
            ("book/how_we_will_deliver.html", "table", "What was found", 1),
        ],
        ids=[
            "how much",
            "beside London",
            "is it real",
            "next update",
            "which year",
            "what was done",
        ],
    )
    def test_has_an_answer_without_scrolling(
        self, visitor: Visitor, page: str, place: str, words: str, screens: float
    ) -> None:
        # docs/comparison.md says where each answer is.
        answer = visitor.open(page).locator(f"article {place}").first
        expect(answer).to_contain_text(words)
        assert answer.bounding_box()["y"] < screens * visitor.page.viewport_size["height"]

    def test_takes_the_data_behind_a_chart(self, visitor: Visitor) -> None:
        opened = visitor.open(CHAPTER)
        chart = opened.locator("figure.exhibit:has(.exhibit-more)").first
        note = chart.locator(".exhibit-more")
        note.locator("summary").click()
        expect(note.locator("table")).to_be_visible()
        with opened.expect_download() as downloading:
            chart.locator(".chart-actions a[href$='.csv']").click()
        assert len(downloading.value.path().read_text(encoding="utf-8").splitlines()) > 5

    def test_skips_to_the_content_with_the_keyboard(self, visitor: Visitor) -> None:
        opened = visitor.open(CHAPTER)
        opened.keyboard.press("Tab")
        skip = opened.locator(".skip-link a")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        opened.keyboard.press("Enter")
        assert opened.url.endswith("#main-content")

    def test_reaches_everything_with_the_keyboard_and_sees_where_it_is(
        self, visitor: Visitor
    ) -> None:
        opened = visitor.open(CHAPTER)
        seen = []
        for _ in range(200):
            opened.keyboard.press("Tab")
            focused = opened.evaluate(FOCUSED)
            if not focused["where"]:
                break
            assert focused["outlined"], focused["where"]
            seen.append(focused["where"])
        else:
            raise AssertionError("the keyboard never left the page")
        for part in ("theme-switch-button", "<summary", "table-scroll", "right-next", "search"):
            assert any(part in where for where in seen), part

    def test_opens_the_code_and_the_notes_with_the_keyboard(self, visitor: Visitor) -> None:
        opened = visitor.open(CHAPTER)
        for selector in ("details.hide", "details.exhibit-more"):
            details = opened.locator(selector).first
            details.locator("summary").focus()
            opened.keyboard.press("Enter")
            expect(details).to_have_attribute("open", "")
            opened.keyboard.press("Space")
            expect(details).not_to_have_attribute("open", "")

    def test_opens_and_closes_the_list_of_pages_on_a_phone(self, visitor: Visitor) -> None:
        visitor.page.set_viewport_size({"width": 320, "height": 640})
        opened = visitor.open(CHAPTER)
        toggle = opened.locator(".primary-toggle")
        toggle.press("Enter")
        link = opened.get_by_role("link", name="Glossary").first
        expect(link).to_be_visible()
        opened.keyboard.press("Escape")
        expect(link).not_to_be_in_viewport()
        expect(toggle).to_be_focused()

    def test_waits_for_little_before_the_first_chart_on_a_phone(
        self, visitor: Visitor, site: Path
    ) -> None:
        visitor.page.set_viewport_size({"width": 390, "height": 800})
        chart = visitor.open(CHAPTER).evaluate(FIRST_CHART)
        # Nothing but the page itself has to arrive before the chart is asked for.
        assert chart["name"] in (site / CHAPTER).read_text(encoding="utf-8")
        assert not chart["lazy"]
        # One style sheet, and no script.
        assert chart["blocking"] == 1
        seconds = 2 * SECONDS_A_ROUND_TRIP + chart["bytes"] / BYTES_A_SECOND
        assert seconds < FIRST_CHART_SECONDS, chart

    def test_opens_the_book_from_a_folder(self, browser: Browser, site: Path) -> None:
        context = browser.new_context()
        visitor = Visitor(context, f"{site.resolve().as_uri()}/")
        opened = visitor.open("index.html")
        opened.wait_for_url("**/summary.html")
        opened = visitor.open(CHAPTER)
        assert opened.evaluate(LOOK) == []
        choose_theme(opened, "dark")
        opened.keyboard.press("Control+k")
        opened.keyboard.type("burglary")
        opened.keyboard.press("Enter")
        link = opened.locator("#search-results a[href*='residential_burglary']").first
        expect(link).to_be_visible()
        assert opened.locator("html").get_attribute("data-theme") == "dark"
        assert visitor.asked_elsewhere() == []
        assert visitor.errors == []
        context.close()

    def test_prints_the_page_without_its_frame(self, visitor: Visitor) -> None:
        opened = visitor.open(CHAPTER)
        choose_theme(opened, "dark")
        opened.emulate_media(media="print")
        for hidden in (".bd-sidebar-primary", ".bd-header-article", "details.hide", ".headerlink"):
            expect(opened.locator(hidden).first).to_be_hidden()
        for shown in ("h1", ".message", ".exhibit-headline", "img.chart", "div.exhibit table"):
            expect(opened.locator(f"article {shown}").first).to_be_visible()
        ink = opened.locator("article p").first.evaluate("p => getComputedStyle(p).color")
        assert ink == "rgb(0, 0, 0)"

    def test_is_safe_from_scripts_that_were_not_built_in(self, visitor: Visitor) -> None:
        opened = visitor.open(CHAPTER)
        ran = opened.evaluate(
            """() => {
              const script = document.createElement("script");
              script.textContent = "window.intruder = true";
              document.body.append(script);
              return window.intruder === true;
            }"""
        )
        assert not ran
        assert any("Content Security Policy" in error for error in visitor.errors)

    def test_gets_no_cookie(self, visitor: Visitor) -> None:
        opened = visitor.open(CHAPTER)
        assert opened.context.cookies() == []
