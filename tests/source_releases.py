"""Where the tests find what is not in the repository: the publishers' files and the strategy."""

import os
from pathlib import Path
from typing import NoReturn

import pytest

from safer_communities.project import ROOT


def source_folder() -> Path:
    """The folder of releases; skips the test where it is absent (see `missing`)."""
    folder = Path(
        os.environ.get("SAFER_COMMUNITIES_SOURCES", ROOT.parent / "shared" / "source_data")
    )
    if not folder.is_dir():
        missing(f"the publishers' releases are not at {folder} (SAFER_COMMUNITIES_SOURCES)")
    return folder


def missing(message: str) -> NoReturn:
    """Skips the test; fails it where CI is set, unless PUBLISHERS_FILES says that they are absent.

    Nothing else checks what these tests check, so that a machine which has the files must say so.
    """
    if os.environ.get("CI") and os.environ.get("PUBLISHERS_FILES") != "absent":
        pytest.fail(message)
    pytest.skip(message)
