"""Every chart of the book: a function takes a tidy frame and returns a `Chart`.

The functions draw; what they draw was computed before. One dark blue picks out the area the book
is about, London is always a dashed or diamond mark in dark pink, everything else is grey.
"""

from typing import TYPE_CHECKING

from safer_communities.charts.bars import contributions, counts_by_category, shares
from safer_communities.charts.boroughs.funnel import funnel
from safer_communities.charts.boroughs.strip import strip
from safer_communities.charts.boroughs.tiles import tile_map
from safer_communities.charts.chart import Chart
from safer_communities.charts.comparisons import changes, ranks, rate_by_area, shifts
from safer_communities.charts.maps.area_map import area_map
from safer_communities.charts.maps.place_map import place_map
from safer_communities.charts.over_time.calendar import calendar
from safer_communities.charts.over_time.trends import annual_trend, monthly_trend, small_multiples
from safer_communities.charts.priorities.indicator_rows import indicator_rows
from safer_communities.charts.priorities.verdicts import tally
from safer_communities.charts.style import SHADES
from safer_communities.errors import did_you_mean

__all__ = [
    "SHADES",
    "Chart",
    "annual_trend",
    "area_map",
    "calendar",
    "changes",
    "contributions",
    "counts_by_category",
    "funnel",
    "indicator_rows",
    "monthly_trend",
    "place_map",
    "ranks",
    "rate_by_area",
    "shares",
    "shifts",
    "small_multiples",
    "strip",
    "tally",
    "tile_map",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Raises AttributeError for a chart that there is not, with the nearest names."""
        raise AttributeError(f"charts: there is no chart {name!r}; {did_you_mean(name, __all__)}")
