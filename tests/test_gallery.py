"""The gallery of charts: every chart function is in it, and its call gives the picture shown."""

import re
import runpy

import pytest

from safer_communities import charts
from safer_communities.project import ROOT

pytestmark = pytest.mark.slow

PAGE = ROOT / "docs" / "charts.md"


@pytest.fixture(scope="module")
def drawings() -> dict[str, str]:
    return runpy.run_path(str(ROOT / "docs" / "charts" / "draw.py"))["drawings"]()


def test_every_chart_function_is_in_the_gallery(drawings: dict[str, str]) -> None:
    # The calendar is a table.
    assert drawings.keys() == set(charts.__all__) - {"Chart", "SHADES", "calendar"}


def test_each_call_gives_the_picture_beside_it(drawings: dict[str, str]) -> None:
    shown = re.findall(r"^!\[.+\]\((charts/(\w+)\.svg)\)$", PAGE.read_text(), re.MULTILINE)
    assert [name for _, name in shown] == list(drawings)
    for path, name in shown:
        picture = (PAGE.parent / path).read_text(encoding="utf-8")
        assert picture == drawings[name], f"{path}: run `make charts`, and look at the picture"


def test_each_call_is_of_the_function_that_it_stands_under() -> None:
    sections = PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
    for section in sections:
        name = section.partition("\n")[0]
        assert f"charts.{name}(" in section.partition("```python")[2].partition("```")[0]
