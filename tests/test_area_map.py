"""A map of areas: each in its shade, named once, with a number that its ground lets one read."""

import re
import xml.etree.ElementTree as ET

import pandas as pd
import pytest
import shapely
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from safer_communities import charts
from safer_communities.charts import chart, style
from safer_communities.charts.chart import Chart
from safer_communities.charts.maps import outlines
from safer_communities.datasets import load
from safer_communities.facts.fact import fact_name
from test_charts import contrast, wards

BENCHMARK = ("Barnet", 9.9)
UNIT = "offences per 1,000 residents"
UP, DOWN = "\N{BLACK UP-POINTING TRIANGLE}", "\N{BLACK DOWN-POINTING TRIANGLE}"


@pytest.fixture(scope="module")
def drawn() -> tuple[Chart, list[Figure]]:
    """The map of a borough's wards and its two figures, the one for a phone second."""
    seen: list[Figure] = []
    original = chart.svg_of
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chart, "svg_of", lambda figure: seen.append(figure) or original(figure))
        made = charts.area_map(wards(), name="wards", benchmark=BENCHMARK, unit=UNIT)
    return made, seen


def texts(svg: str) -> list[str]:
    root = ET.fromstring(svg)
    return [each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text")]


def shade(figure: Figure, area: str) -> str:
    (patch,) = figure.findobj(lambda artist: artist.get_gid() == f"area_{fact_name(area)}")
    return to_hex(patch.get_facecolor()).upper()


def test_every_ward_is_drawn_and_named_once(drawn) -> None:
    made, _ = drawn
    for svg in (made.svg, made.svg_narrow):
        ids = re.findall(r'id="(area_\w+)"', svg)
        assert len(ids) == len(set(ids)) == 24
        names = [name.replace(" and ", " & ") for name in wards()["area"]]
        assert [texts(svg).count(name) for name in names] == [1] * 24


def test_shades_are_the_natural_breaks_and_the_legend_says_what_occurs(drawn) -> None:
    made, figures = drawn
    for figure in figures:
        rates = wards().set_index("area")["value"]
        shades = {area: shade(figure, area) for area in rates.index}
        assert shades["Whetstone"] == "#FFFFFF"
        in_order = [shades[area] for area in rates.dropna().sort_values().index]
        assert list(dict.fromkeys(in_order)) == [each.upper() for each in style.SEQUENTIAL]
    # Rates lie one apart, from 5.1 to 28.1 without that of Whetstone.
    legend = [text for text in texts(made.svg) if "\N{EN DASH}" in text]
    assert len(legend) == 5
    assert legend[0].startswith("5.1\N{EN DASH}")
    assert legend[-1].endswith("\N{EN DASH}28.1")


def test_number_and_triangle_say_what_the_shade_says(drawn) -> None:
    made, _ = drawn
    frame = wards()
    for svg in (made.svg, made.svg_narrow):
        found = " ".join(texts(svg))
        # One of each is in the key.
        assert found.count(UP) == (frame["compared"] == "above").sum() + 1
        assert found.count(DOWN) == (frame["compared"] == "below").sum() + 1
        # In the map and in the list.
        assert found.count("<5") == 2
        assert f"clearly above {BENCHMARK[0]}" in found


def test_every_number_can_be_read_on_its_ground(drawn) -> None:
    _, figures = drawn
    for figure in figures:
        sheet = figure.axes[0]
        shapes, height = outlines.in_pixels(
            wards().sort_values("value", ascending=False)["shape"],
            (320 if figure is figures[1] else 350) - 4,
            460,
        )
        grounds = [
            (patch.get_path().get_extents(patch.get_patch_transform()), patch.get_facecolor())
            for patch in sheet.get_children()
            if type(patch).__name__ == "Rectangle" and patch.get_facecolor()[3]
        ]
        numbers = [t for t in sheet.texts if re.fullmatch(rf"[{UP}{DOWN}]?[\d.]+", t.get_text())]
        numbers = [t for t in numbers if t.get_position()[1] < height and t.get_ha() == "center"]
        assert len(numbers) == 23
        for text in numbers:
            x, y = text.get_position()
            under = [fill for box, fill in grounds if box.contains(x, y)]
            if not under:
                at = shapely.Point(x, y)
                (own,) = [i for i, shape in enumerate(shapes) if shape.contains(at)]
                frame = wards().sort_values("value", ascending=False, ignore_index=True)
                under = [shade(figure, frame["area"].iloc[own])]
            assert contrast(to_hex(text.get_color()), to_hex(under[0])) >= 4.5, text


def test_no_number_of_any_boroughs_map_stands_on_another() -> None:
    """Where wards are small or thin, their numbers find a place of their own."""
    table = load.table("ward_shapes")
    for code in ("E09000003", "E09000018", "E09000033"):
        shapes = shapely.from_wkt(table.loc[table["area_code"] == code, "shape"].to_numpy())
        placed, height = outlines.in_pixels(pd.Series(shapes), 316, 460)
        sheet, taken = shapely.box(0, 0, 316, height), []
        size = (40.0, 14.0)
        for shape in placed:
            at = outlines.widest_place(shape, size)
            if outlines.has_room(shape, at, size):
                taken.append(outlines.box_at(at, size))
        for shape in placed:
            if not outlines.has_room(shape, outlines.widest_place(shape, size), size):
                taken.append(outlines.box_at(outlines.free_place(shape, size, taken, sheet), size))
        assert len(taken) == len(placed)
        apart = shapely.area(shapely.union_all(taken)) / sum(map(shapely.area, taken))
        assert apart > 0.97, code


def test_north_is_up_and_a_degree_of_longitude_is_shorter() -> None:
    square = shapely.box(-0.2, 51.5, -0.1, 51.6)
    (placed,), height = outlines.in_pixels(pd.Series([square]), 100, 1000)
    assert placed.bounds == pytest.approx((0, 0, 100, height))
    assert height == pytest.approx(100 / 0.6219, rel=0.001)
    north = shapely.box(-0.2, 51.7, -0.1, 51.8)
    placed, _ = outlines.in_pixels(pd.Series([square, north]), 100, 1000)
    assert placed[1].centroid.y < placed[0].centroid.y


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda f: f.assign(compared="higher"), "compared is 'higher', none of above"),
        (lambda f: f.drop(columns="shape"), "no column shape"),
        (lambda f: f.iloc[:0], "no rows"),
    ],
)
def test_a_frame_that_cannot_be_mapped_is_refused(spoil, said) -> None:
    with pytest.raises(ValueError, match=said):
        charts.area_map(spoil(wards()), name="w", benchmark=BENCHMARK, unit=UNIT)


def test_wards_of_too_few_events_alone_make_a_map_without_shades() -> None:
    frame = wards().assign(value=float("nan"), ci_low=float("nan"), ci_high=float("nan"))
    made = charts.area_map(frame, name="w", benchmark=BENCHMARK, unit=UNIT)
    assert texts(made.svg).count("<5") == 48


def test_a_small_map_fills_and_names_one_area() -> None:
    made = charts.place_map(wards(), name="place", highlight="Hendon")
    assert texts(made.svg) == ["Hendon"]
    assert made.svg.count('id="highlight"') == 1
    assert made.svg == made.svg_narrow
    # Who cannot see the drawing is told what lies beside it.
    shown = made.data.set_index("area")["shown"]
    assert shown[shown == "filled"].index.tolist() == ["Hendon"]
    assert set(shown[shown == "next to it"].index) == {
        *("Colindale North", "Colindale South", "Cricklewood", "Finchley Church End"),
        *("Golders Green", "Mill Hill", "West Hendon"),
    }
    with pytest.raises(ValueError, match="no area 'Hampstead'"):
        charts.place_map(wards(), name="place", highlight="Hampstead")
