"""What the tests share: the built site, and the browser of the machine.

No test goes by the clock, so that none fails beside other work: what takes time is measured by
`make bench`.
"""

import gc
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

import another_machine
from another_book import ANOTHER_BOROUGH, NEWEST_EDITION
from described_once import described_once
from pages_of_book import built_page
from read_once import read_once
from safer_communities.datasets import description, load
from safer_communities.project import ROOT
from safer_communities.settings import DEFAULT_EDITION, Settings
from safer_communities.site import making
from safer_communities.site.pages.jupyter_book import in_fork
from safer_communities.site.preview.builder import JUPYTER_BOOK
from safer_communities.site.run import processes
from safer_communities.site.run.book import Chapters, executed_book
from safer_communities.site.run.inputs import inputs_of
from safer_communities.site.take_away import pdf
from safer_communities.site.take_away.downloads import write_downloads

# Until all tests are collected (`pytest_collection_finish`).
gc.disable()
# How long an example takes, or making one up, says what else the machine is doing.
settings.register_profile(
    "without a clock", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("without a clock")

# What a page does at once on a quiet machine it may do much later on a busy one.
PATIENCE_MILLISECONDS = 120_000
expect.set_options(timeout=PATIENCE_MILLISECONDS)

# Where a reader who brings a question begins.
DESK_AND_PHONE = {"desk": (1366, 900), "phone": (390, 844)}
BROWSER_ARGUMENTS = [
    "--no-sandbox",  # containers run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


# What a test needs, by the fixture that gives it; each has a marker in pyproject.toml.
MARKERS = {
    "site": "site",
    "browser": "browser",
    "browser_program": "browser",
    "sources": "sources",
    "new_files": "sources",
    "all_years": "slow",
    "another_book": "slow",
    "planted": "slow",
}


# A second build waits for the first, and then finds that nothing changed.
BUILD = [sys.executable, "-m", "safer_communities", "book"]
BUILDING = pytest.StashKey[subprocess.Popen]()

# The notebooks that nbval runs every time, as on another machine: a picture, a model, a survey. The
# others it runs in `make fuzz`; what each shows is compared each time (test_saved_outputs.py).
RUN_ANEW = {"wards.ipynb", "apprehending_offenders.ipynb", "trust_and_confidence.ipynb"}

# The files that take longest begin first, so that no processor is idle while the last one ends.
LONGEST = (
    "test_hostile_text.py",
    "test_types.py",
    "test_build_killed.py",
    "test_bad_input.py",
    "test_charts.py",
    "test_chart_values.py",
    "test_any_figure.py",
    "test_preview.py",
    "test_new_edition.py",
    "test_all_editions.py",
    "test_keeping.py",
    "test_command_line.py",
    "test_import_messages.py",
    "test_sources_releases.py",
    "test_release_set.py",
    "test_meaning.py",
    "test_gallery.py",
    "test_build.py",
    "test_interruption.py",
    *sorted(RUN_ANEW),
    "test_browser.py",
    "test_rebuilding.py",
    "test_pdf.py",
    "test_questions.py",
    "test_site.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Lets `make test` build the book beside the tests that read no page of it."""
    parser.addoption("--book", action="store_true", help="build the book that the tests read")


def pytest_configure(config: pytest.Config) -> None:
    """Begins to build the book; has nbval run the notebooks as on another machine.

    What they show is the same there.
    """
    if config.getoption("--book", False) and not hasattr(config, "workerinput"):
        config.stash[BUILDING] = subprocess.Popen(
            BUILD, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    if getattr(config.option, "nbval", False):
        folder = config.cache.mkdir("kernels")
        name = config.option.nbval_kernel_name = "another_machine"
        spec = {
            "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": name,
            "language": "python",
            "env": another_machine.environment(ROOT / "src"),
        }
        kernel = folder / "kernels" / name / "kernel.json"
        kernel.parent.mkdir(parents=True, exist_ok=True)
        kernel.write_text(json.dumps(spec), encoding="utf-8")
        os.environ["JUPYTER_PATH"] = str(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends a build of the book that no test waited for."""
    if building := config.stash.get(BUILDING, None):
        building.terminate()
        building.wait()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test by what it needs, so that `make check` can leave out what is not there.

    The files that read pages come last, because the book may still be built (`--book`).
    """
    reading = {item.path for item in items if "site" in getattr(item, "fixturenames", ())}
    items.sort(
        key=lambda item: (item.path in reading, (*LONGEST, item.path.name).index(item.path.name))
    )
    for item in items:
        if item.path.suffix == ".ipynb" and item.path.name not in RUN_ANEW:
            item.add_marker("long")
        for name in getattr(item, "fixturenames", ()):
            if name in MARKERS:
                item.add_marker(MARKERS[name])


def pytest_collection_finish() -> None:
    """Keeps what is loaded by now out of every later collection of garbage, of which there are few.

    statsmodels and hypothesis collect all of it again and again, which took a third of the time of
    the tests of statistics.
    """
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def site(pytestconfig: pytest.Config) -> Path:
    """The folder of the built book. With `--book` it is built first, or waited for."""
    folder = ROOT / "_build" / "html"
    if pytestconfig.getoption("--book", False):
        run = subprocess.run(BUILD, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            pytest.fail(run.stdout + run.stderr)
    if not (folder / "index.html").exists():
        message = "the book is not built: run `make book` first"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session", autouse=True)
def tables_read_and_described_once() -> Iterator[None]:
    """Saves the imports of the tests a second each."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(description, "_resource", described_once(description._resource))
        patched.setattr(load, "read_anew", read_once(load.read_anew))
        yield


@pytest.fixture(scope="session", autouse=True)
def small_books_made_quickly() -> Iterator[None]:
    """Imports Jupyter Book once for all the small books that a process of tests builds.

    `make book` makes its pages in a new process, as do the tests that build in one. Small books are
    without the largest sheet, the real offences of every month (test_downloads.py).
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(processes, "PRELOADED", [*processes.PRELOADED, *JUPYTER_BOOK])
        patched.setitem(making.make_pages.__kwdefaults__, "run", in_fork)
        patched.setattr(making, "write_downloads", write_small_downloads)
        yield


@pytest.fixture
def page(request: pytest.FixtureRequest, site: Path) -> str:
    """The address of the page of the built book that the parameter of a test names."""
    return built_page(site, request.param)


@pytest.fixture(scope="session")
def executed(site: Path) -> Chapters:
    """Every chapter and page of a template of the built book, with what its cells gave."""
    return executed_book(
        Settings(),
        root=ROOT,
        inputs=inputs_of(ROOT),
        cache=ROOT / "_build" / "cache",
        jobs=2,
        report=lambda line: None,
    )


@pytest.fixture(scope="session")
def made_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, Callable[[Path], object]], Path]:
    """Makes a folder that many tests read, once for all processes that run tests.

    The first to ask calls the function with the place of a folder that is to come to be; who asks
    for the same name meanwhile waits for it.
    """
    ours = tmp_path_factory.getbasetemp()
    # The folders of the processes stand side by side.
    common = ours.parent if os.environ.get("PYTEST_XDIST_WORKER") else ours

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder = common / f"made-{name}"
        with FileLock(common / f"made-{name}.lock"):
            if not folder.exists():
                make(common / f"making-{name}")
                (common / f"making-{name}").rename(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def all_years(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The folder of a site of another borough: the strategy's edition, the newest at the top."""
    return made_once("site-of-all-years", another_site(f"{DEFAULT_EDITION},{NEWEST_EDITION}"))


# Every time, a few pages of that borough are built (test_all_editions.py).
@pytest.fixture(
    scope="session",
    params=[
        pytest.param(year, marks=pytest.mark.long) for year in (NEWEST_EDITION, DEFAULT_EDITION)
    ],
)
def another_book(
    request: pytest.FixtureRequest, made_once: Callable[[str, Callable[[Path], object]], Path]
) -> Path:
    """The folder of the book of another borough, named by the edition's year."""
    year = str(request.param)
    return made_once(f"site-of-{year}", another_site(year)) / year


def another_site(years: str) -> Callable[[Path], object]:
    """Makes the site of another borough in a folder, without pages of templates.

    The borough is a hard case: two words and "and" in its name, few residents, high rates.
    """

    def make(folder: Path) -> None:
        command = [sys.executable, "-m", "safer_communities", "site"]
        environment = os.environ | {"BOROUGH": ANOTHER_BOROUGH}
        without = ["--without-templates", "--without-paper"]
        options = ["--only", years, "--output", str(folder), *without]
        subprocess.run([*command, *options], env=environment, check=True)

    return make


@pytest.fixture(scope="session")
def browser_program() -> str:
    """Chromium from PATH, or the program that CHROME names.

    Without one the tests that need it are skipped; where CI is set they fail instead, because
    nothing else checks what they check.
    """
    path = pdf.browser()
    if path is None or shutil.which(path) is None:
        message = f"no browser is at {path}: install chromium, or name one in CHROME"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path


@pytest.fixture(scope="module")
def browser(browser_program: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser_program,
            args=BROWSER_ARGUMENTS,
            timeout=PATIENCE_MILLISECONDS,
        )
        chromium.on("context", wait_patiently)
        yield chromium
        chromium.close()


@pytest.fixture(params=DESK_AND_PHONE)
def landing(request: pytest.FixtureRequest, browser: Browser, site: Path) -> Iterator[Page]:
    """The first page of the built book, on a desk or a phone; no page may report an error."""
    width, height = DESK_AND_PHONE[request.param]
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.goto((site / "notebooks" / "summary.html").as_uri())
    yield page
    assert problems == []
    context.close()


def write_small_downloads(
    folder: Path, notebooks: list[dict], exhibits: dict[str, str], _: Settings
) -> None:
    """The downloads of a book, without the sheet that a book with settings has."""
    write_downloads(folder, notebooks, exhibits)


def wait_patiently(context: BrowserContext) -> None:
    """Gives every step in a new context of the browser time enough."""
    context.set_default_timeout(PATIENCE_MILLISECONDS)
