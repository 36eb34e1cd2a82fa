"""How long single pieces of work take, which the tests only count the steps of.

`make bench` adds them to `docs/benchmarks.md`. Run alone, this prints its part of that page; it
needs a built book. Each is processor time, and a ratio to reading and checking one table in the
same run: a busy machine hardly changes that. The first chart of a chapter is timed by the clock,
as a reader waits for it.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, sync_playwright

from safer_communities.claims import check_claims, gather_evidence
from safer_communities.datasets import load
from safer_communities.project import DATA, ROOT
from safer_communities.site.take_away import pdf
from safer_communities.statistics.rankings import rank_intervals
from safer_communities.statistics.significance import compare_percentages
from safer_communities.statistics.trends import seasonal_pattern
from safer_communities.surveys import shifts
from safer_communities.yearly.new_edition import add_edition

sys.path.append(str(ROOT / "tests"))
from conftest import BROWSER_ARGUMENTS
from test_browser import BYTES_A_SECOND, CHAPTER, SECONDS_A_ROUND_TRIP, served
from year_before import YEAR, data_before, new_releases

TABLE = ("recorded_crime_borough", DATA, "2026-07")
REPEATS = 5
# Seconds, and the best of a few visits: other work on the machine is no fault of the page.
FIRST_CHART_AT_MOST = 1.0
VISITS = 4


@dataclass(frozen=True)
class Speed:
    """A piece of work: what makes it ready, and how many tables' time it may take at most.

    The most is about twice what was measured: what it catches is a loop or a lost cache.
    `prepare` gives what `run` works on. It runs `times` times in a row, and the mean counts.
    """

    name: str
    most: float
    prepare: Callable[[], object]
    run: Callable[[object], object]
    times: int = 1
    repeats: int = REPEATS


def evidence_anew() -> tuple:
    """The claims and the evidence, with nothing worked out yet."""
    shifts.over_all_bases.cache_clear()
    return load.table("claims"), gather_evidence()


def counts_of_boroughs() -> tuple[list[np.ndarray], np.ndarray]:
    """Made counts of 20 offences in 32 boroughs, and made residents."""
    random = np.random.default_rng(1)
    residents = random.integers(150_000, 400_000, 32)
    return [random.poisson(residents * 0.08) for _ in range(20)], residents


def survey_tables() -> shifts.SurveyTables:
    """The tables of the surveys, with no comparison kept from before."""
    shifts.over_all_bases.cache_clear()
    shifts._levels.cache_clear()
    return shifts.SurveyTables(*map(load.table, ("waves", "percentages", "comparisons")))


def compare_all(tables: shifts.SurveyTables) -> None:
    """All that the chapter on surveys and the claims ask of them."""
    shifts.design_effects(shifts.compare_shifts(tables))
    shifts.unknown_bases(tables)
    shifts.shifts_without_level(tables)


def months_of_years() -> pd.Series:
    """Fourteen made years of months with a season."""
    season = np.array([20, 10, 5, 0, -5, -10, -20, -10, -5, 0, 5, 10])
    counts = np.random.default_rng(3).poisson(np.tile(400 * (1 + season / 100), 14))
    return pd.Series(counts, index=pd.date_range("2012-01", periods=len(counts), freq="MS"))


SPEEDS = [
    Speed(
        "All claims of the strategy checked",
        60,
        evidence_anew,
        lambda given: check_claims(*given),
    ),
    Speed(
        "Rank intervals of 32 boroughs, 20 offences",
        5,
        counts_of_boroughs,
        lambda given: [rank_intervals(counts, given[1]) for counts in given[0]],
    ),
    Speed(
        "One comparison of percentages, 5,000 people asked",
        0.05,
        lambda: (50, 5000, 50, 5000),
        lambda given: compare_percentages(*given),
        times=100,
    ),
    Speed("All comparisons of surveys", 80, survey_tables, compare_all),
    Speed("One season from 14 years", 70, months_of_years, seasonal_pattern),
]


def speeds() -> list[dict]:
    """A row for each piece of work, the yardstick first."""
    table = Speed("One table read and checked", 0.0, lambda: TABLE, lambda given: read(*given))
    taken(table)
    yardstick = taken(table)
    rows = [{"name": table.name, "seconds": yardstick, "ratio": 1.0, "most": None}]
    with tempfile.TemporaryDirectory(prefix="speeds-") as folder:
        for speed in [*SPEEDS, *with_releases(Path(folder))]:
            seconds = taken(speed)
            ratio = seconds / yardstick
            rows.append(
                {"name": speed.name, "seconds": seconds, "ratio": ratio, "most": speed.most}
            )
            print(f"{seconds:9.4f} s  {ratio:8.3f}  {speed.name}", flush=True)
    return rows


def read(*table: object) -> pd.DataFrame:
    """The table, read and checked whatever was read before."""
    return load.read_anew(*table)


def taken(speed: Speed) -> float:
    """Seconds of the processor for one run: the median of a few, each made ready first."""
    seconds = []
    for _ in range(speed.repeats):
        given = speed.prepare()
        started = process_time()
        for _ in range(speed.times):
            speed.run(given)
        seconds.append((process_time() - started) / speed.times)
    return median(seconds)


def with_releases(folder: Path) -> list[Speed]:
    """Adding an edition from the publishers' releases, where they are there."""
    try:
        files = new_releases(folder / "releases")
    except pytest.skip.Exception as missing:
        print(missing)
        return []
    before = data_before(folder / "before")
    copies = count()

    def data() -> Path:
        return Path(shutil.copytree(before, folder / f"data{next(copies)}"))

    def add(copy: Path) -> None:
        add_edition(YEAR, files, copy, report=lambda line: None)

    return [Speed("One edition added", 700, data, add, repeats=1)]


def first_chart_seconds(site: Path) -> float | None:
    """When the first chart of a chapter has come, at best; nothing where there is no browser."""
    program = pdf.browser()
    if program is None:
        print("no browser is installed")
        return None
    with sync_playwright() as playwright, served(site) as address:
        browser = playwright.chromium.launch(executable_path=program, args=BROWSER_ARGUMENTS)
        seconds = min(visit_seconds(browser, address) for _ in range(VISITS))
        browser.close()
    return seconds


def visit_seconds(browser: Browser, address: str) -> float:
    """The same of one visit: slow 4G, and a processor at a quarter of its speed."""
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    speeds = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": 750_000 / 8}
    latency = 1000 * SECONDS_A_ROUND_TRIP
    session.send(
        "Network.emulateNetworkConditions", {"offline": False, "latency": latency, **speeds}
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(f"{address}{CHAPTER}")
    page.wait_for_function("document.querySelector('img.chart').naturalWidth > 0")
    milliseconds = page.evaluate(
        "performance.getEntriesByType('resource')"
        ".find(entry => entry.name.endsWith('.svg')).responseEnd"
    )
    context.close()
    return milliseconds / 1000


def above(rows: list[dict], chart: float | None) -> bool:
    """Whether anything took longer than it may."""
    slow = any(row["most"] and row["ratio"] > row["most"] for row in rows)
    return slow or (chart or 0) > FIRST_CHART_AT_MOST


def section(rows: list[dict], chart: float | None) -> list[str]:
    """The lines of the page of results."""
    words = "the publishers' releases" if len(rows) == len(SPEEDS) + 1 else ""
    missing = [each for each in (words, "" if chart else "a browser") if each]
    return [
        "## How long single pieces of work take",
        "",
        "Seconds of the processor, the median of a few runs, and a ratio to reading and checking",
        "one table of recorded crime in the same run.",
        "",
        "| Work | Seconds | Ratio | At most |",
        "|---|--:|--:|--:|",
        *(
            f"| {row['name']} | {row['seconds']:.4f} | {row['ratio']:.3g} | "
            f"{format(row['most'], 'g') if row['most'] else ''} |"
            for row in rows
        ),
        "",
        *(
            [
                f"The first chart of a chapter is there after {chart:.2f} s on a slow phone (4G,",
                f"a processor at a quarter of its speed), at most {FIRST_CHART_AT_MOST:.2f} s: the",
                f"best of {VISITS} visits, by the clock.",
                "",
            ]
            if chart
            else []
        ),
        *([f"Not measured, for want of: {', '.join(missing)}.", ""] if missing else []),
    ]


def main() -> int:
    """Prints the part of the page; the exit status is 1 where something takes too long."""
    site = ROOT / "_build" / "html"
    rows, chart = speeds(), first_chart_seconds(site)
    print("\n".join(["", *section(rows, chart)]))
    return int(above(rows, chart))


if __name__ == "__main__":
    sys.exit(main())
