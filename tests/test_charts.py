"""The charts: marks at their values, nothing over anything, the same bytes every time."""

import hashlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import cache
from itertools import combinations

import matplotlib
import numpy as np
import pandas as pd
import pytest
import seaborn
import shapely
from matplotlib import pyplot
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from safer_communities import charts
from safer_communities.analysis.priorities.progress import VERDICTS
from safer_communities.charts import chart, style
from safer_communities.charts.boroughs import tiles
from safer_communities.charts.chart import Chart
from safer_communities.charts.over_time import timeline
from safer_communities.charts.priorities.verdicts import verdict_mark
from safer_communities.datasets import load

pytestmark = pytest.mark.slow

SVG = "{http://www.w3.org/2000/svg}"

# Real names and places, and rates like those of the 12 months to March 2022.
BOROUGHS = [
    ("Richmond upon Thames", 1, 4, 57.6),
    ("Bexley", 7, 4, 62.8),
    ("Harrow", 2, 1, 63.6),
    ("Merton", 3, 5, 64.5),
    ("Sutton", 3, 6, 65.2),
    ("Havering", 7, 2, 69.3),
    ("Barnet", 3, 1, 69.7),
    ("Bromley", 5, 5, 70.1),
    ("Kingston upon Thames", 2, 5, 70.5),
    ("Hillingdon", 0, 2, 77.3),
    ("Wandsworth", 2, 4, 78.7),
    ("Redbridge", 6, 2, 81.2),
    ("Waltham Forest", 5, 1, 82.9),
    ("Croydon", 4, 5, 87.5),
    ("Ealing", 1, 2, 88.2),
    ("Hounslow", 0, 3, 89.4),
    ("Brent", 2, 2, 89.5),
    ("Enfield", 4, 0, 90.8),
    ("Lewisham", 5, 4, 90.9),
    ("Barking and Dagenham", 7, 3, 95.7),
    ("Greenwich", 6, 4, 96.4),
    ("Newham", 6, 3, 101.9),
    ("Southwark", 4, 4, 103.4),
    ("Tower Hamlets", 5, 3, 103.6),
    ("Lambeth", 3, 4, 104.3),
    ("Islington", 4, 2, 108.0),
    ("Camden", 3, 2, 110.7),
    ("Haringey", 4, 1, 112.1),
    ("Hackney", 5, 2, 114.6),
    ("Hammersmith and Fulham", 1, 3, 115.4),
    ("Kensington and Chelsea", 2, 3, 126.8),
    ("Westminster", 3, 3, 225.5),
]
OFFENCES = [
    "Arson and criminal damage",
    "Burglary of business and community premises",
    "Miscellaneous crimes against society",
    "Racially or religiously aggravated public fear, alarm or distress",
    "Possession of firearms offences",
    "Sexual offences",
]


def boroughs() -> pd.DataFrame:
    frame = pd.DataFrame(BOROUGHS, columns=["area", "tile_column", "tile_row", "value"])
    # Not in order of the rate, as no frame need be.
    frame = frame.sort_values("area").reset_index(drop=True)
    return frame.assign(
        ci_low=frame["value"] - 4,
        ci_high=frame["value"] + 4,
        label=frame["value"].rank(method="min").astype(int).astype(str),
        span="6\N{EN DASH}9",
        compared=["lower", "unclear", "higher", "higher"] * 8,
    )


TILES = {
    "highlight": "Barnet",
    "compared_column": "compared",
    "key": {"lower": "Lower", "unclear": "No clear difference", "higher": "Higher"},
}


def wards() -> pd.DataFrame:
    """The wards of Barnet with made rates; that of Whetstone is of too few events."""
    shapes = load.table("ward_shapes").query("area_code == 'E09000003'")
    frame = shapes[["ward_name", "shape"]].set_axis(["area", "shape"], axis="columns")
    frame = frame.assign(
        value=[5.1 + number * 13 % 24 for number in range(24)],
        shape=shapely.from_wkt(frame["shape"].to_numpy()),
    )
    frame["value"] = frame["value"].where(frame["area"] != "Whetstone")
    ends = {"ci_low": frame["value"] - 2, "ci_high": frame["value"] + 2}
    compared = np.where(frame["value"] > 12, "above", "unclear")
    return frame.assign(**ends, compared=np.where(frame["value"] < 8, "below", compared))


def offence_changes() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": OFFENCES,
            "change": [4.6, 7.1, 8.5, -1.8, -58.3, 39.2],
            "ci_low": [-2.0, 1.0, -6.1, -12.2, -80.0, 24.8],
            "ci_high": [11.8, 13.0, 25.3, 9.7, -13.0, 55.9],
            "printed": [4.6, 7.1, None, -1.9, -58.3, 40.0],
        }
    )


def shifts_of_answers() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": [
                "Feel safe when in local parks, playgrounds, open spaces",
                "Concern over drug taking in the parks and streets",
                "Happy with the local area as a place to live",
                "Priority: improving town centres",
            ],
            "before": [79, 37, 90, None],
            "after": [87, 34, 94, None],
            "difference": [8.0, -3.0, 4.0, 3.0],
            "ci_low": [3.0, -9.0, 0.5, -1.0],
            "ci_high": [13.0, 3.0, 7.5, 7.0],
            "verdict": ["significant", "not significant", "cannot tell", "cannot tell"],
            "claimed": [True, True, True, False],
        }
    )


def years() -> pd.DataFrame:
    rows = [
        (pd.Timestamp(year, 3, 1), f"12 months to March {year}", series, level + year - 2011)
        for series, level in (
            ("Barnet", 64.0),
            ("London", 90.5),
            ("Kensington and Chelsea", 92.0),
            ("Enfield", 89.5),
        )
        for year in range(2011, 2024)
    ]
    frame = pd.DataFrame(rows, columns=["period_end", "label", "series", "value"])
    return frame.assign(ci_low=frame["value"] - 2, ci_high=frame["value"] + 2)


def months() -> pd.DataFrame:
    frame = pd.DataFrame({"month": pd.date_range("2010-04-01", "2024-01-01", freq="MS")})
    frame["label"] = frame["month"].dt.strftime("%B %Y")
    frame["value"] = [2200 + 37 * (number * 7 % 13) for number in range(len(frame))]
    return frame.assign(centre=2422.0, lower=2230.0, upper=2600.0, signal=frame["value"] > 2600)


def indicators() -> pd.DataFrame:
    """Made: a change far beyond the scale, one in points, one not shown by its interval."""
    rows = [
        ("Drug trafficking", "offences", 203, 1354, 567, 114, 1975, 273, 141, 477, "higher", ""),
        ("Trust", "%", 80, 77, -3, -12, 6, -7, -10, -4, "no clear change", ""),
        (
            *("Burglary", "offences", 2349, 2098, -10.7, -45, 46, -9.5, -40, 36),
            *("worse than elsewhere", "A reason."),
        ),
    ]
    names = "indicator unit then now change ci_low ci_high london_change london_low london_high"
    frame = pd.DataFrame(rows, columns=[*names.split(), "verdict", "why"])
    base = ["12 months to March 2022", "12 months to March 2021", "12 months to March 2022"]
    there = ["32 boroughs", "London", "32 boroughs"]
    return frame.assign(base_period=base, period="12 months to March 2026", beside=there)


def years_of_indicators() -> pd.DataFrame:
    ends = pd.date_range("2019-03", "2026-03", freq="12MS")
    return pd.concat(
        pd.DataFrame({"indicator": name, "period_end": ends, "value": range(10, 18)})
        for name in indicators()["indicator"]
    )


def panels() -> pd.DataFrame:
    rows = [
        (offence, pd.Timestamp(year, 3, 1), f"12 months to March {year}", 1.5 + number + year % 5)
        for number, offence in enumerate(OFFENCES)
        for year in range(2018, 2027)
    ]
    return pd.DataFrame(rows, columns=["panel", "period_end", "label", "value"])


MONTHLY_BREAKS = [("2022-05-01", "new wards"), ("2023-11-01", "move to CONNECT records system")]

DRAWINGS: dict[str, Callable[[], Chart]] = {
    "rate_by_area": lambda: charts.rate_by_area(
        boroughs(),
        name="rates",
        highlight="Barnet",
        benchmark=("London", 92.6),
        unit="offences per 1,000 residents",
    ),
    "strip": lambda: charts.strip(
        boroughs().assign(label=lambda frame: frame["area"]),
        name="strip",
        highlight="Barnet",
        benchmark=("London", 92.6),
        unit="offences per 1,000 residents",
    ),
    "changes": lambda: charts.changes(
        offence_changes(), name="changes", published_column="printed"
    ),
    "annual_trend": lambda: charts.annual_trend(
        years(),
        name="years",
        unit="offences per 1,000 residents",
        highlight="Barnet",
        breaks=[("2019-06-01", "a new list of offences")],
    ),
    "monthly_trend": lambda: charts.monthly_trend(
        months(), name="months", unit="offences", breaks=MONTHLY_BREAKS
    ),
    "ranks": lambda: charts.ranks(
        pd.DataFrame(
            {
                "label": OFFENCES,
                "rank": [1, 8, 18, 25, 31, 32],
                "rank_low": [1, 5, 17, 20, 30, 29],
                "rank_high": [3, 11, 19, 28, 32, 32],
            }
        ),
        name="ranks",
    ),
    "tile_map": lambda: charts.tile_map(boroughs(), name="tiles", **TILES),
    "area_map": lambda: charts.area_map(
        wards(), name="wards", benchmark=("Barnet", 9.9), unit="offences per 1,000 residents"
    ),
    "shifts": lambda: charts.shifts(
        shifts_of_answers(), name="shifts", before_label="2019", after_label="2021/22"
    ),
    "shares": lambda: charts.shares(
        pd.DataFrame(
            {
                "label": OFFENCES,
                "value": [94, 51, 35, 20, 5, 0],
                "ci_low": [91, 47, 31, 16, 3, 0],
                "ci_high": [96, 55, 39, 24, 8, 1],
            }
        ),
        name="shares",
        unit="%",
    ),
    "small_multiples": lambda: charts.small_multiples(
        panels(), name="panels", unit="offences per 1,000 residents", breaks=[("2024-02-28", "x")]
    ),
    "indicator_rows": lambda: charts.indicator_rows(
        indicators(),
        name="indicators",
        years=years_of_indicators(),
        breaks={"Burglary": [("2024-02-28", "x")], "Trust": [], "Drug trafficking": []},
        pandemic=(pd.Timestamp("2020-04-01"), pd.Timestamp("2021-03-01")),
    ),
    "tally": lambda: charts.tally(
        pd.DataFrame({"indicator": [*"ABCDEFGHIJK"], "verdict": VERDICTS}).assign(change=1.0),
        name="tally",
        order=VERDICTS,
    ),
    "contributions": lambda: charts.contributions(
        pd.DataFrame(
            {
                "label": OFFENCES,
                "change": [686, 51, 3, 0, -3, -429],
                "kind": ["against society", *["victim-based"] * 3, "fraud", "victim-based"],
            }
        ),
        name="contributions",
        unit="offences",
    ),
    "funnel": lambda: charts.funnel(
        boroughs().assign(
            size=[195_000 + 7_000 * number for number in range(32)],
            place=boroughs()["area"]
            .map({"Westminster": "above the 99.8% limit", "Camden": "above the 95% limit"})
            .fillna("inside the limits"),
        ),
        name="funnel",
        curve=pd.DataFrame(
            {
                "exposure": [195_000, 412_000],
                "low_998": [40.0, 44.0],
                "low_95": [55.0, 57.0],
                "high_95": [170.0, 166.0],
                "high_998": [220.0, 214.0],
            }
        ),
        target=95.0,
        highlight="Barnet",
        unit="offences per 1,000 residents",
        size_unit="residents",
    ),
    "counts_by_category": lambda: charts.counts_by_category(
        pd.DataFrame({"category": ["reproduced", "cannot tell", "wrong"], "count": [102, 5, 0]}),
        name="counts",
    ),
}


@cache
def finished(kind: str) -> Chart:
    """The chart, drawn once for all tests that only look at it."""
    return DRAWINGS[kind]()


NUDGED = {"rate_by_area", "tile_map", "area_map", "annual_trend", "small_multiples", "changes"}
assert DRAWINGS.keys() >= NUDGED
every_chart = pytest.mark.parametrize("kind", list(DRAWINGS))


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures of the charts drawn in a test: wide, narrow, wide, narrow ..."""
    seen: list[Figure] = []
    original = chart.svg_of

    def remembered(figure: Figure) -> str:
        seen.append(figure)
        return original(figure)

    monkeypatch.setattr(chart, "svg_of", remembered)
    return seen


def marks(figure: Figure, gid: str) -> list[tuple[float, float]]:
    """The values and places of the marks called `gid`."""
    return [
        (float(x), float(y))
        for line in figure.findobj(lambda artist: artist.get_gid() == gid)
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]


def interval_ends(figure: Figure) -> list[tuple[float, float]]:
    (lines,) = figure.findobj(lambda artist: artist.get_gid() == "intervals")
    return [(segment[0][0], segment[1][0]) for segment in lines.get_segments()]


def words(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_every_public_function_is_drawn_here() -> None:
    drawn_apart = {"place_map"}
    no_drawings = {"Chart", "SHADES", "calendar"}  # the last is a table
    assert set(DRAWINGS) == set(charts.__all__) - no_drawings - drawn_apart


@every_chart
def test_texts_are_apart_and_on_the_sheet(kind: str, figures: list[Figure]) -> None:
    DRAWINGS[kind]()
    assert len(figures) == 2
    for figure in figures:
        assert_texts_are_apart(figure)


def test_a_scale_of_large_numbers_is_labelled_without_crowding(figures: list[Figure]) -> None:
    counts = pd.DataFrame({"category": OFFENCES, "count": range(200_000, 1_400_000, 200_000)})
    charts.counts_by_category(counts, name="counts")
    areas = boroughs().assign(value=lambda frame: frame["value"] * 1000, ci_low=None, ci_high=None)
    charts.rate_by_area(areas, name="areas", unit="offences")
    for figure in figures:
        assert_texts_are_apart(figure)
        assert len(figure.axes[1].get_xticks()) >= 2


def assert_texts_are_apart(figure: Figure) -> None:
    width, height = figure.get_size_inches() * 72
    renderer = RendererAgg(int(width), int(height), 72)
    hidden = _hidden(figure)
    boxes = [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.findobj(Text)
        if text.get_text().strip() and id(text) not in hidden
    ]
    assert len(boxes) > 5
    for words_1, box in boxes:
        # Half a pixel is rounding; tick labels may stand a little over the edge.
        assert box.x0 >= -1, words_1
        assert box.x1 <= width + 1, words_1
        assert box.y0 >= -1, words_1
        assert box.y1 <= height + 2, words_1
    for (words_1, box_1), (words_2, box_2) in combinations(boxes, 2):
        across = min(box_1.x1, box_2.x1) - max(box_1.x0, box_2.x0)
        down = min(box_1.y1, box_2.y1) - max(box_1.y0, box_2.y0)
        assert across <= 1 or down <= 1.5, f"{words_1!r} over {words_2!r}"


def _hidden(figure: Figure) -> set[int]:
    """The texts that matplotlib does not draw: labels of a hidden axis, and ticks out of sight."""
    hidden = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in axis.majorTicks:
                seen = axes.axison and axis.get_visible() and low <= tick.get_loc() <= high
                hidden |= {id(tick.label2)} if seen else {id(tick.label1), id(tick.label2)}
    return hidden


@every_chart
def test_text_is_horizontal_and_large_enough(kind: str) -> None:
    drawing = finished(kind)
    for svg, width, smallest in ((drawing.svg, 760, 11), (drawing.svg_narrow, 320, 11)):
        root = ET.fromstring(svg)
        assert float(root.attrib["width"]) == width
        looks = dict(re.findall(r"\.(l\d+)\{([^}]*)\}", root.find(f".//{SVG}style").text))
        for element in root.iter(f"{SVG}text"):
            shown = f"{looks[element.attrib['class']]} {element.attrib.get('transform', '')}"
            (size,) = re.findall(r"([\d.]+)px", shown)
            assert float(size) >= smallest, element.text
            assert not re.search(r"rotate\((?!-?0[ )])", shown), element.text
            assert style.SHOWN_FONTS in shown
        assert len(svg.encode()) < 60_000
        assert "<image" not in svg


@every_chart
def test_the_data_is_the_frame(kind: str) -> None:
    drawing = finished(kind)
    assert drawing.to_csv().splitlines()[0] == ",".join(drawing.data.columns)
    assert len(drawing.to_csv().splitlines()) == len(drawing.data) + 1
    if kind == "rate_by_area":
        pd.testing.assert_frame_equal(drawing.data, boroughs())
    if kind == "annual_trend":
        pd.testing.assert_frame_equal(drawing.data, years())


@every_chart
def test_its_table_names_every_row_and_has_what_is_drawn(kind: str) -> None:
    drawing = finished(kind)
    table = drawing.to_table("A caption")
    assert [column.row_header for column in table.columns].count(True) == 1
    assert len(table.frame) == len(drawing.data)
    assert any(column.kind == "number" for column in table.columns) or kind == "tile_map"
    html = table.to_html()
    assert html.count("<tr>") == len(drawing.data) + 1
    assert "nan" not in html


def test_a_table_of_changes_has_the_interval_and_the_printed_change() -> None:
    keys = [column.key for column in finished("changes").columns]
    assert keys[:4] == ["label", "change", "ci_low", "ci_high"]
    assert len(keys) == 5


def test_drawing_leaves_the_callers_frame_alone() -> None:
    frame = boroughs()
    charts.rate_by_area(frame, name="r", highlight="Barnet", unit="offences")
    charts.tile_map(frame, name="t", **TILES)
    pd.testing.assert_frame_equal(frame, boroughs())


def digests() -> dict[str, str]:
    """Of the bytes of every drawing."""
    return {
        kind: hashlib.sha256((drawing.svg + drawing.svg_narrow).encode()).hexdigest()
        for kind, drawing in ((kind, finished(kind)) for kind in DRAWINGS)
    }


def nudged(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the last bit of every float another, as another processor might give it."""
    numbers = frame.select_dtypes("float").columns
    return frame.assign(**{name: np.nextafter(frame[name], np.inf) for name in numbers})


# One of each way to place its marks every time: what lies on it is rounded in one place.
@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=[] if kind in NUDGED else pytest.mark.long) for kind in DRAWINGS],
)
def test_a_last_bit_that_differs_changes_nothing(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    function = next(name for name in sorted(charts.__all__, reverse=True) if kind.startswith(name))
    draw = getattr(charts, function)
    monkeypatch.setattr(charts, function, lambda frame, **options: draw(nudged(frame), **options))
    other = DRAWINGS[kind]()
    same = finished(kind)
    assert (other.svg, other.svg_narrow) == (same.svg, same.svg_narrow)
    assert other.to_csv() == same.to_csv()


def heat_map() -> Figure:
    """A chart of seaborn, as an analyst might draw it."""
    figure = Figure(figsize=(7, 4))
    counts = pd.DataFrame([[1.1, 2.2, 3.3], [4.4, 5.5, 6.7]])
    seaborn.heatmap(counts, ax=figure.subplots(), annot=True, cmap="crest", cbar=False)
    return figure


@pytest.mark.parametrize("kind", [*DRAWINGS, "seaborn"])
def test_coordinates_end_at_a_hundredth_and_parts_are_named_in_order(kind: str) -> None:
    if kind == "seaborn":
        with style.applied():
            svgs = [chart.svg_of(heat_map())]
    else:
        svgs = [finished(kind).svg, finished(kind).svg_narrow]
    for svg in svgs:
        tags = re.findall(r"<[^>]+>", svg)
        assert not [tag for tag in tags if re.search(r"\d\.\d{3}", tag)]
        named = [name for tag in tags for name in re.findall(r'\bid="([^"]+)"', tag)]
        referred = [name for tag in tags for name in re.findall(r"[(\"]#([^)\"]+)", tag)]
        assert {named.count(name) for name in referred} <= {1}
        assert all(re.fullmatch(r"part\d+", name) for name in referred)


def test_nothing_is_left_open_or_set() -> None:
    pyplot.get_backend()  # Chosen on first use: not a setting that a chart could leave behind.
    before = matplotlib.rcParams.copy()
    DRAWINGS["rate_by_area"]()
    assert pyplot.get_fignums() == []
    assert matplotlib.rcParams == before


def test_areas_stand_in_order_at_their_values(figures: list[Figure]) -> None:
    DRAWINGS["rate_by_area"]()
    for figure in figures:
        dots = marks(figure, "areas")
        (picked,) = marks(figure, "highlight")
        assert len(dots) == 31
        assert picked[0] == 69.7
        in_order = sorted([*dots, picked], key=lambda dot: dot[1])
        assert [value for value, _ in in_order] == sorted(value for *_, value in BOROUGHS)
        assert (65.7, 73.7) in [(round(a, 1), round(b, 1)) for a, b in interval_ends(figure)]
        (line,) = figure.findobj(lambda artist: artist.get_gid() == "benchmark")
        assert {x for segment in line.get_segments() for x, _ in segment} == {92.6}
        assert figure.axes[1].get_xlim()[0] == 0
    assert "London 92.6" in words(finished("rate_by_area").svg_narrow)


def test_an_area_without_a_value_is_named_last() -> None:
    frame = boroughs()
    frame.loc[frame["area"] == "Bexley", ["value", "ci_low", "ci_high"]] = None
    drawing = charts.rate_by_area(frame, name="r", unit="offences")
    assert words(drawing.svg).count("[x]") == 1


def test_names_are_escaped() -> None:
    frame = boroughs().replace({"area": {"Bexley": "<b>Bexley</b> & $x$ --> co"}})
    drawing = charts.rate_by_area(frame, name="r", unit="offences")
    assert "<b>Bexley</b> & $x$ --> co" in words(drawing.svg)


def test_changes_are_filled_where_zero_is_outside_the_interval(figures: list[Figure]) -> None:
    DRAWINGS["changes"]()
    for figure in figures:
        assert [value for value, _ in marks(figure, "leaves_out_zero")] == [7.1, -58.3, 39.2]
        assert [value for value, _ in marks(figure, "includes_zero")] == [4.6, 8.5, -1.8]
        assert [value for value, _ in marks(figure, "published")] == [4.6, 7.1, -1.9, -58.3, 40.0]
        assert interval_ends(figure)[0] == (-2.0, 11.8)
    assert "−58.3%" in words(finished("changes").svg)


def test_changes_that_nobody_printed_name_no_printed_figure() -> None:
    frame = offence_changes().assign(printed=None)
    drawing = charts.changes(frame, name="changes", published_column="printed")
    assert not [text for text in words(drawing.svg) if "Strategy" in text]


def test_shifts_take_the_mark_of_their_verdict(figures: list[Figure]) -> None:
    drawing = DRAWINGS["shifts"]()
    assert [value for value, _ in marks(figures[0], "significant")] == [8.0]
    assert [value for value, _ in marks(figures[0], "not_significant")] == [-3.0]
    assert [value for value, _ in marks(figures[0], "cannot_tell")] == [4.0, 3.0]
    assert "79% → 87%" in words(drawing.svg)
    assert words(drawing.svg).count("yes") == 1 + 3
    assert sum("strategy: significant" in text for text in words(drawing.svg_narrow)) == 3


def test_no_line_crosses_a_break_or_a_missing_year(figures: list[Figure]) -> None:
    frame = years().query("series == 'Barnet'")
    frame.loc[frame["label"].str.endswith("2015"), ["value", "ci_low", "ci_high"]] = None
    charts.annual_trend(
        frame, name="y", unit="%", highlight="Barnet", breaks=[("2019-06-01", "a new list")]
    )
    lines = figures[0].findobj(lambda artist: artist.get_gid() == "series_0")
    spans = [
        [pd.Timestamp(date).year for date in (line.get_xdata()[0], line.get_xdata()[-1])]
        for line in lines
    ]
    assert spans == [[2011, 2014], [2016, 2019], [2020, 2023]]
    assert figures[0].axes[1].get_ylim()[0] == 0


def test_a_break_on_the_date_of_a_value_starts_the_new_run() -> None:
    frame = pd.DataFrame({"date": pd.date_range("2022-01-01", periods=4, freq="MS"), "value": 1})
    runs = timeline.pieces(frame, [("2022-03-01", "")])
    assert [list(run["date"].dt.month) for run in runs] == [[1, 2], [3, 4]]


def test_the_years_are_called_what_their_labels_say() -> None:
    assert timeline.annual_caption(years()["label"]) == "12 months to March"
    assert timeline.annual_caption(pd.Series(["mid-2020", "mid-2021"])) == ""
    assert timeline.annual_caption(pd.Series(["12 months to May 2020", "year 2021"])) == ""
    frame = years().assign(label=lambda frame: "mid-" + frame["label"].str[-4:])
    drawing = charts.annual_trend(frame, name="y", unit="residents")
    assert not any("12 months" in text for text in words(drawing.svg))


def test_a_series_that_ended_before_the_others_says_when() -> None:
    frame = years().query("series != 'Enfield' or period_end < '2021-01-01'")
    drawing = charts.annual_trend(frame, name="y", unit="%", highlight="Barnet")
    assert [text for text in words(drawing.svg_narrow) if text.startswith("in ")] == ["in 2020"]


def test_series_have_their_own_look(figures: list[Figure]) -> None:
    DRAWINGS["annual_trend"]()
    looks = {
        (to_hex(line.get_color()).upper(), line.get_linestyle(), line.get_marker())
        for line in figures[0].findobj(lambda artist: str(artist.get_gid()).startswith("series_"))
    }
    assert (style.HIGHLIGHT, "-", "o") in looks
    assert (style.BENCHMARK, "--", "D") in looks
    assert len(looks) == 4


def test_control_limits_signals_and_the_band_are_drawn(figures: list[Figure]) -> None:
    drawing = DRAWINGS["monthly_trend"]()
    expected = months().query("signal")
    drawn_months = [
        pd.Timestamp(date)
        for line in figures[0].findobj(lambda artist: artist.get_gid() == "signals")
        for date in line.get_xdata()
    ]
    assert drawn_months == list(expected["month"])
    for text in ("Usual 2,422", "High 2,600", "Low 2,230", "Jan 2024"):
        assert text in words(drawing.svg)
    assert "first year of the pandemic" in " ".join(words(drawing.svg))
    assert len(figures[0].findobj(lambda artist: artist.get_gid() == "band")) == 1


def test_a_band_outside_the_months_is_left_out() -> None:
    drawing = charts.monthly_trend(months().tail(24), name="m", unit="offences")
    assert "pandemic" not in " ".join(words(drawing.svg))


def test_bars_begin_at_zero(figures: list[Figure]) -> None:
    drawing = DRAWINGS["counts_by_category"]()
    for figure in figures:
        bars = figure.axes[1].patches
        assert [(bar.get_x(), bar.get_width()) for bar in bars] == [(0, 102), (0, 5), (0, 0)]
        assert figure.axes[1].get_xlim()[0] == 0
    assert {"102", "5", "0"} <= set(words(drawing.svg))


def test_contributions_go_up_and_down_from_zero_and_kinds_are_filled(
    figures: list[Figure],
) -> None:
    drawing = DRAWINGS["contributions"]()
    for figure in figures:
        bars = {
            bar.get_gid(): bar for bar in figure.axes[1].patches if bar.get_gid().startswith("bar_")
        }
        widths = [bars[f"bar_{row}"].get_width() for row in range(6)]
        assert widths == [686, 51, 3, 0, -3, -429]
        assert {bar.get_x() for bar in bars.values()} == {0}
        fills = [to_hex(bars[f"bar_{row}"].get_facecolor()) for row in (0, 1, 4)]
        assert fills == ["#ffffff", to_hex(style.HIGHLIGHT), to_hex(style.OTHER)]
    assert {"+686", "0", "−429", "against a victim", "fraud"} <= set(words(drawing.svg))


def test_each_indicator_has_its_change_on_one_scale_and_an_arrow_beyond_it(
    figures: list[Figure],
) -> None:
    DRAWINGS["indicator_rows"]()
    lines = figures[0].axes[0].lines
    upright = [line for line in lines if len({*line.get_xdata()}) == 1 < len(line.get_xdata())]
    places = sorted({line.get_xdata()[0] for line in upright})
    # The lines of the scale stand at -50, nought, 50 and 100.
    assert len(places) == 4
    assert len(upright) == 3 * 4
    assert {line.get_xdata()[0] for line in upright if line.get_linewidth() > 1} == {places[1]}
    marks = [
        (line.get_ydata()[0], np.interp(line.get_xdata()[0], places, [-50, 0, 50, 100]), marker)
        for line in lines
        if (marker := line.get_marker()) in "oD<>" and line.get_xdata()[0] >= places[0]
    ]
    drawn = [(round(value, 1), marker) for _, value, marker in sorted(marks)]
    # Here and in London, of the value and of the end of its interval.
    beyond = [(100, ">")] * 4
    assert drawn == [*beyond, (-3, "o"), (-7, "D"), (-10.7, "o"), (-9.5, "D")]


def test_a_row_says_its_own_years_and_why_its_verdict_overrules_the_interval() -> None:
    texts = " ".join(words(DRAWINGS["indicator_rows"]().svg))
    assert "12 months to March 2026, against 12 months to March 2022, unless the row says" in texts
    assert texts.count("2021") == 1
    assert "A reason." in texts
    assert "32 boroughs" in texts
    assert texts.count("Diamond: London") == 1
    assert "+567.0%" in texts
    assert "−3 points" in texts


@pytest.mark.parametrize(
    ("verdict", "change", "look"),
    [
        ("worse", 5, ("^", True)),
        ("worse", -5, ("v", True)),
        ("better", -5, ("v", True)),
        ("higher", 5, ("^", False)),
        ("lower", -5, ("v", False)),
        ("better than elsewhere", 5, ("^", True)),
        ("lower than elsewhere", 5, ("^", False)),
        ("no clear change", 5, ("_", True)),
        ("cannot be compared", float("nan"), ("x", True)),
    ],
)
def test_the_triangle_of_a_verdict_follows_the_number(
    verdict: str, change: float, look: tuple[str, bool]
) -> None:
    mark = verdict_mark(verdict, change)
    assert (mark.marker, mark.filled) == look
    assert mark.words.lower() == verdict
    assert contrast(mark.colour, "#FFFFFF") >= 4.5


def test_the_tally_has_a_box_for_each_indicator_and_counts_them(figures: list[Figure]) -> None:
    chart = DRAWINGS["tally"]()
    boxes = [patch for patch in figures[0].axes[0].patches if patch.get_gid() == "box"]
    # One box each, and one in the line below for those without figures.
    assert len(boxes) == len(VERDICTS) + 1
    assert {f"1 {verdict}" for verdict in VERDICTS} <= set(words(chart.svg))


def test_a_funnel_has_each_area_at_its_size_and_names_those_outside(figures: list[Figure]) -> None:
    drawing = DRAWINGS["funnel"]()
    for figure in figures:
        for gid, area in {"highlight": "Barnet", "outside": "Westminster"}.items():
            own = drawing.data.set_index("area").loc[area]
            assert marks(figure, gid) == [(own["size"], own["value"])]
        assert len(marks(figure, "within")) == 30
        assert marks(figure, "limit_high_998") == [(195_000, 220.0), (412_000, 214.0)]
    assert {"Barnet", "Westminster", "99.8%", "95%", "All"} <= set(words(drawing.svg))
    assert "Camden" not in words(drawing.svg)


def test_tiles_stand_where_the_grid_says_and_one_is_outlined(figures: list[Figure]) -> None:
    drawing = DRAWINGS["tile_map"]()
    names = {"Enfield": "Enf", "Barnet": "Bar", "Brent": "Bre", "Haringey": "Hari"}
    for figure, narrow in zip(figures, (False, True), strict=True):
        assert len(figure.findobj(lambda artist: artist.get_gid() == "highlight")) == 1
        places = {text.get_text(): text.get_position() for text in figure.axes[0].texts}
        at = {area: places[short if narrow else area] for area, short in names.items()}
        assert at["Enfield"][1] < at["Barnet"][1] < at["Brent"][1]
        assert at["Barnet"][0] < at["Haringey"][0]
        texts = [text.get_text() for text in figure.axes[0].texts]
        assert texts.count("6\N{EN DASH}9") == 32
    assert {"Harr", "Hari", "K&C", "Bar"} <= set(words(drawing.svg_narrow))


def test_tiles_say_by_shade_and_by_sign_how_they_compare(figures: list[Figure]) -> None:
    DRAWINGS["tile_map"]()
    for figure in figures:
        shades = {
            patch.get_gid(): to_hex(patch.get_facecolor()).upper()
            for patch in figure.axes[0].patches
            if str(patch.get_gid()).startswith("key_")
        }
        assert list(shades) == ["key_lower", "key_unclear", "key_higher"]
        assert len(set(shades.values())) == 3
        texts = [text.get_text() for text in figure.axes[0].texts]
        signs = {sign: sum(sign in text for text in texts) for *_, sign in tiles.LOOKS.values()}
        down, up = "\N{BLACK DOWN-POINTING TRIANGLE}", "\N{BLACK UP-POINTING TRIANGLE}"
        # One of each stands in the key.
        assert (signs[down], signs[up]) == (8 + 1, 16 + 1)


def contrast(colour_1: str, colour_2: str) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(colour_1), luminance(colour_2)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in to_rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_numbers_on_tiles_and_marks_have_contrast() -> None:
    for colour, ink, _ in tiles.LOOKS.values():
        assert contrast(ink, colour) >= 4.5
    for colour in (style.HIGHLIGHT, style.BENCHMARK, style.OTHER):
        assert contrast(colour, "#FFFFFF") >= 3
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)


@pytest.mark.parametrize("place", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_numbers_can_be_read_on_every_shade_of_a_heat_map(place: float) -> None:
    axes = Figure().subplots()
    seaborn.heatmap([[place]], vmin=0, vmax=1, cmap=charts.SHADES, annot=True, cbar=False, ax=axes)
    ink, ground = to_rgb(axes.texts[0].get_color()), charts.SHADES(place)[:3]
    assert contrast(to_hex(ink), to_hex(ground)) >= 4.5
    # The dark theme turns light and dark round.
    turned = [to_hex([1 - part for part in colour]) for colour in (ink, ground)]
    assert contrast(*turned) >= 4.5


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: charts.shares(pd.DataFrame({"label": []}), name="s", unit="%"), "no column value"),
        (lambda: charts.shares(pd.DataFrame({"label": [], "value": []}), name="s", unit="%"), "no"),
        (
            lambda: charts.rate_by_area(boroughs(), name="r", highlight="Atlantis", unit="%"),
            "'Atlantis'",
        ),
        (
            lambda: charts.shifts(shifts_of_answers().assign(verdict="maybe"), name="s"),
            "'maybe'",
        ),
        (
            lambda: charts.ranks(
                pd.DataFrame({"label": ["a"], "rank": [33], "rank_low": [1], "rank_high": [2]}),
                name="r",
            ),
            "outside 1 to 32",
        ),
        (
            lambda: charts.contributions(
                pd.DataFrame({"label": ["a"], "change": [1], "kind": ["other"]}), name="c"
            ),
            "kind 'other' is none of",
        ),
        (
            lambda: charts.monthly_trend(months().drop(columns="upper"), name="m", unit=""),
            "control limits",
        ),
        (
            lambda: charts.changes(offence_changes(), name="c", published_column="nothing"),
            "no column nothing",
        ),
    ],
)
def test_wrong_arguments_are_named(draw: Callable[[], Chart], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw()


def test_a_chart_that_there_is_not_offers_the_nearest() -> None:
    misspelt = "rate_by_areas"
    with pytest.raises(AttributeError, match=f"no chart '{misspelt}'; write 'rate_by_area'"):
        getattr(charts, misspelt)
