"""What the tests share: the built site and where the publishers' releases are."""

import os
from pathlib import Path

import pytest

from safer_communities.project import ROOT


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
