"""What the tests share: the built site, and the browser of the machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from safer_communities.project import ROOT
from safer_communities.site import pdf

BROWSER_ARGUMENTS = [
    "--no-sandbox",  # containers run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built book. `make test` builds it before the tests run."""
    folder = ROOT / "_build" / "html"
    if not (folder / "index.html").exists():
        message = "the book is not built: run `make book` first"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def browser_program() -> str:
    """Chromium from PATH, or the program that CHROME names.

    Without one the tests that need it are skipped; where CI is set they fail instead, because
    nothing else checks what they check.
    """
    path = pdf.browser()
    if path is None:
        message = "no browser is installed: install chromium, or name one in CHROME"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path


@pytest.fixture(scope="module")
def browser(browser_program: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser_program, args=BROWSER_ARGUMENTS
        )
        yield chromium
        chromium.close()
