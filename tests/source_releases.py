"""Where the tests find the publishers' releases, which are not in the repository."""

import os
from pathlib import Path

import pytest

from safer_communities.project import ROOT


def source_folder() -> Path:
    """The folder of releases; skips the test where it is absent, and fails it in CI."""
    folder = Path(
        os.environ.get("SAFER_COMMUNITIES_SOURCES", ROOT.parent / "shared" / "source_data")
    )
    if not folder.is_dir():
        message = f"the publishers' releases are not at {folder} (SAFER_COMMUNITIES_SOURCES)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder
