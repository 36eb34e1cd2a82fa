"""The types of the code fit: `make test` checks them beside its tests, `make lint` by itself."""

import subprocess
import sys

import pytest

from safer_communities.project import ROOT


@pytest.mark.slow
def test_types_fit() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
