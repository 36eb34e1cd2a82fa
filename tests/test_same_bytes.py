"""Every drawing has the same bytes in another process, whatever was set there before."""

import json
import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest

import test_any_figure
import test_charts
from safer_communities.project import ROOT

# What the notebooks show is compared, drawing by drawing, with another process in every test run.
pytestmark = pytest.mark.long

ELSEWHERE = """
import json
from test_same_bytes import digests
print(json.dumps(digests({"font.size": 30, "axes.grid": True})))
"""


def digests(look: dict[str, object]) -> dict[str, dict[str, str]]:
    """Of the book's own charts where `look` is set, and of an analyst's, which may have a look."""
    with matplotlib.rc_context(look):
        own = test_charts.digests()
    return {"own": own, "any": test_any_figure.digests()}


def test_bytes_are_the_same_in_another_process() -> None:
    paths = [str(Path(__file__).parent), str(ROOT / "src")]
    answer = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        env=os.environ | {"PYTHONHASHSEED": "4321", "PYTHONPATH": os.pathsep.join(paths)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(answer.stdout) == digests({})
