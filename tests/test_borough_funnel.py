"""The funnel of the boroughs: who is outside, and what chance alone would do.

Values are of the 12 months to March 2026, release of April 2026, and residents of mid-2024.
"""

import pytest

from safer_communities.analysis.borough_edition import BoroughEdition
from safer_communities.analysis.places.funnel import BoroughFunnel
from safer_communities.settings import Settings


@pytest.fixture(scope="module")
def barnet() -> BoroughFunnel:
    return BoroughEdition(Settings("Barnet", 2026)).crime.funnel()


def test_westminster_alone_is_far_outside(barnet: BoroughFunnel) -> None:
    places = barnet.table.set_index("area")["place"]
    assert places["Westminster"] == "above the 99.8% limit"
    assert places["Barnet"] == "inside the limits"
    facts = barnet.facts()
    assert facts["outside_names"] == ["Camden", "Westminster"]
    assert (facts["outside"].value, facts["place"]) == (2, "inside the limits")


def test_boroughs_differ_by_far_more_than_chance(barnet: BoroughFunnel) -> None:
    facts = barnet.facts()
    assert round(facts["spread"].value) == 27
    # 99.4 offences per 1,000 residents of 405,050 are 40,258 offences: 1% either way.
    assert (round(facts["chance_low"].value, 1), round(facts["chance_high"].value, 1)) == (
        98.4,
        100.4,
    )


def test_the_table_has_every_borough_and_what_the_chart_needs(barnet: BoroughFunnel) -> None:
    assert len(barnet.table) == 32
    assert barnet.shown["target"] == pytest.approx(99.390, abs=0.001)
    assert {"curve", "target", "highlight", "unit", "size_unit"} <= set(barnet.shown)
